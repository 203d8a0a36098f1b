"""The session in which people's scripts write: everything that passes through it is recorded.

Importing this module loads SQLModel.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, NoReturn

from pydantic import ValidationError
from sqlalchemy import exc, inspect
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel

from scorecli.domain.attribution import BY_PERSON
from scorecli.domain.tags import check_tag
from scorecli.domain.text import fold
from scorecli.errors.scripts import (
    NotForScripts,
    OutsideOfChange,
    RecordRefused,
    TransactionOfChange,
)
from scorecli.services.score_writer import refresh_scored
from scorecli.services.script_records import ScriptRecords, kept_by_scorecli
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.failures import explain
from scorecli.storage.models import Call, CallResult, CallTag, Lookup, Tag, User, UserAlias
from scorecli.storage.record_fields import TABLES

_FOLDED: dict[type[SQLModel], str] = {
    Lookup: "value",
    Tag: "name",
    User: "name",
    UserAlias: "name",
    CallResult: "code",
}


class ReadingSession(Session):
    """A session that sees one moment of the database and refuses to write."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:  # noqa: ARG002
        """Refuse objects that were changed: raises :class:`OutsideOfChange`."""
        if self.new or self.deleted or any(self.is_modified(item) for item in self.dirty):
            raise OutsideOfChange


class _Pending(NamedTuple):
    """An object about to be written, and its row as the database holds it."""

    item: SQLModel
    table: str
    before: dict[str, Any] | None
    deleted: bool


class RecordingSession(Session):
    """A session inside a change: what it writes is validated, and enters the history.

    Between flushes the connection is read-only, so that nothing can be written past the history.
    """

    def use(self, db: Database, change: Change) -> None:
        """Say which change the entries belong to."""
        self._db = db
        self._records = ScriptRecords(db, change)
        self._busy = False
        self.failure: BaseException | None = None
        self._allow_writing(False)

    def commit(self) -> NoReturn:
        """Refuse: the change commits, at the end of its block."""
        raise TransactionOfChange("commit()")

    def rollback(self) -> NoReturn:
        """Refuse: leaving the block with an exception takes everything back."""
        raise TransactionOfChange("rollback()")

    def begin_nested(self) -> NoReturn:
        """Refuse: a change is whole or not at all."""
        raise TransactionOfChange("begin_nested()")

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Validate, write and record what changed. After a failure the whole change is lost."""
        if self._busy or not (self.new or self.deleted or self.dirty):
            return
        self._busy = True
        try:
            with self.no_autoflush:
                pending = self._prepare()
                self._allow_writing(True)
                super().flush(objects)
                self._record(pending)
        except BaseException as error:
            self.failure = error
            raise self._meaning(error) from error
        finally:
            self._allow_writing(False)
            self._busy = False

    def finish(self) -> None:
        """Flush for the last time; raises the failure that a script may have caught."""
        if self.failure is not None:
            raise self._meaning(self.failure) from self.failure
        self.flush()
        self._allow_writing(True)
        self._records.finish(int(time.time()))

    def release(self) -> None:
        """Give the connection back to the change, which commits or rolls back."""
        self._allow_writing(True)
        self.close()

    def _allow_writing(self, allowed: bool) -> None:
        self._db.execute(f"PRAGMA query_only = {'OFF' if allowed else 'ON'}")

    def _prepare(self) -> list[_Pending]:
        for item in list(self.deleted):
            if isinstance(item, Call):
                # A deleted call stays, out of sight: imports must not bring it back, and undo can.
                self.add(item)
                item.removed = "deleted"
        deleted = [item for item in self.deleted if isinstance(item, SQLModel)]
        changed = [item for item in self.dirty if self.is_modified(item)]
        for item in (*self.new, *changed):
            _tidy(item)
            _validate(item)
        return [
            *(self._pending(item, deleted=False) for item in (*self.new, *changed)),
            *(self._pending(item, deleted=True) for item in deleted),
        ]

    def _pending(self, item: Any, *, deleted: bool) -> _Pending:
        state: Any = inspect(item)
        table = str(item.__tablename__)
        _require_writable(item, table, new=state.identity is None)
        if state.identity is None:
            return _Pending(item, table, None, deleted)
        key = _key(item)
        if tuple(key.values()) != tuple(state.identity):
            raise NotForScripts(f"the key of a row of {table}")
        return _Pending(item, table, self._records.row(table, key), deleted)

    def _record(self, pending: list[_Pending]) -> None:
        calls: set[int] = set()
        for item, table, before, deleted in pending:
            after = None if deleted else self._records.row(table, _key(item))
            if isinstance(item, CallTag):
                self._records.record_tag(item.call_id, item.tag_id, added=not deleted)
                calls.add(item.call_id)
            elif isinstance(item, Call) and after is not None:
                if before is not None and (name := kept_by_scorecli(before, after)):
                    raise NotForScripts(f"{name} of call {after['id']}")
                self._records.record_call(before, after)
                calls.add(after["id"])
            elif table in _ENTITIES:
                self._records.record_definition(_ENTITIES[table], before, after)
        self._refresh_scored(sorted(calls))

    def _refresh_scored(self, calls: list[int]) -> None:
        refresh_scored(self._db, calls)
        for number in calls:
            item = self.identity_map.get(self.identity_key(Call, number))
            if item is not None:
                scored = self._db.one("SELECT scored FROM call WHERE id = :id", {"id": number})
                set_committed_value(item, "scored", scored)

    def _meaning(self, error: BaseException) -> BaseException:
        if isinstance(error, exc.DBAPIError) and isinstance(error.orig, sqlite3.Error):
            if isinstance(error.orig, sqlite3.IntegrityError):
                return RecordRefused(str(error.orig))
            return explain(error.orig, self._db.path) or error
        return error


_ENTITIES = {table.strip('"'): entity for entity, table in TABLES.items()}


def _key(item: Any) -> dict[str, Any]:
    columns = inspect(type(item)).primary_key
    return {column.name: getattr(item, column.name) for column in columns}


def _require_writable(item: Any, table: str, *, new: bool) -> None:
    if isinstance(item, Lookup) and new:
        return
    state: Any = inspect(item)
    if isinstance(item, CallTag) and not new and item not in state.session.deleted:
        raise NotForScripts("a tag of a call; delete its CallTag and add another")
    if not isinstance(item, (Call, CallTag)) and table not in _ENTITIES:
        raise NotForScripts(f"a row of {table}")


def _tidy(item: Any) -> None:
    """Bring values into the form in which scorecli stores them."""
    for model, name in _FOLDED.items():
        if isinstance(item, model) and isinstance(getattr(item, name), str):
            if isinstance(item, Tag):
                item.name = check_tag(item.name)
            item.folded = fold(getattr(item, name))
    if isinstance(item, Call):
        if item.user_id is not None and item.assigned_by is None:
            item.assigned_by = BY_PERSON
        if inspect(item).identity is None and getattr(item, "identity", None) is None:
            # Nothing that an import could meet again, so that it stays a call of its own.
            item.identity = b"s" + secrets.token_bytes(16)
        if isinstance(item.extra, str) and item.extra:
            item.extra = _object_text(item.extra)


def _object_text(text: str) -> str | None:
    try:
        found = json.loads(text)
    except ValueError:
        raise RecordRefused("extra is no JSON") from None
    if not isinstance(found, dict):
        raise RecordRefused("extra is no JSON object")
    return json.dumps(found, ensure_ascii=False) if found else None


def _validate(item: Any) -> None:
    # Models with a table are not validated when they are made or changed, only on demand.
    names = [attribute.key for attribute in inspect(type(item)).column_attrs]
    values = {name: getattr(item, name, None) for name in names}
    try:
        valid = type(item).model_validate(
            {name: value for name, value in values.items() if value is not None or name == "id"}
        )
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        )
        raise RecordRefused(f"{type(item).__name__}: {found}") from None
    for name, value in values.items():
        read = getattr(valid, name)
        if value is not None and (type(read) is not type(value) or read != value):
            setattr(item, name, read)
    if isinstance(item, Call) and item.converted_on is not None:
        try:
            day = date.fromisoformat(item.converted_on).isoformat()
        except ValueError:
            day = ""
        if day != item.converted_on:
            raise RecordRefused(f"Call: converted_on: {item.converted_on!r} is no day YYYY-MM-DD")
