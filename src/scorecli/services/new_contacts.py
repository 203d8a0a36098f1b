"""Contacts that files bring along: companies and owners by name, and rows put in many at a time."""

from __future__ import annotations

from typing import Any

from scorecli.errors import Refused
from scorecli.readers.contact_rows import ContactReader, ContactRow
from scorecli.storage.batches import record_batch
from scorecli.storage.changes import Change
from scorecli.storage.companies import Companies
from scorecli.storage.contact_rows import EMPTY, State, insert_contacts, next_contact
from scorecli.storage.database import Database
from scorecli.storage.users import KnownUser, find_user


class NewContacts:
    """Puts in contacts inside a change; ``now`` is UTC seconds."""

    def __init__(self, db: Database, change: Change, now: int) -> None:
        self._db = db
        self._change = change
        self._now = now
        self._companies = Companies(db)
        self._users: dict[str, KnownUser | None] = {}
        self._first = self._next = next_contact(db)
        self.pending: dict[int, State] = {}
        self.unknown_owners: dict[str, int] = {}

    def resolve(self, row: ContactRow, reader: ContactReader) -> None:
        """Turn the names of company and owner into numbers; who is no user stays in ``extra``."""
        company = row.values.pop("company", None)
        if company:
            row.values["company_id"] = self._companies.number(company)
        owner = row.values.pop("owner", None)
        if owner:
            user = self.user(owner)
            if user is not None:
                row.values["owner_id"] = user.id
            else:
                self.unknown_owners[owner] = self.unknown_owners.get(owner, 0) + 1
                column = reader.column("owner") or "owner"
                row.values["extra"] = {**row.values.get("extra", {}), column: owner}

    def user(self, name: str) -> KnownUser | None:
        """Return the user of a name, None where there is none."""
        if name not in self._users:
            try:
                self._users[name] = find_user(self._db, name)
            except Refused:
                self._users[name] = None
        return self._users[name]

    def number(self) -> int:
        """Return the number of one more contact."""
        self._next += 1
        return self._next - 1

    def state(self, values: dict[str, Any]) -> State:
        """Return the state of a contact that is new with some values."""
        state: State = {**EMPTY, "kind": "contact", **values}
        state.update(removed=None, merged_into=None, added_in=self._change.id)
        return state

    def flush(self) -> None:
        """Put in the contacts that are pending."""
        if self.pending:
            rows = list(self.pending.items())
            insert_contacts(self._db, rows, now=self._now, change=self._change.id)
            self.pending.clear()

    def finish(self) -> None:
        """Record which contacts came with the change."""
        if self._next > self._first:
            record_batch(self._db, self._change, "contact", self._first, self._next - 1)
