"""Which rows of a file are one person: by ids, names and addresses, in whatever order they come."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.contact_groups import Known, group_rows
from scorecli.domain.contact_names import NameTold


def known(
    external: str = "", name: str = "", emails: str = "", numbers: str = "", company: str = ""
) -> Known:
    first, _, last = name.partition(" ")
    return Known(
        external,
        tuple(emails.split()),
        tuple(numbers.split()),
        name.casefold(),
        company,
        first or None,
        last or None,
    )


def grouped(rows: Sequence[Known]) -> tuple[list[list[int]], list[int]]:
    found = group_rows(rows)
    return found.groups, sorted(found.nobody)


@pytest.mark.parametrize(
    ("rows", "groups", "nobody"),
    [
        ([known("1", "Ann"), known("1", "Bob")], [[0, 1]], []),
        ([known("1", emails="a"), known("2", emails="a")], [[0], [1]], []),
        ([known(name="Ann", emails="a"), known(emails="a b"), known(emails="b")], [[0, 1, 2]], []),
        ([known(name="Ann", emails="a"), known(name="Bob", emails="a")], [[0], [1]], []),
        (
            [known(name="Ann", emails="a"), known(emails="a"), known(name="Bob", emails="a")],
            [[0], [2]],
            [1],
        ),
        ([known(name="Ann", numbers="1"), known(name="Bob", numbers="1")], [[0], [1]], []),
        ([known(name="Ann", numbers="1"), known(name="ANN", numbers="2 1")], [[0, 1]], []),
        # The row in the middle could be either, and so is neither.
        (
            [
                known("1", "Ann", emails="a"),
                known(name="Ann", emails="a", numbers="1"),
                known("2", "Ann", numbers="1"),
            ],
            [[0], [2]],
            [1],
        ),
        (
            [known(name="Ann", emails="a"), known(emails="a b"), known(name="Bob", emails="b")],
            [[0], [2]],
            [1],
        ),
        # A number goes with the name that its row has from another one.
        (
            [
                known(numbers="1", emails="a"),
                known(name="Ann", emails="a"),
                known(name="Ann", numbers="1"),
            ],
            [[0, 1, 2]],
            [],
        ),
        (
            [known(numbers="1"), known(name="Ann", numbers="1"), known(numbers="1")],
            [[0, 2], [1]],
            [],
        ),
        ([known(name="Ann", company="x"), known(name="Ann"), known(name="Ann")], [[0], [1, 2]], []),
    ],
)
def test_rows_are_one_person_where_only_one_can_be_meant(
    rows: list[Known], groups: list[list[int]], nobody: list[int]
) -> None:
    assert grouped(rows) == (groups, nobody)


ROWS = st.lists(
    st.builds(
        known,
        st.sampled_from(["", "", "1", "2"]),
        st.sampled_from(["", "Ann", "Bob"]),
        st.sampled_from(["", "a", "b", "a b", "c"]),
        st.sampled_from(["", "1", "2", "1 2"]),
        st.sampled_from(["", "x"]),
    ).filter(lambda row: any(row[:4])),
    max_size=8,
)


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(range(len(rows))))))
def test_the_order_of_rows_does_not_matter(case: tuple[list[Known], list[int]]) -> None:
    rows, order = case
    groups, nobody = grouped(rows)
    others, others_nobody = grouped([rows[place] for place in order])
    assert sorted(sorted(order[place] for place in group) for group in others) == groups
    assert sorted(order[place] for place in others_nobody) == nobody
    assert sorted([*nobody, *(place for group in groups for place in group)]) == list(
        range(len(rows))
    )


def test_a_name_in_other_parts_is_the_same_name() -> None:
    told = NameTold()
    told.add("Ann", None)
    assert told.fits("Ann", "Lee")
    assert not told.fits("Bob", None)
    told.add("Ann", "Lee")
    assert told.fits("ANN", "LEE")
    assert told.over("Ann Lee", None, lambda _: False) == ("Ann", "Lee")
    assert told.over("Ann Lee", None, lambda field: field == "first_name") == ("Ann Lee", None)
    assert told.over("Cy", "Park", lambda field: field == "last_name") == ("Ann", "Park")
