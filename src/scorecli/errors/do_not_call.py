"""Failures about the do-not-call list."""

from __future__ import annotations

from scorecli.errors import BadValue, Refused


class NoPhoneNumber(BadValue):
    """A text that cannot be a telephone number."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is no telephone number.", "Write it with its country: +44 20 7946 0018."
        )


class NoNumberColumn(Refused):
    """A file of numbers has no column that is known to hold them."""

    def __init__(self, file: str, header: str) -> None:
        super().__init__(
            f"No column of {file} is known to hold telephone numbers; it has: {header}.",
            "Name it with --column NAME.",
        )
