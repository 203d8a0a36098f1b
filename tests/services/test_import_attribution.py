"""Who handled the calls of an import."""

from __future__ import annotations

from pathlib import Path

import pytest

LOG = """Call ID,Start Time,Agent,Duration
A1,2026-10-01 10:00,Dana Reyes,10
A2,2026-10-02 10:00,"reyes, DANA",20
A3,2026-10-03 10:00,D. Reyes,30
A4,2026-10-04 10:00,,40
"""
MORE = LOG + "A5,2026-10-05 10:00,Dana Reyes,50\n"


@pytest.mark.parametrize("first", ["user", "calls"])
def test_calls_are_assigned_whichever_comes_first(home: Path, run: object, first: str) -> None:
    assert callable(run)
    (home / "log.csv").write_text(LOG)
    (home / "more.csv").write_text(MORE)
    import json

    steps = [("users", "add", "Dana Reyes"), ("calls", "import", "log.csv")]
    for step in steps if first == "user" else reversed(steps):
        assert run("--db", "c.db", *step).code == 0
    listed = json.loads(run("--db", "c.db", "calls", "list", "--format", "json").stdout)
    assert {call["external_id"]: call["user"] for call in listed} == {
        "A1": "Dana Reyes",
        "A2": "Dana Reyes",
        "A3": None,
        "A4": None,
    }
    figures = json.loads(
        run("--db", "c.db", "calls", "import", "more.csv", "--format", "json").stdout
    )
    assert (figures["inserted"], figures["unchanged"]) == (1, 4)
    assert (figures["attributed"], figures["unattributed"]) == (1, 0)


def test_a_changed_agent_of_a_call_nobody_has_is_matched_again(home: Path, run: object) -> None:
    assert callable(run)
    import json

    (home / "log.csv").write_text(LOG)
    (home / "mended.csv").write_text(LOG.replace("D. Reyes", "Dana Reyes"))
    for step in (
        ("users", "add", "Dana Reyes"),
        ("calls", "import", "log.csv"),
        ("calls", "import", "mended.csv"),
    ):
        done = run("--db", "c.db", *step)
        assert done.code == 0, done.stderr
    call = json.loads(run("--db", "c.db", "calls", "show", "A3", "--format", "json").stdout)
    assert call["user"] == "Dana Reyes"
    assert run("--db", "c.db", "undo").code == 0
    call = json.loads(run("--db", "c.db", "calls", "show", "A3", "--format", "json").stdout)
    assert (call["user"], call["agent"]) == (None, "D. Reyes")


WITH_EXTENSIONS = """Call ID,Start Time,Agent,Agent Extension,Agent E-mail
A1,2026-10-01 10:00,Front desk,109,
A2,2026-10-02 10:00,,,DANA@x.org
A3,2026-10-03 10:00,Dana Reyes,110,
A4,2026-10-04 10:00,Lee Wong,110,
"""


def test_extensions_and_addresses_of_a_file_find_their_users(home: Path, run: object) -> None:
    assert callable(run)
    import json

    (home / "log.csv").write_text(WITH_EXTENSIONS)
    done = [
        run("--db", "c.db", "users", "add", name, "--extension", extension, "--email", email)
        for name, extension, email in (
            ("Dana Reyes", "109", "dana@x.org"),
            ("Lee Wong", "x110", "lee@x.org"),
        )
    ]
    assert all(each.code == 0 for each in done)
    figures = json.loads(
        run("--db", "c.db", "calls", "import", "log.csv", "--format", "json").stdout
    )
    assert (figures["attributed"], figures["unattributed"]) == (3, 1)
    found = {}
    for call in ("A1", "A2", "A3", "A4"):
        shown = json.loads(run("--db", "c.db", "calls", "show", call, "--format", "json").stdout)
        found[call] = (shown["user"], shown["assigned_by"])
    assert found == {
        "A1": ("Dana Reyes", "extension"),
        "A2": ("Dana Reyes", "email"),
        "A3": (None, None),
        "A4": ("Lee Wong", "extension"),
    }
    report = json.loads(
        run(
            "--db", "c.db", "report", "unassigned", "agent_extension:110", "--format", "json"
        ).stdout
    )
    assert [row["reason"] for row in report["rows"]] == ["name and extension disagree"]


BY_TIME = """Call ID,Start Time,Agent
B1,2026-01-31 10:00,Dana Reyes
B2,2026-02-01 10:00,Dana Reyes
B3,2026-06-30 23:59,Dana Reyes
B4,2026-07-01 00:00,Dana Reyes
B5,2026-09-01 10:00,Dana Reyes
B6,,Dana Reyes
"""


@pytest.mark.parametrize("later", ["import", "attribute"])
def test_namesakes_get_the_calls_of_their_own_time(home: Path, run: object, later: str) -> None:
    assert callable(run)
    import json

    (home / "log.csv").write_text(BY_TIME)
    users = [
        ("users", "add", "Dana Reyes", "--from", "2026-02-01", "--until", "2026-06-30"),
        ("users", "add", "Dana Reyes", "--from", "2026-08-01"),
    ]
    steps = [*users, ("calls", "import", "log.csv")]
    if later == "attribute":
        steps = [steps[-1], *users, ("calls", "attribute")]
    for step in steps:
        done = run("--db", "c.db", *step)
        assert done.code == 0, done.stderr
    listed = json.loads(run("--db", "c.db", "calls", "list", "--format", "json").stdout)
    assert {call["external_id"]: call["user_id"] for call in listed} == {
        "B1": None,
        "B2": 1,
        "B3": 1,
        "B4": None,
        "B5": 2,
        "B6": 2,  # a call without a time is of who is active now
    }
    report = json.loads(run("--db", "c.db", "report", "unassigned", "--format", "json").stdout)
    assert [(row["reason"], row["calls"]) for row in report["rows"]] == [
        ("no user of that name", 2)
    ]


def test_users_and_their_import_are_undone_in_either_order_that_makes_sense(
    home: Path, run: object
) -> None:
    assert callable(run)
    import json

    (home / "log.csv").write_text(LOG)

    def users_of() -> dict[str, str | None]:
        done = run("--db", "c.db", "calls", "list", "--format", "json")
        return {call["external_id"]: call["user"] for call in json.loads(done.stdout)}

    for step in (("users", "add", "Dana Reyes"), ("calls", "import", "log.csv")):
        assert run("--db", "c.db", *step).code == 0
    refused = run("--db", "c.db", "undo", "1")
    assert refused.code == 1
    assert "2 calls have now" in refused.stderr
    whole = users_of()
    for change in ("2", "1"):  # the calls out of sight do not keep their user
        assert run("--db", "c.db", "undo", change).code == 0
    assert users_of() == {}
    for change in ("4", "3"):
        done = run("--db", "c.db", "undo", change)
        assert done.code == 0, done.stderr
    assert users_of() == whole
    assert run("--db", "c.db", "db", "check").code == 0


def test_a_call_that_a_person_assigned_keeps_its_import_from_being_undone(
    home: Path, run: object
) -> None:
    assert callable(run)
    (home / "log.csv").write_text(LOG)
    for step in (
        ("calls", "import", "log.csv"),
        ("users", "add", "Dana Reyes"),
        ("calls", "assign", "A4", "Dana Reyes"),
    ):
        assert run("--db", "c.db", *step).code == 0
    refused = run("--db", "c.db", "undo", "1")
    assert refused.code == 1
    assert "change 3" in refused.stderr
    assert run("--db", "c.db", "undo", "3").code == 0
    assert run("--db", "c.db", "undo", "1").code == 0  # what came by itself is in nobody's way
    assert run("--db", "c.db", "undo", "2").code == 0
