"""What a setting may hold: the kinds of values, each with its type, its words and its checks.

A kind is named by the keys of ``settings.keys``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

LONGEST_LABEL = 100  # characters
LONGEST_FILTER = 4000  # characters
LARGEST_NUMBER = 999_999_999  # with six decimals still exact in the database
MOST_DECIMALS = 6
MOST_POINTS = 1_000_000

# Characters that reorder or hide the text around them on a screen.
_REORDERING = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


class Kind(NamedTuple):
    """What a key may hold: the Python ``type``, its ``allowed`` values in words, further checks.

    ``faults`` returns, for a value of the right type, what is wrong with it: pairs of a list
    position (None for the whole value) and what would be allowed.
    """

    type: type | tuple[type, ...]
    word: str
    allowed: str
    faults: Callable[[Any], list[tuple[int | None, str]]]


def has_controls(text: str, *, lines: bool = False) -> bool:
    """Tell whether control or reordering characters occur; ``lines`` allows tabs and line ends."""
    return any(
        (c < " " and not (lines and c in "\t\n"))
        or "\x7f" <= c <= "\x9f"
        or "\ud800" <= c <= "\udfff"  # bytes of a command line that are no text
        or c in _REORDERING
        for c in text
    )


def is_plain_word(text: str) -> bool:
    """Tell whether a text is letters, digits, ``_`` and ``-``, beginning with a letter."""
    return text[:1].isalpha() and all(c.isalnum() or c in "_-" for c in text)


def nearest_words(word: str, known: Iterable[str]) -> list[str]:
    """Return up to two known words that a misspelt one could mean, the closest first."""
    from scorecli.domain.text import nearest  # only error messages need it

    return nearest(word, known, 2)


def _anything(_value: object) -> list[tuple[int | None, str]]:
    return []


def _unless(fits: bool, allowed: str) -> list[tuple[int | None, str]]:
    return [] if fits else [(None, allowed)]


def _label_faults(value: str) -> list[tuple[int | None, str]]:
    fits = bool(value.strip()) and len(value) <= LONGEST_LABEL and not has_controls(value)
    return _unless(fits, KINDS["label"].allowed)


def _currency_faults(value: str) -> list[tuple[int | None, str]]:
    from scorecli.domain.money import is_currency  # only files that choose a currency need it

    return _unless(is_currency(value), KINDS["currency"].allowed)


def _zone_faults(value: str) -> list[tuple[int | None, str]]:
    if value == "local":
        return []
    from zoneinfo import ZoneInfo  # only files that choose a zone need it

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown; an unsafe path; a folder of zones
        from zoneinfo import available_timezones

        near = nearest_words(value, available_timezones())
        meant = f" (did you mean {' or '.join(near)}?)" if near else ""
        return [(None, KINDS["zone"].allowed + meant)]
    return []


def _region_faults(value: str) -> list[tuple[int | None, str]]:
    fits = len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()
    return _unless(fits, KINDS["region"].allowed)


def _stars_faults(value: str) -> list[tuple[int | None, str]]:
    fits = len(value) == 2 and not has_controls(value) and not value[0].isspace()
    return _unless(fits, KINDS["stars"].allowed)


def _tags_faults(value: list[object]) -> list[tuple[int | None, str]]:
    from scorecli.domain.text import fold  # only files that list tags need it

    faults: list[tuple[int | None, str]] = []
    seen: dict[str, str] = {}
    for at, tag in enumerate(value):
        wrong = tag_fault(tag)
        if wrong is not None or not isinstance(tag, str):
            faults.append((at, wrong or KINDS["tags"].allowed))
            continue
        if fold(tag) in seen:
            faults.append((at, f"given once: {seen[fold(tag)]!r} is the same tag"))
        seen.setdefault(fold(tag), tag)
    return faults


def tag_fault(tag: object) -> str | None:
    """Return what a reporting tag must be where ``tag`` cannot be one, else None."""
    if not isinstance(tag, str):
        return "a text in quotes"
    from scorecli.domain.tags import LONGEST, check_tag
    from scorecli.errors.values import BadTag

    try:
        check_tag(tag)
    except BadTag:
        return (
            f"1 to {LONGEST} characters without ; | and control characters, and not the words "
            "none and any"
        )
    return None


def _path_faults(value: str) -> list[tuple[int | None, str]]:
    return _unless(bool(value.strip()) and not has_controls(value), KINDS["path"].allowed)


def _filter_faults(value: str) -> list[tuple[int | None, str]]:
    fits = bool(value.strip()) and len(value) <= LONGEST_FILTER
    return _unless(fits and not has_controls(value, lines=True), KINDS["filter"].allowed)


def _number_faults(value: float) -> list[tuple[int | None, str]]:
    text = repr(value)
    fits = "e" not in text and "n" not in text and abs(value) <= LARGEST_NUMBER  # no inf, no nan
    decimals = text.partition(".")[2].rstrip("0")
    return _unless(fits and len(decimals) <= MOST_DECIMALS, KINDS["number"].allowed)


def _decimals_faults(value: int) -> list[tuple[int | None, str]]:
    return _unless(0 <= value <= MOST_DECIMALS, KINDS["decimals"].allowed)


def _points_faults(value: int) -> list[tuple[int | None, str]]:
    return _unless(abs(value) <= MOST_POINTS, KINDS["points"].allowed)


def _increment_faults(value: int) -> list[tuple[int | None, str]]:
    return _unless(1 <= value <= 3600, KINDS["increment"].allowed)


def _minimum_faults(value: int) -> list[tuple[int | None, str]]:
    return _unless(0 <= value <= 3600, KINDS["minimum"].allowed)


def _half_life_faults(value: str) -> list[tuple[int | None, str]]:
    from scorecli.domain.activity_points import half_life_seconds  # only files that choose one

    try:
        half_life_seconds(value)
    except ValueError:
        return [(None, KINDS["half_life"].allowed)]
    return []


def _delay_faults(value: str) -> list[tuple[int | None, str]]:
    from scorecli.domain.delays import read_delay  # only files that choose one

    try:
        read_delay(value)
    except ValueError:
        return [(None, KINDS["delay"].allowed)]
    return []


KINDS: Mapping[str, Kind] = {
    "boolean": Kind(bool, "boolean", "true or false", _anything),
    "label": Kind(
        str,
        "text",
        f"a text in quotes of 1 to {LONGEST_LABEL} characters, without control characters",
        _label_faults,
    ),
    "currency": Kind(
        str, "text", 'an ISO 4217 currency code in capital letters, such as "EUR"', _currency_faults
    ),
    "zone": Kind(
        str, "text", '"local" or the name of a time zone, such as "Europe/Paris"', _zone_faults
    ),
    "region": Kind(str, "text", 'a country as two capital letters, such as "GB"', _region_faults),
    "stars": Kind(
        str, "text", "exactly two characters in quotes: a full star and an empty one", _stars_faults
    ),
    "tags": Kind(list, "list", 'a list of tags, such as ["quote", "wrong number"]', _tags_faults),
    "path": Kind(str, "text", "the path of a database file, in quotes", _path_faults),
    "filter": Kind(
        str,
        "text",
        f"the text of a filter in quotes, of 1 to {LONGEST_FILTER} characters",
        _filter_faults,
    ),
    "number": Kind(
        (int, float),
        "number",
        f"a number from -{LARGEST_NUMBER} to {LARGEST_NUMBER} with at most {MOST_DECIMALS}"
        " decimals",
        _number_faults,
    ),
    "decimals": Kind(int, "number", f"a whole number from 0 to {MOST_DECIMALS}", _decimals_faults),
    "points": Kind(
        int, "number", f"a whole number from -{MOST_POINTS} to {MOST_POINTS}", _points_faults
    ),
    "increment": Kind(int, "number", "whole seconds from 1 to 3600", _increment_faults),
    "minimum": Kind(int, "number", "whole seconds from 0 to 3600", _minimum_faults),
    "delay": Kind(
        str,
        "text",
        'a length of time up to a year in quotes, such as "30d"',
        _delay_faults,
    ),
    "half_life": Kind(
        str,
        "text",
        'days or weeks in quotes, such as "90d" or "12w", or "none"',
        _half_life_faults,
    ),
}
