"""Cells side by side in columns of fixed widths, wrapped and styled.

Built on the smallest parts of Rich, its measure of text and its styles: importing its console and
table and drawing with them takes a third of the time of `calls list`. What is drawn is the same to
the byte; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, chop_cells, set_cell_size

_DIVIDER_STYLE = "dim"


def text_width(text: str) -> int:
    """Return how many terminal cells a text without control characters takes."""
    return len(text) if text.isascii() else cell_len(text)


class Cell:
    """A text of one line without control characters, measured once.

    ``parts`` are the same text in pieces, each with the style it is drawn in, such as ``yellow``,
    or with an empty one; a cell without parts is drawn in the style of its row.
    """

    __slots__ = ("parts", "text", "width")

    def __init__(self, text: str, parts: Sequence[tuple[str, str]] = ()) -> None:
        self.text = text
        self.parts = parts
        self.width = text_width(text)

    def pieces(self, start: int, end: int) -> Iterator[tuple[str, str]]:
        """Yield the pieces of what stands between two places of the text."""
        if not self.parts:
            yield self.text[start:end], ""
            return
        place = 0
        for text, style in self.parts:
            yield text[max(start - place, 0) : max(end - place, 0)], style
            place += len(text)


class Grid:
    """Columns of the given ``widths``, ``gap`` blanks apart, those of ``right`` set to the right.

    Styles are words that Rich knows, such as ``bold``; without ``color`` none is drawn.
    """

    def __init__(
        self, widths: Sequence[int], gap: int, *, right: Sequence[bool] = (), color: bool = False
    ) -> None:
        self._widths = widths
        self._right = right or [False] * len(widths)
        # The last blank between two columns belongs to neither, the others to the left one.
        self._pads = [gap - 1] * (len(widths) - 1) + [0]
        self._ends = _Ends() if color else _NoEnds()
        self._divider = self._painted(" ", _DIVIDER_STYLE)

    def rule(self, line: str) -> str:
        """Return a rule across all columns, made of the character ``line``."""
        length = sum(self._widths) + sum(self._pads) + len(self._widths) - 1
        return self._painted(line * length, _DIVIDER_STYLE) + "\n"

    def row(self, cells: Sequence[Cell], styles: Sequence[str], *, bottom: bool = False) -> str:
        """Return the lines of one row, each cell in the style of its column.

        Cells of fewer lines than others are filled up below, or above where ``bottom`` is set.
        """
        columns = [
            self._lines(cell, column, style)
            for column, (cell, style) in enumerate(zip(cells, styles, strict=True))
        ]
        height = max(map(len, columns))
        if height > 1:
            for column, lines in enumerate(columns):
                blank = " " * (self._widths[column] + self._pads[column])
                filling = [self._painted(blank, styles[column])] * (height - len(lines))
                columns[column] = filling + lines if bottom else lines + filling
        return "".join([self._divider.join(line) + "\n" for line in zip(*columns, strict=True)])

    def _lines(self, cell: Cell, column: int, style: str) -> list[str]:
        """Return the lines of a cell, each as wide as its column and the blanks behind it."""
        width, right = self._widths[column], self._right[column]
        pad = self._painted(" " * self._pads[column], style)
        if cell.width <= width and not cell.parts:
            text = cell.text
            if right:
                text = text.rstrip()
                text = " " * (width - text_width(text)) + text
            else:
                text += " " * (width - cell.width)
            return [self._painted(text, style) + pad]
        places = _breaks(cell.text, width) if cell.width > width else []
        bounds = zip([0, *places], [*places, len(cell.text)], strict=True)
        return [self._line(cell, start, end, column, style) + pad for start, end in bounds]

    def _line(self, cell: Cell, start: int, end: int, column: int, style: str) -> str:
        width, right = self._widths[column], self._right[column]
        text = cell.text[start:end]
        if right:
            text = text.rstrip()
        elif len(text) > width:
            text = text[: max(len(text.rstrip()), width)]
        end = start + len(text)
        size = text_width(text)
        pieces = list(cell.pieces(start, end))
        if size > width:  # a character that is wider than its column
            pieces = _cut(pieces, set_cell_size(text, width))
        filling = (" " * (width - size), "")
        pieces = [filling, *pieces] if right else [*pieces, filling]
        return "".join(
            [self._painted(text, f"{style} {own}".strip()) for text, own in _merged(pieces)]
        )

    def _painted(self, text: str, style: str) -> str:
        if not text:
            return ""
        before, after = self._ends[style]
        return f"{before}{text}{after}"


class _Ends(dict[str, tuple[str, str]]):
    """What stands before and after a text to draw it in a style."""

    def __missing__(self, style: str) -> tuple[str, str]:
        from rich.color import ColorSystem  # only colour needs them
        from rich.style import Style

        drawn = Style.parse(style).render("_", color_system=ColorSystem.STANDARD)
        before, _, after = drawn.partition("_")
        self[style] = (before, after)
        return before, after


class _NoEnds(dict[str, tuple[str, str]]):
    """The same without colour: nothing."""

    def __missing__(self, style: str) -> tuple[str, str]:
        return "", ""


def _breaks(text: str, width: int) -> list[int]:
    """Return where a text is broken: before words, and within those wider than a whole line."""
    places = []
    filled = 0
    for match in re.finditer(r"\s*\S+\s*", text):
        word = match.group()
        start = match.start()
        size = text_width(word.rstrip())
        if size <= width - filled:
            filled += text_width(word)
        elif size > width:
            for piece in chop_cells(word, width):
                if start:
                    places.append(start)
                start += len(piece)
                filled = text_width(piece)
        elif filled and start:
            places.append(start)
            filled = text_width(word)
    return places


def _cut(pieces: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """Return the pieces with the letters of ``text``, which is as long as them or shorter."""
    cut = []
    for piece, style in pieces:
        cut.append((text[: len(piece)], style))
        text = text[len(piece) :]
    return cut


def _merged(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pieces that hold something, neighbours without a style as one."""
    merged: list[tuple[str, str]] = []
    for text, style in pieces:
        if text and not style and merged and not merged[-1][1]:
            merged[-1] = (merged[-1][0] + text, "")
        elif text:
            merged.append((text, style))
    return merged
