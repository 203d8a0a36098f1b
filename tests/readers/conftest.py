"""What the tests of the readers share: writing a file and reading it whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scorecli.readers.table import RowProblem, open_table


class Whole(NamedTuple):
    """A table read to its end."""

    header: list[str]
    rows: dict[int, list[str]]
    problems: dict[int, RowProblem]
    notices: list[str]
    delimiter: str | None
    encoding: str | None
    kind: str


ReadBytes = Callable[..., Whole]


def read_path(path: str, size: int = 500, **options: Any) -> Whole:
    """Everything in the file, by line; no line may be told twice."""
    with open_table(path, **options) as table:
        rows: dict[int, list[str]] = {}
        problems: dict[int, RowProblem] = {}
        header = list(table.header)
        for batch in table.batches(size):
            header = batch.header
            for line, row in zip(batch.lines, batch.rows, strict=True):
                assert line not in rows
                assert line not in problems
                assert len(row) == len(batch.header)
                rows[line] = row
            for problem in batch.problems:
                assert problem.line not in rows
                assert problem.line not in problems
                problems[problem.line] = problem
        return Whole(
            header, rows, problems, table.notices, table.delimiter, table.encoding, table.kind
        )


@pytest.fixture(scope="session")
def read_bytes(tmp_path_factory: pytest.TempPathFactory) -> ReadBytes:
    """Reads the bytes given as a file; options are those of open_table, and size of a batch."""
    folder: Path = tmp_path_factory.mktemp("input")

    def read(content: bytes | str, name: str = "calls.csv", **options: Any) -> Whole:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_path(str(path), **options)

    return read
