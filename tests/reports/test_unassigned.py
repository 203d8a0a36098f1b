from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scorecli.domain.attribution import Agent, Directory, Person
from scorecli.reports.unassigned import UnassignedRequest, definitions, unassigned
from scorecli.reports.users import list_users, show_user, suggest_users

Log = Any
NOW = 1_793_526_900  # 2026-11-01 10:55 in Berlin


def add_user(log: Log, name: str, **columns: Any) -> int:
    number = 1 + (log.db.one('SELECT max(id) FROM "user"') or 0)
    values = {"id": number, "name": name, "folded": name.casefold(), **columns}
    marks = ", ".join(f":{column}" for column in values)
    log.db.execute(f'INSERT INTO "user" ({", ".join(values)}) VALUES ({marks})', values)
    return number


def rows(log: Log, settings: Any, *arguments: Any) -> list[list[Any]]:
    return list(unassigned(log.db, settings, UnassignedRequest(*arguments), NOW).rows)


def test_calls_are_counted_by_agent_and_reason(log: Log, settings_of: Any) -> None:
    for agent in ("Dana Reyes", "Dana Reyes", "Nobody", None, "Lee Wong"):
        log.add(agent=agent, started_at=NOW)
    log.add(agent="Lee Wong", assigned_by="person")
    log.add(agent="Lee Wong", user_id=add_user(log, "Lee Wong"), assigned_by="name")
    for _ in range(2):
        add_user(log, "Dana Reyes")
    assert rows(log, settings_of()) == [
        ["Dana Reyes", None, None, "ambiguous: Dana Reyes (2), Dana Reyes (3)", 2],
        [None, None, None, "no agent on the call", 1],
        [
            "Lee Wong", None, None, "matches now; `scorecli calls attribute` assigns them", 1
        ],
        ["Lee Wong", None, None, "unassigned by a person", 1],
        ["Nobody", None, None, "no user of that name", 1],
    ]  # fmt: skip


def test_the_reason_depends_on_the_time_of_the_call(log: Log, settings_of: Any) -> None:
    add_user(log, "Dana Reyes", active_until=NOW - 100)
    for start in (NOW - 200, NOW - 50, None):
        log.add(agent="Dana Reyes", started_at=start)
    assert rows(log, settings_of()) == [
        ["Dana Reyes", None, None, "no user of that name", 2],
        [
            "Dana Reyes", None, None, "matches now; `scorecli calls attribute` assigns them", 1
        ],
    ]  # fmt: skip


def test_a_filter_and_days_limit_it_and_say_what_is_left_out(
    log: Log, settings_of: Any, filter_of: Any
) -> None:
    log.add(agent="a", started_at=NOW, source="google")
    log.add(agent="a", started_at=NOW - 86400, source="google")
    log.add(agent="a", started_at=NOW, source="bing")
    log.add(agent="a", source="google")
    log.add(agent="a", source="google", user_id=add_user(log, "Ann"))
    today = date(2026, 11, 1)
    request = UnassignedRequest(filter_of(["source:google"]), today, today)
    result = unassigned(log.db, settings_of(), request, NOW)
    assert list(result.rows) == [["a", None, None, "no user of that name", 1]]
    assert result.total[-1] == 1
    assert result.notices == (
        "1 call without a start left out, since the report is limited by date.",
    )


def test_every_reason_is_explained() -> None:
    explained = " ".join(row[0] for row in definitions().rows)
    for reason in ("no agent on the call", "no user of that name", "ambiguous", "disagree"):
        assert reason in explained


NAMES = ("Dana Reyes", "Lee Wong", "x")
calls = st.lists(
    st.tuples(st.sampled_from((*NAMES, None)), st.one_of(st.none(), st.integers(NOW - 4, NOW + 4))),
    max_size=10,
)
users = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.one_of(st.none(), st.integers(NOW - 4, NOW)),
        st.one_of(st.none(), st.integers(NOW + 1, NOW + 4)),
    ),
    max_size=3,
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls, users)
def test_the_counts_are_those_of_the_calls_one_by_one(
    new_log: Any, settings_of: Any, made: list[Any], people: list[Any]
) -> None:
    log = new_log()
    found = []
    for name, start, end in people:
        number = add_user(log, name, active_from=start, active_until=end)
        found.append(Person(number, name, active_from=start, active_until=end))
    wanted: dict[Any, int] = {}
    for agent, start in made:
        log.add(agent=agent, started_at=start)
        reason = Directory(found, NOW).resolve(Agent(agent)).at(start).reason
        wanted[agent, reason] = wanted.get((agent, reason), 0) + 1
    counted = {
        (agent, None if reason.startswith("matches now") else reason): number
        for agent, _, _, reason, number in rows(log, settings_of())
    }
    assert counted == wanted


def test_users_are_listed_with_their_calls_and_periods(
    log: Log, settings_of: Any, as_objects: Any
) -> None:
    ann = add_user(log, "Ann Lee", email="ann@x.org", role="agent", active_until=NOW)
    bob = add_user(log, "Bob Ray", active_from=NOW - 10)
    log.add(user_id=ann)
    log.add(user_id=ann, removed="deleted")
    log.db.execute("INSERT INTO user_alias (user_id, name, folded) VALUES (?, 'Al', 'al')", (bob,))
    listed = as_objects(list_users(log.db, settings_of(), NOW))
    assert [(row["name"], row["calls"], row["active"]) for row in listed] == [
        ("Ann Lee", 1, False),
        ("Bob Ray", 0, True),
    ]
    assert listed[0]["active_until"] == "2026-11-01T10:55:00+01:00"
    active = as_objects(list_users(log.db, settings_of(), NOW, active=True))
    assert [row["name"] for row in active] == ["Bob Ray"]
    (shown,) = as_objects(show_user(log.db, settings_of(), "al", NOW))
    assert (shown["id"], shown["aliases"]) == (bob, ["Al"])


def test_agents_who_are_no_user_are_suggested_with_the_nearest(log: Log, as_objects: Any) -> None:
    add_user(log, "Michael Reyes")
    for agent in ("Mike Reyes", "Mike Reyes", "Pat Ward", "Michael Reyes", None):
        log.add(agent=agent, started_at=NOW)
    result = suggest_users(log.db, NOW)
    found = as_objects(result)
    assert [(row["agent"], row["calls"], row["nearest"], row["why"]) for row in found] == [
        ("Mike Reyes", 2, ["Michael Reyes"], ["nickname"]),
        ("Pat Ward", 1, [], []),
    ]
    assert result.notices == (
        "`scorecli users add 'Mike Reyes'` makes an agent a user.",
        "`scorecli users edit 'Michael Reyes' --alias 'Mike Reyes'` says that they are one person.",
    )


def test_an_agent_of_a_users_name_outside_their_period_says_so(log: Log, as_objects: Any) -> None:
    add_user(log, "Dana Reyes", active_until=NOW - 100)
    log.add(agent="Dana Reyes", started_at=NOW)
    result = suggest_users(log.db, NOW)
    (row,) = as_objects(result)
    assert (row["nearest"], row["why"]) == (["Dana Reyes"], ["the same name at another time"])
    assert result.notices == ("`scorecli users add 'Dana Reyes'` makes an agent a user.",)
