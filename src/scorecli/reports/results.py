"""The user's list of call results, with how many calls have each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.domain.text import fold, nearest
from scorecli.errors.results import UnknownResult
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.database import Database

_SELECT = (
    "SELECT r.code, r.description, r.enabled, r.status, r.contact, r.success, r.require_amount,"
    " (SELECT count(*) FROM call AS c WHERE c.result_id = r.id AND c.removed IS NULL)"
    " FROM result AS r"
)
_FLAGS = (2, 4, 5, 6)  # columns that are true or false


def list_results(db: Database, settings: Settings, text: str | None = None) -> Result:
    """Return the call results by code; with ``text``, those with it in code or description.

    Raises :class:`FieldSwitchedOff`.
    """
    _require_on(settings)
    sql, params = _SELECT, {}
    if text is not None:
        sql += " WHERE instr(r.folded, :text) > 0 OR instr(fold(r.description), :text) > 0"
        params = {"text": fold(text)}
    rows = [_row(row) for row in db.rows(f"{sql} ORDER BY r.folded", params)]
    notices = () if rows else ("No call results" + (" match." if text else " are defined yet."),)
    return Result(_columns(settings), rows, notices=notices)


def show_result(db: Database, settings: Settings, code: str) -> Result:
    """Return one call result; raises :class:`UnknownResult` and :class:`FieldSwitchedOff`."""
    _require_on(settings)
    rows = db.rows(f"{_SELECT} WHERE r.folded = :folded", {"folded": fold(code)})
    if not rows:
        codes = [known for (known,) in db.rows("SELECT code FROM result")]
        raise UnknownResult(code, nearest(code, codes))
    return Result(_columns(settings), [_row(rows[0])], single=True)


def _columns(settings: Settings) -> list[Column]:
    return [
        Column("code", settings.results.field_name),
        Column("description", "Description"),
        Column("enabled", "Enabled", "boolean"),
        Column("status", "Status"),
        Column("contact", "Contact", "boolean"),
        Column("success", "Success", "boolean"),
        Column("require_amount", "Requires amount", "boolean"),
        Column("calls", "Calls", "integer"),
    ]


def _row(row: Sequence[Any]) -> list[Any]:
    return [bool(cell) if place in _FLAGS else cell for place, cell in enumerate(row)]


def _require_on(settings: Settings) -> None:
    if not settings.results.enabled:
        raise FieldSwitchedOff(settings.results.field_name, "results")
