"""Reads one sheet of an .xlsx workbook as rows of text; openpyxl is an optional part."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

from scorecli.errors.input import InputDamaged, SpreadsheetsNotInstalled, UnknownSheet

_LOOKED_AT = 50  # rows of a sheet that are looked at for a table


class Workbook:
    """An open workbook, of which one sheet is read row by row.

    The named one, else the first that people see and that holds a table, so that a cover and a
    hidden sheet are passed over.

    Raises SpreadsheetsNotInstalled, InputDamaged and UnknownSheet.
    """

    def __init__(self, stream: BinaryIO, name: str, sheet: str | None = None) -> None:
        try:
            import openpyxl  # optional, and far too slow to import where it is not needed
        except ImportError as error:
            raise SpreadsheetsNotInstalled(name) from error
        self._name = name
        try:
            self._book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            sheets = list(self._book.worksheets)
        except Exception as error:  # a damaged workbook fails in as many ways as there are bytes
            raise InputDamaged(name, _reason(error)) from error
        names = [str(tab.title) for tab in sheets]
        if sheet is not None and sheet not in names:
            raise UnknownSheet(name, sheet, names)
        if not sheets:
            raise InputDamaged(name, "it has no sheet with cells")
        self._sheet = _of_calls(sheets) if sheet is None else sheets[names.index(sheet)]
        self.sheet = str(self._sheet.title)
        self.others = [other for other in names if other != self.sheet]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row that has a value, with its number in the sheet; trailing blanks are left out.

        Raises InputDamaged.
        """
        try:
            self._sheet.reset_dimensions()  # the size a file states for itself is often wrong
            for number, cells in enumerate(self._sheet.iter_rows(), 1):
                row = [_text(cell) for cell in cells]
                while row and not row[-1]:
                    row.pop()
                if row:
                    yield number, row
        except Exception as error:
            raise InputDamaged(self._name, _reason(error)) from error


def _of_calls(sheets: list[Any]) -> Any:
    seen = [tab for tab in sheets if tab.sheet_state == "visible"] or sheets
    return next(filter(_has_table, seen), seen[0])


def _has_table(tab: Any) -> bool:
    """True if two of the first rows have two values or more."""
    try:
        tab.reset_dimensions()  # as below
        rows = tab.iter_rows(max_row=_LOOKED_AT, values_only=True)
        wide = [row for row in rows if sum(value is not None for value in row) > 1]
    except Exception:  # damage is told when the sheet is read
        return False
    return len(wide) > 1


def _reason(error: Exception) -> str:
    return f"the spreadsheet cannot be read ({type(error).__name__})"


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time() and not _shows_time(cell):
            return value.date().isoformat()
        return value.isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return duration_text(value)
    return str(value)


def number_text(value: int | float) -> str:
    """A number as people typed it: ``5.0`` is ``5``, and at most the 15 digits a sheet holds."""
    if isinstance(value, int):
        return str(value)
    text = format(Decimal(format(value, ".15g")), "f")
    return "0" if text == "-0" else text


def duration_text(value: datetime.timedelta) -> str:
    """A duration as ``H:MM:SS``, with as many hours as it has."""
    sign = "-" if value < datetime.timedelta() else ""
    seconds = round(abs(value).total_seconds())
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _shows_time(cell: Any) -> bool:
    shown = str(getattr(cell, "number_format", "") or "").lower()
    return "h" in shown or "s" in shown
