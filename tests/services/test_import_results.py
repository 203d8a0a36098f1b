"""Results that an import gives: the same checks and the same effects as by hand."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

HEAD = "call id,start,phone,campaign,result,converted,amount\n"
SALE = HEAD + "1,2026-11-02 10:00,+12125550148,Spring,SALE,,250\n"
NO = HEAD + "1,2026-11-02 10:00,+12125550148,Spring,NO,,\n"
SOLD = ("converted", "converted_on", "amount_minor", "result")


@pytest.fixture
def log(log: Any) -> Any:
    log.define("SALE", success=1)
    log.define("SOLD", success=1)
    log.define("NO")
    return log


def campaign(log: Any, *names: str) -> None:
    with sqlite3.connect(log.path) as connection:
        for name in names:
            connection.execute(
                "INSERT INTO campaign (name, folded) VALUES (?, ?)", (name, name.casefold())
            )


def test_a_conversion_made_by_an_imported_result_goes_with_it(log: Any) -> None:
    log.imports(SALE)
    assert log.calls(*SOLD) == [(1, "2026-11-02", 25000, "SALE")]
    log.score(1, result="NO")
    assert log.calls(*SOLD) == [(0, None, 25000, "NO")]  # the amount is what the file says


def test_a_conversion_that_the_file_says_stays(log: Any) -> None:
    log.imports(SALE.replace("SALE,,", "SALE,yes,"))
    log.score(1, result="NO")
    assert log.calls(*SOLD) == [(1, "2026-11-02", 25000, "NO")]


def test_a_conversion_that_somebody_touched_since_stays(log: Any) -> None:
    log.imports(SALE)
    log.score(1, amount=30000)
    log.score(1, result="NO")
    assert log.calls(*SOLD) == [(1, "2026-11-02", 30000, "NO")]


def test_an_import_that_replaces_a_result_takes_back_what_it_made(log: Any) -> None:
    log.imports(SALE)
    log.imports(NO)
    assert log.calls("converted", "converted_on", "result") == [(0, None, "NO")]
    log.undo()
    assert log.calls(*SOLD) == [(1, "2026-11-02", 25000, "SALE")]
    log.imports(SALE.replace("SALE", "SOLD"))
    log.score(1, result="NO")
    assert log.calls("converted", "converted_on") == [(0, None)]


def test_an_import_replaces_what_a_person_gave_only_when_told_to(log: Any) -> None:
    log.imports(HEAD + "1,2026-11-02 10:00,+12125550148,Spring,,,\n")
    log.score(1, result="SALE", amount=70000)
    log.imports(NO)
    assert log.calls(*SOLD) == [(1, "2026-11-20", 70000, "SALE")]
    log.imports(NO, overwrite_scores=True)
    assert log.calls(*SOLD) == [(0, None, None, "NO")]


def test_a_result_that_the_call_does_not_get_converts_nothing(log: Any) -> None:
    log.imports(NO)
    log.score(1, result="SALE")
    log.score(1, result=None)
    log.imports(SALE)
    assert log.calls("converted", "result") == [(0, None)]


def test_rows_of_one_file_take_back_what_an_earlier_one_made(log: Any) -> None:
    last = NO.removeprefix(HEAD)
    log.imports(SALE + last)
    assert log.calls("converted", "converted_on", "result") == [(0, None, "NO")]
    log.imports(SALE)
    log.imports(NO + SALE.removeprefix(HEAD) + last)
    assert log.calls("converted", "converted_on", "result") == [(0, None, "NO")]


def test_the_time_to_call_again_goes_with_the_result_that_an_import_replaces(log: Any) -> None:
    log.define("AGAIN", recall=1)
    log.imports(NO)
    log.score(1, result="AGAIN", recall_at=1_800_000_000)
    log.imports(NO, overwrite_scores=True)
    assert log.rows("SELECT recall_at FROM call") == [(None,)]
    log.undo()
    assert log.rows("SELECT recall_at FROM call") == [(1_800_000_000,)]


def test_importing_again_changes_nothing_and_undo_leaves_nothing(log: Any) -> None:
    log.imports(SALE)
    before = log.content()
    assert log.imports(SALE).unchanged == 1
    log.undo()
    assert log.content() == []
    log.undo(2)
    assert log.content() == before
    log.score(1, result="NO")
    assert log.calls("converted") == [0]


def test_disabled_results_and_those_of_other_campaigns_reject_their_row(log: Any) -> None:
    log.define("OLD", enabled=0)
    campaign(log, "Spring", "Autumn")
    with sqlite3.connect(log.path) as connection:
        connection.execute("INSERT INTO result_campaign SELECT id, 1 FROM result WHERE code = 'NO'")
    rows = HEAD + "".join(
        f"{number},2026-11-02 10:00,+1212555014{number},{campaign},{result},,\n"
        for number, (campaign, result) in enumerate(
            [("spring", "NO"), ("AUTUMN", "NO"), ("Winter", "NO"), ("", "no"), ("Spring", "old")]
        )
    )
    summary = log.imports(rows, define_results=True, rejects=str(log.folder / "bad.csv"))
    assert (summary.inserted, summary.rejected) == (3, 2)
    bad = (log.folder / "bad.csv").read_text()
    assert "is not for the campaign" in bad
    assert "but for Spring" in bad
    assert "is disabled" in bad
