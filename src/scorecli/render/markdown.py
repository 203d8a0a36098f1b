"""A Markdown pipe table, for reports that are pasted into a page, a ticket or a mail.

Whatever Markdown or HTML could read as markup is escaped, a line end becomes ``<br>``, and control
characters become visible, so that every value shows as the text it is.
"""

from __future__ import annotations

from typing import Any, Final, TextIO

from scorecli.render.cells import NUMERIC, fields_of, shown, total_cells
from scorecli.render.sanitise import one_line
from scorecli.render.style import Style
from scorecli.result import Kind, Result

_MARKUP: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>|~&#"})


def write_markdown(result: Result, stream: TextIO, style: Style) -> None:
    """Write ``result`` as a pipe table, row by row; a single record as fields and values."""
    if result.single:
        _write_head(["Field", "Value"], ["text", "text"], stream)
        for column, value in fields_of(result):
            stream.write(_line([markdown_text(column.label), _cell(value, column.kind, style)]))
        return
    kinds: list[Kind] = [column.kind for column in result.columns]
    _write_head([markdown_text(column.label) for column in result.columns], kinds, stream)
    for row in result.rows:
        stream.write(_line([_cell(v, kind, style) for v, kind in zip(row, kinds, strict=True)]))
    total = total_cells(result)
    if total is not None:
        cells = [_cell(value, kind, style) for value, kind in zip(total, kinds, strict=True)]
        stream.write(_line([f"**{cell}**" if cell else "" for cell in cells]))


def markdown_text(text: str) -> str:
    """Return ``text`` for one cell of a pipe table, markup escaped."""
    parts = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "<br>".join([one_line(part).translate(_MARKUP) for part in parts]).strip()


def _write_head(labels: list[str], kinds: list[Kind], stream: TextIO) -> None:
    stream.write(_line(labels))
    stream.write(_line(["---:" if kind in NUMERIC else "---" for kind in kinds]))


def _cell(value: Any, kind: Kind, style: Style) -> str:
    return markdown_text(shown(value, kind, style))


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"
