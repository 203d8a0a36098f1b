"""The history: changes with who, when and which command, and what each did to which field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scorecli.domain.timestamps import show
from scorecli.domain.zones import resolve_zone
from scorecli.errors.history import UnknownChange
from scorecli.reports.call_fields import FIELDS
from scorecli.reports.results import ResultFields
from scorecli.result import Column, Money, Result
from scorecli.settings import Settings
from scorecli.storage.assignments import ENTITY, NOBODY
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
# Of all changes that assigned calls, those that assigned this one.
_ASSIGNING = (
    "SELECT a.change_id FROM (SELECT DISTINCT e.change_id FROM change_entry AS e"
    f" WHERE e.entity = '{ENTITY}') AS some CROSS JOIN call_assignment AS a"
    " WHERE a.change_id = some.change_id AND a.call_id = :call"
)
_ASSIGNMENT = (
    "SELECT a.before_user, a.before_by, a.after_user, a.after_by FROM call_assignment AS a"
    " WHERE a.change_id = :change AND a.call_id = :call"
)
_UNSAID = ("name", "code", "folded", "enabled")  # of a definition: its name, and what is usual
_TAG_FIELDS = ("reporting_tags", "call_tags")
_MOMENTS = ("active_from", "active_until")  # of a user, in UTC seconds


class _Entry(NamedTuple):
    entity: str
    entity_id: int
    field: str
    item: str
    before: Any
    after: Any
    written_by: str


def list_changes(
    db: Database,
    settings: Settings,
    call: int | None = None,
    limit: int | None = None,
    offset: int = 0,
    *,
    for_people: bool = False,
) -> Result:
    """Return the changes, newest first, of everything or of one call; read as they are asked for.

    ``entries`` counts the fields that a change wrote (of that call), ``inserted`` the calls that
    an import brought. ``fields`` holds the first entries: objects with ``before`` and ``after``
    for programs, lines for people.
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
    return Result(columns, _change_rows(db, settings, zone, changes, call, for_people))


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


def _change_rows(
    db: Database,
    settings: Settings,
    zone: ZoneInfo,
    changes: Iterator[Sequence[Any]],
    call: int | None,
    for_people: bool,
) -> Iterator[list[Any]]:
    where = _OF_CHANGE + ("" if call is None else _OF_CALL)
    most = MOST_FOR_PEOPLE if for_people else MOST_FOR_DATA
    while batch := list(islice(changes, _BATCH)):
        for id_, made_at, who, command, _, summary, undoes, undone_by in batch:
            params = {"change": id_} if call is None else {"change": id_, "call": call}
            count = db.one(f"SELECT count(*){where}", params)
            stored = db.rows(
                f"{_ENTRIES}{where} ORDER BY e.id LIMIT :most", {**params, "most": most}
            )
            entries = _read(db, stored, zone)
            if call is not None:
                assigned = _assigned(db, id_, call)
                entries += assigned
                count += len(assigned)
            fields: list[Any]
            if for_people:
                fields = [_line(entry, settings, with_record=call is None) for entry in entries]
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
        for entry in _read(db, batch, zone):
            if for_people:
                if _is_definition(entry):
                    yield [*entry[:2], *_definition(entry), entry.written_by]
                    continue
                label = _label(entry, settings)
                values = [_shown(entry.before), _shown(entry.after)]
                yield [*entry[:2], label, entry.item or None, *values, entry.written_by]
            else:
                yield [*entry[:3], entry.item or None, *entry[4:]]


def _read(db: Database, stored: Iterable[Sequence[Any]], zone: ZoneInfo) -> list[_Entry]:
    """Return stored entries with their values, tags by name and amounts as money."""
    rows = list(stored)
    names = tag_names(db, {int(row[3]) for row in rows if row[2] in _TAG_FIELDS and row[3]})
    users = _user_names(db, {row[1] for row in rows if row[0] == ENTITY})
    results = ResultFields(db)
    found = []
    for entity, id_, field, item, before, after, written_by in rows:
        shown = item
        if field in _TAG_FIELDS and item:
            shown = names.get(int(item), f"tag {item}")
        elif entity == ENTITY:
            shown = users.get(id_, f"user {id_}")
        old, new = (_value(entity, field, text, zone) for text in (before, after))
        if entity == "result":
            old, new = results.shown(field, old), results.shown(field, new)
        found.append(_Entry(entity, id_, field, shown, old, new, written_by))
    return found


def _assigned(db: Database, change: int, call: int) -> list[_Entry]:
    """Return what a change did to whose a call is, as entries of its fields."""
    found = []
    for before, before_by, after, after_by in db.rows(
        _ASSIGNMENT, {"change": change, "call": call}
    ):
        names = _user_names(db, {before, after} - {None})
        if before != after:
            had, gets = (None if user is None else names.get(user) for user in (before, after))
            found.append(_Entry("call", call, "user", "", had, gets, "person"))
        if before_by != after_by:
            found.append(_Entry("call", call, "assigned_by", "", before_by, after_by, "person"))
    return found


def _user_names(db: Database, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of users by number; those who are gone out of the history."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = {NOBODY: "nobody", **dict(db.rows('SELECT id, name FROM "user"'))}
    for user in wanted - found.keys():
        row = db.one(
            'SELECT COALESCE(e."before", e."after") FROM change_entry AS e'
            " WHERE e.entity = 'user' AND e.entity_id = :user AND e.field = 'row'"
            " ORDER BY e.id DESC LIMIT 1",
            {"user": user},
        )
        if row is not None:
            found[user] = json.loads(row)["name"]
    return found


def tag_names(db: Database, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of tags by number; those of deleted ones out of the history."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    params = {f"t{place}": number for place, number in enumerate(wanted)}
    marks = ", ".join(f":{name}" for name in params)
    found = dict(db.rows(f"SELECT id, name FROM tag WHERE id IN ({marks})", params))
    if len(found) < len(wanted):
        for number, before in db.rows(
            "SELECT entity_id, \"before\" FROM change_entry WHERE entity = 'tag'"
            f" AND field = 'row' AND \"before\" IS NOT NULL AND entity_id IN ({marks})",
            params,
        ):
            found.setdefault(number, json.loads(before)["name"])
    return found


def _value(entity: str, field: str, text: str | None, zone: ZoneInfo) -> Any:
    value = None if text is None else json.loads(text)
    if entity == "user" and value is not None:
        return _with_periods(field, value, zone)
    if entity != "call" or value is None:
        return value
    if field == "amount" and isinstance(value, list):
        return Money(*value)
    if field == "started_at":
        return show(value, zone)
    return value


def _with_periods(field: str, value: Any, zone: ZoneInfo) -> Any:
    """Return a value of a user, or the whole one, with its moments as texts."""
    if field in _MOMENTS:
        return show(value, zone)
    if field == "row":
        moments = {name: show(value[name], zone) for name in _MOMENTS if value.get(name)}
        return {**value, **moments}
    return value


def _object(entry: _Entry) -> dict[str, Any]:
    found = entry._asdict()
    found["id"] = found.pop("entity_id")
    found["item"] = entry.item or None
    return found


def _label(entry: _Entry, settings: Settings) -> str:
    field = FIELDS.get(entry.field) if entry.entity == "call" else None
    return entry.field if field is None else field.column(settings).label


def _line(entry: _Entry, settings: Settings, *, with_record: bool) -> str:
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
    if entry.field in _TAG_FIELDS and entry.item:
        return f"{lead}{label}: {'added' if entry.after else 'removed'} {entry.item}"
    return f"{lead}{label}: {_shown(entry.before) or 'none'} -> {_shown(entry.after) or 'none'}"


def _is_definition(entry: _Entry) -> bool:
    """Tell whether an entry is a whole tag, result or the like that was added or deleted."""
    return entry.field == "row" and isinstance(entry.after or entry.before, Mapping)


def _definition(entry: _Entry) -> tuple[str, str | None, str | None, str | None]:
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
    name, details = row.get("name") or row.get("code"), ", ".join(said) or None
    if entry.after is None:
        return "deleted", name, details, None
    return "added", name, None, details


def _calls_line(entry: _Entry) -> str:
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
