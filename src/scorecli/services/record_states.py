"""Keeping what follows from calls: the states of the records of contact lists.

Whatever changes calls, results, lists or the do-not-call list ends with :func:`keep_records`,
inside its own transaction. Where there are no records it costs one look-up, and none of what
works states out is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.many_rows import placeholders

if TYPE_CHECKING:
    from scorecli.domain.record_state import MadeCall, Record, State

_CHUNK = 400  # numbers whose records are worked out together
# The fields of a call from which states follow.
_FIELDS = (
    "started_at",
    "campaign",
    "contact_number_e164",
    "result",
    "recall_at",
    "removed",
    "record_id",
)
_OF_CHANGE = (
    "FROM change_entry AS e WHERE e.change_id = :change AND e.entity = 'call'"
    f" AND e.field IN ({', '.join(repr(field) for field in _FIELDS)})"
)
_OTHER_NUMBERS = (
    ' SELECT e.field, e."before", e."after" FROM change_entry AS e WHERE e.change_id = :change'
    " AND e.entity IN ('list_record', 'do_not_call') AND e.field = 'number'"
)
# Every way in which a change can touch a number; ``:root`` is the change that an undo reverts.
_TOUCHED = (
    # calls that it wrote to, by their number and by the record they were logged for
    "SELECT r.number FROM (SELECT DISTINCT e.entity_id AS id "
    + _OF_CHANGE
    + ") AS touched JOIN call AS c ON c.id = touched.id"
    " JOIN list_record AS r ON r.number = c.contact_number_e164 WHERE r.number > ''",
    "SELECT r.number FROM (SELECT DISTINCT e.entity_id AS id "
    + _OF_CHANGE
    + ") AS touched JOIN call AS c ON c.id = touched.id JOIN list_record AS r ON r.id = c.record_id"
    " WHERE r.number > ''",
    # calls that it brought, or took out of sight
    "SELECT r.number FROM change AS ch"
    " JOIN call AS c ON c.id BETWEEN ch.first_call AND ch.last_call"
    " JOIN list_record AS r ON r.number = c.contact_number_e164"
    " WHERE ch.id IN (:change, :root)",
    "SELECT r.number FROM change AS ch"
    " JOIN call AS c ON c.id BETWEEN ch.first_call AND ch.last_call"
    " JOIN list_record AS r ON r.id = c.record_id WHERE ch.id IN (:change, :root)",
    # records to which it gave another number, or none any more
    "SELECT r.number FROM change_entry AS e JOIN list_record AS r ON r.id = e.entity_id"
    " WHERE e.change_id = :change AND e.entity = 'list_record'",
    "SELECT r.number FROM change_entry AS e JOIN do_not_call AS d ON d.id = e.entity_id"
    " JOIN list_record AS r ON r.number = d.number"
    " WHERE e.change_id = :change AND e.entity = 'do_not_call'",
    # what it did to the do-not-call list
    "SELECT r.number FROM change_batch AS b JOIN do_not_call AS d"
    " ON d.id BETWEEN b.first_id AND b.last_id AND d.added_in = b.change_id"
    " JOIN list_record AS r ON r.number = d.number"
    " WHERE b.entity = 'do_not_call' AND b.change_id IN (:change, :root)",
    # records that it brought, of which something is known already
    "SELECT r.number FROM change_batch AS b JOIN list_record AS r"
    " ON r.id BETWEEN b.first_id AND b.last_id AND r.added_in = b.change_id"
    " WHERE b.entity = 'list_record' AND b.change_id IN (:change, :root)"
    " AND (r.state <> 'new' OR r.attempts > 0"
    " OR EXISTS (SELECT 1 FROM call AS c WHERE c.contact_number_e164 = r.number)"
    " OR EXISTS (SELECT 1 FROM do_not_call AS d WHERE d.number = r.number)"
    " OR EXISTS (SELECT 1 FROM call AS c WHERE c.record_id = r.id))",
    # calls that were logged for records that it brought or took away, and have another number
    "SELECT r.number FROM change_batch AS b JOIN list_record AS own"
    " ON own.id BETWEEN b.first_id AND b.last_id AND own.added_in = b.change_id"
    " JOIN call AS c ON c.record_id = own.id AND c.contact_number_e164 <> own.number"
    " JOIN list_record AS r ON r.number = c.contact_number_e164"
    " WHERE b.entity = 'list_record' AND b.change_id IN (:change, :root)",
    "SELECT r.number FROM change_entry AS e JOIN call AS c ON c.record_id = e.entity_id"
    " JOIN list_record AS r ON r.number = c.contact_number_e164"
    " WHERE e.change_id = :change AND e.entity = 'list_record'",
    # results whose effects it changed
    "SELECT r.number FROM call AS c JOIN list_record AS r ON r.number = c.contact_number_e164"
    " WHERE c.result_id IN (SELECT e.entity_id FROM change_entry AS e"
    " WHERE e.change_id = :change AND e.entity = 'result')",
    "SELECT r.number FROM list_record AS r JOIN call AS c ON c.record_id = r.id"
    " WHERE c.result_id IN (SELECT e.entity_id FROM change_entry AS e"
    " WHERE e.change_id = :change AND e.entity = 'result')",
    # lists that it opened again
    "SELECT r.number FROM list_record AS r WHERE r.last_call_at IS NOT NULL AND r.list_id IN ("
    "SELECT e.entity_id FROM change_entry AS e WHERE e.change_id = :change"
    " AND e.entity = 'contact_list' AND e.field = 'opened_at')",
    # campaigns that it renamed, so that other calls name them
    "SELECT r.number FROM list_record AS r WHERE r.campaign_id IN (SELECT e.entity_id"
    " FROM change_entry AS e WHERE e.change_id = :change AND e.entity = 'campaign'"
    " AND e.field = 'name')",
    "SELECT r.number FROM contact_list AS l JOIN list_record AS r ON r.list_id = l.id"
    " WHERE r.removed IS NULL AND l.campaign_id IN (SELECT e.entity_id"
    " FROM change_entry AS e WHERE e.change_id = :change AND e.entity = 'campaign'"
    " AND e.field = 'name')",
)
_RECORDS = (
    "SELECT r.number, r.id, l.campaign_id, l.opened_at, r.campaign_id, r.state, r.attempts,"
    " r.last_call_at, r.next_at, r.callback_from FROM list_record AS r"
    " JOIN contact_list AS l ON l.id = r.list_id"
    " WHERE r.removed IS NULL AND r.number IN ({marks})"
)
_CALL = (
    "SELECT {number}, c.started_at, c.id, c.record_id, campaign.id, c.result_id, result.final,"
    " result.recall, result.recall_after, result.roll_to, c.recall_at"
)
_WHAT_IT_SAYS = (
    " LEFT JOIN lookup AS named ON named.id = c.campaign_id"
    " LEFT JOIN campaign ON campaign.folded = named.folded"
    " LEFT JOIN result ON result.id = c.result_id"
    " WHERE c.removed IS NULL AND c.started_at IS NOT NULL AND "
)
# Calls by their number, those that were logged for a record of another number left out.
_BY_NUMBER = (
    _CALL.format(number="c.contact_number_e164")
    + " FROM call AS c LEFT JOIN list_record AS own ON own.id = c.record_id AND own.removed IS NULL"
    + _WHAT_IT_SAYS
    + "c.contact_number_e164 IN ({marks})"
    " AND (own.id IS NULL OR own.number = c.contact_number_e164)"
)
_BY_RECORD = (
    _CALL.format(number="r.number")
    + " FROM list_record AS r JOIN call AS c ON c.record_id = r.id"
    + _WHAT_IT_SAYS
    + "r.removed IS NULL AND r.number IN ({marks})"
    " AND (c.contact_number_e164 IS NULL OR c.contact_number_e164 <> r.number)"
)
_WRITE = (
    "UPDATE list_record SET campaign_id = ?, state = ?, attempts = ?, last_call_at = ?,"
    " next_at = ?, callback_from = ? WHERE id = ?"
)


def keep_records(db: Database, change: Change, *, root: int | None = None) -> int:
    """Bring the states of all records up to date that a change may have touched.

    Call it last, when all is written; ``root`` is the change that this one undoes or does again.
    Returns how many records are closed by it because their number is on the do-not-call list now.
    """
    if change.number is None or db.one("SELECT 1 FROM list_record LIMIT 1") is None:
        return 0
    change.flush()
    _collect(db, change.number, root)
    closed = 0
    last = ""
    while True:
        part = db.rows(
            "SELECT number FROM touched_number WHERE number > :last ORDER BY number LIMIT :most",
            {"last": last, "most": _CHUNK},
        )
        if not part:
            break
        numbers = [number for (number,) in part]
        closed += _keep(db, numbers)
        last = numbers[-1]
    db.execute("DELETE FROM touched_number")
    return closed


def keep_numbers(db: Database, numbers: Sequence[str]) -> None:
    """Bring the states of the records of some numbers up to date, whatever touched them."""
    for start in range(0, len(numbers), _CHUNK):
        _keep(db, numbers[start : start + _CHUNK])


def _collect(db: Database, change: int, root: int | None) -> None:
    """Write down the numbers of all records that a change may have touched."""
    import json

    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS touched_number (number TEXT PRIMARY KEY) WITHOUT ROWID"
    )
    db.execute("DELETE FROM touched_number")
    params = {"change": change, "root": root}
    for sql in _TOUCHED:
        used = {name: value for name, value in params.items() if f":{name}" in sql}
        db.execute(f"INSERT INTO touched_number {sql} ON CONFLICT DO NOTHING", used)
    for field, before, after in db.rows(
        'SELECT DISTINCT e.field, e."before", e."after" ' + _OF_CHANGE + " AND e.field IN"
        " ('contact_number_e164', 'record_id') UNION" + _OTHER_NUMBERS,
        {"change": change},
    ):
        column = "id" if field == "record_id" else "number"
        for text in (before, after):
            if text is not None:
                db.execute(
                    "INSERT INTO touched_number SELECT r.number FROM list_record AS r"
                    f" WHERE r.{column} = :value ON CONFLICT DO NOTHING",
                    {"value": json.loads(text)},
                )


def _keep(db: Database, numbers: Sequence[str]) -> int:
    """Work out the states of the records of some numbers; return how many are barred by it."""
    from scorecli.domain.record_state import DO_NOT_CALL, Record, State, follow
    from scorecli.storage.do_not_call import scopes

    marks = placeholders(numbers)
    records: dict[str, list[Record]] = {}
    before: dict[int, State] = {}
    for number, id_, campaign, opened_at, *state in db.execute(
        _RECORDS.format(marks=marks), numbers
    ):
        records.setdefault(number, []).append(Record(id_, campaign, opened_at))
        before[id_] = State(*state)
    if not records:
        return 0
    calls: dict[str, list[MadeCall]] = {}
    for sql in (_BY_NUMBER, _BY_RECORD):
        for row in db.execute(sql.format(marks=marks), numbers):
            calls.setdefault(row[0], []).append(_made(row[1:], before))
    barred = scopes(db, records)
    writes: list[tuple[Any, ...]] = []
    closed = 0
    for number, of_number in records.items():
        after = follow(of_number, calls.get(number, ()), barred.get(number, ()))
        for id_, state in after.items():
            if state != before[id_]:
                writes.append((*state, id_))
                closed += state.state == DO_NOT_CALL != before[id_].state
    db.executemany(_WRITE, writes)
    return closed


def _made(row: Iterable[Any], records: dict[int, State]) -> MadeCall:
    from scorecli.domain.record_state import Effects, MadeCall

    started_at, id_, record, campaign, result, final, recall, after, roll_to, recall_at = row
    effects = None
    if result is not None:
        effects = Effects(bool(final), bool(recall), after, roll_to)
    return MadeCall(
        started_at,
        id_,
        record if record in records else None,
        campaign,
        effects,
        recall_at,
    )
