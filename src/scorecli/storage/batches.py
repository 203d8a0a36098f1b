"""Rows that a change brought along in bulk: their range, and taking them out of sight and back.

Such rows have no entry each in the history. Their ``added_in`` names the change, and ``removed`` is
``undone`` while that change is.
"""

from __future__ import annotations

from typing import NamedTuple

from scorecli.storage.changes import Change
from scorecli.storage.database import Database

# entity in the history -> its table, which has the column added_in
TABLES = {
    "contact": "contact",
    "activity": "activity",
    "contact_list": "contact_list",
    "list_record": "list_record",
    "do_not_call": "do_not_call",
}
# What counts while its change stands, without a mark of its own.
_UNMARKED = ("do_not_call",)


class Batch(NamedTuple):
    """The rows of one entity that a change brought along; others may lie within the range."""

    entity: str
    first: int
    last: int

    @property
    def rows(self) -> str:
        """The FROM and WHERE that select the rows, for a change ``:root``."""
        return (
            f"{TABLES[self.entity]} WHERE added_in = :root"
            f" AND id BETWEEN {self.first:d} AND {self.last:d}"
        )


def record_batch(db: Database, change: Change, entity: str, first: int, last: int) -> None:
    """Record that a change brought the rows of an entity from ``first`` to ``last`` along."""
    db.execute(
        "INSERT INTO change_batch (change_id, entity, first_id, last_id)"
        " VALUES (:change, :entity, :first, :last)",
        {"change": change.id, "entity": entity, "first": first, "last": last},
    )


def batches_of(db: Database, root: int) -> list[Batch]:
    """Return what a change brought along in bulk."""
    rows = db.rows(
        "SELECT entity, first_id, last_id FROM change_batch WHERE change_id = :root"
        " ORDER BY entity",
        {"root": root},
    )
    return [Batch(*row) for row in rows if row[0] in TABLES]


def brought(db: Database, root: int) -> list[tuple[str, int]]:
    """Return how many rows of which entity a change brought along in bulk."""
    counted = [
        (batch.entity, db.one(f"SELECT count(*) FROM {batch.rows}", {"root": root}))
        for batch in batches_of(db, root)
    ]
    return [(entity, count) for entity, count in counted if count]


def flip(db: Database, root: int, *, hide: bool) -> None:
    """Take the rows that a change brought along out of sight, or bring them back."""
    live, hidden = (None, "undone") if hide else ("undone", None)
    for batch in batches_of(db, root):
        if batch.entity in _UNMARKED:
            continue
        db.execute(
            f"UPDATE {TABLES[batch.entity]} SET removed = :hidden"
            f" WHERE id IN (SELECT id FROM {batch.rows} AND removed IS :live)",
            {"root": root, "hidden": hidden, "live": live},
        )


def later_changes(db: Database, root: int) -> dict[int, str]:
    """Return the later changes that wrote to rows of a change's batches, and to which record."""
    found: dict[int, str] = {}
    for batch in batches_of(db, root):
        for change, record in db.rows(
            "SELECT change_id, min(entity_id) FROM change_entry"
            f" WHERE entity = :entity AND entity_id IN (SELECT id FROM {batch.rows})"
            " AND change_id > :root GROUP BY change_id",
            {"root": root, "entity": batch.entity},
        ):
            found[change] = f"{batch.entity} {record}"
        if batch.entity == "contact_list":
            for change, record in db.rows(
                "SELECT added_in, min(list_id) FROM list_record WHERE removed IS NULL"
                f" AND list_id IN (SELECT id FROM {batch.rows}) AND added_in > :root"
                " GROUP BY added_in",
                {"root": root},
            ):
                found[change] = f"contact list {record}"
    return found
