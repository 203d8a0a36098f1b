"""Comparing texts as people read them: ignoring case and stray blanks, and finding near misses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# Words that filters, options and files read as themselves, so that no tag, user, result code,
# campaign or list can be called so.
RESERVED_WORDS: Final = ("none", "any")


def fold(text: str) -> str:
    """Return the form in which texts compare: case folded, blanks stripped and collapsed to one."""
    return " ".join(text.split()).casefold()


def by_likeness(text: str, known: Iterable[str]) -> list[str]:
    """Return all known words, those most like ``text`` first, else in their order."""
    import difflib  # only error messages need it

    folded = fold(text)
    alike = {word: difflib.SequenceMatcher(None, folded, fold(word)).ratio() for word in known}
    return sorted(alike, key=lambda word: -alike[word])


def nearest(text: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return up to ``most`` known words that are close to ``text``, the closest first."""
    import difflib  # only error messages need it

    by_fold = {fold(word): word for word in known}
    found = difflib.get_close_matches(fold(text), by_fold, n=most, cutoff=0.6)
    return [by_fold[word] for word in found]
