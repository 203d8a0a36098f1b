"""Users and attribution as people and scripts meet them: output, notices and exit codes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Run = Any
Log = Any


@pytest.fixture
def log(call_log: Log) -> Log:
    """A log with two calls of Dana Reyes, one of nobody's and one without an agent."""
    for agent in ("Dana Reyes", "REYES, Dana", "Pat Ward", None):
        number = call_log.add(started_at=1_793_526_900)
        if agent is not None:
            known = call_log.db.one("SELECT id FROM lookup WHERE value = ?", (agent,))
            if known is None:
                known = call_log.db.execute(
                    "INSERT INTO lookup (field, value, folded) VALUES ('agent', ?, ?)",
                    (agent, agent.casefold()),
                ).lastrowid
            call_log.db.execute("UPDATE call SET agent_id = ? WHERE id = ?", (known, number))
    return call_log


def rows(done: Any) -> Any:
    assert done.code == 0, done.stderr
    return json.loads(done.stdout)


def who(invoke: Run, call: int) -> tuple[Any, Any]:
    (found,) = rows(invoke("calls", "list", f"id:{call}", "--format", "json"))
    (shown,) = [rows(invoke("calls", "show", call, "--format", "json"))]
    return found["user"], shown["assigned_by"]


def test_adding_a_user_brings_the_older_calls_along(log: Log, invoke: Run) -> None:
    done = invoke("users", "add", "Dana Reyes", "--email", "dana@x.org", "--format", "json")
    assert rows(done)["calls"] == 2
    assert done.stderr.splitlines() == [
        "Dana Reyes is user 1 (change 1).",
        "2 older calls match now, and were assigned.",
    ]
    assert who(invoke, 2) == ("Dana Reyes", "name")
    undone = invoke("undo")
    assert "the user of 2 calls" in undone.stderr
    assert rows(invoke("users", "list", "--format", "json")) == []
    assert who(invoke, 2) == (None, None)


def test_without_backfill_it_says_what_matches_and_how_to_assign_it(
    log: Log, invoke: Run, home: Path
) -> None:
    (home / "scoring.toml").write_text("[attribution]\nbackfill = false\n", encoding="utf-8")
    done = invoke("users", "add", "Dana Reyes")
    assert "2 older calls match now; `scorecli calls attribute` assigns" in done.stderr
    dry = rows(invoke("calls", "attribute", "--dry-run", "--format", "json"))
    assert dry == {"assigned": 2, "moved": 0, "withdrawn": 0, "unassigned": 2, "change": None}
    real = rows(invoke("calls", "attribute", "--format", "json"))
    assert real == {**dry, "change": 2}
    again = rows(invoke("calls", "attribute", "--format", "json"))
    assert again == {**dry, "assigned": 0}


def test_explain_lists_every_agent_with_user_or_reason(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Dana Reyes")
    invoke("calls", "unassign", 1, 2)
    found = rows(invoke("calls", "attribute", "--explain", "--dry-run", "--format", "json"))
    assert [(row["agent"], row["user"], row["reason"], row["calls"]) for row in found] == [
        (None, None, "no agent on the call", 1),
        ("Dana Reyes", "Dana Reyes", None, 1),
        ("Pat Ward", None, "no user of that name", 1),
        ("REYES, Dana", "Dana Reyes", None, 1),
    ]


def test_explain_tells_of_any_call_why_it_is_or_is_not_assigned(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Dana Reyes")
    invoke("users", "add", "Lee Wong")
    invoke("calls", "assign", 3, "Lee Wong")
    invoke("calls", "unassign", 2, 4, "--for-good")

    def told(call: int, *options: str) -> tuple[Any, ...]:
        words = ("calls", "attribute", f"id:{call}", "--explain", "--format", "json", *options)
        (row,) = rows(invoke(*words))
        return row["had_user"], row["user"], row["assigned_by"], row["reason"]

    assert told(1) == ("Dana Reyes", "Dana Reyes", "name", None)
    assert told(2) == (None, None, "person", "unassigned by a person")
    assert told(3) == told(3, "--recheck") == ("Lee Wong", "Lee Wong", "person", None)
    invoke("users", "add", "Dana Reyes", "--namesake")
    had, user, by, reason = told(1)
    assert (had, user, by) == ("Dana Reyes (1)", "Dana Reyes (1)", "name")
    assert reason.startswith("ambiguous: Dana Reyes (1), Dana Reyes (3) by now;")
    assert reason.endswith("a recheck withdraws it")
    assert told(1, "--recheck", "--dry-run")[:3] == ("Dana Reyes (1)", None, None)
    invoke("users", "edit", 1, "--name", "Dana Smith")
    assert "fits another user by now" in told(1)[3]


def test_a_call_says_why_nobody_has_it(log: Log, invoke: Run) -> None:
    def told(call: int) -> Any:
        return rows(invoke("calls", "show", call, "--format", "json"))["unassigned_because"]

    invoke("users", "add", "Dana Reyes")
    invoke("users", "edit", 1, "--alias", "Pat Ward")
    invoke("users", "add", "Pat Ward", "--namesake")
    invoke("calls", "unassign", 1, "--for-good")
    invoke("calls", "unassign", 2, 3)
    assert [told(call) for call in (1, 2, 3, 4)] == [
        "unassigned by a person",
        "matches now; `scorecli calls attribute` assigns it",
        "ambiguous: Dana Reyes, Pat Ward",
        "no agent on the call",
    ]
    invoke("calls", "attribute")
    assert told(2) is None
    assert "Why no user\tambiguous" in invoke("calls", "show", 3).stdout


def test_a_second_user_of_the_name_needs_an_explicit_word(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Dana Reyes")
    refused = invoke("users", "add", "dana reyes")
    assert refused.code == 1
    assert "--namesake" in refused.stderr
    done = invoke("users", "add", "Dana Reyes", "--namesake")
    assert done.code == 0
    assert "also fit Dana Reyes (user 1)" in done.stderr
    named = invoke("users", "show", "Dana Reyes")
    assert named.code == 1
    assert "1 (Dana Reyes), 2 (Dana Reyes)" in named.stderr
    assert rows(invoke("users", "show", 2, "--format", "json"))["id"] == 2


def test_two_users_of_one_extension_or_address_are_told(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Dana Reyes", "--extension", "109", "--email", "team@x.org")
    for words in (
        ("add", "Lee Wong", "--extension", "x109"),
        ("add", "Kim Ward", "--email", "TEAM@x.org"),
    ):
        told = invoke("users", *words).stderr
        assert "is also that of Dana Reyes (user 1), so that it alone assigns no call." in told
    apart = ("add", "Pat Ward", "--extension", "109", "--until", "2020-01-01")
    invoke("users", "edit", 1, "--from", "2021-01-01")
    invoke("users", "edit", 2, "--extension", "none")
    assert "also that of" not in invoke("users", *apart).stderr


def test_disabling_says_nothing_of_namesakes(log: Log, invoke: Run) -> None:
    for _ in range(2):
        invoke("users", "add", "Dana Reyes", "--namesake")
    assert "also fit" not in invoke("users", "disable", 1, 2).stderr
    assert "also fit" in invoke("users", "enable", 1, 2).stderr


def test_a_recheck_shows_what_it_takes_away_and_asks_first(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Dana Reyes")
    invoke("users", "add", "Dana Reyes", "--namesake")
    shown = invoke("calls", "attribute", "--recheck", "--dry-run")
    assert "ambiguous: Dana Reyes (1), Dana Reyes (2)" in shown.stdout
    assert "2 would be withdrawn" in shown.stderr
    refused = invoke("calls", "attribute", "--recheck", "--no-input")
    assert refused.code == 1
    assert who(invoke, 1)[0] == "Dana Reyes"
    assert invoke("calls", "attribute", "--recheck", "--yes").code == 0
    assert who(invoke, 1) == (None, None)


def test_a_person_assigns_and_attribution_keeps_away(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Dana Reyes")
    invoke("users", "add", "Lee Wong")
    done = rows(invoke("calls", "assign", 1, 3, "Lee Wong", "--format", "json"))
    assert (done["user"], done["changed"]) == ("Lee Wong", 2)
    invoke("calls", "attribute", "--recheck", "--yes")
    assert who(invoke, 1) == who(invoke, 3) == ("Lee Wong", "person")
    found = rows(invoke("calls", "list", "user:~wong", "assigned_by:person", "--format", "json"))
    assert sorted(row["id"] for row in found) == [1, 3]
    assert [row["id"] for row in rows(invoke("calls", "list", "@unassigned", "--format", "json"))]


def test_assigning_by_filter_asks_and_names_the_user_last(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Lee Wong")
    refused = invoke("calls", "assign", "--where", "@unassigned", "Lee Wong", "--no-input")
    assert refused.code == 1
    done = invoke("calls", "assign", "--where", "@unassigned", "Lee Wong", "--yes")
    assert done.stderr.startswith("4 calls assigned to Lee Wong")
    assert invoke("calls", "assign", 1).code == 2
    assert invoke("calls", "assign", "Lee Wong").code == 2
    assert invoke("calls", "assign", 1, "Nobody").code == 1


def test_unassigned_calls_may_come_back_unless_for_good(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Dana Reyes")
    assert "--for-good" in invoke("calls", "unassign", 1).stderr
    invoke("calls", "unassign", 2, "--for-good")
    invoke("calls", "attribute")
    assert (who(invoke, 1)[0], who(invoke, 2)) == ("Dana Reyes", (None, "person"))


def test_a_period_is_given_in_days_both_included(log: Log, invoke: Run) -> None:
    done = invoke(
        "users", "add", "Dana Reyes", "--from", "2026-11-01", "--until", "2026-11-01",
        "--format", "json",
    )  # fmt: skip
    found = rows(done)
    assert found["active_from"].startswith("2026-11-01T00:00:00")
    assert found["active_until"].startswith("2026-11-02T00:00:00")
    assert found["calls"] == 2
    listed = invoke("users", "list").stdout.splitlines()[1].split("\t")
    assert listed[6:8] == ["2026-11-01", "2026-11-01"]
    assert "2026-11-01" in invoke("users", "show", 1).stdout
    assert "active until: 2026-11-02T00:00:00" in invoke("history").stdout
    refused = invoke("users", "edit", 1, "--until", "2026-10-01")
    assert refused.code == 1
    assert "before it begins" in refused.stderr


def test_disabling_and_enabling_are_undoable_and_quiet_when_nothing_changes(
    log: Log, invoke: Run
) -> None:
    invoke("users", "add", "Dana Reyes")
    assert invoke("users", "disable", "dana reyes").stderr.startswith("Dana Reyes disabled")
    assert "so already" in invoke("users", "disable", 1).stderr
    assert rows(invoke("users", "list", "--active", "--format", "json")) == []
    assert who(invoke, 1)[0] == "Dana Reyes"
    invoke("undo")
    assert len(rows(invoke("users", "list", "--active", "--format", "json"))) == 1
    invoke("users", "disable", 1)
    assert invoke("users", "enable", 1).stderr.startswith("Dana Reyes enabled")


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "--"),
        ("add", "12"),
        ("add", "none"),
        ("add", "A;B"),
        ("add", "Dana\x1b[31m Reyes"),
        ("add", "Dana Reyes", "--email", "nowhere"),
        ("add", "Dana Reyes", "--extension", " "),
        ("add", "Dana Reyes", "--role", "a b"),
        ("add", "Dana Reyes", "--from", "never"),
        ("edit", "1"),
    ],
)
def test_what_a_user_cannot_have_is_wrong_usage(
    log: Log, invoke: Run, arguments: tuple[str, ...]
) -> None:
    done = invoke("users", *arguments)
    assert (done.code, log.changes()) == (
        (0, 1) if arguments[2:] == ("--extension", " ") else (2, 0)
    )
    assert "\x1b" not in done.stderr


def test_history_says_whose_a_call_was(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Dana Reyes")
    invoke("users", "add", "Lee Wong")
    invoke("calls", "assign", 1, "Lee Wong")
    changes = rows(invoke("history", 1, "--format", "json"))
    assert [
        [(field["field"], field["before"], field["after"]) for field in change["fields"]]
        for change in changes
    ] == [
        [("user", "Dana Reyes", "Lee Wong"), ("assigned_by", "name", "person")],
        [("user", None, "Dana Reyes"), ("assigned_by", None, "name")],
    ]
    told = invoke("history").stdout
    assert "Lee Wong: 1 call given" in told
    assert "Dana Reyes: 2 calls given" in told
    assert "Dana Reyes: 1 call taken" in told


def write_team(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_users_come_from_a_file_once(log: Log, invoke: Run, home: Path) -> None:
    team = write_team(
        home / "team.csv",
        "Name,E-mail,Extension,Aliases,From",
        "Dana Reyes,dana@x.org,109,Dee;D. R.,2026-01-01",
        "Pat Ward,,,,",
        "Pat Ward,nowhere,,,",
        ",x@x.org,,,",
        "Lee Wong,,,,soon",
    )
    dry = invoke("users", "import", team, "--dry-run", "--format", "json")
    assert (dry.code, log.changes()) == (3, 0)
    done = invoke("users", "import", team, "--format", "json")
    assert done.code == 3
    summary = json.loads(done.stdout)
    assert {**summary, "rejects_file": None, "change": None} == json.loads(dry.stdout)
    assert (summary["read"], summary["added"], summary["rejected"]) == (5, 2, 3)
    assert (summary["calls"], summary["assigned"], summary["change"]) == (3, 3, 1)
    with Path(summary["rejects_file"]).open(encoding="utf-8", newline="") as file:
        bad = list(csv.DictReader(file))
    assert [(row["line"], row["field"]) for row in bad] == [
        ("4", "E-mail"),
        ("5", "Name"),
        ("6", "From"),
    ]
    again = json.loads(invoke("users", "import", team, "--format", "json").stdout)
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert again["change"] is None
    invoke("undo")
    assert rows(invoke("users", "list", "--format", "json")) == []
    assert who(invoke, 1) == (None, None)


def test_a_row_that_is_rejected_leaves_nothing_of_itself(log: Log, invoke: Run, home: Path) -> None:
    invoke("users", "add", "Lee Wong")
    before = invoke("users", "list", "--format", "json").stdout
    team = write_team(
        home / "team.csv",
        "name,extension,alias,from,until",
        "Dana Reyes,109,12,,",
        "Lee Wong,110,none,,",
        "Lee Wong,110,Desk,2026-02-01,2026-01-01",
        "Pat Ward,111,,2026-02-01,2026-01-01",
    )
    done = invoke("users", "import", team, "--format", "json")
    summary = json.loads(done.stdout)
    assert (summary["rejected"], summary["change"]) == (4, None)
    assert invoke("users", "list", "--format", "json").stdout == before


def test_a_file_of_users_changes_those_it_names(log: Log, invoke: Run, home: Path) -> None:
    invoke("users", "add", "Dana Reyes", "--email", "dana@x.org", "--extension", "1")
    team = write_team(
        home / "team.csv", "name,email,extension,role", "Dana Smith,dana@x.org,none,manager"
    )
    assert "1 updated" in invoke("users", "import", team).stderr
    shown = rows(invoke("users", "show", 1, "--format", "json"))
    assert (shown["name"], shown["extension"], shown["role"]) == ("Dana Smith", None, "manager")
    assert invoke("users", "import", write_team(home / "bad.csv", "email", "a@b")).code == 2


def test_what_the_list_of_users_writes_can_be_imported_again(
    log: Log, invoke: Run, home: Path
) -> None:
    invoke("users", "add", "Dana Reyes", "--alias", "Dee", "--from", "2026-01-01")
    invoke("users", "add", "Lee Wong", "--extension", "110", "--until", "2026-06-30")
    invoke("users", "disable", "Dana Reyes")
    before = invoke("users", "list", "--format", "json").stdout
    for ending in ("csv", "json", "ndjson"):
        team = home / f"team.{ending}"
        team.write_text(invoke("users", "list", "--format", ending).stdout, encoding="utf-8")
        assert "2 unchanged, 0 rejected" in invoke("users", "import", team).stderr
    assert invoke("users", "list", "--format", "json").stdout == before


def test_the_same_name_with_another_address_is_not_guessed(
    log: Log, invoke: Run, home: Path
) -> None:
    invoke("users", "add", "Dana Reyes", "--email", "dana@x.org")
    team = write_team(home / "team.csv", "name,email", "Dana Reyes,other@x.org")
    assert invoke("users", "import", team).code == 3
    assert len(rows(invoke("users", "list", "--format", "json"))) == 1


def test_reports_say_who_and_why_nobody(log: Log, invoke: Run) -> None:
    invoke("users", "add", "Dana Reyes")
    agents = rows(invoke("report", "agents", "--format", "json"))
    assert [(row["user"], row["calls"]) for row in agents["rows"]] == [
        ("Dana Reyes", 2),
        (None, 2),
    ]
    unassigned = rows(invoke("report", "unassigned", "--format", "json"))
    assert [(row["agent"], row["reason"]) for row in unassigned["rows"]] == [
        (None, "no agent on the call"),
        ("Pat Ward", "no user of that name"),
    ]
    suggested = rows(invoke("users", "suggest", "--format", "json"))
    assert [row["agent"] for row in suggested] == ["Pat Ward"]
    assert "no user of that name" in invoke("report", "unassigned", "--explain").stdout
    assert "talk_time" in invoke("report", "agents", "--explain").stdout


LIST_MODULES = """
import sys
from scorecli.cli.main import run
code = run(sys.argv[1:])
sys.stderr.write("LOADED " + " ".join(sys.modules) + "\\n")
sys.exit(code)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("calls", "attribute"),
        ("calls", "attribute", "--explain", "--recheck", "--yes"),
        ("calls", "assign", "1", "Dana Reyes"),
        ("calls", "unassign", "1"),
        ("report", "agents"),
        ("report", "unassigned"),
        ("users", "list"),
        ("users", "suggest"),
    ],
    ids=" ".join,
)
def test_only_what_defines_users_loads_the_orm(
    log: Log, invoke: Run, arguments: tuple[str, ...]
) -> None:
    invoke("users", "add", "Dana Reyes")
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stderr.rpartition("LOADED ")[2].split())
    assert not loaded & {"sqlmodel", "sqlalchemy", "pydantic", "rich"}
