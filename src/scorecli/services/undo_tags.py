"""Giving a tag its name back that another one has by now, which only undone changes used."""

from __future__ import annotations

from typing import Any

from scorecli.domain.text import fold
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.record_fields import RecordFields

_FIELDS = {"reporting": "reporting_tags", "call": "call_tags"}
_CALLS = "SELECT call_id AS number FROM call_tag WHERE tag_id = :other"


class ReturningTags:
    """Makes room for the tags that an undo brings back or renames back.

    A tag outlives the change that first used it. Where no call that anybody sees has it any more,
    it gives way, and calls out of sight that have it get the one that returns.
    """

    def __init__(self, db: Database, change: Change) -> None:
        self._db = db
        self._change = change
        self._moved: list[tuple[int, str, list[int]]] = []  # tag, field, calls

    def make_room(self, tag: int, kind: str | None, name: str) -> None:
        """Take away the unused tag that has the name of one which is about to have it.

        ``kind`` is None for a tag that exists. A tag in use stays, and stands in the way.
        """
        params: dict[str, Any] = {"tag": tag, "kind": kind, "folded": fold(name)}
        rows = self._db.rows(
            "SELECT id, kind, name FROM tag WHERE folded = :folded AND id <> :tag"
            " AND kind = COALESCE(:kind, (SELECT kind FROM tag WHERE id = :tag))",
            params,
        )
        if not rows:
            return
        other, kind_of, spelt = rows[0]
        params = {"other": other}
        used = self._db.one(
            "SELECT EXISTS (SELECT 1 FROM call_tag JOIN call ON call.id = call_tag.call_id"
            " WHERE call_tag.tag_id = :other AND call.removed IS NULL)",
            params,
        )
        if used:
            return
        field = _FIELDS[kind_of]
        self._moved.append((tag, field, [call for (call,) in self._db.rows(_CALLS, params)]))
        self._change.record_each("call", field, (True, False), _CALLS, params, item=str(other))
        self._db.execute("DELETE FROM call_tag WHERE tag_id = :other", params)
        RecordFields(self._db).delete("tag", other)
        # After the calls, so that undoing this brings the tag back before it gives it to them.
        row = {"kind": kind_of, "name": spelt, "folded": fold(spelt)}
        self._change.record("tag", other, "row", row, None)

    def give(self) -> None:
        """Give the calls out of sight the tags that returned, once these are in the history."""
        for tag, field, calls in self._moved:
            have = {call for (call,) in self._db.rows(_CALLS, {"other": tag})}
            for call in calls:
                if call not in have:
                    self._db.execute(
                        "INSERT INTO call_tag (call_id, tag_id) VALUES (:call, :tag)",
                        {"call": call, "tag": tag},
                    )
                    self._change.record("call", call, field, False, True, item=str(tag))
