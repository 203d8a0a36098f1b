"""Entering the calls that were made to records of contact lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from scorecli.domain.scoring import ScoreEdit
from scorecli.errors.campaigns import NotCalledYet, UnknownRecord
from scorecli.services.call_editing import enter_call
from scorecli.settings import Settings
from scorecli.storage.changes import Author
from scorecli.storage.database import Database

_RECORD = (
    "SELECT r.number, r.contact_id, campaign.name, l.name, l.opened_at,"
    " TRIM(COALESCE(k.first_name, '') || ' ' || COALESCE(k.last_name, ''))"
    " FROM list_record AS r JOIN campaign ON campaign.id = r.campaign_id"
    " JOIN contact_list AS l ON l.id = r.list_id JOIN contact AS k ON k.id = r.contact_id"
    " WHERE r.id = :record AND r.removed IS NULL"
)

_CLOCKS_DIFFER = 60  # seconds by which a phone system's clock may be ahead of this one


class CallMade(NamedTuple):
    """A call that was made: texts by the canonical names of facts, and what was said of it."""

    facts: dict[str, str]
    score: ScoreEdit


def log_call(
    db: Database,
    settings: Settings,
    record: int,
    made: CallMade,
    *,
    now: int,
    author: Author,
    dry_run: bool = False,
    inspect: Callable[[int, int], None] | None = None,
) -> tuple[int, int | None]:
    """Enter the call that was made to a record; return its number and that of the change.

    The call has the campaign and the list of the record, its number and contact, and whoever logs
    it as its agent. Without a start it began as long ago as it took, and is a call of its own
    however soon it follows another one. The reservation ends. Raises :class:`UnknownRecord`,
    :class:`NotCalledYet`, and what refuses a call or its result.
    """
    with db.change(*author, dry_run=dry_run) as change:
        found = db.rows(_RECORD, {"record": record})
        if not found:
            raise UnknownRecord(str(record))
        number, _, campaign, list_name, opened_at, contact = found[0]
        facts = {
            "direction": "outbound",
            "campaign": campaign,
            "list": list_name,
            "contact_number": number,
            "contact_name": contact,
            "agent": author.who,
            **made.facts,
        }
        just_ended = not facts.get("started_at", "").strip()
        if just_ended:
            # Not before the list was opened: what the call says counts from now on.
            facts["started_at"] = str(max(now - _seconds(facts.get("duration")), opened_at))
        facts = _filled(facts)
        call = enter_call(
            db, change, settings, facts, made.score, now=now, record=record, again=just_ended
        )
        began = db.one("SELECT started_at FROM call WHERE id = :call", {"call": call})
        if not just_ended and began is not None and began > now + _CLOCKS_DIFFER:
            raise NotCalledYet(made.facts["started_at"])
        db.execute(
            "UPDATE list_record SET reserved_by = NULL, reserved_until = NULL WHERE id = :record",
            {"record": record},
        )
        if inspect is not None:
            db.settle(change)
            inspect(call, change.id)
    return call, None if dry_run else change.number


def _filled(facts: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in facts.items() if text.strip()}


def _seconds(duration: str | None) -> int:
    from scorecli.domain.durations import read_duration

    try:
        return read_duration(duration or "0")
    except ValueError:
        return 0  # reading the facts of the call says what is wrong with it
