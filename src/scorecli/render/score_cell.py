"""A call's whole score as one cell: reporting tags, stars, conversion, amount and its day.

The cell is made of parts with roles, so that a table can colour them; as text it reads
``wrong number  ★★★★☆  ✔ $250.00 2026-11-03``, and without Unicode
``wrong number  4/5  [x] $250.00 2026-11-03``.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from scorecli.render.cells import money_text
from scorecli.render.sanitise import one_line
from scorecli.render.style import Style
from scorecli.result import Score

Role = Literal["tags", "stars", "converted", "amount", "day", "none", "gap"]

MOST_STARS: Final = 5
_DEFAULT_STARS: Final = "★☆"


class Part(NamedTuple):
    """A piece of the cell, holding whatever the data holds, and what it stands for."""

    text: str
    role: Role


def score_parts(score: Score, style: Style) -> list[Part]:
    """Return the pieces of the Score cell in reading order, gaps included."""
    groups: list[list[Part]] = []
    if score.reporting_tags:
        groups.append([Part(", ".join(score.reporting_tags), "tags")])
    if score.stars is not None:
        groups.append([Part(stars_text(score.stars, style), "stars")])
    outcome: list[Part] = []
    if score.converted:
        outcome.append(Part("[x]" if style.ascii else "✔", "converted"))
    if score.amount is not None:
        outcome.append(Part(money_text(score.amount, style), "amount"))
    if score.converted_on is not None:
        outcome.append(Part(score.converted_on, "day"))
    if outcome:
        groups.append(outcome)
    if not groups:
        return [Part("-" if style.ascii else "·", "none")]
    return _joined(groups)


def score_text(score: Score, style: Style) -> str:
    """Return the Score cell as plain text that is harmless on a terminal."""
    return one_line("".join([part.text for part in score_parts(score, style)]))


def stars_text(stars: int, style: Style) -> str:
    """Return a rating of 1 to 5 as glyphs, or as ``4/5`` where glyphs cannot be drawn."""
    if style.ascii:
        return f"{stars}/{MOST_STARS}"
    glyphs = style.stars if len(style.stars) == 2 else _DEFAULT_STARS
    return glyphs[0] * stars + glyphs[1] * (MOST_STARS - stars)


def _joined(groups: list[list[Part]]) -> list[Part]:
    parts: list[Part] = []
    for group in groups:
        for place, part in enumerate(group):
            if parts:
                parts.append(Part(" " if place else "  ", "gap"))
            parts.append(part)
    return parts
