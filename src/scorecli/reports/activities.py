"""Activities: a list for people or for programs, and one of them with its history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from scorecli.domain.text import nearest
from scorecli.domain.timestamps import show
from scorecli.domain.whole_filter import Filter
from scorecli.domain.zones import resolve_zone
from scorecli.errors.activities import UnknownActivity, UnknownActivityColumn
from scorecli.result import Column, Kind, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql

_BATCH = 500  # activities read at once
_WITHOUT_LIMIT = 2**63 - 1
_CONTACT = "(SELECT {} FROM contact AS p WHERE p.id = c.contact_id)"
_COMPANY_ID = f"COALESCE(c.company_id, {_CONTACT.format('p.company_id')})"
_COMPANY = f"(SELECT {{}} FROM company AS o WHERE o.id = {_COMPANY_ID})"
_NAME = "NULLIF(TRIM(COALESCE(p.first_name, '') || ' ' || COALESCE(p.last_name, '')), '')"
# Activities of contacts that are not there count nowhere, and are not listed either.
LIVE = (
    "c.removed IS NULL AND (c.contact_id IS NULL OR EXISTS"
    " (SELECT 1 FROM contact AS p WHERE p.id = c.contact_id AND p.removed IS NULL))"
)


class _Field(NamedTuple):
    name: str
    label: str
    kind: Kind
    sql: str
    order: str = ""
    for_people: bool = True


_FIELDS = {
    field.name: field
    for field in (
        _Field("id", "ID", "integer", "c.id", "c.id"),
        _Field("at", "When", "time", "c.at", "c.at"),
        _Field("type", "Type", "text", "c.activity_type", "c.folded"),
        _Field("points", "Points", "integer", "c.points", "c.points"),
        _Field("contact", "Contact", "text", _CONTACT.format(_NAME), _CONTACT.format("p.folded")),
        _Field("contact_id", "Contact ID", "integer", "c.contact_id", "c.contact_id"),
        _Field(
            "company", "Company", "text", _COMPANY.format("o.name"), _COMPANY.format("o.folded")
        ),
        _Field("company_id", "Company ID", "integer", _COMPANY_ID, _COMPANY_ID, False),
        _Field("subject", "Subject", "text", "c.subject", "fold(c.subject)"),
        _Field("rule", "Rule", "text", "c.rule", "c.rule"),
        _Field("external_id", "External ID", "text", "c.external_id", "c.external_id", False),
        _Field("change", "Added in", "integer", "c.added_in", "c.added_in", False),
        _Field("extra", "Extra", "object", "c.extra", "", False),
    )
}


def list_activities(
    db: Database,
    settings: Settings,
    selected: Filter,
    columns: Sequence[str] | None = None,
    sort: str | None = None,
    limit: int | None = None,
    offset: int = 0,
    *,
    for_people: bool = False,
) -> Result:
    """Return the live activities that pass a filter, the latest first.

    ``columns`` are canonical names, ``sort`` is ``FIELD`` or ``FIELD-``. The rows are read as they
    are asked for, so ``db`` must stay open. Raises :class:`UnknownActivityColumn`.
    """
    fields = _chosen(settings, columns, for_people=for_people)
    condition = to_sql(selected)
    sql = (
        f"SELECT c.id FROM activity AS c WHERE {LIVE} AND {condition.sql}"
        f" ORDER BY {_order(settings, sort)}"
    )
    params = dict(condition.params)
    if limit is not None or offset:
        sql += " LIMIT :most OFFSET :skipped"
        params |= {"most": _WITHOUT_LIMIT if limit is None else limit, "skipped": offset}
    ids = (row[0] for row in db.execute(sql, params))
    shown = [Column(field.name, field.label, field.kind) for field in fields]
    if for_people and columns is None:
        shown = [
            column if column.name in ("id", "at", "type") else column._replace(optional=True)
            for column in shown
        ]
    notices = []
    if settings.activities.calls:
        notices.append("Linked calls count as activities too; `scorecli calls list` has them.")
    return Result(shown, _rows(db, settings, fields, ids), notices=notices)


def activities_by_number(
    db: Database, settings: Settings, numbers: Sequence[int], *, single: bool = False
) -> Result:
    """Return every field of the live activities with these numbers, read at once."""
    fields = _chosen(settings, None, for_people=False)
    rows = list(_rows(db, settings, fields, iter(numbers)))
    columns = [Column(field.name, field.label, field.kind) for field in fields]
    return Result(columns, rows, single=single)


def show_activity(db: Database, settings: Settings, activity: int) -> Result:
    """Return everything about one live activity; raises :class:`UnknownActivity`."""
    numbers = [require_activity(db, activity)]
    return activities_by_number(db, settings, numbers, single=True)


def require_activity(db: Database, activity: int) -> int:
    """Return the number of a live activity; raises :class:`UnknownActivity`."""
    found = db.rows("SELECT removed FROM activity WHERE id = :id", {"id": activity})
    if found != [(None,)]:
        hint = "It was deleted; `scorecli undo` brings it back." if found else None
        raise UnknownActivity(str(activity), hint)
    return activity


def selected_activities(db: Database, selected: Filter) -> list[int]:
    """Return the numbers of all live activities that pass a filter."""
    condition = to_sql(selected)
    rows = db.rows(
        f"SELECT c.id FROM activity AS c WHERE {LIVE} AND {condition.sql} ORDER BY c.id",
        condition.params,
    )
    return [number for (number,) in rows]


def _known(settings: Settings) -> list[_Field]:
    scoring = settings.activities.scoring
    return [field for field in _FIELDS.values() if scoring or field.name != "points"]


def _chosen(settings: Settings, columns: Sequence[str] | None, *, for_people: bool) -> list[_Field]:
    if columns is not None:
        return [_named(settings, name) for name in dict.fromkeys(columns)]
    return [field for field in _known(settings) if field.for_people or not for_people]


def _named(settings: Settings, name: str) -> _Field:
    known = {field.name: field for field in _known(settings)}
    if name not in known:
        raise UnknownActivityColumn(name, nearest(name, known, 2), list(known))
    return known[name]


def _order(settings: Settings, sort: str | None) -> str:
    if sort is None:
        return "c.at DESC, c.id DESC"
    field = _named(settings, sort.removesuffix("-"))
    if not field.order:
        sortable = [one.name for one in _known(settings) if one.order]
        raise UnknownActivityColumn(field.name, (), sortable)
    way = "DESC" if sort.endswith("-") else "ASC"
    return f"{field.order} {way} NULLS LAST, c.id DESC"


def _rows(
    db: Database, settings: Settings, fields: Sequence[_Field], ids: Iterator[int]
) -> Iterator[list[Any]]:
    zone = resolve_zone(settings.display.time_zone)
    select = f"SELECT c.id, {', '.join(field.sql for field in fields)} FROM activity AS c"
    names = [field.name for field in fields]
    while batch := list(islice(ids, _BATCH)):
        params = {f"i{place}": number for place, number in enumerate(batch)}
        marks = ", ".join(f":{name}" for name in params)
        found: dict[int, list[Any]] = {}
        for number, *cells in db.execute(f"{select} WHERE {LIVE} AND c.id IN ({marks})", params):
            for place, name in enumerate(names):
                if name == "at":
                    cells[place] = show(cells[place], zone)
                elif name == "extra":
                    cells[place] = {} if cells[place] is None else json.loads(cells[place])
            found[number] = cells
        for number in batch:
            if number in found:
                yield found[number]
