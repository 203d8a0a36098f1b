"""Rows of a file of scores become edits: which call each is about, and what it sets.

An empty cell leaves a field as it is, the word ``none`` removes its value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from scorecli.domain.booleans import read_boolean
from scorecli.domain.days import local_day, parse_day
from scorecli.domain.moments import read_moment
from scorecli.domain.money import parse_amount
from scorecli.domain.notes import check_note
from scorecli.domain.scoring import ScoreEdit
from scorecli.domain.tags import split_tags
from scorecli.domain.zones import resolve_zone
from scorecli.errors import ScorecliError
from scorecli.errors.importing import NeedsDecimal
from scorecli.errors.scoring import BadScoreFile, FieldSwitchedOff
from scorecli.errors.values import DoubtfulDecimal
from scorecli.readers.call_columns import SCORES, field_by_name, plain_name
from scorecli.settings import Settings

_NONE = "none"
# Columns beside the score's own: which call, and tags to add or to remove.
_CALL_COLUMNS = {"call": "call", "id": "call"}
_TAG_COLUMNS = {
    "tag": "tags",
    "untag": "untags",
    "call tag": "call_tags",
    "uncall tag": "uncall_tags",
}
_EDIT_FIELDS = {"reporting_tags": "set_tags", "call_tags": "set_call_tags"}


_CACHED = 20_000  # different rows whose edits are remembered
_LONG = 500  # characters of a row above which it hardly comes twice


class ScoreRow(NamedTuple):
    """One row: the call as a command line would name it, and the edit or why there is none.

    ``external_id`` is what the row says of it beside the call's number; empty: nothing.
    """

    call: str
    edit: ScoreEdit | None
    field: str = ""
    error: str = ""
    external_id: str = ""


class ScoreRows:
    """Reads the rows under one header; raises :class:`BadScoreFile` where it cannot serve.

    ``now`` (UTC seconds) is what ``today`` and ``+2h`` count from, ``decimal`` the sign before the
    decimals of amounts, ``file`` the name that errors give.
    """

    def __init__(
        self,
        header: Sequence[str],
        settings: Settings,
        now: int,
        *,
        decimal: str | None = None,
        file: str = "the file",
    ) -> None:
        self._file = file
        self._now = now
        self._zone = resolve_zone(settings.display.time_zone)
        self._today = local_day(now, self._zone)
        self._decimal = decimal
        self._currency = settings.converted_amount.currency
        self._columns: list[tuple[int, str, Callable[[str], Any]]] = []
        self._places: dict[str, int] = {}
        self._call: int | None = None
        self._external: int | None = None
        self._system: int | None = None
        self._known: dict[tuple[str, ...], ScoreRow] = {}
        self.ignored: list[str] = []
        self._header = list(header)
        for position, name in enumerate(header):
            self._place(position, name)
        if self._call is None and self._external is None:
            raise BadScoreFile(
                "The file has no column `call` or `external_id`, so nothing says which calls"
                " to score."
            )
        if not any(field != "currency" for _, field, _ in self._columns):
            scores = ", ".join(field for field in SCORES if field != "currency")
            raise BadScoreFile(
                f"The file has no column of a score ({scores}), so there is nothing to set."
            )

    def read(self, cells: Sequence[str]) -> ScoreRow:
        """Return what one row asks for."""
        call = self._name(cells)
        if call is None:
            return ScoreRow("", None, self._header[self._naming()], "the row names no call")
        key = tuple(cells[position] for position, *_ in self._columns)
        known = self._known.get(key)
        if known is None:
            known = self._edit(key)
            if len(self._known) < _CACHED and sum(map(len, key)) < _LONG:
                self._known[key] = known
        external = ""
        if self._call is not None and self._external is not None and cells[self._call].strip():
            external = cells[self._external].strip()
        return known._replace(call=call, external_id=external)

    def column(self, field: str) -> str:
        """Return the file's own name of the column for ``field``, empty where there is none."""
        if field == "call":
            return self._header[self._naming()]
        names = (_EDIT_FIELDS.get(field, field), _TAG_COLUMNS["tag"])
        places = (self._places.get(name) for name in names[: 1 + (field == "reporting_tags")])
        return next((self._header[place] for place in places if place is not None), "")

    def _naming(self) -> int:
        return next(place for place in (self._call, self._external) if place is not None)

    def _name(self, cells: Sequence[str]) -> str | None:
        if self._call is not None and cells[self._call].strip():
            return cells[self._call].strip()
        if self._external is None or not cells[self._external].strip():
            return None
        external = cells[self._external].strip()
        system = "" if self._system is None else cells[self._system].strip()
        return f"ext:{system}:{external}" if system else f"ext:{external}"

    def _place(self, position: int, name: str) -> None:
        plain = plain_name(name)
        field = field_by_name().get(plain)
        if plain in _CALL_COLUMNS:
            # The column that is called ``call`` wins over a number that merely stands beside it.
            if self._call is None or plain == "call":
                self._call = position
        elif plain in _TAG_COLUMNS:
            self._add(position, _TAG_COLUMNS[plain], _tags)
        elif field == "external_id":
            if self._external is not None:
                raise self._twice(self._external, position, field)
            self._external = position
        elif field == "system":
            self._system = position
        elif field in SCORES:
            self._add(position, _EDIT_FIELDS.get(field, field), self._reader(field))
        else:
            self.ignored.append(name)

    def _add(self, position: int, field: str, read: Callable[[str], Any]) -> None:
        if field in self._places:
            raise self._twice(self._places[field], position, field)
        self._places[field] = position
        self._columns.append((position, field, read))

    def _twice(self, first: int, second: int, field: str) -> BadScoreFile:
        return BadScoreFile(
            f"The columns `{self._header[first]}` and `{self._header[second]}` both mean"
            f" {field.removeprefix('set_')}; take one of them out."
        )

    def _reader(self, field: str) -> Callable[[str], Any]:
        readers: dict[str, Callable[[str], Any]] = {
            "stars": _stars,
            "reporting_tags": _tags,
            "call_tags": _tags,
            "converted": read_boolean,
            "amount": self._amount,
            "currency": lambda text: text.upper(),
            "note": check_note,
            "converted_on": lambda text: parse_day(text, self._today).isoformat(),
            "recall_at": lambda text: read_moment(text, self._zone, self._now),
        }
        return readers.get(field, str)

    def _amount(self, text: str) -> int:
        try:
            return parse_amount(text, self._currency, decimal=self._decimal)  # type: ignore[arg-type]
        except DoubtfulDecimal as doubt:
            # Each row like this one would be as doubtful, so the file waits for an answer.
            raise NeedsDecimal(self.column("amount"), doubt.text, self._file) from None

    def _edit(self, cells: tuple[str, ...]) -> ScoreRow:
        values: dict[str, Any] = {}
        for (position, field, read), cell in zip(self._columns, cells, strict=True):
            text = cell.strip()
            if not text:
                continue
            try:
                if text.casefold() == _NONE:
                    values[field] = _removed(field)
                else:
                    values[field] = read(text)
            except NeedsDecimal:
                raise
            except (ScorecliError, ValueError) as error:
                return ScoreRow("", None, self._header[position], reason_of(error))
        currency = values.pop("currency", None)
        if currency not in (None, self._currency) and values.get("amount") is not None:
            reason = f"amounts are in {self._currency} here, not in {currency}"
            return ScoreRow("", None, self.column("currency"), reason)
        return ScoreRow("", ScoreEdit(**values))


def reason_of(error: Exception) -> str:
    """Return a failure as the one line that stands beside a rejected row."""
    hint = getattr(error, "hint", None)
    return f"{error} {hint}" if hint else str(error)


def _stars(text: str) -> int:
    number = text.removesuffix(".0")
    if number not in ("1", "2", "3", "4", "5"):
        raise ValueError(f"'{text}' is no rating: stars are 1 to 5, or none")
    return int(number)


def _tags(text: str) -> tuple[str, ...]:
    return tuple(split_tags(text))


def _removed(field: str) -> Any:
    if field in ("tags", "untags", "call_tags", "uncall_tags"):
        raise ValueError("`none` removes nothing here; use the column reporting_tags or call_tags")
    if field == "converted":
        return False
    return () if field in _EDIT_FIELDS.values() else None


def refused_by_settings(error: ScorecliError) -> bool:
    """Tell whether every row would fail in the same way, so that the file as a whole is refused."""
    return isinstance(error, FieldSwitchedOff)
