"""`db renormalise` on records of lists and on the do-not-call list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

Desk = Any
NATIONAL, E164 = "0191 498 0123", "+441914980123"


@pytest.fixture
def leads(desk: Desk, tmp_path: Path) -> Desk:
    """A list of British numbers, loaded where the settings say US."""
    desk.campaign("Spring")
    desk.result("STOP", do_not_call=1)
    desk.result("NA")
    file = tmp_path / "leads.csv"
    file.write_text(f"Name,Phone\nAnn Lee,{NATIONAL}\nBob Ray,0191 498 0124\nCem,+441914980125\n")
    desk.run("campaigns", "load", "Spring", file, "--list", "leads")
    return desk


def numbers(desk: Desk) -> list[str]:
    rows = desk.rows("SELECT number FROM list_record WHERE removed IS NULL ORDER BY id")
    return [number for (number,) in rows]


def to_britain(desk: Desk, *words: str) -> str:
    desk.run("config", "set", "phone.region", "GB")
    return str(desk.run("db", "renormalise", *words).stderr)


def everything(desk: Desk) -> list[Any]:
    tables = ("list_record", "do_not_call", "contact_number", "call")
    return [desk.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables[:2]] + [
        desk.rows("SELECT * FROM contact_number ORDER BY contact_id, position"),
        desk.rows("SELECT id, contact_number_e164 FROM call ORDER BY id"),
    ]


def test_records_are_known_by_the_number_that_the_region_makes_of_theirs(leads: Desk) -> None:
    assert numbers(leads) == ["01914980123", "01914980124", "+441914980125"]
    before = everything(leads)
    assert "2 contacts and 2 records would" in to_britain(leads, "--dry-run").replace(",", " and")
    assert everything(leads) == before
    to_britain(leads)
    assert numbers(leads) == [E164, "+441914980124", "+441914980125"]
    assert "0 calls and 0 contacts" in leads.run("db", "renormalise").stderr
    leads.run("undo")
    assert everything(leads) == before
    leads.run("undo", leads.rows("SELECT max(id) FROM change")[0][0])
    assert numbers(leads) == [E164, "+441914980124", "+441914980125"]


def test_a_call_by_the_international_number_finds_its_record_then(leads: Desk) -> None:
    words = ("--campaign", "Spring", "--started-at", "2026-11-18 10:00", "--result", "NA")
    leads.run("calls", "add", "--number", E164, *words)
    assert leads.states()[1] == "new"
    to_britain(leads)
    assert leads.states()[1] == "open"
    leads.run("undo")
    assert leads.states()[1] == "new"


def test_the_do_not_call_list_keeps_its_numbers_in_the_new_form(leads: Desk) -> None:
    leads.run("dnc", "add", NATIONAL, "--reason", "letter")
    leads.run("dnc", "add", "0191 498 0999", "--campaign", "Spring")
    assert leads.states()[1] == "do_not_call"
    before = everything(leads)
    assert "2 do-not-call numbers have" in to_britain(leads)
    assert leads.states()[1] == "do_not_call"
    leads.run("dnc", "check", E164, code=1)
    leads.run("dnc", "check", NATIONAL, code=1)
    leads.run("dnc", "check", "+441914980999", "--campaign", "Spring", code=1)
    assert [row["reason"] for row in leads.json("dnc", "list")].count("letter") == 1
    leads.run("undo")
    assert everything(leads) == before


def test_no_form_of_a_number_leaves_the_do_not_call_list(leads: Desk) -> None:
    leads.run("dnc", "add", E164)
    leads.run("dnc", "add", NATIONAL)
    leads.run("dnc", "remove", NATIONAL, "--yes")
    assert leads.states()[1] == "new"
    to_britain(leads)
    leads.run("dnc", "check", NATIONAL, code=1)
    assert leads.states()[1] == "do_not_call"


def test_a_number_that_is_another_one_by_the_new_region_is_barred_in_both_forms(
    desk: Desk, tmp_path: Path
) -> None:
    desk.campaign("Spring")
    file = tmp_path / "leads.csv"
    file.write_text("Name,Phone\nAnn Lee,(212) 555-0123\n")
    desk.run("campaigns", "load", "Spring", file, "--list", "leads")
    desk.run("dnc", "add", "212-555-0123")
    before = numbers(desk), desk.json("dnc", "list")
    to_britain(desk)
    assert numbers(desk) != ["+12125550123"]
    assert desk.states() == {1: "do_not_call"}
    desk.run("dnc", "check", "+12125550123", code=1)
    desk.run("dnc", "check", "212-555-0123", code=1)
    desk.run("undo")
    assert (numbers(desk), desk.json("dnc", "list")) == before


def test_two_records_of_a_list_that_are_one_number_then_become_one(
    leads: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "more.csv"
    file.write_text(f"Name,Phone\nAnn Lee,{E164}\n")
    leads.run("campaigns", "load", "Spring", file, "--list", "leads")
    assert len(leads.queue("Spring")) == 4
    before = everything(leads)
    to_britain(leads)
    assert leads.queue("Spring") == [1, 2, 3]
    leads.run("campaigns", "log", 1, "--result", "STOP")
    assert leads.states() == {1: "do_not_call", 2: "new", 3: "new"}
    leads.run("undo")
    leads.run("undo")
    assert everything(leads)[:3] == before[:3]
    assert leads.queue("Spring") == [1, 2, 3, 4]


def test_a_person_whose_record_was_renumbered_leaves_no_number_when_erased(leads: Desk) -> None:
    to_britain(leads)
    leads.run("contacts", "erase", 1, "--yes")
    assert "4980123" not in str(leads.rows("SELECT * FROM change_entry"))
    assert "4980123" not in str(everything(leads))
