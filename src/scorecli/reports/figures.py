"""The figures of a group of calls: what is counted, over what it is divided, what is left out.

Counts and amounts are added up as whole numbers; a division happens once, at the end.
"""

# Annotations are real, not texts: a NamedTuple would compile each text anew at every start.

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from scorecli import errors
from scorecli.result import Column, Kind, Money
from scorecli.settings import Settings

_Z = 1.959963984540054  # the 97.5 % quantile of the normal distribution: 95 % lie within


class Tally:
    """What is added up over calls. ``amount`` is in minor units, over converted calls only."""

    __slots__ = ("amount", "calls", "conversions", "currencies", "scored", "starred", "stars")

    def __init__(self) -> None:
        self.calls = self.scored = self.starred = self.stars = 0
        self.conversions = self.amount = 0
        self.currencies: set[str] = set()

    def count(self, sums: Sequence[Any]) -> None:
        """Add calls, scored, starred, stars, conversions, amount, and two of its currencies."""
        calls, scored, starred, stars, conversions, amount, first, last = sums
        self.calls += calls or 0
        self.scored += scored or 0
        self.starred += starred or 0
        self.stars += stars or 0
        self.conversions += conversions or 0
        self.amount += amount or 0
        if first is not None:
            self.currencies.add(first)
            self.currencies.add(last)

    def add(self, other: "Tally") -> None:
        """Add the calls of another group."""
        self.calls += other.calls
        self.scored += other.scored
        self.starred += other.starred
        self.stars += other.stars
        self.conversions += other.conversions
        self.amount += other.amount
        self.currencies |= other.currencies

    def money(self, currency: str) -> Money | None:
        """Return the amount, in ``currency`` where there is none; None over several currencies."""
        if len(self.currencies) > 1:
            return None
        return Money(self.amount, next(iter(self.currencies), currency))

    def refuse_mixture(self) -> None:
        """Raise :class:`SeveralCurrencies` where the amounts cannot be added."""
        if len(self.currencies) > 1:
            raise errors.reports.SeveralCurrencies(sorted(self.currencies))


class Figure(NamedTuple):
    """One figure; ``value`` takes a tally and the currency of an amount of nothing."""

    name: str
    label: str
    kind: Kind
    meaning: str
    value: Callable[[Tally, str], Any]

    @property
    def column(self) -> Column:
        """The figure as a column."""
        return Column(self.name, self.label, self.kind)


def ratio(part: int, whole: int) -> float | None:
    """Return a fraction, or None over nothing."""
    return part / whole if whole else None


def share(money: Money | None, count: int) -> Money | None:
    """Return money divided by a count, rounded half to even; None over nothing."""
    if money is None or not count:
        return None
    whole, rest = divmod(money.minor, count)
    up = 2 * rest > count or (2 * rest == count and whole % 2 == 1)
    return Money(whole + up, money.currency)


def wilson(hits: int, trials: int) -> tuple[float | None, float | None]:
    """Return the ends of the 95 % interval (Wilson) of a rate, or None twice over nothing."""
    if not trials or hits > trials:
        return None, None
    rate, square = hits / trials, _Z * _Z
    below = 1 + square / trials
    middle = rate + square / (2 * trials)
    reach = _Z * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials * trials))
    low = 0.0 if hits == 0 else max(0.0, (middle - reach) / below)
    high = 1.0 if hits == trials else min(1.0, (middle + reach) / below)
    return low, high


def counts_within_noise(now: int, before: int) -> bool:
    """Tell whether two counts differ by no more than chance explains, at 95 %."""
    return abs(now - before) <= _Z * math.sqrt(now + before)


def rates_within_noise(now: tuple[int, int], before: tuple[int, int]) -> bool | None:
    """Tell the same of two rates (hits, trials); None where one has nothing to divide by."""
    if not now[1] or not before[1]:
        return None
    pooled = (now[0] + before[0]) / (now[1] + before[1])
    spread = math.sqrt(max(0.0, pooled * (1 - pooled)) * (1 / now[1] + 1 / before[1]))
    return abs(now[0] / now[1] - before[0] / before[1]) <= _Z * spread


def conversion_figures(settings: Settings, *, by_day_of_conversion: bool = False) -> list[Figure]:
    """Return the figures of the conversion report that the settings have, in order.

    ``by_day_of_conversion``: conversions and calls are of different days, so that what divides
    one by the other has no value.
    """
    figures = [
        Figure("calls", "Calls", "integer", "calls, scored or not", lambda t, _: t.calls),
    ]
    parts = (settings.score, settings.reporting_tags, settings.conversion)
    if any(part.enabled for part in parts):
        meaning = "calls with stars, a reporting tag or a conversion"
        figures.append(Figure("scored", "Scored", "integer", meaning, lambda t, _: t.scored))
    if settings.score.enabled:
        figures.append(
            Figure(
                "avg_stars",
                f"{settings.score.field_name} avg",
                "decimal",
                "average of the stars over calls with stars; calls without are left out",
                lambda t, _: ratio(t.stars, t.starred),
            )
        )
    if settings.conversion.enabled:
        figures += _conversion(settings.conversion.field_name, by_day_of_conversion)
        if settings.converted_amount.enabled:
            figures += _amounts(settings.converted_amount.field_name, by_day_of_conversion)
    return figures


def _conversion(label: str, apart: bool) -> list[Figure]:
    rate = "conversions / calls"
    return [
        Figure("conversions", label, "integer", "converted calls", lambda t, _: t.conversions),
        Figure(
            "conversion_rate",
            "Rate",
            "rate",
            f"{rate}; empty, since they are of different days" if apart else rate,
            lambda t, _: None if apart else ratio(t.conversions, t.calls),
        ),
    ]


def _amounts(label: str, apart: bool) -> list[Figure]:
    per_call = "amount / calls, converted or not"
    return [
        Figure(
            "amount",
            label,
            "money",
            "sum of the amounts of converted calls; an amount without a conversion is left out",
            lambda t, currency: t.money(currency),
        ),
        Figure(
            "amount_per_conversion",
            "Per conversion",
            "money",
            "amount / conversions, those without an amount included",
            lambda t, currency: share(t.money(currency), t.conversions),
        ),
        Figure(
            "amount_per_call",
            "Per call",
            "money",
            f"{per_call}; empty, since they are of different days" if apart else per_call,
            lambda t, currency: None if apart else share(t.money(currency), t.calls),
        ),
    ]
