"""Undoing what became of a tag, where its name was used again in the meantime."""

from __future__ import annotations

from typing import Any

import pytest

from scorecli.errors.history import NameTakenSince, TouchedLater
from scorecli.services.call_editing import delete_calls
from scorecli.services.tagging import delete_tag, rename_tag


def delete(desk: Any, name: str) -> Any:
    return delete_tag(desk.db, desk.settings, "reporting", name, **desk.who)


def rename(desk: Any, old: str, new: str, **more: Any) -> Any:
    return rename_tag(desk.db, desk.settings, "reporting", old, new, **desk.who, **more)


WAYS = {
    "deleted": lambda desk: delete(desk, "a"),
    "renamed": lambda desk: rename(desk, "a", "c"),
    "merged": lambda desk: rename(desk, "a", "b", merge=True),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_tag_returns_although_its_name_was_used_again_once_that_is_undone(
    desk: Any, way: str
) -> None:
    desk.score([1, 2], tags=("a",))
    desk.score([3], tags=("b",))
    before = [desk.tags(call) for call in (1, 2, 3, 4)]
    done = WAYS[way](desk).change
    after = [desk.tags(call) for call in (1, 2, 3, 4)]
    desk.score([4], tags=("A",))
    with pytest.raises(NameTakenSince):
        desk.undo(done)
    undone_again = desk.undo()

    undone = desk.undo()

    assert [desk.tags(call) for call in (1, 2, 3, 4)] == before
    with pytest.raises(TouchedLater):  # that tag is gone until this is undone
        desk.undo(undone_again)
    desk.undo(undone)
    assert [desk.tags(call) for call in (1, 2, 3, 4)] == after
    desk.undo(undone_again)
    assert desk.tags(4) == ["A"]


def test_a_deleted_call_that_comes_back_has_the_tag_that_returned(desk: Any) -> None:
    desk.score([1], tags=("a",))
    gone = delete(desk, "a").change
    desk.score([2], tags=("a",))
    deleted = delete_calls(desk.db, [2], **desk.who).change

    undone = desk.undo(gone)

    assert (desk.tags(1), desk.tags(2)) == (["a"], ["a"])
    desk.undo(undone)
    assert (desk.tags(1), desk.tags(2)) == ([], ["a"])
    desk.undo(deleted)
    assert desk.get(2, "removed") is None


def test_tags_of_the_other_kind_are_in_nobodys_way(desk: Any) -> None:
    desk.score([1], tags=("a",))
    gone = delete(desk, "a").change
    desk.score([2], call_tags=("a",))

    desk.undo(gone)

    assert (desk.tags(1), desk.tags(2, "call")) == (["a"], ["a"])
