"""What stands against an undo: changes made later that wrote to the same fields."""

from __future__ import annotations

import json
from collections.abc import Iterable

from scorecli.errors.history import TouchedLater
from scorecli.services.undo_assignments import later_assignments, later_by_person
from scorecli.storage.assignments import ENTITY
from scorecli.storage.batches import later_changes
from scorecli.storage.database import Database

# The later changes that wrote what this one wrote; of other records than calls, a whole record
# that came or went is every field of it.
_SAME_FIELDS = (
    " FROM change_entry AS ours JOIN change_entry AS theirs ON theirs.entity = ours.entity"
    " AND theirs.entity_id = ours.entity_id AND theirs.change_id > ours.change_id"
    " AND theirs.field = ours.field AND theirs.item = ours.item"
    f" WHERE ours.change_id = :number AND ours.entity <> '{ENTITY}'"
)
_SAME_RECORDS = (
    " FROM change_entry AS ours JOIN change_entry AS theirs ON theirs.entity = ours.entity"
    " AND theirs.entity_id = ours.entity_id AND theirs.change_id > ours.change_id"
    " WHERE ours.change_id = :number AND ours.entity <> 'call'"
    " AND 'row' IN (ours.field, theirs.field)"
)
_SAME_CALLS = (
    " FROM call JOIN change_entry AS theirs"
    " ON theirs.entity = 'call' AND theirs.entity_id = call.id"
    " WHERE call.imported_in = :root AND call.id BETWEEN"
    " (SELECT first_call FROM change WHERE id = :root)"
    " AND (SELECT last_call FROM change WHERE id = :root)"
    # What erasing leaves behind has no values, and stands in nobody's way.
    ' AND (theirs."before" IS NOT NULL OR theirs."after" IS NOT NULL)'
)

# In a later change that made or deleted a result.
_WITH_RESULTS = (
    " AND theirs.change_id > :number AND theirs.field = 'result' AND EXISTS (SELECT 1"
    " FROM change_entry AS made WHERE made.change_id = theirs.change_id"
    " AND made.entity = 'result' AND made.field = 'row')"
)


class Chains:
    """Every change that was undone, with the undos of it in order."""

    def __init__(self, db: Database) -> None:
        self._before: dict[int, int] = {}
        self._after: dict[int, int] = {}
        for number, undone in db.rows(
            "SELECT id, undoes FROM change WHERE undoes IS NOT NULL ORDER BY id"
        ):
            self._before[number] = undone
            self._after[undone] = number

    def root(self, number: int) -> int:
        """Return the change at the start of a link's chain; itself where it is no undo."""
        while number in self._before:
            number = self._before[number]
        return number

    def of(self, root: int) -> list[int]:
        """Return the chain that starts with a change: it, its undo, the undo of that, ..."""
        chain = [root]
        while chain[-1] in self._after:
            chain.append(self._after[chain[-1]])
        return chain


def refuse_conflicts(
    db: Database, chains: Chains, number: int, *, hides_calls: bool, shows_calls: bool = False
) -> None:
    """Raise :class:`TouchedLater` where a later change stands on what ``number`` wrote.

    ``number`` is the last link of its chain. Later links of one chain that cancel each other leave
    the fields as they were, so only an odd number of them stands in the way.
    """
    params = {"number": number, "root": chains.root(number)}
    latest = db.one("SELECT max(id) FROM change") == number
    for found in () if latest else (_SAME_FIELDS, _SAME_RECORDS):
        later = _uncancelled(
            chains,
            (row[0] for row in db.execute(f"SELECT DISTINCT theirs.change_id{found}", params)),
        )
        if later is not None:
            raise _touched(db, number, later, found, params)
    if not latest:
        _refuse_later_assignments(db, chains, number)
    _refuse_missing_tags(db, number)
    _refuse_hidden_calls(db, chains, number)
    if number == params["root"] or chains.of(params["root"]).index(number) % 2 == 0:
        _refuse_changed_batches(db, chains, number, params["root"])
    if shows_calls:
        # Undoing the definition of a result takes it from calls that are out of sight.
        writing = f"{_SAME_CALLS}{_WITH_RESULTS}"
        touching = db.execute(f"SELECT DISTINCT theirs.change_id{writing}", params)
        later = _uncancelled(chains, (change for (change,) in touching))
        if later is not None:
            raise _touched(db, number, later, writing, params)
    if hides_calls:
        by_person = later_by_person(db, params["root"])
        touching = db.execute(f"SELECT DISTINCT theirs.change_id{_SAME_CALLS}", params)
        roots = {chains.root(change) for (change,) in touching} - {params["root"]}
        done = [chain[-1] for chain in map(chains.of, roots) if len(chain) % 2 == 1]
        assigned = _uncancelled(chains, by_person)
        if assigned is not None:
            raise TouchedLater(number, assigned, f"user of call {by_person[assigned]}")
        if done:
            raise _touched(db, number, max(done), _SAME_CALLS, params)


def _refuse_changed_batches(db: Database, chains: Chains, number: int, root: int) -> None:
    later = later_changes(db, root)
    latest = _uncancelled(chains, (change for change in later if chains.root(change) != root))
    if latest is not None:
        raise TouchedLater(number, latest, later[latest])


def _refuse_later_assignments(db: Database, chains: Chains, number: int) -> None:
    later = later_assignments(db, number)
    latest = _uncancelled(chains, later)
    if latest is not None:
        raise TouchedLater(number, latest, f"user of call {later[latest]}")


def _uncancelled(chains: Chains, changes: Iterable[int]) -> int | None:
    """Return the latest of some changes that no other link of its own chain cancels."""
    links: dict[int, list[int]] = {}
    for change in changes:
        links.setdefault(chains.root(change), []).append(change)
    return max((max(later) for later in links.values() if len(later) % 2), default=None)


def _touched(
    db: Database, number: int, later: int, found: str, params: dict[str, int]
) -> TouchedLater:
    entity, record, field = db.rows(
        f"SELECT theirs.entity, theirs.entity_id, theirs.field{found}"
        " AND theirs.change_id = :later LIMIT 1",
        {**params, "later": later},
    )[0]
    what = f"{entity} {record}" if field == "row" else f"{field} of {entity} {record}"
    return TouchedLater(number, later, what)


def _refuse_missing_tags(db: Database, number: int) -> None:
    """Refuse to give calls a tag that a later change deleted."""
    missing = db.one(
        "SELECT DISTINCT CAST(e.item AS INTEGER) AS tag FROM change_entry AS e"
        " WHERE e.change_id = :number AND e.entity = 'call' AND e.item <> ''"
        " AND e.\"before\" = 'true' AND NOT EXISTS ("
        "SELECT 1 FROM tag WHERE tag.id = CAST(e.item AS INTEGER)) AND NOT EXISTS ("
        "SELECT 1 FROM change_entry AS own WHERE own.change_id = :number AND own.entity = 'tag'"
        " AND own.entity_id = CAST(e.item AS INTEGER) AND own.field = 'row')",
        {"number": number},
    )
    if missing is None:
        return
    later, row = db.rows(
        'SELECT change_id, COALESCE("before", "after") FROM change_entry'
        " WHERE entity = 'tag' AND entity_id = :tag AND field = 'row' ORDER BY id DESC LIMIT 1",
        {"tag": missing},
    )[0]
    raise TouchedLater(number, later, f'the tag "{json.loads(row)["name"]}"')


def _refuse_hidden_calls(db: Database, chains: Chains, number: int) -> None:
    """Refuse to delete or restore a call whose import is undone by now."""
    rows = db.rows(
        "SELECT c.id, c.imported_in FROM change_entry AS e JOIN call AS c ON c.id = e.entity_id"
        " WHERE e.change_id = :number AND e.entity = 'call' AND e.field = 'removed'"
        " AND c.removed = 'undone' AND c.imported_in IS NOT NULL"
        ' AND e."after" IS NOT \'"undone"\' LIMIT 1',
        {"number": number},
    )
    if rows:
        call, imported_in = rows[0]
        raise TouchedLater(number, chains.of(imported_in)[-1], f"call {call}")
