"""Setting single fields of a call by their canonical names, for edits and for undo."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from scorecli.domain.text import fold
from scorecli.errors.results import ResultGone
from scorecli.storage.call_columns import LOOKUP_FIELDS, PLAIN_FACTS, PLAIN_SCORE, TAG_FIELDS
from scorecli.storage.database import Database
from scorecli.storage.lookups import Lookups

_COLUMNS = frozenset((*PLAIN_FACTS, *PLAIN_SCORE, "removed", "record_id"))
FieldWrite = tuple[int, Any, Any]  # call, value it must have, value it gets


class CallFields:
    """Writes fields of calls, each only where it still has the value it is expected to have."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lookups = Lookups(db)
        self._results: dict[str, int] = {}

    def write(self, field: str, writes: Sequence[FieldWrite], item: str = "") -> int:
        """Set ``field`` of calls; return how many had the expected value and were set.

        ``item`` is the tag's number where the field is a set of tags. Raises :class:`ResultGone`
        for a result that is no longer defined.
        """
        if field in TAG_FIELDS:
            return self._write_tag(int(item), writes)
        if field == "amount":
            return self._write_amount(writes)
        column: str
        convert: Callable[[Any], Any]
        if field == "result":
            column, convert = "result_id", self._result_number
        elif field in LOOKUP_FIELDS:
            column, convert = f"{field}_id", lambda text: self._lookup_number(field, text)
        elif field == "extra":
            column, convert = "extra", _extra_text
        elif field in _COLUMNS:
            column, convert = field, _plain
        else:
            raise KeyError(field)
        return self._db.executemany(
            f"UPDATE call SET {column} = ? WHERE id = ? AND {column} IS ?",
            [(convert(new), call, convert(old)) for call, old, new in writes],
        ).rowcount

    def forget_results(self) -> None:
        """Look results up anew, after definitions were written."""
        self._results.clear()

    def _write_tag(self, tag: int, writes: Sequence[FieldWrite]) -> int:
        add = [(call, tag) for call, old, new in writes if new and not old]
        drop = [(call, tag) for call, old, new in writes if old and not new]
        done = 0
        if add:
            done += self._db.executemany(
                "INSERT INTO call_tag (call_id, tag_id) VALUES (?, ?) ON CONFLICT DO NOTHING", add
            ).rowcount
        if drop:
            done += self._db.executemany(
                "DELETE FROM call_tag WHERE call_id = ? AND tag_id = ?", drop
            ).rowcount
        return done

    def _write_amount(self, writes: Sequence[FieldWrite]) -> int:
        return self._db.executemany(
            "UPDATE call SET amount = ?, currency = ?"
            " WHERE id = ? AND amount IS ? AND currency IS ?",
            [(*(new or (None, None)), call, *(old or (None, None))) for call, old, new in writes],
        ).rowcount

    def _result_number(self, code: str | None) -> int | None:
        if code is None:
            return None
        if code not in self._results:
            number = self._db.one(
                "SELECT id FROM result WHERE folded = :folded", {"folded": fold(code)}
            )
            if number is None:
                raise ResultGone(code)
            self._results[code] = number
        return self._results[code]

    def _lookup_number(self, field: str, text: str | None) -> int | None:
        return None if text is None else self._lookups.number(field, text)


def extra_text(extra: dict[str, str] | None) -> str | None:
    """Return how ``extra`` is stored: JSON in the order of the columns, or NULL when empty."""
    return json.dumps(extra, ensure_ascii=False) if extra else None


def _extra_text(extra: Any) -> str | None:
    return extra_text(extra)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
