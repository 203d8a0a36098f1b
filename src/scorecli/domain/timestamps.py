"""Reading the start of calls into UTC seconds, fast where days repeat, and showing them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from scorecli import errors
from scorecli.domain.day_texts import SERIAL, day_reader, split_format
from scorecli.domain.zones import resolve_zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_EARLIEST_UNIX, _LATEST_UNIX = 631_152_000, 4_102_444_800  # the years 1990 to 2099
_DAY = 86400
# Spreadsheets count days from a day 0 that makes 1900 a leap year; these are 1970 to 2099.
_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 25_569, 73_050
_MOST_HEADS, _MOST_RESTS = 30_000, 20_000
# The offsets that RFC 2822 gives to names of zones; other names mean different things to people.
_NAMED_OFFSETS = {
    "Z": 0,
    "UT": 0,
    "UTC": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
_DIGITS = tuple(map(str, range(60)))
_TWO_DIGITS = tuple(text.zfill(2) for text in _DIGITS)
_OFFSET = (
    r"(?: *(Z|(?:UTC|GMT) *[+-][0-9]{1,2}(?::?[0-9]{2})?|UTC?|GMT|[ECMP][SD]T"
    r"|[+-][0-9]{2}(?::?[0-9]{2})?))?"
)
_ZONE = r" *\[?([A-Za-z]+(?:/[A-Za-z0-9_+-]+)+)\]?\Z"
_YEAR_BEHIND_CLOCK = (
    r"([A-Za-z]{3,9},? [A-Za-z]{3,9} [0-9]{1,2}) ([0-9:]{5,8})( [A-Z]{3,4})? ([0-9]{4})"
)
_CLOCK = (
    r"(?:^|T|,? +)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    rf"(?: *([AP])\.?M\.?)?{_OFFSET}(?: *\([A-Z ]+\))?\Z"
)
_BASIC_CLOCK = rf" ?T?([0-9]{{2}})([0-9]{{2}})([0-9]{{2}})?()(?:[.,][0-9]+)?{_OFFSET}\Z"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    # Not at import: commands that only show times would pay for it.
    return re.compile(_CLOCK, re.IGNORECASE), re.compile(_BASIC_CLOCK)


class TimeReader:
    """Turns the texts of one column into UTC seconds.

    A text without an offset is local time in ``zone``. Of a local time that occurs twice, when
    clocks go back, the first is taken; one that clocks skip is moved forward by the gap.
    Fractions of a second are dropped. A day without a time is its midnight.

    ``date_format`` is ``DMY``, ``MDY``, ``YMD``, ``EXCEL`` (numbers are days as spreadsheets count
    them; an order may follow) or a pattern of ``strptime``; ``BadDateFormat`` is raised for
    anything else. Without it, a day that could mean two raises ``DoubtfulDayOrder``.
    """

    __slots__ = (
        "_date_format",
        "_days",
        "_elsewhere",
        "_even",
        "_heads",
        "_numbers_are_unix",
        "_pattern",
        "_read_day",
        "_rests",
        "_serials",
        "_zone",
    )

    def __init__(self, zone: ZoneInfo, date_format: str | None = None) -> None:
        day_format: str | None = None
        self._pattern: str | None = None
        if date_format is not None:
            day_format, self._pattern = split_format(date_format)
        self._zone = zone
        self._date_format = date_format
        self._serials = bool(day_format and day_format.startswith(SERIAL))
        self._elsewhere: dict[str, TimeReader] = {}
        self._read_day = day_reader(day_format)
        self._numbers_are_unix = day_format is None or "%" not in day_format
        self._days: dict[str, date] = {}
        self._even: dict[date, int | None] = {}
        # A text is cut at its first colon: "2026-10-03 14" and "05:09". What the second half means
        # (is it with an offset, with AM or PM?) says in which table the first one is looked up.
        self._heads: dict[tuple[bool, bool], dict[str, int]] = {
            (utc, halves): {} for utc in (False, True) for halves in (False, True)
        }
        self._rests: dict[str, tuple[dict[str, int], int]] = {}

    def read(self, text: str) -> int:
        """Return the UTC second that ``text`` means; raises ``ValueError`` with a short reason."""
        head, _, rest = text.partition(":")
        found = self._rests.get(rest)
        if found is None and rest[2:6:3] == ":." and rest[6:7].isdigit() and not self._pattern:
            # A fraction would make every text new to the table.
            rest = rest[:5] + rest[6:].lstrip("0123456789")
            found = self._rests.get(rest)
            text = f"{head}:{rest}"
        if found is not None:
            hour = found[0].get(head)
            if hour is not None:
                return hour + found[1]
        return self._read_slowly(text)

    def column(self, texts: Iterable[str]) -> list[int]:
        """Return the UTC seconds of many texts; raises ``ValueError`` where one of them is bad."""
        rests = self._rests
        found = []
        for text in texts:
            head, _, rest = text.partition(":")
            try:
                hours, after_hour = rests[rest]
                found.append(hours[head] + after_hour)
            except KeyError:
                found.append(self.read(text))
        return found

    def _read_slowly(self, text: str) -> int:
        if self._serials:
            serial = _serial_seconds(text)
            if serial is not None:
                return self._local(_SERIAL_ZERO + timedelta(days=serial // _DAY), serial % _DAY)
        unix = _unix_seconds(text) if self._numbers_are_unix else None
        if unix is not None:
            return unix
        shown = " ".join(text.split())
        if not shown:
            raise ValueError("the time is empty")
        if self._pattern is not None:
            return self._read_pattern(shown, self._pattern)
        if shown[-1] == "]" or ("/" in shown and shown[-1].isalpha()):
            elsewhere = self._in_named_zone(shown)
            if elsewhere is not None:
                return elsewhere
        if shown[:1].isalpha() and shown[-4:].isdigit():
            shown = re.sub(_YEAR_BEHIND_CLOCK, r"\1 \4 \2\3", shown)
        clock, basic_clock = _patterns()
        found = clock.search(shown)
        if found is None and len(shown) > 12 and shown[:8].isdigit():
            found = basic_clock.match(shown, 8)
        if found is None:
            return self._local(self._day(shown), 0)
        day_text = shown[: found.start()].rstrip(" ,")
        if not day_text:
            raise ValueError(f"'{shown}' has no date")
        day = self._day(day_text.removesuffix(" at"))
        seconds = _clock_seconds(found, shown)
        offset = _offset_seconds(found[5], shown)
        if offset is None:
            midnight = self._even_midnight(day)
            if midnight is None:
                return self._local(day, seconds)
        else:
            midnight = _utc_midnight(day) - offset
        self._learn(shown, found, midnight + seconds, offset)
        return midnight + seconds

    def _in_named_zone(self, shown: str) -> int | None:
        """Read a text that ends in the name of its zone: ``2026-11-02 09:12 Europe/Paris``."""
        found = re.search(_ZONE, shown)
        if found is None:
            return None
        reader = self._elsewhere.get(found[1])
        if reader is None:
            try:
                reader = TimeReader(resolve_zone(found[1]), self._date_format)
            except errors.values.UnknownZone:
                raise ValueError(f"'{shown}': there is no time zone {found[1]}") from None
            self._elsewhere[found[1]] = reader
        return reader.read(shown[: found.start()])

    def _learn(self, shown: str, found: re.Match[str], second: int, offset: int | None) -> None:
        """Remember both halves of a text, so that others made of them are read at once."""
        head, colon, rest = shown.partition(":")
        if not colon or found.end(1) != len(head) or "." in rest or "," in rest:
            return
        if found[4] and int(found[1]) == 0:  # 0:15 AM is a time, 0:15 PM is none
            return
        after_hour = int(found[2]) * 60 - (offset or 0)
        if found[4] and found[4] in "Pp":
            after_hour += _DAY // 2
        seconds = int(found[3] or 0)
        heads = self._heads[offset is not None, bool(found[4])]
        if len(heads) >= _MOST_HEADS:
            heads.clear()
        if len(self._rests) >= _MOST_RESTS:
            self._rests.clear()
        # With one hour of a day all of them are known, and with one second those of its minute.
        width = found.end(1) - found.start(1)
        turn = 12 if found[4] else 24
        midnight = second - after_hour - seconds - int(found[1]) % turn * 3600
        day = head[: len(head) - width]
        written = _TWO_DIGITS if width == 2 else _DIGITS
        for hour in range(1, 13) if found[4] else range(24):
            heads[day + written[hour]] = midnight + hour % turn * 3600
        if rest in self._rests:
            return
        if found[3] is None:
            self._rests[rest] = heads, after_hour
            return
        minute, behind = rest[:3], rest[5:]
        for each, text in enumerate(_TWO_DIGITS):
            self._rests[f"{minute}{text}{behind}"] = heads, after_hour + each

    def _day(self, text: str) -> date:
        day = self._days.get(text)
        if day is None:
            day = self._days[text] = self._read_day(text)
        return day

    def _even_midnight(self, day: date) -> int | None:
        """Return the UTC second of a day's midnight; None where clocks change on that day."""
        if day in self._even:
            return self._even[day]
        start = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        end = start + timedelta(days=1)
        offsets = {
            moment.replace(fold=fold).utcoffset() for moment in (start, end) for fold in (0, 1)
        }
        midnight = int(start.timestamp()) if len(offsets) == 1 else None
        self._even[day] = midnight
        return midnight

    def _local(self, day: date, seconds: int) -> int:
        midnight = self._even_midnight(day)
        if midnight is not None:
            return midnight + seconds
        hour, rest = divmod(seconds, 3600)
        # The first of two equal times, and a skipped one read by the clock before the gap.
        moment = datetime(
            day.year, day.month, day.day, hour, rest // 60, rest % 60, tzinfo=self._zone, fold=0
        )
        return int(moment.timestamp())

    def _read_pattern(self, text: str, pattern: str) -> int:
        try:
            moment = datetime.strptime(text, pattern)
        except ValueError:
            raise ValueError(f"'{text}' does not fit the format {pattern}") from None
        if not 1970 <= moment.year < 2100:
            raise ValueError(f"'{text}': the year {moment.year} is not between 1970 and 2099")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone)
        return int(moment.replace(microsecond=0).timestamp())


def _utc_midnight(day: date) -> int:
    return (day.toordinal() - 719_163) * _DAY


def _unix_seconds(text: str) -> int | None:
    """Return the seconds of a Unix time in seconds or milliseconds, None where it is none."""
    whole, _, fraction = text.strip().partition(".")
    if not (whole.isdigit() and whole.isascii()) or (fraction and not fraction.isdigit()):
        return None
    if len(whole) in (8, 14) and not fraction:
        return None  # 20261003 and 20261003140509
    if len(whole) == 5:
        raise ValueError(
            f"'{text}' is not a time;"
            " where it is a spreadsheet's count of days, import with --date-format EXCEL"
        )
    if len(whole) not in (10, 13):
        raise ValueError(f"'{text}' is not a time")
    seconds = int(whole) if len(whole) == 10 else int(whole) // 1000
    if not _EARLIEST_UNIX <= seconds < _LATEST_UNIX:
        raise ValueError(f"'{text}' is not a Unix time between 1990 and 2099")
    return seconds


def _serial_seconds(text: str) -> int | None:
    """Return a spreadsheet's days since the end of 1899 as seconds, None where it is no such."""
    found = re.fullmatch(r"([0-9]{5})(?:[.,]([0-9]+))?", text.strip())
    if found is None or not _FIRST_SERIAL <= int(found[1]) <= _LAST_SERIAL:
        return None
    return int(found[1]) * _DAY + round(float(f"0.{found[2] or 0}") * _DAY)


def _clock_seconds(found: re.Match[str], text: str) -> int:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = found[4].upper() if found[4] else None
    if hour > (12 if half else 23) or minute > 59 or second > 59 or (half == "P" and hour == 0):
        raise ValueError(f"'{text}' has no such time of day")
    if half:
        hour = hour % 12 + (12 if half == "P" else 0)
    return hour * 3600 + minute * 60 + second


def _offset_seconds(written: str | None, text: str) -> int | None:
    if written is None:
        return None
    name = written.upper()
    named = _NAMED_OFFSETS.get(name)
    if named is not None:
        return named * 3600
    sign = -1 if "-" in name else 1
    digits = name.lstrip("UTCGM +-").replace(":", "")
    hours, minutes = int(digits), 0
    if len(digits) > 2:
        hours, minutes = divmod(hours, 100)
    if hours > 18 or minutes > 59:
        raise ValueError(f"'{text}' has no such offset from UTC")
    return sign * (hours * 3600 + minutes * 60)


def fraction_of_day(text: str) -> int:
    """Return the seconds after midnight of a spreadsheet's time of day (``0.5`` is noon).

    Rounded to the second; raises ``ValueError`` outside 0 to just below 1.
    """
    shown = text.strip()
    if not re.fullmatch(r"[0-9]*\.?[0-9]+(?:[eE]-?[0-9]{1,2})?", shown):
        raise ValueError(f"'{shown}' is not a part of a day")
    seconds = round(float(shown) * _DAY)
    if seconds >= _DAY:
        raise ValueError(f"'{shown}' is not a part of a day")
    return seconds


def show(epoch: int, zone: ZoneInfo) -> str:
    """Return a UTC second as ISO 8601 with the offset of ``zone``: 2026-10-03T14:05:09+02:00."""
    return datetime.fromtimestamp(epoch, zone).isoformat()


def show_utc(epoch: int) -> str:
    """Return a UTC second as ISO 8601 in UTC."""
    return datetime.fromtimestamp(epoch, UTC).isoformat()
