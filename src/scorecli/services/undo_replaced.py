"""What stands against doing an import again: its rows came with another import in the meantime.

A call that was replaced is marked so when that happens. Contacts, activities and records of lists
are compared by what an import knows them by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorecli.errors.history import CallsReplaced, RecordsReplaced
from scorecli.services.undo_conflicts import Chains
from scorecli.storage.batches import batches_of
from scorecli.storage.database import Database

if TYPE_CHECKING:
    from scorecli.services.undoing import Undoable

OF_IMPORT = (
    " WHERE imported_in = :root AND id BETWEEN (SELECT first_call FROM change WHERE id = :root)"
    " AND (SELECT last_call FROM change WHERE id = :root)"
)
"""The calls that the change ``:root`` brought into the database."""

_SAME = (
    "(q.external_id = p.external_id"
    " OR (p.external_id IS NULL OR q.external_id IS NULL) AND q.folded = p.folded)"
)
_BY_EMAIL = (
    "EXISTS (SELECT 1 FROM contact_email AS pe JOIN contact_email AS qe ON qe.folded = pe.folded"
    " AND qe.contact_id <> pe.contact_id JOIN contact AS q ON q.id = qe.contact_id"
    " WHERE pe.contact_id = p.id AND {since} AND {same})"
)
_BY_NUMBER = (
    "EXISTS (SELECT 1 FROM contact_number AS pn JOIN contact_number AS qn ON qn.e164 = pn.e164"
    " AND qn.contact_id <> pn.contact_id JOIN contact AS q ON q.id = qn.contact_id"
    " WHERE pn.contact_id = p.id AND {since} AND {same})"
)
_BY_NAME = (
    "EXISTS (SELECT 1 FROM contact AS q WHERE q.folded = p.folded AND q.id <> p.id"
    " AND p.folded <> '' AND q.company_id IS p.company_id AND {since} AND {same}"
    " AND NOT EXISTS (SELECT 1 FROM contact_email WHERE contact_id = p.id) AND NOT EXISTS"
    " (SELECT 1 FROM contact_number WHERE contact_id = p.id AND e164 IS NOT NULL))"
)
_BY_ID = (
    "EXISTS (SELECT 1 FROM contact AS q WHERE q.external_id = p.external_id AND q.id <> p.id"
    " AND (q.removed IS NULL OR q.removed = 'merged') AND ({since} OR EXISTS ("
    "SELECT 1 FROM change_entry AS e WHERE e.entity = 'contact' AND e.entity_id = q.id"
    " AND e.field = 'external_id' AND e.change_id > :undone)))"
)
_CONDITIONS = {
    "contact": f"({_BY_ID} OR {_BY_EMAIL} OR {_BY_NUMBER} OR {_BY_NAME})",
    "activity": (
        "(EXISTS (SELECT 1 FROM activity AS q WHERE q.external_id = p.external_id AND q.id <> p.id"
        " AND {since}) OR EXISTS (SELECT 1 FROM activity AS q WHERE q.id <> p.id AND {since}"
        " AND p.external_id IS NULL AND q.external_id IS NULL AND q.at = p.at"
        " AND (q.contact_id = p.contact_id OR q.company_id = p.company_id)"
        " AND q.folded = p.folded AND q.subject IS p.subject AND q.rule IS p.rule))"
    ),
    "contact_list": (
        "EXISTS (SELECT 1 FROM contact_list AS q WHERE q.folded = p.folded AND q.id <> p.id"
        " AND {since})"
    ),
    "list_record": (
        "EXISTS (SELECT 1 FROM list_record AS q WHERE q.list_id = p.list_id"
        " AND q.number = p.number AND q.id <> p.id AND {since})"
    ),
}


def refuse_replaced(db: Database, chains: Chains, target: Undoable) -> None:
    """Refuse to bring back what was imported again while it was out of sight.

    Raises :class:`CallsReplaced` and :class:`RecordsReplaced`.
    """
    _refuse_replaced_calls(db, target)
    if target.does_again and target.brought:
        _refuse_replaced_records(db, chains, target)


def _refuse_replaced_calls(db: Database, target: Undoable) -> None:
    # Such a call keeps its row, out of the way of its identity.
    if target.calls and target.does_again:
        replaced = db.one(
            f"SELECT count(*) FROM call{OF_IMPORT} AND occurrence < 1", {"root": target.root}
        )
    else:
        replaced, returning = db.rows(
            "SELECT count(DISTINCT c.id), count(CASE WHEN e.field = 'removed' THEN 1 END)"
            " FROM change_entry AS e JOIN call AS c ON c.id = e.entity_id"
            " WHERE e.change_id = :number AND e.entity = 'call' AND c.occurrence < 1",
            {"number": target.number},
        )[0]
        if replaced < target.touched and not returning:
            return
    if replaced:
        raise CallsReplaced(target.number, replaced)


def _refuse_replaced_records(db: Database, chains: Chains, target: Undoable) -> None:
    if db.one("SELECT origin FROM change WHERE id = :root", {"root": target.root}) != "import":
        return
    # What came since the rows went: with a later import, or with an earlier one done again since.
    came = [
        root
        for (root,) in db.rows("SELECT id FROM change WHERE origin = 'import' ORDER BY id")
        if root != target.root and (root > target.number or chains.of(root)[-1] > target.number)
    ]
    if not came:
        return
    since = (
        f"q.added_in IN ({', '.join(f'{root:d}' for root in came)})"
        " AND (q.removed IS NULL OR q.removed = 'merged')"
    )
    params = {"root": target.root, "undone": target.number}
    for batch in batches_of(db, target.root):
        condition = _CONDITIONS.get(batch.entity)
        if condition is None:
            continue
        replaced = db.one(
            f"SELECT count(*) FROM {batch.entity} AS p WHERE p.added_in = :root"
            f" AND p.id BETWEEN {batch.first:d} AND {batch.last:d} AND p.removed = 'undone'"
            f" AND {condition.format(since=since, same=_SAME)}",
            params,
        )
        if replaced:
            raise RecordsReplaced(target.number, batch.entity, replaced)
