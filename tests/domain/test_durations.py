"""Durations in files, as whole seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.durations import Unit, read_duration, show


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("0", "seconds", 0),
        ("75", "seconds", 75),
        ("75.5", "seconds", 76),
        ("75.49", "seconds", 75),
        ("75,5", "seconds", 76),
        ("0.5", "seconds", 1),
        ("17", "minutes", 1020),
        ("1.5", "minutes", 90),
        ("1499", "milliseconds", 1),
        ("1500", "milliseconds", 2),
        ("0.25", "hours", 900),
        ("75", "clock", 75),
        ("1:15", "clock", 75),
        ("1:02:03", "clock", 3723),
        ("00:01:15", "seconds", 75),
        ("01:15", "minutes", 75),
        ("90:00", "clock", 5400),
        ("100:00:00", "clock", 360000),
        ("0:00:01.5", "clock", 2),
        ("1h 2m 3s", "seconds", 3723),
        ("1h2m3s", "seconds", 3723),
        ("17 min", "seconds", 1020),
        ("1 hr, 2 mins", "seconds", 3720),
        ("2 minutes 5 seconds", "minutes", 125),
        ("45s", "minutes", 45),
        (" 75 ", "seconds", 75),
    ],
)
def test_durations_are_read_in_their_unit(text: str, unit: Unit, seconds: int) -> None:
    assert read_duration(text, unit) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-5",
        "\u22125",
        "-0:05",
        "abc",
        "1:75",
        "1:60:00",
        "1:2:3:4",
        "1:5",
        "1,250",
        "1e3",
        "5 parrots",
        "1m 2h",
        "1m 2m",
        "5 5s",
        "1h foo 2m",
        "nan",
        "9" * 9,
        "9" * 5000,
        "\u0665",
    ],
)
def test_what_is_no_duration_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        read_duration(text)


@given(st.integers(min_value=0, max_value=99_999_999))
def test_a_shown_duration_reads_back_as_itself(seconds: int) -> None:
    for unit in ("seconds", "clock", "minutes"):
        assert read_duration(show(seconds), unit) == seconds


@given(st.text(alphabet="0123456789:., hms-", max_size=16) | st.text(max_size=16))
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    try:
        seconds = read_duration(text, "minutes")
    except ValueError:
        return
    assert seconds >= 0


def test_durations_are_shown_as_hours_minutes_and_seconds() -> None:
    assert show(0) == "0:00:00"
    assert show(3723) == "1:02:03"
    assert show(360000) == "100:00:00"
