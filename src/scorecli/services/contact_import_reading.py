"""The rows of an import of contacts, kept aside until all files are read.

What they are known by stays in memory; the rows themselves wait, beyond some megabytes, in an
unnamed temporary file that only its owner can read.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple

from scorecli.domain.contact_groups import Known, number_token
from scorecli.domain.text import fold
from scorecli.readers.contact_rows import ContactReader, ContactRow
from scorecli.readers.rows import RowProblem
from scorecli.services.contact_matching import Groups, group_people

_IN_MEMORY = 16 * 1024 * 1024  # bytes
_NOTHING = frozenset[str]()


class RowBatch(NamedTuple):
    """Rows that were read together: from which file, under which header, and the first's place."""

    file: int
    reader: ContactReader
    first: int
    rows: list[ContactRow]


class ContactRowsRead:
    """Collects the rows of all files; ``file`` is the number of the one that is being read."""

    def __init__(self) -> None:
        self.file = 0
        self.known: list[Known] = []
        self.keys: list[tuple[tuple[str, ...], ...]] = []
        self.lines: list[int] = []
        self.groups = Groups([], {})
        self._spool: Any = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # by close()
        self._batches: list[tuple[int, ContactReader, int, int]] = []

    def add(self, rows: Sequence[ContactRow], reader: ContactReader) -> list[RowProblem]:
        """Keep the rows of a batch; return those that have nothing under ``--key``."""
        problems, kept = [], []
        for row in rows:
            if reader.mapping.key and not row.keys:
                empty = ", ".join(reader.mapping.header[at] for at in reader.mapping.key)
                problems.append(RowProblem(row.line, empty, "it is empty", row.cells))
            else:
                kept.append(row)
        first = len(self.known)
        self.known.extend(map(known_of, kept))
        self.keys.extend(row.keys for row in kept)
        self.lines.extend(row.line for row in kept)
        data = marshal.dumps([tuple(row) for row in kept])
        self._spool.write(data)
        self._batches.append((self.file, reader, first, len(data)))
        return problems

    def batches(self) -> Iterator[RowBatch]:
        """Yield the batches, in the order they were read."""
        self._spool.seek(0)
        for file, reader, first, size in self._batches:
            rows = marshal.loads(self._spool.read(size))  # noqa: S302  # our own, just written
            yield RowBatch(file, reader, first, [ContactRow(*row) for row in rows])

    def join(self) -> None:
        """Join the rows that are one person, once all are read; it takes a while."""
        self.groups = group_people(self.known)

    def close(self) -> None:
        """Drop everything."""
        self._spool.close()


def known_of(row: ContactRow) -> Known:
    """Return what a row is known by."""
    values = row.values
    emails, numbers = values.get("emails"), values.get("numbers")
    company = values.get("company")
    return Known(
        values.get("external_id") or "",
        tuple(map(fold, emails)) if emails else (),
        tuple(dict.fromkeys(number_token(*pair) for pair in numbers)) if numbers else (),
        row.folded,
        fold(company) if company else "",
        values.get("first_name"),
        values.get("last_name"),
        frozenset(_COLUMNS.get(field, field) for field in row.empty) if row.empty else _NOTHING,
    )


_COLUMNS = {"company": "company_id", "owner": "owner_id"}
