"""What each field of a contact's filter is in the database: columns of ``contact AS c``."""

from __future__ import annotations

from scorecli.domain.filter_tree import Check
from scorecli.storage.contact_points import points_filter
from scorecli.storage.filter_sql import Writer, Written, columns, number, reference, text

_USERS = 'SELECT id FROM "user" WHERE'
_COMPANIES = "SELECT id FROM company WHERE"
# A number that several live contacts have; calls with it belong to none of them.
_SHARED = (
    "EXISTS (SELECT 1 FROM contact_number AS n JOIN contact_number AS o ON o.e164 = n.e164"
    " AND o.contact_id <> n.contact_id JOIN contact AS k ON k.id = o.contact_id"
    " AND k.removed IS NULL WHERE n.contact_id = c.id)"
)


def _name(writer: Writer, node: Check) -> str:
    if node.op in ("empty", "filled"):
        return f"c.folded {'=' if node.op == 'empty' else '<>'} ''"
    return f"({writer.folded(node, 'c.folded')})"


def _numbers(writer: Writer, node: Check) -> str:
    if node.op in ("empty", "filled"):
        exists = "NOT EXISTS" if node.op == "empty" else "EXISTS"
        return f"{exists} (SELECT 1 FROM contact_number AS n WHERE n.contact_id = c.id)"
    return f"c.id IN ({_number_holders(writer, node)})"


def _number_holders(writer: Writer, node: Check) -> str:
    """Return the query for contacts by a number as it was written, or as it is normalised."""
    holder = "SELECT n.contact_id FROM contact_number AS n WHERE"
    return (
        f"{holder} n.e164 IS NOT NULL AND {writer.folded(node, 'n.e164')}"
        f" UNION {holder} {writer.searched(node, 'n.number')}"
    )


def _emails(writer: Writer, node: Check) -> str:
    if node.op in ("empty", "filled"):
        exists = "NOT EXISTS" if node.op == "empty" else "EXISTS"
        return f"{exists} (SELECT 1 FROM contact_email AS e WHERE e.contact_id = c.id)"
    return f"c.id IN ({_email_holders(writer, node)})"


def _email_holders(writer: Writer, node: Check) -> str:
    return f"SELECT e.contact_id FROM contact_email AS e WHERE {writer.folded(node, 'e.folded')}"


def _shared(writer: Writer, node: Check) -> str:  # noqa: ARG001 - as all of them are called
    return _SHARED if 1 in node.values else f"(NOT {_SHARED})"


def _score(writer: Writer, node: Check) -> str:
    """Return the condition of a score of one type: no value is NULL."""
    kind = writer.param(node.column)
    value = (
        "(SELECT s.value FROM contact_score AS s"
        f" WHERE s.contact_id = c.id AND s.score_type = {kind})"
    )
    return number(writer, node, value)


FIELDS: dict[str, Written] = {
    "id": (number, "c.id"),
    "external_id": (text, "c.external_id"),
    "kind": (number, "c.kind"),
    "name": (_name,),
    "first_name": (text, "c.first_name"),
    "last_name": (text, "c.last_name"),
    "company": (reference, "c.company_id", _COMPANIES, "folded"),
    "company_id": (number, "c.company_id"),
    "job_title": (text, "c.job_title"),
    "number": (_numbers,),
    "email": (_emails,),
    "street": (text, "c.street"),
    "city": (text, "c.city"),
    "region": (text, "c.region"),
    "postal_code": (text, "c.postal_code"),
    "country": (text, "c.country"),
    "source": (text, "c.source"),
    "owner": (reference, "c.owner_id", _USERS, "fold(name)"),
    "owner_id": (number, "c.owner_id"),
    "score": (_score,),
    "points": (points_filter,),
    "note": (text, "c.note"),
    "shared_number": (_shared,),
    "created": (number, "c.created_at"),
    "change": (number, "c.added_in"),
    "extra": (columns, "c.extra"),
}


def words(writer: Writer, node: Check) -> str:
    """Return the condition of a bare word: any of the free texts, numbers and addresses."""
    found = writer.searched(node, "c.job_title", "c.note", "c.external_id")
    company = f"c.company_id IN ({_COMPANIES} {writer.folded(node, 'folded')})"
    return (
        f"({writer.folded(node, 'c.folded')} OR {found}"
        f" OR (c.company_id IS NOT NULL AND {company})"
        f" OR c.id IN ({_number_holders(writer, node)})"
        f" OR c.id IN ({_email_holders(writer, node)}))"
    )
