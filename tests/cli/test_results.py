"""`scorecli results` through the installed command."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import Any

import pytest

LIST_MODULES = (
    "import sys; from scorecli.cli.main import run; code = run(sys.argv[1:]);"
    " sys.stderr.write('LOADED ' + ' '.join(sys.modules)); sys.exit(code)"
)
HEAVY = {"sqlmodel", "sqlalchemy", "pydantic", "rich", "phonenumbers", "tomlkit"}


@pytest.fixture
def log(call_log: Any) -> Any:
    for _ in range(3):
        call_log.add(started_at=1_762_000_000)
    call_log.result("SALE", success=1, require_amount=1)
    call_log.result("CALLBK", recall=1, recall_after=7200)
    call_log.result("NO")
    return call_log


def test_apply_and_score_do_the_same_thing(log: Any, invoke: Any) -> None:
    assert invoke("results", "apply", "sale", 1, "--amount", 250, "--note", "at last").code == 0
    assert invoke("score", 2, "--result", "SALE", "--amount", 250, "--note", "at last").code == 0
    assert log.call(1) == log.call(2)
    assert (log.call(1)["converted"], log.call(1)["amount"]) == (1, 25000)


def test_what_cannot_be_given_is_refused_and_nothing_is_written(log: Any, invoke: Any) -> None:
    before = log.changes()
    for arguments in (
        ("SALE", 1),
        ("SALE", 1, "--amount", 0),
        ("NO", 1, "--recall-at", "+2h"),
        ("NOPE", 1),
    ):
        assert invoke("results", "apply", *arguments).code == 1
    assert invoke("results", "apply", "CALLBK", 1, "--recall-at", "05/06/2026 10:00").code == 2
    assert invoke("results", "apply", "NO").code == 2
    assert log.changes() == before


def test_a_time_to_call_again_is_kept_and_shown(log: Any, invoke: Any) -> None:
    assert invoke("results", "apply", "CALLBK", 1, "--recall-at", "2026-11-03 14:30").code == 0
    shown = json.loads(invoke("calls", "show", 1, "--format", "json").stdout)
    assert (shown["result"], shown["recall_at"]) == ("CALLBK", "2026-11-03T14:30:00+00:00")
    found = json.loads(invoke("calls", "list", "recall_at:2026-11-03", "--format", "json").stdout)
    assert [call["id"] for call in found] == [1]
    invoke("results", "apply", "none", 1)
    assert log.rows("SELECT recall_at, result_id FROM call WHERE id = 1") == [(None, None)]


def test_calls_are_given_a_result_by_a_filter_or_in_a_dry_run(log: Any, invoke: Any) -> None:
    assert invoke("results", "apply", "NO", "--where", "result:none", "--dry-run").code == 0
    assert log.changes() == 0
    assert invoke("results", "apply", "NO", "--where", "result:none", "--yes").code == 0
    assert log.rows("SELECT count(*) FROM call WHERE result_id IS NOT NULL") == [(3,)]


@pytest.mark.parametrize("code", ["$(touch ran)", "`touch ran`", 'a"; touch ran; "b', "CALL BACK"])
def test_the_command_of_a_hint_can_be_pasted(log: Any, invoke: Any, code: str) -> None:
    assert log.changes() == 0
    refused = invoke("results", "apply", code, 1)
    command = refused.stderr.splitlines()[1].removeprefix("`").removesuffix("` defines it.")
    assert shlex.split(command) == ["scorecli", "results", "add", code]
    echoed = subprocess.run(
        ["/bin/sh", "-c", command.replace("scorecli results add", "printf %s", 1)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert echoed.stdout == code


def test_a_set_says_nothing_to_a_terminal_and_travels_whole(invoke: Any, home: Any) -> None:
    there = ("--db", "there.db")
    described = "two\nlines, \u202eback\x9b2J and \U000e0041"
    invoke("results", "add", "ODD", "--description", described)
    text = invoke("results", "export").stdout
    assert all(c.isprintable() or c in "\n\t" for c in text)
    (home / "set.toml").write_text(text)
    assert invoke("results", "import", "set.toml", *there).code == 0
    shown = invoke("results", "show", "ODD", "--format", "json", *there).stdout
    assert json.loads(shown)["description"] == described


def test_a_set_travels_from_one_database_to_another(invoke: Any, home: Any) -> None:
    assert invoke("results", "init", "--set", "vicidial").code == 0
    text = invoke("results", "export").stdout
    assert invoke("results", "export", "--output", "set.toml").code == 0
    assert (home / "set.toml").read_text() == text
    there = ("--db", "there.db")
    assert invoke("results", "import", "set.toml", "--dry-run", *there).code == 0
    assert not (home / "there.db").exists()
    taken = invoke("results", "import", "set.toml", "--format", "json", *there)
    done = json.loads(taken.stdout)
    assert done["added"] == done["read"] > 20
    assert invoke("results", "export", *there).stdout == text
    (home / "bad.toml").write_text("[[results]]\ncode = 1\n[[results]]\nfinl = true\n")
    refused = invoke("results", "import", "bad.toml")
    assert refused.code == 2
    assert "bad.toml: results[1].code" in refused.stderr
    assert "bad.toml: results[2].finl: unknown; did you mean final?" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("results", "list", "--format", "json"),
        ("results", "show", "SALE"),
        ("results", "apply", "CALLBK", "1", "--recall-at", "+2h"),
        ("report", "results", "--by", "agent,result"),
        ("report", "minutes", "--by", "called"),
    ],
)
def test_what_is_done_all_day_starts_light(log: Any, arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *arguments],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=True,
    )
    assert not set(done.stderr.rpartition("LOADED ")[2].split()) & HEAVY


def test_a_time_to_call_again_goes_out_with_an_export_and_comes_back(
    log: Any, invoke: Any, home: Any
) -> None:
    source = home / "source.csv"
    source.write_text("call id,start,phone\nA1,2026-11-02 10:00,+12125550148\n")
    assert invoke("calls", "import", source).code == 0
    invoke("results", "apply", "CALLBK", "ext:A1", "--recall-at", "2026-11-10 9:00")
    exported = home / "calls-out.csv"
    chosen = ("--columns", "external_id,system,started_at,contact_number,result,recall_at")
    assert invoke("calls", "export", "result:CALLBK", *chosen, "--output", exported).code == 0
    again = invoke("calls", "import", exported, "--format", "json")
    assert (again.code, json.loads(again.stdout)["unchanged"]) == (0, 1)
    invoke("results", "export", "--output", home / "set.toml")
    other = ("--db", home / "other.db")
    assert invoke(*other, "results", "import", home / "set.toml").code == 0
    assert invoke(*other, "calls", "import", exported).code == 0
    shown = json.loads(invoke(*other, "calls", "show", 1, "--format", "json").stdout)
    assert (shown["result"], shown["recall_at"]) == ("CALLBK", "2026-11-10T09:00:00+00:00")


def test_a_file_of_scores_gives_times_to_call_again(log: Any, invoke: Any, home: Any) -> None:
    scores = home / "scores.csv"
    scores.write_text(
        "call,result,callback time\n1,callbk,2026-11-10 9:00\n2,no,2026-11-10 9:00\n"
        "3,callbk,some day\n"
    )
    done = invoke("score", "--from", scores)
    assert done.code == 3
    assert log.rows("SELECT recall_at FROM call ORDER BY id") == [
        (1_794_301_200,),
        (None,),
        (None,),
    ]
    bad = (home / "scores.rejects.csv").read_text().splitlines()
    assert "callback time" in bad[1]
    assert "does not call again" in bad[1]
    assert "some day" in bad[2]
    assert invoke("score", "--from", scores, "--rejects", home / "again.csv").code == 3
    assert log.rows("SELECT count(*) FROM change WHERE command LIKE '%score%'") == [(1,)]
    scores.write_text("call,recall_at\n1,none\n")
    assert invoke("score", "--from", scores).code == 0
    assert log.rows("SELECT recall_at FROM call WHERE id = 1") == [(None,)]
    assert invoke("undo").code == 0
    assert log.rows("SELECT recall_at FROM call WHERE id = 1") == [(1_794_301_200,)]


def test_a_file_of_scores_is_held_to_the_campaigns_of_a_result(
    log: Any, invoke: Any, home: Any
) -> None:
    assert invoke("campaigns", "add", "Spring").code == 0
    assert invoke("campaigns", "add", "Autumn").code == 0
    assert invoke("results", "edit", "NO", "--campaign", "Spring").code == 0
    assert invoke("calls", "edit", 1, "--set", "campaign=autumn").code == 0
    assert invoke("calls", "edit", 2, "--set", "campaign=spring").code == 0
    scores = home / "scores.csv"
    for content in ("call,result\n1,no\n2,no\n", "call,result,campaign\n1,no,\n2,no,\n"):
        scores.write_text(content)
        assert invoke("score", "--from", scores).code == 3
        [row] = (home / "scores.rejects.csv").read_text().splitlines()[1:]
        assert 'is not for the campaign ""Autumn"" of call 1, but for Spring.' in row
        (home / "scores.rejects.csv").unlink()
        assert log.rows("SELECT id FROM call WHERE result_id IS NOT NULL") == [(2,)]


WAYS = [
    ("results", "apply", "SALE", 1, "--amount", 250),
    ("score", 1, "--result", "SALE", "--amount", 250),
    ("campaigns", "log", 1, "--result", "SALE", "--amount", 250),
    ("calls", "add", "--started-at", "2026-11-02 10:00", "--result", "SALE", "--amount", 250),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(map(str, way[:2])))
def test_a_success_that_does_not_convert_takes_its_amount_with_converted(
    log: Any, invoke: Any, home: Any, way: tuple[Any, ...]
) -> None:
    leads = home / "leads.csv"
    leads.write_text("name,phone\nAnn Lee,+12125550148\n")
    assert invoke("campaigns", "add", "Spring").code == 0
    assert invoke("campaigns", "load", "Spring", leads, "--list", "leads").code == 0
    (home / "scoring.toml").write_text("[results]\nsuccess_marks_converted = false\n")
    before = log.changes()
    refused = invoke(*way)
    assert refused.code == 1
    assert "--converted" in refused.stderr
    assert log.changes() == before
    assert invoke(*way, "--converted").code == 0
    found = log.rows(
        "SELECT converted, amount FROM call JOIN result ON result.id = result_id"
        " WHERE call.removed IS NULL AND code = 'SALE'"
    )
    assert found == [(1, 25000)]


def test_files_and_rules_give_such_a_success_too(log: Any, invoke: Any, home: Any) -> None:
    (home / "scoring.toml").write_text(
        "[results]\nsuccess_marks_converted = false\n"
        '[[rules]]\nname = "sold"\non = "call.imported"\nwhen = "source:shop"\n'
        'do = [{ converted = true, amount = 9 }, { result = "SALE" }]\n'
    )
    scores = home / "scores.csv"
    scores.write_text("call,result,converted,amount\n1,sale,yes,250\n")
    assert invoke("score", "--from", scores).code == 0
    calls = home / "calls.csv"
    calls.write_text(
        "call id,source,result,converted,amount\nA,,sale,yes,250\nB,,sale,,250\nC,shop,,,\n"
    )
    assert invoke("calls", "import", calls).code == 0
    found = log.rows(
        "SELECT converted, amount FROM call JOIN result ON result.id = result_id ORDER BY call.id"
    )
    # An import keeps the amount of a call that is not converted, as real exports have them.
    assert found == [(1, 25000), (1, 25000), (0, 25000), (1, 900)]


@pytest.mark.parametrize("table", ["conversion", "converted_amount"])
def test_where_no_amount_can_be_given_none_is_required(
    log: Any, invoke: Any, home: Any, table: str
) -> None:
    (home / "scoring.toml").write_text(f"[{table}]\nenabled = false\n")
    assert invoke("results", "apply", "SALE", 1).code == 0
    calls = home / "calls.csv"
    calls.write_text("call id,result\nA,sale\n")
    assert invoke("calls", "import", calls).code == 0
    assert log.rows("SELECT count(*) FROM call WHERE result_id IS NOT NULL") == [(2,)]
