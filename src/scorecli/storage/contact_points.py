"""Points of contacts and companies, derived from their live activities whenever they are asked for.

Nothing is kept, so that edits, merges, conversions and undo cannot leave a wrong sum behind.
"""

from __future__ import annotations

from collections.abc import Iterable

from scorecli.domain.activity_points import PointsForm, form_of, points_now
from scorecli.domain.filter_tree import Check
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import Writer, number

# The calls of a contact: those with a number that this live contact alone has.
_ITS_CALLS = (
    " FROM (SELECT DISTINCT n.e164 FROM contact_number AS n"
    " WHERE n.contact_id = {contact} AND n.e164 IS NOT NULL AND NOT EXISTS ("
    "SELECT 1 FROM contact_number AS o JOIN contact AS q ON q.id = o.contact_id"
    " WHERE o.e164 = n.e164 AND o.contact_id <> n.contact_id AND q.removed IS NULL)) AS m"
    " JOIN call AS k ON k.contact_number_e164 = m.e164 WHERE k.removed IS NULL"
)
_ITS_ACTIVITIES = " FROM activity AS a WHERE a.contact_id = {contact} AND a.removed IS NULL"
_OWN_ACTIVITIES = " FROM activity AS a WHERE a.company_id = {company} AND a.removed IS NULL"


def contact_points(form: PointsForm, alias: str = "c") -> str:
    """Return the expression of the points of the contact ``alias``; NULL where it has no sum."""
    own = _points_of(f"{alias}.id", form)
    if not (form.leads or form.contacts):
        return "NULL"
    if form.leads and form.contacts:
        return own
    return f"CASE {alias}.kind WHEN '{'lead' if form.leads else 'contact'}' THEN {own} END"


def company_points(form: PointsForm, alias: str = "c") -> str:
    """Return the expression of the points of the company ``alias``: its own and its people's."""
    if not form.companies:
        return "NULL"
    own = f"COALESCE((SELECT sum(a.points){_OWN_ACTIVITIES.format(company=f'{alias}.id')}), 0)"
    people = (
        f"COALESCE((SELECT sum({_points_of('p.id', form)}) FROM contact AS p"
        f" WHERE p.company_id = {alias}.id AND p.removed IS NULL), 0)"
    )
    return f"({own} + {people})"


def _points_of(contact: str, form: PointsForm) -> str:
    own = f"COALESCE((SELECT sum(a.points){_ITS_ACTIVITIES.format(contact=contact)}), 0)"
    if form.call is None:
        return own
    return f"({own} + {form.call:d} * (SELECT count(*){_ITS_CALLS.format(contact=contact)}))"


def points_filter(writer: Writer, node: Check) -> str:
    """Return the condition of a filter on the points of contacts, the rows of which are ``c``."""
    return number(writer, node, contact_points(form_of(node.column)))


def points_by_age(
    db: Database, contacts: Iterable[int], form: PointsForm, half_life: int, now: int
) -> dict[int, float]:
    """Return the points of contacts weighed by age: half of them after ``half_life`` seconds."""
    found: dict[int, float] = {}
    for contact in contacts:
        params = {"contact": contact}
        sql = f"SELECT a.points, a.at{_ITS_ACTIVITIES.format(contact=':contact')}"
        rows = db.rows(sql, params)
        if form.call is not None:
            calls = f"SELECT k.started_at{_ITS_CALLS.format(contact=':contact')}"
            rows += [(form.call, at) for (at,) in db.execute(calls, params) if at is not None]
        found[contact] = points_now(rows, half_life, now)
    return found


def points_in_period(
    db: Database, form: PointsForm, since: int | None, until: int | None
) -> dict[int, int]:
    """Return the points of contacts by activities from ``since`` to before ``until``, UTC seconds.

    Contacts without any are left out.
    """
    params = {"since": -(2**62) if since is None else since}
    params["until"] = 2**62 if until is None else until
    found: dict[int, int] = dict(
        db.rows(
            "SELECT a.contact_id, sum(a.points) FROM activity AS a WHERE a.removed IS NULL"
            " AND a.contact_id IS NOT NULL AND a.at >= :since AND a.at < :until"
            " GROUP BY a.contact_id",
            params,
        )
    )
    if form.call is not None:
        for contact, calls in db.execute(
            "SELECT c.id, (SELECT count(*)"
            f"{_ITS_CALLS.format(contact='c.id')} AND k.started_at >= :since"
            " AND k.started_at < :until) FROM contact AS c WHERE c.removed IS NULL",
            params,
        ):
            found[contact] = found.get(contact, 0) + form.call * calls
    return found
