"""CSV and TSV for programs and spreadsheets: stable names as header, values as machines read them.

Money is a decimal text (``250.00``), a boolean ``true`` or ``false``, a list joined with ``;``,
an object JSON, a time ISO 8601, a missing value an empty cell. Quoting follows RFC 4180, in TSV
too, so that any text comes back as it was; a row ends with a single line feed, which every reader
takes and which keeps ``wc``, ``sort`` and ``diff`` useful. A total is left out: whoever sums the
column would count it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TextIO

from scorecli.render.cells import machine
from scorecli.render.sanitise import encodable, lines
from scorecli.render.style import Style
from scorecli.result import Result

# What a spreadsheet takes for the start of a formula, in some locales in full width as well.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def write_csv(result: Result, stream: TextIO, style: Style) -> None:
    """Write ``result`` as comma-separated values, row by row as it arrives."""
    _write(result, stream, style, ",")


def write_tsv(result: Result, stream: TextIO, style: Style) -> None:
    """Write ``result`` as tab-separated values, row by row as it arrives."""
    _write(result, stream, style, "\t")


def delimited_text(value: Any) -> str | int | float:
    """Return one value as its cell holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    value = machine(value)
    if value is None:  # not a number
        return ""
    if isinstance(value, list):
        return ";".join([str(delimited_text(item)) for item in value])
    if isinstance(value, dict):
        from scorecli.render.jsonlines import json_text  # few results hold objects

        return json_text(value)
    if isinstance(value, (str, int, float)):
        return value
    return str(value)


def defused(text: str) -> str:
    """Return ``text`` with an apostrophe before what a spreadsheet would run as a formula."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def _write(result: Result, stream: TextIO, style: Style, delimiter: str) -> None:
    import csv  # only these two formats need it

    class _Sink:
        """Takes finished lines; the writer quotes a carriage return only if lines end in one."""

        def write(self, line: str) -> None:
            stream.write(line[:-2] + "\n")

    cell = _cell_maker(style)
    writer = csv.writer(_Sink(), delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([cell(column.name) for column in result.columns])
    writer.writerows([cell(value) for value in row] for row in result.rows)


def _cell_maker(style: Style) -> Callable[[Any], str | int | float]:
    as_it_is = not style.excel_safe and not style.is_terminal

    def cell(value: Any) -> str | int | float:
        # By far the most cells of an export are one of these.
        if value is None or type(value) is int:
            return "" if value is None else value
        if as_it_is and type(value) is str and value.isascii():
            return value
        text = delimited_text(value)
        if not isinstance(text, str):
            return text
        if style.excel_safe and isinstance(value, (str, list, dict)):
            text = defused(text)
        return lines(text) if style.is_terminal else encodable(text)

    return cell
