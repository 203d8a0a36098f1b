"""Rows of a table become contacts: values by field, and problems with their lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from scorecli.domain.contact_scores import apply_wish, parse_value, stored
from scorecli.domain.contact_values import (
    folded_name,
    read_email,
    read_kind,
    read_line,
    read_number,
    split_name,
)
from scorecli.domain.notes import check_note
from scorecli.domain.phones import Phones
from scorecli.domain.text import fold
from scorecli.errors import ScorecliError
from scorecli.errors.importing import MappingProblem
from scorecli.readers.cells import Bad, CellReader, DistinctCellReader
from scorecli.readers.mapping import ColumnMap, key_fields
from scorecli.readers.rows import Batch, RowProblem
from scorecli.readers.score_rows import reason_of
from scorecli.settings import ScoreTypeSettings

_MISSING = frozenset(("n/a", "#n/a", "null", "-", "--", "none"))
# Also no number: what networks and exports write where there is none.
_NO_NUMBER = frozenset(
    ("anonymous", "restricted", "unknown", "private", "unavailable", "blocked", "withheld", "no")
)
_SEPARATORS = re.compile(r"\s*(?:;|\||\n|:::)\s*")
_COMMAS = re.compile(r"\s*,\s*")
_CUT_SHORT = re.compile(r"\d(?:[.,]\d+)?[Ee]\+\d+")  # what a spreadsheet makes of a long number
_FEWEST_DIGITS = 5
# Columns by which an export of scorecli is known, and those of it that follow by themselves.
_OWN_EXPORT = frozenset(("id", "kind", "company_id", "created_at"))
_DERIVED = frozenset(
    ("id", "company_id", "owner_id", "created_at", "score", "points", "points_now")
)


class ContactRow(NamedTuple):
    """One row: the values that it has, by field, with ``company`` and ``owner`` as texts.

    ``numbers`` are pairs of what was written and E.164; scores are numbers under ``score`` and
    ``score.TYPE``. ``keys`` are what ``--key`` knows it by,
    ``empty`` the fields whose cells are empty.
    """

    line: int
    cells: list[str]
    values: dict[str, Any]
    folded: str
    empty: frozenset[str]
    keys: tuple[tuple[str, ...], ...] = ()


class ContactReader:
    """Reads the rows under one header; raises :class:`MappingProblem` for a constant it refuses."""

    def __init__(
        self,
        mapping: ColumnMap,
        phones: Phones,
        missing: Mapping[str, tuple[str, ...]],
        scores: Mapping[str, ScoreTypeSettings] | None = None,
    ) -> None:
        self.mapping = mapping
        self._phones = phones
        self._scores = scores or {}
        every = (*_MISSING, *missing.get("all", ()))
        self._columns = [
            (field, position, _cells(field)(self._reader(field), (*every, *missing.get(field, ()))))
            for field, positions in mapping.fields.items()
            for position in positions
        ]
        self._is_own = set(mapping.header) >= _OWN_EXPORT
        self._extra = _kept(mapping, own=self._is_own)
        self._constants: dict[str, Any] = {}
        for field, text in mapping.constants.items():
            try:
                if text.strip():
                    _put(self._constants, field, self._reader(field)(text))
            except ValueError as error:
                raise MappingProblem(f"--set {field}={text}: {error}", "Set another one.") from None
        self._key = key_fields(mapping)
        self._of_name = not {"first_name", "last_name"} & mapping.fields.keys()

    def read(self, batch: Batch) -> tuple[list[ContactRow], list[RowProblem]]:
        """Return the contacts of a batch, and the rows that cannot be used."""
        rows: list[ContactRow] = []
        problems = list(batch.problems)
        for line, cells in zip(batch.lines, batch.rows, strict=True):
            row = self._row(line, cells)
            if isinstance(row, RowProblem):
                problems.append(row)
            else:
                rows.append(row)
        return rows, problems

    @property
    def kept(self) -> list[str]:
        """The columns that stay under ``extra``."""
        return [name for name, _ in self._extra if not (self._is_own and name == "extra")]

    def column(self, field: str) -> str:
        """Return the file's own name of the first column for a field, empty where it has none."""
        positions = self.mapping.fields.get(field, ())
        return self.mapping.header[positions[0]] if positions else ""

    def _row(self, line: int, cells: list[str]) -> ContactRow | RowProblem:
        values: dict[str, Any] = {
            field: list(value) if isinstance(value, list) else value
            for field, value in self._constants.items()
        }
        empty: set[str] = set()
        for field, position, known in self._columns:
            value = known[cells[position]]
            if value is None:
                empty.add(field)
            elif value.__class__ is Bad:
                return RowProblem(line, self.mapping.header[position], value.reason, cells)
            elif value.__class__ is list:
                _put(values, field, value)
            else:
                values[field] = value
        name = values.pop("name", None)
        if name is not None and not ("first_name" in values or "last_name" in values):
            first, last = split_name(name)
            values.update({"first_name": first} if first else {})
            values.update({"last_name": last} if last else {})
        extra = {name: text for name, at in self._extra if (text := cells[at].strip())}
        if self._is_own and "extra" in extra:
            extra |= _unpacked(extra.pop("extra"))
        if extra:
            values["extra"] = extra
        folded = folded_name(values.get("first_name"), values.get("last_name"))
        keys = tuple(key_of(values, self._key)) if self._key else ()
        if not (folded or values.keys() & {"external_id", "numbers", "emails"}):
            return RowProblem(
                line, "", "no name, number, e-mail address or id says who it is", cells
            )
        return ContactRow(line, cells, values, folded, self._emptied(empty, values), keys)

    def _emptied(self, empty: set[str], values: Mapping[str, Any]) -> frozenset[str]:
        """Return the stored fields that empty cells say nothing about."""
        if not empty:
            return frozenset()
        found = {_STORED.get(field, field) for field in empty} - values.keys() - {"kind"}
        if "name" in found:
            found.discard("name")
            if self._of_name:
                found |= {"first_name", "last_name"} - values.keys()
        return frozenset(found)

    def _reader(self, field: str) -> Callable[[str], Any]:
        if field in self._scores:
            return partial(_score, self._scores[field])
        readers: dict[str, Callable[[str], Any]] = {
            "kind": read_kind,
            "note": check_note,
            "number": self._numbers,
            "email": _emails,
        }
        return readers.get(field) or (lambda text: read_line(field, text) or None)

    def _numbers(self, text: str) -> list[list[str | None]]:
        if _CUT_SHORT.fullmatch(text):
            raise ValueError(f"{text!r} lost its digits in a spreadsheet")
        parts = _parts(text)
        if "," in text and all(_digits(part) >= _FEWEST_DIGITS for part in text.split(",")):
            parts = [part for part in _COMMAS.split(text) if part]
        found = []
        for part in parts:
            if fold(part) not in _NO_NUMBER:
                number = read_number(part)
                found.append([number, self._phones.e164(number)])
        return found


def _score(kind: ScoreTypeSettings, text: str) -> int | float | None:
    try:
        value = apply_wish(parse_value(text), None, kind)
    except ScorecliError as error:
        raise ValueError(reason_of(error)) from None
    return None if value is None else stored(value)


_STORED = {"number": "numbers", "email": "emails"}
_SELDOM_TWICE = ("external_id", "email", "note")


def _cells(field: str) -> type[CellReader]:
    return DistinctCellReader if field in _SELDOM_TWICE else CellReader


def _kept(mapping: ColumnMap, *, own: bool) -> list[tuple[str, int]]:
    """Return the columns for ``extra``; of an ``own`` export without what follows by itself."""
    columns = [(mapping.header[at], at) for at in mapping.unmapped]
    if not own:
        return columns
    return [
        (name.removeprefix("extra."), at)
        for name, at in columns
        if name not in _DERIVED and not name.startswith("score.")
    ]


def _unpacked(text: str) -> dict[str, str]:
    """Return the object that an export wrote as ``extra``, the text itself where it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return {"extra": text}
    return {str(name): str(value) for name, value in found.items() if value}


def _put(values: dict[str, Any], field: str, value: Any) -> None:
    """Add a value; numbers and addresses are collected, each of them once."""
    stored = _STORED.get(field)
    if stored is not None and len(value) == 1 and stored not in values:
        values[stored] = list(value)
    elif field == "number":
        had = values.setdefault("numbers", [])
        known = {pair[1] or fold(pair[0]) for pair in had}
        for pair in value:
            same = pair[1] or fold(pair[0])
            if same not in known:
                known.add(same)
                had.append(pair)
        if not had:
            del values["numbers"]
    elif field == "email":
        had = values.setdefault("emails", [])
        known = set(map(fold, had))
        for email in value:
            if fold(email) not in known:
                known.add(fold(email))
                had.append(email)
    elif value or value == 0:  # a score may be 0
        values[field] = value


def _emails(text: str) -> list[str]:
    if "," not in text and not _SEPARATORS.search(text):
        return [read_email(text)]
    return [read_email(part) for each in _parts(text) for part in _COMMAS.split(each) if part]


def _parts(text: str) -> list[str]:
    return [part for part in _SEPARATORS.split(text.strip()) if part]


def _digits(text: str) -> int:
    return sum(ch.isdigit() for ch in text)


def key_of(values: Mapping[str, Any], fields: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Yield the keys of a contact under ``fields``: one for each of its numbers and addresses."""
    found: list[tuple[str, ...]] = [()]
    for field in fields:
        found = [(*head, text) for head in found for text in _key_texts(values, field)]
    return found


def _key_texts(values: Mapping[str, Any], field: str) -> list[str]:
    if field == "number":
        return [pair[1] or fold(pair[0]) for pair in values.get("numbers") or ()]
    if field == "email":
        return [fold(email) for email in values.get("emails") or ()]
    if field == "name":
        return [folded_name(values.get("first_name"), values.get("last_name"))]
    if field.startswith("extra."):
        value = (values.get("extra") or {}).get(field.removeprefix("extra."))
    else:
        value = values.get(field)
    return [fold(str(value))] if value else []
