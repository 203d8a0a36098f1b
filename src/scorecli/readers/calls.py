"""Rows of a table become calls: typed columns, an identity, and problems with their lines.

A batch is worked column by column, so that the cost of a row is a few dictionary look-ups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scorecli.domain import booleans, call_words
from scorecli.domain.days import local_day
from scorecli.domain.durations import read_duration
from scorecli.domain.money import is_currency, parse_amount
from scorecli.domain.phones import Phones
from scorecli.domain.tags import check_tag, split_tags
from scorecli.domain.text import fold, nearest
from scorecli.domain.timestamps import TimeReader, fraction_of_day
from scorecli.errors import DoubtfulDayOrder, DoubtfulDecimal, TagNotAllowed, UnknownResult
from scorecli.readers.cells import (
    Bad,
    CellReader,
    DistinctCellReader,
    ExtraReader,
    PlainTextReader,
    join_extra,
)
from scorecli.readers.mapping import ColumnMap
from scorecli.readers.profiles import Profile
from scorecli.readers.rows import Batch, RowProblem
from scorecli.settings import Settings

# The columns of a parsed call, in the order in which they are handed on.
PARSED = (
    "started_at",
    "system",
    "source",
    "medium",
    "campaign",
    "list",
    "agent",
    "account",
    "tracking_number",
    "termination",
    "direction",
    "status",
    "duration",
    "talk_time",
    "wait_time",
    "external_id",
    "contact_number_e164",
    "contact_number",
    "contact_name",
    "recording_url",
    "extra",
    "stars",
    "converted",
    "amount",
    "currency",
    "converted_on",
    "note",
    "result",
    "reporting_tags",
    "call_tags",
    "identity",
)
_SHARED = ("system", "source", "medium", "campaign", "list", "agent", "account")
_SHARED_RARELY = ("tracking_number", "termination")
_DISTINCT = ("external_id", "contact_number", "contact_name", "recording_url", "note")
_DEFAULT_SYSTEM = "generic"
Columns = dict[str, list[Any]]


class ImportContext(NamedTuple):
    """What reading calls needs to know besides the mapping.

    ``results``: the codes that may be given, folded -> code as defined. ``define_results``: take
    unknown codes as they are, they will be defined. ``date_orders``: field -> order found in
    the file. ``decimal``: the decimal sign, where it is known. ``zone``: the settings' time zone,
    whose days count; ``file_zone``: the one in which the file writes local times.
    """

    settings: Settings
    profile: Profile
    zone: ZoneInfo
    file_zone: ZoneInfo
    results: Mapping[str, str]
    define_results: bool = False
    date_format: str | None = None
    date_orders: Mapping[str, str] = {}
    decimal: str | None = None


class Doubt(Exception):  # noqa: N818  # a question to the whole file, not a failure
    """A cell can be read in two ways; the rest of its column may tell which."""

    def __init__(self, field: str, kind: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.kind = kind
        self.text = text


class ParsedBatch(NamedTuple):
    """Calls as columns under the names of ``PARSED``, the number of calls, and the bad rows."""

    columns: Columns
    calls: int
    problems: list[RowProblem]


class CallReader:
    """Reads batches under one header into calls."""

    def __init__(self, mapping: ColumnMap, context: ImportContext) -> None:
        self._map = self.mapping = mapping
        self._context = context
        self._profile = context.profile
        self._phones = Phones(context.settings.phone.region)
        self._limited = {fold(tag) for tag in context.settings.reporting_tags.allowed}
        self._currency = context.settings.converted_amount.currency
        if "currency" in mapping.constants:
            self._currency = _currency(mapping.constants["currency"])
        self._booleans = booleans.boolean_words(context.profile.true, context.profile.false)
        self._days: dict[int, str] = {}
        self._amount_readers: dict[str, CellReader] = {}
        self._readers: dict[str, CellReader] = {
            field: self._reader(field) for field in (*mapping.fields, *mapping.constants)
        }
        self._constants = {
            field: self._constant(field, text) for field, text in mapping.constants.items()
        }
        names = mapping.header
        self._extras: list[tuple[int, ExtraReader]] = [
            (position, ExtraReader(names[position])) for position in mapping.unmapped
        ]
        for field, known in (("direction", self._direction), ("status", self._status)):
            # A word that is not understood stays readable in ``extra``.
            for position in mapping.fields.get(field, ()):
                unknown = _is_unknown(known)
                self._extras.append((position, ExtraReader(names[position], unknown)))

    def read(self, batch: Batch) -> ParsedBatch:
        """Return the calls of a batch; raises :class:`Doubt`."""
        count = len(batch.rows)
        if not count:
            return ParsedBatch({name: [] for name in PARSED}, 0, list(batch.problems))
        cells: list[Sequence[str]] = list(zip(*batch.rows, strict=True))
        columns = self._typed(cells, count)
        self._complete(columns, cells, count)
        bad = self._bad_rows(columns, batch)
        if not bad:
            return ParsedBatch(columns, count, list(batch.problems))
        good = [row for row in range(count) if row not in bad]
        kept = {name: [values[row] for row in good] for name, values in columns.items()}
        problems = sorted([*batch.problems, *bad.values()], key=lambda problem: problem.line)
        return ParsedBatch(kept, len(good), problems)

    def texts(self, field: str, batch: Batch) -> list[str]:
        """Return the cells of a field as they stand in a batch, to settle a doubt."""
        cells: list[Sequence[str]] = list(zip(*batch.rows, strict=True))
        return self._cells(field, cells) if cells and field in self._map.fields else []

    def _typed(self, cells: list[Sequence[str]], count: int) -> Columns:
        columns: Columns = {}
        for field in self._map.fields:
            columns[field] = self._readers[field].column(self._cells(field, cells))
        if "currency" in self._map.fields and "amount" in self._map.fields:
            columns["amount"] = self._amounts_by_currency(columns["currency"], cells)
        for field, value in self._constants.items():
            columns[field] = [value] * count
        for field in PARSED:
            if field not in columns:
                columns[field] = [None] * count
        return columns

    def _cells(self, field: str, cells: list[Sequence[str]]) -> Any:
        positions = self._map.fields[field]
        if len(positions) == 1:
            return cells[positions[0]]
        if field in ("started_at", "converted_on") and self._profile.time_unit == "day_fraction":
            return [_day_and_fraction(*pair) for pair in zip(*(cells[p] for p in positions))]  # noqa: B905  # columns of one table
        glue = self._profile.join
        return [
            glue.join(part for part in parts if part.strip())
            for parts in zip(*(cells[p] for p in positions), strict=True)
        ]

    def _amounts_by_currency(
        self, currencies: list[Any], cells: list[Sequence[str]]
    ) -> list[Any]:
        # The currency tells how many decimals there are, so each has a reader of its own.
        amounts = []
        reader = self._readers["amount"]
        for text, code in zip(self._cells("amount", cells), currencies, strict=True):
            currency = code if type(code) is str else self._currency
            by = self._amount_readers.get(currency)
            if by is None:
                by = self._amount_readers[currency] = self._amount_reader(currency)
            amounts.append(by[text])
            reader.met_bad = reader.met_bad or by.met_bad
        return amounts

    def _amount_reader(self, currency: str) -> CellReader:
        def convert(text: str) -> int:
            return self._amount(text, currency)

        missing = (*self._profile.missing.get("all", ()), *self._profile.missing.get("amount", ()))
        return CellReader(self._translated("amount", convert), missing)

    def _complete(self, columns: Columns, cells: list[Sequence[str]], count: int) -> None:
        systems = columns["system"]
        if None in systems:
            columns["system"] = [system or _DEFAULT_SYSTEM for system in systems]
        e164 = self._phones.e164
        columns["contact_number_e164"] = [
            e164(number) if type(number) is str else None for number in columns["contact_number"]
        ]
        columns["currency"] = [
            None if amount is None else (currency or self._currency)
            for amount, currency in zip(columns["amount"], columns["currency"], strict=True)
        ]
        if any(columns["converted"]):
            columns["converted_on"] = [
                self._day(start) if converted is True and day is None and type(start) is int
                else day
                for converted, day, start in zip(
                    columns["converted"],
                    columns["converted_on"],
                    columns["started_at"],
                    strict=True,
                )
            ]
        if self._extras:
            parts = [[reader[text] for text in cells[at]] for at, reader in self._extras]
            columns["extra"] = [join_extra(row) for row in zip(*parts, strict=True)]
        columns["identity"] = self._identities(columns, cells, count)

    def _identities(
        self, columns: Columns, cells: list[Sequence[str]], count: int
    ) -> list[bytes | None]:
        keys = self._map.key
        if keys:
            names = [self._map.header[position] for position in keys]
            columns_of_key = [cells[position] for position in keys]
            return [
                _identity(b"k", repr((system, *zip(names, row))))  # noqa: B905
                for system, row in zip(columns["system"], zip(*columns_of_key), strict=True)  # noqa: B905
            ]
        identities: list[bytes | None] = [None] * count
        everything = self._map.identity
        starts = [self._map.header[position] + "\x1e" for position in everything]
        for row, (system, external, start, direction, number, tracking) in enumerate(
            zip(
                columns["system"],
                columns["external_id"],
                columns["started_at"],
                columns["direction"],
                columns["contact_number"],
                columns["tracking_number"],
                strict=True,
            )
        ):
            if external is not None:
                identities[row] = _identity(b"x", f"{system}\0{external}")
            elif start is not None and number is not None:
                identities[row] = _identity(
                    b"n", f"{system}\0{start}\0{direction}\0{number}\0{tracking}"
                )
            else:
                # An empty column says nothing, so a later export that leaves it out still pairs.
                parts = [
                    start + cells[position][row]
                    for start, position in zip(starts, everything, strict=True)
                    if cells[position][row]
                ]
                identities[row] = _identity(b"a", "\x1f".join((system, *parts)))
        return identities

    def _bad_rows(self, columns: Columns, batch: Batch) -> dict[int, RowProblem]:
        bad: dict[int, list[tuple[str, str]]] = {}
        for field in self._map.fields:
            reader = self._readers[field]
            if not reader.met_bad:
                continue
            for row, value in enumerate(columns[field]):
                if type(value) is Bad:
                    bad.setdefault(row, []).append((field, value.reason))
        return {
            row: RowProblem(
                batch.lines[row],
                "; ".join(self._column_name(field) for field, _ in problems),
                "; ".join(reason for _, reason in problems),
                batch.rows[row],
            )
            for row, problems in bad.items()
        }

    def _column_name(self, field: str) -> str:
        return " + ".join(self._map.header[position] for position in self._map.fields[field])

    def _reader(self, field: str) -> CellReader:
        missing = (
            *self._profile.missing.get("all", ()),
            *self._profile.missing.get(field, ()),
        )
        extract = self._profile.extract.get(field)
        if field in _DISTINCT and field not in self._profile.values:
            return PlainTextReader(missing, extract)
        convert = self._translated(field, self._converter(field))
        kind = DistinctCellReader if field == "started_at" else CellReader
        return kind(convert, missing, extract)

    def _translated(self, field: str, convert: Callable[[str], Any]) -> Callable[[str], Any]:
        meanings = self._profile.values.get(field)
        if not meanings:
            return convert
        return lambda text: convert(meanings.get(text.casefold(), text))

    def _converter(self, field: str) -> Callable[[str], Any]:  # noqa: PLR0911
        if field in ("started_at", "converted_on"):
            return self._time_converter(field)
        if field in ("duration", "talk_time", "wait_time"):
            return self._span_converter(field)
        simple: dict[str, Callable[[str], Any]] = {
            "direction": self._direction,
            "status": lambda text: self._status(text) or "other",
            "stars": _stars,
            "converted": lambda text: booleans.read_boolean(text, self._booleans),
            "amount": self._amount,
            "currency": _currency,
            "result": self._result,
            "reporting_tags": self._reporting_tags,
            "call_tags": lambda text: tuple(check_tag(tag) for tag in split_tags(text)),
        }
        return simple.get(field, str)

    def _constant(self, field: str, text: str) -> Any:
        value = self._readers[field][text]
        if type(value) is Bad:
            from scorecli.errors import MappingProblem

            raise MappingProblem(f"--set {field}={text}: {value.reason}")
        return value

    def _time_converter(self, field: str) -> Callable[[str], Any]:
        context = self._context
        order = context.date_format or self._profile.date_format or context.date_orders.get(field)
        read = TimeReader(context.file_zone, order).read

        def convert(text: str) -> int:
            try:
                return read(text)
            except DoubtfulDayOrder:
                raise Doubt(field, "order", text) from None

        if field == "started_at":
            return convert
        # A day without a time is that day in every zone, so it is read and shown in one.
        return lambda text: local_day(convert(text), context.file_zone).isoformat()

    def _span_converter(self, field: str) -> Callable[[str], int]:
        unit = self._profile.units.get(field, "seconds")
        if unit == "day_fraction":
            return fraction_of_day
        return lambda text: read_duration(text, unit)  # type: ignore[arg-type]

    def _direction(self, text: str) -> str | None:
        return call_words.direction(text)

    def _status(self, text: str) -> str | None:
        return call_words.status(text)

    def _amount(self, text: str, currency: str | None = None) -> int:
        decimal = self._context.decimal or self._profile.decimal
        try:
            return parse_amount(text, currency or self._currency, decimal=decimal)  # type: ignore[arg-type]
        except DoubtfulDecimal:
            raise Doubt("amount", "decimal", text) from None

    def _result(self, text: str) -> str:
        known = self._context.results.get(fold(text))
        if known is not None:
            return known
        if self._context.define_results:
            if len(text) > 32 or not text.isprintable():
                raise ValueError(f"{text!r} cannot be a result code: 1 to 32 printable characters")
            return text
        error = UnknownResult(text, nearest(text, self._context.results.values()))
        raise ValueError(f"{error.message} Define it, or import with --define-results.")

    def _reporting_tags(self, text: str) -> tuple[str, ...]:
        tags = tuple(check_tag(tag) for tag in split_tags(text))
        limit = self._context.settings.reporting_tags
        if limit.limit:
            for tag in tags:
                if fold(tag) not in self._limited:
                    near = nearest(tag, limit.allowed)
                    error = TagNotAllowed(tag, limit.field_name, near, len(limit.allowed))
                    raise ValueError(error.message)
        return tags

    def _day(self, start: int) -> str:
        quarter = start // 900
        day = self._days.get(quarter)
        if day is None:
            day = local_day(start, self._context.zone).isoformat()
            if len(self._days) > 100_000:
                self._days.clear()
            self._days[quarter] = day
        return day


def _identity(kind: bytes, text: str) -> bytes:
    # The first byte says by what the call is known, for those who pair it with stored calls.
    return kind + blake2b(text.encode("utf-8", "surrogatepass"), digest_size=15).digest()


def _is_unknown(known: Callable[[str], str | None]) -> Callable[[str], bool]:
    return lambda text: known(text) is None


def _day_and_fraction(day: str, fraction: str) -> str:
    bare = day.strip().partition(" ")[0]
    if not fraction.strip():
        return day
    try:
        seconds = fraction_of_day(fraction.strip())
    except ValueError:
        return f"{bare} {fraction}"  # no time either; reading it says so
    return f"{bare} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _stars(text: str) -> int:
    number = text.removesuffix(".0").removesuffix("/5").strip()
    if number in ("1", "2", "3", "4", "5"):
        return int(number)
    raise ValueError(f"'{text}' is no rating: stars are 1 to 5")


def _currency(text: str) -> str:
    code = text.upper()
    if not is_currency(code):
        raise ValueError(f"'{text}' is no currency code such as USD or EUR")
    return code
