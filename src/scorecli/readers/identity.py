"""What makes two rows the same call: a fingerprint of its id, its start and number, or of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scorecli.readers.mapping import ColumnMap

try:
    # hashlib brings the same function, and loads OpenSSL first, which every import would wait for.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

# The first byte of an identity says by what the call is known.
BY_EXTERNAL_ID = b"x"
_BY_NUMBER = b"n"
_BY_EVERYTHING = b"a"
_BY_KEY = b"k"
_BYTES = 15  # of the fingerprint behind that first one
# In front of the identity of a row that an export of scorecli gives a number.
_NUMBERED = b"#"
_DIGITS = 8  # bytes of that number


def identities(
    columns: dict[str, list[Any]], cells: Sequence[Sequence[str]], mapping: ColumnMap
) -> list[Any]:
    """Return the identity of each row of a batch, from its typed columns and its cells.

    By the key that was asked for, where the row has a value in it; else by external id; else by
    start and number; else by all columns that hold no score.
    """
    if not mapping.key and None not in columns["external_id"]:
        # The usual log, and so without a look at what the other kinds need.
        return _by_external_id(columns["system"], columns["external_id"])
    found: list[Any] = []
    everything = mapping.identity
    starts = [mapping.header[position] + "\x1e" for position in everything]
    keys = [(mapping.header[position], cells[position]) for position in mapping.key]
    for row, (system, external, start, direction, number, tracking) in enumerate(
        zip(
            columns["system"],
            columns["external_id"],
            columns["started_at"],
            columns["direction"],
            columns["contact_number"],
            columns["tracking_number"],
            strict=True,
        )
    ):
        if keys and any(column[row].strip() for _, column in keys):
            named = [(name, column[row]) for name, column in keys]
            found.append(_digest(_BY_KEY, repr((system, *named))))
        elif external is not None:
            found.append(_digest(BY_EXTERNAL_ID, f"{system}\0{external}"))
        elif start is not None and number is not None:
            found.append(
                _digest(_BY_NUMBER, f"{system}\0{start}\0{direction}\0{number}\0{tracking}")
            )
        else:
            # An empty column says nothing, so a later export that leaves it out still pairs.
            parts = [
                start + cells[position][row]
                for start, position in zip(starts, everything, strict=True)
                if cells[position][row]
            ]
            found.append(_digest(_BY_EVERYTHING, "\x1f".join((system, *parts))))
    return found


def with_number(text: str, identity: bytes) -> bytes:
    """Return an identity with the number of the call that an export of scorecli names."""
    number = int(text) if text.isdecimal() and len(text) <= 18 else 0
    return _NUMBERED + number.to_bytes(_DIGITS, "big") + identity


def has_number(identity: bytes) -> bool:
    """Tell whether an identity has such a number; in a batch all have one or none."""
    return identity[:1] == _NUMBERED


def split_number(identity: bytes) -> tuple[int, bytes]:
    """Return the number that :func:`with_number` put in front, 0 for none, and the rest."""
    begin = len(_NUMBERED) + _DIGITS
    return int.from_bytes(identity[len(_NUMBERED) : begin], "big"), identity[begin:]


def without_numbers(found: list[bytes]) -> list[bytes]:
    """Return the identities of a batch without such numbers."""
    if not found or not has_number(found[0]):
        return found
    return [split_number(identity)[1] for identity in found]


def _by_external_id(systems: list[Any], externals: list[Any]) -> list[Any]:
    system = systems[0]
    if systems.count(system) < len(systems):
        return [
            _digest(BY_EXTERNAL_ID, f"{system}\0{external}")
            for system, external in zip(systems, externals, strict=True)
        ]
    # What the texts have in common is hashed once; hashing on from there gives the same.
    begun = blake2b(f"{system}\0".encode("utf-8", "surrogatepass"), digest_size=_BYTES)
    found = []
    for external in externals:
        digest = begun.copy()
        digest.update(external.encode("utf-8", "surrogatepass"))
        found.append(BY_EXTERNAL_ID + digest.digest())
    return found


def _digest(kind: bytes, text: str) -> bytes:
    return kind + blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
