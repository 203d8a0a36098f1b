"""Every command with its context, as the reference, the man page and the contract describe it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import typer

from scorecli.cli.app import root_command
from scorecli.cli.lazy_group import Entry, LazyGroup

COLUMNS = 78  # what a help page takes on a terminal of 80 columns


class Described(NamedTuple):
    """One command or group: its full name, itself, and the context that its help is made in."""

    path: str
    command: Any
    context: Any

    @property
    def is_group(self) -> bool:
        """Whether it has commands below it."""
        return isinstance(self.command, LazyGroup)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The lines of the command table below a group."""
        entries: tuple[Entry, ...] = getattr(self.command, "entries", ())
        return entries

    @property
    def examples(self) -> tuple[str, ...]:
        """The lines that its help shows as examples."""
        if self.is_group:
            return tuple(self.command.examples)
        return tuple(getattr(self.command.callback, "examples", ()))

    def own_params(self) -> list[Any]:
        """Return its parameters that its help shows, without ``--help`` and the shared ones."""
        return [
            param
            for param in self.command.params
            if not (param.name or "").startswith("shared_") and not getattr(param, "hidden", False)
        ]

    def option_names(self) -> list[str]:
        """Return the names of its own options, in the order of its help."""
        return [
            name
            for param in self.own_params()
            if param.param_type_name == "option"
            for name in (*param.opts, *param.secondary_opts)
        ]

    def help(self) -> str:
        """Return its help page as a terminal of 80 columns shows it."""
        return str(self.command.get_help(self.context))


def described() -> list[Described]:
    """Return the root and every group and command below it, in the order of help."""
    return list(_walk(root_command(), "scorecli", None))


def _walk(command: Any, name: str, parent: Any) -> Iterator[Described]:
    context = typer.Context(
        command, info_name=name, parent=parent, terminal_width=COLUMNS, **command.context_settings
    )
    yield Described(context.command_path, command, context)
    if isinstance(command, LazyGroup):
        for below in command.list_commands(context):
            yield from _walk(command.get_command(context, below), below, context)


def shared_option_names() -> list[str]:
    """Return the names of the options that every command takes."""
    root = root_command()
    return [name for param in root.params for name in (*param.opts, *param.secondary_opts)]
