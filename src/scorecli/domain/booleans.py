"""Words for true and false in files."""

from __future__ import annotations

from collections.abc import Mapping

from scorecli.domain.text import fold

_TRUE = ("true", "yes", "y", "t", "1", "on", "x", "\u2713", "\u2714", "\u2611", "[x]", "1.0")
_FALSE = ("false", "no", "n", "f", "0", "off", "", "\u2717", "\u2718", "\u2610", "[ ]", "[]", "0.0")
_MEANINGS = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)


def read_boolean(text: str, meanings: Mapping[str, bool] = _MEANINGS) -> bool:
    """Return what ``text`` means, ignoring case and blanks around; an empty text is false.

    ``meanings`` are those of ``boolean_words``. Raises ``ValueError`` for any other word.
    """
    known = meanings.get(text)
    if known is None:
        known = meanings.get(fold(text))
    if known is None:
        raise ValueError(f"'{text.strip()}' is neither yes nor no")
    return known


def boolean_words(true: tuple[str, ...] = (), false: tuple[str, ...] = ()) -> dict[str, bool]:
    """Return the usual words together with a file's own, which win."""
    own = {fold(word): True for word in true} | {fold(word): False for word in false}
    return _MEANINGS | own
