"""Says where the time of an import goes: ``python bench/profile_import.py LOG DATABASE``.

Runs the import inside this process with a clock around each phase; time is counted in the
innermost phase only. The clocks themselves cost a little, so figures are for comparing phases.
"""

from __future__ import annotations

import contextlib
import functools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_STARTED = time.perf_counter()


class Phases:
    """Wall and CPU seconds of named phases, each without those inside it."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}
        self._running: list[str] = []
        self._since = (time.perf_counter(), time.process_time())

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what runs inside as ``name``."""
        self._book()
        self._running.append(name)
        try:
            yield
        finally:
            self._book()
            self._running.pop()

    def wrap(self, owner: Any, attribute: str, name: str) -> None:
        """Count the calls of a function or method as ``name``; one that is gone is left out."""
        function = getattr(owner, attribute, None)
        if function is None:
            sys.stdout.write(f"({attribute} is gone; {name} is counted elsewhere)\n")
            return

        @functools.wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.phase(name):
                return function(*arguments, **named)

        setattr(owner, attribute, timed)

    def wrap_generator(self, owner: Any, attribute: str, name: str) -> None:
        """Count the making of each item of a generator as ``name``."""
        function = getattr(owner, attribute)

        @functools.wraps(function)
        def timed(*arguments: Any, **named: Any) -> Iterator[Any]:
            items = iter(function(*arguments, **named))
            while True:
                with self.phase(name):
                    item = next(items, self)
                if item is self:
                    return
                yield item

        setattr(owner, attribute, timed)

    def _book(self) -> None:
        now = (time.perf_counter(), time.process_time())
        if self._running:
            spent = self.seconds.setdefault(self._running[-1], [0.0, 0.0])
            spent[0] += now[0] - self._since[0]
            spent[1] += now[1] - self._since[1]
        self._since = now


def _put_clocks(phases: Phases) -> None:
    from scorecli.readers.calls import CallReader
    from scorecli.readers.table import Table
    from scorecli.services.import_rows import RowStorer
    from scorecli.services.import_spool import Spool
    from scorecli.services.import_writing import FreshLoad, Inserter
    from scorecli.storage.database import Database

    phases.wrap_generator(Table, "batches", "reading: bytes to rows")
    phases.wrap(CallReader, "_typed", "converting: cells to values")
    phases.wrap(CallReader, "_complete", "converting: numbers, days, currency")
    phases.wrap(CallReader, "_identities", "converting: identities")
    phases.wrap(CallReader, "read", "converting: rows to columns, bad rows")
    phases.wrap(Spool, "add", "spooling: out")
    phases.wrap_generator(Spool, "batches", "spooling: in")
    phases.wrap(RowStorer, "columns", "writing: numbers of repeated texts")
    phases.wrap(RowStorer, "tags", "writing: numbers of tags")
    phases.wrap(Inserter, "insert_columns", "writing: preparing rows")
    phases.wrap(FreshLoad, "finish", "indexes")
    phases.wrap(Database, "close", "closing: into the main file")
    _clock_statements(phases, Database)
    _clock_commit(phases, Database)


def _clock_statements(phases: Phases, database: Any) -> None:
    made = database.__init__

    def make(self: Any, *arguments: Any, **named: Any) -> None:
        made(self, *arguments, **named)
        self.execute = _clocked(phases, self.execute)
        self.executemany = _clocked(phases, self.executemany)

    database.__init__ = make


def _clocked(phases: Phases, execute: Callable[..., Any]) -> Callable[..., Any]:
    def timed(sql: str, *given: Any) -> Any:
        if not sql.startswith("INSERT"):
            return execute(sql, *given)
        with phases.phase("writing: SQLite"):
            return execute(sql, *given)

    return timed


def _clock_commit(phases: Phases, database: Any) -> None:
    opened: Callable[..., Any] = database.change

    @contextlib.contextmanager
    def change(self: Any, *arguments: Any, **named: Any) -> Iterator[Any]:
        with contextlib.ExitStack() as stack:
            yield stack.enter_context(opened(self, *arguments, **named))
            with phases.phase("committing"):
                stack.close()

    database.change = change


def main(log: str, database: str, *, functions: bool) -> int:
    """Import a log into a new database and print the phases; with ``functions`` cProfile's view."""
    for ending in ("", "-wal", "-shm"):
        Path(database + ending).unlink(missing_ok=True)
    words = ["--db", database, "--quiet", "calls", "import", log]
    if functions:
        return _profile_functions(words)
    phases = Phases()
    with phases.phase("start-up"):
        from scorecli.cli.app import root_command  # noqa: F401  # what every command loads
        from scorecli.cli.main import run

        _put_clocks(phases)
    with phases.phase("the rest"):
        code = run(words)
    total = time.perf_counter() - _STARTED
    for name, (wall, cpu) in sorted(phases.seconds.items(), key=lambda each: -each[1][0]):
        sys.stdout.write(f"{wall:8.2f} s {wall / total:6.1%}  CPU {cpu:7.2f} s  {name}\n")
    sys.stdout.write(f"{total:8.2f} s         all of it\n")
    return code


def _profile_functions(words: list[str]) -> int:
    import cProfile
    import pstats

    from scorecli.cli.main import run

    profile = cProfile.Profile()
    code = profile.runcall(run, words)
    pstats.Stats(profile).sort_stats("tottime").print_stats(35)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], functions="--functions" in sys.argv[3:]))
