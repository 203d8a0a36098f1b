"""Which fields of contacts a person, or a rule, wrote last: those an import leaves as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from scorecli.domain.contact_scores import field_name
from scorecli.storage.contact_rows import PLAIN
from scorecli.storage.contact_scores import FIELD
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks, placeholders

_WRITERS = (
    "SELECT e.entity_id, e.field, e.item, e.written_by FROM change_entry AS e"
    " JOIN change AS ch ON ch.id = e.change_id WHERE e.entity = 'contact' AND e.entity_id IN ({})"
    " AND ch.undoes IS NULL AND ch.undone_by IS NULL ORDER BY e.id"
)
_BY_HAND = (
    f"SELECT c.id, {', '.join(f'c.{field}' for field in PLAIN)} FROM contact AS c"
    " JOIN change AS ch ON ch.id = c.added_in AND ch.origin = 'person' WHERE c.id IN ({})"
)


class Protection:
    """Tells protected fields of contacts as they were before the import; none if ``off``."""

    def __init__(self, db: Database, *, off: bool = False) -> None:
        self._db = db
        self._off = off
        self._last: dict[int, dict[str, str]] = {}
        self._entered: dict[int, frozenset[str]] = {}

    def prepare(self, contacts: Iterable[int]) -> None:
        """Read what was written to contacts, many at a time; new ones (below 1) have nothing."""
        if self._off:
            return
        unread = [each for each in contacts if each > 0 and each not in self._last]
        for part in chunks(unread):
            self._last.update((contact, {}) for contact in part)
            marks = placeholders(part)
            for contact, field, item, by in self._db.execute(_WRITERS.format(marks), part):
                self._last[contact][field_name(item) if field == FIELD else field] = by
            for contact, *values in self._db.execute(_BY_HAND.format(marks), part):
                self._entered[contact] = frozenset(
                    field for field, value in zip(PLAIN, values, strict=True) if value is not None
                )

    def of(self, contact: int) -> Callable[[str], bool]:
        """Return what tells of each field of a contact whether it is protected."""
        last: dict[str, Any] = self._last.get(contact, {})
        entered = self._entered.get(contact, frozenset())
        if not (last or entered):
            return _nothing

        def protected(field: str) -> bool:
            return bool(last[field] != "import") if field in last else field in entered

        return protected


def _nothing(_field: str) -> bool:
    return False
