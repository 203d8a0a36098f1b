"""What becomes of the do-not-call list when a person is erased.

That a number must not be called holds for whoever has the number, and forgetting it would bring the
calls back that somebody forbade. So the bare number stays where it is listed, without a reason and
without the calls that told why, and goes only where that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scorecli.domain.phones import Phones
from scorecli.services.do_not_call import Writer
from scorecli.storage.changes import Change
from scorecli.storage.contact_rows import State
from scorecli.storage.database import Database
from scorecli.storage.do_not_call import ADDED, Listing, listings
from scorecli.storage.many_rows import chunks, placeholders


class Numbers(NamedTuple):
    """The numbers of contacts as lists know them: those that nobody else has, and the others."""

    own: tuple[str, ...]
    shared: tuple[str, ...]


def numbers_of(
    db: Database, contacts: Sequence[int], states: Iterable[State], phones: Phones
) -> Numbers:
    """Return the numbers of contacts, those of their records on lists included."""
    found: dict[str, None] = {}
    for state in states:
        for written, e164 in state["numbers"]:
            found[e164 or phones.comparable(written) or written] = None
    for part in chunks(contacts):
        rows = db.execute(
            f"SELECT DISTINCT number FROM list_record WHERE contact_id IN ({placeholders(part)})",
            part,
        )
        found.update(dict.fromkeys(number for (number,) in rows))
    gone = set(contacts)
    shared = tuple(number for number in found if _others(db, number) - gone)
    return Numbers(tuple(number for number in found if number not in shared), shared)


def keep_barred(db: Database, change: Change, numbers: Sequence[str]) -> int:
    """Keep nothing but the number of those on the do-not-call list; return how many those are.

    Where only a result put one there, it is written down, since its call no longer knows it. Call
    it before anything of the contact is deleted.
    """
    barred = listings(db, numbers)
    forget_barred(db, [number for number in numbers if number not in barred])
    db.executemany(
        "UPDATE do_not_call SET reason = NULL WHERE number = ?", [(number,) for number in barred]
    )
    Writer(db, change, None, None).write(
        ADDED, [number for number, reasons in barred.items() if _by_results_alone(reasons)]
    )
    change.summary.clear()  # they were on the list before
    return len(barred)


def forget_barred(db: Database, numbers: Sequence[str]) -> None:
    """Take every trace of numbers out of the do-not-call list."""
    gone = [(number,) for number in numbers]
    db.executemany(
        "DELETE FROM change_entry WHERE entity = 'do_not_call'"
        " AND entity_id IN (SELECT id FROM do_not_call WHERE number = ?)",
        gone,
    )
    db.executemany("DELETE FROM do_not_call WHERE number = ?", gone)


def barring_changes(db: Database, numbers: Sequence[str]) -> set[int]:
    """Return the changes that put numbers on the do-not-call list or took them off."""
    sql = "SELECT added_in FROM do_not_call WHERE number = :number"
    return {change for number in numbers for (change,) in db.rows(sql, {"number": number})}


def logged_numbers(db: Database, contacts: Sequence[int]) -> list[str]:
    """Return the numbers of calls that were logged for records of contacts, whoever has them."""
    found: set[str] = set()
    for part in chunks(contacts):
        rows = db.execute(
            "SELECT c.contact_number_e164 FROM list_record AS r JOIN call AS c"
            " ON c.record_id = r.id AND c.contact_number_e164 IS NOT NULL"
            f" WHERE r.contact_id IN ({placeholders(part)})",
            part,
        )
        found.update(number for (number,) in rows)
    return sorted(found)


def _others(db: Database, number: str) -> set[int]:
    rows = db.rows(
        "SELECT n.contact_id FROM contact_number AS n JOIN contact AS k ON k.id = n.contact_id"
        " WHERE k.removed IS NULL AND (n.e164 = :number OR n.number = :number)"
        " UNION SELECT r.contact_id FROM list_record AS r JOIN contact AS k ON k.id = r.contact_id"
        " WHERE k.removed IS NULL AND r.removed IS NULL AND r.number = :number",
        {"number": number},
    )
    return {contact for (contact,) in rows}


def _by_results_alone(reasons: Sequence[Listing]) -> bool:
    """Tell whether a number is barred everywhere, and only because of results of its calls."""
    everywhere = [each for each in reasons if each.campaign is None]
    return bool(everywhere) and all(each.call is not None for each in everywhere)
