"""Entering the calls that were made to records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
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


def test_calls_logged_within_one_second_are_calls_of_their_own(
    desk: Desk, records: list[int]
) -> None:
    for result in ("NA", "NA", "BACK"):
        desk.run("campaigns", "log", records[0], "--result", result)
    assert desk.rows("SELECT attempts, state FROM list_record WHERE id = 1") == [(3, "callback")]
    assert len(desk.json("calls", "list")) == 3
    desk.run("undo")
    assert desk.rows("SELECT attempts, state FROM list_record WHERE id = 1") == [(2, "open")]


def test_a_call_whose_start_is_given_is_entered_once(desk: Desk, records: list[int]) -> None:
    words = ("campaigns", "log", records[0], "--result", "NA", "--at", "2026-11-18 09:00")
    desk.run(*words)
    assert "Call 1 has the same start and number" in desk.run(*words, code=1).stderr
    assert desk.rows("SELECT attempts FROM list_record WHERE id = 1") == [(1,)]


def test_a_call_that_is_still_to_come_was_not_made(desk: Desk, records: list[int]) -> None:
    words = ("campaigns", "log", records[0], "--result", "NA", "--at")
    done = desk.run(*words, "2027-01-07 10:00", code=2)
    assert "'2027-01-07 10:00' is still to come" in done.stderr
    assert "--recall-at" in done.stderr
    assert desk.rows("SELECT count(*) FROM call") == [(0,)]
    desk.run(*words, NOW + 30)  # clocks differ a little
    desk.run("campaigns", "log", records[0], "--result", "NA", "--at", "now")


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


def test_a_record_that_is_rolled_to_where_it_is_was_called_there(
    desk: Desk, records: list[int], clock: Callable[[int], None]
) -> None:
    desk.run("campaigns", "log", records[0], "--result", "ROLL")
    clock(NOW + 60)
    desk.run("campaigns", "log", records[0], "--result", "ROLL")
    assert desk.states()[records[0]] == "open"
    [other] = desk.load(2, "more", "+12125550109")
    assert desk.queue("Autumn") == [other, records[0]]


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


def test_who_is_erased_is_still_not_called(desk: Desk, records: list[int]) -> None:
    desk.run("campaigns", "log", records[0], "--result", "DNC")  # by a result alone
    desk.run("dnc", "add", NUMBERS[1], "--reason", "P1 wrote a letter")
    desk.run("dnc", "add", NUMBERS[1], "--campaign", "Spring", "--reason", "P1 again")
    for contact in (1, 2):
        assert desk.json("contacts", "erase", contact, "--dry-run")["do_not_call"] == 1
        done = desk.run("contacts", "erase", contact, "--yes")
        assert "1 number stays on the do-not-call list" in done.stderr
    for number in NUMBERS:
        desk.run("dnc", "check", number, code=1)
    assert desk.rows("SELECT count(*) FROM call WHERE contact_number IS NOT NULL") == [(0,)]
    listed = desk.json("dnc", "list")
    assert {(row["number"], row["campaign"]) for row in listed} == {
        (NUMBERS[0], None),
        (NUMBERS[1], None),
        (NUMBERS[1], "Spring"),
    }
    assert "P1" not in str(desk.rows("SELECT * FROM do_not_call"))
    assert "letter" not in str(desk.rows("SELECT command FROM change"))
    [back] = desk.load(1, "again", NUMBERS[0])
    assert desk.states()[back] == "do_not_call"


def test_erasing_with_the_do_not_call_list_takes_the_numbers_off(
    desk: Desk, records: list[int]
) -> None:
    desk.run("campaigns", "log", records[0], "--result", "DNC")
    desk.run("dnc", "add", NUMBERS[1], "--reason", "letter")
    for contact in (1, 2):
        desk.run("contacts", "erase", contact, "--with-do-not-call", "--yes")
    desk.run("dnc", "check", *NUMBERS)
    assert desk.rows("SELECT count(*) FROM do_not_call") == [(0,)]


def test_a_number_that_was_taken_off_the_list_leaves_no_trace_of_it(
    desk: Desk, records: list[int]
) -> None:
    desk.run("dnc", "add", NUMBERS[0])
    desk.run("dnc", "remove", NUMBERS[0], "--yes")
    assert desk.json("contacts", "erase", 1, "--yes")["do_not_call"] == 0
    assert desk.rows("SELECT count(*) FROM do_not_call") == [(0,)]


def test_a_number_that_another_contact_has_stays_as_it_is(desk: Desk, records: list[int]) -> None:
    desk.run("dnc", "add", NUMBERS[0], "--reason", "the office")
    [other] = desk.load(1, "more", NUMBERS[0])
    desk.run("contacts", "erase", 1, "--with-do-not-call", "--yes")
    assert [row["reason"] for row in desk.json("dnc", "list")] == ["the office"]
    assert desk.states()[other] == "do_not_call"


def test_everything_is_undone_step_by_step_and_done_again(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("call id,start,result\nA,2026-11-18 9:00,sale\nB,2026-11-18 9:00,\n")
    desk.run("results", "add", "SALE", "--success")
    desk.run("calls", "import", file)
    before = desk.json("calls", "list", "--sort", "id")
    desk.run("undo")
    desk.run("undo")  # the result that only calls have that are out of sight
    assert desk.json("results", "list") == []
    refused = desk.run("undo", 3, code=1)  # the import again, whose call lacks its result now
    assert "result of call 1" in refused.stderr
    desk.run("undo", 4)
    desk.run("undo", 3)
    assert desk.json("calls", "list", "--sort", "id") == before
    desk.run("results", "apply", "none", "ext:A")
    assert desk.json("calls", "show", "ext:A")["converted"] is False


def test_a_campaign_stays_for_the_list_that_can_be_brought_back(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(f"phone\n{NUMBERS[0]}\n")
    desk.run("campaigns", "add", "Winter")
    desk.run("campaigns", "load", "Winter", file, "--list", "cold")
    desk.run("undo")
    refused = desk.run("undo", code=1)
    assert "1 list that was undone needs" in refused.stderr
    assert "scorecli campaigns close" in refused.stderr


def test_a_call_counts_by_its_number_while_the_record_it_was_logged_for_is_gone(
    desk: Desk, records: list[int]
) -> None:
    """Undoing a load, and erasing, take records away that calls of another number were for."""
    [other] = desk.load(1, "more", "+12125550109")
    loaded = desk.rows("SELECT max(id) FROM change")[0][0]
    desk.run("campaigns", "log", other, "--result", "NA")
    desk.run("calls", "edit", 1, "--set", f"contact_number={NUMBERS[0]}")
    assert desk.states() == {records[0]: "new", records[1]: "new", other: "open"}
    desk.run("undo", loaded)
    assert desk.states() == {records[0]: "open", records[1]: "new"}
    desk.run("undo", desk.rows("SELECT max(id) FROM change")[0][0])
    assert desk.states() == {records[0]: "new", records[1]: "new", other: "open"}
    desk.run("contacts", "erase", 3, "--yes")
    assert desk.states() == {records[0]: "open", records[1]: "new"}
