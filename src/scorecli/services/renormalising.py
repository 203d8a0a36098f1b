"""Bringing stored numbers into the form that the settings' region gives them, as one change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from scorecli.domain.phones import Phones
from scorecli.services.contact_writer import ContactWriter
from scorecli.services.record_states import keep_records
from scorecli.services.renumbering import Renumbering
from scorecli.settings import Settings
from scorecli.storage.call_fields_write import CallFields
from scorecli.storage.changes import Author, Change
from scorecli.storage.contact_rows import contact_states
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks

_BATCH = 5000


class Renormalised(NamedTuple):
    """How many calls, contacts, records of lists and numbers not to be called have another
    normalised number now, and the change's number.
    """

    calls: int
    contacts: int
    records: int
    do_not_call: int
    change: int | None


def renormalise(
    db: Database,
    settings: Settings,
    *,
    author: Author,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Renormalised:
    """Normalise all numbers anew, as they were written.

    Needed after ``[phone] region`` changed. ``progress`` is told how many calls are done, of how
    many.
    """
    phones = Phones(settings.phone.region)
    with db.change(*author, dry_run=dry_run) as change:
        numbers = Renumbering(db, change, phones)
        calls = _calls(db, change, phones, numbers, progress)
        records = numbers.records()  # by what contacts have, so before that changes
        contacts = _contacts(db, change, phones, numbers)
        done = Renormalised(calls, contacts, records, numbers.do_not_call(), None)
        if change.number is not None:
            change.summary = {name: done[at] for at, name in enumerate(done._fields[:-1])}
        keep_records(db, change)
    return done._replace(change=None if dry_run else change.number)


def _calls(
    db: Database,
    change: Change,
    phones: Phones,
    numbers: Renumbering,
    progress: Callable[[int, int], None] | None,
) -> int:
    fields = CallFields(db)
    total = db.one("SELECT count(*) FROM call WHERE contact_number IS NOT NULL")
    last = done = changed = 0
    while rows := db.rows(
        "SELECT id, contact_number, contact_number_e164 FROM call"
        " WHERE contact_number IS NOT NULL AND id > :last ORDER BY id LIMIT :most",
        {"last": last, "most": _BATCH},
    ):
        moved = [
            (written, (call, old, new))
            for call, written, old in rows
            if (new := phones.e164(written)) != old
        ]
        numbers.moved((old, new or phones.comparable(written)) for written, (_, old, new) in moved)
        writes = [write for _, write in moved]
        fields.write("contact_number_e164", writes)
        for call, old, new in writes:
            # No person wrote it, so that it is not kept from later imports.
            change.record("call", call, "contact_number_e164", old, new, written_by="import")
        last = rows[-1][0]
        done += len(rows)
        changed += len(writes)
        if progress is not None:
            progress(done, total)
    return changed


def _contacts(db: Database, change: Change, phones: Phones, moved: Renumbering) -> int:
    differing: dict[int, Any] = {}
    for contact, written, old in db.execute(
        "SELECT contact_id, number, e164 FROM contact_number ORDER BY contact_id, position"
    ):
        if phones.e164(written) != old:
            differing[contact] = None
    writer = ContactWriter(db, change)
    for part in chunks(differing):
        for contact, state in contact_states(db, part).items():
            numbers = [[written, phones.e164(written)] for written, _ in state["numbers"]]
            moved.moved((old, phones.comparable(written)) for written, old in state["numbers"])
            writer.edit(contact, state, {"numbers": numbers}, written_by="import")
    return len(differing)
