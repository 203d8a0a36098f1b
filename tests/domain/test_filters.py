"""The filter language: what each form of a term means, and how a fault is shown."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.filter_match import matches
from scorecli.domain.filters import FilterContext, field_names, parse_terms, parse_text, to_text
from scorecli.errors import WrongUsage
from scorecli.errors.filters import (
    BadFilter,
    BadFilterGroup,
    BadFilterValue,
    FilterLoop,
    MissingFilterQuote,
    StrayFilterQuote,
    UnknownFilterField,
    UnknownSavedFilter,
)

SAVED = {
    "hot": "stars:4.. source:google",
    "warm": "any:(@hot stars:3)",
    "a": "@b",
    "b": "@a",
    "broken": "source:google sorce:x",
}
CONTEXT = FilterContext(date(2026, 11, 3), ZoneInfo("Europe/Berlin"), "USD", SAVED)

CALL = {
    "id": 7,
    "external_id": "CAL-77",
    "system": "callrail",
    "started_at": 1791236700,  # 2026-10-05 23:45 in Berlin
    "direction": "inbound",
    "status": "answered",
    "contact_name": "Ann  Lee",
    "contact_number": "(555) 123-4567",
    "source": "Google Ads",
    "medium": "cpc",
    "campaign": "Spring (2026)",
    "agent": "Dana",
    "user": "Dana Reyes",
    "user_id": 3,
    "duration": 95,
    "stars": 4,
    "reporting_tags": ["Wrong Number", "a,b"],
    "call_tags": ["vip"],
    "converted": True,
    "amount": 25000,
    "currency": "USD",
    "converted_on": "2026-10-06",
    "note": 'said "yes", call 10:30',
    "extra": {"Landing Page": "/offer", "Empty": ""},
}


def passes(*args: str, call: dict[str, object] = CALL) -> bool:
    return matches(parse_terms(args, "calls", CONTEXT), call)


def passes_text(text: str) -> bool:
    return matches(parse_text(text, "calls", CONTEXT), CALL)


@pytest.mark.parametrize(
    "term",
    [
        "source:google ads",
        "SOURCE:GOOGLE ADS",
        'source:"google ads"',
        "source:bing,google ads",
        "source:~ADS",
        "source:~bing,ads",
        "source:none,google ads",
        "stars:4..5",
        "stars:..4",
        "stars:4..",
        "stars:>=4",
        "stars:>3",
        "stars:<5",
        "stars:=4",
        "stars:1,4",
        "stars:1..2,4",
        "duration:1:30..1:40",
        "duration:..2m",
        "duration:1m35s",
        "amount:100..",
        "amount:250",
        "amount:$250.00",
        "amount:<250.01",
        'amount:"250"',
        "amount:any",
        "list:none",
        "converted:yes",
        "tag:wrong number",
        'tag:"wrong number"',
        'tag:"a,b"',
        "reporting_tags:~wrong",
        "calltag:VIP",
        "call_tags:any",
        "date:2026-10",
        "date:2026-Q4",
        "date:2026-10-01..2026-10-05",
        "date:2026-10-05",
        "date:30d..",
        "date:>=2026-10-05",
        "date:<=2026-10-05",
        "date:<2026-10-06",
        "started_at:any",
        "converted_on:2026-10-06",
        "converted_on:..2026-10",
        'extra."Landing Page":/offer',
        "extra.Landing Page:~offer",
        "extra.landing page:any",
        "extra.Empty:none",
        "extra.Unknown:none",
        "not:source:bing",
        "not:tag:busy line",
        "not:not:stars:4",
        "any:(source:bing stars:4)",
        'any:(source:bing tag:"wrong number")',
        "not:any:(source:bing stars:5)",
        "any:(stars:1 not:stars:2)",
        "all:(source:~google stars:4)",
        "ann lee",
        "Ann Lee",
        "123-4567",
        "(555) 123",
        "cal-77",
        "vip",
        "said",
        'note:"said ""yes"", call 10:30"',
        "campaign:Spring (2026)",
        "not:@hot",
        "not:@unscored",
        "not:@orphan-amounts",
        "not:@unassigned",
        "user:dana reyes",
        "user_id:3",
        "id:7",
        "id:1..7",
        "status:Answered,busy",
        "currency:usd",
    ],
)
def test_this_term_finds_the_call(term: str) -> None:
    assert passes(term)
    assert not passes("not:" + term)


@pytest.mark.parametrize(
    "term",
    [
        "source:google",
        'source:"none"',
        'source:"~ads"',
        "stars:5",
        "stars:>4",
        "stars:none",
        "amount:..249.99",
        "amount:>250",
        "amount:none",
        "converted:no",
        "tag:wrong",
        "calltag:none",
        "date:2026-10-06",
        "date:last-week",
        "date:>2026-10-05",
        "extra.Landing Page:offer",
        "extra.Empty:any",
        "lee 555",
        "google",
    ],
)
def test_this_term_does_not_find_the_call(term: str) -> None:
    assert not passes(term)


def test_an_argument_runs_to_its_end_and_a_text_is_cut_at_blanks() -> None:
    assert passes("tag:wrong number")
    assert not passes_text("tag:wrong number")
    assert passes_text('tag:"wrong number" stars:4 any:(source:bing status:answered)')
    assert passes_text("  ")
    assert passes()


def test_terms_are_joined_by_and() -> None:
    assert passes("source:~google", "stars:4")
    assert not passes("source:~google", "stars:5")


def test_a_missing_value_passes_only_none_and_opposites() -> None:
    empty: dict[str, object] = {"id": 1}
    assert passes("stars:none", "amount:none", "tag:none", "date:none", "converted:no", call=empty)
    assert passes("@unscored", "@unassigned", "not:stars:1..5", "not:date:2026", call=empty)
    assert not passes("stars:..5", call=empty)
    assert not passes("date:..2026", call=empty)


def test_an_unscored_call_has_neither_stars_nor_a_reporting_tag_nor_a_conversion() -> None:
    assert passes("@unscored", call={"amount": 100, "note": "x", "call_tags": ["y"]})
    assert not passes("@unscored", call={"stars": 1})
    assert not passes("@unscored", call={"reporting_tags": ["x"]})
    assert not passes("@unscored", call={"converted": True})


def test_orphan_amounts_have_an_amount_and_no_conversion() -> None:
    assert passes("@orphan-amounts", call={"amount": 100, "converted": False})
    assert not passes("@orphan-amounts", call={"amount": 100, "converted": True})


def test_a_saved_filter_may_use_another_one() -> None:
    google = {"source": "google", "stars": 5}
    assert passes("@warm", call=google)
    assert passes("@Hot", call=google)
    assert passes("@warm", call={"stars": 3})
    assert not passes("not:@warm", call=google)


def test_a_day_ends_at_the_local_midnight() -> None:
    assert passes("date:2026-10-05", call={"started_at": 1791237599})
    assert passes("date:2026-10-06", call={"started_at": 1791237600})


@pytest.mark.parametrize(
    ("currency", "minor", "term", "expected"),
    [
        ("JPY", 100, "amount:100", True),
        ("JPY", 100, "amount:>99.50", True),
        ("JPY", 99, "amount:>99.50", False),
        ("JPY", 100, "amount:<100", False),
        ("JPY", 99, "amount:<99.50", True),
        ("JPY", 100, "amount:99.50..100.50", True),
        ("JPY", 99, "amount:99.50", False),
        ("KWD", 100001, "amount:>100", True),
        ("KWD", 100000, "amount:>100", False),
        ("KWD", 99999, "amount:<100", True),
        ("KWD", 100000, "amount:100", True),
    ],
)
def test_amounts_compare_across_currencies_with_other_decimals(
    currency: str, minor: int, term: str, expected: bool
) -> None:
    assert passes(term, call={"amount": minor, "currency": currency}) is expected


@pytest.mark.parametrize(
    ("term", "error", "message", "hint"),
    [
        (
            "sorce:google",
            UnknownFilterField,
            'Unknown field "sorce".\n  sorce:google\n  ^',
            "source",
        ),
        ("http://x", UnknownFilterField, 'Unknown field "http".', '"http:..."'),
        ("extra:x", UnknownFilterField, 'Unknown field "extra"', "extra.COLUMN"),
        ("stars:7", BadFilterValue, '"7" is no value for stars.\n  stars:7\n        ^', "1 to 5"),
        ("stars:1,x", BadFilterValue, "  stars:1,x\n          ^", "1 to 5"),
        ("stars:5..4", BadFilterValue, '"5..4"', "lower end"),
        ("stars:..", BadFilterValue, '".."', "4..5"),
        ("stars:>=", BadFilterValue, '">="', "after >="),
        ("stars:~4", BadFilterValue, '"4"', "~"),
        ("status:anwsered", BadFilterValue, '"anwsered"', "Did you mean answered?"),
        ("direction:sideways", BadFilterValue, "", "inbound, outbound, internal"),
        ("converted:maybe", BadFilterValue, "", "yes, no"),
        ("converted:none", BadFilterValue, "", "yes, no"),
        ("currency:dollars", BadFilterValue, "", "EUR"),
        ("duration:long", BadFilterValue, "", "seconds"),
        ("duration:1:99", BadFilterValue, "", "seconds"),
        ("id:99999999999999999999", BadFilterValue, "", "whole number"),
        ("amount:lots", BadFilterValue, "", "not an amount"),
        ("amount:1.005", BadFilterValue, "", "1005"),
        ("amount:1,250", BadFilterValue, '"1,250"', "1250"),
        ("amount:-5", BadFilterValue, "", "negative"),
        ("date:5", BadFilterValue, '"5" is no value for date', "2026-10-03"),
        ("date:2026-02-30", BadFilterValue, "", "2026-10-03"),
        ("source:", BadFilterValue, "", "source:none"),
        ("extra.Balance:1000..", BadFilterValue, '"1000.."', 'quote it: "1000.."'),
        ("extra.Balance:>=1000", BadFilterValue, '">=1000"', "Texts have no order"),
        ("agent:1..5", BadFilterValue, "", "Texts have no order"),
        ("source:a,,b", BadFilterValue, "  source:a,,b\n           ^", "source:none"),
        (
            "source:google campaign:x",
            MissingFilterQuote,
            "  source:google campaign:x\n  ",
            "quotes",
        ),
        ("google ads stars:5", MissingFilterQuote, '"stars:"', "quotes"),
        ("source:google extra.Page:x", MissingFilterQuote, '"extra.Page:"', "quotes"),
        ("source:google not:stars:5", MissingFilterQuote, '"not:"', "quotes"),
        ("@hot stars:5", MissingFilterQuote, '"stars:"', "quotes"),
        ('tag:"wrong', StrayFilterQuote, '  tag:"wrong\n      ^', "quotes"),
        ('tag:wrong"', StrayFilterQuote, '  tag:wrong"\n           ^', "quotes"),
        ('tag:"wrong" number', StrayFilterQuote, "Stray quote", "quotes"),
        ('5" pipe', StrayFilterQuote, "Stray quote", "quotes"),
        ("any:source:google", BadFilterGroup, "parenthesis", "any:(TERM"),
        ("any:()", BadFilterGroup, "empty", "inside"),
        ("any:(stars:4", BadFilterGroup, "never closes", "quotes"),
        ("any:(stars:4))", BadFilterGroup, "closing parenthesis", "quotes"),
        ("any:(stars:4) x", BadFilterGroup, "after the group", "argument"),
        ("any:(stars:4)x", BadFilterGroup, "after the group", "quotes"),
        ("not:", BadFilterGroup, "not:", None),
        ("@hto", UnknownSavedFilter, "@hto", "@hot"),
        ("@nothing-like-it", UnknownSavedFilter, "", "[filters]"),
        ("@a", FilterLoop, "@a > @b > @a", "[filters]"),
        ("@broken", UnknownFilterField, 'In the saved filter @broken: Unknown field "sorce"', ""),
        ("not:" * 60 + "x", BadFilterGroup, "deep", None),
        ("tag:\x01", BadFilter, "control", None),
        ("tag:\udcff", BadFilter, "UTF-8", None),
    ],
)
def test_a_fault_is_shown_at_its_place_with_what_to_do(
    term: str, error: type[BadFilter], message: str, hint: str | None
) -> None:
    with pytest.raises(error) as caught:
        passes(term)
    assert message in caught.value.message
    assert isinstance(caught.value, WrongUsage)
    if hint is not None:
        assert hint in (caught.value.hint or "")


def test_the_caret_points_at_the_place_in_a_long_text() -> None:
    text = 'tag:"x" ' * 30 + "stars:9 " + "y " * 60
    with pytest.raises(BadFilterValue) as caught:
        parse_text(text, "calls", CONTEXT)
    _, line, caret = caught.value.message.split("\n")
    assert line[caret.index("^")] == "9"
    assert len(line) < 90


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("SOURCE:Google", "source:Google"),
        ("tag:'x'", "reporting_tags:\"'x'\""),
        ("stars:>=4", "stars:4.."),
        ("amount:..$100", "amount:..100.00"),
        ("date:2026-10", "date:2026-10-01..2026-10-31"),
        ("date:today", "date:2026-11-03"),
        ("date:30d..", "date:2026-10-04.."),
        ("duration:2m..", "duration:120.."),
        ("@orphan-amounts", "converted:no amount:any"),
        ("not:@orphan-amounts", "not:all:(converted:no amount:any)"),
        ("any:(source:a any:(source:b stars:5))", "any:(source:a source:b stars:5)"),
        ('extra."Landing Page":x', 'extra."Landing Page":x'),
        ('source:"none","a b",c', 'source:"none","a b",c'),
        ('"none"', '"none"'),
    ],
)
def test_a_filter_has_one_canonical_text(text: str, canonical: str) -> None:
    assert to_text(parse_text(text, "calls", CONTEXT)) == canonical


def test_field_names_hold_canonical_names_and_aliases() -> None:
    names = field_names("calls")
    assert {"source", "tag", "calltag", "date", "started_at", "extra.COLUMN"} <= set(names)
    assert "extra" not in names


PIECES = st.tuples(
    st.sampled_from(
        ["source:", "stars:", "amount:", "date:", "not:", "any:(", "extra.", "duration:", "@", ""]
    ),
    st.text('ab1 :,~"().@<>=-\tß', max_size=8),
)


@given(st.lists(PIECES, max_size=4))
def test_any_text_is_a_filter_or_a_fault_with_a_place(pieces: list[tuple[str, str]]) -> None:
    text = " ".join(prefix + rest for prefix, rest in pieces)
    for read in (parse_text, lambda text, *rest: parse_terms([text], *rest)):
        try:
            found = read(text, "calls", CONTEXT)
        except BadFilter as error:
            place = error.message[-1]
        else:
            place = "^"
            assert parse_text(to_text(found), "calls", CONTEXT) == found
        assert place == "^"


@given(st.text().filter(lambda text: text.strip() and text.isprintable()))
def test_a_quoted_value_is_taken_literally(value: str) -> None:
    quoted = '"' + value.replace('"', '""') + '"'
    assert passes("tag:" + quoted, call={"reporting_tags": [value]})
    assert passes(quoted, call={"note": f"<{value}>"})


@pytest.mark.parametrize(
    "text", ['source:"1..5"', 'source:">5"', "source:a..b", "source:1.5", "source:>x", "source:=5"]
)
def test_a_text_that_only_looks_like_a_range_is_found_as_it_stands(text: str) -> None:
    wanted = text.removeprefix("source:").strip('"')
    found = parse_terms([text], "calls", CONTEXT)
    assert matches(found, {**CALL, "source": wanted})
    assert parse_text(to_text(found), "calls", CONTEXT) == found
