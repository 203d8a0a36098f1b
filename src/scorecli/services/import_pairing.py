"""The careful way into a database with calls: every row is paired with the call it may already be.

A row that is exactly a stored call is settled at once. Others wait for the end of their file, as a
later row of the same identity may be exactly that call. Then those rows are paired that would leave
a call as it is, and only then those that change one: so importing a file again changes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from scorecli.readers.calls import Columns
from scorecli.readers.identity import BY_EXTERNAL_ID
from scorecli.services.import_known import Group, Known, KnownCalls, Marks
from scorecli.services.import_options import Updating
from scorecli.services.import_refusals import Refusals
from scorecli.services.import_rows import ImportRow, RowStorer
from scorecli.services.import_updates import (
    NO_EFFECTS,
    NOTHING_WRITTEN,
    CallState,
    Effects,
    Updates,
    Written,
    count_orphan,
)
from scorecli.services.import_waiting import WaitingRows
from scorecli.services.import_writing import Counts, Inserter
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.results import Results

_DELETED = "deleted"
_NO_TAGS: frozenset[int] = frozenset()


class _Pair(NamedTuple):
    """A waiting row, by its number in the file, and the call it is about."""

    number: int
    row: ImportRow
    call: Known


class _Running(NamedTuple):
    """A call that several rows of a file are about: as it was, as it is so far."""

    before: CallState
    now: CallState
    written: Written
    effects: Effects
    changing: int = 0


class PairingLoad:
    """Inserts what is new, updates what changed, leaves the rest."""

    def __init__(
        self,
        db: Database,
        change: Change,
        storer: RowStorer,
        results: Results,
        updating: Updating,
        refusals: Refusals,
    ) -> None:
        self._refusals = refusals
        self._storer = storer
        self._known = KnownCalls(db)
        self._updates = Updates(db, change, results, storer, updating)
        self.inserter = Inserter(db, change, storer.days)
        self._waiting = WaitingRows()
        self._differing = WaitingRows()
        self._begin()

    def _begin(self) -> None:
        self._known.begin(self.inserter.next)
        self._row = 0
        self._waited_for = Marks()
        self._last_row: dict[int, int] = {}  # call -> the last of several rows that wait for it

    def begin(self, fields: frozenset[str], extra: frozenset[str]) -> None:
        """Begin a file. What an earlier file brought is known to it."""
        self._begin()
        self._updates.begin(fields, extra)

    def add(self, parsed: Columns, count: int, counts: Counts) -> None:  # noqa: ARG002  # the protocol's
        """Settle the rows of a batch that are new or say what is stored; let the others wait."""
        rows = self._known.numbered(list(self._storer.rows(parsed)))
        groups = self._known.find([row.identity for row in rows])
        for row in rows:
            self._row += 1
            group = groups.get(row.identity)
            if group is None:
                group = groups[row.identity] = Group()
            if row.identity[:1] == BY_EXTERNAL_ID:
                self._settle_by_id(row, group, counts)
            else:
                self._settle_by_occurrence(row, group, counts)
        self.inserter.flush()

    def end(self, counts: Counts) -> None:
        """Settle the rows of a file that waited."""
        running: dict[int, _Running] = {}
        for part in self._waiting.drain():
            groups = self._known.find([row.identity for _, row in part])
            pairs: list[_Pair] = []
            for number, row in part:
                group = groups.setdefault(row.identity, Group())
                if row.identity[:1] == BY_EXTERNAL_ID:
                    pairs.append(_Pair(number, row, group.calls[0]))
                else:
                    self._settle_waiting(number, row, group, counts)
            self.inserter.flush()
            self._update(pairs, running, counts)
        for part in self._differing.drain():
            groups = self._known.find([row.identity for _, row in part])
            pairs = []
            for number, row in part:
                group = groups.setdefault(row.identity, Group())
                call = group.take_first()
                if call is None:
                    self._insert(row, group, counts)
                else:
                    self._known.pair(call)
                    pairs.append(_Pair(number, row, call))
            self.inserter.flush()
            self._update(pairs, running, counts)

    def finish(self) -> None:
        """Give back what waiting needed."""
        self._waiting.close()
        self._differing.close()

    def _settle_by_id(self, row: ImportRow, group: Group, counts: Counts) -> None:
        if not group.calls:
            new = self._insert(row, group, counts)
            if new is not None:
                group.calls.append(new)
            return
        call = group.calls[0]
        waited_for = call.id in self._waited_for
        if call.removed == _DELETED:
            counts.unchanged += 1
        elif waited_for or not self._updates.says_the_same(row, call):
            # All rows of a call count, in their order, once one of them differs.
            if waited_for:
                self._last_row[call.id] = self._row
            self._waited_for.add(call.id)
            self._waiting.add(self._row, row)
        else:
            counts.unchanged += 1
            count_orphan(row, CallState.of(call), counts)

    def _settle_by_occurrence(self, row: ImportRow, group: Group, counts: Counts) -> None:
        if group.calls:
            values = self._storer.days.complete(row.values)
            tags = row.reporting_tags or _NO_TAGS, row.call_tags or _NO_TAGS
            exact = group.take_exact((values, *tags))
            if exact is not None:
                self._leave(row, exact, counts)
                return
        if group.has_calls():
            self._waiting.add(self._row, row)
        else:
            self._insert(row, group, counts)

    def _settle_waiting(self, number: int, row: ImportRow, group: Group, counts: Counts) -> None:
        same = group.take_same(row, self._updates.says_the_same)
        if same is not None:
            self._leave(row, same, counts)
        elif group.has_calls():
            self._differing.add(number, row)
        else:
            self._insert(row, group, counts)

    def _leave(self, row: ImportRow, call: Known, counts: Counts) -> None:
        self._known.pair(call)
        counts.unchanged += 1
        if call.removed is None:
            count_orphan(row, CallState.of(call), counts)

    def _insert(self, row: ImportRow, group: Group, counts: Counts) -> Known | None:
        if self._refusals.refuses(row, row.values):
            return None
        new = self.inserter.append(row, group.next, counts)
        group.next += 1
        return Known(new.id, None, new.values, new.reporting_tags, new.call_tags)

    def _update(
        self,
        pairs: list[_Pair],
        running: dict[int, _Running],
        counts: Counts,
    ) -> None:
        written = self._updates.written([call.id for *_, call in pairs])
        effects = self._updates.effects([call for *_, call in pairs if call.id not in running])
        for number, row, call in pairs:
            if call.removed == _DELETED:
                counts.unchanged += 1
                continue
            so_far = running.pop(call.id, None)
            if so_far is None:
                before = CallState.of(call)
                of_results = effects.get(call.id, NO_EFFECTS)
                by_whom = written.get(call.id, NOTHING_WRITTEN)
                so_far = _Running(before, before, by_whom, of_results)
            kept = so_far.written.kept
            news = self._updates.news(row, so_far.now, so_far.written)
            now, of_results = self._updates.after(so_far.now, news, kept, so_far.effects)
            refused = self._refusals.refuses(row, now.values, so_far.now.values, call.id)
            if refused:
                now, of_results = so_far.now, so_far.effects
            last = self._last_row.get(call.id, number) == number
            if last:
                now = self._updates.completed(now, kept)
            changing = so_far.changing + (now != so_far.now and not refused)
            counts.unchanged += now == so_far.now and not refused
            if not last:
                running[call.id] = so_far._replace(now=now, effects=of_results, changing=changing)
                continue
            by = of_results.written
            if self._updates.write(call.id, so_far.before, now, counts, by):
                counts.updated += changing
            else:  # the rows contradict each other, and the last word is what was stored
                counts.unchanged += changing
            if not refused:
                count_orphan(row, now, counts)
        self._updates.flush()
