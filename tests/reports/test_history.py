from __future__ import annotations

from typing import Any

import pytest

from scorecli.errors.history import UnknownChange
from scorecli.reports.history import MOST_FOR_DATA, list_changes, list_entries
from scorecli.result import Money


def test_changes_come_newest_first_with_who_when_and_what(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    call = log.add(tags=["quote"])
    first = log.change(who="ann", command="scorecli score 1 --stars 4")
    log.entry(first, "call", call, "stars", before=3, after=4)
    log.entry(first, "call", call, "reporting_tags", item="1", before=False, after=True)
    second = log.change(who="bob", command="scorecli score 1 --amount 250")
    log.entry(second, "call", call, "amount", after=[25000, "USD"])
    undo = log.change(who="bob", command="scorecli undo", undoes=second)
    log.db.execute("UPDATE change SET undone_by = ? WHERE id = ?", (undo, second))
    rows = as_objects(list_changes(log.db, settings_of()))
    assert [row["change"] for row in rows] == [undo, second, first]
    assert (rows[0]["undoes"], rows[1]["undone_by"]) == (second, undo)
    assert (rows[2]["who"], rows[2]["command"]) == ("ann", "scorecli score 1 --stars 4")
    assert rows[2]["made_at"] == "2025-06-15T17:06:40+02:00"
    stars, tag = rows[2]["fields"]
    assert (stars["field"], stars["before"], stars["after"]) == ("stars", 3, 4)
    assert (tag["item"], tag["before"], tag["after"]) == ("quote", False, True)
    assert rows[1]["fields"][0]["after"] == Money(25000, "USD")
    shown = as_objects(list_changes(log.db, settings_of(), for_people=True))
    assert shown[2]["fields"] == ["call 1 Score Call: 3 -> 4", "call 1 Reporting Tag: added quote"]
    assert shown[1]["fields"] == ["call 1 Converted Amount: none -> 250.00 USD"]


def test_the_history_of_a_call_begins_with_its_import(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    imported = log.change(origin="import", summary='{"inserted": 2}')
    calls = [log.add(imported_in=imported) for _ in range(2)]
    change = log.change()
    for call in calls:
        log.entry(change, "call", call, "stars", after=5)
    other = log.change()
    log.entry(other, "call", calls[1], "stars", before=5)
    rows = as_objects(list_changes(log.db, settings_of(), call=calls[0]))
    assert [(row["change"], row["entries"], row["inserted"]) for row in rows] == [
        (change, 1, None),
        (imported, 0, 2),
    ]


def test_a_large_change_shows_its_first_fields_and_counts_all(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    call = log.add()
    change = log.change()
    for _ in range(MOST_FOR_DATA + 50):
        log.entry(change, "call", call, "note", after="x")
    (row,) = as_objects(list_changes(log.db, settings_of()))
    assert (row["entries"], len(row["fields"])) == (MOST_FOR_DATA + 50, MOST_FOR_DATA)
    (shown,) = as_objects(list_changes(log.db, settings_of(), for_people=True))
    assert shown["fields"][-1] == "and 145 more"
    assert len(list(list_entries(log.db, settings_of(), change).rows)) == MOST_FOR_DATA + 50


def test_a_deleted_tag_keeps_its_name_in_the_history(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    call = log.add()
    change = log.change()
    log.entry(change, "call", call, "reporting_tags", item="77", before=True, after=False)
    log.entry(change, "tag", 77, "row", before={"kind": "reporting", "name": "old"})
    rows = as_objects(list_entries(log.db, settings_of(), change))
    assert rows[0]["item"] == "old"


def test_the_history_can_be_read_page_by_page(log: Any, settings_of: Any) -> None:
    for _ in range(5):
        log.change()
    page = list_changes(log.db, settings_of(), limit=2, offset=1)
    assert [row[0] for row in page.rows] == [4, 3]


def test_an_unknown_change_is_refused(log: Any, settings_of: Any) -> None:
    with pytest.raises(UnknownChange):
        list_entries(log.db, settings_of(), 4)


def test_a_definition_is_shown_as_added_or_deleted_by_its_name_without_internals(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    change = log.change(command="scorecli results add SOLD")
    result = {"code": "SOLD", "folded": "sold", "description": "", "enabled": 1, "status": None}
    result |= {"success": 1, "contact": 0}
    log.entry(change, "result", 1, "row", after=result)
    log.entry(change, "tag", 7, "row", before={"kind": "call", "name": "old", "folded": "old"})
    log.entry(change, "user_alias", 2, "row", after={"user_id": 3, "name": "Di", "folded": "di"})
    (shown,) = as_objects(list_changes(log.db, settings_of(), for_people=True))
    assert shown["fields"] == [
        "result SOLD: added (success)",
        "tag old: deleted (kind: call)",
        "user alias Di: added",
    ]
    rows = as_objects(list_entries(log.db, settings_of(), change, for_people=True))
    assert [(row["field"], row["item"], row["before"], row["after"]) for row in rows] == [
        ("added", "SOLD", None, "success"),
        ("deleted", "old", "kind: call", None),
        ("added", "Di", None, None),
    ]
    for_programs = as_objects(list_entries(log.db, settings_of(), change))
    assert for_programs[0]["after"] == result
