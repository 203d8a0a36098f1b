"""Numbering plans of all countries, read from the phone library's own metadata, as fast patterns.

They decide what a number of plain digits is in E.164 exactly as the library's parsing and checking
do, step by step and with its patterns, but each pattern is compiled once and tried once. Texts with
anything but digits, one leading ``+`` and plain punctuation are left to the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import Any, Final

_LONGEST_TEXT = 100  # digits; callers leave longer texts to the library
_LONGEST_CODE = 3
_FEWEST_AFTER_ABROAD = 3  # digits; fewer are no number
_NATIONAL_DIGITS = range(2, 18)
_NO_COUNTRY = "001"  # what the library calls the region of +800 and its like
# The library sorts numbers into these types; one of none of them is not valid.
_TYPES: Final = (
    "mobile",
    "fixed_line",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)
Matches = Callable[[str], "re.Match[str] | None"]
# What matches numbers in E.164 of the countries met so far, by ``+`` and their first three digits.
MATCHES: dict[str, Matches] = {}


class Plan:
    """The numbers behind one country code, which several regions may share."""

    def __init__(self, code: int, regions: Iterable[str]) -> None:
        self._regions = [_metadata(code, region) for region in regions]
        self.code = f"+{code}"
        self.rules = Rules(self._regions[0])
        lengths = {each for one in self._regions for each in one.general_desc.possible_length}
        self._lengths = lengths.intersection(_NATIONAL_DIGITS)

    @cached_property
    def valid(self) -> str:
        """The pattern of national numbers that are valid."""
        return _valid(self._regions)

    @cached_property
    def matches(self) -> Matches:
        """What matches valid national numbers, and full ones in E.164 with nothing to strip."""
        # Compiled when it is needed, since that of North America costs as much as a start.
        full = rf"(?=\+\d{{7}})\{self.code}{self.rules.ahead_of_none}"
        return _compiled(f"(?:{full})?(?:{self.valid})").fullmatch

    def behind_code(self, digits: str) -> str | None:
        """Return in E.164 what was written behind the country code; None if it is not valid."""
        return self.checked(self.rules.national(digits))

    def checked(self, national: str) -> str | None:
        """Return a number from which nothing is to be stripped in E.164; None if not valid."""
        if len(national) in self._lengths and self.matches(national):
            return self.code + national
        return None


class Rules:
    """How numbers are dialled within one region: what stands before a national number."""

    def __init__(self, metadata: Any) -> None:
        general = metadata.general_desc
        self._general = _compiled(general.national_number_pattern).fullmatch
        local = frozenset(general.possible_length_local_only)
        self._lengths = frozenset(general.possible_length) - local
        most = max(general.possible_length)
        self._too_long = frozenset(range(most + 1, _LONGEST_TEXT)) - local
        self._ahead = metadata.national_prefix_for_parsing or ""
        self._prefix = _compiled(self._ahead)
        self._swap = metadata.national_prefix_transform_rule
        # The pattern of where a prefix ends that is stripped whatever the whole number is.
        self._kept = _of_lengths(self._lengths) + rf"(?=(?:{general.national_number_pattern})\Z)"
        # The pattern of where no prefix comes, which matches no digit itself.
        self.ahead_of_none = f"(?!{self._ahead})" if self._ahead else ""

    def national(self, digits: str) -> str:
        """Return a number without what is dialled before it within the country."""
        rest = self.without_prefix(digits)
        return rest if len(rest) in self._lengths or len(rest) in self._too_long else digits

    def without_prefix(self, digits: str) -> str:
        """Return a number without what is dialled before it, whatever length remains."""
        found = self._prefix.match(digits) if self._ahead and digits else None
        if found is None:
            return digits
        if self._swap and found.groups()[-1] is not None:
            rest = self._prefix.sub(self._swap, digits, count=1)
        else:
            rest = digits[found.end() :]
        return digits if self._general(digits) and not self._general(rest) else rest

    def is_better(self, rest: str, digits: str) -> bool:
        """Say whether ``rest`` of the digits, without the country's code, is the number meant."""
        if len(digits) in self._too_long:
            return True
        return not self._general(digits) and self._general(rest) is not None

    def plain(self) -> str:
        """Return the pattern of what stands before a number that follows it and is valid.

        Only of the usual prefix, which is stripped and nothing else.
        """
        if not self._ahead or self._swap:
            return self.ahead_of_none
        return f"(?:(?>{self._ahead}){self._kept}|{self.ahead_of_none})"


class Region:
    """Where a number without a country code belongs."""

    def __init__(self, code: int, metadata: Any) -> None:
        self._plan = _plan(code)
        self._rules = Rules(metadata)
        self._code = str(code)
        self._abroad = metadata.international_prefix
        self._is_abroad = _compiled(self._abroad).match if self._abroad else None

    def e164(self, digits: str) -> str | None:
        """Return the number that is reached by dialling ``digits``; None if it is not valid.

        Raises :class:`Unusual`.
        """
        found = self._is_abroad(digits) if self._is_abroad else None
        if found is not None and not digits.startswith("0", found.end()):  # no code starts with 0
            rest = digits[found.end() :]
            return international(rest) if len(rest) >= _FEWEST_AFTER_ABROAD else None
        if digits.startswith(self._code):
            rest = self._rules.without_prefix(digits[len(self._code) :])
            if self._rules.is_better(rest, digits):
                return self._plan.behind_code(rest)
        return self._plan.checked(self._rules.national(digits))

    @cached_property
    def plain(self) -> tuple[str, Matches]:
        """The country's code, and what matches the usual national numbers, as group ``n``.

        Only full ones, so that extensions are not taken for numbers.
        """
        ahead = f"(?!{self._abroad}|{self._code})" if self._abroad else f"(?!{self._code})"
        number = rf"(?P<n>(?=\d{{7}})(?:{self._plan.valid}))"
        return self._plan.code, _compiled(ahead + self._rules.plain() + number).fullmatch


class Unusual(Exception):
    """A text that only the phone library itself can judge."""


def international(digits: str) -> str | None:
    """Return the number whose country code comes first in ``digits``; None if it is not valid.

    Raises :class:`Unusual` where they start with no country's code.
    """
    codes = _regions_of_codes()
    for length in range(1, _LONGEST_CODE + 1):
        code = digits[:length]
        if code[0] != "0" and int(code) in codes:
            plan = _plan(int(code))
            found = plan.behind_code(digits[length:])
            if found is not None:
                MATCHES["+" + digits[:_LONGEST_CODE]] = plan.matches
            return found
    raise Unusual


@cache
def region_of(name: str) -> Region | None:
    """Return the region of two letters in capitals, or None for one that the library lacks."""
    import phonenumbers  # its import takes longer than most commands run

    if name not in phonenumbers.SUPPORTED_REGIONS:
        return None
    return Region(phonenumbers.country_code_for_region(name), _metadata(0, name))


@cache
def _plan(code: int) -> Plan:
    return Plan(code, _regions_of_codes()[code])


def _regions_of_codes() -> dict[int, tuple[str, ...]]:
    import phonenumbers  # as above

    regions: dict[int, tuple[str, ...]] = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return regions


def _metadata(code: int, region: str) -> Any:
    from phonenumbers import PhoneMetadata  # as above

    if region == _NO_COUNTRY:
        return PhoneMetadata.metadata_for_nongeo_region(code)
    return PhoneMetadata.metadata_for_region(region)


def _valid(regions: list[Any]) -> str:
    """Return the pattern of what is valid in one of the regions that share a code.

    A region with leading digits takes all numbers that start with them, valid or not, so that
    those after it are not asked about them.
    """
    first, rest = regions[0], regions[1:]
    own = _valid_in(first)
    if not rest:
        return own
    if first.leading_digits:
        lead = first.leading_digits
        return rf"(?={lead})(?:{own})|(?!{lead})(?:{_valid(rest)})"
    return f"{own}|{_valid(rest)}"


def _valid_in(metadata: Any) -> str:
    """Return the pattern of what is of any type in one region, each with its possible lengths."""
    general = metadata.general_desc
    by_lengths: dict[tuple[int, ...], list[str]] = {}
    for name in _TYPES:
        kind = getattr(metadata, name)
        if kind is not None and kind.national_number_pattern:
            own = kind.possible_length or general.possible_length
            lengths = tuple(length for length in own if length in general.possible_length)
            if lengths:
                by_lengths.setdefault(lengths, []).append(kind.national_number_pattern)
    kinds = "|".join(
        f"{_of_lengths(lengths)}(?:{'|'.join(dict.fromkeys(patterns))})"
        for lengths, patterns in by_lengths.items()
    )
    return rf"(?=(?:{general.national_number_pattern})\Z)(?:{kinds})"


def _of_lengths(lengths: Iterable[int]) -> str:
    """Return the pattern of where so many digits remain."""
    alternatives = "|".join(rf"\d{{{length}}}" for length in sorted(lengths))
    return rf"(?=(?:{alternatives})\Z)"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
