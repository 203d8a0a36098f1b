"""Rules in the settings file: read in order, and every fault named with its line and key."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli_w

from scorecli.domain.rules import Action, as_table
from scorecli.errors.settings import BrokenSettings
from scorecli.settings import Found, parse

GOOD = """
[filters]
talks = 'talk_time:300..'

[[rules]]
name = "Long talks are quotes"
on = "call.imported"
when = '@talks direction:inbound'
do = [{ tag = "quote" }, { contact_score = "+5", type = "score" }]

[[rules]]
name = "Sales"
on = "call.scored"
when = 'amount:100..'
do = [{ converted = true, amount = 250 }]
repeat = true
"""


def problems(text: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(BrokenSettings) as caught:
        parse(text, Found(Path("scoring.toml"), "option", True))
    return [(problem.line, problem.key, problem.sentence()) for problem in caught.value.problems]


def test_rules_are_read_in_the_order_of_the_file() -> None:
    first, second = parse(GOOD).rules
    assert (first.name, first.event, first.when, first.repeat) == (
        "Long talks are quotes",
        "call.imported",
        "@talks direction:inbound",
        False,
    )
    assert first.actions == (
        Action("tag", "quote", {}),
        Action("contact_score", "+5", {"type": "score"}),
    )
    assert second.repeat
    assert second.actions == (Action("converted", True, {"amount": 250}),)


def test_a_rule_written_out_reads_as_the_same_rule() -> None:
    rules = parse(GOOD).rules
    text = tomli_w.dumps({"filters": {"talks": "stars:5"}, "rules": [as_table(r) for r in rules]})
    assert parse(text).rules == rules


def test_settings_without_rules_have_none() -> None:
    assert parse("").rules == ()


def test_every_fault_of_every_rule_is_named_with_its_line_and_key() -> None:
    text = """[[rules]]
name = ""
on = "call.deleted"
whn = "stars:5"
do = [{ tag = "" }, { stars = 6 }, { shout = "x" }]

[[rules]]
name = "Twice"
on = "call.scored"
when = "sttars:5"
do = []

[[rules]]
name = "twice"
on = "call.scored"
do = [{ tag = "a", points = 3 }]
repeat = "yes"

[[rules]]
name = "Here"
on = "call.scored"
do = [{ tag = "a" }]

[[rules]]
name = "here"
on = "call.scored"
when = 'sourse:x'
do = [{ activity = "call", points = "5" }]
"""
    found = problems(text)
    assert [(line, key) for line, key, _ in found] == [
        (2, "rules[1].name"),
        (3, "rules[1].on"),
        (4, "rules[1].whn"),
        (5, "rules[1].do[1].tag"),
        (5, "rules[1].do[2].stars"),
        (5, "rules[1].do[3].shout"),
        (10, "rules[2].when"),
        (11, "rules[2].do"),
        (14, "rules[3].name"),
        (16, "rules[3].do[1].points"),
        (17, "rules[3].repeat"),
        (25, "rules[5].name"),
        (27, "rules[5].when"),
        (28, "rules[5].do[1].points"),
    ]


def test_a_score_type_that_there_is_not_is_named_in_conditions_and_actions() -> None:
    rule = (
        '[contact_scores.fit]\nlabel = "Good Fit"\n'
        '[[rules]]\nname = "a"\non = "contact.scored"\nwhen = "score.fit:1.. score.fat:2"\n'
        'do = [{ contact_score = 5, type = "good fit" }, { contact_score = 5, type = "fat" }]\n'
    )
    (_, first, _), (line, second, sentence) = problems(rule)
    assert (first, second, line) == ("rules[1].when", "rules[1].do[2].type", 7)
    assert "score, fit" in sentence


@pytest.mark.parametrize("event", ["[1]", "{ a = 1 }", "true", "1.5"])
def test_an_event_that_is_no_text_is_refused(event: str) -> None:
    rule = f'[[rules]]\nname = "a"\non = {event}\ndo = [{{ stars = 1 }}]\n'
    ((line, key, _),) = problems(rule)
    assert (line, key) == (3, "rules[1].on")


def test_a_condition_that_is_no_filter_is_explained() -> None:
    rule = '[[rules]]\nname = "a"\non = "call.scored"\nwhen = "sourse:x"\ndo = [{ stars = 1 }]\n'
    ((line, key, sentence),) = problems(rule)
    assert (line, key) == (4, "rules[1].when")
    assert "sourse" in sentence


def test_two_rules_cannot_have_one_name() -> None:
    rule = '[[rules]]\nname = "{}"\non = "call.scored"\ndo = [{{ stars = 1 }}]\n'
    ((line, key, _),) = problems(rule.format("Hot") + rule.format("hot"))
    assert (line, key) == (6, "rules[2].name")


def test_a_rule_on_contacts_cannot_act_on_a_call() -> None:
    rule = '[[rules]]\nname = "a"\non = "contact.saved"\ndo = [{ stars = 1 }]\n'
    ((_, key, sentence),) = problems(rule)
    assert key == "rules[1].do[1].stars"
    assert "call.imported" in sentence


@pytest.mark.parametrize("text", ["rules = 5\n", 'rules = ["a"]\n', "[rules]\nname = 'a'\n"])
def test_what_is_no_list_of_rules_is_refused(text: str) -> None:
    assert problems(text)


def test_a_misspelt_action_is_answered_with_the_nearest_one() -> None:
    head = '[[rules]]\nname = "A"\non = "call.imported"\n'
    ((line, key, sentence),) = problems(head + 'do = [{ tagg = "quote" }]')
    assert (line, key) == (4, "rules[1].do[1].tagg")
    assert "did you mean tag" in sentence
    ((_, _, sentence),) = problems(head + 'do = [{ tag = "quote", stars = 3 }]')
    assert "only one of tag, call_tag, stars" in sentence
