"""When two names are the same name, for attributing calls to the users who handled them.

A name compares by its keys: two names are the same where they share one. Case, accents,
punctuation and repeated blanks do not count, nor does the order written ``Last, First``. All parts
of a name count: a missing middle name, a short form or an initial makes it another name, since
that may be another person.

A punctuation mark inside a name may stand for a blank or for nothing (``Anne-Marie``, ``Anne
Marie``, ``Annemarie``), which is why a name can have several keys.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import product

_COMMAS = ",\u3001\u060c"  # also those of Chinese and Arabic; a full-width one is plain by then
# Apostrophes, also those that Unicode takes for letters, and dots between the parts of a name.
_APOSTROPHES = frozenset(
    "'`\u00b4\u2018\u2019\u201a\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u055a"
)
_DOTS = frozenset(".\u2024\u00b7\u30fb")
_ZERO_WIDTH_NON_JOINER = "\u200c"  # Persian writes it inside names, others a hyphen or a blank
# Letters whose stroke or ligature Unicode does not take apart as it does an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe"}
)
# What may follow a name after a comma without being a first name.
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "md", "phd", "esq"))
# Scripts that write the family name first: Hangul, Kana, Han.
_FAMILY_FIRST = (
    (0x1100, 0x11FF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_LETTER, _APOSTROPHE, _DOT, _OTHER_MARK, _BLANK, _NOTHING = range(6)
_LONGEST = 200  # characters; what is longer is no name
_MOST_COMMAS = 8

Keys = frozenset[str]
NO_KEYS: Keys = frozenset()


@lru_cache(maxsize=20_000)  # the names of all users are asked for again with each one of a file
def name_keys(text: str) -> Keys:
    """Return the keys of a name or an alias; none where it is no name.

    What has no letter or digit is no name, nor is a list of more than two parts with commas.
    """
    if len(text) > _LONGEST or text.count(",") > _MOST_COMMAS:
        return NO_KEYS
    parts = [part for part in _split(_plain(text)) if _has_letters(part)]
    tail = [part for part in parts[1:] if _key(part, "", "", "") in _SUFFIXES]
    rest = [*parts[:1], *(part for part in parts[1:] if part not in tail)]
    if len(rest) == 2:
        if all(map(_is_family_first, rest)):
            # Written in its own order, which a comma does not turn round.
            rest = [f"{rest[0].strip()},{rest[1].strip()}"]
        else:
            rest.reverse()
    elif len(rest) != 1:
        return NO_KEYS
    whole = " ".join([*rest, *tail])
    kinds = {_kind(character) for character in whole}
    choices = [("", " ") if kind in kinds else ("",) for kind in (_APOSTROPHE, _DOT, _OTHER_MARK)]
    return frozenset(_key(whole, *choice) for choice in product(*choices))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name, first name first, as its keys spell them."""
    keys = name_keys(text)
    return tuple(max(keys, key=lambda key: (key.count(" "), key)).split()) if keys else ()


def extension_key(text: str) -> str:
    """Return the form in which extensions compare, empty where there is none.

    ``x 109``, ``Ext. 109`` and ``109`` are the same.
    """
    plain = "".join(_plain(text).split())
    for word in ("extension", "ext", "x"):
        rest = plain.removeprefix(word).lstrip(".:#")
        if rest != plain and rest.isdigit():
            return rest
    return plain


def email_key(text: str) -> str:
    """Return the form in which e-mail addresses compare, empty where there is none."""
    return text.strip().casefold()


def _plain(text: str) -> str:
    """Return a text in lower case, in one form of each character, without accents."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    # Only these marks are accents: those of other scripts are vowels, and part of the name.
    bare = "".join(c for c in apart if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFKC", bare).casefold().translate(_LETTERS)


def _split(text: str) -> list[str]:
    for comma in _COMMAS[1:]:
        text = text.replace(comma, ",")
    return text.split(",")


def _kind(character: str) -> int:
    if character.isascii() and character.isalnum():
        return _LETTER
    if character in _APOSTROPHES:
        return _APOSTROPHE
    if character in _DOTS:
        return _DOT
    category = unicodedata.category(character)
    if character == _ZERO_WIDTH_NON_JOINER or category[0] in "PS":
        return _OTHER_MARK
    if category[0] == "Z" or character.isspace():
        return _BLANK
    if category in ("Cf", "Cc") or "\ufe00" <= character <= "\ufe0f":
        return _NOTHING
    return _LETTER


def _key(text: str, apostrophe: str, dot: str, other: str) -> str:
    written = {_APOSTROPHE: apostrophe, _DOT: dot, _OTHER_MARK: other, _BLANK: " ", _NOTHING: ""}
    return " ".join("".join(written.get(_kind(c), c) for c in text).split())


def _has_letters(text: str) -> bool:
    return any(_kind(character) == _LETTER for character in text)


def _is_family_first(text: str) -> bool:
    letters = [ord(character) for character in text if _kind(character) == _LETTER]
    return all(any(low <= code <= high for low, high in _FAMILY_FIRST) for code in letters)
