"""Numbers and names in the sentences that commands say."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_SHOWN = 5  # names listed in a sentence


def plural(number: int, noun: str) -> str:
    """Return ``1 row``, ``1,200 rows`` or ``2 activities``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"


def were(number: int, noun: str) -> str:
    """Return ``1 row was`` or ``1,200 rows were``."""
    return f"{plural(number, noun)} {'was' if number == 1 else 'were'}"


def some(names: Iterable[str]) -> str:
    """Return the first few of some names, and how many more there are."""
    listed = list(names)
    shown = ", ".join(listed[:_MOST_SHOWN])
    more = len(listed) - _MOST_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
