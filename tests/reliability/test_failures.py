from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors import DatabaseUnavailable
from scorecli.errors.database import (
    DatabaseBroken,
    DatabaseNotCreated,
    DatabaseTooNew,
    ForeignDatabase,
    NoDatabase,
)
from scorecli.storage.database import FORMAT, open_to_read, open_to_write
from scorecli.storage.failures import explained

OPENERS = pytest.mark.parametrize("opener", [open_to_read, open_to_write])
Unprivileged = Callable[[Callable[[], Any]], Any]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sound(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def read_all(path: Path) -> None:
    with open_to_read(str(path)) as db:
        try:
            db.rows("SELECT * FROM call")
        except sqlite3.Error as error:
            raise explained(error, str(path)) from error


def write_much(path: Path) -> None:
    with open_to_write(str(path)) as db, db.change("much", "test"):
        db.execute("UPDATE call SET note = 'changed'")
        for number in range(400):
            value = f"{number}" * 4000
            db.execute(
                "INSERT INTO lookup (field, value, folded) VALUES ('agent', ?, ?)", (value, value)
            )


_LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.path.insert(0, sys.argv[2])
from scorecli.errors import DatabaseUnavailable
import test_failures
from pathlib import Path
if sys.argv[3] != "0":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    test_failures.write_much(Path(sys.argv[1]))
except DatabaseUnavailable as error:
    print(error.message)
    sys.exit(4)
"""


def limited(path: Path, size: int) -> list[str]:
    here = str(Path(__file__).parent)
    return [sys.executable, "-c", _LIMITED, str(path), here, str(size)]


def test_a_file_size_limit_is_told_and_nothing_of_the_change_is_kept(calls: Path) -> None:
    command = limited(calls, calls.stat().st_size + 200_000)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 4, done.stderr
    assert "disk" in done.stdout
    assert sound(calls)
    with open_to_read(str(calls)) as db:
        assert db.one("SELECT count(*) FROM lookup") == 1
        assert db.one("SELECT count(*) FROM call WHERE note = 'changed'") == 0


def test_a_full_disk_is_told_and_nothing_of_the_change_is_kept(calls: Path) -> None:
    place = calls.parent / "disk"
    place.mkdir()
    with contextlib.closing(sqlite3.connect(calls)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    keep = calls.parent / "after.db"
    script = (
        f'mount -t tmpfs -o size=3m tmpfs "{place}" || exit 77; cp "{calls}" "{place}/calls.db";'
        f' "$@"; code=$?; cp "{place}/calls.db" "{keep}"; cp "{place}/calls.db-wal" "{keep}-wal";'
        " exit $code"
    )
    if shutil.which("unshare") is None:
        pytest.skip("a small disk is made with unshare, which is not here")
    command = ["unshare", "-rm", "sh", "-c", script, "sh", *limited(place / "calls.db", 0)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("mounting a small disk is not allowed here")
    assert done.returncode == 4, done.stderr
    assert "the disk is full" in done.stdout
    assert sound(keep)
    with contextlib.closing(sqlite3.connect(keep)) as connection:
        assert connection.execute("SELECT count(*) FROM lookup").fetchone() == (1,)


def settle(path: Path) -> None:
    """Leave the database as one file, as after the last writer closed it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


def test_a_read_only_file_can_be_read_and_says_why_it_cannot_be_written(
    calls: Path, open_folder: Path, unprivileged: Unprivileged
) -> None:
    settle(calls)
    path = open_folder / "calls.db"
    shutil.copy(calls, path)
    path.chmod(0o444)
    open_folder.chmod(0o555)
    before = digest(path)

    def read() -> Any:
        with open_to_read(str(path)) as db:
            return db.one("SELECT count(*) FROM call")

    def write() -> Any:
        write_much(path)

    assert unprivileged(read) == 2000
    kind, message, hint = unprivileged(write)
    assert kind == "DatabaseBroken"
    assert "read-only" in message
    assert "--db" in hint
    assert digest(path) == before
    assert [place.name for place in open_folder.iterdir()] == ["calls.db"]


def test_a_read_only_folder_with_unfinished_writing_is_not_read_without_it(
    calls: Path, open_folder: Path, unprivileged: Unprivileged
) -> None:
    path = open_folder / "calls.db"
    with open_to_write(str(calls)) as db, db.change("more", "test"):
        db.execute("UPDATE call SET note = 'newer'")
        db.execute("PRAGMA wal_autocheckpoint = 0")
    with contextlib.closing(sqlite3.connect(calls)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE call SET note = 'newest'")
        connection.commit()
        shutil.copy(calls, path)
        shutil.copy(f"{calls}-wal", f"{path}-wal")
    for place in open_folder.iterdir():
        place.chmod(0o444)
    open_folder.chmod(0o555)

    def read() -> Any:
        with open_to_read(str(path)) as db:
            return db.one("SELECT note FROM call LIMIT 1")

    kind, message, _ = unprivileged(read)
    assert kind == "UnfinishedWriting"
    assert "calls.db-wal" in message


def test_changes_in_the_wal_file_of_a_killed_writer_are_read(calls: Path) -> None:
    copy = calls.parent / "copy.db"
    with contextlib.closing(sqlite3.connect(calls)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE call SET note = 'newest'")
        connection.commit()
        shutil.copy(calls, copy)
        shutil.copy(f"{calls}-wal", f"{copy}-wal")
    with open_to_read(str(copy)) as db:
        assert db.rows("SELECT DISTINCT note FROM call") == [("newest",)]


def test_a_database_in_a_folder_that_cannot_be_written_is_not_created(
    open_folder: Path, unprivileged: Unprivileged
) -> None:
    open_folder.chmod(0o555)

    def create(name: str) -> Any:
        open_to_write(str(open_folder / name)).close()

    for name in ("calls.db", "deeper/calls.db"):
        kind, message, _ = unprivileged(lambda name=name: create(name))
        assert kind == "DatabaseNotCreated"
        assert "Permission denied" in message


def test_a_file_that_others_keep_private_is_told_plainly(
    calls: Path, open_folder: Path, unprivileged: Unprivileged
) -> None:
    path = open_folder / "calls.db"
    shutil.copy(calls, path)
    path.chmod(0o000)

    def read() -> Any:
        open_to_read(str(path)).close()

    kind, message, _ = unprivileged(read)
    assert kind == "DatabaseBroken"
    assert "cannot be opened" in message


@OPENERS
def test_a_file_that_is_not_sqlite_is_left_alone(tmp_path: Path, opener: Any) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("id,caller\n1,Ann\n" * 100)
    before = digest(path)
    with pytest.raises(ForeignDatabase, match="no SQLite database"):
        opener(str(path))
    assert digest(path) == before


@OPENERS
def test_a_database_of_another_program_is_left_alone(tmp_path: Path, opener: Any) -> None:
    path = tmp_path / "theirs.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    before = digest(path)
    with pytest.raises(ForeignDatabase, match="another program"):
        opener(str(path))
    assert digest(path) == before
    assert [place.name for place in tmp_path.glob("theirs*")] == ["theirs.db"]


@OPENERS
def test_a_newer_format_names_both_formats(calls: Path, opener: Any) -> None:
    with contextlib.closing(sqlite3.connect(calls)) as connection:
        connection.execute("PRAGMA user_version = 12")
    with pytest.raises(DatabaseTooNew, match=f"format 12.*knows up to {FORMAT}"):
        opener(str(calls))


@OPENERS
def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path, opener: Any) -> None:
    with pytest.raises(DatabaseUnavailable):
        opener(str(tmp_path))


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DatabaseNotCreated):
        open_to_write(str(tmp_path / "file" / "calls.db"))


def test_an_empty_file_is_no_database_to_read_and_may_become_one(tmp_path: Path) -> None:
    path = tmp_path / "calls.db"
    path.touch()
    with pytest.raises(NoDatabase):
        open_to_read(str(path))
    open_to_write(str(path)).close()
    assert sound(path)


@pytest.mark.parametrize("where", ["header", "schema", "middle"])
def test_overwritten_bytes_are_told_as_damage(calls: Path, where: str) -> None:
    settle(calls)
    raw = bytearray(calls.read_bytes())
    if where == "header":
        raw[:16] = b"\xff" * 16
    elif where == "schema":
        raw[100:140] = b"\xff" * 40
    else:
        for place in range(8 * 4096, len(raw), 4096):
            raw[place : place + 40] = b"\xff" * 40
    calls.write_bytes(raw)
    before = digest(calls)
    kinds = (ForeignDatabase,) if where == "header" else (DatabaseBroken,)
    with pytest.raises(kinds) as caught:
        write_much(calls)
    if where != "header":
        assert "damaged" in caught.value.message
        assert "db check" in (caught.value.hint or "")
    assert digest(calls) == before


@pytest.mark.parametrize("kept", [0, 50, 100, 4096, 5000])
def test_a_file_cut_short_is_told(calls: Path, kept: int) -> None:
    settle(calls)
    calls.write_bytes(calls.read_bytes()[:kept])
    with pytest.raises(DatabaseUnavailable):
        read_all(calls)


def test_new_databases_and_their_side_files_are_readable_by_their_owner_only(
    tmp_path: Path,
) -> None:
    path = tmp_path / "deep" / "calls.db"
    with open_to_write(str(path)) as db, db.change("fill", "test"):
        modes = {place.name: place.stat().st_mode & 0o777 for place in path.parent.iterdir()}
    assert modes == {"calls.db": 0o600, "calls.db-wal": 0o600, "calls.db-shm": 0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700
