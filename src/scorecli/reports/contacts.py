"""Contacts: a list for people or for programs, and one contact with all that is known."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from scorecli.domain.timestamps import show
from scorecli.domain.whole_filter import Filter
from scorecli.domain.zones import resolve_zone
from scorecli.errors.contacts import UnknownContact
from scorecli.reports.contact_fields import (
    ContactField,
    known_fields,
    listed_fields,
    named_fields,
    shown_fields,
    sort_order,
)
from scorecli.reports.contact_values import column_cells, value_columns
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql

BATCH = 500  # contacts read at once; what a list of any length keeps in memory
_WITHOUT_LIMIT = 2**63 - 1
_ALWAYS_SHOWN = ("id", "name")
_LISTS = {
    "numbers": "SELECT contact_id, number FROM contact_number WHERE contact_id IN ({})"
    " ORDER BY contact_id, position",
    "emails": "SELECT contact_id, email FROM contact_email WHERE contact_id IN ({})"
    " ORDER BY contact_id, position",
}
_LINKED = (
    "SELECT count(*), max(k.started_at) FROM call AS k WHERE k.removed IS NULL"
    " AND k.contact_number_e164 IN (SELECT n.e164 FROM contact_number AS n"
    " WHERE n.contact_id = :id AND NOT EXISTS (SELECT 1 FROM contact_number AS o"
    " JOIN contact AS other ON other.id = o.contact_id AND other.removed IS NULL"
    " WHERE o.e164 = n.e164 AND o.contact_id <> n.contact_id))"
)


def list_contacts(
    db: Database,
    settings: Settings,
    selected: Filter,
    columns: Sequence[str] | None = None,
    sort: str | None = None,
    limit: int | None = None,
    offset: int = 0,
    *,
    for_people: bool = False,
    public: bool = False,
) -> Result:
    """Return the live contacts that pass a filter, newest first.

    ``columns`` are canonical names; without them people get the usual columns and programs every
    field. ``sort`` is ``FIELD`` or ``FIELD-``. ``public`` leaves out what is internal. The rows are
    read as they are asked for, so ``db`` must stay open. Raises :class:`UnknownColumn`.
    """
    if columns is not None:
        fields = named_fields(columns, settings, public=public)
    elif for_people and not public:
        fields = listed_fields(settings)
    else:
        fields = known_fields(settings, public=public)
    order = "c.id DESC" if sort is None else sort_order(sort, settings)
    condition = to_sql(selected)
    sql = (
        f"SELECT c.id FROM contact AS c WHERE c.removed IS NULL AND {condition.sql}"
        f" ORDER BY {order}"
    )
    params = dict(condition.params)
    if limit is not None or offset:
        sql += " LIMIT :most OFFSET :skipped"
        params["most"] = _WITHOUT_LIMIT if limit is None else limit
        params["skipped"] = offset
    ids = (row[0] for row in db.execute(sql, params))
    shown = [field.column() for field in fields]
    if for_people and columns is None:
        shown = [
            column if column.name in _ALWAYS_SHOWN else column._replace(optional=True)
            for column in shown
        ]
    return Result(shown, _rows(db, settings, fields, ids))


def contacts_by_number(
    db: Database, settings: Settings, numbers: Sequence[int], *, single: bool = False
) -> Result:
    """Return every field of the live contacts with these numbers, in their order, read at once."""
    fields = known_fields(settings)
    rows = list(_rows(db, settings, fields, iter(numbers)))
    return Result([field.column() for field in fields], rows, single=single)


def show_contact(
    db: Database, settings: Settings, contact: int, *, for_people: bool = False
) -> Result:
    """Return everything known about one live contact as a single record.

    ``calls`` counts the calls that link to it, ``last_call_at`` is the latest. For programs it
    ends with ``history``, newest first; people get that as a list of its own. Raises
    :class:`UnknownContact`.
    """
    fields = shown_fields(settings)
    row = next(_rows(db, settings, fields, iter([contact])), None)
    if row is None:
        raise UnknownContact(str(contact))
    zone = resolve_zone(settings.display.time_zone)
    calls, last = db.rows(_LINKED, {"id": contact})[0]
    columns = [field.column() for field in fields]
    columns += [Column("calls", "Calls", "integer"), Column("last_call_at", "Last call", "time")]
    cells = [*row, calls, None if last is None else show(last, zone)]
    if not for_people:
        from scorecli.reports.history import contact_history

        columns.append(Column("history", "History", "list"))
        cells.append(contact_history(db, settings, contact))
    return Result(columns, [cells], single=True)


def selected_contacts(db: Database, selected: Filter) -> list[int]:
    """Return the numbers of all live contacts that pass a filter."""
    condition = to_sql(selected)
    rows = db.rows(
        f"SELECT c.id FROM contact AS c WHERE c.removed IS NULL AND {condition.sql} ORDER BY c.id",
        condition.params,
    )
    return [number for (number,) in rows]


def _rows(
    db: Database, settings: Settings, fields: Sequence[ContactField], ids: Iterator[int]
) -> Iterator[list[Any]]:
    """Yield the rows of the contacts in the order of ``ids``, a batch at a time."""
    zone = resolve_zone(settings.display.time_zone)
    readers: dict[str, Callable[[Any], Any]] = {
        "extra": lambda text: {} if text is None else json.loads(text),
        "created_at": lambda seconds: show(seconds, zone),
    }
    own = {field.name: place for place, field in enumerate(fields)}
    patches = [(own[name], read) for name, read in readers.items() if name in own]
    select = f"SELECT c.id, {', '.join(field.sql for field in fields)} FROM contact AS c"
    valued = [(own[column.name], column.name) for column in value_columns(settings)
              if column.name in own]  # fmt: skip
    now = int(time.time())
    while batch := list(islice(ids, BATCH)):
        params = {f"i{place}": number for place, number in enumerate(batch)}
        marks = ", ".join(f":{name}" for name in params)
        lists = [
            (own[name], _grouped(db, sql.format(marks), params))
            for name, sql in _LISTS.items()
            if name in own
        ]
        values = [(place, column_cells(db, settings, name, batch, now)) for place, name in valued]
        found: dict[int, list[Any]] = {}
        for number, *cells in db.execute(
            f"{select} WHERE c.removed IS NULL AND c.id IN ({marks})", params
        ):
            for place, read in patches:
                cells[place] = read(cells[place])
            for place, texts in lists:
                cells[place] = texts.get(number, [])
            for place, by_contact in values:
                cells[place] = by_contact.get(number)
            found[number] = cells
        for number in batch:
            if number in found:
                yield found[number]


def _grouped(db: Database, sql: str, params: dict[str, int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for contact, text in db.execute(sql, params):
        found.setdefault(contact, []).append(text)
    return found
