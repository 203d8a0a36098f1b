from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scorecli.errors.reports import PeriodEndsEarly, SeveralCurrencies
from scorecli.reports.agents import AgentsRequest, agents, definitions
from scorecli.result import Money

Log = Any
START = 1_793_526_900  # 2026-11-01 10:55 in Berlin


def figures(result: Any, as_objects: Any) -> dict[Any, dict[str, Any]]:
    return {row["user"]: row for row in as_objects(result)}


def test_the_figures_of_each_user(log: Log, settings_of: Any, as_objects: Any) -> None:
    log.add(user="Ann", talk_time=1800, stars=5, converted=1, amount=10000, currency="USD")
    log.add(user="Ann", talk_time=None, stars=2, result="SALE")
    log.add(user="Ann", result="TALK")
    log.add(user="Ann", result="SHOWN")
    log.add(user="Ann", result="NOBODY HOME")
    log.add(user="Bob", amount=500, currency="USD")  # an orphan amount counts nowhere
    log.add(talk_time=60)
    log.add(user="Ann", removed="deleted", stars=1)
    log.db.execute("UPDATE result SET contact = 1 WHERE code <> 'NOBODY HOME'")
    log.db.execute("UPDATE result SET presentation = 1 WHERE code = 'SHOWN'")
    log.db.execute("UPDATE result SET success = 1 WHERE code = 'SALE'")
    result = agents(log.db, settings_of(), AgentsRequest())
    found = figures(result, as_objects)
    assert found["Ann"] == {
        "user": "Ann",
        "calls": 5,
        "talk_time": 1800,
        "avg_stars": 3.5,
        "contacts": 3,
        "contact_rate": 3 / 5,
        "presentations": 1,
        "presentation_rate": 1 / 3,
        "successes": 1,
        "success_rate": 1 / 3,
        "amount": Money(10000, "USD"),
        "amount_per_talk_hour": Money(20000, "USD"),
    }
    assert found["Bob"]["amount"] == Money(0, "USD")
    nothing = ("talk_time", "avg_stars", "success_rate", "amount_per_talk_hour")
    assert [found["Bob"][name] for name in nothing] == [None] * 4
    assert (found[None]["calls"], found[None]["talk_time"]) == (1, 60)
    assert list(found) == ["Ann", "Bob", None]
    assert result.total[1:3] == [7, 1860]
    assert result.notices == ("1 call without a user; `scorecli report unassigned` says why.",)


def test_users_of_one_name_stay_apart(log: Log, settings_of: Any, as_objects: Any) -> None:
    for number in (1, 2):
        log.db.execute(
            "INSERT INTO \"user\" (id, name, folded) VALUES (?, 'Ann', 'ann')", (number,)
        )
        log.add(user_id=number)
    result = agents(log.db, settings_of(), AgentsRequest())
    assert sorted(figures(result, as_objects)) == ["Ann (1)", "Ann (2)"]


def test_what_the_settings_lack_is_no_figure(log: Log, settings_of: Any) -> None:
    off = "".join(f"[{name}]\nenabled = false\n" for name in ("score", "results", "conversion"))
    result = agents(log.db, settings_of(off), AgentsRequest())
    assert [column.name for column in result.columns] == ["user", "calls", "talk_time"]


def test_a_filter_and_local_days_limit_it(
    log: Log, settings_of: Any, filter_of: Any, as_objects: Any
) -> None:
    log.add(user="Ann", started_at=START, source="google")
    log.add(user="Ann", started_at=START + 86400, source="google")
    log.add(user="Ann", started_at=START, source="bing")
    log.add(user="Ann", source="google")
    request = AgentsRequest(filter_of(["source:google"]), date(2026, 11, 1), date(2026, 11, 1))
    result = agents(log.db, settings_of(), request)
    assert figures(result, as_objects)["Ann"]["calls"] == 1
    assert result.head["filter"] == "source:google"
    assert result.notices == (
        "1 call without a start left out, since the report is limited by date.",
    )


def test_amounts_of_two_currencies_are_never_added(log: Log, settings_of: Any) -> None:
    for currency in ("USD", "EUR"):
        log.add(user="Ann", converted=1, amount=1, currency=currency)
    with pytest.raises(SeveralCurrencies):
        agents(log.db, settings_of(), AgentsRequest())


def test_a_period_that_ends_before_it_begins_is_refused(log: Log, settings_of: Any) -> None:
    request = AgentsRequest(since=date(2026, 2, 1), until=date(2026, 1, 1))
    with pytest.raises(PeriodEndsEarly):
        agents(log.db, settings_of(), request)


def test_every_figure_is_explained(log: Log, settings_of: Any) -> None:
    names = {column.name for column in agents(log.db, settings_of(), AgentsRequest()).columns}
    explained = {row[0] for row in definitions(settings_of()).rows}
    assert names - {"user"} <= explained


calls = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "user": st.sampled_from(["Ann", "Bob"]),
            "talk_time": st.integers(0, 9999),
            "stars": st.integers(1, 5),
            "amount": st.integers(0, 9999),
            "converted": st.integers(0, 1),
        },
    ),
    max_size=12,
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls)
def test_the_sums_are_those_of_the_calls(
    new_log: Any, settings_of: Any, as_objects: Any, made: list[dict[str, Any]]
) -> None:
    log = new_log()
    for call in made:
        log.add(**call, currency="USD" if "amount" in call else None)
    found = figures(agents(log.db, settings_of(), AgentsRequest()), as_objects)
    for user in {call.get("user") for call in made}:
        own = [call for call in made if call.get("user") == user]
        talks = [call["talk_time"] for call in own if "talk_time" in call]
        amount = sum(call["amount"] for call in own if "amount" in call and call.get("converted"))
        row = found[user]
        assert row["calls"] == len(own)
        assert row["talk_time"] == (sum(talks) if talks else None)
        assert row["amount"].minor == amount
        if sum(talks):
            assert abs(row["amount_per_talk_hour"].minor - amount * 3600 / sum(talks)) <= 0.5
        else:
            assert row["amount_per_talk_hour"] is None
    assert set(found) == {call.get("user") for call in made}
