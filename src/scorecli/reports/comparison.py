"""Comparing a period with a former one: which days those are, and what changed beyond chance."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from scorecli.reports.figures import Figure, Tally, counts_within_noise, rates_within_noise
from scorecli.result import Column, Money

Against = Literal["previous", "year"]

_COMPARED = ("calls", "avg_stars", "conversions", "conversion_rate", "amount")
_RELATIVE = ("calls", "conversions", "amount")  # their change is a fraction of what was before
_COUNTS = ("calls", "conversions")


class Former(NamedTuple):
    """The former period, both days included; ``shift`` moves its days onto the later ones."""

    since: date
    until: date
    shift: Callable[[date], date]


def former_period(since: date, until: date, against: Against) -> Former:
    """Return the period to compare with.

    ``previous``: as many days, right before; whole calendar months: as many months before.
    ``year``: the same days of the year before.
    """
    months = 12 if against == "year" else _whole_months(since, until)
    if months:
        end = _add_months(until, -months)
        if until + timedelta(days=1) == _first(until, 1):  # a month's end stays one
            end = _first(end, 1) - timedelta(days=1)
        return Former(_add_months(since, -months), end, lambda day: _add_months(day, months))
    length = until - since + timedelta(days=1)
    return Former(since - length, until - length, lambda day: day + length)


def comparison_columns(figures: Sequence[Figure]) -> list[Column]:
    """Return the columns that a comparison adds: before, change, and whether it may be chance."""
    columns = []
    for figure in figures:
        if figure.name not in _COMPARED:
            continue
        label, kind = figure.label, figure.kind
        columns.append(Column(f"{figure.name}_before", f"{label} before", kind))
        change = "rate" if figure.name in (*_RELATIVE, "conversion_rate") else kind
        columns.append(Column(f"{figure.name}_change", f"{label} change", change))
        if figure.name in (*_COUNTS, "conversion_rate"):
            name = f"{figure.name}_within_noise"
            columns.append(Column(name, f"{label} within noise", "boolean"))
    return columns


def comparison_cells(
    figures: Sequence[Figure], now: Tally, before: Tally, currency: str
) -> list[Any]:
    """Return the cells under :func:`comparison_columns`.

    The change of a count or an amount is a fraction of what was before, None over nothing; that of
    an average or a rate is the difference.
    """
    cells: list[Any] = []
    for figure in figures:
        if figure.name not in _COMPARED:
            continue
        new, old = figure.value(now, currency), figure.value(before, currency)
        cells += [old, _change(new, old, relative=figure.name in _RELATIVE)]
        if figure.name in _COUNTS:
            cells.append(counts_within_noise(new, old))
        elif figure.name == "conversion_rate":
            known = new is not None and old is not None
            trials = ((now.conversions, now.calls), (before.conversions, before.calls))
            cells.append(rates_within_noise(*trials) if known else None)
    return cells


def _change(new: Any, old: Any, *, relative: bool) -> float | None:
    if new is None or old is None:
        return None
    if isinstance(new, Money):
        if new.currency != old.currency and new.minor and old.minor:
            return None
        new, old = new.minor, old.minor
    if not relative:
        return float(new - old)
    return (new - old) / old if old else None


def _whole_months(since: date, until: date) -> int:
    """Return how many calendar months the days are, 0 where they are no whole months."""
    if since.day != 1 or (until + timedelta(days=1)).day != 1:
        return 0
    return (until.year - since.year) * 12 + until.month - since.month + 1


def _first(day: date, months: int) -> date:
    return _add_months(day.replace(day=1), months)


def _add_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
