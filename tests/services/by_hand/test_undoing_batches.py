"""Undo of rows that a change brought along in bulk: out of sight and back, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from scorecli.errors.history import TouchedLater
from scorecli.storage.batches import record_batch


def bring(desk: Any, count: int) -> int:
    """Bring contacts into the database in one change, as an import does; return its number."""
    with desk.db.change(*desk.who["author"]) as change:
        numbers = [
            desk.db.one(
                "INSERT INTO contact (kind, folded, created_at, added_in)"
                " VALUES ('lead', '', 0, :change) RETURNING id",
                {"change": change.id},
            )
            for _ in range(count)
        ]
        record_batch(desk.db, change, "contact", numbers[0], numbers[-1])
        return change.id


def live(desk: Any) -> list[int]:
    return [number for (number,) in desk.db.rows("SELECT id FROM contact WHERE removed IS NULL")]


def rename(desk: Any, contact: int) -> int:
    with desk.db.change(*desk.who["author"]) as change:
        change.record("contact", contact, "city", None, "Paris")
        return change.id


def test_what_an_import_brought_goes_out_of_sight_and_comes_back(desk: Any) -> None:
    first, second = bring(desk, 3), bring(desk, 2)
    undo = desk.undo(first)
    assert live(desk) == [4, 5]
    desk.undo(undo)
    assert live(desk) == [1, 2, 3, 4, 5]
    desk.undo(second)
    assert live(desk) == [1, 2, 3]


def test_an_import_is_not_undone_when_its_records_changed_since(desk: Any) -> None:
    number = bring(desk, 3)
    later = rename(desk, 2)
    with pytest.raises(TouchedLater, match=f"[Cc]hange {later}"):
        desk.undo(number)
    assert live(desk) == [1, 2, 3]
