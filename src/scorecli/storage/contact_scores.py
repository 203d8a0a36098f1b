"""The values that contacts have on score types: reading them, and writing one."""

from __future__ import annotations

import json

from scorecli.storage.database import Database

FIELD = "score"
"""The field of a contact's history whose ``item`` is the score type."""


def read_score(db: Database, contact: int, score_type: str) -> float | None:
    """Return a contact's value on a score type, None where it has none."""
    found = db.one(
        "SELECT value FROM contact_score WHERE contact_id = :contact AND score_type = :type",
        {"contact": contact, "type": score_type},
    )
    return None if found is None else float(found)


def given_score(db: Database, contact: int, score_type: str) -> float | None:
    """Return the value that was last given by anybody but a rule, None where it was taken away."""
    found = db.rows(
        "SELECT \"after\" FROM change_entry WHERE entity = 'contact' AND entity_id = :contact"
        " AND field = 'score' AND item = :type AND written_by <> 'rule' ORDER BY id DESC LIMIT 1",
        {"contact": contact, "type": score_type},
    )
    return float(json.loads(found[0][0])) if found and found[0][0] is not None else None


def write_score(db: Database, contact: int, score_type: str, value: float | None) -> None:
    """Set or take away a contact's value; the history is recorded by the caller."""
    if value is None:
        db.execute(
            "DELETE FROM contact_score WHERE contact_id = :contact AND score_type = :type",
            {"contact": contact, "type": score_type},
        )
        return
    db.execute(
        "INSERT INTO contact_score (contact_id, score_type, value)"
        " VALUES (:contact, :type, :value)"
        " ON CONFLICT (contact_id, score_type) DO UPDATE SET value = excluded.value",
        {"contact": contact, "type": score_type, "value": value},
    )
