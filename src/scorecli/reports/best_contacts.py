"""The contacts report: scores, points and what the calls of each contact were worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple

from scorecli.domain.activity_points import points_form
from scorecli.domain.days import day_start
from scorecli.domain.filter_tree import to_text
from scorecli.domain.text import by_likeness, nearest
from scorecli.domain.whole_filter import Filter
from scorecli.domain.zones import resolve_zone
from scorecli.errors.reports import PeriodEndsEarly, SeveralCurrencies, UnknownColumn
from scorecli.reports.contact_values import column_cells, value_columns
from scorecli.result import Column, Fixed, Money, Result
from scorecli.settings import Settings
from scorecli.storage.contact_points import points_in_period
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql

NAME = "contacts"
_BATCH = 500
# Each number that one live contact alone has, with that contact.
_OWNERS = (
    "WITH owner AS MATERIALIZED (SELECT n.e164, min(n.contact_id) AS contact"
    " FROM contact_number AS n JOIN contact AS q ON q.id = n.contact_id AND q.removed IS NULL"
    " WHERE n.e164 IS NOT NULL GROUP BY n.e164 HAVING min(n.contact_id) = max(n.contact_id))"
)
_CALLS = (
    f"{_OWNERS} SELECT o.contact, count(*), sum(k.converted),"
    " sum(CASE WHEN k.converted = 1 {currency} THEN k.amount END),"
    " min(CASE WHEN k.converted = 1 {currency} THEN k.currency END),"
    " max(CASE WHEN k.converted = 1 {currency} THEN k.currency END)"
    " FROM owner AS o JOIN call AS k ON k.contact_number_e164 = o.e164"
    " WHERE k.removed IS NULL{days} GROUP BY o.contact"
)


class ContactsRequest(NamedTuple):
    """What is asked of the report.

    ``since`` and ``until`` are local days, both included. ``sort`` is ``FIGURE`` or ``FIGURE-``;
    None puts the best first. ``currency`` takes the amounts in one currency alone. ``now`` (UTC
    seconds) is the moment of ``points_now``.
    """

    selected: Filter = Filter("contacts", ())
    since: date | None = None
    until: date | None = None
    sort: str | None = None
    limit: int | None = None
    offset: int = 0
    currency: str | None = None
    now: int = 0


_Calls = tuple[int, int, int]  # calls, conversions, minor units
_NO_CALLS: _Calls = (0, 0, 0)


def best_contacts(db: Database, settings: Settings, request: ContactsRequest) -> Result:
    """Return the report, the best contacts first: by the usual score, points, amount, calls.

    Scores are those of now; points, calls, conversions and amounts are those of the days asked
    for. The total is over all contacts that the filter leaves. Raises :class:`SeveralCurrencies`,
    :class:`PeriodEndsEarly`, :class:`UnknownColumn`.
    """
    since, until = request.since, request.until
    if since is not None and until is not None and until < since:
        raise PeriodEndsEarly(since.isoformat(), until.isoformat())
    zone = resolve_zone(settings.display.time_zone)
    first = None if since is None else day_start(since, zone)
    end = None if until is None else day_start(until + timedelta(days=1), zone)
    condition = to_sql(request.selected)
    people = {
        number: (name, kind, company)
        for number, name, kind, company in db.execute(
            "SELECT c.id, NULLIF(TRIM(COALESCE(c.first_name, '') || ' ' ||"
            " COALESCE(c.last_name, '')), ''), c.kind, (SELECT o.name FROM company AS o"
            " WHERE o.id = c.company_id) FROM contact AS c"
            f" WHERE c.removed IS NULL AND {condition.sql}",
            condition.params,
        )
    }
    calls, currency = _calls(db, settings, request, (first, end), people)
    columns = _columns(settings)
    valued = _values(db, settings, list(people), request.now, (first, end))
    rows = []
    for number, facts in people.items():
        cells: list[Any] = [facts[0], number, *facts[1:]]
        cells += [found.get(number) for _, found in valued]
        cells += _worth(settings, calls.get(number, _NO_CALLS), currency)
        rows.append(cells)
    rows.sort(key=lambda cells: _rank(columns, cells, request.sort))
    total: list[Any] = [None, None, None, None]
    for name, found in valued:
        total.append(sum(v for v in found.values() if v) if name == "points" else None)
    sums = [sum(one[place] for one in calls.values()) for place in range(3)]
    total += _worth(settings, (sums[0], sums[1], sums[2]), currency)
    head = {
        "report": NAME,
        "since": None if since is None else since.isoformat(),
        "until": None if until is None else until.isoformat(),
        "time_zone": zone.key,
        "filter": to_text(request.selected) or None,
    }
    stop = None if request.limit is None else request.offset + request.limit
    shown = rows[request.offset : stop]
    notices = []
    if len(shown) < len(rows):
        notices.append(f"{len(shown):,} of {len(rows):,} contacts; the total is over all of them.")
    return Result(columns, shown, total=total, head=head, notices=notices)


def definitions(settings: Settings) -> Result:
    """Return what each figure counts, over what it is divided and what is left out."""
    rows = []
    for column in _columns(settings):
        meaning = _MEANINGS.get(column.name, "the value that the contact has now")
        rows.append([column.name, column.label, meaning])
    rows.append(["total", "Total", "over all contacts that the filter leaves; scores have none"])
    columns = [
        Column("figure", "Figure"),
        Column("label", "Shown as"),
        Column("meaning", "Meaning"),
    ]
    return Result(columns, rows)


_MEANINGS = {
    "contact": "first and last name",
    "id": "the contact's number",
    "kind": "lead or contact",
    "company": "the company it belongs to",
    "points": "sum of the points of its live activities, of those in the days asked for",
    "points_now": "the same over all days, each activity weighed by its age now",
    "calls": "calls with a number that this contact alone has",
    "conversions": "of these calls, the converted ones",
    "amount": "sum of the amounts of converted calls; an amount without a conversion is left out",
}


def _columns(settings: Settings) -> list[Column]:
    columns = [
        Column("contact", "Contact"),
        Column("id", "ID", "integer"),
        Column("kind", "Kind"),
        Column("company", "Company", optional=True),
        *value_columns(settings),
        Column("calls", "Calls", "integer"),
    ]
    if settings.conversion.enabled:
        columns.append(Column("conversions", settings.conversion.field_name, "integer"))
        if settings.converted_amount.enabled:
            columns.append(Column("amount", settings.converted_amount.field_name, "money"))
    return columns


def _values(
    db: Database,
    settings: Settings,
    contacts: Sequence[int],
    now: int,
    period: tuple[int | None, int | None],
) -> list[tuple[str, dict[int, Any]]]:
    """Return the cells of scores and points by contact, in the order of the columns."""
    found: list[tuple[str, dict[int, Any]]] = []
    for column in value_columns(settings):
        cells: dict[int, Any] = {}
        if column.name == "points" and period != (None, None):
            form = points_form(settings)
            kinds = dict(db.execute("SELECT c.id, c.kind FROM contact AS c"))
            summed = points_in_period(db, form, *period)
            for number in contacts:
                if form.leads if kinds[number] == "lead" else form.contacts:
                    cells[number] = summed.get(number, 0)
        else:
            rest = iter(contacts)
            while batch := list(islice(rest, _BATCH)):
                cells |= column_cells(db, settings, column.name, batch, now)
        found.append((column.name, cells))
    return found


def _calls(
    db: Database,
    settings: Settings,
    request: ContactsRequest,
    period: tuple[int | None, int | None],
    people: dict[int, Any],
) -> tuple[dict[int, _Calls], str]:
    """Return what calls brought by contact, and the currency of their amounts."""
    params: dict[str, Any] = {}
    days = ""
    for name, sign, moment in (("since", ">=", period[0]), ("until", "<", period[1])):
        if moment is not None:
            params[name] = moment
            days += f" AND k.started_at {sign} :{name}"
    only = ""
    if request.currency is not None:
        only = "AND k.currency = :currency"
        params["currency"] = request.currency.upper()
    found: dict[int, _Calls] = {}
    currencies: set[str] = set()
    for contact, calls, conversions, amount, first, last in db.execute(
        _CALLS.format(currency=only, days=days), params
    ):
        if contact in people:
            found[contact] = (calls, conversions or 0, amount or 0)
            currencies |= {code for code in (first, last) if code is not None}
    if len(currencies) > 1 and settings.conversion.enabled and settings.converted_amount.enabled:
        codes = sorted(currencies)
        raise SeveralCurrencies(codes, f"Take one of them with --currency {codes[0]}.")
    usual = request.currency or settings.converted_amount.currency
    return found, next(iter(currencies), usual.upper())


def _worth(settings: Settings, calls: _Calls, currency: str) -> list[Any]:
    cells: list[Any] = [calls[0]]
    if settings.conversion.enabled:
        cells.append(calls[1])
        if settings.converted_amount.enabled:
            cells.append(Money(calls[2], currency))
    return cells


def _rank(columns: Sequence[Column], cells: Sequence[Any], sort: str | None) -> tuple[Any, ...]:
    """Return what a row sorts by: empty values last, whatever the order."""
    by_name = {column.name: cells[place] for place, column in enumerate(columns)}
    if sort is None:
        wanted = [f"{name}-" for name in ("score", "points", "amount", "conversions", "calls")]
    else:
        name = sort.removesuffix("-")
        if name not in by_name:
            known = list(by_name)
            raise UnknownColumn(name, nearest(name, known), by_likeness(name, known))
        wanted = [sort]
    rank: list[Any] = []
    for each in wanted:
        value = _comparable(by_name.get(each.removesuffix("-")))
        down = each.endswith("-") and not isinstance(value, str)
        rank += [value is None, 0 if value is None else -value if down else value]
    if sort is not None and sort.endswith("-") and isinstance(rank[1], str):
        rank[1] = tuple(-ord(letter) for letter in rank[1])
    return (*rank, by_name["id"])


def _comparable(value: Any) -> Any:
    if isinstance(value, Fixed):
        return value.number
    if isinstance(value, Money):
        return value.minor
    return value.casefold() if isinstance(value, str) else value
