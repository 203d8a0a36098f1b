"""Which stored contact the rows of an import are.

A row is the contact with its ``external_id``; else the one that has its e-mail address, if only one
has; else the one with its address or number and its name. Rows that have nothing but a number are
the contact without a name that has it, rows that have nothing but a name the one of that name and
company. Where several contacts would do and nothing tells them apart, the rows are nobody.

The same file again finds the same contacts, because nothing here depends on the order of rows or
on which of them are accepted. Rows that are one person are joined before anything is looked up
(:mod:`scorecli.domain.contact_groups`), so that an address, or a number with a name, is of one
group only. Then groups are matched in steps, each of which reads of the contacts only what later
steps cannot change: ids; addresses, which may bring another name; names with addresses or numbers,
which leave the name as it is; last, rows that bring neither. After each step contacts count as if
all rows that were found to be them had been written, rejected ones too: so they count again when
the file comes again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scorecli.domain.contact_groups import (
    NAME_ONLY,
    NAMED,
    NUMBER_ONLY,
    WITH_ID,
    Known,
    cleared,
    group_rows,
)
from scorecli.domain.contact_names import NameTold
from scorecli.services.contact_candidates import Candidates
from scorecli.services.contact_protection import Protection


class Group:
    """Rows that are one person, by their places, and all that they are known by."""

    __slots__ = ("emails", "external", "names", "numbers", "own", "places", "rank", "shape")

    def __init__(self, places: list[int], rows: Sequence[Known]) -> None:
        mine = [rows[place] for place in places]
        self.places = places
        self.rank = min(row.rank for row in mine)
        self.external = next((row.external for row in mine if row.external), "")
        self.emails = tuple(dict.fromkeys(email for row in mine for email in row.emails))
        self.numbers = tuple(dict.fromkeys(number for row in mine for number in row.numbers))
        self.names = {row.name for row in mine if row.name}
        self.own: tuple[str, ...] = self.emails  # those that no other group has
        self.shape = (mine[0].name, mine[0].company)  # of rows that have nothing else


class Groups(NamedTuple):
    """The rows of a file as people, and of rows that are nobody, those that they may be."""

    people: list[Group]
    nobody: dict[int, list[int]]


def group_people(rows: Sequence[Known]) -> Groups:
    """Join the rows that are one person; nothing that is stored matters for that."""
    grouping = group_rows(rows)
    people = [Group(places, rows) for places in grouping.groups]
    owners: dict[str, int] = {}
    for place, group in enumerate(people):
        for email in group.emails:
            owners[email] = -1 if email in owners else place
    for place, group in enumerate(people):
        group.own = tuple(email for email in group.emails if owners[email] == place)
    return Groups(people, grouping.nobody)


class Match:
    """What was found for groups: contacts, those below 0 new ones; and several, where unclear."""

    def __init__(self, count: int) -> None:
        self.contact_of: list[int | None] = [None] * count
        self.rivals: dict[int, list[int]] = {}
        self.others: dict[int, list[int]] = {}  # rows that may be another contact than their group
        self.by_stored_id: set[int] = set()  # groups whose external id was stored already


class ContactMatcher:
    """Finds the contacts of groups of rows; ``clear_empty`` says whether empty cells clear."""

    def __init__(
        self,
        rows: Sequence[Known],
        groups: Sequence[Group],
        people: Candidates,
        protection: Protection,
        *,
        clear_empty: bool,
    ) -> None:
        self._rows = rows
        self._groups = groups
        self._people = people
        self._match = Match(len(groups))
        self._as_written = AsWritten(rows, people, protection, clear_empty=clear_empty)

    def run(self) -> Match:
        """Match all groups, step by step."""
        with_id = self._of_rank(WITH_ID)
        self._by_id(with_id)
        self._claim([each for each in with_id if self._match.contact_of[each] is None])
        left = self._by_address(self._of_rank(NAMED))
        self._settle({each: self._by_name(each, free=False) for each in left})
        self._settle({each: self._by_number(each) for each in self._of_rank(NUMBER_ONLY)})
        self._settle({each: self._by_shape(each) for each in self._of_rank(NAME_ONLY)})
        self._part_nameless()
        return self._match

    def _part_nameless(self) -> None:
        """Find rows without name and id whose addresses another contact has as well."""
        for place, group in enumerate(self._groups):
            contact = self._match.contact_of[place]
            if contact is None or group.rank not in (WITH_ID, NAMED) or not group.names:
                continue
            for row in group.places:
                known = self._rows[row]
                if known.emails and not (known.name or known.external):
                    others = self._people.live(known.emails, (), free=False)
                    if set(others) - {contact}:
                        self._match.others[row] = [each for each in others if each != contact]

    def _of_rank(self, rank: int) -> list[int]:
        return [place for place, group in enumerate(self._groups) if group.rank == rank]

    def _assign(self, found: Iterable[tuple[int, int]]) -> None:
        for place, contact in found:
            group = self._groups[place]
            self._match.contact_of[place] = contact
            if self._people.is_live(contact):
                self._people.give(contact, group.emails, group.numbers)
                self._as_written.add(contact, group.places)
        self._as_written.refresh()

    def _new(self, place: int) -> int:
        return self._people.new(place)

    def _settle(self, found: dict[int, list[int]]) -> None:
        """Take what was found for groups: one contact, several, or none and so a deleted or new."""
        decided = []
        for place, contacts in found.items():
            if len(contacts) > 1:
                self._match.rivals[place] = contacts
            elif contacts:
                decided.append((place, contacts[0]))
            else:
                deleted = self._deleted(place)
                decided.append((place, self._new(place) if deleted is None else deleted))
        self._assign(decided)

    def _by_id(self, places: Sequence[int]) -> None:
        found = []
        for place in places:
            contact = self._people.of_id(self._groups[place].external)
            if contact is not None:
                self._match.by_stored_id.add(place)
                found.append((place, contact))
        self._assign(found)

    def _claim(self, places: Sequence[int]) -> None:
        """Find contacts without an id for ids that are not stored yet, each contact for one."""
        wanted: dict[int, list[int]] = {}
        decided: dict[int, int] = {}
        for place in places:
            contacts = self._at_address(place, free=True)
            if len(contacts) != 1:
                contacts = self._by_name(place, free=True) or contacts
            if len(contacts) == 1:
                wanted.setdefault(contacts[0], []).append(place)
            elif not contacts:
                deleted = self._deleted(place)
                if deleted is not None:
                    decided[place] = deleted
        for contact, claiming in wanted.items():
            if len(claiming) > 1:
                name = self._people.name_of(contact)
                claiming = [each for each in claiming if name in self._groups[each].names]
            if len(claiming) == 1:
                decided[claiming[0]] = contact
        for place in places:
            contact = decided[place] if place in decided else self._new(place)
            decided[place] = contact
            if self._people.is_live(contact):
                self._people.take_id(contact, self._groups[place].external)
        self._assign(decided.items())

    def _by_address(self, places: Sequence[int]) -> list[int]:
        found = {place: self._at_address(place, free=False) for place in places}
        self._assign((place, each[0]) for place, each in found.items() if len(each) == 1)
        return [place for place in places if len(found[place]) != 1]

    def _at_address(self, place: int, *, free: bool) -> list[int]:
        return self._people.live(self._groups[place].own, (), free=free)

    def _by_name(self, place: int, *, free: bool) -> list[int]:
        group, people = self._groups[place], self._people
        for emails, numbers in ((group.emails, ()), ((), group.numbers)):
            named = people.live(emails, numbers, group.names, free=free)
            if named:
                return named
        return [] if group.names or free else self._at_address(place, free=False)

    def _by_number(self, place: int) -> list[int]:
        return self._people.live((), self._groups[place].numbers, {""}, free=False)

    def _by_shape(self, place: int) -> list[int]:
        return self._people.of_name(*self._groups[place].shape, live=True)

    def _deleted(self, place: int) -> int | None:
        """Return a contact that a person deleted and that the rows would be, which stays so."""
        group, people = self._groups[place], self._people
        free = bool(group.external)
        if group.rank == NAME_ONLY:
            found = people.of_name(*group.shape, live=False)
        elif group.rank == NUMBER_ONLY:
            found = people.deleted((), group.numbers, {""}, free=False)
        else:
            found = people.deleted(group.own, (), None, free=free) or people.deleted(
                group.emails, group.numbers, group.names, free=free
            )
        return min(found, default=None)


class AsWritten:
    """Names and companies that contacts have once the rows that are them are written."""

    def __init__(
        self,
        rows: Sequence[Known],
        people: Candidates,
        protection: Protection,
        *,
        clear_empty: bool,
    ) -> None:
        self._rows = rows
        self._people = people
        self._protection = protection
        self._clear_empty = clear_empty
        self._places: dict[int, list[int]] = {}
        self._touched: set[int] = set()

    def add(self, contact: int, places: Sequence[int]) -> None:
        """Let further rows be a contact."""
        had = self._places.setdefault(contact, [])
        had.extend(places)
        if contact < 0 and len(had) == 1:
            self._people.begin(contact, self._rows[had[0]])
            return
        if self._clear_empty or any(
            (row.name and row.name != self._people.name_of(contact))
            or (row.company and row.company != self._people.company_of(contact))
            for row in map(self._rows.__getitem__, places)
        ):
            self._touched.add(contact)

    def refresh(self) -> None:
        """Bring names, companies and addresses up to what the rows say by now."""
        self._protection.prepare(self._touched)
        for contact in self._touched:
            places = sorted(self._places[contact], key=lambda at: (self._rows[at].rank, at))
            rows = [self._rows[place] for place in places]
            protected = self._protection.of(contact)
            gone = frozenset[str]()
            if self._clear_empty:
                gone = cleared((row.external != "", row.empty, row.given) for row in rows)
                gone = frozenset(field for field in gone if not protected(field))
            told = NameTold()
            for row in rows:
                told.add(row.first, row.last)
            self._people.rewrite(contact, told, rows, gone, protected)
        self._touched.clear()
