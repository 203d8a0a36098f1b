import pytest

from scorecli.render.score_cell import score_text
from scorecli.render.style import Style
from scorecli.result import Money, Score

FULL = Score(("wrong number",), 4, True, Money(25000, "USD"), "2026-11-03")


def test_a_full_score_reads_in_one_cell_with_and_without_unicode() -> None:
    assert score_text(FULL, Style()) == "wrong number  ★★★★☆  ✔ $250.00 2026-11-03"
    assert score_text(FULL, Style(ascii=True)) == "wrong number  4/5  [x] $250.00 2026-11-03"


@pytest.mark.parametrize(
    ("score", "unicode", "ascii_only"),
    [
        (Score(), "·", "-"),
        (Score(stars=1), "★☆☆☆☆", "1/5"),
        (Score(converted=True), "✔", "[x]"),
        (Score(("price", "new")), "price, new", "price, new"),
        (Score(amount=Money(25000, "EUR")), "€250.00", "250.00 EUR"),
        (Score(amount=Money(500, "JPY"), converted=True), "✔ ¥500", "[x] 500 JPY"),
    ],
)
def test_parts_that_are_not_there_leave_no_gap(score: Score, unicode: str, ascii_only: str) -> None:
    assert score_text(score, Style()) == unicode
    assert score_text(score, Style(ascii=True)) == ascii_only


def test_the_stars_are_those_of_the_settings() -> None:
    assert score_text(Score(stars=3), Style(stars="●○")) == "●●●○○"


def test_a_tag_cannot_bring_an_escape_sequence_along() -> None:
    assert score_text(Score(("\x1b[2Jx",)), Style()) == "\\x1b[2Jx"
