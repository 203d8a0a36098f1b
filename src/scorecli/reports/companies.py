"""Companies: a list, and one with all that is known; those without a live contact are left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.result import Column, Result
from scorecli.storage.database import Database

_FIELDS = ("website", "phone", "street", "city", "region", "postal_code", "country", "note")
_KNOWN = " OR ".join(f"o.{field} IS NOT NULL" for field in (*_FIELDS, "owner_id"))
_CONTACTS = "SELECT {} FROM contact AS k WHERE k.company_id = o.id AND k.removed IS NULL"
_SELECT = (
    f"SELECT o.id, o.name, ({_CONTACTS.format('count(*)')}), o.website, o.phone, o.street, o.city,"
    ' o.region, o.postal_code, o.country, (SELECT u.name FROM "user" AS u WHERE u.id = o.owner_id),'
    " o.note FROM company AS o"
)
_THERE = (
    f"EXISTS ({_CONTACTS.format('1')}) OR {_KNOWN} OR EXISTS"
    " (SELECT 1 FROM activity AS a WHERE a.company_id = o.id AND a.removed IS NULL)"
)
_COLUMNS = (
    Column("id", "ID", "integer"),
    Column("name", "Name"),
    Column("contacts", "Contacts", "integer"),
    Column("website", "Website"),
    Column("phone", "Telephone"),
    Column("street", "Street"),
    Column("city", "City"),
    Column("region", "Region"),
    Column("postal_code", "Postal code"),
    Column("country", "Country"),
    Column("owner", "Owner"),
    Column("note", "Note"),
)


def list_companies(
    db: Database,
    words: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
    *,
    for_people: bool = False,
) -> Result:
    """Return companies by name; ``words`` must all be in the name or the city."""
    params: dict[str, Any] = {"most": -1 if limit is None else limit, "skipped": offset}
    conditions = [f"({_THERE})"]
    for place, word in enumerate(words):
        params[f"w{place}"] = " ".join(word.split()).casefold()
        conditions.append(
            f"(instr(o.folded, :w{place}) > 0 OR instr(COALESCE(fold(o.city), ''), :w{place}) > 0)"
        )
    sql = f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY o.folded, o.id"
    columns = [
        column._replace(optional=for_people and column.name not in ("id", "name", "contacts"))
        for column in _COLUMNS
    ]
    return Result(columns, db.execute(f"{sql} LIMIT :most OFFSET :skipped", params))


def show_company(db: Database, company: int) -> Result:
    """Return one company as a single record."""
    return Result(_COLUMNS, db.rows(f"{_SELECT} WHERE o.id = :id", {"id": company}), single=True)
