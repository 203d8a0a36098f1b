"""The list of users, one user, and the agents on calls who may be users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.domain.attribution import NO_USER, Agent, Outcome
from scorecli.domain.timestamps import show
from scorecli.domain.zones import resolve_zone
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.agents import UNASSIGNED, agent_groups
from scorecli.storage.database import Database
from scorecli.storage.users import directory, find_user, people

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


def list_users(db: Database, settings: Settings, now: int, *, active: bool = False) -> Result:
    """Return the users by name, with how many calls each has.

    ``active`` leaves out those whose period does not hold at ``now`` (UTC seconds).
    ``active_until`` is the moment from which a user is disabled.
    """
    counts = dict(db.rows(_CALLS))
    rows = _rows(db, settings, now, f"{_SELECT} ORDER BY u.folded, u.id", {}, counts)
    shown = [row for row in rows if row[8] or not active]
    notices = () if shown else ("No users yet; `scorecli users add NAME` adds one.",)
    return Result(_COLUMNS, shown, notices=notices)


def show_user(db: Database, settings: Settings, user: str, now: int) -> Result:
    """Return one user; raises :class:`UnknownUser` and :class:`AmbiguousUser`."""
    known = find_user(db, user)
    params = {"id": known.id}
    calls = db.one(
        "SELECT count(*) FROM call AS c WHERE c.user_id = :id AND c.removed IS NULL", params
    )
    rows = _rows(db, settings, now, f"{_SELECT} WHERE u.id = :id", params, {known.id: calls})
    return Result(_COLUMNS, rows, single=True)


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
                [", ".join(suggestion.why) for suggestion in near],
            ]
        )
    columns = (
        Column("agent", "Agent"),
        Column("extension", "Extension"),
        Column("email", "E-mail"),
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
    near = next(((row[0], row[4][0]) for row in rows if row[0] and row[4]), None)
    if near is not None:
        alias, user = (shlex.quote(text) for text in near)
        hints.append(f"`scorecli users edit {user} --alias {alias}` says that they are one person.")
    return hints


def _rows(
    db: Database,
    settings: Settings,
    now: int,
    sql: str,
    params: dict[str, Any],
    counts: dict[int, int],
) -> list[list[Any]]:
    zone = resolve_zone(settings.display.time_zone)
    known = {person.id: person for person in people(db)}
    rows = []
    for number, name, email, extension, role, start, end in db.rows(sql, params):
        person = known[number]
        times = [None if moment is None else show(moment, zone) for moment in (start, end)]
        rows.append(
            [
                number,
                name,
                list(person.aliases),
                email,
                extension,
                role,
                *times,
                person.is_active(now),
                counts.get(number, 0),
            ]
        )
    return rows
