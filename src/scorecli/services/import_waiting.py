"""Rows that wait for the end of their file, in memory or, where many, in an unnamed file."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

from scorecli.services.import_rows import ImportRow

_IN_MEMORY = 16 * 1024 * 1024  # bytes
_PART = 500  # rows


class WaitingRows:
    """Rows with their numbers, read back once in the order in which they came."""

    def __init__(self) -> None:
        self._file: Any = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # see drain
        self._part: list[tuple[Any, ...]] = []
        self._parts: list[tuple[int, int]] = []  # offset, bytes

    def add(self, number: int, row: ImportRow) -> None:
        """Append a row."""
        self._part.append((number, *row))
        if len(self._part) >= _PART:
            self._write()

    def drain(self) -> Iterator[list[tuple[int, ImportRow]]]:
        """Yield the rows in parts, and forget them all at the end."""
        if self._parts:
            self._write()
        elif self._part:
            yield [(number, ImportRow(*row)) for number, *row in self._part]
        for offset, size in self._parts:
            self._file.seek(offset)
            part = marshal.loads(self._file.read(size))  # noqa: S302  # our own file, just written
            yield [(number, ImportRow(*row)) for number, *row in part]
        self._file.seek(0)
        self._file.truncate()
        self._parts.clear()
        self._part.clear()

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _write(self) -> None:
        if self._part:
            data = marshal.dumps(self._part)
            self._parts.append((self._file.tell(), len(data)))
            self._file.write(data)
            self._part = []
