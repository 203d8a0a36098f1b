"""The second door to the same connection: a SQLModel session for definitions and scripts."""

from __future__ import annotations

import sqlite3
from typing import Any, TypeVar

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

SessionT = TypeVar("SessionT", bound=Session)


class _Borrowed:
    """The database's own connection, as SQLAlchemy may use it: it can never end the transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Leave the commit to the change that owns the transaction."""

    def rollback(self) -> None:
        """Leave the rollback to the change that owns the transaction."""

    def close(self) -> None:
        """Leave the connection open; the database closes it."""


def session_on(connection: sqlite3.Connection, kind: type[SessionT]) -> SessionT:
    """Return a session bound to ``connection`` and to the transaction that is open on it."""
    import scorecli.storage.models  # noqa: F401  # the classes must be known to SQLModel

    engine = create_engine(
        "sqlite://",
        creator=lambda: _Borrowed(connection),
        poolclass=StaticPool,
        pool_reset_on_return=None,
    )
    return kind(engine, autoflush=True, expire_on_commit=False)
