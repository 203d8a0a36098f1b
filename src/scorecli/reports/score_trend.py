"""The trend report: average and distribution of a score type at the end of each period."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scorecli.domain.contact_scores import exact, plain, score_type, stored
from scorecli.domain.days import day_label, day_start, local_day
from scorecli.domain.filter_tree import to_text
from scorecli.domain.text import nearest
from scorecli.domain.whole_filter import Filter
from scorecli.domain.zones import resolve_zone
from scorecli.errors.reports import PeriodEndsEarly, UnknownGrouping
from scorecli.reports.contact_values import score_cell
from scorecli.reports.sparkline import sparkline
from scorecli.result import Column, Fixed, Result
from scorecli.settings import ScoreTypeSettings, Settings
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql

NAME = "trend"
PERIODS = ("day", "week", "month", "quarter", "year")
BANDS = 5
_USUAL_DECIMALS = 2  # of a figure that is no exact value
# What stands: neither undone nor an undo, so that a slip that was taken back leaves no dent.
_ENTRIES = (
    'SELECT e.entity_id, ch.made_at, e."after" FROM change_entry AS e'
    " JOIN change AS ch ON ch.id = e.change_id JOIN contact AS c ON c.id = e.entity_id"
    " WHERE e.entity = 'contact' AND e.field = 'score' AND e.item = :score_type"
    " AND ch.undoes IS NULL AND ch.undone_by IS NULL AND c.removed IS NULL"
    # A merge enters the value that holds from then on, even where it is the one that held.
    ' AND e."before" IS NOT e."after" AND {where}'
    " ORDER BY e.id"
)


class TrendRequest(NamedTuple):
    """What is asked of the report; ``since`` and ``until`` are local days, both included.

    ``today`` is where it ends without ``until``.
    """

    today: date
    selected: Filter = Filter("contacts", ())
    type_name: str = "score"
    by: str = "month"
    since: date | None = None
    until: date | None = None


class _Figures(NamedTuple):
    """The figures over the values that hold at the end of a period."""

    contacts: int
    average: float | None
    lowest: float | None
    median: float | None
    highest: float | None
    bands: tuple[int, ...]


def score_trend(
    db: Database, settings: Settings, request: TrendRequest, *, for_people: bool = False
) -> Result:
    """Return one row for each period, without gaps; the total is that at the end of the last.

    Raises :class:`UnknownScoreType`, :class:`UnknownGrouping`, :class:`PeriodEndsEarly`.
    """
    if request.by not in PERIODS:
        raise UnknownGrouping(request.by, nearest(request.by, PERIODS), PERIODS, most=1)
    kind = score_type(settings, request.type_name)
    zone = resolve_zone(settings.display.time_zone)
    since, until = request.since, request.until
    if since is not None and until is not None and until < since:
        raise PeriodEndsEarly(since.isoformat(), until.isoformat())
    end = until or max(request.today, since or request.today)
    entries = _entries(db, kind, request.selected, end, zone)
    rows = list(_rows(entries, kind, request, since, end))
    columns = [
        Column(request.by, request.by.capitalize(), "day"),  # a period is no more broken than a day
        *_figure_columns(kind),
    ]
    if for_people:
        columns.append(Column("shape", "Shape"))
        rows = [_for_people(row, kind) for row in rows]
    total: list[Any] | None = None
    if rows:
        total = [None, sum(row[1] for row in rows), *rows[-1][2:]]
    head = {
        "report": NAME,
        "type": kind.name,
        "by": request.by,
        "since": None if since is None else since.isoformat(),
        "until": None if until is None else until.isoformat(),
        "time_zone": zone.key,
        "filter": to_text(request.selected) or None,
    }
    return Result(columns, rows, total=total, head=head)


def definitions(settings: Settings, type_name: str) -> Result:
    """Return what each figure counts, over what it is divided and what is left out."""
    kind = score_type(settings, type_name)
    rows = [
        ["changes", "Changes", "values set, changed or taken away in the period; what was undone"
         " by now is left out"],
        ["contacts", "Contacts", "live contacts that have a value at the end of the period"],
        ["average", "Average", "sum of these values / these contacts"],
        ["lowest", "Lowest", "the lowest of these values"],
        ["median", "Median", "the middle one; the mean of two in the middle"],
        ["highest", "Highest", "the highest of these values"],
    ]  # fmt: skip
    for place, (low, high) in enumerate(_limits(kind)):
        to = f"to {high}" if place == BANDS - 1 else f"to below {high}"
        rows.append(
            [f"band_{place + 1}", _band(low, high), f"contacts with a value from {low} {to}"]
        )
    rows.append(
        ["total", "Total", "the changes of all periods, and the figures at the end of the last"]
    )
    columns = [
        Column("figure", "Figure"),
        Column("label", "Shown as"),
        Column("meaning", "Meaning"),
    ]
    return Result(columns, rows)


def _figure_columns(kind: ScoreTypeSettings) -> list[Column]:
    bands = [
        Column(f"band_{place + 1}", _band(low, high), "integer")
        for place, (low, high) in enumerate(_limits(kind))
    ]
    return [
        Column("changes", "Changes", "integer"),
        Column("contacts", "Contacts", "integer"),
        Column("average", "Average", "decimal"),
        Column("lowest", "Lowest", "decimal"),
        Column("median", "Median", "decimal"),
        Column("highest", "Highest", "decimal"),
        *bands,
    ]


def _limits(kind: ScoreTypeSettings) -> list[tuple[str, str]]:
    low, high = exact(kind.min), exact(kind.max)
    step = (high - low) / BANDS
    return [(plain(low + place * step), plain(low + (place + 1) * step)) for place in range(BANDS)]


def _band(low: str, high: str) -> str:
    """Return the label of a band: words, which a narrow table can wrap, and signs stay clear."""
    return f"{low} to {high}"


def _entries(
    db: Database, kind: ScoreTypeSettings, selected: Filter, end: date, zone: ZoneInfo
) -> list[tuple[date, int, Decimal | None]]:
    """Return the values that stand, in order: the local day, the contact, the value."""
    condition = to_sql(selected)
    before = day_start(end + timedelta(days=1), zone)
    rows = db.execute(
        _ENTRIES.format(where=condition.sql), {**condition.params, "score_type": kind.name}
    )
    return [
        (local_day(made_at, zone), contact, None if after is None else exact(json.loads(after)))
        for contact, made_at, after in rows
        if made_at < before
    ]


def _rows(
    entries: list[tuple[date, int, Decimal | None]],
    kind: ScoreTypeSettings,
    request: TrendRequest,
    since: date | None,
    end: date,
) -> Iterator[list[Any]]:
    held: dict[int, Decimal] = {}
    place = 0
    begin = since or (min(day for day, _, _ in entries) if entries else end)
    while place < len(entries) and entries[place][0] < begin:
        _take(held, entries[place])
        place += 1
    figures: _Figures | None = None
    for label, last in _periods(request.by, begin, end):
        changes = 0
        # Clocks of computers may run back, so that the days of entries are not always in order.
        while place < len(entries) and entries[place][0] <= last:
            _take(held, entries[place])
            place += 1
            changes += 1
        if changes or figures is None:
            figures = _figures(held, kind)
        lowest, median, highest = (
            score_cell(value, kind) for value in (figures.lowest, figures.median, figures.highest)
        )
        yield [
            label, changes, figures.contacts, figures.average, lowest, median, highest,
            *figures.bands,
        ]  # fmt: skip


def _for_people(row: list[Any], kind: ScoreTypeSettings) -> list[Any]:
    """Return a row with its shape, and the average no coarser than the values are."""
    label, changes, contacts, average, *figures = row
    if average is not None and kind.decimals > _USUAL_DECIMALS:
        average = Fixed(round(average, kind.decimals), kind.decimals)
    shape = sparkline(row[-BANDS:], 0) if contacts else None
    return [label, changes, contacts, average, *figures, shape]


def _take(held: dict[int, Decimal], entry: tuple[date, int, Decimal | None]) -> None:
    _, contact, value = entry
    if value is None:
        held.pop(contact, None)
    else:
        held[contact] = value


def _periods(by: str, begin: date, end: date) -> Iterator[tuple[str, date]]:
    """Yield the label and the last day of each period from the one of ``begin`` to ``end``."""
    day, one = begin, timedelta(days=1)
    while day <= end:
        label = day_label(by, day)
        last = day
        while last < end and day_label(by, last + one) == label:
            last += one
        yield label, last
        day = last + one


def _figures(held: Mapping[int, Decimal], kind: ScoreTypeSettings) -> _Figures:
    values = sorted(held.values())
    count = len(values)
    if not count:
        return _Figures(0, None, None, None, None, (0,) * BANDS)
    middle = values[count // 2]
    if count % 2 == 0:
        middle = (values[count // 2 - 1] + middle) / 2
    low, width = exact(kind.min), exact(kind.max) - exact(kind.min)
    bands = [0] * BANDS
    for value in values:
        bands[min(max(int((value - low) * BANDS // width), 0), BANDS - 1)] += 1
    return _Figures(
        count,
        float(sum(values) / count),
        stored(values[0]),
        stored(middle),
        stored(values[-1]),
        tuple(bands),
    )
