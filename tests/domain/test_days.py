"""Days and periods as people write them, and their bounds in UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.days import (
    Period,
    bucket_labels,
    day_label,
    day_start,
    label_order,
    local_day,
    parse_day,
    parse_period,
    period_bounds,
)
from scorecli.errors import WrongUsage
from scorecli.errors.values import BadDay

TODAY = date(2026, 11, 22)  # a Sunday
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "America/New_York",
        "Europe/Berlin",
        "Asia/Kolkata",
        "America/Sao_Paulo",
        "America/Havana",
        "Africa/Cairo",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/St_Johns",
        "Asia/Beirut",
    )
]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 10, 1)),
        ("2026-q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-W05", date(2026, 1, 26), date(2026, 2, 2)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2026-10-01", date(2026, 10, 1), date(2026, 10, 2)),
        ("2026-10-01..2026-10-15", date(2026, 10, 1), date(2026, 10, 16)),
        ("2026-09..2026-10", date(2026, 9, 1), date(2026, 11, 1)),
        ("2026-10..", date(2026, 10, 1), None),
        ("..2026-10-15", None, date(2026, 10, 16)),
        ("today", TODAY, date(2026, 11, 23)),
        ("yesterday", date(2026, 11, 21), TODAY),
        ("this-week", date(2026, 11, 16), date(2026, 11, 23)),
        ("last-week", date(2026, 11, 9), date(2026, 11, 16)),
        ("Last Week", date(2026, 11, 9), date(2026, 11, 16)),
        ("this-month", date(2026, 11, 1), date(2026, 12, 1)),
        ("last-month", date(2026, 10, 1), date(2026, 11, 1)),
        ("this-quarter", date(2026, 10, 1), date(2027, 1, 1)),
        ("last-quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("this-year", date(2026, 1, 1), date(2027, 1, 1)),
        ("last-year", date(2025, 1, 1), date(2026, 1, 1)),
        ("30d", date(2026, 10, 23), date(2026, 10, 24)),
        ("30d..", date(2026, 10, 23), None),
        ("30d..today", date(2026, 10, 23), date(2026, 11, 23)),
        ("2w..", date(2026, 11, 8), None),
        ("9m..", date(2026, 2, 22), None),
        ("1y..", date(2025, 11, 22), None),
        ("last-month..", date(2026, 10, 1), None),
    ],
)
def test_a_period_is_read_half_open(text: str, start: date | None, end: date | None) -> None:
    assert parse_period(text, TODAY) == Period(start, end)


def test_months_ago_end_on_the_last_day_where_there_is_no_such_day() -> None:
    assert parse_day("1m", date(2026, 3, 31)) == date(2026, 2, 28)
    assert parse_day("1y", date(2024, 2, 29)) == date(2023, 2, 28)


def test_last_quarter_and_last_month_reach_into_the_year_before() -> None:
    assert parse_period("last-quarter", date(2026, 2, 3)) == (date(2025, 10, 1), date(2026, 1, 1))
    assert parse_period("last-month", date(2026, 1, 31)) == (date(2025, 12, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2026",
        "5",
        "26-03-04",
        "2026-3-4",
        "2026-13",
        "2026-02-30",
        "2026-Q5",
        "2026-W54",
        "2025-W53",
        "0026",
        "202",
        "20261003",
        "",
        "..",
        "tuesday",
        "-5d",
        "99999y",
        "2026-10-15..2026-10-01",
        "2026-10-01...2026-10-02",
        "2026-10-01..2026-10-02..2026-10-03",
        "next-week",
        "last",
        "٢٠٢٦",
    ],
)
def test_what_could_mean_two_days_or_none_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(BadDay) as raised:
        parse_period(text, TODAY)
    assert "2026-10-03" in (raised.value.hint or "")
    assert isinstance(raised.value, WrongUsage)


def test_one_day_is_asked_for_where_a_period_is_given() -> None:
    assert parse_day("2026-11-03", TODAY) == date(2026, 11, 3)
    assert parse_day(" Yesterday ", TODAY) == date(2026, 11, 21)
    assert parse_day("tomorrow", TODAY) == date(2026, 11, 23)
    for text in ("2026-11", "2026", "last-week", "2026-11-01..2026-11-01", "5"):
        with pytest.raises(BadDay, match="is not one day"):
            parse_day(text, TODAY)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_an_iso_day_reads_back_as_itself(day: date) -> None:
    assert parse_day(day.isoformat(), TODAY) == day


@given(st.dates(date(1900, 1, 8), date(2999, 12, 20)))
def test_every_label_of_a_day_is_a_period_that_holds_it(day: date) -> None:
    for unit in ("day", "week", "month", "quarter", "year"):
        start, end = parse_period(day_label(unit, day), TODAY)
        assert start is not None
        assert end is not None
        assert start <= day < end


@given(st.text(max_size=24))
def test_any_text_is_a_period_or_a_bad_day(text: str) -> None:
    try:
        start, end = parse_period(text, TODAY)
    except BadDay:
        return
    assert start is None or end is None or start < end


@given(st.dates(date(1975, 1, 2), date(2035, 1, 1)), st.sampled_from(ZONES))
def test_a_local_day_begins_at_its_first_second(day: date, zone: ZoneInfo) -> None:
    start = day_start(day, zone)
    assert local_day(start, zone) >= day
    assert local_day(start - 1, zone) < day
    assert day_start(day + timedelta(days=1), zone) >= start


def test_days_of_23_and_25_hours_have_their_true_length() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    one = timedelta(days=1)
    assert day_start(spring + one, berlin) - day_start(spring, berlin) == 23 * 3600
    assert day_start(autumn + one, berlin) - day_start(autumn, berlin) == 25 * 3600


def test_a_day_without_midnight_begins_after_the_gap() -> None:
    # Cairo moved its clocks from 00:00 to 01:00 on this day.
    start = day_start(date(2024, 4, 26), ZoneInfo("Africa/Cairo"))
    assert datetime.fromtimestamp(start, ZoneInfo("Africa/Cairo")).hour == 1
    # Toronto moved its clocks from 23:30 to 00:30 on the night before this day.
    toronto = ZoneInfo("America/Toronto")
    first = datetime.fromtimestamp(day_start(date(1919, 3, 31), toronto), toronto)
    assert (first.day, first.hour, first.minute) == (31, 0, 30)


def test_a_day_that_the_zone_left_out_is_empty() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert day_start(date(2011, 12, 30), apia) == day_start(date(2011, 12, 31), apia)


def test_period_bounds_are_utc_seconds_and_open_where_the_period_is() -> None:
    new_york = ZoneInfo("America/New_York")
    bounds = period_bounds(Period(date(2026, 11, 1), date(2026, 11, 2)), new_york)
    assert bounds == (
        int(datetime(2026, 11, 1, 4, tzinfo=UTC).timestamp()),
        int(datetime(2026, 11, 2, 5, tzinfo=UTC).timestamp()),
    )
    assert period_bounds(Period(None, None), new_york) == (None, None)


def test_a_bucket_is_labelled_by_its_local_time() -> None:
    bucket = int(datetime(2027, 1, 1, 2, 45, tzinfo=UTC).timestamp()) // 900
    expected = {
        "hour": "21",
        "weekday": "Thursday",
        "day": "2026-12-31",
        "week": "2026-W53",
        "month": "2026-12",
        "quarter": "2026-Q4",
        "year": "2026",
    }
    for unit, label in expected.items():
        assert bucket_labels(unit, ZoneInfo("America/New_York"))(bucket) == label
    assert (label_order("weekday") or ())[0] == "Monday"
    assert (label_order("hour") or ())[-1] == "23"
    assert label_order("week") is None
