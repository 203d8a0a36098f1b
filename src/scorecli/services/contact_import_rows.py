"""The second half of an import of contacts: rows are matched, and what is new is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.domain.text import fold
from scorecli.errors import Refused
from scorecli.readers.contact_rows import ContactReader, ContactRow
from scorecli.readers.rows import RowProblem
from scorecli.services.contact_matching import ContactMatcher, SharedAddress
from scorecli.services.contact_writer import ContactWriter
from scorecli.services.import_options import Updating
from scorecli.storage.batches import record_batch
from scorecli.storage.changes import Change
from scorecli.storage.companies import Companies
from scorecli.storage.contact_rows import EMPTY, PLAIN, State, insert_contacts, next_contact
from scorecli.storage.database import Database
from scorecli.storage.users import find_user

_LISTS = ("numbers", "emails", "extra")


class _Contradiction(Exception):
    """A row says something else of a contact than an earlier row of the same import."""

    def __init__(self, field: str, line: int) -> None:
        super().__init__(field)
        self.field = field
        self.line = line


class ContactLoad:
    """Writes the contacts of an import inside its change; ``now`` is UTC seconds."""

    def __init__(
        self, db: Database, change: Change, updating: Updating, now: int, key: tuple[str, ...] = ()
    ) -> None:
        self._db = db
        self._change = change
        self._updating = updating
        self._now = now
        self._matcher = ContactMatcher(db, key)
        self._writer = ContactWriter(db, change)
        self._companies = Companies(db)
        self._users: dict[str, int | None] = {}
        self._origins: dict[int, str] = {}
        self._pending: dict[int, State] = {}
        self._next = next_contact(db)
        self._first = self._next
        self.unknown_owners: dict[str, int] = {}
        self.inserted = self.updated = self.unchanged = 0

    def add(self, rows: Sequence[ContactRow], reader: ContactReader) -> list[RowProblem]:
        """Write the contacts of a batch; return the rows that cannot be used after all."""
        problems = []
        for row in rows:
            self._resolve(row, reader)
        self._matcher.prepare(rows)
        for row in rows:
            if reader.mapping.key and not row.keys:
                empty = ", ".join(reader.mapping.header[at] for at in reader.mapping.key)
                problems.append(RowProblem(row.line, empty, "it is empty", row.cells))
                continue
            try:
                self._put(row)
            except _Contradiction as error:
                problems.append(
                    RowProblem(
                        row.line,
                        reader.column(_OF_COLUMN.get(error.field, error.field)),
                        f"line {error.line} says otherwise of the same contact",
                        row.cells,
                    )
                )
            except SharedAddress as error:
                column = reader.column("email")
                problems.append(RowProblem(row.line, column, str(error), row.cells))
        self._flush()
        return problems

    def finish(self) -> None:
        """Record which contacts came with the change."""
        if self._next > self._first:
            record_batch(self._db, self._change, "contact", self._first, self._next - 1)

    def _resolve(self, row: ContactRow, reader: ContactReader) -> None:
        """Turn the names of company and owner into numbers; who is no user stays in ``extra``."""
        company = row.values.pop("company", None)
        if company:
            row.values["company_id"] = self._companies.number(company)
        owner = row.values.pop("owner", None)
        if owner:
            user = self._user(owner)
            if user is not None:
                row.values["owner_id"] = user
            else:
                self.unknown_owners[owner] = self.unknown_owners.get(owner, 0) + 1
                column = reader.column("owner") or "owner"
                row.values["extra"] = {**row.values.get("extra", {}), column: owner}

    def _user(self, name: str) -> int | None:
        if name not in self._users:
            try:
                self._users[name] = find_user(self._db, name).id
            except Refused:
                self._users[name] = None
        return self._users[name]

    def _put(self, row: ContactRow) -> None:
        contact = self._matcher.find(row)
        if contact is None:
            self._insert(row)
            return
        state = self._matcher.states[contact]
        if state["removed"] is not None:
            self.unchanged += 1
            return
        changes = self._differences(contact, state, row)
        self._matcher.met.setdefault(contact, row.line)
        if not changes:
            self.unchanged += 1
            return
        if contact in self._pending:
            self._pending[contact].update(changes)
        else:
            self._writer.edit(contact, state, changes)
        state.update(changes)
        self._matcher.add(contact, state)
        self.updated += 1

    def _insert(self, row: ContactRow) -> None:
        contact, self._next = self._next, self._next + 1
        state: State = {**EMPTY, "kind": "contact", **row.values}
        state.update(removed=None, merged_into=None, added_in=self._change.id)
        self._pending[contact] = state
        self._matcher.met[contact] = row.line
        self._matcher.add(contact, state)
        self.inserted += 1

    def _flush(self) -> None:
        if self._pending:
            rows = list(self._pending.items())
            insert_contacts(self._db, rows, now=self._now, change=self._change.id)
            self._pending.clear()

    def _differences(self, contact: int, state: State, row: ContactRow) -> dict[str, Any]:
        """Return what a row changes of a contact; raises where an earlier row said otherwise."""
        changes = {
            field: value
            for field in PLAIN
            if (value := row.values.get(field)) is not None and value != state[field]
        }
        for field in _LISTS:
            if field in row.values:
                wanted = self._united(field, state[field], row.values[field])
                if wanted != state[field]:
                    changes[field] = wanted
        met = self._matcher.met.get(contact)
        if self._updating.clear_empty and met is None:
            changes.update(
                {field: EMPTY.get(field) for field in _fields(row.empty) if state[field]}
            )
        if not changes:
            return changes
        if not self._updating.overwrite_scores and contact not in self._pending:
            protected = self._protected(contact, state)
            changes = {f: value for f, value in changes.items() if not protected(f)}
        if met is not None:
            self._refuse_contradiction(met, state, row, changes)
        return changes

    def _refuse_contradiction(
        self, met: int, state: State, row: ContactRow, changes: dict[str, Any]
    ) -> None:
        for field in changes:
            if field == "extra":
                for name, text in row.values["extra"].items():
                    if state["extra"].get(name, text) != text:
                        raise _Contradiction(field, met)
            elif field not in _LISTS and state[field] is not None:
                raise _Contradiction(field, met)

    def _united(self, field: str, had: Any, given: Any) -> Any:
        """Return numbers, addresses or ``extra`` of a contact with those of a row."""
        if field == "extra":
            return {**had, **given}
        if field == "emails":
            known = set(map(fold, had))
            return [*had, *(email for email in given if fold(email) not in known)]
        known = {pair[1] or fold(pair[0]) for pair in had}
        new = (list(pair) for pair in given if (pair[1] or fold(pair[0])) not in known)
        return [*had, *new]

    def _protected(self, contact: int, state: State) -> Any:
        """Return what tells whether a person wrote a field of a contact last."""
        last = dict(
            self._db.rows(
                "SELECT e.field, e.written_by FROM change_entry AS e"
                " JOIN change AS ch ON ch.id = e.change_id"
                " WHERE e.entity = 'contact' AND e.entity_id = :id"
                " AND ch.undoes IS NULL AND ch.undone_by IS NULL ORDER BY e.id",
                {"id": contact},
            )
        )
        added_in = state["added_in"]
        if added_in not in self._origins:
            self._origins[added_in] = self._db.one(
                "SELECT origin FROM change WHERE id = :id", {"id": added_in}
            )
        by_hand = self._origins[added_in] == "person"

        def protected(field: str) -> bool:
            if field in last:
                return bool(last[field] != "import")
            return by_hand and field not in _LISTS and state[field] is not None

        return protected


_OF_COLUMN = {"company_id": "company", "owner_id": "owner", "numbers": "number", "emails": "email"}
_STORED = {"company": "company_id", "owner": "owner_id"}


def _fields(empty: frozenset[str]) -> list[str]:
    return [_STORED.get(field, field) for field in sorted(empty)]
