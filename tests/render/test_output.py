import csv
import io
import json
import re
import stat
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.errors import WrongUsage
from scorecli.errors.output import UnknownFormat, UnknownOutputEnding
from scorecli.render.output import FORMATS, format_of, write, write_file
from scorecli.render.style import Style
from scorecli.result import Column, Money, Result, Score

PIPED = Style()
TERMINAL = Style(is_terminal=True, width=80, color=True)
ANY_TEXT = st.text(alphabet=st.characters(codec=None), max_size=60)
ANY_VALID_TEXT = st.text(max_size=60)  # without lone surrogates
SGR = re.compile(r"\x1b\[[0-9;]*m")


def written(result: Result, name: str | None, style: Style = PIPED) -> str:
    stream = io.StringIO()
    write(result, name, stream, style=style)
    return stream.getvalue()


def texts(rows: list[list[str]], label: str = "a") -> Result:
    width = len(rows[0]) if rows else 1
    columns = [Column(label if i == 0 else f"c{i}", label) for i in range(width)]
    return Result(columns, iter(rows))


def of_every_kind(text: str, *, single: bool = False) -> Result:
    columns = (
        Column("a", text),
        Column(text, "Label"),
        Column("list", "List", "list"),
        Column("object", "Object", "object"),
        Column("score", "Score", "score"),
        Column("time", "Time", "time"),
        Column("rate", "Rate", "rate"),
    )
    score = Score((text,), 3, True, Money(1, "USD"), text)
    row = (text, text, [text, text], {text: text}, score, text, text)
    return Result(
        columns,
        iter([row]),
        total=None if single else row,
        single=single,
        head=None if single else {"filter": text},
    )


ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(ANY_VALID_TEXT, min_size=width, max_size=width), min_size=1, max_size=5
    )
)


@given(ROWS, st.sampled_from([("csv", ","), ("tsv", "\t")]))
def test_csv_and_tsv_give_every_text_back(rows: list[list[str]], how: tuple[str, str]) -> None:
    name, delimiter = how
    read = list(
        csv.reader(io.StringIO(written(texts(rows), name), newline=""), delimiter=delimiter)
    )
    assert read[1:] == rows


@given(ROWS)
def test_plain_text_gives_every_text_back_and_a_line_for_each_row(rows: list[list[str]]) -> None:
    lines = written(texts(rows), "table").split("\n")
    assert lines.pop() == ""
    read = [
        [c.encode("latin-1", "backslashreplace").decode("unicode_escape") for c in line.split("\t")]
        for line in lines
    ]
    assert read[1:] == rows


@given(ROWS, st.sampled_from([PIPED, TERMINAL, TERMINAL._replace(ascii=True)]))
def test_json_gives_every_text_back_on_a_terminal_too(rows: list[list[str]], style: Style) -> None:
    read = json.loads(written(texts(rows), "json", style))
    assert [list(row.values()) for row in read] == rows
    lines = written(texts(rows), "ndjson", style).split("\n")[:-1]
    assert [list(json.loads(line).values()) for line in lines] == rows


@given(ANY_TEXT, st.sampled_from(FORMATS), st.booleans(), st.integers(1, 200), st.booleans())
def test_only_printable_characters_and_colours_reach_a_terminal(
    text: str, name: str, single: bool, width: int, ascii_only: bool
) -> None:
    style = TERMINAL._replace(width=width, ascii=ascii_only)
    shown = SGR.sub("", written(of_every_kind(text, single=single), name, style))
    assert not [
        c for c in shown if not (c.isprintable() or c in "\n\t" or unicodedata.category(c) == "Zs")
    ]
    shown.encode("utf-8")


@given(ANY_TEXT, st.sampled_from(FORMATS), st.booleans(), st.sampled_from(["ascii", "cp1252"]))
def test_no_text_fails_on_a_stream_of_any_encoding(
    text: str, name: str, is_terminal: bool, encoding: str
) -> None:
    content = io.BytesIO()
    stream = io.TextIOWrapper(content, encoding=encoding)
    style = Style(is_terminal=is_terminal, encoding=encoding, ascii=True)
    assert write(of_every_kind(text), name, stream, style=style) == 1
    stream.flush()
    shown = content.getvalue().decode(stream.encoding)
    assert "list" in shown.casefold()


@pytest.mark.parametrize("text", ["[/b]", "[red]x", ":smile:", "[link=http://x]y[/link]"])
@pytest.mark.parametrize("name", [n for n in FORMATS if n != "markdown"])
def test_markup_and_emoji_codes_are_shown_as_they_are(text: str, name: str) -> None:
    assert text in written(texts([[text]]), name, TERMINAL)


def test_markdown_shows_a_pipe_and_markup_as_text() -> None:
    shown = written(texts([["a|b *c* _d_ <b>&amp; `x` [y](z)\nnext"]]), "markdown")
    assert shown.splitlines()[2] == (r"| a\|b \*c\* \_d\_ \<b\>\&amp; \`x\` \[y\](z)<br>next |")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1"])  # noqa: RUF001
@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_excel_safe_defuses_formulas_in_values_and_headers(text: str, name: str) -> None:
    style = PIPED._replace(excel_safe=True)
    delimiter = {"csv": ",", "tsv": "\t"}[name]
    shown = io.StringIO(written(texts([[text]], label=text), name, style), newline="")
    assert list(csv.reader(shown, delimiter=delimiter)) == [["'" + text], ["'" + text]]


def test_excel_safe_leaves_real_numbers_alone() -> None:
    columns = [Column("n", "N", "integer"), Column("m", "M", "money"), Column("r", "R", "rate")]
    result = Result(columns, [(-5, Money(-250, "USD"), -0.5)])
    assert written(result, "csv", PIPED._replace(excel_safe=True)) == "n,m,r\n-5,-2.50,-0.5\n"


def test_a_formula_is_left_as_data_unless_asked() -> None:
    assert written(texts([["=1+1"]]), "csv") == "a\n=1+1\n"


def test_csv_for_a_file_keeps_the_data_and_on_a_terminal_shows_it_harmless() -> None:
    assert written(texts([["\x1b[2J"]]), "csv") == "a\n\x1b[2J\n"
    assert written(texts([["\x1b[2J"]]), "csv", TERMINAL) == "a\n\\x1b[2J\n"


def test_values_for_programs_are_plain_and_a_missing_one_is_empty_or_null() -> None:
    columns = [
        Column("yes", "Yes", "boolean"),
        Column("tags", "Tags", "list"),
        Column("amount", "Amount", "money"),
        Column("yen", "Yen", "money"),
        Column("rate", "Rate", "rate"),
        Column("gone", "Gone", "integer"),
        Column("extra", "Extra", "object"),
        Column("nan", "Nan", "decimal"),
    ]
    row = (
        True,
        ["a", "b"],
        Money(25000, "USD"),
        Money(500, "JPY"),
        0.25,
        None,
        {"k": "v"},
        float("nan"),
    )
    assert written(Result(columns, [row]), "csv").splitlines()[1] == (
        'true,a;b,250.00,500,0.25,,"{""k"": ""v""}",'
    )
    assert json.loads(written(Result(columns, [row]), "json")) == [
        {
            "yes": True,
            "tags": ["a", "b"],
            "amount": "250.00",
            "yen": "500",
            "rate": 0.25,
            "gone": None,
            "extra": {"k": "v"},
            "nan": None,
        }
    ]


def test_an_empty_list_is_an_empty_array_a_header_or_no_table() -> None:
    assert written(texts([]), "json") == "[]\n"
    assert written(texts([]), "ndjson") == ""
    assert written(texts([]), "csv") == "a\n"
    assert written(texts([]), "table") == "a\n"
    assert written(texts([]), "table", TERMINAL) == ""
    assert json.loads(written(Result([], [], head={"report": "x"}), "json")) == {
        "report": "x",
        "rows": [],
        "total": None,
    }


def test_writing_returns_the_number_of_rows() -> None:
    assert write(texts([]), "table", io.StringIO(), style=TERMINAL) == 0
    assert write(texts([["a"], ["b"]]), "csv", io.StringIO(), style=PIPED) == 2


def test_rows_are_written_as_they_arrive() -> None:
    for name in ("table", "csv", "tsv", "json", "ndjson", "markdown"):
        stream = io.StringIO()

        def rows(stream: io.StringIO = stream):  # type: ignore[no-untyped-def]
            yield ["first"]
            assert "first" in stream.getvalue()
            yield ["second"]

        write(Result([Column("a", "A")], rows()), name, stream, style=PIPED)


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_ids_days_and_amounts_are_never_cut_and_no_line_is_too_long(
    width: int, calls: Result, report: Result
) -> None:
    from rich.cells import cell_len

    style = TERMINAL._replace(width=width, color=False)
    log, figures = written(calls, "table", style), written(report, "table", style)
    assert "1048576" in log
    assert "2026-11-03" in log
    assert "1:02:05" in log
    assert "$1,234,567.89" in figures
    assert max(cell_len(line) for line in (log + figures).splitlines()) <= width


def test_without_colour_no_escape_sequence_is_written(calls: Result) -> None:
    assert "\x1b" not in written(calls, "table", TERMINAL._replace(color=False))


def test_ascii_tables_are_drawn_in_ascii(report: Result) -> None:
    assert written(report, "table", TERMINAL._replace(ascii=True)).isascii()


def test_forced_colour_in_a_pipe_keeps_the_text_the_same(calls: Result) -> None:
    rows = list(calls.rows)
    coloured = written(Result(calls.columns, rows), None, PIPED._replace(color=True))
    assert "\x1b[" in coloured
    assert SGR.sub("", coloured) == written(Result(calls.columns, rows), None)


def test_programs_get_utf_8_whatever_the_locale() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp1252")
    write(texts([["Zoë 東京"]]), "csv", stream, style=Style(encoding="cp1252", ascii=True))
    stream.flush()
    assert raw.getvalue() == "a\nZoë 東京\n".encode()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("x.csv", "csv"),
        ("x.TSV", "tsv"),
        ("x.json", "json"),
        ("x.ndjson", "ndjson"),
        ("x.jsonl", "ndjson"),
        ("x.md", "markdown"),
        ("x.txt", "table"),
        ("-", "table"),
    ],
)
def test_the_ending_of_a_file_chooses_the_format(path: str, expected: str) -> None:
    assert format_of(None, Path(path)) == expected
    assert format_of("json", Path(path)) == "json"


def test_an_unknown_format_or_ending_is_a_usage_error_that_names_the_choices() -> None:
    with pytest.raises(UnknownFormat) as unknown:
        format_of("yaml")
    assert "yaml" in unknown.value.message
    assert all(name in str(unknown.value.hint) for name in FORMATS)
    with pytest.raises(UnknownOutputEnding) as ending:
        format_of(None, Path("calls.docx"))
    assert ".csv" in str(ending.value.hint)
    assert isinstance(ending.value, WrongUsage)


def test_a_file_gets_the_format_of_its_ending_without_colour(tmp_path: Path) -> None:
    path = tmp_path / "calls.json"
    assert write_file(texts([["Zoë"]]), None, path, style=TERMINAL) == 1
    assert json.loads(path.read_text("utf-8")) == [{"a": "Zoë"}]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_only_a_drawn_table_imports_rich_and_little_of_it() -> None:
    script = """
import io, sys
from scorecli.render.output import FORMATS, write
from scorecli.render.style import Style
from scorecli.result import Column, Result, Score
for name in FORMATS:
    write(Result([Column("s", "S", "score")], [(Score(("a",), 4),)]), name,
          io.StringIO(), style=Style())
heavy = {"rich", "typer", "sqlmodel", "sqlalchemy", "pydantic"} & set(sys.modules)
assert not heavy, heavy
for color in (False, True):
    assert "rich.style" not in sys.modules
    result = Result([Column("s", "S", "score")], [(Score(("a",), 4, True),)])
    write(result, "table", io.StringIO(), style=Style(True, color=color))
assert "rich.style" in sys.modules
heavy = {"rich.console", "rich.table", "rich.text", "rich.segment"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("result", [texts([]), Result([], [(), ()])])
def test_a_table_without_rows_or_columns_draws_nothing(result: Result) -> None:
    assert written(result, "table", TERMINAL) == ""


def test_what_a_report_says_about_itself_is_found_out_where_a_format_shows_it() -> None:
    asked: list[str] = []

    def head() -> dict[str, str]:
        asked.append("asked")
        return {"report": "tags"}

    for name in ("table", "markdown", "csv", "tsv", "ndjson"):
        written(Result([Column("a", "A")], [["x"]], head=head), name)
    assert not asked
    shown = written(Result([Column("a", "A")], [["x"]], head=head), "json")
    assert json.loads(shown) == {"report": "tags", "rows": [{"a": "x"}], "total": None}
    assert asked == ["asked"]
