"""The tables as SQLModel classes, for people's own scripts; importing this loads SQLModel."""

from scorecli.storage.models import (
    Call,
    CallAssignment,
    CallResult,
    CallTag,
    Change,
    ChangeEntry,
    Lookup,
    Tag,
    User,
    UserAlias,
)

__all__ = [
    "Call",
    "CallAssignment",
    "CallResult",
    "CallTag",
    "Change",
    "ChangeEntry",
    "Lookup",
    "Tag",
    "User",
    "UserAlias",
]
