"""Undo: reverting one change as a whole, or refusing where later changes stand on it.

An undo is a change itself, so it shows in the history and undoing it does the first change again.
A change and the undos of it form a chain, each link of which undoes the one before, so that a
change is either done or undone, whichever of its links a person names.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from scorecli.errors.contacts import Erased
from scorecli.errors.history import (
    AlreadyUndone,
    LinkedSince,
    NameTakenSince,
    NotAsLeft,
    NothingToUndo,
    StillUsed,
    TouchedLater,
    UnknownChange,
)
from scorecli.services.contact_erasing import erased_by
from scorecli.services.record_states import keep_records
from scorecli.services.score_writer import refresh_scored
from scorecli.services.undo_assignments import AssignmentUndo, assigned_calls
from scorecli.services.undo_conflicts import Chains, refuse_conflicts
from scorecli.services.undo_replaced import OF_IMPORT, refuse_replaced
from scorecli.services.undo_tags import ReturningTags
from scorecli.storage.assignments import ENTITY
from scorecli.storage.batches import brought, flip
from scorecli.storage.call_fields_write import CallFields, FieldWrite
from scorecli.storage.changes import Author, Change
from scorecli.storage.contact_fields import ContactFields
from scorecli.storage.database import Database
from scorecli.storage.record_fields import NAMES, RecordFields

_ENTRIES = (
    'SELECT entity, entity_id, field, item, "before", "after" FROM change_entry'
    f" WHERE change_id = :number AND entity <> '{ENTITY}' ORDER BY id DESC"
)
_BATCH = 5000
# What may point at a record, so that it cannot be deleted: entity -> FROM and WHERE.
_USES = {
    "result": "call WHERE result_id = :id",
    "tag": "call_tag WHERE tag_id = :id",
    "user": "call WHERE user_id = :id",
    "campaign": "contact_list WHERE campaign_id = :id",
}
_SCORING = frozenset(("stars", "converted", "reporting_tags"))  # what makes a call a scored one
_Entry = tuple[str, int, str, str, str | None, str | None]


class Undoable(NamedTuple):
    """A change as undo sees it.

    ``number`` is the link that is reverted, ``root`` the change at the start of its chain, and
    ``depth`` how many undos lie between: after an odd number of them, undo does the change again.
    ``who``, ``made_at`` (UTC seconds) and ``command`` are those of the root. ``entries`` counts
    the fields written, ``touched`` the calls they belong to, ``calls`` the calls that the root
    brought into the database, ``assigned`` those that it assigned to users or took from them,
    ``brought`` how many other records, by entity, it brought along.
    """

    number: int
    root: int
    depth: int
    who: str
    made_at: int
    command: str
    entries: int
    touched: int
    calls: int
    assigned: int = 0
    brought: tuple[tuple[str, int], ...] = ()

    @property
    def does_again(self) -> bool:
        """Whether reverting this does the root again rather than undoing it."""
        return self.depth % 2 == 1


class UndoOutcome(NamedTuple):
    """What was undone, and the number of the undo in the history (None in a dry run)."""

    target: Undoable
    change: int | None


def undo(
    db: Database,
    number: int | None,
    *,
    author: Author,
    dry_run: bool = False,
    announce: Callable[[Undoable], None] | None = None,
) -> UndoOutcome:
    """Revert change ``number``, or the latest one that is neither undone nor an undo.

    ``announce`` is told what will be undone before anything is written. Raises
    :class:`NothingToUndo`, :class:`UnknownChange`, :class:`AlreadyUndone`, :class:`TouchedLater`,
    :class:`NotAsLeft`, :class:`CallsReplaced`, :class:`RecordsReplaced`, :class:`StillUsed`,
    :class:`NameTakenSince`, :class:`ResultGone`, :class:`Erased`; then nothing is written.
    """
    with db.change(*author, dry_run=dry_run) as change:
        chains = Chains(db)
        target = _target(db, chains, number)
        refuse_conflicts(
            db,
            chains,
            target.number,
            hides_calls=_hides(target),
            shows_calls=bool(target.calls) and target.does_again,
        )
        if announce is not None:
            announce(target)
        refuse_replaced(db, chains, target)
        _Reverter(db, change, target).run()
        _mark(db, [*chains.of(target.root), change.id])
        keep_records(db, change, root=target.root)
    return UndoOutcome(target, None if dry_run else change.number)


def _target(db: Database, chains: Chains, number: int | None) -> Undoable:
    if number is None:
        number = db.one("SELECT max(id) FROM change WHERE undone_by IS NULL AND undoes IS NULL")
        if number is None:
            raise NothingToUndo
    if db.one("SELECT 1 FROM change WHERE id = :number", {"number": number}) is None:
        raise UnknownChange(number)
    root = chains.root(number)
    chain = chains.of(root)
    latest = chain[-1]
    if (len(chain) - chain.index(number)) % 2 == 0:
        raise AlreadyUndone(number, latest)
    erased = erased_by(db, number)
    if erased is not None:
        raise Erased(number, erased)
    who, made_at, command, first, last = db.rows(
        "SELECT who, made_at, command, first_call, last_call FROM change WHERE id = :root",
        {"root": root},
    )[0]
    entries, touched = db.rows(
        "SELECT count(*), count(DISTINCT CASE WHEN entity = 'call' THEN entity_id END)"
        " FROM change_entry WHERE change_id = :latest AND entity <> :assignment",
        {"latest": latest, "assignment": ENTITY},
    )[0]
    calls = 0 if first is None else last - first + 1
    depth = len(chain) - 1
    return Undoable(
        latest,
        root,
        depth,
        who,
        made_at,
        command,
        entries,
        touched,
        calls,
        assigned_calls(db, latest),
        tuple(brought(db, root)),
    )


def _hides(target: Undoable) -> bool:
    return bool(target.calls) and not target.does_again


def _mark(db: Database, chain: Sequence[int]) -> None:
    """Say of each link whether it stands; the last one does, so every second one before it."""
    *_, undone, undo = chain
    db.execute(
        "UPDATE change SET undoes = :undone WHERE id = :undo", {"undone": undone, "undo": undo}
    )
    stands = True
    for link, later in zip(reversed(chain), [None, *reversed(chain)], strict=False):
        db.execute(
            "UPDATE change SET undone_by = :later WHERE id = :link",
            {"link": link, "later": None if stands else later},
        )
        stands = not stands


class _Reverter:
    """Writes the entries of one change backwards, as entries of another one."""

    def __init__(self, db: Database, change: Change, target: Undoable) -> None:
        self._db = db
        self._change = change
        self._target = target
        self._calls = CallFields(db)
        self._records = RecordFields(db)
        self._contacts = ContactFields(db)
        self._assignments = AssignmentUndo(db, change, target.number)
        self._tags = ReturningTags(db, change)
        self._touched: set[int] = set()

    def run(self) -> None:
        """Revert all entries, and take an import's calls out of sight or bring them back."""
        if _hides(self._target):
            self._flip()  # first: what only hidden calls use may go
        self._assignments.to_nobody()  # before users go
        cursor = self._db.execute(_ENTRIES, {"number": self._target.number})
        while batch := cursor.fetchmany(_BATCH):
            for is_call, group in groupby(batch, key=lambda row: bool(row[0] == "call")):
                if is_call:
                    self._revert_calls(group)
                else:
                    self._revert_records(group)
        self._change.record_reverse_of(self._target.number, but_not=ENTITY)
        self._tags.give()
        self._assignments.to_users()  # when they are there again
        if self._target.calls and not _hides(self._target):
            self._flip()
        if self._target.brought:
            self._flip_batches()
        refresh_scored(self._db, sorted(self._touched))

    def _flip_batches(self) -> None:
        try:
            flip(self._db, self._target.root, hide=not self._target.does_again)
        except sqlite3.IntegrityError as error:  # something of the same name came since
            raise NotAsLeft(self._target.number, "what it brought along") from error

    def _revert_calls(self, rows: Iterable[_Entry]) -> None:
        # Entries of one field are written together. Those of one call and field stay in order.
        ordered = sorted(rows, key=lambda row: (row[2], row[3]))
        for (field, item), group in groupby(ordered, key=lambda row: (row[2], row[3])):
            writes = [(row[1], _value(row[5]), _value(row[4])) for row in group]
            if self._calls.write(field, writes, item) != len(writes):
                raise NotAsLeft(self._target.number, self._first_odd(field, writes, item))
            if field in _SCORING:
                self._touched.update(call for call, _, _ in writes)

    def _first_odd(self, field: str, writes: Sequence[FieldWrite], item: str) -> str:
        for call, _, new in writes:
            if not item and self._calls.write(field, [(call, new, new)]) == 0:
                return f"{field} of call {call}"
        return f"{field} of call {writes[0][0]}" if len(writes) == 1 else f"{field} of some calls"

    def _revert_records(self, rows: Iterable[_Entry]) -> None:
        for (entity, record, is_row), group in groupby(
            rows, key=lambda row: (row[0], row[1], row[2] == "row")
        ):
            if entity == "contact":
                self._revert_contact(record, group)
                continue
            writes = [(row[2], _value(row[5]), _value(row[4])) for row in group]
            try:
                if is_row:
                    for _, old, new in writes:
                        self._revert_row(entity, record, old, new)
                else:
                    self._revert_fields(entity, record, writes)
            except sqlite3.IntegrityError as error:
                raise self._meaning(error, entity, record, writes) from error
            if entity == "result":
                self._calls.forget_results()

    def _revert_contact(self, contact: int, rows: Iterable[_Entry]) -> None:
        fields: dict[tuple[str, str], tuple[Any, Any]] = {}
        for _, _, field, item, before, after in rows:
            key = (field, item)
            fields[key] = (fields[key][0] if key in fields else _value(after), _value(before))
        if not self._contacts.write(contact, fields):
            named = ", ".join(dict.fromkeys(field for field, _ in fields))
            raise NotAsLeft(self._target.number, f"{named} of contact {contact}")

    def _revert_fields(
        self, entity: str, record: int, writes: Iterable[tuple[str, Any, Any]]
    ) -> None:
        fields: dict[str, tuple[Any, Any]] = {}
        for field, old, new in writes:
            fields[field] = (fields[field][0] if field in fields else old, new)
        if entity == "tag" and "name" in fields:
            self._tags.make_room(record, None, fields["name"][1])
        if not self._records.write(entity, record, fields):
            raise NotAsLeft(self._target.number, f"{', '.join(fields)} of {entity} {record}")

    def _revert_row(self, entity: str, record: int, old: Any, new: Any) -> None:
        if new is not None:
            if entity == "tag":
                self._tags.make_room(record, new["kind"], new["name"])
            self._records.insert(entity, record, new)
            return
        if entity == "result":
            self._take_from_hidden_calls(record, old["code"])
        if entity == "user":
            self._refuse_later_alias(record)
            self._assignments.take_from_hidden(record)
        if entity == "user":
            self._take_from_hidden_contacts(record)
        uses = _USES.get(entity)
        used = self._db.one(f"SELECT count(*) FROM {uses}", {"id": record}) if uses else 0
        if used:
            users = "list" if entity == "campaign" else "call"
            hidden = entity == "campaign" and not self._db.one(
                f"SELECT count(*) FROM {uses} AND removed IS NULL", {"id": record}
            )
            name = old[NAMES[entity]]
            raise StillUsed(self._target.number, entity, name, used, users, hidden=hidden)
        if not self._records.delete(entity, record):
            raise NotAsLeft(self._target.number, f"{entity} {record}")

    def _refuse_later_alias(self, user: int) -> None:
        # Those that came with the user are gone by now: entries are reverted last one first.
        later = self._db.one(
            "SELECT max(e.change_id) FROM user_alias AS a JOIN change_entry AS e"
            " ON e.entity = 'user_alias' AND e.entity_id = a.id AND e.field = 'row'"
            " WHERE a.user_id = :user",
            {"user": user},
        )
        if later is not None:
            raise TouchedLater(self._target.number, later, f"user {user}")

    def _take_from_hidden_contacts(self, user: int) -> None:
        # Contacts whose import was undone are only hidden; they get their owner back with the user.
        params = {"user": user}
        where = " WHERE owner_id = :user AND removed = 'undone'"
        for (contact,) in self._db.rows(f"SELECT id FROM contact{where}", params):
            self._change.record("contact", contact, "owner_id", user, None)
        self._db.execute(f"UPDATE contact SET owner_id = NULL{where}", params)

    def _take_from_hidden_calls(self, result: int, code: str) -> None:
        # Calls whose import is undone are only hidden; they get the result back with it.
        params = {"result": result}
        where = " WHERE result_id = :result AND removed = 'undone'"
        for (call,) in self._db.rows(f"SELECT id FROM call{where}", params):
            self._change.record("call", call, "result", code, None)
        self._db.execute(f"UPDATE call SET result_id = NULL{where}", params)

    def _flip(self) -> None:
        # An import is undone by taking its calls out of sight, so that undoing the undo can bring
        # them back, numbers and all.
        target = self._target
        live, hidden = ("undone", None) if target.does_again else (None, "undone")
        done = self._db.execute(
            f"UPDATE call SET removed = :hidden{OF_IMPORT} AND removed IS :live",
            {"root": target.root, "live": live, "hidden": hidden},
        ).rowcount
        if done != target.calls:
            raise NotAsLeft(target.number, f"the set of its {target.calls} calls")

    def _meaning(
        self,
        error: sqlite3.IntegrityError,
        entity: str,
        record: int,
        writes: Sequence[tuple[str, Any, Any]],
    ) -> Exception:
        if "FOREIGN KEY" in str(error):
            return LinkedSince(self._target.number, f"{entity} {record}")
        if "UNIQUE" not in str(error):
            return NotAsLeft(self._target.number, f"{entity} {record}")
        name = NAMES.get(entity)
        for field, _, new in reversed(writes):
            if field == "row" and name is not None:
                return NameTakenSince(self._target.number, entity, new[name])
            if field == name:
                return NameTakenSince(self._target.number, entity, new)
        return NotAsLeft(self._target.number, f"{entity} {record}")


@lru_cache(maxsize=10_000)  # what one command wrote to many calls, it wrote in few values
def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
