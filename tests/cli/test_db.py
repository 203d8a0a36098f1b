from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scorecli.storage.database import FORMAT, open_to_write

Run = Callable[..., Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "calls.db"
    with open_to_write(str(path)) as db, db.change("fill", "test"):
        db.execute("INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'A', 'a')")
        db.execute("INSERT INTO call (id, system_id, identity) VALUES (1, 1, x'01')")
    return path


def run(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scorecli", "--db", str(path), "db", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=path.parent, check=False)


def test_info_as_json_is_one_object(path: Path) -> None:
    done = run(path, "info", "--format", "json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["calls"], shown["first_call"], shown["format"]) == (1, None, FORMAT)


def test_check_of_a_sound_database_says_so_and_exits_with_0(path: Path) -> None:
    done = run(path, "check")
    assert (done.returncode, done.stdout) == (0, "")
    assert "is in order" in done.stderr
    assert json.loads(run(path, "check", "--format", "json").stdout) == []


def test_check_lists_the_problems_and_exits_with_1(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE call SET scored = 1")
        connection.commit()
    done = run(path, "check", "--format", "json")
    assert done.returncode == 1
    assert [problem["kind"] for problem in json.loads(done.stdout)] == ["scored"]


def test_backup_refuses_to_overwrite_until_forced(path: Path) -> None:
    assert run(path, "backup", "copy.db").returncode == 0
    again = run(path, "backup", "copy.db")
    assert again.returncode == 1
    assert "--force" in again.stderr
    assert run(path, "backup", "copy.db", "--force").returncode == 0
    assert run(path.parent / "copy.db", "check").returncode == 0


def test_upgrade_of_a_current_database_does_nothing(path: Path) -> None:
    done = run(path, "upgrade")
    assert done.returncode == 0
    assert "up to date" in done.stderr


@pytest.mark.parametrize("command", ["info", "check", "backup", "upgrade"])
def test_without_a_database_the_exit_code_is_4_and_none_is_made(
    tmp_path: Path, command: str
) -> None:
    path = tmp_path / "none.db"
    words = (command, "copy.db") if command == "backup" else (command,)
    done = run(path, *words)
    assert done.returncode == 4
    assert "no database" in done.stderr
    assert not list(tmp_path.glob("*.db*"))


@pytest.mark.parametrize(
    "words", [("calls", "list"), ("score", "1", "--stars", "4"), ("db", "upgrade"), ("db", "info")]
)
def test_a_folder_in_place_of_a_database_is_called_a_folder(
    tmp_path: Path, invoke: Run, words: tuple[str, ...]
) -> None:
    done = invoke("--db", tmp_path, *words)
    assert done.code == 4
    assert f"{tmp_path} is a folder, not a database." in done.stderr
    assert "disk" not in done.stderr


def test_a_folder_in_place_of_a_database_is_no_place_to_import_into(
    tmp_path: Path, home: Path, invoke: Run
) -> None:
    (home / "calls.csv").write_text("external_id,agent\nA1,Dana\n")
    for more in ((), ("--dry-run",)):
        done = invoke("--db", tmp_path, "calls", "import", "calls.csv", *more)
        assert (done.code, f"{tmp_path} is a folder" in done.stderr) == (4, True)


def test_a_backup_into_a_missing_folder_says_which_folder_to_make(
    path: Path, invoke: Run, tmp_path: Path
) -> None:
    done = invoke("--db", path, "db", "backup", tmp_path / "nowhere" / "copy.db")
    assert done.code == 4
    assert f"there is no folder {tmp_path / 'nowhere'}" in done.stderr
    assert "Make that folder" in done.stderr
    assert "space" not in done.stderr
