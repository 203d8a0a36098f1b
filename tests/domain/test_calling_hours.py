from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.calling_hours import Span, are_open, format_hours, parse_hours
from scorecli.errors.campaigns import BadHours

spans = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440)).filter(
        lambda span: span[1] < span[2]
    ),
    min_size=1,
    max_size=8,
    unique=True,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mon-Fri 09:00-18:00, Sat 10:00-14:00", "Mon-Fri 09:00-18:00, Sat 10:00-14:00"),
        ("9-17", "Mon-Sun 09:00-17:00"),
        (
            "Mon, Wed 9:00-12:00, 13-17",
            "Mon 09:00-12:00, 13:00-17:00, Wed 09:00-12:00, 13:00-17:00",
        ),
        ("friday - monday 9-10", "Mon 09:00-10:00, Fri-Sun 09:00-10:00"),
        ("daily 8:00\u201324:00", "Mon-Sun 08:00-24:00"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, shown: str) -> None:
    assert format_hours(parse_hours(text)) == shown


@pytest.mark.parametrize(
    "text", ["", "Mon", "foo 9-10", "Mon 18-9", "Mon 9-25", "Mon 9:70-10", "9-10,", "T 9-10"]
)
def test_what_names_no_hours_is_refused(text: str) -> None:
    with pytest.raises(BadHours):
        parse_hours(text)


@given(spans)
def test_hours_that_were_written_are_read_as_the_same(found: list[tuple[int, int, int]]) -> None:
    hours = tuple(sorted(Span(*span) for span in found))
    assert parse_hours(format_hours(hours)) == hours


def test_the_end_is_not_included() -> None:
    hours = parse_hours("Mon 09:00-18:00")
    assert are_open(hours, datetime(2026, 11, 30, 9, 0))
    assert are_open(hours, datetime(2026, 11, 30, 17, 59))
    assert not are_open(hours, datetime(2026, 11, 30, 18, 0))
    assert not are_open(hours, datetime(2026, 12, 1, 12, 0))
