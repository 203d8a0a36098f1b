"""Finds the header of a report that has its title, its period or the like above it."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from scorecli.readers.call_columns import field_by_name, plain_name
from scorecli.readers.dialect import USUAL, looks_like_data

_MOST = 20  # lines that a title may have
_FEWEST_COLUMNS = 3
_FEWEST_KNOWN = 2


def lines_above_header(lines: Sequence[str], delimiter: str | None) -> int:
    """Return how many lines of a delimited text stand above its header, 0 where none do.

    ``delimiter`` is the one that was forced, else every usual one is tried.
    """
    tried = USUAL if delimiter is None else (delimiter,)
    return max(
        (rows_above_header([_cells(line, each) for line in lines[:_MOST]]) for each in tried),
        default=0,
    )


def rows_above_header(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows stand above the header, 0 where none do.

    A header below the first row is believed only where several of its names are those of fields,
    and where every row above it has fewer cells.
    """
    known = field_by_name()
    most = 0
    for place, row in enumerate(rows[:_MOST]):
        filled = [cell for cell in row if cell.strip()]
        names = sum(plain_name(cell) in known for cell in filled)
        if names >= _FEWEST_KNOWN:
            is_header = len(filled) >= _FEWEST_COLUMNS and not looks_like_data(filled)
            return place if is_header and len(filled) > most else 0
        most = max(most, len(filled))
    return 0


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]
