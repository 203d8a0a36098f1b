"""A report with a title above its header is read from the header on."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.readers.call_columns import field_by_name, plain_name
from scorecli.readers.title import rows_above_header

HEADER = "Start Time,Phone Number,Agent,Duration"
ROW = "2026-10-01 10:00,2125550148,Dana Reyes,10"


@pytest.mark.parametrize(
    "above",
    [
        ["Call report October 2026"],
        ["Call report,,,", ",,,"],
        ['"Calls, by agent"', "", ""],
        ["Report: Calls", "From: 2026-10-01 00:00"],
        ["", "Period,2026-10-01"],
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lines_above_the_header_are_left_out_and_told(
    read_bytes: Any, above: list[str], delimiter: str
) -> None:
    lines = [line.replace(",", delimiter) if '"' not in line else line for line in above]
    table = [line.replace(",", delimiter) for line in (HEADER, ROW, ROW)]
    got = read_bytes("\n".join([*lines, *table]).encode())
    first = len(above) + 2
    assert got.header == HEADER.split(",")
    assert got.rows == {first: ROW.split(","), first + 1: ROW.split(",")}
    assert f"the header is line {first - 1}; what stands above it is left out: " in got.notices[0]


def test_a_workbook_with_a_title_is_read_from_its_header_on(read_bytes: Any) -> None:
    header = ["Start Time", "Phone Number", "Agent"]
    row = ["2026-10-01 10:00", "2125550148", "Dana Reyes"]
    book, file = openpyxl.Workbook(), io.BytesIO()
    for cells in (["Call report"], [], header, row):
        book.active.append(cells)
    book.save(file)
    got = read_bytes(file.getvalue(), name="calls.xlsx")
    assert (got.header, got.rows) == (header, {4: row})
    assert "the header is line 3; what stands above it is left out: Call report" in got.notices[0]


@pytest.mark.parametrize(
    "text",
    [
        "Agent\nDana\nLee\n",
        "a,b,c\nagent,duration,source\n1,2,3\n",
        f"{HEADER}\n{HEADER}\n{ROW}\n",
        f"Weather,Mood,Agent,Colour\n{ROW}\n",
    ],
)
def test_a_first_line_with_as_many_cells_or_names_is_the_header(read_bytes: Any, text: str) -> None:
    got = read_bytes(text.encode())
    assert ",".join(got.header) == text.splitlines()[0]
    assert got.notices == []


def test_a_header_that_is_asked_for_stays_where_it_was_said_to_be(read_bytes: Any) -> None:
    text = f"Call report\n{HEADER}\n{ROW}\n"
    plain = read_bytes(text.encode(), header=False, delimiter=",")
    assert (list(plain.problems), list(plain.rows)) == ([1], [2, 3])
    named = read_bytes(text.encode(), columns=["a", "b", "c", "d"], delimiter=",")
    assert (list(named.problems), list(named.rows)) == ([1], [2, 3])


unknown = st.text("qxz ", max_size=4).filter(lambda text: plain_name(text) not in field_by_name())


@given(st.lists(st.lists(unknown, max_size=5), max_size=6))
def test_rows_that_name_no_field_hide_no_header(rows: list[list[str]]) -> None:
    assert rows_above_header(rows) == 0


@pytest.mark.parametrize("pair", ["[]", "{}", "<>"])
def test_brackets_within_names_separate_nothing(read_bytes: Any, pair: str) -> None:
    rows = [f"Dana {pair[0]}101{pair[1]}", f"Lee {pair[0]}102{pair[1]}"]
    got = read_bytes("\n".join([f"Agent {pair[0]}ext{pair[1]}", *rows]).encode())
    assert list(got.rows.values()) == [[row] for row in rows]
