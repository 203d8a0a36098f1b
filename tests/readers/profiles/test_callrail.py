"""CallRail: the CSV of its call log, and calls of its API."""

from __future__ import annotations

import json
from typing import Any

HEADER = [
    "Call Status",
    "Company Name",
    "Company ID",
    "Number Name",
    "Tracking Number",
    "Name",
    "Phone Number",
    "Email",
    "First-Time Caller",
    "City",
    "Agent Name",
    "Agent Number",
    "Source",
    "Duration (seconds)",
    "Start Time",
    "Keywords",
    "Medium",
    "Landing Page",
    "Campaign",
    "Value",
    "Tags",
    "Qualified",
    "Google Ads gclid",
    "Customer Talk Time Percent",
    "Recording Url",
    "Note",
]


def row(**cells: str) -> list[str]:
    return [cells.get(name, "") for name in HEADER]


def test_a_call_log_is_read_with_its_lead_its_value_and_its_tags(read_as: Any) -> None:
    first, second, third = read_as(
        "callrail",
        HEADER,
        [
            row(
                **{
                    "Call Status": "Answered Call",
                    "Company Name": "Reyes, Ortiz & Sons",
                    "Company ID": "COM8154748ae6bd4e278a7cddd38a662f4f",
                    "Number Name": "Google Ads pool",
                    "Tracking Number": "(212) 555-0199",
                    "Name": 'Lee, Ann "Annie"',
                    "Phone Number": "+12125550148",
                    "First-Time Caller": "true",
                    "Agent Name": "Dana Reyes",
                    "Source": "Google Ads",
                    "Duration (seconds)": "312",
                    "Start Time": "2026-11-02T09:12:04.119-05:00",
                    "Medium": "CPC",
                    "Campaign": "Autumn",
                    "Value": "$1,250.50",
                    "Tags": "New Patient, Insurance",
                    "Qualified": "Good Lead",
                    "Customer Talk Time Percent": "48",
                    "Recording Url": "https://app.callrail.com/calls/1/recording",
                    "Note": "Wants a quote, call back",
                }
            ),
            row(
                **{
                    "Call Status": "Voicemail",
                    "Tracking Number": "212-555-0199",
                    "Phone Number": "303.555.0177",
                    "Duration (seconds)": "0",
                    "Start Time": "2026-11-03 11:05:10",
                    "Value": "$0.00",
                    "Qualified": "Not a Lead",
                }
            ),
            row(
                **{
                    "Call Status": "in progress",
                    "Phone Number": "anonymous",
                    "Start Time": "2026-11-13 11:05",
                }
            ),
        ],
    )
    assert first == {
        "system": "callrail",
        "started_at": "2026-11-02T14:12:04+00:00",
        "account": "Reyes, Ortiz & Sons",
        "status": "answered",
        "termination": "Answered Call",
        "recording_url": "https://app.callrail.com/calls/1/recording",
        "contact_name": 'Lee, Ann "Annie"',
        "contact_number": "+12125550148",
        "tracking_number": "(212) 555-0199",
        "source": "Google Ads",
        "medium": "CPC",
        "campaign": "Autumn",
        "agent": "Dana Reyes",
        "duration": 312,
        "converted": True,
        "amount": "1250.50",
        "converted_on": "2026-11-02",
        "note": "Wants a quote, call back",
        "call_tags": ["Insurance", "New Patient"],
        "extra": {
            "Company ID": "COM8154748ae6bd4e278a7cddd38a662f4f",
            "Number Name": "Google Ads pool",
            "First-Time Caller": "true",
            "Customer Talk Time Percent": "48",
            "Qualified": "Good Lead",
        },
    }
    assert second == {
        "system": "callrail",
        "started_at": "2026-11-03T11:05:10+00:00",
        "status": "no_answer",
        "termination": "Voicemail",
        "contact_number": "303.555.0177",
        "tracking_number": "212-555-0199",
        "duration": 0,
        "extra": {"Qualified": "Not a Lead"},
    }
    assert third == {
        "system": "callrail",
        "started_at": "2026-11-13T11:05:00+00:00",
        "status": "other",
        "termination": "in progress",
        "contact_number": "anonymous",
        "extra": {"Call Status": "in progress"},
    }


def test_every_word_that_qualifies_a_call_converts_it_and_no_other_does(
    import_text: Any, stored_calls: Any
) -> None:
    yes = ["call qualified", "Good Lead", "Converted", "QUALIFIED", "yes"]
    no = ["Not Qualified", "no", "spam", "", "Not Scored"]
    header = ["Tracking Number", "First-Time Caller", "Call Status", "Start Time", "Qualified"]
    lines = [
        f"2125550199,false,answered,2026-11-{day:02} 10:00:00,{word}"
        for day, word in enumerate(yes + no, 13)
    ]
    summary, _ = import_text("\n".join([",".join(header), *lines]))
    assert summary["rejected"] == 0
    assert [call.get("converted", False) for call in stored_calls()] == [True] * 5 + [False] * 5


def test_calls_of_the_api_are_read_by_the_names_of_their_own(
    import_text: Any, stored_calls: Any
) -> None:
    calls = [
        {
            "answered": True,
            "business_phone_number": "+12125550100",
            "customer_name": "LEE ANN",
            "customer_phone_number": "+12125550148",
            "direction": "inbound",
            "duration": 98,
            "id": "CAL8154748ae6bd4e278a7cddd38a662f4f",
            "start_time": "2017-01-24T11:27:48.119-05:00",
            "tracking_phone_number": "+12125550199",
            "voicemail": False,
            "company_id": "COM1",
            "lead_status": "good_lead",
            "note": None,
            "source": "google_paid",
            "source_name": "Ads pool",
            "tags": ["New Client", "Q4"],
            "value": "80.00",
            "medium": "cpc",
        },
        {
            "answered": False,
            "business_phone_number": None,
            "customer_phone_number": "+13035550177",
            "direction": "outbound",
            "duration": None,
            "id": "CAL2",
            "start_time": "2017-01-25T11:27:48.119-05:00",
            "tracking_phone_number": "+12125550199",
            "lead_status": None,
            "value": None,
        },
    ]
    summary, said = import_text(json.dumps(calls), name="calls.json")
    assert "read with the profile callrail." in said
    assert summary["inserted"] == 2
    first, second = stored_calls()
    assert first == {
        "system": "callrail",
        "external_id": "CAL8154748ae6bd4e278a7cddd38a662f4f",
        "started_at": "2017-01-24T16:27:48+00:00",
        "account": "COM1",
        "direction": "inbound",
        "status": "answered",
        "contact_name": "LEE ANN",
        "contact_number": "+12125550148",
        "tracking_number": "+12125550199",
        "source": "google_paid",
        "medium": "cpc",
        "duration": 98,
        "converted": True,
        "amount": "80.00",
        "converted_on": "2017-01-24",
        "call_tags": ["New Client", "Q4"],
        "extra": {
            "business_phone_number": "+12125550100",
            "lead_status": "good_lead",
            "source_name": "Ads pool",
            "voicemail": "false",
        },
    }
    assert second == {
        "system": "callrail",
        "external_id": "CAL2",
        "started_at": "2017-01-25T16:27:48+00:00",
        "direction": "outbound",
        "status": "no_answer",
        "contact_number": "+13035550177",
        "tracking_number": "+12125550199",
    }
