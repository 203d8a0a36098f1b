"""Contacts as they are stored: read whole, many at a time, and put in.

The state of a contact is a dict of its fields: the columns under their names, ``numbers`` as pairs
of what was written and E.164, ``emails`` as texts, ``extra`` as a dict of texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scorecli.domain.contact_values import folded_name
from scorecli.domain.text import fold
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks, placeholders

PLAIN = (
    "kind",
    "external_id",
    "first_name",
    "last_name",
    "company_id",
    "job_title",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
    "source",
    "owner_id",
    "note",
)
"""The fields of a contact that are one column each and that people and files write."""
FIELDS = (*PLAIN, "numbers", "emails", "extra")
"""All that people and files write."""
EMPTY: dict[str, Any] = {**dict.fromkeys(PLAIN), "numbers": [], "emails": [], "extra": {}}

State = dict[str, Any]
_KEPT = ("removed", "merged_into", "added_in")
_INSERT = (
    f"INSERT INTO contact (id, {', '.join(PLAIN)}, folded, created_at, added_in, extra)"
    f" VALUES ({', '.join('?' * (len(PLAIN) + 5))})"
)


def contact_states(db: Database, contacts: Iterable[int]) -> dict[int, State]:
    """Return the states of contacts by number, removed ones too, with ``removed``,
    ``merged_into`` and ``added_in``.
    """
    found: dict[int, State] = {}
    for part in chunks(contacts):
        marks = placeholders(part)
        names = (*PLAIN, *_KEPT)
        for number, extra, *values in db.execute(
            f"SELECT id, extra, {', '.join(names)} FROM contact WHERE id IN ({marks})", part
        ):
            state = dict(zip(names, values, strict=True))
            state.update(numbers=[], emails=[], extra=json.loads(extra) if extra else {})
            found[number] = state
        for number, written, e164 in db.execute(
            "SELECT contact_id, number, e164 FROM contact_number"
            f" WHERE contact_id IN ({marks}) ORDER BY contact_id, position",
            part,
        ):
            found[number]["numbers"].append([written, e164])
        for number, email in db.execute(
            f"SELECT contact_id, email FROM contact_email WHERE contact_id IN ({marks})"
            " ORDER BY contact_id, position",
            part,
        ):
            found[number]["emails"].append(email)
    return found


def next_contact(db: Database) -> int:
    """Return the number of the next new contact; numbers are never given twice."""
    return 1 + int(
        db.one(
            "SELECT max(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'contact'), 0),"
            " COALESCE((SELECT max(id) FROM contact), 0))"
        )
    )


def insert_contacts(
    db: Database, rows: Sequence[tuple[int, Mapping[str, Any]]], *, now: int, change: int
) -> None:
    """Put in new contacts, each a number and its fields; ``now`` is UTC seconds."""
    db.executemany(
        _INSERT,
        [
            (
                number,
                *(values.get(name) for name in PLAIN),
                folded_name(values.get("first_name"), values.get("last_name")),
                now,
                change,
                extra_text(values.get("extra")),
            )
            for number, values in rows
        ],
    )
    put_numbers(db, ((number, values.get("numbers") or ()) for number, values in rows))
    put_emails(db, ((number, values.get("emails") or ()) for number, values in rows))


def put_numbers(db: Database, contacts: Iterable[tuple[int, Iterable[Sequence[Any]]]]) -> None:
    """Put in the numbers of contacts that have none so far."""
    db.executemany(
        "INSERT INTO contact_number (contact_id, position, number, e164) VALUES (?, ?, ?, ?)",
        [
            (contact, position, written, e164)
            for contact, numbers in contacts
            for position, (written, e164) in enumerate(numbers, 1)
        ],
    )


def put_emails(db: Database, contacts: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Put in the e-mail addresses of contacts that have none so far."""
    db.executemany(
        "INSERT INTO contact_email (contact_id, position, email, folded) VALUES (?, ?, ?, ?)",
        [
            (contact, position, email, fold(email))
            for contact, emails in contacts
            for position, email in enumerate(emails, 1)
        ],
    )


def extra_text(extra: Mapping[str, str] | None) -> str | None:
    """Return how ``extra`` is stored: JSON in the order of the columns, or NULL when empty."""
    return json.dumps(extra, ensure_ascii=False) if extra else None
