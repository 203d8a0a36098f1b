"""Refusals to score contacts."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import BadValue, Refused, WrongUsage


class NotAScore(BadValue):
    """A text that is neither a number nor a change of one."""

    def __init__(self, text: str, *, changes: bool = True) -> None:
        hint = "Write a value such as 80 or 7.5, or none."
        if changes:
            hint = (
                "Write a value such as 80 or 7.5, a change such as +5 or -10, or none;"
                " =-10 sets a value below 0."
            )
        super().__init__(f"'{text}' is not a score.", hint)


class ScoreOutsideRange(Refused):
    """A score that its type does not have room for; it is never clipped."""

    def __init__(self, found: str, label: str, limits: tuple[str, str], whose: str = "") -> None:
        who = f"{whose}: " if whose else ""
        low, high = limits
        super().__init__(
            f'{who}{found} is outside the range of "{label}", which is {low} to {high}.',
            "`scorecli config show` lists the range of every score type.",
        )


class TooManyDecimals(Refused):
    """A score with more decimals than its type has."""

    def __init__(self, found: str, label: str, decimals: int, name: str) -> None:
        some = "1 decimal" if decimals == 1 else f"{decimals} decimals"
        room = f"has at most {some}" if decimals else "is a whole number"
        super().__init__(
            f'{found} has too many decimals: "{label}" {room}.',
            f"`scorecli config set contact_scores.{name}.decimals N` changes that.",
        )


class UnknownScoreType(Refused):
    """A score type that the settings do not have."""

    def __init__(self, name: str, near: Sequence[str], known: Sequence[str]) -> None:
        offer = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
        super().__init__(
            f'There is no score type "{name}". {offer}',
            f"A new one: scorecli config set contact_scores.{name}.max 10",
        )


class BadContactScoreFile(WrongUsage):
    """A file given to ``contacts score --from`` lacks the columns it needs."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "A file of contact scores looks like: contact,score,reason")
