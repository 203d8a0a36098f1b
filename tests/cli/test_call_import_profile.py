"""`scorecli calls import --profile FILE`: a profile of one's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def log(home: Path) -> Callable[..., str]:
    """Write a file into the working directory and return its name."""

    def write(content: str | bytes, name: str = "calls.csv") -> str:
        (home / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return write


@pytest.fixture
def imports(db: Path, invoke: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `calls import` on the test's database."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    return lambda *words: invoke("calls", "import", *words)


@pytest.fixture
def listed(invoke: Any) -> Callable[..., Any]:
    """Return fields of all calls in the order of their numbers."""

    def run(*names: str) -> Any:
        done = invoke(
            "calls", "list", "--sort", "id", "--columns", ",".join(names), "--format", "json"
        )
        return [tuple(call[name] for name in names) for call in json.loads(done.stdout)]

    return run


def test_an_own_profile_reads_a_file_in_a_way_of_its_own(
    log: Any, imports: Any, listed: Any, home: Path
) -> None:
    (home / "own.toml").write_text(
        """
        [columns]
        started_at = ["Day", "Clock"]
        agent = "Who"
        source = "From"
        [set]
        system = "own"
        [time]
        format = "DMY"
        zone = "Europe/Berlin"
        [units]
        duration = "minutes"
        talk_time = "clock"
        wait_time = "milliseconds"
        [words]
        true = ["sold"]
        false = ["lost"]
        decimal = ","
        [missing]
        all = ["NA"]
        stars = ["0"]
        [values.status]
        "PICKED UP" = "answered"
        [extract]
        contact_number = '<(\\+?\\d+)>'
        """
    )
    log(
        "Day;Clock;Who;From;Duration;Talk Time;Wait Time;Converted;Amount;Stars;Status;Phone\n"
        '03/04/2026;10:00;Dana;NA;1,5;0:01:10;2600;sold;1.250,50;0;picked up;"Ann <+12125550143>"\n'
        "04/04/2026;11:00;NA;web;2;;;lost;;4;busy;\n"
    )
    done = imports("calls.csv", "--profile", "own.toml")
    assert done.code == 0, done.stderr
    assert listed(
        "started_at",
        "agent",
        "source",
        "system",
        "duration",
        "talk_time",
        "wait_time",
    ) == [
        ("2026-04-03T08:00:00+00:00", "Dana", None, "own", 90, 70, 3),
        ("2026-04-04T09:00:00+00:00", None, "web", "own", 120, None, None),
    ]
    assert listed("converted", "amount", "stars", "status", "contact_number") == [
        (True, "1250.50", None, "answered", "+12125550143"),
        (False, None, 4, "busy", None),
    ]
    assert imports("calls.csv", "--profile", "own.toml").stderr.startswith("Read 2 rows")


def test_all_problems_of_a_profile_are_told_at_once(log: Any, imports: Any, home: Path) -> None:
    (home / "own.toml").write_text(
        """
        colums = 1
        [set]
        external_id = "7"
        [time]
        format = "%H"
        zone = "Mars/Base"
        unit = "fortnight"
        [units]
        duration = "weeks"
        agent = "seconds"
        [words]
        decimal = ";"
        [values.status]
        "X" = "answred"
        [extract]
        agent = "("
        source = "no group"
        """
    )
    done = imports(log("Call ID\nA1\n"), "--profile", "own.toml")
    assert done.code == 2
    for problem in (
        "colums is no key",
        "set.external_id",
        "time.format",
        "time.zone",
        "time.unit",
        "units.duration",
        "units.agent",
        "words.decimal",
        "values.status",
        "extract.agent",
        "extract.source",
    ):
        assert problem in done.stderr


def test_a_column_that_an_own_profile_misses_is_told(log: Any, imports: Any, home: Path) -> None:
    (home / "own.toml").write_text('[columns]\nagent = "Agnt"\n')
    done = imports(log("Call ID,Topic\nA1,x\n"), "--profile", "own.toml")
    assert 'the profile own reads agent from "Agnt", which the file does not have' in done.stderr
