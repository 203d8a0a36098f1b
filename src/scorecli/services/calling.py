"""Working through a campaign: the next record to call, reserved for whoever asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorecli.domain.delays import read_delay
from scorecli.errors.campaigns import CampaignClosed, QueueEmpty
from scorecli.settings import Settings
from scorecli.storage.campaigns import KnownCampaign, find_campaign
from scorecli.storage.database import Database
from scorecli.storage.queue import Moment, Waiting, first_waiting, is_calling_time

if TYPE_CHECKING:
    from scorecli.storage.filter_sql import Condition


def moment(settings: Settings, now: int) -> Moment:
    """Return the moment at which a queue is asked for; ``now`` is UTC seconds."""
    within = read_delay(settings.results.recall_within)
    return Moment(now, settings.display.time_zone, within)


def present_next(
    db: Database,
    settings: Settings,
    campaign: str,
    *,
    who: str,
    now: int,
    reserve: int,
    also: Condition | None = None,
) -> Waiting:
    """Reserve the first record to be called for ``reserve`` seconds, and return it.

    Nobody else is given it until then, or until its call is logged. ``also`` is what else must
    hold of it. Raises :class:`UnknownCampaign`, :class:`CampaignClosed`, :class:`QueueEmpty`.
    """
    with db.change("scorecli campaigns next", who):
        known = open_campaign(db, campaign)
        at = moment(settings, now)
        found = first_waiting(db, known, at, 1, also)
        if not found:
            raise QueueEmpty(known.name, why_nobody(db, known, at, also))
        db.execute(
            "UPDATE list_record SET reserved_by = :who, reserved_until = :until WHERE id = :record",
            {"who": who, "until": now + reserve, "record": found[0].record},
        )
    return found[0]


def open_campaign(db: Database, name: str) -> KnownCampaign:
    """Return a campaign that is not closed; raises :class:`CampaignClosed` too."""
    known = find_campaign(db, name)
    if known.closed:
        raise CampaignClosed(known.name)
    return known


def why_nobody(
    db: Database, campaign: KnownCampaign, at: Moment, also: Condition | None = None
) -> str:
    """Say why a campaign has nobody to call, or none of whom ``also`` holds."""
    if not is_calling_time(db, campaign, at):
        return f"it is outside its calling hours, {campaign.hours}"
    if also is not None and first_waiting(db, campaign, at, 1):
        return "the filter leaves out everybody who is"
    states = db.rows(
        "SELECT sum(state = 'callback' AND next_at > :now), sum(reserved_until > :now), count(*)"
        " FROM list_record WHERE removed IS NULL AND campaign_id = :campaign"
        " AND (state = 'callback' OR reserved_until > :now)",
        {"campaign": campaign.id, "now": at.now},
    )
    later, reserved, _ = states[0]
    reasons = [f"{later:,} to be called back later"] if later else []
    reasons += [f"{reserved:,} reserved"] if reserved else []
    return ", ".join(reasons) or "no record is left to call"
