"""Undo: reverting one change as a whole, or refusing where later changes stand on it.

An undo is a change itself, so it shows in the history and undoing it does the first change again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import groupby
from typing import Any, NamedTuple

from scorecli.errors import AlreadyUndone, NotAsLeft, NothingToUndo, TouchedLater, UnknownChange
from scorecli.services.score_writer import refresh_scored
from scorecli.storage.call_fields_write import CallFields
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.record_fields import RecordFields

_ENTRIES = (
    'SELECT entity, entity_id, field, item, "before", "after" FROM change_entry'
    " WHERE change_id = :number ORDER BY id DESC"
)
_BATCH = 5000


class Undoable(NamedTuple):
    """A change as undo sees it; ``calls`` is how many calls it brought into the database.

    ``root`` is the change at the start of a chain of undos, ``depth`` how many undos lie between.
    """

    number: int
    who: str
    made_at: int
    command: str
    entries: int
    calls: int
    root: int
    depth: int


class UndoOutcome(NamedTuple):
    """What was undone, and the number of the undo in the history (None in a dry run)."""

    target: Undoable
    change: int | None


def undo(
    db: Database,
    number: int | None,
    *,
    command: str,
    who: str,
    dry_run: bool = False,
    announce: Callable[[Undoable], None] | None = None,
) -> UndoOutcome:
    """Revert change ``number``, or the latest one that is neither undone nor an undo.

    ``announce`` is told what will be undone before anything is written. Raises
    :class:`NothingToUndo`, :class:`UnknownChange`, :class:`AlreadyUndone`, :class:`TouchedLater`,
    :class:`NotAsLeft`; then nothing is written.
    """
    with db.change(command, who, dry_run=dry_run) as change:
        target = _target(db, number)
        _refuse_conflicts(db, target)
        if announce is not None:
            announce(target)
        db.execute(
            "UPDATE change SET undoes = :target WHERE id = :id",
            {"target": target.number, "id": change.id},
        )
        db.execute(
            "UPDATE change SET undone_by = :id WHERE id = :target",
            {"target": target.number, "id": change.id},
        )
        db.execute(
            "UPDATE change SET undone_by = NULL WHERE undone_by = :target",
            {"target": target.number},
        )
        _revert_entries(db, change, target)
        if target.calls:
            _flip_imported(db, target)
    return UndoOutcome(target, None if dry_run else change.number)


def _target(db: Database, number: int | None) -> Undoable:
    if number is None:
        number = db.one("SELECT max(id) FROM change WHERE undone_by IS NULL AND undoes IS NULL")
        if number is None:
            raise NothingToUndo
    rows = db.rows(
        "SELECT who, made_at, command, undone_by, undoes FROM change WHERE id = :number",
        {"number": number},
    )
    if not rows:
        raise UnknownChange(number)
    who, made_at, command, undone_by, undoes = rows[0]
    if undone_by is not None:
        raise AlreadyUndone(number, undone_by)
    root, depth = number, 0
    while undoes is not None:
        root, depth = undoes, depth + 1
        undoes = db.one("SELECT undoes FROM change WHERE id = :root", {"root": root})
    entries = db.one(
        "SELECT count(*) FROM change_entry WHERE change_id = :number", {"number": number}
    )
    first, last = db.rows(
        "SELECT first_call, last_call FROM change WHERE id = :root", {"root": root}
    )[0]
    calls = 0 if first is None else last - first + 1
    return Undoable(number, who, made_at, command, entries, calls, root, depth)


def _refuse_conflicts(db: Database, target: Undoable) -> None:
    later = db.rows(
        "SELECT theirs.change_id, theirs.entity, theirs.entity_id, theirs.field"
        " FROM change_entry AS ours"
        " JOIN change_entry AS theirs ON theirs.entity = ours.entity"
        " AND theirs.entity_id = ours.entity_id AND theirs.field = ours.field"
        " AND theirs.item = ours.item AND theirs.change_id > ours.change_id"
        " JOIN change ON change.id = theirs.change_id"
        " WHERE ours.change_id = :number AND change.undoes IS NULL AND change.undone_by IS NULL"
        " ORDER BY theirs.change_id DESC LIMIT 1",
        {"number": target.number},
    )
    if later:
        change, entity, record, field = later[0]
        raise TouchedLater(target.number, change, f"{field} of {entity} {record}")
    if not target.calls:
        return
    later = db.rows(
        "SELECT change_entry.change_id, change_entry.entity_id FROM call"
        " JOIN change_entry ON change_entry.entity = 'call' AND change_entry.entity_id = call.id"
        " JOIN change ON change.id = change_entry.change_id"
        " WHERE call.imported_in = :root AND call.id BETWEEN"
        " (SELECT first_call FROM change WHERE id = :root)"
        " AND (SELECT last_call FROM change WHERE id = :root)"
        " AND change_entry.change_id > :number"
        " AND change.undoes IS NULL AND change.undone_by IS NULL"
        " ORDER BY change_entry.change_id DESC LIMIT 1",
        {"root": target.root, "number": target.number},
    )
    if later:
        raise TouchedLater(target.number, later[0][0], f"call {later[0][1]}")


def _revert_entries(db: Database, change: Change, target: Undoable) -> None:
    calls, records = CallFields(db), RecordFields(db)
    cursor = db.execute(_ENTRIES, {"number": target.number})
    touched: set[int] = set()
    while batch := cursor.fetchmany(_BATCH):
        for (entity, field, item), group in groupby(
            batch, key=lambda row: (row[0], row[2], row[3])
        ):
            writes = [(row[1], _value(row[5]), _value(row[4])) for row in group]
            if entity == "call":
                done = calls.write(field, writes, item)
                touched.update(call for call, _, _ in writes)
            else:
                done = records.write(entity, field, writes)
            if done != len(writes):
                raise NotAsLeft(target.number, f"{field} of {entity} {writes[0][0]}")
            for record, old, new in writes:
                change.record(entity, record, field, old, new, item=item)
    refresh_scored(db, sorted(touched))


def _flip_imported(db: Database, target: Undoable) -> None:
    # An import is undone by taking its calls out of sight, so that undoing the undo can bring
    # them back, numbers and all.
    live, hidden = (None, "undone") if target.depth % 2 == 0 else ("undone", None)
    done = db.execute(
        "UPDATE call SET removed = :hidden WHERE imported_in = :root AND removed IS :live"
        " AND id BETWEEN (SELECT first_call FROM change WHERE id = :root)"
        " AND (SELECT last_call FROM change WHERE id = :root)",
        {"root": target.root, "live": live, "hidden": hidden},
    ).rowcount
    if done != target.calls:
        raise NotAsLeft(target.number, f"the set of its {target.calls} calls")


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
