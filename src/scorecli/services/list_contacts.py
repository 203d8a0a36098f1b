"""The contacts of a contact list: known by their number, or new.

A contact that is there keeps what it has; a row of a list only fills what is empty. So a list that
was bought elsewhere does not write over what a company knows of its customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.domain.text import fold
from scorecli.readers.contact_rows import ContactRow
from scorecli.services.contact_import_rows import ContactLoad
from scorecli.services.contact_matching import ContactMatcher
from scorecli.services.import_options import Updating
from scorecli.storage.changes import Change
from scorecli.storage.contact_rows import PLAIN, State
from scorecli.storage.database import Database

_LISTS = ("numbers", "emails", "extra")


class NumberMatcher(ContactMatcher):
    """Finds the live contact that has the first number of a row; of several, the namesake."""

    def find(self, row: ContactRow) -> int | None:
        """Return the number of the contact that a row is, None where it is a new one."""
        written, e164 = row.values["numbers"][0]
        if e164:
            holders = self._numbers.get(e164, [])
        else:
            holders = [
                contact
                for contact in self._names.get(row.folded, ())
                if any(
                    fold(number) == fold(written) for number, _ in self.states[contact]["numbers"]
                )
            ]
        live = sorted(
            contact
            for contact in {self._survivor(holder) for holder in holders}
            if self.states[contact]["removed"] is None
        )
        same = [contact for contact in live if self._folded[contact] == row.folded]
        return next(iter(same or live), None)


class ListContacts(ContactLoad):
    """Writes the contacts of a list inside its change, each row of another number."""

    def __init__(self, db: Database, change: Change, now: int) -> None:
        super().__init__(db, change, Updating(), now)
        self._matcher = NumberMatcher(db)

    def contact_of(self, row: ContactRow) -> int:
        """Return the contact of a row that was just added."""
        found = self._matcher.find(row)
        assert found is not None  # noqa: S101  # it was added
        return found

    def forget(self) -> None:
        """Forget which contacts rows were so far: no row contradicts another one here."""
        self._matcher.met.clear()

    def _differences(self, contact: int, state: State, row: ContactRow) -> dict[str, Any]:
        given = row.values
        changes = {
            field: given[field] for field in PLAIN if given.get(field) and state[field] is None
        }
        for field in _LISTS:
            if field in given:
                wanted = (
                    {**given[field], **state[field]}
                    if field == "extra"
                    else self._united(field, state[field], given[field])
                )
                if wanted != state[field]:
                    changes[field] = wanted
        if changes and contact not in self._pending:
            protected = self._protected(contact, state)
            changes = {name: value for name, value in changes.items() if not protected(name)}
        return changes


def first_with_number(pairs: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Return the numbers of a row, the first that can be normalised before the others."""
    normalised = [list(pair) for pair in pairs if pair[1]]
    return [*normalised, *(list(pair) for pair in pairs if not pair[1])]
