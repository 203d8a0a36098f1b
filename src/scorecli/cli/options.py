"""The options and arguments that several commands share, so that they are the same everywhere.

A command's signature names them: ``output_format: Format = None, yes: Yes = False``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from scorecli.cli.complete import filter_terms, stored

FormatName = Literal["table", "json", "ndjson", "csv", "tsv", "markdown"]

Format = Annotated[
    FormatName | None,
    typer.Option(
        "--format",
        "-f",
        metavar="table|json|ndjson|csv|tsv|markdown",
        help="How to write it: by default a table on a terminal, plain text in a pipe.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="File to write to; its ending gives the format."
    ),
]
ExcelSafe = Annotated[
    bool,
    typer.Option("--excel-safe", help="Keep a spreadsheet from running a value as a formula."),
]
Filters = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILTER]...",
        help="Terms such as source:google stars:4..5 date:last-week, all of which must hold.",
        show_default=False,
        autocompletion=filter_terms,
    ),
]
Where = Annotated[
    str | None,
    typer.Option(
        "--where",
        metavar="FILTER",
        help="Take all calls that this filter selects.",
        autocompletion=filter_terms,
    ),
]
Columns = Annotated[
    str | None,
    typer.Option("--columns", metavar="A,B,C", help="Columns to show, in this order."),
]
Sort = Annotated[
    str | None,
    typer.Option(
        "--sort", metavar="FIELD", help="Field to sort by; FIELD- sorts from high to low."
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        min=0,
        help="Show at most N rows; by default 50 on a terminal, else all.",
    ),
]
Offset = Annotated[
    int, typer.Option("--offset", metavar="N", min=0, help="Leave out the first N rows.")
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DAY", help="First day: 2026-11-03, 30d, last-week, 2026-Q3."),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="Last day, itself included.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", "-n", help="Show what would be done, and change nothing.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Calls = Annotated[
    list[str],
    typer.Argument(
        metavar="CALL...",
        help="Calls by id, external id or ext:ID; - reads them from standard input.",
        show_default=False,
    ),
]
CallsOrWhere = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[CALL]...",
        help="Calls by id, external id or ext:ID; - reads them from standard input.",
        show_default=False,
    ),
]
"""Calls by name, for a command that takes them by ``--where`` as well."""
OneCall = Annotated[
    str, typer.Argument(metavar="CALL", help="A call's id, its external id, or ext:ID.")
]
_USER_HELP = "A user's name, number, e-mail address or alias."
OneUser = Annotated[
    str,
    typer.Argument(
        metavar="USER", help=_USER_HELP, show_default=False, autocompletion=stored("user")
    ),
]
Users = Annotated[
    list[str],
    typer.Argument(
        metavar="USER...", help=_USER_HELP, show_default=False, autocompletion=stored("user")
    ),
]
TagName = Annotated[
    str,
    typer.Argument(metavar="NAME", help="A tag.", autocompletion=stored("reporting_tags")),
]
ResultCode = Annotated[
    str | None,
    typer.Option("--result", metavar="CODE", help="Call result.", autocompletion=stored("result")),
]
TagOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tag",
        metavar="TEXT",
        help="Reporting tag; may be given several times.",
        show_default=False,
        autocompletion=stored("reporting_tags"),
    ),
]
CallTagOption = Annotated[
    list[str] | None,
    typer.Option(
        "--call-tag",
        metavar="TEXT",
        help="Call tag; may be given several times.",
        show_default=False,
        autocompletion=stored("call_tags"),
    ),
]
