"""A campaign with a contact list, and calls made to its records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scorecli.domain.text import fold
from scorecli.services.record_states import keep_records
from scorecli.storage.batches import record_batch
from scorecli.storage.contact_rows import insert_contacts, next_contact
from scorecli.storage.database import Database, open_to_write

NOW = 1_795_000_000  # a Wednesday, 2026-11-18 11:06:40 UTC
DAY = 86_400


class Desk:
    """A database in which campaigns are worked through; ``invoke`` runs commands on it."""

    def __init__(self, path: Path, invoke: Callable[..., Any]) -> None:
        self.path = path
        self._invoke = invoke
        open_to_write(str(path)).close()

    def open(self) -> Database:
        """Open the database as commands do."""
        return open_to_write(str(self.path))

    def run(self, *words: object, code: int = 0) -> Any:
        """Run a command, which must end with ``code``."""
        done = self._invoke(*words)
        assert done.code == code, (words, done.stderr)
        return done

    def json(self, *words: object, code: int = 0) -> Any:
        """Run a command that prints JSON."""
        return json.loads(self.run(*words, "--format", "json", code=code).stdout)

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with sqlite3.connect(self.path) as connection:
            return connection.execute(sql, params).fetchall()

    def campaign(self, name: str, **columns: Any) -> int:
        """Define a campaign."""
        with self.open() as db, db.change("campaign", "test") as change:
            columns = {"name": name, "folded": fold(name), **columns}
            marks = ", ".join(f":{column}" for column in columns)
            number = db.execute(
                f"INSERT INTO campaign ({', '.join(columns)}) VALUES ({marks})", columns
            ).lastrowid
            assert number is not None
            change.record("campaign", number, "row", None, columns)
        return number

    def result(self, code: str, **flags: Any) -> int:
        """Define a call result."""
        with self.open() as db, db.change("result", "test") as change:
            columns = {"code": code, "folded": fold(code), **flags}
            marks = ", ".join(f":{column}" for column in columns)
            number = db.execute(
                f"INSERT INTO result ({', '.join(columns)}) VALUES ({marks})", columns
            ).lastrowid
            assert number is not None
            change.record("result", number, "row", None, columns)
        return number

    def load(
        self,
        campaign: int,
        name: str,
        *numbers: str,
        opened_at: int = NOW - DAY,
        zones: tuple[str | None, ...] = (),
    ) -> list[int]:
        """Load a contact list as one change, and return the numbers of its records."""
        with self.open() as db, db.change("load", "test", origin="import") as change:
            list_ = db.one(
                "INSERT INTO contact_list (campaign_id, name, folded, opened_at, added_in)"
                " VALUES (?, ?, ?, ?, ?) RETURNING id",
                (campaign, name, fold(name), opened_at, change.id),
            )
            record_batch(db, change, "contact_list", list_, list_)
            first = next_contact(db)
            people = [
                (first + place, {"kind": "lead", "first_name": f"P{place}", "numbers": [[n, n]]})
                for place, n in enumerate(numbers)
            ]
            insert_contacts(db, people, now=opened_at, change=change.id)
            records = [
                db.one(
                    "INSERT INTO list_record (list_id, campaign_id, contact_id, number, time_zone,"
                    " state, added_in) VALUES (?, ?, ?, ?, ?, 'new', ?) RETURNING id",
                    (list_, campaign, first + place, number, zone, change.id),
                )
                for place, (number, zone) in enumerate(
                    zip(numbers, zones or [None] * len(numbers), strict=True)
                )
            ]
            record_batch(db, change, "list_record", records[0], records[-1])
            keep_records(db, change)
        return [int(record) for record in records]

    def states(self) -> dict[int, str]:
        """Return the states of all records by number."""
        return dict(self.rows("SELECT id, state FROM list_record WHERE removed IS NULL"))

    def queue(self, campaign: str, *filters: str) -> list[int]:
        """Return the records that will be called next, in order."""
        return [row["record"] for row in self.json("campaigns", "queue", campaign, *filters)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set the time that commands of the test's own process go by; it begins with ``NOW``."""
    from scorecli.cli import context

    now = [NOW]

    def start(self: Any, arguments: Any = (), clock: Any = None) -> None:
        original(self, arguments, lambda: float(now[0]))

    original = context.App.__init__
    monkeypatch.setattr(context.App, "__init__", start)
    return lambda seconds: now.__setitem__(0, seconds)


@pytest.fixture
def desk(
    db: Path,
    monkeypatch: pytest.MonkeyPatch,
    invoke: Callable[..., Any],
    clock: Callable[[int], None],
) -> Desk:
    """An empty database at ``NOW``."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    return Desk(db, invoke)
