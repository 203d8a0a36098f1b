"""The minutes report, against what plain Python adds up over the same calls."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scorecli.errors.reports import PeriodEndsEarly, UnknownGrouping
from scorecli.errors.settings import BrokenSettings
from scorecli.reports.minutes import MinutesRequest, definitions, minutes_report

DAY = 86_400
START = 1_790_000_000  # 2026-09-21 16:13:20 in Berlin


def report(log: Any, settings: Any, as_objects: Any, **request: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = as_objects(
        minutes_report(log.db, settings, MinutesRequest(**request))
    )
    return found


def total(log: Any, settings: Any, **request: Any) -> dict[str, Any]:
    result = minutes_report(log.db, settings, MinutesRequest(**request))
    assert result.total is not None
    return dict(zip([column.name for column in result.columns], result.total, strict=True))


def test_each_call_is_billed_up_to_the_increment_and_not_below_the_minimum(
    log: Any, settings_of: Any
) -> None:
    for duration in (1, 60, 61, 125, 0, None):
        log.add(duration=duration)
    found = total(log, settings_of())
    assert (found["calls"], found["seconds"], found["billable_minutes"]) == (6, 247, 7.0)
    six = settings_of("[minutes]\nincrement = 6\nminimum = 30\n")
    assert total(log, six)["billable_minutes"] == (30 + 60 + 66 + 126) / 60
    exact = settings_of("[minutes]\nincrement = 1\nminimum = 0\n")
    assert total(log, exact)["billable_minutes"] == 247 / 60


@pytest.mark.parametrize("text", ["increment = 0", "minimum = -1", "increment = 1.5"])
def test_an_increment_that_cannot_be_is_refused(settings_of: Any, text: str) -> None:
    with pytest.raises(BrokenSettings):
        settings_of(f"[minutes]\n{text}\n")


def test_days_are_those_of_the_settings_zone(log: Any, settings_of: Any, as_objects: Any) -> None:
    for second in (START, START + 8 * 3600, START + DAY):
        log.add(started_at=second, duration=60)
    rows = report(log, settings_of(), as_objects)
    assert [(row["day"], row["calls"]) for row in rows] == [("2026-09-21", 1), ("2026-09-22", 2)]
    assert total(log, settings_of(), since=date(2026, 9, 22))["calls"] == 2


def test_caller_and_called_depend_on_the_direction(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    own, contact = "+12125550100", "+13035550177"
    for direction in ("inbound", "outbound", None):
        log.add(
            direction=direction,
            tracking_number=own,
            contact_number="(303) 555-0177",
            contact_number_e164=contact,
            duration=60,
        )
    rows = report(log, settings_of(), as_objects, by="caller")
    assert {row["caller"]: row["calls"] for row in rows} == {contact: 2, own: 1}
    rows = report(log, settings_of(), as_objects, by="called")
    assert {row["called"]: row["calls"] for row in rows} == {own: 2, contact: 1}
    detail = report(log, settings_of(), as_objects, detail=True)
    assert [(row["caller"], row["called"]) for row in detail] == [
        (contact, own),
        (own, contact),
        (contact, own),
    ]


def test_accounts_and_campaigns_are_one_where_only_their_case_differs(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    for account in ("Sales", "sales", None):
        log.add(account=account, campaign="Spring", duration=30)
    rows = report(log, settings_of(), as_objects, by="account,campaign")
    assert {(row["account"], row["campaign"]): row["calls"] for row in rows} == {
        ("Sales", "Spring"): 2,
        (None, "Spring"): 1,
    }


def test_what_cannot_be_reported_is_refused(log: Any, settings_of: Any, as_objects: Any) -> None:
    for by in ("hour", "day,day", "day,account,campaign"):
        with pytest.raises(UnknownGrouping):
            report(log, settings_of(), as_objects, by=by)
    with pytest.raises(PeriodEndsEarly):
        report(log, settings_of(), as_objects, since=date(2026, 2, 2), until=date(2026, 2, 1))


def test_every_figure_is_explained(log: Any, settings_of: Any) -> None:
    names = {
        column.name for column in minutes_report(log.db, settings_of(), MinutesRequest()).columns
    }
    assert names - {"day"} <= {row[0] for row in definitions(settings_of()).rows}


calls = st.lists(
    st.fixed_dictionaries(
        {"started_at": st.integers(START, START + 3 * DAY)},
        optional={
            "duration": st.integers(0, 400),
            "campaign": st.sampled_from(["A", "B"]),
            "account": st.sampled_from(["X", "Y"]),
            "removed": st.just("deleted"),
        },
    ),
    max_size=15,
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls, st.integers(1, 90), st.integers(0, 90), st.sampled_from(["account", "campaign"]))
def test_figures_equal_a_count_by_hand(
    new_log: Any,
    settings_of: Any,
    as_objects: Any,
    calls: list[dict[str, Any]],
    increment: int,
    minimum: int,
    by: str,
) -> None:
    log = new_log()
    for call in calls:
        log.add(**call)
    settings = settings_of(f"[minutes]\nincrement = {increment}\nminimum = {minimum}\n")
    live = [call for call in calls if "removed" not in call]

    def billed(seconds: int) -> int:
        return max(minimum, -(-seconds // increment) * increment) if seconds else 0

    def counted(some: list[dict[str, Any]]) -> tuple[int, int, float]:
        durations = [call.get("duration", 0) for call in some]
        return len(some), sum(durations), sum(map(billed, durations)) / 60

    for row in report(log, settings, as_objects, by=by):
        group = [call for call in live if call.get(by) == row[by]]
        assert (row["calls"], row["seconds"], row["billable_minutes"]) == counted(group)
    found = total(log, settings)
    assert (found["calls"], found["seconds"], found["billable_minutes"]) == counted(live)
    detail = report(log, settings, as_objects, detail=True)
    assert [row["seconds"] for row in detail] == [
        call.get("duration", 0) for call in sorted(live, key=lambda call: call["started_at"])
    ]
    assert round(sum(row["billable_minutes"] for row in detail) * 60) == round(
        found["billable_minutes"] * 60
    )
