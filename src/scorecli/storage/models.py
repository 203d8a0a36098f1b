"""Every table, column, constraint and index of the database, as SQLModel classes.

This is the one description of the data. ``schema.sql`` is generated from it, migrations aim at it,
and people's own scripts read with it (``select(Call)``). Times are integers, seconds since 1970 in
UTC; days are ISO text (``2026-11-03``); money is in whole minor units (cents).

The numbers of whatever the history names are never given again (AUTOINCREMENT), or undoing the
deletion of a tag would meet another tag under its number.

Importing this module loads SQLModel, which takes half a second: the commands people run all day
never do, they speak SQL to the same connection.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from scorecli.domain.call_results import STATUSES as RESULT_STATUSES

STATUSES = (
    "answered",
    "no_answer",
    "busy",
    "operator_intercept",
    "dropped",
    "answering_machine",
    "fax",
    "failed",
    "other",
)
DIRECTIONS = ("inbound", "outbound", "internal")
ASSIGNED_BY = ("name", "email", "extension", "alias", "person")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    # Not IN (...): SQLite would build a small table of the values for every row it inserts.
    same = " OR ".join(f"{column} = '{value}'" for value in values)
    return CheckConstraint(same, name=f"ck_{column}")


def _flag(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} = 0 OR {column} = 1", name=f"ck_{column}")


class Lookup(SQLModel, table=True):
    """A text that many calls share, kept once: a source, an agent name, a campaign, ...

    ``folded`` is the form in which it compares (case and stray blanks ignored).
    """

    __tablename__: ClassVar[Any] = "lookup"
    __table_args__ = (
        UniqueConstraint("field", "value", name="ux_lookup"),
        Index("ix_lookup_folded", "field", "folded"),
    )

    id: int | None = Field(default=None, primary_key=True)
    field: str = Field(sa_type=Text)
    value: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text)


class User(SQLModel, table=True):
    """A person who handles calls.

    Two users may have the same name. ``active_from`` and ``active_until`` are UTC seconds, the end
    not included; a call belongs to a user only within that period. A user whose period has ended
    is disabled.
    """

    __tablename__: ClassVar[Any] = "user"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("active_from < active_until", name="ck_period"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text, index=True)
    email: str | None = Field(default=None, sa_type=Text)
    extension: str | None = Field(default=None, sa_type=Text)
    role: str | None = Field(default=None, sa_type=Text)
    active_from: int | None = None
    active_until: int | None = None


class UserAlias(SQLModel, table=True):
    """Another name under which phone systems know a user; it counts as a whole only."""

    __tablename__: ClassVar[Any] = "user_alias"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("user_id", "folded", name="ux_user_alias"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id")
    name: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text)


class CallResult(SQLModel, table=True):
    """A coded outcome from the user's own list."""

    __tablename__: ClassVar[Any] = "result"
    __table_args__ = (
        _flag("enabled"),
        _flag("success"),
        _flag("contact"),
        _flag("require_amount"),
        _one_of("status", RESULT_STATUSES),
        CheckConstraint("length(code) BETWEEN 1 AND 32", name="ck_code"),
        CheckConstraint("success = 0 OR contact = 1", name="ck_success_is_contact"),
        CheckConstraint("require_amount = 0 OR success = 1", name="ck_amount_needs_success"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text, unique=True)
    description: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    enabled: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    status: str | None = Field(default=None, sa_type=Text)
    contact: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    success: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    require_amount: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Change(SQLModel, table=True):
    """Everything one command wrote, as one unit that can be shown and undone.

    ``undoes`` names the change that this one reverted; ``undone_by`` the change that reverted
    this one and still stands. ``first_call`` to ``last_call`` are the calls that an import
    inserted. ``summary`` is a JSON object of figures.
    """

    __tablename__: ClassVar[Any] = "change"
    __table_args__: ClassVar[Any] = (
        _one_of("origin", ("person", "import")),
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
    ``written_by`` says what wrote it: a person, an import, a rule, a result.
    """

    __tablename__: ClassVar[Any] = "change_entry"
    __table_args__ = (
        Index("ix_change_entry_record", "entity", "entity_id", "field"),
        Index("ix_change_entry_change", "change_id"),
        _one_of("written_by", ("person", "import", "rule", "result")),
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


class Tag(SQLModel, table=True):
    """A reporting tag or a call tag; ``folded`` is what makes two spellings the same tag."""

    __tablename__: ClassVar[Any] = "tag"
    __table_args__ = (
        UniqueConstraint("kind", "folded", name="ux_tag"),
        _one_of("kind", ("reporting", "call")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text)


class CallTag(SQLModel, table=True):
    """A tag on a call."""

    __tablename__: ClassVar[Any] = "call_tag"
    __table_args__: ClassVar[Any] = (
        Index("ix_call_tag_tag", "tag_id"),
        {"sqlite_with_rowid": False},
    )

    call_id: int = Field(foreign_key="call.id", primary_key=True)
    tag_id: int = Field(foreign_key="tag.id", primary_key=True)


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


class Call(SQLModel, table=True):
    """One phone call: its facts, its score, and where it came from.

    Narrow columns come first, so that reports that read every call stop before the wide ones.
    ``scored`` is 1 where there are stars, a reporting tag or a conversion; one function keeps it.
    ``removed`` is empty for a live call, ``deleted`` where a person deleted it, ``undone`` where
    its import was undone; no row is ever deleted, so numbers are never given twice. ``identity``
    and ``occurrence`` recognise the call when it is imported again; an undone call that was
    imported anew makes room with a negative occurrence. ``duration``, ``talk_time`` and
    ``wait_time`` are seconds.
    """

    __tablename__: ClassVar[Any] = "call"
    __table_args__: ClassVar[Any] = (
        Index("ux_call_identity", "identity", "occurrence", unique=True),
        Index("ix_call_started", "started_at"),
        # All that reports group, limit and add up by, so that they never read the wide rows.
        Index(
            "ix_call_figures",
            "started_at",
            "removed",
            "source_id",
            "medium_id",
            "campaign_id",
            "list_id",
            "agent_id",
            "user_id",
            "result_id",
            "direction",
            "status",
            "scored",
            "stars",
            "converted",
            "currency",
            "amount",
        ),
        Index(
            "ix_call_external",
            "external_id",
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(
            "ix_call_number",
            "contact_number_e164",
            sqlite_where=text("contact_number_e164 IS NOT NULL"),
            postgresql_where=text("contact_number_e164 IS NOT NULL"),
        ),
        Index(
            "ix_call_conversions_by_source",
            "source_id",
            "removed",
            "scored",
            "stars",
            "converted",
            "currency",
            "amount",
        ),
        _one_of("direction", DIRECTIONS),
        _one_of("status", STATUSES),
        CheckConstraint("stars BETWEEN 1 AND 5", name="ck_stars"),
        CheckConstraint("amount >= 0", name="ck_amount"),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="ck_currency"),
        _one_of("removed", ("deleted", "undone")),
        _one_of("assigned_by", ASSIGNED_BY),
    )

    id: int | None = Field(default=None, primary_key=True)
    started_at: int | None = None
    system_id: int = Field(foreign_key="lookup.id")
    source_id: int | None = Field(default=None, foreign_key="lookup.id")
    medium_id: int | None = Field(default=None, foreign_key="lookup.id")
    campaign_id: int | None = Field(default=None, foreign_key="lookup.id")
    list_id: int | None = Field(default=None, foreign_key="lookup.id")
    agent_id: int | None = Field(default=None, foreign_key="lookup.id")
    agent_extension_id: int | None = Field(default=None, foreign_key="lookup.id")
    agent_email_id: int | None = Field(default=None, foreign_key="lookup.id")
    account_id: int | None = Field(default=None, foreign_key="lookup.id")
    tracking_number_id: int | None = Field(default=None, foreign_key="lookup.id")
    termination_id: int | None = Field(default=None, foreign_key="lookup.id")
    user_id: int | None = Field(default=None, foreign_key="user.id")
    result_id: int | None = Field(default=None, foreign_key="result.id")
    direction: str | None = Field(default=None, sa_type=Text)
    status: str | None = Field(default=None, sa_type=Text)
    duration: int | None = None
    talk_time: int | None = None
    wait_time: int | None = None
    scored: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    stars: int | None = None
    converted: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    amount: int | None = None
    currency: str | None = Field(default=None, sa_type=Text)
    converted_on: str | None = Field(default=None, sa_type=Text)
    imported_in: int | None = Field(default=None, foreign_key="change.id")
    removed: str | None = Field(default=None, sa_type=Text)
    identity: bytes = Field(sa_type=LargeBinary)
    occurrence: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    assigned_by: str | None = Field(default=None, sa_type=Text)
    external_id: str | None = Field(default=None, sa_type=Text)
    contact_number_e164: str | None = Field(default=None, sa_type=Text)
    contact_number: str | None = Field(default=None, sa_type=Text)
    contact_name: str | None = Field(default=None, sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)
    recording_url: str | None = Field(default=None, sa_type=Text)
    extra: str | None = Field(default=None, sa_type=Text)
