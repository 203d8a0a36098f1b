"""Applying rules to what is already there: one change; a second time nothing is left to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scorecli.services.rule_engine import RuleEngine
from scorecli.storage.changes import Author
from scorecli.storage.database import Database


class RuleRun(NamedTuple):
    """How often each rule fired and could do nothing, by name, and the number in the history."""

    fired: dict[str, int]
    skipped: dict[str, int]
    change: int | None


def run_rules(
    db: Database,
    engine: RuleEngine,
    names: Sequence[str],
    *,
    author: Author,
    dry_run: bool = False,
) -> RuleRun:
    """Apply the named rules to all records to which their event has happened.

    What they cause sets off every other rule as usual. Raises :class:`RuleLoop`; then nothing is
    written.
    """
    with db.change(*author, dry_run=dry_run) as change:
        engine.run_over(db, change, names)
    number = None if dry_run else change.number
    return RuleRun(dict(engine.tally.fired), dict(engine.tally.skipped), number)
