"""The one sanitiser of all text that reaches a terminal, from data or from error messages.

A control or escape character, a bidirectional override, a zero-width or otherwise invisible
character and a line or paragraph separator are replaced by their visible name (``\\x1b``,
``\\u202e``), so that no text can move the cursor, reorder a line, fill the clipboard or hide.
Everything that Python holds printable, and blanks of any width, stays as it is.
"""

from __future__ import annotations

from typing import Final

# What Unicode counts as a letter, mark or symbol although nothing is drawn for it. Variation
# selectors 15 and 16 are left out: they only choose between the two looks of a pictogram.
_INVISIBLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE0E)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
_BLANKS: Final = frozenset(
    " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u202f\u205f\u3000"
)
_SHORT: Final = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def is_harmless(text: str) -> bool:
    """Tell whether ``text`` can stand on one line of a terminal exactly as it is."""
    return text.isprintable() and (text.isascii() or _INVISIBLE.isdisjoint(text))


def shows(character: str) -> bool:
    """Tell whether one character may reach a terminal raw."""
    return character in _BLANKS or (character.isprintable() and character not in _INVISIBLE)


def one_line(text: str) -> str:
    """Return ``text`` for one line; tabs and line ends become ``\\t`` and ``\\n`` too."""
    if is_harmless(text):
        return text
    return "".join([c if shows(c) else _named(c) for c in text])


def lines(text: str) -> str:
    """Return ``text`` for several lines: as :func:`one_line`, but line ends and tabs stay."""
    if is_harmless(text):
        return text
    text = text.replace("\r\n", "\n")
    return "".join([c if c in "\n\t" or shows(c) else _named(c) for c in text])


def escaped(text: str) -> str:
    """Return ``text`` on one line so that it can be read back: a backslash is doubled as well."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return one_line(text)


def inside_json(text: str, *, ascii_only: bool = False) -> str:
    """Return JSON text with what must not reach a terminal as JSON escapes of the same values.

    Line ends are kept: outside strings they are layout, and inside strings JSON has none.
    ``ascii_only`` escapes everything outside ASCII as well.
    """
    if is_harmless(text) and (not ascii_only or text.isascii()):
        return text
    return "".join(
        [
            c if c == "\n" or (shows(c) and (not ascii_only or c.isascii())) else _json_named(c)
            for c in text
        ]
    )


def inside_toml(text: str) -> str:
    """Return TOML text with what must not reach a terminal as TOML escapes of the same values.

    For documents whose texts all stand in double quotes. Line ends and tabs are kept.
    """
    if is_harmless(text):
        return text
    return "".join([c if c in "\n\t" or shows(c) else _toml_named(c) for c in text])


def encodable(text: str, encoding: str = "utf-8") -> str:
    """Return ``text`` with each character that ``encoding`` lacks as a backslash escape."""
    if text.isascii():
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text


def _named(character: str) -> str:
    short = _SHORT.get(character)
    if short is not None:
        return short
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _toml_named(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_named(character: str) -> str:
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
