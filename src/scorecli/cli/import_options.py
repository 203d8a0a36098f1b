"""The options that imports of calls, contacts, activities and contact lists share."""

from __future__ import annotations

from typing import Annotated

import typer

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="CSV, TSV, JSON or .xlsx, also .gz; - is standard input.",
        show_default=False,
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=COLUMN",
        help="Column of a field; FIELD= leaves the field out.",
        show_default=False,
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="The same value for every row.",
        show_default=False,
    ),
]
Key = Annotated[
    str | None,
    typer.Option("--key", metavar="A,B", help="Columns that tell one row from all others."),
]
Delimiter = Annotated[
    str | None, typer.Option("--delimiter", metavar="CHAR", help="Column separator.")
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", metavar="NAME", help="Such as utf-8 or cp1252.")
]
NoHeader = Annotated[bool, typer.Option("--no-header", help="The first row is data, not names.")]
Columns = Annotated[
    str | None,
    typer.Option("--columns", metavar="A,B,C", help="Names of the columns, in order."),
]
Sheet = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook.")]
Missing = Annotated[
    list[str] | None,
    typer.Option(
        "--missing",
        metavar="[FIELD=]WORD",
        help="A word that means nothing, in every field or in one.",
        show_default=False,
    ),
]
Rejects = Annotated[
    str | None, typer.Option("--rejects", metavar="FILE", help="File for the bad rows.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Import nothing if any row is bad.")]
TimeZone = Annotated[
    str | None,
    typer.Option("--timezone", metavar="ZONE", help="Zone of times without an offset."),
]
DateFormat = Annotated[
    str | None,
    typer.Option("--date-format", metavar="FORMAT", help="DMY, MDY, YMD, EXCEL or a pattern."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Overwrite what people wrote.")]
ClearEmpty = Annotated[
    bool, typer.Option("--clear-empty", help="Empty cells clear what is stored.")
]
