"""A new database takes its place when all is in it, and only where the place is free."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scorecli.storage.built_aside import PlaceTaken, built_aside, is_free
from scorecli.storage.database import Database, open_to_read, open_to_write


def write_tag(db: Database, name: str) -> None:
    with db.change(f"scorecli {name}", "dana") as change:
        sql = "INSERT INTO tag (kind, name, folded) VALUES ('call', :name, :name) RETURNING id"
        change.record("tag", db.one(sql, {"name": name}), "row", None, {"name": name})


def tags(path: Path) -> list[str]:
    with open_to_read(str(path)) as db:
        return [name for (name,) in db.rows("SELECT name FROM tag ORDER BY id")]


def test_a_database_is_there_only_when_all_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "calls.db"
    with built_aside(str(path)) as db:
        write_tag(db, "a")
        assert not path.exists()
    assert tags(path) == ["a"]
    assert list(path.parent.glob("*.new-*")) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with open_to_write(str(path)) as db:
        assert db.one("PRAGMA journal_mode") == "wal"
        assert db.one("PRAGMA integrity_check") == "ok"
        write_tag(db, "b")
    assert tags(path) == ["a", "b"]


def test_it_is_made_as_one_that_begins_empty_is(tmp_path: Path) -> None:
    aside, begun = tmp_path / "aside.db", tmp_path / "begun.db"
    with built_aside(str(aside)) as db:
        write_tag(db, "a")
    with open_to_write(str(begun)) as db:
        write_tag(db, "a")
    made = []
    for path in (aside, begun):
        with open_to_read(str(path)) as db:
            pragmas = ("page_size", "journal_mode", "encoding", "user_version", "application_id")
            made.append([db.one(f"PRAGMA {name}") for name in pragmas])
            made[-1].append(db.rows("SELECT type, name, sql FROM sqlite_master ORDER BY name"))
    assert made[0] == made[1]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "calls.db"

    def fail() -> None:
        with built_aside(str(path)) as db:
            write_tag(db, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_came_in_the_meantime_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "calls.db"

    def be_late() -> None:
        with built_aside(str(path)) as db:
            write_tag(db, "late")
            with open_to_write(str(path)) as other:
                write_tag(other, "early")

    with pytest.raises(PlaceTaken):
        be_late()
    assert tags(path) == ["early"]
    assert list(tmp_path.glob("*.new-*")) == []


def test_a_file_system_without_links_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    path = tmp_path / "calls.db"
    with built_aside(str(path)) as db:
        write_tag(db, "a")
    assert tags(path) == ["a"]
    assert list(tmp_path.glob("*.new-*")) == []


@pytest.mark.parametrize("ending", ["", "-wal", "-journal", "-shm"])
def test_what_is_left_of_another_database_keeps_the_place(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "calls.db"
    assert is_free(str(path))
    Path(f"{path}{ending}").touch()
    assert not is_free(str(path))


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = [tmp_path / f"calls.db.new-{ended.pid}{ending}" for ending in ("", "-journal")]
    kept = [
        tmp_path / "calls.db.new-1",  # that process runs
        tmp_path / f"other.db.new-{ended.pid}",
        tmp_path / "calls.db.new-old",
    ]
    for file in (*left, *kept):
        file.touch()
    with built_aside(str(tmp_path / "calls.db")):
        pass
    assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "calls.db", *kept])
    assert sqlite3.connect(tmp_path / "calls.db").execute("SELECT count(*) FROM call").fetchone()
