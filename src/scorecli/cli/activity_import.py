"""`scorecli activities import`: bringing activities in from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from scorecli.cli import import_options as given
from scorecli.cli.figures import figures_result, say_change, say_rejects, say_rows
from scorecli.cli.import_words import missing_words, read_wishes, split_names
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format
from scorecli.cli.words import some

if TYPE_CHECKING:
    from scorecli.cli.context import App


@examples(
    "scorecli activities import activities.csv",
    "scorecli activities import meetings.csv --set type=meeting --map 'at=Meeting date' --dry-run",
)
def import_(
    ctx: typer.Context,
    files: given.Files,
    map_: given.Map = None,
    set_: given.Set = None,
    key: given.Key = None,
    delimiter: given.Delimiter = None,
    encoding: given.Encoding = None,
    no_header: given.NoHeader = False,
    columns: given.Columns = None,
    sheet: given.Sheet = None,
    time_zone: given.TimeZone = None,
    date_format: given.DateFormat = None,
    missing: given.Missing = None,
    rejects: given.Rejects = None,
    strict: given.Strict = False,
    overwrite: given.Overwrite = False,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> int:
    """Import activities; the same file twice changes nothing.

    An activity is known by its external id, else by type, contact or company, time and subject;
    a row that says otherwise of one than an earlier row is rejected. Contacts and companies must be
    there already; bad rows go to a rejects file with the reason.
    """
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.readers.activity_columns import ACTIVITIES
    from scorecli.services.activity_import import import_activities
    from scorecli.services.import_options import ImportOptions, Updating
    from scorecli.services.import_reading import FileForm

    app: App = ctx.obj
    form = FileForm(
        wishes=read_wishes(map_ or (), set_ or (), key, ACTIVITIES),
        delimiter=delimiter,
        encoding=encoding,
        header=False if no_header else None,
        columns=split_names(columns) or None,
        sheet=sheet,
        time_zone=time_zone,
        date_format=date_format,
        missing=missing_words(missing or (), ACTIVITIES),
    )
    options = ImportOptions(form, rejects, strict, Updating(overwrite), dry_run=dry_run)
    done = import_activities(
        lambda: app.writer(create=False),
        app.settings,
        files,
        options,
        author=app.author,
        notice=app.notice,
    )
    if output_format not in (None, "table"):
        figures = {**done._asdict(), "unmapped": list(done.unmapped)}
        app.show(figures_result(figures), output_format)
        return ROWS_REJECTED if done.rejected else DONE
    parts = (
        f"{done.inserted:,} inserted, {done.updated:,} updated, {done.unchanged:,} unchanged,"
        f" {done.rejected:,} rejected"
    )
    say_rows(app, done.read, parts, dry_run=dry_run)
    say_rejects(app, done.rejects_file)
    say_change(app, done.change)
    if done.unmapped:
        app.notice(f"Kept under extra: {some(done.unmapped)}.")
    return ROWS_REJECTED if done.rejected else DONE
