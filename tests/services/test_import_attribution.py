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
