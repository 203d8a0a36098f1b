"""Scores in a file of contacts: mapped, limited, kept with their reason, protected and undone."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Invoke = Callable[..., Any]
SETTINGS = """
[contact_scores.fit]
label = "Good fit"
min = -5
max = 10
decimals = 1
"""
PEOPLE = "external_id,name,Score,Good fit\n1,Ann Lee,80,-2.5\n2,Bob Roe,0,\n3,Cy Park,,10\n"


@pytest.fixture(autouse=True)
def _settings(db: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECLI_DB", str(db))
    (home / "scoring.toml").write_text(SETTINGS)
    (home / "people.csv").write_text(PEOPLE)


def imported(invoke: Invoke, *words: str) -> dict[str, Any]:
    done = invoke("contacts", "import", *words, "-f", "json")
    assert done.code in (0, 3), done.stderr
    return json.loads(done.stdout)


def scores(invoke: Invoke) -> list[tuple[Any, Any]]:
    shown = invoke("contacts", "export", "--columns", "external_id,score,score.fit", "-f", "json")
    found = sorted(json.loads(shown.stdout), key=lambda row: row["external_id"])
    return [
        tuple(None if row[name] is None else float(row[name]) for name in ("score", "score.fit"))
        for row in found
    ]


ALL = [(80.0, -2.5), (0.0, None), (None, 10.0)]


def test_scores_come_by_the_name_or_the_label_of_their_type_and_once(invoke: Invoke) -> None:
    done = imported(invoke, "people.csv")
    assert (done["inserted"], done["unmapped"]) == (3, [])
    assert scores(invoke) == ALL
    again = imported(invoke, "people.csv")
    assert (again["unchanged"], again["change"]) == (3, None)
    history = invoke("contacts", "history", "1", "-f", "json").stdout
    assert "imported from people.csv" in history


def test_an_export_brings_the_scores_into_another_database(
    invoke: Invoke, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(invoke, "people.csv")
    for form in ("csv", "json"):
        (home / f"out.{form}").write_text(invoke("contacts", "export", "-f", form).stdout)
        monkeypatch.setenv("SCORECLI_DB", str(home / f"{form}.db"))
        assert imported(invoke, f"out.{form}")["inserted"] == 3
        assert scores(invoke) == ALL


def test_a_score_that_cannot_be_rejects_its_row_with_the_reason(invoke: Invoke, home: Path) -> None:
    (home / "bad.csv").write_text("name,score,fit\nAnn,101,\nBob,much,\nCy,,1.25\nDan,7,7\n")
    done = imported(invoke, "bad.csv")
    assert (done["inserted"], done["rejected"]) == (1, 3)
    rows = list(csv.DictReader((home / "bad.rejects.csv").open()))
    assert [(row["line"], row["field"]) for row in rows] == [
        ("2", "score"), ("3", "score"), ("4", "fit"),
    ]  # fmt: skip
    assert "0 to 100" in rows[0]["error"]
    assert "much" in rows[1]["error"]


def test_undo_takes_scores_back_and_brings_them_again(invoke: Invoke, home: Path) -> None:
    imported(invoke, "people.csv")
    (home / "later.csv").write_text("external_id,score.fit\n1,3\n4,4\n")
    imported(invoke, "later.csv")
    for expected in ([*ALL], [(80.0, 3.0), *ALL[1:], (None, 4.0)]):
        assert invoke("undo", "2" if expected == ALL else "3").code == 0
        assert scores(invoke) == expected
    assert invoke("db", "check").code == 0


def test_a_score_that_a_person_gave_is_kept_unless_told_otherwise(invoke: Invoke) -> None:
    imported(invoke, "people.csv")
    invoke("contacts", "score", "1", "55")
    assert imported(invoke, "people.csv")["change"] is None
    assert scores(invoke)[0] == (55.0, -2.5)
    assert imported(invoke, "people.csv", "--overwrite")["updated"] == 1
    assert scores(invoke) == ALL


def test_empty_cells_clear_scores_only_where_asked(invoke: Invoke, home: Path) -> None:
    imported(invoke, "people.csv")
    (home / "empty.csv").write_text("external_id,score\n1,\n")
    assert imported(invoke, "empty.csv")["change"] is None
    assert imported(invoke, "empty.csv", "--clear-empty")["updated"] == 1
    assert scores(invoke)[0] == (None, -2.5)


def test_a_column_may_be_kept_from_being_a_score_and_another_be_one(
    invoke: Invoke, home: Path
) -> None:
    (home / "crm.csv").write_text("name,Score,Rank\nAnn,hot,9.5\n")
    done = imported(invoke, "crm.csv", "--map", "score=", "--map", "score.fit=Rank")
    assert (done["inserted"], done["unmapped"]) == (1, ["Score"])
    refused = invoke("contacts", "import", "crm.csv", "--key", "Rank", "--map", "score.fit=Rank")
    assert refused.code == 2
    assert "is a score" in refused.stderr
