"""Failures about tags."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import Refused


class UnknownTag(Refused):
    """No tag has this name."""

    def __init__(self, name: str, label: str, near: Sequence[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'There is no "{name}" among the tags of "{label}".{offer}',
            "`scorecli tags list` shows them; --kind call those of the other kind.",
        )


class TagExists(Refused):
    """A tag would get the name of another one, which merges the two."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f'There is a tag "{name}" already.', "Merge the two by agreeing to it, or with --yes."
        )
