"""Which records a change did something to that rules wait for, and for which the conditions hold.

The events are read off the history: what a change recorded, and the ranges of rows that it brought
along. So no command needs to tell that something happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from scorecli.domain.rules import Rule
from scorecli.domain.text import fold
from scorecli.domain.whole_filter import Filter
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql

_CHUNK = 20_000  # rows that one statement looks at
# subject -> entity in the history, which is its table too
ENTITIES = {"calls": "call", "contacts": "contact", "activities": "activity"}
_HAS_SCORE = "EXISTS (SELECT 1 FROM contact_score AS s WHERE s.contact_id = c.id)"
# What an entry of the history must be for an event.
_ENTRY = {
    "call.imported": "(e.written_by = 'import' OR e.field = 'removed' AND e.\"after\" IS NULL)",
    "call.scored": "e.field IN ('stars', 'reporting_tags', 'converted', 'amount', 'converted_on')",
    "call.converted": "e.field = 'converted' AND e.\"after\" = 'true'",
    "call.result": "e.field = 'result' AND e.\"after\" IS NOT NULL",
    "contact.saved": "e.field <> 'score' AND NOT (e.field = 'row' AND e.\"after\" IS NULL)",
    "contact.scored": "e.field = 'score' AND e.\"after\" IS NOT NULL",
    "activity.added": "e.field = 'row' AND e.\"after\" IS NOT NULL",
}
# What a record must be for an event to have happened to it at some time.
_STATE = {
    "call.imported": "1",
    "call.scored": "c.scored = 1",
    "call.converted": "c.converted = 1",
    "call.result": "c.result_id IS NOT NULL",
    "contact.saved": "1",
    "contact.scored": _HAS_SCORE,
    "activity.added": "1",
}
_FIRINGS = (
    "rule_firing AS f JOIN change AS ch ON ch.id = f.change_id"
    " WHERE f.entity = '{entity}' AND f.entity_id {of} AND fold(f.rule) = :{rule}"
    " AND f.fired = 1 AND ch.undone_by IS NULL"
)
# A rule that fired for a contact fired for the one that it was merged into, which has its points.
_MERGED = (
    "IN (WITH RECURSIVE went_into(id) AS (SELECT {record} UNION SELECT k.id FROM contact AS k"
    " JOIN went_into ON k.merged_into = went_into.id) SELECT id FROM went_into)"
)


class Waiting(NamedTuple):
    """A rule with its conditions understood."""

    rule: Rule
    when: Filter


class Match(NamedTuple):
    """A record, the places of the rules that hold for it, and of those whose event happened."""

    record: int
    held: frozenset[int]
    happened: frozenset[int]

    def without(self, place: int) -> Match:
        """Return the match without the rule of this place, if it is among them."""
        return self._replace(held=self.held - {place}, happened=self.happened - {place})


class Written(NamedTuple):
    """A part of a change: its entries after number ``after`` and up to ``upto``."""

    change: int
    after: int
    upto: int


class _Part(NamedTuple):
    """Rows to look at, as in FROM: the first and last number, how many numbers at once."""

    rows: str
    span: tuple[int, int]
    at_once: int = _CHUNK


def matches_in_entries(
    db: Database, subject: str, rules: Sequence[Waiting], part: Written
) -> Iterator[Match]:
    """Yield the records that entries of a change are about, with the rules that hold, by number."""
    entity = ENTITIES[subject]
    span = "e.change_id = :change AND e.id > :after AND e.id <= :upto"
    happened = [
        f"EXISTS (SELECT 1 FROM change_entry AS e WHERE e.entity = '{entity}'"
        # The plus keeps SQLite from reading all entries of the change for each record.
        f" AND e.entity_id = c.id AND +{span} AND {_ENTRY[waiting.rule.event]})"
        for waiting in rules
    ]
    ours = f"change_entry AS e WHERE {span} AND e.entity = '{entity}'"
    params = part._asdict()
    entries, first, last = db.rows(
        f"SELECT count(*), min(e.entity_id), max(e.entity_id) FROM {ours}", params
    )[0]
    if entries:
        # CROSS JOIN, so that the entries lead to the records and never the other way round.
        rows = (
            f"(SELECT DISTINCT e.entity_id AS number FROM {ours}) AS ours"
            f" CROSS JOIN {entity} AS c ON c.id = ours.number"
        )
        part_of = _Part(rows, (first, last), last - first + 1 if entries <= _CHUNK else _CHUNK)
        yield from _matches(db, rules, happened, part_of, params)


def matches_in_range(
    db: Database, subject: str, rules: Sequence[Waiting], change: int, span: tuple[int, int]
) -> Iterator[Match]:
    """Yield the records that a change brought along in bulk, with the rules that hold."""
    column = "imported_in" if subject == "calls" else "added_in"
    rows = f"(SELECT * FROM {ENTITIES[subject]} WHERE {column} = :change) AS c"
    happened = [_STATE[waiting.rule.event] for waiting in rules]
    part_of = _Part(rows, span)
    yield from _matches(db, rules, happened, part_of, {"change": change}, fresh=True)


def matches_anywhere(db: Database, subject: str, rules: Sequence[Waiting]) -> Iterator[Match]:
    """Yield all records to which the event of a rule has happened, with the rules that hold.

    Also a rule that repeats holds only where it never fired.
    """
    first, last = db.rows(f"SELECT min(id), max(id) FROM {ENTITIES[subject]}")[0]
    if first is not None:
        happened = [_STATE[waiting.rule.event] for waiting in rules]
        once = [_once(waiting) for waiting in rules]
        part_of = _Part(f"{ENTITIES[subject]} AS c", (first, last))
        yield from _matches(db, once, happened, part_of, {})


def holds(db: Database, waiting: Waiting, record: int, *, once: bool = False) -> bool:
    """Tell whether a rule's conditions hold for one record now, and it may fire.

    With ``once`` also a rule that repeats may fire only where it never did.
    """
    if once:
        waiting = _once(waiting)
    condition, params = _may_fire(waiting, 0, "1", fresh=False)
    entity = ENTITIES[waiting.rule.subject]
    return bool(
        db.one(
            f"SELECT {condition} FROM {entity} AS c WHERE c.id = :record AND c.removed IS NULL",
            {**params, "record": record},
        )
    )


def _once(waiting: Waiting) -> Waiting:
    return waiting._replace(rule=waiting.rule._replace(repeat=False))


def has_fired(db: Database, rule: Rule, record: int) -> int | None:
    """Return the change in which a rule fired for a record, or None."""
    number: int | None = db.one(
        f"SELECT max(f.change_id) FROM {_firings(rule, ':record', 'rule')}",
        {"record": record, "rule": fold(rule.name)},
    )
    return number


def _firings(rule: Rule, record: str, name: str) -> str:
    """Return the FROM and WHERE of the firings of a rule, named by a parameter, for a record."""
    entity = ENTITIES[rule.subject]
    of = _MERGED.format(record=record) if entity == "contact" else f"= {record}"
    return _FIRINGS.format(entity=entity, of=of, rule=name)


def _may_fire(
    waiting: Waiting, place: int, happened: str, *, fresh: bool
) -> tuple[str, dict[str, Any]]:
    condition = to_sql(waiting.when, f"r{place}_")
    params = dict(condition.params)
    parts = [happened, condition.sql]
    if not (fresh or waiting.rule.repeat):
        params[f"rule{place}"] = fold(waiting.rule.name)
        firings = _firings(waiting.rule, "c.id", f"rule{place}")
        parts.append(f"NOT EXISTS (SELECT 1 FROM {firings})")
    return f"({' AND '.join(part for part in parts if part != '1') or '1'})", params


def _matches(
    db: Database,
    rules: Sequence[Waiting],
    happened: Sequence[str],
    part: _Part,
    given: dict[str, Any],
    *,
    fresh: bool = False,
) -> Iterator[Match]:
    """Yield matches by number; each statement reads a part of the rows once, for all rules."""
    conditions, params = [], dict(given)
    for place, (waiting, event) in enumerate(zip(rules, happened, strict=True)):
        condition, more = _may_fire(waiting, place, event, fresh=fresh)
        conditions.append(condition)
        params |= more
    sql = (
        f"SELECT c.id, {', '.join((*conditions, *happened))} FROM {part.rows}"
        f" WHERE c.id BETWEEN :low AND :high AND c.removed IS NULL"
        f" AND ({' OR '.join(conditions)}) ORDER BY c.id"
    )
    low, last = part.span
    while low <= last:
        high = min(low + part.at_once - 1, last)
        # All of a part before the first action: what actions write is looked at one by one.
        for record, *found in db.rows(sql, {**params, "low": low, "high": high}):
            yield Match(record, _places(found[: len(rules)]), _places(found[len(rules) :]))
        low = high + 1


def _places(flags: Sequence[Any]) -> frozenset[int]:
    return frozenset(at for at, flag in enumerate(flags) if flag)
