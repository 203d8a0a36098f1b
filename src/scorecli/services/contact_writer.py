"""Writing contacts inside a change: each field with its entry in the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scorecli.storage.batches import record_batch
from scorecli.storage.changes import Change
from scorecli.storage.contact_fields import ContactFields
from scorecli.storage.contact_rows import insert_contacts, next_contact
from scorecli.storage.database import Database


class EditedField(NamedTuple):
    """One field of one contact, before and after, as the history holds them."""

    contact: int
    field: str
    before: Any
    after: Any


class ContactWriter:
    """Adds and changes contacts; whoever changes one goes through here."""

    def __init__(self, db: Database, change: Change) -> None:
        self._db = db
        self._change = change
        self._fields = ContactFields(db)

    def add(self, values: Mapping[str, Any], *, now: int) -> int:
        """Add a contact and return its number; ``now`` is UTC seconds.

        It is a batch of one, so that undo takes it out of sight and can bring it back.
        """
        number = next_contact(self._db)
        insert_contacts(self._db, [(number, values)], now=now, change=self._change.id)
        record_batch(self._db, self._change, "contact", number, number)
        return number

    def edit(
        self,
        contact: int,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        written_by: str | None = None,
    ) -> list[EditedField]:
        """Give a contact, whose state is ``before``, the values of ``after``.

        Returns what changed. ``written_by`` is ``rule`` and the like where it is no person.
        """
        edited = [
            EditedField(contact, field, before[field] or None, value or None)
            for field, value in after.items()
            if (before[field] or None) != (value or None)
        ]
        if edited:
            writes = {(each.field, ""): (each.before, each.after) for each in edited}
            self._fields.write(contact, writes)
            for each in edited:
                self._change.record(
                    "contact", contact, each.field, each.before, each.after, written_by=written_by
                )
        return edited
