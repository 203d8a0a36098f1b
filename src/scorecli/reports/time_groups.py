"""Grouping calls by hours, days and longer, all of them local.

SQL groups by quarter of an hour of UTC, which every zone's offset fits; here those are rolled up.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from scorecli.domain.days import BUCKET_SECONDS, bucket_labels, day_label
from scorecli.domain.zones import resolve_zone
from scorecli.reports.grouping import Grouping, Namer, Shift

# Integer division rounds towards zero; this many buckets keep times before 1970 above it.
_BIAS = 10_000_000
BUCKET = f"(c.started_at + {_BIAS * BUCKET_SECONDS}) / {BUCKET_SECONDS}"
"""The quarter of an hour in which the call ``c`` started, in SQL."""


def time_namer(grouping: Grouping, zone_name: str, shift: Shift | None) -> Namer:
    """Return what turns a stored value of the group into the label of its hour, day or longer.

    ``shift`` moves days, and what is longer, onto others. Raises UnknownZone.
    """
    unit = grouping.name
    zone = resolve_zone(zone_name)
    moves = shift if shift is not None and unit not in ("hour", "weekday") else None
    known: dict[Any, str | None] = {None: None}
    plain = bucket_labels(unit, zone)

    def label(value: Any) -> str:
        if grouping.by_day:
            day = date.fromisoformat(value)
        elif moves is None:
            return plain(value - _BIAS)
        else:
            day = datetime.fromtimestamp((value - _BIAS) * BUCKET_SECONDS, zone).date()
        return day_label(unit, day if moves is None else moves(day))

    def name(value: Any) -> str | None:
        if value not in known:
            known[value] = label(value)
        return known[value]

    return name
