"""The same promises, through the installed command."""

from __future__ import annotations

import contextlib
import random
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROWS = 3000


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A call log of 3000 rows, the last of them bad."""
    path = tmp_path / "calls.csv"
    lines = ["external_id,started_at,contact_number,source,duration,stars"]
    lines += [
        f"e{number},2026-11-01T10:00:00Z,+1415555{number:04d},google,{number},4"
        for number in range(1, ROWS)
    ]
    lines.append("bad,2026-11-01T10:00:00Z,+14155550000,google,long,4")
    path.write_text("\n".join(lines) + "\n")
    return path


def kill_later(command: list[str], longest: float) -> None:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        time.sleep(random.uniform(0, longest))
        child.send_signal(signal.SIGKILL)


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return connection.execute(sql).fetchall()


def took(command: list[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, capture_output=True, check=False)
    return time.monotonic() - began


@pytest.mark.parametrize(
    "kills", [10, pytest.param(60, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_a_killed_import_is_there_as_a_whole_or_not_at_all(
    scorecli: list[str], export: Path, tmp_path: Path, run: Any, kills: int
) -> None:
    def command(name: str) -> list[str]:
        rejects = str(tmp_path / f"{name}.rejects.csv")
        words = ["calls", "import", str(export), "--rejects", rejects]
        return [*scorecli, "--db", str(tmp_path / f"{name}.db"), *words]

    longest = 1.2 * took(command("whole"))
    assert query(tmp_path / "whole.db", "SELECT count(*) FROM call") == [(ROWS - 1,)]
    for attempt in range(kills):
        kill_later(command(f"{attempt}"), longest)
        path = tmp_path / f"{attempt}.db"
        if not path.exists() or not query(path, "SELECT name FROM sqlite_master"):
            continue
        calls = query(path, "SELECT count(*), sum(scored) FROM call")[0]
        imports = query(path, "SELECT count(*) FROM change")[0][0]
        assert (calls, imports) in (((0, None), 0), ((ROWS - 1, ROWS - 1), 1))
        rejects = tmp_path / f"{attempt}.rejects.csv"
        if imports:
            assert rejects.read_text().count("\n") == 2
        rejects.unlink(missing_ok=True)
        # What a killed import left is no obstacle to the next one.
        again = run("--db", path, "calls", "import", export, "--rejects", f"{path}.again.csv")
        assert again.code == 3, again.stderr
        assert query(path, "SELECT count(*) FROM call") == [(ROWS - 1,)]


@pytest.mark.slow
def test_a_killed_large_first_import_leaves_a_whole_database_or_none(
    scorecli: list[str], tmp_path: Path, run: Any
) -> None:
    export = tmp_path / "large.csv"
    with export.open("w") as stream:
        stream.write("Call ID,Start Time,Duration,Notes\n")
        stream.writelines(f"C{n},2026-10-03 10:00:00,{n % 99},{'n' * 150}\n" for n in range(60_000))
    place = tmp_path / "large.db"
    command = [*scorecli, "--db", str(place), "calls", "import", str(export)]
    longest = 1.2 * took(command)
    for _ in range(20):
        if place.exists():
            assert query(place, "SELECT count(*) FROM call") == [(60_000,)]
            place.unlink()
        assert not list(tmp_path.glob("large.db-*"))
        kill_later(command, longest)
    place.unlink(missing_ok=True)
    assert run("--db", place, "calls", "import", export).code == 0
    assert query(place, "SELECT count(*) FROM call") == [(60_000,)]
    assert sorted(tmp_path.glob("large.db*")) == [place]


@pytest.fixture
def imported(export: Path, tmp_path: Path, run: Any) -> Path:
    path = tmp_path / "calls.db"
    assert run("--db", path, "calls", "import", export, "--rejects", tmp_path / "r.csv").code == 3
    return path


def test_a_killed_bulk_scoring_is_there_as_a_whole_or_not_at_all(
    scorecli: list[str], imported: Path
) -> None:
    def command(stars: int) -> list[str]:
        words = ["score", "--where", "source:google", "--stars", str(stars), "--tag", f"t{stars}"]
        return [*scorecli, "--db", str(imported), *words, "--yes"]

    longest = 1.2 * took(command(5))
    assert query(imported, "SELECT DISTINCT stars FROM call") == [(5,)]
    for attempt in range(10):
        stars = attempt % 5 + 1
        kill_later(command(stars), longest)
        found = query(imported, "SELECT stars, count(*) FROM call GROUP BY stars")
        assert [count for _, count in found] == [ROWS - 1]
        tags = query(imported, "SELECT count(*) FROM call_tag GROUP BY tag_id")
        assert set(tags) == {(ROWS - 1,)}
        partial = query(
            imported,
            "SELECT change_id FROM change_entry WHERE entity = 'call'"
            f" GROUP BY change_id, field HAVING count(*) <> {ROWS - 1}",
        )
        assert partial == []


def test_eight_scoring_commands_at_once_lose_nothing(scorecli: list[str], imported: Path) -> None:
    command = [*scorecli, "--db", str(imported), "score", "7"]
    children = [
        subprocess.Popen([*command, "--tag", f"tag {number}"], stdout=subprocess.DEVNULL)
        for number in range(8)
    ]
    assert [child.wait(timeout=60) for child in children] == [0] * 8
    assert query(imported, "SELECT count(*) FROM call_tag WHERE call_id = 7") == [(8,)]


def test_a_locked_database_is_exit_code_4_and_names_who_holds_it(
    imported: Path, start: Callable[..., subprocess.Popen[str]], run: Any
) -> None:
    holder = start(imported, "hold")
    assert holder.stdout is not None
    assert [holder.stdout.readline(), holder.stdout.readline()] == ["open\n", "holding\n"]
    done = run("--db", imported, "--wait", "1.5", "score", "1", "--stars", "1")
    assert done.code == 4
    assert "Waiting:" in done.stderr
    assert "gave up after 1.5 seconds" in done.stderr
    if Path("/proc/locks").exists():
        assert f"(process {holder.pid})" in done.stderr
    assert run("--db", imported, "calls", "list", "--limit", "1").code == 0


def test_a_disk_that_takes_no_more_is_exit_code_4_and_changes_nothing(
    scorecli: list[str], imported: Path
) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    words = ["score", "--where", "source:google", "--note", "n" * 500, "--yes"]
    done = subprocess.run(
        [*scorecli, "--db", str(imported), *words],
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
    )
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3
    assert query(imported, "SELECT count(*) FROM call WHERE note IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(
    "words",
    [
        ("calls", "list"),
        ("score", "1", "--stars", "3"),
        ("report", "conversions", "--by", "source"),
        ("history",),
        ("db", "check"),
        ("db", "info"),
        ("db", "backup", "copy.db"),
        ("db", "upgrade"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("kind", ["text", "foreign", "newer", "older", "damaged"])
def test_every_command_tells_an_unusable_database_in_a_line_or_two(
    tmp_path: Path, calls: Path, invoke: Any, words: tuple[str, ...], kind: str
) -> None:
    path = calls
    if kind == "text":
        path = tmp_path / "text.db"
        path.write_text("no database " * 1000)
    elif kind == "foreign":
        path = tmp_path / "foreign.db"
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE theirs (id INTEGER)")
    elif kind in ("newer", "older"):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {99 if kind == 'newer' else 0}")
    else:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw = bytearray(path.read_bytes())
        raw[100:140] = b"\xff" * 40
        path.write_bytes(raw)
    before = path.read_bytes()
    done = invoke("--db", path, *words)
    # The check is there to look at damage: it reports what it finds.
    expected = (1, 4) if (kind, words) == ("damaged", ("db", "check")) else (4,)
    assert done.code in expected, done
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2
    if kind == "older" and words != ("db", "upgrade"):
        assert "scorecli db upgrade" in done.stderr
    assert path.read_bytes() == before
