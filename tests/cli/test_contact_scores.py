"""Scoring contacts as people and scripts do it: by hand, by filter, from a file; the history."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Invoke = Callable[..., Any]


@pytest.fixture
def contacts(db: Path, home: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> Path:
    """Two people and a score type of one's own with two decimals."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    (home / "scoring.toml").write_text(
        '[contact_scores.fit]\nmin = -10\nmax = 10\ndecimals = 2\nlabel = "Good fit"\n'
    )
    assert invoke("contacts", "add", "Ann", "Lee", "--kind", "lead", "--source", "fair").code == 0
    assert invoke("contacts", "add", "Bob", "Ray", "--email", "bob@example.com").code == 0
    return db


def values(invoke: Invoke, *terms: object) -> list[dict[str, Any]]:
    """The numbers, scores and points of contacts, the oldest first."""
    columns = "id,score,score.fit,points"
    done = invoke("contacts", "list", *terms, "--columns", columns, "--sort", "id", "-f", "json")
    assert done.code == 0, done.stderr
    return json.loads(done.stdout)


def test_a_score_is_set_raised_lowered_and_taken_away(contacts: Path, invoke: Invoke) -> None:
    assert invoke("contacts", "score", 1, 2, 80).code == 0
    assert invoke("contacts", "score", "Ann Lee", "+5").code == 0
    assert invoke("contacts", "score", 2, -10).code == 0
    assert invoke("contacts", "score", 2, "--type", "fit", "7.25").code == 0
    found = [(row["score"], row["score.fit"]) for row in values(invoke)]
    assert found == [(85, None), (70, 7.25)]
    assert invoke("contacts", "score", 2, "none").code == 0
    assert values(invoke)[1]["score"] is None


def test_a_value_below_zero_is_set_with_an_equals_sign(contacts: Path, invoke: Invoke) -> None:
    assert invoke("contacts", "score", 1, "=-3.5", "--type", "fit").code == 0
    assert invoke("contacts", "score", 1, -1, "--type", "fit").code == 0
    assert values(invoke)[0]["score.fit"] == -4.5


def test_values_are_shown_with_the_decimals_of_their_type(contacts: Path, invoke: Invoke) -> None:
    done = invoke("contacts", "score", 1, "7.5", "--type", "fit")
    assert done.stdout.splitlines()[1] == "1\t\t7.50"
    assert '"score.fit": 7.5,' in invoke("contacts", "list", "-f", "json").stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ([1, 2, "+50"], 1, "80 +50 = 130 is outside the range"),
        ([1, 2, "101"], 1, "0 to 100"),
        ([1, 2, "7.5"], 1, "is a whole number"),
        ([1, 2, "many"], 2, "'many' is not a score"),
        ([1, 2, "1e2"], 2, "not a score"),
        ([1, 2, "NaN"], 2, "not a score"),
        ([1, 2, "7,5"], 2, "not a score"),
        ([1, 2, "5", "--type", "fitt"], 1, "Did you mean fit?"),
        ([1, 99, "5"], 1, "There is no contact 99"),
        (["80"], 2, "Name the contacts"),
    ],
)
def test_what_cannot_be_a_score_is_refused_and_nothing_is_written(
    contacts: Path, invoke: Invoke, words: list[object], code: int, says: str
) -> None:
    invoke("contacts", "score", 1, 80)
    done = invoke("contacts", "score", *words)
    assert done.code == code
    assert says in done.stderr
    assert [row["score"] for row in values(invoke)] == [80, None]


def test_contacts_are_scored_by_a_filter_after_asking(contacts: Path, invoke: Invoke) -> None:
    where = ("contacts", "score", "--where", "id:1..2", "+5")
    assert invoke(*where).code == 1  # nobody can be asked
    dry = invoke(*where, "--dry-run")
    assert dry.code == 0
    assert "2 contacts would change" in dry.stderr
    assert [row["score"] for row in values(invoke)] == [None, None]
    assert invoke(*where, "--yes").code == 0
    assert [row["score"] for row in values(invoke)] == [5, 5]


def test_contacts_that_cannot_take_it_are_left_out_on_demand(
    contacts: Path, invoke: Invoke
) -> None:
    invoke("contacts", "score", 1, 98)
    done = invoke("contacts", "score", 1, 2, "+5", "--keep-going")
    assert done.code == 3
    assert "Left out: Contact 1" in done.stderr
    assert [row["score"] for row in values(invoke)] == [98, 5]


def test_contacts_are_filtered_and_sorted_by_any_score(contacts: Path, invoke: Invoke) -> None:
    invoke("contacts", "score", 1, 80)
    invoke("contacts", "score", 2, "--type", "fit", "=-2.5")
    assert [row["id"] for row in values(invoke, "score:80..")] == [1]
    assert [row["id"] for row in values(invoke, "score:>80")] == []
    assert [row["id"] for row in values(invoke, "score.fit:..-2.5")] == [2]
    assert [row["id"] for row in values(invoke, "score.fit:none")] == [1]
    done = invoke("contacts", "list", "--sort", "score.fit-", "--columns", "id", "-f", "csv")
    assert done.stdout.split() == ["id", "2", "1"]
    assert "Did you mean score.fit" in invoke("contacts", "list", "score.fid:1").stderr


def test_scores_stay_in_the_house(contacts: Path, invoke: Invoke) -> None:
    invoke("contacts", "score", 1, 80)
    assert "score" in invoke("contacts", "export").stdout.splitlines()[0]
    assert "score" not in invoke("contacts", "export", "--public").stdout.splitlines()[0]


def test_the_history_has_every_value_with_who_and_why_and_ends_with_the_one_that_holds(
    contacts: Path, invoke: Invoke
) -> None:
    invoke("contacts", "score", 1, 80, "--reason", "long talk", "--as", "dana")
    invoke("contacts", "score", 1, "+10")
    invoke("undo")
    rows = json.loads(invoke("contacts", "history", 1, "-f", "json").stdout)
    assert [(row["before"], row["after"]) for row in rows] == [(None, 80), (80, 90), (90, 80)]
    assert (rows[0]["who"], rows[0]["reason"]) == ("dana", "long talk")
    assert rows[1]["undone_by"] == rows[2]["change"]
    assert rows[-1]["after"] == values(invoke)[0]["score"]
    table = invoke("contacts", "history", 1, "-f", "table")
    assert table.stdout.startswith("Score: ")


def test_a_contact_shows_its_scores_in_its_head(contacts: Path, invoke: Invoke) -> None:
    invoke("contacts", "score", 1, "9.5", "--type", "fit")
    lines = invoke("contacts", "show", 1).stdout.splitlines()
    assert "Good fit\t9.50" in lines[:8]


# --- from a file


def test_a_file_scores_contacts_and_the_same_file_twice_changes_nothing(
    contacts: Path, invoke: Invoke, home: Path
) -> None:
    (home / "s.csv").write_text(
        "contact,score,Good fit,reason\n1,70,-2.5,fair\nbob@example.com,none,1,\n"
    )
    invoke("contacts", "score", 2, 50)
    done = invoke("contacts", "score", "--from", "s.csv", "-f", "json")
    summary = json.loads(done.stdout)
    assert (summary["updated"], summary["unchanged"], summary["rejected"]) == (2, 0, 0)
    assert [(row["score"], row["score.fit"]) for row in values(invoke)] == [(70, -2.5), (None, 1)]
    again = json.loads(invoke("contacts", "score", "--from", "s.csv", "-f", "json").stdout)
    assert (again["updated"], again["unchanged"], again["change"]) == (0, 2, None)
    assert "fair" in invoke("contacts", "history", 1).stdout


def test_bad_rows_land_in_a_rejects_file_and_good_ones_are_written(
    contacts: Path, invoke: Invoke, home: Path
) -> None:
    (home / "s.csv").write_text(
        "contact,score,fit\n1,70,1\n1,101,2\n2,+5,\nNobody,5,\n,5,\n2,7.5,\n2,,1.234\n"
    )
    done = invoke("contacts", "score", "--from", "s.csv")
    assert done.code == 3
    rejects = (home / "s.rejects.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in rejects[1:]] == ["1", "2", "Nobody", "", "2", "2"]
    found = [(row["score"], row["score.fit"]) for row in values(invoke)]
    assert found == [(70, 1), (None, None)]  # of a bad row nothing is set


def test_a_file_with_two_values_for_one_score_sets_the_first_and_changes_nothing_again(
    contacts: Path, invoke: Invoke, home: Path
) -> None:
    (home / "s.csv").write_text(
        "contact,score,fit,reason\n1,70,1,a\n1,70,,same\n1,80,2,other\n1,,1,same\n"
    )
    done = invoke("contacts", "score", "--from", "s.csv")
    assert done.code == 3
    rejects = (home / "s.rejects.csv").read_text().splitlines()
    assert rejects[1:] == ["1,80,2,other,4,score,line 2 gives contact 1 another value"]
    assert (values(invoke)[0]["score"], values(invoke)[0]["score.fit"]) == (70, 1)
    again = json.loads(invoke("contacts", "score", "--from", "s.csv", "-f", "json").stdout)
    assert (again["updated"], again["unchanged"], again["change"]) == (0, 3, None)


def test_a_file_may_name_the_type_in_a_column(contacts: Path, invoke: Invoke, home: Path) -> None:
    (home / "s.csv").write_text("contact,type,value\n1,fit,3\n1,score,4\n1,fat,4\n")
    assert invoke("contacts", "score", "--from", "s.csv").code == 3
    first = values(invoke)[0]
    assert (first["score"], first["score.fit"]) == (4, 3)


def test_a_dry_run_of_a_file_writes_nothing(contacts: Path, invoke: Invoke, home: Path) -> None:
    (home / "s.csv").write_text("contact,score\n1,70\n9,1\n")
    done = invoke("contacts", "score", "--from", "s.csv", "--dry-run")
    assert done.code == 3
    assert not (home / "s.rejects.csv").exists()
    assert values(invoke)[0]["score"] is None


@pytest.mark.parametrize("header", ["score\n1\n", "contact,town\n1,x\n"])
def test_a_file_that_cannot_serve_is_refused(
    contacts: Path, invoke: Invoke, home: Path, header: str
) -> None:
    (home / "s.csv").write_text(header)
    assert invoke("contacts", "score", "--from", "s.csv").code == 2
