"""The second half of an import: parsed calls are paired with stored ones and written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any, Protocol

from scorecli.readers.calls import Columns
from scorecli.services.import_rows import (
    AT,
    COLUMN_NAMES,
    ImportRow,
    RowStorer,
    Stored,
    is_scored,
)
from scorecli.storage.changes import Change
from scorecli.storage.database import Database

_EVERY = ("id", *COLUMN_NAMES, "scored", "imported_in", "identity", "occurrence")
INSERT_CALL = f"INSERT INTO call ({', '.join(_EVERY)}) VALUES ({', '.join('?' * len(_EVERY))})"
_TOGETHER = 20  # calls inserted by one statement; more of them gain nothing
INSERT_TAG = "INSERT INTO call_tag (call_id, tag_id) VALUES (?, ?)"
_CONVERTED, _AMOUNT = AT["converted"], AT["amount"]


class Counts:
    """What became of the calls of one file."""

    __slots__ = ("inserted", "orphan_amounts", "scored", "unchanged", "updated")

    def __init__(self) -> None:
        self.inserted = 0
        self.updated = 0
        self.unchanged = 0
        self.scored = 0
        self.orphan_amounts = 0


class CallLoad(Protocol):
    """A way to bring batches of parsed calls into the database."""

    def add(self, parsed: Columns, count: int, fields: frozenset[str], counts: Counts) -> None:
        """Write a batch, or keep it for :meth:`finish`."""

    def finish(self) -> None:
        """Write what was kept."""


class Inserter:
    """Inserts new calls with numbers of its own making, so that their tags can follow at once."""

    def __init__(self, db: Database, change: Change) -> None:
        self._db = db
        self._change = change
        # No call is ever deleted from the table, so the numbers of all that there were are below.
        last = db.one("SELECT max(id) FROM call") or 0
        self.first = self.next = int(last) + 1

    def insert_columns(
        self,
        columns: Sequence[list[Any]],
        reporting: Iterable[frozenset[int] | None],
        call_tags: Iterable[frozenset[int] | None],
        identities: list[bytes],
    ) -> int:
        """Insert a batch of calls that all occur for the first time; return how many are scored."""
        first, count = self.next, len(identities)
        self.next += count
        columns = list(columns)
        converted = columns[_CONVERTED] = [1 if c else 0 for c in columns[_CONVERTED]]
        reporting, call_tags = list(reporting), list(call_tags)
        scored = [
            1 if stars is not None or sold or tags else 0
            for stars, sold, tags in zip(columns[AT["stars"]], converted, reporting, strict=True)
        ]
        # Most logs fill a part of the columns only, and binding an empty one costs as much.
        filled = {
            name: values
            for name, values in zip(COLUMN_NAMES, columns, strict=True)
            if values.count(None) != count
        }
        self._insert(
            ("id", *filled, "scored", "imported_in", "identity"),
            (
                range(first, self.next),
                *filled.values(),
                scored,
                [self._change.id] * count,
                identities,
            ),
            count,
        )
        tags = [
            (first + row, tag)
            for row, (ours, theirs) in enumerate(zip(reporting, call_tags, strict=True))
            if ours or theirs
            for tag in sorted((ours or frozenset()) | (theirs or frozenset()))
        ]
        if tags:
            self._db.executemany(INSERT_TAG, tags)
        return sum(scored)

    def _insert(self, names: Sequence[str], columns: Sequence[Iterable[Any]], count: int) -> None:
        values = chain.from_iterable(zip(*columns, strict=True))
        one = f"({', '.join('?' * len(names))})"
        into = f"INSERT INTO call ({', '.join(names)}) VALUES "
        for start in range(0, count, _TOGETHER):
            rows = min(_TOGETHER, count - start)
            sql = into + ", ".join([one] * rows)
            self._db.execute(sql, tuple(islice(values, rows * len(names))))

    def insert_rows(self, rows: Sequence[tuple[ImportRow, int]]) -> None:
        """Insert calls with their occurrences; they take the next numbers in order."""
        if not rows:
            return  # asking for the change's number would enter an empty change in the history
        change = self._change.id
        calls, tags = [], []
        for row, occurrence in rows:
            values = _with_flag(row.values)
            scored = is_scored(values, row.reporting_tags)
            calls.append((self.next, *values, scored, change, row.identity, occurrence))
            for tag in sorted((row.reporting_tags or frozenset()) | (row.call_tags or frozenset())):
                tags.append((self.next, tag))
            self.next += 1
        self._db.executemany(INSERT_CALL, calls)
        if tags:
            self._db.executemany(INSERT_TAG, tags)


class FreshLoad:
    """The quick way into a database without calls: no pairing, indexes built at the end.

    :meth:`finish` raises :class:`RepeatedCalls` where one identity occurs more than once; the
    caller then rolls back and takes the careful way.
    """

    def __init__(self, db: Database, change: Change, storer: RowStorer) -> None:
        self._db = db
        self._storer = storer
        self.inserter = Inserter(db, change)
        self._indexes = db.rows(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            " AND tbl_name IN ('call', 'call_tag') ORDER BY sql LIKE 'CREATE UNIQUE%' DESC"
        )
        for name, _ in self._indexes:
            db.execute(f"DROP INDEX {name}")

    def add(self, parsed: Columns, count: int, fields: frozenset[str], counts: Counts) -> None:  # noqa: ARG002  # the protocol's
        """Insert a batch."""
        columns = self._storer.columns(parsed)
        reporting, call_tags = self._storer.tags(parsed)
        counts.scored += self.inserter.insert_columns(
            columns, reporting, call_tags, parsed["identity"]
        )
        counts.inserted += count
        counts.orphan_amounts += orphans(columns[_AMOUNT], columns[_CONVERTED])

    def finish(self) -> None:
        """Build the indexes."""
        for _, sql in self._indexes:
            try:
                self._db.execute(sql)
            except sqlite3.IntegrityError as error:
                raise RepeatedCalls from error


class RepeatedCalls(Exception):  # noqa: N818  # a turn in the road, not a failure
    """A file brings the same identity more than once."""


def orphans(amounts: Iterable[Any], converted: Iterable[Any]) -> int:
    """Return how many calls have an amount but are not converted."""
    return sum(
        1
        for amount, sold in zip(amounts, converted, strict=True)
        if amount is not None and not sold
    )


def _with_flag(values: Stored) -> Stored:
    return (*values[:_CONVERTED], 1 if values[_CONVERTED] else 0, *values[_CONVERTED + 1 :])
