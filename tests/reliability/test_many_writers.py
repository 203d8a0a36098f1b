from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from scorecli.storage.database import FORMAT

Start = Callable[..., "Popen[str]"]


def test_eight_processes_writing_at_once_lose_nothing_and_do_nothing_twice(
    calls: Path, start: Start, require_whole: Callable[[Path], dict[str, Any]]
) -> None:
    children = [start(calls, "loop", 25) for _ in range(8)]
    done = set()
    for child in children:
        out, errors = child.communicate(timeout=120)
        assert child.returncode == 0, out + errors
        done |= {line.split()[1] for line in out.splitlines() if line.startswith("done")}
    assert len(done) == 200
    assert require_whole(calls)["names"] == done


def test_eight_first_writers_create_one_database(tmp_path: Path, start: Start) -> None:
    for attempt in range(3):
        path = tmp_path / f"new{attempt}.db"
        children = [start(path, "loop", 0) for _ in range(8)]
        for child in children:
            out, errors = child.communicate(timeout=60)
            assert (child.returncode, out) == (0, "open\n"), errors
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT,)


def test_a_waiting_writer_says_so_after_a_second_and_goes_on_when_it_can(
    calls: Path, start: Start
) -> None:
    holder = start(calls, "hold")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    assert holder.stdout.readline() == "holding\n"
    waiter = start(calls, "try", 30)
    assert waiter.stdout is not None
    assert waiter.stdout.readline() == "open\n"
    said, _, after = waiter.stdout.readline().rpartition(" after ")
    assert 0.9 < float(after) < 5  # by the waiter's own clock: this process may get its turn late
    assert said.startswith("waiting ")
    if sys.platform == "linux":
        assert f"(process {holder.pid})" in said
    holder.communicate("")
    out, _ = waiter.communicate(timeout=20)
    assert out == "done\n"


@pytest.mark.parametrize("wait", [0, 1.5])
def test_a_writer_gives_up_after_its_wait_and_names_the_holder(
    calls: Path, start: Start, wait: float
) -> None:
    holder = start(calls, "hold")
    assert holder.stdout is not None
    holder.stdout.readline()
    holder.stdout.readline()
    waiter = start(calls, "try", wait)
    out, _ = waiter.communicate(timeout=20)
    assert waiter.returncode == 4
    last = out.splitlines()[-1]
    assert last.startswith("DatabaseLocked: ")
    assert f"gave up after {wait:g} seconds" in last
    if sys.platform == "linux":
        assert f"(process {holder.pid})" in last


def test_a_reader_does_not_wait_for_a_writer(calls: Path, start: Start) -> None:
    from scorecli.storage.database import open_to_read

    holder = start(calls, "hold")
    assert holder.stdout is not None
    holder.stdout.readline()
    holder.stdout.readline()
    with open_to_read(str(calls)) as db:
        assert db.one("SELECT count(*) FROM call") == 2000
    assert holder.poll() is None, "the writer was there all the time"
