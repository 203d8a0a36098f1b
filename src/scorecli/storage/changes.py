"""A change: everything one command writes, recorded so that it can be shown and undone."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

_INSERT_CHANGE = (
    "INSERT INTO change (made_at, who, command, origin) "
    "VALUES (:made_at, :who, :command, :origin) RETURNING id"
)
_INSERT_ENTRY = (
    "INSERT INTO change_entry"
    ' (change_id, entity, entity_id, field, item, "before", "after", written_by, reason)'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_BUFFER = 5000  # entries kept in memory before they are written


class Author(NamedTuple):
    """Who asks for a change, and by which command; the history keeps both."""

    command: str
    who: str


class Change:
    """The open change of a transaction. It enters the history with its first record."""

    def __init__(
        self, connection: sqlite3.Connection, command: str, who: str, origin: str = "person"
    ) -> None:
        self._connection = connection
        self._command = command
        self._who = who
        self._origin = origin
        self._id: int | None = None
        self._entries: list[tuple[Any, ...]] = []
        self.summary: dict[str, Any] = {}
        self.entries_written = 0
        self.dry_run = False  # whether all of it will be rolled back at the end
        self.writer = origin  # what writes the next entries: the origin, unless a rule does

    @property
    def id(self) -> int:
        """The number of this change; asking for it enters the change in the history."""
        if self._id is None:
            row = self._connection.execute(
                _INSERT_CHANGE,
                {
                    "made_at": int(time.time()),
                    "who": self._who,
                    "command": self._command,
                    "origin": self._origin,
                },
            ).fetchone()
            self._id = int(row[0])
        return self._id

    @property
    def number(self) -> int | None:
        """The number of this change, or None while nothing has been recorded."""
        return self._id

    def record(
        self,
        entity: str,
        entity_id: int,
        field: str,
        before: Any,
        after: Any,
        *,
        item: str = "",
        written_by: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Record that ``field`` of a record went from ``before`` to ``after`` (any JSON value).

        ``item`` names the part of a set that changed, such as a tag's id. ``reason`` is why, where
        somebody said so.
        """
        self._entries.append(
            (
                self.id,
                entity,
                entity_id,
                field,
                item,
                _as_json(before),
                _as_json(after),
                written_by or self.writer,
                reason,
            )
        )
        if len(self._entries) >= _BUFFER:
            self._write_entries()

    def record_each(
        self,
        entity: str,
        field: str,
        values: tuple[Any, Any],
        numbers: str,
        params: Mapping[str, Any],
        *,
        item: str = "",
    ) -> int:
        """Record the same values, before and after, for every record that a query names.

        ``numbers`` is a query for their numbers, in a column ``number``, and ``params`` belongs to
        it. One statement, since they may be hundreds of thousands. Returns how many it was.
        """
        change = self.id
        self._write_entries()  # entries keep the order in which they were recorded
        done = self._connection.execute(
            "INSERT INTO change_entry"
            ' (change_id, entity, entity_id, field, item, "before", "after", written_by)'
            " SELECT :change_id, :entity, record.number, :field, :item, :before, :after, :by"
            f" FROM ({numbers}) AS record",
            {
                **params,
                "change_id": change,
                "entity": entity,
                "field": field,
                "item": item,
                "before": _as_json(values[0]),
                "after": _as_json(values[1]),
                "by": self.writer,
            },
        ).rowcount
        self.entries_written += done
        return done

    def record_reverse_of(self, change: int, *, but_not: str = "") -> None:
        """Record the entries of another change backwards: last one first, values swapped.

        Those of the entity ``but_not`` are left out.
        """
        number = self.id
        self._write_entries()
        done = self._connection.execute(
            "INSERT INTO change_entry"
            ' (change_id, entity, entity_id, field, item, "before", "after", written_by)'
            ' SELECT :number, entity, entity_id, field, item, "after", "before", :by'
            " FROM change_entry WHERE change_id = :change AND entity <> :but_not ORDER BY id DESC",
            {"number": number, "change": change, "by": self._origin, "but_not": but_not},
        )
        self.entries_written += done.rowcount

    def flush(self) -> None:
        """Write what is still in memory, before the transaction ends."""
        self._write_entries()
        if self.summary and self._id is not None:
            import json

            self._connection.execute(
                "UPDATE change SET summary = :summary WHERE id = :id",
                {"summary": json.dumps(self.summary, ensure_ascii=False), "id": self._id},
            )

    def _write_entries(self) -> None:
        if self._entries:
            self._connection.executemany(_INSERT_ENTRY, self._entries)
            self.entries_written += len(self._entries)
            self._entries.clear()


def _as_json(value: Any) -> str | None:
    """Return a value as JSON, None as none at all; the usual ones without importing ``json``."""
    kind = type(value)
    if value is None:
        return None
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is str and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    import json

    return json.dumps(value, ensure_ascii=False)
