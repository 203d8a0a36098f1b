"""The unassigned report: calls that nobody has, by agent, and the reason why nobody has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from scorecli.domain.attribution import BY_PERSON, DECIDED, Outcome, Resolution
from scorecli.domain.whole_filter import Filter
from scorecli.errors.reports import PeriodEndsEarly
from scorecli.reports.frame import head
from scorecli.reports.tallies import Window, day_limits, left_out
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.agents import AgentGroup, agent_groups
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql
from scorecli.storage.users import directory

NAME = "unassigned"
MATCHES = "matches now; `scorecli calls attribute` assigns them"

_STARTS = (
    "SELECT c.started_at, count(*) FROM call AS c WHERE {where}"
    " AND COALESCE(c.agent_id, 0) = :agent_name AND COALESCE(c.agent_extension_id, 0) = :agent_ext"
    " AND COALESCE(c.agent_email_id, 0) = :agent_email AND c.assigned_by IS NULL"
    " GROUP BY c.started_at"
)


class UnassignedRequest(NamedTuple):
    """What is asked of the report; ``since`` and ``until`` are local days, both included."""

    selected: Filter = Filter("calls", ())
    since: date | None = None
    until: date | None = None


def unassigned(db: Database, settings: Settings, request: UnassignedRequest, now: int) -> Result:
    """Return the calls that nobody has, by agent and reason, the most frequent first.

    ``now`` is UTC seconds. Raises :class:`PeriodEndsEarly`.
    """
    since, until = request.since, request.until
    if since is not None and until is not None and until < since:
        raise PeriodEndsEarly(since.isoformat(), until.isoformat())
    zone_name = settings.display.time_zone
    window = Window(request.selected, since, until, zone_name)
    where, params = _condition(window)
    users = directory(db, now)
    counts: dict[tuple[Any, ...], int] = {}
    for agent, groups in agent_groups(db, where, params).items():
        resolution = users.resolve(agent)
        for group in groups:
            for outcome, calls in _outcomes(db, group, resolution, where, params):
                key = (*agent, _reason(group, outcome))
                counts[key] = counts.get(key, 0) + calls
    rows = [
        [*key, calls]
        for key, calls in sorted(
            counts.items(), key=lambda item: (-item[1], tuple(text or "" for text in item[0]))
        )
    ]
    columns = [
        Column("agent", "Agent"),
        Column("extension", "Extension", optional=True),
        Column("email", "E-mail", optional=True),
        Column("reason", "Reason"),
        Column("calls", "Calls", "integer"),
    ]
    total = [None, None, None, None, sum(counts.values())]
    return Result(
        columns,
        rows,
        total=total,
        head=partial(head, NAME, window),
        notices=_notices(db, window),
    )


def definitions() -> Result:
    """Return what each reason means."""
    rows = [
        ["no agent on the call", "the phone system gave no name, extension or e-mail address"],
        [
            "no user of that name",
            "no user active at the time of the call has this whole name, alias, extension or"
            " address; `scorecli users suggest` shows the nearest",
        ],
        ["ambiguous: A, B", "several users fit, so nobody is assigned"],
        [
            "name and extension disagree",
            "the name fits one user, the extension or the e-mail address another",
        ],
        [DECIDED, "a person took the calls from their user for good"],
        [MATCHES, "exactly one user fits by now"],
        ["calls", "live calls without a user that the filter and the days leave"],
    ]
    return Result([Column("reason", "Reason"), Column("meaning", "Meaning")], rows)


def _condition(window: Window) -> tuple[str, Mapping[str, Any]]:
    condition = to_sql(window.selected)
    params = dict(condition.params)
    limits = day_limits(window, params)
    where = ["c.removed IS NULL", "c.user_id IS NULL", condition.sql, *limits]
    return " AND ".join(where), params


def _outcomes(
    db: Database,
    group: AgentGroup,
    resolution: Resolution,
    where: str,
    params: Mapping[str, Any],
) -> Iterator[tuple[Outcome, int]]:
    one = group.outcome(resolution)
    if one is not None or group.before.by == BY_PERSON:
        yield one or resolution.timeless, group.calls
        return
    names = ("agent_name", "agent_ext", "agent_email")
    given = {**params, **dict(zip(names, group.texts, strict=True))}
    for start, calls in db.execute(_STARTS.format(where=where), given):
        yield resolution.at(start), calls


def _reason(group: AgentGroup, outcome: Outcome) -> str:
    if group.before.by == BY_PERSON:
        return DECIDED
    return outcome.reason or MATCHES


def _notices(db: Database, window: Window) -> list[str]:
    missing = left_out(db, window._replace(selected=_with_nobody(window.selected)))
    if not missing:
        return []
    calls = "1 call" if missing == 1 else f"{missing} calls"
    return [f"{calls} without a start left out, since the report is limited by date."]


def _with_nobody(selected: Filter) -> Filter:
    """Return a filter that also asks for calls without a user."""
    from scorecli.domain.filter_fields import CALLS
    from scorecli.domain.filter_tree import Check

    nobody = Check(CALLS.fields["user"], "empty", (), "none")
    return Filter(selected.subject, (*selected.terms, nobody))
