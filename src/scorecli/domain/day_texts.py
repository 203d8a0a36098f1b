"""Reading the day out of the many ways in which files write one, and telling their order apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal

from scorecli import errors

Order = Literal["DMY", "MDY", "YMD"]
Verdict = Literal["DMY", "MDY", "YMD", "not needed", "doubtful", "contradictory"]

SERIAL = "EXCEL"
"""The format whose numbers are days as spreadsheets count them; an order may follow it."""
_ORDERS = ("DMY", "MDY", "YMD")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Compiled when first used, since commands that read no file import this too.
_YEAR_FIRST = r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
_YEAR_LAST = r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])"
_MOST_SEEN = 50_000


def read_day(text: str, order: Order | None) -> date:
    """Return the day that ``text`` means, without a time.

    ``order`` tells how day, month and year follow each other where all three are numbers and the
    year does not lead with four digits. Without it what could mean two days raises
    ``DoubtfulDayOrder``; anything else that is wrong raises ``ValueError``.
    """
    found = re.fullmatch(_YEAR_FIRST, text)
    if found:
        return _day(found[1], found[3], found[4], text)
    found = re.fullmatch(_YEAR_LAST, text)
    if found:
        return _numeric_day(found, order)
    if len(text) == 8 and text.isdigit() and text.isascii():
        return _day(text[:4], text[4:6], text[6:], text)
    return _worded_day(text)


def _day(year: str, month: str, day: str, text: str) -> date:
    number = int(year)
    if len(year) <= 2:
        number += 2000 if number <= 68 else 1900
    if not 1970 <= number < 2100:
        raise ValueError(f"'{text}': the year {number} is not between 1970 and 2099")
    try:
        return date(number, int(month), int(day))
    except ValueError:
        raise ValueError(f"'{text}' is not a day of the calendar") from None


def _readings(found: re.Match[str]) -> dict[Order, date]:
    """Return every order in which three numbers make a day, with that day."""
    first, separator, second, third = found.groups()
    readings: dict[Order, date] = {}
    orders: list[tuple[Order, str, str, str]] = [
        ("DMY", third, second, first),
        ("MDY", third, first, second),
    ]
    # Years of two digits come first in nothing but the short form of ISO dates.
    if len(third) == 2 and separator == "-":
        orders.append(("YMD", first, second, third))
    for order, year, month, day in orders:
        try:
            readings[order] = _day(year, month, day, "")
        except ValueError:
            continue
    return readings


def _numeric_day(found: re.Match[str], order: Order | None) -> date:
    text = found[0]
    if order == "YMD" and len(found[4]) == 2:
        return _day(found[1].zfill(2), found[3], found[4], text)
    readings = _readings(found)
    if order is not None:
        if order not in readings:
            raise ValueError(f"'{text}' is not a day in the order {order}")
        return readings[order]
    days = set(readings.values())
    if len(days) > 1:
        raise errors.values.DoubtfulDayOrder(text)
    if not days:
        raise ValueError(f"'{text}' is not a day of the calendar")
    return days.pop()


def _worded_day(text: str) -> date:
    """Read ``5 Nov 2026``, ``Nov 5, 2026``, ``05-Nov-26``, ``2026-Nov-05``, a weekday before."""
    parts = re.findall(r"[A-Za-z]+|[0-9]+", text)
    # Whatever stands between the parts must be a plain separator.
    if re.sub(r"[A-Za-z0-9 ,./-]", "", text) or not 3 <= len(parts) <= 4:
        raise ValueError(f"'{text}' is not a date")
    if len(parts) == 4:
        weekday = parts.pop(0)[:3].casefold()
        if weekday not in _WEEKDAYS:
            raise ValueError(f"'{text}' is not a date")
    at = 0 if parts[0].isalpha() else 1
    month = parts.pop(at).casefold()
    if not (parts[0].isdigit() and parts[1].isdigit()) or len(parts[0]) == len(parts[1]) == 4:
        raise ValueError(f"'{text}' is not a date")
    if month in _MONTHS:
        number = _MONTHS.index(month) + 1
    elif month in _LONG_MONTHS or month == "sept":
        number = _MONTHS.index(month[:3]) + 1
    else:
        raise ValueError(f"'{text}': '{month}' is not a month")
    day, year = parts if len(parts[0]) <= 2 else reversed(parts)
    if len(day) > 2 or len(year) not in (2, 4):
        raise ValueError(f"'{text}' is not a date")
    return _day(year, str(number), day, text)


class OrderEvidence:
    """Finds out, from the texts of one column, whether day or month comes first.

    Feed it every text of the column. Only days written as three numbers without a leading year
    count, and only those below matter: where no text could mean two days, no order is needed.
    """

    __slots__ = ("_possible", "_seen", "example")

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._possible: set[Order] = {"DMY", "MDY", "YMD"}
        self.example: str | None = None
        """The first text that could mean two days."""

    def feed(self, text: str) -> None:
        """Take one text into account; costs little when its day was seen before."""
        if text[4:5] == "-":
            return
        day = text.partition(" ")[0]
        if day not in self._seen:
            self._consider(day or text.strip().partition(" ")[0])
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen.add(day)

    def _consider(self, text: str) -> None:
        found = re.match(_YEAR_LAST, text)
        readings = _readings(found) if found else {}
        if found and readings:
            days = set(readings.values())
            if len(days) > 1 and self.example is None:
                self.example = found[0]
            if len(days) > 1 or len(readings) == 1:
                self._possible &= readings.keys()

    @property
    def order(self) -> Order | Literal["doubtful", "contradictory"]:
        """The one order that all the texts fit, whether or not one of them needs it."""
        if len(self._possible) == 1:
            return next(iter(self._possible))
        return "doubtful" if self._possible else "contradictory"

    @property
    def verdict(self) -> Verdict:
        """Say which order all the texts fit, or why there is none.

        ``doubtful``: more than one order fits everything. ``contradictory``: none does.
        """
        return "not needed" if self.example is None else self.order


def day_reader(date_format: str | None) -> Callable[[str], date]:
    """Return the function that reads days in a format: an order, a strptime pattern of a day."""
    order = None if date_format is None else date_format.removeprefix(SERIAL).strip() or None
    if order is None or order in _ORDERS:
        return lambda text: read_day(text, order)  # type: ignore[arg-type]
    pattern = order

    def read(text: str) -> date:
        try:
            day = datetime.strptime(text, pattern).date()
        except ValueError:
            raise ValueError(f"'{text}' does not fit the format {pattern}") from None
        return _day(f"{day.year:04}", str(day.month), str(day.day), text)

    return read


def split_format(date_format: str) -> tuple[str | None, str | None]:
    """Return the day's part of a format, or the whole pattern where it cannot be taken apart.

    One of the two is None. Raises ``BadDateFormat`` for a format that names no whole day.
    """
    upper = date_format.strip().upper()
    if upper.removeprefix(SERIAL).strip() in ("", *_ORDERS) and upper:
        return upper, None
    sample = datetime(2026, 11, 23, 14, 5, 9)
    try:
        back = datetime.strptime(sample.strftime(date_format), date_format)
    except (ValueError, re.error):
        raise errors.values.BadDateFormat(date_format) from None
    if abs(back.replace(tzinfo=None) - sample) >= timedelta(days=1):
        raise errors.values.BadDateFormat(date_format)
    found = re.fullmatch(
        r"(.*?)(?:[ ,T]+(?:%H:%M(?::%S(?:\.%f)?)?|%I:%M(?::%S)? ?%p)(?: ?%z)?)?", date_format
    )
    day = found[1].rstrip(" ,") if found else ""
    if day and not re.search(r"%[^YymdbBeaAj%-]", day):
        return day, None
    return None, date_format
