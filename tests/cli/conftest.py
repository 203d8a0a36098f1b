"""Commands made for the tests, run through the same entry as the real ones."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROBE = '''
import errno, sys, typer
from scorecli.cli import app as root
from scorecli.cli.lazy_group import Entry
from scorecli.cli import options
from scorecli.errors import DatabaseUnavailable, Refused, WrongUsage
from scorecli.result import Column, Result

def done(ctx: typer.Context) -> None:
    """Say what was given."""
    a = ctx.obj
    print(a.db, a.config, a.who, a.color, a.ascii, a.quiet, a.no_input, a.wait, a.debug)

def refused() -> None:
    raise Refused("no such thing", "look elsewhere")

def wrong() -> None:
    raise WrongUsage("wrong")

def unavailable() -> None:
    raise DatabaseUnavailable("no database")

def rejected() -> int:
    return 3

def broken() -> None:
    raise ValueError("a \\x1b[31mred\\u202e herring\\nsecond")

def hostile() -> None:
    raise Refused("no tag \\x1b]52;c;aGk=\\x07 \\u202e [red]x[/red] :smile:")

def interrupted() -> None:
    raise KeyboardInterrupt

def full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")

def missing() -> None:
    open("not/there.csv")

def many() -> None:
    for number in range(200_000):
        print(number)

def ask(ctx: typer.Context, yes: options.Yes = False) -> None:
    ctx.obj.confirm("Remove 2 calls?", yes=yes)
    print("removed")

def write(ctx: typer.Context) -> None:
    with ctx.obj.writer() as database, database.change(ctx.obj.command_line, ctx.obj.who):
        database.execute("INSERT INTO tag (kind, name, folded) VALUES ('reporting', 'a', 'a')")

def read(ctx: typer.Context) -> None:
    with ctx.obj.reader() as database:
        print(database.one("SELECT count(*) FROM call"))

def show(ctx: typer.Context, output_format: options.Format = None, output: options.Output = None,
         rows: int = 3) -> None:
    ctx.obj.show(
        Result([Column("n", "N", "integer")], [(n,) for n in range(rows)], notices=["a note"]),
        output_format, output,
    )

def score(tag: options.TagOption = None, result: options.ResultCode = None) -> None:
    pass

def listing(filters: options.Filters = None) -> None:
    pass

names = ("done refused wrong unavailable rejected broken hostile interrupted full missing many ask"
         " write read show score listing").split()
entries = tuple(Entry(n, n, f"__main__:{n}") for n in names)
root.Root.entries = (*entries, Entry("deep", "A group", entries=entries))

from scorecli.cli.main import main
sys.exit(main())
'''


@pytest.fixture
def probe_words(tmp_path: Path) -> list[str]:
    """The words that start the test's own commands."""
    script = tmp_path / "probe.py"
    script.write_text(PROBE, encoding="utf-8")
    return [sys.executable, str(script)]


@pytest.fixture
def probe(probe_words: list[str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run one of the test's own commands; keyword arguments go to ``subprocess.run``."""

    def start(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        options["env"] = {**os.environ, **options.get("env", {})}
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.PIPE)
        return subprocess.run(
            [*probe_words, *arguments],
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
            **options,
        )

    return start
