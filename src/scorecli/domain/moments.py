"""Moments to come as people write them: ``2026-11-03 14:30``, ``tomorrow 9:00``, ``+2h``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scorecli.domain.days import local_day, parse_day
from scorecli.domain.delays import read_delay
from scorecli.domain.timestamps import TimeReader
from scorecli.errors.values import BadMoment, DoubtfulDayOrder

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_NAMED = ("today", "tomorrow")


def read_moment(text: str, zone: ZoneInfo, now: int) -> int:
    """Return the UTC second that a text means.

    ``now`` is what ``today`` and ``+2h`` count from; a time without an offset is local in ``zone``,
    a day without a time is its midnight. Raises :class:`BadMoment`, also for what could mean two.
    """
    shown = " ".join(text.split())
    try:
        if shown[:1] == "+":
            return now + read_delay(shown[1:])
        word, _, clock = shown.partition(" ")
        if word.casefold() in _NAMED:
            day = parse_day(word, local_day(now, zone)).isoformat()
            shown = f"{day} {clock}".strip()
        return TimeReader(zone).read(shown)
    except (ValueError, DoubtfulDayOrder):
        raise BadMoment(text.strip()) from None
