"""Setting fields of records other than calls, for edits and for undo.

The history names a record by its entity and number. The field ``row`` stands for the whole record:
from nothing to its values when it was made, from its values to nothing when it was deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scorecli.domain.text import fold
from scorecli.storage.database import Database

# entity in the history -> table
TABLES = {
    "tag": "tag",
    "result": "result",
    "user": '"user"',
    "user_alias": "user_alias",
    "campaign": "campaign",
    "contact_list": "contact_list",
    "company": "company",
    "activity": "activity",
}
# Those that only commands write, and scripts do not
_KEPT = {"list_record": "list_record", "do_not_call": "do_not_call"}
_ALL = {**TABLES, **_KEPT}
# The column under which people find a record; ``folded`` always follows it.
NAMES = {
    "tag": "name",
    "result": "code",
    "user": "name",
    "user_alias": "name",
    "campaign": "name",
    "contact_list": "name",
    "company": "name",
    "activity": "activity_type",
}
# Lists of numbers in a table of their own, which the history keeps as one field:
# (entity, field) -> table, the record's column, the column of the numbers
_LISTS = {("result", "campaigns"): ("result_campaign", "result_id", "campaign_id")}


class RecordFields:
    """Writes fields of records, each only where it still has the value it is expected to have.

    Raises ``sqlite3.IntegrityError`` where a rule of the table stands against it, such as two
    records of one name.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._columns: dict[str, frozenset[str]] = {}

    def write(self, entity: str, record: int, fields: Mapping[str, tuple[Any, Any]]) -> bool:
        """Set fields of a record, each ``(expected value, new value)``, in one step.

        Together, because rules of a table hold between its fields. Returns whether the record was
        there and as expected; nothing was set if not.
        """
        name = NAMES.get(entity)
        wanted = {field: values for field, values in fields.items() if field != "folded"}
        for field in [field for field in wanted if (entity, field) in _LISTS]:
            old, new = wanted.pop(field)
            if self.listed(entity, record, field) != sorted(old):
                return False
            self._set_list(entity, record, field, new)
        if not wanted:
            return True
        sets, wheres = [], []
        params: dict[str, Any] = {"id": record}
        for field, (old, new) in wanted.items():
            self._require(entity, field)
            sets.append(f"{field} = :new_{field}")
            wheres.append(f" AND {field} IS :old_{field}")
            params |= {f"new_{field}": _plain(new), f"old_{field}": _plain(old)}
        if name is not None and name in wanted:
            sets.append("folded = :folded")
            params["folded"] = fold(str(wanted[name][1]))
        sql = f"UPDATE {_ALL[entity]} SET {', '.join(sets)} WHERE id = :id{''.join(wheres)}"
        return self._db.execute(sql, params).rowcount == 1

    def insert(self, entity: str, record: int, row: Mapping[str, Any]) -> None:
        """Make a record again, under the number it had."""
        lists = {field: row[field] for field in row if (entity, field) in _LISTS}
        values = {
            "id": record,
            **{name: _plain(value) for name, value in row.items() if name not in lists},
        }
        for column in values:
            self._require(entity, column)
        columns = ", ".join(values)
        marks = ", ".join(f":{column}" for column in values)
        self._db.execute(f"INSERT INTO {TABLES[entity]} ({columns}) VALUES ({marks})", values)
        for field, numbers in lists.items():
            self._set_list(entity, record, field, numbers)

    def delete(self, entity: str, record: int) -> bool:
        """Delete a record; return whether it was there."""
        for owner, field in _LISTS:
            if owner == entity:
                self._set_list(entity, record, field, ())
        sql = f"DELETE FROM {TABLES[entity]} WHERE id = :id"
        return self._db.execute(sql, {"id": record}).rowcount == 1

    def listed(self, entity: str, record: int, field: str) -> list[int]:
        """Return the numbers of a field that is a list, in their order."""
        table, owner, column = _LISTS[entity, field]
        rows = self._db.rows(
            f"SELECT {column} FROM {table} WHERE {owner} = :id ORDER BY {column}", {"id": record}
        )
        return [number for (number,) in rows]

    def _set_list(self, entity: str, record: int, field: str, numbers: Iterable[int]) -> None:
        table, owner, column = _LISTS[entity, field]
        self._db.execute(f"DELETE FROM {table} WHERE {owner} = :id", {"id": record})
        self._db.executemany(
            f"INSERT INTO {table} ({owner}, {column}) VALUES (?, ?)",
            [(record, number) for number in numbers],
        )

    def _require(self, entity: str, column: str) -> None:
        # Column names come out of the history, which anybody may have edited; only real ones pass.
        if entity not in self._columns:
            rows = self._db.rows(
                "SELECT name FROM pragma_table_info(:table)",
                {"table": _ALL[entity].strip('"')},
            )
            self._columns[entity] = frozenset(name for (name,) in rows)
        if column not in self._columns[entity]:
            raise KeyError(column)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
