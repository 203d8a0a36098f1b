from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

Run = Any
CallLog = Any

LONDON = "+442079460018"
NEW_YORK = "+12125550123"


@pytest.fixture(autouse=True)
def _database(call_log: CallLog) -> None:
    """Every test has a call log of its own."""


def found(invoke: Run, *words: str) -> Any:
    return json.loads(invoke(*words, "--format", "json").stdout)


def listed(invoke: Run) -> list[str]:
    return sorted(row["number"] for row in found(invoke, "dnc", "list"))


def test_numbers_compare_in_normalised_form(invoke: Run) -> None:
    done = invoke("dnc", "add", "(212) 555-0123", "+44 20 7946 0018", "--reason", "by letter")
    assert done.code == 0
    assert "2 numbers are on the do-not-call list now (change 1)." in done.stderr
    assert listed(invoke) == [NEW_YORK, LONDON]
    assert invoke("dnc", "check", "1-212-555-0123").code == 1


def test_check_answers_a_script_with_its_exit_code(invoke: Run) -> None:
    invoke("dnc", "add", NEW_YORK)
    assert invoke("dnc", "check", LONDON).code == 0
    done = invoke("dnc", "check", LONDON, NEW_YORK, "--format", "json")
    assert done.code == 1
    assert [row["do_not_call"] for row in json.loads(done.stdout)] == [False, True]


def test_what_is_no_number_is_never_answered_with_yes_you_may(invoke: Run) -> None:
    assert invoke("dnc", "check", "nobody").code != 0
    assert invoke("dnc", "check", "anonymous").code != 0


def test_numbers_that_cannot_be_normalised_compare_by_their_digits(invoke: Run) -> None:
    invoke("dnc", "add", "211 55")
    assert invoke("dnc", "check", "211-55").code == 1


def test_a_number_may_be_barred_for_one_campaign_alone(invoke: Run) -> None:
    invoke("campaigns", "add", "Spring")
    invoke("campaigns", "add", "Autumn")
    invoke("dnc", "add", NEW_YORK, "--campaign", "spring")
    assert invoke("dnc", "check", NEW_YORK, "--campaign", "Spring").code == 1
    assert invoke("dnc", "check", NEW_YORK, "--campaign", "Autumn").code == 0
    assert invoke("dnc", "check", NEW_YORK).code == 1
    invoke("dnc", "add", NEW_YORK)
    assert invoke("dnc", "check", NEW_YORK, "--campaign", "Autumn").code == 1
    done = invoke("dnc", "remove", NEW_YORK, "--yes")
    assert f'{NEW_YORK} stays on the do-not-call list of "Spring".' in done.stderr


def test_adding_and_removing_twice_changes_nothing(invoke: Run, call_log: CallLog) -> None:
    invoke("dnc", "add", NEW_YORK)
    assert f"{NEW_YORK} was on it already." in invoke("dnc", "add", NEW_YORK).stderr
    assert call_log.changes() == 1
    invoke("dnc", "remove", NEW_YORK, "--yes")
    assert f"{NEW_YORK} was not on it." in invoke("dnc", "remove", NEW_YORK, "--yes").stderr
    assert call_log.changes() == 2


def test_removing_asks_and_every_step_can_be_undone(invoke: Run) -> None:
    invoke("dnc", "add", NEW_YORK)
    assert invoke("dnc", "remove", NEW_YORK).code == 1
    invoke("dnc", "remove", NEW_YORK, "--yes")
    assert listed(invoke) == []
    invoke("undo")
    assert listed(invoke) == [NEW_YORK]
    invoke("undo")
    assert listed(invoke) == []
    invoke("undo", "4")
    assert listed(invoke) == [NEW_YORK]


def test_a_result_puts_the_number_of_its_call_on_the_list_while_the_call_has_it(
    invoke: Run, call_log: CallLog
) -> None:
    call_log.result("DNC", do_not_call=1)
    call_log.result("OTHER")
    call_log.add(contact_number_e164=NEW_YORK, contact_number=NEW_YORK)
    invoke("score", "1", "--result", "DNC")
    [row] = found(invoke, "dnc", "list")
    assert (row["number"], row["call"], row["result"]) == (NEW_YORK, 1, "DNC")
    invoke("score", "1", "--result", "OTHER")
    assert listed(invoke) == []
    invoke("undo")
    assert listed(invoke) == [NEW_YORK]
    invoke("calls", "delete", "1", "--yes")
    assert listed(invoke) == []


def test_a_person_takes_off_what_a_result_put_there_until_a_later_result(
    invoke: Run, call_log: CallLog
) -> None:
    call_log.result("DNC", do_not_call=1)
    for _ in range(2):
        call_log.add(contact_number_e164=NEW_YORK, contact_number=NEW_YORK)
    invoke("score", "1", "--result", "DNC")
    invoke("dnc", "remove", NEW_YORK, "--yes", "--reason", "a mistake")
    assert listed(invoke) == []
    invoke("score", "1", "--note", "anything")
    assert listed(invoke) == []
    invoke("score", "2", "--result", "DNC")
    assert listed(invoke) == [NEW_YORK]
    invoke("score", "2", "--result", "none")
    assert listed(invoke) == []


def test_the_history_of_a_number_says_who_when_and_why(invoke: Run, call_log: CallLog) -> None:
    call_log.result("DNC", do_not_call=1)
    call_log.add(contact_number_e164=NEW_YORK, contact_number=NEW_YORK)
    invoke("dnc", "add", NEW_YORK, "--reason", "by letter", "--as", "Ann")
    invoke("dnc", "remove", NEW_YORK, "--yes", "--as", "Bob")
    invoke("score", "1", "--result", "DNC", "--as", "Cem")
    invoke("undo", "2")
    rows = found(invoke, "dnc", "history", "212 555 0123")
    assert [(row["action"], row["who"], row["reason"], row["call"]) for row in rows] == [
        ("added", "Ann", "by letter", None),
        ("removed", "Bob", None, None),
        ("added", "Cem", None, 1),
    ]
    assert [row["undone_by"] for row in rows] == [None, 4, None]


def test_a_file_is_imported_as_one_change_and_twice_changes_nothing(
    invoke: Run, call_log: CallLog, tmp_path: Path
) -> None:
    file = tmp_path / "dnc.csv"
    file.write_text(
        f"Name,Phone,Reason\nAnn,{LONDON},letter\nBob,212-555-0123,\nX,none,\nC,{LONDON},\n"
    )
    done = invoke("dnc", "import", file, "--reason", "bought list", "--format", "json")
    assert done.code == 3
    figures = json.loads(done.stdout)
    assert [figures[name] for name in ("read", "added", "unchanged", "repeated", "rejected")] == [
        4, 2, 0, 1, 1
    ]  # fmt: skip
    assert "'none' is no telephone number." in Path(figures["rejects_file"]).read_text()
    rows = found(invoke, "dnc", "list")
    assert {row["number"]: row["reason"] for row in rows} == {
        LONDON: "letter", NEW_YORK: "bought list"
    }  # fmt: skip
    again = json.loads(invoke("dnc", "import", file, "--format", "json").stdout)
    assert (again["added"], again["unchanged"], again["change"]) == (0, 2, None)
    assert call_log.changes() == 1
    invoke("undo")
    assert listed(invoke) == []
    assert json.loads(invoke("dnc", "import", file, "--format", "json").stdout)["added"] == 2


def test_a_bare_list_of_numbers_needs_no_header(invoke: Run, tmp_path: Path) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text(f"{LONDON}\n{NEW_YORK}\n")
    assert invoke("dnc", "import", file).code == 0
    assert listed(invoke) == [NEW_YORK, LONDON]


def test_a_file_without_a_known_column_is_refused(invoke: Run, tmp_path: Path) -> None:
    file = tmp_path / "dnc.csv"
    file.write_text(f"a,b\n1,{LONDON}\n")
    done = invoke("dnc", "import", file)
    assert done.code == 1
    assert "--column NAME" in done.stderr
    assert invoke("dnc", "import", file, "--column", "b").code == 0


def test_a_dry_run_changes_nothing(invoke: Run, call_log: CallLog, tmp_path: Path) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text(f"{LONDON}\n")
    assert invoke("dnc", "import", file, "--dry-run").code == 0
    assert invoke("dnc", "add", LONDON, "--dry-run").code == 0
    assert call_log.changes() == 0
    assert listed(invoke) == []
