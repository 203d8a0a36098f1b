"""Importing activities: mapping, identity, rejects, dry run and undo."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Invoke = Callable[..., Any]
LOG = (
    "Activity type,Contact,Account,Points,Date,Title,Room\n"
    "meeting,ann@example.com,,7,2026-11-03 10:00,Visit,12\n"
    "email,ann@example.com,ACME,,2026-11-04,,\n"
    "webinar,,acme,2,2026-11-05,,\n"
)


@pytest.fixture
def people(db: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> Path:
    monkeypatch.setenv("SCORECLI_DB", str(db))
    invoke("contacts", "add", "Ann Lee", "--company", "ACME", "--email", "ann@example.com")
    return db


def imported(invoke: Invoke, *words: object) -> dict[str, Any]:
    done = invoke("activities", "import", *words, "-f", "json")
    assert done.code in (0, 3), done.stderr
    return json.loads(done.stdout)


def listed(invoke: Invoke, *terms: str) -> list[dict[str, Any]]:
    return json.loads(invoke("activities", "list", *terms, "--sort", "id", "-f", "json").stdout)


def test_a_file_is_mapped_by_the_names_of_its_columns(
    people: Path, invoke: Invoke, home: Path
) -> None:
    (home / "log.csv").write_text(LOG)
    done = imported(invoke, "log.csv")
    assert (done["read"], done["inserted"], done["rejected"]) == (3, 3, 0)
    assert done["unmapped"] == ["Room"]
    found = [(row["type"], row["points"], row["contact"]) for row in listed(invoke)]
    assert found == [("meeting", 7, "Ann Lee"), ("email", 1, "Ann Lee"), ("webinar", 2, None)]
    assert listed(invoke)[0]["extra"] == {"Room": "12"}
    assert "Ann Lee\t8\n" in invoke("contacts", "list", "--columns", "name,points").stdout


def test_the_same_file_twice_changes_nothing_and_undo_takes_all_of_it_back(
    people: Path, invoke: Invoke, home: Path
) -> None:
    twins = LOG + LOG.splitlines()[1] + "\n"
    (home / "log.csv").write_text(twins)
    assert imported(invoke, "log.csv")["inserted"] == 4
    again = imported(invoke, "log.csv")
    assert (again["inserted"], again["unchanged"], again["change"]) == (0, 4, None)
    assert invoke("undo").code == 0
    assert listed(invoke) == []
    assert imported(invoke, "log.csv")["inserted"] == 4


def test_an_external_id_says_which_activity_a_row_changes(
    people: Path, invoke: Invoke, home: Path
) -> None:
    head = "activity id,type,contact,points,at\n"
    (home / "a.csv").write_text(f"{head}A1,meeting,1,5,2026-11-03\nA2,meeting,1,5,2026-11-03\n")
    imported(invoke, "a.csv")
    invoke("activities", "edit", 2, "--points", 9)
    (home / "a.csv").write_text(f"{head}A1,demo,1,6,2026-11-04\nA2,demo,1,6,2026-11-03\n")
    assert imported(invoke, "a.csv")["updated"] == 2
    found = [(row["type"], row["points"]) for row in listed(invoke)]
    assert found == [("demo", 6), ("demo", 9)]  # what a person wrote stays
    imported(invoke, "a.csv", "--overwrite")
    assert listed(invoke)[1]["points"] == 6
    invoke("undo")
    assert listed(invoke)[1]["points"] == 9


def test_a_deleted_activity_is_not_brought_back_by_an_import(
    people: Path, invoke: Invoke, home: Path
) -> None:
    (home / "log.csv").write_text(LOG)
    imported(invoke, "log.csv")
    invoke("activities", "delete", 1, "--yes")
    assert imported(invoke, "log.csv")["unchanged"] == 3
    assert [row["id"] for row in listed(invoke)] == [2, 3]


def test_bad_rows_land_in_a_rejects_file_with_the_reason(
    people: Path, invoke: Invoke, home: Path
) -> None:
    (home / "log.csv").write_text(
        "type,contact,points,at\n"
        ",1,1,2026-11-03\n"
        "call,,1,2026-11-03\n"
        "call,Nobody,1,2026-11-03\n"
        "call,1,many,2026-11-03\n"
        "call,1,1,some day\n"
        "call,1,9999999,2026-11-03\n"
        "call,1,,2026-11-03\n"
    )
    dry = imported(invoke, "log.csv", "--dry-run")
    assert (dry["inserted"], dry["rejected"]) == (1, 6)
    assert not (home / "log.rejects.csv").exists()
    assert listed(invoke) == []
    assert imported(invoke, "log.csv")["rejected"] == 6
    lines = (home / "log.rejects.csv").read_text().splitlines()
    assert "field,error" in lines[0]
    assert [line.split(",")[5] for line in lines[1:]] == [
        "type", "contact", "contact", "points", "at", "points",
    ]  # fmt: skip
    strict = invoke("activities", "import", "log.csv", "--strict")
    assert strict.code == 1


def test_values_for_all_rows_and_other_columns_are_said_on_the_command_line(
    people: Path, invoke: Invoke, home: Path
) -> None:
    (home / "log.csv").write_text(
        "Guest,Day\nann@example.com,03/11/2026\nann@example.com,13/11/2026\n"
    )
    words = ("log.csv", "--set", "type=meeting", "--map", "contact=Guest", "--map", "at=Day")
    assert imported(invoke, *words)["inserted"] == 2
    assert listed(invoke)[0]["at"].startswith("2026-11-03")
    (home / "log.csv").write_text("Guest,Day\nann@example.com,03/04/2026\n")
    assert invoke("activities", "import", *words).code == 2  # which of the two is the month?
    assert imported(invoke, *words, "--date-format", "MDY")["inserted"] == 1


def test_a_file_may_not_give_points_that_people_may_not(
    people: Path, invoke: Invoke, home: Path
) -> None:
    invoke("config", "set", "activities.editable_points", "off")
    (home / "log.csv").write_text(LOG)
    done = invoke("activities", "import", "log.csv")
    assert done.code == 1
    assert listed(invoke) == []
    assert imported(invoke, "log.csv", "--map", "points=")["inserted"] == 3


def test_a_file_without_what_it_needs_is_refused(people: Path, invoke: Invoke, home: Path) -> None:
    (home / "log.csv").write_text("type,contact\nmeeting,1\n")
    done = invoke("activities", "import", "log.csv")
    assert done.code == 2
    assert "`at`" in done.stderr


def test_a_key_tells_activities_apart_and_what_it_finds_is_updated(
    people: Path, invoke: Invoke, home: Path
) -> None:
    text = "type,contact,at,subject,Ref\nmeeting,Ann Lee,2026-11-03 10:00,{},A1\n"
    text += "meeting,Ann Lee,2026-11-03 10:00,Visit,A2\n"
    (home / "a.csv").write_text(text.format("Visit"))
    (home / "b.csv").write_text(text.format("Talk"))
    assert imported(invoke, "a.csv", "--key", "Ref")["inserted"] == 2
    done = imported(invoke, "b.csv", "--key", "Ref")
    assert (done["updated"], done["unchanged"]) == (1, 1)
    assert [row["subject"] for row in listed(invoke)] == ["Talk", "Visit"]
    assert imported(invoke, "b.csv", "--key", "Ref")["change"] is None
    (home / "c.csv").write_text(text.replace("A1", "").format("Talk"))
    assert imported(invoke, "c.csv", "--key", "Ref")["rejected"] == 1


def test_a_row_that_says_otherwise_of_the_same_activity_is_rejected(
    people: Path, invoke: Invoke, home: Path
) -> None:
    (home / "a.csv").write_text(
        "external_id,type,contact,at,points\n7,call,Ann Lee,2026-11-03,1\n"
        "7,call,Ann Lee,2026-11-03,2\n7,call,Ann Lee,2026-11-03,\n"
    )
    for inserted, unchanged in ((1, 1), (0, 2)):
        done = imported(invoke, "a.csv")
        assert (done["inserted"], done["updated"], done["unchanged"]) == (inserted, 0, unchanged)
        assert done["rejected"] == 1
    assert "line 2 says otherwise of the same activity" in (home / "a.rejects.csv").read_text()


def test_files_without_a_header_and_in_another_encoding_and_sheets_are_read(
    people: Path, invoke: Invoke, home: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    invoke("contacts", "add", "Jürgen")
    (home / "old.csv").write_bytes("call;Jürgen;2026-11-03\n".encode("cp850"))
    words = ("--encoding", "cp850", "--no-header", "--columns", "type,contact,at")
    assert imported(invoke, "old.csv", *words)["inserted"] == 1
    workbook = openpyxl.Workbook()
    workbook.active.append(["nothing"])
    sheet = workbook.create_sheet("Log")
    for row in (["type", "contact", "at"], ["email", "Jürgen", "2026-11-04"]):
        sheet.append(row)
    workbook.save(home / "log.xlsx")
    assert imported(invoke, "log.xlsx", "--sheet", "Log")["inserted"] == 1
    assert [row["contact"] for row in listed(invoke)] == ["Jürgen", "Jürgen"]
