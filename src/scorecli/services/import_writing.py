"""Writing new calls, and the quick way into a database that has none."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

from scorecli.readers.calls import Columns
from scorecli.readers.identity import BY_EXTERNAL_ID, without_numbers
from scorecli.services.import_rows import (
    AT,
    COLUMN_NAMES,
    ConversionDays,
    ImportRow,
    RowStorer,
    Stored,
    StoredColumns,
    is_orphan,
    is_scored,
)
from scorecli.services.import_spool import filled_columns
from scorecli.services.new_call_users import NewCallUsers
from scorecli.storage.binding import bind_at_once
from scorecli.storage.changes import Change
from scorecli.storage.database import Database

_GIVEN = ("scored", "identity", "user_id", "assigned_by")
_EVERY = ("id", *COLUMN_NAMES, *_GIVEN, "imported_in", "occurrence")
_AGENT, _EXTENSION, _EMAIL, _STARTED_AT = (
    AT[field] for field in ("agent", "agent_extension", "agent_email", "started_at")
)
_NO_AGENT = (None, None, None)
# Calls inserted by one statement: as many as gain time. What is left over takes the smaller ones,
# since preparing a statement for each number of calls that turns up costs more than it gains.
_TOGETHER = (100, 10, 1)
INSERT_TAG = "INSERT INTO call_tag (call_id, tag_id) VALUES (?, ?)"
_NO_TAGS: frozenset[int] = frozenset()
_CONVERTED, _CONVERTED_ON, _AMOUNT = AT["converted"], AT["converted_on"], AT["amount"]


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
    """A way to bring batches of parsed calls into the database, file by file."""

    def begin(self, fields: frozenset[str], extra: frozenset[str]) -> None:
        """Begin a file that has these fields, and these columns under ``extra``."""

    def add(self, parsed: Columns, count: int, counts: Counts) -> None:
        """Write a batch, or keep it for :meth:`end`."""

    def end(self, counts: Counts) -> None:
        """End a file: write what was kept of it."""

    def finish(self) -> None:
        """End the import, when all files ended."""


class NewCall(NamedTuple):
    """A call as it was inserted."""

    id: int
    values: Stored
    reporting_tags: frozenset[int]
    call_tags: frozenset[int]


class Inserter:
    """Inserts new calls with numbers of its own making, so that their tags can follow at once."""

    def __init__(self, db: Database, change: Change, days: ConversionDays) -> None:
        self._db = db
        self._change = change
        self._days = days
        bind_at_once()
        # No call is ever deleted from the table, so the numbers of all that there were are below.
        last = db.one("SELECT max(id) FROM call") or 0
        self.first = self.next = int(last) + 1
        self._users = NewCallUsers(db, int(time.time()))
        self.with_agent = 0  # calls that say who took them
        self._calls: list[tuple[Any, ...]] = []
        self._tags: list[tuple[int, int]] = []
        self._made: list[tuple[int, str | None]] = []  # calls that a result converted, their day

    def insert_columns(
        self,
        stored: StoredColumns,
        reporting: Iterable[frozenset[int] | None],
        call_tags: Iterable[frozenset[int] | None],
        identities: list[bytes],
    ) -> int:
        """Insert a batch of calls that all occur for the first time; return how many are scored."""
        columns = stored.columns
        first, count = self.next, len(identities)
        self.next += count
        tags_of, call_tags_of = list(reporting), list(call_tags)
        scored = [
            1 if stars is not None or sold or tags else 0
            for stars, sold, tags in zip(
                columns[AT["stars"]], columns[_CONVERTED], tags_of, strict=True
            )
        ]
        agents, extensions, emails = columns[_AGENT], columns[_EXTENSION], columns[_EMAIL]
        self.with_agent += _filled_rows(agents, extensions, emails)
        users, assigned_by = self._users.columns(agents, extensions, emails, columns[_STARTED_AT])
        # The sqlite3 module binds a bytearray as it is, and looks for an adapter of bytes first.
        bound = list(map(bytearray, identities))
        given: tuple[list[Any], ...] = (scored, bound, users, assigned_by)
        filled = dict(zip(_GIVEN, given, strict=True))
        filled.update(zip(COLUMN_NAMES, columns, strict=True))
        # Not their numbers: counting on from the highest one, as here, is what SQLite does.
        last = self._insert(filled, count, {"imported_in": self._change.id})
        assert last == self.next - 1  # noqa: S101  # else their tags would be another call's
        tags = [
            (first + row, tag)
            for row, (ours, theirs) in enumerate(zip(tags_of, call_tags_of, strict=True))
            if ours or theirs
            for tag in sorted((ours or _NO_TAGS) | (theirs or _NO_TAGS))
        ]
        if tags:
            self._db.executemany(INSERT_TAG, tags)
        days = columns[_CONVERTED_ON]
        self._made += [(first + row, None if said else days[row]) for row, said in stored.made]
        return sum(scored)

    def record_made(self) -> None:
        """Record which conversions their results made, so that they go with the results."""
        record = self._change.record
        for call, day in self._made:
            record("call", call, "converted", False, True, written_by="result")
            if day is not None:
                record("call", call, "converted_on", None, day, written_by="result")
        self._made.clear()

    @property
    def assigned(self) -> int:
        """How many of the inserted calls were assigned to a user."""
        return self._users.assigned

    def _insert(
        self, columns: Mapping[str, Sequence[Any]], count: int, shared: Mapping[str, Any] = {}
    ) -> int:
        """Insert columns, beside what all rows share, and return the number of the last row."""
        # Most logs fill a part of the columns only, and binding an empty one costs as much.
        filled = filled_columns(columns)
        width = len(filled)
        flat: list[Any] = [None] * (width * count)
        for at, values in enumerate(filled.values()):
            flat[at::width] = values
        given = list(shared.values())
        names = (*shared, *filled)
        start = last = 0
        for rows in _TOGETHER:
            while count - start >= rows:
                values = given + flat[start * width : (start + rows) * width]
                sql = _insert_sql(names, len(given), rows)
                last = self._db.execute(sql, values).lastrowid or 0
                start += rows
        return last

    def append(self, row: ImportRow, occurrence: int, counts: Counts) -> NewCall:
        """Take a call up for the next :meth:`flush`, and count it."""
        values = self._days.complete(row.values)
        new = NewCall(self.next, values, row.reporting_tags or _NO_TAGS, row.call_tags or _NO_TAGS)
        self.next += 1
        scored = is_scored(values, row.reporting_tags)
        counts.inserted += 1
        counts.scored += scored
        counts.orphan_amounts += is_orphan(values)
        agent, extension, email = values[_AGENT], values[_EXTENSION], values[_EMAIL]
        self.with_agent += (agent, extension, email) != _NO_AGENT
        user, assigned_by = self._users.one(agent, extension, email, values[_STARTED_AT])
        given = (scored, row.identity, user, assigned_by)
        self._calls.append((new.id, *values, *given, self._change.id, occurrence))
        if row.reporting_tags or row.call_tags:
            tags = sorted(new.reporting_tags | new.call_tags)
            self._tags.extend([(new.id, tag) for tag in tags])
        if row.by_result:
            said = row.values[_CONVERTED_ON] is not None
            self._made.append((new.id, None if said else values[_CONVERTED_ON]))
        return new

    def flush(self) -> None:
        """Write the calls that were taken up."""
        if self._calls:
            columns = zip(*self._calls, strict=True)
            self._insert(dict(zip(_EVERY, columns, strict=True)), len(self._calls))
            self._calls.clear()
        if self._tags:
            self._db.executemany(INSERT_TAG, self._tags)
            self._tags.clear()
        self.record_made()


@cache  # the same text, and not one that is equal, is found prepared without reading it
def _insert_sql(names: tuple[str, ...], given: int, rows: int) -> str:
    """Return the statement that inserts some calls; the first ``given`` values are those of all."""
    one = ", ".join([f"?{at}" for at in range(1, given + 1)] + ["?"] * (len(names) - given))
    return f"INSERT INTO call ({', '.join(names)}) VALUES " + ", ".join([f"({one})"] * rows)


class FreshLoad:
    """The quick way into a database without calls: no pairing, indexes built at the end.

    :meth:`finish` raises :class:`NeedsPairing` where several rows may be one call, or a row says
    something that only a stored call could take; the caller then rolls back and takes the careful
    way.
    """

    def __init__(self, db: Database, change: Change, storer: RowStorer) -> None:
        self._db = db
        self._storer = storer
        self.inserter = Inserter(db, change, storer.days)
        self._files = 0
        self._needs_pairing = False
        # Those of a column that no import fills stay: they have nothing to keep up with.
        self._indexes = db.rows(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            " AND tbl_name IN ('call', 'call_tag') AND sql NOT LIKE '%WHERE record_id IS NOT NULL'"
            " ORDER BY sql LIKE 'CREATE UNIQUE%' DESC"
        )
        for name, _ in self._indexes:
            db.execute(f"DROP INDEX {name}")

    def begin(self, fields: frozenset[str], extra: frozenset[str]) -> None:  # noqa: ARG002  # the protocol's
        """Begin a file."""
        self._files += 1

    def add(self, parsed: Columns, count: int, counts: Counts) -> None:
        """Insert a batch."""
        recalls = parsed["recall_at"]
        if recalls.count(None) < len(recalls):
            self._needs_pairing |= any(
                code is None and moment is not None
                for code, moment in zip(parsed["result"], recalls, strict=True)
            )
        stored = self._storer.columns(parsed)
        reporting, call_tags = self._storer.tags(parsed)
        counts.scored += self.inserter.insert_columns(
            stored, reporting, call_tags, without_numbers(parsed["identity"])
        )
        counts.inserted += count
        counts.orphan_amounts += orphans(stored.columns[_AMOUNT], stored.columns[_CONVERTED])

    def end(self, counts: Counts) -> None:
        """End a file."""

    def finish(self) -> None:
        """Build the indexes."""
        if self._needs_pairing:
            raise NeedsPairing
        for _, sql in self._indexes:
            try:
                self._db.execute(sql)
            except sqlite3.IntegrityError as error:
                self._number_repeats(error)
                self._db.execute(sql)
        self.inserter.record_made()  # not before: what was rolled back must not be in the history

    def _number_repeats(self, error: sqlite3.IntegrityError) -> None:
        # Rows of one file that repeat are calls of their own, in their order. The same row in
        # another file is the same call, and so are rows with the same external id.
        if self._files > 1:
            raise NeedsPairing from error
        self._db.execute(
            "UPDATE call SET occurrence = numbered.n FROM (SELECT id, row_number() OVER"
            " (PARTITION BY identity ORDER BY id) AS n FROM call) AS numbered"
            " WHERE numbered.id = call.id AND numbered.n > 1"
        )
        known_by_id = self._db.one(
            "SELECT EXISTS (SELECT 1 FROM call WHERE occurrence > 1"
            " AND substr(identity, 1, 1) = :kind)",
            {"kind": BY_EXTERNAL_ID},
        )
        if known_by_id:
            raise NeedsPairing from error


class NeedsPairing(Exception):  # a turn in the road, not a failure
    """Rows have to be looked at beside the calls that they are about."""


def orphans(amounts: Iterable[Any], converted: Iterable[Any]) -> int:
    """Return how many calls have an amount but are not converted."""
    sales = [sold for amount, sold in zip(amounts, converted, strict=True) if amount is not None]
    return len(sales) - sum(map(bool, sales))


def _filled_rows(*columns: Sequence[Any]) -> int:
    """Return in how many rows some of the columns have a value."""
    filled = [column for column in columns if column.count(None) < len(column)]
    if len(filled) > 1:
        return sum(any(value is not None for value in row) for row in zip(*filled, strict=True))
    return sum(len(column) - column.count(None) for column in filled)
