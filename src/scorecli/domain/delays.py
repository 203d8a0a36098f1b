"""How long to wait before something is done again, as people write it: ``2h``, ``1d 12h``."""

from __future__ import annotations

from typing import Final

_UNITS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
LONGEST: Final = 366 * 86_400
"""The longest delay, in seconds."""


def read_delay(text: str) -> int:
    """Return the seconds of a delay: ``90m``, ``2h``, ``1d``, ``1d 12h``, each unit once.

    Raises ``ValueError`` with a short reason.
    """
    shown = " ".join(text.split())
    rest, total, largest = shown.casefold().replace(" ", ""), 0, 2 * _UNITS["d"]
    while rest:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        unit = _UNITS.get(rest[len(digits) : len(digits) + 1], 0)
        if not 0 < len(digits) < 10 or not 0 < unit < largest:
            total = 0
            break
        total, largest, rest = total + int(digits) * unit, unit, rest[len(digits) + 1 :]
    if not total:
        raise ValueError(f'"{shown}" is no delay; write it as 90m, 2h, 1d or 1d 12h')
    if total > LONGEST:
        raise ValueError(f'"{shown}" is longer than a year')
    return total


def show_delay(seconds: int) -> str:
    """Return a delay as :func:`read_delay` reads it, in as few units as it takes."""
    parts = []
    for unit, size in _UNITS.items():
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts)
