"""The list of users, one user, and the agents on calls who may be users."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from scorecli.domain.attribution import NO_USER, Agent, Outcome
from scorecli.domain.days import day_start, local_day
from scorecli.domain.timestamps import show
from scorecli.domain.zones import resolve_zone
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.agents import UNASSIGNED, agent_groups
from scorecli.storage.database import Database
from scorecli.storage.users import directory, find_user, people

SAME_NAME = "the same name at another time"
"""Why an agent is near a user who has that very name: the calls lie outside the user's period."""

_SELECT = (
    "SELECT u.id, u.name, u.email, u.extension, u.role, u.active_from, u.active_until"
    ' FROM "user" AS u'
)
_CALLS = (
    "SELECT c.user_id, count(*) FROM call AS c"
    " WHERE c.user_id IS NOT NULL AND c.removed IS NULL GROUP BY c.user_id"
)
_COLUMNS = (
    Column("id", "ID", "integer"),
    Column("name", "Name"),
    Column("aliases", "Aliases", "list"),
    Column("email", "E-mail"),
    Column("extension", "Extension"),
    Column("role", "Role"),
    Column("active_from", "From", "time"),
    Column("active_until", "Until", "time"),
    Column("active", "Active", "boolean"),
    Column("calls", "Calls", "integer"),
)


def list_users(
    db: Database,
    settings: Settings,
    now: int,
    *,
    active: bool = False,
    for_people: bool = False,
) -> Result:
    """Return the users by name, with how many calls each has.

    ``active`` leaves out those whose period does not hold at ``now`` (UTC seconds).
    ``active_until`` is the moment from which a user is disabled; people see the last day instead,
    where a period ends with a day.
    """
    counts = dict(db.rows(_CALLS))
    rows = _rows(db, f"{_SELECT} ORDER BY u.folded, u.id", {}, counts, now)
    rows = _with_periods(rows, settings, for_people=for_people)
    shown = [row for row in rows if row[8] or not active]
    notices = () if shown else ("No users yet; `scorecli users add NAME` adds one.",)
    return Result(_COLUMNS, shown, notices=notices)


def show_user(
    db: Database, settings: Settings, user: str, now: int, *, for_people: bool = False
) -> Result:
    """Return one user as :func:`list_users` does.

    Raises :class:`UnknownUser` and :class:`AmbiguousUser`.
    """
    known = find_user(db, user)
    params = {"id": known.id}
    calls = db.one(
        "SELECT count(*) FROM call AS c WHERE c.user_id = :id AND c.removed IS NULL", params
    )
    rows = _rows(db, f"{_SELECT} WHERE u.id = :id", params, {known.id: calls}, now)
    return Result(_COLUMNS, _with_periods(rows, settings, for_people=for_people), single=True)


def suggest_users(db: Database, now: int, *, most: int = 3) -> Result:
    """Return the agents on calls who are no user, with their calls and the nearest users.

    Nothing of this is ever assigned by itself: each is for a person to make a user or an alias.
    """
    from scorecli.domain.name_suggestions import Suggester  # other lists of users do without

    users = directory(db, now)
    known = people(db)
    suggester = Suggester(known)
    calls: dict[Agent, int] = {}
    for agent, groups in agent_groups(db, UNASSIGNED, {}).items():
        resolution = users.resolve(agent)
        if _is_nobody(resolution.timeless) or any(
            _is_nobody(span.outcome) for span in resolution.spans
        ):
            calls[agent] = sum(group.calls for group in groups)
    rows: list[list[Any]] = []
    for agent in sorted(calls, key=lambda each: (-calls[each], tuple(text or "" for text in each))):
        near = suggester.nearest(agent.name or "", most)
        rows.append(
            [
                *agent,
                calls[agent],
                [suggestion.user.name for suggestion in near],
                [", ".join(suggestion.why) or SAME_NAME for suggestion in near],
            ]
        )
    columns = (
        Column("agent", "Agent"),
        Column("extension", "Extension", optional=True),
        Column("email", "E-mail", optional=True),
        Column("calls", "Calls", "integer"),
        Column("nearest", "Nearest users", "list"),
        Column("why", "Why", "list"),
    )
    notices = _hints(rows)
    return Result(columns, rows, notices=notices)


def _is_nobody(outcome: Outcome) -> bool:
    return outcome.reason == NO_USER


def _hints(rows: Sequence[Sequence[Any]]) -> list[str]:
    if not rows:
        return ["Every agent on a call is a user."]
    name = next((row[0] for row in rows if row[0]), None)
    if name is None:
        return []
    import shlex  # only where there is something to suggest

    quoted = shlex.quote(name)
    hints = [f"`scorecli users add {quoted}` makes an agent a user."]
    near = next(
        (
            (row[0], user)
            for row in rows
            for user, why in zip(row[4], row[5], strict=True)
            if row[0] and why != SAME_NAME
        ),
        None,
    )
    if near is not None:
        alias, user = (shlex.quote(text) for text in near)
        hints.append(f"`scorecli users edit {user} --alias {alias}` says that they are one person.")
    return hints


def _rows(
    db: Database, sql: str, params: dict[str, Any], counts: dict[int, int], now: int
) -> list[list[Any]]:
    known = {person.id: person for person in people(db)}
    rows = []
    for number, name, email, extension, role, start, end in db.rows(sql, params):
        person = known[number]
        aliases, active = list(person.aliases), person.is_active(now)
        calls = counts.get(number, 0)
        rows.append([number, name, aliases, email, extension, role, start, end, active, calls])
    return rows


def _with_periods(
    rows: Sequence[Sequence[Any]], settings: Settings, *, for_people: bool
) -> list[list[Any]]:
    """Return rows with their periods as texts: moments, or days where people read them."""
    zone = resolve_zone(settings.display.time_zone)

    def text(moment: int | None, before: int) -> str | None:
        if moment is None:
            return None
        day = local_day(moment, zone)
        if for_people and day_start(day, zone) == moment:
            return (day - timedelta(days=before)).isoformat()
        return show(moment, zone)

    return [[*row[:6], text(row[6], 0), text(row[7], 1), *row[8:]] for row in rows]
