"""An export of scorecli is read again as what it is: the same calls, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FORMATS = ("csv", "tsv", "json", "ndjson")
LOG = (
    "Call ID,Start,Phone,Agent,Duration,Mood,A.b\n"
    'A1,2026-11-01 01:30,+12125550148,Ana Patel,63,"good, ""very""",x\n'
    "A2,2026-11-02 11:00,(212) 555-0149,Sam,0,,\n"
)
# No id, and no start and number that together say which call it is
BARE = "duration,mood\n5,good\n5,good\n7,bad\n"


@pytest.fixture
def run(home: Path, db: Path, invoke: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run scorecli on calls with scores, users and results that did not come with a file."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    (home / "log.csv").write_text(LOG)
    (home / "bare.csv").write_text(BARE)
    for words in (
        ("calls", "import", "log.csv", "bare.csv"),
        ("users", "add", "Ana Patel"),
        ("calls", "assign", "2", "Ana Patel"),
        ("results", "add", "SALE", "--success"),
        ("score", "1", "--stars", "4", "--tag", "a b", "--tag", "c", "--call-tag", "z"),
        ("score", "1", "--converted", "--amount", "12.50", "--note", "two\nlines\t=1"),
        ("score", "4", "--result", "SALE"),
        ("calls", "add", "--agent", "Bo", "--duration", "9"),
    ):
        assert invoke(*words).code == 0, words
    return invoke


def calls(run: Any, *more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        run("calls", "export", "--format", "json", *more).stdout
    )
    return found


def read_again(run: Any, name: str, *more: str) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(
        run("calls", "import", name, "--format", "json", *more).stdout
    )
    return figures


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_that_is_imported_again_changes_nothing(run: Any, form: str) -> None:
    before = calls(run)
    run("calls", "export", "--output", f"again.{form}")

    figures = read_again(run, f"again.{form}")

    assert (figures["read"], figures["unchanged"], figures["change"]) == (6, 6, None)
    assert figures["unmapped"] == []
    assert calls(run) == before


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_makes_the_same_calls_in_another_database(
    run: Any, home: Path, form: str
) -> None:
    run("calls", "export", "--sort", "id", "--output", f"again.{form}")
    there = ("--db", str(home / "there.db"))
    for words in (("users", "add", "Ana Patel"), ("results", "add", "SALE", "--success")):
        run(*there, *words)

    figures = read_again(run, f"again.{form}", *there)
    twice = read_again(run, f"again.{form}", *there)

    assert (figures["inserted"], twice["unchanged"]) == (6, 6)
    assert [{**call, "user": 0, "user_id": 0} for call in calls(run, "--sort", "id", *there)] == [
        {**call, "user": 0, "user_id": 0} for call in calls(run, "--sort", "id")
    ]


def test_what_was_mended_in_an_export_updates_its_call(run: Any, home: Path) -> None:
    run("calls", "export", "--output", "again.csv")
    text = (home / "again.csv").read_text()
    (home / "again.csv").write_text(text.replace(",Sam,", ",Sam Lee,"))

    figures = read_again(run, "again.csv")

    assert (figures["inserted"], figures["updated"], figures["unchanged"]) == (0, 1, 5)
    assert [call["agent"] for call in calls(run, "id:2")] == ["Sam Lee"]


def test_the_numbers_of_another_database_name_no_calls_here(run: Any, home: Path) -> None:
    run("calls", "export", "--output", "again.csv", "duration:5")
    text = (home / "again.csv").read_text()
    other = text.replace('""mood"": ""good""', '""mood"": ""odd""')
    (home / "again.csv").write_text(other)
    assert other != text

    figures = read_again(run, "again.csv")

    assert (figures["inserted"], figures["updated"]) == (2, 0)


def test_a_column_named_id_of_another_file_is_kept(run: Any, home: Path) -> None:
    (home / "other.csv").write_text("id,Call ID,user_id,Extra\n7,B1,12,{x}\n")

    assert read_again(run, "other.csv")["unmapped"] == ["id", "user_id", "Extra"]
    assert calls(run, "external_id:B1")[0]["extra"] == {"id": "7", "user_id": "12", "Extra": "{x}"}
