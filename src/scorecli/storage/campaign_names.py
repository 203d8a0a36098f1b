"""The names of defined campaigns, all at once, for what looks many of them up."""

from __future__ import annotations

from typing import NamedTuple

from scorecli.domain.text import fold
from scorecli.storage.database import Database


class NamedCampaign(NamedTuple):
    """A campaign that somebody defined."""

    id: int
    name: str


class CampaignNames:
    """All defined campaigns, read once per command."""

    def __init__(self, db: Database) -> None:
        self._by_fold: dict[str, NamedCampaign] = {}
        self._by_id: dict[int, NamedCampaign] = {}
        for id_, name, folded in db.rows("SELECT id, name, folded FROM campaign ORDER BY folded"):
            known = NamedCampaign(id_, name)
            self._by_fold[folded] = self._by_id[id_] = known

    def find(self, name: str) -> NamedCampaign | None:
        """Return the campaign of this name, ignoring case, or None."""
        return self._by_fold.get(fold(name))

    def name(self, number: int | None) -> str | None:
        """Return the name of a campaign by its number."""
        return None if number is None else self._by_id[number].name

    @property
    def names(self) -> list[str]:
        """The names of all, in order."""
        return [known.name for known in self._by_fold.values()]
