"""Tables on a terminal: the only file that draws with Rich.

Rich never sees text as markup: every text that comes from data is made harmless and wrapped in
``rich.text.Text``. Columns are sized here and not by Rich, which would cut ids and amounts; where
even wrapped columns do not fit, each row is drawn as a block of fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TextIO

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scorecli.render.cells import NUMERIC, fields_of, shown, total_cells
from scorecli.render.sanitise import encodable, one_line
from scorecli.render.score_cell import Role, score_parts
from scorecli.render.style import Style
from scorecli.render.widths import Extent, column_widths
from scorecli.result import Column, Kind, Result, Score

# Lines only below the header and above the total; one blank between columns comes from the box.
_LINES: Final = Box("    \n    \n ── \n    \n ── \n ── \n    \n    \n")
_ASCII_LINES: Final = Box("    \n    \n -- \n    \n -- \n -- \n    \n    \n", ascii=True)

_WHOLE: Final[frozenset[Kind]] = NUMERIC | {"day", "boolean"}
_ROLE_STYLES: Final[dict[Role, str]] = {
    "tags": "cyan",
    "stars": "yellow",
    "converted": "green",
    "none": "dim",
}
_NARROWEST_VALUE: Final = 10


def write_table(result: Result, stream: TextIO, style: Style) -> None:
    """Draw ``result`` within the width of ``style``; a single record as fields and values.

    The rows are all read first, since a column is as wide as its widest value needs.
    """
    if result.single:
        _draw_record(list(fields_of(result)), stream, style, exact=True)
        return
    columns: Sequence[Column] = result.columns
    rows = [_texts(row, columns, style) for row in result.rows]
    total = total_cells(result)
    if not rows and total is None:
        return  # nothing to see; the caller says so on stderr
    foot = None if total is None else _texts(total, columns, style)
    if any(column.optional for column in columns):
        columns, rows, foot = _without_empty(columns, rows, foot)
    labels = [_plain_text(column.label, style) for column in columns]
    layout = _layout(columns, labels, rows if foot is None else [*rows, foot], style)
    if layout is None:
        _draw_blocks(columns, labels, rows, foot, stream, style)
        return
    widths, gap = layout
    table = _empty_table(style, gap)
    for column, label, width in zip(columns, labels, widths, strict=True):
        table.add_column(
            label,
            width=width,
            justify="right" if column.kind in NUMERIC else "left",
            overflow="fold",
        )
    for row in rows:
        table.add_row(*row)
    if foot is not None:
        table.add_section()
        table.add_row(*foot, style="bold")
    _console(stream, style).print(table, crop=False, no_wrap=False)


def _without_empty(
    columns: Sequence[Column], rows: list[list[Text]], foot: list[Text] | None
) -> tuple[list[Column], list[list[Text]], list[Text] | None]:
    """Leave out optional columns that no row fills, to make room for the others."""
    every = rows if foot is None else [*rows, foot]
    kept = [
        place
        for place, column in enumerate(columns)
        if not column.optional or any(row[place].plain for row in every)
    ]
    return (
        [columns[place] for place in kept],
        [[row[place] for place in kept] for row in rows],
        None if foot is None else [foot[place] for place in kept],
    )


def _layout(
    columns: Sequence[Column], labels: list[Text], rows: list[list[Text]], style: Style
) -> tuple[list[int], int] | None:
    """Return the widths and the blanks between columns: two where they cost nothing, else one."""
    extents = [
        _extent(column.kind, label, [row[place] for row in rows])
        for place, (column, label) in enumerate(zip(columns, labels, strict=True))
    ]
    between = max(len(columns) - 1, 0)
    wanted = sum(max(extent.widest, extent.label) for extent in extents)
    gap = 2 if wanted + 2 * between <= style.width else 1
    widths = column_widths(extents, style.width - gap * between)
    return None if widths is None else (widths, gap)


def _extent(kind: Kind, label: Text, cells: list[Text]) -> Extent:
    plain = [cell.plain for cell in cells]
    return Extent(
        widest=max(map(cell_len, plain), default=0),
        word=max((cell_len(word) for text in plain for word in text.split()), default=0),
        label=cell_len(label.plain),
        label_word=max(map(cell_len, label.plain.split()), default=0),
        whole=kind in _WHOLE,
    )


def _draw_blocks(
    columns: Sequence[Column],
    labels: list[Text],
    rows: list[list[Text]],
    foot: list[Text] | None,
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
            if cell.plain
        ]
        _draw_fields(fields, stream, style)


def _draw_record(
    fields: list[tuple[Column, Any]], stream: TextIO, style: Style, *, exact: bool
) -> None:
    _draw_fields(
        [
            (_plain_text(column.label, style), _text(value, column.kind, style, exact=exact))
            for column, value in fields
        ],
        stream,
        style,
    )


def _draw_fields(fields: list[tuple[Text, Text]], stream: TextIO, style: Style) -> None:
    """Draw labels and values side by side; the value wraps, and a very long label does too."""
    if not fields:
        return
    longest = max((cell_len(label.plain) for label, _ in fields), default=1)
    label_width = max(min(longest, style.width // 2, style.width - _NARROWEST_VALUE - 2), 1)
    table = _empty_table(style, 2)
    table.show_header = False
    table.add_column(width=label_width, overflow="fold", style="bold")
    widest = max((cell_len(value.plain) for _, value in fields), default=1)
    room = style.width - label_width - 2
    table.add_column(width=max(min(widest, room), 1), overflow="fold")
    for label, value in fields:
        table.add_row(label, value)
    _console(stream, style).print(table, crop=False)


def _empty_table(style: Style, gap: int) -> Table:
    return Table(
        box=_ASCII_LINES if style.ascii else _LINES,
        show_edge=False,
        padding=(0, gap - 1, 0, 0),
        pad_edge=False,
        header_style="bold",
        border_style="dim",
    )


def _console(stream: TextIO, style: Style) -> Console:
    return Console(
        file=stream,
        width=style.width,
        height=25,
        force_terminal=style.color,
        force_jupyter=False,
        force_interactive=False,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        safe_box=False,
        _environ={},
    )


def _texts(row: Sequence[Any], columns: Sequence[Column], style: Style) -> list[Text]:
    return [_text(value, column.kind, style) for value, column in zip(row, columns, strict=True)]


def _text(value: Any, kind: Kind, style: Style, *, exact: bool = False) -> Text:
    if not isinstance(value, Score):
        return _plain_text(shown(value, kind, style, exact=exact), style)
    text = Text()
    for part in score_parts(value, style):
        text.append(encodable(one_line(part.text), style.encoding), _ROLE_STYLES.get(part.role))
    return text


def _plain_text(text: str, style: Style) -> Text:
    return Text(encodable(one_line(text), style.encoding))
