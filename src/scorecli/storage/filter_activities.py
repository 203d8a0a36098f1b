"""What each field of an activity's filter is in the database: columns of ``activity AS c``."""

from __future__ import annotations

from scorecli.domain.filter_tree import Check
from scorecli.storage.filter_sql import Writer, Written, columns, number, text

_CONTACTS = "SELECT id FROM contact WHERE"
# The company an activity belongs to: its own, or that of its contact.
_COMPANY = (
    "COALESCE(c.company_id, (SELECT p.company_id FROM contact AS p WHERE p.id = c.contact_id))"
)


def _folded(writer: Writer, node: Check, column: str) -> str:
    return f"({writer.folded(node, column)})"


def _contact(writer: Writer, node: Check) -> str:
    if node.op == "empty":
        return "c.contact_id IS NULL"
    if node.op == "filled":
        return "c.contact_id IS NOT NULL"
    named = f"c.contact_id IN ({_CONTACTS} {writer.folded(node, 'folded')})"
    return f"(c.contact_id IS NOT NULL AND {named})"


def _company(writer: Writer, node: Check) -> str:
    if node.op == "empty":
        return f"{_COMPANY} IS NULL"
    if node.op == "filled":
        return f"{_COMPANY} IS NOT NULL"
    named = f"SELECT id FROM company WHERE {writer.folded(node, 'folded')}"
    return f"({_COMPANY} IS NOT NULL AND {_COMPANY} IN ({named}))"


FIELDS: dict[str, Written] = {
    "id": (number, "c.id"),
    "external_id": (text, "c.external_id"),
    "type": (_folded, "c.folded"),
    "contact": (_contact,),
    "contact_id": (number, "c.contact_id"),
    "company": (_company,),
    "company_id": (number, _COMPANY),
    "points": (number, "c.points"),
    "date": (number, "c.at"),
    "subject": (text, "c.subject"),
    "rule": (text, "c.rule"),
    "change": (number, "c.added_in"),
    "extra": (columns, "c.extra"),
}


def words(writer: Writer, node: Check) -> str:
    """Return the condition of a bare word: type, subject, whose it is, external id."""
    found = writer.searched(node, "c.subject", "c.external_id")
    return (
        f"({writer.holding('c.folded', node.values)} OR {found} OR {_contact(writer, node)}"
        f" OR {_company(writer, node)})"
    )
