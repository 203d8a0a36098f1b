"""What SQLite's failures mean to the person at the keyboard."""

from __future__ import annotations

import sqlite3

from scorecli import errors
from scorecli.errors import ScorecliError

_BACKUP = "`scorecli db check` says what is damaged; restore a backup if there is one."
_MEANINGS = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space and run the command again."),
    sqlite3.SQLITE_READONLY: (
        "it cannot be written: the file or its folder is read-only",
        "Change its permissions, or name another file with --db PATH.",
    ),
    sqlite3.SQLITE_CORRUPT: ("the file is damaged", _BACKUP),
    sqlite3.SQLITE_IOERR: (
        "the disk failed while reading or writing",
        "Check the disk's free space and any file size limit; nothing of this command was kept.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the file cannot be opened",
        "Check that the folder exists and that you may read and write there.",
    ),
    sqlite3.SQLITE_PERM: ("access was denied", "Check the permissions of the file."),
    sqlite3.SQLITE_BUSY: ("another process holds it", "Try again in a moment."),
    sqlite3.SQLITE_LOCKED: ("another process holds it", "Try again in a moment."),
    sqlite3.SQLITE_PROTOCOL: ("its locks do not work here", "Keep it on a local disk."),
    sqlite3.SQLITE_NOMEM: ("the machine ran out of memory", "Close other programs and try again."),
}


def explain(error: sqlite3.Error, path: str) -> ScorecliError | None:
    """Return the failure to show for ``error``, or None where it is a bug rather than a failure."""
    if str(error) == "integer overflow":  # of sum(), whose code says only that there is an error
        return errors.reports.SumTooLarge()
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_NOTADB:
        return errors.database.ForeignDatabase(path, "no SQLite database")
    if primary not in _MEANINGS:
        return None
    meaning, hint = _MEANINGS[primary]
    return errors.database.DatabaseBroken(f"The database {path} is unusable: {meaning}.", hint)


def explained(error: sqlite3.Error, path: str) -> Exception:
    """Return what to raise for ``error``: the failure to show, or the error itself for a bug."""
    return explain(error, path) or error
