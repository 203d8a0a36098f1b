"""Calling hours such as ``Mon-Fri 09:00-18:00, Sat 10:00-14:00``, in somebody's local time."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

from scorecli.domain.text import fold
from scorecli.errors.campaigns import BadHours

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTES: Final = 24 * 60
_PART: Final = re.compile(
    r"(?:([a-z]{2,9})\.?(?: ?- ?([a-z]{2,9})\.?)? ?)?"
    r"(?:([0-9]{1,2})(?:[:.]([0-9]{2}))? ?- ?([0-9]{1,2})(?:[:.]([0-9]{2}))?)?"
)
_FULL: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Span(NamedTuple):
    """A time of one weekday (0 is Monday), in minutes of that day, the end not included."""

    day: int
    start: int
    end: int


def parse_hours(text: str) -> tuple[Span, ...]:
    """Return the spans that a text names, by day and time; raises :class:`BadHours`.

    Parts are separated by commas. A part without days has those of the part before it, or every
    day; a part without times has those of the part after it.
    """
    spans: list[Span] = []
    days: list[int] = []
    waiting: list[int] = []
    for part in text.split(","):
        found = _PART.fullmatch(_plain(part))
        if found is None or not _plain(part):
            raise BadHours(text, part.strip() or "an empty part")
        first, last, *times = found.groups()
        if first is not None:
            named = _days(text, first, last)
            days = [*waiting, *named]
        if times[0] is None:
            waiting = days
            continue
        start, end = _minutes(text, times[0], times[1]), _minutes(text, times[2], times[3])
        if start >= end:
            raise BadHours(text, part.strip())
        waiting = []
        spans += [Span(day, start, end) for day in days or range(7)]
    if waiting or not spans:
        raise BadHours(text, text.strip() or "nothing")
    return tuple(sorted(set(spans)))


def format_hours(spans: tuple[Span, ...]) -> str:
    """Return spans as a text that :func:`parse_hours` reads, days of the same times together."""
    times: dict[int, str] = {}
    for span in spans:
        one = f"{_clock(span.start)}-{_clock(span.end)}"
        times[span.day] = f"{times[span.day]}, {one}" if span.day in times else one
    parts: list[str] = []
    day = 0
    while day < len(DAYS):
        last = day
        while last + 1 < len(DAYS) and times.get(last + 1) == times.get(day):
            last += 1
        if day in times:
            name = DAYS[day] if last == day else f"{DAYS[day]}-{DAYS[last]}"
            parts.append(f"{name} {times[day]}")
        day = last + 1
    return ", ".join(parts)


def are_open(spans: tuple[Span, ...], local: datetime) -> bool:
    """Tell whether a local time lies within the spans."""
    minute = local.hour * 60 + local.minute
    return any(span.day == local.weekday() and span.start <= minute < span.end for span in spans)


def _plain(part: str) -> str:
    return fold(part).replace("\u2013", "-")  # a dash, as people type it


def _days(text: str, first: str, last: str | None) -> list[int]:
    if last is None and first in ("daily", "everyday"):
        return list(range(7))
    start = _day(text, first)
    if last is None:
        return [start]
    count = (_day(text, last) - start) % 7 + 1
    return [(start + step) % 7 for step in range(count)]


def _day(text: str, name: str) -> int:
    fits = [at for at, full in enumerate(_FULL) if full.startswith(name)]
    if len(fits) != 1:
        raise BadHours(text, name)
    return fits[0]


def _minutes(text: str, hours: str, minutes: str | None) -> int:
    found = int(hours) * 60 + int(minutes or 0)
    if found > _MINUTES or int(minutes or 0) > 59:
        raise BadHours(text, f"{hours}:{minutes or '00'}")
    return found


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
