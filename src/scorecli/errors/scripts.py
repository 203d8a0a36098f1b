"""Refusals to scripts that use the Python interface."""

from __future__ import annotations

from scorecli.errors import Refused


class OutsideOfChange(Refused):
    """A script changed objects that it only read."""

    def __init__(self) -> None:
        super().__init__(
            "Objects were changed outside of a change, so nothing of that was kept.",
            'Load and change them inside `with db.change("why") as session:`.',
        )


class TransactionOfChange(Refused):
    """A script tried to end or split the transaction of a change by itself."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"session.{what} is not for use inside db.change(), which commits at its end.",
            "Leave the block to keep everything, or raise an exception to keep nothing.",
        )


class NotForScripts(Refused):
    """A script tried to write something that scorecli keeps by itself."""

    def __init__(self, what: str) -> None:
        super().__init__(f"A script cannot change {what}.", "scorecli keeps it in step by itself.")


class RecordRefused(Refused):
    """A record that a script wrote cannot be as it is; nothing of its change was kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"A record cannot be stored: {reason}.",
            "Nothing of this change was kept; correct the value.",
        )
