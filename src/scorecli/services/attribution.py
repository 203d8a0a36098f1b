"""Attribution: finding the user who handled each call, once per agent rather than per call.

Only calls that nobody has are assigned, and what a person decided is never touched. A second run
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from scorecli.domain.attribution import BY_PERSON, DECIDED, Agent, Directory, Outcome, Resolution
from scorecli.domain.whole_filter import Filter
from scorecli.storage.agents import UNASSIGNED, AgentGroup, agent_groups
from scorecli.storage.assignments import CallAssignments
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.filter_sql import to_sql
from scorecli.storage.users import directory

_DECIDED_BY_PERSON = f"c.removed IS NULL AND c.assigned_by = '{BY_PERSON}'"
_DECIDED_BEFORE = "c.removed IS NULL AND c.assigned_by IS NOT NULL"
_NO_PERSON = f"c.removed IS NULL AND (c.assigned_by IS NULL OR c.assigned_by <> '{BY_PERSON}')"
# Facts of a call that decide whose it is.
_FACTS = ("agent", "agent_extension", "agent_email", "started_at")
_CHANGED = (
    "c.id IN (SELECT e.entity_id FROM change_entry AS e WHERE e.change_id = :updated_in"
    f" AND e.entity = 'call' AND e.field IN ({', '.join(repr(fact) for fact in _FACTS)}))"
)
_NEVER = -(2**62)  # stands for a missing start, below every real one
_FOREVER = 2**62
_CREATE = (
    "CREATE TEMPORARY TABLE resolution (agent INTEGER, extension INTEGER, email INTEGER,"
    " low INTEGER, high INTEGER, line INTEGER, user_id INTEGER, assigned_by TEXT,"
    " PRIMARY KEY (agent, extension, email, low))"
)
# Every call meets one row: that of its agent (0 stands for no text) and its time.
_JOIN = (
    " FROM call AS c CROSS JOIN resolution AS r WHERE r.agent = COALESCE(c.agent_id, 0)"
    " AND r.extension = COALESCE(c.agent_extension_id, 0)"
    " AND r.email = COALESCE(c.agent_email_id, 0)"
    f" AND r.low <= COALESCE(c.started_at, {_NEVER})"
    f" AND COALESCE(c.started_at, {_NEVER}) < r.high AND {{where}}"
)
_MOVES = (
    "SELECT c.id AS number, c.user_id AS before_user, c.assigned_by AS before_by,"
    f" r.user_id AS after_user, r.assigned_by AS after_by{_JOIN}"
    " AND (c.user_id IS NOT r.user_id OR c.assigned_by IS NOT r.assigned_by)"
)
_DIVIDED = (
    f"SELECT r.line, c.user_id, c.assigned_by, count(*){_JOIN}"
    " AND r.line IS NOT NULL GROUP BY r.line, c.user_id, c.assigned_by"
)


class AgentLine(NamedTuple):
    """What becomes of some calls of one agent: those that one user has and gets, or nobody.

    ``before`` is what the calls have now; ``after`` says who gets them, or why nobody.
    """

    agent: Agent
    calls: int
    before: Outcome
    after: Outcome

    @property
    def changes(self) -> bool:
        """Whether the calls change hands, or are found by something else than before."""
        return self.before[:2] != self.after[:2]


class Attributed(NamedTuple):
    """What an attribution does; ``change`` is None where nothing changed and in a dry run.

    ``assigned`` calls had nobody before, ``moved`` ones another user, ``withdrawn`` ones have
    nobody any more. ``written`` counts these and those that are merely found by something else.
    ``unassigned`` is how many of the calls looked at have nobody in the end. ``kept`` are the lines
    of the calls that it leaves alone, where they were asked for.
    """

    assigned: int
    moved: int
    withdrawn: int
    written: int
    unassigned: int
    lines: list[AgentLine]
    change: int | None
    kept: tuple[AgentLine, ...] = ()


def attribute_calls(
    db: Database,
    selected: Filter,
    *,
    now: int,
    author: Author,
    recheck: bool = False,
    explain: bool = False,
    dry_run: bool = False,
) -> Attributed:
    """Assign the calls of a filter that nobody has, as one change.

    ``now`` (UTC seconds) decides which users are active for calls without a time. With ``recheck``
    calls that were assigned automatically are looked at anew: they may move to another user, or
    be withdrawn. With ``explain`` the calls that stay as they are come along in ``kept``.
    """
    condition = to_sql(selected)
    kept: tuple[AgentLine, ...] = ()
    with db.change(*author, dry_run=dry_run) as change:
        if explain:
            kept = _kept_lines(db, condition.sql, condition.params, now, recheck=recheck)
        done = attribute(db, change, condition.sql, condition.params, now=now, recheck=recheck)
    return done._replace(change=None if dry_run else change.number, kept=kept)


def attribute(
    db: Database,
    change: Change,
    condition: str,
    params: Mapping[str, Any],
    *,
    now: int,
    recheck: bool = False,
    write: bool = True,
) -> Attributed:
    """Attribute the live calls ``c`` that meet an SQL condition, inside a change.

    Without ``write`` nothing is assigned, and the figures say what would be.
    """
    scope = _NO_PERSON if recheck else UNASSIGNED
    where = f"{scope} AND {condition}"
    users = directory(db, now)
    plan = _Plan()
    for agent, groups in agent_groups(db, where, params).items():
        plan.add(groups, users.resolve(agent))
    db.execute("DROP TABLE IF EXISTS resolution")
    if plan.rows:
        db.execute(_CREATE)
        marks = ", ".join("?" * 8)
        db.executemany(f"INSERT INTO resolution VALUES ({marks})", plan.rows)
    if plan.divided:
        for line, user, by, calls in db.rows(_DIVIDED.format(where=where), params):
            agent, outcome = plan.divided[line]
            plan.lines.append(AgentLine(agent, calls, Outcome(user, by), outcome))
    done = figures(plan.lines)
    if done.written and write:
        assignments = CallAssignments(db, change)
        assignments.write(_MOVES.format(where=where), params)
        assignments.finish()
        change.summary["attributed"] = change.summary.get("attributed", 0) + done.assigned
    db.execute("DROP TABLE IF EXISTS resolution")
    return done


def attribute_updated(db: Database, change: Change, *, now: int) -> Attributed:
    """Attribute the calls whose agent or start this change wrote, where nobody has them.

    For an import that brings existing calls up to date, and for calls entered or edited by hand.
    """
    change.flush()
    if change.number is None:
        return Attributed(0, 0, 0, 0, 0, [], None)
    return attribute(db, change, _CHANGED, {"updated_in": change.number}, now=now)


def figures(lines: list[AgentLine]) -> Attributed:
    """Return the figures of some lines, those that say the same as one, the largest first."""
    assigned = moved = withdrawn = written = unassigned = 0
    united: dict[tuple[Agent, Outcome, Outcome], int] = {}
    for agent, calls, before, after in lines:
        key = (agent, before, after)
        united[key] = united.get(key, 0) + calls
    lines = [AgentLine(agent, calls, *both) for (agent, *both), calls in united.items()]
    for line in lines:
        had, gets = line.before.user, line.after.user
        if line.changes:
            written += line.calls
        if gets is None:
            unassigned += line.calls
            withdrawn += 0 if had is None else line.calls
        elif had is None:
            assigned += line.calls
        elif had != gets:
            moved += line.calls
    return Attributed(assigned, moved, withdrawn, written, unassigned, in_order(lines), None)


def in_order(lines: Iterable[AgentLine]) -> list[AgentLine]:
    """Return lines with the most calls first, then by agent."""
    return sorted(lines, key=lambda line: (-line.calls, tuple(text or "" for text in line.agent)))


def _kept_lines(
    db: Database, condition: str, params: Mapping[str, Any], now: int, *, recheck: bool
) -> tuple[AgentLine, ...]:
    """Return the lines of calls that were decided on before, and that a run leaves alone."""
    scope = _DECIDED_BY_PERSON if recheck else _DECIDED_BEFORE
    users = directory(db, now)
    return tuple(
        AgentLine(agent, group.calls, group.before, _as_kept(group, users))
        for agent, groups in agent_groups(db, f"{scope} AND {condition}", params).items()
        for group in groups
    )


def _as_kept(group: AgentGroup, users: Directory) -> Outcome:
    """Return whose calls are and stay, with what is to be known about that."""
    had = group.before
    if had.by == BY_PERSON:
        return had._replace(reason=DECIDED if had.user is None else None)
    fits = group.outcome(users.resolve(group.agent))
    if fits is None or fits.user == had.user:
        return had
    if fits.user is None:
        return had._replace(reason=f"{fits.reason} by now; a recheck withdraws it")
    return had._replace(reason="fits another user by now; a recheck moves it")


class _Plan:
    """The rows of ``resolution``, and the lines as far as they are known without asking again."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.lines: list[AgentLine] = []
        self.divided: list[tuple[Agent, Outcome]] = []

    def add(self, groups: list[AgentGroup], resolution: Resolution) -> None:
        """Plan what becomes of the calls of one agent, in groups by who has them."""
        outcomes = [group.outcome(resolution) for group in groups]
        if any(outcome is None for outcome in outcomes):
            self._add_rows(groups[0], resolution, divided=True)
            return
        lines = [
            AgentLine(group.agent, group.calls, group.before, outcome)
            for group, outcome in zip(groups, outcomes, strict=True)
            if outcome is not None
        ]
        self.lines += lines
        if any(line.changes for line in lines):
            self._add_rows(groups[0], resolution, divided=False)

    def _add_rows(self, group: AgentGroup, resolution: Resolution, *, divided: bool) -> None:
        spans = [
            (
                _NEVER + 1 if span.start is None else span.start,
                _FOREVER if span.end is None else span.end,
                span.outcome,
            )
            for span in resolution.spans
        ]
        for low, high, outcome in [(_NEVER, _NEVER + 1, resolution.timeless), *spans]:
            line = None
            if divided:
                line = len(self.divided)
                self.divided.append((group.agent, outcome))
            self.rows.append((*group.texts, low, high, line, outcome.user, outcome.by))
