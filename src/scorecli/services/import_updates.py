"""Bringing stored calls up to date: what an import may change on them, and the history of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from scorecli.domain.scoring import NOTHING_CAUSED, loses_conversion
from scorecli.services.import_known import Known
from scorecli.services.import_options import Updating
from scorecli.services.import_rows import (
    AT,
    COLUMN_NAMES,
    FIELD_NAMES,
    NOTHING_CLEARED,
    SCORE_FIELDS,
    Clearing,
    ImportRow,
    RowStorer,
    Stored,
    is_orphan,
    is_scored,
    merged,
)
from scorecli.services.import_writing import INSERT_TAG, Counts
from scorecli.services.score_writer import caused_by_results
from scorecli.storage.call_columns import LOOKUP_FIELDS
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks, placeholders
from scorecli.storage.results import Results

_UPDATE = (
    f"UPDATE call SET {', '.join(f'{name} = ?' for name in COLUMN_NAMES)}, scored = ? WHERE id = ?"
)
_TOGETHER = {"currency": "amount", "contact_number_e164": "contact_number"}
_CONVERTED, _CONVERTED_ON, _RESULT = AT["converted"], AT["converted_on"], AT["result"]
_AMOUNT, _CURRENCY, _RECALL = AT["amount"], AT["currency"], AT["recall_at"]


class CallState(NamedTuple):
    """What an import can change on a call."""

    values: Stored
    reporting_tags: frozenset[int]
    call_tags: frozenset[int]

    @classmethod
    def of(cls, call: Known) -> CallState:
        """Return the state of a stored call."""
        return cls(call.values, call.reporting_tags, call.call_tags)


class Effects(NamedTuple):
    """What results do to the conversion of a call while rows are merged into it.

    ``caused`` is what its result put there, with the values of before (see
    :func:`caused_by_results`); ``written`` are the fields that results wrote in this import.
    """

    caused: Mapping[str, Any] = NOTHING_CAUSED
    written: frozenset[str] = frozenset()


NO_EFFECTS = Effects()


class Written(NamedTuple):
    """Who wrote to a call since it came, in changes that still stand.

    ``kept`` are the fields that a person wrote last. ``replaced`` holds those that a rule did, with
    what stood there before; ``tagged`` the tags that rules added.
    """

    kept: set[str]
    replaced: dict[str, str | None]
    tagged: set[int]


NOTHING_WRITTEN = Written(set(), {}, set())


class Updates:
    """Merges rows into stored calls, and writes what changed, a batch at a time."""

    def __init__(
        self, db: Database, change: Change, results: Results, storer: RowStorer, updating: Updating
    ) -> None:
        self._db = db
        self._change = change
        self._results = results
        self._marking = storer.marking
        self._days = storer.days
        self._updating = updating
        self._clearing = NOTHING_CLEARED
        self._texts: dict[int, str] = {}
        self._calls: list[tuple[Any, ...]] = []
        self._add_tags: list[tuple[int, int]] = []
        self._drop_tags: list[tuple[int, int]] = []

    def begin(self, fields: frozenset[str], extra: frozenset[str]) -> None:
        """Begin a file that has these fields, and these columns under ``extra``."""
        if self._updating.clear_empty:
            self._clearing = Clearing.of(fields, extra)

    def says_the_same(self, row: ImportRow, call: Known) -> bool:
        """Tell whether a row would leave a call as it is, if nothing were protected."""
        stored = call.values
        if row.reporting_tags is None and row.call_tags is None and not self._clearing.columns:
            values = row.values
            if values[_CONVERTED] is None:
                values = (*values[:_CONVERTED], stored[_CONVERTED], *values[_CONVERTED + 1 :])
            if values == stored:
                return True  # the usual case, at the speed of comparing two tuples
        before = CallState.of(call)
        after, _ = self.after(before, row, (), NO_EFFECTS)
        return self.completed(after, ()) == before

    def after(
        self, state: CallState, row: ImportRow, kept: Collection[str], effects: Effects
    ) -> tuple[CallState, Effects]:
        """Return a call's state after a row, and the effects of its result.

        ``kept`` are the fields that a person wrote last. When no further row is about the call,
        :meth:`completed` follows.
        """
        clearing = self._clearing
        given, by_result = row.values, row.by_result
        if "result" in kept and given[_RESULT] not in (None, state.values[_RESULT]):
            # A result that the call does not get does nothing to it.
            said = None if by_result else given[_CONVERTED]
            given, by_result = _with(given, {_CONVERTED: said, _RECALL: None}), False
        values = merged(state.values, given, clearing)
        if kept and values != state.values:
            values = tuple(
                before if _TOGETHER.get(field, field) in kept else after
                for field, before, after in zip(FIELD_NAMES, state.values, values, strict=True)
            )
        if values != state.values:
            said = None if by_result else given[_CONVERTED]
            values, effects = self._after_result(state.values, values, given, said, effects)
            values, effects = _after_recall(state.values, values, given, effects)
        reporting, call_tags = row.reporting_tags, row.call_tags
        if reporting is None:
            reporting = frozenset() if clearing.reporting_tags else state.reporting_tags
        if call_tags is None:
            call_tags = frozenset() if clearing.call_tags else state.call_tags
        after = CallState(
            values,
            state.reporting_tags if "reporting_tags" in kept else reporting,
            state.call_tags if "call_tags" in kept else call_tags,
        )
        return after, effects

    def _after_result(
        self, before: Stored, after: Stored, given: Stored, said: bool | None, effects: Effects
    ) -> tuple[Stored, Effects]:
        """Take back what the former result made, and note what the new one does."""
        caused, written = effects
        if said is not None:
            touched = after[_CONVERTED] != before[_CONVERTED]
            return after, Effects(written=written - {"converted"}) if touched else effects
        if not before[_CONVERTED] and after[_CONVERTED]:
            made: dict[str, Any] = {"converted": False}
            if after[_CONVERTED_ON] is None:
                made["converted_on"] = None
            return after, Effects(made, written | made.keys())
        replaced = loses_conversion(
            before[_RESULT],
            after[_RESULT],
            converts=after[_RESULT] in self._marking,
            converted=bool(before[_CONVERTED] and after[_CONVERTED]),
            said=said,
        )
        if not replaced or not caused:
            return after, effects
        values: dict[int, Any] = {_CONVERTED: 0}
        if "converted_on" in caused and given[_CONVERTED_ON] is None:
            values[_CONVERTED_ON] = caused["converted_on"]
        if "amount" in caused and given[_AMOUNT] is None:
            values[_AMOUNT], values[_CURRENCY] = caused["amount"] or (None, None)
        return _with(after, values), Effects(written=written | caused.keys())

    def completed(self, state: CallState, kept: Collection[str]) -> CallState:
        """Return the state with the day of the call for a conversion that has none."""
        if "converted_on" in kept:
            return state
        return state._replace(values=self._days.complete(state.values))

    def write(
        self,
        call: int,
        before: CallState,
        after: CallState,
        counts: Counts,
        by_result: frozenset[str] = frozenset(),
    ) -> bool:
        """Take a change up for the next :meth:`flush`, with its history; False if it is none.

        ``by_result`` are fields that a result wrote rather than the file.
        """
        if before == after:
            return False
        changed = self._record(call, before.values, after.values, by_result)
        for field, old, new in (
            ("reporting_tags", before.reporting_tags, after.reporting_tags),
            ("call_tags", before.call_tags, after.call_tags),
        ):
            for tag in sorted(new - old):
                self._change.record("call", call, field, False, True, item=str(tag))
                self._add_tags.append((call, tag))
            for tag in sorted(old - new):
                self._change.record("call", call, field, True, False, item=str(tag))
                self._drop_tags.append((call, tag))
            if old != new:
                changed.add(field)
        scored = is_scored(after.values, after.reporting_tags)
        if changed & SCORE_FIELDS:
            counts.scored += scored
        self._calls.append((*after.values, scored, call))
        return True

    def flush(self) -> None:
        """Write what was taken up."""
        if self._calls:
            self._db.executemany(_UPDATE, self._calls)
            self._calls.clear()
        if self._drop_tags:
            self._db.executemany(
                "DELETE FROM call_tag WHERE call_id = ? AND tag_id = ?", self._drop_tags
            )
            self._drop_tags.clear()
        if self._add_tags:
            self._db.executemany(INSERT_TAG, self._add_tags)
            self._add_tags.clear()

    def written(self, calls: Sequence[int]) -> dict[int, Written]:
        """Return, by call, what an import leaves alone since others than imports wrote it."""
        if self._updating.overwrite_scores:
            return {}
        found: dict[int, Written] = {}
        for part in chunks(calls):
            for call, field, item, before, after, origin, by in self._db.execute(
                "SELECT change_entry.entity_id, change_entry.field, change_entry.item,"
                ' change_entry."before", change_entry."after", change.origin,'
                " change_entry.written_by FROM change_entry"
                " JOIN change ON change.id = change_entry.change_id"
                " WHERE change_entry.entity = 'call'"
                f" AND change_entry.entity_id IN ({placeholders(part)})"
                " AND change.undoes IS NULL AND change.undone_by IS NULL ORDER BY change_entry.id",
                part,
            ):
                one = found.setdefault(call, Written(set(), {}, set()))
                one.kept.discard(field)
                if item:
                    one.tagged.discard(int(item))
                if by != "rule":
                    one.replaced.pop(field, None)
                    if origin == "person":
                        one.kept.add(field)
                elif not item:
                    one.replaced.setdefault(field, before)
                elif after == "true":
                    one.tagged.add(int(item))
        return found

    def news(self, row: ImportRow, state: CallState, written: Written) -> ImportRow:
        """Return a row without what the file said before rules wrote something else.

        So what rules did stays until the file says something new.
        """
        known: dict[int, Any] = {}
        for field, before in written.replaced.items():
            at = AT.get(field)
            if at is None or row.values[at] is None:
                continue
            said = _money(row.values) if field == "amount" else self._shown(field)(row.values[at])
            if before is not None and said == json.loads(before):
                known[at] = state.values[at]
                if field == "amount":
                    known[_CURRENCY] = state.values[_CURRENCY]
        by_result = row.by_result
        if by_result and _RESULT in known:
            known[_CONVERTED], by_result = None, False
            known[_RECALL] = None  # it came with that result
        reporting, call_tags = row.reporting_tags, row.call_tags
        if reporting is not None:
            reporting |= state.reporting_tags & written.tagged
        if call_tags is not None:
            call_tags |= state.call_tags & written.tagged
        values = _with(row.values, known) if known else row.values
        return ImportRow(values, reporting, call_tags, row.identity, by_result, row.origin)

    def effects(self, calls: Sequence[Known]) -> dict[int, Effects]:
        """Return, by call, what the results of calls put there; most have put nothing."""
        sold = [call.id for call in calls if call.values[_CONVERTED] and call.values[_RESULT]]
        if not sold:
            return {}
        self._change.flush()  # a call may be as new as this import
        found = caused_by_results(self._db, sold)
        return {call: Effects(caused) for call, caused in found.items()}

    def _record(
        self, call: int, before: Stored, after: Stored, by_result: frozenset[str]
    ) -> set[str]:
        changed = set()
        for field, old, new in zip(FIELD_NAMES, before, after, strict=True):
            if old == new:
                continue
            if field in ("amount", "currency"):
                if "amount" not in changed:
                    by = "result" if "amount" in by_result else None
                    money = _money(before), _money(after)
                    self._change.record("call", call, "amount", *money, written_by=by)
                changed.add("amount")
                continue
            changed.add(field)
            show = self._shown(field)
            by = "result" if field in by_result else None
            self._change.record("call", call, field, show(old), show(new), written_by=by)
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


def _with(values: Stored, replaced: Mapping[int, Any]) -> Stored:
    return tuple(replaced.get(at, value) for at, value in enumerate(values))


def _after_recall(
    before: Stored, after: Stored, given: Stored, effects: Effects
) -> tuple[Stored, Effects]:
    """Take away when to call again, where that was given with a former result."""
    caused, written = effects
    moment = given[_RECALL] if after[_RESULT] != before[_RESULT] else after[_RECALL]
    if moment is None and before[_RECALL] is not None and after[_RESULT] != before[_RESULT]:
        effects = Effects(caused, written | {"recall_at"})
    elif moment != before[_RECALL]:
        effects = Effects(caused, written - {"recall_at"})
    return _with(after, {_RECALL: moment}), effects


def count_orphan(row: ImportRow, after: CallState, counts: Counts) -> None:
    """Count a row that brings an amount to a call that is not converted."""
    if row.values[AT["amount"]] is not None and is_orphan(after.values):
        counts.orphan_amounts += 1


def _money(values: Stored) -> list[Any] | None:
    amount = values[AT["amount"]]
    return None if amount is None else [amount, values[AT["currency"]]]
