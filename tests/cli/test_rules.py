"""Rules through the command: set off by imports and scoring, listed, tried, applied and logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

RULES = """
[[rules]]
name = "Long talks"
on = "call.imported"
when = 'direction:inbound talk_time:300..'
do = [{ tag = "quote" }]

[[rules]]
name = "Happy sale"
on = "call.converted"
when = 'amount:100..'
do = [{ stars = 5 }]
"""
LOG = """Call ID,Direction,Talk Time,Converted,Amount
a,inbound,400,,
b,outbound,500,,
c,inbound,10,yes,250
d,inbound,20,yes,50
"""


@pytest.fixture
def rules(db: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """A database path with a settings file beside it that has rules, and a log to import."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    monkeypatch.chdir(home)
    (home / "scoring.toml").write_text(RULES)
    (home / "log.csv").write_text(LOG)
    return home


def shown(invoke: Any, call: str) -> dict[str, Any]:
    return dict(json.loads(invoke("calls", "show", call, "--format", "json").stdout))


def test_an_import_sets_off_rules_in_its_own_change(rules: Path, invoke: Any) -> None:
    done = invoke("calls", "import", "log.csv")
    assert "Rules fired: Long talks, Happy sale." in done.stderr
    assert shown(invoke, "a")["reporting_tags"] == ["quote"]
    assert shown(invoke, "b")["reporting_tags"] == []
    assert shown(invoke, "c")["stars"] == 5
    assert shown(invoke, "d")["stars"] is None
    assert invoke("undo").code == 0
    assert json.loads(invoke("calls", "list", "--format", "json").stdout) == []


def test_the_same_file_again_fires_nothing(rules: Path, invoke: Any) -> None:
    invoke("calls", "import", "log.csv")
    again = invoke("calls", "import", "log.csv")
    assert "4 unchanged" in again.stderr
    assert "Rules" not in again.stderr


def test_a_longer_talk_in_a_later_export_sets_the_rule_off(rules: Path, invoke: Any) -> None:
    invoke("calls", "import", "log.csv")
    (rules / "log.csv").write_text(LOG.replace("d,inbound,20", "d,inbound,900"))
    assert "Rules fired: Long talks." in invoke("calls", "import", "log.csv").stderr
    assert shown(invoke, "d")["reporting_tags"] == ["quote"]


def test_scoring_shows_what_rules_made_of_the_call(rules: Path, invoke: Any) -> None:
    invoke("calls", "import", "log.csv", "--quiet")
    done = invoke("score", "b", "--converted", "--amount", "100")
    assert "5/5" in done.stdout or "★★★★★" in done.stdout
    done = invoke("score", "a", "--converted", "--amount", "300", "--format", "json", "--dry-run")
    assert json.loads(done.stdout)["stars"] == 5
    assert shown(invoke, "a")["stars"] is None


def test_a_dry_run_of_an_import_fires_as_the_real_one_and_keeps_nothing(
    rules: Path, invoke: Any
) -> None:
    dry = invoke("calls", "import", "log.csv", "--dry-run")
    assert "Long talks" in dry.stderr
    assert not (rules / "calls.db").exists()


def test_a_call_entered_by_hand_counts_as_imported(rules: Path, invoke: Any) -> None:
    number = invoke("calls", "add", "--direction", "inbound", "--talk-time", "400").stdout.strip()
    assert shown(invoke, number)["reporting_tags"] == ["quote"]


def test_rules_are_listed_and_shown(rules: Path, invoke: Any) -> None:
    listed = json.loads(invoke("rules", "list", "--format", "json").stdout)
    assert [(row["name"], row["do"], row["fired"]) for row in listed] == [
        ("Long talks", ["tag quote"], 0),
        ("Happy sale", ["stars 5"], 0),
    ]
    one = json.loads(invoke("rules", "show", "happy SALE", "--format", "json").stdout)
    assert one["when"] == "amount:100.."
    missing = invoke("rules", "show", "Happy sail")
    assert missing.code == 1
    assert "Happy sale" in missing.stderr


def test_trying_a_rule_says_term_by_term_what_holds(rules: Path, invoke: Any) -> None:
    invoke("calls", "import", "log.csv")
    rows = json.loads(
        invoke("rules", "test", "Long talks", "--call", "b", "--format", "json").stdout
    )
    assert [(row["kind"], row["text"], row["holds"]) for row in rows] == [
        ("when", "direction:inbound", False),
        ("when", "talk_time:300..", True),
        ("fired", "not fired before", True),
        ("do", "tag quote", None),
    ]
    assert "would not fire" in invoke("rules", "test", "Long talks", "--call", "a").stderr
    assert invoke("rules", "test", "Long talks", "--contact", "1").code == 1


def test_rules_run_counts_a_record_once_that_could_take_nothing(rules: Path, invoke: Any) -> None:
    (rules / "scoring.toml").write_text("")
    invoke("calls", "import", "log.csv")
    refused = '[[rules]]\nname = "Owner"\non = "call.imported"\ndo = [{ owner = "Nobody" }]\n'
    (rules / "scoring.toml").write_text(RULES + refused)
    done = json.loads(invoke("rules", "run", "--format", "json").stdout)
    assert done[2] == {"rule": "Owner", "fired": 0, "skipped": 4}


def test_rules_run_applies_them_to_the_past_once(rules: Path, invoke: Any) -> None:
    settings = (rules / "scoring.toml").read_text()
    (rules / "scoring.toml").write_text("")
    invoke("calls", "import", "log.csv")
    (rules / "scoring.toml").write_text(settings)
    dry = json.loads(invoke("rules", "run", "--dry-run", "--format", "json").stdout)
    done = json.loads(invoke("rules", "run", "--format", "json").stdout)
    assert (
        dry
        == done
        == [
            {"rule": "Long talks", "fired": 1, "skipped": 0},
            {"rule": "Happy sale", "fired": 1, "skipped": 0},
        ]
    )
    assert "Nothing was left to do." in invoke("rules", "run").stderr
    log = json.loads(invoke("rules", "log", "--format", "json").stdout)
    assert [(row["rule"], row["detail"], row["change"]) for row in log] == [
        ("Happy sale", "stars 5", 2),
        ("Long talks", "tag quote", 2),
    ]


def test_a_broken_rule_stops_every_command_and_says_where(rules: Path, invoke: Any) -> None:
    (rules / "scoring.toml").write_text(RULES.replace("amount:100..", "amuont:100.."))
    done = invoke("calls", "import", "log.csv")
    assert done.code == 2
    assert "line 11" in done.stderr
    assert "rules[2].when" in done.stderr
    assert invoke("config", "check").code == 2


def test_setting_a_value_keeps_the_rules_of_the_file(rules: Path, invoke: Any) -> None:
    assert invoke("config", "set", "score.field_name", "Rating").code == 0
    assert (rules / "scoring.toml").read_text().startswith(RULES)
    written = invoke("config", "show", "--format", "toml").stdout
    (rules / "other.toml").write_text(written)
    assert invoke("--config", "other.toml", "config", "check").code == 0
    listed = invoke("--config", "other.toml", "rules", "list", "--format", "json").stdout
    assert len(json.loads(listed)) == 2


def test_the_same_file_again_leaves_what_rules_did_and_news_in_it_counts(
    rules: Path, invoke: Any
) -> None:
    (rules / "scoring.toml").write_text(
        '[[rules]]\nname = "all"\non = "call.imported"\ndo = [{ stars = 5 }, { tag = "seen" },'
        ' { call_tag = "x" }, { converted = true, amount = 9 }, { result = "B" }]\n'
    )
    for code in ("A", "B"):
        invoke("results", "add", code)
    header = "Call ID,Direction,Rating,Converted,Amount,Reporting Tags,Call Result\n"
    rows = "1,Inbound,2,yes,7,old,A\n2,Inbound,,no,,old;older,\n"
    (rules / "log.csv").write_text(header + rows)
    invoke("calls", "import", "log.csv")
    first = [shown(invoke, call) for call in ("ext:1", "ext:2")]
    assert [(call["stars"], call["amount"], call["result"]) for call in first] == [
        (5, "9.00", "B"),
        (5, "9.00", "B"),
    ]
    assert [call["reporting_tags"] for call in first] == [["old", "seen"], ["old", "older", "seen"]]
    again = invoke("calls", "import", "log.csv")
    assert "0 updated, 2 unchanged" in again.stderr
    (rules / "log.csv").write_text(header + "1,Inbound,3,yes,8,new,A\n")
    invoke("calls", "import", "log.csv")
    call = shown(invoke, "ext:1")
    assert (call["stars"], call["amount"], call["result"]) == (3, "8.00", "B")
    assert call["reporting_tags"] == ["new", "seen"]
