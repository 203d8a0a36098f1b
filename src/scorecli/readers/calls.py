"""Rows of a table become calls: typed columns, an identity, and problems with their lines.

A batch is worked column by column, so that the cost of a row is a few dictionary look-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from scorecli.domain.phones import Phones
from scorecli.errors.importing import MappingProblem
from scorecli.readers.cell_values import (
    TIMES,
    Converters,
    Doubt,
    ImportContext,
    day_and_fraction,
    is_yes_or_no,
    read_currency,
)
from scorecli.readers.cells import (
    Bad,
    CellReader,
    DistinctCellReader,
    ExtraReader,
    PlainTextReader,
    join_extra,
)
from scorecli.readers.given_results import GivenResults
from scorecli.readers.identity import identities, with_number
from scorecli.readers.joining import NO_DIRECTION, added, by_direction, joined
from scorecli.readers.mapping import WORDS, ColumnMap
from scorecli.readers.own_export import SpreadReader
from scorecli.readers.rows import Batch, RowProblem
from scorecli.readers.totals import is_total

# The columns of a parsed call, in the order in which they are handed on.
PARSED = (
    "started_at",
    "system",
    "source",
    "medium",
    "campaign",
    "list",
    "agent",
    "agent_extension",
    "agent_email",
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
    "recall_at",
    "reporting_tags",
    "call_tags",
    "identity",
    "origin",
)
_DISTINCT = ("external_id", "contact_number", "contact_name", "recording_url", "note")
_SPANS = ("duration", "talk_time", "wait_time")
_TOTAL = "a line of totals, and no call"
_DEFAULT_SYSTEM = "generic"
_MOST_EXTRA = 200_000  # texts that all columns of ``extra`` together remember
Columns = dict[str, list[Any]]


class ParsedBatch(NamedTuple):
    """Calls as columns under the names of ``PARSED``, the number of calls, and the bad rows."""

    columns: Columns
    calls: int
    problems: list[RowProblem]


class CallReader:
    """Reads batches under one header into calls.

    Raises :class:`MappingProblem` for a constant that its field cannot have.
    """

    def __init__(self, mapping: ColumnMap, context: ImportContext) -> None:
        self._map = self.mapping = mapping
        self._profile = context.profile
        self._phones = Phones(context.settings.phone.region)
        self._currency = context.settings.converted_amount.currency
        if "currency" in mapping.constants:
            self._currency = _constant_currency(mapping.constants["currency"], self._currency)
        self._convert = Converters(context, self._currency)
        defined_only = context.profile.defined_results_only
        self._results = GivenResults(context.results, defined_only=defined_only)
        self._amount_readers: dict[str, CellReader] = {}
        self._readers: dict[str, CellReader] = {
            field: self._reader(field) for field in (*mapping.fields, *mapping.constants)
        }
        self._constants = {
            field: self._constant(field, text) for field, text in mapping.constants.items()
        }
        names = mapping.header
        self._extras: list[tuple[int, ExtraReader]] = [
            (position, self._left_over(position)) for position in mapping.unmapped
        ] + [(position, ExtraReader(names[position])) for position in mapping.kept]
        self._sided = [
            (position, ExtraReader(names[position]), used)
            for position, used in mapping.sided_only().items()
        ]
        for field in WORDS:
            # A word that is not understood stays readable in ``extra``, and so does each of those
            # that only together are.
            alone = len(mapping.fields.get(field, ())) == 1
            unknown = self._convert.is_unknown(field) if alone else None
            for position in mapping.words(field):
                self._extras.append((position, ExtraReader(names[position], unknown)))
        # Whether somebody wants a call is no time, and neither may be used without a result.
        all_of_it = None if defined_only else is_yes_or_no
        for position in set(mapping.fields.get("recall_at", ())).difference(mapping.kept):
            self._extras.append((position, ExtraReader(names[position], all_of_it)))

    @property
    def extra(self) -> list[str]:
        """The columns that may have a value under ``extra``."""
        positions = [*(at for at, _ in self._extras), *(at for at, _, _ in self._sided)]
        own = {} if self._map.own is None else self._map.own.extras
        names = [own.get(position, self._map.header[position]) for position in positions]
        return [name for name in names if name]

    @property
    def left_over(self) -> list[str]:
        """The columns that no field took, but for those that are ``extra`` in an own export."""
        own = {} if self._map.own is None else self._map.own.extras
        return [self._map.header[at] for at in self._map.unmapped if at not in own]

    @property
    def unknown_results(self) -> tuple[str, ...]:
        """The result codes met so far that nobody defined, as the file writes them."""
        return tuple(self._convert.unknown_results)

    def read(self, batch: Batch) -> ParsedBatch:
        """Return the calls of a batch; raises :class:`Doubt`."""
        count = len(batch.lines)
        if not count:
            return ParsedBatch({name: [] for name in PARSED}, 0, list(batch.problems))
        cells = batch.columns
        columns = self._typed(cells, count)
        self._complete(columns, cells)
        columns["origin"] = self._results.origins(columns, batch)
        bad = self._bad_rows(columns, batch)
        if not bad:
            return ParsedBatch(columns, count, list(batch.problems))
        good = [row for row in range(count) if row not in bad]
        kept = {name: [values[row] for row in good] for name, values in columns.items()}
        problems = sorted([*batch.problems, *bad.values()], key=lambda problem: problem.line)
        return ParsedBatch(kept, len(good), problems)

    def texts(self, field: str, batch: Batch) -> list[str]:
        """Return what the cells of a field say in a batch, blank ones left out."""
        cells = batch.columns
        if not cells or field not in self._map.fields:
            return []
        plain = self._readers[field].plain
        return [text for cell in self._cells(field, cells) if (text := plain(cell)) is not None]

    def _typed(self, cells: list[Sequence[str]], count: int) -> Columns:
        columns: Columns = {}
        for field, positions in self._map.fields.items():
            reader = self._readers[field]
            if field in _SPANS and len(positions) > 1:
                columns[field] = added([reader.column(cells[at]) for at in positions])
            elif field not in self._map.by_direction:
                columns[field] = reader.column(self._cells(field, cells))
        directions = columns.get("direction") or [self._constants.get("direction")] * count
        for field, sides in self._map.by_direction.items():
            texts = by_direction(sides, directions, cells, self._profile.join)
            columns[field] = self._readers[field].column(texts)
        if "currency" in self._map.fields and "amount" in self._map.fields:
            columns["amount"] = self._amounts_by_currency(columns["currency"], cells)
        for field, value in self._constants.items():
            columns[field] = [value] * count
        nothing = [None] * count  # one for all, by which they are known to be empty
        return {**dict.fromkeys(PARSED, nothing), **columns}

    def _cells(self, field: str, cells: list[Sequence[str]]) -> Any:
        positions = self._map.fields[field]
        if len(positions) == 1:
            return cells[positions[0]]
        if field in TIMES and self._profile.time_unit == "day_fraction":
            day, fraction = positions
            return list(map(day_and_fraction, cells[day], cells[fraction]))
        return joined(positions, cells, self._profile.join)

    def _amounts_by_currency(self, currencies: list[Any], cells: list[Sequence[str]]) -> list[Any]:
        # The currency tells how many decimals there are, so each has a reader of its own.
        amounts = []
        reader = self._readers["amount"]
        for text, code in zip(self._cells("amount", cells), currencies, strict=True):
            currency = code if type(code) is str else self._currency
            by = self._amount_readers.get(currency)
            if by is None:
                by = self._amount_readers[currency] = CellReader(
                    self._convert.amount_in(currency),
                    self._missing("amount"),
                    self._profile.extract.get("amount"),
                )
            amounts.append(by[text])
            reader.met_bad = reader.met_bad or by.met_bad
        return amounts

    def _complete(self, columns: Columns, cells: list[Sequence[str]]) -> None:
        systems = columns["system"]
        if None in systems:
            columns["system"] = [system or _DEFAULT_SYSTEM for system in systems]
        columns["contact_number_e164"] = self._phones.column(columns["contact_number"])
        if any(columns["amount"]) or any(columns["currency"]) or 0 in columns["amount"]:
            columns["currency"] = [
                None if amount is None else (currency or self._currency)
                for amount, currency in zip(columns["amount"], columns["currency"], strict=True)
            ]
        for field in self._results.check(columns):
            self._readers[field].met_bad = True
        if self._extras or self._sided:
            parts = [list(map(reader.__getitem__, cells[at])) for at, reader in self._extras]
            for at, reader, used in self._sided:
                rows = zip(columns["direction"], cells[at], strict=True)
                parts.append(
                    ["" if (side or NO_DIRECTION) in used else reader[text] for side, text in rows]
                )
            if any(map(any, parts)):  # most logs leave nothing over
                columns["extra"] = [join_extra(row) for row in zip(*parts, strict=True)]
        columns["identity"] = self._identities(columns, cells)

    def _left_over(self, position: int) -> ExtraReader:
        name, own = self._map.header[position], self._map.own
        if own is not None and position in own.extras:
            name = own.extras[position]
            if not name:
                return SpreadReader()
        return ExtraReader(name, most=_MOST_EXTRA // len(self._map.unmapped))

    def _identities(self, columns: Columns, cells: list[Sequence[str]]) -> list[Any]:
        found = identities(columns, cells, self._map)
        if self._map.own is not None:
            return list(map(with_number, cells[self._map.own.number], found))
        return found

    def _bad_rows(self, columns: Columns, batch: Batch) -> dict[int, RowProblem]:
        bad: dict[int, list[tuple[str, str]]] = {}
        for field, reader in self._readers.items():
            if not reader.met_bad:
                continue
            for row, value in enumerate(columns[field]):
                if type(value) is Bad:
                    bad.setdefault(row, []).append((field, value.reason))
        for row in self._totals(columns, batch):
            bad.setdefault(row, []).append(("", _TOTAL))
        return {
            row: RowProblem(
                batch.lines[row],
                "; ".join(self._column_name(field) for field, _ in problems if field),
                "; ".join(reason for _, reason in problems),
                batch.rows[row],
            )
            for row, problems in bad.items()
        }

    def _totals(self, columns: Columns, batch: Batch) -> list[int]:
        """Return the rows that are no call but the sums that a report ends with."""
        if "started_at" not in self._map.fields or None not in columns["started_at"]:
            return []
        return [
            row
            for row, start in enumerate(columns["started_at"])
            if start is None
            and columns["contact_number"][row] is None
            and is_total(next(filter(str.strip, batch.rows[row]), ""))
        ]

    def _column_name(self, field: str) -> str:
        positions = self._map.fields.get(field)
        return " + ".join(self._map.header[at] for at in positions) if positions else field

    def _missing(self, field: str) -> tuple[str, ...]:
        missing = self._profile.missing
        return (*missing.get("all", ()), *missing.get(field, ()))

    def _reader(self, field: str) -> CellReader:
        extract = self._profile.extract.get(field)
        if field in _DISTINCT and field not in self._profile.values:
            return PlainTextReader(self._missing(field), extract)
        if field == "started_at":
            return DistinctCellReader(
                self._convert.of(field),
                self._missing(field),
                extract,
                together=self._convert.together(field),
            )
        return CellReader(self._convert.of(field), self._missing(field), extract)

    def _constant(self, field: str, text: str) -> Any:
        try:
            return self._readers[field].constant(text)
        except Doubt:
            raise MappingProblem(
                f"{field} = {text!r} has two meanings.",
                "Write a day as YYYY-MM-DD and an amount without grouping.",
            ) from None
        except ValueError as error:
            raise MappingProblem(f"{field} = {text!r} cannot be set: {error}") from None


def _constant_currency(text: str, usual: str) -> str:
    if not text.strip():
        return usual
    try:
        return read_currency(text)
    except ValueError as error:
        raise MappingProblem(f"currency = {text!r} cannot be set: {error}") from None
