"""Campaigns and their contact lists as the frequent paths need them, without the ORM."""

from __future__ import annotations

from typing import NamedTuple

from scorecli.domain.text import fold, nearest
from scorecli.errors.campaigns import UnknownCampaign, UnknownList
from scorecli.storage.database import Database


class KnownCampaign(NamedTuple):
    """A defined campaign; ``hours`` is a text for ``parse_hours``."""

    id: int
    name: str
    hours: str | None
    time_zone: str | None
    closed: bool


class KnownList(NamedTuple):
    """A contact list, and the campaign that works through it."""

    id: int
    name: str
    campaign: int


def find_campaign(db: Database, name: str) -> KnownCampaign:
    """Return the campaign of this name, ignoring case; raises :class:`UnknownCampaign`."""
    found = db.rows(
        "SELECT id, name, hours, time_zone, closed FROM campaign WHERE folded = :folded",
        {"folded": fold(name)},
    )
    if not found:
        names = [known for (known,) in db.rows("SELECT name FROM campaign ORDER BY folded")]
        raise UnknownCampaign(name, nearest(name, names))
    number, known, hours, zone, closed = found[0]
    return KnownCampaign(number, known, hours, zone, bool(closed))


def find_list(db: Database, name: str) -> KnownList:
    """Return the contact list of this name, ignoring case; raises :class:`UnknownList`."""
    found = db.rows(
        "SELECT id, name, campaign_id FROM contact_list WHERE folded = :folded AND removed IS NULL",
        {"folded": fold(name)},
    )
    if not found:
        names = [
            known
            for (known,) in db.rows(
                "SELECT name FROM contact_list WHERE removed IS NULL ORDER BY folded"
            )
        ]
        raise UnknownList(name, nearest(name, names))
    return KnownList(*found[0])


def campaign_names(db: Database) -> dict[int, str]:
    """Return the names of all campaigns by number."""
    return dict(db.rows("SELECT id, name FROM campaign"))
