"""A small call log in memory, made of plain dictionaries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from scorecli.domain.text import fold
from scorecli.settings import Settings, parse
from scorecli.storage.database import Database
from scorecli.storage.schema_script import schema_statements

LOOKUPS = (
    "system",
    "account",
    "tracking_number",
    "termination",
    "source",
    "medium",
    "campaign",
    "list",
    "agent",
)


class Log:
    """A database in memory; ``add`` takes canonical names and returns the call's number."""

    def __init__(self) -> None:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.create_function("fold", 1, lambda v: None if v is None else fold(str(v)))
        connection.executescript(schema_statements())
        self.db = Database(connection, ":memory:")
        self.count = 0

    def change(self, who: str = "ann", command: str = "scorecli score", **more: Any) -> int:
        values = {
            "made_at": 1_750_000_000,
            "who": who,
            "command": command,
            "origin": "person",
            **more,
        }
        return self._insert("change", values)

    def entry(self, change: int, entity: str, number: int, field: str, **more: Any) -> None:
        values = {
            "change_id": change,
            "entity": entity,
            "entity_id": number,
            "field": field,
            **more,
        }
        for name in ("before", "after"):
            if name in values:
                values[name] = json.dumps(values[name])
        self._insert("change_entry", values)

    def add(self, **call: Any) -> int:
        self.count += 1
        values: dict[str, Any] = {"identity": str(self.count).encode(), "system_id": None}
        call.setdefault("system", "generic")
        tags = call.pop("tags", ()), call.pop("call_tags", ())
        for name, value in call.items():
            if name in LOOKUPS:
                values[f"{name}_id"] = self._named("lookup", {"field": name}, "value", value)
            elif name == "user":
                values["user_id"] = self._named('"user"', {}, "name", value)
            elif name == "result":
                values["result_id"] = self._named("result", {}, "code", value)
            else:
                values[name] = json.dumps(value) if name == "extra" else value
        scored = call.get("stars") is not None or bool(tags[0]) or bool(call.get("converted"))
        number = self._insert("call", {**values, "scored": int(scored)})
        for kind, names in zip(("reporting", "call"), tags, strict=True):
            for tag in names:
                tag_id = self._named("tag", {"kind": kind}, "name", tag)
                self._insert("call_tag", {"call_id": number, "tag_id": tag_id})
        return number

    def _named(
        self, table: str, more: Mapping[str, str], column: str, value: str | None
    ) -> int | None:
        if value is None:
            return None
        key = {**more, column: value}
        where = " AND ".join(f"{name} = :{name}" for name in key)
        found = self.db.one(f"SELECT id FROM {table} WHERE {where}", key)
        return found or self._insert(table, {**key, "folded": fold(value)})

    def _insert(self, table: str, values: Mapping[str, Any]) -> int:
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(f":{name}" for name in values)
        return (
            self.db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values).lastrowid
            or 0
        )


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def new_log() -> type[Log]:
    """The class itself, for property tests that need a new log for every example."""
    return Log


def _settings(text: str = "", zone: str = "Europe/Berlin") -> Settings:
    if "[display]" not in text:
        text += f'\n[display]\ntime_zone = "{zone}"\n'
    return parse(text)


@pytest.fixture
def settings_of() -> Any:
    return _settings


def objects(result: Any) -> list[dict[str, Any]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


@pytest.fixture
def as_objects() -> Any:
    return objects


@pytest.fixture
def filter_of() -> Any:
    from datetime import date
    from zoneinfo import ZoneInfo

    from scorecli.domain.filters import FilterContext, parse_terms

    def make(terms: Sequence[str], zone: str = "Europe/Berlin") -> Any:
        context = FilterContext(date(2026, 11, 22), ZoneInfo(zone), "USD")
        return parse_terms(terms, "calls", context)

    return make
