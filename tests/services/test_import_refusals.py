"""Rows whose result the call itself refuses: by its stored campaign, or by the result it has."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors.importing import StrictImportRefused
from scorecli.errors.results import ResultNotOfCampaign

BARE = "call id,start,phone,result\n"
WITH = "call id,start,phone,campaign,result\n"
AUTUMN = "A1,2026-11-02 10:00,+12125550148,Autumn,\n"
SPRING = "A1,2026-11-02 10:00,+12125550148,Spring,\n"
RECALLS = "call id,start,phone,campaign,result,call back at\n"
NINE = 1_794_301_200  # 2026-11-10 9:00 UTC


@pytest.fixture
def log(log: Any) -> Any:
    log.define("NO")
    log.define("YES")
    log.define("BACK", recall=1)
    with sqlite3.connect(log.path) as connection:
        connection.execute(
            "INSERT INTO campaign (name, folded) VALUES ('Spring', 'spring'), ('Autumn', 'autumn')"
        )
        connection.execute("INSERT INTO result_campaign SELECT id, 1 FROM result WHERE code = 'NO'")
    return log


def rejected(log: Any, content: str, **more: Any) -> list[dict[str, str]]:
    summary = log.imports(content, rejects=str(log.folder / "bad.csv"), **more)
    assert summary.read == (
        summary.inserted + summary.updated + summary.unchanged + summary.rejected
    )
    path = log.folder / "bad.csv"
    if not summary.rejected:
        assert not path.exists()
        return []
    with path.open(newline="") as stream:
        found = list(csv.DictReader(stream))
    path.unlink()
    assert len(found) == summary.rejected
    return found


def test_a_result_of_another_campaign_is_refused_by_the_stored_one(log: Any) -> None:
    log.imports(WITH + AUTUMN)
    for content in (
        BARE + "A1,2026-11-02 10:00,+12125550148,no\n",
        WITH + "A1,2026-11-02 10:00,+12125550148,,no\n",
    ):
        [row] = rejected(log, content)
        with pytest.raises(ResultNotOfCampaign) as by_hand:
            log.score(1, result="NO")
        assert row["error"].startswith(by_hand.value.message)
        assert (row["line"], row["field"], row["call id"]) == ("2", "result", "A1")
        assert log.calls("campaign", "result") == [("Autumn", None)]


def test_a_row_that_moves_the_call_to_the_campaign_of_its_result_is_taken(log: Any) -> None:
    log.imports(WITH + AUTUMN)
    assert rejected(log, WITH + SPRING.replace(",\n", ",no\n")) == []
    assert log.calls("campaign", "result") == [("Spring", "NO")]
    [row] = rejected(log, WITH + AUTUMN.replace(",\n", ",no\n"))
    assert "is not for the campaign" in row["error"]


def test_a_campaign_that_a_person_wrote_counts_rather_than_that_of_the_row(log: Any) -> None:
    log.imports(WITH + SPRING)
    log.write("campaign", 1, "Spring", "Autumn")
    [row] = rejected(log, WITH + SPRING.replace(",\n", ",no\n"))
    assert '"Autumn"' in row["error"]
    assert log.calls("campaign", "result") == [("Autumn", None)]


def test_what_a_call_has_already_is_no_reason_to_refuse_its_row(log: Any) -> None:
    log.imports(WITH + SPRING.replace(",\n", ",no\n"))
    log.write("campaign", 1, "Spring", "Autumn")
    assert rejected(log, BARE + "A1,2026-11-02 10:05,+12125550148,no\n") == []
    assert log.calls("started_at", "result") == [("2026-11-02T10:05:00Z", "NO")]


def test_the_other_rows_of_the_same_call_count(log: Any) -> None:
    log.imports(WITH + AUTUMN)
    row = "A1,2026-11-02 10:00,+12125550148,"
    [bad] = rejected(log, BARE + row + "no\n" + row + "yes\n")
    assert bad["line"] == "2"
    assert log.calls("result") == ["YES"]
    [bad] = rejected(log, BARE + row + "back\n" + row + "no\n")
    assert bad["line"] == "3"
    assert log.calls("result") == ["BACK"]


def test_a_first_import_checks_a_later_row_of_the_same_call(log: Any) -> None:
    [bad] = rejected(log, WITH + AUTUMN + "A1,2026-11-02 10:00,+12125550148,,no\n")
    assert bad["line"] == "3"
    assert log.calls("campaign", "result") == [("Autumn", None)]


def test_calls_known_by_start_and_number_are_checked_too(log: Any) -> None:
    log.imports("start,phone,campaign\n2026-11-02 10:00,+12125550148,Autumn\n")
    [bad] = rejected(log, "start,phone,result\n2026-11-02 10:00,+12125550148,no\n")
    assert bad["line"] == "2"
    assert log.calls("result") == [None]


def test_late_refusals_join_those_of_reading_in_one_rejects_file(log: Any) -> None:
    log.imports(WITH + AUTUMN)
    content = BARE + (
        "B1,no time,+12125550149,\nA1,2026-11-02 10:00,+12125550148,no\nB2,2026-11-02,5,yes\n"
    )
    bad = rejected(log, content)
    assert [(row["line"], row["call id"]) for row in bad] == [("2", "B1"), ("3", "A1")]
    summary = log.imports(content, dry_run=True)
    assert (summary.rejected, summary.files[0].rejects_file) == (2, None)


def test_strict_imports_nothing_and_keeps_the_rejects_file(log: Any) -> None:
    log.imports(WITH + AUTUMN)
    before = log.content()
    content = BARE + "A1,2026-11-02 10:00,+12125550148,no\nB2,2026-11-02,5,yes\n"
    with pytest.raises(StrictImportRefused, match="1 row was bad"):
        log.imports(content, strict=True, rejects=str(log.folder / "bad.csv"))
    assert log.content() == before
    assert (log.folder / "bad.csv").exists()


def test_a_second_file_has_a_rejects_file_of_its_own(log: Any) -> None:
    log.imports(WITH + AUTUMN)
    summary = log.imports(
        BARE + "B1,no time,+12125550149,\n",
        BARE + "A1,2026-11-02 10:00,+12125550148,no\n",
        rejects=str(log.folder / "bad.csv"),
    )
    assert [Path(file.rejects_file).name for file in summary.files] == ["bad.csv", "bad-2.csv"]


def test_json_rows_with_other_keys_share_the_rejects_file(log: Any) -> None:
    log.imports(WITH + AUTUMN)
    rows = (
        '{"call id": "B1", "start": "no time"}\n'
        '{"call id": "A1", "start": "2026-11-02 10:00", "phone": "+12125550148", "result": "no"}\n'
    )
    bad = rejected(log, rows, name="rows.json")
    assert [(row["call id"], row.get("result")) for row in bad] == [("B1", ""), ("A1", "no")]


def test_a_time_to_call_again_comes_with_its_result(log: Any, figures: Any) -> None:
    content = RECALLS + "A1,2026-11-02 10:00,+12125550148,,back,2026-11-10 09:00\n"
    log.imports(content)
    assert log.rows("SELECT recall_at FROM call") == [(NINE,)]
    assert figures(log.imports(content)) == (0, 0, 1)
    assert figures(log.imports(content.replace("09:00", "09:30"))) == (0, 1, 0)
    assert log.rows("SELECT recall_at FROM call") == [(NINE + 1800,)]
    log.undo()
    assert log.rows("SELECT recall_at FROM call") == [(NINE,)]
    log.score(1, result="YES")
    assert log.rows("SELECT recall_at FROM call") == [(None,)]


def test_a_time_to_call_again_is_local_in_the_zone_of_the_file(log: Any) -> None:
    content = RECALLS + "A1,2026-11-02 10:00,+12125550148,,back,2026-11-10 09:00\n"
    log.imports(content, time_zone="Europe/Berlin")
    assert log.rows("SELECT recall_at FROM call") == [(NINE - 3600,)]


@pytest.mark.parametrize(
    ("result", "reason"), [("yes", '"YES", which does not call again'), ("", "has no result")]
)
def test_a_time_to_call_again_needs_a_result_that_recalls(
    log: Any, result: str, reason: str
) -> None:
    row = f"A1,2026-11-02 10:00,+12125550148,,{result},2026-11-10 09:00\n"
    for before in (None, AUTUMN):
        if before:
            log.imports(WITH + before)
        [bad] = rejected(log, RECALLS + row)
        assert reason in bad["error"]
        assert bad["field"] == ("call back at")
    assert log.rows("SELECT recall_at FROM call") == [(None,)]


def test_a_stored_result_that_recalls_takes_a_time_from_a_later_file(log: Any) -> None:
    log.imports(WITH + AUTUMN.replace(",\n", ",back\n"))
    row = "A1,2026-11-02 10:00,+12125550148,,,2026-11-10 09:00\n"
    assert rejected(log, RECALLS + row) == []
    assert log.rows("SELECT recall_at FROM call") == [(NINE,)]
    log.imports(WITH + AUTUMN.replace(",\n", ",yes\n"))
    assert log.rows("SELECT recall_at FROM call") == [(None,)]
    log.undo()
    assert log.rows("SELECT recall_at FROM call") == [(NINE,)]


def test_a_time_that_a_person_gave_stays(log: Any, figures: Any) -> None:
    content = RECALLS + "A1,2026-11-02 10:00,+12125550148,,back,2026-11-10 09:00\n"
    log.imports(content)
    log.score(1, recall_at=NINE + 60)
    assert figures(log.imports(content)) == (0, 0, 1)
    assert log.rows("SELECT recall_at FROM call") == [(NINE + 60,)]
    assert figures(log.imports(content, overwrite_scores=True)) == (0, 1, 0)
    assert log.rows("SELECT recall_at FROM call") == [(NINE,)]


def test_a_time_goes_with_the_result_that_the_call_does_not_get(log: Any, figures: Any) -> None:
    log.imports(WITH + AUTUMN)
    log.score(1, result="YES")
    content = RECALLS + "A1,2026-11-02 10:00,+12125550148,,back,2026-11-10 09:00\n"
    assert figures(log.imports(content)) == (0, 0, 1)
    assert log.rows("SELECT recall_at FROM call") == [(None,)]


@pytest.mark.parametrize(
    "name",
    ["recall_at", "Callback Time", "Call back at", "callback_date", "Recall at", "Call again"],
)
def test_the_time_to_call_again_is_known_by_many_names(log: Any, name: str) -> None:
    log.imports(f"call id,result,{name}\nA1,back,2026-11-10T09:00:00Z\n")
    assert log.rows("SELECT recall_at FROM call") == [(NINE,)]


@pytest.mark.parametrize(("word", "kept"), [("Yes", True), ("0000-00-00 00:00:00", False)])
def test_a_word_instead_of_a_time_to_call_again_is_no_reason_to_reject(
    log: Any, word: str, kept: bool
) -> None:
    log.imports(f"call id,result,callback scheduled\nA1,yes,{word}\n")
    assert log.rows("SELECT recall_at FROM call") == [(None,)]
    assert log.extra() == ({"callback scheduled": word} if kept else {})


def test_clearing_empty_cells_clears_it(log: Any) -> None:
    content = RECALLS + "A1,2026-11-02 10:00,+12125550148,,back,2026-11-10 09:00\n"
    log.imports(content)
    log.imports(content.replace("2026-11-10 09:00", ""), clear_empty=True)
    assert log.rows("SELECT recall_at FROM call") == [(None,)]
