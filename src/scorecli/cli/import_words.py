"""What the imports of calls and of contacts read from a command line and say in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scorecli.errors.importing import MappingProblem

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.readers.mapping import Wishes
    from scorecli.readers.vocabulary import Vocabulary
    from scorecli.services.import_reading import MappedColumn

_MOST_SHOWN = 5  # names listed in a sentence


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


def bad_rows(number: int) -> str:
    """Return how a sentence about bad rows begins."""
    return "The bad row" if number == 1 else f"The {number:,} bad rows"


def plural(number: int, name: str) -> str:
    """Return ``1 row`` or ``1,200 rows``."""
    return f"1 {name}" if number == 1 else f"{number:,} {name}s"


def counted(number: int, name: str) -> str:
    """Return ``1 row was`` or ``1,200 rows were``."""
    return f"{plural(number, name)} {'was' if number == 1 else 'were'}"


def some(names: Iterable[str]) -> str:
    """Return the first few of some names, and how many more there are."""
    listed = list(names)
    shown = ", ".join(listed[:_MOST_SHOWN])
    more = len(listed) - _MOST_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
