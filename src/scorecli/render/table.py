"""Tables on a terminal: what stands in which column, and how wide the columns are.

Every text that comes from data is made harmless first; it is never read as markup. Columns are
sized so that ids and amounts are never cut; where even wrapped columns do not fit, each row is
drawn as a block of fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

from scorecli.render.cells import NUMERIC, fields_of, shown, total_cells
from scorecli.render.grid import Cell, Grid, text_width
from scorecli.render.sanitise import encodable, one_line
from scorecli.render.style import Style
from scorecli.render.widths import Extent, column_widths
from scorecli.result import Column, Kind, Result, Score

if TYPE_CHECKING:
    from scorecli.render.score_cell import Role

_WHOLE: Final[frozenset[Kind]] = NUMERIC | {"day", "boolean"}
_ROLE_STYLES: Final[dict[Role, str]] = {
    "tags": "cyan",
    "stars": "yellow",
    "converted": "green",
    "none": "dim",
}
_EMPHASIS: Final = "bold"  # of labels and of the total
_NARROWEST_VALUE: Final = 10


def write_table(result: Result, stream: TextIO, style: Style) -> None:
    """Draw ``result`` within the width of ``style``; a single record as fields and values.

    The rows are all read first, since a column is as wide as its widest value needs.
    """
    if result.single:
        _draw_record(list(fields_of(result)), stream, style, exact=True)
        return
    columns: Sequence[Column] = result.columns
    rows = [_cells(row, columns, style) for row in result.rows]
    total = total_cells(result)
    if not rows and total is None:
        return  # nothing to see; the caller says so on stderr
    foot = None if total is None else _cells(total, columns, style)
    if any(column.optional for column in columns):
        columns, rows, foot = _without_empty(columns, rows, foot)
    if not columns:
        return
    labels = [_plain_cell(column.label, style) for column in columns]
    layout = _layout(columns, labels, rows if foot is None else [*rows, foot], style)
    if layout is None:
        _draw_blocks(columns, labels, rows, foot, stream, style)
        return
    widths, gap = layout
    right = [column.kind in NUMERIC for column in columns]
    grid = Grid(widths, gap, right=right, color=style.color)
    plain, strong = [""] * len(columns), [_EMPHASIS] * len(columns)
    rule = grid.rule("-" if style.ascii else "─")
    drawn = [grid.row(labels, strong, bottom=True), rule]
    drawn += [grid.row(row, plain) for row in rows]
    if foot is not None:
        drawn += [rule] if rows else []
        drawn.append(grid.row(foot, strong))
    stream.write("".join(drawn))  # a terminal is line-buffered: one text, one write


def _without_empty(
    columns: Sequence[Column], rows: list[list[Cell]], foot: list[Cell] | None
) -> tuple[list[Column], list[list[Cell]], list[Cell] | None]:
    """Leave out optional columns that no row fills, to make room for the others."""
    every = rows if foot is None else [*rows, foot]
    kept = [
        place
        for place, column in enumerate(columns)
        if not column.optional or any(row[place].text for row in every)
    ]
    return (
        [columns[place] for place in kept],
        [[row[place] for place in kept] for row in rows],
        None if foot is None else [foot[place] for place in kept],
    )


def _layout(
    columns: Sequence[Column], labels: list[Cell], rows: list[list[Cell]], style: Style
) -> tuple[list[int], int] | None:
    """Return the widths and the blanks between columns: two where they cost nothing, else one."""
    widest = [max([row[place].width for row in rows]) for place in range(len(columns))]
    wanted = [max(width, label.width, 1) for width, label in zip(widest, labels, strict=True)]
    between = max(len(columns) - 1, 0)
    for gap in (2, 1):
        if sum(wanted) + gap * between <= style.width:
            return wanted, gap
    extents = [
        _extent(column.kind, label, [row[place] for row in rows])
        for place, (column, label) in enumerate(zip(columns, labels, strict=True))
    ]
    widths = column_widths(extents, style.width - between)
    return None if widths is None else (widths, 1)


def _extent(kind: Kind, label: Cell, cells: list[Cell]) -> Extent:
    return Extent(
        widest=max([cell.width for cell in cells]),
        word=max((text_width(word) for cell in cells for word in cell.text.split()), default=0),
        label=label.width,
        label_word=max(map(text_width, label.text.split()), default=0),
        whole=kind in _WHOLE,
    )


def _draw_blocks(
    columns: Sequence[Column],
    labels: list[Cell],
    rows: list[list[Cell]],
    foot: list[Cell] | None,
    stream: TextIO,
    style: Style,
) -> None:
    """Draw each row as a block of fields: the last resort of a very narrow terminal."""
    blocks = rows if foot is None else [*rows, foot]
    for place, cells in enumerate(blocks):
        if place:
            stream.write("\n")
        fields = [
            (label, cell)
            for label, cell, column in zip(labels, cells, columns, strict=True)
            if cell.text
        ]
        _draw_fields(fields, stream, style)


def _draw_record(
    fields: list[tuple[Column, Any]], stream: TextIO, style: Style, *, exact: bool
) -> None:
    _draw_fields(
        [
            (_plain_cell(column.label, style), _cell(value, column.kind, style, exact=exact))
            for column, value in fields
        ],
        stream,
        style,
    )


def _draw_fields(fields: list[tuple[Cell, Cell]], stream: TextIO, style: Style) -> None:
    """Draw labels and values side by side; the value wraps, and a very long label does too."""
    if not fields:
        return
    longest = max([label.width for label, _ in fields])
    label_width = max(min(longest, style.width // 2, style.width - _NARROWEST_VALUE - 2), 1)
    widest = max([value.width for _, value in fields])
    room = style.width - label_width - 2
    grid = Grid([label_width, max(min(widest, room), 1)], 2, color=style.color)
    stream.write("".join([grid.row(field, (_EMPHASIS, "")) for field in fields]))


def _cells(row: Sequence[Any], columns: Sequence[Column], style: Style) -> list[Cell]:
    return [_cell(value, column.kind, style) for value, column in zip(row, columns, strict=True)]


def _cell(value: Any, kind: Kind, style: Style, *, exact: bool = False) -> Cell:
    if not isinstance(value, Score):
        return _plain_cell(shown(value, kind, style, exact=exact), style)
    from scorecli.render.score_cell import score_parts  # only lists of calls have scores

    parts = [
        (encodable(one_line(part.text), style.encoding), _ROLE_STYLES.get(part.role, ""))
        for part in score_parts(value, style)
    ]
    return Cell("".join([text for text, _ in parts]), parts)


def _plain_cell(text: str, style: Style) -> Cell:
    return Cell(encodable(one_line(text), style.encoding))
