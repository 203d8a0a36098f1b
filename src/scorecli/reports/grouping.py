"""What a report can be grouped by: how each field is grouped in SQL, named and put in order.

What only times need is in ``time_groups``, which is imported where a report is by a time: time
zones cost a start more than everything else here.
"""

# Annotations are real, not texts: a NamedTuple would compile each text anew at every start.

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from scorecli import errors
from scorecli.domain.text import nearest
from scorecli.reports.figures import Tally
from scorecli.result import Column
from scorecli.settings import Settings
from scorecli.storage.database import Database

TIMES = ("hour", "weekday", "day", "week", "month", "quarter", "year")
LOOKUPS = ("source", "medium", "campaign", "list", "agent")
_OTHERS = ("user", "result", "tag", "calltag", "direction", "status", "currency")
NAMES = (*LOOKUPS, *_OTHERS, *TIMES)
_SECTIONS = {
    "result": "results",
    "tag": "reporting_tags",
    "calltag": "tags",
    "currency": "converted_amount",
}
_TAGGED = (
    " LEFT JOIN (SELECT ct.call_id, ct.tag_id FROM call_tag AS ct"
    " JOIN tag AS t ON t.id = ct.tag_id WHERE t.kind = '{kind}') AS {alias}"
    " ON {alias}.call_id = c.id"
)

Shift = Callable[[date], date]
Namer = Callable[[Any], "str | None"]


class Grouping(NamedTuple):
    """One field to group by.

    ``sql`` is its stored value for the call ``c``, ``join`` what the statement needs for it.
    ``by_day`` marks a time that comes from a day (``converted_on``) rather than from a moment.
    """

    name: str
    label: str
    sql: str
    join: str = ""
    by_day: bool = False

    @property
    def is_time(self) -> bool:
        """Whether its values have an order of their own."""
        return self.name in TIMES

    @property
    def repeats(self) -> bool:
        """Whether a call may stand in several of its groups."""
        return self.name in ("tag", "calltag")

    @property
    def column(self) -> Column:
        """The group as a column."""
        return Column(self.name, self.label, "day" if self.name == "day" else "text")


def read_groupings(
    text: str,
    settings: Settings,
    *,
    by_day_of_conversion: bool = False,
    allowed: Sequence[str] = NAMES,
) -> list[Grouping]:
    """Return the one or two fields of ``--by``; times become those of the conversion's day.

    ``allowed`` are the fields that a report can be grouped by. Raises :class:`UnknownGrouping`,
    :class:`FieldSwitchedOff`, :class:`NoHourOfConversion`.
    """
    names = [name.strip().lower() for name in text.split(",")]
    for name in names:
        if name not in allowed:
            raise errors.reports.UnknownGrouping(name, nearest(name, allowed), allowed)
        section = _SECTIONS.get(name)
        if section and not getattr(settings, section).enabled:
            raise errors.scoring.FieldSwitchedOff(getattr(settings, section).field_name, section)
    if len(names) > 2 or len(set(names)) < len(names):
        raise errors.reports.UnknownGrouping(text, (), allowed)
    return [_grouping(name, settings, by_day_of_conversion) for name in names]


def _grouping(name: str, settings: Settings, by_day: bool) -> Grouping:
    label = name.capitalize()
    if name in TIMES:
        if not by_day:
            return _by_start(name)
        if name == "hour":
            raise errors.reports.NoHourOfConversion
        return Grouping(name, label, "c.converted_on", by_day=True)
    if name == "tag":
        join = _TAGGED.format(kind="reporting", alias="rt")
        return Grouping(name, settings.reporting_tags.field_name, "rt.tag_id", join)
    if name == "calltag":
        join = _TAGGED.format(kind="call", alias="kt")
        return Grouping(name, settings.tags.field_name, "kt.tag_id", join)
    if name == "result":
        return Grouping(name, settings.results.field_name, "c.result_id")
    if name in LOOKUPS or name == "user":
        return Grouping(name, label, f"c.{name}_id")
    return Grouping(name, label, f"c.{name}")


def start_of(grouping: Grouping) -> Grouping:
    """Return the same grouping by the call's start, where it is by the conversion's day."""
    return _by_start(grouping.name) if grouping.by_day else grouping


def _by_start(name: str) -> Grouping:
    from scorecli.reports.time_groups import BUCKET

    return Grouping(name, name.capitalize(), BUCKET)


def namer(db: Database, grouping: Grouping, zone_name: str, shift: Shift | None = None) -> Namer:
    """Return what turns a stored value of the group into the name it is shown under.

    Spellings that differ only in case or blanks are one name, the first of them. ``shift`` moves
    the days of a former period onto those it is compared with; hours and weekdays stay.
    ``zone_name`` is the time zone as the settings name it.
    """
    if grouping.is_time:
        from scorecli.reports.time_groups import time_namer

        return time_namer(grouping, zone_name, shift)
    names = _names(db, grouping)
    return (lambda value: value) if names is None else names.get


def _names(db: Database, grouping: Grouping) -> Mapping[int, str] | None:
    name = grouping.name
    if name in LOOKUPS or name == "account":
        rows = db.rows(
            "SELECT id, value, folded FROM lookup WHERE field = :field ORDER BY id", {"field": name}
        )
        first: dict[str, str] = {}
        return {number: first.setdefault(folded, value) for number, value, folded in rows}
    if name == "user":
        return _distinct(db.rows('SELECT id, name FROM "user" ORDER BY id'))
    if name == "result":
        return dict(db.rows("SELECT id, code FROM result"))
    if grouping.repeats:
        return dict(db.rows("SELECT id, name FROM tag"))
    return None


def _distinct(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Return the names by number; users of the same name stay apart by their numbers."""
    found = list(rows)
    times: dict[str, int] = {}
    for _, name in found:
        times[name] = times.get(name, 0) + 1
    return {number: name if times[name] == 1 else f"{name} ({number})" for number, name in found}


def in_order(
    groupings: list[Grouping], tallies: Mapping[tuple[str | None, ...], Tally]
) -> list[tuple[str | None, ...]]:
    """Return the groups in order: times as they follow, names by amount, conversions and calls.

    Where two fields are crossed, the second is ordered inside each group of the first. Calls
    without a value come last among times.
    """
    ranks = [_ranks(grouping, place, tallies) for place, grouping in enumerate(groupings)]

    def rank(key: tuple[str | None, ...]) -> list[Any]:
        return [ranks[place][part] for place, part in enumerate(key)]

    return sorted(tallies, key=rank)


def _ranks(
    grouping: Grouping, place: int, tallies: Mapping[tuple[str | None, ...], Tally]
) -> dict[str | None, tuple[Any, ...]]:
    sums: dict[str | None, Tally] = {}
    for key, tally in tallies.items():
        sums.setdefault(key[place], Tally()).add(tally)
    if grouping.is_time:
        from scorecli.domain.days import label_order

        order = label_order(grouping.name)
        if order is None:
            return {name: (name is None, name or "") for name in sums}
        return {name: (name is None, order.index(name) if name else 0) for name in sums}
    return {
        name: (-one.amount, -one.conversions, -one.calls, name is None, name or "")
        for name, one in sums.items()
    }
