"""Undo of assignments: giving calls back to whom they belonged before a change, all or none."""

from __future__ import annotations

from collections.abc import Iterable

from scorecli.errors.history import NotAsLeft, TouchedLater
from scorecli.storage.assignments import ENTITY, CallAssignments
from scorecli.storage.changes import Change
from scorecli.storage.database import Database

_HAS_ANY = (
    "SELECT EXISTS (SELECT 1 FROM change_entry WHERE change_id = :number AND entity = :entity)"
)
# What calls are given back; users come and go between the two.
_TO_NOBODY, _TO_USERS = "a.before_user IS NULL", "a.before_user IS NOT NULL"
_REVERTED = " FROM call_assignment AS a WHERE a.change_id = :number AND {which}"
_AS_LEFT = (
    " FROM call_assignment AS a JOIN call AS c ON c.id = a.call_id WHERE a.change_id = :number"
    " AND {which} AND c.user_id IS a.after_user AND c.assigned_by IS a.after_by"
)
_MOVES = (
    "SELECT c.id AS number, c.user_id AS before_user, c.assigned_by AS before_by,"
    f" a.before_user AS after_user, a.before_by AS after_by{_AS_LEFT}"
)
_ODD = (
    "SELECT a.call_id FROM call_assignment AS a LEFT JOIN call AS c ON c.id = a.call_id"
    " AND c.user_id IS a.after_user AND c.assigned_by IS a.after_by"
    " WHERE a.change_id = :number AND {which} AND c.id IS NULL ORDER BY a.call_id LIMIT 1"
)
_MISSING_USER = (
    "SELECT a.before_user FROM call_assignment AS a WHERE a.change_id = :number"
    ' AND a.before_user IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "user" AS u'
    " WHERE u.id = a.before_user) LIMIT 1"
)
_HIDDEN = (
    "SELECT c.id AS number, c.user_id AS before_user, c.assigned_by AS before_by,"
    " NULL AS after_user, NULL AS after_by"
    " FROM call AS c WHERE c.user_id = :user AND c.removed IS NOT NULL"
)
_LATER = (
    "SELECT DISTINCT e.change_id FROM change_entry AS e"
    " WHERE e.entity = :entity AND e.change_id > :number"
)
_SAME_CALLS = (
    " FROM call_assignment AS theirs CROSS JOIN call_assignment AS ours"
    " WHERE theirs.change_id = :later AND ours.change_id = :number"
    " AND ours.call_id = theirs.call_id LIMIT 1"
)
_BY_PERSON = (
    " FROM call_assignment AS theirs CROSS JOIN call AS c WHERE theirs.change_id = :later"
    " AND c.id = theirs.call_id AND c.imported_in = :number"
    " AND 'person' IN (theirs.before_by, theirs.after_by) LIMIT 1"
)


class AssignmentUndo:
    """Reverts the assignments of one change, as assignments of another one.

    Calls go back to nobody before users may go, and back to users when these are there again.
    """

    def __init__(self, db: Database, change: Change, number: int) -> None:
        self._db = db
        self._number = number
        self._assignments = CallAssignments(db, change)
        self._any = has_assignments(db, number)

    def to_nobody(self) -> None:
        """Take calls from the users whom the change gave them; raises :class:`NotAsLeft`."""
        self._revert(_TO_NOBODY)

    def to_users(self) -> None:
        """Give calls back to the users whom the change took them from, and end.

        Raises :class:`NotAsLeft`, and :class:`TouchedLater` where such a user is gone.
        """
        params = {"number": self._number}
        missing = self._db.one(_MISSING_USER, params) if self._any else None
        if missing is not None:
            later = self._db.one(
                "SELECT max(change_id) FROM change_entry WHERE entity = 'user'"
                " AND entity_id = :user AND field = 'row'",
                {"user": missing},
            )
            raise TouchedLater(self._number, later, f"user {missing}")
        self._revert(_TO_USERS)
        self._assignments.finish()

    def take_from_hidden(self, user: int) -> None:
        """Take calls that are out of sight from a user who goes; undoing this gives them back."""
        if self._db.one(f"SELECT EXISTS ({_HIDDEN})", {"user": user}):
            self._assignments.write(_HIDDEN, {"user": user})

    def _revert(self, which: str) -> None:
        if not self._any:
            return
        params = {"number": self._number}
        wanted = self._db.one(f"SELECT count(*){_REVERTED.format(which=which)}", params)
        if not wanted:
            return
        if self._assignments.write(_MOVES.format(which=which), params) != wanted:
            odd = self._db.one(_ODD.format(which=which), params)
            raise NotAsLeft(self._number, f"user of call {odd}")


def has_assignments(db: Database, number: int) -> bool:
    """Tell whether a change assigned calls or took them from users."""
    return bool(db.one(_HAS_ANY, {"number": number, "entity": ENTITY}))


def assigned_calls(db: Database, number: int) -> int:
    """Return how many calls a change assigned or took from users."""
    if not has_assignments(db, number):
        return 0
    return int(
        db.one("SELECT count(*) FROM call_assignment WHERE change_id = :number", {"number": number})
    )


def later_assignments(db: Database, number: int) -> dict[int, int]:
    """Return the later changes that assigned calls which ``number`` assigned, each with a call."""
    if not has_assignments(db, number):
        return {}
    return _with_a_call(db, _SAME_CALLS, number)


def later_by_person(db: Database, root: int) -> dict[int, int]:
    """Return the changes by which a person assigned calls of an import, each with a call."""
    return _with_a_call(db, _BY_PERSON, root)


def _with_a_call(db: Database, same: str, number: int) -> dict[int, int]:
    found: dict[int, int] = {}
    rows: Iterable[tuple[int]] = db.rows(_LATER, {"number": number, "entity": ENTITY})
    for (later,) in rows:
        params = {"later": later, "number": number}
        call = db.one(f"SELECT theirs.call_id{same}", params)
        if call is not None:
            found[later] = call
    return found
