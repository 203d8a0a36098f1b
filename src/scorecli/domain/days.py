"""Days and periods as people write them, and where local days begin in UTC.

A period is half-open: its start belongs to it, its end does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from scorecli import errors

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DAY_FORMS = "a day such as 2026-10-03, today, yesterday or 30d (30 days ago)"
PERIOD_FORMS = (
    "a day (2026-10-03, today, yesterday, 30d), a period (2026, 2026-10, 2026-Q3, 2026-W05, "
    "this-week, last-month) or a range (2026-10-01..2026-10-15, 30d.., ..2026-10-15)"
)
BUCKET_SECONDS = 900
"""The length of a bucket of calls in reports; the offset of every zone is a multiple of it."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_WRITTEN = (
    r"(?P<year>[0-9]{4})(?:-(?:(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?|q(?P<quarter>[1-4])|w(?P<week>[0-9]{2})))?"
    r"|(?P<count>[0-9]{1,5})(?P<unit>[dwmy])"
)


class Period(NamedTuple):
    """A stretch of local days; ``None`` means that it is open on that side."""

    start: date | None
    end: date | None
    """The first day that no longer belongs to it."""


def parse_day(text: str, today: date) -> date:
    """Return the one day that ``text`` means; raises ``BadDay`` for anything else."""
    period = _one_period(_folded(text), today)
    if period is None or period[1] != period[0] + timedelta(days=1):
        raise errors.values.BadDay(text.strip(), "one day", DAY_FORMS)
    return period[0]


def parse_period(text: str, today: date) -> Period:
    """Return the period that ``text`` means, ranges and open ends included.

    Raises ``BadDay`` for anything that is not understood, or that could mean two periods.
    """
    first, dots, last = _folded(text).partition("..")
    if not dots:
        found = _one_period(first, today)
        if found is None:
            raise errors.values.BadDay(text.strip(), "a period", PERIOD_FORMS)
        return Period(*found)
    first, last = first.rstrip(), last.lstrip()
    begin = _one_period(first, today) if first else None
    end = _one_period(last, today) if last else None
    if (first and begin is None) or (last and end is None) or not (first or last):
        raise errors.values.BadDay(text.strip(), "a period", PERIOD_FORMS)
    start, stop = begin and begin[0], end and end[1]
    if start is not None and stop is not None and start >= stop:
        raise errors.values.BadDay(
            text.strip(), "a period, since it ends before it starts", PERIOD_FORMS
        )
    return Period(start, stop)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _one_period(text: str, today: date) -> tuple[date, date] | None:
    """Return the first day, and the first day after; ``None`` for what is not understood."""
    named = _named_period(text.replace(" ", "-"), today)
    if named is not None:
        return named
    found = re.fullmatch(_WRITTEN, text)
    if found is None:
        return None
    try:
        if found["count"]:
            start = _ago(int(found["count"]), found["unit"], today)
            return start, start + timedelta(days=1)
        return _written_period(found)
    except (ValueError, OverflowError):  # such as 2026-02-30
        return None


def _written_period(found: re.Match[str]) -> tuple[date, date] | None:
    year = int(found["year"])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if found["day"]:
        start = date(year, int(found["month"]), int(found["day"]))
        return start, start + timedelta(days=1)
    if found["month"]:
        return _months(date(year, int(found["month"]), 1), 1)
    if found["quarter"]:
        return _months(date(year, int(found["quarter"]) * 3 - 2, 1), 3)
    if found["week"]:
        start = date.fromisocalendar(year, int(found["week"]), 1)
        return start, start + timedelta(days=7)
    return _months(date(year, 1, 1), 12)


def _named_period(text: str, today: date) -> tuple[date, date] | None:
    one = timedelta(days=1)
    if text in ("today", "yesterday", "tomorrow"):
        start = today + {"today": 0, "yesterday": -1, "tomorrow": 1}[text] * one
        return start, start + one
    which, _, unit = text.partition("-")
    if which not in ("this", "last"):
        return None
    back = 1 if which == "last" else 0
    if unit == "week":
        start = today - timedelta(days=today.weekday() + 7 * back)
        return start, start + 7 * one
    length = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if length is None:
        return None
    first = date(today.year, (today.month - 1) // length * length + 1, 1)
    return _months(_add_months(first, -length * back), length)


def _months(start: date, count: int) -> tuple[date, date]:
    return start, _add_months(start, count)


def _add_months(day: date, count: int) -> date:
    """Return the same day ``count`` months on; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _ago(count: int, unit: str, today: date) -> date:
    if unit in "dw":
        return today - timedelta(days=count * (7 if unit == "w" else 1))
    return _add_months(today, -count * (12 if unit == "y" else 1))


def day_start(day: date, zone: ZoneInfo) -> int:
    """Return the UTC second at which the local ``day`` begins.

    Where the clock skips midnight it is the first second after the gap; a day that the zone leaves
    out altogether is empty: it begins where the next one does. Of two midnights the first counts.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    second = int(midnight.timestamp())
    # Only where midnight does not exist do the two readings of it go forward like this.
    gap = _offset(midnight.replace(fold=1)) - _offset(midnight)
    if gap <= 0:
        return second
    low, high = second - gap, second  # local time is before the day at low, not at high
    while high - low > 1:
        middle = (low + high) // 2
        if local_day(middle, zone) < day:
            low = middle
        else:
            high = middle
    return high


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    return 0 if offset is None else offset.days * 86400 + offset.seconds


def local_day(epoch: int, zone: ZoneInfo) -> date:
    """Return the local day of a UTC second."""
    return datetime.fromtimestamp(epoch, zone).date()


def today_in(zone: ZoneInfo) -> date:
    """Return the day that it is now in ``zone``."""
    return datetime.now(UTC).astimezone(zone).date()


def period_bounds(period: Period, zone: ZoneInfo) -> tuple[int | None, int | None]:
    """Return a period's first UTC second and the first one after it; ``None`` where it is open."""
    start = None if period.start is None else day_start(period.start, zone)
    end = None if period.end is None else day_start(period.end, zone)
    return start, end


def day_label(unit: str, day: date) -> str:
    """Return how the ``weekday``, ``day``, ``week``, ``month``, ``quarter`` or ``year`` is shown.

    All but the weekday sort as text: ``2026-10-03``, ``2026-W40``, ``2026-10``, ``2026-Q4``.
    """
    if unit == "day":
        return day.isoformat()
    if unit == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    if unit == "month":
        return f"{day.year:04}-{day.month:02}"
    if unit == "quarter":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    if unit == "year":
        return f"{day.year:04}"
    return _WEEKDAYS[day.weekday()]


def bucket_labels(unit: str, zone: ZoneInfo) -> Callable[[int], str]:
    """Return a function from a bucket (UTC seconds // 900) to the label of its local ``unit``.

    The unit is ``hour`` (``00`` to ``23``) or one that ``day_label`` knows.
    """
    if unit == "hour":
        return partial(_hour_label, zone)
    known: dict[date, str] = {}

    def label(bucket: int) -> str:
        day = datetime.fromtimestamp(bucket * BUCKET_SECONDS, zone).date()
        found = known.get(day)
        if found is None:
            found = known[day] = day_label(unit, day)
        return found

    return label


def _hour_label(zone: ZoneInfo, bucket: int) -> str:
    return f"{datetime.fromtimestamp(bucket * BUCKET_SECONDS, zone).hour:02}"


def label_order(unit: str) -> tuple[str, ...] | None:
    """Return the labels of a unit that goes round, in their order; ``None`` where text sorts."""
    if unit == "weekday":
        return _WEEKDAYS
    if unit == "hour":
        return tuple(f"{hour:02}" for hour in range(24))
    return None
