"""A database with calls and a settings file with rules, as commands meet them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scorecli.domain.filter_values import FilterContext
from scorecli.domain.scoring import ScoreEdit
from scorecli.services.rule_engine import RuleEngine
from scorecli.services.rule_runs import RuleRun, run_rules
from scorecli.services.scoring import score_calls
from scorecli.services.undoing import undo
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import Database, open_in_memory
from scorecli.storage.maintenance import find_problems

NOW = 1_790_000_000  # 2026-09-21
WHO = {"author": Author("scorecli test", "tester")}


class House:
    """A database whose changes set off rules."""

    def __init__(self, settings: str = "", calls: int = 4) -> None:
        self.db: Database = open_in_memory()
        self.who: dict[str, Any] = WHO
        self.db.execute(
            "INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'A', 'a')"
        )
        self.db.executemany(
            "INSERT INTO call (id, system_id, identity, duration) VALUES (?, 1, ?, ?)",
            [(call, b"%d" % call, 100 * call) for call in range(1, calls + 1)],
        )
        self.use(settings)

    def use(self, settings: str) -> None:
        """Go on with another settings file."""
        self.settings = parse('[display]\ntime_zone = "Europe/Berlin"\n' + settings)
        context = FilterContext(
            date(2026, 9, 21), ZoneInfo("Europe/Berlin"), "USD", self.settings.filters
        )
        self.engine = RuleEngine(self.settings, context, NOW)
        self.db.on_written = self.engine if self.settings.rules else None

    def score(self, *calls: int, **edit: Any) -> int | None:
        return score_calls(
            self.db, self.settings, list(calls), ScoreEdit(**edit), today="2026-09-21", **WHO
        ).change

    def undo(self, number: int | None = None) -> int | None:
        return undo(self.db, number, **WHO).change

    def run(self, *names: str, dry_run: bool = False) -> RuleRun:
        wanted = names or tuple(rule.name for rule in self.settings.rules)
        return run_rules(self.db, self.engine, wanted, **WHO, dry_run=dry_run)

    def get(self, call: int, column: str) -> Any:
        return self.db.one(f"SELECT {column} FROM call WHERE id = ?", (call,))

    def tags(self, call: int) -> list[str]:
        rows = self.db.rows(
            "SELECT name FROM tag JOIN call_tag ON id = tag_id WHERE call_id = ? ORDER BY name",
            (call,),
        )
        return [name for (name,) in rows]

    def log(self) -> list[tuple[Any, ...]]:
        return self.db.rows("SELECT rule, entity_id, fired, detail FROM rule_firing ORDER BY id")


@pytest.fixture
def house() -> Iterator[Callable[..., House]]:
    made: list[House] = []

    def make(settings: str = "", calls: int = 4) -> House:
        made.append(House(settings, calls))
        return made[-1]

    yield make
    for one in made:
        assert find_problems(one.db) == []
        one.db.close()
