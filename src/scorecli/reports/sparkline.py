"""A row of small bars that shows how a figure went."""

from __future__ import annotations

from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"
_ASCII_BARS = "_.-=^"  # what a plain terminal has of rising heights
_WIDEST = 60


def sparkline(
    values: Sequence[float | None],
    low: float | None = None,
    high: float | None = None,
    *,
    ascii_only: bool = False,
) -> str:
    """Return one bar for each value, at most sixty, a blank where there is none.

    ``low`` and ``high`` are the ends of the scale; without them those of the values.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    bars = _ASCII_BARS if ascii_only else _BARS
    bottom = min(known) if low is None else low
    top = max(known) if high is None else high
    shown = list(values)[-_WIDEST:]
    if top <= bottom:
        return "".join(" " if value is None else bars[len(bars) // 2] for value in shown)
    steps = len(bars) - 1
    return "".join(
        " "
        if value is None
        else bars[round(steps * (min(max(value, bottom), top) - bottom) / (top - bottom))]
        for value in shown
    )
