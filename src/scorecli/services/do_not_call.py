"""The do-not-call list: numbers that people and files put there, or take off it.

Nothing is ever deleted, so that it stays known who did what, when and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scorecli.domain.phones import Phones
from scorecli.errors.do_not_call import NoPhoneNumber
from scorecli.services.record_states import keep_records
from scorecli.settings import Settings
from scorecli.storage.batches import record_batch
from scorecli.storage.campaigns import find_campaign
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.do_not_call import ADDED, REMOVED, Listing, listings


class Wish(NamedTuple):
    """For which campaign a number is put on the list or taken off (None: for all), and why."""

    campaign: str | None = None
    reason: str | None = None


class Listed(NamedTuple):
    """What became of numbers.

    ``numbers`` are those that were put on the list or taken off, ``unchanged`` those where it was
    so already, ``elsewhere`` where a number that was to be taken off is still listed. ``closed``
    counts records that are not called any more.
    """

    numbers: tuple[str, ...]
    unchanged: tuple[str, ...]
    elsewhere: tuple[Listing, ...]
    closed: int
    change: int | None


def add_numbers(
    db: Database,
    settings: Settings,
    texts: Sequence[str],
    wish: Wish,
    *,
    author: Author,
    dry_run: bool = False,
) -> Listed:
    """Put numbers on the do-not-call list, all of them or none.

    A number that a result put there is written down as well, so that it stays when the result
    goes. Raises :class:`NoPhoneNumber`, :class:`UnknownCampaign`.
    """
    numbers = normalised(texts, settings)
    with db.change(*author, dry_run=dry_run) as change:
        campaign = None if wish.campaign is None else find_campaign(db, wish.campaign).id
        found = listings(db, numbers)
        there = {
            number
            for number, reasons in found.items()
            if any(each.campaign == campaign and each.call is None for each in reasons)
        }
        new = tuple(number for number in numbers if number not in there)
        Writer(db, change, campaign, wish.reason).write(ADDED, new)
        closed = keep_records(db, change)
    unchanged = tuple(number for number in numbers if number in there)
    return Listed(new, unchanged, (), closed, None if dry_run else change.number)


def remove_numbers(
    db: Database,
    settings: Settings,
    texts: Sequence[str],
    wish: Wish,
    *,
    author: Author,
    dry_run: bool = False,
) -> Listed:
    """Take numbers off the do-not-call list, all of them or none.

    It holds against results that were given before, not against those that are given later. Raises
    as :func:`add_numbers` does.
    """
    numbers = normalised(texts, settings)
    with db.change(*author, dry_run=dry_run) as change:
        campaign = None if wish.campaign is None else find_campaign(db, wish.campaign).id
        found = listings(db, numbers)
        there = tuple(
            number
            for number in numbers
            if any(each.campaign == campaign for each in found.get(number, ()))
        )
        Writer(db, change, campaign, wish.reason).write(REMOVED, there)
        keep_records(db, change)
    elsewhere = tuple(
        each for number in numbers for each in found.get(number, ()) if each.campaign != campaign
    )
    unchanged = tuple(number for number in numbers if number not in there)
    return Listed(there, unchanged, elsewhere, 0, None if dry_run else change.number)


def normalised(texts: Iterable[str], settings: Settings) -> list[str]:
    """Return what the numbers are known by, each once; raises :class:`NoPhoneNumber`."""
    phones = Phones(settings.phone.region)
    found: dict[str, None] = {}
    for text in texts:
        number = phones.comparable(text)
        if number is None:
            raise NoPhoneNumber(text)
        found[number] = None
    return list(found)


class Writer:
    """Writes rows of the do-not-call list inside a change, and which of them came with it."""

    def __init__(
        self, db: Database, change: Change, campaign: int | None, reason: str | None
    ) -> None:
        self._db = db
        self._change = change
        self._campaign = campaign
        self._reason = reason and (reason.strip() or None)

    def write(self, action: str, numbers: Sequence[str]) -> None:
        """Write one row for each number; once a change."""
        if not numbers:
            return
        first = 1 + int(self._db.one("SELECT max(id) FROM do_not_call") or 0)
        row = (self._campaign, action, self._reason, self._change.id)
        self._db.executemany(
            "INSERT INTO do_not_call (id, number, campaign_id, action, reason, added_in)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            ((first + place, number, *row) for place, number in enumerate(numbers)),
        )
        last = first + len(numbers) - 1
        record_batch(self._db, self._change, "do_not_call", first, last)
        self._change.summary["inserted" if action == ADDED else "removed"] = len(numbers)
