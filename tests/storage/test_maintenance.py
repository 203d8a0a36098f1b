from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scorecli.storage import maintenance
from scorecli.storage.database import open_to_read, open_to_write
from scorecli.storage.maintenance import find_problems, info
from scorecli.storage.schema_script import schema_statements


@pytest.fixture
def calls(tmp_path: Path) -> str:
    path = str(tmp_path / "calls.db")
    with open_to_write(path) as db, db.change("fill", "test") as change:
        db.execute("INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'A', 'a')")
        db.execute("INSERT INTO lookup (id, field, value, folded) VALUES (2, 'source', 'G', 'g')")
        db.execute("INSERT INTO tag (id, kind, name, folded) VALUES (1, 'reporting', 'X', 'x')")
        for number in range(1, 6):
            db.execute(
                "INSERT INTO call (id, system_id, source_id, started_at, identity, removed, extra)"
                " VALUES (?, 1, 2, ?, ?, ?, '{}')",
                (
                    number,
                    1_790_000_000 + number,
                    b"%d" % number,
                    "deleted" if number == 5 else None,
                ),
            )
        db.execute("INSERT INTO call_tag (call_id, tag_id) VALUES (1, 1)")
        db.execute("UPDATE call SET scored = 1 WHERE id = 1")
        change.record("call", 1, "reporting_tags", False, True, item="1")
        change.record("call", 1, "note", "old", None)
    return path


def spoil(path: str, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def problems(path: str) -> list[tuple[str, str]]:
    with open_to_read(path) as db:
        return [tuple(problem) for problem in find_problems(db)]


def test_a_sound_database_has_no_problems(calls: str, tmp_path: Path) -> None:
    assert problems(calls) == []
    empty = str(tmp_path / "empty.db")
    open_to_write(empty).close()
    assert problems(empty) == []


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("scored", "UPDATE call SET scored = 0 WHERE id = 1"),
        ("scored", "UPDATE call SET stars = 3 WHERE id = 2"),
        ("currency", "UPDATE call SET currency = 'usd', amount = 5 WHERE id = 2"),
        ("type", "UPDATE call SET duration = 'long' WHERE id = 3"),
        ("day", "UPDATE call SET converted_on = '3.11.2026' WHERE id = 3"),
        ("extra", "UPDATE call SET extra = '[1]' WHERE id = 3"),
        ("extra", "UPDATE call SET extra = '{' WHERE id = 3"),
        ("identity", "UPDATE call SET identity = x'' WHERE id = 3"),
        ("lookup", "UPDATE call SET source_id = 1 WHERE id = 3"),
        ("folded", "UPDATE lookup SET folded = 'other' WHERE id = 2"),
        ("folded", "UPDATE tag SET name = 'Y'"),
        ("history", "UPDATE change_entry SET after = 'tru' WHERE id = 1"),
        ("history", "UPDATE change SET undone_by = 1"),
        ("history", "UPDATE change SET first_call = 4, last_call = 2"),
        ("reference", "UPDATE call SET user_id = 77 WHERE id = 3"),
        ("schema", "DROP INDEX ix_call_figures"),
        ("schema", "DROP VIEW call_log"),
        ("schema", "ALTER TABLE tag ADD COLUMN colour TEXT"),
    ],
)
def test_whatever_does_not_add_up_is_found(calls: str, kind: str, statement: str) -> None:
    spoil(calls, statement)
    found = problems(calls)
    assert [name for name, _ in found] == [kind], found


def test_all_that_is_wrong_with_a_table_is_listed_with_how_often(calls: str) -> None:
    spoil(
        calls,
        "UPDATE call SET currency = 'usd', amount = 5 WHERE id >= 2",
        "UPDATE call SET converted_on = '3.11.2026' WHERE id = 3",
        "UPDATE call SET source_id = 1 WHERE id >= 4",
        "UPDATE tag SET name = 'Y'",
    )
    found = [(kind, text.split()[0], text.split()[-1]) for kind, text in problems(calls)]
    assert found == [
        ("currency", "4", "2"),
        ("day", "1", "3"),
        ("lookup", "2", "4"),
        ("folded", "1", "1"),
    ]


def test_a_table_without_a_column_is_checked_for_the_rest(calls: str) -> None:
    spoil(
        calls,
        "ALTER TABLE call RENAME COLUMN recall_at TO later",
        "UPDATE call SET source_id = 1 WHERE id = 3",
    )
    found = problems(calls)
    assert tuple(kind for kind, _ in found if kind != "schema") == ("type", "lookup")
    assert "cannot be looked for: no such column: recall_at" in dict(found)["type"]


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("ck_currency", "UPDATE call SET amount = 5 WHERE id = 2"),
        ("ck_amount", "UPDATE call SET amount = -5, currency = 'EUR' WHERE id = 2"),
        ("ck_stars", "UPDATE call SET stars = 9, scored = 1 WHERE id = 2"),
        ("ck_status", "UPDATE call SET status = 'sleeping' WHERE id = 2"),
        ("ck_kind", "UPDATE tag SET kind = 'other', id = 9"),
    ],
)
def test_values_against_a_constraint_are_found(calls: str, rule: str, statement: str) -> None:
    spoil(calls, "DELETE FROM call_tag", "UPDATE call SET scored = 0", statement)
    found = problems(calls)
    assert [kind for kind, _ in found] == ["constraint"], found
    assert f"the rule {rule}:" in found[0][1]


def test_every_constraint_of_the_schema_is_looked_at() -> None:
    assert len(list(maintenance._constraint_rules())) == schema_statements().count("CHECK (")


def test_overwritten_bytes_are_damage_and_nothing_is_changed(calls: str) -> None:
    with contextlib.closing(sqlite3.connect(calls)) as connection:
        page, root = (
            connection.execute("PRAGMA page_size").fetchone()[0],
            connection.execute("SELECT rootpage FROM sqlite_master WHERE name='call'").fetchone()[
                0
            ],
        )
    raw = bytearray(Path(calls).read_bytes())
    raw[(root - 1) * page : (root - 1) * page + 64] = b"\xff" * 64
    Path(calls).write_bytes(raw)
    assert problems(calls)[0][0] == "damage"
    assert Path(calls).read_bytes() == raw


def test_info_counts_live_calls_and_shows_times_in_the_settings_zone(calls: str) -> None:
    with open_to_read(calls) as db:
        result = info(db, ZoneInfo("Europe/Berlin"))
    names = [column.name for column in result.columns]
    shown = dict(zip(names, next(iter(result.rows)), strict=True))
    assert result.single
    assert shown["path"] == calls
    assert shown["size"] >= Path(calls).stat().st_size
    assert (shown["calls"], shown["removed_calls"], shown["scored_calls"]) == (4, 1, 1)
    assert (shown["tags"], shown["changes"]) == (1, 1)
    assert shown["first_call"] == "2026-09-21T16:13:21+02:00"
    assert shown["last_call"] == "2026-09-21T16:13:24+02:00"
    assert shown["journal_mode"] == "wal"
