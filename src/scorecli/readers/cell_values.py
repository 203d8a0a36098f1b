"""What the cell of each field means: one function for each field, from a text to its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scorecli.domain import booleans, call_words
from scorecli.domain.days import local_day
from scorecli.domain.durations import read_duration
from scorecli.domain.money import is_currency, parse_amount
from scorecli.domain.tags import split_tags
from scorecli.domain.text import fold, nearest
from scorecli.domain.timestamps import TimeReader, fraction_of_day
from scorecli.errors.results import ResultDisabled, UnknownResult
from scorecli.errors.scoring import TagNotAllowed
from scorecli.errors.values import CurrencyMismatch, DoubtfulDayOrder, DoubtfulDecimal
from scorecli.readers.profiles import OTHERWISE, Profile
from scorecli.settings import Settings

Convert = Callable[[str], Any]
TIMES = ("started_at", "converted_on", "recall_at")
_MOST_UNKNOWN = 100  # codes that are remembered to be named


class ResultCodes(NamedTuple):
    """The call results that may be given: folded code -> code, and which need an amount.

    ``disabled`` are those that may not be given, by folded code too. ``used_in`` holds, for the
    codes of some campaigns only, the folded names of those; ``campaigns`` are all that somebody
    defined, folded name -> name. ``recalls`` are the codes that call again.
    """

    known: Mapping[str, str] = {}
    need_amount: frozenset[str] = frozenset()
    disabled: Mapping[str, str] = {}
    used_in: Mapping[str, frozenset[str]] = {}
    campaigns: Mapping[str, str] = {}
    recalls: frozenset[str] = frozenset()


class ImportContext(NamedTuple):
    """What reading calls needs to know besides the mapping.

    ``define_results``: take unknown codes as they are, they will be defined. ``date_orders``:
    field -> order found in the file. ``decimal``: the decimal sign, where it is known.
    ``file_zone``: the time zone in which the file writes local times.
    """

    settings: Settings
    profile: Profile
    file_zone: ZoneInfo
    results: ResultCodes = ResultCodes()
    define_results: bool = False
    date_format: str | None = None
    date_orders: Mapping[str, str] = {}
    decimal: str | None = None


class Doubt(Exception):  # a question to the whole file, not a failure
    """A cell can be read in two ways; the rest of its column may tell which."""

    def __init__(self, field: str, kind: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.kind = kind
        self.text = text


class Converters:
    """The functions that turn cells into values, each raising ``ValueError`` with a reason.

    Those of times and amounts raise :class:`Doubt` where a text has two meanings. ``currency`` is
    that of amounts whose row names none.
    """

    def __init__(self, context: ImportContext, currency: str) -> None:
        self._context = context
        self._profile = context.profile
        self._currency = currency
        self._booleans = booleans.boolean_words(context.profile.true, context.profile.false)
        limit = context.settings.reporting_tags
        self._allowed = {fold(tag): tag for tag in limit.allowed} if limit.limit else None
        self.unknown_results: dict[str, None] = {}

    def of(self, field: str) -> Convert:
        """Return the function of a field, with the profile's translations before it."""
        return self.translated(field, self._plain(field))

    def together(self, field: str) -> Callable[[Iterable[str]], list[Any]] | None:
        """Return what reads many times at once; None where the profile has words for them.

        It raises ``ValueError`` where one of them is bad or has two meanings.
        """
        return None if self._profile.values.get(field) else self._times(field).column

    def amount_in(self, currency: str) -> Convert:
        """Return the function of amounts in one currency."""
        return self.translated("amount", lambda text: self._amount(text, currency))

    def translated(self, field: str, convert: Convert) -> Convert:
        """Return a function that first takes the profile's translations of a field."""
        meanings = self._profile.values.get(field, {})
        patterns = self._patterns(field)
        if not (meanings or patterns):
            return convert
        otherwise = meanings.get(OTHERWISE)

        def read(text: str) -> Any:
            meant = meanings.get(text.casefold())
            if meant is None:
                meant = next((meaning for found, meaning in patterns if found(text)), otherwise)
            if meant is None:
                meant = text
            return convert(meant) if meant.strip() else None

        return read

    def is_unknown(self, field: str) -> Callable[[str], bool]:
        """Return what tells whether a direction or a status is no word that is understood."""
        known = self.translated(field, _WORDS[field])
        words = (*self._profile.missing.get("all", ()), *self._profile.missing.get(field, ()))
        missing = {word.strip().casefold() for word in words}
        return lambda text: text.casefold() not in missing and known(text) is None

    def _patterns(self, field: str) -> list[tuple[Callable[[str], Any], str]]:
        patterns = self._profile.patterns.get(field)
        if not patterns:
            return []
        import re  # few profiles need it

        return [(re.compile(text).search, meaning) for text, meaning in patterns.items()]

    def _plain(self, field: str) -> Convert:
        if field in TIMES:
            return self._time(field)
        if field in ("duration", "talk_time", "wait_time"):
            return self._span(field)
        simple: dict[str, Convert] = {
            "direction": call_words.direction,
            "status": lambda text: call_words.status(text) or "other",
            "stars": _stars,
            "converted": lambda text: booleans.read_boolean(text, self._booleans),
            "amount": lambda text: self._amount(text, self._currency),
            "currency": read_currency,
            "result": self._result,
            "reporting_tags": self._reporting_tags,
            "call_tags": lambda text: self._tags("call_tags", text),
        }
        return simple.get(field, str)

    def _time(self, field: str) -> Convert:
        context = self._context
        read = self._times(field).read

        def convert(text: str) -> int:
            try:
                return read(text)
            except DoubtfulDayOrder:
                raise Doubt(field, "order", text) from None

        if field == "started_at":
            return convert
        if field == "recall_at":
            return lambda text: None if is_yes_or_no(text) or _is_zero(text) else convert(text)
        # A day without a time is that day in every zone, so it is read and shown in one.
        return lambda text: local_day(convert(text), context.file_zone).isoformat()

    def _times(self, field: str) -> TimeReader:
        context = self._context
        given = context.date_format or self._profile.date_format
        found = context.date_orders.get(field)
        if given and found:  # a spreadsheet made numbers of some days and left others as text
            given = f"{given} {found}"
        return TimeReader(context.file_zone, given or found)

    def _span(self, field: str) -> Callable[[str], int]:
        unit = self._profile.units.get(field, "seconds")
        if unit == "day_fraction":
            return fraction_of_day
        return lambda text: read_duration(text, unit)  # type: ignore[arg-type]

    def _amount(self, text: str, currency: str) -> int:
        decimal = self._context.decimal or self._profile.decimal
        try:
            return parse_amount(text, currency, decimal=decimal)  # type: ignore[arg-type]
        except DoubtfulDecimal:
            raise Doubt("amount", "decimal", text) from None
        except CurrencyMismatch as error:
            raise ValueError(
                f"{error.message} Amounts of another currency:"
                f" --set currency={error.meant or 'CODE'}."
            ) from None

    def _result(self, text: str) -> str | None:
        known = self._context.results.known.get(fold(text))
        if known is not None:
            return known
        disabled = self._context.results.disabled.get(fold(text))
        if disabled is not None:
            if self._profile.defined_results_only:
                return None
            raise ValueError(ResultDisabled(disabled).message)
        if self._context.define_results:
            if len(text) > 32 or not text.isprintable():
                raise ValueError(f"{text!r} cannot be a result code: 1 to 32 printable characters")
            return text
        if len(self.unknown_results) < _MOST_UNKNOWN:
            self.unknown_results[text] = None
        if self._profile.defined_results_only:
            return None
        error = UnknownResult(text, nearest(text, self._context.results.known.values()))
        raise ValueError(f"{error.message} Define it, or import with --define-results.")

    def _tags(self, field: str, text: str) -> tuple[str, ...]:
        separator = self._profile.split.get(field)
        return tuple(split_tags(text.replace(separator, ";") if separator else text))

    def _reporting_tags(self, text: str) -> tuple[str, ...]:
        tags = self._tags("reporting_tags", text)
        if self._allowed is None:
            return tags
        limit = self._context.settings.reporting_tags
        spelt = []
        for tag in tags:
            allowed = self._allowed.get(fold(tag))
            if allowed is None:
                near = nearest(tag, limit.allowed)
                error = TagNotAllowed(tag, limit.field_name, near, len(limit.allowed))
                raise ValueError(error.message)
            spelt.append(allowed)
        return tuple(spelt)


_WORDS: dict[str, Convert] = {"direction": call_words.direction, "status": call_words.status}


def is_yes_or_no(text: str) -> bool:
    """Tell whether a text is one of the usual words for true and false."""
    try:
        booleans.read_boolean(text)
    except ValueError:
        return False
    return True


def _is_zero(text: str) -> bool:
    return not text.strip("0-/:. T")  # databases write 0000-00-00 00:00:00 where there is no time


def read_currency(text: str) -> str:
    """Return the ISO code that a text names, in capitals; ``ValueError`` where it is none."""
    code = text.strip().upper()
    if not is_currency(code):
        raise ValueError(f"'{text}' is no currency code such as USD or EUR")
    return code


def day_and_fraction(day: str, fraction: str) -> str:
    """Join a day and a spreadsheet's part of a day into one text that is read as a time."""
    bare = day.strip().partition(" ")[0]
    if not fraction.strip():
        return day
    try:
        seconds = fraction_of_day(fraction.strip())
    except ValueError:
        return f"{bare} {fraction}"  # no time either; reading it says so
    return f"{bare} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _stars(text: str) -> int:
    number = text.removesuffix("/5").strip().removesuffix(".0")
    if number in ("1", "2", "3", "4", "5"):
        return int(number)
    if number.strip("0.") == "" and "0" in number:
        # Many phone systems write that for a call that nobody rated.
        raise ValueError(
            f"'{text}' is no rating: stars are 1 to 5;"
            f" where it means unrated, import with --missing stars={text}"
        )
    raise ValueError(f"'{text}' is no rating: stars are 1 to 5")
