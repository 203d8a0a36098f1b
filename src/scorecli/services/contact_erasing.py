"""Erasing a person: every trace goes, history included, and only that it was done is kept.

A bare number that must not be called is no trace of a person but a promise to them, and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scorecli.domain.phones import Phones
from scorecli.domain.text import fold
from scorecli.services.erased_numbers import (
    barring_changes,
    forget_barred,
    keep_barred,
    logged_numbers,
    numbers_of,
)
from scorecli.services.record_states import keep_numbers
from scorecli.settings import Settings
from scorecli.storage.changes import Change
from scorecli.storage.contact_rows import State, contact_states
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks, placeholders

_FIELD = "erased"
# Of a call that linked to the person: what may say who it was.
_CALL_FIELDS = (
    "contact_name",
    "contact_number",
    "contact_number_e164",
    "note",
    "extra",
    "recording_url",
)
_MERGED = (
    "WITH RECURSIVE went_into(id) AS (SELECT :contact UNION SELECT k.id FROM contact AS k"
    " JOIN went_into ON k.merged_into = went_into.id) SELECT id FROM went_into ORDER BY id"
)
_FEWEST_LETTERS = 4  # of a name that is looked for in commands
_WORDS_KEPT = 3  # of a command that names the person: `scorecli contacts add`


class Erasure(NamedTuple):
    """What was erased: contacts (those merged into it too), what hung on them, calls made nameless.

    ``entries`` counts those of the history, ``do_not_call`` the numbers that stay on that list,
    ``change`` is that which says that it was done.
    """

    contacts: int
    calls: int
    activities: int
    entries: int
    do_not_call: int
    change: int | None


def erase_contact(
    db: Database,
    settings: Settings,
    contact: int,
    *,
    who: str,
    with_do_not_call: bool = False,
    dry_run: bool = False,
) -> Erasure:
    """Erase a contact, live or deleted, for good, with those that were merged into it.

    Numbers that must not be called stay on the do-not-call list, bare, unless
    ``with_do_not_call``; those that somebody else has stay in any case. The database is told to
    overwrite what it frees, and its journal is emptied afterwards.
    """
    command = f"scorecli contacts erase {contact}"  # as it was typed it may say who it is
    db.execute("PRAGMA secure_delete = ON")
    with db.change(command, who, dry_run=dry_run) as change:
        contacts = [number for (number,) in db.rows(_MERGED, {"contact": contact})]
        states = contact_states(db, contacts)
        calls = _calls_of(db, states)
        numbers = numbers_of(db, contacts, states.values(), Phones(settings.phone.region))
        changes = _changes_of(db, contacts, calls) | barring_changes(db, numbers.own)
        counted_elsewhere = logged_numbers(db, contacts)
        barred = 0
        if with_do_not_call:
            forget_barred(db, numbers.own)
        else:
            barred = keep_barred(db, change, numbers.own)
        entries = _forget_entries(db, contacts, calls)
        activities = _delete_rows(db, contacts)
        _make_nameless(db, change, calls)
        keep_numbers(db, [*numbers.shared, *counted_elsewhere])
        _blank_commands(db, changes, list(states.values()))
        change.record("contact", contact, _FIELD, None, True)
    if not dry_run:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    number = None if dry_run else change.number
    return Erasure(len(contacts), len(calls), activities, entries, barred, number)


def _calls_of(db: Database, states: Mapping[int, State]) -> list[int]:
    """Return all calls that have a number which nobody else has, removed ones too."""
    numbers = list(
        dict.fromkeys(e164 for state in states.values() for _, e164 in state["numbers"] if e164)
    )
    found: list[int] = []
    for number in numbers:
        holders = db.rows(
            "SELECT n.contact_id FROM contact_number AS n JOIN contact AS k"
            " ON k.id = n.contact_id AND k.removed IS NULL WHERE n.e164 = :number",
            {"number": number},
        )
        if all(holder in states for (holder,) in holders):
            found += [
                call
                for (call,) in db.rows(
                    "SELECT id FROM call WHERE contact_number_e164 = :number", {"number": number}
                )
            ]
    return found


def _changes_of(db: Database, contacts: Sequence[int], calls: Sequence[int]) -> set[int]:
    """Return the changes that wrote to the person or to their calls."""
    found: set[int] = set()
    for entity, numbers in (("contact", contacts), ("call", calls)):
        for part in chunks(numbers):
            found.update(
                change
                for (change,) in db.execute(
                    "SELECT DISTINCT change_id FROM change_entry"
                    f" WHERE entity = ? AND entity_id IN ({placeholders(part)})",
                    (entity, *part),
                )
            )
    for part in chunks(contacts):
        found.update(
            change
            for (change,) in db.execute(
                f"SELECT added_in FROM contact WHERE id IN ({placeholders(part)})", part
            )
        )
    return found


def _forget_entries(db: Database, contacts: Sequence[int], calls: Sequence[int]) -> int:
    """Delete what the history says of the person."""
    gone = 0
    for part in chunks(contacts):
        marks = placeholders(part)
        gone += db.execute(
            f"DELETE FROM change_entry WHERE entity = 'contact' AND entity_id IN ({marks})",
            part,
        ).rowcount
        gone += db.execute(
            "DELETE FROM change_entry WHERE entity = 'activity' AND entity_id IN"
            f" (SELECT id FROM activity WHERE contact_id IN ({placeholders(part)}))",
            part,
        ).rowcount
        gone += db.execute(
            "DELETE FROM change_entry WHERE entity = 'list_record' AND entity_id IN"
            f" (SELECT id FROM list_record WHERE contact_id IN ({marks}))",
            part,
        ).rowcount
    for part in chunks(calls):
        marks = placeholders(part)
        gone += db.execute(
            f"DELETE FROM change_entry WHERE entity = 'call' AND entity_id IN ({marks})"
            f" AND field IN ({placeholders(_CALL_FIELDS)})",
            (*part, *_CALL_FIELDS),
        ).rowcount
    return gone


def _delete_rows(db: Database, contacts: Sequence[int]) -> int:
    activities = 0
    for part in chunks(contacts):
        where = f"IN ({placeholders(part)})"
        activities += db.execute(
            f"SELECT count(*) FROM activity WHERE contact_id {where}", part
        ).fetchone()[0]
        for table in ("contact_score", "contact_number", "contact_email", "activity"):
            db.execute(f"DELETE FROM {table} WHERE contact_id {where}", part)
        db.execute(
            "UPDATE call SET record_id = NULL WHERE record_id IN"
            f" (SELECT id FROM list_record WHERE contact_id {where})",
            part,
        )
        db.execute(f"DELETE FROM list_record WHERE contact_id {where}", part)
        db.execute(f"DELETE FROM rule_firing WHERE entity = 'contact' AND entity_id {where}", part)
        db.execute(
            f"UPDATE contact SET merged_into = NULL, removed = 'deleted' WHERE id {where}", part
        )
        db.execute(f"DELETE FROM contact WHERE id {where}", part)
    return activities


def _make_nameless(db: Database, change: Change, calls: Iterable[int]) -> None:
    """Take out of calls who it was; an entry without values keeps imports from writing it."""
    sets = ", ".join(f"{field} = NULL" for field in _CALL_FIELDS)
    for part in chunks(calls):
        db.execute(f"UPDATE call SET {sets} WHERE id IN ({placeholders(part)})", part)
        for call in part:
            for field in _CALL_FIELDS:
                change.record("call", call, field, None, None)


def _blank_commands(db: Database, changes: Iterable[int], states: Sequence[State]) -> None:
    """Cut commands that name the person after their first words."""
    texts = _telling(states)
    touched = set(changes)
    for number, command in db.rows("SELECT id, command FROM change"):
        told = fold(command)
        if any(text in told for text in texts) or (number in touched and _has_values(command)):
            words = " ".join(command.split()[:_WORDS_KEPT])
            db.execute(
                "UPDATE change SET command = :command WHERE id = :id",
                {"id": number, "command": f"{words} (erased)"},
            )


def _has_values(command: str) -> bool:
    """Tell whether a command that wrote to the person may say something of them."""
    words = command.split()
    return words[1:2] != ["undo"] and words[2:3] != ["import"] and len(words) > _WORDS_KEPT


def _telling(states: Sequence[State]) -> list[str]:
    """Return texts that tell who the person is: names, numbers, addresses, ids."""
    found: set[str] = set()
    for state in states:
        name = " ".join(filter(None, (state["first_name"], state["last_name"])))
        found.add(fold(name))
        found.update(fold(text) for pair in state["numbers"] for text in pair if text)
        found.update(map(fold, state["emails"]))
    return [text for text in found if len(text) >= _FEWEST_LETTERS]


def erased_by(db: Database, change: int) -> int | None:
    """Return the contact that a change erased, None where it erased nobody."""
    found: Any = db.one(
        "SELECT entity_id FROM change_entry WHERE change_id = :change AND entity = 'contact'"
        " AND field = :field",
        {"change": change, "field": _FIELD},
    )
    return None if found is None else int(found)
