"""A new database that is built beside its place, and takes it when all is in it.

Until then nobody sees it, so it needs no write-ahead log, which would write every page twice. At
any moment the place holds nothing or the whole.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from scorecli.errors.database import DatabaseNotCreated
from scorecli.storage.database import (
    Database,
    change_to_wal,
    connect,
    create_tables,
    make_durable,
    make_file,
    require_file,
    set_page_size,
)
from scorecli.storage.failures import explained

_MARK = ".new-"  # between the name of the database and the process that builds it
_BESIDE = ("", "-journal", "-wal", "-shm")
_FLUSH_EVERY = 0.1  # seconds


class PlaceTaken(Exception):  # a turn in the road, not a failure
    """Another process made a database in the same place in the meantime."""


def is_free(path: str) -> bool:
    """Tell whether a database can be built for a place: nothing is there, nor left of another."""
    return not any(os.path.lexists(path + ending) for ending in _BESIDE)


@contextlib.contextmanager
def built_aside(path: str) -> Iterator[Database]:
    """Open a new database that is at ``path`` when the block ends well, and nowhere when it fails.

    Raises :class:`PlaceTaken` at the end, and what :func:`open_to_write` raises.
    """
    require_file(path)
    _remove_left_behind(path)
    aside = f"{path}{_MARK}{os.getpid()}"
    try:
        make_file(aside)
        with _flushed(aside), contextlib.closing(connect(aside, "mode=rw")) as connection:
            set_page_size(connection)
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute("PRAGMA synchronous = OFF")
            database = Database(connection, path)
            create_tables(database)
            make_durable(connection)
            yield database
            change_to_wal(connection)
        _take_place(aside, path)
    except sqlite3.Error as error:
        raise explained(error, path) from error
    finally:
        _remove(aside)


@contextlib.contextmanager
def _flushed(path: str) -> Iterator[None]:
    """Bring to the disk what is written to a file while more is written.

    The commit brings all of it there, whatever was done before; this only leaves it less to do.
    """
    if not hasattr(os, "fdatasync"):
        yield
        return
    over = threading.Event()
    file = os.open(path, os.O_RDONLY)

    def flush() -> None:
        with contextlib.suppress(OSError):  # the commit meets it again and reports it
            while not over.wait(_FLUSH_EVERY):
                os.fdatasync(file)

    flushing = threading.Thread(target=flush, daemon=True)
    flushing.start()
    try:
        yield
    finally:
        over.set()
        flushing.join()
        os.close(file)


def _take_place(aside: str, path: str) -> None:
    if not is_free(path):
        raise PlaceTaken
    try:
        try:
            os.link(aside, path)  # unlike renaming, this never replaces what is there
        except FileExistsError:
            raise PlaceTaken from None
        except OSError:  # a file system without links
            Path(aside).rename(path)
        folder = os.open(Path(path).absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name survives a power loss, as the content already does
        finally:
            os.close(folder)
    except OSError as error:
        raise DatabaseNotCreated(path, error.strerror or str(error)) from error


def _remove(aside: str) -> None:
    for ending in _BESIDE:
        Path(aside + ending).unlink(missing_ok=True)


def _remove_left_behind(path: str) -> None:
    """Remove what processes left that were killed while they built a database for this place."""
    place = Path(path).absolute()
    with contextlib.suppress(OSError):
        for left in place.parent.iterdir():
            name, mark, process = left.name.rpartition(_MARK)
            if mark and name == place.name and process.isdigit() and not _runs(int(process)):
                _remove(str(left))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return process != os.getpid()
