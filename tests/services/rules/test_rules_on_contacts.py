"""Rules on leads and contacts: activities with points, scores, owners, also from calls."""

from __future__ import annotations

from typing import Any

import pytest

from scorecli.domain.contact_scores import parse_wish
from scorecli.errors.rules import RuleLoop
from scorecli.services.activities import NewActivity, add_by_hand
from scorecli.services.contact_merging import merge_contacts
from scorecli.services.contact_scoring import score_contacts
from scorecli.services.contact_writer import ContactWriter
from scorecli.storage.contact_rows import contact_states

NOW = 1_790_000_000
IDEAL = """
[[rules]]
name = "Directors in Newcastle"
on = "contact.saved"
when = 'kind:lead city:Newcastle job_title:director'
do = [{ activity = "ideal audience", points = 15 }]
"""


def add(house: Any, **values: Any) -> int:
    with house.db.change(*house.who["author"]) as change:
        return ContactWriter(house.db, change).add({"kind": "lead", **values}, now=NOW)


def edit(house: Any, contact: int, **values: Any) -> int | None:
    with house.db.change(*house.who["author"]) as change:
        before = contact_states(house.db, [contact])[contact]
        ContactWriter(house.db, change).edit(contact, before, values)
    return change.number


def points(house: Any, contact: int) -> int:
    return int(
        house.db.one(
            "SELECT COALESCE(sum(points), 0) FROM activity WHERE removed IS NULL"
            " AND contact_id = ?",
            (contact,),
        )
    )


def score(house: Any, contact: int, name: str = "score") -> Any:
    return house.db.one(
        "SELECT value FROM contact_score WHERE contact_id = ? AND score_type = ?", (contact, name)
    )


def number(house: Any, call: int, e164: str) -> None:
    house.db.execute("UPDATE call SET contact_number_e164 = ? WHERE id = ?", (e164, call))


def test_a_director_in_newcastle_has_15_points_and_20_after_a_meeting(house: Any) -> None:
    one = house(IDEAL + "[activities.points]\nmeeting = 5\n")
    ann = add(one, first_name="Ann", last_name="Lee", city="Newcastle", job_title="Director")
    assert points(one, ann) == 15
    add_by_hand(one.db, one.settings, NewActivity("meeting", NOW, ann), **one.who)
    assert points(one, ann) == 20


def test_saving_a_lead_twice_does_not_score_it_twice(house: Any) -> None:
    one = house(IDEAL)
    ann = add(one, city="Newcastle", job_title="Director")
    edit(one, ann, first_name="Ann")
    assert points(one, ann) == 15


def test_editing_a_lead_so_that_it_starts_to_match_fires_the_rule(house: Any) -> None:
    one = house(IDEAL)
    ann = add(one, city="Leeds", job_title="Director")
    assert points(one, ann) == 0
    change = edit(one, ann, city="Newcastle")
    assert points(one, ann) == 15
    undone = one.undo(change)
    assert points(one, ann) == 0
    one.undo(undone)
    assert points(one, ann) == 15


def test_a_score_can_be_set_and_added_to_and_sets_off_further_rules(house: Any) -> None:
    one = house(
        "[contact_scores.fit]\nmax = 50\n"
        '[[rules]]\nname = "new"\non = "contact.saved"\n'
        'do = [{ contact_score = 40 }, { contact_score = "5", type = "fit" }]\n'
        '[[rules]]\nname = "warm"\non = "contact.scored"\nwhen = "score:40.."\n'
        'do = [{ contact_score = "+30", type = "fit" }]\n'
    )
    ann = add(one, first_name="Ann")
    assert (score(one, ann), score(one, ann, "fit")) == (40, 35)
    history = one.db.rows(
        "SELECT item, reason, written_by FROM change_entry WHERE field = 'score' ORDER BY id"
    )
    assert history == [
        ("score", "rule new", "rule"),
        ("fit", "rule new", "rule"),
        ("fit", "rule warm", "rule"),
    ]


def test_a_score_outside_its_range_is_skipped_and_logged(house: Any) -> None:
    one = house(
        '[[rules]]\nname = "more"\non = "contact.scored"\nrepeat = true\n'
        "when = 'score:90..'\ndo = [{ contact_score = '+50' }]\n"
    )
    ann = add(one, first_name="Ann")
    score_contacts(one.db, one.settings, [ann], "score", parse_wish("95"), **one.who)
    assert score(one, ann) == 95
    ((name, record, fired, detail),) = one.log()
    assert (name, record, fired) == ("more", ann, 0)
    assert "skipped" in detail


def test_a_call_scores_the_contact_that_it_is_linked_to(house: Any) -> None:
    one = house(
        '[[rules]]\nname = "talk"\non = "call.scored"\nwhen = "stars:4.."\n'
        'do = [{ contact_score = "+5" }, { activity = "good call" }, { tag = "good" }]\n'
    )
    ann = add(one, first_name="Ann", numbers=[["+1 520 555 0119", "+15205550119"]])
    number(one, 1, "+15205550119")
    number(one, 2, "+15205550120")
    one.score(1, stars=5)
    one.score(2, stars=5)
    assert score(one, ann) == 5
    assert one.tags(1) == one.tags(2) == ["good"]
    details = [detail for *_, detail in one.log()]
    assert "skipped, no contact" not in details[0]
    assert details[1].count("skipped, no contact") == 2


def test_a_number_that_two_contacts_share_scores_neither(house: Any) -> None:
    one = house('[[rules]]\nname = "talk"\non = "call.scored"\ndo = [{ contact_score = "+5" }]\n')
    pair = [add(one, first_name=name, numbers=[["1", "+15205550119"]]) for name in ("Ann", "Bo")]
    number(one, 1, "+15205550119")
    one.score(1, stars=5)
    assert [score(one, contact) for contact in pair] == [None, None]
    assert one.log() == [("talk", 1, 0, "contact score +5: skipped, no contact")]
    # When it is clear whose call it was, the rule catches up.
    edit(one, pair[1], numbers=[])
    assert one.run().fired == {"talk": 1}
    assert score(one, pair[0]) == 5


def test_a_rule_gives_an_owner_unless_a_person_did(house: Any) -> None:
    one = house(
        '[[rules]]\nname = "own"\non = "contact.saved"\nwhen = "city:Leeds"\n'
        'do = [{ owner = "Dana Reyes" }]\n'
    )
    for name in ("Dana Reyes", "Bo Lind"):
        one.db.execute('INSERT INTO "user" (name, folded) VALUES (?, ?)', (name, name.casefold()))
    ann, bo = add(one, city="Leeds"), add(one, city="York")
    edit(one, bo, owner_id=2)
    edit(one, bo, city="Leeds")
    owners = [one.db.one("SELECT owner_id FROM contact WHERE id = ?", (n,)) for n in (ann, bo)]
    assert owners == [1, 2]


def test_an_activity_sets_off_rules_about_its_contact(house: Any) -> None:
    one = house(
        '[[rules]]\nname = "met"\non = "activity.added"\nwhen = "type:meeting"\n'
        'do = [{ contact_score = "+10" }]\n'
    )
    ann = add(one, first_name="Ann")
    add_by_hand(one.db, one.settings, NewActivity("meeting", NOW, ann), **one.who)
    add_by_hand(one.db, one.settings, NewActivity("call", NOW, ann), **one.who)
    assert score(one, ann) == 10


def test_activities_that_make_activities_without_end_are_stopped(house: Any) -> None:
    one = house('[[rules]]\nname = "echo"\non = "activity.added"\ndo = [{ activity = "echo" }]\n')
    ann = add(one, first_name="Ann")
    with pytest.raises(RuleLoop, match="echo"):
        add_by_hand(one.db, one.settings, NewActivity("call", NOW, ann), **one.who)
    assert one.db.one("SELECT count(*) FROM activity") == 0


def test_rules_over_the_past_score_every_lead_once(house: Any) -> None:
    one = house()
    ann = add(one, city="Newcastle", job_title="Director")
    add(one, city="Leeds", job_title="Director")
    one.use(IDEAL)
    assert one.run().fired == {"Directors in Newcastle": 1}
    assert one.run().change is None
    assert points(one, ann) == 15


def test_an_owner_that_a_person_gave_a_new_contact_is_left_alone(house: Any) -> None:
    one = house('[[rules]]\nname = "dana"\non = "contact.saved"\ndo = [{ owner = "Dana" }]\n')
    one.db.execute(
        "INSERT INTO user (id, name, folded) VALUES (1, 'Dana', 'dana'), (2, 'Bo', 'bo')"
    )
    by_hand = add(one, first_name="Ann", owner_id=2)
    nobody = add(one, first_name="Cy")
    owners = one.db.rows("SELECT owner_id FROM contact ORDER BY id")
    assert (by_hand, nobody, owners) == (1, 2, [(2,), (1,)])
    assert one.log()[0][3] == "owner Dana: skipped, a person set the owner"


def test_what_a_rule_did_to_a_contact_does_not_set_it_off_once_more(house: Any) -> None:
    one = house(
        '[[rules]]\nname = "saved"\non = "contact.saved"\nrepeat = true\n'
        'do = [{ owner = "Dana" }, { activity = "saved", points = 1 }]\n'
        '[[rules]]\nname = "more"\non = "contact.scored"\nrepeat = true\n'
        'do = [{ contact_score = "+5" }]\n'
    )
    one.db.execute("INSERT INTO user (id, name, folded) VALUES (1, 'Dana', 'dana')")
    ann = add(one, first_name="Ann")
    assert points(one, ann) == 1
    score_contacts(one.db, one.settings, [ann], "score", parse_wish("10"), **one.who)
    assert score(one, ann) == 15


def test_a_rule_that_fired_for_a_contact_fired_for_the_one_it_was_merged_into(house: Any) -> None:
    one = house(IDEAL)
    ann = add(one, first_name="Ann", city="Newcastle", job_title="Director")
    same = add(one, first_name="Ann", job_title="Director")
    last = add(one, first_name="Ann")
    merge_contacts(one.db, same, [ann], scores=None, **one.who)
    assert (points(one, same), points(one, last)) == (15, 0)
    merge_contacts(one.db, last, [same], scores=None, **one.who)
    assert points(one, last) == 15
    assert one.run().fired == {}


def test_contacts_that_are_parted_again_have_each_their_own_firings(house: Any) -> None:
    one = house(IDEAL)
    ann = add(one, first_name="Ann", city="Newcastle", job_title="Director")
    same = add(one, first_name="Ann", job_title="Director")
    change = merge_contacts(one.db, same, [ann], scores=None, **one.who).change
    one.undo(change)
    edit(one, same, city="Newcastle")
    assert (points(one, ann), points(one, same)) == (15, 15)
