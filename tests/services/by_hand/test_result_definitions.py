from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.call_results import FLAGS, completed_flags
from scorecli.errors.history import StillUsed, TouchedLater
from scorecli.errors.results import (
    BadResult,
    ResultCodeFixed,
    ResultDisabled,
    ResultExists,
    UnknownResult,
)
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.reports.history import list_entries
from scorecli.reports.results import list_results, show_result
from scorecli.services.result_definitions import (
    Defined,
    ResultWish,
    add_result,
    edit_result,
    switch_results,
)
from scorecli.settings import parse


def add(desk: Any, code: str, **wish: Any) -> Defined:
    return add_result(desk.db, desk.settings, ResultWish(code=code, **wish), **desk.who)


def edit(desk: Any, code: str, new_code: str | None = None, **wish: Any) -> Defined:
    asked = ResultWish(code=new_code, **wish)
    return edit_result(desk.db, desk.settings, code, asked, **desk.who)


def switch(desk: Any, *codes: str, enabled: bool) -> Defined:
    return switch_results(desk.db, desk.settings, codes, enabled=enabled, **desk.who)


def shown(desk: Any, code: str) -> dict[str, Any]:
    result = show_result(desk.db, desk.settings, code)
    (row,) = result.rows
    return dict(zip([column.name for column in result.columns], row, strict=True))


def test_a_new_result_is_enabled_and_every_other_flag_is_off(desk: Any) -> None:
    add(desk, "NA", description=" No answer ", status="no answer")
    assert shown(desk, "na") == {
        "code": "NA",
        "description": "No answer",
        "enabled": True,
        "status": "No Answer",
        "final": False,
        "do_not_call": False,
        "recall": False,
        "recall_after": None,
        "roll_to": None,
        "no_contact": False,
        "contact": False,
        "presentation": False,
        "success": False,
        "require_amount": False,
        "campaigns": [],
        "calls": 0,
    }


def campaign(desk: Any, *names: str) -> None:
    for name in names:
        desk.db.execute(
            "INSERT INTO campaign (name, folded) VALUES (?, ?)", (name, name.casefold())
        )


def test_a_result_holds_everything_that_was_said_of_it(desk: Any) -> None:
    campaign(desk, "Spring", "Autumn", "Winter")
    add(
        desk,
        "CALLBK",
        description="Call back",
        status="person",
        recall=True,
        recall_after="1d 12h",
        roll_to="winter",
        contact=True,
        presentation=True,
        campaigns=("SPRING", "autumn", "Spring"),
    )
    found = shown(desk, "CALLBK")
    assert {name: value for name, value in found.items() if value} == {
        "code": "CALLBK",
        "description": "Call back",
        "enabled": True,
        "status": "Person",
        "recall": True,
        "recall_after": "1d 12h",
        "roll_to": "Winter",
        "contact": True,
        "presentation": True,
        "campaigns": ["Autumn", "Spring"],
    }


def test_a_delay_means_that_the_result_recalls_and_goes_with_it(desk: Any) -> None:
    add(desk, "NA", recall_after="2h")
    assert shown(desk, "NA")["recall"] is True
    edit(desk, "NA", recall=False)
    assert (shown(desk, "NA")["recall"], shown(desk, "NA")["recall_after"]) == (False, None)
    with pytest.raises(BadResult, match="needs recall"):
        edit(desk, "NA", recall=False, recall_after="2h")
    edit(desk, "NA", recall_after="90m")
    assert shown(desk, "NA")["recall_after"] == "1h 30m"
    edit(desk, "NA", recall_after="")
    assert (shown(desk, "NA")["recall"], shown(desk, "NA")["recall_after"]) == (True, None)


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        ({"final": True, "recall": True}, "is final is not called again"),
        ({"final": True, "recall_after": "2h"}, "is final is not called again"),
        ({"do_not_call": True, "recall": True}, "must not be called is not called again"),
        ({"no_contact": True, "contact": True}, "there is no contact"),
        ({"no_contact": True, "success": True}, "there is no success"),
        ({"no_contact": True, "presentation": True}, "there is no presentation"),
        ({"presentation": True, "contact": False}, "a presentation is a contact"),
        ({"require_amount": True}, "only a success can require an amount"),
        ({"roll_to": "Sprang"}, 'no campaign "Sprang"; did you mean Spring'),
        ({"campaigns": ("Sprang",)}, 'no campaign "Sprang"; did you mean Spring'),
        ({"roll_to": "spring", "campaigns": ("Spring",)}, "cannot roll records there"),
        ({"recall_after": "soon"}, '"soon" is no delay'),
        ({"recall_after": "0h"}, "is no delay"),
        ({"recall_after": "1h 2d"}, "is no delay"),
        ({"recall_after": "400d"}, "longer than a year"),
    ],
)
def test_every_contradiction_is_refused(desk: Any, wish: dict[str, Any], problem: str) -> None:
    campaign(desk, "Spring")
    with pytest.raises(BadResult, match=problem) as refused:
        add(desk, "A", **wish)
    assert len(refused.value.problems) == 1
    assert desk.db.rows("SELECT * FROM result") == []


def test_contradictions_with_what_is_stored_are_refused_too(desk: Any) -> None:
    campaign(desk, "Spring")
    add(desk, "A", final=True, campaigns=("Spring",))
    for wish in ({"recall": True}, {"roll_to": "Spring"}):
        with pytest.raises(BadResult):
            edit(desk, "A", **wish)
    edit(desk, "A", roll_to="Spring", campaigns=())
    with pytest.raises(BadResult):
        edit(desk, "A", campaigns=("Spring",))


def test_campaigns_of_a_result_are_undone_and_done_again(desk: Any) -> None:
    campaign(desk, "Spring", "Autumn")
    add(desk, "A", campaigns=("Spring",), roll_to="Autumn")
    edit(desk, "A", roll_to="", campaigns=("Autumn", "Spring"))
    edit(desk, "A", campaigns=())
    assert shown(desk, "A")["campaigns"] == []
    desk.undo()
    assert shown(desk, "A")["campaigns"] == ["Autumn", "Spring"]
    desk.undo()
    assert (shown(desk, "A")["campaigns"], shown(desk, "A")["roll_to"]) == (["Spring"], "Autumn")
    undone = desk.undo(1)
    assert desk.db.rows("SELECT * FROM result_campaign") == []
    desk.undo(undone)
    assert (shown(desk, "A")["campaigns"], shown(desk, "A")["roll_to"]) == (["Spring"], "Autumn")


def test_the_history_names_campaigns_and_delays(desk: Any) -> None:
    campaign(desk, "Spring", "Autumn")
    add(desk, "A", recall_after="1d", campaigns=("Spring",), roll_to="Autumn")
    edit(desk, "A", campaigns=("Autumn", "Spring"), roll_to="")
    lines = list_entries(desk.db, desk.settings, 2, for_people=True).rows
    assert [(row[2], row[4], row[5]) for row in lines] == [
        ("roll_to", "Autumn", None),
        ("campaigns", "Spring", "Spring, Autumn"),
    ]
    (added,) = list_entries(desk.db, desk.settings, 1, for_people=True).rows
    assert "recall after: 1d" in added[5]
    assert "roll to: Autumn" in added[5]
    assert "campaigns: Spring" in added[5]


def test_a_success_is_a_contact(desk: Any) -> None:
    add(desk, "SALE", success=True, require_amount=True)
    assert shown(desk, "SALE")["contact"] is True
    add(desk, "PLAIN")
    edit(desk, "PLAIN", success=True)
    assert shown(desk, "PLAIN")["contact"] is True


def test_all_that_is_wrong_is_named_at_once(desk: Any) -> None:
    with pytest.raises(BadResult) as refused:
        add(desk, "x" * 33, status="Sleeping", contact=False, success=True)
    assert len(refused.value.problems) == 3
    with pytest.raises(BadResult, match="only a success can require an amount"):
        add(desk, "A", require_amount=True)
    assert desk.entries() == 0


@pytest.mark.parametrize("code", ["", "  ", "a\x07", "none", "Any", "a\nb"])
def test_what_cannot_be_a_code_is_refused(desk: Any, code: str) -> None:
    with pytest.raises(BadResult):
        add(desk, code)


def test_codes_are_unique_ignoring_case_and_may_have_blanks(desk: Any) -> None:
    add(desk, " Call  back ")
    assert shown(desk, "call back")["code"] == "Call back"
    with pytest.raises(ResultExists, match="Call back"):
        add(desk, "CALL BACK")


def test_an_edit_that_would_contradict_what_stays_is_refused(desk: Any) -> None:
    add(desk, "SALE", success=True, require_amount=True)
    with pytest.raises(BadResult, match="only a success"):
        edit(desk, "SALE", success=False)
    with pytest.raises(BadResult, match="cannot be without one"):
        edit(desk, "SALE", contact=False)
    edit(desk, "SALE", success=False, require_amount=False)
    assert (shown(desk, "SALE")["success"], shown(desk, "SALE")["contact"]) == (False, True)


def test_a_code_is_fixed_once_a_call_ever_had_it(desk: Any) -> None:
    add(desk, "A")
    edit(desk, "A", "B")
    desk.score([1], result="B")
    desk.score([1], result=None)
    with pytest.raises(ResultCodeFixed):
        edit(desk, "B", "C")
    add(desk, "D")
    with pytest.raises(ResultExists):
        edit(desk, "D", "b")
    edit(desk, "D", "d")
    assert shown(desk, "D")["code"] == "d"


def test_disabling_keeps_what_was_given_and_refuses_to_give_more(desk: Any) -> None:
    add(desk, "A")
    add(desk, "B")
    desk.score([1], result="A")
    assert switch(desk, "A", "b", enabled=False).codes == ["A", "B"]
    assert shown(desk, "A")["calls"] == 1
    with pytest.raises(ResultDisabled):
        desk.score([2], result="A")
    assert switch(desk, "A", enabled=False) == Defined([], None)
    switch(desk, "A", enabled=True)
    desk.score([2], result="A")
    assert shown(desk, "A")["calls"] == 2


def test_if_one_code_is_unknown_none_is_switched(desk: Any) -> None:
    add(desk, "SALE")
    with pytest.raises(UnknownResult, match="Nearest: SALE"):
        switch(desk, "SALE", "SALES", enabled=False)
    assert shown(desk, "SALE")["enabled"] is True


def test_definitions_and_edits_are_undone_and_done_again(desk: Any) -> None:
    add(desk, "A", description="first")
    first = desk.content()
    edit(desk, "A", "B", success=True, require_amount=True, status="Person", description="new")
    second = desk.content()
    with pytest.raises(TouchedLater, match="change 2"):
        desk.undo(1)
    undone = desk.undo(2)
    assert desk.content() == first
    desk.undo(undone)
    assert desk.content() == second
    desk.undo()
    removed = desk.undo(1)
    assert list(list_results(desk.db, desk.settings).rows) == []
    desk.undo(removed)
    assert desk.content() == first


def test_a_definition_that_calls_use_is_not_undone(desk: Any) -> None:
    change = add(desk, "A").change
    desk.score([1], result="A")
    with pytest.raises(StillUsed):
        desk.undo(change)


def test_the_list_searches_code_and_description_ignoring_case(desk: Any) -> None:
    add(desk, "SALE", description="Sold on the phone")
    add(desk, "NA", description="No answer")

    def found(text: str | None) -> list[str]:
        return [row[0] for row in list_results(desk.db, desk.settings, text).rows]

    assert found(None) == ["NA", "SALE"]
    assert (found("PHONE"), found("na"), found("x%")) == (["SALE"], ["NA"], [])


def test_people_read_the_flags_as_words(desk: Any) -> None:
    add(desk, "SALE", success=True, require_amount=True, final=True)
    add(desk, "NA", no_contact=True, recall_after="2h")
    result = list_results(desk.db, desk.settings, for_people=True)
    place = [column.name for column in result.columns].index("effects")
    assert [row[place] for row in result.rows] == [
        ["call again after 2h", "no contact"],
        ["final", "success", "amount required"],
    ]


def test_results_that_are_switched_off_are_left_alone(desk: Any) -> None:
    desk.settings = parse("[results]\nenabled = false\n")
    with pytest.raises(FieldSwitchedOff):
        add(desk, "A")
    with pytest.raises(FieldSwitchedOff):
        list_results(desk.db, desk.settings)


flags = st.fixed_dictionaries(dict.fromkeys(FLAGS, st.booleans()))
given_flags = st.fixed_dictionaries(dict.fromkeys(FLAGS, st.none() | st.booleans()))


@given(flags, given_flags)
def test_flags_without_a_problem_never_contradict_and_keep_what_was_said(
    before: dict[str, bool], said: dict[str, bool | None]
) -> None:
    found, problems = completed_flags(before, said)
    if not problems:
        assert found["contact"] or not (found["success"] or found["presentation"])
        assert not (found["no_contact"] and found["contact"])
        assert not (found["recall"] and (found["final"] or found["do_not_call"]))
        assert found["success"] or not found["require_amount"]
        assert all(found[name] == value for name, value in said.items() if value is not None)
