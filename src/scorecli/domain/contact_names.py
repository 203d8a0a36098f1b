"""The name of a contact when several rows of a file, and what is stored, say something of it."""

from __future__ import annotations

from collections.abc import Callable

from scorecli.domain.contact_values import folded_name


class NameTold:
    """What rows say of one name: the first says, later ones may add the part that it lacks."""

    def __init__(self) -> None:
        self.first: str | None = None
        self.last: str | None = None

    def fits(self, first: str | None, last: str | None) -> bool:
        """Tell whether a further row says the same; another spelling or split of it is the same."""
        parts = ((first, self.first), (last, self.last))
        if all(given is None or had is None or given == had for given, had in parts):
            return True
        return folded_name(first, last) == folded_name(self.first, self.last)

    def add(self, first: str | None, last: str | None) -> None:
        """Take what a row says where it adds to what was said."""
        if self.first is None and self.last is None:
            self.first, self.last = first, last
            return
        if self.fits(first, last) and folded_name(first, last) != folded_name(
            self.first, self.last
        ):
            self.first = self.first or first
            self.last = self.last or last

    def over(
        self, first: str | None, last: str | None, protected: Callable[[str], bool]
    ) -> tuple[str | None, str | None]:
        """Return the name of a contact that had ``first`` and ``last``, parts of it protected."""
        if self.first is None and self.last is None:
            return first, last
        if (self.first, self.last) == (first, last):
            return first, last
        keeps_first, keeps_last = protected("first_name"), protected("last_name")
        if folded_name(self.first, self.last) == folded_name(first, last):
            # The same name, told in other parts; taken whole, or it would be said twice.
            return (first, last) if keeps_first or keeps_last else (self.first, self.last)
        return (
            first if keeps_first or self.first is None else self.first,
            last if keeps_last or self.last is None else self.last,
        )
