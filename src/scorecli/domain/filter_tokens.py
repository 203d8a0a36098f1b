"""Cutting the text of a filter into terms and values, with the place of each for error messages.

Only the double quote quotes; inside quotes it is written twice. Every function takes the whole
source with the bounds of the part to read, so that a fault is shown where it stands.
"""

from __future__ import annotations

from typing import NamedTuple

from scorecli.errors.filters import BadFilter, BadFilterGroup, BadFilterValue, StrayFilterQuote


class Item(NamedTuple):
    """One value of a comma list: its text without quotes, and where it starts in the source."""

    text: str
    quoted: bool
    contains: bool
    at: int


def check_characters(source: str) -> None:
    """Refuse what no stored text can hold: control characters and broken UTF-8."""
    if source.isprintable():
        return
    for at, ch in enumerate(source):
        if (ord(ch) < 32 or ord(ch) == 127) and not ch.isspace():
            raise BadFilter("A control character in a filter.", source, at)
        if "\ud800" <= ch <= "\udfff":
            raise BadFilter("A filter that is not valid UTF-8.", source, at)


def trim(source: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds without the blanks at both ends."""
    while start < end and source[start].isspace():
        start += 1
    while end > start and source[end - 1].isspace():
        end -= 1
    return start, end


def close_quote(source: str, start: int, end: int) -> int:
    """Return the index of the quote that closes the one at ``start``."""
    at = start + 1
    while at < end:
        if source[at] == '"':
            if at + 1 < end and source[at + 1] == '"':
                at += 2
                continue
            return at
        at += 1
    raise StrayFilterQuote(source, start)


def split_terms(source: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut at blanks outside quotes and parentheses; return the bounds of every term."""
    terms: list[tuple[int, int]] = []
    opened: list[int] = []
    begin = -1
    at = start
    while at < end:
        ch = source[at]
        if ch.isspace() and not opened:
            if begin >= 0:
                terms.append((begin, at))
                begin = -1
            at += 1
            continue
        if begin < 0:
            begin = at
        if ch == '"':
            at = close_quote(source, at, end)
        elif ch == "(":
            opened.append(at)
        elif ch == ")":
            if not opened:
                raise BadFilterGroup(
                    "A closing parenthesis without an opening one.", source, at, QUOTE_HINT
                )
            opened.pop()
        at += 1
    if opened:
        raise BadFilterGroup("This parenthesis never closes.", source, opened[-1], QUOTE_HINT)
    if begin >= 0:
        terms.append((begin, end))
    return terms


QUOTE_HINT = "If it belongs to the text, put the value in quotes."


def find_colon(source: str, start: int, end: int) -> int:
    """Return the index of the first colon outside quotes, or -1."""
    at = start
    while at < end:
        if source[at] == '"':
            at = close_quote(source, at, end)
        elif source[at] == ":":
            return at
        at += 1
    return -1


def read_quoted(source: str, start: int, end: int) -> str:
    """Return the text of the quoted value that fills the bounds exactly."""
    close = close_quote(source, start, end)
    if close != end - 1:
        raise StrayFilterQuote(source, close)
    return source[start + 1 : close].replace('""', '"')


def split_items(field: str, source: str, start: int, end: int) -> list[Item]:
    """Cut the value of a term at commas outside quotes.

    A ``~`` at the head of the list holds for all of it, elsewhere for its own item.
    """
    items: list[Item] = []
    at = start
    all_contain = False
    while True:
        at, _ = trim(source, at, end)
        first = at
        contains = at < end and source[at] == "~"
        if contains:
            at, _ = trim(source, at + 1, end)
            all_contain = all_contain or not items
        if at < end and source[at] == '"':
            close = close_quote(source, at, end)
            text, quoted = source[at + 1 : close].replace('""', '"'), True
            stop, _ = trim(source, close + 1, end)
            if stop < end and source[stop] != ",":
                raise StrayFilterQuote(source, close)
        else:
            comma = source.find(",", at, end)
            stop = end if comma < 0 else comma
            stray = source.find('"', at, stop)
            if stray >= 0:
                raise StrayFilterQuote(source, stray)
            text, quoted = source[at:stop].strip(), False
        if not text.strip():
            hint = f"{field}:none finds the empty ones, {field}:any the others."
            raise BadFilterValue(field, text, hint, source, min(first, len(source)))
        items.append(Item(text, quoted, contains or all_contain, at))
        if stop >= end:
            return items
        at = stop + 1


def mask_quotes(source: str, start: int, end: int) -> str:
    """Return that part of the source with quoted texts blotted out, of the same length."""
    if source.find('"', start, end) < 0:
        return source[start:end]
    parts: list[str] = []
    at = start
    while at < end:
        if source[at] == '"':
            close = close_quote(source, at, end)
            parts.append('"' * (close - at + 1))
            at = close + 1
        else:
            parts.append(source[at])
            at += 1
    return "".join(parts)
