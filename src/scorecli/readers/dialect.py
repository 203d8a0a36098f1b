"""Finds out from the first records how a delimited text separates its values."""

from __future__ import annotations

import re
from typing import NamedTuple

from scorecli.errors.input import BadDelimiter
from scorecli.readers.delimited import Dialect, records

SAMPLE_CHARACTERS = 1 << 16
SAMPLE_LINES = 2000

USUAL = (",", ";", "\t", "|")
"""The delimiters that most files have."""
_NAMES = {
    "tab": "\t",
    "\\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "space": " ",
    "colon": ":",
}
# Characters that stand within values too often to be taken for a delimiter unasked.
_WITHIN_VALUES = frozenset(" \"'.-_/()+@\r\n\\#&*?!%$[]{}<>\ufeff\0")
_BLANK_BEFORE_QUOTE = re.compile(r' +"')
_DATA_LIKE = re.compile(r"[+-]?[\d][\d\s.,:/()TZ+-]*", re.ASCII)


class Found(NamedTuple):
    """A dialect, and the records of the sample read with it (None for a damaged line)."""

    dialect: Dialect
    sample: list[list[str] | None]


def given_delimiter(delimiter: str) -> str:
    """The character that ``delimiter`` names. Raises BadDelimiter."""
    character = _NAMES.get(delimiter.strip().lower(), delimiter)
    if len(character) != 1 or character in '"\r\n\0':
        raise BadDelimiter(delimiter)
    return character


def detect(lines: list[str], *, complete: bool, delimiter: str | None, header: bool) -> Found:
    """Find the dialect of ``lines``, the start of a text; ``complete`` if they are all of it.

    Without a ``delimiter`` that is forced, the one is taken that splits most records into as many
    fields as the first one. A text of one column is read with one that does not occur in it.
    ``header`` says that the first record holds names, in which digits and signs are rare.
    """
    lines = lines[:SAMPLE_LINES]
    if delimiter is not None:
        found = _read(lines, delimiter, complete)
    else:
        candidates = _candidates(lines, header)
        found = max(
            (_read(lines, candidate, complete) for candidate in candidates),
            key=lambda tried: _score(tried.sample),
        )
        if _score(found.sample) <= 0:
            found = _one_column(lines, complete)
    return _with_blanks(found, lines, complete)


def looks_like_data(cells: list[str]) -> bool:
    """True if a first record can hardly be column names: mostly numbers, dates and times."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    data = sum(1 for cell in filled if _DATA_LIKE.fullmatch(cell))
    return data * 2 >= len(filled) > 0


def _read(lines: list[str], delimiter: str, complete: bool) -> Found:
    dialect = Dialect(delimiter)
    dialect = dialect._replace(caller_ids=any(map(dialect.has_caller_id, lines)))
    return Found(dialect, records(lines, dialect, complete=complete))


def _candidates(lines: list[str], header: bool) -> list[str]:
    first = next((line for line in lines if not line.isspace()), "")
    unusual = {c for c in first if not c.isalnum() and c not in _WITHIN_VALUES}
    if not header:
        unusual.discard(":")
    return [*USUAL, *sorted(unusual.difference(USUAL))]


def _score(sample: list[list[str] | None]) -> float:
    """More fields and more records that agree with the first count for a delimiter."""
    if not sample or sample[0] is None:
        width = max((len(row) for row in sample if row), default=1)
    else:
        width = len(sample[0])
    while sample and sample[0] and width > 1 and not sample[0][width - 1 : width][0]:
        width -= 1  # trailing empty columns say nothing
    agree = sum(1 for row in sample if row is not None and _fits(row, width))
    share = agree / len(sample) if sample else 0.0
    return share * share * (width - 1)


def _fits(row: list[str], width: int) -> bool:
    return len(row) == width or (len(row) > width and not any(row[width:]))


def _one_column(lines: list[str], complete: bool) -> Found:
    for delimiter in (*USUAL, "\x1f"):
        found = _read(lines, delimiter, complete)
        if all(row is None or _fits(row, 1) for row in found.sample):
            return found
    return _read(lines, ",", complete)


def _with_blanks(found: Found, lines: list[str], complete: bool) -> Found:
    """The style ``a, "b, c"``, where every quoted field behind a delimiter has its blank."""
    delimiter = found.dialect.delimiter
    if delimiter == " " or not any('"' in line for line in lines):
        return found
    quoted = any(_BLANK_BEFORE_QUOTE.match(cell) for row in found.sample if row for cell in row[1:])
    if not quoted or any(delimiter + '"' in line for line in lines):
        return found
    dialect = found.dialect._replace(blank_before_quote=True)
    return Found(dialect, records(lines, dialect, complete=complete))
