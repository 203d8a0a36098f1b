"""What each field of a call's filter is in the database: columns of ``call AS c``."""

from __future__ import annotations

from scorecli.domain.filter_tree import Check
from scorecli.storage.contact_links import OWN_NUMBERS
from scorecli.storage.filter_sql import (
    Writer,
    Written,
    amount,
    columns,
    digits,
    lookup,
    number,
    reference,
    tags,
    text,
)

_WORDS = ("c.contact_name", "c.contact_number", "c.note", "c.external_id")
_USERS = 'SELECT id FROM "user" WHERE'
_RESULTS = "SELECT id FROM result WHERE"


def _contact(writer: Writer, node: Check) -> str:
    """Return the condition on the contact that a call links to."""
    if node.op in ("empty", "filled"):
        known = f"(c.contact_number_e164 IS NOT NULL AND c.contact_number_e164 IN ({OWN_NUMBERS}))"
        return f"(NOT {known})" if node.op == "empty" else known
    whose = number(writer, node, "n.contact_id")
    return (
        "(c.contact_number_e164 IS NOT NULL"
        f" AND c.contact_number_e164 IN ({OWN_NUMBERS} AND {whose}))"
    )


FIELDS: dict[str, Written] = {
    "id": (number, "c.id"),
    "external_id": (text, "c.external_id"),
    "system": (lookup, "c.system_id", "system"),
    "date": (number, "c.started_at"),
    "account": (lookup, "c.account_id", "account"),
    "direction": (number, "c.direction"),
    "status": (number, "c.status"),
    "termination": (lookup, "c.termination_id", "termination"),
    "recording_url": (text, "c.recording_url"),
    "contact_name": (text, "c.contact_name"),
    "contact_number": (text, "c.contact_number"),
    "contact_number_e164": (digits, "c.contact_number_e164"),
    "contact": (_contact,),
    "tracking_number": (lookup, "c.tracking_number_id", "tracking_number"),
    "source": (lookup, "c.source_id", "source"),
    "medium": (lookup, "c.medium_id", "medium"),
    "campaign": (lookup, "c.campaign_id", "campaign"),
    "list": (lookup, "c.list_id", "list"),
    "agent": (lookup, "c.agent_id", "agent"),
    "agent_extension": (lookup, "c.agent_extension_id", "agent_extension"),
    "agent_email": (lookup, "c.agent_email_id", "agent_email"),
    "user": (reference, "c.user_id", _USERS, "fold(name)"),
    "user_id": (number, "c.user_id"),
    "assigned_by": (number, "c.assigned_by"),
    "duration": (number, "c.duration"),
    "talk_time": (number, "c.talk_time"),
    "wait_time": (number, "c.wait_time"),
    "result": (reference, "c.result_id", _RESULTS, "folded"),
    "recall_at": (number, "c.recall_at"),
    "scored": (number, "c.scored"),
    "stars": (number, "c.stars"),
    "reporting_tags": (tags, "reporting"),
    "converted": (number, "c.converted"),
    "amount": (amount, "c.amount"),
    "currency": (number, "c.currency"),
    "converted_on": (number, "c.converted_on"),
    "note": (text, "c.note"),
    "call_tags": (tags, "call"),
    "change": (number, "c.imported_in"),
    "extra": (columns, "c.extra"),
}


def words(writer: Writer, node: Check) -> str:
    """Return the condition of a bare word: any of the free texts and tags of a call."""
    found = writer.searched(node, *_WORDS)
    tagged = writer.holding("t.folded", node.values)
    return (
        f"({found} OR c.id IN (SELECT ct.call_id FROM tag AS t"
        f" JOIN call_tag AS ct ON ct.tag_id = t.id WHERE {tagged}))"
    )
