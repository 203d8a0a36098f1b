"""Kixie: the call history."""

from __future__ import annotations

from typing import Any

HEADER = [
    "Date",
    "Agent First Name",
    "Type",
    "Status",
    "Disposition",
    "Duration",
    "Source",
    "Source Link",
    "CRM Link",
    "CRM Contact ID",
    "To Number",
]


def test_days_begin_with_the_month_and_durations_are_clocks(read_as: Any) -> None:
    rows = [
        [
            "11/02/2026, 09:12 PM",
            "Dana",
            "Outgoing",
            "Answered",
            "Left Voicemail, call back",
            "5:12",
            "HubSpot",
            "https://app.example/1",
            "",
            "51",
            "(212) 555-0148",
        ],
        [
            "11/03/2026, 12:05 AM",
            "",
            "Incoming",
            "Missed",
            "",
            "1:05:12",
            "",
            "",
            "",
            "",
            "+1 510 555 0101",
        ],
    ]
    first, second = read_as("kixie", HEADER, rows)
    assert first == {
        "system": "kixie",
        "started_at": "2026-11-02T21:12:00+00:00",
        "direction": "outbound",
        "status": "answered",
        "termination": "Left Voicemail, call back",
        "contact_number": "(212) 555-0148",
        "source": "HubSpot",
        "agent": "Dana",
        "duration": 312,
        "extra": {"Source Link": "https://app.example/1", "CRM Contact ID": "51"},
    }
    assert second == {
        "system": "kixie",
        "started_at": "2026-11-03T00:05:00+00:00",
        "direction": "inbound",
        "status": "no_answer",
        "tracking_number": "+1 510 555 0101",
        "duration": 3912,
    }


def test_calls_of_one_minute_without_a_number_stay_two_calls(read_as: Any) -> None:
    row = ["11/03/2026, 12:05 AM", "", "Incoming", "Missed", "", "0:00", "", "", "", "", ""]
    assert len(read_as("kixie", HEADER, [row, row])) == 2


def test_a_disposition_that_is_a_call_result_comes_as_one(
    import_text: Any, stored_calls: Any, invoke: Any, home: Any
) -> None:
    invoke("--db", home / "calls.db", "results", "add", "Left Voicemail")
    text = (
        "Date,Agent First Name,Type,Status,Disposition,Duration,To Number\n"
        '"11/02/2026, 09:12 PM",Dana,Outgoing,Answered,left voicemail,5:12,2125550148\n'
        '"11/02/2026, 09:13 PM",Dana,Outgoing,Answered,Connected,5:12,2125550149\n'
    )
    summary, _ = import_text(text)
    assert summary["rejected"] == 0
    assert [call.get("result") for call in stored_calls()] == ["Left Voicemail", None]
