"""Copies of a database: consistent while others write, private, verified, and whole or absent."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from scorecli.errors.database import BackupExists, BackupFailed, BackupOfDamage, BackupOntoItself
from scorecli.storage.failures import explain

_SIDE_FILES = ("-wal", "-shm", "-journal")


def copy_database(
    source: sqlite3.Connection, path: str, target: str, *, force: bool = False
) -> int:
    """Copy what ``source`` sees of the database ``path`` to the new file ``target``.

    The copy is made beside the target, readable by its owner only, checked, brought to the disk,
    and only then given its name; an existing file is replaced with ``force`` alone. Returns the
    size in bytes. Raises :class:`BackupExists`, :class:`BackupOntoItself`, :class:`BackupFailed`,
    :class:`BackupOfDamage`.
    """
    _require_other_file(path, target)
    if os.path.lexists(target) and not force:
        raise BackupExists(target)
    folder = Path(target).absolute().parent
    partial = str(folder / f".{Path(target).name}.{os.getpid()}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _fill(source, partial, target)
        size = Path(partial).stat().st_size
        _give_name(partial, target, force)
        _flush_folder(folder)
    except FileExistsError:
        raise BackupExists(target) from None
    except OSError as error:
        raise BackupFailed(target, *_reason(error, folder)) from error
    except sqlite3.Error as error:
        failure = explain(error, target)
        raise BackupFailed(target, failure.message if failure else str(error)) from error
    finally:
        for name in (partial, *(partial + end for end in _SIDE_FILES)):
            with contextlib.suppress(OSError):
                os.unlink(name)  # noqa: PTH108  # a plain name, not a path to work with
    return size


def _reason(error: OSError, folder: Path) -> tuple[str, str | None]:
    """Return why a backup could not be written, and what to do where space is not the matter."""
    reason = error.strerror or str(error)
    if isinstance(error, FileNotFoundError) and not folder.exists():
        return f"there is no folder {folder}", "Make that folder, or name a file in another one."
    if isinstance(error, NotADirectoryError):
        return f"{folder} is not a folder", "Name a file in a folder."
    if isinstance(error, IsADirectoryError):
        return "it is a folder", "Name a file in it."
    if isinstance(error, PermissionError):
        return reason, f"Make {folder} writable, or name a file in another folder."
    return reason, None


def _require_other_file(path: str, target: str) -> None:
    for name in (path, *(path + end for end in _SIDE_FILES)):
        if Path(name).resolve() == Path(target).resolve():
            raise BackupOntoItself(target)
        with contextlib.suppress(OSError):
            if Path(name).samefile(target):
                raise BackupOntoItself(target)


def _fill(source: sqlite3.Connection, partial: str, target: str) -> None:
    copy = sqlite3.connect(partial, isolation_level=None)
    try:
        copy.execute("PRAGMA synchronous = OFF")  # flushed as a whole below
        # A value against a rule is for `db check` to tell; it must not keep anybody from a backup.
        copy.execute("PRAGMA ignore_check_constraints = ON")
        source.backup(copy)
        verdict = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    finally:
        copy.close()
    if verdict != "ok":
        raise BackupOfDamage(target, str(verdict))
    with Path(partial).open("rb+") as file:
        os.fsync(file.fileno())


def _give_name(partial: str, target: str, force: bool) -> None:
    if force:
        Path(partial).replace(target)
        return
    try:
        Path(target).hardlink_to(partial)  # unlike a rename, this never replaces a file
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        Path(partial).replace(target)


def _flush_folder(folder: Path) -> None:
    # The new name is on the disk only once its folder is; Windows cannot open folders.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
