"""Phone numbers in E.164, and that the short way agrees with the phone library."""

import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecli.domain import phones
from scorecli.domain.phones import Phones, is_region


def by_library(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("+12125550123", "US", "+12125550123"),
        ("+1 (212) 555-0123", "DE", "+12125550123"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("212.555.0123", "CA", "+12125550123"),
        ("1-212-555-0123", "US", "+12125550123"),
        ("2125550123", "us", "+12125550123"),
        ("+44 20 7946 0018", "US", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("tel:+1-212-555-0123", "US", "+12125550123"),
        ("+12125550123", None, "+12125550123"),
    ],
)
def test_numbers_are_normalised(text: str, region: str | None, e164: str) -> None:
    known = Phones(region)
    assert known.e164(text) == e164
    assert known.e164(text) == e164  # from what it remembers, too


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anonymous",
        "restricted",
        "unknown",
        "Private",
        "unavailable",
        "BLOCKED",
        "+266696687",
        "+7378742833",
        "101",
        "4567",
        "555123",
        "5550123",
        "sip:+12125550123@example.com",
        "2125550123@example.com",
        "agent 2125550123",
        "0000000000",
        "1112223333",
        "(212) 155-0123",
        "+1212555012",
        "+999123456789",
        "1" * 1000,
        "\u0662\u0661\u0662",
    ],
)
def test_what_is_no_full_valid_number_is_none(text: str) -> None:
    assert Phones("US").e164(text) is None


def test_without_a_region_a_national_number_is_none() -> None:
    assert Phones(None).e164("(212) 555-0123") is None
    assert Phones("").e164("2125550123") is None
    assert Phones("GB").e164("2125550123") is None


AREA = st.sampled_from(sorted(phones._AREAS)) | st.integers(100, 999).map(str)
NORTH_AMERICAN = st.tuples(AREA, st.integers(0, 9_999_999).map(lambda n: f"{n:07}")).map("".join)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(["", "1", "+1", "+"]),
    NORTH_AMERICAN,
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from(" ()-.")), max_size=6),
    st.sampled_from(["US", "CA", "GB", None]),
)
def test_the_short_way_agrees_with_the_library(
    prefix: str, national: str, marks: list[tuple[int, str]], region: str | None
) -> None:
    text = prefix + national
    for at, mark in marks:
        text = text[:at] + mark + text[at:]
    found = Phones(region)._plain(text)
    if found is not None:
        assert found == by_library(text, region)


WRITTEN = st.tuples(st.sampled_from(["", "1", "+1", "+", "(", "+1 ("]), NORTH_AMERICAN).map("".join)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        WRITTEN
        | st.text(alphabet="+0123456789 ()-.\n²٣", max_size=16)
        | st.sampled_from([None, 5, "", "anonymous", "+12125550123" + " " * 40])
    ),
    st.sampled_from(["US", "CA", "GB", None]),
)
def test_a_column_of_numbers_is_read_like_each_of_them(
    texts: list[object], region: str | None
) -> None:
    each = Phones(region)
    alone = [each.e164(text) if isinstance(text, str) else None for text in texts]
    assert Phones(region).column(texts) == alone


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="+0123456789 ()-.", min_size=9, max_size=16), st.sampled_from(["US", "GB"]))
def test_every_number_that_is_given_is_the_one_of_the_library(text: str, region: str) -> None:
    found = Phones(region).e164(text)
    if found is not None:
        assert found == by_library(text, region)


def test_every_area_code_of_the_short_way_is_valid_throughout() -> None:
    for at, area in enumerate(sorted(phones._AREAS)):
        for exchange in range(200 + at % 10, 1000, 10):
            number = phonenumbers.PhoneNumber(
                country_code=1, national_number=int(f"{area}{exchange}{at * 37 % 10000:04}")
            )
            assert phonenumbers.is_valid_number(number), (area, exchange)


def test_memory_stays_bounded_and_numbers_in_use_stay_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phones, "_MOST_KNOWN", 10)
    known = Phones("US")
    for line in range(1000):
        assert known.e164(f"212555{line:04}") == f"+1212555{line:04}"
        assert known.e164("2125559999") == "+12125559999"
    assert len(known._recent) + len(known._older) <= 20
    assert "2125559999" in known._recent or "2125559999" in known._older


def test_plain_numbers_and_withheld_ones_do_not_load_the_phone_library() -> None:
    code = (
        "import sys; from scorecli.domain.phones import Phones; p = Phones('US')\n"
        "for t in ('+12125550123', '(212) 555-0123', 'anonymous', '101', 'sip:a@b'): p.e164(t)\n"
        "sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_regions_are_those_of_the_library() -> None:
    assert is_region("US")
    assert not is_region("XX")
    assert not is_region("us")
