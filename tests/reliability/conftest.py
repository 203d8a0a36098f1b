"""Databases to be hard on, and ways of being hard on them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import scorecli.storage.failures
import scorecli.storage.lock_holder  # noqa: F401  # what a child as nobody could not import
from scorecli.errors import ScorecliError
from scorecli.storage.database import open_to_write

WRITER = Path(__file__).parent / "writer.py"
NOBODY = 65534
CALLS = 2000


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """A database of 2000 calls."""
    path = tmp_path / "calls.db"
    with open_to_write(str(path)) as db, db.change("fill", "test"):
        db.execute("INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'a', 'a')")
        db.executemany(
            "INSERT INTO call (id, system_id, identity, duration, note) VALUES (?, 1, ?, 0, ?)",
            [(number, b"%d" % number, "n" * 100) for number in range(1, CALLS + 1)],
        )
    return path


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a writer; whatever still runs at the end of the test is ended."""
    running: list[subprocess.Popen[str]] = []

    def begin(path: Path, *words: object) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, str(WRITER), str(path), *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(child)
        return child

    yield begin
    for child in running:
        if child.poll() is None:
            child.kill()
        child.communicate()


@pytest.fixture
def require_whole() -> Callable[[Path], dict[str, Any]]:
    """Check that a database opens, is sound, and holds whole changes only; return its counts."""

    def check(path: Path) -> dict[str, Any]:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            one = connection.execute
            assert one("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert one("PRAGMA foreign_key_check").fetchall() == []
            names = {
                value.rpartition("-")[0]
                for (value,) in one("SELECT value FROM lookup WHERE field = 'agent'")
            }
            parts = one("SELECT count(*) FROM lookup WHERE field = 'agent'").fetchone()[0]
            counted = one("SELECT duration FROM call WHERE id = 1").fetchone()[0]
            changes = one(
                "SELECT command, count(change_entry.id) FROM change JOIN change_entry"
                " ON change_entry.change_id = change.id GROUP BY change.id"
            ).fetchall()
            touched = one("SELECT DISTINCT talk_time FROM call").fetchall()
        small = [count for command, count in changes if command.startswith("add ")]
        large = [count for command, count in changes if command == "large"]
        assert parts == 5 * len(names) == sum(small)
        assert set(small) <= {5}
        assert counted == len(small) == len(names)
        assert set(large) <= {CALLS}
        assert touched == [(len(large) or None,)]
        return {"names": names, "large": len(large)}

    return check


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="scorecli-test-"))
    folder.chmod(0o755)
    yield folder
    for place in [folder, *folder.rglob("*")]:
        place.chmod(0o755 if place.is_dir() else 0o644)
    shutil.rmtree(folder)


@pytest.fixture
def unprivileged() -> Callable[[Callable[[], Any]], Any]:
    """Call a function as a user whom permissions bind: in a child, since root is not bound.

    Returns what it returns, or ``[class, message, hint]`` of the failure that it raised.
    """

    def call(function: Callable[[], Any]) -> Any:
        if os.getuid() != 0:
            return _outcome(function)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
                result = _outcome(function)
            except BaseException as error:
                result = ["unexpected", repr(error), ""]
            os.write(writing, json.dumps(result).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            raw = pipe.read()
        os.waitpid(child, 0)
        return json.loads(raw)

    return call


def _outcome(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except ScorecliError as error:
        return [type(error).__name__, error.message, error.hint]
