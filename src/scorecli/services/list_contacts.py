"""The contacts of a contact list: known by their number, or new.

A contact that is there keeps what it has; a row of a list only fills what is empty. So a list that
was bought elsewhere does not write over what a company knows of its customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from scorecli.domain.contact_groups import number_token
from scorecli.domain.contact_values import folded_name
from scorecli.readers.contact_rows import ContactReader, ContactRow
from scorecli.services.contact_protection import Protection
from scorecli.services.contact_told import united
from scorecli.services.contact_writer import ContactWriter
from scorecli.services.new_contacts import NewContacts
from scorecli.storage.changes import Change
from scorecli.storage.contact_rows import PLAIN, State, contact_states
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks, placeholders

_LISTS = ("numbers", "emails", "extra")
_MOST_NAMESAKES = 200  # contacts of one name or number that a row is compared with


class NumberMatcher:
    """Finds the live contact that has the first number of a row; of several, the namesake."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.states: dict[int, State] = {}
        self._folded: dict[int, str] = {}
        self._numbers: dict[str, list[int]] = {}
        self._names: dict[str, list[int]] = {}

    def prepare(self, rows: Sequence[ContactRow]) -> None:
        """Read the contacts that any of the rows may be."""
        self.states.clear()
        self._folded.clear()
        self._numbers.clear()
        self._names.clear()
        numbers: dict[str, None] = {}
        names: dict[str, None] = {}
        for row in rows:
            e164 = row.values["numbers"][0][1]
            if e164:
                numbers[e164] = None
            else:
                names[row.folded] = None
        found: set[int] = set()
        for known, sql, texts in (
            (self._numbers, "SELECT e164, contact_id FROM contact_number WHERE e164", numbers),
            (self._names, "SELECT folded, id FROM contact WHERE folded", names),
        ):
            for part in chunks(texts):
                for text, contact in self._db.execute(f"{sql} IN ({placeholders(part)})", part):
                    holders = known.setdefault(text, [])
                    if len(holders) < _MOST_NAMESAKES:
                        holders.append(contact)
                        found.add(contact)
        self._load(found)

    def find(self, row: ContactRow) -> int | None:
        """Return the number of the contact that a row is, None where it is a new one."""
        written, e164 = row.values["numbers"][0]
        token = number_token(written, e164)
        holders = [
            contact
            for contact in (
                self._numbers.get(e164, ()) if e164 else self._names.get(row.folded, ())
            )
            if any(number_token(*pair) == token for pair in self.states[contact]["numbers"])
        ]
        live = sorted(
            contact
            for contact in {self._survivor(holder) for holder in holders}
            if self.states[contact]["removed"] is None
        )
        same = [contact for contact in live if self._folded[contact] == row.folded]
        return next(iter(same or live), None)

    def add(self, contact: int, state: State) -> None:
        """Make a contact known that a row brought along or changed."""
        self.states[contact] = state
        self._folded[contact] = folded_name(state["first_name"], state["last_name"])
        for _, e164 in state["numbers"]:
            if e164:
                _note(self._numbers, e164, contact)
        _note(self._names, self._folded[contact], contact)

    def _survivor(self, contact: int) -> int:
        """Return the contact that a merged one went into."""
        while (into := self.states[contact]["merged_into"]) is not None:
            if into not in self.states:
                self._load([into])
            contact = into
        return contact

    def _load(self, contacts: Iterable[int]) -> None:
        for part in chunks(contacts):
            states = contact_states(self._db, part)
            self.states.update(states)
            for contact, state in states.items():
                self._folded[contact] = folded_name(state["first_name"], state["last_name"])


class ListContacts:
    """Writes the contacts of a list inside its change, each row of another number."""

    def __init__(self, db: Database, change: Change, now: int) -> None:
        self._matcher = NumberMatcher(db)
        self._new = NewContacts(db, change, now)
        self._writer = ContactWriter(db, change)
        self._protection = Protection(db)
        self.inserted = 0

    @property
    def unknown_owners(self) -> dict[str, int]:
        """The owners that are no user, with how many rows name them."""
        return self._new.unknown_owners

    def add(self, rows: Sequence[ContactRow], reader: ContactReader) -> None:
        """Write the contacts of a batch."""
        for row in rows:
            self._new.resolve(row, reader)
        self._matcher.prepare(rows)
        self._protection.prepare(self._matcher.states)
        for row in rows:
            self._put(row)
        self._new.flush()

    def finish(self) -> None:
        """Record which contacts came with the change."""
        self._new.finish()

    def contact_of(self, row: ContactRow) -> int:
        """Return the contact of a row that was just added."""
        found = self._matcher.find(row)
        assert found is not None  # noqa: S101  # it was added
        return found

    def _put(self, row: ContactRow) -> None:
        contact = self._matcher.find(row)
        if contact is None:
            contact = self._new.number()
            state = self._new.state(row.values)
            self._new.pending[contact] = state
            self._matcher.add(contact, state)
            self.inserted += 1
            return
        state = self._matcher.states[contact]
        changes = self._filled(contact, state, row.values)
        if not changes:
            return
        if contact in self._new.pending:
            self._new.pending[contact].update(changes)
        else:
            self._writer.edit(contact, state, changes)
        state.update(changes)
        self._matcher.add(contact, state)

    def _filled(self, contact: int, state: State, given: dict[str, Any]) -> dict[str, Any]:
        """Return what a row adds to a contact."""
        changes = {
            field: given[field] for field in PLAIN if given.get(field) and state[field] is None
        }
        for field in _LISTS:
            if field in given:
                wanted = (
                    {**given[field], **state[field]}
                    if field == "extra"
                    else united(field, state[field], given[field])
                )
                if wanted != state[field]:
                    changes[field] = wanted
        if changes and contact not in self._new.pending:
            protected = self._protection.of(contact)
            changes = {name: value for name, value in changes.items() if not protected(name)}
        return changes


def first_with_number(pairs: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Return the numbers of a row, the first that can be normalised before the others."""
    normalised = [list(pair) for pair in pairs if pair[1]]
    return [*normalised, *(list(pair) for pair in pairs if not pair[1])]


def _note(known: dict[str, list[int]], text: str, contact: int) -> None:
    holders = known.setdefault(text, [])
    if contact not in holders:
        holders.append(contact)
