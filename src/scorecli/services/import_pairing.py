"""The careful way into a database with calls: every row is paired with the call it may already be.

A row whose stored call says the same is settled at once. A row that differs waits until all rows
were seen, because a later row of the same identity may say exactly what is stored: rows that are
identical to a stored call are paired first, so that importing a file again changes nothing.
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Callable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple

from scorecli.readers.calls import Columns
from scorecli.services.import_rows import (
    AT,
    COLUMN_NAMES,
    FIELD_NAMES,
    SCORE_FIELDS,
    ImportRow,
    RowStorer,
    Stored,
    is_scored,
    merged,
)
from scorecli.services.import_writing import Counts, Inserter
from scorecli.services.score_writer import placeholders
from scorecli.storage.call_columns import LOOKUP_FIELDS
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.results import Results

_SELECT = f"SELECT id, identity, occurrence, removed, {', '.join(COLUMN_NAMES)} FROM call"
_UPDATE = (
    f"UPDATE call SET {', '.join(f'{name} = ?' for name in COLUMN_NAMES)}, scored = ? WHERE id = ?"
)
_ASK = 500  # identities asked for by one statement
_IN_MEMORY = 16 * 1024 * 1024
_CONVERTED = AT["converted"]
_BY_EXTERNAL_ID = b"x"  # the first byte of the identity of a call with an id of its own


class Rules(NamedTuple):
    """How an import treats calls that exist."""

    overwrite_scores: bool = False
    clear_empty: bool = False


class _Known:
    """A stored call as pairing sees it."""

    __slots__ = ("call_tags", "id", "occurrence", "removed", "reporting_tags", "values")

    def __init__(self, call: int, occurrence: int, removed: str | None, values: Stored) -> None:
        self.id = call
        self.occurrence = occurrence
        self.removed = removed
        self.values = values
        self.reporting_tags: frozenset[int] = frozenset()
        self.call_tags: frozenset[int] = frozenset()


class _Marks:
    """A set of call numbers that costs one bit each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> None:
        byte = number >> 3
        if byte >= len(self._bits):
            self._bits.extend(bytes(byte + 4096 - len(self._bits)))
        self._bits[byte] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        byte = number >> 3
        return byte < len(self._bits) and bool(self._bits[byte] & (1 << (number & 7)))


class PairingLoad:
    """Inserts what is new, updates what changed, leaves the rest."""

    def __init__(
        self, db: Database, change: Change, storer: RowStorer, results: Results, rules: Rules
    ) -> None:
        self._db = db
        self._change = change
        self._storer = storer
        self._results = results
        self._rules = rules
        self.inserter = Inserter(db, change)
        self._paired = _Marks()
        self._waiting_for = _Marks()
        self._latest: dict[int, int] = {}  # call -> the last of several waiting rows for it
        self._settled: dict[int, int] = {}  # call -> the row that said what is stored
        self._waiting = _Waiting()
        self._row = 0
        self._texts: dict[int, str] = {}

    def add(self, parsed: Columns, count: int, fields: frozenset[str], counts: Counts) -> None:  # noqa: ARG002  # the protocol's
        """Settle the rows of a batch that are new or say what is stored; let the others wait."""
        rows = list(self._storer.rows(parsed))
        known = self._find([row.identity for row in rows])
        new: list[tuple[ImportRow, int]] = []
        for row in rows:
            self._row += 1
            values = row.values
            if values[AT["amount"]] is not None and not values[AT["converted"]]:
                counts.orphan_amounts += 1
            candidates = known.setdefault(row.identity, [])
            if row.identity[:1] == _BY_EXTERNAL_ID:
                self._settle_by_id(row, candidates, new, fields, counts)
            else:
                self._settle_by_occurrence(row, candidates, new, fields, counts)
        self.inserter.insert_rows(new)

    def finish(self) -> None:
        """Settle the rows that waited."""
        for part in self._waiting.batches():
            known = self._find([waiting.row.identity for waiting in part])
            new: list[tuple[ImportRow, int]] = []
            writes: list[tuple[_Known, _WaitingRow]] = []
            for waiting in part:
                row, counts = waiting.row, waiting.counts
                candidates = known.setdefault(row.identity, [])
                if row.identity[:1] == _BY_EXTERNAL_ID:
                    call = candidates[0]
                    if self._is_superseded(call.id, waiting.number):
                        counts.unchanged += 1
                    else:
                        writes.append((call, waiting))
                    continue
                free = self._free(candidates)
                if free is None:
                    self._insert(row, candidates, new, counts)
                else:
                    self._paired.add(free.id)
                    writes.append((free, waiting))
            self.inserter.insert_rows(new)
            self._update(writes)

    def _settle_by_id(
        self,
        row: ImportRow,
        candidates: list[_Known],
        new: list[tuple[ImportRow, int]],
        fields: frozenset[str],
        counts: Counts,
    ) -> None:
        if not candidates:
            self._insert(row, candidates, new, counts)
            return
        call = candidates[0]
        waits = call.id in self._waiting_for
        if call.removed == "deleted" or self._says_the_same(row, call, fields):
            counts.unchanged += 1
            if waits:
                self._settled[call.id] = self._row
            return
        if waits:
            self._latest[call.id] = self._row
        self._waiting_for.add(call.id)
        self._waiting.add(self._row, row, fields, counts)

    def _settle_by_occurrence(
        self,
        row: ImportRow,
        candidates: list[_Known],
        new: list[tuple[ImportRow, int]],
        fields: frozenset[str],
        counts: Counts,
    ) -> None:
        any_free = False
        for call in candidates:
            if call.id >= self.inserter.first or call.id in self._paired:
                continue
            any_free = True
            if self._says_the_same(row, call, fields):
                self._paired.add(call.id)
                counts.unchanged += 1
                return
        if any_free:
            self._waiting.add(self._row, row, fields, counts)
        else:
            self._insert(row, candidates, new, counts)

    def _insert(
        self,
        row: ImportRow,
        candidates: list[_Known],
        new: list[tuple[ImportRow, int]],
        counts: Counts,
    ) -> None:
        occurrence = max((call.occurrence for call in candidates), default=0) + 1
        number = self.inserter.next + len(new)
        added = _Known(number, occurrence, None, row.values)
        added.reporting_tags = row.reporting_tags or frozenset()
        added.call_tags = row.call_tags or frozenset()
        candidates.append(added)
        new.append((row, occurrence))
        counts.inserted += 1
        counts.scored += is_scored(row.values, row.reporting_tags)

    def _free(self, candidates: Sequence[_Known]) -> _Known | None:
        for call in candidates:
            if call.id < self.inserter.first and call.id not in self._paired:
                return call
        return None

    def _is_superseded(self, call: int, number: int) -> bool:
        return self._settled.get(call, 0) > number or self._latest.get(call, number) != number

    def _says_the_same(self, row: ImportRow, call: _Known, fields: frozenset[str]) -> bool:
        if call.removed == "deleted":
            return True
        for ours, stored in (
            (row.reporting_tags, call.reporting_tags),
            (row.call_tags, call.call_tags),
        ):
            if ours is not None and ours != stored:
                return False
        if self._clears_tags(row, call, fields):
            return False
        values, stored_values = row.values, call.values
        if values[_CONVERTED] is None:
            values = (*values[:_CONVERTED], stored_values[_CONVERTED], *values[_CONVERTED + 1 :])
        if values == stored_values and not self._rules.clear_empty:
            return True  # the usual case, at the speed of comparing two tuples
        return merged(stored_values, row.values, self._cleared(fields)) == stored_values

    def _cleared(self, fields: frozenset[str]) -> frozenset[str]:
        if not self._rules.clear_empty:
            return frozenset()
        derived = {"contact_number_e164"} if "contact_number" in fields else set()
        return (fields | derived) - {"system", "external_id"}

    def _clears_tags(self, row: ImportRow, call: _Known, fields: frozenset[str]) -> bool:
        if not self._rules.clear_empty:
            return False
        return any(
            field in fields and getattr(row, field) is None and getattr(call, field)
            for field in ("reporting_tags", "call_tags")
        )

    def _find(self, identities: Sequence[bytes]) -> dict[bytes, list[_Known]]:
        """Return the stored calls of some identities, in order; undone ones make room."""
        found: dict[bytes, list[_Known]] = {}
        by_number: dict[int, _Known] = {}
        undone: list[tuple[int]] = []
        distinct = list(dict.fromkeys(identities))
        for start in range(0, len(distinct), _ASK):
            part = distinct[start : start + _ASK]
            for call, identity, occurrence, removed, *values in self._db.execute(
                f"{_SELECT} WHERE identity IN ({placeholders(part)}) ORDER BY occurrence", part
            ):
                if removed == "undone":
                    if occurrence > 0:
                        undone.append((call,))
                    continue
                known = by_number[call] = _Known(call, occurrence, removed, tuple(values))
                found.setdefault(identity, []).append(known)
        self._add_tags(by_number)
        self._db.executemany("UPDATE call SET occurrence = -id WHERE id = ?", undone)
        return found

    def _add_tags(self, by_number: dict[int, _Known]) -> None:
        numbers = list(by_number)
        for start in range(0, len(numbers), _ASK):
            part = numbers[start : start + _ASK]
            for call, tag, kind in self._db.execute(
                "SELECT call_tag.call_id, tag.id, tag.kind FROM call_tag"
                " JOIN tag ON tag.id = call_tag.tag_id"
                f" WHERE call_tag.call_id IN ({placeholders(part)})",
                part,
            ):
                known = by_number[call]
                if kind == "reporting":
                    known.reporting_tags |= {tag}
                else:
                    known.call_tags |= {tag}

    def _update(self, writes: Sequence[tuple[_Known, _WaitingRow]]) -> None:
        protected: dict[int, set[str]] = {}
        if not self._rules.overwrite_scores:
            protected = self._written_by_people([call.id for call, _ in writes])
        updates: list[tuple[Any, ...]] = []
        add_tags: list[tuple[int, int]] = []
        drop_tags: list[tuple[int, int]] = []
        for call, waiting in writes:
            row, fields, counts = waiting.row, waiting.fields, waiting.counts
            kept = protected.get(call.id, set())
            values = self._allowed(call, row, fields, kept)
            changed = self._record(call, values)
            for field in ("reporting_tags", "call_tags"):
                before = getattr(call, field)
                after = self._tags_after(row, call, fields, field)
                if field in kept or after == before:
                    continue
                changed.add(field)
                for tag in sorted(after - before):
                    self._change.record("call", call.id, field, False, True, item=str(tag))
                    add_tags.append((call.id, tag))
                for tag in sorted(before - after):
                    self._change.record("call", call.id, field, True, False, item=str(tag))
                    drop_tags.append((call.id, tag))
                setattr(call, field, after)
            if not changed:
                counts.unchanged += 1
                continue
            counts.updated += 1
            counts.scored += 1 if changed & SCORE_FIELDS else 0
            updates.append((*values, is_scored(values, call.reporting_tags), call.id))
        self._db.executemany("DELETE FROM call_tag WHERE call_id = ? AND tag_id = ?", drop_tags)
        self._db.executemany("INSERT INTO call_tag (call_id, tag_id) VALUES (?, ?)", add_tags)
        self._db.executemany(_UPDATE, updates)

    def _allowed(
        self, call: _Known, row: ImportRow, fields: frozenset[str], kept: set[str]
    ) -> Stored:
        """Return the columns after the import, without what people wrote last."""
        values = merged(call.values, row.values, self._cleared(fields))
        if not kept or values == call.values:
            return values
        together = {"currency": "amount", "contact_number_e164": "contact_number"}
        return tuple(
            before if together.get(field, field) in kept else after
            for field, before, after in zip(FIELD_NAMES, call.values, values, strict=True)
        )

    def _tags_after(
        self, row: ImportRow, call: _Known, fields: frozenset[str], field: str
    ) -> frozenset[int]:
        after: frozenset[int] | None = getattr(row, field)
        if after is None:
            clears = self._rules.clear_empty and field in fields
            before: frozenset[int] = getattr(call, field)
            return frozenset() if clears else before
        return after

    def _record(self, call: _Known, values: Stored) -> set[str]:
        changed = set()
        for field, before, after in zip(FIELD_NAMES, call.values, values, strict=True):
            if before == after or field == "currency":
                continue
            changed.add(field)
            show = self._shown(field)
            if field == "amount":
                money = _money(call.values), _money(values)
                self._change.record("call", call.id, field, *money)
            else:
                self._change.record("call", call.id, field, show(before), show(after))
        if "amount" not in changed and _money(call.values) != _money(values):
            changed.add("amount")
            self._change.record("call", call.id, "amount", _money(call.values), _money(values))
        return changed

    def _shown(self, field: str) -> Callable[[Any], Any]:
        if field in LOOKUP_FIELDS:
            return self._text
        if field == "result":
            return self._results.code
        if field == "extra":
            return lambda text: None if text is None else json.loads(text)
        if field == "converted":
            return bool
        return lambda value: value

    def _text(self, number: int | None) -> str | None:
        if number is None:
            return None
        if number not in self._texts:
            self._texts[number] = self._db.one(
                "SELECT value FROM lookup WHERE id = :number", {"number": number}
            )
        return self._texts[number]

    def _written_by_people(self, calls: Sequence[int]) -> dict[int, set[str]]:
        """Return, by call, the fields that a person wrote last (in changes that still stand)."""
        writers: dict[int, dict[str, str]] = {}
        for start in range(0, len(calls), _ASK):
            part = calls[start : start + _ASK]
            for call, field, origin, written_by in self._db.execute(
                "SELECT change_entry.entity_id, change_entry.field, change.origin,"
                " change_entry.written_by FROM change_entry"
                " JOIN change ON change.id = change_entry.change_id"
                " WHERE change_entry.entity = 'call'"
                f" AND change_entry.entity_id IN ({placeholders(part)})"
                " AND change.undoes IS NULL AND change.undone_by IS NULL ORDER BY change_entry.id",
                part,
            ):
                by_person = origin == "person" and written_by != "rule"
                writers.setdefault(call, {})[field] = "person" if by_person else "other"
        return {
            call: {field for field, writer in fields.items() if writer == "person"}
            for call, fields in writers.items()
        }


class _WaitingRow(NamedTuple):
    number: int
    row: ImportRow
    fields: frozenset[str]
    counts: Counts


class _Waiting:
    """Rows that wait for the end, in memory or, when they are many, in an unnamed file."""

    def __init__(self) -> None:
        self._file: Any = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # lives as long as we do
        self._part: list[tuple[Any, ...]] = []
        self._parts: list[tuple[int, int]] = []  # offset, bytes
        self._files: list[tuple[frozenset[str], Counts]] = []

    def add(self, number: int, row: ImportRow, fields: frozenset[str], counts: Counts) -> None:
        if not self._files or self._files[-1][1] is not counts:
            self._files.append((fields, counts))
        values, reporting, call_tags, identity = row
        self._part.append((number, len(self._files) - 1, values, reporting, call_tags, identity))
        if len(self._part) >= _ASK:
            self._write()

    def batches(self) -> Iterator[list[_WaitingRow]]:
        self._write()
        for offset, size in self._parts:
            self._file.seek(offset)
            part = marshal.loads(self._file.read(size))  # noqa: S302  # our own file, just written
            yield [
                _WaitingRow(number, ImportRow(*row), *self._files[file])
                for number, file, *row in part
            ]

    def _write(self) -> None:
        if self._part:
            data = marshal.dumps(self._part)
            self._parts.append((self._file.tell(), len(data)))
            self._file.write(data)
            self._part = []


def _money(values: Stored) -> list[Any] | None:
    amount = values[AT["amount"]]
    return None if amount is None else [amount, values[AT["currency"]]]
