"""Merging contacts that are one person, and turning leads into contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, NamedTuple

from scorecli.domain.text import fold
from scorecli.errors.contacts import MergedWithItself, ScoresDiffer
from scorecli.services.activities import move_activities
from scorecli.services.contact_editing import distinct_emails, distinct_numbers, live_states
from scorecli.services.contact_scoring import both_scored, merge_scores
from scorecli.services.contact_writer import ContactWriter
from scorecli.storage.changes import Author
from scorecli.storage.contact_rows import PLAIN, State
from scorecli.storage.database import Database

_NAME = ("first_name", "last_name")
Keep = Literal["FIRST", "SECOND", "max"]


class Merged(NamedTuple):
    """What a merge did: the contact that stays, those that went, and the number of the change."""

    keep: int
    others: tuple[int, ...]
    activities: int
    change: int | None


class Converted(NamedTuple):
    """How many leads became contacts, how many were contacts already, and the change's number."""

    converted: int
    unchanged: int
    change: int | None


def merge_contacts(
    db: Database,
    keep: int,
    others: Iterable[int],
    *,
    scores: Keep | None,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[int], None] | None = None,
) -> Merged:
    """Let contacts go into ``keep``, one after the other, as one change.

    Numbers, addresses and ``extra`` are united, empty fields filled, notes put one below the other,
    activities moved. Where two scores of one type differ, ``scores`` says whether the FIRST
    (of ``keep``), the SECOND or the higher one counts. ``inspect`` is told the number of ``keep``
    inside the transaction. Raises :class:`MergedWithItself`, :class:`ScoresDiffer`,
    :class:`UnknownContact`; then nothing is written.
    """
    going = tuple(dict.fromkeys(others))
    if keep in going:
        raise MergedWithItself(keep)
    moved = 0
    with db.change(*author, dry_run=dry_run) as change:
        writer = ContactWriter(db, change)
        states = dict(live_states(db, [keep, *going]))
        for other in going:
            # Out of the way first, so that no moment has two holders of what becomes one's.
            parting = {"removed": "merged", "merged_into": keep}
            writer.edit(other, states[other], parting)
            united = _united(states[keep], states[other])
            writer.edit(keep, states[keep], united)
            states[keep].update(united)
            change.record("contact", keep, "merged", None, True, item=str(other))
            merge_scores(db, change, keep, other, _counting(db, keep, other, scores))
            moved += move_activities(db, change, other, keep)
        if inspect is not None:
            db.settle(change)
            inspect(keep)
    return Merged(keep, going, moved, None if dry_run else change.number)


def convert_contacts(
    db: Database,
    contacts: Sequence[int],
    *,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[list[int]], None] | None = None,
) -> Converted:
    """Turn leads into contacts; all else about them stays. Raises :class:`UnknownContact`."""
    numbers = list(dict.fromkeys(contacts))
    converted = 0
    with db.change(*author, dry_run=dry_run) as change:
        writer = ContactWriter(db, change)
        for contact, before in live_states(db, numbers):
            converted += bool(writer.edit(contact, before, {"kind": "contact"}))
        if inspect is not None:
            db.settle(change)
            inspect(numbers)
    number = None if dry_run else change.number
    return Converted(converted, len(numbers) - converted, number)


def _united(keep: State, other: State) -> dict[str, Any]:
    """Return the fields of a contact after another one went into it."""
    united = {field: keep[field] if keep[field] is not None else other[field] for field in PLAIN}
    if any(keep[part] and other[part] and fold(keep[part]) != fold(other[part]) for part in _NAME):
        united |= {part: keep[part] for part in _NAME}  # half of each would be nobody's name
    if "contact" in (keep["kind"], other["kind"]):
        united["kind"] = "contact"
    notes = [state["note"] for state in (keep, other) if state["note"]]
    if len(notes) == 2 and fold(notes[1]) not in fold(notes[0]):
        united["note"] = "\n\n".join(notes)
    united["numbers"] = distinct_numbers([*keep["numbers"], *other["numbers"]])
    united["emails"] = distinct_emails([*keep["emails"], *other["emails"]])
    united["extra"] = {**other["extra"], **keep["extra"]}
    return united


def _counting(db: Database, keep: int, other: int, wish: Keep | None) -> dict[str, int]:
    """Return which contact's score counts, by the types on which they differ."""
    counts = {}
    for score_type, first, second in both_scored(db, keep, other):
        if wish is None:
            raise ScoresDiffer(score_type, (keep, first), (other, second))
        takes = wish == "SECOND" or (wish == "max" and second > first)
        counts[score_type] = other if takes else keep
    return counts
