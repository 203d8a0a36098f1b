"""Turns a first record into column names that are unique, and says how long rows must be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Shape(NamedTuple):
    """Column names, the fewest cells that a row may have, and what people should know."""

    names: list[str]
    least: int
    notices: list[str]


def named(record: Sequence[str], sample: Sequence[Sequence[str]]) -> Shape:
    """The names in ``record``; ``sample`` are the first rows under it.

    Trailing columns without a name are dropped unless rows have values there. A name that comes
    again is told apart by a number; a column without a name is called ``column_N``.
    """
    cells = [" ".join(cell.split()) for cell in record]
    least = len(cells)
    while least > 1 and not cells[least - 1]:
        least -= 1
    used = max((_extent(row) for row in sample if len(row) <= len(cells)), default=0)
    cells = cells[: max(least, used)]
    taken = {cell for cell in cells if cell}
    names: list[str] = []
    repeated: list[str] = []
    seen: set[str] = set()
    for place, cell in enumerate(cells, 1):
        name = cell
        if not cell:
            name = _free(f"column_{place}", "_", taken)
        elif cell in seen:
            name = _free(f"{cell} 2", " ", taken)
            repeated.append(name)
        taken.add(name)
        seen.add(name)
        names.append(name)
    notices = []
    if repeated:
        shown = ", ".join(map(repr, repeated[:5])) + (", ..." if len(repeated) > 5 else "")
        notices.append(f"Column names that come more than once were numbered: {shown}.")
    return Shape(names, least, notices)


def numbered(sample: Sequence[Sequence[str]], columns: Sequence[str] | None) -> Shape:
    """Names ``column_1`` and so on for a table without header, as wide as most of ``sample``."""
    widths = Counter(len(row) for row in sample)
    width = max(widths, key=lambda count: (widths[count], count), default=len(columns or ()))
    if columns is not None and widths:
        # Trailing empty cells do not make a column that has to be named.
        extents = max((_extent(row) for row in sample if len(row) == width), default=width)
        width = min(width, max(extents, len(columns)))
    return Shape([f"column_{place}" for place in range(1, width + 1)], width, [])


def _extent(row: Sequence[str]) -> int:
    """The number of cells up to the last one that has a value."""
    for place in range(len(row), 0, -1):
        if row[place - 1]:
            return place
    return 0


def _free(name: str, joint: str, taken: set[str]) -> str:
    """``name``, with a higher number where it is taken."""
    base, _, number = name.rpartition(joint)
    count = int(number)
    while f"{base}{joint}{count}" in taken:
        count += 1
    return f"{base}{joint}{count}"
