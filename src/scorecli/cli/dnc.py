"""`scorecli dnc`: the numbers that must not be called."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli import import_options as given
from scorecli.cli.complete import stored
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Limit, Output, Yes
from scorecli.cli.words import plural

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.services.do_not_call import Listed
    from scorecli.services.do_not_call_file import ImportedNumbers

Numbers = Annotated[
    list[str],
    typer.Argument(
        metavar="NUMBER...",
        help="Telephone numbers; - reads them from standard input, one a line.",
        show_default=False,
    ),
]
Campaign = Annotated[
    str | None,
    typer.Option(
        "--campaign",
        metavar="NAME",
        help="Only for this campaign; otherwise for all.",
        show_default=False,
        autocompletion=stored("defined_campaign"),
    ),
]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; it is kept.")]


@examples(
    'scorecli dnc add "+44 20 7946 0018" --reason "asked by letter"',
    "scorecli dnc add 2125550123 --campaign Spring",
)
def add(
    ctx: typer.Context,
    numbers: Numbers,
    campaign: Campaign = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Put numbers on the do-not-call list."""
    from scorecli.services.do_not_call import Wish, add_numbers

    app: App = ctx.obj
    with app.scratch_writer() if dry_run else app.writer() as db:
        done = add_numbers(
            db,
            app.settings,
            _given(numbers),
            Wish(campaign, reason),
            author=app.author,
            dry_run=dry_run,
        )
    _show(app, done, "added", output_format)
    count = plural(len(done.numbers), "number")
    are = "would be" if dry_run else "is" if len(done.numbers) == 1 else "are"
    _tell(app, done, f"{count} {are} on the do-not-call list now", "was on it already")


@examples(
    "scorecli dnc remove +442079460018 --reason mistaken --yes",
    "scorecli dnc remove 2125550123 --campaign Spring",
)
def remove(
    ctx: typer.Context,
    numbers: Numbers,
    campaign: Campaign = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Take numbers off the do-not-call list, after asking.

    It holds against results that were given before. A result that is given later puts the number
    on the list again.
    """
    from scorecli.services.do_not_call import Wish, remove_numbers

    app: App = ctx.obj
    texts = _given(numbers)
    if not dry_run:
        app.confirm(f"Take {plural(len(texts), 'number')} off the do-not-call list?", yes=yes)
    with app.writer(create=False) as db:
        done = remove_numbers(
            db,
            app.settings,
            texts,
            Wish(campaign, reason),
            author=app.author,
            dry_run=dry_run,
        )
        from scorecli.storage.campaigns import campaign_names

        names = campaign_names(db)
    _show(app, done, "removed", output_format)
    count = plural(len(done.numbers), "number")
    were = "would be" if dry_run else "was" if len(done.numbers) == 1 else "were"
    _tell(app, done, f"{count} {were} taken off the do-not-call list", "was not on it")
    for listing in done.elsewhere:
        of = "all campaigns" if listing.campaign is None else f'"{names[listing.campaign]}"'
        app.notice(f"{listing.number} stays on the do-not-call list of {of}.")


@examples("scorecli dnc list", "scorecli dnc list --campaign Spring --format csv")
def list_(
    ctx: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(metavar="[TEXT]", help="Part of a number.", show_default=False),
    ] = None,
    campaign: Campaign = None,
    limit: Limit = None,
    output_format: Format = None,
    output: Output = None,
) -> None:
    """List the numbers that must not be called, since when, by whom and why."""
    from scorecli.cli.listing import row_limit
    from scorecli.reports.do_not_call import list_numbers

    app: App = ctx.obj
    most = row_limit(limit, output_format, output)
    with app.reader() as db:
        app.show(list_numbers(db, app.settings, text, campaign, most), output_format, output)


@examples(
    "scorecli dnc check +442079460018",
    "scorecli dnc check 2125550123 --campaign Spring --format json",
)
def check(
    ctx: typer.Context,
    numbers: Numbers,
    campaign: Annotated[
        str | None,
        typer.Option(
            "--campaign",
            metavar="NAME",
            help="The list of this campaign and that for all; otherwise every list.",
            show_default=False,
            autocompletion=stored("defined_campaign"),
        ),
    ] = None,
    output_format: Format = None,
) -> int:
    """Say which numbers must not be called; the exit code is 1 if any must not."""
    from scorecli.cli.diagnostics import DONE, REFUSED
    from scorecli.reports.do_not_call import check_numbers

    app: App = ctx.obj
    with app.reader() as db:
        found = check_numbers(db, app.settings, _given(numbers), campaign)
        app.show(found.result, output_format)
    return REFUSED if found.listed else DONE


@examples("scorecli dnc history +442079460018")
def history(
    ctx: typer.Context,
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="A telephone number.", show_default=False)
    ],
    output_format: Format = None,
    output: Output = None,
) -> None:
    """Show who put a number on the do-not-call list or took it off, when and why."""
    from scorecli.reports.do_not_call import number_history

    app: App = ctx.obj
    with app.reader() as db:
        app.show(number_history(db, app.settings, number), output_format, output)


@examples(
    "scorecli dnc import dnc.csv",
    'scorecli dnc import letters.csv --column "Phone 2" --reason "asked by letter"',
)
def import_(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="CSV, TSV, JSON or .xlsx with a number a row, also .gz; - is standard input.",
            show_default=False,
        ),
    ],
    column: Annotated[
        str | None,
        typer.Option("--column", metavar="NAME", help="Column of the numbers."),
    ] = None,
    campaign: Campaign = None,
    reason: Annotated[
        str | None,
        typer.Option(
            "--reason", metavar="TEXT", help="Why, where the file has no column `reason`."
        ),
    ] = None,
    rejects: given.Rejects = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> int:
    """Put the numbers of a file on the do-not-call list; the same file twice changes nothing."""
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.services.do_not_call import Wish
    from scorecli.services.do_not_call_file import FileOfNumbers, import_numbers

    app: App = ctx.obj
    with app.progress("Reading") as reading:
        done = import_numbers(
            app.scratch_writer if dry_run else app.writer,
            app.settings,
            FileOfNumbers(file, column, rejects),
            Wish(campaign, reason),
            author=app.author,
            dry_run=dry_run,
            notice=app.notice,
            progress=reading.update,
        )
    _show_import(app, done, output_format, dry_run=dry_run)
    return ROWS_REJECTED if done.rejected else DONE


def _given(numbers: list[str]) -> list[str]:
    texts: list[str] = []
    for number in numbers:
        if number == "-":
            texts += [line.strip() for line in sys.stdin if line.strip()]
        else:
            texts.append(number)
    return texts


def _show(app: App, done: Listed, what: str, output_format: str | None) -> None:
    if output_format is None:
        return
    from scorecli.result import Column, Result

    columns = [Column("number", "Number"), Column(what, what.capitalize(), "boolean")]
    rows = [[number, True] for number in done.numbers]
    rows += [[number, False] for number in done.unchanged]
    app.show(Result(columns, rows), output_format)


def _tell(app: App, done: Listed, what: str, already: str) -> None:
    if done.numbers:
        number = "" if done.change is None else f" (change {done.change})"
        app.notice(f"{what}{number}.")
    for number in done.unchanged:
        app.notice(f"{number} {already}.")
    if done.closed:
        app.notice(f"{plural(done.closed, 'record')} of contact lists closed by it.")


def _show_import(
    app: App, done: ImportedNumbers, output_format: str | None, *, dry_run: bool
) -> None:
    from scorecli.cli.figures import figures_result, say_change, say_rejects, say_rows

    if output_format not in (None, "table"):
        app.show(figures_result(done._asdict()), output_format)
        return
    say_rows(
        app,
        done.read,
        f"{done.added:,} added, {done.unchanged:,} on the list already, {done.repeated:,} repeated,"
        f" {done.rejected:,} rejected",
        dry_run=dry_run,
    )
    say_rejects(app, done.rejects_file)
    if done.closed:
        app.notice(f"{plural(done.closed, 'record')} of contact lists closed by it.")
    say_change(app, done.change)
