"""Scores of contacts: setting one inside an open change, and many as one change.

Every score of a contact is written here, whether a person scores, a file or a rule does, so that
the value that holds is always the last one of its history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from scorecli.domain.contact_scores import ScoreWish, apply_wish, exact, score_type, stored
from scorecli.errors import Refused
from scorecli.settings import ScoreTypeSettings, Settings
from scorecli.storage.changes import Author, Change
from scorecli.storage.contact_lookup import require_contact
from scorecli.storage.contact_scores import FIELD, read_score, write_score
from scorecli.storage.database import Database

SHOWN = 1000
"""The most contacts whose values are kept for showing."""


class ScoreChange(NamedTuple):
    """A contact's value on a score type before and after; None is no value."""

    contact: int
    before: Decimal | None
    after: Decimal | None


class ContactScoring(NamedTuple):
    """What scoring contacts did.

    ``scores`` holds the first ``SHOWN`` contacts, changed or not; ``failures`` those left out, with
    the reason; ``change`` is the number in the history, None where nothing was written.
    """

    changed: int
    unchanged: int
    scores: list[ScoreChange]
    failures: list[tuple[int, Refused]]
    change: int | None


def set_contact_score(
    db: Database,
    change: Change,
    kind: ScoreTypeSettings,
    contact: int,
    wish: ScoreWish,
    *,
    reason: str | None = None,
    written_by: str | None = None,
) -> ScoreChange:
    """Set, raise, lower or take away a contact's value on a score type inside an open change.

    Raises :class:`UnknownContact` where it is not there any more, :class:`ScoreOutsideRange`,
    :class:`TooManyDecimals`; then nothing is written.
    """
    require_contact(db, contact)
    held = read_score(db, contact, kind.name)
    before = None if held is None else exact(held)
    after = apply_wish(wish, before, kind, f"Contact {contact}")
    if before != after:
        values = [None if value is None else stored(value) for value in (before, after)]
        record_score(
            db,
            change,
            contact,
            kind.name,
            (values[0], values[1]),
            reason=reason,
            written_by=written_by,
        )
    return ScoreChange(contact, before, after)


def record_score(
    db: Database,
    change: Change,
    contact: int,
    name: str,
    values: tuple[float | None, float | None],
    *,
    reason: str | None,
    written_by: str | None = None,
) -> None:
    """Write a contact's value on a score type, before and after, and enter it in the history."""
    before, after = values
    write_score(db, contact, name, after)
    change.record(
        "contact", contact, FIELD, before, after, item=name, written_by=written_by, reason=reason
    )


def score_contacts(
    db: Database,
    settings: Settings,
    contacts: Sequence[int],
    type_name: str,
    wish: ScoreWish,
    *,
    author: Author,
    reason: str | None = None,
    dry_run: bool = False,
    keep_going: bool = False,
    inspect: Callable[[], None] | None = None,
) -> ContactScoring:
    """Apply one wish to the contacts with these numbers, all or none of them, as one change.

    With ``keep_going`` those that cannot take it are left out and listed. ``inspect`` is called
    inside the transaction when all is written. Raises :class:`UnknownScoreType` and what
    :func:`set_contact_score` raises.
    """
    kind = score_type(settings, type_name)
    outcome = ContactScoring(0, 0, [], [], None)
    changed = unchanged = 0
    with db.change(*author, dry_run=dry_run) as change:
        for contact in dict.fromkeys(contacts):
            try:
                done = set_contact_score(db, change, kind, contact, wish, reason=reason)
            except Refused as error:
                if not keep_going:
                    raise
                outcome.failures.append((contact, error))
                continue
            if done.before == done.after:
                unchanged += 1
            else:
                changed += 1
            if len(outcome.scores) < SHOWN:
                outcome.scores.append(done)
        db.settle(change)
        if db.on_written is not None:  # rules may have gone on scoring
            outcome.scores[:] = _as_they_are(db, kind.name, outcome.scores)
        if inspect is not None:
            inspect()
    number = None if dry_run else change.number
    return outcome._replace(changed=changed, unchanged=unchanged, change=number)


def _as_they_are(db: Database, score_type: str, scores: Sequence[ScoreChange]) -> list[ScoreChange]:
    found = []
    for each in scores:
        held = read_score(db, each.contact, score_type)
        found.append(each._replace(after=None if held is None else exact(held)))
    return found


def merge_scores(
    db: Database, change: Change, kept: int, gone: int, counts: Mapping[str, int]
) -> None:
    """Give the contact that is kept the scores of the one that goes, inside an open change.

    ``counts`` says, of the types that both have a value on, which of the two contacts' counts; a
    type that is not in it keeps that of ``kept``. The value that holds from then on is entered in
    the history, changed or not, since that of ``gone`` is part of it and may be later.
    """
    rows = db.rows(
        "SELECT score_type FROM contact_score WHERE contact_id = :gone"
        " UNION SELECT item FROM change_entry WHERE entity = 'contact' AND entity_id = :gone"
        " AND field = 'score' ORDER BY 1",
        {"gone": gone},
    )
    for (name,) in rows:
        before, other = read_score(db, kept, name), read_score(db, gone, name)
        takes = other is not None and (before is None or counts.get(name) == gone)
        after = other if takes else before
        if after != before:
            write_score(db, kept, name, after)
        old, new = (None if value is None else stored(exact(value)) for value in (before, after))
        reason = f"merged with contact {gone}"
        change.record("contact", kept, FIELD, old, new, item=name, reason=reason)


def both_scored(db: Database, one: int, other: int) -> list[tuple[str, float, float]]:
    """Return the types on which two contacts have different values, with both of them."""
    return db.rows(
        "SELECT a.score_type, a.value, b.value FROM contact_score AS a JOIN contact_score AS b"
        " ON b.score_type = a.score_type AND b.value <> a.value"
        " WHERE a.contact_id = :one AND b.contact_id = :other ORDER BY a.score_type",
        {"one": one, "other": other},
    )
