"""Companies: a list, and one with all that is known; those without a live contact are left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from scorecli.domain.activity_points import points_form
from scorecli.domain.text import by_likeness, nearest
from scorecli.domain.whole_filter import Filter
from scorecli.errors.reports import UnknownColumn
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.contact_points import company_points
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql

_ALWAYS_SHOWN = ("id", "name", "contacts", "points")

_FIELDS = ("website", "phone", "street", "city", "region", "postal_code", "country", "note")
_KNOWN = " OR ".join(f"o.{field} IS NOT NULL" for field in (*_FIELDS, "owner_id"))
_CONTACTS = "SELECT {} FROM contact AS k WHERE k.company_id = o.id AND k.removed IS NULL"
_COUNT = f"({_CONTACTS.format('count(*)')})"
_OWNER = '(SELECT u.name FROM "user" AS u WHERE u.id = o.owner_id)'
_THERE = (
    f"EXISTS ({_CONTACTS.format('1')}) OR {_KNOWN} OR EXISTS"
    " (SELECT 1 FROM activity AS a WHERE a.company_id = o.id AND a.removed IS NULL)"
)


class _Field(NamedTuple):
    column: Column
    sql: str
    order: str


def _fields(settings: Settings) -> list[_Field]:
    form = points_form(settings)
    points = company_points(form, "o")
    fields = [
        _Field(Column("id", "ID", "integer"), "o.id", "o.id"),
        _Field(Column("name", "Name"), "o.name", "o.folded"),
        _Field(Column("contacts", "Contacts", "integer"), _COUNT, _COUNT),
        _Field(Column("points", "Points", "integer"), points, points),
        _Field(Column("website", "Website"), "o.website", "fold(o.website)"),
        _Field(Column("phone", "Telephone"), "o.phone", "o.phone"),
        _Field(Column("street", "Street"), "o.street", "fold(o.street)"),
        _Field(Column("city", "City"), "o.city", "fold(o.city)"),
        _Field(Column("region", "Region"), "o.region", "fold(o.region)"),
        _Field(Column("postal_code", "Postal code"), "o.postal_code", "o.postal_code"),
        _Field(Column("country", "Country"), "o.country", "fold(o.country)"),
        _Field(Column("owner", "Owner"), _OWNER, f"fold({_OWNER})"),
        _Field(Column("note", "Note"), "o.note", "fold(o.note)"),
    ]
    return [field for field in fields if form.companies or field.column.name != "points"]


def _select(fields: Sequence[_Field]) -> str:
    return f"SELECT {', '.join(field.sql for field in fields)} FROM company AS o"


def _order(fields: Sequence[_Field], sort: str | None) -> str:
    if sort is None:
        return "o.folded, o.id"
    name = sort.removesuffix("-")
    known = {field.column.name: field.order for field in fields}
    if name not in known:
        raise UnknownColumn(name, nearest(name, known), by_likeness(name, known))
    return f"{known[name]} {'DESC' if sort.endswith('-') else 'ASC'} NULLS LAST, o.folded, o.id"


def list_companies(
    db: Database,
    settings: Settings,
    what: Filter,
    sort: str | None = None,
    limit: int | None = None,
    offset: int = 0,
    *,
    for_people: bool = False,
) -> Result:
    """Return the companies that a filter selects, by name.

    ``sort`` is ``FIELD`` or ``FIELD-``. Points are a company's own and those of its people. Raises
    :class:`UnknownColumn`.
    """
    fields = _fields(settings)
    where = f"({_THERE})"
    params: dict[str, Any] = {"most": -1 if limit is None else limit, "skipped": offset}
    if not what.is_empty:
        condition = to_sql(what)
        where += f" AND o.id IN (SELECT c.id FROM company AS c WHERE {condition.sql})"
        params |= condition.params
    sql = f"{_select(fields)} WHERE {where} ORDER BY {_order(fields, sort)}"
    columns = [
        column._replace(optional=for_people and column.name not in _ALWAYS_SHOWN)
        for column, *_ in fields
    ]
    return Result(columns, db.execute(f"{sql} LIMIT :most OFFSET :skipped", params))


def show_company(db: Database, settings: Settings, company: int) -> Result:
    """Return one company as a single record."""
    fields = _fields(settings)
    rows = db.rows(f"{_select(fields)} WHERE o.id = :id", {"id": company})
    return Result([field.column for field in fields], rows, single=True)
