"""What every reader hands on: batches of rows, and the rows that cannot be read, by line."""

from __future__ import annotations

from typing import NamedTuple


class RowProblem(NamedTuple):
    """A row that cannot be used: where it starts, what is wrong, and its cells as they were.

    ``line`` counts physical lines (or rows of a sheet) from 1. ``field`` is the column at fault,
    empty where the row as a whole is wrong. There may be fewer or more cells than columns.
    """

    line: int
    field: str
    error: str
    cells: list[str]


class Batch(NamedTuple):
    """Some consecutive rows of a table: ``lines[i]`` is the line on which ``rows[i]`` starts.

    Every row has as many cells as ``header`` has names. Problems stand beside the rows, in the
    order of their lines.
    """

    lines: list[int]
    rows: list[list[str]]
    problems: list[RowProblem]
    header: list[str]
