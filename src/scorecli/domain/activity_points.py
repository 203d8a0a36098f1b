"""Points of activities: what counts as points, and how age takes weight from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scorecli.settings import Settings

_DAY = 86400
_UNITS = {"d": _DAY, "w": 7 * _DAY}
_LONGEST = 36_500  # days or weeks; a hundred years and more


class PointsForm(NamedTuple):
    """What adds up to points, as the settings say.

    ``call`` is the points of a linked call, None where calls do not count. ``leads``, ``contacts``
    and ``companies`` say which records have a sum.
    """

    leads: bool = True
    contacts: bool = True
    companies: bool = True
    call: int | None = None

    @property
    def code(self) -> str:
        """The form as a short text, which a filter carries along."""
        switches = "".join("y" if on else "n" for on in self[:3])
        return switches if self.call is None else f"{switches}{self.call}"


def points_form(settings: Settings) -> PointsForm:
    """Return what adds up to points."""
    activities = settings.activities
    if not activities.scoring:
        return PointsForm(leads=False, contacts=False, companies=False)
    return PointsForm(
        activities.aggregate_leads,
        activities.aggregate_contacts,
        activities.aggregate_companies,
        default_points(settings, CALL_TYPE) if activities.calls else None,
    )


def form_of(code: str) -> PointsForm:
    """Return the form that a short text means."""
    leads, contacts, companies = (letter == "y" for letter in code[:3])
    return PointsForm(leads, contacts, companies, int(code[3:]) if code[3:] else None)


def default_points(settings: Settings, activity_type: str) -> int:
    """Return the points of a type of activity by the settings; 0 where they say none."""
    from scorecli.domain.text import fold

    wanted = fold(activity_type)
    known = settings.activities.points
    return next((points for name, points in known.items() if fold(name) == wanted), 0)


CALL_TYPE = "call"
"""The type of activity that linked calls count as."""


def half_life_seconds(text: str) -> int | None:
    """Return the seconds of ``90d`` or ``12w``; None for ``none``. Raises ``ValueError``."""
    word = text.strip().lower()
    if word == "none":
        return None
    count, unit = word[:-1], _UNITS.get(word[-1:])
    if unit is None or not (count.isascii() and count.isdigit()) or not 0 < int(count) <= _LONGEST:
        raise ValueError(f"'{text}' is no half-life such as 90d or 12w")
    return int(count) * unit


def points_now(activities: Iterable[tuple[int, int]], half_life: int, now: int) -> float:
    """Return the sum of points weighed by age: half of them after each ``half_life`` seconds.

    ``activities`` are pairs of points and UTC seconds. What lies in the future counts in full. The
    sum is to the millionth: beyond that it only says how floating point rounds.
    """
    found = sum(points * weight(now - at, half_life) for points, at in activities)
    return round(found, 6) + 0.0  # + 0.0 makes 0 of -0


def weight(age: int, half_life: int) -> float:
    """Return the weight of an activity of that age in seconds."""
    return float(0.5 ** (max(age, 0) / half_life))
