"""Entries of the history with their values as people know them: tags and users by name, days."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scorecli.domain.timestamps import show
from scorecli.reports.results import ResultFields
from scorecli.result import Money
from scorecli.storage.assignments import ENTITY, NOBODY
from scorecli.storage.database import Database

TAG_FIELDS = ("reporting_tags", "call_tags")
_MOMENTS = ("active_from", "active_until")  # of a user, in UTC seconds
_ASSIGNMENT = (
    "SELECT a.before_user, a.before_by, a.after_user, a.after_by FROM call_assignment AS a"
    " WHERE a.change_id = :change AND a.call_id = :call"
)
# What the history of a contact holds by number: what people call it, and the query for its name.
_NAMED = {
    "company_id": ("company", "SELECT name FROM company WHERE id = :id"),
    "owner_id": ("owner", 'SELECT name FROM "user" WHERE id = :id'),
}


class Entry(NamedTuple):
    """One field of one record, before and after."""

    entity: str
    entity_id: int
    field: str
    item: str
    before: Any
    after: Any
    written_by: str


def read_entries(db: Database, stored: Iterable[Sequence[Any]], zone: ZoneInfo) -> list[Entry]:
    """Return stored entries with their values, tags by name and amounts as money."""
    rows = list(stored)
    names = tag_names(db, {int(row[3]) for row in rows if row[2] in TAG_FIELDS and row[3]})
    users = _user_names(db, {row[1] for row in rows if row[0] == ENTITY})
    results = ResultFields(db)
    found = []
    for entity, id_, field, item, before, after, written_by in rows:
        shown = item
        if field in TAG_FIELDS and item:
            shown = names.get(int(item), f"tag {item}")
        elif entity == ENTITY:
            shown = users.get(id_, f"user {id_}")
        elif entity in ("contact", "company") and field in _NAMED:
            found.append(_named(db, (entity, id_, field, item), before, after, written_by))
            continue
        old, new = (_value(entity, field, text, zone) for text in (before, after))
        if entity == "result":
            old, new = results.shown(field, old), results.shown(field, new)
        found.append(Entry(entity, id_, field, shown, old, new, written_by))
    return found


def _named(
    db: Database, of: tuple[str, int, str, str], before: Any, after: Any, written_by: str
) -> Entry:
    """Return an entry of a number that stands for a company or a user, by their names."""
    entity, id_, field, item = of
    name, sql = _NAMED[field]
    old, new = (
        None if number is None else db.one(sql, {"id": int(number)}) or f"{name} {number}"
        for number in (before, after)
    )
    return Entry(entity, id_, name, item, old, new, written_by)


def assigned(db: Database, change: int, call: int) -> list[Entry]:
    """Return what a change did to whose a call is, as entries of its fields."""
    found = []
    for before, before_by, after, after_by in db.rows(
        _ASSIGNMENT, {"change": change, "call": call}
    ):
        names = _user_names(db, {before, after} - {None})
        if before != after:
            had, gets = (None if user is None else names.get(user) for user in (before, after))
            found.append(Entry("call", call, "user", "", had, gets, "person"))
        if before_by != after_by:
            found.append(Entry("call", call, "assigned_by", "", before_by, after_by, "person"))
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
    if entity == "contact" and field == "numbers" and value is not None:
        return [written for written, _ in value]
    if entity == "user" and value is not None:
        return _with_periods(field, value, zone)
    if entity != "call" or value is None:
        return value
    if field == "amount" and isinstance(value, list):
        return Money(*value)
    if field in ("started_at", "recall_at"):
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
