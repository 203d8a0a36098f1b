"""`scorecli activities import`: bringing activities in from files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli.contact_score_file import show_summary
from scorecli.cli.import_words import missing_words, read_wishes, some
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format

if TYPE_CHECKING:
    from scorecli.cli.context import App


@examples(
    "scorecli activities import activities.csv",
    "scorecli activities import meetings.csv --set type=meeting --map 'at=Meeting date' --dry-run",
)
def import_(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="CSV, TSV, JSON or .xlsx, also .gz; - is standard input.",
            show_default=False,
        ),
    ],
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help="Column of a field; FIELD= leaves the field out.",
            show_default=False,
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="The same value for every activity.",
            show_default=False,
        ),
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar="CHAR", help="Column separator.")
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option("--timezone", metavar="ZONE", help="Zone of times without an offset."),
    ] = None,
    date_format: Annotated[
        str | None,
        typer.Option("--date-format", metavar="FORMAT", help="DMY, MDY, YMD or a pattern."),
    ] = None,
    missing: Annotated[
        list[str] | None,
        typer.Option(
            "--missing",
            metavar="[FIELD=]WORD",
            help="A word that means nothing, in every field or in one.",
            show_default=False,
        ),
    ] = None,
    rejects: Annotated[
        str | None, typer.Option("--rejects", metavar="FILE", help="File for the bad rows.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Import nothing if any row is bad.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Overwrite what people wrote.")
    ] = False,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> int:
    """Import activities; the same file twice changes nothing.

    An activity is known by its external id, else by type, contact or company, time and subject.
    Contacts and companies must be there already; bad rows go to a rejects file with the reason.
    """
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.readers.activity_columns import ACTIVITIES
    from scorecli.services.activity_import import import_activities
    from scorecli.services.import_options import ImportOptions, Rules
    from scorecli.services.import_reading import FileForm

    app: App = ctx.obj
    form = FileForm(
        wishes=read_wishes(map_ or (), set_ or (), None, ACTIVITIES),
        delimiter=delimiter,
        time_zone=time_zone,
        date_format=date_format,
        missing=missing_words(missing or (), ACTIVITIES),
    )
    options = ImportOptions(form, rejects, strict, Rules(overwrite), dry_run=dry_run)
    done = import_activities(
        lambda: app.writer(create=False),
        app.settings,
        files,
        options,
        command=app.command_line,
        who=app.who,
        notice=app.notice,
    )
    figures = {**done._asdict(), "unmapped": list(done.unmapped)}
    show_summary(app, figures, output_format, dry_run=dry_run)
    if done.unmapped and output_format in (None, "table"):
        app.notice(f"Kept under extra: {some(done.unmapped)}.")
    return ROWS_REJECTED if done.rejected else DONE
