"""What a tag may be, and reading several out of one cell."""

from __future__ import annotations

import re

from scorecli import errors
from scorecli.domain.text import RESERVED_WORDS, fold

LONGEST = 100
"""The most characters that a tag may have."""


def check_tag(text: str) -> str:
    """Return the tag that ``text`` spells, its blanks stripped and collapsed.

    Raises ``BadTag`` for what cannot be a tag: nothing, over 100 characters, control characters,
    ``;`` and ``|``, which separate tags in files, and the words ``none`` and ``any``.
    """
    stripped = text.strip()
    # Most tags are printable; only what is not needs a look at each character.
    if not stripped.isprintable() and any(_is_control(char) for char in stripped):
        shown = "".join("\ufffd" if _is_control(char) else char for char in stripped)
        raise errors.values.BadTag(shown, "it holds a control character")
    tag = " ".join(stripped.split())
    if not tag:
        raise errors.values.BadTag(tag, "it is empty")
    if len(tag) > LONGEST:
        raise errors.values.BadTag(
            tag[:20] + "...", f"it has {len(tag)} characters, at most {LONGEST} are kept"
        )
    if ";" in tag or "|" in tag:
        raise errors.values.BadTag(
            tag, "';' and '|' separate tags in files", "Give each tag by itself."
        )
    if fold(tag) in RESERVED_WORDS:
        raise errors.values.BadTag(
            tag, f"'{fold(tag)}' has a meaning of its own in filters and files"
        )
    return tag


def _is_control(char: str) -> bool:
    """Say whether a character is a control, a line separator, or half of a character."""
    return (
        char < " "
        or "\x7f" <= char <= "\x9f"
        or char in "\u2028\u2029"
        or "\ud800" <= char < "\ue000"
    )


def split_tags(text: str) -> list[str]:
    """Return the tags of one cell, separated by ``;`` or ``|``, each checked.

    Empty ones are dropped, and so are those that compare equal to an earlier one; the order is
    kept. Raises ``BadTag`` as ``check_tag`` does.
    """
    if ";" not in text and "|" not in text:
        return [check_tag(text)] if text.strip() else []
    tags = (check_tag(part) for part in re.split(r"[;|]", text) if part.strip())
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(fold(tag), tag)
    return list(first.values())
