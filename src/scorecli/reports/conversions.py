"""The conversion report: calls, conversions and amounts by source or any other field."""

# Annotations are real, not texts: a NamedTuple would compile each text anew at every start.

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scorecli import errors
from scorecli.domain.whole_filter import Filter
from scorecli.reports.figures import Figure, Tally, conversion_figures, wilson
from scorecli.reports.grouping import Grouping, in_order, read_groupings
from scorecli.reports.tallies import DateBy, Key, Window, left_out, tally
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database

if TYPE_CHECKING:
    from scorecli.reports.comparison import Former

NAME = "conversions"
EMPTY_GROUP = "(none)"


class ConversionsRequest(NamedTuple):
    """What is asked of the report; ``since`` and ``until`` are local days, both included.

    ``by`` is one field or two with a comma. ``today`` ends a comparison that has no ``until``; it
    is that of the settings' zone by default.
    """

    selected: Filter = Filter("calls", ())
    by: str = "source"
    since: date | None = None
    until: date | None = None
    date_by: DateBy = "started_at"
    interval: bool = False
    compare: Literal["previous", "year"] | None = None
    today: date | None = None


class _Report(NamedTuple):
    """The settings' side of a report: what is shown of each tally."""

    figures: Sequence[Figure]
    currency: str
    interval: bool
    compared: bool

    def columns(self) -> list[Column]:
        columns = []
        for figure in self.figures:
            columns.append(figure.column)
            if self.interval and figure.name == "conversion_rate":
                columns.append(Column("conversion_rate_low", f"{figure.label}, low", "rate"))
                columns.append(Column("conversion_rate_high", f"{figure.label}, high", "rate"))
        if self.compared:
            from scorecli.reports.comparison import comparison_columns

            columns += comparison_columns(self.figures)
        return columns

    def cells(self, now: Tally, before: Tally) -> list[Any]:
        cells: list[Any] = []
        for figure in self.figures:
            value = figure.value(now, self.currency)
            cells.append(value)
            if self.interval and figure.name == "conversion_rate":
                known = value is not None
                cells += wilson(now.conversions, now.calls) if known else (None, None)
        if self.compared:
            from scorecli.reports.comparison import comparison_cells

            cells += comparison_cells(self.figures, now, before, self.currency)
        return cells


def conversions(
    db: Database, settings: Settings, request: ConversionsRequest, *, for_people: bool = False
) -> Result:
    """Return the report; a missing group is None, ``(none)`` for people.

    Raises :class:`SeveralCurrencies`, :class:`UnknownGrouping`, :class:`FieldSwitchedOff`,
    :class:`NothingToCompare`, :class:`PeriodEndsEarly`, :class:`NoHourOfConversion`.
    """
    zone_name = settings.display.time_zone
    apart = request.date_by == "converted_on"
    if apart and not settings.conversion.enabled:
        raise errors.scoring.FieldSwitchedOff(settings.conversion.field_name, "conversion")
    groupings = read_groupings(request.by, settings, by_day_of_conversion=apart)
    request = _checked(request, zone_name)
    window = Window(request.selected, request.since, request.until, zone_name, request.date_by)
    former = _former(request)
    then = None if former is None else window._replace(since=former.since, until=former.until)

    found = tally(db, groupings, window)
    total = _total(db, groupings, window, found)
    before: Mapping[Key, Tally] = {}
    total_before = Tally()
    if former is not None and then is not None:
        before = tally(db, groupings, then, former.shift)
        total_before = _total(db, groupings, then, before)
        for key in before:
            found.setdefault(key, Tally())

    report = _Report(
        conversion_figures(settings, by_day_of_conversion=apart),
        settings.converted_amount.currency,
        request.interval,
        former is not None,
    )
    if any(figure.name == "amount" for figure in report.figures):
        report = report._replace(currency=_one_currency(groupings, total, total_before, report))
    none = Tally()
    rows = [
        [*_shown(key, for_people), *report.cells(found[key], before.get(key, none))]
        for key in in_order(groupings, found)
    ]
    return Result(
        [*(grouping.column for grouping in groupings), *report.columns()],
        rows,
        total=[*(None for _ in groupings), *report.cells(total, total_before)],
        head=partial(_head, window, former),
        notices=_notices(db, window, former),
    )


def definitions(settings: Settings, *, date_by: DateBy = "started_at") -> Result:
    """Return what each figure counts, over what it is divided and what is left out."""
    apart = date_by == "converted_on"
    rows = [
        [figure.name, figure.label, figure.meaning]
        for figure in conversion_figures(settings, by_day_of_conversion=apart)
    ]
    day = "the day of its conversion" if apart else "the day it started"
    rows += [
        ["day", "Day", f"a conversion belongs to {day}, in the settings' time zone"],
        ["week", "Week", "Monday to Sunday, numbered as in ISO 8601"],
        [
            "tag",
            settings.reporting_tags.field_name,
            "a call counts in each of its tags, once in the total",
        ],
        ["total", "Total", "over all calls that the filter and the days leave"],
        [
            "interval",
            "Interval",
            "where the true rate lies with 95 % confidence (Wilson)",
        ],
        [
            "compare",
            "Compare",
            "previous: as many days right before, or as many calendar months; year: the same days"
            " of the year before. Changes of counts and amounts are fractions of what was before,"
            " those of averages and rates are differences. Within noise: chance alone makes"
            " differences of that size in 95 of 100 cases",
        ],
    ]
    columns = [
        Column("figure", "Figure"),
        Column("label", "Shown as"),
        Column("meaning", "Meaning"),
    ]
    return Result(columns, rows)


def _checked(request: ConversionsRequest, zone_name: str) -> ConversionsRequest:
    if request.compare is not None:
        if request.since is None:
            raise errors.reports.NothingToCompare
        if request.until is None:
            today = request.today or _today(zone_name)
            request = request._replace(until=max(today, request.since))
    if request.since is not None and request.until is not None and request.until < request.since:
        raise errors.reports.PeriodEndsEarly(request.since.isoformat(), request.until.isoformat())
    return request


def _today(zone_name: str) -> date:
    # Few reports compare; the others need not know what day it is.
    from scorecli.domain.days import today_in
    from scorecli.domain.zones import resolve_zone

    return today_in(resolve_zone(zone_name))


def _head(window: Window, former: "Former | None") -> dict[str, Any]:
    from scorecli.reports.frame import head  # only JSON shows it

    about = head(NAME, window)
    if former is not None:
        about["compared_with"] = {
            "since": former.since.isoformat(),
            "until": former.until.isoformat(),
        }
    return about


def _former(request: ConversionsRequest) -> "Former | None":
    if request.compare is None or request.since is None or request.until is None:
        return None
    from scorecli.reports.comparison import former_period  # most reports compare nothing

    return former_period(request.since, request.until, request.compare)


def _total(
    db: Database, groupings: Sequence[Grouping], window: Window, found: Mapping[Key, Tally]
) -> Tally:
    """Return the sums over all calls: those of the groups, unless a call is in several of them."""
    if any(grouping.repeats for grouping in groupings):
        return tally(db, [], window).get((), Tally())
    total = Tally()
    for one in found.values():
        total.add(one)
    return total


def _one_currency(
    groupings: Sequence[Grouping], total: Tally, before: Tally, report: _Report
) -> str:
    """Return the currency in which an amount of nothing is shown.

    Raises :class:`SeveralCurrencies` where amounts of a row would have to be added.
    """
    both = Tally()
    both.add(total)
    both.add(before)
    if any(grouping.name == "currency" for grouping in groupings):
        return report.currency
    both.refuse_mixture()
    return next(iter(both.currencies), report.currency)


def _shown(key: Key, for_people: bool) -> list[str | None]:
    return [EMPTY_GROUP if name is None and for_people else name for name in key]


def _notices(db: Database, window: Window, former: "Former | None") -> list[str]:
    notices = []
    missing = left_out(db, window)
    if missing:
        calls = "1 call" if missing == 1 else f"{missing} calls"
        if window.date_by == "converted_on" and window.is_limited:
            notices.append(f"{calls} converted without a conversion date left out.")
        else:
            notices.append(
                f"{calls} without a start left out, since the report is limited by date."
            )
    if former is not None:
        notices.append(f"Compared with {former.since} to {former.until}.")
    return notices
