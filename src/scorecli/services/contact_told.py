"""What the rows of a file say of one contact, row by row, and what of it changes the contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

from scorecli.domain.contact_names import NameTold
from scorecli.domain.contact_scores import is_score
from scorecli.domain.text import fold
from scorecli.readers.contact_rows import ContactRow
from scorecli.storage.contact_rows import EMPTY, PLAIN, State

_NAMES = ("first_name", "last_name")
_SINGLE = tuple(field for field in PLAIN if field not in _NAMES)


class Contradiction(Exception):  # a problem of one row, not a failure
    """A row says something else of a contact than another row of the same import."""

    def __init__(self, field: str, line: int) -> None:
        super().__init__(field)
        self.field = field
        self.line = line


class ContactTold:
    """Takes the rows of a contact, whose ``state`` is brought up to them.

    ``protected`` tells which fields stay as they are, ``fixed`` holds further ones, ``gone`` those
    that empty cells clear.
    """

    def __init__(
        self,
        state: State,
        protected: Callable[[str], bool],
        *,
        fixed: Set[str] = frozenset(),
        gone: Set[str] = frozenset(),
    ) -> None:
        self.before = dict(state)
        self.state = state
        self._protected = protected
        self._fixed = fixed
        self._said: dict[str, tuple[Any, int]] = {}
        self._fields = (*_SINGLE, *filter(is_score, state))
        self._name = NameTold()
        self._name_line = 0
        for field in gone:
            if not protected(field):
                state[field] = EMPTY.get(field)
        self._base = (state["first_name"], state["last_name"])
        self._cleared = state != self.before

    @property
    def changes(self) -> dict[str, Any]:
        """Return the fields that are other now, with their values."""
        return {field: value for field, value in self.state.items() if value != self.before[field]}

    def take(self, row: ContactRow) -> bool:
        """Take what a row says; return whether it changes anything.

        Raises :class:`Contradiction`; then the row changes nothing.
        """
        values = row.values
        self._refuse(row)
        changed, self._cleared = self._cleared, False
        for field in self._fields:
            value = values.get(field)
            if value is not None and field not in self._fixed:
                self._said.setdefault(field, (value, row.line))
                changed |= self._set(field, self._said[field][0])
        if "first_name" in values or "last_name" in values:
            self._name_line = self._name_line or row.line
            self._name.add(values.get("first_name"), values.get("last_name"))
            name = self._name.over(*self._base, self._protected)
            for field, part in zip(_NAMES, name, strict=True):
                changed |= self._set(field, part)
        for field in ("numbers", "emails", "extra"):
            if field in values:
                changed |= self._set(field, united(field, self.state[field], values[field]))
        for name, text in values.get("extra", {}).items():
            self._said.setdefault(f"extra.{name}", (text, row.line))
        return changed

    def _refuse(self, row: ContactRow) -> None:
        values = row.values
        told = [
            (field, value)
            for field in self._fields
            if (value := values.get(field)) is not None and field not in self._fixed
        ]
        told += [(f"extra.{name}", text) for name, text in values.get("extra", {}).items()]
        for field, value in told:
            said = self._said.get(field)
            if said is not None and said[0] != value:
                raise Contradiction(field, said[1])
        first, last = values.get("first_name"), values.get("last_name")
        if not self._name.fits(first, last):
            field = "last_name" if first is None or first == self._name.first else "first_name"
            raise Contradiction(field, self._name_line)

    def _set(self, field: str, value: Any) -> bool:
        if value == self.state[field] or self._protected(field):
            return False
        self.state[field] = value
        return True


def is_told(state: State, values: Mapping[str, Any]) -> bool:
    """Tell whether a contact has all that a row says: the usual case, and seen at once."""
    for field, value in values.items():
        had = state.get(field)
        if had != value and not (
            field in ("numbers", "emails", "extra") and united(field, had, value) == had
        ):
            return False
    return True


def united(field: str, had: Any, given: Any) -> Any:
    """Return numbers, addresses or ``extra`` of a contact with those of a row."""
    if field == "extra":
        return {**had, **given}
    if field == "emails":
        known = set(map(fold, had))
        return [*had, *(email for email in given if fold(email) not in known)]
    known = {pair[1] or fold(pair[0]) for pair in had}
    new = (list(pair) for pair in given if (pair[1] or fold(pair[0])) not in known)
    return [*had, *new]
