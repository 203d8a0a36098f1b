"""The commands that people write with: add, edit, delete, tags, results, undo."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def database(db: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCORECLI_DB", str(db))
    return db


@pytest.fixture
def do(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command that must succeed."""

    def start(*words: object, code: int = 0) -> Any:
        done = invoke(*words)
        assert done.code == code, done.stderr
        return done

    return start


def shown(do: Callable[..., Any], *words: object) -> Any:
    return json.loads(do(*words, "--format", "json").stdout)


@pytest.fixture
def three(do: Callable[..., Any]) -> None:
    """Calls 1, 2 and 3."""
    for number in (1, 2, 3):
        do("calls", "add", "--external-id", f"X{number}", "--source", "google")


def test_add_prints_the_number_of_the_call_and_undo_takes_it_back(do: Callable[..., Any]) -> None:
    words = ("--started-at", "2026-11-03 14:05", "--number", "212-555-0123", "--stars", "4")
    done = do("calls", "add", *words, "--tag", "demo", "--converted", "--amount", "250")
    assert done.stdout == "1\n"
    assert "change 1" in done.stderr
    call = shown(do, "calls", "show", 1)
    assert (call["system"], call["contact_number_e164"]) == ("manual", "+12125550123")
    assert (call["stars"], call["reporting_tags"], call["amount"]) == (4, ["demo"], "250.00")
    assert call["converted_on"] == "2026-11-03"
    do("undo")
    do("calls", "show", 1, code=1)


def test_add_as_json_is_the_call_and_a_dry_run_leaves_nothing(
    do: Callable[..., Any], db: Path
) -> None:
    call = json.loads(do("calls", "add", "--name", "Ann", "--format", "json", "--dry-run").stdout)
    assert call["contact_name"] == "Ann"
    assert not db.exists()
    assert shown(do, "calls", "add", "--name", "Ann")["id"] == 1


def test_wrong_values_are_wrong_usage_and_a_call_that_is_there_is_refused(
    do: Callable[..., Any], three: None
) -> None:
    assert "direction" in do("calls", "add", "--direction", "up", code=2).stderr
    do("calls", "add", code=2)
    assert "Call 1 has the same" in do("calls", "add", "--external-id", "X1", code=1).stderr
    do("calls", "edit", 1, "--set", "stars=4", code=2)
    do("calls", "edit", 1, code=2)
    do("calls", "edit", 1, "--set", "source=a", "--set", "source=b", code=2)
    do("calls", "edit", "--set", "source=a", code=2)
    do("calls", "edit", "--set", "source=a", "--where", " ", code=2)
    do("calls", "edit", 99, "--set", "source=a", code=1)
    do("calls", "delete", 99, "--yes", code=1)


def test_edit_changes_named_calls_without_asking(do: Callable[..., Any], three: None) -> None:
    done = do("calls", "edit", "X1", 2, "--set", "source=bing", "--set", "agent=Ann Lee")
    assert "2 changed, 0 unchanged (change 4)" in done.stderr
    assert shown(do, "calls", "show", 2)["agent"] == "Ann Lee"
    assert shown(do, "calls", "edit", 2, "--set", "agent=")["agent"] is None


def test_where_asks_and_without_anybody_to_ask_nothing_changes(
    do: Callable[..., Any], three: None
) -> None:
    words = ("calls", "edit", "--where", "source:google", "--set", "source=bing")
    assert "--yes" in do(*words, code=1).stderr
    dry = shown(do, *words, "--dry-run")
    assert [call["source"] for call in dry] == ["bing"] * 3
    table = do(*words, "--dry-run").stdout.splitlines()
    assert table[1].split("\t") == ["1", "source", "google", "bing"]
    assert shown(do, "calls", "list", "source:bing") == []
    do(*words, "--yes")
    assert len(shown(do, "calls", "list", "source:bing")) == 3


def test_delete_asks_also_for_a_named_call_and_undo_restores(
    do: Callable[..., Any], three: None
) -> None:
    assert "Delete call 1?" in do("calls", "delete", 1, code=1).stderr
    assert len(shown(do, "calls", "delete", "--where", "source:google", "--dry-run")) == 3
    done = do("calls", "delete", 1, 2, "--yes")
    assert "Deleted 2 calls (change 4)" in done.stderr
    assert "deleted by change 4" in do("calls", "show", 1, code=1).stderr
    do("undo", 4)
    assert len(shown(do, "calls", "list")) == 3
    assert "No call" in do("calls", "delete", "--where", "source:none", "--yes").stderr


def test_on_a_terminal_a_person_is_asked_and_may_say_no(
    scorecli: list[str], do: Callable[..., Any], three: None
) -> None:
    for answer, code, left in ((b"n\n", 1, 3), (b"y\n", 0, 2)):
        master, slave = pty.openpty()
        os.write(master, answer)
        done = subprocess.run(
            [*scorecli, "calls", "delete", "1"], stdin=slave, capture_output=True, check=False
        )
        os.close(master)
        os.close(slave)
        assert done.returncode == code, done.stderr
        assert b"Delete call 1?" in done.stderr
        assert len(shown(do, "calls", "list")) == left


def test_undo_says_on_stderr_what_it_will_do_and_tells_programs_the_numbers(
    do: Callable[..., Any], three: None
) -> None:
    do("--as", "ann", "score", 1, 2, "--stars", 3)
    dry = do("undo", "--dry-run")
    assert "Would undo change 4, by ann, " in dry.stderr
    assert "--stars 3 (2 fields of 2 calls)" in dry.stderr
    assert shown(do, "calls", "show", 1)["stars"] == 3
    done = do("undo", "--format", "json")
    assert "Will undo change 4" in done.stderr
    found = json.loads(done.stdout)
    assert (found["change"], found["undoes"], found["original"]) == (5, 4, 4)
    assert (found["does_again"], found["fields"], found["calls"]) == (False, 2, 2)
    again = do("undo", 5)
    assert "Will do change 4 again" in again.stderr
    assert shown(do, "calls", "show", 1)["stars"] == 3


def test_an_undo_that_is_refused_names_the_change_in_the_way(
    do: Callable[..., Any], three: None
) -> None:
    do("score", 1, "--stars", 3)
    do("score", 1, "--stars", 4)
    refused = do("undo", 4, code=1)
    assert "change 5 wrote to stars of call 1" in refused.stderr
    assert "scorecli undo 5" in refused.stderr
    do("undo", 77, code=1)
    do("undo", "x", code=2)


def test_undo_without_a_database_makes_none(do: Callable[..., Any], db: Path) -> None:
    do("undo", code=4)
    assert not db.exists()


def test_tags_are_renamed_merged_and_deleted(do: Callable[..., Any], three: None) -> None:
    do("score", 1, 2, "--tag", "wrong nr")
    do("score", 3, "--tag", "wrong number")
    words = ("tags", "rename", "wrong nr", "wrong number")
    assert 'Merge "wrong nr" (2 calls) into "wrong number" (1 call)?' in do(*words, code=1).stderr
    assert "would be merged" in do(*words, "--dry-run").stderr
    found = shown(do, *words, "--yes")
    assert found == {
        "name": "wrong nr", "into": "wrong number", "merged": True, "calls": 2, "change": 6
    }  # fmt: skip
    do("tags", "rename", "wrong number", "Wrong Number")  # another spelling is no merging
    [tag] = shown(do, "tags", "list")
    assert (tag["name"], tag["calls"]) == ("Wrong Number", 3)
    do("tags", "delete", "wrong number", code=1)
    do("tags", "delete", "wrong number", "--yes")
    assert shown(do, "tags", "list") == []
    do("undo")
    assert shown(do, "calls", "show", 1)["reporting_tags"] == ["Wrong Number"]
    do("tags", "delete", "nothing like it", "--yes", code=1)


def test_allow_disallow_and_limit_edit_the_settings_file(
    do: Callable[..., Any], three: None, home: Path
) -> None:
    do("tags", "limit", "on")
    assert "is not one of the 0 allowed" in do("score", 1, "--tag", "quote", code=1).stderr
    do("tags", "allow", "Quote", "wrong number")
    do("score", 1, "--tag", "quote")
    assert shown(do, "calls", "show", 1)["reporting_tags"] == ["Quote"]
    done = do("tags", "rename", "quote", "wrong number")
    assert 'tags disallow "Quote"' in done.stderr
    assert "not on the list" in do("tags", "disallow", "QUOTE", "other").stderr
    do("tags", "limit", "off")
    assert shown(do, "config", "get", "reporting_tags.allowed")["value"] == ["wrong number"]
    do("score", 1, "--tag", "anything")


def test_results_are_defined_listed_changed_and_switched(
    do: Callable[..., Any], three: None
) -> None:
    words = ("--status", "person", "--success", "--require-amount")
    assert "SALE would be defined" in do("results", "add", "SALE", *words, "--dry-run").stderr
    found = shown(do, "results", "add", "SALE", "--description", "Sold", *words)
    assert (found["status"], found["contact"], found["success"]) == ("Person", True, True)
    do("results", "add", "sale", code=1)
    refused = do("results", "add", "X", "--require-amount", "--status", "Asleep", code=2)
    assert "no status" in refused.stderr
    assert "only a success" in refused.stderr
    do("score", 1, "--result", "SALE", code=1)
    do("score", 1, "--result", "SALE", "--amount", 10)
    assert shown(do, "calls", "show", 1)["converted"] is True
    assert [row["calls"] for row in shown(do, "results", "list", "sold")] == [1]
    do("results", "edit", "SALE", "--status", "none", "--no-require-amount")
    assert shown(do, "results", "show", "sale")["status"] is None
    do("results", "edit", "SALE", code=2)
    do("results", "edit", "SALE", "--code", "SOLD", code=1)
    do("results", "disable", "SALE")
    do("score", 2, "--result", "SALE", code=1)
    do("results", "enable", "SALE")
    do("undo")
    assert shown(do, "results", "show", "SALE")["enabled"] is False
