"""JSON as rows of text: arrays, one object a line, nested values, and what is broken in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorecli.errors.input import NotRowsOfJson
from scorecli.readers import json_rows
from scorecli.readers.table import open_table

LENIENT = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_an_array_and_one_object_a_line_are_read_alike(read_bytes: Any) -> None:
    objects = [{"id": "1", "agent": "Ann"}, {"id": "2", "agent": "Jo"}]
    array = read_bytes(json.dumps(objects, indent=1), name="calls.json")
    lines = read_bytes("\n".join(map(json.dumps, objects)), name="calls.ndjson")
    assert array.header == lines.header == ["id", "agent"]
    assert array.rows == {2: ["1", "Ann"], 6: ["2", "Jo"]}
    assert lines.rows == {1: ["1", "Ann"], 2: ["2", "Jo"]}
    assert lines.kind == array.kind == "json"


def test_nested_values_lists_and_words_become_text(read_bytes: Any) -> None:
    call = (
        '{"agent": {"name": "Ann", "team": {"id": 7}}, "tags": ["a", 5, true, null],'
        ' "ok": true, "no": false, "none": null, "empty": {}, "list": []}'
    )
    got = read_bytes(call)
    assert got.header == [
        "agent.name",
        "agent.team.id",
        "tags",
        "ok",
        "no",
        "none",
        "empty",
        "list",
    ]
    assert got.rows[1] == ["Ann", "7", "a;5;true;", "true", "false", "", "", ""]


def test_numbers_stay_as_they_are_written(read_bytes: Any) -> None:
    got = read_bytes('[{"a": 1.10, "b": 12345678901234567890, "c": 1e3, "d": -0.0}]')
    assert got.rows[1] == ["1.10", "12345678901234567890", "1e3", "-0.0"]


def test_a_list_of_objects_stays_json(read_bytes: Any) -> None:
    got = read_bytes('{"legs": [{"n": 1.50, "who": "José"}]}')
    assert got.rows[1] == ['[{"n": 1.50, "who": "José"}]']


def test_names_that_come_later_make_the_header_grow(read_bytes: Any) -> None:
    text = "".join(f'{{"a": "{n}"}}\n' for n in range(10)) + '{"b": "x", "a": "y"}\n'
    got = read_bytes(text, size=100)
    assert got.header == ["a", "b"]
    assert got.rows[1] == ["0", ""]
    assert got.rows[11] == ["y", "x"]
    assert read_bytes(text, size=3).header == ["a", "b"]


def test_a_broken_line_is_a_problem_of_that_line(read_bytes: Any) -> None:
    got = read_bytes('{"a": 1}\n{"a": \n\n[1]\n"x"\n{"a": 2}\n')
    assert got.rows == {1: ["1"], 6: ["2"]}
    assert set(got.problems) == {2, 4, 5}
    assert got.problems[2].cells == ['{"a": ']
    assert "not an object" in got.problems[4].error


def test_a_lone_line_that_is_cut_is_a_problem_too(read_bytes: Any) -> None:
    got = read_bytes('{"a": {')
    assert list(got.problems) == [1]


def test_a_broken_array_keeps_what_came_before(read_bytes: Any) -> None:
    got = read_bytes('[\n{"a": 1},\n{"a": 2},\n{"a": oops},\n{"a": 4}\n]')
    assert got.rows == {2: ["1"], 3: ["2"]}
    assert list(got.problems) == [4]


@pytest.mark.parametrize("end", ["", ",", '{"a"', '{"a": 2}', '{"a": 2},\n', "] x"])
def test_an_array_that_breaks_off_or_goes_on_is_one_problem(read_bytes: Any, end: str) -> None:
    got = read_bytes('[{"a": 1},\n' + end if end != "] x" else '[{"a": 1}\n' + end)
    assert got.rows[1] == ["1"]
    assert len(got.problems) == 1


def test_an_array_on_one_line_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "calls.json"
    path.write_text(json.dumps([{"id": n, "name": "x" * 50} for n in range(20_000)]))
    with open_table(str(path)) as table:
        rows = [row[0] for batch in table.batches() for row in batch.rows]
    assert rows == [str(n) for n in range(20_000)]


def test_an_array_without_objects_has_no_rows(read_bytes: Any) -> None:
    got = read_bytes(" [ ] \n")
    assert (got.rows, got.problems) == ({}, {})
    assert "no rows" in got.notices[0]


def test_a_document_that_is_neither_is_refused_with_a_way_out(read_bytes: Any) -> None:
    with pytest.raises(NotRowsOfJson) as caught:
        read_bytes(json.dumps({"calls": [{"a": 1}]}, indent=2))
    assert "jq" in str(caught.value.hint)


@pytest.mark.parametrize("more", ["", '\n{"calls": [{"a": 2}], "page": 2}'])
def test_the_answer_of_a_web_service_is_no_row_although_it_stands_on_one_line(
    read_bytes: Any, more: str
) -> None:
    with pytest.raises(NotRowsOfJson) as caught:
        read_bytes('{"page": 1, "calls": [{"a": 1}, {"a": 2}]}' + more)
    assert "jq" in str(caught.value.hint)


def test_a_call_may_hold_lists_of_its_own(read_bytes: Any) -> None:
    got = read_bytes('{"a": 1, "data": ["x"], "legs": [{"b": 1}]}')
    assert got.rows == {1: ["1", "x", '[{"b": 1}]']}


def test_characters_that_cannot_be_stored_are_problems_of_their_row(read_bytes: Any) -> None:
    got = read_bytes('{"a": "\\ud800", "b": "x"}\n{"a": "y\\u0000"}\n{"a": "\\u00e9"}\n')
    assert got.rows == {3: ["é", ""]}
    assert got.problems[1].field == got.problems[2].field == "a"


def test_deep_nesting_is_a_problem_and_no_crash(read_bytes: Any) -> None:
    got = read_bytes('{"a": 1}\n{"a": ' + "[" * 100_000 + "]" * 100_000 + "}\n")
    assert list(got.rows) == [1]
    assert "deep" in got.problems[2].error


def test_a_table_that_starts_with_a_bracket_is_no_json(read_bytes: Any) -> None:
    assert read_bytes("[id],[agent]\n1,Ann\n").header == ["[id]", "[agent]"]


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
OBJECTS = st.lists(
    st.dictionaries(st.sampled_from("abcdef"), TEXT, min_size=1, max_size=5),
    min_size=1,
    max_size=20,
)


@LENIENT
@given(
    objects=OBJECTS,
    block=st.integers(1, 40),
    array=st.booleans(),
    ascii_only=st.booleans(),
)
def test_any_objects_are_read_back_however_the_file_is_cut_into_blocks(
    read_bytes: Any, objects: Any, block: int, array: bool, ascii_only: bool
) -> None:
    if array:
        text = json.dumps(objects, ensure_ascii=ascii_only, indent=2)
    else:
        text = "\n".join(json.dumps(one, ensure_ascii=ascii_only) for one in objects)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_rows, "_BLOCK", block)
        got = read_bytes(text, size=1000)
    assert not got.problems
    found = [
        {name: cell for name, cell in zip(got.header, row, strict=True) if cell}
        for row in got.rows.values()
    ]
    assert found == [{name: text for name, text in one.items() if text} for one in objects]
