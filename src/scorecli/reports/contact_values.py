"""Scores and points of contacts as they are shown: one cell each, for any number of contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.domain.activity_points import half_life_seconds, points_form
from scorecli.result import Column, Fixed
from scorecli.settings import ScoreTypeSettings, Settings
from scorecli.storage.contact_points import contact_points, points_by_age
from scorecli.storage.database import Database

Cells = dict[int, Any]  # by contact


def score_cell(value: float | None, kind: ScoreTypeSettings) -> Fixed | None:
    """Return a score as a cell, with the decimals of its type."""
    if value is None:
        return None
    return Fixed(int(value) if value == int(value) else value, kind.decimals)


def score_column(kind: ScoreTypeSettings, *, before: str = "score.") -> Column:
    """Return the column of a score type; the usual one is called ``score``."""
    name = kind.name if kind.name == "score" else f"{before}{kind.name}"
    return Column(name, kind.label, "decimal")


def value_columns(settings: Settings) -> list[Column]:
    """Return the columns of every score type and of points, as far as the settings have them."""
    columns = [score_column(kind) for kind in settings.contact_scores.values()]
    if has_points(settings):
        columns.append(Column("points", "Points", "integer"))
        if half_life_seconds(settings.activities.half_life) is not None:
            columns.append(Column("points_now", "Points now", "decimal"))
    return columns


def has_points(settings: Settings) -> bool:
    """Tell whether leads or contacts have points."""
    form = points_form(settings)
    return form.leads or form.contacts


def column_cells(
    db: Database, settings: Settings, column: str, contacts: Sequence[int], now: int
) -> Cells:
    """Return the cells of one column of :func:`value_columns`, by contact; ``now`` is UTC seconds.

    At most as many contacts as one statement can name.
    """
    if column == "points":
        return points_of(db, settings, contacts)
    if column == "points_now":
        return _points_now(db, settings, contacts, now)
    kind = settings.contact_scores[column.removeprefix("score.")]
    params: dict[str, Any] = {f"i{place}": number for place, number in enumerate(contacts)}
    marks = ", ".join(f":{name}" for name in params)
    rows = db.execute(
        "SELECT contact_id, value FROM contact_score WHERE score_type = :type"
        f" AND contact_id IN ({marks})",
        {**params, "type": kind.name},
    )
    return {contact: score_cell(value, kind) for contact, value in rows}


def points_of(db: Database, settings: Settings, contacts: Sequence[int]) -> dict[int, int]:
    """Return the points of contacts that have a sum by the settings."""
    params = {f"i{place}": number for place, number in enumerate(contacts)}
    marks = ", ".join(f":{name}" for name in params)
    sql = f"SELECT c.id, {contact_points(points_form(settings))} FROM contact AS c"
    rows = db.execute(f"{sql} WHERE c.id IN ({marks})", params)
    return {contact: points for contact, points in rows if points is not None}


def sort_expression(settings: Settings, column: str) -> str | None:
    """Return what a column of :func:`value_columns` sorts by; None where it has no order."""
    if column == "points":
        return contact_points(points_form(settings))
    if column == "points_now":
        return None  # it depends on the moment, and SQL has no powers of a half everywhere
    name = column.removeprefix("score.")
    # Names of score types are small letters, digits, _ and -: never a quote.
    return (
        "(SELECT s.value FROM contact_score AS s WHERE s.contact_id = c.id"
        f" AND s.score_type = '{name}')"
    )


def _points_now(db: Database, settings: Settings, contacts: Sequence[int], now: int) -> Cells:
    half_life = half_life_seconds(settings.activities.half_life)
    if half_life is None:
        return {}
    summed = points_of(db, settings, contacts)
    return dict(points_by_age(db, list(summed), points_form(settings), half_life, now))
