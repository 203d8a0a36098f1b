"""Calls entered, corrected and deleted by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scorecli.domain.days import local_day
from scorecli.domain.scoring import ScoreEdit, ScoreState
from scorecli.domain.zones import resolve_zone
from scorecli.errors.calls import CallExists, NoFacts, NotAFact, UnknownCall
from scorecli.readers.typed_call import read_facts
from scorecli.services.attribution import attribute_updated
from scorecli.services.record_states import keep_records
from scorecli.services.scoring import ScoreRun
from scorecli.settings import Settings
from scorecli.storage.call_columns import LOOKUP_FIELDS
from scorecli.storage.call_fields_write import CallFields
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.lookups import Lookups
from scorecli.storage.many_rows import chunks, placeholders

SYSTEM = "manual"
"""The phone system of calls that were entered by hand, unless another is named."""
SHOWN = 1000
"""The most fields whose values before and after are kept for showing."""
# What a call is known by, for which a second one cannot be meant: the first byte of an identity.
_BY = {b"x": "external id", b"n": "start and number"}


class EditedField(NamedTuple):
    """One field of one call, before and after; times are UTC seconds."""

    call: int
    field: str
    before: Any
    after: Any


class EditOutcome(NamedTuple):
    """What an edit did; ``fields`` holds the first ones, ``change`` the number in the history."""

    changed: int
    unchanged: int
    fields: list[EditedField]
    change: int | None


class Deletion(NamedTuple):
    """How many calls were deleted, and the number in the history (None in a dry run)."""

    deleted: int
    change: int | None


def add_call(
    db: Database,
    settings: Settings,
    facts: Mapping[str, str],
    score: ScoreEdit,
    *,
    now: int,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[int, int], None] | None = None,
) -> tuple[int, int | None]:
    """Enter one call; return its number and that of the change (None in a dry run).

    ``facts`` are texts by canonical names, read as an import reads them; ``now`` is UTC seconds.
    The call is recognised when an import brings it too. A conversion without a day gets the day of
    the call. ``inspect`` is called inside the transaction with the number of the call and of the
    change. Raises :class:`NoFacts`, :class:`BadFact`, :class:`CallExists`, and what refuses a
    score; then nothing is written.
    """
    if not any(text.strip() for field, text in facts.items() if field != "system"):
        raise NoFacts
    with db.change(*author, dry_run=dry_run) as change:
        call = enter_call(db, change, settings, facts, score, now=now)
        if inspect is not None:
            db.settle(change)
            inspect(call, change.id)
    return call, None if dry_run else change.number


def enter_call(
    db: Database,
    change: Change,
    settings: Settings,
    facts: Mapping[str, str],
    score: ScoreEdit,
    *,
    now: int,
    record: int | None = None,
    again: bool = False,
) -> int:
    """Enter one call inside a change, and return its number; arguments as for :func:`add_call`.

    ``record`` is the record of a contact list that was called. With ``again`` a call of the same
    start and number is another one, since nobody said when this one began.
    """
    zone = resolve_zone(settings.display.time_zone)
    texts = {**facts, "system": facts.get("system", "").strip() or SYSTEM}
    parsed = read_facts(texts, settings, zone, now)
    start = parsed["started_at"][0]
    values = {name: found[0] for name, found in parsed.items() if found[0] is not None}
    if record is not None:
        values["record_id"] = record
    call = _insert(db, values.pop("system"), values.pop("identity"), again=again)
    writer = CallFields(db)
    # Field by field, since what a person wrote is protected from imports. Undo takes the call
    # out of sight; its system stays, since no call is without one.
    for field, before, after in (
        ("removed", "undone", None),
        *((field, None, value) for field, value in values.items()),
    ):
        writer.write(field, [(call, before, after)])
        change.record("call", call, field, before, after)
    if not score.is_empty():
        day = local_day(now if start is None else start, zone).isoformat()
        run = ScoreRun(db, change, settings, day)
        run.apply(call, ScoreState(), run.resolve(score))
        run.writer.flush()
    attribute_updated(db, change, now=now)
    keep_records(db, change)
    return call


def edit_calls(
    db: Database,
    settings: Settings,
    calls: Sequence[int],
    facts: Mapping[str, str | None],
    *,
    now: int,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[list[int]], None] | None = None,
) -> EditOutcome:
    """Set facts of calls, None clears one; all of them or none, as one change.

    ``contact_number_e164`` follows ``contact_number``. ``inspect`` is told the numbers inside the
    transaction, when all is written. Raises :class:`BadFact`,
    :class:`NotAFact` for clearing the system, :class:`UnknownCall`.
    """
    if "system" in facts and facts["system"] is None:
        raise NotAFact("system", "cannot be empty", "Name another one: --set system=NAME.")
    zone = resolve_zone(settings.display.time_zone)
    given = {field: text for field, text in facts.items() if text is not None}
    parsed = read_facts(given, settings, zone, now) if given else {}
    wanted = {field: parsed[field][0] if field in given else None for field in facts}
    if "contact_number" in wanted:
        wanted["contact_number_e164"] = (
            parsed["contact_number_e164"][0] if "contact_number" in given else None
        )
    outcome = EditOutcome(0, 0, [], None)
    changed = unchanged = 0
    with db.change(*author, dry_run=dry_run) as change:
        writer = CallFields(db)
        numbers = list(dict.fromkeys(calls))
        for part in chunks(numbers):
            before = _facts(db, part, tuple(wanted))
            touched: set[int] = set()
            for field, after in wanted.items():
                writes = [
                    (call, before[call][field], after)
                    for call in part
                    if before[call][field] != after
                ]
                writer.write(field, writes)
                for call, old, new in writes:
                    change.record("call", call, field, old, new)
                    if len(outcome.fields) < SHOWN:
                        outcome.fields.append(EditedField(call, field, old, new))
                touched.update(call for call, _, _ in writes)
            changed += len(touched)
            unchanged += len(part) - len(touched)
        attribute_updated(db, change, now=now)
        keep_records(db, change)
        if inspect is not None:
            db.settle(change)
            inspect(numbers)
    number = None if dry_run else change.number
    return outcome._replace(changed=changed, unchanged=unchanged, change=number)


def delete_calls(
    db: Database,
    calls: Iterable[int],
    *,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[list[int]], None] | None = None,
) -> Deletion:
    """Delete calls, all of them or none; undo brings them back, an import does not.

    ``inspect`` is told their numbers inside the transaction, before they go. Raises
    :class:`UnknownCall`.
    """
    numbers = list(dict.fromkeys(calls))
    with db.change(*author, dry_run=dry_run) as change:
        if inspect is not None:
            inspect(numbers)
        writer = CallFields(db)
        for part in chunks(numbers):
            _facts(db, part, ())  # raises where one is gone by now
            writer.write("removed", [(call, None, "deleted") for call in part])
            for call in part:
                change.record("call", call, "removed", None, "deleted")
        keep_records(db, change)
    return Deletion(len(numbers), None if dry_run else change.number)


def _insert(db: Database, system: str, identity: bytes, *, again: bool) -> int:
    """Make a call that is not in sight yet, and return its number."""
    return int(
        db.one(
            "INSERT INTO call (system_id, identity, occurrence, removed)"
            " VALUES (:system, :identity, :occurrence, 'undone') RETURNING id",
            {
                "system": Lookups(db).number("system", system),
                "identity": identity,
                "occurrence": _next_occurrence(db, identity, again=again),
            },
        )
    )


def _next_occurrence(db: Database, identity: bytes, *, again: bool) -> int:
    """Return the occurrence of a new call.

    Raises :class:`CallExists` for one that is there, unless it happens ``again``.
    """
    occurrence = 1
    for call, number, removed in db.rows(
        "SELECT id, occurrence, removed FROM call"
        " WHERE identity = :identity AND occurrence > 0 ORDER BY occurrence",
        {"identity": identity},
    ):
        by = None if again else _BY.get(identity[:1])
        if by and removed is None:
            raise CallExists(call, by)
        if by and removed == "deleted":
            deleted_by = db.one(
                "SELECT max(change_id) FROM change_entry"
                " WHERE entity = 'call' AND entity_id = :id AND field = 'removed'",
                {"id": call},
            )
            raise CallExists(call, by, deleted_by)
        if removed == "undone":
            # As for imports: an undone call makes room, and keeps its row under its own number.
            db.execute("UPDATE call SET occurrence = -id WHERE id = :id", {"id": call})
        else:
            occurrence = number + 1
    return occurrence


def _facts(db: Database, calls: Sequence[int], fields: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Return facts of live calls by number and field; raises :class:`UnknownCall`."""
    columns = [_stored(field) for field in fields]
    found: dict[int, dict[str, Any]] = {}
    for number, *values in _rows(db, columns, calls):
        found[number] = dict(zip(fields, values, strict=True))
    for call in calls:
        if call not in found:
            raise UnknownCall(str(call))
    return found


def _rows(db: Database, columns: Sequence[str], calls: Sequence[int]) -> Iterator[Any]:
    listed = ", ".join(["c.id", *columns])
    return db.execute(
        f"SELECT {listed} FROM call AS c"
        f" WHERE c.removed IS NULL AND c.id IN ({placeholders(calls)})",
        calls,
    )


def _stored(field: str) -> str:
    if field in LOOKUP_FIELDS:
        return f"(SELECT l.value FROM lookup AS l WHERE l.id = c.{field}_id)"
    return f"c.{field}"
