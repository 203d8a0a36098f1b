"""`scorecli contacts import`: bringing contacts in from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from scorecli.cli import import_options as given
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
from scorecli.cli.words import some, were

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
    files: given.Files,
    map_: given.Map = None,
    set_: given.Set = None,
    key: given.Key = None,
    delimiter: given.Delimiter = None,
    encoding: given.Encoding = None,
    no_header: given.NoHeader = False,
    columns: given.Columns = None,
    sheet: given.Sheet = None,
    missing: given.Missing = None,
    rejects: given.Rejects = None,
    strict: given.Strict = False,
    overwrite: given.Overwrite = False,
    clear_empty: given.ClearEmpty = False,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> int:
    """Import contacts; the same file twice changes nothing.

    A contact is known by its external id, else by an e-mail address that only one has, else by
    number and name; a row that could be several is rejected. Numbers and addresses are added to
    those that a contact has. A column that is called as a score type sets that score. Columns that
    are no field are kept under `extra`; bad rows go to a rejects file with the reason.
    """
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.readers.contact_columns import with_scores
    from scorecli.services.contact_import import import_contacts
    from scorecli.services.import_options import ImportOptions, Speaker, Updating
    from scorecli.services.import_reading import FileForm

    app: App = ctx.obj
    vocabulary = with_scores(app.settings.contact_scores)
    form = FileForm(
        wishes=read_wishes(map_ or (), set_ or (), key, vocabulary),
        delimiter=delimiter,
        encoding=encoding,
        header=False if no_header else None,
        columns=split_names(columns) or None,
        sheet=sheet,
        missing=missing_words(missing or (), vocabulary),
    )
    options = ImportOptions(
        form, rejects, strict, Updating(overwrite, clear_empty), dry_run=dry_run
    )
    with app.progress("Reading") as reading, app.progress("Writing") as writing:
        done = import_contacts(
            app.scratch_writer if dry_run else app.writer,
            app.settings,
            files,
            options,
            now=app.now,
            author=app.author,
            speak=Speaker(
                app.notice, reading.at, lambda done, total: writing.at(done, done, total)
            ),
        )
    _show(app, done, output_format, dry_run=dry_run)
    return ROWS_REJECTED if done.total("rejected") else DONE


def _show(app: App, done: ContactImport, output_format: str | None, *, dry_run: bool) -> None:
    if output_format not in (None, "table"):
        from scorecli.cli.figures import figures_result

        app.show(figures_result(done.as_dict()), output_format)
        return
    if dry_run:
        for number, file in enumerate(done.files):
            show_mapping(app, f"{file.file}:", file.columns, bool(number))
    for line in (*_sentences(done, dry_run=dry_run), *_advice(done)):
        app.notice(line)


def _sentences(done: ContactImport, *, dry_run: bool) -> list[str]:
    lines = [*rows_of(done.files, dry_run=dry_run), *rejects_of(done.files)]
    if done.change is not None:
        lines.append(f"This is change {done.change}; `scorecli undo` takes it back.")
    return lines


def _advice(done: ContactImport) -> list[str]:
    import shlex

    advice = [
        line
        for file in done.files
        for line in same_reason(file.file, file.rejected, file.commonest)
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
            f"{were(len(unmapped), 'column')} kept under extra: {some(unmapped)}. To use one,"
            f" import again with --map {shlex.quote(f'FIELD={unmapped[0]}')}."
        )
    if done.unknown_owners:
        first = shlex.quote(done.unknown_owners[0])
        advice.append(
            f"{were(len(done.unknown_owners), 'owner')} no user and kept under extra:"
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
