"""What a tag may be (rule 7 of scoring), and several in one cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.tags import LONGEST, check_tag, split_tags
from scorecli.domain.text import fold
from scorecli.errors import WrongUsage
from scorecli.errors.values import BadTag


def test_blanks_around_and_repeated_are_dropped_and_the_spelling_is_kept() -> None:
    assert check_tag("  Wrong   Number ") == "Wrong Number"
    assert check_tag("Größe ✅ ok\n") == "Größe ✅ ok"


@pytest.mark.parametrize(
    "text",
    ["", "   ", "a;b", "a|b", "none", "ANY", " None ", "a\tb", "a\x1b[31mb", "a\x00b", "a\u2028b"],
)
def test_what_cannot_be_a_tag_is_refused(text: str) -> None:
    with pytest.raises(BadTag) as raised:
        check_tag(text)
    assert "\x1b" not in raised.value.message
    assert isinstance(raised.value, WrongUsage)


def test_a_tag_has_at_most_a_hundred_characters() -> None:
    assert check_tag("x" * LONGEST) == "x" * 100
    with pytest.raises(BadTag, match="101 characters"):
        check_tag("x" * 101)


def test_the_tags_of_a_cell_keep_their_order_and_first_spelling() -> None:
    assert split_tags("Quote; wrong number |quote;; ") == ["Quote", "wrong number"]
    assert split_tags("one") == ["one"]
    assert split_tags("") == []
    assert split_tags(" ; | ") == []
    with pytest.raises(BadTag):
        split_tags("ok;none")


@given(st.text(max_size=110))
def test_any_text_is_a_clean_tag_or_a_bad_tag(text: str) -> None:
    try:
        tag = check_tag(text)
    except BadTag:
        return
    assert check_tag(tag) == tag
    assert fold(tag) == fold(text)
    assert split_tags(tag) == [tag]
