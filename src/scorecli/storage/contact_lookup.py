"""Finding the contact that a person names: by number, external id, e-mail, telephone or name.

All digits are the contact's number in this database, or else a telephone number; ``ext:ID`` forces
an external id.
"""

from __future__ import annotations

from collections.abc import Iterable

from scorecli.domain.contact_values import folded_name, split_name
from scorecli.domain.phones import Phones
from scorecli.domain.text import fold
from scorecli.errors import Refused
from scorecli.errors.contacts import AmbiguousContact, UnknownContact
from scorecli.storage.database import Database

_PREFIX = "ext:"
_LARGEST = 2**63 - 1  # what a contact's number can be
_FEWEST_DIGITS = 5  # of a telephone number
_EMAIL = "SELECT contact_id FROM contact_email WHERE folded = :text"
_E164 = "SELECT contact_id FROM contact_number WHERE e164 = :text"
_WRITTEN = "SELECT contact_id FROM contact_number WHERE fold(number) = :text"
_NAME = "SELECT id FROM contact WHERE folded = :text"
_EXTERNAL = "SELECT id FROM contact WHERE external_id = :text"


def find_contact(
    db: Database, text: str, region: str | None = None, *, deleted: bool = False
) -> int:
    """Return the number of the live contact that ``text`` names.

    ``region`` is where telephone numbers without a country code belong. With ``deleted`` it may be
    one that was deleted, or whose import was undone, where no live one is meant. Raises
    :class:`UnknownContact`, also for one that was removed (the hint says so), and
    :class:`AmbiguousContact` with the candidates.
    """
    wanted = text.strip()
    removed: list[int] = []
    for sql, value in _questions(wanted, region):
        found = [number for (number,) in db.rows(sql, {"text": value})]
        live = _live(db, found)
        if len(live) == 1:
            return live[0]
        if live:
            raise AmbiguousContact(text, _described(db, live))
        removed += found
    gone = _deleted(db, removed) if deleted else []
    if len(gone) == 1:
        return gone[0]
    if gone:
        raise AmbiguousContact(text, _described(db, gone))
    if removed:
        raise UnknownContact(text, _removal_hint(db, removed[0]))
    if wanted.isascii() and wanted.isdigit():
        raise UnknownContact(
            text, "Digits are a contact's number in this database; ext:ID looks for an external id."
        )
    raise UnknownContact(text)


def find_contacts(
    db: Database, texts: Iterable[str], region: str | None = None
) -> dict[str, int | Refused]:
    """Return, for each text, the number of its contact or the reason why there is none."""
    found: dict[str, int | Refused] = {}
    for text in dict.fromkeys(texts):
        try:
            found[text] = find_contact(db, text, region)
        except Refused as error:
            found[text] = error
    return found


def require_contact(db: Database, contact: int) -> None:
    """Raise :class:`UnknownContact` where a number is no live contact's (any more)."""
    live = "SELECT 1 FROM contact WHERE id = :id AND removed IS NULL"
    if db.one(live, {"id": contact}) is None:
        raise UnknownContact(str(contact))


def _questions(wanted: str, region: str | None) -> Iterable[tuple[str, str | int]]:
    """Yield what to ask for, one after the other until something is found."""
    if wanted.startswith(_PREFIX):
        yield _EXTERNAL, wanted[len(_PREFIX) :]
        return
    digits = sum(ch.isdigit() for ch in wanted)
    all_digits = wanted.isascii() and wanted.isdigit()
    if all_digits:
        yield "SELECT id FROM contact WHERE id = :text", min(int(wanted[:30]), _LARGEST)
    elif "@" in wanted:
        yield _EMAIL, fold(wanted)
    else:
        yield _NAME, fold(wanted)
        yield _NAME, folded_name(*split_name(wanted))
    if digits >= _FEWEST_DIGITS and "@" not in wanted:
        e164 = Phones(region).e164(wanted)
        if e164 is not None:
            yield _E164, e164
        yield _WRITTEN, fold(wanted)
    if not all_digits:  # whose number it is must not depend on which numbers there are
        yield _EXTERNAL, wanted


def _live(db: Database, numbers: Iterable[int]) -> list[int]:
    return [
        number
        for number in sorted(set(numbers))
        if db.one("SELECT 1 FROM contact WHERE id = :id AND removed IS NULL", {"id": number})
    ]


def _deleted(db: Database, numbers: Iterable[int]) -> list[int]:
    removed = "SELECT 1 FROM contact WHERE id = :id AND removed IN ('deleted', 'undone')"
    return [number for number in sorted(set(numbers)) if db.one(removed, {"id": number})]


def _described(db: Database, numbers: Iterable[int]) -> list[tuple[int, str, str | None]]:
    found = []
    for number in numbers:
        first, last, company = db.rows(
            "SELECT c.first_name, c.last_name, o.name FROM contact AS c"
            " LEFT JOIN company AS o ON o.id = c.company_id WHERE c.id = :id",
            {"id": number},
        )[0]
        found.append((number, " ".join(filter(None, (first, last))), company))
    return found


def _removal_hint(db: Database, contact: int) -> str:
    removed, into = db.rows(
        "SELECT removed, merged_into FROM contact WHERE id = :id", {"id": contact}
    )[0]
    if removed == "undone":
        return f"The change that brought contact {contact} was undone."
    change = db.one(
        "SELECT max(change_id) FROM change_entry"
        " WHERE entity = 'contact' AND entity_id = :id AND field = 'removed'",
        {"id": contact},
    )
    if removed == "merged":
        return (
            f"Contact {contact} went into contact {into} with change {change};"
            f" `scorecli undo {change}` parts them."
        )
    return (
        f"Contact {contact} was deleted by change {change}; `scorecli undo {change}` restores it."
    )
