"""The tables as SQLModel classes, for people's own scripts; importing this loads SQLModel."""

from scorecli.storage.models import (
    Call,
    CallResult,
    CallTag,
    Change,
    ChangeEntry,
    Lookup,
    Tag,
    User,
)

__all__ = ["Call", "CallResult", "CallTag", "Change", "ChangeEntry", "Lookup", "Tag", "User"]
