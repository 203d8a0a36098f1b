"""Failures of the database file: opening, locking, backing up and upgrading it."""

from __future__ import annotations

from scorecli.errors import DatabaseUnavailable, Refused


class NoDatabase(DatabaseUnavailable):
    """A command that only reads found no database to read."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is no database at {path} yet.",
            "`scorecli calls import FILE` creates it; --db PATH names another one.",
        )


class DatabaseIsFolder(DatabaseUnavailable):
    """A folder was named where a database file belongs."""

    def __init__(self, path: str) -> None:
        inside = f"{path.rstrip('/')}/calls.db"
        super().__init__(
            f"{path} is a folder, not a database.", f"Name a file in it, such as --db {inside}."
        )


class ForeignDatabase(DatabaseUnavailable):
    """The file is no SQLite database, or one of another program."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(
            f"{path} is {what}, so it was left alone.", "Name another file with --db PATH."
        )


class DatabaseTooNew(DatabaseUnavailable):
    """A later version of scorecli made this database."""

    def __init__(self, path: str, found: int, known: int) -> None:
        super().__init__(
            f"{path} has format {found}; this version of scorecli knows up to {known}.",
            "Upgrade scorecli: pip install --upgrade scorecli.",
        )


class DatabaseTooOld(DatabaseUnavailable):
    """An earlier version of scorecli made this database, and nobody has upgraded it yet."""

    def __init__(self, path: str, found: int, known: int) -> None:
        super().__init__(
            f"{path} has format {found}, from an earlier scorecli; this one needs format {known}.",
            "Run `scorecli db upgrade`; it makes a backup first.",
        )


class DatabaseLocked(DatabaseUnavailable):
    """Another process held the write lock for longer than we were told to wait."""

    def __init__(self, path: str, seconds: float, holder: str | None) -> None:
        by = f" by {holder}" if holder else ""
        super().__init__(
            f"{path} is locked{by}; gave up after {seconds:g} seconds.",
            "Try again when it is done, or wait longer with --wait SECONDS.",
        )


class DatabaseBroken(DatabaseUnavailable):
    """SQLite reported a failure of the file or of the disk under it."""


class DatabaseNotCreated(DatabaseUnavailable):
    """A new database cannot be made where it was asked for."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"The database {path} cannot be created: {reason}.",
            "Make the folder writable, or name another file with --db PATH.",
        )


class UnfinishedWriting(DatabaseUnavailable):
    """Committed changes are still in the -wal file, which cannot be read without its folder."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} has changes in {path}-wal that can only be read in a writable folder.",
            "Make the folder writable, or copy both files to one that is.",
        )


class BackupFailed(DatabaseUnavailable):
    """A backup could not be written; the database itself is as it was."""

    def __init__(self, target: str, reason: str, hint: str | None = None) -> None:
        super().__init__(
            f"The backup {target} cannot be written: {reason}.",
            hint or "Free some space or name another file; the database was not touched.",
        )


class BackupOfDamage(DatabaseUnavailable):
    """The database is damaged, so a copy of it would be no backup; none was kept."""

    def __init__(self, target: str, found: str) -> None:
        super().__init__(
            f"The backup {target} was not made: the database is damaged ({found}).",
            "`scorecli db check` lists what is damaged; an earlier backup may be whole.",
        )


class BackupExists(Refused):
    """A backup was to be written over an existing file."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"{target} exists already.", "Name another file, or overwrite it with --force."
        )


class BackupOntoItself(Refused):
    """The file named for the backup is the database itself."""

    def __init__(self, target: str) -> None:
        super().__init__(f"{target} is the database itself.", "Name another file for the backup.")


class UpgradeFailed(DatabaseUnavailable):
    """An upgrade did not work out; the database is as it was."""

    def __init__(self, path: str, reason: str, backup: str) -> None:
        super().__init__(
            f"{path} could not be upgraded and is as it was: {reason}.",
            f"A backup is in {backup}; keep using the earlier scorecli, and report this.",
        )
