from hypothesis import given
from hypothesis import strategies as st

from scorecli.render.widths import Extent, column_widths

EXTENTS = st.lists(
    st.builds(
        lambda widest, word, label, label_word, whole: Extent(
            widest, min(word, widest), label, min(label_word, label), whole
        ),
        st.integers(0, 60),
        st.integers(0, 60),
        st.integers(1, 30),
        st.integers(1, 30),
        st.booleans(),
    ),
    max_size=12,
)


@given(EXTENTS, st.integers(1, 250))
def test_columns_fit_and_values_that_must_stay_whole_do(extents: list[Extent], room: int) -> None:
    widths = column_widths(extents, room)
    if widths is None:
        return
    assert sum(widths) <= room
    for width, extent in zip(widths, extents, strict=True):
        assert width >= 1
        assert not extent.whole or width >= extent.widest


def test_columns_that_fit_get_all_they_want() -> None:
    assert column_widths([Extent(5, 5, 3, 3, False), Extent(2, 2, 8, 8, True)], 80) == [5, 8]


def test_the_longest_text_gets_most_of_what_is_left() -> None:
    short, long = Extent(6, 6, 4, 4, False), Extent(300, 8, 4, 4, False)
    assert column_widths([short, long], 60) == [6, 54]


def test_what_cannot_fit_has_no_widths() -> None:
    assert column_widths([Extent(50, 50, 4, 4, True)], 40) is None
