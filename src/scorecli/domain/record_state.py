"""What becomes of the records of contact lists: it follows from their calls alone.

A record is one contact on one list. Calls belong to the record they were logged for, or to the
only record with their number whose campaign they name. The latest call that has a result decides;
a call without one counts as an attempt and says nothing else. So the order in which calls and
results were entered makes no difference, and taking a result away takes away what it caused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from scorecli.domain.filter_fields import RECORD_STATES

NEW = "new"
CALLBACK = "callback"
OPEN = "open"
FINAL = "final"
DO_NOT_CALL = "do_not_call"
STATES = RECORD_STATES


class Record(NamedTuple):
    """A record of a number: the campaign of its list, and when that was opened (UTC seconds)."""

    id: int
    campaign: int
    opened_at: int


class Effects(NamedTuple):
    """What a call result does to a record: ``recall_after`` in seconds, ``roll_to`` a campaign."""

    final: bool = False
    recall: bool = False
    recall_after: int | None = None
    roll_to: int | None = None


class MadeCall(NamedTuple):
    """A call of the number: when it started, which record it was logged for, its campaign if that
    is a defined one, what its result does (None without one), and when to call again if said.
    """

    started_at: int
    id: int
    record: int | None = None
    campaign: int | None = None
    effects: Effects | None = None
    recall_at: int | None = None


class State(NamedTuple):
    """What is kept of a record; times are UTC seconds.

    ``campaign`` is another one than the list's after it was rolled over. A callback is due at
    ``next_at``; ``callback_from`` is what its age counts from.
    """

    campaign: int
    state: str = NEW
    attempts: int = 0
    last_call_at: int | None = None
    next_at: int | None = None
    callback_from: int | None = None


def follow(
    records: Sequence[Record], calls: Iterable[MadeCall], barred: Collection[int | None] = ()
) -> dict[int, State]:
    """Return the states of all records of one number.

    ``calls`` are all calls of that number and all that were logged for one of the records.
    ``barred`` names the campaigns on whose do-not-call list the number is, None for all of them.
    """
    made = {record.id: _Made(record) for record in records}
    for call in sorted(calls):
        taker = made.get(call.record) if call.record is not None else _only_one(made, call)
        if taker is not None:
            taker.take(call)
    return {number: each.state(barred) for number, each in made.items()}


def _only_one(made: dict[int, _Made], call: MadeCall) -> _Made | None:
    if call.campaign is None:
        return None
    fits = [
        each for each in made.values() if call.campaign in (each.record.campaign, each.campaign)
    ]
    return fits[0] if len(fits) == 1 else None


class _Made:
    """What was made of a record so far, its calls taken in the order in which they started."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.campaign = record.campaign
        self._attempts = 0
        self._last: MadeCall | None = None
        self._deciding: MadeCall | None = None
        self._rolled = False  # whether the deciding call moved it to another campaign

    def take(self, call: MadeCall) -> None:
        self._attempts += 1
        self._last = call
        if call.effects is not None:
            self._deciding = call
            called_in = call.campaign or self.campaign
            self.campaign = call.effects.roll_to or called_in
            self._rolled = self.campaign != called_in

    def state(self, barred: Collection[int | None]) -> State:
        last = None if self._last is None else self._last.started_at
        known = State(self.campaign, attempts=self._attempts, last_call_at=last)
        if None in barred or self.campaign in barred:
            return known._replace(state=DO_NOT_CALL)
        if self._last is None:
            return known
        call = self._deciding
        if call is None or call.effects is None:
            return known._replace(state=OPEN)
        effects = call.effects
        if effects.final and call.started_at >= self.record.opened_at:
            return known._replace(state=FINAL)
        if effects.recall:
            due = call.recall_at
            if due is None:
                due = call.started_at + (effects.recall_after or 0)
            since = call.started_at if call.recall_at is None else call.recall_at
            return known._replace(state=CALLBACK, next_at=due, callback_from=since)
        # Rolled over, and not called in the new campaign yet.
        return known._replace(state=NEW if self._rolled and call is self._last else OPEN)
