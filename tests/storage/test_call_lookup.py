from __future__ import annotations

import sqlite3

import pytest

from scorecli.errors.calls import AmbiguousCall, UnknownCall
from scorecli.storage.call_lookup import find_call, find_calls
from scorecli.storage.database import Database
from scorecli.storage.schema_script import schema_statements


@pytest.fixture
def db() -> Database:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(schema_statements())
    for number, system in enumerate(("callrail", "Asterisk PBX"), start=1):
        connection.execute(
            "INSERT INTO lookup (id, field, value, folded) VALUES (?, 'system', ?, ?)",
            (number, system, system.casefold()),
        )
    return Database(connection, ":memory:")


def add(
    db: Database, number: int, external: str | None, system: int = 1, removed: str | None = None
) -> None:
    db.execute(
        "INSERT INTO call (id, external_id, system_id, identity, removed, started_at)"
        " VALUES (?, ?, ?, ?, ?, 1767225600)",
        (number, external, system, str(number).encode(), removed),
    )


def test_digits_are_the_number_of_a_call_and_anything_else_its_external_id(db: Database) -> None:
    add(db, 12, "CAL-1")
    add(db, 13, "12")
    assert find_call(db, "12") == 12
    assert find_call(db, "CAL-1") == 12
    assert find_call(db, "ext:12") == 13


def test_an_external_id_of_digits_is_not_mistaken_for_a_number(db: Database) -> None:
    add(db, 1, "555")
    with pytest.raises(UnknownCall) as refused:
        find_call(db, "555")
    assert "ext:ID" in (refused.value.hint or "")


def test_the_system_is_named_only_where_it_is_one(db: Database) -> None:
    add(db, 1, "a", 1)
    add(db, 2, "a", 2)
    add(db, 3, "sip:7", 2)
    assert find_call(db, "ext:CallRail:a") == 1
    assert find_call(db, "ext:asterisk pbx:a") == 2
    assert find_call(db, "ext:sip:7") == 3
    assert find_call(db, "sip:7") == 3


def test_an_ambiguous_external_id_is_refused_with_its_candidates(db: Database) -> None:
    add(db, 1, "a", 1)
    add(db, 2, "a", 2)
    with pytest.raises(AmbiguousCall) as refused:
        find_call(db, "a")
    assert "1 (callrail, 2026-01-01 00:00 UTC)" in refused.value.message
    assert [candidate[0] for candidate in refused.value.candidates] == [1, 2]


def test_a_deleted_call_is_not_found_and_the_hint_says_how_to_restore_it(db: Database) -> None:
    add(db, 1, "a", removed="deleted")
    db.execute(
        "INSERT INTO change (id, made_at, who, command, origin) VALUES (9, 0, 'ann', 'x', 'person')"
    )
    db.execute(
        "INSERT INTO change_entry (change_id, entity, entity_id, field)"
        " VALUES (9, 'call', 1, 'removed')"
    )
    for text in ("1", "a"):
        with pytest.raises(UnknownCall) as refused:
            find_call(db, text)
        assert "scorecli undo 9" in (refused.value.hint or "")


def test_a_live_call_is_preferred_to_a_removed_one_of_the_same_id(db: Database) -> None:
    add(db, 1, "a", removed="undone")
    add(db, 2, "a")
    assert find_call(db, "a") == 2


def test_many_texts_are_answered_together_each_with_its_call_or_its_reason(db: Database) -> None:
    for number in range(1, 1201):
        add(db, number, f"E{number}")
    texts = [f"E{number}" for number in range(1, 1201)] + ["7", "E9999", "9" * 40]
    statements: list[str] = []
    db.connection.set_trace_callback(statements.append)
    found = find_calls(db, texts)
    assert len(statements) <= 6
    assert [found[text] for text in texts[:1201]] == [*range(1, 1201), 7]
    assert isinstance(found["E9999"], UnknownCall)
    assert isinstance(found["9" * 40], UnknownCall)
