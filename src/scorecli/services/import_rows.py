"""Parsed calls in the form in which the database stores them, and how two such forms differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from scorecli.readers.calls import Columns
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


class ImportRow(NamedTuple):
    """One call of an import: its stored columns, its tags (None: not said), its identity."""

    values: Stored
    reporting_tags: frozenset[int] | None
    call_tags: frozenset[int] | None
    identity: bytes


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


class RowStorer:
    """Turns parsed columns into stored rows; remembers the numbers of texts and tags."""

    def __init__(self, db: Database, results: Results, *, success_converts: bool) -> None:
        lookups, tags = Lookups(db), Tags(db)
        self._numbers = {field: _Numbers(partial(lookups.number, field)) for field in LOOKUP_FIELDS}
        self._results = _Numbers(lambda code: results.usable(code).id)
        self._tags = {
            kind: _Numbers(partial(_tag_numbers, tags, kind)) for kind in ("reporting", "call")
        }
        self._results_by_code = results
        self._success_converts = success_converts

    def columns(self, parsed: Columns) -> list[list[Any]]:
        """Return the stored columns in the order of ``COLUMN_NAMES``."""
        if self._success_converts and any(parsed["result"]):
            parsed["converted"] = self._converted_by_result(parsed)
        stored = []
        for field in FIELD_NAMES:
            values = parsed[field]
            numbers = self._results if field == "result" else self._numbers.get(field)
            stored.append(values if numbers is None else [numbers[value] for value in values])
        return stored

    def tags(self, parsed: Columns) -> tuple[list[frozenset[int] | None], ...]:
        """Return the reporting tags and the call tags of each call, as numbers."""
        reporting, call = self._tags["reporting"], self._tags["call"]
        return (
            [reporting[names] for names in parsed["reporting_tags"]],
            [call[names] for names in parsed["call_tags"]],
        )

    def rows(self, parsed: Columns) -> Iterator[ImportRow]:
        """Yield the calls of a batch one by one."""
        values = zip(*self.columns(parsed), strict=True)
        reporting, call = self.tags(parsed)
        for row in zip(values, reporting, call, parsed["identity"], strict=True):
            yield ImportRow(*row)

    def _converted_by_result(self, parsed: Columns) -> list[Any]:
        find = self._results_by_code.find
        success = {
            code: known is not None and known.success
            for code in set(parsed["result"])
            if code is not None
            for known in (find(code),)
        }
        return [
            True if converted is None and success.get(code) else converted
            for converted, code in zip(parsed["converted"], parsed["result"], strict=True)
        ]


def is_scored(values: Stored, reporting_tags: frozenset[int] | None) -> int:
    """Return 1 where stars, a reporting tag or a conversion make a call a scored one."""
    scored = values[AT["stars"]] is not None or values[AT["converted"]] or reporting_tags
    return 1 if scored else 0


def merged(old: Stored, new: Stored, cleared: frozenset[str]) -> Stored:
    """Return the columns after an import: new values win, empty ones clear only ``cleared``."""
    values = tuple(
        before if after is None and field not in cleared else after
        for field, before, after in zip(FIELD_NAMES, old, new, strict=True)
    )
    extra, converted = AT["extra"], AT["converted"]
    if values == old:
        return old
    listed = list(values)
    listed[converted] = int(bool(listed[converted]))
    if new[extra] is not None and old[extra] is not None and new[extra] != old[extra]:
        united = {**json.loads(old[extra]), **json.loads(new[extra])}
        same = united == json.loads(old[extra])
        listed[extra] = old[extra] if same else json.dumps(united, ensure_ascii=False)
    if (listed[AT["amount"]] is None) != (listed[AT["currency"]] is None):
        listed[AT["currency"]] = None  # a cleared amount takes its currency along
    return tuple(listed)
