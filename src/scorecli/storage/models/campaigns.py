"""Outbound campaigns, the contact lists they work through, and who must not be called."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from scorecli.storage.models.checks import flag, one_of

_IS_THERE = text("removed IS NULL")
_AGAIN = text("removed IS NULL AND state IN ('open', 'callback')")
_WITH_ZONE = text("removed IS NULL AND time_zone IS NOT NULL")


class Campaign(SQLModel, table=True):
    """An outbound campaign.

    ``hours`` says when its records may be called, in the record's own time zone or in
    ``time_zone``; calls name a campaign by its name.
    """

    __tablename__: ClassVar[Any] = "campaign"
    __table_args__: ClassVar[Any] = (flag("closed"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text, unique=True)
    description: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    hours: str | None = Field(default=None, sa_type=Text)
    time_zone: str | None = Field(default=None, sa_type=Text)
    closed: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class ResultCampaign(SQLModel, table=True):
    """A campaign that a result may be used in; a result without any may be used in all."""

    __tablename__: ClassVar[Any] = "result_campaign"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    result_id: int = Field(foreign_key="result.id", primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", primary_key=True)


class ContactList(SQLModel, table=True):
    """A list of contacts that one campaign works through.

    ``opened_at`` (UTC seconds) is when it was loaded or reloaded last: what results of earlier
    calls made final is open again. ``added_in`` is the change that made it, ``removed`` is
    ``undone`` while that is.
    """

    __tablename__: ClassVar[Any] = "contact_list"
    __table_args__: ClassVar[Any] = (
        one_of("removed", ("undone",)),
        Index(
            "ux_contact_list",
            "folded",
            unique=True,
            sqlite_where=_IS_THERE,
            postgresql_where=_IS_THERE,
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    name: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text)
    opened_at: int
    added_in: int = Field(foreign_key="change.id")
    removed: str | None = Field(default=None, sa_type=Text)


class ListRecord(SQLModel, table=True):
    """One contact on one list.

    ``number`` is normalised where it can be, and is once on a list. ``state``, ``campaign_id``
    (another one after it was rolled over), ``attempts``, ``last_call_at``, ``next_at`` and
    ``callback_from`` follow from its calls, their results and the do-not-call list; one function
    keeps them, so that the queue of a large campaign answers at once. A callback is due at
    ``next_at``; how old it is counts from ``callback_from``, the start of the call or the time that
    was given with it. Times are UTC seconds.
    """

    __tablename__: ClassVar[Any] = "list_record"
    __table_args__: ClassVar[Any] = (
        one_of("state", ("new", "callback", "open", "final", "do_not_call")),
        one_of("removed", ("undone",)),
        Index(
            "ux_list_record",
            "list_id",
            "number",
            unique=True,
            sqlite_where=_IS_THERE,
            postgresql_where=_IS_THERE,
        ),
        Index(
            "ix_list_record_queue",
            "campaign_id",
            "state",
            "next_at",
            "id",
            sqlite_where=_IS_THERE,
            postgresql_where=_IS_THERE,
        ),
        # Those to be called again, the one that was called longest ago first.
        Index(
            "ix_list_record_again",
            "campaign_id",
            "last_call_at",
            "id",
            sqlite_where=_AGAIN,
            postgresql_where=_AGAIN,
        ),
        # The few zones of a campaign's records, found without looking at each record.
        Index(
            "ix_list_record_zone",
            "campaign_id",
            "time_zone",
            sqlite_where=_WITH_ZONE,
            postgresql_where=_WITH_ZONE,
        ),
        Index("ix_list_record_number", "number"),
        Index("ix_list_record_contact", "contact_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="contact_list.id")
    campaign_id: int = Field(foreign_key="campaign.id")
    contact_id: int = Field(foreign_key="contact.id")
    number: str = Field(sa_type=Text)
    time_zone: str | None = Field(default=None, sa_type=Text)
    state: str = Field(sa_type=Text)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    last_call_at: int | None = None
    next_at: int | None = None
    callback_from: int | None = None
    reserved_by: str | None = Field(default=None, sa_type=Text)
    reserved_until: int | None = None
    added_in: int = Field(foreign_key="change.id")
    removed: str | None = Field(default=None, sa_type=Text)


class DoNotCall(SQLModel, table=True):
    """A number that a person or a file put on the do-not-call list, or took off it.

    For one campaign or, without one, for all. A number is on the list where the last row for it,
    in the order of ``id``, put it there; rows count while their change stands. Numbers that a
    call's result put there are not here: they follow from the call, unless a later row took them
    off. Rows are never changed, so that it stays known who did what and why.
    """

    __tablename__: ClassVar[Any] = "do_not_call"
    __table_args__: ClassVar[Any] = (
        one_of("action", ("added", "removed")),
        Index("ix_do_not_call_number", "number"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=Text)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    action: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    added_in: int = Field(foreign_key="change.id")
