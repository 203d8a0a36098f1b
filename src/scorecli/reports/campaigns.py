"""The campaigns, with how many records of each are in which state."""

from __future__ import annotations

from typing import Any

from scorecli.domain.record_state import STATES
from scorecli.domain.timestamps import show
from scorecli.domain.zones import resolve_zone
from scorecli.result import Column, Result
from scorecli.settings import Settings
from scorecli.storage.campaigns import find_campaign
from scorecli.storage.database import Database

_LABELS = ("New", "Callbacks", "Open", "Final", "Do not call")
_RESULTS = (
    "SELECT r.code FROM result_campaign AS rc JOIN result AS r ON r.id = rc.result_id"
    " WHERE rc.campaign_id = :id ORDER BY r.folded"
)


def list_campaigns(db: Database, *, closed: bool = False) -> Result:
    """Return the campaigns by name; with ``closed`` those that are closed as well."""
    rows = db.rows(
        "SELECT id, name, description, hours, time_zone, closed FROM campaign"
        f"{'' if closed else ' WHERE closed = 0'} ORDER BY folded"
    )
    counts = _counts(db)
    columns = [
        Column("name", "Campaign"),
        Column("description", "Description", optional=True),
        Column("hours", "Calling hours", optional=True),
        Column("time_zone", "Time zone", optional=True),
        Column("closed", "Closed", "boolean"),
        *_count_columns(),
    ]
    cells = [
        [name, description, hours, zone, bool(shut), *_cells(counts.get(id_, {}))]
        for id_, name, description, hours, zone, shut in rows
    ]
    notices = () if cells else ("There are no campaigns yet; `scorecli campaigns add NAME`.",)
    return Result(columns, cells, notices=notices)


def show_campaign(db: Database, name: str) -> Result:
    """Return one campaign; raises :class:`UnknownCampaign`.

    ``results`` are the codes that were associated with it; a result without any campaign may be
    given in all of them.
    """
    campaign = find_campaign(db, name)
    description = db.one("SELECT description FROM campaign WHERE id = :id", {"id": campaign.id})
    codes = [code for (code,) in db.rows(_RESULTS, {"id": campaign.id})]
    columns = [
        Column("name", "Campaign"),
        Column("description", "Description"),
        Column("hours", "Calling hours"),
        Column("time_zone", "Time zone"),
        Column("closed", "Closed", "boolean"),
        Column("results", "Results", "list"),
        *_count_columns(),
    ]
    counts = _counts(db, campaign.id).get(campaign.id, {})
    cells = [
        campaign.name,
        description,
        campaign.hours,
        campaign.time_zone,
        campaign.closed,
        codes,
        *_cells(counts),
    ]
    return Result(columns, [cells], single=True)


def campaign_lists(db: Database, settings: Settings, name: str) -> Result:
    """Return the contact lists of a campaign; raises :class:`UnknownCampaign`."""
    campaign = find_campaign(db, name)
    zone = resolve_zone(settings.display.time_zone)
    columns = [
        Column("list", "List"),
        Column("opened_at", "Opened", "time"),
        Column("records", "Records", "integer"),
    ]
    rows = [
        [list_name, show(opened_at, zone), records]
        for list_name, opened_at, records in db.rows(
            "SELECT l.name, l.opened_at, (SELECT count(*) FROM list_record AS r"
            " WHERE r.list_id = l.id AND r.removed IS NULL) FROM contact_list AS l"
            " WHERE l.campaign_id = :campaign AND l.removed IS NULL ORDER BY l.folded",
            {"campaign": campaign.id},
        )
    ]
    return Result(columns, rows)


def _count_columns() -> list[Column]:
    return [
        Column("records", "Records", "integer"),
        *(Column(state, label, "integer") for state, label in zip(STATES, _LABELS, strict=True)),
    ]


def _cells(counts: dict[str, int]) -> list[Any]:
    return [sum(counts.values()), *(counts.get(state, 0) for state in STATES)]


def _counts(db: Database, campaign: int | None = None) -> dict[int, dict[str, int]]:
    """Return how many records of each campaign are in each state."""
    found: dict[int, dict[str, int]] = {}
    of_one = "" if campaign is None else " AND campaign_id = :campaign"
    for number, state, count in db.rows(
        "SELECT campaign_id, state, count(*) FROM list_record WHERE removed IS NULL"
        f"{of_one} GROUP BY campaign_id, state",
        {} if campaign is None else {"campaign": campaign},
    ):
        found.setdefault(number, {})[state] = count
    return found
