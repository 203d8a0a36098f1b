"""`scorecli demo`: the commands of a working day, run on generated calls."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from scorecli.cli.context import App
from scorecli.cli.lazy_group import examples

_LOG = "calls.csv"
_SHOWN = "12"  # calls of the log that are printed


class _DemoApp(App):
    """A run on the demo's own database, with the default settings and everything on stdout."""

    def __init__(self, outer: App, database: str, shown: list[str]) -> None:
        from scorecli.settings.locations import DEFAULTS

        super().__init__(shown, outer.clock)
        self.db = database
        self.found_settings = DEFAULTS
        self.as_name = outer.who
        self.color, self.ascii, self.quiet = outer.color, outer.ascii, outer.quiet

    def notice(self, text: str) -> None:
        """Say it on stdout: what commands say is part of what a demo shows."""
        if not self.quiet:
            from scorecli.render.sanitise import lines

            sys.stdout.write(lines(text) + "\n")

    def _may_page(self, output_format: str | None, style: object) -> bool:  # noqa: ARG002
        return False


@examples("scorecli demo", "scorecli demo --keep demo.db")
def demo(
    ctx: typer.Context,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="PATH", help="Keep the demo's database in this file."),
    ] = None,
) -> None:
    """Show it all in ten seconds, on generated calls.

    Each command is printed before it runs. Your settings and your database are neither used nor
    touched.
    """
    import tempfile

    app: App = ctx.obj
    if keep is not None and os.path.lexists(keep):
        from scorecli.errors.command_line import DemoNotKept

        raise DemoNotKept(str(keep))
    with tempfile.TemporaryDirectory(prefix="scorecli-demo-") as folder:
        database = str(Path(folder) / "demo.db")
        _write_log(app, database, Path(folder) / _LOG)
        _play(app, database, folder)
        if keep is not None:
            _keep(app, database, keep)
    if keep is None:
        app.notice("The demo's calls are gone again; --keep PATH keeps them. To begin with yours:")
        app.notice("scorecli calls import FILE")


def _write_log(app: App, database: str, path: Path) -> None:
    from scorecli.sample_log import demo_shape, write_log

    with path.open("w", encoding="utf-8", newline="") as stream:
        write_log(stream, demo_shape(_DemoApp(app, database, []).today))


def _play(app: App, database: str, folder: str) -> None:
    log = str(Path(folder) / _LOG)
    _run(app, database, ["calls", "import", _LOG], ["calls", "import", log])
    first, second, third = _unscored(app, database)
    for words in (
        ["score", first, "--stars", "4", "--tag", "quote"],
        ["score", second, "--stars", "5", "--converted", "--amount", "250"],
        ["score", third, "--stars", "1", "--tag", "wrong number"],
        ["calls", "list", "--limit", _SHOWN],
        ["report", "conversions", "--by", "source"],
    ):
        _run(app, database, words)


def _run(app: App, database: str, shown: list[str], words: list[str] | None = None) -> None:
    """Print a command as it could be typed and run it; ``words`` are what it really gets."""
    from scorecli.cli.app import root_command

    inner = _DemoApp(app, database, shown)
    line = f"$ {_typed(shown)}"
    sys.stdout.write(f"\x1b[1m{line}\x1b[0m\n" if inner.style().color else f"{line}\n")
    command = root_command()
    with command.make_context("scorecli", list(words or shown), obj=inner) as context:
        command.invoke(context)
    sys.stdout.write("\n")
    sys.stdout.flush()


def _typed(words: list[str]) -> str:
    return " ".join(["scorecli", *(f'"{word}"' if " " in word else word for word in words)])


def _unscored(app: App, database: str) -> list[str]:
    """Return the numbers of the newest three answered calls without a score."""
    from scorecli.cli.selecting import selected_calls
    from scorecli.reports.calls import list_calls

    inner = _DemoApp(app, database, [])
    selected = selected_calls(inner, ["@unscored", "status:answered"])
    with inner.reader() as db:
        rows = list(list_calls(db, inner.settings, selected, ["id"], limit=3).rows)
    return [str(number) for (number,) in rows]


def _keep(app: App, database: str, path: Path) -> None:
    import shlex

    from scorecli.storage.backup import copy_database
    from scorecli.storage.database import open_to_read

    with open_to_read(database) as db:
        copy_database(db.connection, db.path, str(path))
    named = shlex.quote(str(path))
    app.notice(f"The demo's calls are kept. To look around: scorecli --db {named} calls list")
