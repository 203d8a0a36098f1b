"""The rules of a settings file: checked one by one, with the place of each fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from scorecli.domain.filter_values import FilterContext
from scorecli.domain.filters import parse_text
from scorecli.domain.rules import Rule, read_rule
from scorecli.domain.text import fold, nearest
from scorecli.errors.filters import BadFilter
from scorecli.settings.schema import Fault, shown


def read_rules(
    tables: Any, saved: Mapping[str, str], currency: str
) -> tuple[tuple[Rule, ...], list[Fault]]:
    """Return the rules that the value of ``rules`` means, and everything that is wrong with them.

    ``saved`` are the saved filters, ``currency`` that of amounts in conditions.
    """
    if not isinstance(tables, list):
        allowed = "tables [[rules]], each with name, on, when and do"
        return (), [Fault(("rules",), shown(tables), allowed)]
    # Whatever the day is, a text that can be read can be read on every other day.
    context = FilterContext(datetime.now(UTC).date(), ZoneInfo("UTC"), currency, saved)
    rules: list[Rule] = []
    faults: list[Fault] = []
    names: dict[str, str] = {}
    for at, table in enumerate(tables):
        rule, wrong = read_rule(table)
        for path, found, allowed, unknown in wrong:
            near = tuple(nearest(str(path[-1]), allowed.split(", "), 2)) if unknown else ()
            text = "missing" if found is None else shown(found)
            faults.append(Fault(("rules", at, *path), text, allowed, near, unknown))
        if rule is None:
            continue
        try:
            parse_text(rule.when, rule.subject, context)
        except BadFilter as error:
            allowed = f"a filter over {rule.subject}. {error}"
            faults.append(Fault(("rules", at, "when"), shown(rule.when), allowed))
        if fold(rule.name) in names:
            allowed = "the name of one rule only, since a rule is known by its name"
            faults.append(Fault(("rules", at, "name"), shown(rule.name), allowed))
        names[fold(rule.name)] = rule.name
        rules.append(rule)
    return tuple(rules), faults
