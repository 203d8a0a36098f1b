"""Knows the line of totals that reports write below their table."""

from __future__ import annotations

import re

_TOTAL = re.compile(
    r"(?:grand |sub-?)?totals?(?: calls)?\s*(?::.*)?|(?:gesamt|summe|totale?|totaal|suma)\s*:?",
    re.IGNORECASE,
)


def is_total(cell: str) -> bool:
    """Return whether the first cell of a row says that the others are sums."""
    return _TOTAL.fullmatch(cell.strip()) is not None
