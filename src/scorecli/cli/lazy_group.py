"""Commands that are imported when they are run, from a table of names and one-line summaries."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from scorecli import errors
from scorecli.cli.shared_options import shared_options

F = TypeVar("F", bound=Callable[..., Any])

_GLOBAL_OPTIONS = (
    "--config, --db, --as, --color, --ascii, --quiet, --no-input, --wait, --debug:\n"
    "every command takes them; `scorecli --help` explains them."
)


class Entry(NamedTuple):
    """One line of the command table.

    A command names its function, or its own Typer app, as ``module:attribute``; a group has
    ``entries`` instead. ``panel`` is the heading in help. ``examples`` are those of a group.
    """

    name: str
    summary: str
    target: str = ""
    entries: tuple[Entry, ...] = ()
    panel: str = "Commands"
    examples: tuple[str, ...] = ()


def examples(*lines: str) -> Callable[[F], F]:
    """Give a command the lines that its help shows; each must work when pasted."""

    def decorate(function: F) -> F:
        function.__dict__["examples"] = lines
        return function

    return decorate


class Command(TyperCommand):
    """A command that takes the shared options too and shows examples at the end of its help."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(shared_options(hidden=True))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._with_numbers_last(args))

    def _with_numbers_last(self, args: list[str]) -> list[str]:
        """Put negative numbers behind ``--``, or Typer would take ``-10`` for an option."""
        if "--" in args or not any(map(_is_negative, args)):
            return args
        valued = {
            name
            for option in self.params
            if not getattr(option, "is_flag", False)
            for name in option.opts
        }
        moved = [
            at
            for at, text in enumerate(args)
            if _is_negative(text) and (not at or args[at - 1] not in valued)
        ]
        left = [text for at, text in enumerate(args) if at not in moved]
        return [*left, "--", *(args[at] for at in moved)] if moved else args

    def format_options(self, ctx: Any, formatter: Any) -> None:
        super().format_options(ctx, formatter)
        _write_global_options(formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        super().format_epilog(ctx, formatter)
        write_examples(getattr(self.callback, "examples", ()), formatter)


class LazyGroup(TyperGroup):
    """A group whose commands are listed from ``entries`` and imported one by one, when run."""

    entries: tuple[Entry, ...] = ()
    examples: tuple[str, ...] = ()
    shows_shared_options = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(shared_options(hidden=not self.shows_shared_options))

    def entry(self, name: str) -> Entry | None:
        """Return the line of the table for ``name``."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return [entry.name for entry in self.entries]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in self.commands:
            entry = self.entry(cmd_name)
            if entry is None:
                return None
            self.commands[cmd_name] = resolve(entry)
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if self.entry(name) is None and not name.startswith("-") and not ctx.resilient_parsing:
            from scorecli.domain.text import nearest  # only this error needs it

            names = self.list_commands(ctx)
            raise errors.command_line.UnknownCommand(
                ctx.command_path, name, nearest(name, names, 2)
            )
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            typer.echo(self.get_help(ctx), err=True)
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        panels: dict[str, list[tuple[str, str]]] = {}
        widest = max((len(entry.name) for entry in self.entries), default=0)
        for entry in self.entries:
            # Equal widths, so that the summaries of all panels stand in one column.
            row = (entry.name.ljust(widest), entry.summary)
            panels.setdefault(entry.panel, []).append(row)
        for panel, rows in panels.items():
            with formatter.section(panel):
                formatter.write_dl(rows)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        super().format_options(ctx, formatter)
        if not self.shows_shared_options:
            _write_global_options(formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        super().format_epilog(ctx, formatter)
        write_examples(self.examples, formatter)


def _is_negative(text: str) -> bool:
    return text[:1] == "-" and text[1:].replace(".", "", 1).isdecimal()


def resolve(entry: Entry) -> Any:
    """Import what an entry of the table stands for and return it as a command or group."""
    if entry.entries:
        return _group(entry)
    module, _, attribute = entry.target.partition(":")
    target = getattr(importlib.import_module(module), attribute)
    if isinstance(target, typer.Typer):
        return _from_typer(entry, target)
    # An app of one command is that command: Typer reads the function's signature.
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(entry.name, cls=Command)(target)
    return typer.main.get_command(app)


def write_examples(lines: Sequence[str], formatter: Any) -> None:
    """Write examples at the end of a help page, unwrapped, so that they can be pasted."""
    if lines:
        formatter.write("\nExamples:\n")
        for line in lines:
            formatter.write(f"  {line}\n")


def _group(entry: Entry) -> LazyGroup:
    group = LazyGroup(name=entry.name, help=entry.summary, rich_markup_mode=None)
    group.entries = entry.entries
    group.examples = entry.examples
    return group


def _from_typer(entry: Entry, app: typer.Typer) -> LazyGroup:
    """Return a file's own Typer app as a group of the same looks and with the shared options."""
    made = {}
    rows = []
    for info in app.registered_commands:
        assert info.callback is not None  # noqa: S101 - Typer sets it
        name = info.name or info.callback.__name__.replace("_", "-")
        alone = typer.Typer(
            add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
        )
        alone.command(name, cls=Command, help=info.help, epilog=info.epilog)(info.callback)
        made[name] = typer.main.get_command(alone)
        text = info.help or inspect.getdoc(info.callback) or ""
        rows.append(Entry(name, text.partition("\n")[0].rstrip(".")))
    group = LazyGroup(name=entry.name, help=entry.summary, commands=made, rich_markup_mode=None)
    group.entries = tuple(rows)
    group.examples = entry.examples
    return group


def _write_global_options(formatter: Any) -> None:
    formatter.write("\nGlobal options:\n")
    for line in _GLOBAL_OPTIONS.split("\n"):
        formatter.write(f"  {line}\n")
