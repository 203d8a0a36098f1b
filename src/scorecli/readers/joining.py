"""Fields that several columns of a file make together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scorecli.readers.cells import Bad

NO_DIRECTION = "unknown"
Cells = Sequence[Sequence[str]]


def joined(positions: Sequence[int], cells: Cells, glue: str) -> list[str]:
    """Return the texts of several columns as one, blank ones left out."""
    return [
        glue.join(part for part in parts if part.strip())
        for parts in zip(*(cells[at] for at in positions), strict=True)
    ]


def by_direction(
    sides: Mapping[str, tuple[int, ...]], directions: Sequence[str | None], cells: Cells, glue: str
) -> list[str]:
    """Return the texts of the columns that count for each row's direction, blank where none does.

    ``sides``: direction, or ``unknown``, -> positions of columns.
    """
    nothing = [""] * len(directions)
    texts: dict[str, Sequence[str]] = {
        side: cells[at[0]] if len(at) == 1 else joined(at, cells, glue)
        for side, at in sides.items()
    }
    return [
        texts.get(direction or NO_DIRECTION, nothing)[row]
        for row, direction in enumerate(directions)
    ]


def added(columns: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the sums of time spans, in seconds; one that is not known counts nothing.

    A row with a span that cannot be used has that one for its sum.
    """
    sums: list[Any] = []
    for spans in zip(*columns, strict=True):
        known = [span for span in spans if span is not None]
        bad = next((span for span in known if isinstance(span, Bad)), None)
        sums.append(bad or (sum(known) if known else None))
    return sums
