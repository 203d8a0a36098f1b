"""Plain text for pipes: a header line, then one line a row, tab-separated, complete, unwrapped.

Tabs, line ends and backslashes in values are escaped (``\\t``, ``\\n``, ``\\\\``), so every row is
one line and every value can be read back; other control characters are escaped the same way,
because a pipe often ends at a terminal after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TextIO

from scorecli.render.cells import fields_of, shown, total_cells
from scorecli.render.sanitise import escaped
from scorecli.render.style import Style
from scorecli.result import Kind, Result, Score

if TYPE_CHECKING:
    from scorecli.render.score_cell import Role

_BOLD: Final = "1"
_SCORE_COLORS: Final[dict[Role, str]] = {
    "tags": "36",
    "stars": "33",
    "converted": "32",
    "none": "2",
}


def write_plain(result: Result, stream: TextIO, style: Style) -> None:
    """Write ``result`` row by row as it arrives; a single record as one line for each field."""
    if result.single:
        stream.write(_line([_painted("Field", _BOLD, style), _painted("Value", _BOLD, style)]))
        for column, value in fields_of(result):
            stream.write(_line([escaped(column.label), _cell(value, column.kind, style)]))
        return
    stream.write(_line([_painted(escaped(c.label), _BOLD, style) for c in result.columns]))
    kinds = [column.kind for column in result.columns]
    for row in result.rows:
        stream.write(_line([_cell(v, kind, style) for v, kind in zip(row, kinds, strict=True)]))
    total = total_cells(result)
    if total is not None:
        cells = [_cell(value, kind, style) for value, kind in zip(total, kinds, strict=True)]
        stream.write(_line([_painted(cell, _BOLD, style) for cell in cells]))


def _line(cells: list[str]) -> str:
    return "\t".join(cells) + "\n"


def _cell(value: Any, kind: Kind, style: Style) -> str:
    if style.color and isinstance(value, Score):
        from scorecli.render.score_cell import score_parts  # only lists of calls have scores

        parts = score_parts(value, style)
        return "".join(
            [_painted(escaped(p.text), _SCORE_COLORS.get(p.role, ""), style) for p in parts]
        )
    if value is None:
        return ""
    return escaped(shown(value, kind, style, exact=True))


def _painted(text: str, code: str, style: Style) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if style.color and code and text else text
