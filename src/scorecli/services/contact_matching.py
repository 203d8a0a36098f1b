"""Which stored contact a row of an import is.

Its ``external_id`` says so; else an e-mail address that one contact has; else number and name
together; and for a row that has none of these, name and company. ``--key`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scorecli.domain.contact_values import folded_name
from scorecli.domain.text import fold
from scorecli.readers.contact_rows import ContactRow, key_of
from scorecli.storage.contact_rows import State, contact_states
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks, placeholders

_ASK = 500  # values that one statement asks for
_MOST_NAMESAKES = 200  # contacts of one name that a row is compared with


class SharedAddress(Exception):  # a problem of one row, not a failure
    """Several contacts have the e-mail address of a row that has no name to tell them apart."""

    def __init__(self, email: str, contacts: Sequence[int]) -> None:
        named = ", ".join(str(contact) for contact in sorted(contacts)[:5])
        super().__init__(
            f"several contacts have {email} ({named}), and the row has no name or id to tell"
            " which one it is"
        )


class ContactMatcher:
    """Finds contacts for rows, a batch at a time; contacts of the same import are found too.

    ``met`` holds the contacts that a row of this import was, with the line of the first one.
    """

    def __init__(self, db: Database, key: tuple[str, ...] = ()) -> None:
        self._db = db
        self._key = key
        self._by_key: dict[tuple[str, ...], int] | None = None
        self.met: dict[int, int] = {}
        self.states: dict[int, State] = {}
        self._folded: dict[int, str] = {}
        self._external: dict[str, list[int]] = {}
        self._emails: dict[str, list[int]] = {}
        self._numbers: dict[str, list[int]] = {}
        self._names: dict[str, list[int]] = {}

    def prepare(self, rows: Sequence[ContactRow]) -> None:
        """Read the contacts that any of the rows may be."""
        for known in (self._external, self._emails, self._numbers, self._names):
            known.clear()
        self.states.clear()
        self._folded.clear()
        if self._key:
            self._prepare_keys(rows)
            return
        asked: dict[str, dict[str, None]] = {"external": {}, "email": {}, "number": {}, "name": {}}
        for row in rows:
            values = row.values
            if "external_id" in values:
                asked["external"][values["external_id"]] = None
            asked["email"].update(dict.fromkeys(map(fold, values.get("emails", ()))))
            numbers = values.get("numbers", ())
            asked["number"].update((pair[1], None) for pair in numbers if pair[1])
            if _by_name(values):
                asked["name"][row.folded] = None
        found: set[int] = set()
        for known, sql, wanted in (
            (self._external, "SELECT external_id, id FROM contact WHERE external_id", "external"),
            (self._emails, "SELECT folded, contact_id FROM contact_email WHERE folded", "email"),
            (self._numbers, "SELECT e164, contact_id FROM contact_number WHERE e164", "number"),
            (self._names, "SELECT folded, id FROM contact WHERE folded", "name"),
        ):
            texts = list(asked[wanted])
            for start in range(0, len(texts), _ASK):
                part = texts[start : start + _ASK]
                for text, contact in self._db.execute(f"{sql} IN ({placeholders(part)})", part):
                    if len(known.setdefault(text, [])) < _MOST_NAMESAKES:
                        known[text].append(contact)
                        found.add(contact)
        self._load(found)

    def find(self, row: ContactRow) -> int | None:
        """Return the number of the contact that a row is, None where it is a new one.

        A contact that a person deleted is found as well, where no live one fits. Raises
        :class:`SharedAddress`.
        """
        if self._key:
            known = self._by_key or {}
            found = next((known[key] for key in row.keys if key in known), None)
            return None if found is None else self._survivor(found)
        values = row.values
        external = values.get("external_id")
        if external is not None:
            found = self._first(self._external.get(external, ()))
            if found is not None:
                return found
        for email in values.get("emails", ()):
            found = self._by_email(row, fold(email), external)
            if found is not None:
                return found
        for written, e164 in values.get("numbers", ()):
            holders = self._numbers.get(e164, ()) if e164 else self._names.get(row.folded, ())
            same = [
                contact
                for contact in self._fitting(holders, external)
                if self._folded[contact] == row.folded
                and (e164 or _has_number(self.states[contact], written))
            ]
            if same:
                return same[0]
        if not (external or values.keys() & {"emails", "numbers"}):
            same = [
                contact
                for contact in self._fitting(self._names.get(row.folded, ()), None)
                if self.states[contact]["company_id"] == values.get("company_id")
            ]
            return same[0] if same else None
        return None

    def add(self, contact: int, state: State) -> None:
        """Make a contact known that a row brought along or changed."""
        self.states[contact] = state
        self._folded[contact] = folded_name(state["first_name"], state["last_name"])
        if self._key:
            known = {} if self._by_key is None else self._by_key
            for key in key_of(self._with_names(state), self._key):
                known.setdefault(key, contact)
            return
        if state["external_id"]:
            _note(self._external, state["external_id"], contact)
        for email in state["emails"]:
            _note(self._emails, fold(email), contact)
        for _, e164 in state["numbers"]:
            if e164:
                _note(self._numbers, e164, contact)
        _note(self._names, self._folded[contact], contact)

    def _by_email(self, row: ContactRow, email: str, external: str | None) -> int | None:
        holders = self._fitting(self._emails.get(email, ()), external)
        same = [contact for contact in holders if self._folded[contact] == row.folded]
        if len(holders) == 1:
            (only,) = holders
            # An address that rows of one file share under several names is nobody's own.
            another = row.folded and self._folded[only] and not same
            return None if another and only in self.met else only
        if not row.folded and holders:
            if self.states[holders[0]]["removed"] is None:
                raise SharedAddress(email, holders)
            return holders[0]  # all of them were deleted, and stay so
        return same[0] if same else None

    def _fitting(self, contacts: Iterable[int], external: str | None) -> list[int]:
        """Return the live contacts, else the deleted ones, that have no other external id."""
        found = []
        for contact in dict.fromkeys(self._survivor(each) for each in contacts):
            theirs = self.states[contact]["external_id"]
            if external is None or theirs is None or theirs == external:
                found.append(contact)
        return self._live_first(found)

    def _first(self, contacts: Iterable[int]) -> int | None:
        found = self._live_first(dict.fromkeys(self._survivor(each) for each in contacts))
        return found[0] if found else None

    def _live_first(self, contacts: Iterable[int]) -> list[int]:
        known = sorted(contacts)
        live = [each for each in known if self.states[each]["removed"] is None]
        return live or [each for each in known if self.states[each]["removed"] == "deleted"]

    def _survivor(self, contact: int) -> int:
        """Return the contact that a merged one went into."""
        while (into := self.states[contact]["merged_into"]) is not None:
            if into not in self.states:
                self._load([into])
            contact = into
        return contact

    def _load(self, contacts: Iterable[int]) -> None:
        for part in chunks(contacts):
            self.states.update(contact_states(self._db, part))
        for contact in contacts:
            state = self.states[contact]
            self._folded[contact] = folded_name(state["first_name"], state["last_name"])

    def _prepare_keys(self, rows: Sequence[ContactRow]) -> None:
        """Read the keys of all contacts, once, and the states of those that the rows are."""
        if self._by_key is None:
            self._by_key = {}
            numbers = [
                number
                for (number,) in self._db.rows(
                    "SELECT id FROM contact WHERE removed IS NULL OR removed <> 'undone'"
                    " ORDER BY removed IS NOT NULL, id"
                )
            ]
            for part in chunks(numbers):
                states = contact_states(self._db, part)
                for number in part:
                    state = self._with_names(states[number])
                    for key in key_of(state, self._key):
                        self._by_key.setdefault(key, number)
        known = self._by_key
        self._load({known[key] for row in rows for key in row.keys if key in known})

    def _with_names(self, state: State) -> Mapping[str, Any]:
        """Return a state with the names of company and owner, where the key asks for them."""
        named = dict(state)
        for field, sql in (
            ("company", "SELECT name FROM company WHERE id = :id"),
            ("owner", 'SELECT name FROM "user" WHERE id = :id'),
        ):
            if field in self._key and state[f"{field}_id"] is not None:
                named[field] = self._db.one(sql, {"id": state[f"{field}_id"]})
        return named


def _by_name(values: Mapping[str, Any]) -> bool:
    """Tell whether a row may be known by its name alone, or by a number that is no full one."""
    if any(not pair[1] for pair in values.get("numbers", ())):
        return True
    return not values.keys() & {"external_id", "emails", "numbers"}


def _has_number(state: State, written: str) -> bool:
    return any(fold(number) == fold(written) for number, _ in state["numbers"])


def _note(known: dict[str, list[int]], text: str, contact: int) -> None:
    holders = known.setdefault(text, [])
    if contact not in holders:
        holders.append(contact)
