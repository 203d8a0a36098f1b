"""Amounts of money as whole minor units: reading them the way people write them, and showing them.

Nothing here goes through a float, so that a sum of amounts is exact.
"""

from __future__ import annotations

import re
from typing import Literal

from scorecli import errors

LARGEST = 9_000_000_000_000_000
"""The largest amount in minor units; a thousand of them still add up within 64 bits."""

_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_TWO = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL
MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN
QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY
TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL
"""
_EXPONENT: dict[str, int] = {code: n for n, codes in _EXPONENTS.items() for code in codes.split()}
_CODES = frozenset(_TWO.split()) | _EXPONENT.keys()

_ZEROS = ("", "0", "00", "000", "0000")

_DOLLARS = (
    "USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD XCD ARS "
    "CLP COP CUP DOP MXN NIO UYU"
)
_SIGNS = {
    "$": _DOLLARS,
    "us$": "USD",
    "$us": "USD",
    "ca$": "CAD",
    "c$": "CAD NIO",
    "a$": "AUD",
    "au$": "AUD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "mx$": "MXN",
    "nt$": "TWD",
    "r$": "BRL",
    "€": "EUR",
    "£": "GBP EGP FKP GIP SHP SSP SYP LBP SDG",
    "¥": "JPY CNY",
    "￥": "JPY CNY",
    "円": "JPY",
    "元": "CNY",
    "₹": "INR",
    "rs": "INR PKR LKR NPR MUR SCR",
    "rs.": "INR PKR LKR NPR MUR SCR",
    "₩": "KRW KPW",
    "₽": "RUB",
    "₺": "TRY",
    "₪": "ILS",
    "₫": "VND",
    "₴": "UAH",
    "₱": "PHP",
    "₦": "NGN",
    "₵": "GHS",
    "₡": "CRC",
    "₲": "PYG",
    "₸": "KZT",
    "₭": "LAK",
    "₮": "MNT",
    "₾": "GEL",
    "฿": "THB",
    "zł": "PLN",
    "kč": "CZK",
    "ft": "HUF",
    "kr": "SEK NOK DKK ISK",
    "kr.": "SEK NOK DKK ISK",
    "fr": "CHF XAF XOF XPF",
    "fr.": "CHF XAF XOF XPF",
    "sfr.": "CHF",
    "r": "ZAR",
    "lei": "RON MDL",
}
# Only signs that most readers take for one currency; the others are shown by their code.
_SHOWN = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}

# What stands before, the number, a dash for "no cents" (250,-), what stands after. A point after a
# letter ends an abbreviation (Rs.250).
_PARTS = r"((?:[^0-9.,]|(?<=[A-Za-z])\.)*)([.,]?[0-9](?:[0-9.,' ]*[0-9])?)(?:[.,]-{0,2})?([^0-9]*)"
# Blanks and apostrophes that group digits somewhere, and the dashes that say "negative".
_SAME = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
        "\t": " ",
        "\u2019": "'",
        "\u02bc": "'",
        "\u2212": "-",
        "\u2013": "-",
        "\u2014": "-",
    }
)


def exponent(currency: str) -> int:
    """Return how many decimals the currency (an ISO 4217 code in capitals) has."""
    return _EXPONENT.get(currency, 2)


def odd_exponents() -> dict[int, tuple[str, ...]]:
    """Return the currencies whose decimals are not two, by how many they have."""
    return {decimals: tuple(codes.split()) for decimals, codes in _EXPONENTS.items()}


def is_currency(code: str) -> bool:
    """Say whether ``code`` is an ISO 4217 currency code, in capitals."""
    return code in _CODES


def parse_amount(text: str, currency: str, *, decimal: Literal[".", ","] | None = None) -> int:
    """Return the minor units that ``text`` means in ``currency``.

    Signs and codes before or after the number, and grouping by comma, point, blank or apostrophe
    are understood. ``decimal`` says which separator stands before the decimals; without it a
    separator that could be either raises ``DoubtfulDecimal``. A sign of another currency raises
    ``CurrencyMismatch``; anything else that is wrong, ``BadAmount``.
    """
    decimals = _EXPONENT.get(currency, 2)
    whole, point, rest = text.partition(".")
    # The common shapes, 250 and 250.00, need none of the work below.
    if whole.isdigit() and len(text) <= 11 and text.isascii() and decimal != ",":
        if not point:
            return int(whole + _ZEROS[decimals])
        if rest.isdigit() and len(rest) <= decimals and len(rest) != 3:
            return int(whole + rest + _ZEROS[decimals - len(rest)])
    return _parse_slowly(text, currency, decimals, decimal)


def parse_typed_amount(text: str, currency: str) -> int:
    """Return the minor units of an amount typed by a person: ``250``, ``250.00``, ``1,250.00``.

    The point stands before decimals. Raises as ``parse_amount`` does; ``1,250`` and ``1.250`` are
    refused as doubtful, since the person is there to ask.
    """
    shown = text.strip()
    try:
        return parse_amount(shown, currency)
    except errors.values.DoubtfulDecimal as doubt:
        reason = f"the '{doubt.separator}' may separate decimals or thousands"
        if doubt.separator == "." and exponent(currency) < 3:  # three digits follow it
            reason = f"{currency} has {_most(currency)}, and the '.' may separate thousands"
        plain = re.sub(r"[^0-9]", "", shown)
        raise errors.values.BadAmount(
            shown,
            reason,
            f"Write it without grouping, such as {plain}, with a point before decimals.",
        ) from None


def _parse_slowly(text: str, currency: str, decimals: int, decimal: str | None) -> int:
    shown = text.strip()
    if not shown:
        raise errors.values.BadAmount(text, "it is empty")
    found = re.fullmatch(_PARTS, shown.translate(_SAME))
    if found is None:
        raise errors.values.BadAmount(shown, "it is not one number")
    before, number, after = found.groups()
    _check_marks(shown, before, after, currency)
    whole, fraction = _split(shown, number.replace(" ", "'"), decimal)
    if len(fraction) > decimals:
        raise errors.values.BadAmount(shown, f"{currency} has {_most(currency)}")
    if len(whole) > 20:
        raise errors.values.BadAmount(shown, "it is too large")
    minor = int((whole or "0") + fraction.ljust(decimals, "0"))
    if minor > LARGEST:
        raise errors.values.BadAmount(shown, "it is too large")
    return minor


def _most(currency: str) -> str:
    return f"{exponent(currency) or 'no'} decimals"


def _check_marks(shown: str, before: str, after: str, currency: str) -> None:
    """Refuse what stands around a number unless it names the currency, or is nothing."""
    if "-" in before or "-" in after or ("(" in before and ")" in after):
        raise errors.values.BadAmount(shown, "an amount cannot be negative")
    for mark in (*before.replace("+", " ", 1).split(), *after.split()):
        if mark.upper() == currency:
            continue
        codes = _SIGNS.get(mark.casefold())
        if codes is None and len(mark) > 3 and mark[:3].upper() == currency:
            codes = _SIGNS.get(mark[3:].casefold())  # USD$250
        if codes is not None:
            if currency in codes.split():
                continue
        elif mark.upper() not in _CODES:
            raise errors.values.BadAmount(shown, f"'{mark}' is neither a number nor a currency")
        raise errors.values.CurrencyMismatch(shown, mark, currency, _only_meaning(mark, codes))


def _only_meaning(mark: str, codes: str | None) -> str | None:
    """Return the code that a sign or a code means, None where it may be one of several."""
    if codes is None:
        return mark.upper()
    for code, sign in _SHOWN.items():
        if sign == mark:
            return code
    return codes if len(codes) == 3 else None


def _split(shown: str, number: str, decimal: str | None) -> tuple[str, str]:
    """Return the digits before and after the decimals' separator; ``'`` stands for any blank."""
    points, commas = number.count("."), number.count(",")
    if decimal is None:
        if points and commas:
            decimal = "." if number.rindex(".") > number.rindex(",") else ","
        elif points + commas == 1:
            decimal = "." if points else ","
            whole, _, fraction = number.partition(decimal)
            grouping_fits = len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"
            if grouping_fits and whole.isdigit():
                raise errors.values.DoubtfulDecimal(shown, decimal)
        else:
            decimal = "," if points else "."  # repeated, so it groups
    if number.count(decimal) > 1:
        raise errors.values.BadAmount(shown, f"'{decimal}' stands in it more than once")
    whole, _, fraction = number.partition(decimal)
    if fraction and not fraction.isdigit():
        raise errors.values.BadAmount(shown, "its decimals are grouped")
    return _ungroup(shown, whole), fraction


def _ungroup(shown: str, whole: str) -> str:
    """Take the grouping out of digits; by thousands, or as in India by hundreds before those."""
    if whole.isdigit() or not whole:
        return whole
    marks = {char for char in whole if not char.isdigit()}
    groups = re.split(r"[.,']", whole)
    first, middle, last = groups[0], groups[1:-1], groups[-1]
    thousands = 1 <= len(first) <= 3 and all(len(group) == 3 for group in middle)
    lakhs = 1 <= len(first) <= 2 and all(len(group) == 2 for group in middle)
    if len(marks) > 1 or len(last) != 3 or not (thousands or lakhs):
        raise errors.values.BadAmount(
            shown, "its digits are grouped in a way that is not understood"
        )
    return "".join(groups)


def format_plain(minor: int, currency: str) -> str:
    """Return minor units as a decimal without grouping or sign: ``250.00``, as JSON and CSV do."""
    decimals = _EXPONENT.get(currency, 2)
    if not decimals:
        return str(minor)
    digits = str(abs(minor)).zfill(decimals + 1)
    return f"{'-' if minor < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"


def format_shown(minor: int, currency: str, *, ascii_only: bool = False) -> str:
    """Return minor units for people: ``$250.00``, ``€1,250.00``, ``250.00 CHF``."""
    whole, point, fraction = format_plain(abs(minor), currency).partition(".")
    number = f"{int(whole):,}{point}{fraction}"
    minus = "-" if minor < 0 else ""
    sign = _SHOWN.get(currency)
    if sign is None or (ascii_only and not sign.isascii()):
        return f"{minus}{number} {currency}"
    return f"{minus}{sign}{number}"
