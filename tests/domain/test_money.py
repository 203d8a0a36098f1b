"""Amounts: what files and people write, in whole minor units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.money import (
    LARGEST,
    exponent,
    format_plain,
    format_shown,
    is_currency,
    parse_amount,
    parse_typed_amount,
)
from scorecli.errors import WrongUsage
from scorecli.errors.values import BadAmount, CurrencyMismatch, DoubtfulDecimal


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("250", "USD", 25000),
        ("250.00", "USD", 25000),
        ("250.5", "USD", 25050),
        ("0.05", "USD", 5),
        (".5", "USD", 50),
        ("250.", "USD", 25000),
        ("$1,250.00", "USD", 125000),
        ("1.250,00 €", "EUR", 125000),
        ("€ 1.250,00", "EUR", 125000),
        ("1 250,00", "EUR", 125000),
        ("1\u00a0250,00", "EUR", 125000),
        ("1\u202f250,00\u00a0€", "EUR", 125000),
        ("1'250.00", "CHF", 125000),
        ("CHF 1\u2019250.00", "CHF", 125000),
        ("1,00,000.00", "INR", 10000000),
        ("₹12,34,567", "INR", 123456700),
        ("Rs.250", "INR", 25000),
        ("Rs. 250.50", "INR", 25050),
        ("1,250,000", "USD", 125000000),
        ("1.250.000", "EUR", 125000000),
        ("250 USD", "USD", 25000),
        ("usd 250", "USD", 25000),
        ("US$250.00", "USD", 25000),
        ("$250.00 USD", "USD", 25000),
        ("250,-", "EUR", 25000),
        ("+250", "USD", 25000),
        ("250,5", "EUR", 25050),
        ("12,34", "USD", 1234),
        ("250 250", "USD", 25025000),
        ("5000", "JPY", 5000),
        ("¥5000", "JPY", 5000),
        ("1250.500", "KWD", 1250500),
        ("0.250", "KWD", 250),
        ("1,250.500", "KWD", 1250500),
        ("  42  ", "USD", 4200),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == minor


@pytest.mark.parametrize("text", ["1.250", "1,250", "$1,250", "12.500 $", "999,999", "1,250 USD"])
def test_one_separator_before_three_digits_is_doubtful(text: str) -> None:
    with pytest.raises(DoubtfulDecimal) as raised:
        parse_amount(text, "USD")
    assert "--decimal" in (raised.value.hint or "")


@pytest.mark.parametrize("text", ["1.250", "1,250", "¥1,250"])
def test_it_is_doubtful_in_currencies_of_three_or_no_decimals_too(text: str) -> None:
    for currency in ("KWD", "JPY"):
        with pytest.raises((DoubtfulDecimal, CurrencyMismatch)):
            parse_amount(text, currency)


def test_naming_the_decimal_separator_settles_the_doubt() -> None:
    assert parse_amount("1,250", "USD", decimal=".") == 125000
    assert parse_amount("1.250", "EUR", decimal=",") == 125000
    assert parse_amount("1.250", "KWD", decimal=".") == 1250
    assert parse_amount("1.250", "KWD", decimal=",") == 1250000
    assert parse_amount("$1,250", "USD", decimal=".") == 125000
    with pytest.raises(BadAmount, match="USD has 2 decimals"):
        parse_amount("1.250", "USD", decimal=".")
    with pytest.raises(BadAmount, match="grouped"):
        parse_amount("12,5", "USD", decimal=".")


@pytest.mark.parametrize(
    "text", ["-250", "\u2212250", "(250.00)", "($250.00)", "250-", "$-250.00", "-$1,250.00"]
)
def test_a_negative_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount, match="negative"):
        parse_amount(text, "USD")


def test_more_decimals_than_the_currency_has_is_an_error() -> None:
    with pytest.raises(BadAmount, match="USD has 2 decimals"):
        parse_amount("250.0001", "USD")
    with pytest.raises(BadAmount, match="JPY has no decimals"):
        parse_amount("250.00", "JPY")
    with pytest.raises(BadAmount, match="USD has 2 decimals"):
        parse_amount("0.250", "USD")
    with pytest.raises(BadAmount, match="USD has 2 decimals"):
        parse_amount("1,250.000", "USD")


@pytest.mark.parametrize(
    ("text", "currency", "found"),
    [("€250", "USD", "€"), ("$250", "EUR", "$"), ("250 EUR", "USD", "EUR"), ("CA$5", "USD", "CA$")],
)
def test_the_sign_of_another_currency_is_refused(text: str, currency: str, found: str) -> None:
    with pytest.raises(CurrencyMismatch) as raised:
        parse_amount(text, currency)
    assert raised.value.message == f"'{text}' is not an amount: '{found}' is not {currency}."


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "12abc",
        "1 2",
        "1,2,3",
        "1e5",
        "0x10",
        "1..5",
        "250 25",
        "$",
        "(250",
        "1,250.000.00",
        "1'25.00",
        "NaN",
        "\u0662\u0665",
        "1.2,5",
        "9" * 19,
        "9" * 400,
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        parse_amount(text, "USD")


def test_the_largest_amount_is_refused_just_above_its_bound() -> None:
    assert parse_amount("90,000,000,000,000.00", "USD") == LARGEST
    with pytest.raises(BadAmount, match="too large"):
        parse_amount("90,000,000,000,000.01", "USD")


def test_a_bad_amount_is_wrong_usage_for_a_command_and_a_value_error_for_a_row() -> None:
    with pytest.raises(WrongUsage):
        parse_amount("x", "USD")
    with pytest.raises(ValueError, match="'x' is not an amount"):
        parse_amount("x", "USD")


def test_typed_amounts_take_the_plain_forms_and_ask_for_them_when_in_doubt() -> None:
    assert parse_typed_amount("250", "USD") == 25000
    assert parse_typed_amount("250.00", "USD") == 25000
    assert parse_typed_amount("1,250.00", "USD") == 125000
    with pytest.raises(BadAmount) as raised:
        parse_typed_amount("1,250", "USD")
    assert "1250" in (raised.value.hint or "")
    assert "--decimal" not in (raised.value.hint or "")


def test_a_typed_amount_with_too_many_decimals_says_how_many_its_currency_has() -> None:
    for text, currency, most in (
        ("12.345", "USD", "USD has 2 decimals"),
        ("12.3456", "USD", "USD has 2 decimals"),
        ("12.345", "JPY", "JPY has no decimals"),
    ):
        with pytest.raises(BadAmount, match=most):
            parse_typed_amount(text, currency)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("€5", "EUR"), ("5 zł", "PLN"), ("5 CHF", "CHF"), ("£5", "GBP"), ("5 kr", None)],
)
def test_the_sign_of_another_currency_names_that_currency_where_it_is_clear(
    text: str, meant: str | None
) -> None:
    with pytest.raises(CurrencyMismatch) as raised:
        parse_amount(text, "USD")
    assert raised.value.meant == meant
    assert f"config set converted_amount.currency {meant or 'CODE'}`" in (raised.value.hint or "")


def test_exponents_and_codes_are_those_of_iso_4217() -> None:
    assert [exponent(code) for code in ("USD", "JPY", "KRW", "KWD", "TND", "CLF")] == [
        2,
        0,
        0,
        3,
        3,
        4,
    ]
    assert is_currency("USD")
    assert is_currency("JPY")
    assert not is_currency("usd")
    assert not is_currency("ABC")


def test_amounts_are_shown_with_a_sign_that_is_not_mistaken_or_with_the_code() -> None:
    assert format_shown(25000, "USD") == "$250.00"
    assert format_shown(125000, "EUR") == "€1,250.00"
    assert format_shown(25000, "CHF") == "250.00 CHF"
    assert format_shown(25000, "CAD") == "250.00 CAD"
    assert format_shown(125000, "JPY") == "¥125,000"
    assert format_shown(-125000, "USD") == "-$1,250.00"
    assert format_shown(125000, "EUR", ascii_only=True) == "1,250.00 EUR"
    assert format_shown(125000, "USD", ascii_only=True) == "$1,250.00"


def test_plain_amounts_have_the_decimals_of_their_currency() -> None:
    assert format_plain(25000, "USD") == "250.00"
    assert format_plain(5, "USD") == "0.05"
    assert format_plain(0, "USD") == "0.00"
    assert format_plain(-5, "USD") == "-0.05"
    assert format_plain(250, "JPY") == "250"
    assert format_plain(1250, "KWD") == "1.250"


MINOR = st.integers(min_value=0, max_value=LARGEST)
CURRENCY = st.sampled_from(["USD", "EUR", "JPY", "KWD", "CHF", "CLF", "INR"])


@given(MINOR, CURRENCY)
def test_a_plain_amount_reads_back_as_itself(minor: int, currency: str) -> None:
    assert parse_amount(format_plain(minor, currency), currency, decimal=".") == minor


@given(MINOR, CURRENCY)
def test_a_shown_amount_reads_back_as_itself(minor: int, currency: str) -> None:
    assert parse_amount(format_shown(minor, currency), currency, decimal=".") == minor


@given(MINOR, st.sampled_from(["USD", "EUR"]))
def test_european_and_american_spellings_mean_the_same_amount(minor: int, currency: str) -> None:
    american = f"{minor // 100:,}.{minor % 100:02}"
    european = american.translate(str.maketrans(",.", ".,"))
    blanks = american.replace(",", "\u202f")
    for text in (american, european, blanks):
        assert parse_amount(text, currency) == minor


@given(st.text(alphabet="0123456789.,' $€-()", max_size=20) | st.text(max_size=20))
def test_any_text_is_an_amount_in_range_or_a_bad_amount(text: str) -> None:
    for decimal in (None, ".", ","):
        try:
            minor = parse_amount(text, "USD", decimal=decimal)  # type: ignore[arg-type]
        except BadAmount:
            continue
        assert 0 <= minor <= LARGEST
