"""What the history says of records that a script wrote: fields by their names, before and after."""

from __future__ import annotations

import json
from typing import Any

from scorecli.services.attribution import attribute_updated
from scorecli.storage.assignments import CallAssignments
from scorecli.storage.call_columns import LOOKUP_FIELDS, PLAIN_FACTS, PLAIN_SCORE
from scorecli.storage.changes import Change
from scorecli.storage.database import Database

Row = dict[str, Any]
# What scorecli itself keeps in step; no person's value, so no entry of the history.
_DERIVED = ("scored", "imported_in", "identity", "occurrence")


class ScriptRecords:
    """Writes the entries of one change from rows as the database held and holds them."""

    def __init__(self, db: Database, change: Change) -> None:
        self._db = db
        self._change = change
        self._assignments = CallAssignments(db, change)

    def row(self, table: str, key: dict[str, Any]) -> Row | None:
        """Return a row by its primary key, all columns by name."""
        where = " AND ".join(f"{name} = :{name}" for name in key)
        cursor = self._db.execute(f'SELECT * FROM "{table}" WHERE {where}', key)
        found = cursor.fetchone()
        if found is None:
            return None
        names = [column[0] for column in cursor.description]
        return dict(zip(names, found, strict=True))

    def record_call(self, before: Row | None, after: Row) -> None:
        """Record what changed of a call, or that it is new (``before`` is None)."""
        number = after["id"]
        record = self._change.record
        if before is None:
            # Undoing this takes the call out of sight, as undoing an import does.
            record("call", number, "removed", "undone", None)
        old = self._fields(before or dict.fromkeys(after))
        for field, value in self._fields(after).items():
            # The system stays when a new call is undone: no call is without one.
            if value != old[field] and not (before is None and field in ("system", "removed")):
                record("call", number, field, old[field], value)
        self._record_user(before, after)

    def finish(self, now: int) -> None:
        """Record whose calls changed, and find the users of calls that nobody has.

        ``now`` (UTC seconds) decides which users are active for calls without a time.
        """
        found = attribute_updated(self._db, self._change, now=now)
        if not found.written:  # or these are counted by now
            self._assignments.finish()

    def _record_user(self, before: Row | None, after: Row) -> None:
        old = (None, None) if before is None else (before["user_id"], before["assigned_by"])
        new = (after["user_id"], after["assigned_by"])
        if old != new:
            names = ("before_user", "before_by", "after_user", "after_by")
            params = {"number": after["id"], **dict(zip(names, (*old, *new), strict=True))}
            self._assignments.write(
                f"SELECT {', '.join(f':{name} AS {name}' for name in params)}", params
            )

    def record_tag(self, call: int, tag: int, *, added: bool) -> None:
        """Record that a call got or lost a tag."""
        kind = self._db.one("SELECT kind FROM tag WHERE id = :tag", {"tag": tag})
        field = "call_tags" if kind == "call" else "reporting_tags"
        self._change.record("call", call, field, not added, added, item=str(tag))

    def record_definition(self, entity: str, before: Row | None, after: Row | None) -> None:
        """Record a tag, result, user or the like that was made, changed or deleted."""
        if before is not None and after is not None:
            for field, value in after.items():
                if value != before[field]:
                    self._change.record(entity, after["id"], field, before[field], value)
            return
        old, new = _without_id(before), _without_id(after)
        self._change.record(entity, (before or after or {})["id"], "row", old, new)

    def _fields(self, row: Row) -> Row:
        """Return a call's row by canonical fields, with the values that the history keeps."""
        fields: Row = {name: row[name] for name in (*PLAIN_FACTS, *PLAIN_SCORE)}
        for name in LOOKUP_FIELDS:
            fields[name] = self._text("SELECT value FROM lookup WHERE id = :id", row[f"{name}_id"])
        fields["result"] = self._text("SELECT code FROM result WHERE id = :id", row["result_id"])
        fields["converted"] = bool(row["converted"])
        amount = row["amount"]
        fields["amount"] = None if amount is None else [amount, row["currency"]]
        fields["extra"] = None if row["extra"] is None else json.loads(row["extra"])
        return {**fields, "removed": row["removed"]}

    def _text(self, sql: str, number: int | None) -> str | None:
        return None if number is None else str(self._db.one(sql, {"id": number}))


def kept_by_scorecli(before: Row, after: Row) -> str | None:
    """Return the first column that changed although no script may change it."""
    names = [name for name in _DERIVED if name != "scored"]
    return next((name for name in names if before[name] != after[name]), None)


def _without_id(row: Row | None) -> Row | None:
    return None if row is None else {name: row[name] for name in row if name != "id"}
