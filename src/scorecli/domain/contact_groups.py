"""Which rows of a file are one person, whatever is stored and in whatever order they come.

Rows of one id are one person; so are rows of one name that share a telephone number or an e-mail
address; and rows that share an address which the file gives to one person only, whether they name
it or not. A row without name and id that several people of the file could be is nobody.

Rows that have a number and nothing else are one person by number, and rows that have a name and
nothing else by name and company; which person that is, is seen when all others are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from scorecli.domain.text import fold

WITH_ID, NAMED, NUMBER_ONLY, NAME_ONLY = range(4)
"""The ranks of rows: what a row of a lower one says of a contact goes before."""


AS_WRITTEN = "~"
"""What a number that cannot be normalised begins with, where it tells who a contact is."""


def number_token(written: str, e164: str | None) -> str:
    """Return what a telephone number is compared by."""
    return e164 or AS_WRITTEN + fold(written)


class Known(NamedTuple):
    """What a row is known by, folded but for ``first`` and ``last``; empty where it has none.

    ``numbers`` are normalised where they can be. ``empty`` holds the fields of its empty cells.
    """

    external: str
    emails: tuple[str, ...]
    numbers: tuple[str, ...]
    name: str
    company: str
    first: str | None
    last: str | None
    empty: frozenset[str] = frozenset()

    @property
    def given(self) -> set[str]:
        """Return the fields of these that the row has."""
        fields = ("first_name", "last_name", "emails", "numbers", "company_id")
        texts = (self.first, self.last, self.emails, self.numbers, self.company)
        return {field for field, text in zip(fields, texts, strict=True) if text}

    @property
    def rank(self) -> int:
        """Return which kind of row it is."""
        if self.external:
            return WITH_ID
        if self.emails or (self.numbers and self.name):
            return NAMED
        return NUMBER_ONLY if self.numbers else NAME_ONLY


class Grouping(NamedTuple):
    """The rows of each person, by their places; and of rows that are nobody, those they may be."""

    groups: list[list[int]]
    nobody: dict[int, list[int]]


def group_rows(rows: Sequence[Known]) -> Grouping:
    """Return which of the rows are one person."""
    joined = _Joined(len(rows))
    named: list[int] = []
    alone: dict[tuple[str, ...], int] = {}
    for place, row in enumerate(rows):
        rank = row.rank
        if rank in (WITH_ID, NAMED):
            named.append(place)
            continue
        tokens: Iterable[tuple[str, ...]] = (
            [(number,) for number in row.numbers]
            if rank == NUMBER_ONLY
            else [(row.name, row.company)]
        )
        for token in tokens:
            joined.join(alone.setdefault(token, place), place)
    nobody = _sharing(rows, named)
    named = [place for place in named if place not in nobody]
    _join(rows, named, joined, by_address=True)
    for group in [group for group in joined.groups(named) if several_people(rows, group)]:
        nobody |= _part(rows, group, joined)
    left = (place for place in range(len(rows)) if place not in nobody)
    return Grouping(list(joined.groups(left)), nobody)


def several_people(rows: Sequence[Known], places: Iterable[int]) -> bool:
    """Tell whether rows that share something are of different people, by their ids and names."""
    ids: set[str] = set()
    of_ids: set[str] = set()
    others: set[str] = set()
    for place in places:
        row = rows[place]
        if row.external:
            ids.add(row.external)
        if row.name:
            (of_ids if row.external else others).add(row.name)
    if len(ids) > 1:
        return True
    return bool(others - of_ids) and len(others | of_ids) > 1


def _sharing(rows: Sequence[Known], places: Iterable[int]) -> dict[int, list[int]]:
    """Return rows without name and id whose address several people of the file have."""
    nobody: dict[int, list[int]] = {}
    for sharing in _holders(rows, places).values():
        if several_people(rows, sharing):
            told = [place for place in sharing if rows[place].external or rows[place].name]
            nobody |= dict.fromkeys(set(sharing).difference(told), told)
    return nobody


def _holders(rows: Sequence[Known], places: Iterable[int]) -> dict[str, list[int]]:
    holders: dict[str, list[int]] = {}
    for place in places:
        for email in rows[place].emails:
            holders.setdefault(email, []).append(place)
    return holders


_KNOWN_BY = frozenset(("external_id", "first_name", "last_name", "emails", "numbers"))


def cleared(rows: Iterable[tuple[bool, Set[str], Set[str]]]) -> frozenset[str]:
    """Return the fields that empty cells of a contact's rows clear.

    Each row is whether it has an id, its empty fields and those that it gives. What one row gives,
    the empty cell of another does not clear. Names, numbers and addresses, by which contacts are
    found, are cleared by rows with an id only.
    """
    empty: set[str] = set()
    given: set[str] = set()
    for has_id, without, values in rows:
        empty |= without if has_id else without - _KNOWN_BY
        given |= values if has_id else values - _KNOWN_BY
    return frozenset(empty - given)


def _part(rows: Sequence[Known], group: Sequence[int], joined: _Joined) -> dict[int, list[int]]:
    """Part rows that several people were joined by; return those that are nobody."""
    joined.part(group)
    kept = [place for place in group if rows[place].external or rows[place].name]
    nobody = {place: kept for place in group if not (rows[place].external or rows[place].name)}
    _join(rows, kept, joined, by_address=False)
    for part in list(joined.groups(kept)):
        by_id: dict[str, int] = {}
        for place in part:
            if rows[place].external:
                by_id.setdefault(rows[place].external, place)
        if len(by_id) < 2:
            continue
        joined.part(part)
        with_id = [place for place in part if rows[place].external]
        for place in part:
            if rows[place].external:
                joined.join(by_id[rows[place].external], place)
            else:
                nobody[place] = with_id
    return nobody


def _join(
    rows: Sequence[Known], places: Sequence[int], joined: _Joined, *, by_address: bool
) -> None:
    """Join rows of one person; ``by_address`` also those that share an address and no name."""
    ids: dict[str, int] = {}
    tokens: dict[tuple[str, str], int] = {}
    nameless = False
    for place in places:
        row = rows[place]
        if row.external:
            joined.join(ids.setdefault(row.external, place), place)
        if row.name:
            for text in (*row.emails, *row.numbers):
                joined.join(tokens.setdefault((text, row.name), place), place)
        else:
            nameless = True
    if by_address:
        for sharing in _holders(rows, places).values():
            if len(sharing) > 1 and not several_people(rows, sharing):
                for place in sharing:
                    joined.join(sharing[0], place)
    # A row without a name has that of its person.
    while nameless and _join_named(rows, places, joined, tokens):
        pass


def _join_named(
    rows: Sequence[Known],
    places: Sequence[int],
    joined: _Joined,
    tokens: dict[tuple[str, str], int],
) -> bool:
    again = False
    for group in list(joined.groups(places)):
        names = {rows[place].name for place in group}
        if len(names) < 2 or "" not in names:
            continue
        for place in group:
            for text in (*rows[place].emails, *rows[place].numbers):
                for name in names - {""}:
                    again |= joined.join(tokens.setdefault((text, name), place), place)
    return again


class _Joined:
    """Places that belong together; the first of them stands for all."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def join(self, one: int, other: int) -> bool:
        """Put two together; return whether they were apart."""
        if one == other:
            return False
        first, second = sorted((self._first(one), self._first(other)))
        self._above[second] = first
        return first != second

    def part(self, places: Iterable[int]) -> None:
        """Let whole groups be single places again."""
        for place in places:
            self._above[place] = place

    def groups(self, places: Iterable[int]) -> Iterable[list[int]]:
        """Return the groups of some places, in their order."""
        found: dict[int, list[int]] = {}
        for place in places:
            found.setdefault(self._first(place), []).append(place)
        return found.values()

    def _first(self, place: int) -> int:
        above = self._above
        while above[place] != place:
            above[place] = above[above[place]]
            place = above[place]
        return place
