"""Rules on calls: when they fire, in which order, how often, and what stands against them."""

from __future__ import annotations

from typing import Any

import pytest

from scorecli.errors.rules import RuleLoop


def rule(name: str, on: str, do: str, when: str = "", repeat: bool = False) -> str:
    return (
        f"[[rules]]\nname = {name!r}\non = {on!r}\nwhen = {when!r}\ndo = [{do}]\n"
        f"repeat = {str(repeat).lower()}\n"
    )


def test_scoring_a_call_sets_off_the_rules_that_hold_for_it(house: Any) -> None:
    one = house(rule("praise", "call.scored", "{ tag = 'praise' }", "stars:5"))
    one.score(1, stars=5)
    one.score(2, stars=4)
    assert one.tags(1) == ["praise"]
    assert one.tags(2) == []


def test_each_event_of_a_call_sets_off_its_own_rules_only(house: Any) -> None:
    one = house(
        rule("a", "call.scored", "{ call_tag = 'scored' }")
        + rule("b", "call.converted", "{ call_tag = 'converted' }")
        + rule("c", "call.result", "{ call_tag = 'result' }")
    )
    one.db.execute("INSERT INTO result (code, folded) VALUES ('X', 'x')")
    one.score(1, stars=3)
    one.score(2, converted=True)
    one.score(3, result="X")
    one.score(4, note="nothing of these")
    assert [one.tags(call) for call in (1, 2, 3, 4)] == [
        ["scored"],
        ["converted", "scored"],
        ["result"],
        [],
    ]


def test_a_rule_fires_once_per_record(house: Any) -> None:
    one = house(rule("once", "call.scored", "{ tag = 'hot' }", "stars:4.."))
    one.score(1, stars=5)
    one.score(1, untags=("hot",))
    one.score(1, stars=4)
    assert one.tags(1) == []
    assert one.log() == [("once", 1, 1, "tag hot")]


def test_a_rule_that_repeats_fires_every_time(house: Any) -> None:
    one = house(rule("again", "call.scored", "{ call_tag = 'seen' }", "stars:4..", repeat=True))
    one.score(1, stars=5)
    one.score(1, stars=4)
    assert [row[2] for row in one.log()] == [1, 1]


def test_editing_a_rule_does_not_fire_it_again(house: Any) -> None:
    one = house(rule("hot", "call.scored", "{ tag = 'hot' }", "stars:4.."))
    one.score(1, stars=5)
    one.use(rule("hot", "call.scored", "{ tag = 'very hot' }", "stars:5"))
    one.score(1, note="x", converted=True)
    assert one.tags(1) == ["hot"]
    assert one.run().fired == {}


def test_rules_run_in_the_order_of_the_file_and_see_what_earlier_ones_did(house: Any) -> None:
    one = house(
        rule("first", "call.scored", "{ tag = 'long' }", "duration:200..")
        + rule("second", "call.scored", "{ call_tag = 'look at' }", "tag:long")
        + rule("before", "call.scored", "{ call_tag = 'never' }", "tag:nothing")
    )
    one.score(1, stars=3)
    one.score(3, stars=3)
    assert one.tags(1) == []
    assert one.tags(3) == ["long", "look at"]


def test_what_a_rule_does_sets_off_others(house: Any) -> None:
    one = house(
        rule("sold", "call.converted", "{ stars = 5 }")
        + rule("tagged", "call.scored", "{ converted = true, amount = '99.50' }", "tag:deal")
    )
    one.score(1, tags=("deal",))
    assert one.get(1, "stars") == 5
    assert one.get(1, "amount") == 9950
    assert one.get(1, "converted_on") == "2026-09-21"


def test_all_that_rules_did_is_part_of_the_change_that_caused_it_and_undone_with_it(
    house: Any,
) -> None:
    one = house(
        rule("a", "call.scored", "{ converted = true }", "stars:5")
        + rule("b", "call.converted", "{ tag = 'sale' }")
    )
    change = one.score(1, stars=5)
    assert one.db.one("SELECT count(*) FROM change") == 1
    redo = one.undo(change)
    assert (one.get(1, "stars"), one.get(1, "converted"), one.tags(1)) == (None, 0, [])
    # What was undone counts as never fired ...
    one.undo(redo)
    assert (one.get(1, "stars"), one.get(1, "converted"), one.tags(1)) == (5, 1, ["sale"])
    # ... and what was done again, as fired.
    one.score(1, untags=("sale",), converted=False)
    one.score(1, stars=4)
    one.score(1, stars=5)
    assert one.tags(1) == []


def test_an_undo_fires_nothing(house: Any) -> None:
    one = house()
    one.score(1, stars=5)
    change = one.score(1, stars=2)
    one.use(rule("praise", "call.scored", "{ tag = 'praise' }", "stars:5"))
    one.undo(change)
    assert one.get(1, "stars") == 5
    assert one.tags(1) == []


def test_what_a_person_wrote_last_is_left_alone(house: Any) -> None:
    one = house(
        rule("stars", "call.scored", "{ stars = 5 }", "converted:yes")
        + rule("tag", "call.scored", "{ tag = 'gone' }", "stars:1..")
    )
    one.score(1, stars=2, converted=True)
    assert one.get(1, "stars") == 2
    one.score(2, tags=("gone",))
    one.score(2, untags=("gone",), stars=3)
    assert one.tags(2) == []
    assert ("stars", 1, 0, "stars 5: skipped, a person set stars") in one.log()
    assert ("tag", 2, 0, "tag gone: skipped, a person took the tag off") in one.log()


def test_an_action_that_would_be_refused_is_skipped_and_logged_once(house: Any) -> None:
    one = house(
        '[reporting_tags]\nlimit = true\nallowed = ["quote"]\n'
        + rule("wrong", "call.scored", "{ tag = 'sale' }", repeat=True)
        + rule("both", "call.scored", "{ tag = 'sale' }, { call_tag = 'fine' }")
    )
    one.score(1, stars=3)
    one.score(1, stars=4)
    assert one.tags(1) == ["fine"]
    log = one.log()
    assert [row[:3] for row in log] == [("wrong", 1, 0), ("both", 1, 1)]
    assert "skipped" in log[0][3]
    assert "call tag fine" in log[1][3]


def test_a_field_that_is_switched_off_keeps_its_action_from_firing(house: Any) -> None:
    one = house("[score]\nenabled = false\n" + rule("stars", "call.scored", "{ stars = 5 }"))
    one.score(1, tags=("x",))
    assert one.get(1, "stars") is None
    assert one.log()[0][2] == 0


def test_a_loop_of_rules_is_named_and_nothing_is_kept(house: Any) -> None:
    one = house(
        rule("up", "call.scored", "{ stars = 5 }", "stars:1", repeat=True)
        + rule("down", "call.scored", "{ stars = 1 }", "stars:5", repeat=True)
    )
    one.db.execute("UPDATE call SET stars = 1, scored = 1 WHERE id = 1")
    with pytest.raises(RuleLoop, match="8 levels deep: down, up"):
        one.score(1, tags=("x",))
    assert one.tags(1) == []
    assert one.log() == []
    assert one.db.one("SELECT count(*) FROM change") == 0


def test_rules_run_over_the_past_and_a_second_time_change_nothing(house: Any) -> None:
    one = house()
    one.score(1, stars=5)
    one.score(2, stars=3)
    one.use(
        rule("praise", "call.scored", "{ tag = 'praise' }", "stars:5")
        + rule("long", "call.imported", "{ call_tag = 'long' }", "duration:300..", repeat=True)
    )
    assert one.run(dry_run=True).fired == {"praise": 1, "long": 2}
    assert one.tags(1) == []
    done = one.run()
    assert done.fired == {"praise": 1, "long": 2}
    assert (one.tags(1), one.tags(3), one.tags(4)) == (["praise"], ["long"], ["long"])
    again = one.run()
    assert (again.fired, again.change) == ({}, None)
    one.undo(done.change)
    assert one.tags(3) == []
    assert one.run("praise").fired == {"praise": 1}


def test_a_rule_over_the_past_sets_off_other_rules(house: Any) -> None:
    one = house()
    one.score(1, stars=5)
    one.use(
        rule("sale", "call.scored", "{ converted = true }", "stars:5")
        + rule("after", "call.converted", "{ call_tag = 'thank' }")
    )
    assert one.run("sale").fired == {"sale": 1, "after": 1}
    assert one.tags(1) == ["thank"]


def test_the_order_of_rules_does_not_matter_to_a_second_run_over_the_past(house: Any) -> None:
    one = house()
    one.use(
        rule("third", "call.imported", "{ call_tag = 'c' }", "calltag:b")
        + rule("second", "call.imported", "{ call_tag = 'b' }", "calltag:a")
        + rule("first", "call.imported", "{ call_tag = 'a' }", "duration:200")
    )
    assert one.run(dry_run=True).fired == {"first": 1, "second": 1, "third": 1}
    assert one.run().fired == {"first": 1, "second": 1, "third": 1}
    assert one.tags(2) == ["a", "b", "c"]
    assert one.run().change is None


def test_a_run_over_the_past_does_not_repeat_what_fired_before(house: Any) -> None:
    again = rule("again", "call.imported", "{ stars = 5 }", "calltag:a,b", repeat=True)
    one = house()
    one.score(1, call_tags=("a",))
    one.use(again)
    assert one.run().fired == {"again": 1}
    one.use(rule("new", "call.imported", "{ call_tag = 'b' }", "duration:100") + again)
    assert one.run().fired == {"new": 1}


def test_a_loop_names_all_the_rules_of_it(house: Any) -> None:
    one = house(
        rule("one", "call.scored", "{ stars = 2 }", "stars:1", repeat=True)
        + rule("two", "call.scored", "{ stars = 3 }", "stars:2", repeat=True)
        + rule("three", "call.scored", "{ stars = 1 }", "stars:3", repeat=True)
        + rule("no part of it", "call.scored", "{ call_tag = 'x' }")
    )
    one.db.execute("UPDATE call SET stars = 1, scored = 1 WHERE id = 1")
    with pytest.raises(RuleLoop, match=r"8 levels deep: one, three, two\. Nothing"):
        one.score(1, tags=("x",))


def test_eight_levels_are_allowed_and_nine_are_not(house: Any) -> None:
    chain = [
        rule(f"level {at}", "call.scored", f"{{ tag = 't{at}' }}", f"tag:t{at - 1}")
        for at in range(9, 0, -1)
    ]
    one = house("".join(chain[1:]))
    one.score(1, tags=("t0",))
    assert "t8" in one.tags(1)
    one.use("".join(chain))
    with pytest.raises(RuleLoop, match="level 9"):
        one.score(2, tags=("t0",))
    assert one.tags(2) == []


def test_a_rule_that_repeats_is_not_set_off_by_what_it_did_itself(house: Any) -> None:
    one = house(rule("seen", "call.scored", "{ tag = 'seen' }, { stars = 4 }", repeat=True))
    one.score(1, converted=True)
    assert [row[:3] for row in one.log()] == [("seen", 1, 1)]


def test_a_rule_is_the_same_one_in_other_letters(house: Any) -> None:
    one = house(rule("Größe zählt", "call.scored", "{ tag = 'hot' }"))
    one.score(1, stars=5)
    one.use(rule("GRÖSSE ZÄHLT", "call.scored", "{ tag = 'hotter' }"))
    one.score(1, stars=4)
    assert one.tags(1) == ["hot"]


def test_what_fired_is_told_in_the_order_of_the_file(house: Any) -> None:
    one = house(
        rule("b", "call.converted", "{ stars = 5 }")
        + rule("a", "call.scored", "{ call_tag = 'x' }")
    )
    one.score(1, stars=3)
    one.score(2, converted=True)
    assert one.engine.lines() == ["Rules fired: b, a."]
