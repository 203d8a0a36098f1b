"""Words for true and false."""

import pytest

from scorecli.domain.booleans import boolean_words, read_boolean


@pytest.mark.parametrize("word", ["yes", "YES", " True ", "1", "y", "on", "x", "\u2714"])
def test_words_that_mean_true(word: str) -> None:
    assert read_boolean(word) is True


@pytest.mark.parametrize("word", ["no", "False", "0", "n", "off", "", "  "])
def test_words_that_mean_false(word: str) -> None:
    assert read_boolean(word) is False


@pytest.mark.parametrize("word", ["maybe", "2", "yes!", "-"])
def test_any_other_word_is_a_value_error_that_names_it(word: str) -> None:
    with pytest.raises(ValueError, match="neither yes nor no"):
        read_boolean(word)


def test_the_words_of_a_file_are_added_and_win() -> None:
    words = boolean_words(true=("Converted", "0"), false=("Lost",))
    assert read_boolean("converted", words) is True
    assert read_boolean("LOST", words) is False
    assert read_boolean("0", words) is True
    assert read_boolean("yes", words) is True
