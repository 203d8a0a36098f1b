"""Scoring in bulk from a file: every good row in one change, every bad one with its reason."""

from __future__ import annotations

import csv
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors.importing import NeedsDecimal
from scorecli.errors.scoring import BadScoreFile, FieldSwitchedOff
from scorecli.services.score_file import ScoreFileSummary, score_file
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import open_to_write

NOW = int(datetime(2026, 11, 3, 12, tzinfo=UTC).timestamp())


@pytest.fixture
def log(call_log: Any) -> Any:
    for number in range(1, 5):
        call_log.add(external_id=f"A{number}", system="alpha")
    call_log.add(external_id="A1", system="beta")
    call_log.result("SALE", success=1)
    call_log.result("NO")
    return call_log


def score(
    log: Any, text: str | bytes, config: str = "", dry_run: bool = False, **more: Any
) -> tuple[ScoreFileSummary, list[dict[str, str]]]:
    path = Path("scores.csv")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    summary = score_file(
        lambda: open_to_write(str(log.path), create=False),
        parse(config),
        str(path),
        rejects=None,
        author=Author("scorecli score --from scores.csv", "ann"),
        now=NOW,
        dry_run=dry_run,
        notice=lambda _: None,
        **more,
    )
    if summary.rejects_file is None:
        return summary, []
    rejects = Path(summary.rejects_file)
    with rejects.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rejects.rename(rejects.with_suffix(".seen"))
    return summary, rows


def test_every_column_sets_its_field(log: Any) -> None:
    summary, bad = score(
        log,
        "call,stars,reporting_tags,converted,amount,converted_on,note,call_tags,result\n"
        '1,4,"quote;wrong number",yes,"$1,250.00",2026-10-01,"two\nlines",vip|late,no\n',
    )
    assert (summary.read, summary.updated, bad) == (1, 1, [])
    assert log.call(1) == {
        "stars": 4,
        "tags": ["quote", "wrong number"],
        "converted": 1,
        "amount": 125000,
        "currency": "USD",
        "converted_on": "2026-10-01",
        "note": "two\nlines",
        "call_tags": ["late", "vip"],
        "result": "NO",
        "scored": 1,
    }


def test_an_empty_cell_leaves_a_field_and_none_removes_it(log: Any) -> None:
    header = "call,stars,reporting_tags,converted,amount,converted_on,note,call_tags,result\n"
    score(log, header + "1,4,a,yes,5,2026-10-01,n,b,NO\n")
    before = log.call()
    summary, _ = score(log, header + "1,,,,,,,,\n")
    assert (summary.unchanged, summary.change, log.call()) == (1, None, before)
    score(log, header + "1" + ",none" * 8 + "\n")
    assert not any(log.call().values())


def test_tag_columns_add_to_the_tags_that_are_there(log: Any) -> None:
    score(log, "call,reporting_tags,call_tags\n1,a;b,x\n")
    score(log, "call,tag,untag,call_tag,uncall_tag\n1,c,A,y,X\n")
    assert (log.call()["tags"], log.call()["call_tags"]) == (["b", "c"], ["y"])


def test_calls_are_named_by_number_by_external_id_and_by_system(log: Any) -> None:
    text = "external_id,system,stars\nA2,,2\nA1,beta,5\nA1,,1\nA9,,1\n"
    summary, bad = score(log, text)
    assert (log.call(2)["stars"], log.call(5)["stars"], log.call(1)["stars"]) == (2, 5, None)
    assert [(row["line"], row["field"]) for row in bad] == [
        ("4", "external_id"),
        ("5", "external_id"),
    ]
    assert "any of 2 calls" in bad[0]["error"]
    assert summary.read == summary.updated + summary.unchanged + summary.rejected == 4
    score(log, "call,stars\nA3,3\next:alpha:A1,4\n")
    assert (log.call(3)["stars"], log.call(1)["stars"]) == (3, 4)


def test_a_number_and_an_external_id_must_be_the_same_call(log: Any) -> None:
    _, bad = score(log, "id,external_id,stars\n1,A1,3\n2,B77,4\n3,,5\n")
    assert [log.call(number)["stars"] for number in (1, 2, 3)] == [3, None, 5]
    assert [row["line"] for row in bad] == ["3"]
    assert "A2" in bad[0]["error"]


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("1,6,,,,,,", "stars", "1 to 5"),
        ("1,,any,,,,,", "reporting_tags", "any"),
        ("1,,,maybe,,,,", "converted", "maybe"),
        ("1,,,yes,-5,,,", "amount", "negative"),
        ("1,,,yes,5.1255,,,", "amount", "2 decimals"),
        ("1,,,,5,,,", "amount", "--converted"),
        ("1,,,,,2026-10-01,,", "converted_on", "--converted"),
        ("1,,,yes,,3/4/2026,,", "converted_on", "3/4/2026"),
        ("1,,,,,,NOPE,", "result", "NOPE"),
        ("1,,,yes,5,,,EUR", "currency", "EUR"),
        ("99,1,,,,,,", "call", "99"),
        ("A1,1,,,,,,", "call", "any of 2"),
        (",1,,,,,,", "call", "no call"),
        ("1,,,no,5,,,", "", "contradict"),
        ("1,2", "", "fields"),
    ],
)
def test_a_bad_row_is_kept_with_its_line_its_field_and_the_reason(
    log: Any, row: str, field: str, words: str
) -> None:
    header = "call,stars,reporting_tags,converted,amount,converted_on,result,currency\n"
    summary, bad = score(log, header + "2,3,,,,,,\n" + row + "\n4,5,,,,,,\n")
    assert (summary.updated, summary.rejected, len(bad)) == (2, 1, 1)
    assert (bad[0]["line"], bad[0]["field"]) == ("3", field)
    assert words in bad[0]["error"]
    assert bad[0]["call"] == row.partition(",")[0]
    assert (log.call(2)["stars"], log.call(4)["stars"]) == (3, 5)


def test_the_rejects_file_is_for_its_owner_only(log: Any) -> None:
    score(log, "call,stars\n1,9\n")
    assert stat.S_IMODE(Path("scores.rejects.seen").stat().st_mode) == 0o600


def test_a_dry_run_finds_the_same_and_writes_nothing(log: Any) -> None:
    text = "call,stars,tag\n1,4,new\n2,9,\n3,,\n"
    dry, _ = score(log, text, dry_run=True)
    assert not list(Path().glob("*.rejects*"))
    assert (log.call(1)["stars"], log.changes(), log.rows("SELECT * FROM tag")) == (None, 0, [])
    real, _ = score(log, text)
    assert dry == real._replace(rejects_file=None, change=None)
    assert (real.read, real.updated, real.unchanged, real.rejected) == (3, 1, 1, 1)


def test_a_call_that_comes_several_times_gets_every_row_in_order(log: Any) -> None:
    text = "call,stars,tag,untag\n1,4,a,\n2,1,,\n1,,b,\next:alpha:A1,2,,a\n1,2,b,\n"
    summary, _ = score(log, text)
    assert (log.call(1)["stars"], log.call(1)["tags"]) == (2, ["b"])
    assert (summary.read, summary.updated, summary.unchanged) == (5, 4, 1)
    assert log.changes() == 1


def test_a_result_and_its_replacement_in_one_file_leave_no_conversion(log: Any) -> None:
    score(log, "call,result\n1,SALE\n1,NO\n2,SALE\n")
    assert (log.call(1)["converted"], log.call(1)["converted_on"]) == (0, None)
    assert (log.call(2)["converted"], log.call(2)["converted_on"]) == (1, "2026-11-03")


def test_the_same_file_twice_changes_nothing(log: Any) -> None:
    text = "call,stars,reporting_tags,result,amount\n1,4,a;b,SALE,10\n2,,none,,\n3,2,B,NO,\n"
    score(log, text)
    again, _ = score(log, text)
    assert (again.updated, again.unchanged, again.change, log.changes()) == (0, 3, None, 1)


def test_amounts_that_stay_without_a_conversion_are_counted(log: Any) -> None:
    score(log, "call,converted,amount\n1,yes,5\n2,yes,5\n3,yes,\n")
    summary, _ = score(log, "call,converted\n1,no\n2,no\n3,no\n2,yes\n")
    assert summary.orphan_amounts == 1
    assert log.call(1)["amount"] == 500


def test_an_orphan_that_a_file_repeats_is_left_as_it_is(log: Any) -> None:
    score(log, "call,converted,amount,converted_on\n1,yes,5,2026-10-01\n")
    score(log, "call,converted\n1,no\n")
    text = "call,converted,amount,currency,converted_on\n1,false,5.00,USD,2026-10-01\n"
    summary, _ = score(log, text)
    assert (summary.unchanged, summary.rejected) == (1, 0)


def test_a_doubtful_amount_stops_the_file_until_the_decimal_sign_is_named(log: Any) -> None:
    text = "call,stars,converted,amount\n2,4,,\n1,,yes,1.250\n"
    with pytest.raises(NeedsDecimal):
        score(log, text)
    assert (log.call(2)["stars"], log.changes()) == (None, 0)
    score(log, text, decimal=",")
    assert log.call(1)["amount"] == 125000


def test_a_column_whose_field_is_switched_off_stops_the_file(log: Any) -> None:
    text = "call,stars,note\n1,4,\n2,,x\n"
    with pytest.raises(FieldSwitchedOff):
        score(log, text, config="[notes]\nenabled = false\n")
    assert (log.call(1)["stars"], list(Path().glob("*.rejects*"))) == (None, [])
    score(log, "call,stars,note\n1,4,\n", config="[notes]\nenabled = false\n")
    assert log.call(1)["stars"] == 4


def test_a_limited_list_refuses_only_the_rows_that_break_it(log: Any) -> None:
    config = '[reporting_tags]\nlimit = true\nallowed = ["quote"]\n'
    for column in ("reporting_tags", "tag"):
        summary, bad = score(log, f"call,{column}\n1,Quote\n2,qoute\n", config=config)
        assert summary.rejected == 1
        assert (bad[0]["field"], "quote" in bad[0]["error"]) == (column, True)
    assert (log.call(1)["tags"], log.call(2)["tags"]) == (["quote"], [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stars\n5\n", "`call` or `external_id`"),
        ("call,foo\n1,2\n", "no column of a score"),
        ("call,currency\n1,USD\n", "no column of a score"),
        ("call,stars,rating\n1,2,3\n", "`stars` and `rating`"),
    ],
)
def test_a_file_that_cannot_serve_is_refused_as_a_whole(log: Any, text: str, words: str) -> None:
    with pytest.raises(BadScoreFile) as refused:
        score(log, text)
    assert words in refused.value.message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_with_a_byte_order_mark_are_read(log: Any, encoding: str) -> None:
    score(log, "call;stars;note\n1;4;grüße\n".encode(encoding))
    assert (log.call(1)["stars"], log.call(1)["note"]) == (4, "grüße")


def test_json_is_read_as_well(log: Any) -> None:
    score(log, '[{"call": 1, "stars": 4}, {"call": "A2", "note": "x", "reporting_tags": ["a"]}]')
    assert (log.call(1)["stars"], log.call(2)["note"], log.call(2)["tags"]) == (4, "x", ["a"])


@pytest.mark.parametrize("text", ["", "call,stars\n"])
def test_a_file_without_rows_does_nothing(log: Any, text: str) -> None:
    summary, _ = score(log, text)
    assert summary == ScoreFileSummary(0, 0, 0, 0, 0, None, None)


def test_ten_thousand_rows_are_one_change(log: Any) -> None:
    log.db.execute("BEGIN")
    for _ in range(10_000):
        log.add()
    log.db.execute("COMMIT")
    rows = (f"{number},{number % 5 + 1},t{number % 7},n{number}" for number in range(6, 10_006))
    summary, _ = score(log, "call,stars,tag,note\n" + "\n".join(rows) + "\n")
    assert (summary.updated, summary.rejected, log.changes()) == (10_000, 0, 1)
    assert log.rows("SELECT count(*) FROM call WHERE scored = 1") == [(10_000,)]
