"""Looking after a database: what is wrong with it, and what is in it.

The checks are SQLite's own, and then what only this program knows must hold. Nothing is changed.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scorecli.result import Column, Result
from scorecli.storage.call_columns import LOOKUP_FIELDS
from scorecli.storage.database import FORMAT, Database
from scorecli.storage.schema_script import schema_statements, split_statements

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_MOST = 100  # lines of SQLite's own findings; a file that is broken throughout has thousands
_INTEGERS = ("started_at", "duration", "talk_time", "wait_time", "stars", "amount", "recall_at")
_DAY = "[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]"


class Problem(NamedTuple):
    """One thing wrong: ``kind`` is a word for scripts, ``problem`` a sentence for people."""

    kind: str
    problem: str


class _Rule(NamedTuple):
    """``wrong`` is what is true of rows of ``table`` that break the rule."""

    kind: str
    sentence: str
    table: str
    wrong: str


_RULES = (
    _Rule(
        "scored",
        "calls whose mark `scored` does not agree with their score",
        "call",
        "scored <> (stars IS NOT NULL OR converted = 1 OR EXISTS ("
        "SELECT 1 FROM call_tag JOIN tag ON tag.id = call_tag.tag_id"
        " WHERE call_tag.call_id = call.id AND tag.kind = 'reporting'))",
    ),
    _Rule(
        "currency",
        "calls with an amount in something that is no currency code",
        "call",
        "currency NOT GLOB '[A-Z][A-Z][A-Z]'",
    ),
    _Rule(
        "type",
        "calls with something else than a whole number where one belongs",
        "call",
        " OR ".join(f"typeof({name}) NOT IN ('integer', 'null')" for name in _INTEGERS),
    ),
    _Rule(
        "day",
        "calls whose conversion date is no day",
        "call",
        f"converted_on NOT GLOB '{_DAY}'",
    ),
    _Rule(
        "extra",
        "calls whose unmapped columns are no JSON object",
        "call",
        "extra IS NOT NULL"
        " AND CASE WHEN json_valid(extra) THEN json_type(extra) <> 'object' ELSE 1 END",
    ),
    _Rule(
        "assignment",
        "calls that a user has without a reason, or that nobody has although one was found",
        "call",
        "(user_id IS NULL) <> (assigned_by IS NULL)"
        " AND NOT (user_id IS NULL AND assigned_by = 'person')",
    ),
    _Rule(
        "identity",
        "calls without an identity, which an import would not recognise",
        # An undone call that was imported again has made room, with an occurrence below zero.
        "call",
        "length(identity) = 0 OR occurrence < 1 AND removed IS NOT 'undone'",
    ),
    *(
        _Rule(
            "lookup",
            f"calls whose {field} is the text of another field",
            "call",
            f"{field}_id IS NOT NULL AND {field}_id NOT IN ("
            f"SELECT id FROM lookup WHERE field = '{field}')",
        )
        for field in LOOKUP_FIELDS
    ),
    *(
        _Rule(
            "folded",
            f"rows of {table} that cannot be found under their {name}",
            table,
            f"folded <> fold({name})",
        )
        for table, name in (
            ("lookup", "value"),
            ("tag", "name"),
            ("user", "name"),
            ("user_alias", "name"),
        )
    ),
    _Rule(
        "folded",
        "rows of result that cannot be found under their code",
        "result",
        "folded <> fold(code)",
    ),
    _Rule(
        "history",
        "entries of the history that cannot be read",
        "change_entry",
        '"before" IS NOT NULL AND json_valid("before") = 0'
        ' OR "after" IS NOT NULL AND json_valid("after") = 0',
    ),
    _Rule(
        "history",
        "changes that are marked as undone by one that undid something else",
        "change",
        "undone_by IS NOT NULL AND EXISTS (SELECT 1 FROM change AS undo"
        " WHERE undo.id = change.undone_by AND undo.undoes IS NOT change.id)",
    ),
    _Rule(
        "history",
        "imports whose calls are not the ones they say",
        "change",
        "first_call > last_call OR (first_call IS NULL) <> (last_call IS NULL)",
    ),
)


def find_problems(db: Database) -> list[Problem]:
    """Return everything wrong with the database, the worst first; an empty list is good news."""
    damage = list(_damage(db))
    if damage:
        return damage  # what SQLite cannot read cannot be judged further
    return [*_schema_differences(db), *_broken_rules(db)]


def _damage(db: Database) -> Iterator[Problem]:
    try:
        for (line,) in db.execute(f"PRAGMA integrity_check({_MOST})"):
            if line != "ok":
                yield Problem("damage", str(line))
        for table, row, parent, _ in db.execute("PRAGMA foreign_key_check").fetchmany(_MOST):
            yield Problem("reference", f"row {row} of {table} points at a missing {parent}")
    except sqlite3.DatabaseError as error:
        yield Problem("damage", str(error))


def _schema_differences(db: Database) -> Iterator[Problem]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for statement in split_statements(schema_statements()):
            fresh.execute(statement)
        wanted = _objects(fresh)
    found = _objects(db.connection)
    for (kind, name), shape in wanted.items():
        if (kind, name) not in found:
            yield Problem("schema", f"the {kind} {name} is missing")
        elif found[kind, name] != shape:
            yield Problem("schema", f"the {kind} {name} is not as scorecli made it")


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], Any]:
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        " AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    # A table that an upgrade rebuilt has other SQL than a new one, and the same columns.
    return {
        (kind, name): (
            connection.execute("SELECT * FROM pragma_table_xinfo(?)", (name,)).fetchall()
            if kind == "table"
            else " ".join(sql.replace('"', "").split())
        )
        for kind, name, sql in rows
    }


def _constraint_rules() -> Iterator[_Rule]:
    # SQLite does not read CHECK constraints on a read-only connection, so that its own check
    # passes over them there. The generated schema has each on a line of its own.
    table = ""
    for line in schema_statements().splitlines():
        words = line.split()
        if words[:2] == ["CREATE", "TABLE"]:
            table = words[2].strip('"')
        elif words[:1] == ["CONSTRAINT"] and words[2:3] == ["CHECK"]:
            expression = line.partition(" CHECK ")[2].rstrip(",")
            sentence = f"rows of {table} against the rule {words[1]}: {expression}"
            yield _Rule("constraint", sentence, table, f"NOT {expression}")


def _broken_rules(db: Database) -> Iterator[Problem]:
    rules = (*_constraint_rules(), *_RULES)
    # A table is read once for all of its rules; which one is broken is asked where one is.
    tables = dict.fromkeys(rule.table for rule in rules)
    doubtful = {
        table
        for table in tables
        if not _hold(db, table, [rule.wrong for rule in rules if rule.table == table])
    }
    for rule in rules:
        if rule.table not in doubtful:
            continue
        try:
            count, first = db.execute(
                f'SELECT count(*), min(id) FROM "{rule.table}" WHERE {rule.wrong}'
            ).fetchone()
        except sqlite3.DatabaseError as error:
            yield Problem(rule.kind, f"{rule.sentence} cannot be looked for: {error}")
            continue
        if count:
            yield Problem(rule.kind, f"{count} {rule.sentence}, first number {first}")


def _hold(db: Database, table: str, wrong: list[str]) -> bool:
    """Say whether no row of a table breaks a rule; False too where that cannot be found out."""
    anything = " OR ".join(f"({condition})" for condition in wrong)
    try:
        # "user" and other names may be words of SQL.
        return not db.one(f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE {anything})')
    except sqlite3.DatabaseError:
        return False


def problems_result(problems: list[Problem]) -> Result:
    """Return the problems as a table."""
    return Result((Column("kind", "Kind"), Column("problem", "Problem")), problems)


def info(db: Database, zone: ZoneInfo) -> Result:
    """Return what is in the database: its file, its format, how much it holds; times in ``zone``.

    ``size`` is in bytes and includes what is still in the -wal file.
    """
    calls, live, first, last = db.rows(
        "SELECT count(*), count(*) FILTER (WHERE removed IS NULL),"
        " min(started_at) FILTER (WHERE removed IS NULL),"
        " max(started_at) FILTER (WHERE removed IS NULL) FROM call"
    )[0]
    scored = db.one("SELECT count(*) FROM call WHERE removed IS NULL AND scored = 1")
    size = _size(db.path)
    shown: tuple[tuple[Column, Any], ...] = (
        (Column("path", "Path"), str(Path(db.path).absolute())),
        (Column("size", "Size in bytes", "integer"), size),
        (Column("format", "Format", "integer"), db.one("PRAGMA user_version")),
        (Column("newest_format", "Newest format", "integer"), FORMAT),
        (Column("journal_mode", "Journal mode"), db.one("PRAGMA journal_mode")),
        (Column("calls", "Calls", "integer"), live),
        (Column("removed_calls", "Removed calls", "integer"), calls - live),
        (Column("scored_calls", "Scored calls", "integer"), scored),
        (Column("first_call", "First call", "time"), _local(first, zone)),
        (Column("last_call", "Last call", "time"), _local(last, zone)),
        (Column("tags", "Tags", "integer"), db.one("SELECT count(*) FROM tag")),
        (Column("users", "Users", "integer"), db.one('SELECT count(*) FROM "user"')),
        (Column("changes", "Changes", "integer"), db.one("SELECT count(*) FROM change")),
        (
            Column("bytes_per_call", "Bytes per call", "integer"),
            round(size / calls) if calls else None,
        ),
    )
    return Result([column for column, _ in shown], [[value for _, value in shown]], single=True)


def _size(path: str) -> int:
    total = 0
    for name in (path, path + "-wal"):
        with contextlib.suppress(FileNotFoundError):
            total += Path(name).stat().st_size
    return total


def _local(seconds: int | None, zone: ZoneInfo) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, zone).isoformat()
