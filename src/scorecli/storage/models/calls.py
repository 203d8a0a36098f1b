"""Calls, their tags, and the texts that many of them share."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from scorecli.domain.filter_fields import ASSIGNED_BY, DIRECTIONS, STATUSES
from scorecli.storage.models.checks import one_of


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


class Tag(SQLModel, table=True):
    """A reporting tag or a call tag; ``folded`` is what makes two spellings the same tag."""

    __tablename__: ClassVar[Any] = "tag"
    __table_args__ = (
        UniqueConstraint("kind", "folded", name="ux_tag"),
        one_of("kind", ("reporting", "call")),
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


class Call(SQLModel, table=True):
    """One phone call: its facts, its score, and where it came from.

    Narrow columns come first, so that reports that read every call stop before the wide ones.
    ``scored`` is 1 where there are stars, a reporting tag or a conversion; one function keeps it.
    ``removed`` is empty for a live call, ``deleted`` where a person deleted it, ``undone`` where
    its import was undone; no row is ever deleted, so numbers are never given twice. ``identity``
    and ``occurrence`` recognise the call when it is imported again; an undone call that was
    imported anew makes room with a negative occurrence. ``duration``, ``talk_time`` and
    ``wait_time`` are seconds. ``record_id`` is the record of a contact list that was called,
    ``recall_at`` when it is to be called again, where somebody said so.
    """

    __tablename__: ClassVar[Any] = "call"
    __table_args__: ClassVar[Any] = (
        Index("ux_call_identity", "identity", "occurrence", unique=True),
        # All that reports group, limit and add up by, so that they never read the wide rows; the
        # call log is in its order, too.
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
        Index(
            "ix_call_record",
            "record_id",
            sqlite_where=text("record_id IS NOT NULL"),
            postgresql_where=text("record_id IS NOT NULL"),
        ),
        one_of("direction", DIRECTIONS),
        one_of("status", STATUSES),
        CheckConstraint("stars BETWEEN 1 AND 5", name="ck_stars"),
        CheckConstraint("amount >= 0", name="ck_amount"),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="ck_currency"),
        one_of("removed", ("deleted", "undone")),
        one_of("assigned_by", ASSIGNED_BY),
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
    record_id: int | None = Field(default=None, foreign_key="list_record.id")
    recall_at: int | None = None
