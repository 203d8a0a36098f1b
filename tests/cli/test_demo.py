"""`scorecli demo`: everything on generated calls, and nothing left behind."""

from __future__ import annotations

import json
import os
import shlex
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty at the start."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    return folder


def _steps(output: str) -> dict[str, list[str]]:
    """Return what each printed command printed."""
    steps: dict[str, list[str]] = {}
    for line in output.splitlines():
        if line.startswith("$ scorecli "):
            steps[line.removeprefix("$ scorecli ")] = []
        elif line:
            steps[list(steps)[-1]].append(line)
    return steps


def test_it_imports_scores_and_prints_the_call_log_and_the_conversion_report(invoke: Run) -> None:
    done = invoke("demo")
    steps = _steps(done.stdout)
    commands = list(steps)
    assert done.code == 0
    assert [command.split()[0] for command in commands] == [
        "calls",
        "score",
        "score",
        "score",
        "calls",
        "report",
    ]
    assert "200 inserted" in steps["calls import calls.csv"][0]
    log = steps["calls list --limit 12"]
    assert log[0].split("\t")[0] == "ID"
    assert len(log) == 13
    report = steps["report conversions --by source"]
    assert len(report) == 7  # a header, five sources, a total
    assert report[-1].split("\t")[:2] == ["Total", "200"]


def test_the_scores_it_gives_show_in_the_call_log(invoke: Run) -> None:
    steps = _steps(invoke("demo").stdout)
    scored = {
        command.split()[1]: shown[0] for command, shown in steps.items() if "score " in command
    }
    log = {line.split("\t")[0]: line.split("\t")[-1] for line in steps["calls list --limit 12"]}
    assert len(scored) == 3
    assert {call: log[call] for call in scored} == scored


def test_piped_output_is_plain_text(invoke: Run) -> None:
    assert "\x1b" not in invoke("demo").stdout


def test_it_leaves_no_trace(invoke: Run, home: Path, temporary: Path) -> None:
    assert invoke("demo").code == 0
    assert list(home.iterdir()) == []
    assert list(temporary.iterdir()) == []


def test_an_interruption_leaves_no_trace_either(
    invoke: Run, home: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        assert list(temporary.iterdir())
        raise KeyboardInterrupt

    monkeypatch.setattr("scorecli.services.scoring.score_calls", interrupt)
    assert invoke("demo", "--keep", home / "demo.db").code == 130
    assert list(home.iterdir()) == []
    assert list(temporary.iterdir()) == []


def test_it_needs_neither_the_settings_nor_the_database_of_the_person(
    invoke: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = home / "scoring.toml"
    broken.write_text("[score]\nenabled = 7\n")
    own = home / "calls.db"
    own.write_text("not a database")
    monkeypatch.setenv("SCORECLI_CONFIG", str(broken))
    monkeypatch.setenv("SCORECLI_DB", str(own))
    done = invoke("demo")
    assert done.code == 0
    assert "★★★★☆" in done.stdout
    assert own.read_text() == "not a database"


def test_keep_leaves_a_private_database_that_every_command_takes(invoke: Run, home: Path) -> None:
    kept = home / "demo.db"
    done = invoke("demo", "--keep", kept)
    assert f"scorecli --db {kept} calls list" in done.stderr
    assert [path.name for path in home.iterdir()] == ["demo.db"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    calls = json.loads(invoke("--db", kept, "calls", "list", "--format", "json").stdout)
    assert len(calls) == 200
    assert invoke("--db", kept, "db", "check").code == 0


def test_the_commands_it_prints_do_what_it_shows_when_pasted(invoke: Run, home: Path) -> None:
    kept = home / "demo.db"
    steps = _steps(invoke("demo", "--keep", kept).stdout)
    for command, shown in steps.items():
        if not command.startswith("calls import"):
            again = invoke("--db", kept, *shlex.split(command))
            assert again.stdout.splitlines() == shown


def test_the_history_of_a_kept_demo_names_the_printed_commands(invoke: Run, home: Path) -> None:
    kept = home / "demo.db"
    steps = _steps(invoke("demo", "--keep", kept, "--as", "Ana").stdout)
    history = json.loads(invoke("--db", kept, "history", "--format", "json").stdout)
    written = [shlex.split(f"scorecli {command}") for command in list(steps)[:4]]
    assert [shlex.split(change["command"]) for change in reversed(history)] == written
    assert {change["who"] for change in history} == {"Ana"}


def test_keep_overwrites_nothing(invoke: Run, home: Path) -> None:
    taken = home / "demo.db"
    taken.write_text("mine")
    done = invoke("demo", "--keep", taken)
    assert (done.code, done.stdout) == (1, "")
    assert f"{taken} exists already" in done.stderr
    assert taken.read_text() == "mine"


def test_keep_takes_a_link_that_leads_nowhere_for_an_existing_file(invoke: Run, home: Path) -> None:
    (home / "demo.db").symlink_to(home / "elsewhere.db")
    assert invoke("demo", "--keep", home / "demo.db").code == 1
    assert not (home / "elsewhere.db").exists()


def test_a_folder_that_is_not_there_is_told_in_one_error(invoke: Run, home: Path) -> None:
    done = invoke("demo", "--keep", home / "no" / "demo.db")
    assert done.code in (1, 4)
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_ends_it_quietly(
    scorecli: list[str], temporary: Path
) -> None:
    import subprocess

    words = shlex.join([*scorecli, "demo"])
    done = subprocess.run(
        ["bash", "-c", f"{words} | head -1"],
        capture_output=True,
        text=True,
        env=os.environ,
        timeout=60,
        check=True,
    )
    assert done.stdout == "$ scorecli calls import calls.csv\n"
    assert "Error" not in done.stderr
    assert list(temporary.iterdir()) == []


def test_quiet_leaves_only_commands_and_data(invoke: Run) -> None:
    done = invoke("demo", "--quiet")
    steps = _steps(done.stdout)
    assert done.stderr == ""
    assert steps["calls import calls.csv"] == []
