"""Setting single fields of records other than calls, for edits and for undo.

The history names a record by its entity and number. The field ``row`` stands for the whole record:
from nothing to its values when it was made, from its values to nothing when it was deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.storage.database import Database

# entity in the history -> table
TABLES = {"tag": "tag", "result": "result", "user": '"user"'}


class RecordFields:
    """Writes fields of records, each only where it still has the value it is expected to have."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._columns: dict[str, frozenset[str]] = {}

    def write(self, entity: str, field: str, writes: Sequence[tuple[int, Any, Any]]) -> int:
        """Set ``field`` of records ``(number, expected value, new value)``; return how many."""
        table = TABLES[entity]
        if field == "row":
            return sum(self._write_row(entity, table, *write) for write in writes)
        self._require(entity, field)
        return self._db.executemany(
            f"UPDATE {table} SET {field} = ? WHERE id = ? AND {field} IS ?",
            [(_plain(new), record, _plain(old)) for record, old, new in writes],
        ).rowcount

    def _write_row(self, entity: str, table: str, record: int, old: Any, new: Any) -> int:
        if new is None:
            return self._db.execute(
                f"DELETE FROM {table} WHERE id = :record", {"record": record}
            ).rowcount
        values = {"id": record, **{name: _plain(value) for name, value in new.items()}}
        for name in values:
            self._require(entity, name)
        columns = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        return self._db.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING", values
        ).rowcount

    def _require(self, entity: str, column: str) -> None:
        # Column names come out of the history, which anybody may have edited; only real ones pass.
        if entity not in self._columns:
            rows = self._db.rows(
                "SELECT name FROM pragma_table_info(:table)",
                {"table": TABLES[entity].strip('"')},
            )
            self._columns[entity] = frozenset(name for (name,) in rows)
        if column not in self._columns[entity]:
            raise KeyError(column)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
