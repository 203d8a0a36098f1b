"""The call results report: what was reached by campaign, agent, list, result or status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from scorecli.domain.filter_match import matches
from scorecli.domain.filter_tree import Group, Node, Not
from scorecli.domain.text import fold
from scorecli.domain.whole_filter import Filter
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.reports.figures import Tally, ratio, share, wilson
from scorecli.reports.frame import (
    EMPTY_GROUP,
    check_period,
    definition_table,
    head,
    without_start,
)
from scorecli.reports.grouping import NAMES, Grouping, in_order, namer, read_groupings
from scorecli.reports.tallies import Key, Window, grouped_rows
from scorecli.result import Column, Kind, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database

NAME = "results"
GROUPINGS = tuple(name for name in NAMES if name not in ("tag", "calltag"))
"""What the report can be grouped by: a call is in one group of each."""
_SUMS = (
    "count(*), sum(c.converted), sum(CASE WHEN c.converted = 1 THEN c.amount END),"
    " min(CASE WHEN c.converted = 1 THEN c.currency END),"
    " max(CASE WHEN c.converted = 1 THEN c.currency END)"
)


class ResultsRequest(NamedTuple):
    """What is asked of the report; ``since`` and ``until`` are local days, both included.

    ``by`` is one field or two with a comma.
    """

    selected: Filter = Filter("calls", ())
    by: str = "campaign"
    since: date | None = None
    until: date | None = None
    interval: bool = False


class _Code(NamedTuple):
    """A defined result: what a call with it counts as."""

    code: str
    contact: int
    presentation: int
    success: int


class _Sums(Tally):
    """What is added up over calls; ``whole`` is the number of calls that a share is of."""

    __slots__ = ("by_code", "contacts", "presentations", "successes", "whole")

    def __init__(self) -> None:
        super().__init__()
        self.contacts = self.presentations = self.successes = self.whole = 0
        self.by_code: dict[str | None, int] = {}

    def take(self, code: _Code | None, sums: Sequence[Any]) -> None:
        """Add the sums of calls that have one result, or none."""
        calls, conversions, amount, first, last = sums
        self.count((calls, 0, 0, 0, conversions, amount, first, last))
        name = None if code is None else code.code
        self.by_code[name] = self.by_code.get(name, 0) + calls
        if code is not None:
            self.contacts += calls * code.contact
            self.presentations += calls * code.presentation
            self.successes += calls * code.success


class _Figure(NamedTuple):
    name: str
    label: str
    kind: Kind
    meaning: str
    value: Callable[[_Sums, str], Any]
    of: tuple[str, str] | None = None  # a rate: what is divided by what, for its interval


def results_report(
    db: Database, settings: Settings, request: ResultsRequest, *, for_people: bool = False
) -> Result:
    """Return the report; a missing group is None, ``(none)`` for people.

    Where it is by result, every defined code has a row in every group, also with 0 calls; by
    campaign, so has every campaign that is not closed.
    Raises :class:`FieldSwitchedOff`, :class:`UnknownGrouping`, :class:`SeveralCurrencies`,
    :class:`PeriodEndsEarly`.
    """
    _require_on(settings)
    check_period(request.since, request.until)
    groupings = read_groupings(request.by, settings, allowed=GROUPINGS)
    zone_name = settings.display.time_zone
    window = Window(request.selected, request.since, request.until, zone_name)
    codes = _codes(db)
    found, total = _collect(db, groupings, window, codes)
    _complete(groupings, found, codes.values(), _campaigns(db, request.selected))
    _set_wholes(groupings, found, total)
    figures = _figures(settings, groupings)
    currency = settings.converted_amount.currency
    if any(figure.name == "amount" for figure in figures) and "currency" not in request.by:
        total.refuse_mixture()
        currency = next(iter(total.currencies), currency)
    labels = [code.code for code in codes.values()]
    rows = [
        [
            *(EMPTY_GROUP if name is None and for_people else name for name in key),
            *_cells(figures, found[key], currency, labels, interval=request.interval),
        ]
        for key in in_order(groupings, found)
    ]
    return Result(
        [*(each.column for each in groupings), *_columns(figures, interval=request.interval)],
        rows,
        total=[
            *(None for _ in groupings),
            *_cells(figures, total, currency, labels, interval=request.interval),
        ],
        head=partial(head, NAME, window),
        notices=without_start(db, window),
    )


def definitions(settings: Settings) -> Result:
    """Return what each figure counts, over what it is divided and what is left out."""
    rows = [(figure.name, figure.label, figure.meaning) for figure in _figures(settings, ())]
    rows += [
        ("status", "Status", "what the line did; a result's own status is no group"),
        (
            "campaign",
            "Campaign",
            "by campaign, alone or crossed with result, those without calls are shown too, unless"
            " they are closed or the filter is for others",
        ),
        ("interval", "Interval", "where the true rate lies with 95 % confidence (Wilson)"),
        ("total", "Total", "over all calls that the filter and the days leave"),
    ]
    return definition_table(rows)


def _codes(db: Database) -> dict[int, _Code]:
    rows = db.rows("SELECT id, code, contact, presentation, success FROM result ORDER BY folded")
    return {number: _Code(*rest) for number, *rest in rows}


def _collect(
    db: Database, groupings: list[Grouping], window: Window, codes: Mapping[int, _Code]
) -> tuple[dict[Key, _Sums], _Sums]:
    """Return the sums of each group and of all, in one pass over the calls."""
    names = [namer(db, grouping, window.zone_name) for grouping in groupings]
    by_result = Grouping("result", "", "c.result_id")
    found: dict[Key, _Sums] = {}
    total = _Sums()
    width = len(groupings)
    for row in grouped_rows(db, [*groupings, by_result], window, _SUMS):
        key = tuple([name(value) for name, value in zip(names, row, strict=False)])
        code = None if row[width] is None else codes[row[width]]
        sums = row[width + 1 :]
        found.setdefault(key, _Sums()).take(code, sums)
        total.take(code, sums)
    return found, total


def _complete(
    groupings: Sequence[Grouping],
    found: dict[Key, _Sums],
    codes: Iterable[_Code],
    campaigns: Sequence[str],
) -> None:
    """Add the rows of codes that no call has, and of campaigns that have no calls.

    By campaign and a third thing there is none to show beside a campaign without calls.
    """
    names = [grouping.name for grouping in groupings]
    by_campaign = "campaign" in names and set(names) <= {"campaign", "result"}
    if "result" not in names:
        for campaign in _without_calls(found, 0, campaigns) if by_campaign else ():
            found[(campaign,)] = _Sums()
        return
    place = names.index("result")
    others = {key[:place] + key[place + 1 :] for key in found} or (
        {()} if len(names) == 1 else set()
    )
    if by_campaign:
        others |= {(name,) for name in _without_calls(found, 1 - place, campaigns)}
    for rest in others:
        for code in codes:
            found.setdefault((*rest[:place], code.code, *rest[place:]), _Sums())


def _without_calls(found: Iterable[Key], place: int, campaigns: Sequence[str]) -> list[str]:
    there = {fold(name) for key in found if (name := key[place]) is not None}
    return [name for name in campaigns if fold(name) not in there]


def _campaigns(db: Database, selected: Filter) -> list[str]:
    """Return the campaigns that are worked on, those left out that the filter asks not for."""
    terms = tuple(term for term in selected.terms if _is_about_campaigns(term))
    asked = Filter(selected.subject, terms)
    rows = db.rows("SELECT name FROM campaign WHERE closed = 0 ORDER BY folded")
    return [name for (name,) in rows if matches(asked, {"campaign": name})]


def _is_about_campaigns(node: Node) -> bool:
    if isinstance(node, Not):
        return _is_about_campaigns(node.part)
    if isinstance(node, Group):
        return all(map(_is_about_campaigns, node.parts))
    return node.field.name == "campaign"


def _set_wholes(groupings: Sequence[Grouping], found: Mapping[Key, _Sums], total: _Sums) -> None:
    """Say of each row what its share is of: all calls, or those of the first of two groups."""
    total.whole = total.calls
    firsts: dict[str | None, int] = {}
    for key, sums in found.items():
        firsts[key[0]] = firsts.get(key[0], 0) + sums.calls
    for key, sums in found.items():
        sums.whole = firsts[key[0]] if len(groupings) == 2 else total.calls


def _columns(figures: Iterable[_Figure], *, interval: bool) -> list[Column]:
    columns = []
    for figure in figures:
        columns.append(Column(figure.name, figure.label, figure.kind))
        if interval and figure.of:
            columns.append(Column(f"{figure.name}_low", f"{figure.label}, low", "rate"))
            columns.append(Column(f"{figure.name}_high", f"{figure.label}, high", "rate"))
    return columns


def _cells(
    figures: Iterable[_Figure],
    sums: _Sums,
    currency: str,
    codes: Sequence[str],
    *,
    interval: bool,
) -> list[Any]:
    cells: list[Any] = []
    for figure in figures:
        if figure.name == "results":
            cells.append({code: sums.by_code.get(code, 0) for code in codes})
            continue
        cells.append(figure.value(sums, currency))
        if interval and figure.of:
            hits, trials = figure.of
            cells += wilson(getattr(sums, hits), getattr(sums, trials))
    return cells


def _figures(settings: Settings, groupings: Sequence[Grouping]) -> list[_Figure]:
    figures = [
        _Figure(
            "calls", "Calls", "integer", "calls, with a result or without", lambda s, _: s.calls
        ),
        _Figure(
            "share",
            "Share",
            "rate",
            "calls / all calls of the report; where two fields are crossed, calls / calls of the"
            " first one's group",
            lambda s, _: ratio(s.calls, s.whole),
        ),
    ]
    for name, label, flag, over in (
        ("contacts", "Contacts", "contact", "calls"),
        ("presentations", "Presentations", "presentation", "contacts"),
        ("successes", "Successes", "success", "contacts"),
    ):
        figures += _reached(name, label, flag, over)
    if settings.conversion.enabled and settings.converted_amount.enabled:
        label = settings.converted_amount.field_name
        figures += [
            _Figure(
                "amount",
                label,
                "money",
                "sum of the amounts of converted calls; an amount without a conversion is left out",
                lambda s, currency: s.money(currency),
            ),
            _Figure(
                "amount_per_success",
                "Per success",
                "money",
                "amount / successes, those without an amount included",
                lambda s, currency: share(s.money(currency), s.successes),
            ),
        ]
    if all(grouping.name != "result" for grouping in groupings):
        figures.append(
            _Figure(
                "results",
                settings.results.field_name,
                "object",
                "calls that have each result; every defined code, also with 0. By result, each code"
                " is a row",
                lambda s, _: s.by_code,
            )
        )
    return figures


def _reached(name: str, label: str, flag: str, over: str) -> list[_Figure]:
    return [
        _Figure(
            name,
            label,
            "integer",
            f"calls whose result is a {flag}",
            lambda s, _: getattr(s, name),
        ),
        _Figure(
            f"{flag}_rate",
            f"{flag.capitalize()} rate",
            "rate",
            f"{name} / {over}",
            lambda s, _: ratio(getattr(s, name), getattr(s, over)),
            (name, over),
        ),
    ]


def _require_on(settings: Settings) -> None:
    if not settings.results.enabled:
        raise FieldSwitchedOff(settings.results.field_name, "results")
