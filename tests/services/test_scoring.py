"""Scoring calls in a database: all or none, one change, and a history that says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scorecli.domain.scoring import KEEP, ScoreEdit
from scorecli.errors import Refused
from scorecli.errors.calls import UnknownCall
from scorecli.errors.results import (
    RecallNotMeant,
    ResultDisabled,
    ResultNeedsAmount,
    ResultNotOfCampaign,
    UnknownResult,
)
from scorecli.errors.scoring import AmountWithoutConversion, ContradictingOptions, TagNotAllowed
from scorecli.services.scoring import ScoringOutcome, score_calls
from scorecli.settings import parse
from scorecli.storage.changes import Author

TODAY = "2026-11-03"
LIMITED = '[reporting_tags]\nlimit = true\nallowed = ["Wrong Number", "quote", "call back"]\n'


def score(log: Any, edit: ScoreEdit, *calls: int, config: str = "", **more: Any) -> ScoringOutcome:
    return score_calls(
        log.db,
        parse(config),
        calls or (1,),
        edit,
        author=Author("scorecli score", "ann"),
        today=more.pop("today", TODAY),
        **more,
    )


@pytest.fixture
def log(call_log: Any) -> Any:
    for _ in range(3):
        call_log.add()
    call_log.result("SALE", success=1)
    call_log.result("SOLD", success=1, require_amount=1)
    call_log.result("NO")
    call_log.result("OLD", enabled=0)
    return call_log


def test_all_calls_are_scored_in_one_change(log: Any) -> None:
    outcome = score(log, ScoreEdit(stars=4, tags=("quote",)), 1, 2, 3)
    assert (outcome.changed, outcome.unchanged, outcome.change) == (3, 0, 1)
    assert [log.call(number)["stars"] for number in (1, 2, 3)] == [4, 4, 4]
    assert log.rows("SELECT who, origin, undoes FROM change") == [("ann", "person", None)]


def test_the_history_has_each_field_before_and_after(log: Any) -> None:
    score(log, ScoreEdit(stars=4))
    score(log, ScoreEdit(stars=2, converted=True, amount=25000, note="x", result="no"))
    entries = log.rows('SELECT field, "before", "after" FROM change_entry WHERE change_id = 2')
    assert {field: (before, json.loads(after)) for field, before, after in entries} == {
        "stars": ("4", 2),
        "converted": ("false", True),
        "amount": (None, [25000, "USD"]),
        "converted_on": (None, TODAY),
        "note": (None, "x"),
        "result": (None, "NO"),
    }


@pytest.mark.parametrize(
    "edit",
    [
        ScoreEdit(stars=4, tags=("a", "b"), call_tags=("c",)),
        ScoreEdit(converted=True, amount=100),
        ScoreEdit(result="SALE"),
        ScoreEdit(remove=True, note="x"),
        ScoreEdit(converted=False, amount=None, untags=("never there",)),
    ],
)
def test_the_same_again_changes_nothing_and_writes_no_history(log: Any, edit: ScoreEdit) -> None:
    score(log, edit)
    before = log.call(), log.changes()
    again = score(log, edit, today="2026-11-04")
    assert (again.changed, again.unchanged, again.change) == (0, 1, None)
    assert (log.call(), log.changes()) == before


def test_one_call_that_cannot_be_scored_keeps_all_from_it(log: Any) -> None:
    score(log, ScoreEdit(converted=True), 1)
    with pytest.raises(AmountWithoutConversion) as refused:
        score(log, ScoreEdit(amount=100), 1, 2, 3)
    assert "Call 2 " in refused.value.message
    with pytest.raises(UnknownCall):
        score(log, ScoreEdit(stars=3), 1, 77)
    assert log.call(1)["stars"] is None
    assert log.call(1)["amount"] is None


def test_keep_going_leaves_out_what_cannot_be_scored(log: Any) -> None:
    score(log, ScoreEdit(converted=True), 2)
    shown: list[list[int]] = []
    outcome = score(log, ScoreEdit(amount=100), 1, 2, 77, keep_going=True, inspect=shown.append)
    assert [call for call, _ in outcome.failures] == [1, 77]
    assert (outcome.changed, log.call(2)["amount"]) == (1, 100)
    assert shown == [[2]]


def test_a_dry_run_shows_all_and_writes_nothing(log: Any) -> None:
    seen: list[int | None] = []
    outcome = score(
        log,
        ScoreEdit(stars=4, tags=("new",)),
        1,
        2,
        dry_run=True,
        inspect=lambda _: seen.append(log.call(1)["stars"]),
    )
    assert (outcome.changed, outcome.change, seen) == (2, None, [4])
    assert outcome.calls[0].before.stars is None
    assert (outcome.calls[0].after.stars, outcome.calls[0].after.reporting_tags) == (4, ("new",))
    assert (log.call(1)["stars"], log.changes(), log.rows("SELECT * FROM tag")) == (None, 0, [])


def test_a_tag_keeps_its_first_spelling(log: Any) -> None:
    score(log, ScoreEdit(tags=("Wrong  Number ",)), 1)
    score(log, ScoreEdit(tags=(" wrong number",), call_tags=("WRONG NUMBER",)), 1, 2)
    assert log.call(1)["tags"] == log.call(2)["tags"] == ["Wrong Number"]
    assert log.call(2)["call_tags"] == ["WRONG NUMBER"]
    score(log, ScoreEdit(untags=("WRONG   number",)), 1)
    assert log.call(1)["tags"] == []


def test_a_tag_that_no_call_got_is_not_left_behind(log: Any) -> None:
    score(log, ScoreEdit(tags=("a",), amount=1), 1, keep_going=True)
    score(log, ScoreEdit(stars=1, tags=("b",)), 77, keep_going=True)
    assert log.rows("SELECT name FROM tag") == []
    score(log, ScoreEdit(tags=("c",)))
    score(log, ScoreEdit(untags=("c",)))
    assert log.rows("SELECT name FROM tag") == [("c",)]


def test_a_tag_outside_the_limited_list_is_refused_with_the_nearest(log: Any) -> None:
    with pytest.raises(TagNotAllowed) as refused:
        score(log, ScoreEdit(tags=("wrong nmber",)), config=LIMITED)
    assert "Wrong Number" in refused.value.message
    score(log, ScoreEdit(tags=("WRONG number",), call_tags=("anything",)), config=LIMITED)
    assert log.call()["tags"] == ["Wrong Number"]
    assert log.call()["call_tags"] == ["anything"]


def test_tags_given_before_the_limit_stay_and_can_be_removed(log: Any) -> None:
    score(log, ScoreEdit(tags=("old one",)))
    score(log, ScoreEdit(tags=("quote",)), config=LIMITED)
    assert log.call()["tags"] == ["old one", "quote"]
    score(log, ScoreEdit(set_tags=("old one", "call back")), config=LIMITED)
    assert log.call()["tags"] == ["call back", "old one"]
    score(log, ScoreEdit(untags=("old one",)), config=LIMITED)
    assert log.call()["tags"] == ["call back"]
    with pytest.raises(TagNotAllowed):
        score(log, ScoreEdit(set_tags=("old one",)), config=LIMITED)


def test_a_list_that_is_not_in_force_limits_nothing(log: Any) -> None:
    config = LIMITED.replace("limit = true", "limit = false")
    score(log, ScoreEdit(tags=("anything", "QUOTE")), config=config)
    assert log.call()["tags"] == ["anything", "QUOTE"]


def test_turning_off_a_conversion_reports_the_amount_that_stays(log: Any) -> None:
    score(log, ScoreEdit(converted=True, amount=100), 1, 2)
    outcome = score(log, ScoreEdit(converted=False), 1, 2, 3)
    assert outcome.orphans == [(1, 100, "USD"), (2, 100, "USD")]
    assert score(log, ScoreEdit(converted=False), 1, 2).orphans == []


def test_a_success_marks_the_call_converted_with_amount_and_day(log: Any) -> None:
    score(log, ScoreEdit(result="sale", amount=100))
    found = log.call()
    assert (found["result"], found["converted"], found["scored"]) == ("SALE", 1, 1)
    assert (found["amount"], found["converted_on"]) == (100, TODAY)


def test_a_success_need_not_mark_the_call_converted(log: Any) -> None:
    config = "[results]\nsuccess_marks_converted = false\n"
    score(log, ScoreEdit(result="SALE"), config=config)
    assert (log.call()["result"], log.call()["converted"]) == ("SALE", 0)
    with pytest.raises(AmountWithoutConversion):
        score(log, ScoreEdit(result="SALE", amount=100), config=config)
    score(log, ScoreEdit(result="SALE", amount=100, converted=True), config=config)


def test_a_success_leaves_conversions_alone_that_are_switched_off(log: Any) -> None:
    config = "[conversion]\nenabled = false\n"
    score(log, ScoreEdit(result="SALE"), config=config)
    assert log.call()["converted"] == 0
    with pytest.raises(AmountWithoutConversion) as refused:
        score(log, ScoreEdit(amount=100), config=config)
    assert "[conversion] enabled" in str(refused.value.hint)
    assert "--converted" not in str(refused.value.hint)


def test_results_that_cannot_be_given_are_refused(log: Any) -> None:
    for code, error in (("OLD", ResultDisabled), ("SAEL", UnknownResult)):
        with pytest.raises(error):
            score(log, ScoreEdit(result=code, stars=3))
    assert log.call()["stars"] is None


@pytest.mark.parametrize("amount", [KEEP, 0, None])
def test_a_required_amount_must_be_above_zero(log: Any, amount: Any) -> None:
    with pytest.raises(ResultNeedsAmount) as refused:
        score(log, ScoreEdit(result="SOLD", amount=amount))
    assert "--amount" in str(refused.value.hint)
    assert log.call()["result"] is None
    score(log, ScoreEdit(result="SOLD", amount=1))


def test_an_amount_that_is_there_serves_a_result_that_requires_one(log: Any) -> None:
    score(log, ScoreEdit(converted=True, amount=100))
    score(log, ScoreEdit(result="SOLD"))
    assert log.call()["result"] == "SOLD"


@pytest.mark.parametrize("other", ["NO", None])
def test_another_result_takes_the_conversion_back_that_the_first_made(
    log: Any, other: str | None
) -> None:
    score(log, ScoreEdit(stars=3))
    before = log.call()
    score(log, ScoreEdit(result="SALE"))
    score(log, ScoreEdit(result=other))
    assert log.call() == {**before, "result": other}


def test_a_success_after_a_success_keeps_the_conversion(log: Any) -> None:
    score(log, ScoreEdit(result="SALE", amount=100))
    score(log, ScoreEdit(result="SOLD"), today="2026-11-09")
    assert (log.call()["converted"], log.call()["converted_on"]) == (1, TODAY)
    score(log, ScoreEdit(result="NO"))
    found = log.call()
    assert (found["converted"], found["converted_on"], found["amount"]) == (0, None, None)


def test_an_amount_that_a_later_success_brings_is_no_touch_of_a_person(log: Any) -> None:
    score(log, ScoreEdit(result="SALE"))
    score(log, ScoreEdit(result="SOLD", amount=700))
    score(log, ScoreEdit(result="NO"))
    assert (log.call()["converted"], log.call()["amount"]) == (0, None)


def test_an_amount_that_was_there_before_the_result_comes_back(log: Any) -> None:
    score(log, ScoreEdit(converted=True, amount=100, converted_on="2026-01-01"))
    score(log, ScoreEdit(converted=False))
    before = log.call()
    score(log, ScoreEdit(result="SALE", amount=700, converted_on="2026-02-02"))
    score(log, ScoreEdit(result="NO"))
    assert log.call() == {**before, "result": "NO"}


def test_a_result_is_given_only_in_its_campaigns_and_outside_of_defined_ones(log: Any) -> None:
    for number, name in enumerate(("Spring", "Autumn"), start=1):
        log.db.execute(
            "INSERT INTO campaign (id, name, folded) VALUES (?, ?, ?)",
            (number, name, name.casefold()),
        )
    log.db.execute("INSERT INTO result_campaign SELECT id, 1 FROM result WHERE code = 'NO'")
    for call, campaign in ((1, " SPRING"), (2, "autumn"), (3, "Winter")):
        number = log.db.execute(
            "INSERT INTO lookup (field, value, folded) VALUES ('campaign', ?, ?)",
            (campaign, campaign.strip().casefold()),
        ).lastrowid
        log.db.execute("UPDATE call SET campaign_id = ? WHERE id = ?", (number, call))
    nowhere = log.add()
    with pytest.raises(ResultNotOfCampaign, match='"Autumn" of call 2, but for Spring'):
        score(log, ScoreEdit(result="NO"), 1, 2)
    assert log.call(1)["result"] is None
    score(log, ScoreEdit(result="NO"), 1, 3, nowhere)
    score(log, ScoreEdit(result="SALE"), 2)


def test_only_a_result_that_recalls_takes_a_time_to_call_again(log: Any) -> None:
    log.result("AGAIN", recall=1)
    for edit in (ScoreEdit(recall_at=5), ScoreEdit(recall_at=5, result="NO")):
        with pytest.raises(RecallNotMeant):
            score(log, edit)
    score(log, ScoreEdit(recall_at=5, result="AGAIN"))
    assert log.rows("SELECT recall_at FROM call WHERE id = 1") == [(5,)]
    score(log, ScoreEdit(recall_at=6))
    score(log, ScoreEdit(result="NO"))
    assert log.rows("SELECT recall_at FROM call WHERE id = 1") == [(None,)]


@pytest.mark.parametrize(
    "touch",
    [
        ScoreEdit(amount=500),
        ScoreEdit(converted_on="2026-01-01"),
    ],
)
def test_a_conversion_that_a_person_has_touched_is_not_taken_back(
    log: Any, touch: ScoreEdit
) -> None:
    score(log, ScoreEdit(result="SALE"))
    score(log, touch)
    score(log, ScoreEdit(result="NO"))
    assert log.call()["converted"] == 1


def test_a_conversion_that_a_person_made_is_not_taken_back(log: Any) -> None:
    score(log, ScoreEdit(converted=True))
    score(log, ScoreEdit(result="SALE"))
    score(log, ScoreEdit(result=None))
    assert log.call()["converted"] == 1
    score(log, ScoreEdit(result="SALE", converted=True), 2)
    score(log, ScoreEdit(result="NO"), 2)
    assert log.call(2)["converted"] == 1


def test_a_success_and_remove_contradict_each_other(log: Any) -> None:
    with pytest.raises(ContradictingOptions):
        score(log, ScoreEdit(result="SALE", remove=True))
    score(log, ScoreEdit(result="NO", remove=True))


def test_remove_also_takes_what_is_switched_off_and_leaves_the_rest(log: Any) -> None:
    score(
        log,
        ScoreEdit(
            4, ("a", "b"), call_tags=("c",), converted=True, amount=1, note="kept", result="NO"
        ),
    )
    off = "".join(
        f"[{table}]\nenabled = false\n"
        for table in ("score", "conversion", "converted_amount", "reporting_tags", "notes")
    )
    score(log, ScoreEdit(remove=True), config=off)
    found = log.call()
    assert (found.pop("note"), found.pop("result"), found.pop("call_tags")) == ("kept", "NO", ["c"])
    assert not any(found.values())


def test_the_cell_leaves_out_what_is_switched_off_and_it_comes_back(log: Any) -> None:
    score(log, ScoreEdit(4, ("b", "A"), converted=True, amount=1))
    edit = ScoreEdit(note="x")
    off = "[converted_amount]\nenabled = false\n[conversion]\nenabled = false\n"
    (call,) = score(log, edit, config=off).calls
    assert call.after == (("A", "b"), 4, False, None, None)
    (call,) = score(log, edit).calls
    assert call.after == (("A", "b"), 4, True, (1, "USD"), TODAY)


def test_a_deleted_call_cannot_be_scored(log: Any) -> None:
    gone = log.add(removed="deleted")
    with pytest.raises(UnknownCall):
        score(log, ScoreEdit(stars=4), gone)


def test_thousands_of_calls_are_scored_together_and_all_counted(log: Any) -> None:
    log.db.execute("BEGIN")
    numbers = [log.add() for _ in range(1500)]
    log.db.execute("COMMIT")
    outcome = score(log, ScoreEdit(stars=4, tags=("a", "b")), *numbers, *numbers)
    assert (outcome.changed, len(outcome.calls)) == (1500, 1000)
    assert log.rows("SELECT count(*) FROM call_tag") == [(3000,)]
    assert log.rows("SELECT count(*) FROM call WHERE scored = 1 AND stars = 4") == [(1500,)]


steps = st.lists(
    st.tuples(
        st.builds(
            ScoreEdit,
            stars=st.just(KEEP) | st.none() | st.integers(1, 5),
            tags=st.lists(st.sampled_from(["a", "A ", "b"]), max_size=2).map(tuple),
            untags=st.lists(st.sampled_from(["a", "c"]), max_size=2).map(tuple),
            call_tags=st.lists(st.sampled_from(["a", "b"]), max_size=1).map(tuple),
            converted=st.none() | st.booleans(),
            amount=st.just(KEEP) | st.none() | st.integers(0, 10),
            result=st.just(KEEP) | st.sampled_from(["SALE", "SOLD", "NO", None]),
            remove=st.booleans(),
            recall_at=st.just(KEEP) | st.none(),
            # Without these Hypothesis makes other objects of the type of KEEP.
            uncall_tags=st.just(()),
            set_tags=st.just(KEEP) | st.just(("b",)),
            set_call_tags=st.just(KEEP) | st.just(()),
            converted_on=st.just(KEEP) | st.none(),
            note=st.just(KEEP) | st.just("x"),
        ),
        st.lists(st.integers(1, 4), min_size=1, max_size=4),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)
DERIVED = (
    "SELECT id FROM call WHERE scored <> (stars IS NOT NULL OR converted = 1 OR EXISTS ("
    "SELECT 1 FROM call_tag AS ct JOIN tag AS t ON t.id = ct.tag_id"
    " WHERE ct.call_id = call.id AND t.kind = 'reporting'))"
)


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # each example makes a database: too slow to shrink
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps)
def test_the_scored_mark_is_always_what_it_derives_from(
    new_call_log: Callable[[], Any], steps: list[tuple[ScoreEdit, list[int], bool]]
) -> None:
    log = new_call_log()
    for _ in range(3):
        log.add()
    log.result("SALE", success=1)
    log.result("SOLD", success=1, require_amount=1)
    log.result("NO")
    for edit, calls, keep_going in steps:
        before = [log.call(number) for number in (1, 2, 3)], log.changes()
        try:
            outcome = score(log, edit, *calls, keep_going=keep_going)
        except (Refused, ContradictingOptions):
            assert ([log.call(number) for number in (1, 2, 3)], log.changes()) == before
            continue
        assert log.rows(DERIVED) == []
        assert outcome.changed + outcome.unchanged + len(outcome.failures) == len(set(calls))
        assert (outcome.change is None) == (outcome.changed == 0)
        again = score(log, edit, *calls, keep_going=keep_going)
        assert (again.changed, again.change) == (0, None)
        assert log.rows("SELECT id FROM call WHERE (amount IS NULL) <> (currency IS NULL)") == []
    log.db.close()
