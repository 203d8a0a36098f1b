"""What commands say besides their data: advice, what changed, and what to do about a mistake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

CALLS = "Call ID,Agent\nA1,Dana\n"


@pytest.fixture
def home_with_calls(home: Path, db: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCORECLI_DB", str(db))
    (home / "calls.csv").write_text(CALLS)
    (home / "more.csv").write_text(CALLS.replace("A1", "B1"))
    return home


@pytest.mark.usefixtures("home_with_calls")
def test_the_next_commands_are_offered_after_the_first_import_only(invoke: Any) -> None:
    assert "Next: scorecli calls list" in invoke("calls", "import", "calls.csv").stderr
    more = invoke("calls", "import", "more.csv")
    assert "1 inserted" in more.stderr
    assert "Next:" not in more.stderr


@pytest.mark.usefixtures("home_with_calls")
def test_a_dry_run_heads_the_columns_of_each_file_with_its_name_where_they_are(
    invoke: Any,
) -> None:
    done = invoke("calls", "import", "calls.csv", "more.csv", "--dry-run")
    first, second = done.stdout.split("\n\n")
    assert first.splitlines()[:2] == ["calls.csv, profile generic:", "Column\tField\tSamples"]
    assert second.splitlines()[:2] == ["more.csv, profile generic:", "Column\tField\tSamples"]
    assert "profile generic" not in done.stderr


def test_a_file_name_is_not_obeyed_in_the_heading_of_a_dry_run(
    home_with_calls: Path, invoke: Any
) -> None:
    name = "a\x1b[31m.csv"
    (home_with_calls / name).write_text(CALLS)
    assert "\x1b" not in invoke("calls", "import", name, "--dry-run").stdout


@pytest.mark.parametrize(
    "options", [("--note", "x"), ("--result", "NO"), ("--call-tag", "vip"), ("--note", "none")]
)
def test_what_the_score_cell_does_not_show_is_said_to_have_changed(
    call_log: Any, invoke: Any, options: tuple[str, ...]
) -> None:
    call_log.result("NO")
    call_log.add(note="y")
    done = invoke("score", "1", *options)
    assert done.stdout == "·\n"
    assert done.stderr == "1 call changed, 0 unchanged (change 1).\n"
    again = invoke("score", "1", *options)
    assert again.stderr == "0 calls changed, 1 unchanged.\n"


def test_quiet_silences_what_changed_and_a_rating_speaks_for_itself(
    call_log: Any, invoke: Any
) -> None:
    call_log.add()
    assert invoke("-q", "score", "1", "--note", "x").stderr == ""
    assert invoke("score", "1", "--stars", "4").stderr == ""


def test_undo_announces_the_time_as_tables_show_it(call_log: Any, invoke: Any) -> None:
    call_log.add()
    invoke("score", "1", "--stars", "4")
    said = invoke("undo", "--dry-run").stderr
    assert re.search(r"by tester, \d{4}-\d\d-\d\d \d\d:\d\d: scorecli score", said)


def test_an_amount_with_too_many_decimals_names_how_many_there_may_be(
    call_log: Any, invoke: Any
) -> None:
    call_log.add()
    done = invoke("score", "1", "--converted", "--amount", "12.345")
    assert (done.code, "USD has 2 decimals" in done.stderr) == (2, True)


def test_the_sign_of_another_currency_names_the_setting_with_its_code(
    call_log: Any, invoke: Any
) -> None:
    call_log.add()
    done = invoke("score", "1", "--converted", "--amount", "€5")
    assert "scorecli config set converted_amount.currency EUR" in done.stderr


def test_an_unknown_setting_is_quoted(invoke: Any) -> None:
    assert '"nothing" is not a setting.' in invoke("config", "get", "nothing").stderr


def test_a_missing_choice_is_asked_for_in_one_line(invoke: Any) -> None:
    first, _ = invoke("completion").stderr.splitlines()
    assert first == "Error: Missing argument 'bash|zsh|fish'. Choose from: bash, zsh, fish."


def test_an_unknown_column_is_answered_with_a_few_names_and_where_all_are(
    call_log: Any, invoke: Any
) -> None:
    call_log.add()
    said = invoke("calls", "list", "--columns", "foo").stderr
    assert len(said.splitlines()[1]) < 160
    assert "export --limit 0" in said
    assert invoke("calls", "export", "--limit", "0").stdout.startswith("id,external_id,")
    alike = invoke("calls", "list", "--columns", "tags").stderr
    assert "call_tags" in alike.splitlines()[1]
    assert "Did you mean stars" in invoke("calls", "list", "--columns", "star").stderr


@pytest.mark.usefixtures("home_with_calls")
def test_an_unknown_column_of_contacts_is_answered_with_what_contacts_have(invoke: Any) -> None:
    invoke("contacts", "add", "Ann")
    listed = invoke("contacts", "list", "--columns", "xyz")
    assert "`scorecli contacts export --limit 0` prints all." in listed.stderr
    reported = invoke("report", "contacts", "--sort", "xyz")
    assert "conversions" in reported.stderr
    assert "prints all" not in reported.stderr


@pytest.mark.usefixtures("home_with_calls")
def test_a_column_that_has_no_order_is_not_said_to_be_missing(invoke: Any) -> None:
    invoke("calls", "import", "calls.csv")
    done = invoke("calls", "list", "--sort", "reporting_tags")
    assert done.code == 2
    assert '"reporting_tags" cannot be sorted by.' in done.stderr
    assert "Columns to sort by: " in done.stderr


@pytest.mark.usefixtures("home_with_calls")
def test_a_number_that_is_none_is_refused_in_plain_words(invoke: Any) -> None:
    done = invoke("activities", "add", "meeting", "--contact", "1", "--points", "3.5")
    assert "'3.5' is not a whole number." in done.stderr
