"""Changes: what every command wrote, so that it can be shown and undone."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from scorecli.storage.models.checks import one_of


class Change(SQLModel, table=True):
    """Everything one command wrote, as one unit that can be shown and undone.

    ``undoes`` names the change that this one reverted; ``undone_by`` the change that reverted
    this one and still stands. ``first_call`` to ``last_call`` are the calls that an import
    inserted. ``summary`` is a JSON object of figures.
    """

    __tablename__: ClassVar[Any] = "change"
    __table_args__: ClassVar[Any] = (
        one_of("origin", ("person", "import")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    made_at: int
    who: str = Field(sa_type=Text)
    command: str = Field(sa_type=Text)
    origin: str = Field(sa_type=Text)
    undoes: int | None = Field(default=None, foreign_key="change.id")
    undone_by: int | None = Field(default=None, foreign_key="change.id")
    first_call: int | None = None
    last_call: int | None = None
    summary: str | None = Field(default=None, sa_type=Text)


class ChangeEntry(SQLModel, table=True):
    """One field of one record, before and after a change, as JSON.

    ``item`` names the part of a set that changed (a tag's id); otherwise it is empty.
    ``written_by`` says what wrote it: a person, an import, a rule, a result. ``reason`` is why,
    where somebody said so.
    """

    __tablename__: ClassVar[Any] = "change_entry"
    __table_args__ = (
        Index("ix_change_entry_record", "entity", "entity_id", "field"),
        Index("ix_change_entry_change", "change_id"),
        one_of("written_by", ("person", "import", "rule", "result")),
    )

    id: int | None = Field(default=None, primary_key=True)
    change_id: int = Field(foreign_key="change.id")
    entity: str = Field(sa_type=Text)
    entity_id: int
    field: str = Field(sa_type=Text)
    item: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    before: str | None = Field(default=None, sa_type=Text)
    after: str | None = Field(default=None, sa_type=Text)
    written_by: str = Field(
        default="person", sa_type=Text, sa_column_kwargs={"server_default": "person"}
    )
    reason: str | None = Field(default=None, sa_type=Text)


class ChangeBatch(SQLModel, table=True):
    """The rows of one table that a change brought along in bulk, by the range of their numbers.

    They have no entry each: their ``added_in`` says which change they came with, and undoing it
    marks them ``undone``. Other changes may have added rows within the range.
    """

    __tablename__: ClassVar[Any] = "change_batch"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    change_id: int = Field(foreign_key="change.id", primary_key=True)
    entity: str = Field(sa_type=Text, primary_key=True)
    first_id: int
    last_id: int


class CallAssignment(SQLModel, table=True):
    """Who a call went to in one change, and who had it before: the history of ``user_id``.

    It stands beside ``change_entry`` because attribution assigns hundreds of thousands of calls at
    once, and a row here is a tenth of an entry there. For each user that a change assigned calls
    to or took calls from, one entry of the entity ``assignment`` says how many. Calls that an
    import brought along with their user have no row: their ``imported_in`` says it.
    """

    __tablename__: ClassVar[Any] = "call_assignment"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    change_id: int = Field(foreign_key="change.id", primary_key=True)
    call_id: int = Field(primary_key=True)
    before_user: int | None = None
    before_by: str | None = Field(default=None, sa_type=Text)
    after_user: int | None = None
    after_by: str | None = Field(default=None, sa_type=Text)
