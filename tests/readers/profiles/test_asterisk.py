"""Asterisk: the CDR table of FreePBX, and Master.csv, which has no header."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

REAL_DATA = os.environ.get("SCORECLI_REAL_DATA")  # read here: tests run without the environment
COLUMNS = """
calldate clid src dst dcontext channel dstchannel lastapp lastdata duration billsec disposition
amaflags accountcode uniqueid userfield
"""
TABLE = COLUMNS.split()
MASTER = [
    '"sales","2125550148","800","from-pstn","""Lee, Ann"" <2125550148>","SIP/trunk-01",'
    '"SIP/109-02","Dial","SIP/109,60,rI","2026-11-02 09:12:04","2026-11-02 09:12:09",'
    '"2026-11-02 09:17:16",312,307,"ANSWERED","DOCUMENTATION","1793610724.240",""',
    '"","109","3035550177","from-internal","""109"" <109>","SIP/109-03","SIP/trunk-04","Dial",'
    '"SIP/trunk/3035550177","2026-11-02 10:00:00","","2026-11-02 10:00:31",31,0,"NO ANSWER",'
    '"DOCUMENTATION","1793613600.242","campaign 7"',
]


def test_records_of_the_table_are_read_with_the_caller_id_taken_apart(read_as: Any) -> None:
    rows = [
        [
            "2026-11-02 09:12:04",
            '"Lee, Ann" <2125550148>',
            "2125550148",
            "800",
            "from-pstn",
            "SIP/trunk-01",
            "SIP/109-02",
            "Dial",
            "SIP/109,60,rI",
            "312",
            "307",
            "ANSWERED",
            "3",
            "sales",
            "1793610724.240",
            "",
        ],
        [
            "2026-11-02 10:00:00",
            "109",
            "109",
            "3035550177",
            "from-internal",
            "SIP/109-03",
            "",
            "Congestion",
            "",
            "31",
            "0",
            "CONGESTION",
            "3",
            "",
            "1793613600.242",
            "",
        ],
    ]
    first, second = read_as("asterisk", TABLE, rows)
    assert first == {
        "system": "asterisk",
        "external_id": "1793610724.240",
        "started_at": "2026-11-02T09:12:04+00:00",
        "account": "sales",
        "status": "answered",
        "direction": "inbound",
        "contact_name": "Lee, Ann",
        "contact_number": "2125550148",
        "agent_extension": "109",
        "duration": 312,
        "talk_time": 307,
        "extra": {
            "clid": '"Lee, Ann" <2125550148>',
            "dst": "800",
            "dcontext": "from-pstn",
            "channel": "SIP/trunk-01",
            "dstchannel": "SIP/109-02",
            "lastapp": "Dial",
            "lastdata": "SIP/109,60,rI",
            "amaflags": "3",
        },
    }
    assert second["status"] == "failed"
    assert (second["direction"], second["contact_number"]) == ("outbound", "3035550177")
    assert second["agent_extension"] == "109"
    assert "contact_name" not in second


def call_of(dcontext: str, src: str, dst: str, clid: str = "") -> list[str]:
    channels = ["PJSIP/109-00000a", "SIP/trunk-01"]
    return [
        "2026-11-02 09:12:04", clid, src, dst, dcontext, *channels, "Dial", "", "31", "0",
        "ANSWERED", "3", "", f"1793613600.{src}{dst}{dcontext}", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("dcontext", "src", "dst", "direction", "other"),
    [
        ("from-internal", "109", "3035550177", "outbound", "3035550177"),
        ("from-internal", "5105550100", "+13035550177", "outbound", "+13035550177"),
        ("from-internal", "109", "112", "internal", "112"),
        ("from-internal", "109", "*97", "internal", "*97"),
        ("from-trunk", "2125550148", "5105550100", "inbound", "2125550148"),
        ("from-pstn-e164-us", "+12125550148", "s", "inbound", "+12125550148"),
        ("ext-group", "2125550148", "600", "inbound", "2125550148"),
        ("ext-local", "109", "112", "internal", "112"),
        ("sales", "2125550148", "5105550100", None, "2125550148"),
        ("default", "", "s", None, None),
        ("from-internal", "anonymous", "112", None, "anonymous"),
    ],
)
def test_who_called_whom_tells_the_direction_and_the_other_party(
    read_as: Any, dcontext: str, src: str, dst: str, direction: str | None, other: str | None
) -> None:
    (call,) = read_as("asterisk", TABLE, [call_of(dcontext, src, dst)])
    assert (call.get("direction"), call.get("contact_number")) == (direction, other)
    assert call["extra"]["dcontext"] == dcontext
    agent = "109" if direction in ("outbound", "internal") else None
    assert call.get("agent_extension") == agent
    shown = {*call["extra"].values(), call.get("contact_number")}
    assert {src, dst} - {"", "109"} <= shown | {""}


def test_a_person_is_known_by_the_name_that_their_phone_shows(read_as: Any) -> None:
    rows = [
        call_of("from-internal", "109", "3035550177", '"Reyes, Dana" <109>'),
        call_of("from-internal", "5105550100", "3035550178", '"Acme Inc" <5105550100>'),
    ]
    first, second = read_as("asterisk", TABLE, rows)
    assert (first["agent"], first["agent_extension"]) == ("Reyes, Dana", "109")
    assert "agent" not in second
    assert second["extra"]["clid"] == '"Acme Inc" <5105550100>'


def test_a_file_without_a_header_is_known_by_its_shape(import_text: Any, stored_calls: Any) -> None:
    text = "\n".join(MASTER)
    summary, said = import_text(text, name="Master.csv")
    assert "read with the profile asterisk." in said
    assert "column_1" not in said
    assert (summary["inserted"], summary["rejected"]) == (2, 0)
    first, second = stored_calls()
    assert first == {
        "system": "asterisk",
        "external_id": "1793610724.240",
        "started_at": "2026-11-02T09:12:04+00:00",
        "account": "sales",
        "status": "answered",
        "direction": "inbound",
        "contact_name": "Lee, Ann",
        "contact_number": "2125550148",
        "agent_extension": "109",
        "duration": 312,
        "talk_time": 307,
        "extra": {
            "clid": '"Lee, Ann" <2125550148>',
            "dst": "800",
            "dcontext": "from-pstn",
            "channel": "SIP/trunk-01",
            "dstchannel": "SIP/109-02",
            "lastapp": "Dial",
            "lastdata": "SIP/109,60,rI",
            "answer": "2026-11-02 09:12:09",
            "end": "2026-11-02 09:17:16",
            "amaflags": "DOCUMENTATION",
        },
    }
    assert second["status"] == "no_answer"
    assert second["extra"]["userfield"] == "campaign 7"
    assert "contact_name" not in second
    again, _ = import_text(text, name="Master.csv")
    assert again["unchanged"] == 2


@pytest.mark.parametrize(
    "options", [("--profile", "asterisk"), ("--profile", "asterisk", "--no-header")]
)
@pytest.mark.parametrize("first", [0, 1])
def test_the_profile_can_be_named_for_a_file_without_a_header(
    import_text: Any, stored_calls: Any, options: tuple[str, ...], first: int
) -> None:
    summary, _ = import_text(MASTER[first] + "\n", *options)
    assert (summary["inserted"], summary["rejected"]) == (1, 0)
    assert stored_calls()[0]["started_at"].startswith("2026-11-02T")


def test_records_may_come_through_a_pipe(run: Any, stored_calls: Any, home: Path) -> None:
    done = run("--db", home / "calls.db", "calls", "import", "-", stdin="\n".join(MASTER))
    assert done.code == 0, done.stderr
    assert [call["duration"] for call in stored_calls()] == [312, 31]


def test_the_profile_can_be_named_for_a_file_with_a_header(
    import_text: Any, stored_calls: Any
) -> None:
    row = ["2026-11-02 09:12:04", "", "109", *[""] * 6, "31", "0", "BUSY", "3", "", "1.2", ""]
    summary, _ = import_text(f"{','.join(TABLE)}\n{','.join(row)}\n", "--profile", "asterisk")
    assert summary["read"] == 1
    assert stored_calls()[0]["status"] == "busy"


@pytest.mark.parametrize("more", [[], ["peer"], ["peer", "1793610724.240", "17"]])
def test_fewer_and_more_columns_at_the_end_are_known_too(
    import_text: Any, stored_calls: Any, more: list[str]
) -> None:
    full = next(csv.reader([MASTER[0]]))
    cells = [*full[:17], "kept", *more] if more else full[:16]
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    _, said = import_text(text.getvalue())
    assert "read with the profile asterisk." in said
    (call,) = stored_calls()
    assert call["talk_time"] == 307
    if more:
        assert call["extra"]["peeraccount"] == "peer"
    else:
        assert "external_id" not in call


def test_records_of_one_call_that_rang_at_several_phones_are_all_kept(
    read_as: Any,
) -> None:
    def record(phone: str, disposition: str) -> list[str]:
        channel = f"SIP/{phone}-01"
        start = ["2026-11-02 09:12:04", "", "2125550148", "600", "ext-group", "SIP/trunk-1"]
        return [*start, channel, "Dial", "", "20", "5", disposition, "3", "", "1793610724.1", ""]

    calls = read_as("asterisk", TABLE, [record("109", "NO ANSWER"), record("110", "ANSWERED")])
    assert [call["status"] for call in calls] == ["no_answer", "answered"]


def test_any_other_file_without_a_header_is_not_taken_for_one(import_text: Any) -> None:
    text = "2026-11-02 09:12:04,2125550148,312\n2026-11-02 09:13:04,2125550149,31\n"
    summary, said = import_text(text)
    assert "profile" not in said
    assert summary["files"][0]["profile"] == "generic"


@pytest.mark.real_data
@pytest.mark.skipif(not REAL_DATA, reason="SCORECLI_REAL_DATA names no folder")
def test_real_records_are_read_without_an_option(stored_calls: Any, import_text: Any) -> None:
    path = Path(REAL_DATA or "") / "asterisk_cdr.csv"
    text = path.read_text(encoding="utf-8")
    summary, said = import_text(text)
    assert "read with the profile asterisk." in said
    assert (summary["read"], summary["inserted"], summary["rejected"]) == (100, 100, 0)
    calls = stored_calls()
    assert Counter(call["status"] for call in calls) == {"answered": 89, "no_answer": 11}
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {call["direction"] for call in calls} == {"internal"}  # phones of one office
    for call, row in zip(calls, rows, strict=True):
        assert call["external_id"] == row["uniqueid"]
        assert call["started_at"] == row["calldate"].replace(" ", "T") + "+00:00"
        assert (call["duration"], call["talk_time"]) == (int(row["duration"]), int(row["billsec"]))
        assert call["contact_number"] == row["dst"]
        assert call["agent"] == row["clid"].partition("<")[0].strip(' "')
        assert call["extra"]["clid"].replace('"', "") == row["clid"]
        assert call["extra"].get("lastdata", "") == row["lastdata"]
    again, _ = import_text(text)
    assert again["unchanged"] == 100
