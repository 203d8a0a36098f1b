"""Calls assigned by a person, which attribution never touches, and calls taken from their user."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scorecli.domain.attribution import BY_PERSON
from scorecli.errors.calls import UnknownCall
from scorecli.storage.assignments import CallAssignments
from scorecli.storage.changes import Author
from scorecli.storage.database import Database
from scorecli.storage.users import KnownUser, find_user

_CREATE = "CREATE TEMPORARY TABLE picked (number INTEGER PRIMARY KEY)"
_GONE = (
    "SELECT p.number FROM picked AS p LEFT JOIN call AS c ON c.id = p.number"
    " AND c.removed IS NULL WHERE c.id IS NULL ORDER BY p.number LIMIT 1"
)
_DIFFERENT = (
    " FROM picked AS p JOIN call AS c ON c.id = p.number"
    " WHERE c.user_id IS NOT :user OR c.assigned_by IS NOT :by"
)
_MOVES = (
    "SELECT c.id AS number, c.user_id AS before_user, c.assigned_by AS before_by,"
    f" :user AS after_user, :by AS after_by{_DIFFERENT}"
)


class AssignOutcome(NamedTuple):
    """How many calls changed; ``user`` is None where they were taken from their users."""

    user: KnownUser | None
    changed: int
    unchanged: int
    change: int | None


def assign_calls(
    db: Database,
    calls: Iterable[int],
    user: str,
    *,
    author: Author,
    dry_run: bool = False,
) -> AssignOutcome:
    """Give calls to the user that a person names, all of them or none, as one change.

    Raises :class:`UnknownUser`, :class:`AmbiguousUser`, :class:`UnknownCall`.
    """
    with db.change(*author, dry_run=dry_run) as change:
        known = find_user(db, user)
        assignments = CallAssignments(db, change)
        changed, unchanged = _move(db, assignments, list(calls), known.id, BY_PERSON)
    return AssignOutcome(known, changed, unchanged, None if dry_run else change.number)


def unassign_calls(
    db: Database,
    calls: Iterable[int],
    *,
    for_good: bool = False,
    author: Author,
    dry_run: bool = False,
) -> AssignOutcome:
    """Take calls from their users, all of them or none, as one change.

    Attribution may assign them again, unless a person decided ``for_good`` that nobody has them.
    Raises :class:`UnknownCall`.
    """
    with db.change(*author, dry_run=dry_run) as change:
        assignments = CallAssignments(db, change)
        by = BY_PERSON if for_good else None
        changed, unchanged = _move(db, assignments, list(calls), None, by)
    return AssignOutcome(None, changed, unchanged, None if dry_run else change.number)


def _move(
    db: Database,
    assignments: CallAssignments,
    calls: Sequence[int],
    user: int | None,
    by: str | None,
) -> tuple[int, int]:
    """Move live calls; return how many changed and how many were so already."""
    numbers = dict.fromkeys(calls)
    db.execute("DROP TABLE IF EXISTS picked")
    db.execute(_CREATE)
    db.executemany("INSERT INTO picked (number) VALUES (?)", ((number,) for number in numbers))
    gone = db.one(_GONE)
    if gone is not None:
        raise UnknownCall(str(gone))
    params = {"user": user, "by": by}
    changed = int(db.one(f"SELECT count(*){_DIFFERENT}", params))
    if changed:
        assignments.write(_MOVES, params)
        assignments.finish()
    db.execute("DROP TABLE IF EXISTS picked")
    return changed, len(numbers) - changed
