"""What commands that list records or report have in common: for whom, and how many rows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from scorecli.render.output import format_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scorecli.cli.context import App
    from scorecli.result import Result

PAGE = 50  # rows on a terminal, unless --limit says otherwise
_FOR_PEOPLE = ("table", "markdown")


def is_for_people(output_format: str | None, output: Path | None) -> bool:
    """Tell whether people will read the format that was asked for; raises UnknownFormat."""
    return format_of(output_format, output) in _FOR_PEOPLE


def show_report(
    app: App,
    report: Callable[..., Result],
    request: object,
    output_format: str | None,
    output: Path | None,
    *,
    excel_safe: bool,
) -> None:
    """Show what a report answers to a request."""
    for_people = is_for_people(output_format, output)
    with app.reader() as db:
        result = report(db, app.settings, request, for_people=for_people)
        app.show(result, output_format, output, excel_safe=excel_safe)


def row_limit(limit: int | None, output_format: str | None, output: Path | None) -> int | None:
    """Return how many rows to list: what was asked, else a page on a terminal, else all."""
    if limit is not None or output is not None or output_format not in (None, "table"):
        return limit
    return PAGE if sys.stdout.isatty() else None


def names_in(text: str | None) -> list[str] | None:
    """Return the names of a list with commas, such as that of ``--columns``."""
    if text is None:
        return None
    return [name.strip().lower() for name in text.split(",") if name.strip()]


def format_without_ending(output: Path | None) -> str | None:
    """Return the format of an export whose file says none: CSV."""
    return "csv" if output is None or str(output) == "-" or not output.suffix else None
