"""`scorecli calls import` and `scorecli calls profiles`: bringing call logs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli import import_options as given
from scorecli.cli.context import App
from scorecli.cli.import_words import (
    missing_words,
    read_wishes,
    rejects_of,
    rows_of,
    same_reason,
    show_mapping,
    split_names,
)
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format
from scorecli.cli.words import plural, some, were
from scorecli.errors.importing import MappingProblem

if TYPE_CHECKING:
    from scorecli.services.import_summary import ImportSummary


@examples(
    "scorecli calls import calls.csv",
    "scorecli calls import calls.csv --dry-run",
    'scorecli calls import calls.csv --map "agent=Agent Name" --set system=mypbx',
    "scorecli calls import calls.csv --missing stars=0",
    "scorecli calls import export.csv --timezone Europe/Berlin --date-format DMY --decimal ,",
)
def import_(
    ctx: typer.Context,
    files: given.Files,
    map_: given.Map = None,
    set_: given.Set = None,
    profile: Annotated[
        str,
        typer.Option("--profile", metavar="NAME|FILE", help="How the file is to be read."),
    ] = "auto",
    key: given.Key = None,
    delimiter: given.Delimiter = None,
    encoding: given.Encoding = None,
    no_header: given.NoHeader = False,
    columns: given.Columns = None,
    sheet: given.Sheet = None,
    time_zone: given.TimeZone = None,
    date_format: given.DateFormat = None,
    decimal: Annotated[
        str | None, typer.Option("--decimal", metavar=".|,", help="Decimal sign of amounts.")
    ] = None,
    missing: given.Missing = None,
    rejects: given.Rejects = None,
    strict: given.Strict = False,
    overwrite_scores: Annotated[
        bool, typer.Option("--overwrite-scores", help="Overwrite what people wrote.")
    ] = False,
    clear_empty: given.ClearEmpty = False,
    define_results: Annotated[
        bool, typer.Option("--define-results", help="Define call results that are new.")
    ] = False,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> int:
    """Import call logs; the same file twice changes nothing.

    New calls are added, changed ones updated, the rest is left alone. Columns map to fields by
    their names, and those left over are kept under `extra`. Bad rows go to a rejects file with the
    reason. All files together are one change, which `scorecli undo` takes back.
    """
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.services.import_options import ImportOptions, Speaker, Updating
    from scorecli.services.import_reading import FileForm
    from scorecli.services.importing import import_files, is_fresh, known_results
    from scorecli.storage.built_aside import is_free

    app: App = ctx.obj
    if decimal not in (None, ".", ","):
        raise MappingProblem(f"--decimal {decimal!r} is no decimal sign.", "Use . or ,")
    form = FileForm(
        profile=profile,
        wishes=read_wishes(map_ or (), set_ or (), key),
        delimiter=delimiter,
        encoding=encoding,
        header=False if no_header else None,
        columns=split_names(columns) or None,
        sheet=sheet,
        time_zone=time_zone,
        date_format=date_format,
        decimal=decimal,
        missing=missing_words(missing or ()),
        define_results=define_results,
    )
    options = ImportOptions(
        form, rejects, strict, Updating(overwrite_scores, clear_empty), dry_run=dry_run
    )
    fresh = is_fresh(app.database_path)
    with app.progress("Reading") as reading, app.progress("Writing") as writing:
        summary = import_files(
            app.scratch_writer if dry_run else app.writer,
            app.settings,
            files,
            options,
            author=app.author,
            results=known_results(app.database_path),
            fresh=fresh,
            build_database=app.new_writer if not dry_run and is_free(app.database_path) else None,
            speak=Speaker(
                app.notice,
                reading.at,
                lambda done, total: writing.at(done, done, total),
            ),
        )
    _show_summary(app, summary, output_format, dry_run=dry_run, first=fresh)
    return ROWS_REJECTED if summary.rejected else DONE


@examples("scorecli calls profiles", "scorecli calls profiles show generic > my-profile.toml")
def profiles(
    ctx: typer.Context,
    action: Annotated[
        str | None, typer.Argument(metavar="[show NAME]", help="`show` prints a profile.")
    ] = None,
    name: Annotated[str | None, typer.Argument(help="The profile to print.", hidden=True)] = None,
    output_format: Format = None,
) -> None:
    """List the profiles that say how an export is read, or print one to start your own from."""
    import sys

    from scorecli.readers import profiles as known
    from scorecli.result import Column, Result

    app: App = ctx.obj
    if action is None:
        columns = [Column("name", "Profile"), Column("description", "Reads")]
        rows = [(each, known.load(each).description) for each in known.names()]
        app.show(Result(columns, rows), output_format)
        return
    if action != "show" or name is None:
        raise MappingProblem(
            f"`calls profiles {action}` is not understood.",
            "Try: scorecli calls profiles show NAME",
        )
    sys.stdout.write(known.source_text(name))


def _show_summary(
    app: App,
    summary: ImportSummary,
    output_format: str | None,
    *,
    dry_run: bool,
    first: bool,
) -> None:
    if output_format not in (None, "table"):
        from scorecli.cli.figures import figures_result

        app.show(figures_result(summary.as_dict()), output_format)
        return
    if dry_run:
        for number, read in enumerate(summary.reads):
            show_mapping(app, f"{read.name}, profile {read.profile}:", read.columns, bool(number))
    for line in _sentences(summary, dry_run=dry_run):
        app.notice(line)
    for line in _advice(summary, first=first):
        app.notice(line)


def _sentences(summary: ImportSummary, *, dry_run: bool) -> list[str]:
    lines = rows_of(summary.files, dry_run=dry_run)
    if len(summary.files) > 1:
        lines.append(
            f"In all: {summary.read:,} read, {summary.inserted:,} inserted, {summary.updated:,}"
            f" updated, {summary.unchanged:,} unchanged, {summary.rejected:,} rejected."
        )
    lines += rejects_of(summary.files)
    if summary.scored:
        lines.append(f"{plural(summary.scored, 'call')} came with a score.")
    if summary.defined_results:
        lines.append(f"Defined call results: {some(summary.defined_results)}.")
    if summary.change is not None:
        lines.append(f"This is change {summary.change}; `scorecli undo` takes it back.")
    return lines


def _advice(summary: ImportSummary, *, first: bool) -> list[str]:
    import shlex

    advice = [
        line
        for read in summary.reads
        for line in same_reason(read.name, read.rejected, read.commonest)
    ]
    advice += [
        f"No column of {read.name} is known as a field of a call. Is its first line the header?"
        " `scorecli calls import --help` says how columns are mapped."
        for read in summary.reads
        if read.read and not read.fields - {"system"}
    ]
    unmapped = list(dict.fromkeys(name for file in summary.files for name in file.unmapped))
    if unmapped:
        again = ""
        if summary.change is not None and any(read.identity_by_all for read in summary.reads):
            # These calls are recognised by all their columns, so mapping a score column later
            # would make them other calls.
            again = " after `scorecli undo`"
        advice.append(
            f"{were(len(unmapped), 'column')} kept under extra: {some(unmapped)}. To use one,"
            f" import again{again} with --map {shlex.quote(f'FIELD={unmapped[0]}')}."
        )
    if summary.without_user:
        name = "names" if summary.without_user == 1 else "name"
        calls = plural(summary.without_user, "call")
        advice.append(f"{calls} {name} an agent who is no user: scorecli users suggest")
    if summary.orphan_amounts:
        advice.append(
            f"{plural(summary.orphan_amounts, 'amount')} without a conversion:"
            " scorecli calls list @orphan-amounts"
        )
    unknown = list(dict.fromkeys(code for read in summary.reads for code in read.unknown_results))
    if unknown:
        advice.append(
            f"{were(len(unknown), 'call result')} defined by nobody: {some(unknown)}."
            f" To define one: scorecli results add {shlex.quote(unknown[0])}; to define all of"
            " them: import with --define-results."
        )
    if first and summary.change is not None and summary.inserted:
        advice.append("Next: scorecli calls list, scorecli report conversions")
    return advice
