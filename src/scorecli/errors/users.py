"""Failures about users."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import Refused, WrongUsage


class UnknownUser(Refused):
    """No user is called so."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'There is no user "{name}".{offer}',
            "`scorecli users list` shows them; `scorecli users add NAME` adds one.",
        )


class AmbiguousUser(Refused):
    """Several users are called so."""

    def __init__(self, name: str, candidates: Sequence[tuple[int, str]]) -> None:
        found = ", ".join(f"{number} ({called})" for number, called in candidates)
        super().__init__(
            f'"{name}" may be any of the users {found}.', "Name one of them by its number."
        )


class UserExists(Refused):
    """A user is to be added whose name another one of the same time has."""

    def __init__(self, name: str, number: int, called: str) -> None:
        super().__init__(
            f'User {number} is called "{called}" already; calls of "{name}" would fit both,'
            " and so be assigned to nobody.",
            f"`scorecli users edit {number}` changes that user; --namesake adds another person.",
        )


class BadUser(WrongUsage):
    """A value that a user cannot have."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(f"{field} {value!r} {reason}.")
        self.field = field


class UserPeriodEndsEarly(Refused):
    """A user's period would end before it begins."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The period of {name} would end before it begins.",
            "Name a later end with --until, or an earlier beginning with --from.",
        )


class BadUserFile(WrongUsage):
    """A file of users cannot be read as such."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "A file of users looks like: name,email,extension,alias")
