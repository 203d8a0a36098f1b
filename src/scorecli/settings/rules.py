"""The rules of a settings file: checked one by one, with the place of each fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scorecli.domain.filter_values import FilterContext
from scorecli.domain.filters import parse_text
from scorecli.domain.rules import EVENTS, Rule, read_rule
from scorecli.domain.text import fold, nearest
from scorecli.errors.filters import BadFilter
from scorecli.settings.saved_filters import context_to_check
from scorecli.settings.schema import Fault, shown


def read_rules(
    tables: Any, saved: Mapping[str, str], currency: str, score_types: Mapping[str, str]
) -> tuple[tuple[Rule, ...], list[Fault]]:
    """Return the rules that the value of ``rules`` means, and everything that is wrong with them.

    ``saved`` are the saved filters, ``currency`` that of amounts in conditions, ``score_types`` the
    labels of the score types that there are, by name.
    """
    if not isinstance(tables, list):
        allowed = "tables [[rules]], each with name, on, when and do"
        return (), [Fault(("rules",), shown(tables), allowed)]
    context = context_to_check(saved, currency, score_types)
    rules: list[Rule] = []
    faults: list[Fault] = []
    names: set[str] = set()
    for at, table in enumerate(tables):
        rule, wrong = read_rule(table)
        for path, found, allowed, unknown in wrong:
            near = tuple(nearest(str(path[-1]), allowed.split(", "), 2)) if unknown else ()
            text = "missing" if found is None else shown(found)
            faults.append(Fault(("rules", at, *path), text, allowed, near, unknown))
        faults += _condition_faults(table, at, context)
        faults += _name_faults(table, at, names)
        if rule is not None:
            faults += _score_type_faults(rule, at, score_types)
            rules.append(rule)
    return tuple(rules), faults


def _condition_faults(table: Any, at: int, context: FilterContext) -> list[Fault]:
    """Return what is wrong with the text of ``when``, where its event says what it is about."""
    when, event = _text(table, "when"), _text(table, "on")
    if when is None or event is None or event not in EVENTS:
        return []
    try:
        parse_text(when, EVENTS[event], context)
    except BadFilter as error:
        allowed = f"a filter over {EVENTS[event]}. {error}"
        return [Fault(("rules", at, "when"), shown(when), allowed)]
    return []


def _name_faults(table: Any, at: int, names: set[str]) -> list[Fault]:
    """Return what is wrong where an earlier rule has the name; ``names`` are those so far."""
    name = _text(table, "name")
    if name is None:
        return []
    known = fold(" ".join(name.split()))
    if known in names:
        allowed = "the name of one rule only, since a rule is known by its name"
        return [Fault(("rules", at, "name"), shown(name), allowed)]
    names.add(known)
    return []


def _score_type_faults(rule: Rule, at: int, score_types: Mapping[str, str]) -> list[Fault]:
    """Return what is wrong where an action names a score type that there is not."""
    known = {text.casefold() for names in score_types.items() for text in names}
    faults = []
    for place, action in enumerate(rule.actions):
        named = action.options.get("type")
        if action.kind == "contact_score" and named and named.strip().casefold() not in known:
            allowed = f"a score type: {', '.join(score_types)}"
            path = ("rules", at, "do", place, "type")
            near = tuple(nearest(named, list(score_types), 2))
            faults.append(Fault(path, shown(named), allowed, near))
    return faults


def _text(table: Any, key: str) -> str | None:
    value = table.get(key) if isinstance(table, Mapping) else None
    return value if isinstance(value, str) else None
