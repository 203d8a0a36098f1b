"""Finding the calls that a person names, by number or the phone system's own id, or selects.

All digits are the number; anything else is an external id. ``ext:ID`` forces an external id, and
``ext:SYSTEM:ID`` names the phone system too, where the first part is the name of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scorecli import errors
from scorecli.domain.text import fold
from scorecli.errors import Refused
from scorecli.storage.database import Database

if TYPE_CHECKING:
    from scorecli.domain.whole_filter import Filter

CHUNK = 500  # texts that one query looks up
_PREFIX = "ext:"
_LARGEST = 2**63 - 1  # what a call's number can be
_COLUMNS = (
    "c.id, c.external_id, c.removed, c.started_at, c.system_id,"
    " (SELECT l.value FROM lookup AS l WHERE l.id = c.system_id)"
)


class _Wanted(NamedTuple):
    """What one text asks for: a number, or an external id and perhaps numbers of systems."""

    text: str
    number: int | None = None
    external: str = ""
    systems: frozenset[int] = frozenset()


class _Found(NamedTuple):
    id: int
    external_id: str | None
    removed: str | None
    started_at: int | None
    system_id: int
    system: str


def find_call(db: Database, text: str) -> int:
    """Return the number of the live call that ``text`` names.

    Raises :class:`UnknownCall`, also for a call that was removed (the hint says so), and
    :class:`AmbiguousCall` with the candidates.
    """
    found = find_calls(db, [text])[text]
    if isinstance(found, Refused):
        raise found
    return found


def find_calls(db: Database, texts: Iterable[str]) -> dict[str, int | Refused]:
    """Return, for each text, the number of its call or the reason why there is none.

    Any number of texts takes a few queries for every 500 of them.
    """
    distinct = list(dict.fromkeys(texts))
    systems = _systems(db) if any(_names_system(text) for text in distinct) else {}
    found: dict[str, int | Refused] = {}
    for start in range(0, len(distinct), CHUNK):
        wanted = [_read(text, systems) for text in distinct[start : start + CHUNK]]
        by_number = _by_number(db, [w.number for w in wanted if w.number is not None])
        by_external = _by_external(db, [w.external for w in wanted if w.number is None])
        for one in wanted:
            if one.number is not None:
                candidates = by_number.get(one.number, [])
            else:
                candidates = by_external.get(one.external, [])
                if one.systems:
                    candidates = [call for call in candidates if call.system_id in one.systems]
            found[one.text] = _choose(db, one, candidates)
    return found


def _names_system(text: str) -> bool:
    return text.strip().startswith(_PREFIX) and ":" in text.strip()[len(_PREFIX) :]


def _systems(db: Database) -> dict[str, frozenset[int]]:
    """Return the numbers of each phone system by its folded name."""
    found: dict[str, frozenset[int]] = {}
    for number, folded in db.rows("SELECT id, folded FROM lookup WHERE field = 'system'"):
        found[folded] = found.get(folded, frozenset()) | {number}
    return found


def _read(text: str, systems: dict[str, frozenset[int]]) -> _Wanted:
    name = text.strip()
    if name.isascii() and name.isdigit():
        return _Wanted(text, number=min(int(name[:30]), _LARGEST))
    if not name.startswith(_PREFIX):
        return _Wanted(text, external=name)
    name = name[len(_PREFIX) :]
    system, colon, rest = name.partition(":")
    if colon and fold(system) in systems:
        return _Wanted(text, external=rest, systems=systems[fold(system)])
    return _Wanted(text, external=name)


def _by_number(db: Database, numbers: Sequence[int]) -> dict[int, list[_Found]]:
    found: dict[int, list[_Found]] = {}
    for call in _select(db, "c.id", numbers):
        found.setdefault(call.id, []).append(call)
    return found


def _by_external(db: Database, ids: Sequence[str]) -> dict[str, list[_Found]]:
    found: dict[str, list[_Found]] = {}
    for call in _select(db, "c.external_id", ids):
        found.setdefault(call.external_id or "", []).append(call)
    return found


def _select(db: Database, column: str, values: Sequence[Any]) -> list[_Found]:
    if not values:
        return []
    params = {f"v{place}": value for place, value in enumerate(values)}
    marks = ", ".join(f":{name}" for name in params)
    sql = f"SELECT {_COLUMNS} FROM call AS c WHERE {column} IN ({marks}) ORDER BY c.id"
    return [_Found(*row) for row in db.rows(sql, params)]


def _choose(db: Database, wanted: _Wanted, candidates: Sequence[_Found]) -> int | Refused:
    live = [call for call in candidates if call.removed is None]
    if len(live) == 1:
        return live[0].id
    if live:
        shown = [(call.id, call.system, _start(call.started_at)) for call in live]
        return errors.calls.AmbiguousCall(wanted.text, shown)
    if candidates:
        return errors.calls.UnknownCall(wanted.text, _removal_hint(db, candidates[0]))
    if wanted.number is not None:
        hint = "Digits are a call's number in this database; ext:ID looks for an external id."
        return errors.calls.UnknownCall(wanted.text, hint)
    return errors.calls.UnknownCall(wanted.text)


def _removal_hint(db: Database, call: _Found) -> str:
    if call.removed == "undone":
        return f"The change that brought call {call.id} was undone."
    change = db.one(
        "SELECT max(change_id) FROM change_entry"
        " WHERE entity = 'call' AND entity_id = :id AND field = 'removed'",
        {"id": call.id},
    )
    if change is None:
        return f"Call {call.id} was deleted."
    return f"Call {call.id} was deleted by change {change}; `scorecli undo {change}` restores it."


def _start(epoch: int | None) -> str | None:
    if epoch is None:
        return None
    from datetime import UTC, datetime  # only the list of candidates needs it

    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M UTC")


def selected_calls(db: Database, selected: Filter) -> list[int]:
    """Return the numbers of all live calls that pass a filter."""
    from scorecli.storage.filter_sql import to_sql  # a call by its number needs none

    condition = to_sql(selected)
    rows = db.rows(
        f"SELECT c.id FROM call AS c WHERE c.removed IS NULL AND {condition.sql} ORDER BY c.id",
        condition.params,
    )
    return [number for (number,) in rows]
