"""Counting calls in groups: the statements of the conversion report."""

# Annotations are real, not texts: a NamedTuple would compile each text anew at every start.

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scorecli.domain.whole_filter import Filter
from scorecli.reports.figures import Tally
from scorecli.reports.grouping import Grouping, Namer, Shift, namer, start_of
from scorecli.storage.database import Database

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DateBy = Literal["started_at", "converted_on"]
Key = tuple["str | None", ...]

_CALLS = "count(*), sum(c.scored), count(c.stars), sum(c.stars)"
_NO_CALLS = "0, 0, 0, 0"
_CONVERSIONS = (
    "sum(c.converted), sum(CASE WHEN c.converted = 1 THEN c.amount END),"
    " min(CASE WHEN c.converted = 1 THEN c.currency END),"
    " max(CASE WHEN c.converted = 1 THEN c.currency END)"
)
_NO_CONVERSIONS = "0, 0, NULL, NULL"
_MANY_SOURCES = 2000  # above it, probing every group of the index is no gain

# The index by source holds all that is asked for, in the order of the groups. Counting the entries
# of one group decodes none of them, which is twice as fast as adding them up one by one; so each
# possible group is probed, and only converted calls are read. Those are asked for with IN, by which
# SQLite follows the index and needs not sort them. NULL needs a comparison of its own.
_SOURCES = "(SELECT id FROM lookup WHERE field = 'source')"
_STARS = (1, 2, 3, 4, 5)
_UNCONVERTED = (
    "SELECT {source} AS k, s.scored, {stars} AS stars, 0 AS converted, NULL AS currency,"
    " (SELECT count(*) FROM call AS c WHERE c.removed IS NULL AND c.scored = s.scored"
    " AND c.converted = 0 AND {where}) AS calls, 0 AS amount FROM {groups}"
)
_CONVERTED = (
    "SELECT c.source_id, c.scored, c.stars, 1, c.currency, count(*), sum(c.amount) FROM call AS c"
    " WHERE c.removed IS NULL AND c.scored IN (0, 1) AND c.converted = 1 AND {where}"
    " GROUP BY c.source_id, c.scored, c.stars, c.currency"
)


class Window(NamedTuple):
    """Which calls: a filter, and local days, both included; None leaves a side open.

    ``zone_name`` is the time zone as the settings name it.
    """

    selected: Filter
    since: date | None
    until: date | None
    zone_name: str
    date_by: DateBy = "started_at"

    @property
    def zone(self) -> "ZoneInfo":
        """The time zone of the days; raises UnknownZone."""
        from scorecli.domain.zones import resolve_zone  # reports without days do without zones

        return resolve_zone(self.zone_name)

    @property
    def is_limited(self) -> bool:
        """Whether days limit it."""
        return self.since is not None or self.until is not None


def tally(
    db: Database, groupings: Sequence[Grouping], window: Window, shift: Shift | None = None
) -> dict[Key, Tally]:
    """Return the sums of each group, in one pass over the calls.

    By the day of the conversion it takes two: one over calls by their start, one over conversions.
    ``shift`` moves the days of a former period onto those it is compared with.
    """
    names = [namer(db, grouping, window.zone_name, shift) for grouping in groupings]
    if window.date_by == "started_at":
        if _is_by_source_alone(groupings, window) and _sources(db) <= _MANY_SOURCES:
            return _collect(_by_source(db), names)
        return _collect(grouped_rows(db, groupings, window, f"{_CALLS}, {_CONVERSIONS}"), names)
    by_start = [start_of(grouping) for grouping in groupings]
    start_names = [namer(db, grouping, window.zone_name, shift) for grouping in by_start]
    calls = window._replace(date_by="started_at")
    found = _collect(grouped_rows(db, by_start, calls, f"{_CALLS}, {_NO_CONVERSIONS}"), start_names)
    sums = f"{_NO_CALLS}, {_CONVERSIONS}"
    for key, one in _collect(
        grouped_rows(db, groupings, window, sums, "c.converted = 1"), names
    ).items():
        found.setdefault(key, Tally()).add(one)
    return found


def left_out(db: Database, window: Window) -> int:
    """Return how many calls a limit by days leaves out, for they have no start (or no day).

    A filter on the date limits as ``--since`` does.
    """
    terms = window.selected.terms
    others = tuple(term for term in terms if not _limits_date(term))
    if not window.is_limited and len(others) == len(terms):
        return 0
    from scorecli.storage.filter_sql import to_sql

    condition = to_sql(Filter(window.selected.subject, others))
    where = f"c.removed IS NULL AND {condition.sql}"
    missing = "c.started_at IS NULL"
    if window.date_by == "converted_on" and window.is_limited:
        missing = "c.converted = 1 AND c.converted_on IS NULL"
    found = db.one(f"SELECT count(*) FROM call AS c WHERE {missing} AND {where}", condition.params)
    return int(found)


def _limits_date(term: Any) -> bool:
    from scorecli.domain.filter_tree import Check

    return isinstance(term, Check) and term.field.name == "date" and term.op == "within"


def _collect(rows: Iterator[Sequence[Any]], namers: Sequence[Namer]) -> dict[Key, Tally]:
    found: dict[Key, Tally] = {}
    width = len(namers)
    for row in rows:
        key = tuple([name(value) for name, value in zip(namers, row, strict=False)])
        one = found.get(key)
        if one is None:
            one = found[key] = Tally()
        one.count(row[width:])
    return found


def grouped_rows(
    db: Database,
    groupings: Sequence[Grouping],
    window: Window,
    sums: str,
    also: str = "",
    order: str = "",
) -> Iterator[Sequence[Any]]:
    """Return the rows of sums over live calls, each with its stored values of the groups first.

    ``also`` is one more condition on the call ``c``. Without sums and groups, but with values of
    the call and an ``order``, it is a row for each call.
    """
    from scorecli.storage.filter_sql import to_sql  # the report by source alone does without

    condition = to_sql(window.selected)
    where = ["c.removed IS NULL", condition.sql]
    if also:
        where.append(also)
    params: dict[str, Any] = dict(condition.params)
    where += day_limits(window, params)
    keys = "".join(f"{grouping.sql}, " for grouping in groupings)
    sql = f"SELECT {keys}{sums} FROM call AS c{''.join(one.join for one in groupings)}"
    sql += f" WHERE {' AND '.join(where)}"
    if groupings:
        sql += f" GROUP BY {', '.join(str(place + 1) for place in range(len(groupings)))}"
    return iter(db.execute(sql + order, params))


def day_limits(window: Window, params: dict[str, Any]) -> list[str]:
    """Return the conditions of a window's days on the call ``c``; adds their values to params."""
    limits = []
    if window.date_by == "converted_on":
        if window.since is not None:
            params["since"] = window.since.isoformat()
            limits.append("c.converted_on >= :since")
        if window.until is not None:
            params["until"] = window.until.isoformat()
            limits.append("c.converted_on <= :until")
        return limits
    if not window.is_limited:
        return limits
    from scorecli.domain.days import day_start

    if window.since is not None:
        params["since"] = day_start(window.since, window.zone)
        limits.append("c.started_at >= :since")
    if window.until is not None:
        params["until"] = day_start(window.until + timedelta(days=1), window.zone)
        limits.append("c.started_at < :until")
    return limits


def _is_by_source_alone(groupings: Sequence[Grouping], window: Window) -> bool:
    return (
        [one.name for one in groupings] == ["source"]
        and window.selected.is_empty
        and not window.is_limited
    )


def _sources(db: Database) -> int:
    return int(db.one("SELECT count(*) FROM lookup WHERE field = 'source'"))


def by_source_sql() -> str:
    """Return the statement that counts every call by source out of the index alone."""
    parts = []
    for with_source in (True, False):
        for with_stars in (True, False):
            groups = ["(SELECT 0 AS scored UNION ALL SELECT 1) AS s"]
            probed, read = ["c.source_id IS NULL"], ["c.source_id IS NULL"]
            if with_source:
                groups.insert(0, f"{_SOURCES} AS l")
                probed, read = ["c.source_id = l.id"], [f"c.source_id IN {_SOURCES}"]
            if with_stars:
                groups.append(
                    f"({' UNION ALL '.join(f'SELECT {n} AS stars' for n in _STARS)}) AS g"
                )
                probed.append("c.stars = g.stars")
                read.append(f"c.stars IN {_STARS}")
            else:
                probed.append("c.stars IS NULL")
                read.append("c.stars IS NULL")
            unconverted = _UNCONVERTED.format(
                source="l.id" if with_source else "NULL",
                stars="g.stars" if with_stars else "NULL",
                groups=" CROSS JOIN ".join(groups),
                where=" AND ".join(probed),
            )
            parts += [unconverted, _CONVERTED.format(where=" AND ".join(read))]
    return " UNION ALL ".join(parts)


def _by_source(db: Database) -> Iterator[Sequence[Any]]:
    for source, scored, stars, converted, currency, calls, amount in db.execute(by_source_sql()):
        if calls:
            starred = 0 if stars is None else calls
            yield (
                source, calls, scored * calls, starred, starred * (stars or 0),
                converted * calls, amount, currency, currency,
            )  # fmt: skip
