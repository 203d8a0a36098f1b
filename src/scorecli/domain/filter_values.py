"""Reading the value of a filter term as what its field holds: texts, numbers, money, days, ..."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scorecli.domain.filter_fields import Field
from scorecli.domain.filter_tokens import Item
from scorecli.domain.filter_tree import AmountRange, Check, Node, gather, quoted
from scorecli.domain.text import fold, nearest
from scorecli.errors import ScorecliError
from scorecli.errors.filters import BadFilterValue

EMPTY: Mapping[str, str] = {}


class FilterContext(NamedTuple):
    """What a filter's text depends on: the day it is, the zone of days, the currency of amounts.

    ``saved`` are the filters of the settings by name; the built-in ones come with the subject.
    ``score_types`` are the names of the score types, none to let any pass; ``points`` says what
    adds up to points (the ``code`` of a ``PointsForm``).
    """

    today: date
    zone: ZoneInfo
    currency: str
    saved: Mapping[str, str] = EMPTY
    score_types: Collection[str] = ()
    points: str = "yyy"


class Place(NamedTuple):
    """Where a value stands, for error messages, and the column of an ``extra`` field."""

    source: str
    column: str
    context: FilterContext


def read_values(field: Field, items: Sequence[Item], place: Place) -> Node:
    """Return the node for a comma list of values: any of them may hold."""
    _refuse_grouped_amounts(field, items, place)
    if field.kind == "points":
        place = place._replace(column=place.context.points)
    nodes: list[Node] = []
    equal: list[tuple[object, str]] = []
    parts: list[tuple[object, str]] = []
    for item in items:
        word = "" if item.quoted or item.contains else item.text.lower()
        if word in ("none", "any") and field.kind != "boolean":
            op = "empty" if word == "none" else "filled"
            nodes.append(Check(field, op, (), word, place.column))
        elif item.contains:
            parts.append(_part(field, item, place))
        elif field.kind in _SINGLE:
            equal.append(_SINGLE[field.kind](field, item, place))
        else:
            nodes.append(_ordered(field, item, place))
    if parts:
        shown = "~" + ",".join(text for _, text in parts)
        nodes.insert(0, Check(field, "contains", tuple(v for v, _ in parts), shown, place.column))
    if equal:
        shown = ",".join(text for _, text in equal)
        nodes.insert(0, Check(field, "is", tuple(v for v, _ in equal), shown, place.column))
    return gather("any", nodes)


def _bad(field: Field, item: Item, place: Place, expected: str) -> BadFilterValue:
    return BadFilterValue(field.name, item.text, expected, place.source, item.at)


def _refuse_grouped_amounts(field: Field, items: Sequence[Item], place: Place) -> None:
    """Refuse ``1,250``: one amount written with a thousands separator, or two amounts."""
    if field.kind != "money":
        return
    for before, item in pairwise(items):
        digits = item.text.partition(".")[0]
        looks_grouped = not before.quoted and not item.quoted and before.text[-1:].isdigit()
        if looks_grouped and len(digits) == 3 and digits.isdigit():
            hint = (
                f"Write {before.text}{item.text} for one amount, "
                f'or quote each of two: {field.name}:"{before.text}","{item.text}".'
            )
            whole = Item(f"{before.text},{item.text}", False, False, before.at)
            raise _bad(field, whole, place, hint)


# One value: what is stored and how it is written.


def _part(field: Field, item: Item, place: Place) -> tuple[object, str]:
    if field.kind not in ("text", "tags", "columns"):
        raise _bad(field, item, place, f"~ looks inside texts, and {field.name} is none.")
    return fold(item.text), quoted(item.text.strip())


def _text(field: Field, item: Item, place: Place) -> tuple[object, str]:
    text = item.text.strip()
    if not item.quoted and _looks_ordered(text):
        # Taken for the text itself it would find nothing, and nobody would know why.
        hint = f'Texts have no order. To search for the text itself, quote it: "{text}".'
        raise _bad(field, item, place, hint)
    return fold(text), quoted(text)


def _looks_ordered(text: str) -> bool:
    """Tell whether a text is a comparison with a number or a range of numbers."""
    sign, rest = _comparison(text)
    low, dots, high = rest.partition("..")
    if sign not in ("", "="):
        return rest.lstrip("-")[:1].isdigit()
    ends = [end.strip().lstrip("-").replace(".", "").replace(":", "") for end in (low, high)]
    return bool(dots) and any(ends) and all(not end or _is_digits(end) for end in ends)


def _choice(field: Field, item: Item, place: Place) -> tuple[object, str]:
    found = fold(item.text)
    if found not in field.choices:
        near = nearest(item.text, field.choices, 1)
        lead = f"Did you mean {near[0]}? " if near else ""
        raise _bad(field, item, place, f"{lead}It takes: {', '.join(field.choices)}.")
    return found, found


def _currency(field: Field, item: Item, place: Place) -> tuple[object, str]:
    code = item.text.strip().upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise _bad(field, item, place, "It takes a currency code such as EUR.")
    return code, code if code != "ANY" else '"ANY"'


def _boolean(field: Field, item: Item, place: Place) -> tuple[object, str]:
    word = fold(item.text)
    if word in ("yes", "true"):
        return 1, "yes"
    if word in ("no", "false"):
        return 0, "no"
    raise _bad(field, item, place, "It takes: yes, no.")


_Single = Callable[[Field, Item, Place], tuple[object, str]]
_SINGLE: dict[str, _Single] = {
    "text": _text,
    "tags": _text,
    "columns": _text,
    "choice": _choice,
    "currency": _currency,
    "boolean": _boolean,
}


# Values with an order: one, a range, or a comparison.


def _ordered(field: Field, item: Item, place: Place) -> Check:
    """Read ``5``, ``4..5``, ``4..``, ``..5``, ``>=4``, ``>4``, ``<=4``, ``<4``, ``=4``."""
    sign, low, high = "", item.text.strip(), ""
    if not item.quoted:
        sign, low = _comparison(low)
        if ".." in low:
            low, dots, high = low.partition("..")
            low, high = low.strip(), high.strip()
            if sign or not (low or high) or high.startswith("."):
                raise _bad(field, item, place, f"A range is written {_EXAMPLES[field.kind]}.")
            sign = dots
    if not (low or high):
        raise _bad(field, item, place, f"A value comes after {sign}")
    if field.kind == "money":
        return _money(field, item, place, (sign, low, high))
    if field.kind in ("day", "time"):
        return _days(field, item, place, (sign, low, high))
    if field.kind in ("number", "points", "scores"):
        return _any_numbers(field, item, place, (sign, low, high))
    return _numbers(field, item, place, (sign, low, high))


_EXAMPLES = {
    "integer": "10..20, 10.. or ..20",
    "stars": "4..5, 4.. or ..3",
    "number": "10..20, 10.. or ..20",
    "points": "10..20, 10.. or ..20",
    "scores": "10..20, 10.. or ..20",
    "seconds": "30..120, 2m.. or ..1:30",
    "money": "100..250, 100.. or ..250",
    "day": "2026-10-01..2026-10-15, 30d.. or ..2026-10",
    "time": "2026-10-01..2026-10-15, 30d.. or ..2026-10",
}

_Parts = tuple[str, str, str]  # sign (".." for a range), first value, second value


def _comparison(text: str) -> tuple[str, str]:
    for sign in (">=", "<=", ">", "<", "="):
        if text.startswith(sign):
            return sign, text[len(sign) :].strip()
    return "", text


def _numbers(field: Field, item: Item, place: Place, parts: _Parts) -> Check:
    sign, first, second = parts
    read = _seconds if field.kind == "seconds" else _whole
    low = read(field, item, place, first) if first else None
    high = read(field, item, place, second) if second else None
    _check_order(field, item, place, low, high)
    shown = _bounds_text(sign, low, high)
    if sign != ".." and low is not None:
        low, high = {
            ">=": (low, None),
            ">": (low + 1, None),
            "<=": (None, low),
            "<": (None, low - 1),
        }.get(sign, (low, low))
    return Check(field, "within", (low, high), shown, place.column)


def _any_numbers(field: Field, item: Item, place: Place, parts: _Parts) -> Check:
    sign, first, second = parts
    low = _any_number(field, item, place, first) if first else None
    high = _any_number(field, item, place, second) if second else None
    _check_order(field, item, place, low, high)
    shown = _bounds_text(sign, low, high)
    if sign != ".." and low is not None:
        low, high = {
            ">=": (low, None),
            ">": (math.nextafter(low, math.inf), None),
            "<=": (None, low),
            "<": (None, math.nextafter(low, -math.inf)),
        }.get(sign, (low, low))
    return Check(field, "within", (low, high), shown, place.column)


def _any_number(field: Field, item: Item, place: Place, text: str) -> int | float:
    whole, point, rest = text.removeprefix("-").partition(".")
    if not _is_digits(whole) or (point and not _is_digits(rest)):
        raise _bad(field, item, place, "It takes a number such as 80, 7.5 or -3, none or any.")
    return float(text) if rest.strip("0") else int(text.partition(".")[0])


def _check_order(
    field: Field, item: Item, place: Place, low: float | None, high: float | None
) -> None:
    if low is not None and high is not None and low > high:
        raise _bad(field, item, place, "The lower end of a range comes first.")


def _bounds_text(sign: str, low: object, high: object) -> str:
    """Return the canonical text of one value, a range or a comparison."""
    if sign in (">", "<"):
        return f"{sign}{low}"
    if sign == "<=":
        return f"..{low}"
    if sign == ">=" or (sign == ".." and high is None):
        return f"{low}.."
    if sign == ".." and low != high:
        return f"{'' if low is None else low}..{high}"
    return f"{low}"


def _whole(field: Field, item: Item, place: Place, text: str) -> int:
    number = int(text) if _is_digits(text) else -1
    if field.kind == "stars" and not 1 <= number <= 5:
        raise _bad(field, item, place, "It takes 1 to 5, none or any.")
    if number < 0:
        raise _bad(field, item, place, "It takes a whole number, none or any.")
    return number


def _is_digits(text: str) -> bool:
    # 18 digits are the most that surely fit into the 64 bits of a database's integer.
    return text.isascii() and text.isdigit() and len(text) <= 18


_UNITS = {"s": 1, "m": 60, "h": 3600}


def _seconds(field: Field, item: Item, place: Place, text: str) -> int:
    """Read ``90``, ``1:30``, ``0:01:30``, ``2m``, ``1h30m``, ``90s`` as seconds."""
    if _is_digits(text):
        return int(text)
    seconds = _clock(text) if ":" in text else _by_units(text.lower().replace(" ", ""))
    if seconds is None:
        raise _bad(field, item, place, "It takes seconds (90), or 1:30, 0:01:30, 90s, 2m, 1h30m.")
    return seconds


def _clock(text: str) -> int | None:
    head, *rest = text.split(":")
    parts_fit = all(len(part) == 2 and _is_digits(part) and part < "60" for part in rest)
    if not (parts_fit and _is_digits(head) and len(head) < 10 and len(rest) <= 2):
        return None
    seconds = int(head)
    for part in rest:
        seconds = seconds * 60 + int(part)
    return seconds


def _by_units(text: str) -> int | None:
    seconds, digits, last = 0, "", 3601
    for ch in text:
        if ch in _UNITS and _is_digits(digits) and len(digits) < 10 and _UNITS[ch] < last:
            seconds += int(digits) * _UNITS[ch]
            digits, last = "", _UNITS[ch]
        else:
            digits += ch
    return None if digits or last > 3600 else seconds


def _money(field: Field, item: Item, place: Place, parts: _Parts) -> Check:
    from scorecli.domain import money  # few filters ask for amounts

    currency = place.context.currency
    sign, first, second = parts
    try:
        low = money.parse_typed_amount(first, currency) if first else None
        high = money.parse_typed_amount(second, currency) if second else None
    except ScorecliError as error:
        raise _bad(field, item, place, _told(error)) from None
    _check_order(field, item, place, low, high)
    shown = _bounds_text(sign, *_plain(currency, low, high))
    if sign in ("<", "<="):
        low, high = None, low
    elif sign not in ("..", ">", ">="):
        high = low
    bounds = AmountRange(low, high, sign == ">", sign == "<", money.exponent(currency))
    return Check(field, "money", (bounds,), shown)


def _plain(currency: str, *amounts: int | None) -> list[str | None]:
    from scorecli.domain.money import format_plain

    return [None if minor is None else format_plain(minor, currency) for minor in amounts]


def _told(error: ScorecliError) -> str:
    return f"{error.message} {error.hint}" if error.hint else error.message


def _days(field: Field, item: Item, place: Place, parts: _Parts) -> Check:
    from scorecli.domain import days

    sign, first, second = parts
    context = place.context
    try:
        text = f"{first}..{second}" if sign == ".." else first
        start, end = days.parse_period(text, context.today)
    except ScorecliError as error:
        raise _bad(field, item, place, error.hint or error.message) from None
    if sign in (">", ">=", "<", "<="):
        start, end = {
            ">": (end, None),
            ">=": (start, None),
            "<": (None, start),
            "<=": (None, end),
        }[sign]
    last = None if end is None else end - timedelta(days=1)
    shown = _bounds_text("..", start, last)
    values: tuple[object, object]
    if field.kind == "day":
        values = (start and start.isoformat(), last and last.isoformat())
    else:
        begin, stop = days.period_bounds(days.Period(start, end), context.zone)
        values = (begin, None if stop is None else stop - 1)
    return Check(field, "within", values, shown)
