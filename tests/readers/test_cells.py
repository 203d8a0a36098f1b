"""Reading the cells of a column: each text once, missing words, patterns, what extra keeps."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.readers.cells import (
    Bad,
    CellReader,
    DistinctCellReader,
    ExtraReader,
    PlainTextReader,
    join_extra,
)


def test_a_blank_or_missing_cell_is_none() -> None:
    reader = CellReader(int, ["NA", " Select "])
    assert reader.column(["", "  ", "na", "select", " 5 "]) == [None, None, None, None, 5]
    assert not reader.met_bad


def test_a_refused_cell_says_why() -> None:
    def refuse(text: str) -> int:
        raise ValueError(f"{text} is no number")

    reader = CellReader(refuse)
    [bad] = reader.column([" x "])
    assert isinstance(bad, Bad)
    assert bad.reason == "x is no number"
    assert reader.met_bad


def test_each_text_is_converted_once() -> None:
    seen: list[str] = []

    def convert(text: str) -> str:
        seen.append(text)
        return text.upper()

    assert CellReader(convert).column(["a", "b", "a", "a"]) == ["A", "B", "A", "A"]
    assert seen == ["a", "b"]


@pytest.mark.parametrize("kind", [CellReader, DistinctCellReader])
def test_a_pattern_takes_a_part_of_the_cell(kind: type[CellReader]) -> None:
    reader = kind(str, ["none"], r"<(\d*)>")
    texts = ['"User 5" <109>', "User 9", "<>", "none"]
    assert reader.column(texts) == ["109", None, None, None]


def test_plain_texts_lose_the_blanks_around_them() -> None:
    assert PlainTextReader().column([" a b ", "\t", ""]) == ["a b", None, None]
    assert PlainTextReader(["unknown"]).column(["Unknown", " x"]) == [None, "x"]


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), unique_by=lambda pair: pair[0]))
def test_extra_is_an_object_of_the_cells_that_say_something(pairs: list[tuple[str, str]]) -> None:
    made = join_extra(ExtraReader(name)[text] for name, text in pairs)
    wanted = {name: text.strip() for name, text in pairs if text.strip()}
    assert (json.loads(made) if made else {}) == wanted
    assert (made is None) == (not wanted)


def test_memory_stays_bounded_however_many_texts_there_are() -> None:
    reader = ExtraReader("mood", most=10)
    for number in range(1000):
        assert json.loads("{" + reader[str(number)] + "}") == {"mood": str(number)}
    assert len(reader) <= 10
    long = "x" * 1000
    assert long in reader[long]
    assert long not in reader
