"""Aircall: two generations of its export."""

from __future__ import annotations

from typing import Any

OLDER = [
    "line",
    "date (TZ offset incl.)",
    "time (TZ offset incl.)",
    "number timezone",
    "datetime (UTC)",
    "country_code",
    "direction",
    "from",
    "to",
    "answered",
    "missed_call_reason",
    "user",
    "duration (total)",
    "duration (in call)",
    "via",
    "voicemail",
    "tags",
]


def test_the_older_export_is_read_in_utc_with_the_party_of_each_direction(read_as: Any) -> None:
    rows = [
        [
            "Sales, Berlin",
            "2026-11-02",
            "10:12:04",
            "Europe/Berlin",
            "2026-11-02 09:12:04",
            "DE",
            "inbound",
            "+49 30 901820",
            "+49 30 555000",
            "Yes",
            "",
            "Dana Reyes",
            "312",
            "290",
            "",
            "",
            "Quote, Returning",
        ],
        [
            "Sales, Berlin",
            "2026-11-02",
            "10:30:00",
            "Europe/Berlin",
            "2026-11-02 09:30:00",
            "DE",
            "inbound",
            "anonymous",
            "+49 30 555000",
            "No",
            "no_available_agent",
            "[No associated user]",
            "25",
            "",
            "",
            "https://assets.example/vm/1",
            "",
        ],
        [
            "Sales, Berlin",
            "2026-11-02",
            "10:40:00",
            "Europe/Berlin",
            "2026-11-02 09:40:00",
            "DE",
            "outbound",
            "+49 30 555000",
            "+49 171 5550177",
            "Yes",
            "",
            "Sam Ortiz",
            "45",
            "38",
            "",
            "",
            "",
        ],
    ]
    first, second, third = read_as("aircall", OLDER, rows, "--timezone", "UTC")
    assert first == {
        "system": "aircall",
        "started_at": "2026-11-02T09:12:04+00:00",
        "account": "Sales, Berlin",
        "direction": "inbound",
        "status": "answered",
        "contact_number": "+49 30 901820",
        "tracking_number": "+49 30 555000",
        "agent": "Dana Reyes",
        "duration": 312,
        "talk_time": 290,
        "call_tags": ["Quote", "Returning"],
        "extra": {
            "date (TZ offset incl.)": "2026-11-02",
            "time (TZ offset incl.)": "10:12:04",
            "number timezone": "Europe/Berlin",
            "country_code": "DE",
        },
    }
    assert second == {
        "system": "aircall",
        "started_at": "2026-11-02T09:30:00+00:00",
        "account": "Sales, Berlin",
        "direction": "inbound",
        "status": "no_answer",
        "termination": "no_available_agent",
        "contact_number": "anonymous",
        "tracking_number": "+49 30 555000",
        "duration": 25,
        "extra": {
            **first["extra"],
            "time (TZ offset incl.)": "10:30:00",
            "voicemail": "https://assets.example/vm/1",
        },
    }
    assert (third["contact_number"], third["tracking_number"]) == (
        "+49 171 5550177",
        "+49 30 555000",
    )


NEWER = [
    "line",
    "datetime (tz offset incl.)",
    "number timezone",
    "datetime (utc)",
    "country_code",
    "direction",
    "from",
    "to",
    "answered",
    "missed_call_reason",
    "user",
    "duration (total)",
    "duration (in call)",
    "voicemail",
    "recording",
    "comments",
    "tags",
    "team",
    "call start time",
    "call end time",
    "aircall number",
    "customer number",
    "in-call duration",
    "call id",
    "waiting time",
    "call id (internal)",
    "disconnected by",
    "ivr branch",
]


def test_the_newer_export_has_an_id_and_says_who_hung_up(read_as: Any, run: Any) -> None:
    run("config", "set", "display.time_zone", "Australia/Melbourne")
    rows = [
        [
            "Sales (Purchase Enquiry)",
            "2025-12-04 18:53:35",
            "Australia/Melbourne",
            "2025-12-04 07:53:35.083",
            "AU",
            "inbound",
            "61491570156",
            "61390000001",
            "Yes",
            "",
            "Deepak Joshi",
            "530",
            "486",
            "",
            "https://assets.example/calls/1/recording",
            "Asked for a refund, angry",
            "Refunds",
            "Sales",
            "2025-12-04 18:53:35",
            "2025-12-04 19:02:25",
            "Sales (+61 3 9000 0001)",
            "+61 491 570 156",
            "00:08:06",
            "CA1",
            "00:00:44",
            "3331520692",
            "agent",
            "Sales",
        ]
    ]
    (call,) = read_as("aircall", NEWER, rows)
    extra = call.pop("extra")
    assert call == {
        "system": "aircall",
        "external_id": "CA1",
        "started_at": "2025-12-04T18:53:35+11:00",
        "account": "Sales (Purchase Enquiry)",
        "direction": "inbound",
        "status": "answered",
        "termination": "agent",
        "recording_url": "https://assets.example/calls/1/recording",
        "contact_number": "+61 491 570 156",
        "tracking_number": "61390000001",
        "agent": "Deepak Joshi",
        "duration": 530,
        "talk_time": 486,
        "wait_time": 44,
        "note": "Asked for a refund, angry",
        "call_tags": ["Refunds"],
    }
    assert extra["team"] == "Sales"
    assert extra["call id (internal)"] == "3331520692"
