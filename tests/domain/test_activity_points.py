"""Points weighed by age."""

from __future__ import annotations

import pytest

from scorecli.domain.activity_points import points_now

DAY = 86_400
NOW = 1_000 * DAY


@pytest.mark.parametrize(
    ("activities", "expected"),
    [
        ([], 0),
        ([(8, NOW)], 8),
        ([(8, NOW - 90 * DAY)], 4),
        ([(8, NOW - 180 * DAY)], 2),
        ([(8, NOW + 10 * DAY)], 8),
        ([(8, NOW - 180 * DAY), (-4, NOW - 90 * DAY)], 0),
        ([(3, NOW - 45 * DAY)], 2.12132),
    ],
)
def test_an_activity_counts_half_after_each_half_life_and_in_full_before_its_time(
    activities: list[tuple[int, int]], expected: float
) -> None:
    assert points_now(activities, 90 * DAY, NOW) == expected


def test_points_that_cancel_out_by_age_are_plainly_zero() -> None:
    nearly = [(8, NOW - 168 * DAY - 3), (-4, NOW - 84 * DAY - 3)]
    assert str(points_now(nearly, 84 * DAY, NOW)) == "0.0"
