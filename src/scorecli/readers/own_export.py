"""Calls that scorecli exported and reads again: what it gave or derived is no news to it.

Such a file is known by columns that only an export has together. Its numbers of calls, contacts and
users are those of the database it came from, so they fill nothing; what is under ``extra`` goes
back there under its own names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from scorecli.readers.call_columns import OWN_FIELDS
from scorecli.readers.cells import ExtraReader

_SIGNS = frozenset(("id", "system", "started_at", "contact_number_e164", "user_id"))
_EXTRA = "extra"
_BELOW = f"{_EXTRA}."  # how JSON names what is nested there


class OwnExport(NamedTuple):
    """Where an export has the number of the call, all that scorecli gave, and what was left over.

    ``extras``: position -> name under ``extra``; empty for a column that holds all of it as JSON.
    """

    number: int
    given: frozenset[int]
    extras: dict[int, str]


def own_export(header: Sequence[str]) -> OwnExport | None:
    """Return where the columns of an export are; None for any other file."""
    if not _SIGNS.issubset(header):
        return None
    given = frozenset(header.index(name) for name in OWN_FIELDS if name in header)
    extras = {at: name[len(_BELOW) :] for at, name in enumerate(header) if name.startswith(_BELOW)}
    if _EXTRA in header:
        extras[header.index(_EXTRA)] = ""
    return OwnExport(header.index("id"), given.difference(extras), extras)


class SpreadReader(ExtraReader):
    """The part of ``extra`` that a cell makes which holds such an object, as CSV writes it."""

    def __init__(self) -> None:
        super().__init__(_EXTRA)

    def __missing__(self, text: str) -> str:
        try:
            found = json.loads(text) if text.lstrip().startswith("{") else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            return super().__missing__(text)
        return ", ".join(
            filter(None, (ExtraReader(name)[_text(value)] for name, value in found.items()))
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
