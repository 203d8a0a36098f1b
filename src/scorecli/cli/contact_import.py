"""`scorecli contacts import`: bringing contacts in from files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

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

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.services.contact_import import ContactImport


@examples(
    "scorecli contacts import contacts.csv",
    "scorecli contacts import contacts.csv --dry-run",
    "scorecli contacts import leads.xlsx --set kind=lead --map 'source=Campaign Name'",
    "scorecli contacts import contacts.csv --key email",
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
            help="The same value for every contact.",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="A,B", help="Columns that identify a contact."),
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar="CHAR", help="Column separator.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Such as utf-8 or cp1252.")
    ] = None,
    no_header: Annotated[
        bool, typer.Option("--no-header", help="The first row is a contact, not names.")
    ] = False,
    columns: Annotated[
        str | None,
        typer.Option("--columns", metavar="A,B,C", help="Names of the columns, in order."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook.")
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
    clear_empty: Annotated[
        bool, typer.Option("--clear-empty", help="Empty cells clear what is stored.")
    ] = False,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> int:
    """Import contacts; the same file twice changes nothing.

    A contact is known by its external id, else by an e-mail address that only one has, else by
    number and name. Numbers and addresses are added to those that a contact has. Columns that are
    no field are kept under `extra`; bad rows go to a rejects file with the reason.
    """
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.readers.contact_columns import CONTACTS
    from scorecli.services.contact_import import import_contacts
    from scorecli.services.import_options import ImportOptions, Rules, Speaker
    from scorecli.services.import_reading import FileForm

    app: App = ctx.obj
    form = FileForm(
        wishes=read_wishes(map_ or (), set_ or (), key, CONTACTS),
        delimiter=delimiter,
        encoding=encoding,
        header=False if no_header else None,
        columns=split_names(columns) or None,
        sheet=sheet,
        missing=missing_words(missing or (), CONTACTS),
    )
    options = ImportOptions(form, rejects, strict, Rules(overwrite, clear_empty), dry_run=dry_run)
    with app.progress("Importing") as reading:
        done = import_contacts(
            app.scratch_writer if dry_run else app.writer,
            app.settings,
            files,
            options,
            now=app.now,
            command=app.command_line,
            who=app.who,
            speak=Speaker(
                app.notice,
                lambda rows, at, total: reading.update(rows, at / total if total else None),
            ),
        )
    _show(app, done, output_format, dry_run=dry_run)
    return ROWS_REJECTED if done.total("rejected") else DONE


def _show(app: App, done: ContactImport, output_format: str | None, *, dry_run: bool) -> None:
    if output_format not in (None, "table"):
        from scorecli.result import Column, Result

        figures = done.as_dict()
        kinds: dict[type, Any] = {int: "integer", list: "list"}
        columns = [Column(k, k, kinds.get(type(v), "text")) for k, v in figures.items()]
        app.show(Result(columns, [list(figures.values())], single=True), output_format)
        return
    if dry_run:
        for number, file in enumerate(done.files):
            show_mapping(app, f"{file.file}:", file.columns, bool(number))
    for line in (*_sentences(done, dry_run=dry_run), *_advice(done)):
        app.notice(line)


def _sentences(done: ContactImport, *, dry_run: bool) -> list[str]:
    lines = [
        f"{'Would read' if dry_run else 'Read'} {plural(file.read, 'row')} of {file.file}:"
        f" {file.inserted:,} inserted, {file.updated:,} updated, {file.unchanged:,} unchanged,"
        f" {file.rejected:,} rejected."
        for file in done.files
    ]
    lines += [
        f"{bad_rows(file.rejected)} of {file.file} {'is' if file.rejected == 1 else 'are'} in"
        f" {file.rejects_file}, with line and reason; mend what is there and import that file."
        for file in done.files
        if file.rejects_file
    ]
    if done.change is not None:
        lines.append(f"This is change {done.change}; `scorecli undo` takes it back.")
    return lines


def _advice(done: ContactImport) -> list[str]:
    import shlex

    advice = [
        f"{file.commonest.rows:,} of the {file.rejected:,} bad rows of {file.file} have the same"
        f" reason{f' in {file.commonest.field}' if file.commonest.field else ''}:"
        f" {file.commonest.error}."
        for file in done.files
        if file.commonest is not None and file.commonest.rows > 1
    ]
    advice += [
        f"No column of {file.file} is known as a field of a contact. Is its first line the header?"
        " `scorecli contacts import --help` says how columns are mapped."
        for file in done.files
        if file.read and not file.fields
    ]
    unmapped = list(dict.fromkeys(name for file in done.files for name in file.unmapped))
    if unmapped:
        advice.append(
            f"{counted(len(unmapped), 'column')} kept under extra: {some(unmapped)}. To use one,"
            f" import again with --map {shlex.quote(f'FIELD={unmapped[0]}')}."
        )
    if done.unknown_owners:
        first = shlex.quote(done.unknown_owners[0])
        advice.append(
            f"{counted(len(done.unknown_owners), 'owner')} no user and kept under extra:"
            f" {some(done.unknown_owners)}. To make one a user: scorecli users add {first};"
            " then import again."
        )
    if done.shared_numbers:
        have = "number is" if done.shared_numbers == 1 else "numbers are"
        advice.append(
            f"{done.shared_numbers:,} {have} shared by several contacts, so calls with them link"
            " to none: scorecli contacts list shared_number:yes"
        )
    return advice
