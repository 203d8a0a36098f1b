import io

import pytest

from scorecli.render.style import Style, style_of, terminal_width, wants_ascii, wants_color


@pytest.mark.parametrize(
    ("choice", "is_terminal", "environ", "expected"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": "0"}, False),
        ("auto", True, {"FORCE_COLOR": "0"}, False),
        ("auto", True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_follows_the_option_then_the_environment_then_the_terminal(
    choice: str, is_terminal: bool, environ: dict[str, str], expected: bool
) -> None:
    assert wants_color(choice, is_terminal=is_terminal, environ=environ) is expected


@pytest.mark.parametrize(
    ("encoding", "setting", "environ", "expected"),
    [
        ("utf-8", False, {}, False),
        ("UTF8", False, {"LC_ALL": "en_US.UTF-8"}, False),
        ("utf-8", True, {}, True),
        ("utf-8", False, {"LC_ALL": "C"}, True),
        ("latin-1", False, {}, True),
        ("ascii", False, {}, True),
        ("cp1252", False, {}, True),
    ],
)
def test_stars_and_lines_are_ascii_where_unicode_is_unwanted_or_impossible(
    encoding: str, setting: bool, environ: dict[str, str], expected: bool
) -> None:
    assert wants_ascii(encoding, ascii_only=setting, environ=environ) is expected


def test_a_stream_that_is_no_terminal_gets_plain_style() -> None:
    assert style_of(io.StringIO(), environ={}) == Style()


def test_the_width_comes_from_columns_else_is_80() -> None:
    assert terminal_width(io.StringIO(), {"COLUMNS": "132"}) == 132
    assert terminal_width(io.StringIO(), {"COLUMNS": "wide"}) == 80
    assert terminal_width(io.StringIO(), {}) == 80
