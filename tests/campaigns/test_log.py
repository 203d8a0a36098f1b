"""Entering the calls that were made to records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

NOW = 1_795_000_000
HOUR, DAY = 3600, 86_400
Desk = Any
NUMBERS = ["+12125550100", "+12125550101"]


@pytest.fixture
def records(desk: Desk) -> list[int]:
    """Two records of the campaign Spring."""
    campaign = desk.campaign("Spring")
    desk.campaign("Autumn")
    desk.result("FINAL", final=1)
    desk.result("NA")
    desk.result("BACK", recall=1, recall_after=HOUR)
    desk.result("SALE", final=1, success=1, contact=1, require_amount=1)
    desk.result("DNC", do_not_call=1)
    desk.result("ROLL", roll_to=campaign + 1)
    return list(desk.load(campaign, "leads", *NUMBERS))


def test_a_logged_call_says_whose_it_was_and_what_came_of_it(
    desk: Desk, records: list[int]
) -> None:
    desk.run("users", "add", "Dana Reyes")
    desk.run("campaigns", "next", "Spring", "--as", "Dana Reyes")
    words = ("--result", "sale", "--amount", "250", "--duration", "4:10", "--note", "wants two")
    done = desk.run("campaigns", "log", records[0], *words, "--as", "Dana Reyes")
    assert done.stdout == "1\n"
    call = desk.json("calls", "show", 1)
    assert call["started_at"] == "2026-11-18T11:02:30+00:00"
    told = ("campaign", "list", "contact_number", "contact_name", "direction", "user", "result")
    assert [call[name] for name in told] == [
        "Spring", "leads", NUMBERS[0], "P0", "outbound", "Dana Reyes", "SALE"
    ]  # fmt: skip
    assert (call["duration"], call["converted"], call["amount"], call["note"]) == (
        250, True, "250.00", "wants two"
    )  # fmt: skip
    assert desk.states()[records[0]] == "final"
    assert desk.rows("SELECT reserved_by, reserved_until FROM list_record WHERE id = 1") == [
        (None, None)
    ]


def test_what_scoring_refuses_logging_refuses(desk: Desk, records: list[int]) -> None:
    desk.run("campaigns", "log", records[0], "--result", "SALE", code=1)
    desk.run("campaigns", "log", records[0], "--result", "NOPE", code=1)
    desk.run("campaigns", "log", 99, "--result", "NA", code=1)
    assert desk.rows("SELECT count(*) FROM call") == [(0,)]


def test_undoing_a_logged_call_takes_back_all_of_it_and_redoing_brings_it_back(
    desk: Desk, records: list[int]
) -> None:
    desk.run("campaigns", "log", records[0], "--result", "DNC")
    assert desk.states()[records[0]] == "do_not_call"
    assert desk.run("dnc", "check", NUMBERS[0], code=1)
    desk.run("undo")
    assert desk.states()[records[0]] == "new"
    assert desk.run("dnc", "check", NUMBERS[0])
    desk.run("undo", desk.rows("SELECT max(id) FROM change")[0][0])
    assert desk.states()[records[0]] == "do_not_call"


def test_a_call_is_of_the_record_it_was_logged_for_though_two_fit(
    desk: Desk, records: list[int]
) -> None:
    [other] = desk.load(1, "more", NUMBERS[0])
    desk.run("campaigns", "log", other, "--result", "FINAL")
    assert [desk.states()[record] for record in (records[0], other)] == ["new", "final"]


def test_logging_an_older_call_leaves_the_latest_to_decide(desk: Desk, records: list[int]) -> None:
    desk.run("campaigns", "log", records[0], "--result", "FINAL")
    desk.run("campaigns", "log", records[0], "--result", "NA", "--at", "2026-11-18 09:00")
    assert desk.states()[records[0]] == "final"


def test_a_rolled_record_is_called_and_logged_in_the_other_campaign(
    desk: Desk, records: list[int], clock: Callable[[int], None]
) -> None:
    desk.run("campaigns", "log", records[0], "--result", "ROLL")
    assert desk.queue("Autumn") == [records[0]]
    clock(NOW + 60)
    desk.run("campaigns", "log", records[0], "--result", "NA")
    assert desk.queue("Autumn") == [records[0]]
    assert desk.json("calls", "show", 2)["campaign"] == "Autumn"
    assert desk.queue("Spring") == [records[1]]


def test_a_time_to_call_again_is_given_with_the_call(desk: Desk, records: list[int]) -> None:
    words = ("campaigns", "log", records[0], "--result")
    desk.run(*words, "BACK", "--recall-at", "tomorrow 10:00")
    assert desk.rows("SELECT state, next_at FROM list_record WHERE id = 1") == [
        ("callback", NOW - 11 * HOUR - 400 + DAY + 10 * HOUR)
    ]
    desk.run(*words, "NA", "--recall-at", "+2h", code=1)


def test_a_result_for_other_campaigns_is_refused(desk: Desk, records: list[int]) -> None:
    desk.run("results", "edit", "NA", "--campaign", "Autumn")
    done = desk.run("campaigns", "log", records[0], "--result", "NA", code=1)
    assert 'not for the campaign "Spring"' in done.stderr


def test_a_dry_run_enters_nothing(desk: Desk, records: list[int]) -> None:
    desk.run("campaigns", "log", records[0], "--result", "FINAL", "--dry-run")
    assert desk.states()[records[0]] == "new"
    assert desk.rows("SELECT count(*) FROM call") == [(0,)]


def test_a_number_that_cannot_be_normalised_is_called_and_barred_as_it_stands(
    desk: Desk,
) -> None:
    campaign = desk.campaign("Inner")
    desk.result("DNC", do_not_call=1)
    [record] = desk.load(campaign, "extensions", "21155")
    desk.run("campaigns", "log", record, "--result", "DNC")
    assert desk.states()[record] == "do_not_call"
    desk.run("dnc", "check", "211-55", code=1)
    desk.run("dnc", "remove", "21155", "--yes")
    assert desk.states()[record] == "open"


def test_a_contact_whose_record_was_called_can_be_erased(desk: Desk, records: list[int]) -> None:
    desk.run("campaigns", "log", records[0], "--result", "NA")
    desk.run("contacts", "erase", "1", "--yes")
    assert desk.states() == {records[1]: "new"}
    assert desk.rows("SELECT record_id FROM call") == [(None,)]
