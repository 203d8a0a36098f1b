from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.delays import LONGEST, read_delay, show_delay


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2h", 7200), ("1d", 86400), ("90m", 5400), (" 1D 12H ", 129600), ("45s", 45)],
)
def test_delays_are_read_as_people_write_them(text: str, seconds: int) -> None:
    assert read_delay(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "h", "2x", "1h 1d", "1h 1h", "0m", "-1h", "9999999999s"])
def test_what_is_no_delay_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no delay"):
        read_delay(text)


@given(st.integers(1, LONGEST))
def test_a_delay_that_is_shown_reads_as_the_same(seconds: int) -> None:
    assert read_delay(show_delay(seconds)) == seconds
