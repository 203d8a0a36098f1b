"""The options of every command; they may stand before or after the command's name."""

from __future__ import annotations

from typing import Any, Final

import typer
from typer.core import TyperOption

COLORS: Final = ("auto", "always", "never")


def shared_options(*, hidden: bool) -> list[Any]:
    """Return new parameters that store what they are given in ``ctx.obj``.

    ``hidden`` ones work as well, but are left out of a command's own help.
    """
    return [
        _option(("--config",), "Settings file to use.", _store("config"), "PATH", hidden),
        _option(("--db",), "Database to use.", _store("db"), "PATH", hidden),
        _option(("--as",), "Who does this, for the history.", _store_name, "NAME", hidden),
        _option(("--color",), "Colour in tables.", _store_color, "auto|always|never", hidden),
        _flag(("--ascii",), "Draw with plain ASCII only.", _store("ascii"), hidden),
        _flag(("--quiet", "-q"), "No notices, only data and errors.", _store("quiet"), hidden),
        _flag(("--no-input",), "Never ask; refuse instead.", _store("no_input"), hidden),
        _option(
            ("--wait",),
            "How long to wait for another writer; 60 by default.",
            _store_wait,
            "SECONDS",
            hidden,
        ),
        _flag(("--debug",), "Show the traceback of a failure.", _store("debug"), hidden),
        _flag(("--version",), "Show the version.", _show_version, hidden),
    ]


def _option(
    names: tuple[str, ...], text: str, callback: Any, metavar: str, hidden: bool
) -> TyperOption:
    return TyperOption(
        param_decls=[f"shared_{names[0].strip('-').replace('-', '_')}", *names],
        type=str,
        help=text,
        metavar=metavar,
        callback=callback,
        expose_value=False,
        hidden=hidden,
    )


def _flag(names: tuple[str, ...], text: str, callback: Any, hidden: bool) -> TyperOption:
    return TyperOption(
        param_decls=[f"shared_{names[0].strip('-').replace('-', '_')}", *names],
        is_flag=True,
        default=False,
        help=text,
        callback=callback,
        expose_value=False,
        is_eager=names[0] in ("--version", "--debug"),
        hidden=hidden,
    )


def _store(name: str) -> Any:
    def callback(ctx: Any, param: Any, value: Any) -> None:  # noqa: ARG001 - what Typer passes
        # The default of the later place must not undo what was given in the earlier one.
        if value is False or value is None:
            return
        if value == "" and not ctx.resilient_parsing:
            raise typer.BadParameter("it is empty")
        setattr(ctx.obj, name, value)

    return callback


def _store_name(ctx: Any, param: Any, value: str | None) -> None:  # noqa: ARG001
    if value is None:
        return
    if not value.strip() and not ctx.resilient_parsing:
        raise typer.BadParameter("it is empty")
    ctx.obj.as_name = value


def _store_color(ctx: Any, param: Any, value: str | None) -> None:  # noqa: ARG001
    if value is None or (ctx.resilient_parsing and value not in COLORS):
        return
    if value not in COLORS:
        raise typer.BadParameter(f"{value!r} is none of {', '.join(COLORS)}")
    ctx.obj.color = value


def _store_wait(ctx: Any, param: Any, value: str | None) -> None:  # noqa: ARG001
    if value is None or ctx.resilient_parsing:
        return
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    # A week is more than anybody waits, and within what SQLite counts in milliseconds.
    if not 0 <= seconds <= 604_800:
        raise typer.BadParameter(f"{value!r} is no number of seconds from 0 to 604800")
    ctx.obj.wait = seconds


def _show_version(ctx: Any, param: Any, value: bool) -> None:  # noqa: ARG001
    if value and not ctx.resilient_parsing:
        from scorecli.cli.version import print_version

        print_version()
        raise typer.Exit
