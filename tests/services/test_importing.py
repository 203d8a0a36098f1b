"""What comes in with a file: values, scores and their limits, times, figures, all or nothing."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors import Refused
from scorecli.errors.importing import (
    MappingProblem,
    NeedsDateFormat,
    NeedsDecimal,
    StrictImportRefused,
)
from scorecli.errors.input import RejectsFileExists
from scorecli.errors.scoring import FieldSwitchedOff


def rejected(path: str | None) -> list[dict[str, str]]:
    """Return the rows of a rejects file."""
    assert path is not None
    with Path(path).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_field_of_a_call_comes_along(log: Any) -> None:
    log.define("SALE")
    values = {
        "external_id": "A1",
        "system": "pbx",
        "started_at": "2026-11-03T10:00:00+01:00",
        "account": "North",
        "direction": "Outgoing",
        "status": "ANSWERED",
        "termination": "caller hung up",
        "recording_url": "https://example.com/1.mp3",
        "contact_name": "Ann Lee",
        "contact_number": "(212) 555-0143",
        "tracking_number": "+12125550100",
        "source": "web",
        "medium": "cpc",
        "campaign": "spring",
        "list": "may",
        "agent": "Dana",
        "duration": "65",
        "talk_time": "0:50",
        "wait_time": "15",
        "result": "sale",
        "stars": "4",
        "reporting_tags": "quote; demo",
        "converted": "yes",
        "amount": "$1,250.00",
        "converted_on": "2026-11-05",
        "note": "call, back",
        "call_tags": "vip|late",
        "mood": "good",
    }
    content = ",".join(values) + "\n" + ",".join(f'"{value}"' for value in values.values()) + "\n"
    summary = log.imports(content)
    assert summary.as_dict()["unmapped"] == ["mood"]
    names = [name for name in values if name not in ("amount", "mood")]
    expected = {
        **values,
        "started_at": "2026-11-03T09:00:00Z",
        "direction": "outbound",
        "status": "answered",
        "duration": 65,
        "talk_time": 50,
        "wait_time": 15,
        "result": "SALE",
        "stars": 4,
        "reporting_tags": "demo;quote",
        "converted": 1,
        "call_tags": "late;vip",
    }
    [row] = log.calls(*names)
    assert dict(zip(names, row, strict=True)) == {name: expected[name] for name in names}
    assert log.calls("amount_minor", "currency", "contact_number_e164") == [
        (125000, "USD", "+12125550143")
    ]
    assert log.extra() == {"mood": "good"}


def test_a_call_may_lack_almost_everything(log: Any) -> None:
    log.imports("agent,start time,duration,stars\nDana,,,\n")
    assert log.calls("started_at", "duration", "stars", "converted", "extra") == [
        (None, None, None, 0, None)
    ]


def test_words_that_are_not_understood_stay_readable(log: Any) -> None:
    log.imports("call id,direction,disposition\nA1,sideways,PARKED\nA2,in,BUSY\n")
    assert log.calls("direction", "status") == [(None, "other"), ("inbound", "busy")]
    assert log.extra(1) == {"direction": "sideways", "disposition": "PARKED"}
    assert log.extra(2) == {}


def test_the_summary_has_the_figures_that_scripts_rely_on(log: Any) -> None:
    content = (
        "call id,stars,amount,converted,mood\nA1,4,,,good\nA2,,10,,\nA3,,20,yes,\nA4,9,,,\nA5,,,,\n"
    )
    figures = log.imports(content).as_dict()
    for key in (
        "read",
        "inserted",
        "updated",
        "unchanged",
        "rejected",
        "rejects_file",
        "attributed",
        "unattributed",
        "scored",
        "orphan_amounts",
        "unmapped",
        "change",
    ):
        assert key in figures
    assert figures["rejects_file"].endswith("log1.rejects.csv")
    assert {k: figures[k] for k in ("read", "inserted", "updated", "unchanged", "rejected")} == {
        "read": 5,
        "inserted": 4,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
    }
    assert (figures["scored"], figures["orphan_amounts"], figures["change"]) == (2, 1, 1)
    json.dumps(figures)


def test_every_bad_row_is_in_the_rejects_file_with_all_its_columns(log: Any) -> None:
    content = "call id,agent,duration,stars\nA1,Dana,abc,9\nA2,Kim,5,5\nA3,Lee\nA4,Sam,5,5,6\n"
    summary = log.imports(content)
    assert (summary.read, summary.inserted, summary.rejected) == (4, 1, 3)
    rows = rejected(summary.files[0].rejects_file)
    assert [(row["line"], row["field"]) for row in rows] == [
        ("2", "duration; stars"),
        ("4", ""),
        ("5", ""),
    ]
    assert rows[0]["call id"] == "A1"
    assert rows[0]["agent"] == "Dana"
    assert "'abc' is not a duration" in rows[0]["error"]
    assert "stars are 1 to 5" in rows[0]["error"]
    mode = Path(str(summary.files[0].rejects_file)).stat().st_mode
    assert mode & 0o077 == 0


def test_a_mended_rejects_file_can_be_imported_itself(log: Any, figures: Any) -> None:
    first = log.imports("agent,duration,stars\nDana,30,9\nKim,40,4\n")
    path = Path(str(first.files[0].rejects_file))
    path.write_text(path.read_text().replace(",9,", ",5,"))
    assert figures(log.imports(paths=[str(path)])) == (1, 0, 0)
    assert log.extra(2) == {}
    assert figures(log.imports("agent,duration,stars\nDana,30,5\nKim,40,4\n")) == (0, 0, 2)


def test_a_rejects_file_is_never_overwritten(log: Any, home: Path) -> None:
    bad = "call id,duration\nA1,x\n"
    first = log.imports(bad, name="bad.csv").files[0].rejects_file
    second = log.imports(bad, name="bad.csv").files[0].rejects_file
    assert (home / "bad.rejects.csv").samefile(first)
    assert first != second
    with pytest.raises(RejectsFileExists):
        log.imports(bad, rejects=first)
    with pytest.raises(RejectsFileExists):
        log.imports(bad, rejects=first, dry_run=True)


def test_a_named_rejects_file_of_several_files_is_numbered(log: Any, home: Path) -> None:
    bad = "call id,duration\nA1,x\n"
    summary = log.imports(bad, "call id\nA2\n", bad, rejects=str(home / "bad.csv"))
    assert [file.rejects_file for file in summary.files] == [
        str(home / "bad.csv"),
        None,
        str(home / "bad-2.csv"),
    ]
    assert summary.as_dict()["rejects_file"] == [str(home / "bad.csv"), str(home / "bad-2.csv")]


def test_strict_imports_nothing_where_a_row_is_bad(log: Any, home: Path) -> None:
    with pytest.raises(StrictImportRefused) as caught:
        log.imports("call id,duration\nA1,x\nA2,5\n", strict=True)
    assert "1 row was bad" in caught.value.message
    assert not Path(log.path).exists()
    assert log.imports("call id,duration\nA2,5\n", strict=True).inserted == 1


def test_a_file_that_is_refused_leaves_nothing_of_the_others(log: Any, home: Path) -> None:
    before = set(home.iterdir())
    with pytest.raises(NeedsDateFormat):
        log.imports("call id,duration\nA1,x\n", "call id,start time\nA1,03/04/2026 10:00\n")
    with pytest.raises(Refused):
        log.imports("call id,duration\nA1,x\n", paths=[str(home / "missing.csv")])
    assert not Path(log.path).exists()
    assert set(home.iterdir()) == before


def test_several_files_are_one_change(log: Any) -> None:
    summary = log.imports("call id\nA1\n", "call id\nA2\nA3\n")
    assert [file.inserted for file in summary.files] == [1, 2]
    assert (summary.read, summary.change) == (3, 1)
    log.undo()
    assert log.calls() == []


def test_an_amount_without_a_conversion_is_kept_and_counted(log: Any, figures: Any) -> None:
    content = "call id,amount,converted\nA1,10,\nA2,20,no\nA3,30,yes\n"
    first = log.imports(content)
    assert first.orphan_amounts == 2
    assert log.calls("amount_minor", "converted") == [(1000, 0), (2000, 0), (3000, 1)]
    again = log.imports(content)
    assert figures(again) == (0, 0, 3)
    assert again.orphan_amounts == 2


def test_an_amount_for_a_call_that_is_converted_is_no_orphan(log: Any) -> None:
    log.imports("call id,converted\nA1,yes\n")
    assert log.imports("call id,amount\nA1,10\n").orphan_amounts == 0


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


def test_json_is_read_with_nested_values_and_lists(log: Any) -> None:
    calls = [
        {"call id": "A1", "agent": {"name": "Dana", "age": 40}, "tags": ["vip", "late"]},
        {
            "call id": "A2",
            "duration": 65,
            "converted": True,
            "note": None,
            "big": 12345678901234567890,
        },
    ]
    log.imports(json.dumps(calls), name="calls.json", maps={"agent": "agent.name"})
    assert log.calls("agent", "call_tags", "duration", "converted") == [
        ("Dana", "late;vip", None, 0),
        (None, None, 65, 1),
    ]
    assert log.extra(1) == {"agent.age": "40"}
    assert log.extra(2) == {"big": "12345678901234567890"}
    lines = "".join(json.dumps(call) + "\n" for call in calls)
    again = log.imports(lines, name="calls.ndjson", maps={"agent": "agent.name"})
    assert again.unchanged == 2


@pytest.mark.parametrize(
    "bad",
    [
        r'{"call id": "A1", "\ud800": "x"}',
        r'{"call id": "A1", "note": "\ud800"}',
        r'{"call id": "A1", "note": "a\u0000b"}',
        '{"call id": ',
        "17",
    ],
)
def test_a_broken_object_of_json_is_one_bad_row(log: Any, bad: str) -> None:
    summary = log.imports(f'{{"call id": "A0"}}\n{bad}\n{{"call id": "A2"}}\n', name="calls.json")
    assert (summary.read, summary.inserted, summary.rejected) == (3, 2, 1)
    assert rejected(summary.files[0].rejects_file)[0]["line"] == "2"


def test_compressed_files_and_spreadsheets_are_logs_too(log: Any) -> None:
    from openpyxl import Workbook

    content = "call id,agent\nA1,Dana\nA2,Kim\n"
    log.imports(gzip.compress(content.encode()), name="calls.csv.gz")
    book = Workbook()
    for line in content.splitlines():
        book.active.append(line.split(","))
    path = log.folder / "only-named.csv"
    book.save(path)
    assert log.imports(paths=[str(path)]).unchanged == 2


def test_a_note_of_a_million_characters_is_kept_whole(log: Any) -> None:
    note = "é" * 1_000_000
    log.imports(f"call id,note\nA1,{note}\nA2,short\n")
    assert log.calls("note") == [note, "short"]


def test_column_names_are_only_names(log: Any) -> None:
    names = ["extra", "id", "__proto__", "user", "contact", 'quo"te', "x'; DROP TABLE call; --"]
    header = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    log.imports(f"call id,{header}\nA1,1,2,3,4,5,6,7\n")
    assert log.extra() == {name: str(place) for place, name in enumerate(names, 1)}
    assert log.calls("id") == [1]
