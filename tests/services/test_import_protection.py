"""What people wrote is safe from imports, field by field, until it is undone or given up."""

from __future__ import annotations

from typing import Any

import pytest

from scorecli.errors import Refused

HEADER = "call id,start time,agent,stars,converted,amount,converted on,note,tags,reporting tags\n"
ROW = "A1,2026-11-03 10:00,Dana,2,yes,100,2026-11-04,from the file,file,quote\n"
NEW = "A1,2026-11-03 10:00,Kim,1,no,300,2026-11-05,newer,newer,newer\n"
CHANGES = [
    ("stars", {"stars": 5}, 5),
    ("converted", {"converted": False}, 0),
    ("amount_minor", {"amount": 7700}, 7700),
    ("converted_on", {"converted_on": "2026-11-30"}, "2026-11-30"),
    ("note", {"note": "by hand"}, "by hand"),
    ("call_tags", {"call_tags": ("mine",)}, "file;mine"),
    ("reporting_tags", {"untags": ("quote",)}, None),
]


@pytest.mark.parametrize(("column", "edit", "value"), CHANGES)
def test_a_field_that_a_person_scored_stays(
    log: Any, figures: Any, column: str, edit: dict[str, Any], value: Any
) -> None:
    log.imports(HEADER + ROW)
    log.score(1, **edit)
    assert log.calls(column) == [value]
    assert figures(log.imports(HEADER + ROW)) == (0, 0, 1)
    assert figures(log.imports(HEADER + NEW)) == (0, 1, 0)
    assert log.calls(column, "agent") == [(value, "Kim")]


@pytest.mark.parametrize(("column", "edit", "value"), CHANGES)
def test_overwrite_scores_gives_it_up_for_good(
    log: Any, figures: Any, column: str, edit: dict[str, Any], value: Any
) -> None:
    log.imports(HEADER + ROW)
    [before] = log.calls(column)
    log.score(1, **edit)
    assert figures(log.imports(HEADER + ROW, overwrite_scores=True)) == (0, 1, 0)
    assert log.calls(column) == [before]
    assert figures(log.imports(HEADER + NEW)) == (0, 1, 0)
    assert log.calls(column) != [before]


def test_undoing_what_a_person_wrote_ends_the_protection(log: Any, figures: Any) -> None:
    log.imports(HEADER + ROW)
    log.score(1, stars=5)
    log.undo()
    assert figures(log.imports(HEADER + ROW.replace(",2,yes", ",3,yes"))) == (0, 1, 0)
    assert log.calls("stars") == [3]


def test_undoing_the_undo_brings_the_protection_back(log: Any, figures: Any) -> None:
    log.imports(HEADER + ROW)
    log.score(1, stars=5)
    log.undo()
    log.undo(3)
    assert figures(log.imports(HEADER + ROW)) == (0, 0, 1)
    assert log.calls("stars") == [5]


def test_a_fact_that_a_person_edited_stays(log: Any, figures: Any) -> None:
    log.imports(HEADER + ROW)
    log.write("agent", 1, "Dana", "Dana Reyes")
    assert figures(log.imports(HEADER + ROW)) == (0, 0, 1)
    log.imports(HEADER + NEW)
    assert log.calls("agent", "stars") == [("Dana Reyes", 1)]


def test_a_number_that_a_person_edited_keeps_its_normal_form(log: Any) -> None:
    log.imports("call id,phone number\nA1,+12125550143\n")
    log.write("contact_number", 1, "+12125550143", "+12125550144")
    log.write("contact_number_e164", 1, "+12125550143", "+12125550144")
    log.imports("call id,phone number\nA1,+12125550199\n")
    assert log.calls("contact_number", "contact_number_e164") == [("+12125550144",) * 2]


def test_a_removed_score_is_not_brought_back(log: Any, figures: Any) -> None:
    log.imports(HEADER + ROW)
    log.score(1, remove=True)
    assert figures(log.imports(HEADER + ROW)) == (0, 0, 1)
    assert log.calls("stars", "converted", "amount_minor", "converted_on", "reporting_tags") == [
        (None, 0, None, None, None)
    ]
    assert log.rows("SELECT scored FROM call") == [(0,)]


def test_clear_empty_clears_nothing_that_a_person_wrote(log: Any) -> None:
    log.imports(HEADER + ROW)
    log.score(1, stars=5, note="by hand", call_tags=("mine",))
    log.imports(HEADER + "A1,,,,,,,,,\n", clear_empty=True)
    assert log.calls("stars", "note", "call_tags", "agent") == [(5, "by hand", "file;mine", None)]


@pytest.mark.parametrize("header", ["call id", "topic"])
def test_a_deleted_call_stays_deleted(log: Any, figures: Any, header: str) -> None:
    content = f"{header},duration\nA1,10\n"
    log.imports(content)
    log.delete(1)
    assert figures(log.imports(content)) == (0, 0, 1)
    assert figures(log.imports(content, overwrite_scores=True)) == (0, 0, 1)
    assert figures(log.imports(content + "B2,20\n")) == (1, 0, 1)
    assert log.calls("id") == [2]


def test_of_two_like_calls_only_the_deleted_one_stays_deleted(log: Any, figures: Any) -> None:
    header = "start time,phone number,agent\n"
    dana, kim = (f"2026-11-03 10:00,+12125550143,{agent}\n" for agent in ("Dana", "Kim"))
    log.imports(header + dana + kim)
    log.delete(1)
    for rows in (dana + kim, kim + dana):
        assert figures(log.imports(header + rows)) == (0, 0, 2)
        assert log.calls("id", "agent") == [(2, "Kim")]


def test_an_undone_import_can_be_imported_again(log: Any, figures: Any) -> None:
    first = log.imports(HEADER + ROW)
    log.undo(first.change)
    assert log.calls() == []
    again = log.imports(HEADER + ROW)
    assert figures(again) == (1, 0, 0)
    assert log.calls("id") == [2]
    with pytest.raises(Refused):
        log.undo(2)
    log.undo(again.change)
    assert log.calls() == []


def test_undoing_an_import_restores_what_it_updated(log: Any) -> None:
    log.imports(HEADER + ROW)
    before = log.content()
    second = log.imports(HEADER + NEW + NEW.replace("A1", "B2"))
    after = log.content()
    log.undo(second.change)
    assert log.content() == before
    log.undo(second.change + 1)
    assert log.content() == after


def test_an_import_whose_calls_a_person_scored_is_not_undone(log: Any) -> None:
    first = log.imports(HEADER + ROW)
    log.score(1, stars=5)
    with pytest.raises(Refused):
        log.undo(first.change)


def test_a_dry_run_tells_the_same_figures_and_writes_nothing(log: Any, figures: Any) -> None:
    log.imports(HEADER + ROW)
    log.score(1, stars=5)
    before = log.rows("SELECT * FROM call"), log.rows("SELECT * FROM change")
    content = HEADER + NEW + NEW.replace("A1", "B2") + "C3,not a time,,,,,,,,\n"
    dry = log.imports(content, dry_run=True)
    assert (log.rows("SELECT * FROM call"), log.rows("SELECT * FROM change")) == before
    assert dry.change is None
    assert all(file.rejects_file is None for file in dry.files)
    real = log.imports(content)
    assert figures(real) == figures(dry) == (1, 1, 0)
    assert (real.rejected, real.scored, real.orphan_amounts) == (
        dry.rejected,
        dry.scored,
        dry.orphan_amounts,
    )
