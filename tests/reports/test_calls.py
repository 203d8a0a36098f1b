from __future__ import annotations

import io
from typing import Any

import pytest

from scorecli.domain.whole_filter import Filter
from scorecli.errors.calls import UnknownCall
from scorecli.errors.reports import UnknownColumn
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.render.output import write
from scorecli.render.style import Style
from scorecli.reports.calls import BATCH, list_calls, show_call
from scorecli.result import Money, Score

CANONICAL = [
    "id",
    "external_id",
    "system",
    "started_at",
    "account",
    "direction",
    "status",
    "termination",
    "recording_url",
    "contact_name",
    "contact_number",
    "contact_number_e164",
    "contact",
    "tracking_number",
    "source",
    "medium",
    "campaign",
    "list",
    "agent",
    "agent_extension",
    "agent_email",
    "user",
    "user_id",
    "duration",
    "talk_time",
    "wait_time",
    "result",
    "stars",
    "reporting_tags",
    "converted",
    "amount",
    "currency",
    "converted_on",
    "note",
    "call_tags",
    "extra",
    "recall_at",
]


def names(result: Any) -> list[str]:
    return [column.name for column in result.columns]


def test_programs_get_every_canonical_field_in_order_with_exact_types(
    log: Any, settings_of: Any, filter_of: Any, as_objects: Any
) -> None:
    log.add(
        external_id="CAL-1",
        started_at=1_781_445_600,
        source="Google Ads",
        user="Ann",
        result="SALE",
        stars=4,
        tags=["wrong number", "quote"],
        call_tags=["vip"],
        converted=1,
        amount=25000,
        currency="USD",
        converted_on="2026-06-15",
        duration=0,
        extra={"Landing Page": "/a"},
    )
    result = list_calls(log.db, settings_of(), filter_of([]))
    assert names(result) == CANONICAL
    (row,) = as_objects(result)
    assert row["started_at"] == "2026-06-14T16:00:00+02:00"
    assert row["converted"] is True
    assert row["amount"] == Money(25000, "USD")
    assert row["reporting_tags"] == ["quote", "wrong number"]
    assert row["call_tags"] == ["vip"]
    assert row["extra"] == {"Landing Page": "/a"}
    assert (row["stars"], row["duration"], row["talk_time"]) == (4, 0, None)
    assert (row["source"], row["user"], row["result"]) == ("Google Ads", "Ann", "SALE")


def test_a_call_that_lacks_everything_is_shown_with_nulls_and_empty_lists(
    log: Any, settings_of: Any, filter_of: Any, as_objects: Any
) -> None:
    log.add()
    (row,) = as_objects(list_calls(log.db, settings_of(), filter_of([])))
    filled = {name: value for name, value in row.items() if value is not None}
    assert filled == {
        "id": 1,
        "system": "generic",
        "reporting_tags": [],
        "converted": False,
        "call_tags": [],
        "extra": {},
    }


def test_the_newest_call_is_first_and_one_without_a_start_last(
    log: Any, settings_of: Any, filter_of: Any, as_objects: Any
) -> None:
    for start in (None, 10, 30, 30, None, 20):
        log.add(started_at=start)
    rows = as_objects(list_calls(log.db, settings_of(), filter_of([])))
    assert [row["id"] for row in rows] == [4, 3, 6, 2, 5, 1]


def test_removed_calls_are_never_listed(log: Any, settings_of: Any, filter_of: Any) -> None:
    log.add(removed="deleted")
    log.add(removed="undone")
    assert list(list_calls(log.db, settings_of(), filter_of([])).rows) == []


def test_people_get_the_call_log_under_the_configured_names(
    log: Any, settings_of: Any, filter_of: Any, as_objects: Any
) -> None:
    log.add(contact_name="", contact_number="555 0100", agent="Phone 7", stars=3, tags=["quote"])
    text = '[score]\ncolumn_name = "Worth"\n[results]\nfield_name = "Outcome"'
    result = list_calls(log.db, settings_of(text), filter_of([]), for_people=True)
    assert [column.label for column in result.columns][-2:] == ["Outcome", "Worth"]
    (row,) = as_objects(result)
    assert (row["contact"], row["user"]) == ("555 0100", "Phone 7")
    assert row["score"] == Score(("quote",), 3)


def test_a_switched_off_field_has_no_column_and_no_part_in_the_score(
    log: Any, settings_of: Any, filter_of: Any, as_objects: Any
) -> None:
    log.add(stars=3, converted=1, amount=5, currency="USD", converted_on="2026-01-01", tags=["a"])
    off = "\n".join(
        f"[{name}]\nenabled = false" for name in ("score", "conversion", "results", "tags")
    )
    data = names(list_calls(log.db, settings_of(off), filter_of([])))
    assert {"stars", "converted", "converted_on", "result", "call_tags"}.isdisjoint(data)
    shown = as_objects(list_calls(log.db, settings_of(off), filter_of([]), for_people=True))
    assert shown[0]["score"] == Score(("a",), None, False, Money(5, "USD"), None)
    off += "\n[reporting_tags]\nenabled = false\n[converted_amount]\nenabled = false"
    assert "score" not in names(
        list_calls(log.db, settings_of(off), filter_of([]), for_people=True)
    )
    with pytest.raises(FieldSwitchedOff, match=r"\[score\]"):
        list_calls(log.db, settings_of(off), filter_of([]), columns=["stars"])


def test_chosen_columns_come_in_the_order_in_which_they_were_named(
    log: Any, settings_of: Any, filter_of: Any
) -> None:
    log.add(source="Bing", stars=2)
    result = list_calls(log.db, settings_of(), filter_of([]), columns=["stars", "id", "source"])
    assert list(result.rows) == [[2, 1, "Bing"]]


def test_a_misspelt_column_is_answered_with_the_nearest_one(
    log: Any, settings_of: Any, filter_of: Any
) -> None:
    with pytest.raises(UnknownColumn) as refused:
        list_calls(log.db, settings_of(), filter_of([]), columns=["sorce"])
    assert "source" in (refused.value.hint or "")


@pytest.mark.parametrize("sort", [name for name in CANONICAL if name not in ("contact", "extra")])
def test_calls_can_be_sorted_by_any_field_that_has_an_order(
    log: Any, settings_of: Any, filter_of: Any, sort: str
) -> None:
    log.add(stars=1, source="b")
    log.add(stars=2, source="A")
    log.add()
    if sort in ("reporting_tags", "call_tags"):
        with pytest.raises(UnknownColumn):
            list_calls(log.db, settings_of(), filter_of([]), sort=sort)
        return
    rows = list(list_calls(log.db, settings_of(), filter_of([]), columns=["id"], sort=sort).rows)
    assert sorted(rows) == [[1], [2], [3]]


def test_sorting_ignores_case_and_puts_empty_values_last_either_way(
    log: Any, settings_of: Any, filter_of: Any
) -> None:
    for source in ("b", "A", None, "c"):
        log.add(source=source)

    def order(sort: str) -> list[Any]:
        found = list_calls(log.db, settings_of(), filter_of([]), columns=["source"], sort=sort)
        return [row[0] for row in found.rows]

    assert order("source") == ["A", "b", "c", None]
    assert order("source-") == ["c", "b", "A", None]


def test_any_number_of_calls_is_listed_each_once_and_in_order(
    log: Any, settings_of: Any, filter_of: Any
) -> None:
    for number in range(2 * BATCH + 7):
        log.add(started_at=number, tags=["a"] if number % 3 == 0 else [])
    columns = ["id", "reporting_tags"]
    rows = list(list_calls(log.db, settings_of(), filter_of([]), columns=columns).rows)
    assert [row[0] for row in rows] == list(range(2 * BATCH + 7, 0, -1))
    assert all(row[1] == (["a"] if (row[0] - 1) % 3 == 0 else []) for row in rows)
    page = list_calls(log.db, settings_of(), filter_of([]), columns=["id"], limit=3, offset=2)
    assert list(page.rows) == [row[:1] for row in rows[2:5]]
    rest = list_calls(log.db, settings_of(), filter_of([]), columns=["id"], offset=5)
    assert list(rest.rows) == [row[:1] for row in rows[5:]]


def test_the_first_page_is_found_through_the_index_on_the_start(
    log: Any, settings_of: Any, filter_of: Any
) -> None:
    statements: list[str] = []
    log.db.connection.set_trace_callback(statements.append)
    list(list_calls(log.db, settings_of(), filter_of([]), limit=50, for_people=True).rows)
    log.db.connection.set_trace_callback(None)
    plan = [row[3] for row in log.db.rows(f"EXPLAIN QUERY PLAN {statements[0]}")]
    # Sorting is left to calls that started in the same second.
    assert plan == [
        "SCAN c USING COVERING INDEX ix_call_figures",
        "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY",
    ]


def test_one_call_is_shown_with_where_it_came_from_and_what_changed(
    log: Any, settings_of: Any
) -> None:
    imported = log.change(command="scorecli calls import a.csv", origin="import")
    call = log.add(stars=4, imported_in=imported, assigned_by="name")
    scored = log.change(command="scorecli score 1 --stars 4")
    log.entry(scored, "call", call, "stars", after=4)
    result = show_call(log.db, settings_of(), call, 0)
    assert result.single
    (cells,) = result.rows
    row = dict(zip(names(result), cells, strict=True))
    assert names(result)[: len(CANONICAL)] == CANONICAL
    assert (row["assigned_by"], row["imported_in"]) == ("name", imported)
    assert [change["change"] for change in row["history"]] == [scored, imported]
    assert row["history"][0]["fields"][0]["after"] == 4
    assert "history" not in names(show_call(log.db, settings_of(), call, 0, for_people=True))
    with pytest.raises(UnknownCall):
        show_call(log.db, settings_of(), 99, 0)


def test_a_table_on_a_terminal_leaves_out_columns_that_no_shown_call_fills(
    log: Any, settings_of: Any
) -> None:
    log.add(contact_name="Ann")
    everything = Filter("calls", ())

    def drawn(style: Style, **options: Any) -> str:
        stream = io.StringIO()
        result = list_calls(log.db, settings_of(), everything, for_people=True, **options)
        write(result, "table", stream, style=style)
        return stream.getvalue().splitlines()[0]

    terminal = Style(is_terminal=True, width=100)
    assert drawn(terminal).split() == ["ID", "Contact", "Score"]
    assert "Direction" in drawn(Style())
    assert drawn(terminal, columns=["id", "agent"]).split() == ["ID", "Agent"]
