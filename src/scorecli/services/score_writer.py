"""Reading and writing the scores of calls inside a change: every score is written here.

One place keeps the columns, the tags, the ``scored`` mark and the history in step, whether a
person scores, a file does, or an import brings a score along.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scorecli.domain.scoring import NOTHING_CAUSED, ScoreState
from scorecli.domain.text import fold
from scorecli.result import Money, Score
from scorecli.settings import Settings
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.many_rows import CHUNK, chunks, placeholders
from scorecli.storage.results import Results

_UPDATE = (
    "UPDATE call SET stars = ?, converted = ?, amount = ?, currency = ?, converted_on = ?,"
    " note = ?, result_id = ?, recall_at = ?, scored = ? WHERE id = ?"
)


class ScoreWriter:
    """Scores of calls: read in chunks, written with their history."""

    def __init__(self, db: Database, change: Change, results: Results) -> None:
        self._db = db
        self._change = change
        self._results = results
        self._updates: list[tuple[object, ...]] = []
        self._tags: dict[tuple[int, int], bool] = {}  # (call, tag) -> whether it ends up there
        self.written_tags: set[int] = set()

    def states(self, calls: Sequence[int]) -> dict[int, ScoreState]:
        """Return the scores of live calls by number; at most ``CHUNK`` of them."""
        tags: dict[int, tuple[set[int], set[int]]] = {}
        marks = placeholders(calls)
        for call, tag, kind in self._db.execute(
            "SELECT call_tag.call_id, tag.id, tag.kind FROM call_tag"
            f" JOIN tag ON tag.id = call_tag.tag_id WHERE call_tag.call_id IN ({marks})",
            calls,
        ):
            tags.setdefault(call, (set(), set()))[kind == "call"].add(tag)
        none: tuple[set[int], set[int]] = (set(), set())
        found = {}
        for (
            id_,
            stars,
            converted,
            amount,
            currency,
            day,
            note,
            result,
            recall_at,
        ) in self._db.execute(
            "SELECT id, stars, converted, amount, currency, converted_on, note, result_id,"
            f" recall_at FROM call WHERE removed IS NULL AND id IN ({marks})",
            calls,
        ):
            reporting, call_tags = tags.get(id_, none)
            found[id_] = ScoreState(
                stars,
                bool(converted),
                None if amount is None else (amount, currency),
                day,
                note,
                result,
                frozenset(reporting),
                frozenset(call_tags),
                recall_at,
            )
        return found

    def write(
        self,
        call: int,
        before: ScoreState,
        after: ScoreState,
        written_by: dict[str, str] | None = None,
    ) -> bool:
        """Bring a call's score from ``before`` to ``after``; return whether anything changed.

        ``written_by`` says of single fields that something else than the change's origin wrote
        them (a result that marks its call converted).
        """
        if before == after:
            return False
        by = written_by or {}
        record = self._change.record
        for field in ("stars", "converted", "amount", "converted_on", "note", "recall_at"):
            old, new = getattr(before, field), getattr(after, field)
            if old != new:
                record("call", call, field, old, new, written_by=by.get(field))
        if before.result != after.result:
            code = self._results.code
            record("call", call, "result", code(before.result), code(after.result))
        for field in ("reporting_tags", "call_tags"):
            old, new = getattr(before, field), getattr(after, field)
            for tag in sorted(new - old):
                record("call", call, field, False, True, item=str(tag))
                self._tags[call, tag] = True
                self.written_tags.add(tag)
            for tag in sorted(old - new):
                record("call", call, field, True, False, item=str(tag))
                self._tags[call, tag] = False
        amount, currency = after.amount or (None, None)
        self._updates.append(
            (
                after.stars,
                int(after.converted),
                amount,
                currency,
                after.converted_on,
                after.note,
                after.result,
                after.recall_at,
                int(after.scored),
                call,
            )
        )
        if len(self._updates) >= CHUNK:
            self.flush()
        return True

    def caused_by_result(self, call: int) -> Mapping[str, Any]:
        """Return what the call's result put on it, as :func:`caused_by_results` does."""
        self._change.flush()  # a file may name one call several times
        return caused_by_results(self._db, [call]).get(call, NOTHING_CAUSED)

    def flush(self) -> None:
        """Write what is still in memory."""
        many = self._db.executemany
        if self._updates:
            many(_UPDATE, self._updates)
            self._updates.clear()
        if self._tags:
            gone = [pair for pair, there in self._tags.items() if not there]
            many("DELETE FROM call_tag WHERE call_id = ? AND tag_id = ?", gone)
            # A call scored twice since the last flush may have a tag back that it still has.
            many(
                "INSERT INTO call_tag (call_id, tag_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [pair for pair, there in self._tags.items() if there],
            )
            self._tags.clear()


def caused_by_results(db: Database, calls: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Return what results put on calls, where nobody has touched the conversion since.

    By call, the fields ``converted``, ``converted_on`` and ``amount`` with what they were before;
    calls whose conversion no result made are left out. What was undone, and the undoing of it, do
    not count.
    """
    entries: dict[int, list[_Entry]] = {}
    for part in chunks(calls):
        for call, *entry in db.execute(
            'SELECT e.entity_id, e.field, e.change_id, e.written_by, e."before"'
            " FROM change_entry AS e JOIN change ON change.id = e.change_id"
            f" WHERE e.entity = 'call' AND e.entity_id IN ({placeholders(part)})"
            " AND e.field IN ('converted', 'converted_on', 'amount')"
            " AND change.undoes IS NULL AND change.undone_by IS NULL ORDER BY e.id",
            part,
        ):
            entries.setdefault(call, []).append(_Entry(*entry))
    found = {call: _caused(of_call) for call, of_call in entries.items()}
    return {call: fields for call, fields in found.items() if fields}


class _Entry(NamedTuple):
    field: str
    change: int
    written_by: str
    before: str | None


def _caused(entries: Sequence[_Entry]) -> Mapping[str, Any]:
    toggled = [entry for entry in entries if entry.field == "converted"]
    if not toggled or toggled[-1].written_by != "result":
        return NOTHING_CAUSED
    import json  # only a conversion that a result caused needs it

    made = toggled[-1].change
    if any(entry.change > made and entry.written_by != "result" for entry in entries):
        return NOTHING_CAUSED
    caused: dict[str, Any] = {}
    for entry in entries:
        if entry.change >= made and entry.written_by == "result":
            value = None if entry.before is None else json.loads(entry.before)
            caused.setdefault(entry.field, tuple(value) if isinstance(value, list) else value)
    return caused


def refresh_scored(db: Database, calls: Sequence[int]) -> None:
    """Derive the ``scored`` mark of some calls again, after something other than scoring."""
    derived = (
        "CASE WHEN stars IS NOT NULL OR converted = 1 OR EXISTS ("
        "SELECT 1 FROM call_tag JOIN tag ON tag.id = call_tag.tag_id"
        " WHERE call_tag.call_id = call.id AND tag.kind = 'reporting') THEN 1 ELSE 0 END"
    )
    for part in chunks(calls):
        # Only where it differs: writing what is there already costs as much as writing.
        db.execute(
            f"UPDATE call SET scored = 1 - scored WHERE id IN ({placeholders(part)})"
            f" AND scored <> {derived}",
            part,
        )


def tag_names(db: Database, tags: Iterable[int]) -> dict[int, str]:
    """Return the names of tags by number."""
    names: dict[int, str] = {}
    for part in chunks(tags):
        rows = db.execute(f"SELECT id, name FROM tag WHERE id IN ({placeholders(part)})", part)
        names.update(rows)
    return names


def external_ids(db: Database, calls: Sequence[int]) -> dict[int, str | None]:
    """Return the external ids of calls by number; at most ``CHUNK`` of them."""
    rows = db.execute(
        f"SELECT id, external_id FROM call WHERE id IN ({placeholders(calls)})", calls
    )
    return dict(rows.fetchall())


def score_cell(state: ScoreState, names: dict[int, str], settings: Settings) -> Score:
    """Return what the Score column shows for a state; switched-off parts stay out."""
    tags = sorted((names[tag] for tag in state.reporting_tags), key=fold)
    converts = settings.conversion.enabled
    money = None if state.amount is None else Money(*state.amount)
    return Score(
        reporting_tags=tuple(tags) if settings.reporting_tags.enabled else (),
        stars=state.stars if settings.score.enabled else None,
        converted=state.converted and converts,
        amount=money if settings.converted_amount.enabled else None,
        converted_on=state.converted_on if converts else None,
    )
