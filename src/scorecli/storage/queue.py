"""Who is to be called next in a campaign, in order: due callbacks, new ones, the rest again.

Each group is read in the order of an index, so that the first records of a campaign of any size
come at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from scorecli.storage.campaigns import KnownCampaign
from scorecli.storage.database import Database

if TYPE_CHECKING:
    from scorecli.storage.filter_sql import Condition

_SELECT = (
    "SELECT c.id FROM list_record AS c WHERE c.removed IS NULL AND c.campaign_id = :campaign"
    " AND (c.reserved_until IS NULL OR c.reserved_until <= :now)"
    " AND NOT EXISTS (SELECT 1 FROM contact AS k"
    " WHERE k.id = c.contact_id AND k.removed IN ('deleted', 'undone'))"
)
# Of a call before :fresh no callback remains, and the record is called again like others.
GROUPS = {
    "callback": _SELECT + " AND c.state = 'callback' AND c.next_at BETWEEN :fresh AND :now"
    " AND c.callback_from >= :fresh{also} ORDER BY c.next_at, c.id",
    "new": _SELECT + " AND c.state = 'new' AND c.next_at IS NULL{also} ORDER BY c.id",
    "again": _SELECT + " AND c.state IN ('open', 'callback')"
    " AND (c.state = 'open' OR (c.next_at <= :now AND c.callback_from < :fresh)){also}"
    " ORDER BY c.last_call_at, c.id",
}
_ZONES = (
    "WITH RECURSIVE known (zone) AS ("
    "SELECT min(time_zone) FROM list_record WHERE removed IS NULL AND time_zone IS NOT NULL"
    " AND campaign_id = :campaign"
    " UNION ALL SELECT (SELECT min(time_zone) FROM list_record WHERE removed IS NULL"
    " AND time_zone IS NOT NULL AND campaign_id = :campaign AND time_zone > known.zone)"
    " FROM known WHERE known.zone IS NOT NULL) SELECT zone FROM known WHERE zone IS NOT NULL"
)


class Moment(NamedTuple):
    """When a queue is asked for (UTC seconds), the zone of the settings, and for how many seconds
    a callback counts as one.
    """

    now: int
    time_zone: str
    recall_within: int


class _Hours(NamedTuple):
    """The condition that it is calling time where a record is; empty where it is everywhere."""

    sql: str
    params: dict[str, Any]


class Waiting(NamedTuple):
    """A record that may be called, and why: ``callback``, ``new`` or ``again``."""

    record: int
    why: str


def waiting(
    db: Database, campaign: KnownCampaign, moment: Moment, also: Condition | None = None
) -> Iterator[Waiting]:
    """Yield the records to be called, in order; those outside the calling hours are left out.

    ``also`` is what else must hold of them (alias ``c``).
    """
    hours = _within_hours(db, campaign, moment)
    if hours is None:
        return
    params = {
        "campaign": campaign.id,
        "now": moment.now,
        "fresh": moment.now - moment.recall_within,
        **hours.params,
    }
    conditions = f" AND {hours.sql}" if hours.sql else ""
    if also is not None:
        conditions += f" AND {also.sql}"
        params |= also.params
    for why, sql in GROUPS.items():
        text = sql.format(also=conditions)
        used = {name: value for name, value in params.items() if f":{name}" in text}
        for (record,) in db.execute(text, used):
            yield Waiting(record, why)


def first_waiting(
    db: Database,
    campaign: KnownCampaign,
    moment: Moment,
    most: int,
    also: Condition | None = None,
) -> list[Waiting]:
    """Return the first records to be called; arguments as for :func:`waiting`."""
    return list(islice(waiting(db, campaign, moment, also), most))


def is_calling_time(db: Database, campaign: KnownCampaign, moment: Moment) -> bool:
    """Tell whether it is within the calling hours for any of a campaign's records."""
    return _within_hours(db, campaign, moment) is not None


def _within_hours(db: Database, campaign: KnownCampaign, moment: Moment) -> _Hours | None:
    """Return the condition that it is calling time where a record is; None where it is nowhere."""
    if campaign.hours is None:
        return _Hours("", {})
    from datetime import UTC, datetime  # these take time at start, and many campaigns have no hours

    from scorecli.domain.calling_hours import are_open, parse_hours
    from scorecli.domain.zones import resolve_zone

    spans = parse_hours(campaign.hours)
    when = datetime.fromtimestamp(moment.now, UTC)
    usual = are_open(spans, when.astimezone(resolve_zone(campaign.time_zone or moment.time_zone)))
    zones = [zone for (zone,) in db.rows(_ZONES, {"campaign": campaign.id})]
    open_ = [zone for zone in zones if are_open(spans, when.astimezone(resolve_zone(zone)))]
    if usual and len(open_) == len(zones):
        return _Hours("", {})
    if not usual and not open_:
        return None
    wanted: list[str] = [zone for zone in zones if zone not in open_] if usual else open_
    params: dict[str, Any] = {f"zone{place}": zone for place, zone in enumerate(wanted)}
    marks = ", ".join(f":{name}" for name in params)
    if usual:
        return _Hours(f"(c.time_zone IS NULL OR c.time_zone NOT IN ({marks}))", params)
    return _Hours(f"c.time_zone IN ({marks})", params)
