"""Users whom an agent's name may mean: for a person to decide on, never to assign a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from scorecli.domain.agent_names import words_of
from scorecli.domain.attribution import Person
from scorecli.domain.nicknames import are_related, related_to

SAME, NICKNAME, SPELLING, INITIAL = "same", "nickname", "spelling", "initial"
PART, ORDER = "part of the name", "order"
_COST = {SAME: 0.0, NICKNAME: 1.0, SPELLING: 1.0, INITIAL: 1.5}
_COST_OF_PART = 1.0
_COST_OF_ORDER = 0.5
_MOST_WORDS = 6
_SHORT = 3  # letters below which a word has no errors
_LONG = 8  # letters from which it may have two
_LONGEST = 30  # letters above which it is no name


class Suggestion(NamedTuple):
    """A user whom a name may mean, and why: ``nickname``, ``initial``, ``spelling``, ..."""

    user: Person
    why: tuple[str, ...]


class Suggester:
    """Finds the nearest users of agents' names."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._names = [
            (person, words_of(name)) for person in people for name in (person.name, *person.aliases)
        ]
        # Agents may be many, so that each is compared only with names that have a word like theirs.
        self._places: dict[str, set[int]] = {}
        self._misspelt: dict[str, set[str]] = {}
        for place, (_, words) in enumerate(self._names):
            for word in words:
                self._places.setdefault(word, set()).add(place)
        for word in self._places:
            for rest in _rests(word):
                self._misspelt.setdefault(rest, set()).add(word)

    def nearest(self, name: str, most: int = 3) -> list[Suggestion]:
        """Return the users whom a name may mean, the most likely first."""
        words = words_of(name)
        best: dict[Person, tuple[float, tuple[str, ...]]] = {}
        for place in self._like(words):
            person, known = self._names[place]
            found = _compare(words, known)
            if found is not None and (person not in best or found < best[person]):
                best[person] = found
        ranked = sorted(best, key=lambda person: (best[person], person.name.casefold(), person.id))
        return [Suggestion(person, best[person][1]) for person in ranked[:most]]

    def _like(self, words: Sequence[str]) -> list[int]:
        """Return the places of the names that have a whole word like one of these, in order."""
        like: set[str] = set()
        for word in words:
            like.add(word)
            like |= related_to(word)
            for rest in _rests(word):
                like |= self._misspelt.get(rest, set())
        return sorted(set().union(*(self._places.get(word, ()) for word in like)))


def _rests(word: str) -> set[str]:
    """Return what errors may leave of a word: two misspelt ones have one of these in common."""
    rests = {word}
    if _SHORT <= len(word) <= _LONGEST:
        for _ in range(_errors(len(word))):
            rests |= {one[:at] + one[at + 1 :] for one in rests for at in range(len(one))}
    return rests


def _errors(letters: int) -> int:
    return 2 if letters >= _LONG else 1


def _compare(words: Sequence[str], known: Sequence[str]) -> tuple[float, tuple[str, ...]] | None:
    """Return the cost of taking one name for the other, and why; None where it cannot be."""
    if not words or not known or max(len(words), len(known)) > _MOST_WORDS:
        return None
    pairs = _pairs(words, known)
    kinds = [kind for _, _, kind in pairs]
    # All of one name must be in the other, with a whole word among it.
    if len(pairs) < min(len(words), len(known)) or all(kind == INITIAL for kind in kinds):
        return None
    why = {kind for kind in kinds if kind != SAME}
    cost = sum(_COST[kind] for kind in kinds)
    missing = max(len(words), len(known)) - len(pairs)
    if missing:
        why.add(PART)
        cost += missing * _COST_OF_PART
    places = [place for _, place, _ in sorted(pairs)]
    if any(first > second for first, second in pairwise(places)):
        why.add(ORDER)
        cost += _COST_OF_ORDER
    return cost, tuple(sorted(why))


def _pairs(words: Sequence[str], known: Sequence[str]) -> list[tuple[int, int, str]]:
    """Pair words of two names, the closest first; each word once."""
    relations = sorted(
        (_COST[kind], abs(place - other), place, other, kind)
        for place, word in enumerate(words)
        for other, name in enumerate(known)
        if (kind := _relation(word, name)) is not None
    )
    taken: set[int] = set()
    given: set[int] = set()
    pairs = []
    for _, _, place, other, kind in relations:
        if place not in taken and other not in given:
            taken.add(place)
            given.add(other)
            pairs.append((place, other, kind))
    return pairs


@lru_cache(maxsize=100_000)
def _relation(word: str, name: str) -> str | None:
    if word == name:
        return SAME
    if are_related(word, name):
        return NICKNAME
    if 1 in (len(word), len(name)):
        return INITIAL if word[0] == name[0] else None
    shorter = min(len(word), len(name))
    if shorter < _SHORT:
        return None
    return SPELLING if _within(word, name, _errors(shorter)) else None


def _within(one: str, other: str, errors: int) -> bool:
    """Tell whether so many letters added, left out, changed or swapped turn one into the other."""
    if abs(len(one) - len(other)) > errors:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        after = [place]
        for at, theirs in enumerate(other, 1):
            cost = min(row[at] + 1, after[at - 1] + 1, row[at - 1] + (letter != theirs))
            swapped = place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == theirs
            after.append(min(cost, before[at - 2] + 1) if swapped else cost)
        if min(after) > errors:
            return False
        before, row = row, after
    return row[-1] <= errors
