"""A database with users and calls of agents, in memory, and the services over it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scorecli.domain.filters import FilterContext, parse_terms
from scorecli.domain.whole_filter import Filter
from scorecli.services.assigning import AssignOutcome, assign_calls, unassign_calls
from scorecli.services.attribution import Attributed, attribute_calls
from scorecli.services.undoing import undo
from scorecli.services.users import SavedUser, UserWish, add_user, edit_user, switch_users
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import Database, open_in_memory
from scorecli.storage.lookups import Lookups

NOW = 1_000_000
EVERYTHING = Filter("calls", ())


class Office:
    """Users, calls and the commands of attribution, each with ``now`` at ``NOW``."""

    def __init__(self, db: Database, settings: str = "") -> None:
        self.db = db
        self.settings = parse(settings)
        self._lookups = Lookups(db)
        self._how: dict[str, Any] = {"author": Author("test", "tester")}

    def call(self, agent: str | None = None, start: int | None = NOW - 1, **more: Any) -> int:
        """Put a call into the log as it stands, without attributing it."""
        number = 1 + (self.db.one("SELECT max(id) FROM call") or 0)
        values: dict[str, Any] = {
            "id": number,
            "system_id": self._lookups.number("system", "test"),
            "identity": str(number).encode(),
            "started_at": start,
        }
        for field, text in {"agent": agent, **more}.items():
            if field in ("agent", "agent_extension", "agent_email", "source"):
                if text is not None:
                    values[f"{field}_id"] = self._lookups.number(field, text)
            else:
                values[field] = text
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        self.db.execute(f"INSERT INTO call ({names}) VALUES ({marks})", values)
        return number

    def add(self, name: str, **wish: Any) -> SavedUser:
        wish = {"add_aliases": tuple(wish.pop("aliases", ())), **wish}
        return add_user(self.db, self.settings, UserWish(name, **wish), now=NOW, **self._how)

    def edit(self, user: str, **wish: Any) -> SavedUser:
        return edit_user(self.db, self.settings, user, UserWish(**wish), now=NOW, **self._how)

    def switch(self, *users: str, until: Any, dry_run: bool = False) -> list[SavedUser]:
        return switch_users(
            self.db, self.settings, users, until=until, now=NOW, dry_run=dry_run, **self._how
        )

    def attribute(self, *terms: str, **options: Any) -> Attributed:
        from datetime import date
        from zoneinfo import ZoneInfo

        context = FilterContext(date(2026, 1, 1), ZoneInfo("UTC"), "USD", {})
        selected = parse_terms(terms, "calls", context) if terms else EVERYTHING
        return attribute_calls(self.db, selected, now=NOW, **self._how, **options)

    def assign(self, calls: list[int], user: str, **options: Any) -> AssignOutcome:
        return assign_calls(self.db, calls, user, **self._how, **options)

    def unassign(self, calls: list[int], **options: Any) -> AssignOutcome:
        return unassign_calls(self.db, calls, **self._how, **options)

    def undo(self, number: int | None = None) -> None:
        undo(self.db, number, **self._how)

    def who(self, call: int) -> tuple[str | None, str | None]:
        """Return the name of the user who has a call, and how it came to them."""
        (row,) = self.db.rows(
            'SELECT u.name, c.assigned_by FROM call AS c LEFT JOIN "user" AS u ON u.id = c.user_id'
            " WHERE c.id = :call",
            {"call": call},
        )
        return row[0], row[1]

    def state(self) -> list[tuple[Any, ...]]:
        """Return everything that attribution may change."""
        return [
            *self.db.rows("SELECT id, user_id, assigned_by FROM call ORDER BY id"),
            *self.db.rows('SELECT * FROM "user" ORDER BY id'),
            *self.db.rows("SELECT * FROM user_alias ORDER BY id"),
        ]

    def changes(self) -> int:
        return int(self.db.one("SELECT count(*) FROM change"))


@pytest.fixture
def office() -> Iterator[Office]:
    with open_in_memory() as db:
        yield Office(db)


@pytest.fixture
def careful_office() -> Iterator[Office]:
    """An office whose settings leave older calls alone when users change."""
    with open_in_memory() as db:
        yield Office(db, "[attribution]\nbackfill = false\n")
