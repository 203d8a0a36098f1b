"""CallTrackingMetrics: calls of its API, the same as CSV, and its records of scores."""

from __future__ import annotations

import json
from typing import Any

CALLS = [
    {
        "id": 9876543,
        "sid": "CAabc1",
        "account_id": 25,
        "name": "Lee, Ann",
        "cnam": "LEE ANN",
        "source": "Google Ads",
        "source_id": 11,
        "direction": "inbound",
        "duration": 312,
        "talk_time": 290,
        "ring_time": 9,
        "hold_time": 4,
        "wait_time": 22,
        "email": "ann@example.com",
        "called_at": "2013-05-01 11:48 PM -04:00",
        "unix_time": 1367466480,
        "tracking_number": "+12125550199",
        "tracking_label": "Autumn pool",
        "caller_number": "+12125550148",
        "caller_number_format": "(212) 555-0148",
        "dial_status": "completed",
        "call_status": "answered",
        "is_new_caller": True,
        "tag_list": ["quote", "new patient"],
        "notes": "Wants a quote; call back",
        "agent_id": "USR1",
        "agent": {"id": "USR1", "name": "Dana Reyes", "email": "dana@example.com"},
        "medium": "cpc",
        "campaign": "Autumn",
        "keyword": None,
        "sale": {
            "name": "Dana Reyes",
            "score": 5,
            "conversion": True,
            "value": "80.00",
            "sale_date": "2013-05-04",
        },
    },
    {
        "id": 9876544,
        "sid": "CAabc2",
        "account_id": 25,
        "name": "",
        "cnam": "WIRELESS CALLER",
        "source": "Yard sign",
        "direction": "inbound",
        "duration": 0,
        "talk_time": 0,
        "ring_time": 25,
        "called_at": "2013-05-02 12:05 AM -04:00",
        "tracking_number": "+12125550199",
        "caller_number": "+13035550177",
        "dial_status": "no-answer",
        "call_status": "no answer",
        "tag_list": [],
        "notes": None,
        "agent": None,
    },
]


def test_calls_of_the_api_are_read_with_their_nested_agent(
    import_text: Any, stored_calls: Any
) -> None:
    summary, said = import_text(json.dumps(CALLS), name="calls.json")
    assert "read with the profile calltrackingmetrics." in said
    assert summary["files"][0]["profile"] == "calltrackingmetrics"
    first, second = stored_calls()
    assert {name: first[name] for name in first if name != "extra"} == {
        "system": "calltrackingmetrics",
        "external_id": "9876543",
        "started_at": "2013-05-02T03:48:00+00:00",
        "account": "25",
        "direction": "inbound",
        "status": "answered",
        "termination": "completed",
        "contact_name": "Lee, Ann",
        "contact_number": "+12125550148",
        "tracking_number": "+12125550199",
        "source": "Google Ads",
        "medium": "cpc",
        "campaign": "Autumn",
        "agent": "Dana Reyes",
        "agent_email": "dana@example.com",
        "duration": 312,
        "talk_time": 290,
        "wait_time": 22,
        "stars": 5,
        "converted": True,
        "amount": "80.00",
        "converted_on": "2013-05-04",
        "note": "Wants a quote; call back",
        "call_tags": ["new patient", "quote"],
    }
    assert first["extra"]["cnam"] == "LEE ANN"
    assert first["extra"]["sid"] == "CAabc1"
    assert second["status"] == "no_answer"
    assert second["termination"] == "no-answer"
    assert second["started_at"] == "2013-05-02T04:05:00+00:00"
    assert "agent" not in second
    assert "stars" not in second
    again, _ = import_text(json.dumps(CALLS), name="calls.json")
    assert again["unchanged"] == 2


def test_calls_saved_as_a_table_are_read_by_the_same_names(read_as: Any) -> None:
    header = [
        "id",
        "name",
        "source",
        "direction",
        "duration",
        "called_at",
        "tracking_number",
        "caller_number",
        "call_status",
        "tag_list",
        "agent_name",
    ]
    (call,) = read_as(
        "calltrackingmetrics",
        header,
        [
            [
                "17",
                "Lee, Ann",
                "Google Ads",
                "inbound",
                "0:05:12",
                "2013-05-01 11:48 PM -04:00",
                "+12125550199",
                "(212) 555-0148",
                "hangup",
                "quote, vip",
                "Reyes, Dana",
            ]
        ],
    )
    assert call == {
        "system": "calltrackingmetrics",
        "external_id": "17",
        "started_at": "2013-05-02T03:48:00+00:00",
        "direction": "inbound",
        "status": "dropped",
        "termination": "hangup",
        "contact_name": "Lee, Ann",
        "contact_number": "(212) 555-0148",
        "tracking_number": "+12125550199",
        "source": "Google Ads",
        "agent": "Reyes, Dana",
        "duration": 312,
        "call_tags": ["quote", "vip"],
    }


SCORES = [
    ["service_rep_name", "call_id", "score", "conversion", "notes", "value", "sale_date"],
    ["Dana Reyes", "9876543", "4", "true", "Sold, twice", "$1,250.00", "2013-05-06"],
    ["Dana Reyes", "9876544", "none", "false", "", "", ""],
]


def test_score_records_score_the_calls_that_are_there(import_text: Any, stored_calls: Any) -> None:
    import_text(json.dumps(CALLS), name="calls.json")
    summary, said = import_text("\n".join(",".join(map(quoted, row)) for row in SCORES))
    assert "read with the profile calltrackingmetrics." in said
    assert (summary["updated"], summary["inserted"], summary["rejected"]) == (2, 0, 0)
    first, second = stored_calls()
    assert (first["stars"], first["converted"], first["amount"]) == (4, True, "1250.00")
    assert (first["converted_on"], first["note"]) == ("2013-05-06", "Sold, twice")
    assert first["source"] == "Google Ads"
    assert "stars" not in second
    assert "converted" not in second


def test_a_score_record_of_a_call_that_is_not_there_yet_is_kept_as_one(read_as: Any) -> None:
    header, *rows = SCORES
    first, second = read_as("calltrackingmetrics", header, rows)
    assert first == {
        "system": "calltrackingmetrics",
        "external_id": "9876543",
        "agent": "Dana Reyes",
        "stars": 4,
        "converted": True,
        "amount": "1250.00",
        "converted_on": "2013-05-06",
        "note": "Sold, twice",
    }
    assert second == {
        "system": "calltrackingmetrics",
        "external_id": "9876544",
        "agent": "Dana Reyes",
    }


def quoted(cell: str) -> str:
    return f'"{cell}"'
