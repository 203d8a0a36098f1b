"""The call results report, against what plain Python and plain SQL count on the same calls."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scorecli.errors.reports import PeriodEndsEarly, SeveralCurrencies, UnknownGrouping
from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.reports.call_results import ResultsRequest, definitions, results_report
from scorecli.result import Money

CODES = {
    "SALE": {"contact": 1, "presentation": 1, "success": 1},
    "NI": {"contact": 1, "presentation": 1},
    "CALLBK": {"contact": 1},
    "NA": {"no_contact": 1},
    "OLD": {"enabled": 0},
}


def define(log: Any) -> None:
    for number, (code, flags) in enumerate(CODES.items(), start=1):
        values = {"id": number, "code": code, "folded": code.casefold(), **flags}
        names = ", ".join(values)
        log.db.execute(
            f"INSERT INTO result ({names}) VALUES ({', '.join(f':{name}' for name in values)})",
            values,
        )


@pytest.fixture
def log(log: Any) -> Any:
    define(log)
    return log


def report(log: Any, settings: Any, as_objects: Any, **request: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = as_objects(
        results_report(log.db, settings, ResultsRequest(**request))
    )
    return found


def add_campaigns(log: Any, **closed: int) -> None:
    for name, is_closed in closed.items():
        log.db.execute(
            "INSERT INTO campaign (name, folded, closed) VALUES (:name, :folded, :closed)",
            {"name": name, "folded": name.casefold(), "closed": is_closed},
        )


def test_a_campaign_without_calls_is_shown_with_0(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    add_campaigns(log, Spring=0, Autumn=0, Done=1)
    log.add(campaign="spring", result="SALE")
    log.add()
    rows = report(log, settings_of(), as_objects)
    assert [(row["campaign"], row["calls"]) for row in rows] == [
        ("spring", 1),
        (None, 1),
        ("Autumn", 0),
    ]
    assert rows[2]["results"] == dict.fromkeys(CODES, 0)
    assert (rows[2]["contact_rate"], rows[2]["share"]) == (None, 0.0)


@pytest.mark.parametrize("by", ["campaign,result", "result,campaign"])
def test_a_campaign_without_calls_is_crossed_with_every_code(
    log: Any, settings_of: Any, as_objects: Any, by: str
) -> None:
    add_campaigns(log, Spring=0, Autumn=0, Done=1)
    log.add(campaign="spring", result="SALE")
    rows = report(log, settings_of(), as_objects, by=by)
    found = {(row["campaign"], row["result"]): row["calls"] for row in rows}
    assert found == {
        (name, code): int((name, code) == ("spring", "SALE"))
        for name in ("spring", "Autumn")
        for code in CODES
    }


def test_a_filter_for_campaigns_leaves_the_others_out(
    log: Any, settings_of: Any, as_objects: Any, filter_of: Any
) -> None:
    add_campaigns(log, Spring=0, Autumn=0, Winter=0)
    log.add(campaign="Spring", result="SALE")
    for terms, names in (
        (["campaign:spring"], ["Spring"]),
        (["not:campaign:winter"], ["Spring", "Autumn"]),
        (["any:(campaign:spring campaign:~wint)"], ["Spring", "Winter"]),
        (["campaign:autumn", "result:sale"], ["Autumn"]),
        (["result:sale"], ["Spring", "Autumn", "Winter"]),
    ):
        rows = report(log, settings_of(), as_objects, selected=filter_of(terms))
        assert [row["campaign"] for row in rows] == names


def total_of(result: Any) -> dict[str, Any]:
    return dict(zip([column.name for column in result.columns], result.total, strict=True))


def test_a_campaign_shows_its_calls_rates_and_amounts(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    for result in ("SALE", "NI", "CALLBK", "NA", None):
        log.add(campaign="Spring", result=result)
    log.add(campaign="spring", result="SALE", converted=1, amount=3000, currency="USD")
    log.add(campaign="Autumn", result="NA", amount=99, currency="USD")  # an orphan amount
    log.add(campaign="Autumn", result="SALE", removed="deleted")
    spring, autumn = report(log, settings_of(), as_objects)
    assert spring == {
        "campaign": "Spring",
        "calls": 6,
        "share": 6 / 7,
        "contacts": 4,
        "contact_rate": 4 / 6,
        "presentations": 3,
        "presentation_rate": 3 / 4,
        "successes": 2,
        "success_rate": 2 / 4,
        "amount": Money(3000, "USD"),
        "amount_per_success": Money(1500, "USD"),
        "results": {"CALLBK": 1, "NA": 1, "NI": 1, "OLD": 0, "SALE": 2},
    }
    assert (autumn["calls"], autumn["contact_rate"], autumn["success_rate"]) == (1, 0.0, None)
    assert (autumn["amount"], autumn["amount_per_success"]) == (Money(0, "USD"), None)


def test_every_defined_code_has_a_row_also_with_no_calls(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    rows = report(log, settings_of(), as_objects, by="result")
    assert {row["result"]: row["calls"] for row in rows} == dict.fromkeys(CODES, 0)
    assert {row["share"] for row in rows} == {None}
    log.add(result="NI", agent="Ann")
    log.add(agent="Bob")
    rows = report(log, settings_of(), as_objects, by="result")
    assert {row["result"]: row["calls"] for row in rows} == {
        **dict.fromkeys(CODES, 0),
        "NI": 1,
        None: 1,
    }
    crossed = report(log, settings_of(), as_objects, by="agent,result")
    assert {(row["agent"], row["result"]) for row in crossed} == {
        *((agent, code) for agent in ("Ann", "Bob") for code in CODES),
        ("Bob", None),
    }
    assert next(row["share"] for row in crossed if row["calls"] == 1) == 1.0


def test_filters_and_days_limit_the_calls(
    log: Any, settings_of: Any, as_objects: Any, filter_of: Any
) -> None:
    day = 86_400
    for days, more in enumerate(
        (
            {"agent": "Ann", "status": "answered", "termination": "caller", "result": "SALE"},
            {"agent": "Ann", "status": "busy", "termination": "agent", "list": "L1"},
            {"agent": "Bob", "status": "answered", "termination": "agent", "result": "NI"},
        )
    ):
        log.add(started_at=1_790_000_000 + days * day, **more)
    settings = settings_of()
    for terms, calls in (
        (["agent:ann"], 2),
        (["status:answered"], 2),
        (["termination:agent"], 2),
        (["list:l1"], 1),
        (["result:sale,ni"], 2),
    ):
        result = results_report(log.db, settings, ResultsRequest(filter_of(terms)))
        assert total_of(result)["calls"] == calls
    request = ResultsRequest(since=date(2026, 9, 22), until=date(2026, 9, 22))
    assert total_of(results_report(log.db, settings, request))["calls"] == 1


def test_amounts_of_two_currencies_are_never_added(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    for currency in ("USD", "EUR"):
        log.add(converted=1, amount=1, currency=currency)
    with pytest.raises(SeveralCurrencies):
        report(log, settings_of(), as_objects)
    rows = report(log, settings_of(), as_objects, by="currency")
    assert {row["amount"] for row in rows} == {Money(1, "USD"), Money(1, "EUR")}


def test_what_cannot_be_reported_is_refused(log: Any, settings_of: Any, as_objects: Any) -> None:
    for by in ("tag", "campain", "agent,agent", "agent,list,result"):
        with pytest.raises(UnknownGrouping):
            report(log, settings_of(), as_objects, by=by)
    with pytest.raises(PeriodEndsEarly):
        report(log, settings_of(), as_objects, since=date(2026, 2, 2), until=date(2026, 2, 1))
    with pytest.raises(FieldSwitchedOff):
        report(log, settings_of("[results]\nenabled = false\n"), as_objects)


def test_every_figure_is_explained(log: Any, settings_of: Any) -> None:
    request = ResultsRequest(interval=True)
    names = {column.name for column in results_report(log.db, settings_of(), request).columns}
    explained = {row[0] for row in definitions(settings_of()).rows}
    bare = {name.removesuffix("_low").removesuffix("_high") for name in names}
    assert bare - {"campaign"} <= explained


calls = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "campaign": st.sampled_from(["A", "B"]),
            "agent": st.sampled_from(["Ann", "Bob"]),
            "status": st.sampled_from(["answered", "busy"]),
            "result": st.sampled_from(list(CODES)),
            "converted": st.integers(0, 1),
            "amount": st.integers(0, 9999),
            "removed": st.just("deleted"),
        },
    ),
    max_size=15,
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls, st.sampled_from(["campaign", "agent", "result", "status", "campaign,result"]))
def test_figures_equal_a_count_by_hand(
    new_log: Any, settings_of: Any, as_objects: Any, calls: list[dict[str, Any]], by: str
) -> None:
    log = new_log()
    define(log)
    for call in calls:
        log.add(**call, **({"currency": "USD"} if "amount" in call else {}))
    live = [call for call in calls if "removed" not in call]
    names = by.split(",")

    def counted(some: list[dict[str, Any]]) -> dict[str, Any]:
        flags = [CODES.get(call.get("result", ""), {}) for call in some]
        return {
            "calls": len(some),
            "contacts": sum(flag.get("contact", 0) for flag in flags),
            "presentations": sum(flag.get("presentation", 0) for flag in flags),
            "successes": sum(flag.get("success", 0) for flag in flags),
            "amount": sum(call.get("amount", 0) for call in some if call.get("converted")),
        }

    result = results_report(log.db, settings_of(), ResultsRequest(by=by))
    for row in [*as_objects(result), total_of(result)]:
        in_total = row is not None and all(row[name] is None for name in names)
        group = [call for call in live if all(call.get(name) == row[name] for name in names)]
        if in_total and row["calls"] == len(live) and row["calls"] != len(group):
            group = live
        expected = counted(group)
        assert {**row, "amount": row["amount"].minor} == {**row, **expected}
        if row["contacts"]:
            assert row["success_rate"] == expected["successes"] / expected["contacts"]
    assert total_of(result)["calls"] == len(live)
    assert sum(row["calls"] for row in as_objects(result)) == len(live)


def test_totals_equal_what_plain_sql_counts(log: Any, settings_of: Any) -> None:
    for number in range(500):
        log.add(
            campaign=("A", "B", None)[number % 3],
            result=(*CODES, None)[number % 6],
            converted=number % 2,
            amount=number,
            currency="USD",
        )
    total = total_of(results_report(log.db, settings_of(), ResultsRequest()))
    (expected,) = log.db.rows(
        "SELECT count(*), sum(r.contact), sum(r.success),"
        " (SELECT sum(amount) FROM call WHERE converted = 1)"
        " FROM call AS c LEFT JOIN result AS r ON r.id = c.result_id"
    )
    found = (total["calls"], total["contacts"], total["successes"], total["amount"].minor)
    assert found == expected
