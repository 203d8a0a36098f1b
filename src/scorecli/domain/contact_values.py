"""What the fields of a contact may hold: names, numbers, e-mail addresses, the kind."""

from __future__ import annotations

from scorecli.domain.text import fold
from scorecli.errors.contacts import BadContactValue

KINDS = ("lead", "contact")
_LONGEST_EMAIL = 320


def split_name(text: str) -> tuple[str | None, str | None]:
    """Return first and last name of a name written ``Ann Lee`` or ``Lee, Ann``.

    The last word is the last name; a single one is a first name.
    """
    last, comma, first = text.partition(",")
    if comma and last.strip() and first.strip() and "," not in first:
        return " ".join(first.split()), " ".join(last.split())
    words = text.split()
    if len(words) < 2:
        return (words[0] if words else None), None
    return " ".join(words[:-1]), words[-1]


def full_name(first: str | None, last: str | None) -> str:
    """Return the whole name, empty where there is none."""
    return " ".join(filter(None, (first, last)))


def folded_name(first: str | None, last: str | None) -> str:
    """Return the whole name as names compare."""
    return fold(full_name(first, last))


def read_kind(text: str) -> str:
    """Return ``lead`` or ``contact``; raises :class:`BadContactValue`."""
    kind = fold(text)
    if kind not in KINDS:
        raise BadContactValue("kind", text, "is neither lead nor contact")
    return kind


def read_email(text: str) -> str:
    """Return an e-mail address without blanks around it; raises :class:`BadContactValue`."""
    email = text.strip().removeprefix("mailto:")
    name, at, domain = email.rpartition("@")
    plain = name and domain and not any(ch.isspace() or ch in ",;<>\0" for ch in email)
    if not (at and plain) or "@" in name or len(email) > _LONGEST_EMAIL:
        raise BadContactValue("email", text, "is no e-mail address")
    return email


def read_number(text: str) -> str:
    """Return a telephone number as it was written; raises :class:`BadContactValue`."""
    number = " ".join(text.split())
    if not any(ch.isdigit() for ch in number) or len(number) > 100 or "@" in number:
        raise BadContactValue("number", text, "is no telephone number")
    return number


def read_line(field: str, text: str) -> str:
    """Return a text of one line with single blanks; raises :class:`BadContactValue`."""
    line = " ".join(text.split())
    if "\0" in line:
        raise BadContactValue(field, text, "holds a NUL character")
    try:
        line.encode()
    except UnicodeEncodeError:
        raise BadContactValue(field, text, "is not UTF-8") from None
    return line
