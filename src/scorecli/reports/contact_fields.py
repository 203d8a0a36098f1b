"""Every field of a contact: its order, its kind, its label, and how it is selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scorecli.domain.text import by_likeness, nearest
from scorecli.errors.reports import UnknownColumn
from scorecli.reports.contact_values import sort_expression, value_columns
from scorecli.result import Column, Kind
from scorecli.settings import Settings


class ContactField(NamedTuple):
    """One field of a contact.

    ``sql`` selects its value for the contact ``c``; ``order`` is what it sorts by, empty where it
    has no order. ``internal`` ones are left out of lists that leave the house.
    """

    name: str
    label: str
    kind: Kind = "text"
    sql: str = "NULL"
    order: str = ""
    internal: bool = False

    def column(self) -> Column:
        """Return the field as a column."""
        return Column(self.name, self.label, self.kind)


def _plain(name: str, label: str, kind: Kind = "text", *, internal: bool = False) -> ContactField:
    return ContactField(name, label, kind, f"c.{name}", f"c.{name}", internal)


def _text(name: str, label: str, *, internal: bool = False) -> ContactField:
    return ContactField(name, label, "text", f"c.{name}", f"fold(c.{name})", internal)


_NAME = "NULLIF(TRIM(COALESCE(c.first_name, '') || ' ' || COALESCE(c.last_name, '')), '')"
_COMPANY = "FROM company AS o WHERE o.id = c.company_id)"
_OWNER = 'FROM "user" AS u WHERE u.id = c.owner_id)'
_FIRST = "(SELECT {} FROM {} AS x WHERE x.contact_id = c.id AND x.position = 1)"

# In the order in which data shows them.
FIELDS: dict[str, ContactField] = {
    field.name: field
    for field in (
        _plain("id", "ID", "integer"),
        _plain("kind", "Kind"),
        _text("external_id", "External ID"),
        ContactField("name", "Name", "text", _NAME, "NULLIF(c.folded, '')"),
        _text("first_name", "First name"),
        _text("last_name", "Last name"),
        ContactField(
            "company",
            "Company",
            "text",
            f"(SELECT o.name {_COMPANY}",
            f"(SELECT o.folded {_COMPANY}",
        ),
        _plain("company_id", "Company ID", "integer"),
        _text("job_title", "Job title"),
        ContactField(
            "numbers", "Numbers", "list", order=_FIRST.format("x.number", "contact_number")
        ),
        ContactField("emails", "E-mail", "list", order=_FIRST.format("x.folded", "contact_email")),
        _text("street", "Street"),
        _text("city", "City"),
        _text("region", "Region"),
        _text("postal_code", "Postal code"),
        _text("country", "Country"),
        _text("source", "Source"),
        ContactField(
            "owner", "Owner", "text", f"(SELECT u.name {_OWNER}", f"(SELECT u.folded {_OWNER}", True
        ),
        _plain("owner_id", "Owner ID", "integer", internal=True),
        _text("note", "Note", internal=True),
        _plain("created_at", "Created", "time"),
        ContactField("extra", "Extra", "object", "c.extra", internal=True),
    )
}
_LISTED = ("id", "name", "kind", "company", "job_title", "city", "numbers", "emails", "owner")


def known_fields(settings: Settings, *, public: bool = False) -> list[ContactField]:
    """Return every field in canonical order; ``public`` leaves out what is internal.

    What a file brought without a place of its own may be anything, so ``extra`` is internal too.
    """
    return [field for field in _all(settings).values() if not (public and field.internal)]


def shown_fields(settings: Settings) -> list[ContactField]:
    """Return every field of one contact, its scores and points in the head."""
    head = [FIELDS[name] for name in ("id", "kind", "name")]
    values = _values(settings)
    rest = [field for field in known_fields(settings) if field not in (*head, *values)]
    return [*head, *values, *rest]


def listed_fields(settings: Settings) -> list[ContactField]:
    """Return the columns of the list for people."""
    return [*(FIELDS[name] for name in _LISTED), *_values(settings)]


def named_fields(
    names: Sequence[str], settings: Settings, *, public: bool = False
) -> list[ContactField]:
    """Return the fields of ``--columns``; raises :class:`UnknownColumn`."""
    return [_named(name, settings, public=public) for name in dict.fromkeys(names)]


def sort_order(sort: str, settings: Settings) -> str:
    """Return the ORDER BY of ``FIELD`` or ``FIELD-``; empty values come last, ties newest first.

    Raises :class:`UnknownColumn`, also for a field that has no order.
    """
    name = sort.removesuffix("-")
    field = _named(name, settings)
    if not field.order:
        sortable = [one.name for one in _all(settings).values() if one.order]
        raise UnknownColumn(name, (), by_likeness(name, sortable), exists=True)
    way = "DESC" if sort.endswith("-") else "ASC"
    return f"{field.order} {way} NULLS LAST, c.id DESC"


def _values(settings: Settings) -> list[ContactField]:
    """Return the scores and points, which the settings name and which are read by themselves."""
    return [
        ContactField(
            column.name,
            column.label,
            column.kind,
            order=sort_expression(settings, column.name) or "",
            internal=True,
        )
        for column in value_columns(settings)
    ]


def _all(settings: Settings) -> dict[str, ContactField]:
    return {**FIELDS, **{field.name: field for field in _values(settings)}}


def _named(name: str, settings: Settings, *, public: bool = False) -> ContactField:
    field = _all(settings).get(name)
    if field is None or (public and field.internal):
        known = [one.name for one in known_fields(settings, public=public)]
        raise UnknownColumn(
            name,
            nearest(name, known),
            by_likeness(name, known),
            listing="scorecli contacts export --limit 0" + (" --public" if public else ""),
        )
    return field
