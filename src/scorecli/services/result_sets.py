"""Whole sets of call results: taken from a file or from what comes along, as one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from scorecli.domain.call_results import FLAGS
from scorecli.errors.results import BadResult, BadResultSet
from scorecli.readers.result_sets import SetEntry
from scorecli.services.record_states import keep_records
from scorecli.services.result_definitions import ResultWish, ResultWriter, require_results
from scorecli.settings import Settings
from scorecli.storage.changes import Author
from scorecli.storage.database import Database


class SetOutcome(NamedTuple):
    """What became of the results of a set; ``read`` is the sum of the three that follow it."""

    read: int
    added: int
    changed: int
    unchanged: int
    change: int | None


def take_set(
    db: Database,
    settings: Settings,
    file: str,
    entries: Sequence[SetEntry],
    *,
    only_new: bool = False,
    author: Author,
    dry_run: bool = False,
) -> SetOutcome:
    """Define the results of a set in their order, and bring those that exist up to it.

    Results that the set does not name stay as they are; with ``only_new`` so do all that exist.
    Raises :class:`BadResultSet` with every problem; then nothing is written.
    """
    require_results(settings)
    added = changed = unchanged = 0
    problems: list[str] = []
    with db.change(*author, dry_run=dry_run) as change:
        writer = ResultWriter(db, change)
        for place, values in entries:
            existing = writer.find(str(values["code"]))
            try:
                if existing is None:
                    writer.add(_whole(values))
                    added += 1
                elif not only_new and writer.edit(existing.code, _whole(values, code=False))[1]:
                    changed += 1
                else:
                    unchanged += 1
            except BadResult as refused:
                problems += [f"{place}: {problem}" for problem in refused.problems]
        if problems:
            raise BadResultSet(file, problems)
        keep_records(db, change)
    number = None if dry_run else change.number
    return SetOutcome(len(entries), added, changed, unchanged, number)


def _whole(values: Mapping[str, Any], *, code: bool = True) -> ResultWish:
    """Return the wish for a result that is all that an entry says, and nothing else."""
    flags: dict[str, bool | None] = {name: bool(values.get(name)) for name in FLAGS}
    if "contact" not in values:
        flags["contact"] = bool(flags["success"] or flags["presentation"])
    if "recall" not in values:
        flags["recall"] = bool(values.get("recall_after"))
    return ResultWish(
        code=str(values["code"]) if code else None,
        description=values.get("description", ""),
        status=values.get("status", ""),
        enabled=values.get("enabled", True),
        recall_after=values.get("recall_after", ""),
        roll_to=values.get("roll_to", ""),
        campaigns=tuple(values.get("campaigns", ())),
        **flags,
    )
