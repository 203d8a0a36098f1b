"""Scores of contacts: what a person may ask for, and what comes of it.

Values are exact decimals. The database holds them as floats of at most fifteen digits, from which
``exact`` makes the same decimal again.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from scorecli.domain.text import nearest
from scorecli.errors.contact_scores import (
    NotAScore,
    ScoreOutsideRange,
    TooManyDecimals,
    UnknownScoreType,
)

if TYPE_CHECKING:
    from scorecli.settings import ScoreTypeSettings, Settings

_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")


class ScoreWish(NamedTuple):
    """What is asked for: ``set`` a value, ``add`` to the one that is there, or ``none``.

    ``text`` is how it was written.
    """

    how: Literal["set", "add", "none"]
    number: Decimal
    text: str


def parse_wish(text: str) -> ScoreWish:
    """Return what ``80``, ``+5``, ``-10``, ``=-10`` or ``none`` asks for; raises ``NotAScore``."""
    word = text.strip()
    if word.casefold() == "none":
        return ScoreWish("none", Decimal(0), "none")
    if word[:1] == "=":
        return ScoreWish("set", _number(word[1:].strip(), text, changes=True), word)
    number = _number(word, text, changes=True)
    return ScoreWish("add" if word[:1] in ("+", "-") else "set", number, word)


def parse_value(text: str) -> ScoreWish:
    """Return what a cell of a file asks for: a value, which may be below 0, or ``none``.

    A file sets values and never adds to them, so that the same file twice changes nothing. Raises
    ``NotAScore``.
    """
    word = text.strip()
    if word.casefold() == "none":
        return ScoreWish("none", Decimal(0), "none")
    if word[:1] == "+":
        raise NotAScore(text, changes=False)
    return ScoreWish("set", _number(word, text, changes=False), word)


def _number(word: str, text: str, *, changes: bool) -> Decimal:
    digits = word[1:] if word[:1] in ("+", "-") else word
    if not _NUMBER.fullmatch(digits):
        raise NotAScore(text.strip(), changes=changes)
    return Decimal(word)


def apply_wish(
    wish: ScoreWish, current: Decimal | None, kind: ScoreTypeSettings, whose: str = ""
) -> Decimal | None:
    """Return a contact's score after a wish; adding to a score that is not there begins at 0.

    ``whose`` names the contact in errors. Raises ``ScoreOutsideRange``, ``TooManyDecimals``.
    """
    if wish.how == "none":
        return None
    value = wish.number
    if wish.how == "add":
        value += Decimal(0) if current is None else current
    # What is there may have more decimals than the settings allow by now; adding to it may not.
    if decimals_of(wish.number) > kind.decimals:
        raise TooManyDecimals(wish.text, kind.label, kind.decimals, kind.name)
    if not exact(kind.min) <= value <= exact(kind.max):
        found = plain(value)
        if wish.how == "add":
            found = f"{plain(current or Decimal(0))} {wish.text} = {found}"
        limits = (plain(exact(kind.min)), plain(exact(kind.max)))
        raise ScoreOutsideRange(found, kind.label, limits, whose)
    return value


def score_type(settings: Settings, name: str) -> ScoreTypeSettings:
    """Return the score type of that name, or of that label; raises ``UnknownScoreType``."""
    known = settings.contact_scores
    wanted = name.strip().casefold()
    if wanted in known:
        return known[wanted]
    labelled = [kind for kind in known.values() if kind.label.casefold() == wanted]
    if len(labelled) == 1:
        return labelled[0]
    raise UnknownScoreType(name, nearest(wanted, known), list(known))


def field_name(name: str) -> str:
    """Return what a score type is called as a field of contacts: ``score``, ``score.fit``."""
    return name if name == "score" else f"score.{name}"


def is_score(field: str) -> bool:
    """Tell whether a field of contacts is a score."""
    return field == "score" or field.startswith("score.")


def exact(number: float) -> Decimal:
    """Return the decimal that a stored number, or one of the settings, means."""
    return Decimal(repr(number))


def stored(value: Decimal) -> int | float:
    """Return a value as the history and JSON have it: whole where it can be."""
    return int(value) if value == value.to_integral_value() else float(value)


def plain(value: Decimal) -> str:
    """Return a value without exponent and without zeros that say nothing."""
    return str(stored(value)) if decimals_of(value) < 5 else f"{value.normalize():f}"


def decimals_of(value: Decimal) -> int:
    """Return how many decimals a value needs."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
