"""Statements about many rows: their numbers in parts, and the marks of an IN list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

_T = TypeVar("_T")
CHUNK = 500  # rows read or written by one statement


def chunks(values: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """Yield the values in lists of at most ``size``."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def placeholders(values: Sequence[object]) -> str:
    """Return as many question marks as there are values, for an IN list."""
    return ", ".join("?" * len(values))
