"""The rules of scoring one call."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.notes import check_note
from scorecli.domain.scoring import (
    KEEP,
    ResultEdit,
    ScoreEdit,
    ScoreState,
    TagEdit,
    apply_edit,
    check_edit,
)
from scorecli.errors.scoring import (
    AmountWithoutConversion,
    ContradictingOptions,
    FieldSwitchedOff,
    StarsOutOfRange,
)
from scorecli.errors.values import BadNote
from scorecli.settings import parse

TODAY = "2026-11-03"
SOLD = ScoreState(converted=True, amount=(25000, "USD"), converted_on="2026-10-01")
FULL = ScoreState(
    4, True, (25000, "USD"), "2026-10-01", "asked twice", 7, frozenset({1, 2}), frozenset({3})
)


def apply(state: ScoreState, edit: ScoreEdit, **more: Any) -> ScoreState:
    return apply_edit(state, edit, today=TODAY, currency="USD", **more)


def test_only_what_is_named_changes() -> None:
    assert apply(FULL, ScoreEdit(stars=2)) == FULL._replace(stars=2)
    assert apply(FULL, ScoreEdit(note=None)) == FULL._replace(note=None)
    assert apply(FULL, ScoreEdit()) == FULL


def test_turning_converted_off_keeps_amount_and_day_and_on_again_brings_them_back() -> None:
    off = apply(SOLD, ScoreEdit(converted=False))
    assert off == SOLD._replace(converted=False)
    assert apply(off, ScoreEdit(converted=True)) == SOLD


def test_a_conversion_without_a_day_is_today() -> None:
    assert apply(ScoreState(), ScoreEdit(converted=True)).converted_on == TODAY
    earlier = apply(ScoreState(), ScoreEdit(converted=True, converted_on="2026-01-02"))
    assert earlier.converted_on == "2026-01-02"


def test_a_conversion_can_be_left_without_a_day() -> None:
    done = apply(ScoreState(), ScoreEdit(converted=True, converted_on=None))
    assert done == ScoreState(converted=True)


@pytest.mark.parametrize("edit", [ScoreEdit(amount=1), ScoreEdit(converted_on=TODAY)])
def test_amount_and_day_need_a_conversion(edit: ScoreEdit) -> None:
    with pytest.raises(AmountWithoutConversion) as refused:
        apply(ScoreState(), edit)
    assert "--converted" in str(refused.value.hint)
    apply(ScoreState(), edit._replace(converted=True))
    apply(SOLD, edit)


def test_an_orphan_amount_can_always_be_cleared() -> None:
    orphan = SOLD._replace(converted=False)
    assert apply(orphan, ScoreEdit(amount=None, converted_on=None)) == ScoreState()


def test_a_success_result_converts_before_the_amount_is_looked_at() -> None:
    done = apply(ScoreState(), ScoreEdit(amount=100), result=ResultEdit(5, converts=True))
    assert done == ScoreState(converted=True, amount=(100, "USD"), converted_on=TODAY, result=5)


def test_a_success_result_leaves_a_conversion_that_is_there_as_it_is() -> None:
    undated = ScoreState(converted=True)
    done = apply(undated, ScoreEdit(), result=ResultEdit(5, converts=True))
    assert done == undated._replace(result=5)


def test_not_converted_wins_over_what_a_success_result_would_do() -> None:
    done = apply(ScoreState(), ScoreEdit(converted=False), result=ResultEdit(5, converts=True))
    assert done == ScoreState(result=5)


def test_another_result_takes_back_just_the_conversion_that_the_first_one_made() -> None:
    made = apply(ScoreState(stars=3), ScoreEdit(), result=ResultEdit(5, converts=True))
    caused = {"converted": False, "converted_on": None}
    for other in (ResultEdit(6), ResultEdit(None)):
        back = apply(made, ScoreEdit(), result=other, caused=caused)
        assert back == ScoreState(stars=3, result=other.id)
        assert apply(made, ScoreEdit(), result=other) == made._replace(result=other.id)
    kept = apply(made, ScoreEdit(), result=ResultEdit(8, converts=True), caused=caused)
    assert kept == made._replace(result=8)
    assert apply(made, ScoreEdit(), result=ResultEdit(5), caused=caused) == made


def test_the_amount_that_came_with_a_result_goes_with_it_to_what_was_there() -> None:
    before = ScoreState(amount=(7, "EUR"))
    made = apply(before, ScoreEdit(amount=100), result=ResultEdit(5, converts=True))
    caused = {"converted": False, "converted_on": None, "amount": (7, "EUR")}
    assert apply(made, ScoreEdit(), result=ResultEdit(6), caused=caused) == before._replace(
        result=6
    )


def test_the_time_to_call_again_goes_with_the_result_it_was_given_with() -> None:
    given = apply(ScoreState(), ScoreEdit(recall_at=99), result=ResultEdit(5))
    assert given == ScoreState(result=5, recall_at=99)
    assert apply(given, ScoreEdit(stars=3), result=ResultEdit(5)).recall_at == 99
    for other in (6, None):
        assert apply(given, ScoreEdit(), result=ResultEdit(other)).recall_at is None
    assert apply(given, ScoreEdit(recall_at=7), result=ResultEdit(6)).recall_at == 7
    assert apply(given, ScoreEdit(recall_at=None)).recall_at is None


def test_remove_takes_the_whole_score_and_nothing_else() -> None:
    left = apply(FULL, ScoreEdit(remove=True))
    assert left == ScoreState(note="asked twice", result=7, call_tags=frozenset({3}))


def test_tags_are_added_dropped_and_replaced() -> None:
    add = TagEdit(add=frozenset({2, 9}), drop=frozenset({1, 50}))
    assert apply(FULL, ScoreEdit(), tags=add).reporting_tags == {2, 9}
    replace = TagEdit(add=frozenset({9}), replace=True)
    assert apply(FULL, ScoreEdit(), call_tags=replace).call_tags == {9}


@pytest.mark.parametrize(
    "edit",
    [
        ScoreEdit(stars=4, remove=True),
        ScoreEdit(tags=("x",), remove=True),
        ScoreEdit(converted=True, remove=True),
        ScoreEdit(amount=1, remove=True),
        ScoreEdit(converted_on=TODAY, remove=True),
        ScoreEdit(tags=("Wrong  number",), untags=(" wrong NUMBER ",)),
        ScoreEdit(call_tags=("x",), uncall_tags=("X",)),
        ScoreEdit(set_tags=("x",), untags=("X",)),
        ScoreEdit(amount=1, converted=False),
        ScoreEdit(converted_on=TODAY, converted=False),
        ScoreEdit(recall_at=1, result=None),
    ],
)
def test_contradictions_are_refused(edit: ScoreEdit) -> None:
    with pytest.raises(ContradictingOptions):
        check_edit(edit, parse(""))


@pytest.mark.parametrize(
    "edit",
    [
        ScoreEdit(remove=True, note="x", call_tags=("x",), result="SALE"),
        ScoreEdit(remove=True, stars=None, amount=None, untags=("x",), converted=False),
        ScoreEdit(tags=("x",), call_tags=("x",), untags=("y",), uncall_tags=("y",)),
        ScoreEdit(converted=False, amount=None, converted_on=None),
    ],
)
def test_what_says_the_same_twice_is_no_contradiction(edit: ScoreEdit) -> None:
    check_edit(edit, parse(""))


@pytest.mark.parametrize(
    ("table", "edits"),
    [
        ("score", [ScoreEdit(stars=4), ScoreEdit(stars=None)]),
        (
            "reporting_tags",
            [ScoreEdit(tags=("x",)), ScoreEdit(untags=("x",)), ScoreEdit(set_tags=())],
        ),
        ("tags", [ScoreEdit(call_tags=("x",)), ScoreEdit(uncall_tags=("x",))]),
        (
            "conversion",
            [
                ScoreEdit(converted=True),
                ScoreEdit(converted=False),
                ScoreEdit(converted_on=None),
            ],
        ),
        ("converted_amount", [ScoreEdit(amount=1), ScoreEdit(amount=None)]),
        ("notes", [ScoreEdit(note="x"), ScoreEdit(note=None)]),
        ("results", [ScoreEdit(result="X"), ScoreEdit(result=None), ScoreEdit(recall_at=1)]),
    ],
)
def test_a_field_that_is_switched_off_refuses_its_options(
    table: str, edits: list[ScoreEdit]
) -> None:
    settings = parse(f"[{table}]\nenabled = false\n")
    for edit in edits:
        with pytest.raises(FieldSwitchedOff) as refused:
            check_edit(edit, settings)
        assert f"[{table}] enabled" in refused.value.message
    check_edit(ScoreEdit(remove=True), settings)


def test_stars_are_one_to_five() -> None:
    for stars in (0, 6, -1):
        with pytest.raises(StarsOutOfRange):
            check_edit(ScoreEdit(stars=stars), parse(""))


def test_a_note_keeps_its_lines_and_loses_the_blanks_around_it() -> None:
    assert check_note("  first\n\tsecond [red] \n") == "first\n\tsecond [red]"
    assert check_note("none") == "none"


@pytest.mark.parametrize("text", ["", " \n", "a\0b", "\udcff"])
def test_a_note_that_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        check_note(text)


numbers = st.frozensets(st.integers(1, 4))
amounts = st.none() | st.tuples(st.integers(0, 10**9), st.sampled_from(["USD", "EUR"]))
days = st.none() | st.dates().map(str)
states = st.builds(
    ScoreState,
    st.none() | st.integers(1, 5),
    st.booleans(),
    amounts,
    days,
    st.none() | st.text(min_size=1, max_size=3),
    st.none() | st.integers(1, 3),
    numbers,
    numbers,
    st.none() | st.integers(1, 3),
)
edits = st.builds(
    ScoreEdit,
    stars=st.just(KEEP) | st.none() | st.integers(1, 5),
    converted=st.none() | st.booleans(),
    amount=st.just(KEEP) | st.none() | st.integers(0, 10**9),
    converted_on=st.just(KEEP) | days,
    note=st.just(KEEP) | st.none() | st.text(min_size=1, max_size=3),
    recall_at=st.just(KEEP) | st.none() | st.integers(1, 3),
    remove=st.booleans(),
)
tag_edits = st.builds(TagEdit, numbers, numbers, st.booleans())
results = st.none() | st.builds(ResultEdit, st.none() | st.integers(1, 3), st.booleans())


def model(
    state: ScoreState, edit: ScoreEdit, tags: TagEdit, call_tags: TagEdit, result: Any
) -> dict[str, Any] | None:
    """What a reader of the page would do with a plain record; None: refused."""
    call: dict[str, Any] = state._asdict()
    if edit.remove:
        call.update(
            stars=None, converted=False, amount=None, converted_on=None, reporting_tags=set()
        )
    if result is not None:
        if call["result"] != result.id:
            call["recall_at"] = None
        call["result"] = result.id
    if edit.recall_at is not KEEP:
        call["recall_at"] = edit.recall_at
    newly = False
    if edit.converted is not None:
        newly = call["converted"] = edit.converted
    elif result is not None and result.converts and not call["converted"]:
        newly = call["converted"] = True
    if newly and call["converted_on"] is None and edit.converted_on is KEEP:
        call["converted_on"] = TODAY
    for field in ("stars", "note", "amount", "converted_on"):
        value = getattr(edit, field)
        if value is KEEP:
            continue
        if field in ("amount", "converted_on") and value is not None and not call["converted"]:
            return None
        call[field] = (value, "USD") if field == "amount" and value is not None else value
    for field, change in (("reporting_tags", tags), ("call_tags", call_tags)):
        old = set() if change.replace else set(call[field])
        call[field] = (old | change.add) - change.drop
    return call


@given(states, st.lists(st.tuples(edits, tag_edits, tag_edits, results), min_size=1, max_size=5))
def test_any_sequence_of_edits_does_what_the_page_says(
    state: ScoreState, steps: list[tuple[ScoreEdit, TagEdit, TagEdit, Any]]
) -> None:
    for edit, tags, call_tags, result in steps:
        expected = model(state, edit, tags, call_tags, result)
        arguments: dict[str, Any] = {"tags": tags, "call_tags": call_tags, "result": result}
        if expected is None:
            with pytest.raises(AmountWithoutConversion):
                apply(state, edit, **arguments)
            continue
        after = apply(state, edit, **arguments)
        assert after._asdict() == expected
        assert after.scored == (
            after.stars is not None or after.converted or bool(after.reporting_tags)
        )
        assert apply(after, edit, **arguments) == after or contradicts(edit, result)
        state = after


def contradicts(edit: ScoreEdit, result: Any) -> bool:
    """Whether options that are refused together met, which ``apply_edit`` need not expect."""
    return edit.remove and bool(edit.converted or (result is not None and result.converts))
