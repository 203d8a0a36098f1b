# ruff: noqa: RUF001 - letters that look alike are what these tests are about
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.agent_names import email_key, extension_key, name_keys, words_of

# Letters of several scripts, without those that other letters of the list fold to.
LATIN = "abcdefgijklmnoprstuvwz"
CYRILLIC = "абвгдеклмнопрст"
GREEK = "αβγδεκλμνοπ"
HEBREW = "אבגדהוזחט"
ARABIC = "ابتجحدرسع"
DEVANAGARI = "कखगचजटतद"
SCRIPTS = (LATIN, CYRILLIC, GREEK, HEBREW, ARABIC, DEVANAGARI)

words = st.sampled_from(SCRIPTS).flatmap(lambda letters: st.text(letters, min_size=2, max_size=9))
full_names = st.lists(words, min_size=2, max_size=4)
# After a comma these are titles rather than first names.
latin_words = st.text(LATIN, min_size=2, max_size=9).filter(
    lambda word: word not in ("jr", "sr", "ii", "iii", "iv", "md", "phd", "esq")
)
latin_names = st.lists(latin_words, min_size=2, max_size=4)


def same(one: str, other: str) -> bool:
    return bool(name_keys(one) & name_keys(other))


@pytest.mark.parametrize(
    "written",
    [
        "Dana Reyes",
        "dana reyes",
        "DANA REYES",
        "  Dana   Reyes ",
        "Dana\u00a0Reyes",
        "Dana\tReyes",
        "Reyes, Dana",
        "reyes ,dana",
        "Reyes,Dana",
        "Ｒｅｙｅｓ，Ｄａｎａ",
        "Dána Réyes",
        "Da\u0301na Reyes",
        "Dana Reyes.",
        "Dana\u200b Reyes",
        "\u202aDana Reyes\u202c",
    ],
)
def test_case_accents_blanks_punctuation_and_order_do_not_count(written: str) -> None:
    assert same("Dana Reyes", written)


@pytest.mark.parametrize(
    "written",
    [
        "Dana",
        "Reyes",
        "Reyes Dana",
        "Dan Reyes",
        "D. Reyes",
        "Dana R.",
        "Dana M. Reyes",
        "Dana Reyes Smith",
        "Dana Reyes-Smith",
        "Dana Reyes (109)",
        "Dana Reyes, Lee Wong, Kim Miller",
        "Danna Reyes",
        "Dana Reyes Jr.",
        "Danareyes",
        "",
        " ",
        "--",
        ",",
    ],
)
def test_a_short_form_an_initial_or_another_part_is_another_name(written: str) -> None:
    assert not same("Dana Reyes", written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anne-Marie Dubois", "Anne Marie Dubois"),
        ("Anne-Marie Dubois", "Annemarie Dubois"),
        ("Anne‐Marie Dubois", "Anne–Marie Dubois"),
        ("Dubois, Anne-Marie", "Anne Marie Dubois"),
        ("Pat O'Brien", "Pat O’Brien"),
        ("Pat O'Brien", "Pat OBrien"),
        ("Pat O'Brien", "Pat O Brien"),
        ("Pat O'Brien-Smith", "Pat OBrien Smith"),
        ("Pat OʼBrien", "Pat O'Brien"),
        ("J. R. Smith", "J.R. Smith"),
        ("J. R. Smith", "j r smith"),
        ("JR Smith", "J.R. Smith"),
        ("Łukasz Żak", "Lukasz Zak"),
        ("Søren Ærø", "Soren Aero"),
        ("Jürgen Groß", "JURGEN GROSS"),
        ("İpek Işık", "Ipek Isik"),
        ("García Márquez, Gabriel", "gabriel garcia marquez"),
        ("Reyes, Dana, Jr.", "Dana Reyes Jr"),
        ("Dana Reyes, Jr.", "Dana Reyes Jr"),
        ("Reyes, Jr., Dana", "dana reyes jr"),
        ("Ward, Kim, Ph.D.", "Kim Ward PhD"),
        ("Анна Петрова", "петрова, анна"),
        ("Артём Соловьёв", "АРТЕМ СОЛОВЬЕВ"),
        ("Ελένη Παπαδοπούλου", "ΕΛΕΝΗ ΠΑΠΑΔΟΠΟΥΛΟΥ"),
        ("علی\u200cرضا احمدی", "علی رضا احمدی"),
        ("محمد، علي", "علي محمد"),
        ("王小明", "王，小明"),
        ("ジョン・スミス", "ジョン スミス"),
        ("ｼﾞｮﾝ ｽﾐｽ", "ジョン スミス"),
        ("김, 민준", "김민준"),
    ],
)
def test_two_ways_to_write_one_name_are_the_same(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Alee", "Anna Lee"),
        ("Kim Ward Sr.", "Kim Ward Jr."),
        ("राम किशोर", "राम कुशोर"),  # another vowel is another name
        ("かず 田中", "がず 田中"),
        ("王小明", "明小王"),
        ("Dana Reyes & Lee Wong", "Dana Reyes"),
        ("", ""),
        ("-", "-"),
    ],
)
def test_two_different_names_are_never_the_same(one: str, other: str) -> None:
    assert not same(one, other)


@given(full_names)
def test_every_name_is_the_same_as_itself_in_any_dress(parts: list[str]) -> None:
    plain = " ".join(parts)
    assert same(plain, plain)
    assert same(plain, "  ".join(parts).upper().lower())
    assert same(plain, f"\u00a0{plain} ")
    assert same(plain, unicodedata.normalize("NFD", plain))
    assert same("-".join(parts), plain)


@given(latin_names)
def test_a_comma_turns_the_order_round_whatever_the_surname(parts: list[str]) -> None:
    first, *last = parts
    assert same(f"{' '.join(last)}, {first}", " ".join(parts))
    assert same(f"{' '.join(last).upper()} , {first}", " ".join(parts))


@given(st.lists(latin_names, min_size=2, max_size=2))
def test_names_of_other_words_are_never_the_same(two: list[list[str]]) -> None:
    one, other = (" ".join(parts) for parts in two)
    assert same(one, other) == (one == other)


@given(latin_names, st.data())
def test_leaving_out_or_adding_a_part_makes_another_name(
    parts: list[str], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(parts) - 1))
    fewer = [part for at, part in enumerate(parts) if at != place]
    assert not same(" ".join(parts), " ".join(fewer))
    initial = [part[0] if at == place else part for at, part in enumerate(parts)]
    assert not same(" ".join(parts), " ".join(initial))


@given(st.text(max_size=60))
def test_any_text_has_keys_that_are_their_own_keys(text: str) -> None:
    for key in name_keys(text):
        assert key == " ".join(key.split())
        assert key
        assert key in name_keys(key)


@given(st.text(max_size=60))
def test_the_words_of_a_name_are_in_one_of_its_keys(text: str) -> None:
    words_found = words_of(text)
    assert (" ".join(words_found) in name_keys(text)) == bool(words_found)


def test_what_is_too_long_to_be_a_name_is_none() -> None:
    assert name_keys("a" * 201) == frozenset()
    assert name_keys("a," * 50) == frozenset()


@pytest.mark.parametrize(
    "text", ["109", " 109 ", "x109", "x 109", "Ext. 109", "ext 109", "EXTENSION:109"]
)
def test_an_extension_is_the_same_however_it_is_announced(text: str) -> None:
    assert extension_key(text) == "109"


@pytest.mark.parametrize(
    ("text", "key"), [("", ""), ("  ", ""), ("0109", "0109"), ("Xavier", "xavier")]
)
def test_an_extension_keeps_its_zeros_and_its_letters(text: str, key: str) -> None:
    assert extension_key(text) == key


def test_an_address_compares_ignoring_case_and_blanks_around_it() -> None:
    assert email_key(" Dana@Example.COM ") == "dana@example.com"
    assert email_key("dana@example.com") != email_key("d.ana@example.com")
