"""What each field of a record's filter is in the database: columns of ``list_record AS c``.

What a record does not have itself is a field of its contact.
"""

from __future__ import annotations

from scorecli.domain.filter_fields import RECORDS
from scorecli.domain.filter_tree import Check
from scorecli.storage import filter_contacts
from scorecli.storage.filter_sql import Writer, Written, digits, number, reference, text

_CAMPAIGNS = "SELECT id FROM campaign WHERE"
_LISTS = "SELECT id FROM contact_list WHERE removed IS NULL AND"
_HOLDERS = "c.contact_id IN (SELECT c.id FROM contact AS c WHERE {})"  # the inner c is the contact


def _of_contact(writer: Writer, node: Check, name: str) -> str:
    write, *where = filter_contacts.FIELDS[name]
    return _HOLDERS.format(write(writer, node, *where))


_OWN: dict[str, Written] = {
    "id": (number, "c.id"),
    "campaign": (reference, "c.campaign_id", _CAMPAIGNS, "folded"),
    "list": (reference, "c.list_id", _LISTS, "folded"),
    "state": (number, "c.state"),
    "attempts": (number, "c.attempts"),
    "last_call_at": (number, "c.last_call_at"),
    "next_at": (number, "c.next_at"),
    "number": (digits, "c.number"),
    "time_zone": (text, "c.time_zone"),
    "reserved_by": (text, "c.reserved_by"),
    "contact": (number, "c.contact_id"),
    "change": (number, "c.added_in"),
}
FIELDS: dict[str, Written] = {
    **{name: (_of_contact, name) for name in RECORDS.fields if name not in _OWN},
    **_OWN,
}


def words(writer: Writer, node: Check) -> str:
    """Return the condition of a bare word: any of the free texts of the contact, or the number."""
    person = _HOLDERS.format(filter_contacts.words(writer, node))
    return f"({person} OR {writer.holding('c.number', node.values)})"
