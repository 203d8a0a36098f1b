from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from scorecli.errors.database import BackupExists, BackupFailed, BackupOfDamage, BackupOntoItself
from scorecli.storage.backup import copy_database
from scorecli.storage.database import open_to_read, open_to_write


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = str(tmp_path / "calls.db")
    with open_to_write(path) as db, db.change("fill", "test"):
        db.execute("INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'A', 'a')")
    return path


def copy(source: str, target: Path, *, force: bool = False) -> int:
    with open_to_read(source) as db:
        return copy_database(db.connection, db.path, str(target), force=force)


def test_a_backup_is_a_database_of_its_own_that_only_its_owner_reads(
    source: str, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    size = copy(source, target)
    assert sorted(p.name for p in tmp_path.iterdir() if "copy" in p.name) == ["copy.db"]
    assert size == target.stat().st_size
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with open_to_read(str(target)) as db:
        assert db.one("SELECT value FROM lookup") == "A"


def test_a_backup_never_overwrites_unless_forced(source: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(BackupExists):
        copy(source, target)
    assert target.read_text() == "precious"
    copy(source, target, force=True)
    with open_to_read(str(target)) as db:
        assert db.one("SELECT count(*) FROM lookup") == 1


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_a_backup_onto_the_database_itself_is_refused_even_when_forced(
    source: str, end: str
) -> None:
    with pytest.raises(BackupOntoItself):
        copy(source, Path(source + end), force=True)


def test_a_backup_through_a_link_onto_the_database_itself_is_refused(
    source: str, tmp_path: Path
) -> None:
    for name, make in (("hard", os.link), ("soft", os.symlink)):
        make(source, tmp_path / name)
        with pytest.raises(BackupOntoItself):
            copy(source, tmp_path / name, force=True)


def test_a_folder_that_is_not_there_is_named(source: str, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="there is no folder"):
        copy(source, tmp_path / "none" / "copy.db")


def test_a_disk_that_fails_leaves_nothing_behind(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(BackupFailed, match="No space left"):
        copy(source, tmp_path / "copy.db")
    assert not [p for p in tmp_path.iterdir() if "copy" in p.name]


def test_a_damaged_database_gives_no_backup(source: str, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(source)) as connection:
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'lookup'"
        ).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    raw = bytearray(Path(source).read_bytes())
    raw[(root - 1) * size : (root - 1) * size + 32] = b"\xff" * 32
    Path(source).write_bytes(raw)
    with pytest.raises(BackupOfDamage, match="damaged"):
        copy(source, tmp_path / "copy.db")
    assert not [p for p in tmp_path.iterdir() if "copy" in p.name]


def test_a_value_against_a_rule_keeps_nobody_from_a_backup(source: str, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("INSERT INTO tag (kind, name, folded) VALUES ('odd', 'a', 'a')")
        connection.commit()
    assert copy(source, tmp_path / "copy.db") > 0


def test_backups_made_while_others_write_hold_whole_changes_only(
    source: str, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        with open_to_write(source) as db:
            turn = 0
            while not stop.is_set():
                turn += 1
                with db.change("pairs", "test"):
                    for part in ("a", "b"):
                        value = f"{part}{turn}"
                        db.execute(
                            "INSERT INTO lookup (field, value, folded) VALUES ('agent', ?, ?)",
                            (value, value),
                        )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(8):
            target = tmp_path / f"copy{number}.db"
            copy(source, target)
            with contextlib.closing(sqlite3.connect(target)) as connection:
                pairs = connection.execute(
                    "SELECT count(*) FILTER (WHERE value LIKE 'a%'),"
                    " count(*) FILTER (WHERE value LIKE 'b%') FROM lookup WHERE field = 'agent'"
                ).fetchone()
            assert pairs[0] == pairs[1]
    finally:
        stop.set()
        writer.join()
