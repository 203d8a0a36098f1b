"""The agents on calls: every distinct name, extension and e-mail address with how many calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scorecli.domain.attribution import Agent, Outcome, Resolution
from scorecli.storage.database import Database

UNASSIGNED = "c.removed IS NULL AND c.user_id IS NULL AND c.assigned_by IS NULL"
"""Live calls that nobody has and about which no person decided."""

_GROUPS = (
    "SELECT c.agent_id, c.agent_extension_id, c.agent_email_id, c.user_id, c.assigned_by,"
    " count(*), count(c.started_at), min(c.started_at), max(c.started_at)"
    " FROM call AS c WHERE {where}"
    " GROUP BY c.agent_id, c.agent_extension_id, c.agent_email_id, c.user_id, c.assigned_by"
)


class AgentGroup(NamedTuple):
    """Calls of one agent that one user has, or nobody.

    ``texts`` are the numbers of name, extension and address in ``lookup``, 0 for none. ``timeless``
    calls have no start; the others started from ``first`` to ``last`` (UTC seconds).
    """

    agent: Agent
    texts: tuple[int, int, int]
    before: Outcome
    calls: int
    timeless: int
    first: int | None
    last: int | None

    def outcome(self, resolution: Resolution) -> Outcome | None:
        """Return what becomes of all calls of a group, None where that depends on their times."""
        if resolution.always is not None:
            return resolution.always
        found = {resolution.timeless} if self.timeless else set()
        if self.first is not None and self.last is not None:
            found |= {
                span.outcome
                for span in resolution.spans
                if (span.end is None or self.first < span.end)
                and (span.start is None or span.start <= self.last)
            }
        return found.pop() if len(found) == 1 else None


def agent_groups(
    db: Database, where: str, params: Mapping[str, Any]
) -> dict[Agent, list[AgentGroup]]:
    """Return the calls ``c`` that meet an SQL condition, by agent and who has them."""
    rows = db.rows(_GROUPS.format(where=where), params)
    texts = AgentTexts(db)
    found: dict[Agent, list[AgentGroup]] = {}
    for name, extension, email, user, by, calls, timed, first, last in rows:
        agent = Agent(texts[name], texts[extension], texts[email])
        numbers = (name or 0, extension or 0, email or 0)
        group = AgentGroup(agent, numbers, Outcome(user, by), calls, calls - timed, first, last)
        found.setdefault(agent, []).append(group)
    return found


class AgentTexts(dict["int | None", "str | None"]):
    """Texts of ``lookup`` by number, each asked for once."""

    def __init__(self, db: Database) -> None:
        super().__init__({None: None})
        self._db = db

    def __missing__(self, number: int | None) -> str | None:
        text = self._db.one("SELECT value FROM lookup WHERE id = :number", {"number": number})
        self[number] = text
        return str(text)
