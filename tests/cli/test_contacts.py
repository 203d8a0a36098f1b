"""Contacts through the installed command: what people see, and what must not leave the house."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("sqlmodel", "sqlalchemy", "pydantic", "rich")


@pytest.fixture(autouse=True)
def _database(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECLI_DB", str(db))


@pytest.mark.parametrize("output_format", ["json", "ndjson", "csv", "tsv", "markdown", "table"])
def test_a_public_export_has_nothing_internal_in_any_format(invoke, output_format: str) -> None:
    invoke("users", "add", "Olivia Owner")
    invoke(
        "contacts", "add", "Ann", "Lee", "--owner", "Olivia Owner", "--note", "secret note",
        "--extra", "Rating=secret extra", "--city", "Hull", "--email", "ann@example.com",
    )  # fmt: skip
    invoke("contacts", "score", "1", "77")
    invoke("activities", "add", "meeting", "--contact", "1", "--points", "4321")
    shown = invoke("contacts", "export", "--public", "--format", output_format)
    assert shown.code == 0, shown.stderr
    assert "Ann Lee" in shown.stdout
    for internal in ("Olivia", "secret", "77", "4321", "owner", "note", "score", "points", "Owner"):
        assert internal not in shown.stdout
    whole = invoke("contacts", "export", "--format", "json").stdout
    assert all(text in whole for text in ("Olivia", "secret note", "77"))


@pytest.mark.parametrize("column", ["owner", "note", "score", "points", "extra"])
def test_an_internal_column_is_refused_in_a_public_export(invoke, column: str) -> None:
    invoke("contacts", "add", "Ann", "Lee")
    refused = invoke("contacts", "export", "--public", "--columns", f"name,{column}")
    assert refused.code == 2


def test_deleting_and_erasing_ask(invoke) -> None:
    invoke("contacts", "add", "Ann", "Lee")
    for command in ("delete", "erase"):
        refused = invoke("contacts", command, "1", "--no-input")
        assert refused.code == 1
        assert "--yes" in refused.stderr
    assert json.loads(invoke("contacts", "list", "--format", "json").stdout)[0]["name"] == "Ann Lee"
    done = invoke("contacts", "erase", "1", "--yes")
    assert "Backups" in done.stderr
    assert invoke("undo").code == 1


def test_a_changed_region_is_applied_to_what_is_stored_and_taken_back(invoke) -> None:
    invoke("contacts", "add", "Ann", "Lee", "--phone", "0191 498 0123")
    invoke("calls", "add", "--started-at", "2026-11-03 10:00", "--number", "0191 498 0123")
    assert json.loads(invoke("calls", "show", "1", "--format", "json").stdout)["contact"] is None
    invoke("config", "set", "phone.region", "GB")
    assert "1 call and 1 contact would" in invoke("db", "renormalise", "--dry-run").stderr
    invoke("db", "renormalise")
    assert json.loads(invoke("calls", "show", "1", "--format", "json").stdout)["contact"] == 1
    assert "0 calls and 0 contacts" in invoke("db", "renormalise").stderr
    invoke("undo")
    assert json.loads(invoke("calls", "show", "1", "--format", "json").stdout)["contact"] is None


def test_a_call_without_a_name_shows_the_contact_it_links_to(invoke) -> None:
    invoke("contacts", "add", "Ann", "Lee", "--phone", "+12125550123")
    invoke("calls", "add", "--started-at", "2026-11-03 10:00", "--number", "+12125550123")
    assert "Ann Lee" in invoke("calls", "list").stdout
    rows = json.loads(
        invoke("calls", "list", "contact:1", "--columns", "id,contact", "-f", "json").stdout
    )
    assert rows == [{"id": 1, "contact": 1}]


def test_merging_asks_for_scores_that_differ_and_a_script_says_which(invoke) -> None:
    invoke("contacts", "add", "Ann", "Lee")
    invoke("contacts", "add", "Ann", "Leigh")
    invoke("contacts", "score", "1", "80")
    invoke("contacts", "score", "2", "60")
    assert "--keep" in invoke("contacts", "merge", "1", "2").stderr
    assert invoke("contacts", "merge", "1", "2", "--keep", "second").code == 0
    (left,) = json.loads(invoke("contacts", "list", "--format", "json").stdout)
    assert left["score"] == 60
    invoke("undo")
    both = json.loads(invoke("contacts", "list", "--format", "json").stdout)
    assert [contact["score"] for contact in both] == [60, 80]


def test_listing_and_showing_contacts_load_nothing_heavy(invoke) -> None:
    invoke("contacts", "add", "Ann", "Lee")
    for words in (["list"], ["show", "1"], ["list", "kind:lead"]):
        code = (
            "import sys; from scorecli.cli.main import run; run(sys.argv[1:]);"
            "print([m for m in sys.modules], file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "contacts", *words, "--format", "json"],
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = done.stderr
        assert not [name for name in HEAVY if f"'{name}'" in loaded]


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_an_export_comes_back_as_it_was_and_changes_nothing(
    invoke, home: Path, ending: str
) -> None:
    invoke(
        "contacts", "add", "Ann", "Lee", "--company", "ACME", "--extra", "Page=x",
        "--phone", "+12125550123", "--phone", "5551",
    )  # fmt: skip
    invoke("contacts", "export", "--output", f"all.{ending}")
    again = json.loads(invoke("contacts", "import", f"all.{ending}", "-f", "json").stdout)
    assert (again["unchanged"], again["change"]) == (1, None)
    other = ("--db", str(home / "other.db"))
    invoke("contacts", "import", f"all.{ending}", *other)
    (ann,) = json.loads(invoke("contacts", "list", "--format", "json", *other).stdout)
    assert (ann["company"], ann["extra"]) == ("ACME", {"Page": "x"})
    assert ann["numbers"] == ["+12125550123", "5551"]
