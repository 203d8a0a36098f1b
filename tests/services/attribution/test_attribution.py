from __future__ import annotations

from typing import Any

import pytest

from scorecli.domain.scoring import ScoreEdit
from scorecli.errors.calls import UnknownCall
from scorecli.errors.users import UnknownUser
from scorecli.services.call_editing import add_call, edit_calls
from scorecli.services.undo_assignments import assigned_calls
from scorecli.storage.changes import Author

NOW = 1_000_000
Office = Any


def test_an_agents_calls_go_to_the_one_user_of_that_name(office: Office) -> None:
    calls = [office.call("Dana Reyes"), office.call("REYES, dana"), office.call("Lee Wong")]
    careful = office.attribute()
    assert (careful.assigned, careful.unassigned, careful.change) == (0, 3, None)
    office.add("Dana Reyes")
    assert [office.who(call) for call in calls] == [
        ("Dana Reyes", "name"),
        ("Dana Reyes", "name"),
        (None, None),
    ]


def test_extension_address_and_alias_are_kept_as_the_reason(office: Office) -> None:
    found = [
        office.call("Front", agent_extension="x109"),
        office.call(None, agent_email="DANA@x.org"),
        office.call("D. R."),
        office.call("Dana Reyes", agent_extension="110"),
    ]
    office.add("Dana Reyes", email="dana@x.org", extension="109", aliases=["D R"])
    assert [office.who(call)[1] for call in found] == ["extension", "email", "alias", "name"]


def test_nothing_is_written_where_nothing_matches(office: Office) -> None:
    office.call("Dana Reyes")
    office.add("Lee Wong")
    before = office.changes()
    done = office.attribute()
    assert (done.assigned, done.unassigned, done.change) == (0, 1, None)
    assert office.changes() == before


def test_a_second_run_changes_nothing(careful_office: Office) -> None:
    office = careful_office
    office.call("Dana Reyes")
    office.add("Dana Reyes")
    assert office.attribute().assigned == 1
    before = office.changes()
    assert office.attribute().assigned == 0
    assert office.attribute(recheck=True).written == 0
    assert office.changes() == before


def test_a_filter_limits_which_calls_are_looked_at(careful_office: Office) -> None:
    office = careful_office
    one = office.call("Dana Reyes", source="google")
    other = office.call("Dana Reyes", source="bing")
    office.add("Dana Reyes")
    assert office.attribute("source:google").assigned == 1
    assert [office.who(call)[0] for call in (one, other)] == ["Dana Reyes", None]


def test_a_dry_run_says_the_same_and_writes_nothing(careful_office: Office) -> None:
    office = careful_office
    office.call("Dana Reyes")
    office.call("Lee Wong")
    office.add("Dana Reyes")
    before, changes = office.state(), office.changes()
    dry = office.attribute(dry_run=True)
    assert (office.state(), office.changes()) == (before, changes)
    assert dry.change is None
    real = office.attribute()
    assert dry._replace(change=real.change) == real


def test_every_reason_is_named_with_its_calls(careful_office: Office) -> None:
    office = careful_office
    for agent, extension in (
        (None, None),
        ("Kim Ward", None),
        ("Kim Ward", None),
        ("Nobody", None),
        ("Dana Reyes", "110"),
        ("Dana Reyes", None),
    ):
        office.call(agent, agent_extension=extension)
    office.add("Kim Ward")
    office.add("Kim Ward", namesake=True)
    office.add("Dana Reyes")
    office.add("Lee Wong", extension="110")
    found = {(line.agent.name, line.after.reason): line.calls for line in office.attribute().lines}
    assert found == {
        (None, "no agent on the call"): 1,
        ("Kim Ward", "ambiguous: Kim Ward (1), Kim Ward (2)"): 2,
        ("Nobody", "no user of that name"): 1,
        ("Dana Reyes", "name and extension disagree"): 1,
        ("Dana Reyes", None): 1,
    }


def test_namesakes_get_the_calls_of_their_own_time(office: Office) -> None:
    times = (50, 100, 199, 200, 299, 300, None)
    calls = [office.call("Dana Reyes", start=start) for start in times]
    office.add("Dana Reyes", role="former", active_from=100, active_until=200)
    office.add("Dana Reyes", active_from=300)
    found = [office.db.one("SELECT user_id FROM call WHERE id = ?", (call,)) for call in calls]
    assert found == [None, 1, 1, None, None, 2, 2]
    lines = office.attribute().lines
    assert [(line.calls, line.after.reason) for line in lines] == [(3, "no user of that name")]


def test_only_calls_that_change_hands_belong_to_a_change(careful_office: Office) -> None:
    office = careful_office
    for start in (50, 150, 250):
        office.call("Dana Reyes", start=start)
    office.add("Dana Reyes", active_from=100, active_until=200)
    change = office.attribute().change
    assert assigned_calls(office.db, change) == 1
    office.call("Dana Reyes", start=160)
    change = office.attribute(recheck=True).change
    assert assigned_calls(office.db, change) == 1
    office.undo(change)
    assert [office.who(call)[1] for call in (1, 2, 3, 4)] == [None, "name", None, None]


def test_a_disabled_user_keeps_calls_and_still_matches_their_own_time(office: Office) -> None:
    kept = office.call("Dana Reyes", start=NOW - 10)
    office.add("Dana Reyes")
    (done,) = office.switch("Dana Reyes", until=NOW)
    assert done.changed
    earlier = office.call("Dana Reyes", start=NOW - 5)
    later = office.call("Dana Reyes", start=NOW)
    timeless = office.call("Dana Reyes", start=None)
    office.attribute()
    assert [office.who(call)[0] for call in (kept, earlier, later, timeless)] == [
        "Dana Reyes",
        "Dana Reyes",
        None,
        None,
    ]
    office.switch("Dana Reyes", until="none")
    assert office.who(later)[0] == office.who(timeless)[0] == "Dana Reyes"


def test_disabling_twice_changes_nothing(office: Office) -> None:
    office.add("Dana Reyes")
    assert office.switch("Dana Reyes", until=NOW)[0].changed
    before = office.state()
    assert not office.switch("Dana Reyes", until=NOW + 50)[0].changed
    assert office.state() == before


def test_a_renamed_user_keeps_the_calls(office: Office) -> None:
    call = office.call("Dana Reyes")
    office.add("Dana Reyes")
    office.edit("Dana Reyes", name="Dana Smith")
    assert office.who(call) == ("Dana Smith", "name")
    assert office.attribute().written == 0


def test_adding_a_user_says_how_many_older_calls_match(
    office: Office, careful_office: Office
) -> None:
    for each in (office, careful_office):
        each.call("Dana Reyes")
        each.call("Dana Reyes")
    done = office.add("Dana Reyes")
    assert (done.calls, done.assigned) == (2, 2)
    done = careful_office.add("Dana Reyes")
    assert (done.calls, done.assigned) == (2, 0)
    assert careful_office.who(1) == (None, None)


def test_a_user_and_the_calls_that_came_along_are_one_change(office: Office) -> None:
    office.call("Dana Reyes")
    before = office.state()
    office.add("Dana Reyes", aliases=["Dee"])
    after = office.state()
    assert office.changes() == 1
    office.undo()
    assert office.state() == before
    office.undo(2)
    assert office.state() == after
    office.undo(3)
    assert office.state() == before


def test_an_alias_brings_older_calls_and_taking_it_back_gives_them_up(office: Office) -> None:
    call = office.call("Dee")
    office.add("Dana Reyes")
    before = office.state()
    done = office.edit("Dana Reyes", add_aliases=("Dee",))
    assert (done.assigned, office.who(call)) == (1, ("Dana Reyes", "alias"))
    office.undo()
    assert office.state() == before


def test_an_edit_that_changes_nothing_writes_nothing(office: Office) -> None:
    office.add("Dana Reyes", extension="109", aliases=["Dee"])
    before, changes = office.state(), office.changes()
    done = office.edit("Dana Reyes", extension="109", add_aliases=("dee",), drop_aliases=("x",))
    assert not done.changed
    assert done.change is None
    assert (office.state(), office.changes()) == (before, changes)


def test_what_a_person_assigned_is_never_touched(office: Office) -> None:
    office.add("Dana Reyes")
    office.add("Lee Wong")
    call = office.call("Dana Reyes")
    office.assign([call], "Lee Wong")
    assert office.who(call) == ("Lee Wong", "person")
    assert office.attribute(recheck=True).written == 0
    office.edit("Dana Reyes", extension="1")
    assert office.who(call) == ("Lee Wong", "person")


def test_a_person_may_confirm_what_was_found_by_name(office: Office) -> None:
    office.add("Dana Reyes")
    call = office.call("Dana Reyes")
    office.attribute()
    assert office.assign([call], "1").changed == 1
    assert office.who(call) == ("Dana Reyes", "person")
    done = office.assign([call], "dana reyes")
    assert (done.changed, done.unchanged, done.change) == (0, 1, None)


def test_calls_taken_from_a_user_may_be_found_again_unless_for_good(office: Office) -> None:
    office.add("Dana Reyes")
    one, other = office.call("Dana Reyes"), office.call("Dana Reyes")
    office.attribute()
    assert office.unassign([one]).changed == 1
    assert office.unassign([other], for_good=True).changed == 1
    assert office.who(one) == (None, None)
    assert office.attribute().assigned == 1
    assert office.attribute(recheck=True).written == 0
    assert (office.who(one)[0], office.who(other)) == ("Dana Reyes", (None, "person"))


def test_assigning_is_for_all_named_calls_or_none(office: Office) -> None:
    office.add("Dana Reyes")
    call = office.call("x")
    before = office.state()
    with pytest.raises(UnknownCall):
        office.assign([call, 99], "Dana Reyes")
    with pytest.raises(UnknownUser):
        office.assign([call], "Dan Reyes")
    assert office.state() == before


def test_removed_calls_are_left_alone(office: Office) -> None:
    call = office.call("Dana Reyes", removed="deleted")
    office.add("Dana Reyes")
    assert office.who(call) == (None, None)
    with pytest.raises(UnknownCall):
        office.assign([call], "Dana Reyes")


def test_an_assignment_stays_when_its_name_becomes_ambiguous_until_a_recheck(
    office: Office,
) -> None:
    call = office.call("Dana Reyes")
    office.add("Dana Reyes")
    office.add("Dana Reyes", namesake=True)
    assert office.who(call)[0] == "Dana Reyes"
    assert office.attribute().written == 0
    shown = office.attribute(recheck=True, dry_run=True)
    assert (shown.withdrawn, shown.unassigned) == (1, 1)
    assert shown.lines[0].after.reason == "ambiguous: Dana Reyes (1), Dana Reyes (2)"
    assert office.who(call)[0] == "Dana Reyes"
    office.attribute(recheck=True)
    assert office.who(call) == (None, None)
    office.undo()
    assert office.who(call) == ("Dana Reyes", "name")


def test_a_recheck_moves_calls_to_whom_they_fit_now(office: Office) -> None:
    call = office.call("Dana Reyes")
    office.add("Dana Reyes")
    office.add("Lee Wong")
    office.edit("Dana Reyes", name="Dana Smith")
    office.edit("Lee Wong", name="Dana Reyes")
    done = office.attribute(recheck=True)
    assert (done.moved, done.written) == (1, 1)
    assert office.db.one("SELECT user_id FROM call WHERE id = ?", (call,)) == 2
    assert office.attribute(recheck=True).written == 0


def test_a_recheck_withdraws_calls_that_lost_their_agent(office: Office) -> None:
    call = office.call("Dana Reyes")
    office.add("Dana Reyes")
    office.db.execute("UPDATE call SET agent_id = NULL WHERE id = ?", (call,))
    assert office.attribute(recheck=True).withdrawn == 1
    assert office.who(call) == (None, None)


def test_a_call_entered_or_corrected_by_hand_finds_its_user(office: Office) -> None:
    office.add("Dana Reyes")
    facts = {"started_at": "1970-01-02", "agent": "Dana Reyes"}
    how = {"now": NOW, "author": Author("test", "tester")}
    entered, _ = add_call(office.db, office.settings, facts, ScoreEdit(), **how)
    assert office.who(entered) == ("Dana Reyes", "name")
    other = office.call("Dana")
    edit_calls(office.db, office.settings, [other], {"agent": "Reyes, Dana"}, **how)
    assert office.who(other) == ("Dana Reyes", "name")
    office.undo()
    assert office.who(other) == (None, None)
    office.undo()
    office.undo()
    assert office.db.rows('SELECT * FROM "user"') == []
