"""The contacts that rows of an import may be: stored ones, and those that the rows make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any

from scorecli.domain.contact_groups import AS_WRITTEN, NAME_ONLY, Known, number_token
from scorecli.domain.contact_names import NameTold
from scorecli.domain.contact_values import folded_name
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks, placeholders

_PEOPLE = (
    "SELECT c.id, c.external_id, c.first_name, c.last_name, k.folded, c.removed, c.merged_into"
    " FROM contact AS c LEFT JOIN company AS k ON k.id = c.company_id WHERE c.id IN ({})"
)
_NOTHING = (None,) * 5
_Holders = dict[str, set[int]]


class Person:
    """What a contact is known by, as rows that were found to be it leave it."""

    __slots__ = ("company", "external", "first", "last", "name", "removed", "was")

    def __init__(self, values: Sequence[Any]) -> None:
        self.external, self.first, self.last, company, self.removed = values
        self.company: str = company or ""
        self.name = folded_name(self.first, self.last) if self.first or self.last else ""
        self.was = (self.first, self.last, self.company)  # as stored


class Candidates:
    """Contacts by id, address, number and name; a merged one is the one that it went into."""

    def __init__(self, db: Database, rows: Sequence[Known]) -> None:
        self._db = db
        self._people: dict[int, Person] = {}
        self._into: dict[int, int] = {}
        self._ids: _Holders = {}
        self._emails: _Holders = {}
        self._numbers: _Holders = {}
        self._names: _Holders = {}
        self._texts: dict[str, dict[int, list[str]]] = {}  # of contacts, once some are taken away
        if db.one("SELECT EXISTS (SELECT 1 FROM contact)"):
            self._read(rows)

    def is_live(self, contact: int) -> bool:
        """Tell whether nobody deleted a contact."""
        return self._people[contact].removed is None

    def name_of(self, contact: int) -> str:
        """Return the folded name of a contact."""
        return self._people[contact].name

    def company_of(self, contact: int) -> str:
        """Return the folded name of a contact's company."""
        return self._people[contact].company

    def of_id(self, external: str) -> int | None:
        """Return the contact with an external id, the live one first."""
        found = sorted(self._ids.get(external, ()))
        live = [each for each in found if self.is_live(each)]
        return next(iter(live or found), None)

    def live(
        self,
        emails: Iterable[str],
        numbers: Iterable[str],
        names: Set[str] | None = None,
        *,
        free: bool,
    ) -> list[int]:
        """Return the live contacts with any of these, and with one of the ``names``.

        ``free`` ones have no external id.
        """
        found = self._found(emails, numbers, names, free=free)
        return [each for each in found if self.is_live(each)]

    def deleted(
        self,
        emails: Iterable[str],
        numbers: Iterable[str],
        names: Set[str] | None,
        *,
        free: bool,
    ) -> list[int]:
        """Return the deleted contacts with any of these, and with one of the ``names``."""
        found = self._found(emails, numbers, names, free=free)
        return [each for each in found if not self.is_live(each)]

    def of_name(self, name: str, company: str, *, live: bool) -> list[int]:
        """Return the live, or the deleted, contacts of a name and company."""
        return [
            each
            for each in sorted(self._names.get(name, ()))
            if self.is_live(each) == live and self.company_of(each) == company
        ]

    def new(self, place: int) -> int:
        """Make a contact for rows that are none yet; its number is below 0."""
        contact = -1 - place
        self._people[contact] = Person(_NOTHING)
        self._names.setdefault("", set()).add(contact)
        return contact

    def begin(self, contact: int, row: Known) -> None:
        """Give a new contact the name and company of its only row."""
        person = self._people[contact]
        person.first, person.last, person.company = row.first, row.last, row.company
        self._call(contact, row.name)

    def take_id(self, contact: int, external: str) -> None:
        """Let a contact have an external id."""
        self._people[contact].external = external

    def give(self, contact: int, emails: Iterable[str], numbers: Iterable[str]) -> None:
        """Let a contact have addresses and numbers."""
        for texts, holders in ((emails, self._emails), (numbers, self._numbers)):
            for text in texts:
                holders.setdefault(text, set()).add(contact)

    def rewrite(
        self,
        contact: int,
        told: NameTold,
        rows: Sequence[Known],
        gone: Set[str],
        protected: Callable[[str], bool],
    ) -> None:
        """Give a contact the name and company that its rows tell, without what they clear."""
        person = self._people[contact]
        first, last, company = person.was
        if gone:
            first = None if "first_name" in gone else first
            last = None if "last_name" in gone else last
            company = "" if "company_id" in gone else company
            for field in ("emails", "numbers"):
                if field in gone:
                    self._take(
                        contact, field, {text for row in rows for text in getattr(row, field)}
                    )
        person.first, person.last = told.over(first, last, protected)
        self._call(contact, folded_name(person.first, person.last))
        said = next((row.company for row in rows if row.company), "")
        person.company = company if protected("company_id") or not said else said

    def _take(self, contact: int, field: str, given: Set[str]) -> None:
        holders = self._emails if field == "emails" else self._numbers
        if field not in self._texts:
            texts = self._texts[field] = {}
            for text, those in holders.items():
                for each in those:
                    texts.setdefault(each, []).append(text)
        for text in self._texts[field].get(contact, ()):
            if text not in given:
                holders[text].discard(contact)

    def _call(self, contact: int, name: str) -> None:
        person = self._people[contact]
        self._names.get(person.name, set()).discard(contact)
        person.name = name
        self._names.setdefault(name, set()).add(contact)

    def _found(
        self,
        emails: Iterable[str],
        numbers: Iterable[str],
        names: Set[str] | None,
        *,
        free: bool,
    ) -> list[int]:
        found: set[int] = set()
        for texts, holders in ((emails, self._emails), (numbers, self._numbers)):
            for text in texts:
                those = holders.get(text)
                if not those:
                    continue
                if names is None:
                    found |= those
                    continue
                for name in names:  # an address may be that of thousands, of a name each
                    found |= those & self._names.get(name, set())
        return sorted(each for each in found if not (free and self._people[each].external))

    def _read(self, rows: Sequence[Known]) -> None:
        numbers = {number for row in rows for number in row.numbers}
        others = {number for number in numbers if number.startswith(AS_WRITTEN)}
        read: list[tuple[_Holders, str, Iterable[str]]] = [
            (
                self._ids,
                "SELECT external_id, id FROM contact WHERE external_id IN ({})",
                {row.external for row in rows if row.external},
            ),
            (
                self._emails,
                "SELECT folded, contact_id FROM contact_email WHERE folded IN ({})",
                {email for row in rows for email in row.emails},
            ),
            (
                self._numbers,
                "SELECT e164, contact_id FROM contact_number WHERE e164 IN ({})",
                numbers - others,
            ),
            (
                self._names,
                "SELECT folded, id FROM contact WHERE folded IN ({})",
                {row.name for row in rows if row.rank == NAME_ONLY},
            ),
        ]
        for holders, sql, texts in read:
            for part in chunks(texts):
                for text, contact in self._db.execute(sql.format(placeholders(part)), part):
                    holders.setdefault(text, set()).add(contact)
        if others:  # short and odd numbers, of which there are few
            for text, contact in self._db.execute(
                "SELECT number, contact_id FROM contact_number WHERE e164 IS NULL"
            ):
                token = number_token(text, None)
                if token in others:
                    self._numbers.setdefault(token, set()).add(contact)
        self._read_people()

    def _read_people(self) -> None:
        kinds = (self._ids, self._emails, self._numbers, self._names)
        unread = {each for kind in kinds for those in kind.values() for each in those}
        while unread:
            further: set[int] = set()
            for part in chunks(unread):
                for contact, *values, into in self._db.execute(
                    _PEOPLE.format(placeholders(part)), part
                ):
                    self._people[contact] = Person(values)
                    if into is not None:
                        self._into[contact] = into
                        further.add(into)
            unread = further - self._people.keys()
        for kind in kinds[:3]:
            for text, those in kind.items():
                kind[text] = {
                    each
                    for each in map(self._survivor, those)
                    if self._people[each].removed in (None, "deleted")
                }
        self._names = {}
        for contact, person in self._people.items():
            if person.removed in (None, "deleted"):
                self._names.setdefault(person.name, set()).add(contact)

    def _survivor(self, contact: int) -> int:
        while contact in self._into:
            contact = self._into[contact]
        return contact
