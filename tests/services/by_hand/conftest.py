"""A database in memory with a few calls, for tests of what people write by hand."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from scorecli.domain.scoring import ScoreEdit
from scorecli.services.scoring import score_calls
from scorecli.services.undoing import undo
from scorecli.settings import Settings, parse
from scorecli.storage.changes import Author
from scorecli.storage.database import Database, open_in_memory, open_to_write
from scorecli.storage.maintenance import find_problems

WHO = {"author": Author("scorecli test", "tester")}


class Desk:
    """A database and short ways to write to it."""

    def __init__(self, calls: int = 4) -> None:
        self.db: Database = open_in_memory()
        self.settings: Settings = parse('[display]\ntime_zone = "Europe/Berlin"\n')
        self.who: dict[str, Any] = WHO
        self.db.execute(
            "INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'A', 'a')"
        )
        self.db.executemany(
            "INSERT INTO call (id, system_id, identity) VALUES (?, 1, ?)",
            [(call, b"%d" % call) for call in range(1, calls + 1)],
        )

    def score(self, calls: list[int], **edit: Any) -> int | None:
        return score_calls(
            self.db, self.settings, calls, ScoreEdit(**edit), today="2026-11-03", **WHO
        ).change

    def undo(self, number: int | None = None, **more: Any) -> int | None:
        return undo(self.db, number, **WHO, **more).change

    def tags(self, call: int, kind: str = "reporting") -> list[str]:
        rows = self.db.rows(
            "SELECT name FROM tag JOIN call_tag ON id = tag_id"
            " WHERE call_id = ? AND kind = ? ORDER BY name",
            (call, kind),
        )
        return [name for (name,) in rows]

    def all_tags(self) -> list[str]:
        return [name for (name,) in self.db.rows("SELECT name FROM tag ORDER BY name")]

    def get(self, call: int, column: str) -> Any:
        return self.db.one(f"SELECT {column} FROM call WHERE id = ?", (call,))

    def entries(self) -> int:
        return int(self.db.one("SELECT count(*) FROM change_entry"))

    def content(self) -> list[Any]:
        """Everything but the history and the dictionary of texts, which undo leaves behind."""
        return [
            self.db.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
            for table in ("call", "call_tag", "tag", "result")
        ]

    @contextlib.contextmanager
    def at(self, path: str) -> Iterator[None]:
        """Work on a database in a file for a while."""
        in_memory = self.db
        try:
            with open_to_write(path) as self.db:
                yield
                assert find_problems(self.db) == []
        finally:
            self.db = in_memory


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    assert find_problems(desk.db) == []
    desk.db.close()


@pytest.fixture(scope="session")
def new_desk() -> type[Desk]:
    """The class itself, for property tests that need a new database for every example."""
    return Desk
