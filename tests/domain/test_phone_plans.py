"""That numbers of every country read by their plans are the ones of the phone library."""

import random
import subprocess
import sys
from functools import cache
from typing import NamedTuple

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecli.domain import phones
from scorecli.domain.phones import Phones

TYPES = (
    "fixed_line mobile toll_free premium_rate shared_cost voip personal_number pager uan voicemail"
)
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
MARKS = " ()-./\xa0\u2011\u2013"


class Example(NamedTuple):
    """A number as it stands in the library's metadata, and whence."""

    region: str | None
    code: int
    prefix: str
    number: str


@cache
def examples() -> tuple[Example, ...]:
    """Return an example of every type of number in every region, and of +800 and its like."""
    plans = [(region, phonenumbers.PhoneMetadata.metadata_for_region(region)) for region in REGIONS]
    plans += [
        (None, phonenumbers.PhoneMetadata.metadata_for_nongeo_region(code))
        for code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    ]
    kinds = [
        (region, plan, getattr(plan, kind)) for region, plan in plans for kind in TYPES.split()
    ]
    return tuple(
        Example(region, plan.country_code, plan.national_prefix or "", kind.example_number)
        for region, plan, kind in kinds
        if kind is not None and kind.example_number
    )


@cache
def known(region: str | None) -> Phones:
    """Return numbers of a region that have met a national one, as in the midst of an import."""
    numbers = Phones(region)
    for example in examples():
        if example.region == region:
            numbers.e164(example.prefix + example.number)
    return numbers


def agree(text: str, region: str | None) -> None:
    """Fail unless every way to read a text finds what the phone library finds."""
    library = Phones(region)._ask_library(text)
    assert Phones(region).e164(text) == library, (text, region)
    assert Phones(region).column([text]) == [library], (text, region)
    warm = known(region)
    assert warm.column([text]) == [library], (text, region)
    assert (warm._plain(text) or warm._read(text)) == library, (text, region)


def altered(chance: random.Random, digits: str) -> str:
    """Return digits with up to four of them changed, added or left out."""
    for _ in range(chance.choice((0, 0, 1, 1, 2, 4))):
        at = chance.randrange(len(digits) + 1)
        new = chance.choice(("", "0", "1", "".join(chance.choices("0123456789", k=3))))
        digits = digits[:at] + new + digits[at + chance.choice((0, 1, len(new))) :]
    tail = chance.choice((0, 0, 2, 4, 6))
    return digits[: len(digits) - tail] + "".join(chance.choices("0123456789", k=tail))


def written(chance: random.Random) -> tuple[str, str | None]:
    """Return a number as somebody might write it, right or wrong, and where it is read."""
    example = chance.choice(examples())
    national = altered(chance, example.number)
    code = str(example.code)
    ahead = chance.choice(
        (
            *("+" + code + between for between in ("", "", "", "0", "(0)", "1", example.prefix)),
            *(abroad + code for abroad in ("00", "00", "011", "0011", "810", "001", "0", "")),
            *(example.prefix, example.prefix, example.prefix, example.prefix),
            *("", "0", "1", "8", "00", "015", "031", "090", "++", "+", "+0"),
        )
    )
    text = ahead + national
    for _ in range(chance.choice((0, 0, 2, 4))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(MARKS) + text[at:]
    home = chance.random() < 0.7
    return text, example.region if home else chance.choice((None, *REGIONS))


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", "US", "+442079460018"),
        ("0044 20 7946 0018", "DE", "+442079460018"),
        ("011 44 20 7946 0018", "US", "+442079460018"),
        ("44 20 7946 0018", "GB", "+442079460018"),
        ("01534 123456", "JE", "+441534123456"),
        ("07797 712345", "GB", "+447797712345"),
        ("030/123456", "DE", "+4930123456"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06\xa012\xa034\xa056\xa078", "FR", "+33612345678"),
        ("02 8752 6040", "IT", "+390287526040"),
        ("+39 02 8752 6040", "DE", "+390287526040"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("0 31 11 96123-4567", "BR", "+5511961234567"),
        ("8 (912) 345-67-89", "RU", "+79123456789"),
        ("8 701 234 5678", "KZ", "+77012345678"),
        ("+800 1234 5678", "US", "+80012345678"),
        ("098765 43210", "IN", "+919876543210"),
        ("+44 7400 12345", "GB", None),
        ("+44 20 7946 0018 9", "GB", None),
        ("07400 12345", "GB", None),
    ],
)
def test_numbers_of_other_countries_are_normalised(
    text: str, region: str, e164: str | None
) -> None:
    assert Phones(region).e164(text) == e164
    agree(text, region)


@pytest.mark.parametrize("text", sorted(word for word in phones._WITHHELD if word[0] == "+"))
def test_a_withheld_number_stays_none_after_numbers_of_its_country(text: str) -> None:
    for region in (None, "LS", "RU", "CN", "LA", "UG"):
        agree(text, region)
        assert known(region).column([text]) == [None]


def test_a_valid_number_of_any_type_and_country_needs_no_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    monkeypatch.setattr(Phones, "_ask_library", lambda _, text: asked.append(text))
    for region, code, prefix, number in examples():
        full = f"+{code}{number}"
        if len(full) > 7:
            assert Phones(None).e164(full) == full
        if len(number) >= 8:  # shorter ones may be extensions, about which the library is asked
            Phones(region or "GB").e164(prefix + number)
    # Dialled from Israel, 015 leads abroad, and to no country with 99.
    assert asked == ["01599123456"]


@settings(max_examples=300)
@given(st.randoms(use_true_random=False))
def test_numbers_written_in_any_way_are_the_ones_of_the_library(chance: random.Random) -> None:
    agree(*written(chance))


@settings(max_examples=300)
@given(st.text(alphabet="+0123456789 ()-./\xa0", min_size=6, max_size=20), st.sampled_from(REGIONS))
def test_whatever_digits_and_marks_are_given_the_library_agrees(text: str, region: str) -> None:
    agree(text, region)


@pytest.mark.slow
def test_a_large_sample_of_numbers_is_read_as_the_library_reads_them() -> None:
    chance = random.Random(1)
    for _ in range(200_000):
        agree(*written(chance))


@pytest.mark.slow
@pytest.mark.parametrize("region", REGIONS)
def test_numbers_of_each_region_are_read_as_the_library_reads_them(region: str) -> None:
    chance = random.Random(region)
    own = [example for example in examples() if example.region == region]
    for _ in range(100):
        example = chance.choice(own)
        digits = altered(chance, example.number)
        for ahead in (f"+{example.code}", f"00{example.code}", example.prefix, "0", ""):
            agree(ahead + digits, region)


def test_a_column_is_read_alike_whatever_was_met_before() -> None:
    chance = random.Random(2)
    texts = [written(chance)[0] for _ in range(2000)]
    for region in ("GB", "BR", "JE", None):
        alone = [Phones(region).e164(text) for text in texts]
        again = Phones(region)
        assert again.column(texts) == alone
        assert again.column(texts[::-1]) == alone[::-1]


def test_only_countries_that_are_met_are_loaded() -> None:
    code = (
        "import sys; from scorecli.domain.phones import Phones; p = Phones('GB')\n"
        "p.column(['020 7946 0018', '+33612345678'])\n"
        "print(*sorted(m[-2:] for m in sys.modules if 'phonenumbers.data.region_' in m))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8"
    )
    assert set(done.stdout.split()) == {"FR", "GB", "GG", "IM", "JE"}
