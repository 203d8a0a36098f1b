"""Reports for people: blank and total lines, covers, hidden sheets, and cells that are guarded."""

from __future__ import annotations

import io
from typing import Any

import pytest

from scorecli.readers.totals import is_total

HEADER = ["Call ID", "Start Time", "Customer Number", "Source"]
ROWS = [
    ["C1", "2026-11-02 09:12", "+12125550148", "Google"],
    ["C2", "2026-11-03 10:12", "+12125550149", "Bing"],
]


def text_of(rows: list[list[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\n" for row in rows)


def test_blank_lines_above_the_names_are_not_worth_a_word(read_bytes: Any) -> None:
    got = read_bytes("\n,,,\n" + text_of([HEADER, *ROWS]))
    assert got.header == HEADER
    assert got.notices == []


def _workbook(sheets: dict[str, list[list[Any]]], hidden: str = "") -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_cover_and_a_hidden_sheet_are_passed_over(read_bytes: Any) -> None:
    sheets = {"Lists": [HEADER, *ROWS[1:], *ROWS[1:]], "Cover": [["Call report"]], "Empty": []}
    got = read_bytes(_workbook({**sheets, "Calls": [HEADER, *ROWS]}, hidden="Lists"))
    assert list(got.rows.values()) == ROWS
    assert "4 sheets; 'Calls' was read" in got.notices[0]


@pytest.mark.parametrize("cell", ["Total", "TOTALS:", "Grand total", "Total calls: 3", "Summe"])
def test_a_line_of_totals_is_known_by_its_word(cell: str) -> None:
    assert is_total(cell)


@pytest.mark.parametrize("cell", ["", "Total Wine", "C1", "Totally", "Sum"])
def test_other_words_are_no_totals(cell: str) -> None:
    assert not is_total(cell)


GUARDED = 'id,number,note\n="C1",="0012",x\nC2,"=""+1 202""",\'+1 202\nC3,=+12025550148,\'0012\n'


def test_what_guards_a_cell_from_a_spreadsheet_is_no_part_of_it(read_bytes: Any) -> None:
    got = read_bytes(GUARDED)
    assert list(got.rows.values()) == [
        ["C1", "0012", "x"],
        ["C2", "+1 202", "+1 202"],
        ["C3", "+12025550148", "0012"],
    ]


def test_guards_are_taken_off_wherever_the_first_one_stands(read_bytes: Any) -> None:
    many = "".join(f"C{n},2026,plain text that fills the sample\n" for n in range(5000))
    got = read_bytes("id,number,note\n" + many + "C,1,'=1+1\n")
    assert got.rows[5002] == ["C", "1", "=1+1"]


@pytest.mark.parametrize("note", ["'t Hooft", "'90s diner", "=) nice", '="open', "it's"])
def test_other_texts_keep_their_signs(read_bytes: Any, note: str) -> None:
    got = read_bytes('id,number,note\nC1,="0012","' + note.replace('"', '""') + '"\n')
    assert got.rows[2] == ["C1", "0012", note]


def test_nul_bytes_at_the_end_of_a_file_are_damage_of_one_row(read_bytes: Any) -> None:
    got = read_bytes(text_of([HEADER, *ROWS]).encode() + bytes(4096))
    assert list(got.rows.values()) == ROWS
    assert list(got.problems) == [4]
