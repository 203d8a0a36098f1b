"""Contacts, their companies, how to reach them, their scores and their activities."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Float, Index, Text, text
from sqlmodel import Field, SQLModel

from scorecli.storage.models.checks import one_of

_IS_THERE = text("removed IS NULL")


class Company(SQLModel, table=True):
    """A company that contacts belong to; it comes with its first contact."""

    __tablename__: ClassVar[Any] = "company"
    __table_args__: ClassVar[Any] = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text, unique=True)
    website: str | None = Field(default=None, sa_type=Text)
    phone: str | None = Field(default=None, sa_type=Text)
    street: str | None = Field(default=None, sa_type=Text)
    city: str | None = Field(default=None, sa_type=Text)
    region: str | None = Field(default=None, sa_type=Text)
    postal_code: str | None = Field(default=None, sa_type=Text)
    country: str | None = Field(default=None, sa_type=Text)
    owner_id: int | None = Field(default=None, foreign_key="user.id")
    note: str | None = Field(default=None, sa_type=Text)


class Contact(SQLModel, table=True):
    """A person, either a ``lead`` or a ``contact``.

    ``removed`` is empty for a live one, ``deleted`` where a person deleted it, ``merged`` where it
    went into ``merged_into``, ``undone`` where its import was undone; rows are never deleted but
    by erasing. ``folded`` is first and last name as they compare. ``created_at`` is UTC seconds,
    ``added_in`` the change that brought it, ``extra`` a JSON object of texts.
    """

    __tablename__: ClassVar[Any] = "contact"
    __table_args__: ClassVar[Any] = (
        one_of("kind", ("lead", "contact")),
        one_of("removed", ("deleted", "merged", "undone")),
        CheckConstraint(
            "(COALESCE(removed, '') = 'merged') = (merged_into IS NOT NULL)", name="ck_merged"
        ),
        Index("ix_contact_folded", "folded"),
        Index(
            "ix_contact_external",
            "external_id",
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_contact_company", "company_id"),
        Index(
            "ix_contact_merged",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=Text)
    external_id: str | None = Field(default=None, sa_type=Text)
    first_name: str | None = Field(default=None, sa_type=Text)
    last_name: str | None = Field(default=None, sa_type=Text)
    folded: str = Field(sa_type=Text)
    company_id: int | None = Field(default=None, foreign_key="company.id")
    job_title: str | None = Field(default=None, sa_type=Text)
    street: str | None = Field(default=None, sa_type=Text)
    city: str | None = Field(default=None, sa_type=Text)
    region: str | None = Field(default=None, sa_type=Text)
    postal_code: str | None = Field(default=None, sa_type=Text)
    country: str | None = Field(default=None, sa_type=Text)
    source: str | None = Field(default=None, sa_type=Text)
    owner_id: int | None = Field(default=None, foreign_key="user.id")
    created_at: int
    added_in: int = Field(foreign_key="change.id")
    removed: str | None = Field(default=None, sa_type=Text)
    merged_into: int | None = Field(default=None, foreign_key="contact.id")
    note: str | None = Field(default=None, sa_type=Text)
    extra: str | None = Field(default=None, sa_type=Text)


class ContactNumber(SQLModel, table=True):
    """A telephone number of a contact, as it was written and normalised, in the order given.

    ``e164`` is empty where the number cannot be normalised. The history keeps the numbers of a
    contact as one list.
    """

    __tablename__: ClassVar[Any] = "contact_number"
    __table_args__: ClassVar[Any] = (
        Index("ix_contact_number_e164", "e164"),
        {"sqlite_with_rowid": False},
    )

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    position: int = Field(primary_key=True)
    number: str = Field(sa_type=Text)
    e164: str | None = Field(default=None, sa_type=Text)


class ContactEmail(SQLModel, table=True):
    """An e-mail address of a contact; ``folded`` is what it compares by."""

    __tablename__: ClassVar[Any] = "contact_email"
    __table_args__: ClassVar[Any] = (
        Index("ix_contact_email_folded", "folded"),
        {"sqlite_with_rowid": False},
    )

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    position: int = Field(primary_key=True)
    email: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text)


class ContactScore(SQLModel, table=True):
    """The value that a contact has on one score type now; its history is in the changes."""

    __tablename__: ClassVar[Any] = "contact_score"
    __table_args__: ClassVar[Any] = (
        Index("ix_contact_score_value", "score_type", "value"),
        {"sqlite_with_rowid": False},
    )

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    score_type: str = Field(sa_type=Text, primary_key=True)
    value: float = Field(sa_type=Float)


class Activity(SQLModel, table=True):
    """A dated event on a contact (or lead) or on a company, with its points.

    ``at`` is UTC seconds. ``rule`` names the rule that made it. ``removed`` and ``added_in`` are
    as those of a contact.
    """

    __tablename__: ClassVar[Any] = "activity"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("(contact_id IS NULL) <> (company_id IS NULL)", name="ck_whose"),
        one_of("removed", ("deleted", "undone")),
        Index(
            "ix_activity_contact",
            "contact_id",
            "points",
            "at",
            sqlite_where=_IS_THERE,
            postgresql_where=_IS_THERE,
        ),
        Index(
            "ix_activity_company",
            "company_id",
            "points",
            "at",
            sqlite_where=_IS_THERE,
            postgresql_where=_IS_THERE,
        ),
        Index(
            "ix_activity_external",
            "external_id",
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_type: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    company_id: int | None = Field(default=None, foreign_key="company.id")
    points: int
    at: int
    subject: str | None = Field(default=None, sa_type=Text)
    external_id: str | None = Field(default=None, sa_type=Text)
    rule: str | None = Field(default=None, sa_type=Text)
    added_in: int = Field(foreign_key="change.id")
    removed: str | None = Field(default=None, sa_type=Text)
    extra: str | None = Field(default=None, sa_type=Text)
