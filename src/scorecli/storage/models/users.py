"""Users and the names they go by."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


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
