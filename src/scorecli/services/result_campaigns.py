"""In which campaigns a result may be given to a call."""

from __future__ import annotations

from scorecli.errors.results import ResultNotOfCampaign
from scorecli.storage.campaign_names import CampaignNames, NamedCampaign
from scorecli.storage.database import Database
from scorecli.storage.results import KnownResult

_NAMED = "SELECT value FROM lookup WHERE id = :name"


class DefinedCampaigns:
    """The defined campaigns behind the names that calls have, each looked up once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._names = CampaignNames(db)
        self._found: dict[int, NamedCampaign | None] = {}

    def refusal(
        self, result: KnownResult, name: int | None, call: str | None
    ) -> ResultNotOfCampaign | None:
        """Return why a call may not have a result that is for some campaigns only, or None.

        ``name`` is the number of the text that the call has as its campaign. Calls without one, or
        of one that nobody defined, may have any result.
        """
        campaign = None if name is None else self._campaign(name)
        if campaign is None or campaign.id in result.campaigns:
            return None
        allowed = sorted(self._names.name(each) or "" for each in result.campaigns)
        return ResultNotOfCampaign(result.code, campaign.name, allowed, call)

    def _campaign(self, name: int) -> NamedCampaign | None:
        if name not in self._found:
            self._found[name] = self._names.find(str(self._db.one(_NAMED, {"name": name})))
        return self._found[name]
