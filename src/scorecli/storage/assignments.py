"""Who calls belong to: the only writer of ``user_id`` and ``assigned_by`` on calls that exist.

What changed is kept in ``call_assignment``, a narrow row for each call, so that assigning a million
calls at once can be undone exactly and costs little more than the assigning itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scorecli.storage.changes import Change
from scorecli.storage.database import Database

ENTITY = "assignment"
"""The entity of the entries that say of each user how many calls a change took and gave."""
FIELD = "calls"
NOBODY = 0
"""The number of no user, in such entries."""

_RECORD = (
    "INSERT INTO call_assignment"
    " (change_id, call_id, before_user, before_by, after_user, after_by)"
    " SELECT :assigned_in, number, before_user, before_by, after_user, after_by"
    " FROM ({moves}) AS moved WHERE true"
    " ON CONFLICT (change_id, call_id) DO UPDATE"
    " SET after_user = excluded.after_user, after_by = excluded.after_by"
)
_WRITE = (
    "UPDATE call SET user_id = moved.after_user, assigned_by = moved.after_by"
    " FROM call_assignment AS moved"
    " WHERE moved.change_id = :assigned_in AND moved.call_id = call.id"
)
_TOTALS = (
    "SELECT user_id, sum(taken), sum(given) FROM ("
    "SELECT before_user AS user_id, count(*) AS taken, 0 AS given FROM call_assignment"
    " WHERE change_id = :assigned_in GROUP BY before_user"
    " UNION ALL SELECT after_user, 0, count(*) FROM call_assignment"
    " WHERE change_id = :assigned_in GROUP BY after_user"
    ") AS moved WHERE user_id IS NOT NULL GROUP BY user_id ORDER BY user_id"
)


class CallAssignments:
    """The assignments of one change. End with :meth:`finish`, which enters them in the history."""

    def __init__(self, db: Database, change: Change) -> None:
        self._db = db
        self._change = change
        self._any = False

    def write(self, moves: str, params: Mapping[str, Any]) -> int:
        """Assign the calls that a query names; return how many.

        ``moves`` has the columns ``number`` (of the call), ``before_user``, ``before_by``,
        ``after_user`` and ``after_by`` (NULL twice withdraws a call), with only calls for which
        that is a change; ``params`` belongs to it. Whoever calls this knows that there are such
        calls, since it enters the change in the history.
        """
        given = {**params, "assigned_in": self._change.id}
        moved = self._db.execute(_RECORD.format(moves=moves), given).rowcount
        if moved:
            self._any = True
            self._db.execute(_WRITE, {"assigned_in": self._change.id})
        return moved

    def finish(self) -> None:
        """Enter in the history, for each user, how many calls were taken and given."""
        if not self._any:
            return
        rows = self._db.rows(_TOTALS, {"assigned_in": self._change.id})
        for user, taken, given in rows:
            self._change.record(ENTITY, user, FIELD, taken or None, given or None)
        if not rows:
            # Calls that nobody had, and that a person wants nobody to have.
            self._change.record(ENTITY, NOBODY, FIELD, None, None)
