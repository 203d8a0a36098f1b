"""What a note on a call may be."""

from __future__ import annotations

from scorecli import errors


def check_note(text: str) -> str:
    """Return the note that ``text`` spells, without blanks around it.

    Raises ``BadNote`` for an empty one, since nothing is no way to remove a note, and for what no
    database of any kind can hold: NUL, and bytes that are not UTF-8.
    """
    note = text.strip()
    if not note:
        raise errors.values.BadNote("it is empty", "`--note none` removes the note of a call.")
    if note.isprintable() and note.isascii():
        return note
    if "\0" in note:
        raise errors.values.BadNote("it holds a NUL character", "Take it out of the text.")
    try:
        note.encode()
    except UnicodeEncodeError:
        raise errors.values.BadNote(
            "it is not UTF-8", "`iconv -f cp1252 -t utf-8` converts a text."
        ) from None
    return note
