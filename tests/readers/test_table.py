"""Any file as a table: what it is, how it is written, and what its columns are called."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors.input import (
    BadDelimiter,
    BrokenHeader,
    ColumnsDoNotFit,
    DuplicateColumn,
    InputDamaged,
    InputIsFolder,
    InputNotFound,
    NotATable,
    NotInEncoding,
    UnknownEncoding,
)
from scorecli.readers.table import open_table

TEXT = "name;town\nJosé;Köln\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x01", "\x1f", "¦"])
def test_the_delimiter_is_found(read_bytes: Any, delimiter: str) -> None:
    lines = ["start|time,agent".replace("|", " ").replace(",", delimiter)]
    lines += [delimiter.join([f"2026-01-0{n} 10:00:00", f'"Smith, {n}"']) for n in range(1, 9)]
    got = read_bytes("\n".join(lines))
    assert got.delimiter == delimiter
    assert got.rows[2] == ["2026-01-01 10:00:00", "Smith, 1"]


def test_decimal_commas_do_not_hide_a_semicolon(read_bytes: Any) -> None:
    got = read_bytes("a;b;c\n1,5;2,5;3\n4,5;5,5;6\n")
    assert got.delimiter == ";"
    assert got.rows[3] == ["4,5", "5,5", "6"]


def test_some_damaged_rows_do_not_change_the_delimiter(read_bytes: Any) -> None:
    lines = ["id,agent,tags"] + [f"{n},Ann,a;b;c" for n in range(20)]
    lines[3], lines[9] = "x", '5,"Ann,a;b'
    got = read_bytes("\n".join(lines))
    assert got.delimiter == ","
    assert set(got.problems) == {4, 10}


@pytest.mark.parametrize("rows", [["1", "2"], ["Smith, Ann", "Doe, Jo"], ["10:00", "11:00"]])
def test_one_column_is_read_whole(read_bytes: Any, rows: list[str]) -> None:
    got = read_bytes("\n".join(["value", *rows]))
    assert got.header == ["value"]
    assert list(got.rows.values()) == [[row] for row in rows]


def test_a_separator_line_for_excel_is_obeyed_and_counted(read_bytes: Any) -> None:
    got = read_bytes("sep=;\r\na;b\r\n1;2\r\n")
    assert (got.header, got.rows) == (["a", "b"], {3: ["1", "2"]})


def test_a_blank_before_quotes_is_understood_where_all_have_it(read_bytes: Any) -> None:
    got = read_bytes('a, b\n1, "x, y"\n2, "z"\n')
    assert got.rows == {2: ["1", "x, y"], 3: ["2", "z"]}


def test_a_blank_before_plain_values_is_kept(read_bytes: Any) -> None:
    assert read_bytes("a, b\n1, x\n").rows == {2: ["1", " x"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_with_and_without_their_mark(read_bytes: Any, encoding: str) -> None:
    got = read_bytes(TEXT.encode(encoding))
    assert (got.header, got.rows, got.notices) == (["name", "town"], {2: ["José", "Köln"]}, [])


@pytest.mark.parametrize(("mark", "form"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf_16_of_either_order_is_read(read_bytes: Any, mark: bytes, form: str) -> None:
    got = read_bytes(mark + TEXT.encode(form))
    assert got.rows == {2: ["José", "Köln"]}
    forced = read_bytes(TEXT.encode(form), encoding=form)
    assert forced.rows == {2: ["José", "Köln"]}


def test_utf_16_without_its_mark_is_named(read_bytes: Any) -> None:
    with pytest.raises(NotATable, match="UTF-16") as caught:
        read_bytes((TEXT * 50).encode("utf-16-le"))
    assert "utf-16-le" in str(caught.value.hint)


def test_what_is_not_utf_8_only_at_the_end_is_read_as_cp1252_with_a_notice(
    read_bytes: Any,
) -> None:
    content = b"name,town\n" + b"Ann,Rome\n" * 200_000 + "José,5 €\n".encode("cp1252")
    got = read_bytes(content + b"x,\x81\n")
    assert got.encoding == "cp1252"
    assert got.rows[200_002] == ["José", "5 €"]
    assert got.rows[200_003] == ["x", "\x81"]
    assert "cp1252" in got.notices[0]


def test_a_utf_8_file_cut_within_a_character_stays_utf_8(read_bytes: Any) -> None:
    got = read_bytes("a\nKöln\nKö".encode()[:-1])
    assert got.rows[2] == ["Köln"]
    assert "incomplete" in got.notices[0]


def test_a_forced_encoding_is_used_or_refused(read_bytes: Any) -> None:
    assert read_bytes(TEXT.encode("cp850"), encoding="cp850").rows == {2: ["José", "Köln"]}
    with pytest.raises(NotInEncoding):
        read_bytes(TEXT.encode("cp1252"), encoding="utf-8")
    with pytest.raises(UnknownEncoding):
        read_bytes(TEXT, encoding="utf-99")
    with pytest.raises(UnknownEncoding):
        read_bytes(TEXT, encoding="base64")


def test_column_names_that_come_again_are_numbered_with_a_notice(read_bytes: Any) -> None:
    got = read_bytes("Name,Name,Name 2,,Name\n1,2,3,4,5\n")
    assert got.header == ["Name", "Name 3", "Name 2", "column_4", "Name 4"]
    assert "numbered" in got.notices[0]


def test_an_empty_file_has_no_rows_and_says_so(read_bytes: Any) -> None:
    for content in (b"", b"\n\n", b"\xef\xbb\xbf"):
        got = read_bytes(content)
        assert (got.kind, got.rows, got.header) == ("empty", {}, [])
        assert "empty" in got.notices[0]


def test_a_header_alone_has_no_rows(read_bytes: Any) -> None:
    got = read_bytes("a,b,c")
    assert (got.header, got.rows, got.notices) == (["a", "b", "c"], {}, [])


def test_names_can_be_given_or_made_where_there_is_no_header(read_bytes: Any) -> None:
    content = "Ann,5\nJo,6\n"
    assert read_bytes(content, header=False).header == ["column_1", "column_2"]
    got = read_bytes(content, header=False, columns=["agent", "stars"])
    assert (got.header, got.rows[1]) == (["agent", "stars"], ["Ann", "5"])
    with pytest.raises(ColumnsDoNotFit):
        read_bytes(content, header=False, columns=["agent"])
    with pytest.raises(DuplicateColumn):
        read_bytes(content, columns=["agent", "agent"])


def test_a_first_line_of_data_is_not_taken_for_names(read_bytes: Any) -> None:
    content = "2026-01-01 10:00,+14155550100,5\n2026-01-02 10:00,+14155550101,4\n"
    got = read_bytes(content)
    assert len(got.rows) == 2
    assert "looks like data" in got.notices[0]
    assert len(read_bytes(content, header=True).rows) == 1


def test_a_header_that_cannot_be_read_is_refused(read_bytes: Any) -> None:
    with pytest.raises(BrokenHeader):
        read_bytes('"a"x,b\n1,2\n')
    with pytest.raises(BrokenHeader):
        read_bytes('"a,b\n1,2\n')


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"SQLite format 3\0", "SQLite"),
        (b"PK\x05\x06" + b"\0" * 18, "zip"),
        (b"<html><table></table></html>", "HTML"),
        (os.urandom(4096).replace(b"\x1f\x8b", b"aa"), "binary"),
    ],
    ids=["xls", "pdf", "png", "sqlite", "zip", "html", "noise"],
)
def test_what_is_no_table_is_refused_by_its_kind(
    read_bytes: Any, content: bytes, what: str
) -> None:
    with pytest.raises(NotATable, match=what):
        read_bytes(content)


def test_a_compressed_file_is_read_whatever_its_name(read_bytes: Any) -> None:
    got = read_bytes(gzip.compress(TEXT.encode(), mtime=0), name="calls.csv")
    assert got.rows == {2: ["José", "Köln"]}


def test_a_compressed_file_that_breaks_off_is_refused(read_bytes: Any) -> None:
    whole = gzip.compress(os.urandom(5000).hex().encode())
    with pytest.raises(InputDamaged, match="breaks off"):
        read_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputDamaged):
        read_bytes(b"\x1f\x8b\x08\x00rubbish and more of it")


def test_missing_files_folders_and_bad_delimiters_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputNotFound):
        open_table(str(tmp_path / "none.csv"))
    with pytest.raises(InputIsFolder):
        open_table(str(tmp_path))
    with pytest.raises(BadDelimiter):
        open_table(str(tmp_path / "none.csv"), delimiter="ab")


def test_a_table_can_be_read_again_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("a,b\n" + "1,2\n" * 5000)
    with open_table(str(path)) as table:
        assert len(next(iter(table.batches(10))).rows) > 0
        assert sum(len(batch.rows) for batch in table.batches()) == 5000
        assert sum(len(batch.rows) for batch in table.batches()) == 5000
        assert table.progress() == (path.stat().st_size, path.stat().st_size)


@pytest.mark.parametrize("content", [TEXT.encode(), gzip.compress(TEXT.encode(), mtime=0)])
def test_standard_input_is_read_again_too(content: bytes) -> None:
    program = (
        "from scorecli.readers.table import open_table\n"
        "t = open_table('-')\n"
        "print(t.name, [[b.rows for b in t.batches()] for _ in range(2)])\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program],
        input=content,
        capture_output=True,
        check=True,
    )
    row = ["José", "Köln"]
    assert done.stdout.decode().strip() == f"stdin {[[[row]], [[row]]]}"


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with (
        subprocess.Popen([sys.executable, "-c", f"open({str(pipe)!r}, 'w').write('a,b\\n1,2\\n')"]),
        open_table(str(pipe)) as table,
    ):
        assert [batch.rows for batch in table.batches()] == [[["1", "2"]]]


def test_memory_stays_bounded_over_a_large_file(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "calls.csv"
    with path.open("w") as file:
        file.write("a,b\n")
        file.writelines(f'{n},"x{n}\ny"\n' for n in range(200_000))
    tracemalloc.start()
    with open_table(str(path)) as table:
        assert sum(len(batch.rows) for batch in table.batches()) == 200_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_reading_imports_nothing_heavy() -> None:
    program = (
        "import sys, scorecli.readers.table\n"
        "print([m for m in ('openpyxl', 'sqlmodel', 'tempfile', 'zipfile', 'rich', 'gzip')"
        " if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
