"""Records of contact lists: the queue of a campaign, and one record with its account details."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from scorecli.domain.timestamps import show
from scorecli.domain.zones import resolve_zone
from scorecli.errors.campaigns import UnknownRecord
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database
from scorecli.storage.queue import Waiting

_BATCH = 200  # records read at once
_LAST_CALLS = 5
_NAME = "NULLIF(TRIM(COALESCE(k.first_name, '') || ' ' || COALESCE(k.last_name, '')), '')"
_LISTED = (
    f"SELECT r.id, {_NAME}, o.name, r.number, l.name, r.attempts, r.last_call_at, r.next_at,"
    " r.time_zone, r.contact_id FROM list_record AS r JOIN contact_list AS l ON l.id = r.list_id"
    " JOIN contact AS k ON k.id = r.contact_id LEFT JOIN company AS o ON o.id = k.company_id"
    " WHERE r.id IN ({marks})"
)
_SHOWN = (
    "SELECT r.id, campaign.name, l.name, r.state, r.attempts, r.last_call_at, r.next_at,"
    " r.number, COALESCE(r.time_zone, campaign.time_zone), r.reserved_by, r.reserved_until,"
    f" k.id, k.kind, {_NAME}, o.name, k.job_title, k.city, k.region, k.country, k.source,"
    " u.name, k.note FROM list_record AS r JOIN contact_list AS l ON l.id = r.list_id"
    " JOIN campaign ON campaign.id = r.campaign_id JOIN contact AS k ON k.id = :contact"
    ' LEFT JOIN company AS o ON o.id = k.company_id LEFT JOIN "user" AS u ON u.id = k.owner_id'
    " WHERE r.id = :record AND r.removed IS NULL"
)
# The latest calls with the record's number, whatever their campaign, and those logged for it.
_CALLS = (
    "SELECT c.id, c.started_at, agent.value, result.code, c.status, c.note FROM call AS c"
    " LEFT JOIN lookup AS agent ON agent.id = c.agent_id"
    " LEFT JOIN result ON result.id = c.result_id"
    " WHERE c.removed IS NULL AND c.id IN ("
    "SELECT id FROM call WHERE contact_number_e164 = :number"
    " UNION SELECT id FROM call WHERE record_id = :record)"
    " ORDER BY c.started_at DESC NULLS LAST, c.id DESC LIMIT :most"
)


def queue_rows(db: Database, settings: Settings, waiting: Iterable[Waiting]) -> Result:
    """Return the records of a queue in its order, read as they are asked for."""
    columns = [
        Column("record", "Record", "integer"),
        Column("why", "Why"),
        Column("name", "Name"),
        Column("company", "Company", optional=True),
        Column("number", "Number"),
        Column("list", "List"),
        Column("attempts", "Attempts", "integer"),
        Column("last_call_at", "Last call", "time", optional=True),
        Column("next_at", "Due", "time", optional=True),
        Column("time_zone", "Time zone", optional=True),
        Column("contact", "Contact", "integer"),
    ]
    return Result(columns, _queue(db, settings, iter(waiting)))


def show_record(
    db: Database, settings: Settings, record: int, *, now: int, for_people: bool = False
) -> Result:
    """Return one record with its contact, as an agent looks at it before dialling.

    For programs it ends with ``calls``, the latest ones; people get those as a list of its own, and
    no field that is empty.
    Raises :class:`UnknownRecord`.
    """
    contact = db.one(
        "SELECT contact_id FROM list_record WHERE id = :record AND removed IS NULL",
        {"record": record},
    )
    if contact is None:
        raise UnknownRecord(str(record))
    contact = _survivor(db, contact)
    rows = db.rows(_SHOWN, {"record": record, "contact": contact})
    zone = resolve_zone(settings.display.time_zone)
    id_, campaign, list_name, state, attempts, last, due, number, own, by, until, *person = rows[0]
    there = resolve_zone(own) if own else zone
    cells = [
        id_,
        campaign,
        list_name,
        state,
        number,
        datetime.fromtimestamp(now, UTC).astimezone(there).strftime("%a %H:%M"),
        own,
        attempts,
        _time(last, zone),
        _time(due, zone),
        by,
        _time(until, zone),
        *person,
        _texts(db, "contact_number", "number", contact),
        _texts(db, "contact_email", "email", contact),
        _scores(db, contact),
    ]
    columns = [*_RECORD_COLUMNS, *_CONTACT_COLUMNS]
    if for_people:  # who is about to dial looks for what there is
        told = [place for place, cell in enumerate(cells) if cell not in (None, "", [], {})]
        return Result(
            [columns[place] for place in told], [[cells[place] for place in told]], single=True
        )
    calls = last_calls(db, settings, record)
    names = [column.name for column in calls.columns]
    columns.append(Column("calls", "Calls", "list"))
    cells.append([dict(zip(names, row, strict=True)) for row in calls.rows])
    return Result(columns, [cells], single=True)


def last_calls(db: Database, settings: Settings, record: int) -> Result:
    """Return the latest calls with the number of a record, newest first."""
    zone = resolve_zone(settings.display.time_zone)
    number = db.one("SELECT number FROM list_record WHERE id = :record", {"record": record})
    rows = [
        [call, _time(started, zone), *rest]
        for call, started, *rest in db.rows(
            _CALLS, {"number": number, "record": record, "most": _LAST_CALLS}
        )
    ]
    columns = [
        Column("call", "Call", "integer"),
        Column("started_at", "Start", "time"),
        Column("agent", "Agent"),
        Column("result", settings.results.field_name),
        Column("status", "Status"),
        Column("note", settings.notes.field_name),
    ]
    return Result(columns, rows)


_RECORD_COLUMNS = (
    Column("record", "Record", "integer"),
    Column("campaign", "Campaign"),
    Column("list", "List"),
    Column("state", "State"),
    Column("number", "Number"),
    Column("local_time", "Their time"),
    Column("time_zone", "Time zone"),
    Column("attempts", "Attempts", "integer"),
    Column("last_call_at", "Last call", "time"),
    Column("next_at", "Due", "time"),
    Column("reserved_by", "Reserved by"),
    Column("reserved_until", "Reserved until", "time"),
)
_CONTACT_COLUMNS = (
    Column("contact", "Contact", "integer"),
    Column("kind", "Kind"),
    Column("name", "Name"),
    Column("company", "Company"),
    Column("job_title", "Job title"),
    Column("city", "City"),
    Column("region", "Region"),
    Column("country", "Country"),
    Column("source", "Source"),
    Column("owner", "Owner"),
    Column("contact_note", "Note on the contact"),
    Column("numbers", "Numbers", "list"),
    Column("emails", "E-mail", "list"),
    Column("scores", "Scores", "object"),
)


def _queue(db: Database, settings: Settings, waiting: Iterator[Waiting]) -> Iterator[list[Any]]:
    zone = resolve_zone(settings.display.time_zone)
    while batch := list(islice(waiting, _BATCH)):
        params = {f"i{place}": each.record for place, each in enumerate(batch)}
        marks = ", ".join(f":{name}" for name in params)
        found = {row[0]: row for row in db.execute(_LISTED.format(marks=marks), params)}
        for record, why in batch:
            id_, name, company, number, list_name, attempts, last, due, own, contact = found[record]
            yield [
                id_,
                why,
                name,
                company,
                number,
                list_name,
                attempts,
                _time(last, zone),
                _time(due, zone),
                own,
                contact,
            ]


def _survivor(db: Database, contact: int) -> int:
    """Return the contact that a merged one went into."""
    into = "SELECT merged_into FROM contact WHERE id = :contact"
    while (survivor := db.one(into, {"contact": contact})) is not None:
        contact = int(survivor)
    return contact


def _texts(db: Database, table: str, column: str, contact: int) -> list[str]:
    rows = db.rows(
        f"SELECT {column} FROM {table} WHERE contact_id = :contact ORDER BY position",
        {"contact": contact},
    )
    return [text for (text,) in rows]


def _scores(db: Database, contact: int) -> dict[str, str]:
    rows = db.rows(
        "SELECT score_type, value FROM contact_score WHERE contact_id = :contact"
        " ORDER BY score_type",
        {"contact": contact},
    )
    return {name: f"{value:g}" for name, value in rows}


def _time(seconds: int | None, zone: Any) -> str | None:
    return None if seconds is None else show(seconds, zone)
