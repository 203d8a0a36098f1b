"""Tidying up tags: renaming, merging and deleting them, on all calls at once.

Calls that were deleted, or whose import was undone, are treated like the others: they may come
back.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from scorecli.domain.tags import check_tag
from scorecli.domain.text import fold, nearest
from scorecli.errors.scoring import FieldSwitchedOff, TagNotAllowed
from scorecli.errors.tags import TagExists, UnknownTag
from scorecli.services.score_writer import refresh_scored
from scorecli.settings import Settings
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.record_fields import RecordFields

TagKind = Literal["reporting", "call"]
_WITH_TAG = "SELECT call_id AS number FROM call_tag WHERE tag_id = :old"
_WITHOUT_NEW = (
    f"{_WITH_TAG} AND NOT EXISTS (SELECT 1 FROM call_tag AS other"
    " WHERE other.tag_id = :new AND other.call_id = call_tag.call_id)"
)


class KnownTag(NamedTuple):
    """A tag that exists; ``calls`` is the number of live calls that have it."""

    id: int
    name: str
    calls: int


class TagOutcome(NamedTuple):
    """What became of a tag.

    ``name`` is what it was called, ``into`` what it is called now (None: deleted), ``merged``
    whether that was another tag. ``change`` is None where nothing changed and in a dry run.
    """

    name: str
    into: str | None
    merged: bool
    calls: int
    change: int | None


def find_tag(db: Database, settings: Settings, kind: TagKind, name: str) -> KnownTag:
    """Return the tag with this name, ignoring case and stray blanks.

    Raises :class:`UnknownTag`, and :class:`FieldSwitchedOff` where the settings have no such tags.
    """
    section = settings.reporting_tags if kind == "reporting" else settings.tags
    if not section.enabled:
        table = "reporting_tags" if kind == "reporting" else "tags"
        raise FieldSwitchedOff(section.field_name, table)
    known = _find(db, kind, name)
    if known is None:
        names = [row[0] for row in db.rows("SELECT name FROM tag WHERE kind = ?", (kind,))]
        raise UnknownTag(name, section.field_name, nearest(name, names))
    return known


def other_tag(db: Database, kind: TagKind, tag: KnownTag, name: str) -> KnownTag | None:
    """Return the tag that has ``name`` already, unless that is ``tag`` itself."""
    found = _find(db, kind, name)
    return None if found is None or found.id == tag.id else found


def rename_tag(
    db: Database,
    settings: Settings,
    kind: TagKind,
    old: str,
    new: str,
    *,
    author: Author,
    merge: bool = False,
    dry_run: bool = False,
) -> TagOutcome:
    """Rename a tag; where another one has the new name, ``merge`` puts them together.

    Another spelling of its own name is a plain renaming. Raises :class:`UnknownTag`,
    :class:`TagExists` without ``merge``, :class:`TagNotAllowed` for a name outside a limited list,
    :class:`FieldSwitchedOff`, and an error for what cannot be a tag.
    """
    wanted = check_tag(new)
    with db.change(*author, dry_run=dry_run) as change:
        tag = find_tag(db, settings, kind, old)
        other = other_tag(db, kind, tag, wanted)
        if fold(wanted) != fold(tag.name):
            _refuse_not_allowed(settings, kind, wanted)
        if other is None:
            if wanted != tag.name:
                RecordFields(db).write("tag", tag.id, {"name": (tag.name, wanted)})
                change.record("tag", tag.id, "name", tag.name, wanted)
        elif merge:
            _merge(db, change, kind, tag, other)
        else:
            raise TagExists(other.name)
    into = wanted if other is None else other.name
    number = None if dry_run else change.number
    return TagOutcome(tag.name, into, other is not None, tag.calls, number)


def delete_tag(
    db: Database,
    settings: Settings,
    kind: TagKind,
    name: str,
    *,
    author: Author,
    dry_run: bool = False,
) -> TagOutcome:
    """Take a tag off all calls and out of the list of tags; raises as :func:`find_tag` does."""
    with db.change(*author, dry_run=dry_run) as change:
        tag = find_tag(db, settings, kind, name)
        calls = [call for (call,) in db.execute(_WITH_TAG, {"old": tag.id})]
        _take_off(db, change, kind, tag)
        if kind == "reporting":
            refresh_scored(db, calls)
    return TagOutcome(tag.name, None, False, tag.calls, None if dry_run else change.number)


def _find(db: Database, kind: TagKind, name: str) -> KnownTag | None:
    rows = db.rows(
        "SELECT t.id, t.name, (SELECT count(*) FROM call_tag AS ct JOIN call AS c"
        " ON c.id = ct.call_id WHERE ct.tag_id = t.id AND c.removed IS NULL)"
        " FROM tag AS t WHERE t.kind = :kind AND t.folded = :folded",
        {"kind": kind, "folded": fold(name)},
    )
    return KnownTag(*rows[0]) if rows else None


def _refuse_not_allowed(settings: Settings, kind: TagKind, name: str) -> None:
    limit = settings.reporting_tags
    if kind == "reporting" and limit.limit and fold(name) not in map(fold, limit.allowed):
        near = nearest(name, limit.allowed)
        raise TagNotAllowed(name, limit.field_name, near, len(limit.allowed))


def _merge(db: Database, change: Change, kind: TagKind, tag: KnownTag, other: KnownTag) -> None:
    params = {"old": tag.id, "new": other.id}
    field = _field(kind)
    change.record_each("call", field, (False, True), _WITHOUT_NEW, params, item=str(other.id))
    db.execute(
        "INSERT INTO call_tag (call_id, tag_id)"
        f" SELECT number, :new FROM ({_WITHOUT_NEW}) AS without_new",
        params,
    )
    _take_off(db, change, kind, tag)


def _take_off(db: Database, change: Change, kind: TagKind, tag: KnownTag) -> None:
    params = {"old": tag.id}
    change.record_each("call", _field(kind), (True, False), _WITH_TAG, params, item=str(tag.id))
    db.execute("DELETE FROM call_tag WHERE tag_id = :old", params)
    row = {"kind": kind, "name": tag.name, "folded": fold(tag.name)}
    RecordFields(db).delete("tag", tag.id)
    # Last, so that undo brings the tag back before it gives it to calls.
    change.record("tag", tag.id, "row", row, None)


def _field(kind: TagKind) -> str:
    return "reporting_tags" if kind == "reporting" else "call_tags"
