"""What the fields of a user may be: name, aliases, e-mail address, extension, role."""

from __future__ import annotations

from typing import Final

from scorecli.domain.agent_names import extension_key, name_keys
from scorecli.domain.text import RESERVED_WORDS, fold
from scorecli.errors.users import BadUser

LONGEST: Final = 100
"""The most characters that a name or an alias may have."""
_LONGEST_EXTENSION = 32
_LONGEST_EMAIL = 254
# Characters that turn the text around them on a screen; others of their kind belong to names.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


def check_user_name(text: str, field: str = "name") -> str:
    """Return the name (or alias) that ``text`` spells, its blanks stripped and collapsed.

    Raises :class:`BadUser` for what has no letter, is over 100 characters, or holds control
    characters or ``;`` and ``|``, which separate aliases in files; for a number, which would name
    a user by its number; and for the words ``none`` and ``any``.
    """
    name = " ".join(text.split())
    if not _is_printable(name):
        raise BadUser(field, _shown(name), "holds a control character")
    if len(name) > LONGEST:
        raise BadUser(field, f"{name[:20]}...", f"has {len(name)} characters, at most {LONGEST}")
    if ";" in name or "|" in name:
        raise BadUser(field, name, "holds ';' or '|', which separate names in files")
    if name.isdigit():
        raise BadUser(field, name, "is a number, and numbers name users by their own")
    if fold(name) in RESERVED_WORDS:
        raise BadUser(field, name, "has a meaning of its own in filters and files")
    if not name_keys(name):
        raise BadUser(field, name, "is no name")
    return name


def check_email(text: str) -> str:
    """Return an e-mail address without blanks around it; raises :class:`BadUser`."""
    email = text.strip()
    before, at, after = email.rpartition("@")
    if not (before and at and after) or " " in email or not _is_printable(email):
        raise BadUser("email", _shown(email), "is no e-mail address")
    if len(email) > _LONGEST_EMAIL:
        raise BadUser("email", f"{email[:20]}...", "is too long")
    return email


def check_extension(text: str) -> str:
    """Return an extension, its blanks stripped and collapsed; raises :class:`BadUser`."""
    extension = " ".join(text.split())
    if not extension_key(extension) or not _is_printable(extension):
        raise BadUser("extension", _shown(extension), "is no extension")
    if len(extension) > _LONGEST_EXTENSION:
        raise BadUser("extension", f"{extension[:20]}...", "is too long")
    return extension


def check_role(text: str) -> str:
    """Return a role, a word of letters, digits, ``_`` and ``-``; raises :class:`BadUser`."""
    role = text.strip().lower()
    if not role.replace("_", "a").replace("-", "a").isalnum() or len(role) > LONGEST:
        raise BadUser("role", _shown(role), "is no word of letters, digits, _ and -")
    return role


def _is_printable(text: str) -> bool:
    return not any(
        char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char < "\ue000" or char in _REORDERING
        for char in text
    )


def _shown(text: str) -> str:
    return "".join(char if _is_printable(char) else "\ufffd" for char in text)
