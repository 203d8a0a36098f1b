"""Rows of a table become activities: texts of who it was, values of the rest, and problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scorecli.domain.day_texts import OrderEvidence
from scorecli.domain.timestamps import TimeReader
from scorecli.errors.importing import NeedsDateFormat
from scorecli.readers.mapping import ColumnMap
from scorecli.readers.table import Table

_MISSING = frozenset(("n/a", "#n/a", "null", "-", "--", "none"))


class ActivityRow(NamedTuple):
    """What one row says; ``contact`` and ``company`` as a command line would name them.

    ``points`` is None where it says none. Where ``error`` is not empty, ``field`` is at fault.
    """

    activity_type: str = ""
    contact: str = ""
    company: str = ""
    points: int | None = None
    at: int = 0
    subject: str = ""
    external_id: str = ""
    extra: Mapping[str, str] = {}
    field: str = ""
    error: str = ""


class ActivityReader:
    """Reads the rows under one header; ``missing`` are words that mean nothing, by field."""

    def __init__(
        self, mapping: ColumnMap, times: TimeReader, missing: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.mapping = mapping
        self._times = times
        every = {word.casefold() for word in missing.get("all", ())} | _MISSING
        self._missing = {
            field: every | {word.casefold() for word in missing.get(field, ())}
            for field in mapping.fields
        }
        self._extra = [(mapping.header[at], at) for at in mapping.unmapped]

    def column(self, field: str) -> str:
        """Return the file's own name of the column for a field, empty where it has none."""
        positions = self.mapping.fields.get(field, ())
        return self.mapping.header[positions[0]] if positions else ""

    def read(self, cells: Sequence[str]) -> ActivityRow:
        """Return what one row says."""
        texts = dict(self.mapping.constants)
        for field, (position, *_) in self.mapping.fields.items():
            text = cells[position].strip()
            texts[field] = "" if text.casefold() in self._missing[field] else text
        if not texts.get("type"):
            return ActivityRow(field="type", error="the row does not say what kind it is")
        if not (texts.get("contact") or texts.get("company")):
            return ActivityRow(field="contact", error="the row does not say whose it is")
        points: int | None = None
        if texts.get("points"):
            try:
                points = _points(texts["points"])
            except ValueError:
                error = f"'{texts['points']}' is no whole number of points"
                return ActivityRow(field="points", error=error)
        if not texts.get("at"):
            return ActivityRow(field="at", error="the row does not say when it was")
        try:
            at = self._times.read(texts["at"])
        except ValueError as error:
            return ActivityRow(field="at", error=str(error).rstrip("."))
        return ActivityRow(
            texts["type"],
            texts.get("contact", ""),
            texts.get("company", ""),
            points,
            at,
            texts.get("subject", ""),
            texts.get("external_id", ""),
            {name: text for name, place in self._extra if (text := cells[place].strip())},
        )


def time_reader(table: Table, column: str, zone: ZoneInfo, date_format: str | None) -> TimeReader:
    """Return what reads the times of a file, with the order of day and month that it shows.

    Raises :class:`NeedsDateFormat` where that is in doubt, ``BadDateFormat`` for a bad one.
    """
    if date_format is not None or not column:
        return TimeReader(zone, date_format)
    evidence = OrderEvidence()
    for batch in table.batches():
        if column in batch.header:
            place = batch.header.index(column)
            for cells in batch.rows:
                evidence.feed(cells[place].strip())
    verdict = evidence.verdict
    if verdict in ("doubtful", "contradictory"):
        contradictory = verdict == "contradictory"
        example = evidence.example or ""
        raise NeedsDateFormat(column, example, table.name, contradictory=contradictory)
    return TimeReader(zone, None if verdict == "not needed" else verdict)


def _points(text: str) -> int:
    whole, _, rest = text.partition(".")
    if rest.strip("0"):
        raise ValueError(text)
    return int(whole)
