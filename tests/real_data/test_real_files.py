"""Real logs that nobody wrote for this project, checked against what the csv module counts.

``SCORECLI_REAL_DATA`` names the folder that holds them; they are no part of the project.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

FOLDER = os.environ.get("SCORECLI_REAL_DATA", "")
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not FOLDER, reason="SCORECLI_REAL_DATA names no folder of real files"),
]
BANK = ("--map", "converted=y", "--map", "source=contact", "--map", "campaign=")
NATTY = """
[columns]
external_id = "id"
contact_name = "customer_name"
started_at = ["call_timestamp", "Time"]
duration = "call duration in minutes"
agent = "Agent"
stars = "Satisfaction rating"
wait_time = "Speed of answer in seconds"
source = "channel"
[set]
system = "natty"
[time]
format = "MDY"
unit = "day_fraction"
zone = "UTC"
[units]
duration = "minutes"
[missing]
stars = ["0"]
"""


def rows_of(name: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with (Path(FOLDER) / name).open(newline="", encoding="utf-8-sig") as stream:
        yield from csv.DictReader(stream, delimiter=delimiter)


@pytest.fixture
def imports(
    db: Path, invoke: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, Any]]:
    """Import a real file and return the summary, with the exit code under ``code``."""
    monkeypatch.setenv("SCORECLI_DB", str(db))

    def run(name: str, *words: str) -> dict[str, Any]:
        path = str(Path(FOLDER) / name)
        done = invoke("calls", "import", path, *words, "--format", "json", "-q")
        assert done.stderr == ""
        return {"code": done.code, **json.loads(done.stdout)}

    return run


@pytest.fixture
def calls(db: Path, invoke: Any) -> Callable[..., list[dict[str, Any]]]:
    """All calls with some of their fields."""

    def run(*names: str) -> list[dict[str, Any]]:
        done = invoke(
            "calls", "list", "--sort", "id", "--columns", ",".join(names), "--format", "json"
        )
        return list(json.loads(done.stdout))

    return run


def figures(summary: dict[str, Any]) -> tuple[int, ...]:
    names = ("code", "read", "inserted", "updated", "unchanged", "rejected")
    return tuple(summary[name] for name in names)


def by_source(calls: Any) -> dict[str, tuple[int, int]]:
    counted = calls("source", "converted")
    total = Counter(call["source"] for call in counted)
    sold = Counter(call["source"] for call in counted if call["converted"])
    return {source: (total[source], sold[source]) for source in total}


@pytest.mark.parametrize(
    ("name", "delimiter"), [("uci_bank_full.csv", ";"), ("uci_bank_full_recoded_comma.csv", ",")]
)
def test_the_calls_of_a_bank_add_up(imports: Any, calls: Any, name: str, delimiter: str) -> None:
    source = list(rows_of(name, delimiter))
    assert figures(imports(name, *BANK)) == (0, 45211, 45211, 0, 0, 0)
    sold = [row for row in source if row["y"] in ("yes", "1")]
    assert len(sold) == 5289
    total, converted = (Counter(row["contact"] for row in rows) for rows in (source, sold))
    assert by_source(calls) == {where: (total[where], converted[where]) for where in total}
    durations = [call["duration"] for call in calls("duration")]
    assert durations == [int(row["duration"]) for row in source]
    assert (max(durations), durations.count(0)) == (4918, 3)
    assert figures(imports(name, *BANK)) == (0, 45211, 0, 0, 45211, 0)


def test_both_hands_of_the_bank_say_the_same(
    imports: Any, calls: Any, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports("uci_bank_full.csv", *BANK)
    one = by_source(calls), sum(call["duration"] for call in calls("duration"))
    monkeypatch.setenv("SCORECLI_DB", str(db.with_name("other.db")))
    imports("uci_bank_full_recoded_comma.csv", *BANK)
    assert (by_source(calls), sum(call["duration"] for call in calls("duration"))) == one


def test_unknown_may_mean_missing(imports: Any, calls: Any) -> None:
    imports("uci_bank_full.csv", *BANK, "--missing", "unknown")
    known = Counter(row["contact"] for row in rows_of("uci_bank_full.csv", ";"))
    known[None] = known.pop("unknown")  # type: ignore[index]
    assert Counter(call["source"] for call in calls("source")) == known


def test_a_call_centre_is_read_with_a_profile_of_its_own(
    imports: Any, calls: Any, home: Path
) -> None:
    (home / "natty.toml").write_text(NATTY)
    words = ("--profile", "natty.toml")
    source = list(rows_of("callcenter_natty_named.csv"))
    assert figures(imports("callcenter_natty_named.csv", *words)) == (0, 5000, 5000, 0, 0, 0)
    listed = calls(
        "external_id",
        "contact_name",
        "agent",
        "source",
        "duration",
        "wait_time",
        "stars",
        "started_at",
    )
    for call, row in zip(listed, source, strict=True):
        day = datetime.strptime(row["call_timestamp"], "%m/%d/%Y %H:%M")
        second = round(float(row["Time"]) * 86400)
        speed = row["Speed of answer in seconds"].strip()
        stars = row["Satisfaction rating"].strip()
        assert call == {
            "external_id": row["id"],
            "contact_name": row["customer_name"].strip(),
            "agent": row["Agent"].strip() or None,
            "source": row["channel"],
            "duration": int(row["call duration in minutes"]) * 60,
            "wait_time": int(speed) if speed else None,
            "stars": None if stars in ("", "0") else int(stars),
            "started_at": (day + timedelta(seconds=second)).isoformat() + "+00:00",
        }
    assert figures(imports("callcenter_natty_named.csv", *words)) == (0, 5000, 0, 0, 5000, 0)


def test_an_asterisk_log_is_read_as_it_is(imports: Any, calls: Any) -> None:
    source = list(rows_of("asterisk_cdr.csv"))
    first = imports("asterisk_cdr.csv", "--timezone", "UTC")
    assert figures(first) == (0, 100, 100, 0, 0, 0)
    words = {"ANSWERED": "answered", "NO ANSWER": "no_answer", "BUSY": "busy", "FAILED": "failed"}
    listed = calls("external_id", "started_at", "duration", "talk_time", "status")
    for call, row in zip(listed, source, strict=True):
        assert call == {
            "external_id": row["uniqueid"],
            "started_at": row["calldate"].replace(" ", "T") + "+00:00",
            "duration": int(row["duration"]),
            "talk_time": call["talk_time"] and int(row["billsec"]),
            "status": words[row["disposition"]],
        }
    again = imports("asterisk_cdr.csv", "--timezone", "UTC")
    assert figures(again) == (0, 100, 0, 0, 100, 0)
