"""Activities: adding one inside an open change, and what people do to them by hand.

Points are added up when they are asked for, so that nothing here keeps a sum.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from scorecli.domain.activity_points import default_points
from scorecli.domain.text import fold, nearest
from scorecli.errors.activities import (
    ActivitiesWithoutPoints,
    BadActivity,
    PointsNotEditable,
    UnknownActivity,
    WhoseActivity,
)
from scorecli.settings import Settings
from scorecli.settings.kinds import MOST_POINTS, has_controls
from scorecli.storage.changes import Author, Change
from scorecli.storage.contact_lookup import require_contact
from scorecli.storage.database import Database

LONGEST_TYPE = 100  # characters
LONGEST_SUBJECT = 1000
_COLUMNS = (
    "activity_type",
    "folded",
    "contact_id",
    "company_id",
    "points",
    "at",
    "subject",
    "external_id",
    "rule",
    "added_in",
    "extra",
)
INSERT = (
    f"INSERT INTO activity ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(f':{name}' for name in _COLUMNS)}) RETURNING id"
)


class NewActivity(NamedTuple):
    """An activity to be added, on a contact or on a company.

    ``at`` is UTC seconds. ``points`` None takes those of the type. ``rule`` names the rule that
    makes it.
    """

    activity_type: str
    at: int
    contact_id: int | None = None
    company_id: int | None = None
    points: int | None = None
    subject: str | None = None
    external_id: str | None = None
    rule: str | None = None
    extra: Mapping[str, str] | None = None


class ActivityEdit(NamedTuple):
    """What is asked for of an activity; None leaves a field as it is, an empty subject clears it.

    ``contact_id`` and ``company_id`` move it to another contact or company.
    """

    activity_type: str | None = None
    points: int | None = None
    at: int | None = None
    subject: str | None = None
    contact_id: int | None = None
    company_id: int | None = None


def add_activity(
    db: Database,
    change: Change,
    settings: Settings,
    new: NewActivity,
    *,
    written_by: str | None = None,
) -> int:
    """Add an activity inside an open change and return its number.

    Raises :class:`BadActivity`, :class:`WhoseActivity`, and :class:`UnknownContact` where the
    contact is not there any more.
    """
    if new.contact_id is not None:
        require_contact(db, new.contact_id)
    row = activity_row(settings, new, change.id)
    number = int(db.one(INSERT, row))
    kept = {name: value for name, value in row.items() if value is not None}
    change.record("activity", number, "row", None, kept, written_by=written_by)
    return number


def activity_row(settings: Settings, new: NewActivity, change: int) -> dict[str, Any]:
    """Return the columns of a new activity; raises :class:`BadActivity`, :class:`WhoseActivity`."""
    if (new.contact_id is None) == (new.company_id is None):
        raise WhoseActivity
    name = check_type(new.activity_type)
    points = default_points(settings, name) if new.points is None else new.points
    return {
        "activity_type": name,
        "folded": fold(name),
        "contact_id": new.contact_id,
        "company_id": new.company_id,
        "points": check_points(points),
        "at": new.at,
        "subject": check_subject(new.subject),
        "external_id": new.external_id,
        "rule": new.rule,
        "added_in": change,
        "extra": json.dumps(new.extra, ensure_ascii=False) if new.extra else None,
    }


def add_by_hand(
    db: Database,
    settings: Settings,
    new: NewActivity,
    *,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[int], None] | None = None,
) -> tuple[int, int | None]:
    """Add an activity as a change of its own; return its number and that of the change.

    ``inspect`` is told the number inside the transaction. Raises :class:`PointsNotEditable`,
    :class:`ActivitiesWithoutPoints` and what :func:`add_activity` raises.
    """
    refuse_points(settings, new.points)
    with db.change(*author, dry_run=dry_run) as change:
        number = add_activity(db, change, settings, new)
        if inspect is not None:
            db.settle(change)
            inspect(number)
    return number, None if dry_run else change.number


def edit_activities(
    db: Database,
    settings: Settings,
    activities: Sequence[int],
    edit: ActivityEdit,
    *,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[], None] | None = None,
) -> tuple[int, int | None]:
    """Change activities, all or none of them; return how many changed, and the change.

    Raises :class:`UnknownActivity`, :class:`BadActivity`, :class:`PointsNotEditable`,
    :class:`ActivitiesWithoutPoints`, :class:`WhoseActivity`.
    """
    refuse_points(settings, edit.points)
    fields = _edited(edit)
    changed = 0
    with db.change(*author, dry_run=dry_run) as change:
        if edit.contact_id is not None:
            require_contact(db, edit.contact_id)
        for number in dict.fromkeys(activities):
            changed += write_fields(db, change, number, fields)
        if inspect is not None:
            db.settle(change)
            inspect()
    return changed, None if dry_run else change.number


def write_fields(db: Database, change: Change, activity: int, fields: Mapping[str, Any]) -> bool:
    """Set columns of a live activity inside an open change; return whether any differed."""
    before = _live(db, activity)
    wanted = {name: value for name, value in fields.items() if before[name] != value}
    if not wanted:
        return False
    sets = ", ".join(f"{name} = :{name}" for name in wanted)
    params = {**wanted, "id": activity}
    if "activity_type" in wanted:
        sets += ", folded = :folded"
        params["folded"] = fold(wanted["activity_type"])
    db.execute(f"UPDATE activity SET {sets} WHERE id = :id", params)
    for name, value in wanted.items():
        change.record("activity", activity, name, before[name], value)
    return True


def delete_activities(
    db: Database,
    activities: Sequence[int],
    *,
    author: Author,
    dry_run: bool = False,
) -> tuple[int, int | None]:
    """Delete activities, all or none of them; raises :class:`UnknownActivity`."""
    with db.change(*author, dry_run=dry_run) as change:
        numbers = list(dict.fromkeys(activities))
        for number in numbers:
            write_fields(db, change, number, {"removed": "deleted"})
    return len(numbers), None if dry_run else change.number


def move_activities(db: Database, change: Change, gone: int, kept: int) -> int:
    """Give the activities of one contact to another inside an open change, for a merge.

    Returns how many live ones were moved.
    """
    params = {"gone": gone, "kept": kept}
    live = 0
    for number, removed in db.rows(
        "SELECT id, removed FROM activity WHERE contact_id = :gone ORDER BY id", params
    ):
        change.record("activity", number, "contact_id", gone, kept)
        live += removed is None
    db.execute("UPDATE activity SET contact_id = :kept WHERE contact_id = :gone", params)
    return live


def refuse_points(settings: Settings, points: int | None) -> None:
    """Refuse points that are given by hand where the settings do not have them.

    Raises :class:`PointsNotEditable`, :class:`ActivitiesWithoutPoints`.
    """
    if points is None:
        return
    if not settings.activities.scoring:
        raise ActivitiesWithoutPoints
    if not settings.activities.editable_points:
        raise PointsNotEditable


def nearest_type(db: Database, settings: Settings, activity_type: str) -> list[str] | None:
    """Return the known types like one that is new, None where the type is known.

    Known are those of the settings and those that live activities have.
    """
    wanted = fold(activity_type)
    known = {fold(name): name for name in settings.activities.points}
    if wanted in known:
        return None
    there = "SELECT 1 FROM activity WHERE folded = :type AND removed IS NULL LIMIT 1"
    if db.one(there, {"type": wanted}):
        return None
    for (name,) in db.execute(
        "SELECT DISTINCT activity_type FROM activity WHERE removed IS NULL LIMIT 1000"
    ):
        known.setdefault(fold(name), name)
    return nearest(activity_type, known.values(), 2)


def check_type(text: str) -> str:
    """Return the name of a type of activity; raises :class:`BadActivity`."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_TYPE or has_controls(name):
        raise BadActivity("type", text, f"is not a name of 1 to {LONGEST_TYPE} characters")
    return name


def check_points(points: int) -> int:
    """Return points that an activity can have; raises :class:`BadActivity`."""
    if abs(points) > MOST_POINTS:
        raise BadActivity("points", str(points), f"is beyond {MOST_POINTS} or -{MOST_POINTS}")
    return points


def check_subject(text: str | None) -> str | None:
    """Return the subject of an activity, None for an empty one; raises :class:`BadActivity`."""
    subject = (text or "").strip()
    if len(subject) > LONGEST_SUBJECT or has_controls(subject, lines=True):
        raise BadActivity(
            "subject", subject, f"is not a text of up to {LONGEST_SUBJECT} characters"
        )
    return subject or None


def _edited(edit: ActivityEdit) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if edit.activity_type is not None:
        fields["activity_type"] = check_type(edit.activity_type)
    if edit.points is not None:
        fields["points"] = check_points(edit.points)
    if edit.at is not None:
        fields["at"] = edit.at
    if edit.subject is not None:
        fields["subject"] = check_subject(edit.subject)
    if edit.contact_id is not None and edit.company_id is not None:
        raise WhoseActivity
    if edit.contact_id is not None or edit.company_id is not None:
        fields["contact_id"], fields["company_id"] = edit.contact_id, edit.company_id
    return fields


def _live(db: Database, activity: int) -> dict[str, Any]:
    names = ("activity_type", "contact_id", "company_id", "points", "at", "subject", "removed")
    rows = db.rows(
        f"SELECT {', '.join(names)} FROM activity WHERE id = :id AND removed IS NULL",
        {"id": activity},
    )
    if not rows:
        raise UnknownActivity(str(activity))
    return dict(zip(names, rows[0], strict=True))
