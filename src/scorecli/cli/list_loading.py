"""`scorecli campaigns load`: bringing contact lists in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli import import_options as given
from scorecli.cli.campaigns import OneCampaign
from scorecli.cli.complete import stored
from scorecli.cli.import_words import (
    bad_rows,
    missing_words,
    read_wishes,
    same_reason,
    show_mapping,
    split_names,
)
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format
from scorecli.cli.words import plural, some, were

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.services.list_loading import ListLoaded


@examples(
    "scorecli campaigns load Spring leads.csv --list leads",
    "scorecli campaigns load Spring leads.csv --list leads --dry-run",
    'scorecli campaigns load Spring leads.xlsx --list leads --map "number=Phone 2" --set kind=lead',
)
def load(
    ctx: typer.Context,
    campaign: OneCampaign,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="CSV, TSV, JSON or .xlsx, also .gz; - is standard input.",
            show_default=False,
        ),
    ],
    list_: Annotated[
        str,
        typer.Option(
            "--list",
            metavar="NAME",
            help="Contact list; a new one comes to be.",
            show_default=False,
            autocompletion=stored("contact_list"),
        ),
    ],
    map_: given.Map = None,
    set_: given.Set = None,
    delimiter: given.Delimiter = None,
    encoding: given.Encoding = None,
    no_header: given.NoHeader = False,
    columns: given.Columns = None,
    sheet: given.Sheet = None,
    missing: given.Missing = None,
    rejects: given.Rejects = None,
    strict: given.Strict = False,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> int:
    """Load a contact list; the same file twice changes nothing.

    Every row with a telephone number becomes a record; its contact is the one with that number, or
    a new one. A number that must not be called is loaded and closed, one that is repeated is one
    record. A column of time zones says when each record may be called.
    """
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.services.import_options import ImportOptions, Speaker
    from scorecli.services.import_reading import FileForm
    from scorecli.services.list_loading import RECORDS, load_list

    app: App = ctx.obj
    form = FileForm(
        wishes=read_wishes(map_ or (), set_ or (), None, RECORDS),
        delimiter=delimiter,
        encoding=encoding,
        header=False if no_header else None,
        columns=split_names(columns) or None,
        sheet=sheet,
        missing=missing_words(missing or (), RECORDS),
    )
    with app.progress("Loading") as reading:
        done = load_list(
            lambda: app.writer(create=False),
            app.settings,
            (campaign, list_),
            file,
            ImportOptions(form, rejects, strict, dry_run=dry_run),
            now=app.now,
            author=app.author,
            speak=Speaker(app.notice, reading.at),
        )
    _show(app, campaign, done, output_format, dry_run=dry_run)
    return ROWS_REJECTED if done.rejected else DONE


def _show(
    app: App, campaign: str, done: ListLoaded, output_format: str | None, *, dry_run: bool
) -> None:
    if output_format not in (None, "table"):
        from scorecli.cli.figures import figures_result

        app.show(figures_result(done.as_dict()), output_format)
        return
    if dry_run:
        show_mapping(app, f"{done.file.file}:", done.file.columns, False)
    for line in _sentences(done, campaign, dry_run=dry_run):
        app.notice(line)


def _sentences(done: ListLoaded, campaign: str, *, dry_run: bool) -> list[str]:
    import shlex

    file = done.file
    lines = [
        f"{'Would read' if dry_run else 'Read'} {plural(done.read, 'row')} of {file.file}:"
        f" {done.loaded:,} loaded, {done.unchanged:,} on the list already,"
        f" {done.repeated:,} repeated, {done.rejected:,} rejected."
    ]
    if done.do_not_call:
        lines.append(f"{were(done.do_not_call, 'record')} closed: not to be called.")
    if done.contacts:
        lines.append(f"{plural(done.contacts, 'contact')} new.")
    if file.rejects_file:
        lines.append(
            f"{bad_rows(done.rejected)} {'is' if done.rejected == 1 else 'are'} in"
            f" {file.rejects_file}, with line and reason; mend what is there and load that file."
        )
    lines += same_reason(file.file, done.rejected, file.commonest)
    if file.unmapped:
        lines.append(
            f"{were(len(file.unmapped), 'column')} kept under extra: {some(file.unmapped)}."
        )
    if done.unknown_owners:
        lines.append(
            f"{were(len(done.unknown_owners), 'owner')} no user and kept under extra:"
            f" {some(done.unknown_owners)}."
        )
    if done.change is not None:
        lines.append(f"This is change {done.change}; `scorecli undo` takes it back.")
        if done.loaded:
            lines.append(f"Next: scorecli campaigns next {shlex.quote(campaign)}")
    return lines
