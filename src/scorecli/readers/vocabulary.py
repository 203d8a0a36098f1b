"""What a mapping knows about one kind of record: its fields, and the names that columns have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

_SEPARATORS = re.compile(r"[\W_]+")


class Vocabulary(NamedTuple):
    """The fields of one kind of record that a file may bring.

    ``noun`` is what a record is called, ``own_fields`` those that scorecli gives itself (with
    ``own_hint``, what to do instead), ``scores`` those that are no part of what identifies a
    record. ``field_of`` returns the field that a plain column name stands for. ``several`` are
    fields that take every column that stands for them. ``sides`` are columns that stand for a field
    only in records of one direction: direction -> field -> column.
    """

    noun: str
    fields: tuple[str, ...]
    own_fields: tuple[str, ...]
    own_hint: str
    scores: tuple[str, ...]
    field_of: Callable[[str], str | None]
    several: frozenset[str] = frozenset()
    sides: Mapping[str, Mapping[str, str]] = {}


def plain_name(column: str) -> str:
    """Return a column name as names compare: lower case, words separated by one blank."""
    return _SEPARATORS.sub(" ", column.casefold().replace("'", "")).strip()
