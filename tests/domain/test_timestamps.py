"""The start of a call in files, as UTC seconds."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.timestamps import TimeReader, fraction_of_day, show, show_utc
from scorecli.errors.values import BadDateFormat, DoubtfulDayOrder

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "America/New_York",
            "Asia/Kolkata",
            "Australia/Lord_Howe",
            "Africa/Cairo",
        )
    ]
)
MOMENTS = st.integers(min_value=315_532_800, max_value=3_000_000_000)


def utc(*fields: int) -> int:
    return int(datetime(*fields, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("2026-10-03T14:05:09Z", utc(2026, 10, 3, 14, 5, 9)),
        ("2026-10-03T14:05:09.999Z", utc(2026, 10, 3, 14, 5, 9)),
        ("2026-10-03T14:05:09,5Z", utc(2026, 10, 3, 14, 5, 9)),
        ("2026-10-03T14:05:09+02:00", utc(2026, 10, 3, 12, 5, 9)),
        ("2026-10-03T14:05:09.123456+0530", utc(2026, 10, 3, 8, 35, 9)),
        ("2026-10-03 14:05:09 -04:00", utc(2026, 10, 3, 18, 5, 9)),
        ("2026-10-03 14:05:09 UTC", utc(2026, 10, 3, 14, 5, 9)),
        ("2026-10-03 14:05", utc(2026, 10, 3, 18, 5)),
        ("2026-10-03 14:05:09", utc(2026, 10, 3, 18, 5, 9)),
        ("2026-10-03T14:05:09", utc(2026, 10, 3, 18, 5, 9)),
        ("2026-10-03", utc(2026, 10, 3, 4)),
        ("20261003T140509Z", utc(2026, 10, 3, 14, 5, 9)),
        ("20261003140509", utc(2026, 10, 3, 18, 5, 9)),
        ("Tue, 31 Aug 2010 20:36:29 +0000", utc(2010, 8, 31, 20, 36, 29)),
        ("Tue, 31 Aug 2010 20:36:29 GMT", utc(2010, 8, 31, 20, 36, 29)),
        ("31 Aug 2010 20:36:29 EST", utc(2010, 9, 1, 1, 36, 29)),
        ("Tue Aug 31 2010 20:36:29 GMT+0200 (Some Time)", utc(2010, 8, 31, 18, 36, 29)),
        ("1603929600", 1603929600),
        ("1603929600.75", 1603929600),
        ("1603929600999", 1603929600),
        ("10/29/2020 0:00", utc(2020, 10, 29, 4)),
        ("10/29/2020 14:05", utc(2020, 10, 29, 18, 5)),
        ("10/29/20, 02:15 PM", utc(2020, 10, 29, 18, 15)),
        ("10/29/2020 12:15 am", utc(2020, 10, 29, 4, 15)),
        ("10/29/2020 12:15:30 p.m.", utc(2020, 10, 29, 16, 15, 30)),
        ("31.12.2026 23:59:01", utc(2027, 1, 1, 4, 59, 1)),
        ("5 Nov 2026", utc(2026, 11, 5, 5)),
        ("Nov 5, 2026 2:15 pm", utc(2026, 11, 5, 19, 15)),
        ("Nov 5, 2026 at 2:15PM", utc(2026, 11, 5, 19, 15)),
        ("2013-05-01 11:48 PM -04:00", utc(2013, 5, 2, 3, 48)),
        ("  2026-10-03   14:05 ", utc(2026, 10, 3, 18, 5)),
    ],
)
def test_the_times_of_real_exports_are_read(text: str, epoch: int) -> None:
    reader = TimeReader(NEW_YORK)
    assert reader.read(text) == epoch
    assert reader.read(text) == epoch  # from what it remembers, too


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "never",
        "14:05:09",
        "2026-10-03 24:00",
        "2026-10-03 14:60",
        "2026-10-03 14:05:60",
        "2026-10-03T14",
        "2026-13-03 14:05",
        "2026-10-03 14:05 +99:00",
        "2026-10-03 13:05 PM",
        "2026-10-03 0:05 PM",
        "2026-10-03 14:05 XYZ",
        "2026-10-03 14:05:09 14:05:09",
        "123",
        "0",
        "9999999999",
        "99999999999999999999",
        "0000-00-00 00:00:00",
        "1900-01-00",
        "44105.5868",
        "\uff12\uff10\uff12\uff16-10-03 14:05",
    ],
)
def test_what_is_no_time_is_a_value_error_with_a_reason(text: str) -> None:
    reader = TimeReader(NEW_YORK)
    for known in ("2026-10-03 14:05", "2026-10-03 0:05 AM", "2026-10-03 11:05 PM"):
        reader.read(known)
    with pytest.raises(ValueError, match=r"\w"):
        reader.read(text)


def test_day_and_month_follow_the_format_that_was_asked_for() -> None:
    assert TimeReader(NEW_YORK, "DMY").read("03/04/2026 10:00") == utc(2026, 4, 3, 14)
    assert TimeReader(NEW_YORK, "MDY").read("03/04/2026 10:00") == utc(2026, 3, 4, 15)
    assert TimeReader(NEW_YORK, "YMD").read("26-03-04 10:00") == utc(2026, 3, 4, 15)
    assert TimeReader(NEW_YORK, "%d/%m/%Y %H:%M").read("03/04/2026 10:00") == utc(2026, 4, 3, 14)
    assert TimeReader(NEW_YORK, "%y%m%d").read("260403") == utc(2026, 4, 3, 4)
    assert TimeReader(NEW_YORK, "%d%m%Y %H:%M").read("03042026 10:00") == utc(2026, 4, 3, 14)
    backwards = TimeReader(NEW_YORK, "%H:%M %d.%m.%Y")
    assert backwards.read("10:00 03.04.2026") == utc(2026, 4, 3, 14)
    with pytest.raises(ValueError, match="does not fit the format"):
        backwards.read("2026-04-03 10:00")
    with pytest.raises(DoubtfulDayOrder):
        TimeReader(NEW_YORK).read("03/04/2026 10:00")
    with pytest.raises(BadDateFormat):
        TimeReader(NEW_YORK, "DM")


def test_of_a_time_that_occurs_twice_the_first_is_taken() -> None:
    assert TimeReader(NEW_YORK).read("2026-11-01 01:30") == utc(2026, 11, 1, 5, 30)
    assert TimeReader(BERLIN).read("2026-10-25 02:30") == utc(2026, 10, 25, 0, 30)


def test_a_time_that_the_clock_skips_is_moved_forward() -> None:
    epoch = TimeReader(NEW_YORK).read("2026-03-08 02:30")
    assert show(epoch, NEW_YORK) == "2026-03-08T03:30:00-04:00"


def test_an_offset_in_the_text_wins_over_the_zone_of_the_file() -> None:
    reader = TimeReader(NEW_YORK)
    assert reader.read("2026-10-03 14:05:09") == utc(2026, 10, 3, 18, 5, 9)
    assert reader.read("2026-10-03 14:05:09Z") == utc(2026, 10, 3, 14, 5, 9)
    assert reader.read("2026-10-03 14:05:09+01:00") == utc(2026, 10, 3, 13, 5, 9)
    assert reader.read("2026-10-03 14:05:09") == utc(2026, 10, 3, 18, 5, 9)


FORMATS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.250",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y, %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%B %d, %Y %I:%M:%S %p",
    "%a, %d %b %Y %H:%M:%S %z",
    "%Y-%m-%d %I:%M:%S %p %z",
    "%Y-%m-%dT%H:%M:%S%z",
]


@given(st.lists(st.tuples(MOMENTS, st.sampled_from(FORMATS)), max_size=12), ZONES)
def test_whatever_it_read_before_a_reader_agrees_with_the_library(
    moments: list[tuple[int, str]], zone: ZoneInfo
) -> None:
    reader = TimeReader(zone, "MDY")
    for epoch, pattern in moments + moments:
        local = datetime.fromtimestamp(epoch, zone)
        expected = epoch if "%z" in pattern else int(local.replace(fold=0).timestamp())
        assert reader.read(local.strftime(pattern)) == expected


@given(st.lists(st.tuples(MOMENTS, st.sampled_from(FORMATS)), max_size=12), ZONES)
def test_a_column_of_times_is_read_like_each_by_a_new_reader(
    moments: list[tuple[int, str]], zone: ZoneInfo
) -> None:
    texts = [datetime.fromtimestamp(epoch, zone).strftime(pattern) for epoch, pattern in moments]
    alone = [TimeReader(zone, "MDY").read(text) for text in texts]
    reader = TimeReader(zone, "MDY")
    assert reader.column(texts) == reader.column(texts) == alone


HALVES = st.sampled_from(["", " AM", " PM", "Z", " pm +0200", " EST", ".5"])
CLOCKS = st.builds(
    "{}:{:02}{}{}".format,
    st.integers(0, 25),
    st.integers(0, 61),
    st.sampled_from(["", ":00", ":7", ":59", ":60"]),
    HALVES,
)


@given(st.lists(CLOCKS | st.builds("0{}".format, CLOCKS), max_size=12))
def test_what_a_reader_read_before_decides_nothing(clocks: list[str]) -> None:
    def result(reader: TimeReader, text: str) -> int | str:
        try:
            return reader.read(text)
        except ValueError as error:
            return str(error)

    reader = TimeReader(NEW_YORK)
    for clock in clocks:
        for day in ("2026-10-03", "2026-11-01"):  # the second is a day on which clocks change
            text = f"{day} {clock}"
            assert result(reader, text) == result(TimeReader(NEW_YORK), text), text


@given(MOMENTS, ZONES)
def test_a_shown_time_reads_back_as_itself_in_any_zone(epoch: int, zone: ZoneInfo) -> None:
    assert TimeReader(NEW_YORK).read(show(epoch, zone)) == epoch
    assert TimeReader(NEW_YORK).read(show_utc(epoch)) == epoch


TIMELIKE = st.text(alphabet="0123456789:-/. TZ+APMNovtue,", max_size=26)


@given(st.lists(TIMELIKE | st.text(max_size=26), max_size=4))
def test_any_text_is_a_time_or_a_value_error(texts: list[str]) -> None:
    reader = TimeReader(BERLIN)
    for text in texts:
        try:
            epoch = reader.read(text)
        except ValueError:
            continue
        assert isinstance(epoch, int)


def test_a_part_of_a_day_is_a_time_of_day() -> None:
    assert fraction_of_day("0.5") == 43200
    assert fraction_of_day("0") == 0
    assert fraction_of_day("0.586909722222222") == 50709
    assert fraction_of_day("1.1574074E-5") == 1
    for text in ("1", "-0.5", "noon", "", "0.9999999"):
        with pytest.raises(ValueError, match="part of a day"):
            fraction_of_day(text)


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("2026-11-02 09:12:00 America/New_York", utc(2026, 11, 2, 14, 12)),
        ("2026-07-02 09:12 Europe/Berlin", utc(2026, 7, 2, 7, 12)),
        ("2026-11-02T09:12:00[Europe/Berlin]", utc(2026, 11, 2, 8, 12)),
        ("2026-11-02T09:12:00+01:00[Europe/Berlin]", utc(2026, 11, 2, 8, 12)),
        ("2026-11-02T09:12:00Z[America/New_York]", utc(2026, 11, 2, 9, 12)),
        ("11/23/2026 9:12 PM US/Eastern", utc(2026, 11, 24, 2, 12)),
        ("2026-11-02 09:12:00 UTC+2", utc(2026, 11, 2, 7, 12)),
        ("2026-11-02 09:12:00 GMT-5:30", utc(2026, 11, 2, 14, 42)),
        ("2026-11-02 09:12:00+02", utc(2026, 11, 2, 7, 12)),
        ("Mon Nov  2 09:12:00 2026", utc(2026, 11, 2, 14, 12)),
        ("Mon Nov  2 09:12:00 UTC 2026", utc(2026, 11, 2, 9, 12)),
        ("Mon Nov 02 2026 09:12:00 GMT+0100 (Central European Time)", utc(2026, 11, 2, 8, 12)),
    ],
)
def test_a_time_may_name_its_zone(text: str, epoch: int) -> None:
    reader = TimeReader(NEW_YORK)
    assert [reader.read(text), reader.read(text)] == [epoch, epoch]


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(ValueError, match="no time zone Mars/Olympus"):
        TimeReader(NEW_YORK).read("2026-11-02 09:12 Mars/Olympus")


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("46328.3833333333", utc(2026, 11, 2, 14, 12)),
        ("46328", utc(2026, 11, 2, 5)),
        ("46205,5", utc(2026, 7, 2, 16)),
        ("2026-11-02 09:12", utc(2026, 11, 2, 14, 12)),
        ("1793610720", utc(2026, 11, 2, 9, 12)),
    ],
)
def test_days_that_a_spreadsheet_counts_are_local_times(text: str, epoch: int) -> None:
    assert TimeReader(NEW_YORK, "excel").read(text) == epoch


def test_days_that_a_spreadsheet_left_as_text_follow_an_order() -> None:
    assert TimeReader(NEW_YORK, "EXCEL DMY").read("03/04/2026 10:00") == utc(2026, 4, 3, 14)
    with pytest.raises(DoubtfulDayOrder):
        TimeReader(NEW_YORK, "EXCEL").read("03/04/2026 10:00")


def test_a_number_of_days_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="--date-format EXCEL"):
        TimeReader(NEW_YORK).read("46328.5")
