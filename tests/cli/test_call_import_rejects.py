"""What `calls import` says about bad rows, and what becomes of them when they are mended."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

UNRATED = (
    "Agent,Rating,City\n" + "".join(f"A{n},0,Ulm\n" for n in range(3)) + "Dana,9,Ulm\nSam,4,Bonn\n"
)


@pytest.fixture
def imports(db: Path, invoke: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `calls import` on the test's database."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    return lambda *words: invoke("calls", "import", *words)


@pytest.fixture
def listed(invoke: Any) -> Any:
    """Return what scripts get of all calls, oldest number first."""
    return lambda: json.loads(invoke("calls", "list", "--sort", "id", "--format", "json").stdout)


def rejected(home: Path, name: str = "calls.rejects.csv") -> list[dict[str, str]]:
    with (home / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mend(home: Path, name: str, found: str, written: str) -> None:
    path = home / name
    path.write_text(path.read_text().replace(found, written))


def test_a_rating_of_zero_names_the_way_to_read_it_as_unrated(home: Path, imports: Any) -> None:
    (home / "calls.csv").write_text(UNRATED)
    done = imports("calls.csv")
    assert done.code == 3
    assert "--missing stars=0" in rejected(home)[0]["error"]
    assert "--missing" not in rejected(home)[3]["error"]


def test_the_reason_that_most_bad_rows_share_is_named_with_its_count(
    home: Path, imports: Any
) -> None:
    (home / "calls.csv").write_text(UNRATED)
    done = imports("calls.csv", "--dry-run")
    assert "3 of the 4 bad rows of calls.csv have the same reason in Rating: '0'" in done.stderr
    assert "--missing stars=0" in done.stderr


def test_bad_rows_with_a_reason_each_name_none_as_the_commonest(home: Path, imports: Any) -> None:
    (home / "calls.csv").write_text("Agent,Rating\nDana,8\nSam,9\n")
    assert "same reason" not in imports("calls.csv").stderr


def test_a_missing_word_of_one_field_leaves_the_other_fields_alone(
    home: Path, imports: Any, listed: Any
) -> None:
    (home / "calls.csv").write_text("Agent,Rating,Duration\n0,0,0\nDana,4,70\n")
    assert imports("calls.csv", "--missing", "stars=0").code == 0
    assert [(c["agent"], c["stars"], c["duration"]) for c in listed()] == [
        ("0", None, 0),
        ("Dana", 4, 70),
    ]


def test_a_plain_missing_word_stands_beside_one_of_a_field(
    home: Path, imports: Any, listed: Any
) -> None:
    (home / "calls.csv").write_text("Agent,Rating,Note\nn/k,0,0\nDana,n/k,a=b\n")
    done = imports("calls.csv", "--missing", "n/k", "--missing", "stars=0", "--missing", "a=b")
    assert done.code == 0
    assert [(c["agent"], c["stars"], c["note"]) for c in listed()] == [
        (None, None, "0"),
        ("Dana", None, None),
    ]


def test_a_misspelt_field_of_a_missing_word_is_refused_with_the_nearest(
    home: Path, imports: Any
) -> None:
    (home / "calls.csv").write_text(UNRATED)
    done = imports("calls.csv", "--missing", "star=0")
    assert done.code == 2
    assert "stars" in done.stderr


def test_the_sign_of_another_currency_names_the_option_for_it(home: Path, imports: Any) -> None:
    (home / "calls.csv").write_text("Agent,Amount\nDana,\u20ac5\n")
    imports("calls.csv")
    assert "--set currency=EUR" in rejected(home)[0]["error"]


def test_a_mended_rejects_file_brings_the_calls_that_the_file_itself_would(
    home: Path, imports: Any, listed: Any
) -> None:
    (home / "calls.csv").write_text(UNRATED)
    imports("calls.csv")
    mend(home, "calls.rejects.csv", ",0,", ",5,")
    imports("calls.rejects.csv")
    again = "calls.rejects.rejects.csv"
    mend(home, again, ",9,", ",3,")  # bad rows of a rejects file have two sets of reasons
    done = imports(again)
    assert "1 inserted" in done.stderr
    assert all(set(call["extra"]) == {"City"} for call in listed())
    mended = UNRATED.replace(",0,", ",5,").replace(",9,", ",3,")
    (home / "calls.csv").write_text(mended)
    assert "0 inserted, 0 updated, 5 unchanged" in imports("calls.csv").stderr


def test_what_a_rejects_file_adds_is_no_column_of_a_dry_run(home: Path, imports: Any) -> None:
    (home / "calls.csv").write_text(UNRATED)
    imports("calls.csv")
    shown = imports("calls.rejects.csv", "--dry-run").stdout
    assert "City" in shown
    assert "error" not in shown


def test_columns_named_like_those_of_a_rejects_file_elsewhere_are_kept(
    home: Path, imports: Any, listed: Any
) -> None:
    (home / "calls.csv").write_text("line,field,error,Agent\n1,x,y,Dana\n")
    imports("calls.csv")
    assert listed()[0]["extra"] == {"line": "1", "field": "x", "error": "y"}
