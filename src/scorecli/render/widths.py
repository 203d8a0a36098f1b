"""How wide each column of a table may be, so that nothing that must be read whole is cut.

Widths count terminal cells. Numbers and days are never broken; texts and times wrap at blanks, and
inside a word only where the terminal leaves no other way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

# How far words may be broken, from not at all to severely: the longest piece of a text and of a
# header label that is kept whole.
_STEPS: Final = (
    (40, 40),
    (16, 14),
    (12, 12),
    (10, 11),
    (10, 10),
    (10, 9),
    (8, 8),
    (6, 6),
    (6, 5),
)


class Extent(NamedTuple):
    """What one column needs: its widest line, its longest word, and the same of its label.

    ``whole`` says that its values are never broken.
    """

    widest: int
    word: int
    label: int
    label_word: int
    whole: bool


def column_widths(extents: Sequence[Extent], room: int) -> list[int] | None:
    """Return the width of each column within ``room`` cells, or None where they cannot fit."""
    wanted = [max(extent.widest, extent.label, 1) for extent in extents]
    if sum(wanted) <= room:
        return wanted
    for text_word, label_word in _STEPS:
        least = [_least(extent, text_word, label_word) for extent in extents]
        if sum(least) <= room:
            return _grown(least, wanted, room)
    return None


def _least(extent: Extent, text_word: int, label_word: int) -> int:
    values = extent.widest if extent.whole else min(extent.word, text_word)
    return max(values, min(extent.label_word, label_word), 1)


def _grown(least: list[int], wanted: list[int], room: int) -> list[int]:
    """Share what is left: the column that would take the most lines grows first."""
    widths = list(least)
    for _ in range(room - sum(widths)):
        growing = [place for place, width in enumerate(widths) if width < wanted[place]]
        if not growing:
            break
        widths[max(growing, key=lambda place: wanted[place] / widths[place])] += 1
    return widths
