"""Parsed calls in the form in which the database stores them, and how two such forms differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scorecli.domain.days import local_day
from scorecli.readers.calls import Columns
from scorecli.readers.given_results import Origin
from scorecli.services.import_spool import filled_columns
from scorecli.storage.call_columns import LOOKUP_FIELDS
from scorecli.storage.database import Database
from scorecli.storage.lookups import Lookups, Tags
from scorecli.storage.results import Results

# Field of a parsed call -> column of ``call``; what an import can write, in this order.
STORED: dict[str, str] = {
    "started_at": "started_at",
    **{field: f"{field}_id" for field in LOOKUP_FIELDS},
    "direction": "direction",
    "status": "status",
    "duration": "duration",
    "talk_time": "talk_time",
    "wait_time": "wait_time",
    "external_id": "external_id",
    "contact_number_e164": "contact_number_e164",
    "contact_number": "contact_number",
    "contact_name": "contact_name",
    "recording_url": "recording_url",
    "extra": "extra",
    "stars": "stars",
    "converted": "converted",
    "amount": "amount",
    "currency": "currency",
    "converted_on": "converted_on",
    "note": "note",
    "result": "result_id",
    "recall_at": "recall_at",
}
FIELD_NAMES = tuple(STORED)
COLUMN_NAMES = tuple(STORED.values())
AT = {field: position for position, field in enumerate(FIELD_NAMES)}
SCORE_FIELDS = frozenset(
    (
        "stars",
        "converted",
        "amount",
        "converted_on",
        "note",
        "result",
        "reporting_tags",
        "call_tags",
    )
)
Stored = tuple[Any, ...]
_MOST_DAYS = 100_000
_STARTED_AT, _STARS, _CONVERTED, _CONVERTED_ON = (
    AT[field] for field in ("started_at", "stars", "converted", "converted_on")
)
_AMOUNT, _CURRENCY, _EXTRA = AT["amount"], AT["currency"], AT["extra"]
_RESULT = AT["result"]
_NUMBER, _E164 = AT["contact_number"], AT["contact_number_e164"]


class ImportRow(NamedTuple):
    """One call of an import: its stored columns, its tags (None: not said), its identity.

    ``by_result``: the file says nothing of a conversion, but its result marks the call converted.
    ``origin``: where it stands, if the call that it is about may still refuse it.
    """

    values: Stored
    reporting_tags: frozenset[int] | None
    call_tags: frozenset[int] | None
    identity: bytes
    by_result: bool = False
    origin: Origin | None = None


class StoredColumns(NamedTuple):
    """A batch of new calls by the column, in the order of ``COLUMN_NAMES``.

    ``made`` are the rows that their result marks converted, and whether the file says the day.
    """

    columns: list[list[Any]]
    made: list[tuple[int, bool]]


class _Numbers(dict[Any, Any]):
    """Numbers of the texts of one field, looked up or added when first met."""

    def __init__(self, number: Callable[[Any], Any]) -> None:
        super().__init__({None: None})
        self._number = number

    def __missing__(self, text: Any) -> Any:
        number = self[text] = self._number(text)
        return number


def _tag_numbers(tags: Tags, kind: str, names: tuple[str, ...]) -> frozenset[int]:
    return frozenset(tags.number(kind, name) for name in names)


class ConversionDays:
    """The local day of a call, which is the day of its conversion where the file names none."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._days: dict[int, str] = {}

    def day(self, start: int) -> str:
        """Return the ISO day of a UTC second."""
        quarter = start // 900  # no zone changes its offset within a quarter of an hour
        day = self._days.get(quarter)
        if day is None:
            day = local_day(start, self._zone).isoformat()
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            self._days[quarter] = day
        return day

    def complete(self, values: Stored) -> Stored:
        """Return the columns with the conversion mark as 0 or 1, and the day of a conversion."""
        converted = 1 if values[_CONVERTED] else 0
        day, start = values[_CONVERTED_ON], values[_STARTED_AT]
        if converted and day is None and start is not None:
            listed = list(values)
            listed[_CONVERTED], listed[_CONVERTED_ON] = 1, self.day(start)
            return tuple(listed)
        return (*values[:_CONVERTED], converted, *values[_CONVERTED + 1 :])


class RowStorer:
    """Turns parsed columns into stored rows; remembers the numbers of texts and tags."""

    def __init__(
        self, db: Database, results: Results, days: ConversionDays, *, success_converts: bool
    ) -> None:
        lookups, tags = Lookups(db), Tags(db)
        self._numbers = {field: _Numbers(partial(lookups.number, field)) for field in LOOKUP_FIELDS}
        self._results = _Numbers(lambda code: results.usable(code).id)
        self._tags = {
            kind: _Numbers(partial(_tag_numbers, tags, kind)) for kind in ("reporting", "call")
        }
        self.marking = results.successes() if success_converts else frozenset()
        self.days = days

    def columns(self, parsed: Columns) -> StoredColumns:
        """Return the stored columns, complete for new calls."""
        stored, by_result = self._stored(parsed)
        days = stored[_CONVERTED_ON]
        made = [(row, days[row] is not None) for row, marks in enumerate(by_result) if marks]
        if any(stored[_CONVERTED]):
            stored[_CONVERTED_ON] = [
                self.days.day(start) if sold and day is None and start is not None else day
                for sold, day, start in zip(
                    stored[_CONVERTED], stored[_CONVERTED_ON], stored[_STARTED_AT], strict=True
                )
            ]
        stored[_CONVERTED] = [1 if sold else 0 for sold in stored[_CONVERTED]]
        return StoredColumns(stored, made)

    def tags(self, parsed: Columns) -> tuple[list[frozenset[int] | None], ...]:
        """Return the reporting tags and the call tags of each call, as numbers."""
        reporting, call = self._tags["reporting"], self._tags["call"]
        return (
            [reporting[names] for names in parsed["reporting_tags"]],
            [call[names] for names in parsed["call_tags"]],
        )

    def rows(self, parsed: Columns) -> Iterator[ImportRow]:
        """Yield the calls of a batch one by one, with None for what the file does not say."""
        stored, by_result = self._stored(parsed)
        values = zip(*stored, strict=True)
        reporting, call = self.tags(parsed)
        identities = parsed["identity"]
        marks = by_result or [False] * len(identities)
        origins = parsed["origin"]
        for row in zip(values, reporting, call, identities, marks, origins, strict=True):
            yield ImportRow(*row)

    def _stored(self, parsed: Columns) -> tuple[list[list[Any]], list[bool]]:
        """Return the stored columns, and for each row whether its result marks it converted."""
        stored = []
        filled = filled_columns(parsed)
        for field in FIELD_NAMES:
            values = parsed[field]
            numbers = self._results if field == "result" else self._numbers.get(field)
            if numbers is not None and field in filled:
                values = list(map(numbers.__getitem__, values))
            stored.append(values)
        results, said = stored[_RESULT], stored[_CONVERTED]
        if self.marking.isdisjoint(results):
            return stored, []
        by_result = [
            converted is None and result in self.marking
            for converted, result in zip(said, results, strict=True)
        ]
        stored[_CONVERTED] = [
            True if marks else converted for marks, converted in zip(by_result, said, strict=True)
        ]
        return stored, by_result


def is_scored(values: Stored, reporting_tags: frozenset[int] | None) -> int:
    """Return 1 where stars, a reporting tag or a conversion make a call a scored one."""
    return 1 if values[_STARS] is not None or values[_CONVERTED] or reporting_tags else 0


def is_orphan(values: Stored) -> bool:
    """Tell whether a call has an amount but is not converted."""
    return values[_AMOUNT] is not None and not values[_CONVERTED]


class Clearing(NamedTuple):
    """What an empty cell of a file clears: positions of columns, and names under ``extra``."""

    columns: tuple[int, ...] = ()
    extra: frozenset[str] = frozenset()
    reporting_tags: bool = False
    call_tags: bool = False

    @classmethod
    def of(cls, fields: frozenset[str], extra: frozenset[str]) -> Clearing:
        """Return what a file clears that has these fields and these columns under ``extra``."""
        # Whose identity a call has cannot be cleared; the currency goes with its amount.
        clearable = fields - {"system", "external_id", "currency"}
        if "contact_number" in clearable:
            clearable |= {"contact_number_e164"}
        return cls(
            tuple(AT[field] for field in FIELD_NAMES if field in clearable),
            extra,
            "reporting_tags" in fields,
            "call_tags" in fields,
        )


NOTHING_CLEARED = Clearing()


def merged(old: Stored, new: Stored, clearing: Clearing = NOTHING_CLEARED) -> Stored:
    """Return the columns after an import: new values win, empty ones clear what may be cleared."""
    values = [before if after is None else after for before, after in zip(old, new, strict=True)]
    for at in clearing.columns:
        if new[at] is None:
            values[at] = None
    values[_CONVERTED] = 1 if values[_CONVERTED] else 0
    if new[_NUMBER] is not None:
        values[_E164] = new[_E164]  # that of the former number would be another one's
    if values[_AMOUNT] is None:
        values[_CURRENCY] = None
    if (new[_EXTRA] is not None or clearing.extra) and new[_EXTRA] != old[_EXTRA]:
        values[_EXTRA] = _united(old[_EXTRA], new[_EXTRA], clearing.extra)
    return tuple(values)


def _united(old: str | None, new: str | None, cleared: frozenset[str]) -> str | None:
    before: dict[str, str] = json.loads(old) if old else {}
    after: dict[str, str] = json.loads(new) if new else {}
    kept = {name: text for name, text in before.items() if name in after or name not in cleared}
    united = {**kept, **after}
    if united == before:
        return old
    return json.dumps(united, ensure_ascii=False) if united else None
