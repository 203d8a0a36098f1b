"""Activities and their points as people meet them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Invoke = Callable[..., Any]


@pytest.fixture
def people(db: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> Path:
    """A lead and a contact of one company."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    invoke("contacts", "add", "Ann Lee", "--kind", "lead", "--company", "ACME")
    invoke("contacts", "add", "Bob Ray", "--company", "ACME", "--phone", "+12125550123")
    return db


def points(invoke: Invoke, *terms: object) -> dict[int, int | None]:
    done = invoke("contacts", "list", *terms, "--columns", "id,points", "-f", "json")
    assert done.code == 0, done.stderr
    return {row["id"]: row["points"] for row in json.loads(done.stdout)}


def listed(invoke: Invoke, *terms: object) -> list[dict[str, Any]]:
    done = invoke("activities", "list", *terms, "--sort", "id", "-f", "json")
    assert done.code == 0, done.stderr
    return json.loads(done.stdout)


def test_points_come_from_the_option_else_from_the_type(people: Path, invoke: Invoke) -> None:
    assert invoke("activities", "add", "meeting", "--contact", "Ann Lee").stdout == "1\n"
    assert invoke("activities", "add", "Meeting", "--contact", 1, "--points", -2).code == 0
    assert invoke("activities", "add", "webinar", "--contact", 2).code == 0
    assert [row["points"] for row in listed(invoke)] == [5, -2, 0]
    assert points(invoke) == {1: 3, 2: 0}


def test_a_type_that_is_new_is_taken_and_the_nearest_known_one_is_named(
    people: Path, invoke: Invoke
) -> None:
    done = invoke("activities", "add", "meting", "--contact", 1)
    assert done.code == 0
    assert "did you mean meeting?" in done.stderr
    again = invoke("activities", "add", "meting", "--contact", 1)
    assert "did you mean" not in again.stderr


def test_points_follow_edits_deletions_and_undo(people: Path, invoke: Invoke) -> None:
    invoke("activities", "add", "meeting", "--contact", 1)
    invoke("activities", "edit", 1, "--points", 8)
    assert points(invoke) == {1: 8, 2: 0}
    invoke("activities", "edit", 1, "--contact", "Bob Ray")
    assert points(invoke) == {1: 0, 2: 8}
    assert invoke("activities", "delete", 1).code == 1  # nobody can be asked
    invoke("activities", "delete", 1, "--yes")
    assert points(invoke) == {1: 0, 2: 0}
    assert "It was deleted" in invoke("activities", "show", 1).stderr
    invoke("undo")
    assert points(invoke) == {1: 0, 2: 8}


def test_undoing_the_first_command_after_others_built_on_it_is_refused(
    people: Path, invoke: Invoke
) -> None:
    invoke("activities", "add", "meeting", "--contact", 1)  # change 3
    invoke("activities", "edit", 1, "--points", 8)
    done = invoke("undo", 3)
    assert done.code == 1
    assert points(invoke)[1] == 8


def test_points_can_be_left_to_types_and_rules(people: Path, invoke: Invoke) -> None:
    invoke("config", "set", "activities.editable_points", "off")
    done = invoke("activities", "add", "meeting", "--contact", 1, "--points", 9)
    assert done.code == 1
    assert "editable_points = false" in done.stderr
    assert invoke("activities", "add", "meeting", "--contact", 1).code == 0
    assert invoke("activities", "edit", 1, "--points", 9).code == 1
    assert points(invoke)[1] == 5


def test_points_that_are_switched_off_are_nowhere_and_stay_stored(
    people: Path, invoke: Invoke
) -> None:
    invoke("activities", "add", "meeting", "--contact", 1)
    invoke("config", "set", "activities.scoring", "off")
    assert "points" not in invoke("contacts", "list", "-f", "json").stdout
    assert "points" not in invoke("activities", "list", "-f", "json").stdout
    assert invoke("activities", "add", "call", "--contact", 1, "--points", 1).code == 1
    invoke("config", "set", "activities.scoring", "on")
    assert points(invoke)[1] == 5


def test_each_sum_can_be_switched_off(people: Path, invoke: Invoke) -> None:
    invoke("activities", "add", "meeting", "--contact", 1)
    invoke("activities", "add", "meeting", "--contact", 2)
    invoke("config", "set", "activities.aggregate_leads", "off")
    assert points(invoke) == {1: None, 2: 5}
    assert points(invoke, "points:1..") == {2: 5}
    invoke("contacts", "edit", 1, "--kind", "contact")
    assert points(invoke) == {1: 5, 2: 5}


def test_contacts_are_filtered_and_sorted_by_points(people: Path, invoke: Invoke) -> None:
    invoke("activities", "add", "meeting", "--contact", 2, "--points", 15)
    assert points(invoke, "points:15..") == {2: 15}
    assert points(invoke, "points:..14") == {1: 0}
    done = invoke("contacts", "list", "--sort", "points-", "--columns", "id", "-f", "csv")
    assert done.stdout.split() == ["id", "2", "1"]


def test_linked_calls_count_as_activities_where_the_settings_say_so(
    people: Path, invoke: Invoke
) -> None:
    invoke("calls", "add", "--number", "+12125550123", "--started-at", "2026-11-03 10:00")
    invoke("calls", "add", "--number", "+12125550123", "--started-at", "2026-11-03 11:00")
    assert points(invoke) == {1: 0, 2: 0}
    invoke("config", "set", "activities.calls", "on")
    invoke("config", "set", "activities.points.call", 3)
    assert points(invoke) == {1: 0, 2: 6}
    assert points(invoke, "points:6") == {2: 6}
    invoke("contacts", "add", "Bob's twin", "--phone", "+12125550123")
    assert points(invoke) == {1: 0, 2: 0, 3: 0}  # a number of two people links to nobody


def test_a_half_life_weighs_activities_by_their_age(people: Path, invoke: Invoke) -> None:
    invoke("activities", "add", "meeting", "--contact", 1, "--points", 8, "--at", "10d")
    invoke("activities", "add", "meeting", "--contact", 1, "--points", 4)
    invoke("config", "set", "activities.half_life", "5d")
    done = invoke("contacts", "list", "id:1", "--columns", "points,points_now", "-f", "json")
    (row,) = json.loads(done.stdout)
    assert row["points"] == 12
    assert row["points_now"] == pytest.approx(4 + 8 / 4, abs=0.4)  # 10d is that day's beginning


def test_activities_are_found_by_any_of_their_fields(people: Path, invoke: Invoke) -> None:
    invoke("activities", "add", "meeting", "--contact", 1, "--at", "2026-11-03 10:00")
    invoke("activities", "add", "webinar", "--company", "acme", "--subject", "About prices")
    invoke("activities", "add", "email", "--contact", 2, "--points", -1)

    def found(*terms: str) -> list[int]:
        return [row["id"] for row in listed(invoke, *terms)]

    assert found("type:MEETING") == [1]
    assert found("contact:'Ann Lee'".replace("'", '"')) == [1]
    assert found("contact_id:2") == [3]
    assert found("company:acme") == [1, 2, 3]
    assert found("contact:none") == [2]
    assert found("points:..-1") == [3]
    assert found("date:2026-11-03") == [1]
    assert found("subject:~prices") == [2]
    assert found("prices") == [2]
    assert found("ann") == [1]
    assert found("not:type:~e") == []


def test_several_activities_are_changed_by_a_filter(people: Path, invoke: Invoke) -> None:
    for _ in range(2):
        invoke("activities", "add", "meting", "--contact", 1)
    where = ("activities", "edit", "--where", "type:meting", "--type", "meeting", "--points", 5)
    assert invoke(*where).code == 1
    assert invoke(*where, "--dry-run").code == 0
    assert invoke(*where, "--yes").code == 0
    assert points(invoke)[1] == 10


@pytest.mark.parametrize(
    "words",
    [
        ["add", "meeting"],
        ["add", "meeting", "--contact", 1, "--company", "ACME"],
        ["add", " ", "--contact", 1],
        ["add", "meeting", "--contact", 1, "--points", 2000000],
        ["add", "meeting", "--contact", 1, "--at", "03/04/2026"],
        ["edit", 1],
        ["edit", "--points", 2],
    ],
)
def test_what_cannot_be_an_activity_is_refused(
    people: Path, invoke: Invoke, words: list[object]
) -> None:
    done = invoke("activities", *words)
    assert done.code == 2, done.stderr
    assert "Error: " in done.stderr
    assert "unexpected" not in done.stderr
    assert listed(invoke) == []


def test_a_company_has_its_own_points_and_those_of_its_people(people: Path, invoke: Invoke) -> None:
    invoke("contacts", "add", "Cleo Fox", "--company", "Umbrella")
    invoke("activities", "add", "meeting", "--contact", 1)
    invoke("activities", "add", "meeting", "--company", "ACME", "--points", 2)
    invoke("activities", "add", "meeting", "--contact", 3, "--points", 40)

    def companies(*words: object) -> list[tuple[str, int | None]]:
        found = json.loads(invoke("companies", "list", *words, "-f", "json").stdout)
        return [(row["name"], row.get("points")) for row in found]

    assert companies() == [("ACME", 7), ("Umbrella", 40)]
    assert companies("--sort", "points-") == [("Umbrella", 40), ("ACME", 7)]
    assert json.loads(invoke("companies", "show", "acme", "-f", "json").stdout)["points"] == 7
    invoke("contacts", "delete", 1, "--yes")
    assert companies("acme") == [("ACME", 2)]
    invoke("config", "set", "activities.aggregate_companies", "off")
    assert companies("acme") == [("ACME", None)]
