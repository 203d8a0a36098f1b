"""3CX: the newer call log with both parties, and the older one."""

from __future__ import annotations

from typing import Any

NEWER = [
    "Call Time",
    "Call ID",
    "From",
    "To",
    "Direction",
    "Status",
    "Ringing",
    "Talking",
    "Call Activity Details",
]


def test_both_parties_are_taken_apart_and_told_by_the_direction(read_as: Any) -> None:
    details = "Inbound: Ann Lee (+12125550148) \u2192 Sales (800) \u2192 Ended by Dana Reyes (101)"
    rows = [
        [
            "2025-07-25T11:41:48",
            "7001",
            "Lee, Ann (ann's mobile) (+12125550148)",
            "Dana Reyes (101)",
            "Inbound",
            "Answered",
            "00:00:07",
            "01:05:12",
            details,
        ],
        [
            "2025-07-25T11:41:48",
            "7001",
            "0400 111 222",
            "Sales (800)",
            "Inbound Queue",
            "Waiting",
            "00:00:07",
            "00:00:00",
            "",
        ],
        [
            "2025-07-25T12:00:00",
            "7002",
            "Sam Ortiz (102)",
            "303-555-0177",
            "Outbound",
            "Unanswered",
            "00:00:31",
            "",
            "",
        ],
        [
            "2025-07-25T12:10:00",
            "7003",
            "Sam Ortiz (102)",
            "Dana Reyes (101)",
            "Internal",
            "Answered",
            "00:00:02",
            "00:00:00",
            "",
        ],
    ]
    first, second, third, fourth = read_as("3cx", NEWER, rows)
    assert first == {
        "system": "3cx",
        "started_at": "2025-07-25T11:41:48+00:00",
        "direction": "inbound",
        "status": "answered",
        "contact_name": "Lee, Ann (ann's mobile)",
        "contact_number": "+12125550148",
        "agent": "Dana Reyes",
        "agent_extension": "101",
        "duration": 3919,
        "talk_time": 3912,
        "wait_time": 7,
        "extra": {
            "From": "Lee, Ann (ann's mobile) (+12125550148)",
            "To": "Dana Reyes (101)",
            "Call ID": "7001",
            "Call Activity Details": details,
        },
    }
    assert second == {
        "system": "3cx",
        "started_at": "2025-07-25T11:41:48+00:00",
        "direction": "inbound",
        "status": "other",
        "contact_number": "0400 111 222",
        "agent": "Sales",
        "agent_extension": "800",
        "duration": 7,
        "talk_time": 0,
        "wait_time": 7,
        "extra": {
            "From": "0400 111 222",
            "To": "Sales (800)",
            "Call ID": "7001",
            "Status": "Waiting",
        },
    }
    assert third == {
        "system": "3cx",
        "started_at": "2025-07-25T12:00:00+00:00",
        "direction": "outbound",
        "status": "no_answer",
        "contact_number": "303-555-0177",
        "agent": "Sam Ortiz",
        "agent_extension": "102",
        "duration": 31,
        "wait_time": 31,
        "extra": {"From": "Sam Ortiz (102)", "To": "303-555-0177", "Call ID": "7002"},
    }
    assert fourth == {
        "system": "3cx",
        "started_at": "2025-07-25T12:10:00+00:00",
        "direction": "internal",
        "status": "answered",
        "contact_name": "Dana Reyes",
        "contact_number": "101",
        "agent": "Sam Ortiz",
        "agent_extension": "102",
        "duration": 2,
        "talk_time": 0,
        "wait_time": 2,
        "extra": {"From": "Sam Ortiz (102)", "To": "Dana Reyes (101)", "Call ID": "7003"},
    }


def test_the_older_log_knows_a_caller_and_a_destination(read_as: Any) -> None:
    header = ["Call Time", "Caller ID", "Destination", "Status", "Ringing", "Talking"]
    rows = [
        [
            "13/11/2026 09:12:04",
            "Ann Lee (2125550148)",
            "Dana Reyes (101)",
            "Answered",
            "7",
            "5:12",
        ],
        ["02/11/2026 09:12:04", "(3035550177)", "Voicemail (999)", "Unanswered", "0:25", "0:00"],
    ]
    first, second = read_as("3cx", header, rows)
    assert first == {
        "system": "3cx",
        "started_at": "2026-11-13T09:12:04+00:00",
        "status": "answered",
        "contact_name": "Ann Lee",
        "contact_number": "2125550148",
        "agent": "Dana Reyes",
        "agent_extension": "101",
        "duration": 319,
        "talk_time": 312,
        "wait_time": 7,
        "extra": {"Destination": "Dana Reyes (101)"},
    }
    assert second == {
        "system": "3cx",
        "started_at": "2026-11-02T09:12:04+00:00",
        "status": "no_answer",
        "contact_number": "3035550177",
        "agent": "Voicemail",
        "agent_extension": "999",
        "duration": 25,
        "talk_time": 0,
        "wait_time": 25,
        "extra": {"Destination": "Voicemail (999)"},
    }
