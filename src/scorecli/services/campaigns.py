"""Outbound campaigns: adding, changing and closing them.

Definitions are few and are written through SQLModel, which takes half a second to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scorecli.domain.calling_hours import format_hours, parse_hours
from scorecli.domain.text import RESERVED_WORDS, fold
from scorecli.errors.campaigns import BadCampaign, CampaignExists, CampaignNameFixed
from scorecli.services.record_states import keep_records
from scorecli.services.result_definitions import ResultWish, ResultWriter
from scorecli.storage.campaign_names import CampaignNames
from scorecli.storage.campaigns import find_campaign
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database

if TYPE_CHECKING:
    from scorecli.storage.models import Campaign

_LONGEST_NAME = 100  # characters


class CampaignWish(NamedTuple):
    """What is asked for of a campaign; None leaves a field as it is, an empty text clears it."""

    name: str | None = None
    description: str | None = None
    hours: str | None = None
    time_zone: str | None = None
    closed: bool | None = None
    add_results: tuple[str, ...] = ()
    drop_results: tuple[str, ...] = ()


class SavedCampaign(NamedTuple):
    """What became of a campaign.

    ``limited`` are results that could be used in every campaign before, ``freed`` those that can
    now. ``change`` is None where nothing changed, and in a dry run.
    """

    id: int
    name: str
    changed: bool
    limited: tuple[str, ...]
    freed: tuple[str, ...]
    change: int | None


def add_campaign(
    db: Database, wish: CampaignWish, *, author: Author, dry_run: bool = False
) -> SavedCampaign:
    """Add a campaign.

    Raises :class:`BadCampaign`, :class:`BadHours`, :class:`CampaignExists`, and for its results
    :class:`UnknownResult` and :class:`BadResult`.
    """
    with db.change(*author, dry_run=dry_run) as change:
        values = _checked(wish._replace(name=wish.name or ""))
        _refuse_namesake(db, values["name"], None)
        session = db.session()
        campaign = _validated({"description": "", "closed": 0, **values})
        session.add(campaign)
        session.flush()
        row = {name: value for name, value in campaign.model_dump().items() if name != "id"}
        change.record("campaign", _number(campaign), "row", None, row)
        limited, freed, _ = _associate(db, change, _number(campaign), wish)
        saved = SavedCampaign(_number(campaign), campaign.name, True, limited, freed, None)
    return saved._replace(change=None if dry_run else change.number)


def edit_campaign(
    db: Database,
    name: str,
    wish: CampaignWish,
    *,
    author: Author,
    dry_run: bool = False,
) -> SavedCampaign:
    """Change a campaign. Its name can change only while no call names it.

    Raises :class:`UnknownCampaign`, :class:`CampaignNameFixed`, and as :func:`add_campaign`.
    """
    from scorecli.storage.models import Campaign

    with db.change(*author, dry_run=dry_run) as change:
        known = find_campaign(db, name)
        session = db.session()
        campaign = session.get_one(Campaign, known.id)
        before = campaign.model_dump()
        after = _validated({**before, **_checked(wish)}).model_dump()
        if after["folded"] != before["folded"]:
            _refuse_namesake(db, after["name"], known.id)
            _refuse_named_by_calls(db, known.name, before["folded"])
        changed = _write(change, campaign, before, after)
        session.flush()
        limited, freed, associated = _associate(db, change, known.id, wish)
        keep_records(db, change)
        changed = changed or associated
        saved = SavedCampaign(known.id, campaign.name, changed, limited, freed, None)
    return saved._replace(change=None if dry_run else change.number)


def _associate(
    db: Database, change: Change, campaign: int, wish: CampaignWish
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Say of results that they may be used in a campaign, or not.

    Returns which of them could be used everywhere before, which can now, and whether anything
    changed. Raises :class:`UnknownResult`.
    """
    limited, freed, changed = [], [], False
    if not (wish.add_results or wish.drop_results):
        return (), (), False
    writer = ResultWriter(db, change)
    names = CampaignNames(db)
    own = str(names.name(campaign))
    for code, adds in (
        *((code, True) for code in wish.add_results),
        *((code, False) for code in wish.drop_results),
    ):
        had = [str(names.name(number)) for number in writer.campaigns_of(code)]
        others = [name for name in had if name != own]
        wanted = (*others, own) if adds else tuple(others)
        known, touched = writer.edit(code, ResultWish(campaigns=wanted))
        changed |= touched
        if touched and adds and not had:
            limited.append(known)
        if touched and not adds and not others:
            freed.append(known)
    return tuple(limited), tuple(freed), changed


def _write(
    change: Change, campaign: Campaign, before: dict[str, Any], after: dict[str, Any]
) -> bool:
    changed = False
    for field, value in after.items():
        if value != before[field]:
            setattr(campaign, field, value)
            changed = True
            if field != "folded":  # it follows the name by itself
                change.record("campaign", _number(campaign), field, before[field], value)
    return changed


def _checked(wish: CampaignWish) -> dict[str, Any]:
    """Return the columns that a wish means; raises :class:`BadCampaign`, :class:`BadHours`."""
    values: dict[str, Any] = {}
    if wish.name is not None:
        values["name"] = _name(wish.name)
    if wish.description is not None:
        values["description"] = wish.description.strip()
    if wish.hours is not None:
        values["hours"] = format_hours(parse_hours(wish.hours)) if wish.hours.strip() else None
    if wish.time_zone is not None:
        values["time_zone"] = _zone(wish.time_zone.strip()) if wish.time_zone.strip() else None
    if wish.closed is not None:
        values["closed"] = int(wish.closed)
    return values


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise BadCampaign("name", text, "is empty")
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadCampaign(
            "name", text, f"is no name of at most {_LONGEST_NAME} characters on one line"
        )
    if fold(name) in RESERVED_WORDS:
        raise BadCampaign("name", text, "has a meaning of its own in filters and options")
    return name


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfo, available_timezones

    from scorecli.domain.text import nearest

    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        near = nearest(text, available_timezones(), 2)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        reason = f"is no time zone such as Europe/Paris{meant}"
        raise BadCampaign("time zone", text, reason) from None


def _refuse_namesake(db: Database, name: str, own: int | None) -> None:
    other = db.rows("SELECT id, name FROM campaign WHERE folded = :folded", {"folded": fold(name)})
    if other and other[0][0] != own:
        raise CampaignExists(other[0][1])


def _refuse_named_by_calls(db: Database, name: str, folded: str) -> None:
    named = db.one(
        "SELECT 1 FROM call AS c WHERE c.campaign_id IN (SELECT l.id FROM lookup AS l"
        " WHERE l.field = 'campaign' AND l.folded = :folded) LIMIT 1",
        {"folded": folded},
    )
    if named is not None:
        raise CampaignNameFixed(name)


def _validated(values: dict[str, Any]) -> Campaign:
    from scorecli.storage.models import Campaign

    # Models with a table are validated only on demand.
    return Campaign.model_validate({**values, "folded": fold(str(values["name"]))})


def _number(campaign: Campaign) -> int:
    assert campaign.id is not None  # noqa: S101  # it was flushed
    return campaign.id
