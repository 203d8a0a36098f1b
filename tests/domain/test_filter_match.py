"""What a rule is told about the terms of its filter."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from scorecli.domain.filter_match import explain, matches
from scorecli.domain.filters import FilterContext, combine, parse_terms, parse_text

CONTEXT = FilterContext(date(2026, 11, 3), ZoneInfo("UTC"), "EUR")
RULE = parse_text("direction:inbound talk_time:30.. status:answered", "calls", CONTEXT)


def test_a_rule_holds_where_every_term_holds() -> None:
    assert matches(RULE, {"direction": "inbound", "talk_time": 30, "status": "answered"})
    assert not matches(RULE, {"direction": "inbound", "talk_time": 29, "status": "answered"})
    assert not matches(RULE, {"direction": "inbound"})


def test_each_term_says_whether_it_held() -> None:
    call = {"direction": "inbound", "talk_time": 29, "status": "answered"}
    assert explain(RULE, call) == [
        ("direction:inbound", True),
        ("talk_time:30..", False),
        ("status:answered", True),
    ]


def test_combined_filters_must_all_hold() -> None:
    both = combine(RULE, parse_terms(["source:google"], "calls", CONTEXT))
    call = {"direction": "inbound", "talk_time": 99, "status": "answered", "source": "Google"}
    assert matches(both, call)
    assert not matches(both, {**call, "source": "bing"})


def test_a_tag_is_found_whatever_its_case_and_blanks() -> None:
    wanted = parse_terms(["tag:wrong number"], "calls", CONTEXT)
    assert matches(wanted, {"reporting_tags": ["vip", " Wrong   NUMBER"]})
    assert not matches(wanted, {"call_tags": ["wrong number"], "reporting_tags": []})


def test_a_column_of_the_import_is_found_by_name_and_value() -> None:
    wanted = parse_terms(['extra."Landing Page":~offer'], "calls", CONTEXT)
    assert matches(wanted, {"extra": {"landing page": "/Offer/1"}})
    assert not matches(wanted, {"extra": {"page": "/offer"}})
    assert not matches(wanted, {"extra": None})
