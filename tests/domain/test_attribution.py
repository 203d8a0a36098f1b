from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.agent_names import name_keys
from scorecli.domain.attribution import Agent, Directory, Outcome, Person, Resolution

NOW = 1_000
REAL_DATA = os.environ.get("SCORECLI_REAL_DATA")  # read here: tests run without the environment


def decide(people: list[Person], agent: Agent, when: int | None = NOW, now: int = NOW) -> Outcome:
    return Directory(people, now).resolve(agent).at(when)


def reason(*arguments: object, **named: object) -> str | None:
    outcome = decide(*arguments, **named)  # type: ignore[arg-type]
    assert (outcome.user is None) == (outcome.reason is not None)
    return outcome.reason


DANA = Person(1, "Dana Reyes", email="dana@x.org", extension="109")
LEE = Person(2, "Lee Wong", ("Desk two",), "lee@x.org", "110")


def test_a_name_an_alias_an_extension_or_an_address_finds_its_one_user() -> None:
    users = [DANA, LEE]
    assert decide(users, Agent("REYES, Dana")) == Outcome(1, "name")
    assert decide(users, Agent("desk  TWO")) == Outcome(2, "alias")
    assert decide(users, Agent(extension="x109")) == Outcome(1, "extension")
    assert decide(users, Agent(email="DANA@x.org")) == Outcome(1, "email")
    assert decide(users, Agent("Front desk", "110")) == Outcome(2, "extension")
    assert decide(users, Agent("Lee Wong", "110", "lee@x.org")) == Outcome(2, "email")


def test_the_four_reasons_why_nobody_is_assigned() -> None:
    namesake = Person(3, "Dana Reyes")
    assert reason([DANA], Agent()) == "no agent on the call"
    assert reason([DANA], Agent("  ", "", None)) == "no agent on the call"
    assert reason([DANA], Agent("Dana Ray")) == "no user of that name"
    assert reason([DANA], Agent(extension="77")) == "no user of that name"
    assert reason([DANA, namesake], Agent("Dana Reyes")) == (
        "ambiguous: Dana Reyes (1), Dana Reyes (3)"
    )
    assert reason([DANA, LEE], Agent("Dana Reyes", "110")) == "name and extension disagree"


def test_a_part_of_an_alias_is_not_the_alias() -> None:
    assert reason([LEE], Agent("Desk")) == "no user of that name"
    assert reason([LEE], Agent("Desk two b")) == "no user of that name"


def test_an_alias_that_is_another_users_name_is_ambiguous() -> None:
    users = [DANA, Person(2, "Lee Wong", ("Dana Reyes",))]
    assert reason(users, Agent("Dana Reyes")) == "ambiguous: Dana Reyes, Lee Wong"


def test_an_extension_tells_two_namesakes_apart() -> None:
    users = [DANA, Person(3, "Dana Reyes", extension="111")]
    assert decide(users, Agent("Dana Reyes", "111")) == Outcome(3, "extension")
    assert decide(users, Agent("Dana Reyes", "109")) == Outcome(1, "extension")
    assert reason(users, Agent("Dana Reyes", "112")) == "ambiguous: Dana Reyes (1), Dana Reyes (3)"


def test_a_shared_extension_decides_nothing_and_contradicts_outsiders() -> None:
    users = [DANA, Person(2, "Lee Wong", extension="109"), Person(3, "Kim Ward")]
    assert reason(users, Agent(extension="109")) == "ambiguous: Dana Reyes, Lee Wong"
    assert decide(users, Agent("Lee Wong", "109")) == Outcome(2, "name")
    assert reason(users, Agent("Kim Ward", "109")) == "name and extension disagree"
    assert reason(users, Agent("Front desk", "109")) == "ambiguous: Dana Reyes, Lee Wong"


def test_an_extension_and_an_address_of_two_users_disagree() -> None:
    assert reason([DANA, LEE], Agent(None, "109", "lee@x.org")) == "name and extension disagree"


def test_a_call_must_fall_into_the_users_period() -> None:
    user = Person(1, "Dana Reyes", active_from=100, active_until=200)
    assert decide([user], Agent("Dana Reyes"), 99).user is None
    assert decide([user], Agent("Dana Reyes"), 100).user == 1
    assert decide([user], Agent("Dana Reyes"), 199).user == 1
    assert decide([user], Agent("Dana Reyes"), 200).reason == "no user of that name"


def test_a_namesake_who_came_later_does_not_inherit() -> None:
    former = Person(1, "Dana Reyes", active_until=200)
    later = Person(2, "Dana Reyes", active_from=300)
    users = [former, later]
    assert decide(users, Agent("Dana Reyes"), 150).user == 1
    assert decide(users, Agent("Dana Reyes"), 250).reason == "no user of that name"
    assert decide(users, Agent("Dana Reyes"), 350).user == 2
    assert decide(users, Agent("Dana Reyes"), None).user == 2


def test_a_call_without_a_time_fits_only_users_active_now() -> None:
    former = Person(1, "Dana Reyes", active_until=NOW)
    assert reason([former], Agent("Dana Reyes"), None) == "no user of that name"
    assert decide([former], Agent("Dana Reyes"), NOW - 1).user == 1
    assert decide([former], Agent("Dana Reyes"), None, now=NOW - 1).user == 1


NAMES = ("Dana Reyes", "Reyes, Dana", "Lee Wong", "LEE WONG", "Dana", "王小明", "d. reyes")
TIMES = st.one_of(st.none(), st.integers(0, 6))
maybe = st.one_of(st.none(), st.sampled_from(["1", "2"]))


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    found = []
    for number in range(1, draw(st.integers(0, 5)) + 1):
        start, end = draw(TIMES), draw(TIMES)
        if start is not None and end is not None and start >= end:
            end = None
        found.append(
            Person(
                number,
                draw(st.sampled_from(NAMES)),
                tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2))),
                draw(maybe),
                draw(maybe),
                start,
                end,
            )
        )
    return found


agents = st.builds(
    Agent, st.one_of(st.none(), st.sampled_from((*NAMES, "Nobody", ""))), maybe, maybe
)


@given(people(), agents, st.one_of(st.none(), st.integers(-2, 8)), st.integers(-2, 8))
def test_only_the_one_user_whom_everything_fits_is_ever_assigned(
    users: list[Person], agent: Agent, when: int | None, now: int
) -> None:
    moment = now if when is None else when
    active = [
        user
        for user in users
        if (user.active_from is None or user.active_from <= moment)
        and (user.active_until is None or moment < user.active_until)
    ]

    def of_name(user: Person) -> bool:
        keys = name_keys(agent.name or "")
        return any(keys & name_keys(name) for name in (user.name, *user.aliases))

    fits = {
        "name": {user.id for user in active if of_name(user)},
        "extension": {u.id for u in active if agent.extension and u.extension == agent.extension},
        "email": {u.id for u in active if agent.email and u.email == agent.email},
    }
    outcome = decide(users, agent, when, now)
    if outcome.user is not None:
        fitting = [found for found in fits.values() if found]
        assert fitting
        assert all(outcome.user in found for found in fitting)
        assert any(found == {outcome.user} for found in fitting)
    elif len({frozenset(found) for found in fits.values() if found}) == 1:
        (only,) = {frozenset(found) for found in fits.values() if found}
        assert len(only) > 1  # one user whom all fits would have been assigned


@given(people(), agents, st.integers(-2, 8), st.randoms())
def test_the_order_of_the_users_does_not_matter(
    users: list[Person], agent: Agent, now: int, random: Random
) -> None:
    shuffled = list(users)
    random.shuffle(shuffled)
    assert Directory(users, now).resolve(agent) == Directory(shuffled, now).resolve(agent)


@given(people(), agents, st.integers(-2, 8))
def test_the_spans_of_a_resolution_say_what_each_moment_says(
    users: list[Person], agent: Agent, now: int
) -> None:
    directory = Directory(users, now)
    resolution = directory.resolve(agent)
    _require_whole(resolution)
    for when in range(-3, 9):
        inside = [u for u in users if u.is_active(when)]
        forever = [u._replace(active_from=None, active_until=None) for u in inside]
        assert resolution.at(when) == decide(forever, agent, when, now)


def _require_whole(resolution: Resolution) -> None:
    assert resolution.spans[0].start is None
    assert resolution.spans[-1].end is None
    for one, following in zip(resolution.spans, resolution.spans[1:], strict=False):
        assert one.end == following.start is not None
        assert one.outcome != following.outcome


@pytest.mark.real_data
@pytest.mark.skipif(not REAL_DATA, reason="SCORECLI_REAL_DATA names no folder")
def test_misspelt_persons_of_a_real_register_are_never_assigned_to_another(
    record_property: Callable[[str, object], None],
) -> None:
    with (Path(REAL_DATA or "") / "names/febrl_dataset1.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = [
            {key.strip(): value.strip() for key, value in row.items()}
            for row in csv.DictReader(file)
        ]
    users, agents_found = [], []
    for row in rows:
        _, number, kind, *_ = row["rec_id"].split("-")
        name = f"{row['given_name']} {row['surname']}".strip()
        if kind == "org":
            users.append(Person(int(number), name))
        else:
            agents_found.append((int(number), name))
    directory = Directory(users, NOW)
    assigned = wrong = 0
    for number, name in agents_found:
        user = directory.resolve(Agent(name)).at(NOW).user
        assigned += user is not None
        wrong += user not in (None, number)
    record_property("assigned", f"{assigned} of {len(agents_found)}")
    assert wrong == 0
    assert len(users) == len(agents_found) == 500
    assert assigned >= 200
