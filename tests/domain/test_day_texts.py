"""Days in files, and finding out whether day or month comes first."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.day_texts import Order, OrderEvidence, Verdict, read_day, split_format
from scorecli.errors.values import BadDateFormat, DoubtfulDayOrder

DAYS = st.dates(date(1970, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-05",
        "2026/11/05",
        "2026.11.5",
        "20261105",
        "5 Nov 2026",
        "05-Nov-26",
        "Nov 5, 2026",
        "november 5 2026",
        "Thu, 5 Nov 2026",
        "Thursday 5 November 2026",
        "2026-Nov-05",
    ],
)
def test_a_day_that_can_only_be_one_is_read_without_an_order(text: str) -> None:
    assert read_day(text, None) == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/2026", "DMY", date(2026, 4, 3)),
        ("03/04/2026", "MDY", date(2026, 3, 4)),
        ("3.4.26", "DMY", date(2026, 4, 3)),
        ("26-03-04", "YMD", date(2026, 3, 4)),
        ("26/3/04", None, date(2004, 3, 26)),
        ("2026-03-04", "DMY", date(2026, 3, 4)),
        ("31.12.2026", None, date(2026, 12, 31)),
        ("10/29/2020", None, date(2020, 10, 29)),
        ("03/03/2026", None, date(2026, 3, 3)),
    ],
)
def test_three_numbers_follow_the_order(text: str, order: Order | None, day: date) -> None:
    assert read_day(text, order) == day


@pytest.mark.parametrize("text", ["03/04/2026", "3.4.2026", "03-04-26", "26-03-04"])
def test_what_could_be_two_days_is_not_guessed(text: str) -> None:
    with pytest.raises(DoubtfulDayOrder, match="two days"):
        read_day(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "31/31/2026",
        "Nov 2026",
        "Foo 5, 2026",
        "5 Nov 20265",
        "2026-10",
        "Xyz, 5 Nov 2026",
        "0000-00-00",
        "1899-12-30",
        "2100-01-01",
        "1/2/345",
        "03/04-2026",
        "5\u00b2 Nov 2026",
    ],
)
def test_what_is_no_day_is_a_value_error_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"^'.*"):
        read_day(text, None)


def test_a_day_that_does_not_fit_the_order_is_an_error() -> None:
    with pytest.raises(ValueError, match="order DMY"):
        read_day("10/29/2020", "DMY")


@given(DAYS, st.sampled_from(["/", "-", "."]))
def test_written_in_an_order_a_day_reads_back_as_itself(day: date, sep: str) -> None:
    y, m, d = f"{day.year}", f"{day.month:02}", f"{day.day:02}"
    assert read_day(sep.join([d, m, y]), "DMY") == day
    assert read_day(sep.join([m, d, y]), "MDY") == day
    assert read_day(sep.join([y, m, d]), "MDY") == day
    assert read_day(day.strftime("%d %b %Y"), None) == day
    assert read_day(day.strftime("%B %d, %Y"), None) == day


@given(st.lists(DAYS, min_size=1), st.sampled_from(["DMY", "MDY"]))
def test_the_evidence_never_names_an_order_that_the_file_does_not_have(
    days: list[date], order: str
) -> None:
    pattern = "%d/%m/%Y" if order == "DMY" else "%m/%d/%Y"
    evidence = OrderEvidence()
    for day in days:
        evidence.feed(day.strftime(f"{pattern} 10:00"))
    assert evidence.verdict in (order, "doubtful", "not needed")
    if evidence.verdict == "not needed":
        assert [read_day(day.strftime(pattern), None) for day in days] == days


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [
        (["2026-03-04 10:00", "5 Nov 2026", "1603929600", ""], "not needed"),
        (["03/04/2026", "05/04/2026"], "doubtful"),
        (["03/04/2026", "31/12/2026 0:00"], "DMY"),
        (["03/04/2026, 02:15 PM", "12/31/2026, 02:15 PM"], "MDY"),
        (["03/04/2026", "31/12/2026", "12/31/2026"], "contradictory"),
        (["31/12/2026", "12/31/2026"], "not needed"),
        (["26-03-04", "26-03-29", "26-12-01", "34-01-02"], "YMD"),
        (["03/03/2026"], "not needed"),
        (["99/99/2026"], "not needed"),
    ],
)
def test_the_evidence_of_a_column(texts: list[str], verdict: Verdict) -> None:
    evidence = OrderEvidence()
    for text in texts:
        evidence.feed(text)
    assert evidence.verdict == verdict
    assert (evidence.example is None) == (verdict == "not needed")


def test_a_format_is_an_order_or_a_pattern_of_a_whole_day() -> None:
    assert split_format("dmy") == ("DMY", None)
    assert split_format("%d/%m/%Y %H:%M") == ("%d/%m/%Y", None)
    assert split_format("%d/%m/%Y, %I:%M %p") == ("%d/%m/%Y", None)
    assert split_format("%d.%m.%y") == ("%d.%m.%y", None)
    assert split_format("%H:%M %d.%m.%Y") == (None, "%H:%M %d.%m.%Y")
    for text in ("", "DDMM", "%H:%M", "%d/%m", "%Q", "dd/mm/yyyy"):
        with pytest.raises(BadDateFormat):
            split_format(text)
