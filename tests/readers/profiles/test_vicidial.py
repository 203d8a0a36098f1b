"""VICIdial: the call export, tab-separated with line ends of Windows."""

from __future__ import annotations

from typing import Any

COLUMNS = """
call_date phone_number_dialed status user full_name campaign_id vendor_lead_code source_id list_id
gmt_offset_now phone_code phone_number title first_name middle_initial last_name address1 address2
address3 city state province postal_code country_code gender date_of_birth alt_phone email
security_phrase comments length_in_sec user_group alt_dial rank owner lead_id list_name
list_description status_name
"""
HEADER = COLUMNS.split()


def row(**cells: str) -> list[str]:
    return [cells.get(name, "") for name in HEADER]


def test_a_tab_separated_export_is_read_with_what_the_line_did(read_as: Any) -> None:
    rows = [
        row(
            call_date="2026-11-02 09:12:04",
            phone_number_dialed="12125550148",
            status="SALE",
            user="6666",
            full_name="Reyes, Dana",
            campaign_id="AUTUMN",
            source_id="web",
            list_id="1001",
            first_name="Ann",
            middle_initial="B",
            last_name="Lee, Jr.",
            comments="asked twice",
            length_in_sec="312",
            lead_id="77",
            list_name="Leads, October",
            status_name="Sale Made",
        ),
        row(
            call_date="2026-11-02 09:20:00",
            phone_number_dialed="3035550177",
            status="NA",
            user="VDAD",
            full_name="Outbound Auto Dial",
            campaign_id="AUTUMN",
            list_id="1001",
            first_name="Bo",
            last_name="Chen",
            length_in_sec="0",
        ),
        row(
            call_date="2026-11-02 09:30:00",
            phone_number_dialed="3035550178",
            status="MYCODE",
            full_name="Sam Ortiz",
            length_in_sec="45",
        ),
    ]
    first, second, third = read_as("vicidial", HEADER, rows, delimiter="\t", lineterminator="\r\n")
    assert first == {
        "system": "vicidial",
        "started_at": "2026-11-02T09:12:04+00:00",
        "status": "answered",
        "termination": "SALE",
        "contact_name": "Ann B Lee, Jr.",
        "contact_number": "12125550148",
        "source": "web",
        "campaign": "AUTUMN",
        "list": "Leads, October",
        "agent": "Reyes, Dana",
        "duration": 312,
        "note": "asked twice",
        "extra": {"user": "6666", "list_id": "1001", "lead_id": "77", "status_name": "Sale Made"},
    }
    assert second == {
        "system": "vicidial",
        "started_at": "2026-11-02T09:20:00+00:00",
        "status": "no_answer",
        "termination": "NA",
        "contact_name": "Bo Chen",
        "contact_number": "3035550177",
        "campaign": "AUTUMN",
        "duration": 0,
        "extra": {"user": "VDAD", "list_id": "1001"},
    }
    assert third == {
        "system": "vicidial",
        "started_at": "2026-11-02T09:30:00+00:00",
        "status": "other",
        "termination": "MYCODE",
        "contact_number": "3035550178",
        "agent": "Sam Ortiz",
        "duration": 45,
        "extra": {"status": "MYCODE"},
    }


def test_the_documented_codes_say_what_the_line_did(import_text: Any, stored_calls: Any) -> None:
    expected = {
        "SALE": "answered",
        "NI": "answered",
        "CALLBK": "answered",
        "DNC": "answered",
        "DEC": "answered",
        "XFER": "answered",
        "N": "no_answer",
        "NA": "no_answer",
        "A": "answering_machine",
        "AA": "answering_machine",
        "B": "busy",
        "AB": "busy",
        "DC": "operator_intercept",
        "ADC": "operator_intercept",
        "DROP": "dropped",
        "DNCL": "other",
        "DNCC": "other",
    }
    lines = [
        f"2026-11-02 09:12:{second:02}\t2125550148\t{code}\tAUTUMN\t0"
        for second, code in enumerate(expected)
    ]
    header = "call_date\tphone_number_dialed\tstatus\tcampaign_id\tlength_in_sec"
    summary, _ = import_text("\n".join([header, *lines]))
    assert summary["rejected"] == 0
    assert {call["termination"]: call["status"] for call in stored_calls()} == expected


def test_codes_become_call_results_for_those_who_ask(import_text: Any, stored_calls: Any) -> None:
    text = (
        "call_date\tphone_number_dialed\tstatus\tcampaign_id\tlength_in_sec\n"
        "2026-11-02 09:12:00\t2125550148\tSALE\tAUTUMN\t60\n"
    )
    summary, _ = import_text(text, "--map", "result=status", "--define-results")
    assert summary["defined_results"] == ["SALE"]
    (call,) = stored_calls()
    assert (call["result"], call["status"], call["termination"]) == ("SALE", "answered", "SALE")
