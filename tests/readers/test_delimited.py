"""Damaged delimited files: what is wrong is told by line, and nothing after it is shifted."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorecli.readers import delimited

LENIENT = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_an_unterminated_quote_rejects_only_its_first_line(read_bytes: Any) -> None:
    got = read_bytes('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,11,12\n')
    assert got.rows == {2: ["1", "2", "3"], 4: ["7", "8", "9"], 5: ["10", "11", "12"]}
    assert got.problems[3].cells == ["4", '"5', "6"]
    assert "never closed" in got.problems[3].error


def test_a_file_cut_within_a_quoted_field_keeps_every_row_before(read_bytes: Any) -> None:
    got = read_bytes('a,b\n1,"x"\n2,"y\nz"\n3,"cut here')
    assert got.rows == {2: ["1", "x"], 3: ["2", "y\nz"]}
    assert list(got.problems) == [5]


def test_a_stray_quote_far_from_the_end_swallows_nothing(read_bytes: Any) -> None:
    rows = [f"{n},name {n},x" for n in range(20_000)]
    rows[50] = '50,"name 50,x'
    got = read_bytes("a,b,c\n" + "\n".join(rows) + "\n")
    assert list(got.problems) == [52]
    assert len(got.rows) == 19_999
    assert got.rows[20_001] == ["19999", "name 19999", "x"]


def test_a_stray_quote_before_properly_quoted_rows_costs_one_line(read_bytes: Any) -> None:
    lines = [f'{n},"name {n}","x"' for n in range(3000)]
    lines[7] = '7,"name 7,"x"'
    got = read_bytes("a,b,c\n" + "\n".join(lines))
    assert list(got.problems) == [9]
    assert len(got.rows) == 2999


def test_a_record_of_several_lines_with_too_many_fields_loses_its_first_line(
    read_bytes: Any,
) -> None:
    got = read_bytes('a,b\n1,"x\n2,y",3\n4,5\n')
    assert got.rows == {4: ["4", "5"]}
    assert set(got.problems) == {2, 3}


@pytest.mark.parametrize("quotes", ['a",b,"c', '"x,"",""', 'x"",""", "'])
def test_quotes_astray_on_every_line_take_bounded_time(read_bytes: Any, quotes: str) -> None:
    got = read_bytes("h1,h2,h3\n" + f"{quotes}\n" * 5000, delimiter=",")
    assert len(got.rows) + len(got.problems) <= 5000
    assert max({*got.rows, *got.problems}) > 4990


def test_rows_with_too_few_or_too_many_fields_are_told_by_line(read_bytes: Any) -> None:
    got = read_bytes("a,b,c\n1,2\n1,2,3\n1,2,3,4\n")
    assert got.rows == {3: ["1", "2", "3"]}
    assert got.problems[2].error == "2 fields where 3 are expected"
    assert got.problems[4].cells == ["1", "2", "3", "4"]


def test_a_nul_byte_is_an_error_of_its_row_and_names_the_field(read_bytes: Any) -> None:
    got = read_bytes(b"a,b\n1,2\n3,4\0\n5,6\n")
    assert got.rows == {2: ["1", "2"], 4: ["5", "6"]}
    assert (got.problems[3].field, got.problems[3].cells) == ("b", ["3", "4\0"])


def test_a_row_wrapped_whole_in_quotes_is_rejected(read_bytes: Any) -> None:
    got = read_bytes('a,b\n1,2\n"3,4"\n5,6\n')
    assert list(got.rows) == [2, 4]
    assert got.problems[3].cells == ["3,4"]


def test_text_behind_a_closing_quote_is_an_error_of_that_row(read_bytes: Any) -> None:
    got = read_bytes('a,b\n"ab"c,1\n2,3\n')
    assert list(got.rows) == [3]
    assert got.problems[2].cells == ['"ab"c', "1"]


def test_a_callers_name_and_number_as_phone_systems_write_them_is_read(read_bytes: Any) -> None:
    got = read_bytes('clid,src\n"User 5" <109>,109\n"Smith, Jo" <7>,7\n"" <8>,8\n"x",9\n')
    assert list(got.rows.values()) == [
        ['"User 5" <109>', "109"],
        ['"Smith, Jo" <7>', "7"],
        ['"" <8>', "8"],
        ["x", "9"],
    ]


def test_callers_names_are_read_wherever_they_stand_in_a_row(read_bytes: Any) -> None:
    got = read_bytes('n,a,b\n1,"A" <1>,"B" <2>\n2,x" <3>,"B" <2>\n3,"p, ""q"" <4>, r",s\n')
    assert list(got.rows.values()) == [
        ["1", '"A" <1>', '"B" <2>'],
        ["2", 'x" <3>', '"B" <2>'],
        ["3", 'p, "q" <4>, r', "s"],
    ]


def test_a_callers_name_first_seen_late_in_a_file_is_read_too(read_bytes: Any) -> None:
    lines = ["n,1"] * 20_000 + ['"User 5" <109>,2', '"a" b,3', "n,4"]
    got = read_bytes("clid,n\n" + "\n".join(lines))
    assert got.rows[20_002] == ['"User 5" <109>', "2"]
    assert list(got.problems) == [20_003]


def test_quotes_within_an_unquoted_field_are_plain_text(read_bytes: Any) -> None:
    got = read_bytes('a,b\n5" pipe,say "hi"\n')
    assert got.rows[2] == ['5" pipe', 'say "hi"']


def test_blank_lines_are_passed_over_and_counted_as_lines(read_bytes: Any) -> None:
    got = read_bytes("\n\na,b\n\n1,2\n   \n3,4\n\n\n")
    assert got.rows == {5: ["1", "2"], 7: ["3", "4"]}
    assert not got.problems


def test_extra_empty_cells_at_the_end_are_dropped(read_bytes: Any) -> None:
    got = read_bytes("a,b\n1,2,,,\n3,4\n5,,\n")
    assert got.rows == {2: ["1", "2"], 3: ["3", "4"], 4: ["5", ""]}


def test_trailing_columns_without_a_name_may_be_missing_in_rows(read_bytes: Any) -> None:
    got = read_bytes("a,b,,\n1,2\n3,4,,\n5,6,\n7\n")
    assert got.header == ["a", "b"]
    assert got.rows == {2: ["1", "2"], 3: ["3", "4"], 4: ["5", "6"]}
    assert list(got.problems) == [5]


def test_values_under_a_column_without_a_name_are_kept(read_bytes: Any) -> None:
    got = read_bytes("a,,b,\n1,x,2,y\n3,,4,\n")
    assert got.header == ["a", "column_2", "b", "column_4"]
    assert got.rows[2] == ["1", "x", "2", "y"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_lines_alike(read_bytes: Any, end: str) -> None:
    got = read_bytes(end.join(["a,b", "1,2", f'3,"x{end}y"', "4", "5,6"]).encode())
    assert got.rows == {2: ["1", "2"], 3: ["3", f"x{end}y"], 6: ["5", "6"]}
    assert list(got.problems) == [5]


def test_mixed_line_ends_are_read(read_bytes: Any) -> None:
    got = read_bytes(b"a,b\r\n1,2\r3,4\n5,6\r\n7,8")
    assert got.rows == {2: ["1", "2"], 3: ["3", "4"], 4: ["5", "6"], 5: ["7", "8"]}


def test_a_very_long_field_is_read(read_bytes: Any) -> None:
    got = read_bytes("a,b\n1," + "x" * 300_000 + '\n2,"' + "y\n" * 40_000 + '"\n')
    assert len(got.rows[2][1]) == 300_000
    assert len(got.rows[3][1]) == 80_000


def test_a_line_longer_than_any_record_may_be_is_one_problem(read_bytes: Any) -> None:
    content = b"a,b\n1,2\n3," + b"x" * (17 << 20) + b"\n4,5\n"
    got = read_bytes(content)
    assert list(got.rows) == [2, 4]
    assert "longer than" in got.problems[3].error


def test_a_quoted_field_beyond_the_limit_of_lines_counts_as_never_closed(
    read_bytes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "RECORD_LINES", 1000)
    got = read_bytes('a\n"' + "x\n" * 3000 + '"\nlast\n')
    assert "never closed" in got.problems[2].error
    assert got.rows[3] == ["x"]
    assert got.rows[3003] == ["last"]


@pytest.mark.parametrize("size", [1, 500])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_of_empty_cells_only_are_blank_lines(read_bytes: Any, end: str, size: int) -> None:
    lines = ["a,b,c", "1,2,3", ",,", '"","",""', ",", "4,5,6", ",,,,"]
    got = read_bytes(end.join(lines) + end, size=size)
    assert got.rows == {2: ["1", "2", "3"], 6: ["4", "5", "6"]}
    assert not got.problems


def test_the_end_of_file_sign_of_old_programs_is_no_row(read_bytes: Any) -> None:
    got = read_bytes("a,b\n1,2\n\x1a")
    assert got.rows == {2: ["1", "2"]}
    assert not got.problems


def test_three_hundred_columns_are_read(read_bytes: Any) -> None:
    names = [f"c{n}" for n in range(300)]
    got = read_bytes(",".join(names) + "\n" + ",".join(map(str, range(300))) + "\n")
    assert got.header == names
    assert got.rows[2][299] == "299"


# Without what guards a cell from a spreadsheet, which test_reports_for_people.py looks at.
CELL = st.text(
    st.characters(exclude_characters="\0'=", exclude_categories=["Cs"])
    | st.sampled_from(' "\n\r,;\t|'),
    max_size=12,
)
WIDTH = 3
ROWS = st.lists(st.lists(CELL, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=30)


@LENIENT
@given(
    rows=ROWS,
    delimiter=st.sampled_from([",", ";", "\t", "|", "^", "\x1f"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    size=st.sampled_from([1, 3, 500]),
)
def test_what_a_csv_writer_wrote_is_read_back_equal(
    read_bytes: Any, rows: Any, delimiter: str, quoting: Any, end: str, size: int
) -> None:
    if quoting == csv.QUOTE_MINIMAL and end != "\r\n":
        # Older writers leave the other line end unquoted, which no reader can undo.
        other = "\r" if end == "\n" else "\n"
        rows = [[cell.replace(other, "") for cell in row] for row in rows]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerow(["one", "two", "three"])
    expected: dict[int, list[str]] = {}
    for row in rows:
        before = text.getvalue()
        line = len(io.StringIO(before, newline="").readlines()) + 1
        writer.writerow(row)
        if any(row):
            expected[line] = row
    content = text.getvalue().encode()
    got = read_bytes(content, delimiter=delimiter, header=True, size=size)
    assert got.rows == expected
    assert not got.problems


PLAIN = st.text(st.sampled_from('abc xyz,"~019'), max_size=8)


@LENIENT
@given(
    rows=st.lists(st.lists(PLAIN, min_size=WIDTH, max_size=WIDTH), min_size=3, max_size=60),
    where=st.integers(0, 10_000),
    damage=st.sampled_from(["quote", "drop", "nul", "cut", "wrap", "extra"]),
    place=st.integers(0, 100),
    size=st.sampled_from([1, 7, 500]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_damage_in_one_row_leaves_every_other_line_told(
    read_bytes: Any, rows: Any, where: int, damage: str, place: int, size: int, quoting: Any
) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator="\n").writerows(rows)
    lines = text.getvalue().split("\n")[:-1]
    hit = where % len(lines)
    lines[hit] = _damaged(lines[hit], damage, place)
    got = read_bytes("one,two,three\n" + "\n".join(lines) + "\n", delimiter=",", size=size)
    told = {*got.rows, *got.problems}
    for number, row in enumerate(rows):
        if number != hit and not any(row):
            continue
        if number < hit:
            assert got.rows[number + 2] == row
        elif number > hit:
            swallowed = any("\n" in "".join(r) and n <= number + 2 for n, r in got.rows.items())
            if not swallowed:
                assert number + 2 in told
            if damage in ("drop", "nul", "extra", "wrap"):
                assert got.rows[number + 2] == row
    covered = sum(1 + "".join(row).count("\n") for row in got.rows.values())
    assert covered + len(got.problems) == sum(map(_says_something, lines))


def _says_something(line: str) -> bool:
    if not line.strip():
        return False
    try:
        return any(next(csv.reader([line], strict=True)))
    except csv.Error:
        return True


def _damaged(line: str, damage: str, place: int) -> str:
    at = place % (len(line) + 1)
    if damage == "quote":
        return line[:at] + '"' + line[at:]
    if damage == "nul":
        return line[:at] + "\0" + line[at:]
    if damage == "cut":
        return line[: max(1, at)]
    row = next(csv.reader([line]))
    if damage == "wrap":
        return '"' + line.replace('"', '""') + '"'
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(row[:2] if damage == "drop" else [*row, "more"])
    return text.getvalue()


@LENIENT
@given(text=st.text(st.sampled_from('a,"\n\r \0'), max_size=200), sizes=st.just((1, 2, 500)))
def test_any_text_is_read_alike_whatever_the_size_of_a_batch(
    read_bytes: Any, text: str, sizes: Any
) -> None:
    content = "h,i\n" + text
    first, *others = [read_bytes(content, delimiter=",", header=True, size=n) for n in sizes]
    for other in others:
        assert other.rows == first.rows
        assert set(other.problems) == set(first.problems)
