from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors.database import (
    BackupFailed,
    DatabaseLocked,
    DatabaseTooNew,
    DatabaseTooOld,
    ForeignDatabase,
    NoDatabase,
    UpgradeFailed,
)
from scorecli.storage import database, migrations
from scorecli.storage.database import FORMAT, open_to_read, open_to_write
from scorecli.storage.migrations import upgrade

FROZEN = sorted((Path(__file__).parent / "schemas").glob("format_*.sql"))


def add_a_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE extra_thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    connection.execute("INSERT INTO extra_thing (name) VALUES ('kept')")


def rebuild_call(connection: sqlite3.Connection) -> None:
    """Add a column in the middle of the table that others point at, as a real step would."""
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'call'").fetchone()[0]
    indexes = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'call' AND sql > ''"
    ).fetchall()
    columns = [row[1] for row in connection.execute("PRAGMA table_info(call)")]
    listed = ", ".join(columns)
    new = sql.replace("CREATE TABLE call ", "CREATE TABLE new_call ").replace(
        "duration INTEGER,", "queue_time INTEGER, duration INTEGER,"
    )
    connection.execute(new)
    connection.execute(f"INSERT INTO new_call ({listed}) SELECT {listed} FROM call")
    connection.execute("DROP TABLE call")
    connection.execute("ALTER TABLE new_call RENAME TO call")
    for (index,) in indexes:
        connection.execute(index)


def fail_half_way(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM call_tag")
    connection.execute("CREATE TABLE half (id INTEGER PRIMARY KEY)")
    raise RuntimeError("the step met a row it did not expect")


def lose_the_tags(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM tag")


def commit_early(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half (id INTEGER PRIMARY KEY)")
    connection.execute("COMMIT")


def fill(path: str, calls: int = 200) -> None:
    with open_to_write(path) as db, db.change("fill", "test") as change:
        db.execute("INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'a', 'a')")
        db.execute("INSERT INTO tag (id, kind, name, folded) VALUES (1, 'reporting', 'x', 'x')")
        for number in range(1, calls + 1):
            db.execute(
                "INSERT INTO call (id, system_id, identity, stars, scored, note)"
                " VALUES (?, 1, ?, 4, 1, ?)",
                (number, f"call {number}".encode(), "n" * 200),
            )
            db.execute("INSERT INTO call_tag (call_id, tag_id) VALUES (?, 1)", (number,))
            change.record("call", number, "stars", None, 4)


def content(path: str) -> dict[str, list[tuple[Any, ...]]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        found = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
        found["version"] = connection.execute("PRAGMA user_version").fetchall()
        return found


def shape(path: str) -> dict[str, Any]:
    """Everything that matters of a schema, column by column, whatever the spelling of its SQL."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        objects = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        ).fetchall()
        found: dict[str, Any] = {}
        for kind, name, sql in objects:
            if kind == "table":
                found[f"table {name}"] = (
                    connection.execute(f'PRAGMA table_xinfo("{name}")').fetchall(),
                    sorted(
                        row[2:] for row in connection.execute(f'PRAGMA foreign_key_list("{name}")')
                    ),
                    "WITHOUT ROWID" in sql,
                    "AUTOINCREMENT" in sql,
                    sorted(line.strip(" ,)") for line in sql.splitlines() if "CHECK" in line),
                )
            elif kind == "index":
                found[f"index {name}"] = (
                    connection.execute(f'PRAGMA index_xinfo("{name}")').fetchall(),
                    " ".join(sql.split()),
                )
            else:
                found[f"{kind} {name}"] = " ".join(sql.split())
        return found


@pytest.fixture
def old(tmp_path: Path) -> str:
    path = str(tmp_path / "calls.db")
    fill(path)
    return path


def test_there_is_one_step_from_each_format_to_the_next() -> None:
    assert len(migrations.STEPS) == FORMAT - 1


def test_a_frozen_schema_is_kept_for_every_format() -> None:
    assert [file.stem for file in FROZEN] == [f"format_{n}" for n in range(1, FORMAT + 1)]


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda file: file.stem)
def test_a_database_of_every_format_upgrades_to_what_a_new_one_is(
    frozen: Path, tmp_path: Path
) -> None:
    version = int(frozen.stem.rpartition("_")[2])
    path = str(tmp_path / "old.db")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(frozen.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
    upgrade(path)
    fresh = str(tmp_path / "new.db")
    open_to_write(fresh).close()
    assert shape(path) == shape(fresh)


def make_format_1(path: str, calls: int = 200) -> None:
    """A database as the first version left it, with calls, tags, results and their history."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(FROZEN[0].read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.executescript(
            "BEGIN;"
            "INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'a', 'a');"
            "INSERT INTO tag (id, kind, name, folded) VALUES (1, 'reporting', 'x', 'x');"
            "INSERT INTO result (code, folded, description, enabled, status, contact, success,"
            " require_amount) VALUES ('SALE', 'sale', 'Sold', 1, 'Person', 1, 1, 1),"
            " ('OLD', 'old', '', 0, NULL, 0, 0, 0);"
            "DELETE FROM result WHERE code = 'OLD';"
            "INSERT INTO change (made_at, who, command, origin) VALUES (0, 'a', 'b', 'person');"
        )
        for number in range(1, calls + 1):
            connection.execute(
                "INSERT INTO call (id, system_id, identity, stars, scored, note, result_id)"
                " VALUES (?, 1, ?, 4, 1, ?, 1)",
                (number, f"call {number}".encode(), "n" * 200),
            )
            connection.execute("INSERT INTO call_tag (call_id, tag_id) VALUES (?, 1)", (number,))
            connection.execute(
                'INSERT INTO change_entry (change_id, entity, entity_id, field, "after")'
                " VALUES (1, 'call', ?, 'stars', '4')",
                (number,),
            )
        connection.execute("COMMIT")


def test_an_upgrade_from_the_first_format_keeps_every_row_and_value(tmp_path: Path) -> None:
    path = str(tmp_path / "calls.db")
    make_format_1(path)
    before = content(path)
    done = upgrade(path)
    assert (done.before, done.after) == (1, FORMAT)
    assert done.backup is not None
    assert content(done.backup) == before
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for table, rows in before.items():
            if table in ("version", "sqlite_sequence"):
                continue
            with contextlib.closing(sqlite3.connect(done.backup)) as backup:
                columns = [row[1] for row in backup.execute(f'PRAGMA table_info("{table}")')]
            listed = ", ".join(f'"{column}"' for column in columns)
            assert connection.execute(f'SELECT {listed} FROM "{table}"').fetchall() == rows
        connection.execute("INSERT INTO result (code, folded) VALUES ('NEW', 'new')")
        # 2 was given to a result that is gone.
        assert connection.execute("SELECT max(id) FROM result").fetchone() == (3,)
    with open_to_read(path) as db:
        assert db.one("SELECT count(*) FROM call_log WHERE result = 'SALE'") == 200


def test_a_current_database_is_left_alone_and_gets_no_backup(old: str, tmp_path: Path) -> None:
    before = content(old)
    assert upgrade(old) == (FORMAT, FORMAT, None)
    assert content(old) == before
    assert not list(tmp_path.glob("*.backup*"))


def test_an_upgrade_keeps_everything_and_makes_a_private_backup_first(old: str) -> None:
    before = content(old)
    done = upgrade(old, steps=(*migrations.STEPS, add_a_table, rebuild_call))
    assert (done.before, done.after) == (FORMAT, FORMAT + 2)
    assert done.backup == f"{old}.format{FORMAT}.backup.db"
    assert stat.S_IMODE(Path(done.backup).stat().st_mode) == 0o600
    assert content(done.backup) == before
    after = content(old)
    assert after["version"] == [(FORMAT + 2,)]
    assert after["extra_thing"] == [(1, "kept")]
    assert after["call_tag"] == before["call_tag"]
    assert after["change_entry"] == before["change_entry"]
    assert [row[0] for row in after["call"]] == [row[0] for row in before["call"]]
    with contextlib.closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM call_log").fetchone() == (200,)


def test_a_second_upgrade_never_overwrites_the_backup_of_the_first(old: str) -> None:
    Path(f"{old}.format{FORMAT}.backup.db").write_text("a person's file")
    done = upgrade(old, steps=(*migrations.STEPS, add_a_table))
    assert done.backup == f"{old}.format{FORMAT}.backup-2.db"
    assert Path(f"{old}.format{FORMAT}.backup.db").read_text() == "a person's file"


def rebuild_tag(connection: sqlite3.Connection) -> None:
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'tag'").fetchone()[0]
    connection.execute(sql.replace("CREATE TABLE tag ", "CREATE TABLE new_tag "))
    connection.execute("INSERT INTO new_tag SELECT * FROM tag")
    connection.execute("DROP TABLE tag")
    connection.execute("ALTER TABLE new_tag RENAME TO tag")


@pytest.mark.parametrize("others", [True, False], ids=["with rows", "empty"])
def test_a_rebuilt_table_still_never_gives_a_number_twice(tmp_path: Path, others: bool) -> None:
    path = str(tmp_path / "calls.db")
    with open_to_write(path) as db, db.change("make and drop", "test"):
        if others:
            db.execute("INSERT INTO tag (kind, name, folded) VALUES ('call', 'x', 'x')")
        db.execute("INSERT INTO tag (id, kind, name, folded) VALUES (70, 'call', 'y', 'y')")
        db.execute("DELETE FROM tag WHERE id = 70")
    upgrade(path, steps=(*migrations.STEPS, rebuild_tag))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO tag (kind, name, folded) VALUES ('call', 'z', 'z')")
        assert connection.execute("SELECT max(id) FROM tag").fetchone() == (71,)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (fail_half_way, "did not expect"),
        (lose_the_tags, "200 rows point at nothing"),
    ],
)
def test_a_step_that_fails_leaves_the_database_as_it_was(old: str, step: Any, reason: str) -> None:
    before = content(old)
    with pytest.raises(UpgradeFailed, match=reason) as caught:
        upgrade(old, steps=(*migrations.STEPS, add_a_table, step))
    assert ".backup.db" in (caught.value.hint or "")
    assert content(old) == before


def test_a_step_that_commits_by_itself_is_reported(old: str) -> None:
    with pytest.raises(UpgradeFailed, match="ended the transaction"):
        upgrade(old, steps=(*migrations.STEPS, commit_early))
    assert content(old)["version"] == [(FORMAT,)]


def test_nothing_is_upgraded_when_the_backup_cannot_be_written(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(old)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BackupFailed, match="No space left"):
        upgrade(old, steps=(*migrations.STEPS, add_a_table))
    assert content(old) == before
    assert not list(Path(old).parent.glob("*.partial")) + list(Path(old).parent.glob("*.backup*"))


def test_a_later_format_a_foreign_file_and_no_file_are_refused(old: str, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA user_version = 9")
    with pytest.raises(DatabaseTooNew, match="format 9"):
        upgrade(old)
    foreign = str(tmp_path / "foreign.db")
    with contextlib.closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    with pytest.raises(ForeignDatabase):
        upgrade(foreign, steps=(*migrations.STEPS, add_a_table))
    with pytest.raises(NoDatabase):
        upgrade(str(tmp_path / "none.db"))


def test_a_reader_of_an_older_database_names_the_upgrade(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA user_version = 0")
    for opener in (open_to_read, open_to_write):
        with pytest.raises(DatabaseTooOld) as caught:
            opener(old)
        assert "scorecli db upgrade" in (caught.value.hint or "")


def test_an_upgrade_waits_for_a_writer_and_gives_up(old: str) -> None:
    with (
        open_to_write(old) as db,
        db.change("busy", "test"),
        pytest.raises(DatabaseLocked),
    ):
        upgrade(old, wait=0.2, steps=(*migrations.STEPS, add_a_table))
    assert not list(Path(old).parent.glob("*.backup*"))


def test_a_writer_that_waited_out_an_upgrade_does_not_write_into_the_new_format(old: str) -> None:
    with open_to_write(old) as db:
        upgrade(old, steps=(*migrations.STEPS, add_a_table))
        with pytest.raises(DatabaseTooNew), db.change("late", "test"):
            pytest.fail("wrote into a format it does not know")


def test_a_reader_keeps_its_moment_while_the_database_is_upgraded(old: str) -> None:
    with open_to_read(old) as db:
        assert db.one("SELECT count(*) FROM call") == 200
        upgrade(old, steps=(*migrations.STEPS, rebuild_call))
        assert len(db.rows("PRAGMA table_info(call)")) == len(
            [c for c in db.rows("PRAGMA table_info(call)") if c[1] != "queue_time"]
        )


_UPGRADE = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("steps", sys.argv[2])
steps = importlib.util.module_from_spec(spec)
spec.loader.exec_module(steps)
from scorecli.storage.migrations import STEPS, upgrade
print("go", flush=True)
upgrade(sys.argv[1], steps=(*STEPS, steps.add_a_table, steps.rebuild_call))
"""


@pytest.mark.parametrize(
    "kills", [12, pytest.param(60, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_an_upgrade_killed_at_any_moment_leaves_the_old_or_the_new(
    tmp_path: Path, kills: int
) -> None:
    source = str(tmp_path / "source.db")
    fill(source, 4000)
    before = content(source)
    seen = set()
    for attempt in range(kills):
        path = str(tmp_path / f"{attempt}.db")
        Path(path).write_bytes(Path(source).read_bytes())
        command = [sys.executable, "-c", _UPGRADE, path, __file__]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(random.uniform(0, 0.12))
            child.send_signal(signal.SIGKILL)
        after = content(path)
        version = after["version"][0][0]
        seen.add(version)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        if version == FORMAT:
            assert after == before
        else:
            assert version == FORMAT + 2
            assert after["call_tag"] == before["call_tag"]
            assert len(after["call"]) == 4000
            assert content(f"{path}.format{FORMAT}.backup.db") == before
    assert seen <= {FORMAT, FORMAT + 2}
