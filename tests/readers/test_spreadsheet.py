"""Workbooks as rows of text: what people see in a cell, without the damage of floating point."""

from __future__ import annotations

import builtins
import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scorecli.errors.input import InputDamaged, NotATable, SpreadsheetsNotInstalled, UnknownSheet
from scorecli.readers.spreadsheet import duration_text, number_text


def workbook(*rows: Any, more: dict[str, list[Any]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, others in (more or {}).items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_spreadsheet_is_read_whatever_its_name(read_bytes: Any) -> None:
    got = read_bytes(workbook(["a", "b"], ["x", 5], ["y", None]), name="calls.csv")
    assert (got.kind, got.header) == ("spreadsheet", ["a", "b"])
    assert got.rows == {2: ["x", "5"], 3: ["y", ""]}


def test_values_become_the_text_that_people_typed(read_bytes: Any) -> None:
    day = datetime.datetime(2026, 1, 5)
    row = [
        5.0,
        0.1 + 0.2,
        True,
        day.date(),
        day.replace(hour=9, minute=30),
        datetime.time(9, 30),
        datetime.timedelta(hours=30, seconds=5),
        14155550123,
    ]
    got = read_bytes(workbook([f"c{n}" for n in range(8)], row), name="calls.xlsx")
    assert got.rows[2] == [
        "5",
        "0.3",
        "true",
        "2026-01-05",
        "2026-01-05T09:30:00",
        "09:30:00",
        "30:00:05",
        "14155550123",
    ]


def test_blank_rows_are_passed_over_and_long_rows_are_problems(read_bytes: Any) -> None:
    got = read_bytes(workbook(["a"], [None], ["x"], ["y", "z"]), name="calls.xlsx")
    assert got.rows == {3: ["x"]}
    assert got.problems[4].cells == ["y", "z"]


def test_the_first_sheet_or_the_named_one_is_read(read_bytes: Any) -> None:
    content = workbook(["a"], ["1"], more={"Calls": [["b"], ["2"]]})
    first = read_bytes(content)
    assert first.header == ["a"]
    assert "2 sheets" in first.notices[0]
    assert read_bytes(content, sheet="Calls").rows == {2: ["2"]}
    with pytest.raises(UnknownSheet, match="Nope"):
        read_bytes(content, sheet="Nope")


def test_an_empty_workbook_has_no_rows(read_bytes: Any) -> None:
    assert read_bytes(workbook()).kind == "empty"


def test_a_damaged_workbook_is_refused(read_bytes: Any, tmp_path: Path) -> None:
    import zipfile

    with pytest.raises(NotATable, match="damaged"):
        read_bytes(workbook(["a"], ["1"])[:-200])
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nonsense")
    with pytest.raises(InputDamaged):
        read_bytes(broken.getvalue())


def test_without_the_extra_the_error_names_it(
    read_bytes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = workbook(["a"], ["1"])
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SpreadsheetsNotInstalled) as caught:
        read_bytes(content)
    assert "scorecli[xlsx]" in str(caught.value.hint)


def test_numbers_and_durations_have_no_exponent_and_no_fraction_of_a_second() -> None:
    assert [number_text(n) for n in (1e15, 2.5e-7, -0.0, 250.10, 1e20)] == [
        "1000000000000000",
        "0.00000025",
        "0",
        "250.1",
        "100000000000000000000",
    ]
    assert duration_text(datetime.timedelta(seconds=-61)) == "-0:01:01"
