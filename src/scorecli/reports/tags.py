"""The list of tags: how often and when each was last used, and whether it is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from scorecli.domain.text import fold
from scorecli.domain.timestamps import show
from scorecli.domain.zones import resolve_zone
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database

TagKind = Literal["reporting", "call"]

_COUNTS = "SELECT ct.tag_id, count(*) FROM call_tag AS ct GROUP BY ct.tag_id"
# Every index entry of a removed call can be found by its source; there is no index on removed.
_REMOVED = (
    "SELECT ct.tag_id, count(*) FROM call AS c JOIN call_tag AS ct ON ct.call_id = c.id"
    " WHERE c.removed IN ('deleted', 'undone') AND {source} GROUP BY ct.tag_id"
)
_SOURCES = (
    "c.source_id IN (SELECT l.id FROM lookup AS l WHERE l.field = 'source')",
    "c.source_id IS NULL",
)
_LAST_FEW = (
    "SELECT max(c.started_at) FROM call_tag AS ct JOIN call AS c ON c.id = ct.call_id"
    " WHERE ct.tag_id = :tag AND c.removed IS NULL"
)
# A tag on many calls is soon met when the calls are walked from the newest one back.
_LAST_MANY = (
    "SELECT c.started_at FROM call AS c WHERE c.started_at IS NOT NULL AND c.removed IS NULL"
    " AND EXISTS (SELECT 1 FROM call_tag AS ct WHERE ct.call_id = c.id AND ct.tag_id = :tag)"
    " ORDER BY c.started_at DESC LIMIT 1"
)
_MANY = 2000  # calls from which walking the calls is expected to be the shorter way


def list_tags(db: Database, settings: Settings, kind: TagKind = "reporting") -> Result:
    """Return the tags of a kind by name: those that calls have, and those that are allowed.

    What is left of a tag once no call has it, because a score was undone for one, is no tag to
    people.

    ``last_used`` is the start of the latest call that has the tag; ``allowed`` is None where
    nothing limits the tags. Raises :class:`FieldSwitchedOff`.
    """
    section = settings.reporting_tags if kind == "reporting" else settings.tags
    if not section.enabled:
        raise FieldSwitchedOff(
            section.field_name, "reporting_tags" if kind == "reporting" else "tags"
        )
    limited = kind == "reporting" and settings.reporting_tags.limit
    allowed = settings.reporting_tags.allowed if kind == "reporting" else ()
    found: dict[str, list[Any]] = {}
    for name, folded, calls, last in _used(db, settings, kind):
        found[folded] = [name, calls, last, None, kind]
    for name in allowed:
        found.setdefault(fold(name), [name, 0, None, None, kind])
    if limited:
        permitted = {fold(name) for name in allowed}
        for folded, row in found.items():
            row[3] = folded in permitted
    columns = [
        Column("name", section.field_name),
        Column("calls", "Calls", "integer"),
        Column("last_used", "Last use", "time"),
        Column("allowed", "Allowed", "boolean"),
        Column("kind", "Kind"),
    ]
    return Result(columns, [found[folded] for folded in sorted(found)])


def _used(db: Database, settings: Settings, kind: TagKind) -> list[Sequence[Any]]:
    zone = resolve_zone(settings.display.time_zone)
    counts = dict(db.rows(_COUNTS))
    for source in _SOURCES:
        for tag, calls in db.execute(_REMOVED.format(source=source)):
            counts[tag] -= calls
    rows: list[Sequence[Any]] = []
    for tag, name, folded in db.rows(
        "SELECT id, name, folded FROM tag WHERE kind = :kind", {"kind": kind}
    ):
        calls = counts.get(tag, 0)
        if not calls:
            continue
        last = db.one(_LAST_MANY if calls > _MANY else _LAST_FEW, {"tag": tag})
        rows.append((name, folded, calls, None if last is None else show(last, zone)))
    return rows
