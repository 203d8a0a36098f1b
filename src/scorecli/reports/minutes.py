"""The minutes report: how long calls were, and what they are billed as, by day, number and more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from scorecli.domain.text import nearest
from scorecli.domain.timestamps import show
from scorecli.domain.whole_filter import Filter
from scorecli.errors.reports import UnknownGrouping
from scorecli.reports.figures import Tally
from scorecli.reports.frame import (
    EMPTY_GROUP,
    check_period,
    definition_table,
    head,
    without_start,
)
from scorecli.reports.grouping import Grouping, Namer, in_order, namer, read_groupings
from scorecli.reports.tallies import Key, Window, grouped_rows
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database

NAME = "minutes"
_TRACKING = "(SELECT l.value FROM lookup AS l WHERE l.id = c.tracking_number_id)"
_CONTACT = "COALESCE(c.contact_number_e164, c.contact_number)"
# Of an outbound call, the contact was called and the tracking number shown.
_CALLER = f"CASE WHEN c.direction = 'outbound' THEN {_TRACKING} ELSE {_CONTACT} END"
_CALLED = f"CASE WHEN c.direction = 'outbound' THEN {_CONTACT} ELSE {_TRACKING} END"
# To group by a number, a tracking number stays one of a lookup: looking it up for every call
# would take ten times as long. The letter before it tells the two kinds of number apart.
_EITHER = (
    "CASE WHEN c.direction = 'outbound' THEN {outbound} ELSE {other} END",
    f"'n' || {_CONTACT}",
    "'l' || c.tracking_number_id",
)
_OWN = {
    "account": Grouping("account", "Account", "c.account_id"),
    "caller": Grouping(
        "caller", "Caller", _EITHER[0].format(other=_EITHER[1], outbound=_EITHER[2])
    ),
    "called": Grouping(
        "called", "Called", _EITHER[0].format(other=_EITHER[2], outbound=_EITHER[1])
    ),
}
GROUPINGS = ("day", "account", "caller", "called", "campaign")
"""What the report can be grouped by."""
_DETAIL = (
    "c.id",
    "c.started_at",
    "(SELECT l.value FROM lookup AS l WHERE l.id = c.account_id)",
    "c.direction",
    _CALLER,
    _CALLED,
    "(SELECT l.value FROM lookup AS l WHERE l.id = c.campaign_id)",
    "COALESCE(c.duration, 0)",
)
_SECONDS = Column("seconds", "Seconds", "integer")
_BILLABLE = Column("billable_minutes", "Billable minutes", "decimal")


class MinutesRequest(NamedTuple):
    """What is asked of the report; ``since`` and ``until`` are local days, both included.

    ``by`` is one field or two with a comma; ``detail`` asks for each call instead.
    """

    selected: Filter = Filter("calls", ())
    by: str = "day"
    since: date | None = None
    until: date | None = None
    detail: bool = False


class _Sums(Tally):
    """What is added up over calls; ``billable`` is in seconds."""

    __slots__ = ("billable", "seconds")

    def __init__(self) -> None:
        super().__init__()
        self.seconds = self.billable = 0

    def take(self, sums: Sequence[int | None]) -> None:
        """Add calls, their seconds and their billable seconds."""
        calls, seconds, billable = sums
        self.calls += calls or 0
        self.seconds += seconds or 0
        self.billable += billable or 0

    def cells(self) -> list[Any]:
        """Return the figures of a row."""
        return [self.calls, self.seconds, self.billable / 60]


def minutes_report(
    db: Database, settings: Settings, request: MinutesRequest, *, for_people: bool = False
) -> Result:
    """Return the report; a missing group is None, ``(none)`` for people.

    Raises :class:`UnknownGrouping`, :class:`PeriodEndsEarly`.
    """
    check_period(request.since, request.until)
    zone_name = settings.display.time_zone
    window = Window(request.selected, request.since, request.until, zone_name)
    billed = _billed(settings)
    if request.detail:
        return _detail(db, window, billed)
    groupings = _groupings(request.by, settings)
    names = [
        _number_namer(db) if each.name in ("caller", "called") else namer(db, each, zone_name)
        for each in groupings
    ]
    found: dict[Key, _Sums] = {}
    total = _Sums()
    width = len(groupings)
    for row in grouped_rows(db, groupings, window, _sums(billed)):
        key = tuple([name(value) for name, value in zip(names, row, strict=False)])
        found.setdefault(key, _Sums()).take(row[width:])
        total.take(row[width:])
    rows = [
        [
            *(EMPTY_GROUP if name is None and for_people else name for name in key),
            *found[key].cells(),
        ]
        for key in in_order(groupings, found)
    ]
    return Result(
        [*(each.column for each in groupings), Column("calls", "Calls", "integer"), *_FIGURES],
        rows,
        total=[*(None for _ in groupings), *total.cells()],
        head=partial(head, NAME, window),
        notices=without_start(db, window),
    )


def definitions(settings: Settings) -> Result:
    """Return what each figure counts and what is left out."""
    increment, minimum = settings.minutes.increment, settings.minutes.minimum
    billed = (
        f"each call's seconds up to the next {increment}, at least {minimum}, added up and divided"
        " by 60; a call of 0 seconds, or of unknown length, is not billed"
    )
    return definition_table(
        [
            ("calls", "Calls", "calls, answered or not"),
            ("seconds", "Seconds", "sum of the durations; calls without one count as 0"),
            ("billable_minutes", "Billable minutes", billed),
            ("caller", "Caller", "the contact's number; of an outbound call the tracking number"),
            ("called", "Called", "the tracking number; of an outbound call the contact's number"),
            ("total", "Total", "over all calls that the filter and the days leave"),
        ]
    )


_FIGURES = (_SECONDS, _BILLABLE)


def _groupings(text: str, settings: Settings) -> list[Grouping]:
    names = [name.strip().lower() for name in text.split(",")]
    for name in names:
        if name not in GROUPINGS:
            raise UnknownGrouping(name, nearest(name, GROUPINGS), GROUPINGS)
    if len(names) > 2 or len(set(names)) < len(names):
        raise UnknownGrouping(text, (), GROUPINGS)
    return [_OWN.get(name) or read_groupings(name, settings)[0] for name in names]


def _number_namer(db: Database) -> Namer:
    """Return what turns a stored number of :data:`_OWN` into the number itself."""
    tracking = dict(db.rows("SELECT 'l' || id, value FROM lookup WHERE field = 'tracking_number'"))

    def name(value: str | None) -> str | None:
        return None if value is None else tracking.get(value) or value[1:]

    return name


def _billed(settings: Settings) -> str:
    """Return the billable seconds of the call ``c`` in SQL; the settings hold whole numbers."""
    increment, minimum = int(settings.minutes.increment), int(settings.minutes.minimum)
    rounded = f"(c.duration + {increment - 1}) / {increment} * {increment}"
    return (
        f"CASE WHEN c.duration > 0 THEN CASE WHEN {rounded} < {minimum} THEN {minimum}"
        f" ELSE {rounded} END ELSE 0 END"
    )


def _sums(billed: str) -> str:
    return f"count(*), sum(c.duration), sum({billed})"


def _detail(db: Database, window: Window, billed: str) -> Result:
    """Return each call with its minutes, in the order of their starts."""
    total = _Sums()
    for row in grouped_rows(db, [], window, _sums(billed)):
        total.take(row)
    columns = [
        Column("call", "Call", "integer"),
        Column("started_at", "Start", "time"),
        Column("account", "Account", optional=True),
        Column("direction", "Direction", optional=True),
        Column("caller", "Caller"),
        Column("called", "Called"),
        Column("campaign", "Campaign", optional=True),
        *_FIGURES,
    ]
    missing = [None] * (len(columns) - len(_FIGURES))
    return Result(
        columns,
        _calls(db, window, billed),
        total=[*missing, *total.cells()[1:]],
        head=partial(head, NAME, window),
        notices=without_start(db, window),
    )


def _calls(db: Database, window: Window, billed: str) -> Iterator[list[Any]]:
    order = " ORDER BY c.started_at NULLS LAST, c.id"
    zone = window.zone
    for row in grouped_rows(db, [], window, ", ".join((*_DETAIL, billed)), order=order):
        call, start, *rest, billable = row
        shown = None if start is None else show(start, zone)
        yield [call, shown, *rest, billable / 60]
