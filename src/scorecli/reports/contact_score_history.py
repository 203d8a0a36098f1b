"""The history of a contact's scores: every value with when, who and why."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from scorecli.domain.contact_scores import score_type
from scorecli.domain.timestamps import show
from scorecli.domain.zones import resolve_zone
from scorecli.reports.contact_values import score_cell
from scorecli.reports.sparkline import sparkline
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.contact_scores import FIELD
from scorecli.storage.database import Database

# A contact and those that went into it, whose history it has from then on.
_CONTACTS = (
    "WITH RECURSIVE went_into(id) AS (SELECT :contact UNION SELECT k.id FROM contact AS k"
    " JOIN went_into ON k.merged_into = went_into.id)"
)
_ENTRIES = (
    f'{_CONTACTS} SELECT e.change_id, ch.made_at, e.entity_id, e.item, e."before", e."after",'
    " ch.who, e.written_by, e.reason, ch.undoes, ch.undone_by, ch.command FROM change_entry AS e"
    " JOIN change AS ch ON ch.id = e.change_id"
    " WHERE e.entity = 'contact' AND e.entity_id IN (SELECT id FROM went_into)"
    # What is undone of a contact after it went into another one is no history of that one.
    " AND (e.entity_id = :contact OR e.change_id < (SELECT max(m.change_id) FROM change_entry AS m"
    " WHERE m.entity = 'contact' AND m.entity_id = e.entity_id AND m.field = 'merged_into'))"
    f" AND e.field = '{FIELD}' AND (:type IS NULL OR e.item = :type) ORDER BY e.id"
)


class Trend(NamedTuple):
    """How a contact's score of one type went: the type, its values in order, and the last one."""

    score_type: str
    label: str
    values: list[float | None]
    range: tuple[float, float]

    def line(self, *, ascii_only: bool = False) -> str:
        """Return the trend as a sparkline over the whole range."""
        return sparkline(self.values, *self.range, ascii_only=ascii_only)


def score_history(
    db: Database,
    settings: Settings,
    contact: int,
    type_name: str | None = None,
    *,
    for_people: bool = False,
) -> Result:
    """Return every value that a contact had, the oldest first; the last one holds now.

    ``type_name`` is one score type; None means all. What contacts that went into this one had is
    part of it. Raises :class:`UnknownScoreType`.
    """
    wanted = None if type_name is None else score_type(settings, type_name).name
    zone = resolve_zone(settings.display.time_zone)
    columns = [
        Column("change", "Change", "integer"),
        Column("made_at", "When", "time"),
        Column("contact", "Contact", "integer", optional=True),
        Column("type", "Score"),
        Column("before", "Before", "decimal"),
        Column("after", "After", "decimal"),
        Column("who", "Who"),
        Column("written_by", "Written by"),
        Column("reason", "Why", optional=True),
        Column("undone_by", "Undone by", "integer", optional=True),
    ]
    rows: list[list[Any]] = []
    for number, made_at, whose, item, before, after, who, by, reason, undoes, undone, _ in db.rows(
        _ENTRIES, {"contact": contact, "type": wanted}
    ):
        kind = settings.contact_scores.get(item) or settings.contact_scores["score"]
        cells = [None if text is None else score_cell(json.loads(text), kind)
                 for text in (before, after)]  # fmt: skip
        why = reason or (None if undoes is None else f"undo of change {undoes}")
        other = None if for_people and whose == contact else whose
        rows.append([number, show(made_at, zone), other, item, *cells, who, by, why, undone])
    return Result(columns, rows)


def trends(db: Database, settings: Settings, contact: int) -> list[Trend]:
    """Return how each score of a contact went, in the order of the settings."""
    found: dict[str, list[float | None]] = {}
    for row in db.rows(_ENTRIES, {"contact": contact, "type": None}):
        found.setdefault(row[3], []).append(None if row[5] is None else json.loads(row[5]))
    return [
        Trend(kind.name, kind.label, found[kind.name], (kind.min, kind.max))
        for kind in settings.contact_scores.values()
        if kind.name in found
    ]
