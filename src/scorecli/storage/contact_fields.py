"""Setting fields of a contact by the names of the history, for edits and for undo.

``numbers`` and ``emails`` are written as whole lists, ``score`` by score type. ``merged`` only says
that another contact came in: what it brought are fields of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scorecli.domain.contact_values import folded_name
from scorecli.storage.contact_rows import PLAIN, extra_text, put_emails, put_numbers
from scorecli.storage.database import Database

_COLUMNS = frozenset((*PLAIN, "extra", "removed", "merged_into"))
_NAMES = ("first_name", "last_name")
Writes = Mapping[tuple[str, str], tuple[Any, Any]]  # (field, item) -> expected value, new value


class ContactFields:
    """Writes fields of contacts, each only where it still has the value it is expected to have."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def write(self, contact: int, writes: Writes) -> bool:
        """Set fields of a contact, in one step where a rule of the table holds between them.

        Returns whether all of them had the expected values; where not, what was set is to be
        rolled back. Raises ``KeyError`` for a field that no contact has.
        """
        columns = {field: values for (field, _), values in writes.items() if field in _COLUMNS}
        if columns and not self._write_columns(contact, columns):
            return False
        for (field, item), (old, new) in writes.items():
            if field in columns or field == "merged":
                continue
            if field == "numbers":
                done = self._write_numbers(contact, old, new)
            elif field == "emails":
                done = self._write_emails(contact, old, new)
            elif field == "score":
                done = self._write_score(contact, item, old, new)
            else:
                raise KeyError(field)
            if not done:
                return False
        return True

    def _write_columns(self, contact: int, columns: Mapping[str, tuple[Any, Any]]) -> bool:
        params: dict[str, Any] = {"id": contact}
        for field, (old, new) in columns.items():
            stored = extra_text if field == "extra" else _same
            params |= {f"old_{field}": stored(old), f"new_{field}": stored(new)}
        sets = ", ".join(f"{field} = :new_{field}" for field in columns)
        wheres = "".join(f" AND {field} IS :old_{field}" for field in columns)
        done = self._db.execute(f"UPDATE contact SET {sets} WHERE id = :id{wheres}", params)
        if done.rowcount != 1:
            return False
        if not columns.keys().isdisjoint(_NAMES):
            names = self._db.rows(
                "SELECT first_name, last_name FROM contact WHERE id = :id", {"id": contact}
            )[0]
            self._db.execute(
                "UPDATE contact SET folded = :folded WHERE id = :id",
                {"id": contact, "folded": folded_name(*names)},
            )
        return True

    def _write_numbers(self, contact: int, old: Any, new: Any) -> bool:
        params = {"id": contact}
        stored = self._db.rows(
            "SELECT number, e164 FROM contact_number WHERE contact_id = :id ORDER BY position",
            params,
        )
        if [list(row) for row in stored] != [list(row) for row in old or ()]:
            return False
        self._db.execute("DELETE FROM contact_number WHERE contact_id = :id", params)
        put_numbers(self._db, [(contact, new or ())])
        return True

    def _write_emails(self, contact: int, old: Any, new: Any) -> bool:
        params = {"id": contact}
        stored = self._db.rows(
            "SELECT email FROM contact_email WHERE contact_id = :id ORDER BY position", params
        )
        if [email for (email,) in stored] != list(old or ()):
            return False
        self._db.execute("DELETE FROM contact_email WHERE contact_id = :id", params)
        put_emails(self._db, [(contact, new or ())])
        return True

    def _write_score(self, contact: int, score_type: str, old: Any, new: Any) -> bool:
        params = {"id": contact, "type": score_type}
        stored = self._db.one(
            "SELECT value FROM contact_score WHERE contact_id = :id AND score_type = :type", params
        )
        if stored != old:
            return False
        self._db.execute(
            "DELETE FROM contact_score WHERE contact_id = :id AND score_type = :type", params
        )
        if new is not None:
            self._db.execute(
                "INSERT INTO contact_score (contact_id, score_type, value)"
                " VALUES (:id, :type, :value)",
                {**params, "value": new},
            )
        return True


def _same(value: Any) -> Any:
    return value
