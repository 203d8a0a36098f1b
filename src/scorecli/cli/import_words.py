"""What imports read from a command line and say in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scorecli.cli.words import plural
from scorecli.errors.importing import MappingProblem

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.readers.mapping import Wishes
    from scorecli.readers.rejects import Commonest
    from scorecli.readers.vocabulary import Vocabulary
    from scorecli.services.contact_import import ContactFile
    from scorecli.services.import_samples import MappedColumn
    from scorecli.services.import_summary import FileSummary

    ImportedFile = FileSummary | ContactFile


def read_wishes(
    maps: Iterable[str], sets: Iterable[str], key: str | None, of: Vocabulary | None = None
) -> Wishes:
    """Return what ``--map``, ``--set`` and ``--key`` say about the fields of a record."""
    from scorecli.readers.call_columns import CALLS
    from scorecli.readers.mapping import Wishes, parse_wish

    known = of or CALLS
    columns: dict[str, str] = {}
    for text in maps:
        field, column = parse_wish("--map", text, known)
        if field in columns:
            raise MappingProblem(
                f"--map {field} is given twice.",
                "A profile can join several columns: scorecli calls profiles show generic"
                if known is CALLS
                else "Rename a column of the file, so that it maps by itself.",
            )
        columns[field] = column
    constants = dict(parse_wish("--set", text, known) for text in sets)
    both = sorted(set(constants) & {field for field, column in columns.items() if column})
    if both and known is not CALLS:
        raise MappingProblem(f"{both[0]} has both a --map and a --set.", "Give one of them.")
    return Wishes(columns, constants, tuple(split_names(key)))


def missing_words(texts: Iterable[str], of: Vocabulary | None = None) -> dict[str, tuple[str, ...]]:
    """Return the words of ``--missing`` by field, those for every field under ``all``."""
    from scorecli.readers.call_columns import CALLS
    from scorecli.readers.mapping import parse_missing

    words: dict[str, tuple[str, ...]] = {}
    for text in texts:
        field, word = parse_missing(text, of or CALLS)
        words[field] = (*words.get(field, ()), word)
    return words


def split_names(text: str | None) -> list[str]:
    """Return the names in a list with commas, any of which may be in quotes."""
    import csv

    if not text:
        return []
    return [name.strip() for name in next(csv.reader([text], skipinitialspace=True))]


def show_mapping(
    app: App, heading: str, columns: Sequence[MappedColumn], after_another: bool
) -> None:
    """Show what becomes of each column under a heading that a pipe keeps with the table."""
    import sys

    from scorecli.render.sanitise import encodable, one_line
    from scorecli.result import Column, Result

    before = "\n" if after_another else ""
    sys.stdout.write(f"{before}{encodable(one_line(heading), sys.stdout.encoding)}\n")
    shown = [Column("column", "Column"), Column("field", "Field"), Column("samples", "Samples")]
    rows = [(each.column, each.field or "extra", " | ".join(each.samples)) for each in columns]
    app.show(Result(shown, rows))


def rows_of(files: Iterable[ImportedFile], *, dry_run: bool) -> list[str]:
    """Return a sentence for each file that says what became of its rows."""
    return [
        f"{'Would read' if dry_run else 'Read'} {plural(file.read, 'row')} of {file.file}:"
        f" {file.inserted:,} inserted, {file.updated:,} updated, {file.unchanged:,} unchanged,"
        f" {file.rejected:,} rejected."
        for file in files
    ]


def rejects_of(files: Iterable[ImportedFile]) -> list[str]:
    """Return a sentence for each file with bad rows that says where they are."""
    return [
        f"{bad_rows(file.rejected)} of {file.file} {'is' if file.rejected == 1 else 'are'} in"
        f" {file.rejects_file}, with line and reason; mend what is there and import that file."
        for file in files
        if file.rejects_file
    ]


def same_reason(file: str, rejected: int, commonest: Commonest | None) -> list[str]:
    """Return what most bad rows of a file have in common, where several have it."""
    if commonest is None or commonest.rows < 2:
        return []
    where = f" in {commonest.field}" if commonest.field else ""
    return [
        f"{commonest.rows:,} of the {rejected:,} bad rows of {file} have the same"
        f" reason{where}: {commonest.error.removesuffix('.')}."
    ]


def bad_rows(number: int) -> str:
    """Return how a sentence about bad rows begins."""
    return "The bad row" if number == 1 else f"The {number:,} bad rows"
