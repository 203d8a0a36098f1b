from __future__ import annotations

from typing import Any

import pytest

from scorecli.errors.scoring import FieldSwitchedOff, TagNotAllowed
from scorecli.errors.tags import TagExists, UnknownTag
from scorecli.errors.values import BadTag
from scorecli.services.call_editing import delete_calls
from scorecli.services.tagging import TagOutcome, delete_tag, rename_tag
from scorecli.settings import parse


def rename(desk: Any, old: str, new: str, kind: Any = "reporting", **more: Any) -> TagOutcome:
    return rename_tag(desk.db, desk.settings, kind, old, new, **desk.who, **more)


def delete(desk: Any, name: str, kind: Any = "reporting", **more: Any) -> TagOutcome:
    return delete_tag(desk.db, desk.settings, kind, name, **desk.who, **more)


def test_a_renamed_tag_keeps_its_calls_and_is_found_under_its_new_name_only(desk: Any) -> None:
    desk.score([1, 2], tags=("wrong nr",))
    done = rename(desk, "WRONG  nr", "Wrong number")
    assert (done.name, done.into, done.merged, done.calls) == (
        "wrong nr", "Wrong number", False, 2
    )  # fmt: skip
    assert desk.tags(1) == desk.tags(2) == ["Wrong number"]
    desk.score([3], tags=("wrong NUMBER",))
    assert desk.tags(3) == ["Wrong number"]
    with pytest.raises(UnknownTag):
        rename(desk, "wrong nr", "x")


def test_another_spelling_of_its_own_name_is_a_plain_renaming(desk: Any) -> None:
    desk.score([1], tags=("hot lead",))
    done = rename(desk, "hot lead", "Hot  Lead")
    assert (done.into, done.merged) == ("Hot Lead", False)
    assert desk.all_tags() == ["Hot Lead"]


def test_renaming_a_tag_to_exactly_its_name_changes_nothing_and_writes_no_history(
    desk: Any,
) -> None:
    desk.score([1], tags=("demo",))
    before = desk.entries()
    assert rename(desk, "demo", "demo").change is None
    assert desk.entries() == before


@pytest.mark.parametrize(("old", "new"), [("a", "b"), ("a", "a2"), ("a", "A")])
def test_renaming_and_merging_are_undone_and_done_again(desk: Any, old: str, new: str) -> None:
    desk.score([1, 2], tags=("a",), call_tags=("a",))
    desk.score([2, 3], tags=("b",))
    before = desk.content()
    change = rename(desk, old, new, merge=True).change
    after = desk.content()
    assert after != before
    undone = desk.undo(change)
    assert desk.content() == before
    desk.undo(undone)
    assert desk.content() == after


def test_merging_gives_each_call_the_other_tag_once(desk: Any) -> None:
    desk.score([1, 2], tags=("a",))
    desk.score([2, 3], tags=("b",))
    with pytest.raises(TagExists, match='tag "b" already'):
        rename(desk, "a", "B")
    done = rename(desk, "a", "B", merge=True)
    assert (done.into, done.merged, done.calls) == ("b", True, 2)
    assert [desk.tags(call) for call in (1, 2, 3)] == [["b"], ["b"], ["b"]]
    assert desk.all_tags() == ["b"]


def test_the_two_kinds_of_tags_do_not_meet(desk: Any) -> None:
    desk.score([1], tags=("a",), call_tags=("b",))
    rename(desk, "a", "b")
    assert (desk.tags(1), desk.tags(1, "call")) == (["b"], ["b"])
    delete(desk, "b", "call")
    assert (desk.tags(1), desk.tags(1, "call")) == (["b"], [])


def test_deleting_a_tag_takes_it_off_all_calls_and_unscores_those_that_had_nothing_else(
    desk: Any,
) -> None:
    desk.score([1, 2], tags=("a",))
    desk.score([2], stars=3)
    before = desk.content()
    done = delete(desk, "A")
    assert (done.name, done.into, done.calls) == ("a", None, 2)
    assert (desk.tags(1), desk.all_tags()) == ([], [])
    assert [desk.get(call, "scored") for call in (1, 2)] == [0, 1]
    after = desk.content()
    undone = desk.undo(done.change)
    assert desk.content() == before
    desk.undo(undone)
    assert desk.content() == after


def test_a_deleted_call_that_comes_back_has_what_its_tag_became(desk: Any) -> None:
    desk.score([1, 2], tags=("a",))
    desk.score([3], tags=("b",))
    deleted = delete_calls(desk.db, [1], **desk.who).change
    assert rename(desk, "a", "b", merge=True).calls == 1
    desk.undo(deleted)
    assert desk.tags(1) == ["b"]


def test_a_dry_run_tells_the_same_and_changes_nothing(desk: Any) -> None:
    desk.score([1, 2], tags=("a",))
    before = desk.content()
    dry = delete(desk, "a", dry_run=True)
    assert desk.content() == before
    assert dry._replace(change=2) == delete(desk, "a")


def test_an_unknown_tag_is_refused_with_the_nearest(desk: Any) -> None:
    desk.score([1], tags=("wrong number",))
    with pytest.raises(UnknownTag, match="Nearest: wrong number"):
        delete(desk, "wrong numbr")


def test_what_cannot_be_a_tag_is_no_new_name(desk: Any) -> None:
    desk.score([1], tags=("a",))
    for name in ("", "a;b", "none", "x" * 101, "a\x07"):
        with pytest.raises(BadTag):
            rename(desk, "a", name)
    assert desk.tags(1) == ["a"]


def test_with_a_limited_list_a_tag_takes_no_name_outside_it(desk: Any) -> None:
    desk.score([1], tags=("a",))
    desk.settings = parse('[reporting_tags]\nlimit = true\nallowed = ["quote"]\n')
    with pytest.raises(TagNotAllowed):
        rename(desk, "a", "other")
    rename(desk, "a", "A")  # its own name is no other one
    assert rename(desk, "a", "quote").into == "quote"


def test_tags_that_are_switched_off_are_left_alone(desk: Any) -> None:
    desk.score([1], tags=("a",))
    desk.settings = parse("[reporting_tags]\nenabled = false\n")
    with pytest.raises(FieldSwitchedOff, match="reporting_tags"):
        delete(desk, "a")
    assert desk.tags(1) == ["a"]
