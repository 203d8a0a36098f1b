"""In which campaigns a result may be given to a call."""

from __future__ import annotations

from scorecli.errors.results import ResultNotOfCampaign
from scorecli.storage.campaign_names import CampaignNames
from scorecli.storage.database import Database
from scorecli.storage.results import KnownResult

_CAMPAIGN = (
    "SELECT campaign.id, campaign.name FROM call AS c JOIN lookup AS l ON l.id = c.campaign_id"
    " JOIN campaign ON campaign.folded = l.folded WHERE c.id = :call"
)


def refuse_elsewhere(db: Database, result: KnownResult, call: int) -> None:
    """Raise :class:`ResultNotOfCampaign` where a call's campaign is not among the result's.

    Calls without a campaign, or of one that nobody defined, may have any result.
    """
    for number, name in db.rows(_CAMPAIGN, {"call": call}):
        if number not in result.campaigns:
            names = CampaignNames(db)
            allowed = sorted(names.name(each) or "" for each in result.campaigns)
            raise ResultNotOfCampaign(result.code, name, allowed, str(call))
