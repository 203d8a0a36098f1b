import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.render.sanitise import escaped, inside_json, inside_toml, lines, one_line

_ANY_TEXT = st.text(alphabet=st.characters(codec=None))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x1b]52;c;aGk=\x07", "\\x1b]52;c;aGk=\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202edef", "abc\\u202edef"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("a\u200bb", "a\\u200bb"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
        ("a\tb\r\nc", "a\\tb\\r\\nc"),
        ("\u3164", "\\u3164"),
        ("\U000e0041", "\\U000e0041"),
        ("\udc80", "\\udc80"),
        ("\x00\x7f", "\\x00\\x7f"),
    ],
)
def test_what_a_terminal_could_obey_or_hide_is_shown_by_name(raw: str, shown: str) -> None:
    assert one_line(raw) == shown


@pytest.mark.parametrize(
    "text", ["", "plain", "Zoë Müller", "東京", "❤️ 👍🏽", "a\u00a0b", "[b] :smile:"]
)
def test_readable_text_of_any_script_stays_as_it_is(text: str) -> None:
    assert one_line(text) == text
    assert lines(text) == text


def test_text_of_several_lines_keeps_its_line_ends_and_tabs() -> None:
    assert lines("one\r\ntwo\n\tthree\x1b[2J\rfour") == "one\ntwo\n\tthree\\x1b[2J\\rfour"


@given(_ANY_TEXT)
def test_one_line_is_always_printable_characters_and_blanks(text: str) -> None:
    assert all(c.isprintable() or c.isspace() for c in one_line(text))
    assert len(one_line(text).splitlines()) <= 1
    one_line(text).encode("utf-8")


@given(_ANY_TEXT)
def test_sanitising_twice_changes_nothing_more(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)


@given(_ANY_TEXT)
def test_an_escaped_text_can_be_read_back(text: str) -> None:
    from_escapes = escaped(text).encode("latin-1", "backslashreplace").decode("unicode_escape")
    assert from_escapes == text


@given(st.text())
def test_toml_holds_the_same_values_and_nothing_that_a_terminal_obeys(text: str) -> None:
    import tomllib

    import tomli_w

    shown = inside_toml(tomli_w.dumps({"text": text}))
    assert all(c.isprintable() or c.isspace() for c in shown)
    assert tomllib.loads(shown) == {"text": text}


@given(_ANY_TEXT, st.booleans())
def test_json_for_a_terminal_holds_the_same_values(text: str, ascii_only: bool) -> None:
    import json

    shown = inside_json(json.dumps([text], ensure_ascii=False), ascii_only=ascii_only)
    assert all(c.isprintable() or c.isspace() for c in shown)
    assert shown.isascii() or not ascii_only
    # A pair of lone surrogates that JSON reads as one character is one character.
    assert json.loads(shown)[0] == json.loads(json.dumps(text))
