from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorecli.errors.reports import (
    NothingToCompare,
    PeriodEndsEarly,
    SeveralCurrencies,
    UnknownGrouping,
)
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.reports.conversions import ConversionsRequest, conversions, definitions
from scorecli.reports.tallies import by_source_sql
from scorecli.result import Money

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


# Both changes of 2026 in every zone lie in these months.
starts = st.one_of(
    st.none(),
    st.integers(epoch("2026-03-05"), epoch("2026-04-10")),
    st.integers(epoch("2026-09-20"), epoch("2026-11-10")),
)
calls = st.fixed_dictionaries(
    {
        "started_at": starts,
        "source": st.sampled_from(["Google", "google ", "Bing", None]),
        "agent": st.sampled_from(["A", "B", None]),
        "user": st.sampled_from(["Ann", "Bob", None]),
        "result": st.sampled_from(["SALE", "NO", None]),
        "direction": st.sampled_from(["inbound", "outbound", None]),
        "stars": st.one_of(st.none(), st.integers(1, 5)),
        "converted": st.integers(0, 1),
        "amount": st.one_of(st.none(), st.integers(0, 10**9)),
        "converted_on": st.sampled_from(["2026-03-29", "2026-04-01", "2026-10-25", None]),
        "removed": st.sampled_from([None, None, None, "deleted", "undone"]),
        "tags": st.sets(st.sampled_from(["quote", "wrong number"])),
        "call_tags": st.sets(st.sampled_from(["vip"])),
    }
)
logs = st.lists(calls, max_size=25)
relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def groups_of(call: dict[str, Any], by: str, zone: str) -> list[str | None]:
    if by == "tag":
        return sorted(call["tags"]) or [None]
    if by == "calltag":
        return sorted(call["call_tags"]) or [None]
    if by == "source":
        # Spellings that differ in case or blanks are one source, under the first spelling.
        return [None if call["source"] is None else call["source"].strip().lower()]
    if by in call:
        return [call[by]]
    if call["started_at"] is None:
        return [None]
    local = datetime.fromtimestamp(call["started_at"], ZoneInfo(zone))
    year, week, _ = local.isocalendar()
    return [
        {
            "hour": f"{local.hour:02}",
            "weekday": WEEKDAYS[local.weekday()],
            "day": local.date().isoformat(),
            "week": f"{year}-W{week:02}",
            "month": f"{local.year}-{local.month:02}",
            "quarter": f"{local.year}-Q{(local.month + 2) // 3}",
            "year": f"{local.year}",
        }[by]
    ]


def half_even(amount: int, count: int) -> Money | None:
    return Money(round(Fraction(amount, count)), "USD") if count else None


def figures(group: list[dict[str, Any]]) -> dict[str, Any]:
    converted = [call for call in group if call["converted"]]
    stars = [call["stars"] for call in group if call["stars"] is not None]
    amount = sum(call["amount"] or 0 for call in converted)
    return {
        "calls": len(group),
        "scored": sum(1 for c in group if c["stars"] is not None or c["tags"] or c["converted"]),
        "avg_stars": sum(stars) / len(stars) if stars else None,
        "conversions": len(converted),
        "conversion_rate": len(converted) / len(group) if group else None,
        "amount": Money(amount, "USD"),
        "amount_per_conversion": half_even(amount, len(converted)),
        "amount_per_call": half_even(amount, len(group)),
    }


def put(log: Any, data: list[dict[str, Any]]) -> None:
    for call in data:
        log.add(**call, currency=None if call["amount"] is None else "USD")


def folded(name: Any, by: str) -> Any:
    return name.strip().lower() if by == "source" and name is not None else name


@relaxed
@given(
    data=logs,
    by=st.lists(
        st.sampled_from(
            [
                "source",
                "agent",
                "user",
                "result",
                "direction",
                "tag",
                "calltag",
                "hour",
                "weekday",
                "day",
                "week",
                "month",
                "quarter",
                "year",
            ]
        ),
        min_size=1,
        max_size=2,
        unique=True,
    ),
    zone=st.sampled_from(ZONES),
    limited=st.booleans(),
    filtered=st.booleans(),
)
def test_every_figure_equals_a_plain_computation(
    new_log: Any,
    settings_of: Any,
    as_objects: Any,
    filter_of: Any,
    data: list[dict[str, Any]],
    by: list[str],
    zone: str,
    limited: bool,
    filtered: bool,
) -> None:
    log = new_log()
    put(log, data)
    request = ConversionsRequest(by=",".join(by))
    live = [call for call in data if call["removed"] is None]
    if filtered:
        request = request._replace(selected=filter_of(["direction:inbound"], zone))
        live = [call for call in live if call["direction"] == "inbound"]
    unknown = 0
    if limited:
        first, last = date(2026, 3, 29), date(2026, 10, 25)
        request = request._replace(since=first, until=last)
        unknown = sum(call["started_at"] is None for call in live)
        live = [
            call
            for call in live
            if call["started_at"] is not None
            and first <= datetime.fromtimestamp(call["started_at"], ZoneInfo(zone)).date() <= last
        ]
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for call in live:
        for key in groups_of(call, by[0], zone):
            for second in groups_of(call, by[1], zone) if len(by) == 2 else [None]:
                groups[(key, second)[: len(by)]].append(call)

    result = conversions(log.db, settings_of(zone=zone), request)
    rows = as_objects(result)
    found = {}
    for row in rows:
        key = tuple(folded(row.pop(name), name) for name in by)
        found[key] = row
    assert found == {key: figures(group) for key, group in groups.items()}
    assert len(found) == len(rows)
    names = [column.name for column in result.columns][len(by) :]
    assert dict(zip(names, result.total[len(by) :], strict=True)) == figures(live)
    assert result.total[: len(by)] == [None] * len(by)
    assert bool(result.notices) == bool(unknown)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2026])
def test_each_local_day_holds_exactly_its_own_quarters_of_an_hour(
    log: Any, settings_of: Any, as_objects: Any, zone: str, year: int
) -> None:
    wanted: dict[str, int] = defaultdict(int)
    for first, last in (("03-06", "04-07"), ("10-02", "11-03")):
        for start in range(epoch(f"{year}-{first}"), epoch(f"{year}-{last}"), 900):
            log.add(started_at=start)
            wanted[datetime.fromtimestamp(start, ZoneInfo(zone)).date().isoformat()] += 1
    rows = as_objects(conversions(log.db, settings_of(zone=zone), ConversionsRequest(by="day")))
    assert {row["day"]: row["calls"] for row in rows} == wanted
    assert [row["day"] for row in rows] == sorted(wanted)
    middle = sorted(wanted)[len(wanted) // 4]
    day = date.fromisoformat(middle)
    request = ConversionsRequest(by="day", since=day, until=day)
    only = as_objects(conversions(log.db, settings_of(zone=zone), request))
    assert [(row["day"], row["calls"]) for row in only] == [(middle, wanted[middle])]


def test_an_orphan_amount_counts_in_no_figure(log: Any, settings_of: Any, as_objects: Any) -> None:
    log.add(source="Google", amount=25000, currency="USD")
    (row,) = as_objects(conversions(log.db, settings_of(), ConversionsRequest()))
    assert (row["calls"], row["conversions"], row["amount"]) == (1, 0, Money(0, "USD"))
    assert row["amount_per_conversion"] is None


def test_an_orphan_in_another_currency_is_no_mixture(log: Any, settings_of: Any) -> None:
    log.add(converted=1, amount=100, currency="USD")
    log.add(amount=100, currency="EUR")
    assert conversions(log.db, settings_of(), ConversionsRequest()).total is not None


def test_amounts_of_different_currencies_are_never_added(
    log: Any, settings_of: Any, as_objects: Any, filter_of: Any
) -> None:
    log.add(source="Google", converted=1, amount=100, currency="USD")
    log.add(source="Bing", converted=1, amount=500, currency="EUR")
    with pytest.raises(SeveralCurrencies) as refused:
        conversions(log.db, settings_of(), ConversionsRequest())
    assert "--by currency" in (refused.value.hint or "")
    result = conversions(log.db, settings_of(), ConversionsRequest(by="currency"))
    assert {row["currency"]: row["amount"] for row in as_objects(result)} == {
        "USD": Money(100, "USD"),
        "EUR": Money(500, "EUR"),
    }
    total = dict(zip([c.name for c in result.columns], result.total, strict=True))
    assert (total["calls"], total["amount"], total["amount_per_call"]) == (2, None, None)
    only = ConversionsRequest(selected=filter_of(["currency:EUR"]))
    (row,) = as_objects(conversions(log.db, settings_of(), only))
    assert row["amount"] == Money(500, "EUR")
    without = settings_of("[converted_amount]\nenabled = false")
    assert conversions(log.db, without, ConversionsRequest()).total is not None


def test_nothing_to_divide_by_gives_no_average_and_no_rate(log: Any, settings_of: Any) -> None:
    result = conversions(log.db, settings_of(), ConversionsRequest(interval=True))
    total = dict(zip([c.name for c in result.columns], result.total, strict=True))
    empty = [name for name, value in total.items() if value is None]
    assert total["calls"] == 0
    assert set(empty) >= {
        "avg_stars",
        "conversion_rate",
        "conversion_rate_low",
        "conversion_rate_high",
        "amount_per_conversion",
        "amount_per_call",
    }


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("[score]\nenabled = false", {"avg_stars"}),
        (
            "[conversion]\nenabled = false",
            {
                "conversions",
                "conversion_rate",
                "amount",
                "amount_per_conversion",
                "amount_per_call",
            },
        ),
        (
            "[converted_amount]\nenabled = false",
            {"amount", "amount_per_conversion", "amount_per_call"},
        ),
    ],
)
def test_a_switched_off_field_takes_its_figures_away(
    log: Any, settings_of: Any, text: str, gone: set[str]
) -> None:
    log.add(source="Google", converted=1, amount=100, currency="USD", stars=3)
    every = {c.name for c in conversions(log.db, settings_of(), ConversionsRequest()).columns}
    off = settings_of(text)
    left = {c.name for c in conversions(log.db, off, ConversionsRequest()).columns}
    assert every - left == gone
    meanings = {row[0] for row in definitions(off).rows}
    assert not meanings & gone


def test_grouping_by_a_switched_off_field_names_the_setting(log: Any, settings_of: Any) -> None:
    off = settings_of("[reporting_tags]\nenabled = false")
    with pytest.raises(FieldSwitchedOff, match="reporting_tags"):
        conversions(log.db, off, ConversionsRequest(by="tag"))


def test_a_misspelt_grouping_is_answered_with_the_nearest_one(log: Any, settings_of: Any) -> None:
    with pytest.raises(UnknownGrouping) as refused:
        conversions(log.db, settings_of(), ConversionsRequest(by="sorce"))
    assert "source" in (refused.value.hint or "")
    for by in ("source,source", "source,agent,user", ""):
        with pytest.raises(UnknownGrouping):
            conversions(log.db, settings_of(), ConversionsRequest(by=by))


def test_names_come_by_amount_then_conversions_then_calls(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    log.add(source="few")
    for _ in range(2):
        log.add(source="many")
    log.add(source="converted", converted=1)
    log.add(source="rich", converted=1, amount=1, currency="USD")
    rows = as_objects(conversions(log.db, settings_of(), ConversionsRequest()))
    assert [row["source"] for row in rows] == ["rich", "converted", "many", "few"]


def test_conversions_by_their_own_day_leave_the_calls_on_theirs(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    log.add(
        started_at=epoch("2026-09-30T10:00"),
        converted=1,
        amount=700,
        currency="USD",
        converted_on="2026-10-02",
    )
    log.add(started_at=epoch("2026-10-05T10:00"))
    log.add(started_at=epoch("2026-10-06T10:00"), converted=1)
    request = ConversionsRequest(
        by="month", since=date(2026, 10, 1), until=date(2026, 10, 31), date_by="converted_on"
    )
    result = conversions(log.db, settings_of(), request)
    (row,) = as_objects(result)
    assert (row["month"], row["calls"], row["conversions"]) == ("2026-10", 2, 1)
    assert row["amount"] == Money(700, "USD")
    assert row["conversion_rate"] is None
    assert any("without a conversion date" in notice for notice in result.notices)


def test_a_whole_month_is_compared_with_the_whole_month_before(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    for day in range(1, 32):
        log.add(source="Google", started_at=epoch(f"2026-10-{day:02}T10:00"), converted=day % 2)
    for day in range(1, 31):
        log.add(source="Google", started_at=epoch(f"2026-09-{day:02}T10:00"))
    request = ConversionsRequest(
        since=date(2026, 10, 1), until=date(2026, 10, 31), compare="previous"
    )
    result = conversions(log.db, settings_of(), request)
    (row,) = as_objects(result)
    assert (row["calls"], row["calls_before"], row["calls_within_noise"]) == (31, 30, True)
    assert row["calls_change"] == pytest.approx(1 / 30)
    assert (row["conversion_rate_before"], row["conversion_rate_within_noise"]) == (0.0, False)
    assert result.head["compared_with"] == {"since": "2026-09-01", "until": "2026-09-30"}


def test_days_are_compared_with_the_days_they_follow(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    log.add(started_at=epoch("2026-10-08T10:00"))
    log.add(started_at=epoch("2026-10-01T10:00"))
    log.add(started_at=epoch("2026-10-02T10:00"))
    request = ConversionsRequest(
        by="day", since=date(2026, 10, 8), until=date(2026, 10, 14), compare="previous"
    )
    rows = as_objects(conversions(log.db, settings_of(), request))
    assert [(row["day"], row["calls"], row["calls_before"]) for row in rows] == [
        ("2026-10-08", 1, 1),
        ("2026-10-09", 0, 1),
    ]


def test_a_comparison_needs_a_beginning(log: Any, settings_of: Any) -> None:
    with pytest.raises(NothingToCompare):
        conversions(log.db, settings_of(), ConversionsRequest(compare="year"))


def test_a_period_that_ends_before_it_begins_is_refused(log: Any, settings_of: Any) -> None:
    request = ConversionsRequest(since=date(2026, 10, 2), until=date(2026, 10, 1))
    with pytest.raises(PeriodEndsEarly):
        conversions(log.db, settings_of(), request)


def test_two_of_ten_look_less_certain_than_many_of_a_thousand(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    for number in range(10):
        log.add(source="small", converted=int(number < 2))
    for number in range(1000):
        log.add(source="large", converted=int(number < 190))
    rows = {
        row["source"]: row
        for row in as_objects(conversions(log.db, settings_of(), ConversionsRequest(interval=True)))
    }
    assert rows["small"]["conversion_rate_low"] == pytest.approx(0.0567, abs=1e-4)
    assert rows["small"]["conversion_rate_high"] == pytest.approx(0.5098, abs=1e-4)
    assert rows["large"]["conversion_rate_low"] > rows["small"]["conversion_rate_low"]


def test_the_report_by_source_is_read_from_its_index_alone(log: Any) -> None:
    plan = [row[3] for row in log.db.rows(f"EXPLAIN QUERY PLAN {by_source_sql()}")]
    reads = [step for step in plan if " c " in f"{step} "]
    assert reads
    assert all("COVERING INDEX ix_call_conversions_by_source" in step for step in reads)


def test_the_report_by_source_sorts_nothing(log: Any) -> None:
    plan = [row[3] for row in log.db.rows(f"EXPLAIN QUERY PLAN {by_source_sql()}")]
    assert not [step for step in plan if "TEMP B-TREE" in step]


def test_a_group_without_a_value_is_null_for_programs_and_named_for_people(
    log: Any, settings_of: Any
) -> None:
    log.add()
    request = ConversionsRequest()
    assert next(iter(conversions(log.db, settings_of(), request).rows))[0] is None
    shown = conversions(log.db, settings_of(), request, for_people=True)
    assert next(iter(shown.rows))[0] == "(none)"


def test_the_head_says_what_the_report_is_about(log: Any, settings_of: Any, filter_of: Any) -> None:
    request = ConversionsRequest(selected=filter_of(["source:google"]), since=date(2026, 10, 1))
    assert conversions(log.db, settings_of(), request).head == {
        "report": "conversions",
        "since": "2026-10-01",
        "until": None,
        "time_zone": "Europe/Berlin",
        "filter": "source:google",
    }


def test_today_is_that_of_the_settings_zone_where_a_comparison_has_no_last_day(
    log: Any, settings_of: Any
) -> None:
    zone = "Pacific/Kiritimati"
    today = datetime.now(ZoneInfo(zone)).date()
    request = ConversionsRequest(since=today - timedelta(days=2), compare="previous")
    result = conversions(log.db, settings_of("", zone), request)
    assert result.head is not None
    assert result.head["until"] in (str(today), str(today + timedelta(days=1)))  # at midnight
    assert result.head["time_zone"] == zone


def test_a_filter_by_date_also_says_how_many_calls_have_no_start(
    log: Any, settings_of: Any, filter_of: Any
) -> None:
    log.add(source="Google")
    log.add(source="Bing")
    selected = filter_of(["date:2026-10", "source:google"])
    result = conversions(log.db, settings_of(), ConversionsRequest(selected=selected))
    assert result.notices == (
        "1 call without a start left out, since the report is limited by date.",
    )


def test_a_year_before_a_leap_day_ends_with_february(log: Any, settings_of: Any) -> None:
    request = ConversionsRequest(since=date(2024, 2, 1), until=date(2024, 2, 29), compare="year")
    head = conversions(log.db, settings_of(), request).head
    assert head is not None
    assert head["compared_with"] == {"since": "2023-02-01", "until": "2023-02-28"}
    later = request._replace(since=date(2025, 2, 1), until=date(2025, 2, 28))
    head = conversions(log.db, settings_of(), later).head
    assert head is not None
    assert head["compared_with"]["until"] == str(date(2024, 3, 1) - timedelta(days=1))
