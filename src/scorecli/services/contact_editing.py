"""Contacts entered, corrected, converted and deleted by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scorecli.domain.contact_values import (
    read_email,
    read_kind,
    read_line,
    read_number,
    split_name,
)
from scorecli.domain.notes import check_note
from scorecli.domain.phones import Phones
from scorecli.domain.text import fold
from scorecli.errors.contacts import ExternalIdTaken, NoContact, UnknownContact
from scorecli.services.contact_writer import ContactWriter, EditedField
from scorecli.settings import Settings
from scorecli.storage.changes import Author
from scorecli.storage.companies import Companies
from scorecli.storage.contact_rows import State, contact_states
from scorecli.storage.database import Database
from scorecli.storage.users import find_user

SHOWN = 1000
"""The most fields whose values before and after are kept for showing."""
_WHO = ("first_name", "last_name", "external_id", "numbers", "emails")


class ContactWish(NamedTuple):
    """What a person asks for: texts by field, None takes a value away.

    ``texts`` may hold ``name``, ``company`` and ``owner`` beside the plain fields. ``numbers`` and
    ``emails`` are whole lists where they are not None; the lists to add and to drop change single
    ones. ``extra`` is by column.
    """

    texts: Mapping[str, str | None] = {}
    numbers: Sequence[str] | None = None
    emails: Sequence[str] | None = None
    add_numbers: Sequence[str] = ()
    add_emails: Sequence[str] = ()
    drop_numbers: Sequence[str] = ()
    drop_emails: Sequence[str] = ()
    extra: Mapping[str, str | None] = {}

    def is_empty(self) -> bool:
        """Tell whether nothing is asked for."""
        return self == ContactWish()


class EditOutcome(NamedTuple):
    """What an edit did; ``fields`` holds the first ones, ``change`` the number in the history."""

    changed: int
    unchanged: int
    fields: list[EditedField]
    change: int | None


class Deletion(NamedTuple):
    """How many contacts were deleted, and the number in the history (None in a dry run)."""

    deleted: int
    change: int | None


def add_contact(
    db: Database,
    settings: Settings,
    wish: ContactWish,
    *,
    now: int,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[int], None] | None = None,
) -> tuple[int, int | None]:
    """Enter one contact; return its number and that of the change (None in a dry run).

    ``now`` is UTC seconds. ``inspect`` is told the number inside the transaction. Raises
    :class:`NoContact`, :class:`BadContactValue`, :class:`ExternalIdTaken`, and what refuses an
    owner; then nothing is written.
    """
    with db.change(*author, dry_run=dry_run) as change:
        reader = _WishReader(db, settings, wish)
        values = {"kind": "contact", **reader.plain(), **reader.lists({})}
        if not any(values.get(field) for field in _WHO):
            raise NoContact
        contact = ContactWriter(db, change).add(values, now=now)
        _hold_external_id(db, contact, values.get("external_id"))
        change.summary = {"inserted": 1}
        if inspect is not None:
            db.settle(change)
            inspect(contact)
    return contact, None if dry_run else change.number


def edit_contacts(
    db: Database,
    settings: Settings,
    contacts: Iterable[int],
    wish: ContactWish,
    *,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[list[int]], None] | None = None,
) -> EditOutcome:
    """Set fields of contacts, all of them or none, as one change.

    What was set is protected from imports. ``inspect`` is told the numbers inside the transaction.
    Raises :class:`BadContactValue`, :class:`UnknownContact`, :class:`ExternalIdTaken`, and what
    refuses an owner.
    """
    numbers = list(dict.fromkeys(contacts))
    outcome = EditOutcome(0, 0, [], None)
    changed = 0
    with db.change(*author, dry_run=dry_run) as change:
        reader = _WishReader(db, settings, wish)
        plain = reader.plain()
        writer = ContactWriter(db, change)
        for contact, before in live_states(db, numbers):
            edited = writer.edit(contact, before, {**plain, **reader.lists(before)})
            _hold_external_id(db, contact, plain.get("external_id"))
            changed += bool(edited)
            outcome.fields.extend(edited[: SHOWN - len(outcome.fields)])
        if inspect is not None:
            db.settle(change)
            inspect(numbers)
    return outcome._replace(
        changed=changed,
        unchanged=len(numbers) - changed,
        change=None if dry_run else change.number,
    )


def delete_contacts(
    db: Database,
    contacts: Iterable[int],
    *,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[list[int]], None] | None = None,
) -> Deletion:
    """Delete contacts, all of them or none; undo brings them back, an import does not.

    ``inspect`` is told their numbers inside the transaction, before they go. Raises
    :class:`UnknownContact`.
    """
    numbers = list(dict.fromkeys(contacts))
    with db.change(*author, dry_run=dry_run) as change:
        if inspect is not None:
            inspect(numbers)
        writer = ContactWriter(db, change)
        for contact, before in live_states(db, numbers):
            writer.edit(contact, before, {"removed": "deleted"})
    return Deletion(len(numbers), None if dry_run else change.number)


def live_states(db: Database, numbers: Sequence[int]) -> Iterable[tuple[int, State]]:
    """Yield contacts with their states, in this order; raises :class:`UnknownContact`."""
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        states = contact_states(db, part)
        for contact in part:
            state = states.get(contact)
            if state is None or state["removed"] is not None:
                raise UnknownContact(str(contact))
            yield contact, state


def _hold_external_id(db: Database, contact: int, external_id: str | None) -> None:
    """Raise :class:`ExternalIdTaken` where another live contact has what this one was given."""
    if external_id is None:
        return
    holder = db.one(
        "SELECT min(id) FROM contact"
        " WHERE external_id = :external_id AND id <> :contact AND removed IS NULL",
        {"external_id": external_id, "contact": contact},
    )
    if holder is not None:
        raise ExternalIdTaken(external_id, holder)


class _WishReader:
    """Turns what a person asks for into the values of fields."""

    def __init__(self, db: Database, settings: Settings, wish: ContactWish) -> None:
        self._db = db
        self._wish = wish
        self._phones = Phones(settings.phone.region)

    def plain(self) -> dict[str, Any]:
        """Return the values of the fields that are the same for every contact."""
        values: dict[str, Any] = {}
        for field, text in self._wish.texts.items():
            if text is not None and field == "note":
                values["note"] = check_note(text)
                continue
            line = None if text is None else read_line(field, text) or None
            if field == "name":
                values["first_name"], values["last_name"] = split_name(line or "")
            elif field == "company":
                values["company_id"] = line and Companies(self._db).number(line)
            elif field == "owner":
                values["owner_id"] = line and find_user(self._db, line).id
            elif field == "kind":
                values["kind"] = read_kind(line or "")
            else:
                values[field] = line
        return values

    def lists(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return numbers, e-mail addresses and ``extra``, given those that a contact has."""
        wish = self._wish
        values: dict[str, Any] = {}
        if wish.numbers is not None or wish.add_numbers or wish.drop_numbers:
            had = before.get("numbers", []) if wish.numbers is None else []
            given = [*(wish.numbers or ()), *wish.add_numbers]
            wanted = [*had, *map(self._number, given)]
            gone = {_same_number(self._number(text)) for text in wish.drop_numbers}
            values["numbers"] = [
                pair for pair in distinct_numbers(wanted) if _same_number(pair) not in gone
            ]
        if wish.emails is not None or wish.add_emails or wish.drop_emails:
            had = before.get("emails", []) if wish.emails is None else []
            given = [*(wish.emails or ()), *wish.add_emails]
            dropped = {fold(text) for text in wish.drop_emails}
            values["emails"] = [
                email
                for email in distinct_emails([*had, *map(read_email, given)])
                if fold(email) not in dropped
            ]
        if wish.extra:
            merged = {**before.get("extra", {}), **wish.extra}
            values["extra"] = {name: text for name, text in merged.items() if text}
        return values

    def _number(self, text: str) -> list[str | None]:
        number = read_number(text)
        return [number, self._phones.e164(number)]


def _same_number(pair: Sequence[Any]) -> str:
    return str(pair[1] or fold(pair[0]))


def distinct_numbers(numbers: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return pairs of a number and its E.164, each number once, in the way it came first."""
    found: dict[str, list[Any]] = {}
    for pair in numbers:
        found.setdefault(_same_number(pair), list(pair))
    return list(found.values())


def distinct_emails(emails: Iterable[str]) -> list[str]:
    """Return e-mail addresses, each once, in the way it was written first."""
    found: dict[str, str] = {}
    for email in emails:
        found.setdefault(fold(email), email)
    return list(found.values())
