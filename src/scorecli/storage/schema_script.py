"""The SQL that makes a new database, and how a script of statements is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path


def schema_statements() -> str:
    """Return the SQL that creates every table, index and view of a new database."""
    tables = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
    return f"{tables}\n{views_script()}"


def views_script() -> str:
    """Return the SQL that creates every view."""
    return (Path(__file__).parent / "views.sql").read_text(encoding="utf-8")


def split_statements(script: str) -> Iterator[str]:
    """Return the statements of an SQL script, one by one."""
    # executescript() would commit the transaction that makes creation all or nothing.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
