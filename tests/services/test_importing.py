"""What an import says and leaves behind: figures, rejects, JSON and the like, all or nothing."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors import Refused
from scorecli.errors.importing import NeedsDateFormat, StrictImportRefused
from scorecli.errors.input import RejectsFileExists


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


TABLE = "Call ID,Start Time,Customer Number,Duration\nC1,2026-11-02 09:12,+12125550148,60\n"


def test_a_line_of_totals_is_no_call_and_is_told(log: Any) -> None:
    summary = log.imports(TABLE + "Total,,,60\n,,,\nTotal,2026-11-02 10:00,+12125550149,5\n")
    assert (summary.read, summary.inserted, summary.rejected) == (3, 2, 1)
    (row,) = rejected(summary.files[0].rejects_file)
    assert (row["line"], row["Duration"]) == ("3", "60")
    assert "totals" in row["error"]


def test_days_made_numbers_by_a_spreadsheet_beside_days_left_as_text(log: Any) -> None:
    content = "Call ID,Start Time\nA,46328.5\nB,03/04/2026 10:00\n"
    with pytest.raises(NeedsDateFormat):
        log.imports(content, date_format="EXCEL")
    summary = log.imports(content + "C,23/04/2026 10:00\n", date_format="EXCEL")
    assert summary.inserted == 3
