"""`scorecli config`: see, check and change the settings.

``edit``, ``check``, ``path`` and ``init`` work with broken settings: they never ask for
``app.settings``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from scorecli.cli import options
from scorecli.cli.lazy_group import examples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorecli.cli.context import App
    from scorecli.errors.settings import SettingsProblem
    from scorecli.result import Result
    from scorecli.settings.file import Written


def _key_names(incomplete: str) -> list[str]:
    """Return the keys that begin with ``incomplete``; ``filters.`` waits for a name."""
    from scorecli.settings import DEFAULT_SCORE_TYPE
    from scorecli.settings.keys import KEYS

    names = [key.dotted.removesuffix("*").replace(".*.", f".{DEFAULT_SCORE_TYPE}.") for key in KEYS]
    return [name for name in names if name.startswith(incomplete)]


Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        help="A setting, such as score.enabled or filters.mine.",
        show_default=False,
        autocompletion=_key_names,
    ),
]
ShowFormat = Annotated[
    Literal["table", "json", "ndjson", "csv", "tsv", "markdown", "toml"] | None,
    typer.Option(
        "--format",
        "-f",
        metavar="table|json|ndjson|csv|tsv|markdown|toml",
        help="How to write it; toml is a whole settings file.",
    ),
]

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
@examples("scorecli config show", "scorecli config show --format toml > scoring.toml")
def show(
    ctx: typer.Context, output_format: ShowFormat = None, output: options.Output = None
) -> None:
    """List the settings in effect, and where each comes from."""
    app: App = ctx.obj
    if output_format == "toml" or (output_format is None and _is_toml(output)):
        _write_toml(app, output)
        return
    app.show(_listing(app, app.settings.keys(), single=False), output_format, output)


@app.command()
@examples("scorecli config get converted_amount.currency")
def get(ctx: typer.Context, key: Key, output_format: options.Format = None) -> None:
    """Print the value of a setting."""
    app: App = ctx.obj
    value = _effective(app, key)[0]
    if output_format is not None:
        app.show(_listing(app, [key], single=True), output_format)
        return
    from scorecli.settings.file import shown_value

    parts = value if isinstance(value, (list, tuple)) else [value]
    for part in parts:
        _print(shown_value(part))


@app.command("set")
@examples(
    "scorecli config set converted_amount.currency EUR",
    "scorecli config set score.enabled off",
    'scorecli config set reporting_tags.allowed quote "wrong number"',
    "scorecli config set filters.big 'converted:yes amount:1000..'",
)
def set_(
    ctx: typer.Context,
    key: Key,
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="VALUE...", help="The value; several for a list.", show_default=False
        ),
    ],
) -> None:
    """Set a value in the settings file, and leave the rest of it as it is."""
    from scorecli.settings.file import parse_value, set_value

    app: App = ctx.obj
    value = parse_value(key, values, Path.cwd())
    _tell(app, key, set_value(app.settings.found, key, value, os.environ))


@app.command()
@examples("scorecli config unset converted_amount.currency")
def unset(ctx: typer.Context, key: Key) -> None:
    """Take a value out of the settings file, so that its default holds again."""
    from scorecli.settings.file import unset_value

    app: App = ctx.obj
    done = unset_value(app.settings.found, key, os.environ)
    if not done.changed:
        app.notice(f"{key} is not in the settings file; nothing was changed.")
    else:
        app.notice(f"{key} is no longer in {done.file}.")


@app.command()
@examples("scorecli config edit")
def edit(ctx: typer.Context) -> None:
    """Open the settings file in $VISUAL or $EDITOR, and check it before it is replaced."""
    from scorecli.settings.file import edit_file

    app: App = ctx.obj

    def again(problems: Sequence[SettingsProblem]) -> bool:
        return _edit_again(app, problems)

    done = edit_file(app.found_settings, os.environ, _open_editor, again)
    if not done.changed:
        app.notice("Nothing was changed.")
    else:
        app.notice(f"{'Made' if done.created else 'Changed'} {done.file}.")


@app.command()
@examples("scorecli config check", "scorecli config check scoring.toml")
def check(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="By default the file in effect.", show_default=False),
    ] = None,
) -> None:
    """Look for everything wrong in a settings file."""
    from scorecli.errors.settings import BrokenSettings
    from scorecli.settings import Found
    from scorecli.settings.file import check_file

    app: App = ctx.obj
    found = app.found_settings if file is None else Found(file, "argument", True)
    problems = check_file(found)
    if problems:
        raise BrokenSettings(problems)
    if found.path is None:
        app.notice("There is no settings file; the packaged defaults are in effect.")
    else:
        app.notice(f"{found.path} has no problems.")


@app.command()
@examples("scorecli config path")
def path(ctx: typer.Context) -> None:
    """Print the path of the settings file in effect."""
    from scorecli.settings.file import target_of

    app: App = ctx.obj
    found = app.found_settings
    file = target_of(found, os.environ)
    _print(str(file))
    if found.path is None:
        app.notice("It does not exist yet; the packaged defaults are in effect.")
    elif not os.path.lexists(file):
        app.notice("It does not exist; `scorecli config init` makes it.")
    elif not found.trusted:
        app.notice(
            "It was found in the working directory, so it may not choose the database; "
            "--config with its path allows that."
        )


@app.command()
@examples("scorecli config init")
def init(ctx: typer.Context) -> None:
    """Make a settings file that explains every key and changes nothing yet."""
    from scorecli.settings.file import make_file

    app: App = ctx.obj
    file = make_file(app.found_settings, os.environ)
    app.notice(f"Made {file}; open it with `scorecli config edit`.")
    in_effect = app.found_settings.path
    if in_effect is not None and in_effect != file:
        app.notice(f"Here, {in_effect} is in effect and comes before it.")


def _effective(app: App, key: str) -> tuple[Any, str, str | None]:
    """Return a key's value in effect, where it came from, and the file that holds it."""
    from scorecli.settings import database_origin

    settings = app.settings
    value: Any = settings.value(key)
    origin: str = settings.origin(key)
    if key == "database.path":
        value, origin = database_origin(settings, app.db, os.environ)
    file = str(settings.found.path) if origin == "file" else None
    return value, origin, file


def _listing(app: App, keys: Sequence[str], *, single: bool) -> Result:
    from scorecli.result import Column, Result

    columns = [
        Column("key", "Key"),
        Column("value", "Value"),
        Column("origin", "From"),
        Column("file", "File"),
    ]
    rows = []
    for key in keys:
        value, origin, file = _effective(app, key)
        rows.append((key, list(value) if isinstance(value, tuple) else value, origin, file))
    return Result(columns, rows, single=single)


def _is_toml(output: Path | None) -> bool:
    return output is not None and output.suffix.lower() == ".toml"


def _write_toml(app: App, output: Path | None) -> None:
    """Write all settings in effect as one settings file.

    A database that no settings file names is left out: the file would pin it.
    """
    import tomli_w  # only this format needs it

    document: dict[str, Any] = {}
    for key in app.settings.keys():  # noqa: SIM118 - settings are no mapping
        *tables, name = key.split(".")
        value = app.settings.value(key)
        if value is not None:
            table = document
            for part in tables:
                table = table.setdefault(part, {})
            table[name] = list(value) if isinstance(value, tuple) else value
    if app.settings.rules:
        from scorecli.domain.rules import as_table

        document["rules"] = [as_table(rule) for rule in app.settings.rules]
    text = tomli_w.dumps(document)
    if output is None or str(output) == "-":
        _print(text.rstrip("\n"))
        return
    from scorecli.render.files import output_file

    with output_file(output) as stream:
        stream.write(text)


def _print(text: str) -> None:
    """Write a line of data to stdout, raw only where no terminal would obey it."""
    from scorecli.render.sanitise import lines

    sys.stdout.write((lines(text) if sys.stdout.isatty() else text) + "\n")


def _tell(app: App, key: str, done: Written) -> None:
    from scorecli.settings.schema import shown

    if not done.changed:
        app.notice(f"{key} is {shown(done.value)} already; nothing was changed.")
        return
    made = " (a new file)" if done.created else ""
    app.notice(f"{key} = {shown(done.value)} in {done.file}{made}.")


def _edit_again(app: App, problems: Sequence[SettingsProblem]) -> bool:
    if not app.can_ask:
        return False
    from scorecli.cli.diagnostics import say
    from scorecli.errors.command_line import NotConfirmed

    for problem in problems:
        say(problem.sentence())
    try:
        app.confirm("Edit the draft again?")
    except NotConfirmed:
        return False
    return True


def _open_editor(draft: Path) -> None:
    """Open a file in the person's editor and return when it is closed; no shell is involved."""
    import shlex
    import subprocess

    from scorecli.errors.settings import EditorFailed

    default = "notepad" if sys.platform == "win32" else "vi"
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or default
    try:
        words = shlex.split(editor, posix=sys.platform != "win32")
    except ValueError as error:
        raise EditorFailed(editor, f"cannot be understood ({error})") from None
    if not words:
        raise EditorFailed(editor, "is blank")
    try:
        # The person's own choice of program, with the draft as its last argument.
        done = subprocess.run([*words, str(draft)], check=False)  # noqa: S603
    except OSError as error:
        raise EditorFailed(editor, f"cannot be started ({error.strerror})") from None
    if done.returncode != 0:
        raise EditorFailed(editor, f"ended with the code {done.returncode}")
