"""What the cells of a file mean: amounts, scores and their limits, results, and times."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors.importing import MappingProblem, NeedsDateFormat, NeedsDecimal
from scorecli.errors.scoring import FieldSwitchedOff


def rejected(path: str | None) -> list[dict[str, str]]:
    """Return the rows of a rejects file."""
    assert path is not None
    with Path(path).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    ("text", "decimal", "currency", "minor"),
    [
        ("$1,250.00", None, "USD", 125000),
        ("1.250,00 €", None, "EUR", 125000),
        ("1250", None, "USD", 125000),
        ("1.250", ",", "EUR", 125000),
        ("1,250", ".", "USD", 125000),
        ("0", None, "USD", 0),
        ("¥1,250", ".", "JPY", 1250),
    ],
)
def test_amounts_are_understood_as_people_write_them(
    log: Any, text: str, decimal: str | None, currency: str, minor: int
) -> None:
    content = f'call id,amount,converted\nA1,"{text}",yes\n'
    log.imports(content, sets={"currency": currency}, decimal=decimal)
    assert log.calls("amount_minor", "currency") == [(minor, currency)]


def test_a_doubtful_amount_stops_and_asks(log: Any) -> None:
    with pytest.raises(NeedsDecimal, match=r'"1\.250" in column "amount"'):
        log.imports("call id,amount\nA1,10\nA2,1.250\n")
    assert not Path(log.path).exists()


def test_a_doubtful_amount_is_settled_by_others_anywhere_in_the_file(log: Any) -> None:
    rows = "".join(f"A{number},10\n" for number in range(1500))
    log.imports("call id,amount\nB1,1.250\n" + rows + 'B2,"12,50"\n')
    assert log.rows("SELECT amount FROM call WHERE external_id = 'B1'") == [(125000,)]


def test_each_row_may_name_its_currency(log: Any) -> None:
    summary = log.imports("call id,amount,currency\nA1,10,eur\nA2,10,JPY\nA3,10,\nA4,10,zzz\n")
    assert log.calls("amount_minor", "currency") == [(1000, "EUR"), (10, "JPY"), (1000, "USD")]
    assert "'zzz' is no currency code" in rejected(summary.files[0].rejects_file)[0]["error"]


def test_the_sign_of_another_currency_names_the_way_out(log: Any) -> None:
    summary = log.imports('call id,amount\nA1,"12,50 €"\n')
    assert "--set currency=" in rejected(summary.files[0].rejects_file)[0]["error"]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("stars", "0", "stars are 1 to 5"),
        ("stars", "6", "stars are 1 to 5"),
        ("amount", "-5", "cannot be negative"),
        ("amount", "1.234567", "USD has 2 decimals"),
        ("reporting tags", "none", "cannot be a tag"),
        ("tags", "x" * 101, "101 characters"),
        ("converted", "perhaps", "neither yes nor no"),
        ("converted on", "2026-02-30", "not a day of the calendar"),
        ("duration", "-5", "cannot be negative"),
        ("start time", "31/04/2026 10:00", "not a day of the calendar"),
        ("result", "SALE", "There is no call result"),
    ],
)
def test_what_scoring_by_hand_refuses_is_refused_in_a_file(
    log: Any, column: str, value: str, reason: str
) -> None:
    summary = log.imports(f"call id,{column}\nA1,{value}\n")
    assert (summary.inserted, summary.rejected) == (0, 1)
    [row] = rejected(summary.files[0].rejects_file)
    assert row["field"] == column
    assert reason in row["error"]


def test_a_limited_list_of_tags_limits_files_too(new_log: Any) -> None:
    log = new_log('[reporting_tags]\nlimit = true\nallowed = ["Wrong Number"]\n')
    summary = log.imports("call id,reporting tags\nA1,wrong  number\nA2,wrong numbr\n")
    assert log.calls("reporting_tags") == ["Wrong Number"]
    [row] = rejected(summary.files[0].rejects_file)
    assert "Wrong Number" in row["error"]


def test_fields_that_are_switched_off_stay_under_extra(new_log: Any) -> None:
    log = new_log("[score]\nenabled = false\n")
    log.imports("call id,stars\nA1,9\n")
    assert log.calls("stars") == [None]
    assert log.extra() == {"stars": "9"}
    with pytest.raises(FieldSwitchedOff):
        log.imports("call id,rank\nA1,4\n", maps={"stars": "rank"})
    with pytest.raises(FieldSwitchedOff):
        log.imports("call id\nA1\n", sets={"stars": "4"})


def test_the_first_spelling_of_a_tag_is_kept(log: Any, figures: Any) -> None:
    log.imports("call id,reporting tags\nA1,Wrong Number\n")
    log.imports("call id,reporting tags\nA2,wrong  number;WRONG NUMBER\n")
    assert log.calls("reporting_tags") == ["Wrong Number", "Wrong Number"]


def test_a_success_marks_the_call_converted_on_its_own_day(log: Any) -> None:
    log.define("SALE", success=1)
    content = (
        "call id,start time,result,converted\n"
        "A1,2026-11-03 10:00,SALE,\nA2,2026-11-04 10:00,SALE,no\nA3,,SALE,\n"
    )
    summary = log.imports(content)
    assert log.calls("converted", "converted_on") == [(1, "2026-11-03"), (0, None), (1, None)]
    assert summary.scored == 2
    assert log.rows("SELECT scored FROM call ORDER BY id") == [(1,), (0,), (1,)]


def test_a_success_marks_nothing_where_the_settings_say_so(new_log: Any) -> None:
    log = new_log("[results]\nsuccess_marks_converted = false\n")
    log.define("SALE", success=1)
    log.imports("call id,start time,result\nA1,2026-11-03 10:00,SALE\n")
    assert log.calls("converted") == [0]


def test_a_result_that_requires_an_amount_needs_one_in_the_row(log: Any) -> None:
    log.define("SALE", success=1, require_amount=1)
    summary = log.imports("call id,result,amount\nA1,SALE,\nA2,SALE,0\nA3,SALE,5\n")
    assert (summary.inserted, summary.rejected) == (1, 2)
    rows = rejected(summary.files[0].rejects_file)
    assert [row["field"] for row in rows] == ["result", "result"]
    assert "requires an amount above 0" in rows[0]["error"]


def test_a_disabled_result_is_refused(log: Any) -> None:
    log.define("OLD", enabled=0)
    assert log.imports("call id,result\nA1,OLD\n").rejected == 1


def test_define_results_defines_the_missing_codes_first(log: Any) -> None:
    log.define("SALE", success=1)
    content = "call id,result\nA1,sale\nA2,Later\nA3,later\n"
    summary = log.imports(content, define_results=True)
    assert summary.defined_results == ("Later",)
    assert log.calls("result") == ["SALE", "Later", "Later"]
    assert log.imports(content).unchanged == 3


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2026-11-03T10:00:00Z", "2026-11-03T10:00:00Z"),
        ("2026-11-03 10:00:00", "2026-11-03T15:00:00Z"),
        ("2026-11-03T10:00:00+05:30", "2026-11-03T04:30:00Z"),
        ("Tue, 03 Nov 2026 10:00:00 +0100", "2026-11-03T09:00:00Z"),
        ("1793700000", "2026-11-03T10:00:00Z"),
        ("1793700000000", "2026-11-03T10:00:00Z"),
        ("11/23/2026 10:00 AM", "2026-11-23T15:00:00Z"),
        ("23.11.2026 10:00", "2026-11-23T15:00:00Z"),
        ("2026-11-03", "2026-11-03T05:00:00Z"),
        # clocks go back on 2026-11-01 at 2:00, and forward on 2026-03-08 at 2:00
        ("2026-11-01 01:30", "2026-11-01T05:30:00Z"),
        ("2026-11-01 03:00", "2026-11-01T08:00:00Z"),
        ("2026-03-08 01:59", "2026-03-08T06:59:00Z"),
        ("2026-03-08 02:30", "2026-03-08T07:30:00Z"),
        ("2026-03-08 03:00", "2026-03-08T07:00:00Z"),
    ],
)
def test_times_are_stored_in_utc_whatever_their_style(log: Any, text: str, stored: str) -> None:
    log.imports(f'call id,start time\nA1,"{text}"\n', time_zone="America/New_York")
    assert log.calls("started_at") == [stored]


def test_local_times_are_in_the_settings_zone_unless_told(log: Any, new_log: Any) -> None:
    content = "call id,start time,converted\nA1,2026-07-01 23:30,yes\n"
    berlin = new_log()
    berlin.settings = type(berlin)(berlin.folder).settings
    log.imports(content)
    assert log.calls("started_at", "converted_on") == [("2026-07-01T23:30:00Z", "2026-07-01")]
    berlin.imports(content, time_zone="America/New_York")
    assert berlin.calls("started_at", "converted_on") == [("2026-07-02T03:30:00Z", "2026-07-02")]


def test_a_doubtful_order_of_day_and_month_stops_and_asks(log: Any) -> None:
    with pytest.raises(NeedsDateFormat) as caught:
        log.imports("call id,start time\nA1,03/04/2026 10:00\n")
    assert '"03/04/2026 10:00" in column "start time"' in caught.value.message
    assert "no date of the file has a day above 12" in caught.value.message
    assert "--date-format DMY" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("evidence", "stored"),
    [("13/04/2026 09:00", "2026-04-03T10:00:00Z"), ("04/13/2026 09:00", "2026-03-04T10:00:00Z")],
)
def test_the_order_is_found_wherever_in_the_file_it_shows(
    log: Any, evidence: str, stored: str
) -> None:
    rows = "".join(f"B{number},03/04/2026 10:00\n" for number in range(1500))
    summary = log.imports("call id,start time\nA1,03/04/2026 10:00\n" + rows + f"C1,{evidence}\n")
    assert (summary.read, summary.inserted, summary.rejected) == (1502, 1502, 0)
    assert log.rows("SELECT count(*) FROM call_log WHERE started_at = ?", stored) == [(1501,)]


def test_the_order_may_show_in_another_column(log: Any) -> None:
    log.imports("call id,start time,converted,converted on\nA1,13/04/2026,yes,03/05/2026\n")
    assert log.calls("converted_on") == ["2026-05-03"]


def test_dates_that_contradict_each_other_stop_the_import(log: Any) -> None:
    content = "call id,start time\nA1,03/04/2026\nA2,13/04/2026\nA3,04/13/2026\n"
    with pytest.raises(NeedsDateFormat) as caught:
        log.imports(content)
    assert "above 12" not in caught.value.message
    assert log.imports(content, date_format="DMY").rejected == 1


@pytest.mark.parametrize(
    ("form", "stored"),
    [
        ("DMY", "2026-04-03T10:00:00Z"),
        ("MDY", "2026-03-04T10:00:00Z"),
        ("%d/%m/%Y %H:%M", "2026-04-03T10:00:00Z"),
    ],
)
def test_date_format_settles_it(log: Any, form: str, stored: str) -> None:
    log.imports("call id,start time\nA1,03/04/2026 10:00\n", date_format=form)
    assert log.calls("started_at") == [stored]


@pytest.mark.parametrize(
    ("sets", "reason"),
    [
        ({"stars": "9"}, "stars are 1 to 5"),
        ({"started_at": "01/02/2026"}, "two meanings"),
        ({"amount": "1.250"}, "two meanings"),
        ({"currency": "XXQ"}, "no currency code"),
        ({"result": "SALE"}, "no call result"),
        ({"duration": "-1"}, "cannot be negative"),
    ],
)
def test_a_constant_that_cannot_be_is_refused_at_once(
    log: Any, sets: dict[str, str], reason: str
) -> None:
    with pytest.raises(MappingProblem, match=reason):
        log.imports("call id\nA1\n", sets=sets)
