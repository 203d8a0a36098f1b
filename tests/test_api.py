# ruff: noqa: PT012  # what is refused is refused when the block of a change ends
from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlmodel import select

import scorecli
from scorecli.errors import Refused
from scorecli.errors.database import DatabaseLocked, NoDatabase
from scorecli.errors.scripts import (
    NotForScripts,
    OutsideOfChange,
    RecordRefused,
    TransactionOfChange,
)
from scorecli.models import Call, CallResult, CallTag, Change, Lookup, Tag, User, UserAlias
from scorecli.services.undoing import undo
from scorecli.storage.changes import Author
from scorecli.storage.database import open_to_read, open_to_write
from scorecli.storage.maintenance import find_problems


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "calls.db")
    with scorecli.open(path, create=True) as db, db.change("set up", who="test") as session:
        session.add(Lookup(id=1, field="system", value="Generic", folded=""))
        session.add(Lookup(id=2, field="source", value="Google  Ads", folded=""))
        session.add(Tag(id=1, kind="reporting", name="hot", folded=""))
        session.add(Tag(id=2, kind="call", name="callback", folded=""))
        session.flush()
        for number in (1, 2, 3):
            session.add(Call(id=number, system_id=1, contact_name=f"Caller {number}"))
    return path


def entries(path: str, change: int | None = None) -> list[tuple[Any, ...]]:
    with open_to_read(path) as db:
        rows = db.rows(
            'SELECT entity, entity_id, field, item, "before", "after" FROM change_entry'
            " WHERE change_id = coalesce(?, (SELECT max(id) FROM change)) ORDER BY id",
            (change,),
        )
    return [(*row[:4], *(None if v is None else json.loads(v) for v in row[4:])) for row in rows]


def value(path: str, sql: str) -> Any:
    with open_to_read(path) as db:
        return db.one(sql)


def sound(path: str) -> bool:
    with open_to_read(path) as db:
        assert find_problems(db) == []
        return True


def test_importing_scorecli_loads_neither_sqlmodel_nor_sqlite() -> None:
    code = "import sys, scorecli; print([m for m in ('sqlmodel', 'sqlite3') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_script_reads_with_select(path: str) -> None:
    with scorecli.open(path) as db:
        names = [call.contact_name for call in db.session.exec(select(Call).order_by(Call.id))]
        assert names == ["Caller 1", "Caller 2", "Caller 3"]
        assert [call.id for call in db.select(Call, Call.contact_name == "Caller 2")] == [2]


def test_changed_attributes_enter_the_history_under_the_tools_own_field_names(path: str) -> None:
    with scorecli.open(path) as db, db.change("rate it", who="ann") as session:
        call = session.get_one(Call, 1)
        call.stars = 4
        call.converted = 1
        call.amount, call.currency = 25000, "EUR"
        call.converted_on = "2026-11-03"
        call.source_id = 2
        call.extra = '{"Landing Page":"/x"}'
    assert sorted(entries(path)) == [
        ("call", 1, "amount", "", None, [25000, "EUR"]),
        ("call", 1, "converted", "", False, True),
        ("call", 1, "converted_on", "", None, "2026-11-03"),
        ("call", 1, "extra", "", None, {"Landing Page": "/x"}),
        ("call", 1, "source", "", None, "Google  Ads"),
        ("call", 1, "stars", "", None, 4),
    ]
    assert value(path, "SELECT scored FROM call WHERE id = 1") == 1
    assert value(path, "SELECT who || command FROM change ORDER BY id DESC") == "annrate it"
    assert sound(path)


def test_tags_are_recorded_one_by_one_and_keep_the_scored_mark(path: str) -> None:
    with scorecli.open(path) as db:
        with db.change("tag") as session:
            session.add(CallTag(call_id=1, tag_id=1))
            session.add(CallTag(call_id=2, tag_id=2))
            session.flush()
            assert session.get_one(Call, 1).scored == 1
        assert sorted(entries(path)) == [
            ("call", 1, "reporting_tags", "1", False, True),
            ("call", 2, "call_tags", "2", False, True),
        ]
        with db.change("untag") as session:
            session.delete(session.get_one(CallTag, (1, 1)))
    assert entries(path) == [("call", 1, "reporting_tags", "1", True, False)]
    assert value(path, "SELECT sum(scored) FROM call") == 0
    assert sound(path)


@pytest.mark.parametrize("what", ["score", "add", "delete", "definitions"])
def test_what_a_script_did_can_be_undone_and_done_again(path: str, what: str) -> None:
    def snapshot() -> list[Any]:
        with open_to_read(path) as db:
            return [
                db.rows(f"SELECT * FROM {table} ORDER BY 1")
                for table in ("call", "call_tag", "tag", "result", '"user"')
            ]

    before = snapshot()
    with scorecli.open(path) as db, db.change(what) as session:
        if what == "score":
            call = session.get_one(Call, 1)
            call.stars, call.amount, call.currency = 5, 100, "EUR"
            session.add(CallTag(call_id=1, tag_id=1))
            call.extra = '{"a":"b"}'
        elif what == "add":
            session.add(Call(system_id=1, stars=2, note="by script", source_id=2))
        elif what == "delete":
            session.delete(session.get_one(Call, 2))
        else:
            session.add(User(name="Ann  Smith", folded=""))
            session.add(CallResult(code="SALE", folded="", contact=1, success=1))
            session.get_one(Tag, 1).name = "very hot"
    after = snapshot()
    assert sound(path)
    with open_to_write(path) as db:
        first = undo(db, None, author=Author("undo", "test"))
        assert first.change is not None
        undone = snapshot()
        if what == "add":
            assert value(path, "SELECT count(*) FROM call WHERE removed IS NULL") == 3
        else:
            assert undone == before
        undo(db, first.change, author=Author("undo", "test"))
    assert snapshot() == after
    assert sound(path)


def test_a_deleted_call_is_hidden_and_its_number_stays_taken(path: str) -> None:
    with scorecli.open(path) as db:
        with db.change("clean up") as session:
            session.delete(session.get_one(Call, 3))
        assert [call.id for call in db.select(Call)] == [1, 2]
    assert entries(path) == [("call", 3, "removed", "", None, "deleted")]
    assert value(path, "SELECT removed FROM call WHERE id = 3") == "deleted"


def test_setting_what_is_there_already_writes_no_history(path: str) -> None:
    count = value(path, "SELECT count(*) FROM change")
    with scorecli.open(path) as db, db.change("nothing") as session:
        call = session.get_one(Call, 1)
        call.contact_name = "Caller 1"
        call.note = "x"
        call.note = None
    assert value(path, "SELECT count(*) FROM change") == count


def test_several_flushes_of_one_object_are_all_recorded(path: str) -> None:
    with scorecli.open(path) as db, db.change("twice") as session:
        call = session.get_one(Call, 1)
        for stars in (1, 2):
            call.stars = stars
            session.flush()
    assert [entry[4:] for entry in entries(path)] == [(None, 1), (1, 2)]


@pytest.mark.parametrize(
    ("name", "wrong", "reason"),
    [
        ("stars", 9, "ck_stars"),
        ("stars", "many", "stars"),
        ("stars", 4.5, "stars"),
        ("amount", 5, "ck_currency"),
        ("status", "asleep", "ck_status"),
        ("system_id", 77, "FOREIGN KEY"),
        ("system_id", None, "system_id"),
        ("converted_on", "3.11.2026", "converted_on"),
        ("extra", "[1]", "object"),
        ("extra", "{", "JSON"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_kept(
    path: str, name: str, wrong: Any, reason: str
) -> None:
    count = value(path, "SELECT count(*) FROM change")
    with (
        scorecli.open(path) as db,
        pytest.raises(RecordRefused, match=reason),
        db.change("wrong") as session,
    ):
        session.get_one(Call, 2).note = "goes too"
        session.flush()
        setattr(session.get_one(Call, 1), name, wrong)
    assert value(path, "SELECT count(*) FROM change") == count
    assert value(path, "SELECT note FROM call WHERE id = 2") is None
    assert sound(path)


def test_a_failure_that_the_script_catches_still_loses_the_change(path: str) -> None:
    with scorecli.open(path) as db, pytest.raises(Refused), db.change("caught") as session:
        session.get_one(Call, 2).note = "half"
        session.flush()
        session.get_one(Call, 1).stars = 9
        with contextlib.suppress(Refused):
            session.flush()
    assert value(path, "SELECT note FROM call WHERE id = 2") is None


def test_texts_that_read_as_numbers_are_stored_as_numbers(path: str) -> None:
    with scorecli.open(path) as db, db.change("text") as session:
        call = session.get_one(Call, 1)
        call.stars = "4"  # type: ignore[assignment]
        call.converted = True
        session.flush()
        assert (call.stars, call.converted) == (4, 1)
    assert value(path, "SELECT typeof(stars) FROM call WHERE id = 1") == "integer"


def test_an_exception_keeps_nothing(path: str) -> None:
    with (
        scorecli.open(path) as db,
        pytest.raises(ZeroDivisionError),
        db.change("broken") as session,
    ):
        session.get_one(Call, 1).stars = 1
        session.flush()
        raise ZeroDivisionError
    assert value(path, "SELECT stars FROM call WHERE id = 1") is None


def test_a_dry_run_keeps_nothing(path: str) -> None:
    with scorecli.open(path) as db, db.change("try", dry_run=True) as session:
        session.get_one(Call, 1).stars = 1
    assert value(path, "SELECT stars FROM call WHERE id = 1") is None


@pytest.mark.parametrize(
    "write",
    [
        lambda session: session.exec(update(Call).values(stars=1)),
        lambda session: session.execute(text("UPDATE call SET stars = 1")),
        lambda session: session.execute(text("DELETE FROM call")),
        lambda session: session.bulk_save_objects([User(name="a", folded="a")]),
    ],
)
def test_nothing_can_be_written_past_the_history(path: str, write: Any) -> None:
    with (
        scorecli.open(path) as db,
        pytest.raises(Exception, match="readonly"),
        db.change("past") as session,
    ):
        write(session)
    assert value(path, "SELECT count(*) FROM call WHERE stars IS NULL") == 3


@pytest.mark.parametrize("name", ["commit", "rollback", "begin_nested"])
def test_the_transaction_is_not_the_scripts_to_end(path: str, name: str) -> None:
    with (
        scorecli.open(path) as db,
        pytest.raises(TransactionOfChange),
        db.change("end") as session,
    ):
        getattr(session, name)()


def test_what_scorecli_keeps_in_step_is_refused(path: str) -> None:
    def rewrite_history(session: Any) -> None:
        session.get_one(Change, 1).who = "nobody"

    def change_identity(session: Any) -> None:
        session.get_one(Call, 1).identity = b"other"

    def rename_source(session: Any) -> None:
        session.get_one(Lookup, 2).value = "Bing"

    def renumber(session: Any) -> None:
        session.get_one(Call, 1).id = 50

    for attempt in (rewrite_history, change_identity, rename_source, renumber):
        with (
            scorecli.open(path) as db,
            pytest.raises(NotForScripts),
            db.change("fiddle") as session,
        ):
            attempt(session)
    assert sound(path)


def test_edits_outside_of_a_change_are_not_lost_in_silence(path: str) -> None:
    db = scorecli.open(path)
    db.session.get_one(Call, 1).stars = 4
    with pytest.raises(OutsideOfChange):
        db.close()
    with pytest.raises(OutsideOfChange), scorecli.open(path) as db:
        db.session.get_one(Call, 1).stars = 4
        db.select(Call)


def test_reading_after_a_change_sees_it(path: str) -> None:
    with scorecli.open(path) as db:
        assert db.session.get_one(Call, 1).stars is None
        with db.change("rate") as session:
            session.get_one(Call, 1).stars = 3
        assert db.session.get_one(Call, 1).stars == 3


def test_names_compare_as_everywhere_else(path: str) -> None:
    with scorecli.open(path) as db:
        assert db.session.get_one(Lookup, 2).folded == "google ads"
    with (
        scorecli.open(path) as db,
        pytest.raises(RecordRefused, match="UNIQUE"),
        db.change("again") as session,
    ):
        session.add(Tag(kind="reporting", name=" HOT ", folded=""))


def test_no_database_is_made_unless_asked_for(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase):
        scorecli.open(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


def test_a_locked_database_is_waited_for_as_long_as_asked(path: str) -> None:
    with (
        open_to_write(path) as other,
        other.change("busy", "test"),
        scorecli.open(path, wait=0.1) as db,
        pytest.raises(DatabaseLocked),
        db.change("late"),
    ):
        pytest.fail("entered the change")


def test_a_call_that_a_script_gives_to_a_user_is_theirs_by_a_persons_decision(path: str) -> None:
    with scorecli.open(path) as db, db.change("a user") as session:
        session.add(User(id=1, name="Dana  Reyes", folded=""))
    with scorecli.open(path) as db, db.change("give one call") as session:
        session.get_one(Call, 1).user_id = 1
    given = value(path, "SELECT user_id || assigned_by FROM call WHERE id = 1")
    assert (given, sound(path)) == ("1person", True)
    assert entries(path) == [("assignment", 1, "calls", "", None, 1)]
    with open_to_write(path) as db:
        undo(db, None, author=Author("undo", "test"))
    assert value(path, "SELECT user_id FROM call WHERE id = 1") is None
    assert sound(path)


def test_a_call_that_a_script_enters_goes_to_the_user_who_fits(path: str) -> None:
    with scorecli.open(path) as db, db.change("a user") as session:
        session.add(User(id=1, name="Dana Reyes", folded=""))
        session.add(UserAlias(id=1, user_id=1, name="Dee", folded=""))
    with scorecli.open(path) as db, db.change("a call") as session:
        session.add(Lookup(id=7, field="agent", value="dee", folded=""))
        session.flush()
        session.add(Call(id=8, system_id=1, agent_id=7))
    assert value(path, "SELECT user_id || assigned_by FROM call WHERE id = 8") == "1alias"
    with open_to_write(path) as db:
        undo(db, None, author=Author("undo", "test"))
        undo(db, None, author=Author("undo", "test"))
    assert value(path, 'SELECT count(*) FROM "user"') == 0
    assert sound(path)


def test_a_call_taken_from_its_user_and_found_anew_is_held_by_what_found_it(path: str) -> None:
    with scorecli.open(path) as db, db.change("users", who="me") as session:
        session.add(User(id=1, name="Dana Reyes", folded=""))
        session.add(User(id=2, name="Ann Lee", folded=""))
        session.flush()
        session.get_one(Call, 1).user_id = 1
    with scorecli.open(path) as db, db.change("correct", who="me") as session:
        session.add(Lookup(id=9, field="agent", value="Lee, Ann", folded=""))
        session.flush()
        call = session.get_one(Call, 1)
        call.user_id = call.assigned_by = None
        call.agent_id = 9
    held = "SELECT user_id || assigned_by FROM call WHERE id = 1"
    assert value(path, held) == "2name"
    for user in ("1person", "2name"):  # undone, and done again
        with open_to_write(path) as writable:
            undo(writable, value(path, "SELECT max(id) FROM change"), author=Author("undo", "me"))
        assert (value(path, held), sound(path)) == (user, True)
