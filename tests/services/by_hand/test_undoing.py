from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scorecli.errors.history import (
    AlreadyUndone,
    CallsReplaced,
    NameTakenSince,
    NotAsLeft,
    NothingToUndo,
    StillUsed,
    TouchedLater,
    UnknownChange,
)
from scorecli.errors.results import ResultGone
from scorecli.services.call_editing import delete_calls
from scorecli.services.import_options import ImportOptions, Speaker
from scorecli.services.import_reading import FileForm
from scorecli.services.importing import import_files
from scorecli.services.tagging import delete_tag, rename_tag
from scorecli.services.undoing import Undoable
from scorecli.storage.changes import Author
from scorecli.storage.database import open_to_write


def test_undo_without_a_number_takes_the_latest_change_that_stands(desk: Any) -> None:
    first, second = desk.score([1], stars=3), desk.score([2], stars=4)
    assert (first, second) == (1, 2)
    assert desk.undo() == 3
    assert (desk.get(1, "stars"), desk.get(2, "stars")) == (3, None)
    desk.undo()
    assert desk.get(1, "stars") is None
    with pytest.raises(NothingToUndo):
        desk.undo()


def test_undoing_an_undo_does_the_change_again_as_often_as_one_likes(desk: Any) -> None:
    desk.score([1, 2], stars=5, tags=("demo",))
    for _ in range(3):
        undone = desk.undo(1)
        assert (desk.get(1, "stars"), desk.tags(2), desk.get(2, "scored")) == (None, [], 0)
        desk.undo(undone)
        assert (desk.get(1, "stars"), desk.tags(2), desk.get(2, "scored")) == (5, ["demo"], 1)


def test_every_link_of_a_chain_names_the_same_change(desk: Any) -> None:
    desk.score([1], stars=3)
    desk.undo(1)
    with pytest.raises(AlreadyUndone, match="by change 2"):
        desk.undo(1)
    desk.undo(2)
    with pytest.raises(AlreadyUndone, match="Change 2 was already undone, by change 3"):
        desk.undo(2)
    desk.undo(3)
    assert desk.get(1, "stars") is None
    with pytest.raises(AlreadyUndone, match="by change 4"):
        desk.undo(1)
    marks = desk.db.rows("SELECT id, undoes, undone_by FROM change ORDER BY id")
    assert marks == [(1, None, 2), (2, 1, None), (3, 2, 4), (4, 3, None)]


def test_undo_refuses_and_names_the_change_that_touched_the_same_field_later(desk: Any) -> None:
    desk.score([1], stars=3)
    desk.score([1], stars=4)
    desk.score([1], note="other fields are no hindrance")
    with pytest.raises(TouchedLater, match="change 2 wrote to stars of call 1"):
        desk.undo(1)
    desk.undo(2)
    desk.undo(1)
    assert desk.get(1, "stars") is None
    assert desk.get(1, "note") is not None


def test_a_change_done_again_stands_in_the_way_like_a_new_one(desk: Any) -> None:
    desk.score([1], stars=3)  # 1
    desk.undo(1)  # 2
    desk.score([1], stars=5)  # 3
    desk.undo(3)  # 4
    desk.undo(2)  # 5: the stars are 3 again
    with pytest.raises(TouchedLater, match="change 5"):
        desk.undo(4)
    assert desk.get(1, "stars") == 3


def test_a_number_that_is_no_change_is_refused(desk: Any) -> None:
    with pytest.raises(UnknownChange):
        desk.undo(7)


def test_announcing_comes_first_and_tells_how_much_it_is(desk: Any) -> None:
    desk.score([1, 2], stars=3, note="x")
    told: list[Undoable] = []

    def announce(target: Undoable) -> None:
        told.append(target)
        assert desk.get(1, "stars") == 3

    desk.undo(announce=announce)
    assert (told[0].number, told[0].entries, told[0].touched) == (1, 4, 2)
    assert (told[0].who, told[0].does_again) == ("tester", False)
    desk.undo(2, announce=told.append)
    assert (told[1].root, told[1].does_again) == (1, True)


def test_a_dry_run_refuses_what_the_real_one_would_and_changes_nothing(desk: Any) -> None:
    desk.score([1], stars=3)
    before = desk.content()
    assert desk.undo(1, dry_run=True) is None
    assert desk.content() == before
    desk.score([1], stars=4)
    with pytest.raises(TouchedLater):
        desk.undo(1, dry_run=True)


def test_what_was_edited_past_the_history_is_not_overwritten(desk: Any) -> None:
    desk.score([1, 2, 3], stars=3)
    desk.db.execute("UPDATE call SET stars = 1 WHERE id = 2")
    with pytest.raises(NotAsLeft, match="stars of call 2"):
        desk.undo()
    assert [desk.get(call, "stars") for call in (1, 2, 3)] == [3, 1, 3]


def test_a_tag_that_was_deleted_since_cannot_be_given_back_to_a_call(desk: Any) -> None:
    desk.score([1, 2], tags=("demo",))
    desk.score([1], untags=("demo",))
    delete_tag(desk.db, desk.settings, "reporting", "demo", **desk.who)
    with pytest.raises(TouchedLater, match='change 3 wrote to the tag "demo"'):
        desk.undo(2)
    desk.undo(3)
    desk.undo(2)
    assert desk.tags(1) == ["demo"]


def test_a_renaming_cannot_be_undone_after_the_tag_was_merged_into_another(desk: Any) -> None:
    desk.score([1], tags=("a", "c"))
    rename_tag(desk.db, desk.settings, "reporting", "a", "b", **desk.who)
    rename_tag(desk.db, desk.settings, "reporting", "b", "c", merge=True, **desk.who)
    with pytest.raises(TouchedLater, match="change 3"):
        desk.undo(2)


def test_undo_does_not_take_a_name_that_another_tag_has_by_now(desk: Any) -> None:
    desk.score([1], tags=("a",))
    renamed = rename_tag(desk.db, desk.settings, "reporting", "a", "b", **desk.who).change
    desk.score([2], tags=("A",))
    with pytest.raises(NameTakenSince, match='another tag "a"'):
        desk.undo(renamed)
    assert desk.all_tags() == ["A", "b"]


def test_deleting_a_tag_is_undone_under_its_own_number_even_after_new_tags(desk: Any) -> None:
    desk.score([1], tags=("old",))
    deleted = delete_tag(desk.db, desk.settings, "reporting", "old", **desk.who).change
    desk.score([1, 2], tags=("new",))
    desk.undo(deleted)
    assert (desk.tags(1), desk.tags(2)) == (["new", "old"], ["new"])


def test_scores_and_deletions_of_a_call_are_undone_independently(desk: Any) -> None:
    scored = desk.score([1], stars=2)
    deleted = delete_calls(desk.db, [1], **desk.who).change
    desk.undo(scored)
    assert (desk.get(1, "stars"), desk.get(1, "removed")) == (None, "deleted")
    desk.undo(deleted)
    assert desk.get(1, "removed") is None


def test_a_record_of_several_fields_is_reverted_in_one_step(desk: Any) -> None:
    # One by one, the rules between the fields would refuse what lies half way.
    desk.db.execute("INSERT INTO result (id, code, folded) VALUES (1, 'SALE', 'sale')")
    with desk.db.change("edit", "tester") as change:
        desk.db.execute("UPDATE result SET success = 1, contact = 1, require_amount = 1")
        for field in ("success", "contact", "require_amount"):
            change.record("result", 1, field, 0, 1)
    desk.undo()
    assert desk.db.rows("SELECT success, contact, require_amount FROM result") == [(0, 0, 0)]
    desk.undo(2)
    assert desk.db.rows("SELECT success, contact, require_amount FROM result") == [(1, 1, 1)]


def test_a_script_that_wrote_a_name_and_its_folded_form_is_undone_and_done_again(desk: Any) -> None:
    desk.score([1], tags=("a",))
    with desk.db.change("script", "tester") as change:
        desk.db.execute("UPDATE tag SET name = 'B', folded = 'b'")
        change.record("tag", 1, "name", "a", "B")
        change.record("tag", 1, "folded", "a", "b")
    desk.undo(2)
    assert desk.db.rows("SELECT name, folded FROM tag") == [("a", "a")]
    desk.undo(3)
    assert desk.db.rows("SELECT name, folded FROM tag") == [("B", "b")]


def define(desk: Any, code: str) -> int:
    with desk.db.change("define", "tester") as change:
        number = desk.db.one(
            "INSERT INTO result (code, folded) VALUES (?, ?) RETURNING id", (code, code.lower())
        )
        change.record("result", number, "row", None, {"code": code, "folded": code.lower()})
    return int(number)


def test_a_result_that_calls_have_is_not_taken_away(desk: Any) -> None:
    define(desk, "SALE")
    scored = desk.score([1], result="SALE")
    with pytest.raises(StillUsed, match="1 call has"):
        desk.undo(1)
    desk.undo(scored)
    desk.undo(1)
    with pytest.raises(ResultGone, match="SALE"):
        desk.undo(3)
    assert desk.get(1, "result_id") is None


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "calls.db")


def bring(path: str, desk: Any, text: str, *, define_results: bool = False) -> int | None:
    file = Path(path).with_name("calls.csv")
    file.write_text(text)
    return import_files(
        lambda: open_to_write(path),
        desk.settings,
        [str(file)],
        ImportOptions(form=FileForm(define_results=define_results)),
        author=Author("import", "tester"),
        results=_codes(),
        speak=Speaker(notice=lambda _: None),
    ).change


def _codes() -> Any:
    try:
        from scorecli.readers.cell_values import ResultCodes
    except ImportError:
        return {}
    return ResultCodes()


HEADER = "call id,start,phone,result,reporting tag\n"
TWO = HEADER + "a,2026-11-03 10:00,5551000001,SALE,hot\nb,2026-11-03 11:00,5551000002,,\n"


def test_an_import_is_undone_as_a_whole_and_done_again_numbers_and_all(
    path: str, desk: Any
) -> None:
    bring(path, desk, TWO, define_results=True)
    with desk.at(path):
        before = desk.content()
        for _ in range(2):
            undone = desk.undo(1)
            hidden = desk.db.rows("SELECT id FROM call WHERE removed IS NULL")
            assert (hidden, desk.db.rows("SELECT code FROM result")) == ([], [])
            desk.undo(undone)
            assert desk.content() == before


def test_an_import_is_not_undone_over_what_a_person_did_to_its_calls(path: str, desk: Any) -> None:
    bring(path, desk, TWO, define_results=True)
    with desk.at(path):
        scored = desk.score([2], stars=4)
        with pytest.raises(TouchedLater, match=f"change {scored} wrote to stars of call 2"):
            desk.undo(1)
        undone = desk.undo(scored)
        desk.undo(1)
        desk.undo(undone)  # the score may come back while its call is out of sight
        desk.undo(1 + 3)
        with pytest.raises(TouchedLater):
            desk.undo(1)


def test_calls_that_were_imported_again_are_not_brought_back_a_second_time(
    path: str, desk: Any
) -> None:
    bring(path, desk, TWO, define_results=True)
    with desk.at(path):
        desk.undo(1)
    bring(path, desk, TWO, define_results=True)
    with desk.at(path):
        with pytest.raises(CallsReplaced, match="2 calls of it were imported again"):
            desk.undo(2)
        live = desk.db.rows("SELECT id FROM call WHERE removed IS NULL ORDER BY id")
        assert live == [(3,), (4,)]


def test_restoring_a_call_whose_import_is_undone_names_that_undo(path: str, desk: Any) -> None:
    bring(path, desk, TWO, define_results=True)
    with desk.at(path):
        delete_calls(desk.db, [1], **desk.who)
        undone = desk.undo(2)
        hidden = desk.undo(1)
        with pytest.raises(TouchedLater, match=f"change {hidden} wrote to call 1"):
            desk.undo(undone)
