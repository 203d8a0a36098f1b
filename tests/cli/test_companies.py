"""Companies listed by the filters that everything else takes, and corrected by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def companies(db: Path, home: Path, monkeypatch: pytest.MonkeyPatch, invoke: Any) -> Path:
    """ACME has 5 points by its own and 3 by its one contact, Bolt none and two contacts."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    for name, company in (("Ann", "ACME"), ("Bob", "Bolt"), ("Cy", "Bolt")):
        assert invoke("contacts", "add", name, "--company", company).code == 0
    invoke("companies", "edit", "Bolt", "--city", "Upper Hull", "--phone", "0191 498 0123")
    invoke("activities", "add", "meeting", "--company", "ACME", "--points", "5")
    invoke("activities", "add", "meeting", "--contact", "Ann", "--points", "3")
    return home


def names(invoke: Any, *terms: str) -> list[str]:
    done = invoke("companies", "list", *terms, "--format", "json")
    assert done.code == 0, done.stderr
    return [row["name"] for row in json.loads(done.stdout)]


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ((), ["ACME", "Bolt"]),
        (("points:8",), ["ACME"]),
        (("points:9..",), []),
        (("points:..0",), ["Bolt"]),
        (("not:points:..0",), ["ACME"]),
        (("contacts:2..",), ["Bolt"]),
        (("name:acme",), ["ACME"]),
        (("city:none",), ["ACME"]),
        (("city:~hull", "phone:any"), ["Bolt"]),
        (("hull",), ["Bolt"]),
        (("BO", "upper"), ["Bolt"]),
        (("any:(acme city:~hull)",), ["ACME", "Bolt"]),
    ],
)
def test_companies_are_filtered_by_points_and_every_other_column(
    companies: Path, invoke: Any, terms: tuple[str, ...], found: list[str]
) -> None:
    assert names(invoke, *terms) == found


def test_points_that_do_not_add_up_on_companies_are_not_there_to_filter_by(
    companies: Path, invoke: Any
) -> None:
    (companies / "scoring.toml").write_text("[activities]\naggregate_companies = false\n")
    assert names(invoke, "points:any") == []
    (companies / "scoring.toml").write_text("[activities]\naggregate_contacts = false\n")
    assert names(invoke, "points:8") == ["ACME"]  # its people count as before


def test_a_field_that_companies_lack_is_refused_with_those_they_have(
    companies: Path, invoke: Any
) -> None:
    done = invoke("companies", "list", "job_title:director")
    assert done.code == 2
    assert 'Unknown field "job_title"' in done.stderr
    assert "COLUMN" not in done.stderr
    assert invoke("companies", "list", "extra.x:1").code == 2
    assert invoke("companies", "list", ".x:1").code == 2


def test_a_saved_filter_may_be_over_companies(companies: Path, invoke: Any) -> None:
    (companies / "scoring.toml").write_text("[filters]\nwarm = 'contacts:1 points:5..'\n")
    assert names(invoke, "@warm") == ["ACME"]
    assert invoke("config", "check").code == 0


def test_a_company_takes_no_telephone_number_without_a_digit(companies: Path, invoke: Any) -> None:
    done = invoke("companies", "edit", "ACME", "--phone", "abc")
    assert done.code == 2
    assert "is no telephone number" in done.stderr
    assert invoke("companies", "edit", "Bolt", "--phone", "none").code == 0
    assert names(invoke, "phone:any") == []
