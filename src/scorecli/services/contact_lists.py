"""Contact lists: opening one again after it was worked through."""

from __future__ import annotations

from typing import NamedTuple

from scorecli.services.record_states import keep_records
from scorecli.storage.campaigns import find_list
from scorecli.storage.changes import Author
from scorecli.storage.database import Database

_FINAL = (
    "SELECT count(*), max(CASE WHEN last_call_at <= :now THEN last_call_at END) FROM list_record"
    " WHERE list_id = :list AND removed IS NULL AND state = 'final'"
)


class Reloaded(NamedTuple):
    """How many records of a list are open again; ``change`` is None where nothing changed."""

    name: str
    opened: int
    change: int | None


def reload_list(
    db: Database, name: str, *, now: int, author: Author, dry_run: bool = False
) -> Reloaded:
    """Open the final records of a list again, never those that must not be called.

    ``now`` is UTC seconds. Raises :class:`UnknownList`.
    """
    with db.change(*author, dry_run=dry_run) as change:
        known = find_list(db, name)
        params = {"list": known.id, "now": now}
        final, last = db.rows(_FINAL, params)[0]
        opened = 0
        if final:
            before = db.one(
                "SELECT opened_at FROM contact_list WHERE id = :list", {"list": known.id}
            )
            # Later than every call of until now, one of this very second included.
            moment = max(now, before, 0 if last is None else last + 1)
            db.execute(
                "UPDATE contact_list SET opened_at = :moment WHERE id = :list",
                {"moment": moment, "list": known.id},
            )
            change.record("contact_list", known.id, "opened_at", before, moment)
            keep_records(db, change)
            opened = final - db.rows(_FINAL, params)[0][0]
    return Reloaded(known.name, opened, None if dry_run else change.number)
