from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scorecli.domain.call_results import FLAGS, STATUSES
from scorecli.domain.delays import show_delay
from scorecli.errors.results import BadResult, BadResultSet, ResultExists, UnknownResultSet
from scorecli.readers.result_sets import packaged_set, read_set, set_names, write_set
from scorecli.reports.results import result_set
from scorecli.services.result_definitions import ResultWish, add_result
from scorecli.services.result_sets import SetOutcome, take_set


def take(desk: Any, text: str, **more: Any) -> SetOutcome:
    return take_set(
        desk.db, desk.settings, "set.toml", read_set(text, "set.toml"), **more, **desk.who
    )


def exported(desk: Any) -> str:
    return write_set(result_set(desk.db, desk.settings))


def campaigns(desk: Any, *names: str) -> None:
    for name in names:
        desk.db.execute(
            "INSERT INTO campaign (name, folded) VALUES (?, ?)", (name, name.casefold())
        )


SET = """\
[[results]]
code = "SALE"
description = "Sold"
status = "Person"
final = true
contact = true
success = true
require_amount = true
campaigns = [
    "Autumn",
    "Spring",
]

[[results]]
code = "Call back"
enabled = false
recall = true
recall_after = "2h"
roll_to = "Winter"
"""


def test_a_set_is_written_as_it_was_read_in_its_order(desk: Any) -> None:
    campaigns(desk, "Spring", "Autumn", "Winter")
    assert take(desk, SET) == SetOutcome(2, 2, 0, 0, 1)
    assert exported(desk) == SET
    assert take(desk, SET) == SetOutcome(2, 0, 0, 2, None)


def test_a_set_brings_what_exists_up_to_it_and_leaves_the_rest(desk: Any) -> None:
    campaigns(desk, "Spring", "Autumn", "Winter")
    for wish in (
        ResultWish("sale", no_contact=True, recall_after="1d"),
        ResultWish("OTHER", final=True),
    ):
        add_result(desk.db, desk.settings, wish, **desk.who)
    before = exported(desk)
    assert take(desk, SET)[1:4] == (1, 1, 0)
    sale, other, call_back = read_set(exported(desk), "")
    assert sale.values == {**read_set(SET, "")[0].values, "code": "sale"}
    assert (other.values["code"], call_back.values["code"]) == ("OTHER", "Call back")
    desk.undo()
    assert exported(desk) == before


def test_a_dry_run_says_the_same_and_writes_nothing(desk: Any) -> None:
    campaigns(desk, "Spring", "Autumn", "Winter")
    assert take(desk, SET, dry_run=True) == SetOutcome(2, 2, 0, 0, None)
    assert exported(desk) == "results = []\n"
    assert take(desk, exported(desk)).read == 0


def test_everything_wrong_with_the_form_is_named_at_once() -> None:
    text = """
    more = 1
    [[results]]
    code = 5
    finale = true
    [[results]]
    description = "without a code"
    final = "yes"
    campaigns = "Spring"
    [[results]]
    code = "A"
    [[results]]
    code = "a"
    """
    with pytest.raises(BadResultSet) as refused:
        read_set(text, "set.toml")
    assert refused.value.problems == (
        "more: unknown; a set has [[results]]",
        "results[1].code: 5 is not a text in quotes",
        "results[1].finale: unknown; did you mean final?",
        "results[2].code: it is missing",
        "results[2].final: 'yes' is not true or false",
        "results[2].campaigns: 'Spring' is not a list of names",
        'results[4] "a".code: it is the code of results[3] "A" too',
    )
    for broken in ("[[results]", "results = 5", "results = [1]"):
        with pytest.raises(BadResultSet):
            read_set(broken, "set.toml")


def test_every_contradiction_of_a_set_is_named_and_nothing_is_written(desk: Any) -> None:
    text = """
    [[results]]
    code = "GOOD"
    [[results]]
    code = "A"
    final = true
    recall = true
    campaigns = ["Spring"]
    [[results]]
    code = "B"
    success = true
    contact = false
    """
    with pytest.raises(BadResultSet) as refused:
        take(desk, text)
    found = refused.value.problems
    assert [problem.partition(":")[0] for problem in found] == [
        'results[2] "A"',
        'results[2] "A"',
        'results[3] "B"',
    ]
    assert desk.db.rows("SELECT * FROM result") == []
    assert desk.entries() == 0


@pytest.mark.parametrize("name", set_names())
def test_every_set_that_comes_along_can_be_taken_and_written_back(desk: Any, name: str) -> None:
    file, entries = packaged_set(name)
    done = take_set(desk.db, desk.settings, file, entries, only_new=True, **desk.who)
    assert done.added == len(entries)
    assert [each.values for each in read_set(exported(desk), "")] == [
        {**each.values, **({"recall": True} if "recall_after" in each.values else {})}
        for each in entries
    ]


def test_the_starter_set_has_one_result_for_each_status() -> None:
    _, entries = packaged_set("statuses")
    assert [entry.values["status"] for entry in entries] == list(STATUSES)


def test_the_codes_of_vicidial_carry_its_flags(desk: Any) -> None:
    file, entries = packaged_set("VICIDIAL")
    take_set(desk.db, desk.settings, file, entries, only_new=True, **desk.who)
    found = {result["code"]: result for result in result_set(desk.db, desk.settings)}
    known = [
        "SALE",
        "NI",
        "NA",
        "N",
        "A",
        "AA",
        "B",
        "AB",
        "DC",
        "ADC",
        "DNC",
        "DNCL",
        "DNCC",
        "CALLBK",
        "DROP",
        "XFER",
        "DEC",
    ]
    assert set(known) <= found.keys()
    assert [code for code in known if found[code]["do_not_call"]] == ["DNC", "DNCL", "DNCC"]
    assert [code for code in known if found[code]["success"]] == ["SALE"]
    assert [code for code in known if found[code]["contact"]] == [
        "SALE",
        "NI",
        "DNC",
        "CALLBK",
        "XFER",
        "DEC",
    ]


def test_a_ready_made_set_leaves_alone_what_is_defined(desk: Any) -> None:
    add_result(
        desk.db, desk.settings, ResultWish("sale", description="mine", final=True), **desk.who
    )
    file, entries = packaged_set("vicidial")
    done = take_set(desk.db, desk.settings, file, entries, only_new=True, **desk.who)
    assert (done.unchanged, done.changed) == (1, 0)
    assert result_set(desk.db, desk.settings)[0]["description"] == "mine"
    with pytest.raises(UnknownResultSet, match="asterisk"):
        packaged_set("asterisk")


wishes = st.builds(
    ResultWish,
    code=st.sampled_from(["A", "B", "Call back", "Ä\"']"]),
    description=st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8),
    status=st.sampled_from(["", *STATUSES]),
    enabled=st.booleans(),
    recall_after=st.just("") | st.integers(1, 10**6).map(show_delay),
    roll_to=st.sampled_from(["", "Spring"]),
    campaigns=st.sets(st.sampled_from(["Autumn", "Winter"])).map(tuple),
    **dict.fromkeys(FLAGS, st.booleans() | st.none()),
)


@hypothesis_settings(max_examples=25)
@given(st.lists(wishes, max_size=4))
def test_any_set_survives_the_way_to_another_machine(new_desk: Any, wished: list[Any]) -> None:
    here, there = new_desk(), new_desk()
    for desk in (here, there):
        campaigns(desk, "Spring", "Autumn", "Winter")
    for wish in wished:
        try:
            add_result(here.db, here.settings, wish, **here.who)
        except (BadResult, ResultExists):
            continue
    take(there, exported(here))
    assert exported(there) == exported(here)
    assert result_set(there.db, there.settings) == result_set(here.db, here.settings)
