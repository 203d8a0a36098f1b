"""What becomes of each column of a file, with the first values it holds: what a dry run shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scorecli.readers.mapping import ColumnMap

_SAMPLES = 3  # different values of each column


class MappedColumn(NamedTuple):
    """One column of a file: the fields it makes, by commas, and the first values it holds."""

    column: str
    field: str | None
    samples: tuple[str, ...]


def collect_samples(
    samples: dict[str, dict[str, None]], header: Sequence[str], columns: Sequence[Sequence[str]]
) -> None:
    """Keep the first different values of each column, by its name."""
    for name, cells in zip(header, columns, strict=False):  # no columns where there are no rows
        seen = samples.setdefault(name, {})
        if len(seen) >= _SAMPLES:
            continue
        for cell in cells[:50]:
            if cell.strip():
                seen[cell] = None
                if len(seen) >= _SAMPLES:
                    break


def described(
    mapping: ColumnMap, samples: Mapping[str, Mapping[str, None]]
) -> tuple[MappedColumn, ...]:
    """Return what becomes of each column of a mapping, with its samples."""
    fields: dict[int, str] = {}
    for field, used in mapping.fields.items():
        for at in used:
            fields[at] = f"{fields[at]}, {field}" if at in fields else field
    return tuple(
        MappedColumn(name, fields.get(position), tuple(samples.get(name, ())))
        for position, name in enumerate(mapping.header)
        if position not in mapping.ignored
    )
