"""Who is called next: the order, who is left out, and reservations."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

NOW = 1_795_000_000  # a Wednesday, 2026-11-18 11:06:40 UTC
HOUR, DAY = 3600, 86_400
Desk = Any
NUMBERS = [f"+1212555{n:04}" for n in range(100, 130)]


def given(desk: Desk, number: str, code: str, at: int, campaign: str = "Spring") -> None:
    """Enter a call of the phone system with its result."""
    words = ("--number", number, "--campaign", campaign, "--started-at", str(at), "--result", code)
    desk.run("calls", "add", *words)


@pytest.fixture
def spring(desk: Desk) -> list[int]:
    """Six records of the campaign Spring."""
    campaign = desk.campaign("Spring")
    desk.campaign("Autumn")
    desk.result("FINAL", final=1)
    desk.result("NA")
    desk.result("BACK", recall=1, recall_after=HOUR)
    desk.result("DNC", do_not_call=1)
    desk.result("ROLL", roll_to=campaign + 1)
    return list(desk.load(campaign, "leads", *NUMBERS[:6]))


def test_due_callbacks_come_first_then_new_ones_then_the_rest_again(
    desk: Desk, spring: list[int]
) -> None:
    given(desk, NUMBERS[0], "NA", NOW - 2 * HOUR)
    given(desk, NUMBERS[1], "NA", NOW - 3 * HOUR)
    given(desk, NUMBERS[2], "BACK", NOW - 2 * HOUR)
    given(desk, NUMBERS[3], "BACK", NOW - 3 * HOUR)
    assert desk.queue("Spring") == [
        spring[3],
        spring[2],
        spring[4],
        spring[5],
        spring[1],
        spring[0],
    ]
    why = [row["why"] for row in desk.json("campaigns", "queue", "Spring")]
    assert why == ["callback", "callback", "new", "new", "again", "again"]


def test_final_rolled_barred_and_future_callbacks_are_left_out(
    desk: Desk, spring: list[int]
) -> None:
    given(desk, NUMBERS[0], "FINAL", NOW - HOUR)
    given(desk, NUMBERS[1], "DNC", NOW - HOUR)
    given(desk, NUMBERS[2], "BACK", NOW - 60)
    given(desk, NUMBERS[3], "ROLL", NOW - HOUR)
    desk.run("dnc", "add", NUMBERS[4])
    assert desk.queue("Spring") == [spring[5]]
    assert desk.queue("Autumn") == [spring[3]]


def test_a_result_that_is_replaced_or_undone_takes_back_what_it_did(
    desk: Desk, spring: list[int]
) -> None:
    given(desk, NUMBERS[0], "DNC", NOW - HOUR)
    assert desk.states()[spring[0]] == "do_not_call"
    desk.run("score", "1", "--result", "FINAL")
    assert desk.states()[spring[0]] == "final"
    desk.run("undo")
    assert desk.states()[spring[0]] == "do_not_call"
    desk.run("score", "1", "--result", "none")
    assert desk.states()[spring[0]] == "open"
    desk.run("calls", "delete", "1", "--yes")
    assert desk.states()[spring[0]] == "new"


def test_changing_what_a_result_means_changes_the_records(desk: Desk, spring: list[int]) -> None:
    given(desk, NUMBERS[0], "NA", NOW - HOUR)
    assert desk.states()[spring[0]] == "open"
    desk.run("results", "edit", "NA", "--final")
    assert desk.states()[spring[0]] == "final"


def test_a_call_too_old_makes_no_callback(desk: Desk, spring: list[int]) -> None:
    given(desk, NUMBERS[0], "BACK", NOW - 31 * DAY)
    given(desk, NUMBERS[1], "BACK", NOW - 29 * DAY)
    assert desk.queue("Spring")[0] == spring[1]
    assert desk.queue("Spring")[-1] == spring[0]
    desk.run("config", "set", "results.recall_within", "40d")
    assert desk.queue("Spring")[:2] == spring[:2]


def test_an_import_puts_its_calls_to_the_records_whatever_order_they_have(
    desk: Desk, spring: list[int], tmp_path: Path
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(
        "start,phone,campaign,result\n"
        f"2026-11-18 09:00,{NUMBERS[0]},SPRING,NA\n"
        f"2026-11-17 09:00,{NUMBERS[0]},spring,FINAL\n"
        f"2026-11-18 10:00,{NUMBERS[1]},Spring,FINAL\n"
        f"2026-11-18 10:00,{NUMBERS[2]},Winter,FINAL\n"
    )
    desk.run("calls", "import", log)
    assert [desk.states()[record] for record in spring[:3]] == ["open", "final", "new"]
    desk.run("undo")
    assert set(desk.states().values()) == {"new"}


def test_two_records_that_fit_leave_a_call_to_neither(desk: Desk, spring: list[int]) -> None:
    [other] = desk.load(1, "more leads", NUMBERS[0])
    given(desk, NUMBERS[0], "FINAL", NOW - HOUR)
    assert [desk.states()[record] for record in (spring[0], other)] == ["new", "new"]


def test_the_number_of_a_barred_call_bars_all_its_records(desk: Desk, spring: list[int]) -> None:
    [other] = desk.load(2, "more leads", NUMBERS[0])
    given(desk, NUMBERS[0], "DNC", NOW - HOUR)
    assert [desk.states()[record] for record in (spring[0], other)] == ["do_not_call"] * 2


def test_next_presents_the_first_with_its_account_and_reserves_it(
    desk: Desk, spring: list[int]
) -> None:
    given(desk, NUMBERS[0], "BACK", NOW - 2 * HOUR)
    desk.run("score", "1", "--note", "ask for Ann")
    shown = desk.json("campaigns", "next", "Spring", "--as", "Dana")
    assert shown["record"] == spring[0]
    assert (shown["name"], shown["numbers"], shown["state"]) == ("P0", [NUMBERS[0]], "callback")
    assert shown["reserved_by"] == "Dana"
    assert shown["calls"][0]["note"] == "ask for Ann"
    assert desk.json("campaigns", "next", "Spring", "--as", "Lee")["record"] == spring[1]
    assert spring[0] not in desk.queue("Spring")


def test_a_reservation_that_runs_out_returns_the_record(
    desk: Desk, spring: list[int], clock: Callable[[int], None]
) -> None:
    desk.run("campaigns", "next", "Spring", "--reserve", "5m")
    assert desk.queue("Spring") == spring[1:]
    clock(NOW + 299)
    assert desk.queue("Spring") == spring[1:]
    clock(NOW + 300)
    assert desk.queue("Spring") == spring


def test_next_says_why_nobody_is_to_be_called(desk: Desk, spring: list[int]) -> None:
    for _ in spring:
        desk.run("campaigns", "next", "Spring")
    done = desk.run("campaigns", "next", "Spring", code=1)
    assert "6 reserved" in done.stderr
    desk.run("campaigns", "close", "Spring")
    assert "is closed" in desk.run("campaigns", "next", "Spring", code=1).stderr


def test_next_says_when_it_is_the_filter_that_leaves_nobody_to_call(
    desk: Desk, spring: list[int]
) -> None:
    desk.run("campaigns", "next", "Spring")
    for words in (("next", "Spring", "city:Nowhere"), ("queue", "Spring", "city:Nowhere")):
        done = desk.run("campaigns", *words, code=int(words[0] == "next"))
        assert "now: the filter leaves out everybody who is" in done.stderr
    for _ in spring[1:]:
        desk.run("campaigns", "next", "Spring")
    assert "6 reserved" in desk.run("campaigns", "next", "Spring", "city:Nowhere", code=1).stderr


def test_reserving_is_no_change_in_the_history(desk: Desk, spring: list[int]) -> None:
    before = desk.rows("SELECT count(*) FROM change")
    desk.run("campaigns", "next", "Spring")
    assert desk.rows("SELECT count(*) FROM change") == before
    assert spring


def test_processes_that_ask_at_once_never_get_the_same_record(
    desk: Desk, scorecli: list[str]
) -> None:
    campaign = desk.campaign("Spring")
    records = desk.load(campaign, "leads", *NUMBERS[:12])

    def ask(_: int) -> int:
        done = subprocess.run(
            [*scorecli, "campaigns", "next", "Spring", "--format", "csv"],
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout.splitlines()[1].split(",")[0])

    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(ask, range(12)))
    assert sorted(given) == records


def test_a_filter_says_who_is_called(desk: Desk, spring: list[int]) -> None:
    given(desk, NUMBERS[1], "NA", NOW - HOUR)
    assert desk.queue("Spring", "attempts:1..") == [spring[1]]
    assert desk.queue("Spring", "name:P3") == [spring[3]]
    assert desk.queue("Spring", "list:leads", "not:state:new") == [spring[1]]
    assert desk.queue("Spring", "P5") == [spring[5]]
    assert desk.queue("Spring", f"number:{NUMBERS[2]}") == [spring[2]]
    assert desk.json("campaigns", "next", "Spring", "name:P4")["record"] == spring[4]


def test_calling_hours_are_those_of_the_record_the_campaign_or_the_settings(
    desk: Desk, clock: Callable[[int], None]
) -> None:
    # It is Wednesday 11:06 in London, 06:06 in New York, 20:06 in Tokyo.
    campaign = desk.campaign("Spring", hours="Mon-Fri 09:00-18:00", time_zone="Europe/London")
    zones = (None, "America/New_York", "Asia/Tokyo", "Europe/Berlin")
    records = desk.load(campaign, "leads", *NUMBERS[:4], zones=zones)
    assert desk.queue("Spring") == [records[0], records[3]]
    clock(NOW + 4 * HOUR)  # 15:06, 10:06, 00:06, 16:06
    assert desk.queue("Spring") == [records[0], records[1], records[3]]
    clock(NOW + 13 * HOUR)  # Thursday 00:06, Wednesday 19:06, Thursday 09:06, 01:06
    assert desk.queue("Spring") == [records[2]]
    clock(NOW + 3 * DAY)  # Saturday
    assert desk.queue("Spring") == []
    done = desk.run("campaigns", "next", "Spring", code=1)
    assert "outside its calling hours, Mon-Fri 09:00-18:00" in done.stderr
    desk.run("campaigns", "edit", "Spring", "--hours", "none")
    assert desk.queue("Spring") == records


def test_records_of_deleted_contacts_are_not_called(desk: Desk, spring: list[int]) -> None:
    with desk.open() as db:
        db.execute("UPDATE contact SET removed = 'deleted' WHERE id = 1")
    assert desk.queue("Spring") == spring[1:]
