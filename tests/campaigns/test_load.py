"""Loading contact lists into a campaign."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

Desk = Any
LONDON = "+442079460018"
NEW_YORK = "+12125550123"
FILE = (
    "First Name,Last Name,Phone,City,Time Zone,Hobby\n"
    f"Ann,Lee,{LONDON},Leeds,Europe/London,chess\n"
    "Bob,Ray,(212) 555-0123,New York,America/New_York,\n"
    "Cem,Kaya,212-555-0124,New York,,\n"
)


@pytest.fixture
def leads(desk: Desk, tmp_path: Path) -> Path:
    """A campaign, and a file to load."""
    desk.campaign("Spring")
    file = tmp_path / "leads.csv"
    file.write_text(FILE)
    return file


def load(desk: Desk, file: Path, *words: str, code: int = 0, name: str = "leads") -> Any:
    done = desk.run(
        "campaigns", "load", "Spring", file, "--list", name, *words, "--format", "json", code=code
    )
    return json.loads(done.stdout) if done.stdout else done


def figures(done: Any) -> tuple[int, ...]:
    names = ("read", "loaded", "unchanged", "repeated", "rejected")
    assert done["read"] == sum(done[name] for name in names[1:])
    return tuple(done[name] for name in names)


def test_every_row_becomes_a_record_with_a_contact(desk: Desk, leads: Path) -> None:
    done = load(desk, leads)
    assert figures(done) == (3, 3, 0, 0, 0)
    assert (done["contacts"], done["unmapped"]) == (3, ["Hobby"])
    rows = desk.json("campaigns", "queue", "Spring")
    assert [(row["name"], row["number"], row["time_zone"]) for row in rows] == [
        ("Ann Lee", LONDON, "Europe/London"),
        ("Bob Ray", NEW_YORK, "America/New_York"),
        ("Cem Kaya", "+12125550124", None),
    ]
    assert desk.json("contacts", "show", "Ann Lee")["extra"] == {"Hobby": "chess"}
    assert desk.queue("Spring", "city:Leeds") == [1]
    assert desk.json("campaigns", "show", "Spring")["new"] == 3


def test_the_same_file_again_changes_nothing(desk: Desk, leads: Path) -> None:
    load(desk, leads)
    before = [desk.rows(f"SELECT count(*) FROM {name}") for name in ("change", "contact")]
    again = load(desk, leads)
    assert figures(again) == (3, 0, 3, 0, 0)
    assert again["change"] is None
    assert [desk.rows(f"SELECT count(*) FROM {name}") for name in ("change", "contact")] == before


def test_a_number_that_is_repeated_is_one_record_and_counted(desk: Desk, leads: Path) -> None:
    leads.write_text(FILE + f"Ann,Again,011 44 20 7946 0018,,,\nX,Y,{LONDON},,,\n")
    done = load(desk, leads)
    assert figures(done) == (5, 3, 0, 2, 0)
    assert desk.rows("SELECT count(*) FROM list_record WHERE number = ?", LONDON) == [(1,)]


def test_numbers_not_to_be_called_are_loaded_closed_and_counted(desk: Desk, leads: Path) -> None:
    desk.run("dnc", "add", NEW_YORK)
    done = load(desk, leads)
    assert (done["loaded"], done["do_not_call"]) == (3, 1)
    assert desk.states() == {1: "new", 2: "do_not_call", 3: "new"}
    desk.run("campaigns", "reload", "leads")
    assert desk.states()[2] == "do_not_call"
    desk.run("dnc", "remove", NEW_YORK, "--yes")
    assert desk.states()[2] == "new"


def test_calls_of_before_count_from_the_moment_a_list_is_loaded(desk: Desk, leads: Path) -> None:
    desk.result("FINAL", final=1)
    words = ("--campaign", "Spring", "--started-at", "2026-11-18 09:00", "--result", "FINAL")
    desk.run("calls", "add", "--number", LONDON, *words)
    load(desk, leads)
    assert desk.states() == {1: "open", 2: "new", 3: "new"}


def test_a_contact_is_known_by_its_number_and_only_what_is_empty_is_filled(
    desk: Desk, leads: Path
) -> None:
    desk.run("contacts", "add", "Annie", "Leigh", "--phone", LONDON)
    done = load(desk, leads)
    assert done["contacts"] == 2
    contact = desk.json("contacts", "show", "1")
    assert (contact["name"], contact["city"], contact["kind"]) == (
        "Annie Leigh",
        "Leeds",
        "contact",
    )
    assert desk.json("campaigns", "next", "Spring")["contact"] == 1


def test_rows_without_a_number_are_rejected_with_the_reason(desk: Desk, leads: Path) -> None:
    leads.write_text(FILE + "Dan,Poe,,,,\nEva,Roe,+442079460019,,Mars/Base,\n")
    done = load(desk, leads, code=3)
    assert figures(done) == (5, 3, 0, 0, 2)
    text = Path(done["rejects_file"]).read_text()
    assert "it has no number" in text
    assert "Mars/Base" in text
    assert load(desk, leads, "--strict", name="other", code=1)
    assert desk.rows("SELECT count(*) FROM contact_list") == [(1,)]


def test_undoing_a_load_takes_all_of_it_back_and_the_undo_brings_it_back(
    desk: Desk, leads: Path
) -> None:
    load(desk, leads)
    desk.run("undo")
    assert desk.queue("Spring") == []
    assert desk.json("contacts", "list") == []
    desk.run("undo", desk.rows("SELECT max(id) FROM change")[0][0])
    assert len(desk.queue("Spring")) == 3
    desk.run("undo")
    assert figures(load(desk, leads)) == (3, 3, 0, 0, 0)


def test_a_load_cannot_be_undone_while_a_later_one_stands_on_its_list(
    desk: Desk, leads: Path
) -> None:
    change = load(desk, leads)["change"]
    leads.write_text(FILE + "Dan,Poe,+442079460019,,,\n")
    load(desk, leads)
    assert "contact list 1" in desk.run("undo", change, code=1).stderr
    desk.run("undo")
    desk.run("undo", change)


def test_a_list_belongs_to_one_campaign(desk: Desk, leads: Path) -> None:
    desk.campaign("Autumn")
    load(desk, leads)
    words = ("campaigns", "load", "Autumn", leads, "--list", "LEADS")
    assert 'belongs to the campaign "Spring"' in desk.run(*words, code=1).stderr
    desk.run("campaigns", "close", "Autumn")
    assert "is closed" in desk.run(*words[:-1], "more", code=1).stderr


def test_a_dry_run_shows_the_mapping_and_the_same_figures_and_loads_nothing(
    desk: Desk, leads: Path
) -> None:
    done = desk.run("campaigns", "load", "Spring", leads, "--list", "leads", "--dry-run")
    assert "time_zone" in done.stdout
    assert "Would read 3 rows of leads.csv: 3 loaded" in done.stderr
    assert desk.rows("SELECT count(*) FROM list_record") == [(0,)]


def test_a_list_is_not_called_by_a_word_of_the_filters(desk: Desk, leads: Path) -> None:
    refused = load(desk, leads, name="None", code=2)
    assert "list 'None' has a meaning of its own in filters." in refused.stderr
