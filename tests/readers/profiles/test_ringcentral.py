"""RingCentral: the short call log, the one with both parties, and calls of the API."""

from __future__ import annotations

import json
from typing import Any

SHORT = [
    "Type",
    "Phone Number",
    "Name",
    "Date",
    "Time",
    "Action",
    "Action Result",
    "Result Description",
    "Duration",
    "Attachment",
]


def test_the_short_log_joins_day_and_time_and_drops_the_weekday(read_as: Any) -> None:
    rows = [
        [
            "Voice",
            "(212) 555-0148",
            "Lee, Ann",
            "Fri 11/13/2026",
            "9:41:05 AM",
            "Phone Call",
            "Call connected",
            "The call was answered, but nobody chose",
            "0:05:12",
            "-",
        ],
        [
            "Voice",
            "+1 303-555-0177",
            "",
            "Tue 11/3/2026",
            "12:05 PM",
            "Phone Call",
            "Missed",
            "",
            "0:00:00",
            "",
        ],
    ]
    first, second = read_as("ringcentral", SHORT, rows)
    assert first == {
        "system": "ringcentral",
        "started_at": "2026-11-13T09:41:05+00:00",
        "status": "answered",
        "termination": "Call connected",
        "contact_name": "Lee, Ann",
        "contact_number": "(212) 555-0148",
        "duration": 312,
        "extra": {
            "Type": "Voice",
            "Action": "Phone Call",
            "Result Description": "The call was answered, but nobody chose",
        },
    }
    assert second == {
        "system": "ringcentral",
        "started_at": "2026-11-03T12:05:00+00:00",
        "status": "no_answer",
        "termination": "Missed",
        "contact_number": "+1 303-555-0177",
        "duration": 0,
        "extra": {"Type": "Voice", "Action": "Phone Call"},
    }


def test_a_doubtful_order_of_day_and_month_is_asked_for(run: Any, home: Any) -> None:
    path = home / "log.csv"
    path.write_text(
        ",".join(SHORT) + "\nVoice,12125550148,,11/3/2026,9:41 AM,Phone Call,Accepted,,0:05:12,\n"
    )
    done = run("calls", "import", path)
    assert done.code == 2
    assert "--date-format" in done.stderr
    done = run("calls", "import", path, "--date-format", "MDY", "--timezone", "America/New_York")
    assert done.code == 0, done.stderr
    assert '"2026-11-03T14:41:00+00:00"' in run("calls", "list", "--format", "json").stdout


def test_the_log_with_both_parties_tells_them_by_the_direction(read_as: Any) -> None:
    header = [
        "Type",
        "Direction",
        "From",
        "To",
        "Extension",
        "Forwarded To",
        "Name",
        "Date",
        "Time",
        "Action",
        "Action Result",
        "Result Description",
        "Duration",
        "Included",
        "Purchased",
    ]
    inbound = ["Voice", "Incoming", "(212) 555-0148", "(510) 555-0101", "101 - Dana Reyes"]
    outbound = ["Voice", "Outgoing", "(510) 555-0101", "(303) 555-0177", "Sam Ortiz"]
    rows = [
        [
            *inbound,
            "",
            "LEE ANN",
            "Fri 11/13/2026",
            "9:41 AM",
            "Phone Call",
            "Accepted",
            "",
            "0:05:12",
            "0",
            "0",
        ],
        [
            *outbound,
            "",
            "",
            "Fri 11/13/2026",
            "1:02 PM",
            "VoIP Call",
            "Hang Up",
            "",
            "0:00:09",
            "0",
            "0",
        ],
    ]
    first, second = read_as("ringcentral", header, rows)
    assert first == {
        "system": "ringcentral",
        "started_at": "2026-11-13T09:41:00+00:00",
        "direction": "inbound",
        "status": "answered",
        "termination": "Accepted",
        "contact_name": "LEE ANN",
        "contact_number": "(212) 555-0148",
        "tracking_number": "(510) 555-0101",
        "agent": "Dana Reyes",
        "agent_extension": "101",
        "duration": 312,
        "extra": {
            "Type": "Voice",
            "Extension": "101 - Dana Reyes",
            "Action": "Phone Call",
            "Included": "0",
            "Purchased": "0",
        },
    }
    assert (second["direction"], second["status"], second["agent"]) == (
        "outbound",
        "no_answer",
        "Sam Ortiz",
    )
    assert second["contact_number"] == "(303) 555-0177"
    assert second["tracking_number"] == "(510) 555-0101"
    assert second["started_at"] == "2026-11-13T13:02:00+00:00"


def test_calls_of_the_api_are_read_with_both_parties(import_text: Any, stored_calls: Any) -> None:
    calls = [
        {
            "id": "AbC1",
            "sessionId": "111",
            "startTime": "2026-11-02T18:26:52.000Z",
            "duration": 54,
            "type": "Voice",
            "direction": "Inbound",
            "action": "Phone Call",
            "result": "Accepted",
            "to": {"phoneNumber": "+15105550101", "name": "Dana Reyes", "extensionNumber": "101"},
            "from": {"phoneNumber": "+12125550148", "name": "LEE ANN"},
        },
        {
            "id": "AbC2",
            "sessionId": "112",
            "startTime": "2026-11-02T18:30:00.000Z",
            "duration": 0,
            "type": "Voice",
            "direction": "Outbound",
            "action": "VoIP Call",
            "result": "No Answer",
            "to": {"phoneNumber": "+13035550177"},
            "from": {"phoneNumber": "+15105550101", "name": "Sam Ortiz", "extensionNumber": "102"},
        },
    ]
    summary, said = import_text(json.dumps(calls), name="log.json")
    assert "read with the profile ringcentral." in said
    assert summary["rejected"] == 0
    first, second = stored_calls()
    assert first == {
        "system": "ringcentral",
        "external_id": "AbC1",
        "started_at": "2026-11-02T18:26:52+00:00",
        "direction": "inbound",
        "status": "answered",
        "termination": "Accepted",
        "contact_name": "LEE ANN",
        "contact_number": "+12125550148",
        "tracking_number": "+15105550101",
        "agent": "Dana Reyes",
        "duration": 54,
        "extra": {
            "sessionId": "111",
            "type": "Voice",
            "action": "Phone Call",
            "to.extensionNumber": "101",
        },
    }
    assert (second["direction"], second["status"]) == ("outbound", "no_answer")
    assert (second["contact_number"], second["tracking_number"]) == (
        "+13035550177",
        "+15105550101",
    )
    assert second["agent"] == "Sam Ortiz"
    assert "contact_name" not in second
