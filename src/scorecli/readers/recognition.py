"""Which profile a file is for, told from its column names or, where it has none, its first row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scorecli.readers import profiles
from scorecli.readers.call_columns import plain_name
from scorecli.readers.profiles import Profile


def recognise(header: Sequence[str]) -> list[Profile]:
    """Return the packaged profiles of which one set of ``match`` columns is in this header."""
    present = {plain_name(name) for name in header}
    return [
        profiles.load(name)
        for name in profiles.names()
        if any(present.issuperset(map(plain_name, match)) for match in profiles.sign_of(name).match)
    ]


def recognise_without_header(first: Sequence[str]) -> list[Profile]:
    """Return the packaged profiles of files without a header whose shape this first row has."""
    shaped = [name for name in profiles.names() if profiles.sign_of(name).has_shape]
    return [profile for profile in map(profiles.load, shaped) if _has_shape(profile, first)]


def has_header(profile: Profile, first: Sequence[str]) -> bool:
    """Return whether at least half of the cells of a first row are column names of a profile."""
    groups = [*profile.match, *(names for found in profile.columns.values() for names in found)]
    known = {plain_name(name) for names in (profile.header, *groups) for name in names}
    cells = [plain_name(cell) for cell in first if cell.strip()]
    return 2 * sum(cell in known for cell in cells) >= len(cells) > 0


def _has_shape(profile: Profile, first: Sequence[str]) -> bool:
    if len(first) > len(profile.header):
        return False
    cells = dict(zip(profile.header, first, strict=False))
    return all(
        column in cells and re.fullmatch(pattern, cells[column].strip())
        for column, pattern in profile.shape.items()
    )
