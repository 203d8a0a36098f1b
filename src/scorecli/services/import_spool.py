"""Parsed calls on their way into the database, kept aside until all files are read.

The write lock is then held only while rows are written, and a file that turns out to be refused
has touched nothing. Beyond some megabytes the calls wait in an unnamed temporary file that only
its owner can read.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from scorecli.readers.calls import PARSED, Columns

if TYPE_CHECKING:
    from scorecli.services.import_reading import FileRead

_IN_MEMORY = 16 * 1024 * 1024  # bytes


class Spool:
    """Batches of parsed calls, written once and read back in order, as often as needed."""

    def __init__(self, file: Any = None) -> None:
        self._file: Any = file or SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed by close()
        self._batches: list[tuple[int, int, int]] = []  # offset, bytes, calls
        self.file = 0  # the number of the file that is being read

    def __len__(self) -> int:
        return sum(count for *_, count in self._batches)

    def add(self, columns: Columns, count: int) -> None:
        """Append the calls of one batch."""
        if count:
            data = self.packed(columns)
            self.note(self._file.tell(), len(data), count)
            self._file.write(data)

    def mark(self) -> int:
        """Return a position to go back to with :meth:`rewind`."""
        return len(self._batches)

    def rewind(self, mark: int) -> None:
        """Forget the batches that were added since ``mark``."""
        if mark < len(self._batches):
            self._file.seek(self.forget(mark))
            self._file.truncate()

    def batches(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[Columns, int]]:
        """Yield the batches from one mark to another."""
        for offset, size, count in self._batches[start:stop]:
            yield self.at(offset, size), count

    def close(self) -> None:
        """Drop everything."""
        self._file.close()

    def note(self, offset: int, size: int, count: int) -> None:
        """Remember where a batch stands."""
        self._batches.append((offset, size, count))

    def forget(self, mark: int) -> int:
        """Forget the batches since ``mark``, and return where the first of them stands."""
        offset = self._batches[mark][0]
        del self._batches[mark:]
        return offset

    def at(self, offset: int, size: int) -> Columns:
        """Return the batch that stands at an offset."""
        count, *values = marshal.loads(self.data(offset, size))  # noqa: S302  # our own, just written
        empty = [None] * count
        return {
            name: empty if column is None else column
            for name, column in zip(PARSED, values, strict=True)
        }

    def data(self, offset: int, size: int) -> bytes:
        """Return the bytes that stand at an offset."""
        self._file.seek(offset)
        found: bytes = self._file.read(size)
        return found

    @staticmethod
    def packed(columns: Columns) -> bytes:
        """Return a batch as it is kept."""
        # Most logs fill a part of the columns only.
        filled = filled_columns(columns)
        count = len(columns[PARSED[0]])
        return marshal.dumps([count, *(filled.get(name) for name in PARSED)])


def filled_columns(columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Return the columns in which some row has a value."""
    filled = {}
    empty = set()  # by which object they are: often one list stands for all that are empty
    for name, values in columns.items():
        if values[0] is None:
            if id(values) in empty:
                continue
            if values.count(None) == len(values):
                empty.add(id(values))
                continue
        filled[name] = values
    return filled


class ReadFiles:
    """Files that were read, and the calls in them."""

    def __init__(self) -> None:
        self.spool = Spool()
        self.reads: list[FileRead] = []

    def __enter__(self) -> ReadFiles:
        return self

    def __exit__(self, *exception: object) -> None:
        self.spool.close()
