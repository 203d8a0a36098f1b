"""What all tests share: an isolated home, and the installed command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

# No deadline and no complaint of slowness: what a machine's other work costs is no fault of ours.
# In continuous integration the examples are the same in every run; elsewhere new ones are tried.
settings.register_profile(
    "project",
    deadline=None,
    max_examples=60,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")

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


class CallLog:
    """A database of bare calls in a file; ``add`` returns a call's number, ``rows`` reads."""

    def __init__(self, path: Path) -> None:
        from scorecli.storage.database import open_to_write

        self.path = path
        self.db = open_to_write(str(path))

    def add(self, **columns: Any) -> int:
        number = 1 + (self.db.one("SELECT max(id) FROM call") or 0)
        named = {"system": "generic", **columns}
        values: dict[str, Any] = {"identity": str(number).encode()}
        for name, value in named.items():
            if name in ("system", "source"):
                values[f"{name}_id"] = self._lookup(name, value)
            else:
                values[name] = value
        return self._insert("call", values)

    def result(self, code: str, **flags: int) -> int:
        from scorecli.domain.text import fold

        if flags.get("success"):
            flags.setdefault("contact", 1)
        return self._insert("result", {"code": code, "folded": fold(code), **flags})

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.db.rows(sql, params or {})

    def call(self, number: int = 1) -> dict[str, Any]:
        """Everything that scoring can change on a call, as it is stored."""
        (row,) = self.rows(
            "SELECT c.stars, c.converted, c.amount, c.currency, c.converted_on, c.note, r.code,"
            " c.scored FROM call AS c LEFT JOIN result AS r ON r.id = c.result_id"
            " WHERE c.id = :id",
            {"id": number},
        )
        names = ("stars", "converted", "amount", "currency", "converted_on", "note", "result")
        found = dict(zip((*names, "scored"), row, strict=True))
        for kind, field in (("reporting", "tags"), ("call", "call_tags")):
            found[field] = [
                name
                for (name,) in self.rows(
                    "SELECT t.name FROM call_tag AS ct JOIN tag AS t ON t.id = ct.tag_id"
                    " WHERE ct.call_id = :id AND t.kind = :kind ORDER BY t.folded",
                    {"id": number, "kind": kind},
                )
            ]
        return found

    def changes(self) -> int:
        return int(self.db.one("SELECT count(*) FROM change"))

    def _lookup(self, field: str, value: str) -> int:
        from scorecli.domain.text import fold

        known = self.db.one(
            "SELECT id FROM lookup WHERE field = :field AND value = :value",
            {"field": field, "value": value},
        )
        return known or self._insert(
            "lookup", {"field": field, "value": value, "folded": fold(value)}
        )

    def _insert(self, table: str, values: Mapping[str, Any]) -> int:
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        return self.db.execute(sql, values).lastrowid or 0


@pytest.fixture
def call_log(db: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CallLog]:
    """An empty call log at ``db``, which every command uses."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    log = CallLog(db)
    yield log
    log.db.close()


@pytest.fixture
def new_call_log(tmp_path: Path) -> Iterator[Callable[[], CallLog]]:
    """Make a new call log; for property tests that need one for every example."""
    made: list[CallLog] = []

    def make() -> CallLog:
        made.append(CallLog(tmp_path / f"calls-{len(made)}.db"))
        return made[-1]

    yield make
    for log in made:
        log.db.close()
