"""What every reader hands on: batches of rows, and the rows that cannot be read, by line."""

from __future__ import annotations

from collections.abc import Sequence
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


class Batch:
    """Some consecutive rows of a table: ``lines[i]`` is the line on which ``rows[i]`` starts.

    Every row has as many cells as ``header`` has names. Problems stand beside the rows, in the
    order of their lines. ``columns`` are the same cells, one sequence for each name.
    """

    __slots__ = ("_columns", "_rows", "header", "lines", "problems")

    def __init__(
        self,
        lines: list[int],
        rows: list[list[str]],
        problems: list[RowProblem],
        header: list[str],
    ) -> None:
        self.lines = lines
        self.problems = problems
        self.header = header
        self._rows: list[list[str]] | None = rows
        self._columns: list[Sequence[str]] | None = None

    @classmethod
    def of_columns(cls, lines: list[int], columns: list[Sequence[str]], header: list[str]) -> Batch:
        """Return a batch without problems from its columns; its rows are made if asked for."""
        batch = cls(lines, [], [], header)
        batch._rows, batch._columns = None, columns
        return batch

    def release(self) -> None:
        """Let go of the cells, which nobody needs any more.

        What was made of them is packed quicker when it is alone in holding its texts.
        """
        self._rows = self._columns = None

    @property
    def rows(self) -> list[list[str]]:
        """The rows; those that are added to it are in the batch."""
        if self._rows is None:
            self._rows = [list(row) for row in zip(*self.columns, strict=True)]
        return self._rows

    @property
    def columns(self) -> list[Sequence[str]]:
        """The columns; none where there are no rows."""
        if self._columns is None:
            return list(zip(*self.rows, strict=True))
        return self._columns
