"""The history: changes with who, when and which command, and what each did to which field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from scorecli.domain.timestamps import show
from scorecli.domain.zones import resolve_zone
from scorecli.errors.history import UnknownChange
from scorecli.reports.call_fields import FIELDS
from scorecli.reports.history_entries import TAG_FIELDS, Entry, assigned, read_entries
from scorecli.result import Column, Money, Result
from scorecli.settings import Settings
from scorecli.storage.assignments import ENTITY
from scorecli.storage.database import Database

MOST_FOR_DATA = 100  # entries of one change inside a list of changes; `entries` counts them all
MOST_FOR_PEOPLE = 5
_BATCH = 200  # changes read at once

_CHANGES = (
    "SELECT ch.id, ch.made_at, ch.who, ch.command, ch.origin, ch.summary, ch.undoes, ch.undone_by"
    " FROM change AS ch"
)
_ENTRIES = 'SELECT e.entity, e.entity_id, e.field, e.item, e."before", e."after", e.written_by'
_OF_CHANGE = " FROM change_entry AS e WHERE e.change_id = :change"
_OF_CALL = " AND e.entity = 'call' AND e.entity_id = :call"
# A contact and those that went into it, whose history it has from then on.
_CONTACTS = (
    "(WITH RECURSIVE went_into(id) AS (SELECT :contact UNION SELECT k.id FROM contact AS k"
    " JOIN went_into ON k.merged_into = went_into.id) SELECT id FROM went_into)"
)
_OF_CONTACT = f" AND e.entity = 'contact' AND e.entity_id IN {_CONTACTS}"
# Of all changes that assigned calls, those that assigned this one.
_ASSIGNING = (
    "SELECT a.change_id FROM (SELECT DISTINCT e.change_id FROM change_entry AS e"
    f" WHERE e.entity = '{ENTITY}') AS some CROSS JOIN call_assignment AS a"
    " WHERE a.change_id = some.change_id AND a.call_id = :call"
)
# Of a definition: its name, what is usual, and what only the database needs.
_UNSAID = ("name", "code", "folded", "enabled", "activity_type", "at", "added_in")


def list_changes(
    db: Database,
    settings: Settings,
    call: int | None = None,
    limit: int | None = None,
    offset: int = 0,
    *,
    contact: int | None = None,
    for_people: bool = False,
) -> Result:
    """Return the changes, newest first, of everything or of one call or contact, read when needed.

    ``entries`` counts the fields that a change wrote (of that call or contact), ``inserted`` the
    records that an import brought. ``fields`` holds the first entries: objects with ``before`` and
    ``after`` for programs, lines for people.
    """
    zone = resolve_zone(settings.display.time_zone)
    params: dict[str, Any] = {} if call is None else {"call": call}
    sql = _CHANGES
    if call is not None:
        sql += (
            " WHERE ch.id IN (SELECT e.change_id FROM change_entry AS e"
            " WHERE e.entity = 'call' AND e.entity_id = :call"
            " UNION SELECT c.imported_in FROM call AS c WHERE c.id = :call"
            f" UNION {_ASSIGNING})"
        )
    if contact is not None:
        params["contact"] = contact
        sql += (
            f" WHERE ch.id IN (SELECT e.change_id FROM change_entry AS e WHERE 1{_OF_CONTACT}"
            f" UNION SELECT c.added_in FROM contact AS c WHERE c.id IN {_CONTACTS})"
        )
    sql += " ORDER BY ch.id DESC LIMIT :most OFFSET :skipped"
    params |= {"most": 2**63 - 1 if limit is None else limit, "skipped": offset}
    columns = [
        Column("change", "Change", "integer"),
        Column("made_at", "When", "time"),
        Column("who", "Who"),
        Column("command", "Command"),
        Column("entries", "Entries", "integer"),
        Column("inserted", "Inserted", "integer"),
        Column("undoes", "Undoes", "integer"),
        Column("undone_by", "Undone by", "integer"),
        Column("fields", "Fields", "list"),
    ]
    changes = iter(db.execute(sql, params))
    return Result(columns, _change_rows(db, settings, zone, changes, (call, contact), for_people))


def list_entries(
    db: Database, settings: Settings, change: int, *, for_people: bool = False
) -> Result:
    """Return every entry of one change, one row each; raises :class:`UnknownChange`."""
    if db.one("SELECT 1 FROM change WHERE id = :change", {"change": change}) is None:
        raise UnknownChange(change)
    zone = resolve_zone(settings.display.time_zone)
    columns = [
        Column("entity", "Of"),
        Column("id", "ID", "integer"),
        Column("field", "Field"),
        Column("item", "Item"),
        Column("before", "Before"),
        Column("after", "After"),
        Column("written_by", "Written by"),
    ]
    stored = iter(db.execute(f"{_ENTRIES}{_OF_CHANGE} ORDER BY e.id", {"change": change}))
    return Result(columns, _entry_rows(db, settings, zone, stored, for_people))


def call_history(db: Database, settings: Settings, call: int) -> list[dict[str, Any]]:
    """Return the changes of one call as objects, newest first, with the fields they wrote."""
    result = list_changes(db, settings, call)
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def contact_history(db: Database, settings: Settings, contact: int) -> list[dict[str, Any]]:
    """Return the changes of one contact as objects, newest first, with the fields they wrote."""
    result = list_changes(db, settings, contact=contact)
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def shown_fields(
    db: Database, entity: str, fields: Sequence[tuple[int, str, Any, Any]]
) -> list[list[Any]]:
    """Return fields of records that are being written as people read them: before and after."""
    zone = resolve_zone("UTC")
    stored = [
        (entity, record, field, "", *(None if v is None else json.dumps(v) for v in values), "")
        for record, field, *values in fields
    ]
    return [
        [entry.entity_id, entry.field, _shown(entry.before), _shown(entry.after)]
        for entry in read_entries(db, stored, zone)
    ]


def _change_rows(
    db: Database,
    settings: Settings,
    zone: ZoneInfo,
    changes: Iterator[Sequence[Any]],
    of: tuple[int | None, int | None],
    for_people: bool,
) -> Iterator[list[Any]]:
    call, contact = of
    where = _OF_CHANGE + ("" if call is None else _OF_CALL)
    where += "" if contact is None else _OF_CONTACT
    one = call is not None or contact is not None
    most = MOST_FOR_PEOPLE if for_people else MOST_FOR_DATA
    while batch := list(islice(changes, _BATCH)):
        for id_, made_at, who, command, _, summary, undoes, undone_by in batch:
            params = {"change": id_}
            params |= {} if call is None else {"call": call}
            params |= {} if contact is None else {"contact": contact}
            count = db.one(f"SELECT count(*){where}", params)
            stored = db.rows(
                f"{_ENTRIES}{where} ORDER BY e.id LIMIT :most", {**params, "most": most}
            )
            entries = read_entries(db, stored, zone)
            if call is not None:
                of_user = assigned(db, id_, call)
                entries += of_user
                count += len(of_user)
            fields: list[Any]
            if for_people:
                fields = [_line(entry, settings, with_record=not one) for entry in entries]
                if count > len(entries):
                    fields.append(f"and {count - len(entries)} more")
            else:
                fields = [_object(entry) for entry in entries]
            inserted = None if summary is None else json.loads(summary).get("inserted")
            yield [
                id_, show(made_at, zone), who, command, count, inserted, undoes, undone_by, fields
            ]  # fmt: skip


def _entry_rows(
    db: Database,
    settings: Settings,
    zone: ZoneInfo,
    stored: Iterator[Sequence[Any]],
    for_people: bool,
) -> Iterator[list[Any]]:
    while batch := list(islice(stored, _BATCH)):
        for entry in read_entries(db, batch, zone):
            if for_people:
                if _is_definition(entry):
                    yield [*entry[:2], *_definition(entry), entry.written_by]
                    continue
                label = _label(entry, settings)
                values = [_shown(entry.before), _shown(entry.after)]
                yield [*entry[:2], label, entry.item or None, *values, entry.written_by]
            else:
                yield [*entry[:3], entry.item or None, *entry[4:]]


def _object(entry: Entry) -> dict[str, Any]:
    found = entry._asdict()
    found["id"] = found.pop("entity_id")
    found["item"] = entry.item or None
    return found


def _label(entry: Entry, settings: Settings) -> str:
    if entry.entity == "contact" and entry.field == "score":
        kind = settings.contact_scores.get(entry.item)
        return entry.item if kind is None else kind.label
    field = FIELDS.get(entry.field) if entry.entity == "call" else None
    return entry.field if field is None else field.column(settings).label


def _line(entry: Entry, settings: Settings, *, with_record: bool) -> str:
    """Return an entry as people read it: ``call 12 Score Call: 3 -> 4``."""
    if entry.entity == ENTITY:
        return _calls_line(entry)
    if _is_definition(entry):
        happened, name, before, after = _definition(entry)
        said = before or after
        what = entry.entity.replace("_", " ")
        return f"{what} {name or entry.entity_id}: {happened}{f' ({said})' if said else ''}"
    lead = f"{entry.entity} {entry.entity_id} " if with_record else ""
    label = _label(entry, settings)
    if entry.field in TAG_FIELDS and entry.item:
        return f"{lead}{label}: {'added' if entry.after else 'removed'} {entry.item}"
    return f"{lead}{label}: {_shown(entry.before) or 'none'} -> {_shown(entry.after) or 'none'}"


def _is_definition(entry: Entry) -> bool:
    """Tell whether an entry is a whole tag, result or the like that was added or deleted."""
    return entry.field == "row" and isinstance(entry.after or entry.before, Mapping)


def _definition(entry: Entry) -> tuple[str, str | None, str | None, str | None]:
    """Return what happened to a definition, its name, and what it said before and after.

    What only the database needs, and what was left empty, is left out.
    """
    row = entry.before if entry.after is None else entry.after
    said = [
        key.replace("_", " ") if value in (1, True) else f"{key.replace('_', ' ')}: {_shown(value)}"
        for key, value in row.items()
        if value and key not in _UNSAID and not key.endswith("_id")
    ]
    if row.get("enabled") in (0, False):
        said.append("switched off")
    name = row.get("name") or row.get("code") or row.get("activity_type")
    details = ", ".join(said) or None
    if entry.after is None:
        return "deleted", name, details, None
    return "added", name, None, details


def _calls_line(entry: Entry) -> str:
    """Return an entry of assigned calls as people read it: ``Dana Reyes: 12 calls given``."""
    parts = [
        f"{count:,} {'call' if count == 1 else 'calls'} {what}"
        for count, what in ((entry.after, "given"), (entry.before, "taken"))
        if count
    ]
    return f"{entry.item}: {', '.join(parts) or 'calls kept from everybody'}"


def _shown(value: Any) -> str | None:
    """Return a value of the history as text; amounts with their currency's code."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        from scorecli.domain.money import format_plain

        return f"{format_plain(*value)} {value.currency}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_shown(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(_shown(item)) for item in value)
    return str(value)
