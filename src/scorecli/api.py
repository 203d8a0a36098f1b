"""The Python interface for people's own scripts.

Reading sees one moment of the database; writing happens inside a change, which is recorded in the
history under the reason given, and is kept whole or not at all::

    import scorecli
    from scorecli.models import Call
    from sqlmodel import select

    with scorecli.open("calls.db") as db:
        for call in db.session.exec(select(Call).where(Call.stars == 5)):
            print(call.id, call.contact_name)
        with db.change("thank the happy ones") as session:
            session.get_one(Call, 12).note = "sent a card"

Importing this module is cheap; SQLModel is loaded with the first session.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from scorecli.storage.database import DEFAULT_WAIT, Database, open_to_read, open_to_write

if TYPE_CHECKING:
    from sqlmodel import Session, SQLModel

    from scorecli.services.script_session import ReadingSession

    Model = TypeVar("Model", bound=SQLModel)


class Calls:
    """An open database, as a script sees it. Use it as a context manager."""

    def __init__(self, path: str, wait: float) -> None:
        self.path = path
        self._wait = wait
        self._reader: Database | None = None
        self._reading: ReadingSession | None = None

    @property
    def session(self) -> Session:
        """A SQLModel session to read with; it sees one moment, a later one after a change.

        Raises :class:`scorecli.errors.DatabaseUnavailable` where the database cannot be read.
        """
        if self._reading is None:
            from scorecli.services.script_session import ReadingSession
            from scorecli.storage.session import session_on

            self._reader = open_to_read(self.path)
            self._reading = session_on(self._reader.connection, ReadingSession)
        return self._reading

    def select(self, model: type[Model], *conditions: Any) -> list[Model]:
        """Return all records of a table that meet the conditions; of calls, only the live ones."""
        from sqlmodel import select

        statement = select(model).where(*conditions)
        removed = getattr(model, "removed", None)
        if removed is not None:
            statement = statement.where(removed.is_(None))
        return list(self.session.exec(statement))

    @contextlib.contextmanager
    def change(
        self, why: str, *, who: str | None = None, dry_run: bool = False
    ) -> Iterator[Session]:
        """Open a session to write in; all of it becomes one change in the history, or nothing.

        ``why`` stands in the history where a command would. ``who`` is otherwise SCORECLI_USER or
        the login name. With ``dry_run`` all is checked and nothing kept. A session writes through
        its objects only: ``session.add``, ``session.delete``, and changed attributes. Deleting a
        call hides it, as ``scorecli calls delete`` does.

        Raises :class:`scorecli.errors.RecordRefused` for values that cannot be stored,
        :class:`scorecli.errors.DatabaseLocked` after the wait, and other
        :class:`scorecli.errors.DatabaseUnavailable`.
        """
        from scorecli.services.record_states import keep_records
        from scorecli.services.script_session import RecordingSession
        from scorecli.storage.session import session_on

        self._stop_reading()
        with (
            open_to_write(self.path, wait=self._wait) as db,
            db.change(why, who or _who(), dry_run=dry_run) as change,
        ):
            session = session_on(db.connection, RecordingSession)
            session.use(db, change)
            try:
                yield session
                session.finish()
                keep_records(db, change)
            finally:
                session.release()

    def close(self) -> None:
        """Close the database; raises :class:`scorecli.errors.OutsideOfChange` for lost edits."""
        self._stop_reading()

    def __enter__(self) -> Calls:
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is None:
            self._stop_reading()
        else:
            with contextlib.suppress(Exception):  # the first failure is the one to see
                self._stop_reading()

    def _stop_reading(self) -> None:
        reader, reading = self._reader, self._reading
        self._reader = self._reading = None
        if reader is None or reading is None:
            return
        try:
            reading.flush()  # raises where objects were changed that nobody would save
        finally:
            reading.expunge_all()
            reading.close()
            reader.close()


def open_database(
    path: str | os.PathLike[str], *, create: bool = False, wait: float = DEFAULT_WAIT
) -> Calls:
    """Open a database for a script; ``wait`` is how long to wait for other writers, in seconds.

    Raises :class:`scorecli.errors.NoDatabase` where there is none, unless ``create`` says to make
    it, and other :class:`scorecli.errors.DatabaseUnavailable`.
    """
    place = os.fspath(path)
    (open_to_write(place, wait=wait) if create else open_to_read(place)).close()
    return Calls(place, wait)


def _who() -> str:
    import getpass

    named = os.environ.get("SCORECLI_USER", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
