"""The careful way into a database with calls: every row is paired with the call it may already be.

A row whose stored call says the same is settled at once. A row that differs waits for the end of
its file, because a later row of the same identity may say exactly what is stored: rows that are
identical to a stored call are paired first, so that importing a file again changes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from scorecli.readers.calls import Columns
from scorecli.readers.identity import BY_EXTERNAL_ID
from scorecli.services.import_known import Group, Known, KnownCalls, Marks
from scorecli.services.import_rows import ImportRow, RowStorer
from scorecli.services.import_updates import CallState, Rules, Updates, count_orphan
from scorecli.services.import_waiting import WaitingRows
from scorecli.services.import_writing import Counts, Inserter
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.results import Results

_DELETED = "deleted"


class _Running(NamedTuple):
    """A call that several rows of a file are about: as it was, as it is so far."""

    before: CallState
    now: CallState
    kept: set[str]
    changing: int


class PairingLoad:
    """Inserts what is new, updates what changed, leaves the rest."""

    def __init__(
        self, db: Database, change: Change, storer: RowStorer, results: Results, rules: Rules
    ) -> None:
        self._storer = storer
        self._known = KnownCalls(db)
        self._updates = Updates(db, change, results, storer.days, rules)
        self.inserter = Inserter(db, change, storer.days)
        self._waiting = WaitingRows()
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
        rows = list(self._storer.rows(parsed))
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
            pairs: list[tuple[int, ImportRow, Known]] = []
            for number, row in part:
                group = groups.setdefault(row.identity, Group())
                by_id = row.identity[:1] == BY_EXTERNAL_ID
                call = group.calls[0] if by_id else group.take_first()
                if call is None:
                    self._insert(row, group, counts)
                    continue
                if not by_id:
                    self._known.pair(call)
                pairs.append((number, row, call))
            self.inserter.flush()
            self._update(pairs, running, counts)

    def finish(self) -> None:
        """Give back what waiting needed."""
        self._waiting.close()

    def _settle_by_id(self, row: ImportRow, group: Group, counts: Counts) -> None:
        if not group.calls:
            group.calls.append(self._insert(row, group, counts))
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
        same = group.take_same(row, self._updates.says_the_same)
        if same is not None:
            self._known.pair(same)
            counts.unchanged += 1
            if same.removed is None:
                count_orphan(row, CallState.of(same), counts)
        elif group.has_calls():
            self._waiting.add(self._row, row)
        else:
            self._insert(row, group, counts)

    def _insert(self, row: ImportRow, group: Group, counts: Counts) -> Known:
        new = self.inserter.append(row, group.next, counts)
        group.next += 1
        return Known(new.id, None, new.values, new.reporting_tags, new.call_tags)

    def _update(
        self,
        pairs: list[tuple[int, ImportRow, Known]],
        running: dict[int, _Running],
        counts: Counts,
    ) -> None:
        kept = self._updates.kept_fields([call.id for *_, call in pairs])
        for number, row, call in pairs:
            if call.removed == _DELETED:
                counts.unchanged += 1
                continue
            so_far = running.pop(call.id, None)
            if so_far is None:
                before = CallState.of(call)
                so_far = _Running(before, before, kept.get(call.id, set()), 0)
            now = self._updates.after(so_far.now, row, so_far.kept)
            changing = so_far.changing + (now != so_far.now)
            last = self._last_row.get(call.id, number) == number
            if not last:
                counts.unchanged += now == so_far.now
                running[call.id] = so_far._replace(now=now, changing=changing)
                continue
            counts.unchanged += now == so_far.now
            if self._updates.write(call.id, so_far.before, now, counts):
                counts.updated += changing
            else:  # the rows contradict each other, and the last word is what was stored
                counts.unchanged += changing
            count_orphan(row, now, counts)
        self._updates.flush()
