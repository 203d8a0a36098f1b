from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.attribution import Agent, Directory, Person
from scorecli.domain.name_suggestions import Suggester

USERS = [
    Person(1, "Michael Reyes"),
    Person(2, "Dana Reyes"),
    Person(3, "Elizabeth García López"),
    Person(4, "王小明"),
    Person(5, "Lee Wong", ("Desk Two",)),
]


@pytest.mark.parametrize(
    ("name", "user", "why"),
    [
        ("Mike Reyes", 1, ("nickname",)),
        ("Liz Garcia Lopez", 3, ("nickname",)),
        ("M. Reyes", 1, ("initial",)),
        ("Reyes, D.", 2, ("initial",)),
        ("Danna Reyes", 2, ("spelling",)),
        ("Dnaa Reyes", 2, ("spelling",)),
        ("Dana", 2, ("part of the name",)),
        ("Dana Maria Reyes", 2, ("part of the name",)),
        ("Elizabeth Garcia", 3, ("part of the name",)),
        ("Reyes Dana", 2, ("order",)),
        ("Desk Tow", 5, ("spelling",)),
    ],
)
def test_the_nearest_user_is_suggested_with_the_reason(
    name: str, user: int, why: tuple[str, ...]
) -> None:
    first = Suggester(USERS).nearest(name)[0]
    assert (first.user.id, first.why) == (user, why)


@pytest.mark.parametrize("name", ["Pat Miller", "Lee Reyes", "D. R.", "", "--", "109"])
def test_another_persons_name_suggests_nobody(name: str) -> None:
    assert Suggester(USERS).nearest(name) == []


def test_the_nearest_come_first_and_no_more_than_asked_for() -> None:
    users = [Person(number, f"Dana {name}") for number, name in enumerate("ABCDE", 1)]
    found = Suggester([*users, Person(9, "Dana")]).nearest("Danna", most=2)
    assert [suggestion.user.id for suggestion in found] == [9, 1]


names = st.lists(st.sampled_from(["mike", "michael", "reyes", "r", "danna", "dana"]), max_size=3)


@given(names.map(" ".join), st.lists(names.map(" ".join), max_size=4))
def test_what_is_only_suggested_is_never_assigned(agent: str, users: list[str]) -> None:
    people = [Person(number, name) for number, name in enumerate(users, 1)]
    outcome = Directory(people, 0).resolve(Agent(agent)).at(0)
    for suggestion in Suggester(people).nearest(agent):
        if suggestion.why:
            assert outcome.user != suggestion.user.id


letters = st.text("abcdeinorst", min_size=4, max_size=12)


@given(st.lists(letters, min_size=2, max_size=3), st.data())
def test_a_name_with_one_typing_error_suggests_its_user(
    words: list[str], data: st.DataObject
) -> None:
    wrong = list(words)
    place = data.draw(st.integers(0, len(words) - 1))
    word = words[place]
    at = data.draw(st.integers(0, len(word) - 2))
    errors = {
        "lost": word[:at] + word[at + 1 :],
        "added": word[:at] + "z" + word[at:],
        "changed": word[:at] + "z" + word[at + 1 :],
        "swapped": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }
    wrong[place] = errors[data.draw(st.sampled_from(sorted(errors)))]
    others = [Person(number, f"Zoe Zyx{number}") for number in range(2, 5)]
    found = Suggester([Person(1, " ".join(words)), *others]).nearest(" ".join(wrong))
    assert found[0].user.id == 1


def test_among_many_users_the_one_who_is_meant_is_found() -> None:
    users = [Person(number, f"Given{number} Sur{number}x") for number in range(400)]
    suggester = Suggester([*users, Person(400, "Michael Reyes")])
    assert [found.user.id for found in suggester.nearest("Mike Reyes")] == [400]
    assert suggester.nearest("Kim Walker") == []
