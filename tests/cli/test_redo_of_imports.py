"""Undoing an import and doing it again, after its rows came with another import as well."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Invoke = Callable[..., Any]
PEOPLE = (
    "id no,name,email,phone,company\n1,Ann Lee,,,\n,Bob Roe,bob@example.com,,\n"
    ",Cy Park,,+1 212 555 0123,\n,Dana,,,ACME\n"
)
LOG = "type,contact,at,external_id\nmeeting,Eve,2026-11-03 10:00,\nemail,Eve,2026-11-04,7\n"


@pytest.fixture(autouse=True)
def _files(db: Path, home: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
    monkeypatch.setenv("SCORECLI_DB", str(db))
    (home / "people.csv").write_text(PEOPLE)
    (home / "log.csv").write_text(LOG)
    invoke("contacts", "add", "Eve")  # change 1


def count(invoke: Invoke, noun: str) -> int:
    return len(json.loads(invoke(noun, "list", "-f", "json").stdout))


@pytest.mark.parametrize(
    ("noun", "file", "options", "here", "said"),
    [
        ("contacts", "people.csv", ("--map", "external_id=id no"), 5, "4 contacts of it came"),
        ("activities", "log.csv", (), 2, "2 activities of it came"),
    ],
)
def test_rows_that_were_imported_again_are_not_brought_back_a_second_time(
    invoke: Invoke, noun: str, file: str, options: tuple[str, ...], here: int, said: str
) -> None:
    assert invoke(noun, "import", file, *options).code == 0  # change 2
    assert invoke("undo", "2").code == 0  # change 3
    assert invoke(noun, "import", file, *options).code == 0  # change 4
    refused = invoke("undo", "3")
    assert refused.code == 1
    assert said in refused.stderr
    assert count(invoke, noun) == here
    # Without the later import the first one can be done again, and then the later one cannot.
    assert invoke("undo", "4").code == 0  # change 5
    assert invoke("undo", "3").code == 0  # change 6
    assert count(invoke, noun) == here
    refused = invoke("undo", "5")
    assert refused.code == 1
    assert said in refused.stderr
    assert count(invoke, noun) == here


def test_a_part_that_came_again_is_enough_to_refuse(invoke: Invoke, home: Path) -> None:
    (home / "part.csv").write_text("name,email\nBob Roe,BOB@example.com\n")
    invoke("contacts", "import", "people.csv")
    invoke("undo", "2")
    invoke("contacts", "import", "part.csv")
    assert "a contact of it came" in invoke("undo", "3").stderr
    invoke("contacts", "import", "people.csv")  # brings what is missing
    assert count(invoke, "contacts") == 5


def test_an_id_that_another_contact_took_since_is_not_brought_back(
    invoke: Invoke, home: Path
) -> None:
    (home / "taken.csv").write_text("external_id,name,email\n1,Eve,eve@example.com\n")
    invoke("contacts", "edit", "1", "--add-email", "eve@example.com")  # change 2
    invoke("contacts", "import", "people.csv", "--map", "external_id=id no")  # change 3
    invoke("undo", "3")  # change 4
    assert invoke("contacts", "import", "taken.csv").code == 0  # change 5
    assert "a contact of it came" in invoke("undo", "4").stderr


def test_other_rows_and_what_was_entered_by_hand_stand_in_nobodys_way(
    invoke: Invoke, home: Path
) -> None:
    (home / "others.csv").write_text("name,email,phone\nBo,bob@example.com,+1 212 555 0123\n")
    invoke("contacts", "import", "people.csv")
    invoke("undo", "2")
    invoke("contacts", "import", "others.csv")
    invoke("contacts", "add", "Bob", "Roe", "--email", "bob@example.com")
    assert invoke("undo", "3").code == 0
    assert count(invoke, "contacts") == 7


def test_a_contact_list_that_was_loaded_again_is_not_brought_back_a_second_time(
    invoke: Invoke, home: Path
) -> None:
    invoke("campaigns", "add", "spring")  # change 2
    assert invoke("campaigns", "load", "spring", "people.csv", "--list", "a").code in (0, 3)
    assert invoke("undo", "3").code == 0  # change 4
    assert invoke("campaigns", "load", "spring", "people.csv", "--list", "a").code in (0, 3)
    refused = invoke("undo", "4")
    assert refused.code == 1
    assert "of it came again with a later import" in refused.stderr
    assert count(invoke, "contacts") == 2
