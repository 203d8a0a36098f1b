"""The do-not-call list: who is on it and why, and what was done to a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from scorecli.domain.phones import Phones
from scorecli.domain.timestamps import show
from scorecli.domain.zones import resolve_zone
from scorecli.errors.do_not_call import NoPhoneNumber
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.campaigns import campaign_names, find_campaign
from scorecli.storage.database import Database
from scorecli.storage.do_not_call import Listing, listings

_BATCH = 500  # numbers read at once
# The last word on each number and campaign, where that put it on the list.
_BY_PEOPLE = (
    "SELECT d.number FROM do_not_call AS d JOIN change AS ch ON ch.id = d.added_in"
    " WHERE ch.undone_by IS NULL AND d.action = 'added' ORDER BY d.id DESC"
)
_BY_RESULTS = (
    "SELECT c.contact_number_e164 FROM call AS c WHERE c.removed IS NULL AND c.result_id IN"
    " (SELECT r.id FROM result AS r WHERE r.do_not_call = 1)"
    " AND c.contact_number_e164 IS NOT NULL ORDER BY c.id DESC"
)
_OF_RECORDS = (
    "SELECT lr.number FROM list_record AS lr JOIN call AS c ON c.record_id = lr.id"
    " JOIN result AS r ON r.id = c.result_id WHERE c.removed IS NULL AND r.do_not_call = 1"
    " AND c.contact_number_e164 IS NULL ORDER BY c.id DESC"
)
_DONE = (
    "SELECT d.action, d.campaign_id, d.reason, ch.made_at, ch.who, ch.id, ch.undone_by"
    " FROM do_not_call AS d JOIN change AS ch ON ch.id = d.added_in"
    " WHERE d.number = :number ORDER BY d.id"
)
# Every time that a call with this number was given a result, or lost it.
_RESULTS = (
    'SELECT c.id, e."before", e."after", ch.made_at, ch.who, ch.id, ch.undone_by'
    " FROM call AS c JOIN change_entry AS e ON e.entity = 'call' AND e.entity_id = c.id"
    " AND e.field = 'result' JOIN change AS ch ON ch.id = e.change_id"
    " WHERE c.id IN ({calls}) AND ch.undoes IS NULL ORDER BY e.id"
)
_CALLS = (
    "SELECT c.id, r.code, r.do_not_call, c.imported_in, ch.made_at, ch.who FROM call AS c"
    " LEFT JOIN result AS r ON r.id = c.result_id LEFT JOIN change AS ch ON ch.id = c.imported_in"
    " WHERE c.removed IS NULL AND c.contact_number_e164 = :number"
)


class Checked(NamedTuple):
    """The answer about some numbers, and how many of them are on the list."""

    result: Result
    listed: int


def list_numbers(
    db: Database,
    settings: Settings,
    text: str | None = None,
    campaign: str | None = None,
    limit: int | None = None,
) -> Result:
    """Return the numbers on the list: what people and files put there, then what results did.

    ``text`` is part of a number; with ``campaign``, those of its own list alone. Raises
    :class:`UnknownCampaign`.
    """
    scope = None if campaign is None else find_campaign(db, campaign).id
    digits = None if text is None else text.strip().translate({ord(c): None for c in " ()-./"})
    names = campaign_names(db)
    zone = resolve_zone(settings.display.time_zone)

    def rows() -> Iterator[list[Any]]:
        given = 0
        for listing in _all(db):
            if scope is not None and listing.campaign != scope:
                continue
            if digits is not None and digits not in listing.number:
                continue
            if limit is not None and given >= limit:
                return
            given += 1
            yield [listing.number, *_why(listing, names, zone)]

    return Result([Column("number", "Number"), *_why_columns()], rows())


def check_numbers(
    db: Database, settings: Settings, texts: Iterable[str], campaign: str | None = None
) -> Checked:
    """Return for each number whether it is on the list.

    With ``campaign`` its own list and that for all campaigns count, without one any list does.
    Raises :class:`NoPhoneNumber`, :class:`UnknownCampaign`.
    """
    scope = None if campaign is None else find_campaign(db, campaign).id
    names = campaign_names(db)
    zone = resolve_zone(settings.display.time_zone)
    phones = Phones(settings.phone.region)
    given: dict[str, str] = {}
    for text in texts:
        number = phones.comparable(text)
        if number is None:
            raise NoPhoneNumber(text)
        given[text] = number
    found = listings(db, dict.fromkeys(given.values()))
    rows: list[list[Any]] = []
    listed = 0
    for text, number in given.items():
        reasons = [
            each
            for each in found.get(number, ())
            if scope is None or each.campaign is None or each.campaign == scope
        ]
        listed += bool(reasons)
        why = _why(reasons[0], names, zone) if reasons else [None] * len(_why_columns())
        rows.append([text, number, bool(reasons), *why])
    columns = [
        Column("given", "Given"),
        Column("number", "Number"),
        Column("do_not_call", "Do not call", "boolean"),
        *_why_columns(),
    ]
    return Checked(Result(columns, rows), listed)


def number_history(db: Database, settings: Settings, text: str) -> Result:
    """Return all that was done about one number, oldest first; raises :class:`NoPhoneNumber`."""
    number = Phones(settings.phone.region).comparable(text)
    if number is None:
        raise NoPhoneNumber(text)
    names = campaign_names(db)
    zone = resolve_zone(settings.display.time_zone)
    events = [
        (made_at, change, [action, names.get(scope), who, reason, None, None, undone])
        for action, scope, reason, made_at, who, change, undone in db.rows(
            _DONE, {"number": number}
        )
    ]
    events += _results(db, number)
    columns = [
        Column("at", "When", "time"),
        Column("action", "What"),
        Column("campaign", "Campaign"),
        Column("who", "Who"),
        Column("reason", "Why"),
        Column("call", "Call", "integer"),
        Column("result", "Result"),
        Column("change", "Change", "integer"),
        Column("undone_by", "Undone by", "integer"),
    ]
    rows = [
        [show(at, zone), *cells[:-1], change, cells[-1]]
        for at, change, cells in sorted(events, key=lambda event: (event[1], event[2][0]))
    ]
    now = listings(db, [number]).get(number, ())
    scopes = ["all campaigns" if each.campaign is None else names[each.campaign] for each in now]
    said = f"on the do-not-call list of {', '.join(dict.fromkeys(scopes))}" if scopes else ""
    return Result(columns, rows, notices=(f"{number} is {said or 'not on the list'} now.",))


def _results(db: Database, number: str) -> list[tuple[int, int, list[Any]]]:
    import json

    from scorecli.domain.text import fold

    barring = {folded for (folded,) in db.rows("SELECT folded FROM result WHERE do_not_call = 1")}
    calls = db.rows(_CALLS, {"number": number})
    events: list[tuple[int, int, list[Any]]] = []
    marks = ", ".join(str(int(call)) for call, *_ in calls)
    told = set()
    for call, before, after, made_at, who, change, undone in (
        db.rows(_RESULTS.format(calls=marks)) if calls else ()
    ):
        told.add(call)
        old, new = (None if code is None else json.loads(code) for code in (before, after))
        if new is not None and fold(new) in barring:
            events.append((made_at, change, ["added", None, who, None, call, new, undone]))
        elif old is not None and fold(old) in barring:
            events.append((made_at, change, ["removed", None, who, None, call, old, undone]))
    for call, code, bars, imported_in, made_at, who in calls:
        if bars and call not in told and imported_in is not None:
            events.append((made_at, imported_in, ["added", None, who, None, call, code, None]))
    return events


def _all(db: Database) -> Iterator[Listing]:
    seen: set[str] = set()
    for sql in (_BY_PEOPLE, _BY_RESULTS, _OF_RECORDS):
        cursor = db.execute(sql)
        while batch := cursor.fetchmany(_BATCH):
            numbers = [number for (number,) in batch if number not in seen]
            seen.update(numbers)
            found = listings(db, dict.fromkeys(numbers))
            for number in dict.fromkeys(numbers):
                yield from found.get(number, ())


def _why_columns() -> list[Column]:
    return [
        Column("campaign", "Campaign", optional=True),
        Column("since", "Since", "time"),
        Column("who", "By"),
        Column("reason", "Why", optional=True),
        Column("call", "Call", "integer", optional=True),
        Column("result", "Result", optional=True),
        Column("change", "Change", "integer"),
    ]


def _why(listing: Listing, names: dict[int, str], zone: Any) -> Sequence[Any]:
    return [
        None if listing.campaign is None else names[listing.campaign],
        None if listing.since is None else show(listing.since, zone),
        listing.who,
        listing.reason,
        listing.call,
        listing.result,
        listing.change,
    ]
