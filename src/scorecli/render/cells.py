"""One value as text: for people (table, plain text, Markdown) and for programs (CSV, JSON)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scorecli.domain.money import format_plain, format_shown
from scorecli.render.style import Style
from scorecli.result import Column, Fixed, Kind, Money, Result, Score

NUMERIC: Final[frozenset[Kind]] = frozenset(("integer", "decimal", "rate", "money", "seconds"))
_AS_THEY_ARE: Final = frozenset((str, int, bool, type(None)))
_MINUTE: Final = len("2026-11-03T14:05")


def shown(value: Any, kind: Kind, style: Style, *, exact: bool = False) -> str:
    """Return ``value`` as people read it; a missing one is empty.

    ``exact`` keeps the seconds and the offset of a time. The text still holds whatever the data
    holds: each renderer makes it harmless in its own way.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return shown_time(value, exact=exact) if kind == "time" else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return money_text(value, style)
    if isinstance(value, Fixed):
        return shown_fixed(value)
    if isinstance(value, Score):
        from scorecli.render.score_cell import score_parts  # only lists of calls have scores

        return "".join([part.text for part in score_parts(value, style)])
    if isinstance(value, (int, float)):
        return _shown_number(value, kind)
    if isinstance(value, Mapping):
        return "; ".join([f"{key}: {shown(item, 'text', style)}" for key, item in value.items()])
    if isinstance(value, (list, tuple)):
        return ", ".join([shown(item, "text", style) for item in value])
    return str(value)


def shown_time(iso: str, *, exact: bool = False) -> str:
    """Return an ISO time as ``2026-11-03 14:05``; the zone is the settings' own for every time."""
    return (iso if exact else iso[:_MINUTE]).replace("T", " ", 1)


def money_text(money: Money, style: Style) -> str:
    """Return an amount for people; with the currency's code where its sign cannot be."""
    return format_shown(money.minor, money.currency, ascii_only=style.ascii)


def shown_rate(rate: float) -> str:
    """Return a fraction from 0 to 1 as a percentage with one decimal."""
    return f"{rate * 100:.1f}%"


def shown_fixed(value: Fixed) -> str:
    """Return an exact number with at least its decimals, and with more where it has more."""
    text = repr(value.number)
    if "e" in text:  # 0.00001
        return f"{value.number:.{max(value.decimals, 6)}f}"
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0").ljust(value.decimals, "0")
    return f"{whole}.{rest}" if rest else whole


def machine(value: Any) -> Any:
    """Return ``value`` as JSON holds it: money as a decimal text, no NaN, a Score as an object."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Money):
        return format_plain(value.minor, value.currency)
    if isinstance(value, Fixed):
        return value.number
    if isinstance(value, Score):
        return score_object(value)
    if isinstance(value, Mapping):
        return {str(key): machine(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [machine(item) for item in value]
    return str(value)


def score_object(score: Score) -> dict[str, Any]:
    """Return a Score under the canonical names of its fields."""
    amount = score.amount
    return {
        "stars": score.stars,
        "reporting_tags": list(score.reporting_tags),
        "converted": score.converted,
        "amount": None if amount is None else format_plain(amount.minor, amount.currency),
        "currency": None if amount is None else amount.currency,
        "converted_on": score.converted_on,
    }


def total_cells(result: Result) -> list[Any] | None:
    """Return the total row for people, ``Total`` in its first cell where that is free, or None."""
    if result.total is None:
        return None
    cells = list(result.total)
    if cells and cells[0] is None and result.columns[0].kind not in NUMERIC:
        cells[0] = "Total"
    return cells


def fields_of(result: Result) -> Iterator[tuple[Column, Any]]:
    """Yield each field of a single record with its value; nothing when there is no record."""
    record = next(iter(result.rows), None)
    if record is not None:
        yield from zip(result.columns, record, strict=True)


def _shown_number(value: int | float, kind: Kind) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if kind == "rate":
        return shown_rate(value)
    if kind == "seconds":
        from scorecli.domain.durations import show  # few reports have lengths of time

        return show(round(value))
    if kind == "decimal" or isinstance(value, float):
        return f"{value:.2f}"
    return str(value)
