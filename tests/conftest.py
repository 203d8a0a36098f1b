"""What all tests share: an isolated home, and the installed command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "COVERAGE_PROCESS_START", "PYTHONPATH")


class Outcome(NamedTuple):
    """What a command left behind."""

    stdout: str
    stderr: str
    code: int


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, the working directory too, and an environment without wishes."""
    folder = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name not in _KEPT:
            monkeypatch.delenv(name, raising=False)
    for name, value in {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "XDG_DATA_HOME": str(folder / ".local/share"),
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "LOGNAME": "tester",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def db(home: Path) -> Path:
    """A path for the test's database, which every command uses; nothing is there yet."""
    return home / "calls.db"


@pytest.fixture
def scorecli() -> list[str]:
    """The words that start the installed command."""
    installed = Path(sys.executable).with_name("scorecli")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "scorecli"]


@pytest.fixture
def run(scorecli: list[str]) -> Run:
    """Run the command in a process of its own: ``run("calls", "list", stdin="...", env={...})``."""

    def start(
        *arguments: object,
        stdin: str = "",
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Outcome:
        done = subprocess.run(
            [*scorecli, *map(str, arguments)],
            input=stdin.encode(),
            capture_output=True,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            timeout=60,
            check=False,
        )
        return Outcome(done.stdout.decode(), done.stderr.decode(), done.returncode)

    return start


@pytest.fixture
def invoke(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command inside the test's own process, which is much faster than ``run``."""

    def start(*arguments: object) -> Outcome:
        from scorecli.cli.main import run as run_here

        capfd.readouterr()
        code = run_here([str(argument) for argument in arguments])
        caught = capfd.readouterr()
        return Outcome(caught.out, caught.err, code)

    return start
