from __future__ import annotations

import contextlib
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from scorecli.storage.database import open_to_write

Start = Callable[..., "Popen[str]"]
Check = Callable[[Path], dict[str, Any]]
TIMES = pytest.mark.parametrize(
    "kills", [15, pytest.param(120, marks=pytest.mark.slow)], ids=["few", "many"]
)


def kill_at_random(child: Popen[str], longest: float) -> list[str]:
    """Kill a writer at a random moment; return what it had reported as kept."""
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    time.sleep(random.uniform(0, longest))
    child.send_signal(signal.SIGKILL)
    out, _ = child.communicate()
    # A line that the kill cut short was still written after its change was kept.
    return [line for line in out.splitlines() if line.startswith("done ")]


@TIMES
def test_a_killed_loop_of_small_changes_keeps_whole_changes_and_all_it_reported(
    calls: Path, start: Start, require_whole: Check, kills: int
) -> None:
    reported: set[str] = set()
    for _ in range(kills):
        lines = kill_at_random(start(calls, "loop", 100_000), 0.15)
        reported |= {line.split()[1] for line in lines}
        assert reported <= require_whole(calls)["names"]


@TIMES
def test_a_killed_large_change_is_there_as_a_whole_or_not_at_all(
    calls: Path, start: Start, require_whole: Check, kills: int
) -> None:
    reported = 0
    for _ in range(kills):
        reported += len(kill_at_random(start(calls, "large"), 0.15))
        assert require_whole(calls)["large"] >= reported


def test_a_killed_creation_leaves_a_file_that_the_next_writer_completes(
    tmp_path: Path, start: Start
) -> None:
    for attempt in range(10):
        path = tmp_path / f"new{attempt}.db"
        child = start(path, "loop", 0)
        deadline = time.monotonic() + 20
        while not path.exists() and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.0005)
        time.sleep(random.uniform(0, 0.02))
        child.kill()
        child.communicate()
        open_to_write(str(path)).close()
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("SELECT count(*) FROM call_log").fetchone() == (0,)
