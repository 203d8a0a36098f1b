"""Points of activities: what counts as points, and how age takes weight from them."""

from __future__ import annotations

from collections.abc import Iterable

_DAY = 86400
_UNITS = {"d": _DAY, "w": 7 * _DAY}
_LONGEST = 36_500  # days or weeks; a hundred years and more


def half_life_seconds(text: str) -> int | None:
    """Return the seconds of ``90d`` or ``12w``; None for ``none``. Raises ``ValueError``."""
    word = text.strip().lower()
    if word == "none":
        return None
    count, unit = word[:-1], _UNITS.get(word[-1:])
    if unit is None or not (count.isascii() and count.isdigit()) or not 0 < int(count) <= _LONGEST:
        raise ValueError(f"'{text}' is no half-life such as 90d or 12w")
    return int(count) * unit


def points_now(activities: Iterable[tuple[int, int]], half_life: int, now: int) -> float:
    """Return the sum of points weighed by age: half of them after each ``half_life`` seconds.

    ``activities`` are pairs of points and UTC seconds. What lies in the future counts in full.
    """
    return sum(points * weight(now - at, half_life) for points, at in activities)


def weight(age: int, half_life: int) -> float:
    """Return the weight of an activity of that age in seconds."""
    return float(0.5 ** (max(age, 0) / half_life))
