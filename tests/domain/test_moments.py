from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from scorecli.domain.moments import read_moment
from scorecli.errors.values import BadMoment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = int(datetime(2026, 11, 2, 23, 30, tzinfo=BERLIN).timestamp())


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2026-11-03 14:30", "2026-11-03 14:30"),
        ("tomorrow 9:00", "2026-11-03 09:00"),
        ("Today 23:45", "2026-11-02 23:45"),
        ("tomorrow", "2026-11-03 00:00"),
        ("+2h", "2026-11-03 01:30"),
        ("+ 1d 12h", "2026-11-04 11:30"),
        ("2026-11-03T14:30:00+00:00", "2026-11-03 15:30"),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, local: str) -> None:
    found = datetime.fromtimestamp(read_moment(text, BERLIN, NOW), BERLIN)
    assert f"{found:%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize("text", ["", "5pm", "03/04/2026 10:00", "tomorrow morning", "+2x", "2h"])
def test_what_is_no_time_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(BadMoment):
        read_moment(text, BERLIN, NOW)
