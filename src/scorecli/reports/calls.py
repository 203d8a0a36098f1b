"""The call log: a list of calls for people or for programs, and one call with all that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scorecli import errors
from scorecli.domain.timestamps import show
from scorecli.domain.whole_filter import Filter
from scorecli.domain.zones import resolve_zone
from scorecli.reports.call_fields import (
    CallField,
    known_fields,
    log_fields,
    named_fields,
    score_column,
    sort_order,
)
from scorecli.result import Column, Money, Result, Score
from scorecli.settings import Settings
from scorecli.storage.database import Database

BATCH = 500  # calls read at once; what a list of any length keeps in memory
_NEWEST_FIRST = "c.started_at DESC NULLS LAST, c.id DESC"
_WITHOUT_LIMIT = 2**63 - 1

_ALWAYS_SHOWN = ("id", "score")

Tags = tuple[list[str], list[str]]  # reporting tags, call tags
_NO_TAGS: Tags = ([], [])


def list_calls(
    db: Database,
    settings: Settings,
    selected: Filter,
    columns: Sequence[str] | None = None,
    sort: str | None = None,
    limit: int | None = None,
    offset: int = 0,
    *,
    for_people: bool = False,
) -> Result:
    """Return the live calls that pass a filter, newest first, those without a start last.

    ``columns`` are canonical names; without them people get the call log and programs every field.
    ``sort`` is ``FIELD`` or ``FIELD-``. The rows are read as they are asked for, so ``db`` must
    stay open. Raises :class:`UnknownColumn`, :class:`FieldSwitchedOff`.
    """
    if columns is not None:
        fields = named_fields(columns, settings)
    else:
        fields = log_fields(settings) if for_people else known_fields(settings)
    order = _NEWEST_FIRST if sort is None else sort_order(sort, settings)
    where = "c.removed IS NULL"
    params: dict[str, Any] = {}
    if not selected.is_empty:
        from scorecli.storage.filter_sql import to_sql  # most lists have no filter

        condition = to_sql(selected)
        where += f" AND {condition.sql}"
        params |= condition.params
    # Only numbers are sorted and skipped; what is shown of a call is read for the rows shown.
    sql = f"SELECT c.id FROM call AS c WHERE {where} ORDER BY {order}"
    if limit is not None or offset:
        sql += " LIMIT :most OFFSET :skipped"
        params["most"] = _WITHOUT_LIMIT if limit is None else limit
        params["skipped"] = offset
    ids = (row[0] for row in db.execute(sql, params))
    shown = _columns(fields, settings)
    if for_people and columns is None:  # what was asked for by name is shown, empty or not
        shown = [
            column if column.name in _ALWAYS_SHOWN else column._replace(optional=True)
            for column in shown
        ]
    return Result(shown, _rows(db, settings, fields, ids))


def calls_by_number(
    db: Database, settings: Settings, numbers: Sequence[int], *, single: bool = False
) -> Result:
    """Return every field of the calls with these numbers, in their order, read at once."""
    fields = known_fields(settings)
    rows = list(_rows(db, settings, fields, iter(numbers)))
    return Result(_columns(fields, settings), rows, single=single)


def show_call(
    db: Database, settings: Settings, call_id: int, now: int, *, for_people: bool = False
) -> Result:
    """Return everything known about one live call as a single record.

    ``now`` (UTC seconds) decides which users are active for a call without a time. For programs it
    ends with ``history``, a list of what was changed, newest first; people get that as a list of
    its own. Raises :class:`UnknownCall`.
    """
    fields = known_fields(settings)
    row = next(_rows(db, settings, fields, iter([call_id])), None)
    if row is None:
        raise errors.calls.UnknownCall(str(call_id))
    facts = db.rows(
        "SELECT c.user_id, c.assigned_by, c.imported_in FROM call AS c WHERE c.id = :id",
        {"id": call_id},
    )
    user, by, imported_in = facts[0]
    reason = _why_nobody(db, call_id, now) if user is None else None
    columns = [*_columns(fields, settings), Column("assigned_by", "Assigned by")]
    columns.append(Column("unassigned_because", "Why no user"))
    columns.append(Column("imported_in", "Imported in change", "integer"))
    cells = [*row, by, reason, imported_in]
    if not for_people:
        from scorecli.reports.history import call_history

        columns.append(Column("history", "History", "list"))
        cells.append(call_history(db, settings, call_id))
    return Result(columns, [cells], single=True)


def _why_nobody(db: Database, call_id: int, now: int) -> str | None:
    """Return why nobody has a call."""
    from scorecli.domain.attribution import BY_PERSON, DECIDED
    from scorecli.storage.agents import agent_groups
    from scorecli.storage.users import directory

    for agent, (group, *_) in agent_groups(db, "c.id = :call", {"call": call_id}).items():
        if group.before.by == BY_PERSON:
            return DECIDED
        outcome = directory(db, now).resolve(agent).at(group.first)
        return outcome.reason or "matches now; `scorecli calls attribute` assigns it"
    return None


def score_of(settings: Settings, parts: Sequence[Any], tags: Sequence[str]) -> Score:
    """Return the Score cell of (stars, converted, amount, currency, converted_on) and its tags."""
    stars, converted, amount, currency, day = parts
    with_conversion = settings.conversion.enabled
    with_amount = settings.converted_amount.enabled and amount is not None
    return Score(
        tuple(tags) if settings.reporting_tags.enabled else (),
        stars if settings.score.enabled else None,
        bool(converted) and with_conversion,
        Money(amount, currency) if with_amount else None,
        day if with_conversion else None,
    )


class _Texts(dict[int, str]):
    """Texts by number, each asked for once."""

    def __init__(self, db: Database, sql: str) -> None:
        super().__init__()
        self._db = db
        self._sql = sql

    def __missing__(self, number: int) -> str:
        text = str(self._db.one(self._sql, {"id": number}))
        self[number] = text
        return text


class _Shape(NamedTuple):
    """How rows of the chosen fields are selected and made."""

    select: str
    width: int
    patches: list[tuple[int, Callable[[Sequence[Any], Tags], Any]]]
    with_tags: bool
    named: list[tuple[int, _Texts]]


def _columns(fields: Sequence[CallField], settings: Settings) -> list[Column]:
    return [
        score_column(settings) if field.name == "score" else field.column(settings)
        for field in fields
    ]


def _rows(
    db: Database, settings: Settings, fields: Sequence[CallField], ids: Iterator[int]
) -> Iterator[list[Any]]:
    """Yield the rows of the calls in the order of ``ids``, a batch at a time."""
    shape = _shape(db, fields, settings, resolve_zone(settings.display.time_zone))
    while batch := list(islice(ids, BATCH)):
        params = {f"i{place}": number for place, number in enumerate(batch)}
        marks = ", ".join(f":{name}" for name in params)
        tags = tags_of(db, marks, params) if shape.with_tags else {}
        found: dict[int, list[Any]] = {}
        for row in db.execute(
            f"{shape.select} WHERE c.removed IS NULL AND c.id IN ({marks})", params
        ):
            cells = list(row[: shape.width])
            number = row[shape.width]
            of_call = tags.get(number, _NO_TAGS)
            for place, texts in shape.named:
                if cells[place] is not None:
                    cells[place] = texts[cells[place]]
            for place, make in shape.patches:
                cells[place] = make(row, of_call)
            found[number] = cells
        for number in batch:
            if number in found:
                yield found[number]


def _shape(db: Database, fields: Sequence[CallField], settings: Settings, zone: ZoneInfo) -> _Shape:
    width = len(fields)
    own = {field.name: place for place, field in enumerate(fields)}
    # After the cells come the call's number and the parts of its score.
    hidden = "c.id, c.stars, c.converted, c.amount, c.currency, c.converted_on"
    stored = [field.sql for field in fields]
    patches: list[tuple[int, Callable[[Sequence[Any], Tags], Any]]] = []

    def time(name: str) -> Callable[[Sequence[Any], Tags], Any]:
        place = own.get(name, 0)
        return lambda row, _: None if row[place] is None else show(row[place], zone)

    def amount(row: Sequence[Any], _: Tags) -> Money | None:
        return None if row[width + 3] is None else Money(row[width + 3], row[width + 4])

    def extra(row: Sequence[Any], _: Tags) -> dict[str, str]:
        value = row[own["extra"]]
        if value is None:
            return {}
        import json  # few lists show what no column holds

        columns: dict[str, str] = json.loads(value)
        return columns

    makers: dict[str, Callable[[Sequence[Any], Tags], Any]] = {
        "started_at": time("started_at"),
        "recall_at": time("recall_at"),
        "amount": amount,
        "extra": extra,
        "converted": lambda row, _: bool(row[width + 2]),
        "reporting_tags": lambda _, tags: tags[0],
        "call_tags": lambda _, tags: tags[1],
        "score": lambda row, tags: score_of(settings, row[width + 1 :], tags[0]),
    }
    patches = [(place, makers[name]) for name, place in own.items() if name in makers]
    with_tags = not own.keys().isdisjoint(("reporting_tags", "call_tags", "score"))
    select = f"SELECT {', '.join([*stored, hidden])} FROM call AS c"
    by_sql = {field.named: _Texts(db, field.named) for field in fields if field.named}
    named = [(own[field.name], by_sql[field.named]) for field in fields if field.named]
    return _Shape(select, width, patches, with_tags, named)


def tags_of(db: Database, marks: str, params: dict[str, int]) -> dict[int, Tags]:
    """Return the tags of the calls whose numbers are ``params``, written as ``marks`` in SQL."""
    found: dict[int, Tags] = {}
    for call, kind, name in db.execute(
        "SELECT ct.call_id, t.kind, t.name FROM call_tag AS ct JOIN tag AS t ON t.id = ct.tag_id"
        f" WHERE ct.call_id IN ({marks}) ORDER BY t.folded",
        params,
    ):
        found.setdefault(call, ([], []))[kind == "call"].append(name)
    return found
