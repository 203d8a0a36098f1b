"""Rules as people read them: what they say, what they did, and why one holds or does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.domain.filter_tree import term_text
from scorecli.domain.filter_values import FilterContext
from scorecli.domain.filters import parse_text
from scorecli.domain.rules import Rule, action_text
from scorecli.domain.text import fold, nearest
from scorecli.domain.timestamps import show
from scorecli.domain.whole_filter import Filter
from scorecli.domain.zones import resolve_zone
from scorecli.errors.rules import UnknownRule
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql
from scorecli.storage.rule_matches import ENTITIES, has_fired

_STANDS = "ch.undone_by IS NULL"


def find_rule(settings: Settings, name: str) -> Rule:
    """Return the rule of this name, ignoring case; raises :class:`UnknownRule`."""
    wanted = fold(" ".join(name.split()))
    for rule in settings.rules:
        if fold(rule.name) == wanted:
            return rule
    raise UnknownRule(name, nearest(name, [rule.name for rule in settings.rules]))


def list_rules(db: Database, settings: Settings) -> Result:
    """Return the rules in their order, with how often each fired (in changes that stand)."""
    counts: dict[str, int] = {}
    if settings.rules:
        found = db.rows(
            "SELECT f.rule, count(*) FROM rule_firing AS f"
            f" JOIN change AS ch ON ch.id = f.change_id WHERE f.fired = 1 AND {_STANDS}"
            " GROUP BY f.rule"
        )
        for name, count in found:
            counts[fold(name)] = counts.get(fold(name), 0) + count
    columns = (
        Column("name", "Rule"),
        Column("on", "On"),
        Column("when", "When"),
        Column("do", "Do", "list"),
        Column("repeat", "Repeat", "boolean"),
        Column("fired", "Fired", "integer"),
    )
    return Result(columns, [_row(rule, counts) for rule in settings.rules])


def show_rule(db: Database, settings: Settings, name: str) -> Result:
    """Return one rule; raises :class:`UnknownRule`."""
    rule = find_rule(settings, name)
    listed = list_rules(db, settings)
    rows = [row for row in listed.rows if row[0] == rule.name]
    return Result(listed.columns, rows, single=True)


def tried_rule(db: Database, rule: Rule, record: int, context: FilterContext) -> Result:
    """Return each condition of a rule with whether a record meets it, and what would follow.

    ``kind`` is ``when`` for a condition, ``fired`` for whether it fired already, ``do`` for an
    action; ``holds`` is empty for actions.
    """
    when = parse_text(rule.when, rule.subject, context)
    rows: list[Sequence[Any]] = [
        ("when", term_text(term), _holds(db, Filter(rule.subject, (term,)), record))
        for term in when.terms
    ]
    fires = all(row[2] for row in rows)
    before = has_fired(db, rule, record)
    if not rule.repeat:
        text = "not fired before" if before is None else f"fired before, in change {before}"
        rows.append(("fired", text, before is None))
        fires = fires and before is None
    rows += [("do", action_text(action), None) for action in rule.actions]
    columns = (
        Column("kind", "Part"),
        Column("text", "Says"),
        Column("holds", "Holds", "boolean"),
    )
    entity = ENTITIES[rule.subject]
    verdict = (
        f"On the event {rule.event} of {entity} {record} it would fire."
        if fires
        else f"It would not fire for {entity} {record}."
    )
    return Result(columns, rows, notices=[verdict])


def rule_log(
    db: Database, settings: Settings, name: str | None, limit: int | None, offset: int = 0
) -> Result:
    """Return what fired and what was refused, newest first, of all rules or of one.

    That one may be gone from the settings since. Raises :class:`UnknownRule`.
    """
    zone = resolve_zone(settings.display.time_zone)
    params: dict[str, Any] = {"most": 2**63 - 1 if limit is None else limit, "skipped": offset}
    where = ""
    if name is not None:
        where, params["rule"] = " WHERE fold(f.rule) = :rule", fold(" ".join(name.split()))
        if not db.rows(f"SELECT 1 FROM rule_firing AS f{where} LIMIT 1", params):
            find_rule(settings, name)
    found = db.execute(
        "SELECT f.id, ch.made_at, f.rule, f.event, f.entity, f.entity_id, f.fired, f.detail,"
        " ch.id, ch.undone_by FROM rule_firing AS f JOIN change AS ch ON ch.id = f.change_id"
        f"{where} ORDER BY f.id DESC LIMIT :most OFFSET :skipped",
        params,
    )
    rows = (
        (number, show(made_at, zone), *what, bool(fired), *rest)
        for number, made_at, *what, fired, detail, change, undone in found
        for rest in [(detail, change, undone)]
    )
    columns = (
        Column("id", "ID", "integer"),
        Column("made_at", "When", "time"),
        Column("rule", "Rule"),
        Column("event", "On"),
        Column("entity", "Of"),
        Column("record", "Record", "integer"),
        Column("fired", "Fired", "boolean"),
        Column("detail", "What"),
        Column("change", "Change", "integer"),
        Column("undone_by", "Undone by", "integer", optional=True),
    )
    return Result(columns, rows)


def _row(rule: Rule, counts: dict[str, int]) -> list[Any]:
    actions = [action_text(action) for action in rule.actions]
    return [
        rule.name,
        rule.event,
        rule.when or None,
        actions,
        rule.repeat,
        counts.get(fold(rule.name), 0),
    ]


def _holds(db: Database, condition: Filter, record: int) -> bool:
    written = to_sql(condition)
    return bool(
        db.one(
            f"SELECT {written.sql} FROM {ENTITIES[condition.subject]} AS c"
            " WHERE c.id = :record AND c.removed IS NULL",
            {**written.params, "record": record},
        )
    )
