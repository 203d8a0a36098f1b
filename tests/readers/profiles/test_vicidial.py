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


TWO_CODES = (
    "call_date\tphone_number_dialed\tstatus\tcampaign_id\tlength_in_sec\n"
    "2026-11-02 09:12:00\t2125550148\tSALE\tAUTUMN\t60\n"
    "2026-11-02 09:13:00\t2125550149\tNI\tAUTUMN\t40\n"
)


def test_codes_that_are_call_results_come_as_such_and_the_others_reject_nothing(
    import_text: Any, stored_calls: Any, invoke: Any, home: Any
) -> None:
    invoke("--db", home / "calls.db", "results", "add", "sale")
    summary, _ = import_text(TWO_CODES)
    assert (summary["inserted"], summary["rejected"]) == (2, 0)
    assert [(call.get("result"), call["termination"]) for call in stored_calls()] == [
        ("sale", "SALE"),
        (None, "NI"),
    ]


def test_codes_that_nobody_defined_are_told_and_can_be_defined_later(
    invoke: Any, stored_calls: Any, home: Any
) -> None:
    (home / "export.txt").write_text(TWO_CODES, encoding="utf-8")
    words = ("--db", home / "calls.db", "calls", "import", home / "export.txt")
    told = invoke(*words).stderr
    assert "2 call results were defined by nobody: SALE, NI." in told
    assert "--define-results" in told
    again = invoke(*words, "--define-results")
    assert "0 inserted, 2 updated" in again.stderr
    assert [call["result"] for call in stored_calls()] == ["SALE", "NI"]
    assert "0 updated, 2 unchanged" in invoke(*words).stderr


def test_who_names_the_column_of_results_hears_of_every_row_without_one(
    invoke: Any, home: Any
) -> None:
    (home / "export.txt").write_text(TWO_CODES, encoding="utf-8")
    done = invoke("calls", "import", home / "export.txt", "--map", "result=status")
    assert done.code == 3
    assert "2 rejected" in done.stderr


def test_results_that_are_switched_off_are_no_question(
    import_text: Any, stored_calls: Any, home: Any
) -> None:
    (home / "scoring.toml").write_text("[results]\nenabled = false\n", encoding="utf-8")
    _, said = import_text(TWO_CODES)
    assert "call result" not in said
    assert [call["termination"] for call in stored_calls()] == ["SALE", "NI"]


def test_a_name_in_two_columns_is_put_together(import_text: Any, stored_calls: Any) -> None:
    header = [name for name in HEADER if name != "middle_initial"]
    cells = {"call_date": "2026-11-02 09:12:00", "first_name": "Ann", "last_name": "Lee"}
    line = "\t".join(cells.get(name, "") for name in header)
    import_text("\t".join(header) + "\n" + line + "\n")
    assert stored_calls()[0]["contact_name"] == "Ann Lee"
