"""Whole sets of call results: `scorecli results import`, `export` and `init`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Output
from scorecli.cli.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorecli.cli.context import App
    from scorecli.readers.result_sets import SetEntry


def _sets(incomplete: str) -> list[str]:
    from scorecli.readers.result_sets import set_names

    return [name for name in set_names() if name.startswith(incomplete)]


@examples("scorecli results import results.toml --dry-run", "scorecli results import results.toml")
def import_(
    ctx: typer.Context,
    path: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A set as TOML; - is standard input.", show_default=False
        ),
    ],
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Define the results of a TOML file, and bring those that exist up to it.

    Results that the file does not name stay as they are.
    """
    from scorecli.readers.result_sets import read_file

    name, entries = read_file(path)
    _take(ctx.obj, name, entries, output_format, dry_run=dry_run, only_new=False)


@examples("scorecli results export", "scorecli results export --output results.toml")
def export(ctx: typer.Context, output: Output = None) -> None:
    """Write all results as TOML, for `scorecli results import` on another machine."""
    from scorecli.readers.result_sets import write_set
    from scorecli.render.sanitise import inside_toml
    from scorecli.reports.results import result_set

    app: App = ctx.obj
    with app.reader() as db:
        text = inside_toml(write_set(result_set(db, app.settings)))
    if output is None or str(output) == "-":
        sys.stdout.write(text)
        return
    from scorecli.render.files import output_file

    with output_file(output) as stream:
        stream.write(text)


@examples("scorecli results init", "scorecli results init --set vicidial --dry-run")
def init(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Option(
            "--set",
            metavar="statuses|vicidial",
            help="statuses has one result for each status, vicidial that dialler's codes.",
            autocompletion=_sets,
        ),
    ] = "statuses",
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Define the results of a ready-made set; what is defined already stays as it is."""
    from scorecli.readers.result_sets import packaged_set

    file, entries = packaged_set(name)
    _take(ctx.obj, file, entries, output_format, dry_run=dry_run, only_new=True)


def _take(
    app: App,
    file: str,
    entries: Sequence[SetEntry],
    output_format: str | None,
    *,
    dry_run: bool,
    only_new: bool,
) -> None:
    from scorecli.services.result_sets import take_set

    opened = app.scratch_writer() if dry_run else app.writer()
    with opened as db:
        done = take_set(
            db,
            app.settings,
            file,
            entries,
            only_new=only_new,
            author=app.author,
            dry_run=dry_run,
        )
    if output_format not in (None, "table"):
        from scorecli.cli.figures import figures_result

        app.show(figures_result(done._asdict()), output_format)
        return
    change = "" if done.change is None else f" (change {done.change})"
    app.notice(
        f"{'Would take' if dry_run else 'Took'} {plural(done.read, 'result')} of {file}:"
        f" {done.added:,} added, {done.changed:,} changed, {done.unchanged:,} unchanged{change}."
    )
