"""The database: one connection, its pragmas, its transactions, and nobody else's.

Reading opens the file read-only and sees one moment of it. Writing goes through
:meth:`Database.change`: one immediate transaction, one entry in the history.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorecli import errors
from scorecli.domain.text import fold
from scorecli.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from sqlmodel import Session

    from scorecli.storage.changes import Change

FORMAT = 2  # PRAGMA user_version; a higher one needs a step in storage/migrations.py
APPLICATION_ID = 0x53434C49  # 'SCLI', so that a database of another program is never touched
DEFAULT_WAIT = 60.0
_PATIENCE = 1.0  # seconds after which a waiting writer says so

Params = Mapping[str, Any] | Sequence[Any]


class Database:
    """An open database: one DB-API connection and the transaction on it.

    ``wait`` is how long a writer waits for another one, in seconds; ``on_wait`` is told after the
    first second, with the name of the process that holds the lock where the system says so.
    ``on_written`` is called with each change before it is committed, when all is written that was
    asked for: what follows from it belongs to the same change.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: str,
        *,
        wait: float = DEFAULT_WAIT,
        on_wait: Callable[[str | None], None] | None = None,
    ) -> None:
        self.connection = connection
        self.path = path
        self._wait = wait
        self._on_wait = on_wait
        self._session: Session | None = None
        self.on_written: Callable[[Database, Change], None] | None = None
        self.execute = connection.execute
        self.executemany = connection.executemany

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self.connection.execute(sql, params).fetchall()

    def one(self, sql: str, params: Params = ()) -> Any:
        """Return the first column of the first row, or None."""
        row = self.connection.execute(sql, params).fetchone()
        return None if row is None else row[0]

    @contextlib.contextmanager
    def change(
        self, command: str, who: str, *, origin: str = "person", dry_run: bool = False
    ) -> Iterator[Change]:
        """Open the one door for writing: a transaction that ends as one change in the history.

        ``command`` is what the person typed, ``who`` the person, ``origin`` ``person`` or
        ``import``. Nothing recorded means no change. With ``dry_run`` all is rolled back at the
        end. Raises :class:`DatabaseLocked` after the wait.
        """
        from scorecli.storage.changes import Change  # readers do without

        try:
            self.begin_immediate()
        except sqlite3.Error as error:
            raise _explained(error, self.path) from error
        change = Change(self.connection, command, who, origin)
        change.dry_run = dry_run
        try:
            # An upgrade may have happened while this writer waited for its turn.
            check_format(self.connection, self.path)
            yield change
            self.settle(change)
            change.flush()
            self.connection.execute("ROLLBACK" if dry_run else "COMMIT")
        except BaseException as error:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise _explained(error, self.path) from error
            raise
        finally:
            if self._session is not None:
                self._session.close()
                self._session = None

    def settle(self, change: Change) -> None:
        """Let everything follow that follows from what was written so far.

        The end of a change does so by itself; a service that shows what came of it asks earlier.
        """
        if self._session is not None:
            self._session.flush()
        if self.on_written is not None and change.number is not None:
            change.flush()
            self.on_written(self, change)

    def session(self) -> Session:
        """Return a SQLModel session on this connection and inside its transaction."""
        if self._session is None:
            from sqlmodel import Session  # takes half a second

            from scorecli.storage.session import session_on

            self._session = session_on(self.connection, Session)
        return self._session

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back."""
        self.connection.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def begin_immediate(self) -> None:
        """Take the write lock, waiting for it; :meth:`change` and the upgrade begin here.

        Raises :class:`DatabaseLocked` after the wait, and tells ``on_wait`` after a second.
        """
        started = time.monotonic()
        told = False
        while True:
            left = self._wait - (time.monotonic() - started)
            slice_ms = int(1000 * max(0.0, min(left, _PATIENCE)))
            self.connection.execute(f"PRAGMA busy_timeout = {slice_ms}")
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                holder = self._holder()
                if time.monotonic() - started >= self._wait:
                    raise errors.database.DatabaseLocked(self.path, self._wait, holder) from None
                if not told and self._on_wait is not None:
                    self._on_wait(holder)
                    told = True
            else:
                # Outside WAL mode the commit waits for readers, and may do so as long.
                self.connection.execute(f"PRAGMA busy_timeout = {int(self._wait * 1000)}")
                return

    def _holder(self) -> str | None:
        from scorecli.storage.lock_holder import lock_holder  # only a waiting writer needs it

        return lock_holder(self.path)


def _explained(error: sqlite3.Error, path: str) -> Exception:
    from scorecli.storage.failures import explained  # what goes well does without

    return explained(error, path)


def open_to_read(path: str) -> Database:
    """Open an existing database read-only, at one moment in time.

    Raises :class:`NoDatabase` where there is none, :class:`DatabaseTooOld`,
    :class:`DatabaseTooNew`, :class:`ForeignDatabase`.
    """
    require_file(path)
    if not Path(path).exists():
        raise errors.database.NoDatabase(path)
    try:
        connection = _connect_to_read(path)
    except sqlite3.Error as error:
        raise _explained(error, path) from error
    try:
        check_format(connection, path)
        connection.execute("BEGIN")
    except sqlite3.Error as error:
        connection.close()
        raise _explained(error, path) from error
    except BaseException:
        connection.close()
        raise
    return Database(connection, path)


def _connect_to_read(path: str) -> sqlite3.Connection:
    connection = connect(path, "mode=ro")
    try:
        _version(connection)
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
    except sqlite3.Error:
        connection.close()
        raise
    else:
        return connection
    # On read-only media SQLite cannot make its -shm file; without a -wal file nothing can be
    # missing from the main one, so it may be read as it stands.
    wal = Path(path + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise errors.database.UnfinishedWriting(path)
    return connect(path, "mode=ro&immutable=1")


def open_to_write(
    path: str,
    *,
    wait: float = DEFAULT_WAIT,
    on_wait: Callable[[str | None], None] | None = None,
    create: bool = True,
) -> Database:
    """Open a database for writing, creating it (readable by its owner only) where there is none.

    Without ``create`` a missing one raises :class:`NoDatabase`. Raises
    :class:`DatabaseUnavailable` where writing is not possible, and its subclasses.
    """
    require_file(path)
    if create:
        make_file(path)
    elif not Path(path).exists():
        raise errors.database.NoDatabase(path)
    try:
        connection = connect(path, "mode=rw")
    except sqlite3.Error as error:
        raise _explained(error, path) from error
    try:
        connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
        database = Database(connection, path, wait=wait, on_wait=on_wait)
        version = _version(connection)
        if version == 0 and _is_blank(connection):
            set_page_size(connection)
            change_to_wal(connection)
            create_tables(database)
        else:
            check_format(connection, path)
        make_durable(connection)
    except sqlite3.Error as error:
        connection.close()
        raise _explained(error, path) from error
    except BaseException:
        connection.close()
        raise
    return database


def open_in_memory() -> Database:
    """Open an empty database of its own that is gone when closed, for trying things out.

    SQLite keeps it in memory and, where it grows large, in an unnamed temporary file.
    """
    connection = sqlite3.connect("", isolation_level=None)
    connection.create_function("fold", 1, _fold_value, deterministic=True)
    database = Database(connection, "a temporary database")
    set_page_size(connection)
    change_to_wal(connection)
    create_tables(database)
    connection.execute("PRAGMA foreign_keys = ON")
    return database


def make_durable(connection: sqlite3.Connection) -> None:
    """Set what a writer needs outside a transaction: flushing to the disk, and foreign keys."""
    # FULL: what was reported as done survives a power loss, also in WAL mode. On macOS only
    # fullfsync reaches the disk itself; elsewhere it changes nothing.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA foreign_keys = ON")


def set_page_size(connection: sqlite3.Connection) -> None:
    """Let a blank database have larger pages than usual, before anything is written to it.

    A first import writes half as many of them, which is a twenty-fifth of its time; reading and
    scoring take as long with either.
    """
    connection.execute("PRAGMA page_size = 8192")


def make_file(path: str) -> None:
    """Make an empty file that only its owner can read, where there is none, and its folder."""
    if os.path.lexists(path):
        return
    try:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):  # another first writer was quicker
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise errors.database.DatabaseNotCreated(path, error.strerror or str(error)) from error


def connect(path: str, how: str) -> sqlite3.Connection:
    """Open a connection; ``how`` is the query part of an SQLite URI, such as ``mode=ro``."""
    uri = Path(path).absolute().as_uri()
    connection = sqlite3.connect(f"{uri}?{how}", uri=True, isolation_level=None, timeout=10)
    connection.create_function("fold", 1, _fold_value, deterministic=True)
    return connection


def _fold_value(value: object) -> str | None:
    return None if value is None else fold(str(value))


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _is_blank(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)


def check_format(
    connection: sqlite3.Connection, path: str, *, newest: int = FORMAT, oldest: int = FORMAT
) -> int:
    """Return the format of a database that is ours and lies between ``oldest`` and ``newest``.

    Raises :class:`NoDatabase` for an empty file, :class:`ForeignDatabase`,
    :class:`DatabaseTooNew`, :class:`DatabaseTooOld`.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        if _is_blank(connection):
            raise errors.database.NoDatabase(path)
        raise errors.database.ForeignDatabase(path, "an SQLite database of another program")
    version = _version(connection)
    if version > newest:
        raise errors.database.DatabaseTooNew(path, version, newest)
    if version < oldest:
        raise errors.database.DatabaseTooOld(path, version, oldest)
    return version


def create_tables(database: Database) -> None:
    """Create every table, index and view in a blank database, as one transaction."""
    connection = database.connection
    from scorecli.storage.schema_script import schema_statements, split_statements

    database.begin_immediate()
    try:
        if _version(connection) == 0:  # two first writers may meet here; one of them creates
            for statement in split_statements(schema_statements()):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def change_to_wal(connection: sqlite3.Connection) -> None:
    """Let a database be read while it is written."""
    # While another first writer does the same, this fails at once, whatever the timeout. The mode
    # is kept in the file, so that one of them does it for all.
    for attempt in range(50):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(0.01 * (attempt + 1))
        else:
            return


def require_file(path: str) -> None:
    """Refuse what is an address or a folder rather than a file."""
    if "://" in path:
        raise DatabaseUnavailable(
            f"{path} is an address; this version opens SQLite files only.",
            "Name a file with --db PATH.",
        )
    if Path(path).is_dir():
        raise errors.database.DatabaseIsFolder(path)  # SQLite would call it a failure of the disk
