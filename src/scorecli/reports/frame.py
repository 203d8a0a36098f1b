"""What reports on calls have around their rows: the head, the notices, the table of definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from scorecli import errors
from scorecli.domain.filter_tree import to_text
from scorecli.reports.tallies import Window, left_out
from scorecli.result import Column, Result
from scorecli.storage.database import Database

EMPTY_GROUP = "(none)"
"""How people see a group of calls that have no value in the field."""


def check_period(since: date | None, until: date | None) -> None:
    """Raise :class:`PeriodEndsEarly` for days the wrong way round."""
    if since is not None and until is not None and until < since:
        raise errors.reports.PeriodEndsEarly(since.isoformat(), until.isoformat())


def head(name: str, window: Window) -> dict[str, Any]:
    """Return what a report says about itself; it looks the time zone up."""
    return {
        "report": name,
        "since": None if window.since is None else window.since.isoformat(),
        "until": None if window.until is None else window.until.isoformat(),
        "time_zone": window.zone.key,
        "filter": to_text(window.selected) or None,
    }


def without_start(db: Database, window: Window) -> list[str]:
    """Return the notice on calls that a limit by days leaves out, if there are any."""
    missing = left_out(db, window)
    if not missing:
        return []
    calls = "1 call" if missing == 1 else f"{missing:,} calls"
    return [f"{calls} without a start left out, since the report is limited by date."]


def definition_table(rows: Iterable[Sequence[str]]) -> Result:
    """Return the table of (figure, label, meaning) that ``--explain`` shows."""
    columns = [
        Column("figure", "Figure"),
        Column("label", "Shown as"),
        Column("meaning", "Meaning"),
    ]
    return Result(columns, [list(row) for row in rows])
