"""The users of calls that an import is about to insert, at the cost of a look-up in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.domain.attribution import Agent, Outcome, Resolution
from scorecli.storage.agents import AgentTexts
from scorecli.storage.database import Database
from scorecli.storage.users import directory

_MOST_KNOWN = 200_000  # agents remembered; more of them are no agents but a wrong column
Numbers = Sequence["int | None"]


class NewCallUsers:
    """Finds the user of each new call by the numbers of its agent's texts in ``lookup``.

    ``now`` (UTC seconds) decides which users are active for calls without a time. ``assigned``
    counts the calls that got one.
    """

    def __init__(self, db: Database, now: int) -> None:
        self._users = directory(db, now)
        self._texts = AgentTexts(db)
        # By agent: the same for every call, or what depends on its time.
        self._known: dict[tuple[Any, Any, Any], Outcome | Resolution] = {}
        self._all_the_same = True
        self.assigned = 0

    def columns(
        self,
        agents: Numbers,
        extensions: Numbers,
        emails: Numbers,
        starts: Numbers,
    ) -> tuple[list[int | None], list[str | None]]:
        """Return ``user_id`` and ``assigned_by`` of a batch of calls."""
        if not len(self._users):
            nobody: list[Any] = [None] * len(starts)
            return nobody, nobody
        keys = list(zip(agents, extensions, emails, strict=True))
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        for key in set(keys) - self._known.keys():
            self._find(key)
        found: list[Any] = [self._known[key] for key in keys]
        if not self._all_the_same:
            found = [
                one.at(start) if type(one) is Resolution else one
                for one, start in zip(found, starts, strict=True)
            ]
        users = [one[0] for one in found]
        self.assigned += len(users) - users.count(None)
        return users, [one[1] for one in found]

    def one(
        self, agent: int | None, extension: int | None, email: int | None, start: int | None
    ) -> tuple[int | None, str | None]:
        """Return ``user_id`` and ``assigned_by`` of one call."""
        users, by = self.columns((agent,), (extension,), (email,), (start,))
        return users[0], by[0]

    def _find(self, key: tuple[int | None, int | None, int | None]) -> None:
        agent = Agent(*(self._texts[number] for number in key))
        resolution = self._users.resolve(agent)
        self._known[key] = resolution.always or resolution
        self._all_the_same = self._all_the_same and resolution.always is not None
