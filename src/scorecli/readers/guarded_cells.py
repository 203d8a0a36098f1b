"""Takes off what exports put around a cell so that a spreadsheet leaves it alone.

``="0012"`` keeps a spreadsheet from turning a phone number into 12, ``'+1 202`` from running it as
a formula (this program's own ``--excel-safe`` writes so), and ``=+1202`` is what a spreadsheet
makes of a number by itself. None of it is a part of the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_NUMBER_FORMULA = re.compile(r"=\+?[0-9]+")
_APOSTROPHE = re.compile(r"'(?=[=+@-]|[0-9][0-9 .,:/-]*\Z)")


def is_guarded(rows: Iterable[Sequence[str]]) -> bool:
    """Return whether some cell of ``rows`` is written for a spreadsheet."""
    return any(cell[:1] in "='" and bare(cell) != cell for row in rows for cell in row if cell)


def bare(cell: str) -> str:
    """Return the value of a cell, which is the cell itself where nothing guards it."""
    if cell[:2] == '="':
        found = _TEXT_FORMULA.fullmatch(cell)
        return found[1].replace('""', '"') if found else cell
    if cell[:1] == "=" and _NUMBER_FORMULA.fullmatch(cell):
        return cell[1:]
    if cell[:1] == "'" and _APOSTROPHE.match(cell):
        return cell[1:]
    return cell


def bare_rows(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return rows of the values of their cells."""
    return [[bare(cell) if cell[:1] in "='" else cell for cell in row] for row in rows]
