"""The agents report: what each user's calls were worth, and how much time they took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from scorecli.domain.whole_filter import Filter
from scorecli.errors.reports import PeriodEndsEarly, SeveralCurrencies
from scorecli.reports.figures import ratio, share
from scorecli.reports.frame import head
from scorecli.reports.grouping import Grouping, namer
from scorecli.reports.tallies import Window, day_limits, left_out
from scorecli.result import Column, Kind, Money, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql

NAME = "agents"
EMPTY_GROUP = "(none)"
_HOUR = 3600  # seconds

_SUMS = (
    "SELECT c.user_id, count(*), sum(c.talk_time), sum(c.stars), count(c.stars),"
    " sum(r.contact), sum(r.presentation), sum(r.success),"
    " sum(CASE WHEN c.converted = 1 THEN c.amount END),"
    " min(CASE WHEN c.converted = 1 THEN c.currency END),"
    " max(CASE WHEN c.converted = 1 THEN c.currency END)"
    " FROM call AS c LEFT JOIN result AS r ON r.id = c.result_id"
    " WHERE {where} GROUP BY c.user_id"
)


class AgentsRequest(NamedTuple):
    """What is asked of the report; ``since`` and ``until`` are local days, both included."""

    selected: Filter = Filter("calls", ())
    since: date | None = None
    until: date | None = None


class _Sums:
    """What is added up over the calls of a user; ``talk_time`` is None where no call has one."""

    __slots__ = (
        "amount", "calls", "contacts", "currencies", "presentations", "starred", "stars",
        "successes", "talk_time",
    )  # fmt: skip

    def __init__(self) -> None:
        self.calls = self.stars = self.starred = self.amount = 0
        self.contacts = self.presentations = self.successes = 0
        self.talk_time: int | None = None
        self.currencies: set[str] = set()

    def add(self, row: Sequence[Any]) -> None:
        """Add the sums of a row of :data:`_SUMS`, its user left out."""
        calls, talk_time, stars, starred, contacts, presentations, successes, *money = row
        amount, first, last = money
        self.calls += calls
        self.stars += stars or 0
        self.starred += starred
        self.contacts += contacts or 0
        self.presentations += presentations or 0
        self.successes += successes or 0
        self.amount += amount or 0
        if talk_time is not None:
            self.talk_time = (self.talk_time or 0) + talk_time
        self.currencies |= {code for code in (first, last) if code is not None}


class _Figure(NamedTuple):
    name: str
    label: str
    kind: Kind
    meaning: str
    value: Callable[[_Sums, str], Any]


def agents(
    db: Database, settings: Settings, request: AgentsRequest, *, for_people: bool = False
) -> Result:
    """Return the report, the users with the highest amount first.

    Calls that nobody has are one row, the user None, or ``(none)`` for people. Raises
    :class:`SeveralCurrencies`, :class:`PeriodEndsEarly`.
    """
    since, until = request.since, request.until
    if since is not None and until is not None and until < since:
        raise PeriodEndsEarly(since.isoformat(), until.isoformat())
    zone_name = settings.display.time_zone
    window = Window(request.selected, since, until, zone_name)
    condition = to_sql(request.selected)
    params = dict(condition.params)
    where = ["c.removed IS NULL", condition.sql, *day_limits(window, params)]
    found: dict[int | None, _Sums] = {}
    total = _Sums()
    for user, *sums in db.execute(_SUMS.format(where=" AND ".join(where)), params):
        found.setdefault(user, _Sums()).add(sums)
        total.add(sums)
    figures = _figures(settings)
    if len(total.currencies) > 1 and any(figure.name == "amount" for figure in figures):
        raise SeveralCurrencies(sorted(total.currencies))
    currency = next(iter(total.currencies), settings.converted_amount.currency)
    name = namer(db, Grouping("user", "User", "c.user_id"), zone_name)
    nobody = EMPTY_GROUP if for_people else None

    def rank(user: int | None) -> tuple[Any, ...]:
        sums = found[user]
        shown = name(user) or ""
        return (user is None, -sums.amount, -sums.successes, -sums.calls, shown, user or 0)

    rows = [
        [
            nobody if user is None else name(user),
            *(figure.value(found[user], currency) for figure in figures),
        ]
        for user in sorted(found, key=rank)
    ]
    columns = [Column("user", "User"), *(Column(f.name, f.label, f.kind) for f in figures)]
    return Result(
        columns,
        rows,
        total=[None, *(figure.value(total, currency) for figure in figures)],
        head=partial(head, NAME, window),
        notices=_notices(db, window, found),
    )


def definitions(settings: Settings) -> Result:
    """Return what each figure counts, over what it is divided and what is left out."""
    rows = [[figure.name, figure.label, figure.meaning] for figure in _figures(settings)]
    rows.append(["total", "Total", "over all calls that the filter and the days leave"])
    columns = [
        Column("figure", "Figure"),
        Column("label", "Shown as"),
        Column("meaning", "Meaning"),
    ]
    return Result(columns, rows)


def _figures(settings: Settings) -> list[_Figure]:
    figures = [
        _Figure("calls", "Calls", "integer", "calls of the user", lambda s, _: s.calls),
        _Figure(
            "talk_time",
            "Talk time",
            "seconds",
            "sum of the talk times; calls without one are left out",
            lambda s, _: s.talk_time,
        ),
    ]
    if settings.score.enabled:
        figures.append(
            _Figure(
                "avg_stars",
                f"{settings.score.field_name}, average",
                "decimal",
                "average of the stars over calls with stars; calls without are left out",
                lambda s, _: ratio(s.stars, s.starred),
            )
        )
    if settings.results.enabled:
        figures += _reached()
    if settings.conversion.enabled and settings.converted_amount.enabled:
        label = settings.converted_amount.field_name
        figures += [
            _Figure(
                "amount",
                label,
                "money",
                "sum of the amounts of converted calls; an amount without a conversion is left out",
                lambda s, currency: Money(s.amount, currency),
            ),
            _Figure(
                "amount_per_talk_hour",
                f"{label} per talk hour",
                "money",
                "amount / hours of talk time",
                lambda s, currency: share(Money(s.amount * _HOUR, currency), s.talk_time or 0),
            ),
        ]
    return figures


def _reached() -> list[_Figure]:
    return [
        _Figure(
            "contacts",
            "Contacts",
            "integer",
            "calls whose result is a contact",
            lambda s, _: s.contacts,
        ),
        _Figure(
            "contact_rate",
            "Contact rate",
            "rate",
            "contacts / calls",
            lambda s, _: ratio(s.contacts, s.calls),
        ),
        _Figure(
            "presentations",
            "Pres.",
            "integer",
            "calls whose result is a presentation",
            lambda s, _: s.presentations,
        ),
        _Figure(
            "presentation_rate",
            "Pres. rate",
            "rate",
            "presentations / contacts",
            lambda s, _: ratio(s.presentations, s.contacts),
        ),
        _Figure(
            "successes",
            "Successes",
            "integer",
            "calls whose result is a success",
            lambda s, _: s.successes,
        ),
        _Figure(
            "success_rate",
            "Success rate",
            "rate",
            "successes / contacts",
            lambda s, _: ratio(s.successes, s.contacts),
        ),
    ]


def _notices(db: Database, window: Window, found: dict[int | None, _Sums]) -> list[str]:
    notices = []
    missing = left_out(db, window)
    if missing:
        calls = "1 call" if missing == 1 else f"{missing} calls"
        notices.append(f"{calls} without a start left out, since the report is limited by date.")
    if None in found:
        calls = "1 call" if found[None].calls == 1 else f"{found[None].calls:,} calls"
        notices.append(f"{calls} without a user; `scorecli report unassigned` says why.")
    return notices
