"""Constraints that several tables have."""

from __future__ import annotations

from sqlalchemy import CheckConstraint


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Return the constraint that a column holds one of some words, or nothing."""
    # Not IN (...): SQLite would build a small table of the values for every row it inserts.
    same = " OR ".join(f"{column} = '{value}'" for value in values)
    return CheckConstraint(same, name=f"ck_{column}")


def flag(column: str) -> CheckConstraint:
    """Return the constraint that a column holds 0 or 1."""
    return CheckConstraint(f"{column} = 0 OR {column} = 1", name=f"ck_{column}")
