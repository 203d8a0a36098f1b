"""What the measurements need: an installed scorecli, its peers, logs and databases, all kept."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from bench.measure import Command, output_of
from bench.peers import import_script

CHECKOUT = Path(__file__).resolve().parent.parent
WORK = CHECKOUT / "bench" / "work"
_GENERATOR = CHECKOUT / "src" / "scorecli" / "sample_log.py"
Say = Callable[[str], None]


class Tools(NamedTuple):
    """The words that start each program."""

    python: Sequence[str]
    scorecli: Sequence[str]
    sqlite_utils: Sequence[str]
    sqlite3: Sequence[str]


def install(folder: Path, say: Say, *, source: Path = CHECKOUT, again: bool = True) -> Tools:
    """Install scorecli from a checkout and sqlite-utils into an environment of their own.

    Not editable and with its byte-code, as people have it. Without ``again`` an environment that
    is there is taken as it is.
    """
    place = folder / "venv"
    programs = place / "bin"
    if again or not (programs / "scorecli").exists():
        say("Installing scorecli and sqlite-utils ...")
        if not programs.exists():
            _do([sys.executable, "-m", "venv", str(place)])
        pip = [
            str(programs / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-warn-script-location",
        ]
        _do([*pip, str(source), "sqlite-utils"])
        _do([*pip, "--force-reinstall", "--no-deps", str(source)])
        packages = next((place / "lib").glob("python*/site-packages"))
        shutil.copy(CHECKOUT / "bench" / "minimal_completion.py", packages)
        _do([str(programs / "python"), "-m", "compileall", "-q", str(packages)])
    shell = shutil.which("sqlite3")
    if shell is None:
        raise SystemExit("The sqlite3 shell is needed as a peer; install it first.")
    python, ours, theirs = (str(programs / n) for n in ("python", "scorecli", "sqlite-utils"))
    return Tools([python], [ours], [theirs], [shell])


class Workshop:
    """Logs and databases of any size, made when first asked for and kept in one folder."""

    def __init__(self, tools: Tools, folder: Path, say: Say) -> None:
        self.tools = tools
        self.folder = folder
        self._say = say
        folder.mkdir(parents=True, exist_ok=True)

    def log(self, calls: int) -> Path:
        """Return a generated call log."""
        path = self.folder / f"log-{calls}-{_digest(_GENERATOR)}.csv"
        if not path.exists():
            from scorecli.sample_log import large_shape, write_log

            self._say(f"Generating {calls:,} calls ...")
            part = path.with_suffix(".part")
            with part.open("w", encoding="utf-8", newline="") as stream:
                write_log(stream, large_shape(calls))
            part.rename(path)
        return path

    def database(self, calls: int) -> Path:
        """Return a scorecli database of so many calls."""
        log = self.log(calls)
        path = self.folder / f"scorecli-{log.stem}-{self.version}.db"
        if not path.exists():
            self._say(f"Importing {calls:,} calls into scorecli ...")
            part = self.folder / "part.db"
            remove_database(part)
            _do([*self.tools.scorecli, "--db", str(part), "calls", "import", str(log)], self.folder)
            part.rename(path)
        return path

    def database_with_users(self, calls: int) -> Path:
        """Return a scorecli database with a user for every agent, but no call assigned yet."""
        source = self.database(calls)
        path = source.with_name(f"users-{source.name}")
        if not path.exists():
            self._say(f"Adding a user for every agent of {calls:,} calls ...")
            part = self.folder / "part.db"
            copy_database(source, part)
            with contextlib.closing(sqlite3.connect(part)) as db:
                agents = db.execute("SELECT value FROM lookup WHERE field = 'agent'").fetchall()
            team = self.folder / "team.csv"
            team.write_text("name\n" + "".join(f'"{name}"\n' for (name,) in agents), "utf-8")
            settings = self.folder / "without-backfill.toml"
            settings.write_text("[attribution]\nbackfill = false\n", "utf-8")
            words = ["--db", str(part), "--config", str(settings), "users", "import", str(team)]
            _do([*self.tools.scorecli, *words], self.folder)
            part.rename(path)
        return path

    @cached_property
    def schema(self) -> str:
        """The SQL that makes a database of the installed scorecli."""
        code = "import scorecli.storage.schema_script as s; print(s.schema_statements())"
        return output_of(Command([*self.tools.python, "-c", code]), self.folder)

    @cached_property
    def version(self) -> str:
        """Return what tells databases of one version of scorecli from those of another."""
        return hashlib.sha256(self.schema.encode()).hexdigest()[:8]

    def peer_database(self, calls: int) -> Path:
        """Return the same calls as the sqlite3 shell imports them, indexed, in WAL mode."""
        log = self.log(calls)
        path = self.folder / f"peer-{log.stem}-{self.version}.db"
        if not path.exists():
            self._say(f"Importing {calls:,} calls with the sqlite3 shell ...")
            part = self.folder / "part.db"
            remove_database(part)
            _do([*self.tools.sqlite3, str(part)], self.folder, import_script(log, self.schema))
            part.rename(path)
        return path


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that nobody writes to, in place of what is there."""
    remove_database(target)
    shutil.copy(source, target)


def remove_database(path: Path) -> None:
    """Remove a database and what lies beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def _do(words: Sequence[str], folder: Path | None = None, stdin: str = "") -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SCORECLI_")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["TZ"] = "UTC"
    done = subprocess.run(  # the bench's own commands
        list(words), input=stdin, capture_output=True, text=True, cwd=folder, env=env, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr[-3000:]}")
