"""Who is on the do-not-call list: by people and files, and by the results of calls.

What people and files did stands in the table ``do_not_call`` and counts while its change stands.
What results did follows from the calls that have them now, unless a person took the number off
the list after the result was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from scorecli.storage.database import Database
from scorecli.storage.many_rows import placeholders

_CHUNK = 500  # numbers asked for by one statement
ADDED = "added"
REMOVED = "removed"

_EVENTS = (
    "SELECT d.number, d.campaign_id, d.action, d.reason, d.added_in, ch.made_at, ch.who"
    " FROM do_not_call AS d JOIN change AS ch ON ch.id = d.added_in"
    " WHERE ch.undone_by IS NULL AND d.number IN ({marks}) ORDER BY d.id"
)
# Calls by their own number; one that cannot be normalised is known by the record it was made for.
_CALLS = (
    "SELECT c.contact_number_e164, c.id, r.code, c.imported_in FROM call AS c"
    " JOIN result AS r ON r.id = c.result_id WHERE c.removed IS NULL AND r.do_not_call = 1"
    " AND c.contact_number_e164 IN ({marks})"
)
_CALLS_OF_RECORDS = (
    "SELECT lr.number, c.id, r.code, c.imported_in FROM list_record AS lr"
    " JOIN call AS c ON c.record_id = lr.id JOIN result AS r ON r.id = c.result_id"
    " WHERE c.removed IS NULL AND r.do_not_call = 1 AND c.contact_number_e164 IS NULL"
    " AND lr.number IN ({marks})"
)
# The change that gave a call the result it has; undone ones and the undoing of them do not count.
_GIVEN = (
    "SELECT ch.id, ch.made_at, ch.who FROM change_entry AS e JOIN change AS ch"
    " ON ch.id = e.change_id WHERE e.entity = 'call' AND e.entity_id = :call"
    " AND e.field = 'result' AND ch.undoes IS NULL AND ch.undone_by IS NULL"
    " ORDER BY e.id DESC LIMIT 1"
)
_IMPORTED = "SELECT ch.id, ch.made_at, ch.who FROM change AS ch WHERE ch.id = :change"


class Listing(NamedTuple):
    """One reason why a number is on the do-not-call list.

    ``campaign`` is None for all campaigns. ``since`` is UTC seconds. ``call`` and ``result`` are
    those that put it there, where no person or file did.
    """

    number: str
    campaign: int | None
    since: int | None
    who: str | None
    reason: str | None
    call: int | None
    result: str | None
    change: int | None


def listings(db: Database, numbers: Iterable[str]) -> dict[str, list[Listing]]:
    """Return why each of the numbers is on the list; those that are not are left out."""
    found: dict[str, list[Listing]] = {}
    rest = iter(numbers)
    while part := list(islice(rest, _CHUNK)):
        for listing in _of_chunk(db, part):
            found.setdefault(listing.number, []).append(listing)
    return found


def scopes(db: Database, numbers: Iterable[str]) -> dict[str, set[int | None]]:
    """Return the campaigns for which each number is on the list, None for all of them."""
    return {
        number: {listing.campaign for listing in reasons}
        for number, reasons in listings(db, numbers).items()
    }


def _of_chunk(db: Database, numbers: Sequence[str]) -> Iterator[Listing]:
    marks = placeholders(numbers)
    last: dict[tuple[str, int | None], Sequence[Any]] = {}
    taken_off: dict[str, int] = {}
    for row in db.execute(_EVENTS.format(marks=marks), numbers):
        number, campaign, action, _, change, *_ = row
        last[number, campaign] = row
        if action == REMOVED and campaign is None:
            taken_off[number] = change
    for number, campaign, action, reason, change, made_at, who in last.values():
        if action == ADDED:
            yield Listing(number, campaign, made_at, who, reason, None, None, change)
    for sql in (_CALLS, _CALLS_OF_RECORDS):
        for number, call, code, imported_in in db.rows(sql.format(marks=marks), numbers):
            change, made_at, who = given_in(db, call, imported_in)
            if change is None or change > taken_off.get(number, 0):
                yield Listing(number, None, made_at, who, None, call, code, change)


def given_in(
    db: Database, call: int, imported_in: int | None
) -> tuple[int | None, int | None, str | None]:
    """Return the change that gave a call its result: its number, when (UTC seconds), and who."""
    found = db.rows(_GIVEN, {"call": call})
    if not found and imported_in is not None:
        found = db.rows(_IMPORTED, {"change": imported_in})
    return found[0] if found else (None, None, None)
