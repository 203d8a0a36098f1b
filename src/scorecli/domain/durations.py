"""Lengths of time in files, as whole seconds."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

Unit = Literal["seconds", "minutes", "milliseconds", "hours", "clock"]

_LONGEST = 100_000_000
"""Three years in seconds; more is a number of another kind, or another unit."""

# Seconds as a fraction; a bare number in a column of clocks can only be seconds.
_UNITS = {
    "seconds": (1, 1),
    "minutes": (60, 1),
    "milliseconds": (1, 1000),
    "hours": (3600, 1),
    "clock": (1, 1),
}
_WORDS = {
    "h": 3600,
    "hr": 3600,
    "hrs": 3600,
    "hour": 3600,
    "hours": 3600,
    "m": 60,
    "min": 60,
    "mins": 60,
    "minute": 60,
    "minutes": 60,
    "s": 1,
    "sec": 1,
    "secs": 1,
    "second": 1,
    "seconds": 1,
}
# Patterns are texts, which re compiles when they are first read by: every list of calls loads this
# file, to show durations.
_GROUPING = r"(?<=[0-9])[\u00a0\u202f\u2009](?=[0-9]{3}(?![0-9]))"
_NUMBER = r"([0-9]{1,15})(?:\.([0-9]{1,15})|,([0-9]{1,2}|[0-9]{4,15}))?"


def read_duration(text: str, unit: Unit = "seconds") -> int:
    """Return the whole seconds that ``text`` means, rounded half up.

    A bare number is in ``unit``. ``M:SS``, ``H:MM:SS`` and ``1h 2m 3s`` are understood in every
    unit; two parts are minutes and seconds. Raises ``ValueError`` with a short reason.
    """
    if text.isdigit() and text.isascii() and len(text) < 9:
        if unit == "seconds" or unit == "clock":
            return _within(int(text), text)
        times, over = _UNITS[unit]
        return _within((2 * int(text) * times + over) // (2 * over), text)
    if text[-3:-2] == ":" and text.isascii():
        # H:MM:SS without anything unusual need no pattern.
        parts = text.split(":")
        minutes, seconds = parts[-2], parts[-1]
        plain = len(parts) == 3 and len(minutes) == 2 and "".join(parts).isdigit()
        if plain and minutes < "60" and seconds < "60" and 0 < len(parts[0]) < 5:
            return int(parts[0]) * 3600 + int(minutes) * 60 + int(seconds)
    return _read_slowly(re.sub(_GROUPING, "", text.strip()), unit)


def _read_slowly(shown: str, unit: Unit) -> int:
    if not shown:
        raise ValueError("the duration is empty")
    if shown[0] in "-\u2212(":
        raise ValueError(f"'{shown}': a duration cannot be negative")
    if ":" in shown:
        return _read_clock(shown)
    times, over = _UNITS[unit]
    found = re.fullmatch(_NUMBER, shown)
    if found:
        return _within(_rounded(found, times, over), shown)
    return _within(_read_words(shown), shown)


def _rounded(found: re.Match[str], times: int, over: int) -> int:
    """Return the number times a unit, rounded half up, without a float in between."""
    fraction = found[2] or found[3] or ""
    numerator = int(found[1] + fraction) * times
    denominator = over * 10 ** len(fraction)
    return int((2 * numerator + denominator) // (2 * denominator))


def _read_clock(shown: str) -> int:
    found = re.fullmatch(r"(?:([0-9]{1,6}):)?([0-9]{1,6}):([0-9]{2})(?:[.,]([0-9])[0-9]*)?", shown)
    if found is None:
        raise ValueError(f"'{shown}' is not a duration")
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), int(found[3])
    if seconds > 59 or (found[1] and (minutes > 59 or len(found[2]) > 2)):
        raise ValueError(f"'{shown}' is not a duration")
    half = 1 if found[4] and found[4] >= "5" else 0
    return _within(hours * 3600 + minutes * 60 + seconds + half, shown)


def _read_words(shown: str) -> int:
    """Read ``1h 2m 3s``, ``1 hr 2 min``: every unit once, the longer before the shorter."""
    parts = re.findall(r"([0-9]{1,9}) ?([a-z]+)\.?", shown.casefold())
    known = [(int(number), _WORDS.get(word, 0)) for number, word in parts]
    left = re.sub(r"[0-9]{1,9} ?[a-z]+\.?(?:,? +|$)", "", shown.casefold() + " ")
    compact = re.fullmatch(r"(?:[0-9]{1,9}[a-z]+)+", shown.casefold())
    factors = [factor for _, factor in known]
    falling = all(one > two for one, two in pairwise(factors))
    if not known or 0 in factors or not falling or not (compact or not left.strip()):
        raise ValueError(f"'{shown}' is not a duration")
    return sum(number * factor for number, factor in known)


def _within(seconds: int, shown: str) -> int:
    if seconds > _LONGEST:
        raise ValueError(f"'{shown}' is too long for a duration; is it in another unit?")
    return seconds


def show(seconds: int) -> str:
    """Return seconds as ``H:MM:SS``."""
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"
