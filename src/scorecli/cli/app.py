"""The root of the command line: its commands come from the table, its options are shared by all."""

from __future__ import annotations

from typing import Any

import typer
import typer.main

from scorecli.cli.command_table import COMMANDS, EXAMPLES, HELP
from scorecli.cli.context import App
from scorecli.cli.lazy_group import LazyGroup


class Root(LazyGroup):
    """The group of all commands; its context carries the App of this run."""

    entries = COMMANDS
    examples = EXAMPLES
    shows_shared_options = True

    def make_context(
        self, info_name: Any, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        if extra.get("obj") is None:
            extra["obj"] = App(args)
        return super().make_context(info_name, args, parent, **extra)


app = typer.Typer(
    cls=Root,
    name="scorecli",
    help=HELP,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root() -> None:
    """Take the shared options; they store what they are given by themselves."""


def root_command() -> Any:
    """Return the root as the command that runs."""
    return typer.main.get_command(app)
