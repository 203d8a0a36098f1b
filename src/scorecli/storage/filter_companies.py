"""What each field of a company's filter is in the database: columns of ``company AS c``."""

from __future__ import annotations

from scorecli.domain.activity_points import form_of
from scorecli.domain.filter_tree import Check
from scorecli.storage.contact_points import company_points
from scorecli.storage.filter_sql import Writer, Written, number, reference, text

_USERS = 'SELECT id FROM "user" WHERE'
_CONTACTS = "(SELECT count(*) FROM contact AS k WHERE k.company_id = c.id AND k.removed IS NULL)"


def _name(writer: Writer, node: Check) -> str:
    if node.op in ("empty", "filled"):
        return f"c.folded {'=' if node.op == 'empty' else '<>'} ''"
    return f"({writer.folded(node, 'c.folded')})"


def _points(writer: Writer, node: Check) -> str:
    return number(writer, node, company_points(form_of(node.column)))


FIELDS: dict[str, Written] = {
    "id": (number, "c.id"),
    "name": (_name,),
    "contacts": (number, _CONTACTS),
    "points": (_points,),
    "website": (text, "c.website"),
    "phone": (text, "c.phone"),
    "street": (text, "c.street"),
    "city": (text, "c.city"),
    "region": (text, "c.region"),
    "postal_code": (text, "c.postal_code"),
    "country": (text, "c.country"),
    "owner": (reference, "c.owner_id", _USERS, "fold(name)"),
    "note": (text, "c.note"),
}


def words(writer: Writer, node: Check) -> str:
    """Return the condition of a bare word: name or city."""
    return f"({writer.folded(node, 'c.folded')} OR {writer.searched(node, 'c.city')})"
