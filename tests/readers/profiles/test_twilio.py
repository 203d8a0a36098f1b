"""Twilio: calls of its API, as a table and as JSON."""

from __future__ import annotations

import json
from typing import Any

HEADER = [
    "sid",
    "parent_call_sid",
    "account_sid",
    "to",
    "from",
    "phone_number_sid",
    "status",
    "start_time",
    "end_time",
    "duration",
    "price",
    "price_unit",
    "direction",
    "answered_by",
    "caller_name",
    "forwarded_from",
    "queue_time",
]


def test_the_other_party_follows_the_direction_and_prices_stay_as_they_are(read_as: Any) -> None:
    rows = [
        [
            "CA1",
            "",
            "AC1",
            "+15105550101",
            "+12125550148",
            "PN1",
            "completed",
            "Tue, 31 Aug 2010 20:36:29 +0000",
            "Tue, 31 Aug 2010 20:36:44 +0000",
            "15",
            "-0.03000",
            "USD",
            "inbound",
            "",
            "LEE,ANN",
            "+14155550100",
            "0",
        ],
        [
            "CA2",
            "CA1",
            "AC1",
            "+13035550177",
            "client:dana.reyes",
            "",
            "no-answer",
            "Wed, 01 Sep 2010 01:36:29 +0200",
            "",
            "0",
            "",
            "USD",
            "outbound-dial",
            "machine_start",
            "",
            "",
            "",
        ],
        [
            "CA3",
            "",
            "AC1",
            "sip:sam@example.sip.twilio.com;region=us2",
            "+15105550101",
            "",
            "in-progress",
            "Wed, 01 Sep 2010 01:36:29 +0000",
            "",
            "",
            "",
            "",
            "outbound-api",
            "human",
            "",
            "",
            "2000",
        ],
    ]
    first, second, third = read_as("twilio", HEADER, rows)
    assert first == {
        "system": "twilio",
        "external_id": "CA1",
        "started_at": "2010-08-31T20:36:29+00:00",
        "account": "AC1",
        "direction": "inbound",
        "status": "answered",
        "contact_name": "LEE,ANN",
        "contact_number": "+12125550148",
        "tracking_number": "+15105550101",
        "duration": 15,
        "extra": {
            "phone_number_sid": "PN1",
            "end_time": "Tue, 31 Aug 2010 20:36:44 +0000",
            "price": "-0.03000",
            "price_unit": "USD",
            "forwarded_from": "+14155550100",
            "queue_time": "0",
        },
    }
    assert second == {
        "system": "twilio",
        "external_id": "CA2",
        "started_at": "2010-08-31T23:36:29+00:00",
        "account": "AC1",
        "direction": "outbound",
        "status": "no_answer",
        "contact_number": "+13035550177",
        "tracking_number": "client:dana.reyes",
        "agent": "dana.reyes",
        "duration": 0,
        "extra": {"parent_call_sid": "CA1", "price_unit": "USD", "answered_by": "machine_start"},
    }
    assert third == {
        "system": "twilio",
        "external_id": "CA3",
        "started_at": "2010-09-01T01:36:29+00:00",
        "account": "AC1",
        "direction": "outbound",
        "status": "other",
        "contact_number": "sip:sam@example.sip.twilio.com;region=us2",
        "tracking_number": "+15105550101",
        "extra": {"status": "in-progress", "answered_by": "human", "queue_time": "2000"},
    }


def test_every_status_of_the_documentation_is_understood(
    import_text: Any, stored_calls: Any
) -> None:
    statuses = ["completed", "failed", "busy", "no-answer", "canceled"]
    calls = [
        {
            "sid": f"CA{number}",
            "from": "+12125550148",
            "to": "+15105550101",
            "direction": "inbound",
            "start_time": "Tue, 31 Aug 2010 20:36:29 +0000",
            "duration": "15",
            "price": None,
            "status": status,
            "subresource_uris": {"notifications": "/x"},
        }
        for number, status in enumerate(statuses)
    ]
    _, said = import_text("\n".join(map(json.dumps, calls)), name="calls.jsonl")
    assert "read with the profile twilio." in said
    assert [call["status"] for call in stored_calls()] == [
        "answered",
        "failed",
        "busy",
        "no_answer",
        "no_answer",
    ]
