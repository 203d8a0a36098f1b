"""`scorecli calls import` and `scorecli calls profiles`: bringing call logs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecli.cli.context import App
from scorecli.cli.import_words import (
    bad_rows,
    counted,
    missing_words,
    plural,
    read_wishes,
    show_mapping,
    some,
    split_names,
)
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format
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
            help="The same value for every call.",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str,
        typer.Option("--profile", metavar="NAME|FILE", help="How the file is to be read."),
    ] = "auto",
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="A,B", help="Columns that identify a call."),
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar="CHAR", help="Column separator.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Such as utf-8 or cp1252.")
    ] = None,
    no_header: Annotated[
        bool, typer.Option("--no-header", help="The first row is a call, not names.")
    ] = False,
    columns: Annotated[
        str | None,
        typer.Option("--columns", metavar="A,B,C", help="Names of the columns, in order."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook.")
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option("--timezone", metavar="ZONE", help="Zone of times without an offset."),
    ] = None,
    date_format: Annotated[
        str | None,
        typer.Option("--date-format", metavar="FORMAT", help="DMY, MDY, YMD, EXCEL or a pattern."),
    ] = None,
    decimal: Annotated[
        str | None, typer.Option("--decimal", metavar=".|,", help="Decimal sign of amounts.")
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
    overwrite_scores: Annotated[
        bool, typer.Option("--overwrite-scores", help="Overwrite what people wrote.")
    ] = False,
    clear_empty: Annotated[
        bool, typer.Option("--clear-empty", help="Empty cells clear what is stored.")
    ] = False,
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
    from scorecli.services.import_options import ImportOptions, Rules, Speaker
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
        form, rejects, strict, Rules(overwrite_scores, clear_empty), dry_run=dry_run
    )
    fresh = is_fresh(app.database_path)
    with app.progress("Reading") as reading, app.progress("Writing") as writing:
        summary = import_files(
            app.scratch_writer if dry_run else app.writer,
            app.settings,
            files,
            options,
            command=app.command_line,
            who=app.who,
            results=known_results(app.database_path),
            fresh=fresh,
            build_database=app.new_writer if not dry_run and is_free(app.database_path) else None,
            speak=Speaker(
                app.notice,
                lambda rows, done, total: reading.update(rows, done / total if total else None),
                lambda done, total: writing.update(done, done / total if total else None),
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
        from scorecli.result import Column, Result

        figures = summary.as_dict()
        kinds: dict[type, Any] = {int: "integer", list: "list", dict: "object"}
        columns = [Column(k, k, kinds.get(type(v), "text")) for k, v in figures.items()]
        app.show(Result(columns, [list(figures.values())], single=True), output_format)
        return
    if dry_run:
        for number, read in enumerate(summary.reads):
            show_mapping(app, f"{read.name}, profile {read.profile}:", read.columns, bool(number))
    for line in _sentences(summary, dry_run=dry_run):
        app.notice(line)
    for line in _advice(summary, first=first):
        app.notice(line)


def _sentences(summary: ImportSummary, *, dry_run: bool) -> list[str]:
    would = "Would read" if dry_run else "Read"
    lines = [
        f"{would} {plural(file.read, 'row')} of {file.file}: {file.inserted:,} inserted,"
        f" {file.updated:,} updated, {file.unchanged:,} unchanged, {file.rejected:,} rejected."
        for file in summary.files
    ]
    if len(summary.files) > 1:
        lines.append(
            f"In all: {summary.read:,} read, {summary.inserted:,} inserted, {summary.updated:,}"
            f" updated, {summary.unchanged:,} unchanged, {summary.rejected:,} rejected."
        )
    lines += [
        f"{bad_rows(file.rejected)} of {file.file} {'is' if file.rejected == 1 else 'are'} in"
        f" {file.rejects_file}, with line and reason; mend what is there and import that file."
        for file in summary.files
        if file.rejects_file
    ]
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
        f"{read.commonest.rows:,} of the {read.rejected:,} bad rows of {read.name} have the same"
        f" reason{f' in {read.commonest.field}' if read.commonest.field else ''}:"
        f" {read.commonest.error}."
        for read in summary.reads
        if read.commonest is not None and read.commonest.rows > 1
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
            f"{counted(len(unmapped), 'column')} kept under extra: {some(unmapped)}. To use one,"
            f" import again{again} with --map {shlex.quote(f'FIELD={unmapped[0]}')}."
        )
    if summary.without_user:
        calls = (
            "1 call names" if summary.without_user == 1 else f"{summary.without_user:,} calls name"
        )
        advice.append(f"{calls} an agent who is no user: scorecli users suggest")
    if summary.orphan_amounts:
        advice.append(
            f"{plural(summary.orphan_amounts, 'amount')} without a conversion:"
            " scorecli calls list @orphan-amounts"
        )
    unknown = list(dict.fromkeys(code for read in summary.reads for code in read.unknown_results))
    if unknown:
        advice.append(
            f"{counted(len(unknown), 'call result')} defined by nobody: {some(unknown)}."
            f" To define one: scorecli results add {shlex.quote(unknown[0])}; to define all of"
            " them: import with --define-results."
        )
    if first and summary.change is not None and summary.inserted:
        advice.append("Next: scorecli calls list, scorecli report conversions")
    return advice
