"""Numbers and addresses that several contacts have: what keeps calls from linking to them."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.storage.database import Database
from scorecli.storage.many_rows import placeholders

_MOST = 5  # named in one sentence
_SHARED = (
    "SELECT n.{text}, o.contact_id FROM {table} AS n"
    " JOIN {table} AS o ON o.{key} = n.{key} AND o.contact_id <> n.contact_id"
    " JOIN contact AS k ON k.id = o.contact_id AND k.removed IS NULL"
    " WHERE n.contact_id IN ({marks}) AND n.{key} IS NOT NULL ORDER BY n.{key}, o.contact_id"
)


def duplicate_notices(db: Database, contacts: Sequence[int]) -> list[str]:
    """Return sentences about numbers and addresses of contacts that other live contacts have."""
    notices = []
    numbers = _shared(db, contacts, ("contact_number", "number", "e164"))
    for number, others in list(numbers.items())[:_MOST]:
        notices.append(
            f"{number} is a number of {_named(others)} too, so calls with it link to none of them."
        )
    emails = _shared(db, contacts, ("contact_email", "email", "folded"))
    for email, others in list(emails.items())[:_MOST]:
        notices.append(
            f"{_named(others, upper=True)} {'has' if len(others) == 1 else 'have'} the e-mail"
            f" address {email} too; `scorecli contacts merge` unites two that are one person."
        )
    more = max(0, len(numbers) - _MOST) + max(0, len(emails) - _MOST)
    if more:
        notices.append(f"And {more:,} more: scorecli contacts list shared_number:yes")
    return notices


def _shared(
    db: Database, contacts: Sequence[int], of: tuple[str, str, str]
) -> dict[str, list[int]]:
    table, text, key = of
    marks = placeholders(contacts)
    sql = _SHARED.format(table=table, text=text, key=key, marks=marks)
    found: dict[str, list[int]] = {}
    for value, other in db.execute(sql, tuple(contacts)):
        others = found.setdefault(value, [])
        if other not in others:
            others.append(other)
    return found


def _named(contacts: Sequence[int], *, upper: bool = False) -> str:
    word = "Contact" if upper else "contact"
    if len(contacts) == 1:
        return f"{word} {contacts[0]}"
    shown = ", ".join(map(str, contacts[:_MOST]))
    return f"{word}s {shown}{' and more' if len(contacts) > _MOST else ''}"
