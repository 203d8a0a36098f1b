"""Bringing a database of an earlier format up to date: a backup, then all steps or none of them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from scorecli.errors import ScorecliError
from scorecli.errors.database import NoDatabase, UpgradeFailed
from scorecli.storage.backup import copy_database
from scorecli.storage.database import (
    DEFAULT_WAIT,
    Database,
    check_format,
    connect,
    make_durable,
    require_file,
)
from scorecli.storage.failures import explain, explained
from scorecli.storage.schema_script import split_statements, views_script

Step = Callable[[sqlite3.Connection], None]


def _step(name: str) -> Step:
    """Return the step that runs a script of the folder ``steps``, which never changes again."""

    def run(connection: sqlite3.Connection) -> None:
        script = Path(__file__).parent / "steps" / f"{name}.sql"
        for statement in split_statements(script.read_text(encoding="utf-8")):
            connection.execute(statement)

    return run


# The step at index 0 leads from format 1 to 2, and so on: with FORMAT = n there are n - 1 of them.
# A step runs inside the one transaction of the upgrade, with foreign keys off and without views:
# it may rebuild a table (create the new one, copy, drop the old, rename), but must neither commit
# nor use executescript(), which does.
STEPS: tuple[Step, ...] = (_step("format_2"),)


class Upgrade(NamedTuple):
    """What an upgrade did: the formats, and the backup's path (None where nothing was needed)."""

    before: int
    after: int
    backup: str | None


def upgrade(
    path: str,
    *,
    wait: float = DEFAULT_WAIT,
    on_wait: Callable[[str | None], None] | None = None,
    steps: Sequence[Step] = STEPS,
    views: str | None = None,
) -> Upgrade:
    """Bring the database ``path`` to format ``len(steps) + 1``, after a backup beside it.

    Waits up to ``wait`` seconds for the write lock. At any moment the file holds the old format or
    the new one, whole. ``views`` is the script of the views to have afterwards. Raises
    :class:`NoDatabase`, :class:`ForeignDatabase`, :class:`DatabaseTooNew`,
    :class:`DatabaseLocked`, :class:`BackupFailed`, and :class:`UpgradeFailed` where a step failed.
    """
    require_file(path)
    if not Path(path).exists():
        raise NoDatabase(path)
    target = len(steps) + 1
    try:
        connection = connect(path, "mode=rw")
    except sqlite3.Error as error:
        raise explained(error, path) from error
    try:
        make_durable(connection)
        # Rebuilding a table drops the old one, which must not delete the rows that point at it;
        # the pragma does nothing inside a transaction.
        connection.execute("PRAGMA foreign_keys = OFF")
        before = check_format(connection, path, newest=target, oldest=1)
        if before == target:
            return Upgrade(before, target, None)
        Database(connection, path, wait=wait, on_wait=on_wait).begin_immediate()
        # Another process may have upgraded it while this one waited.
        before = check_format(connection, path, newest=target, oldest=1)
        if before == target:
            return Upgrade(before, target, None)
        backup = _back_up(path, before)
        _run(
            connection,
            path,
            steps[before - 1 :],
            backup,
            views_script() if views is None else views,
        )
        connection.execute(f"PRAGMA user_version = {target}")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise explained(error, path) from error
    finally:
        connection.close()  # rolls back what was not committed
    return Upgrade(before, target, backup)


def _run(
    connection: sqlite3.Connection, path: str, steps: Sequence[Step], backup: str, views: str
) -> None:
    try:
        # Renaming a rebuilt table fails while a view names it.
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'view'"
        ).fetchall():
            connection.execute(f'DROP VIEW "{name}"')
        numbers = connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        for step in steps:
            step(connection)
        _keep_highest_numbers(connection, numbers)
        for statement in split_statements(views):
            connection.execute(statement)
        _require_whole(connection, path, backup)
    except ScorecliError:
        raise
    except sqlite3.Error as error:
        failure = explain(error, path)
        raise UpgradeFailed(path, failure.message if failure else str(error), backup) from error
    except Exception as error:
        raise UpgradeFailed(path, str(error) or type(error).__name__, backup) from error


def _keep_highest_numbers(connection: sqlite3.Connection, numbers: list[tuple[str, int]]) -> None:
    # A rebuilt table forgets the highest number it ever gave; none may be given twice.
    for name, highest in numbers:
        values = {"name": name, "highest": highest}
        connection.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT :name, 0"
            " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :name)"
            " AND EXISTS (SELECT 1 FROM sqlite_master"
            " WHERE type = 'table' AND name = :name AND sql LIKE '%AUTOINCREMENT%')",
            values,
        )
        connection.execute(
            "UPDATE sqlite_sequence SET seq = max(seq, :highest) WHERE name = :name", values
        )


def _require_whole(connection: sqlite3.Connection, path: str, backup: str) -> None:
    if not connection.in_transaction:
        raise UpgradeFailed(path, "a step ended the transaction", backup)
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        table, row, parent, _ = broken[0]
        raise UpgradeFailed(
            path, f"{len(broken)} rows point at nothing, first {table} {row} at {parent}", backup
        )
    # Any remaining view that the steps left broken fails here rather than in a person's report.
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'view'"
    ).fetchall():
        connection.execute(f'SELECT * FROM "{name}" LIMIT 0')


def _back_up(path: str, version: int) -> str:
    # A second connection reads what is committed; the write lock we hold keeps others out, so
    # that nothing can come between the backup and the upgrade.
    reader = connect(path, "mode=ro")
    try:
        target = _free_name(path, version)
        copy_database(reader, path, target)
    finally:
        reader.close()
    return target


def _free_name(path: str, version: int) -> str:
    stem = f"{path}.format{version}.backup"
    candidate, number = f"{stem}.db", 1
    while os.path.lexists(candidate):
        number += 1
        candidate = f"{stem}-{number}.db"
    return candidate
