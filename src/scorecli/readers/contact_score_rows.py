"""Rows of a file of contact scores: which contact each is about, and the values it sets.

A column is a score by the name or the label of its type; or ``type`` and ``value`` say both. An
empty cell leaves a score as it is, the word ``none`` takes it away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scorecli.domain.contact_scores import ScoreWish, parse_value, score_type
from scorecli.errors import ScorecliError
from scorecli.errors.contact_scores import BadContactScoreFile
from scorecli.readers.call_columns import plain_name
from scorecli.settings import ScoreTypeSettings, Settings

_CONTACT = {
    "contact": "",
    "contact id": "",
    "id": "",
    "name": "",
    "external id": "ext:",
    "email": "",
    "e mail": "",
    "email address": "",
    "number": "",
    "phone": "",
    "phone number": "",
}
# Which of several columns that name the contact counts: the first of these that has a value.
_RANK = tuple(_CONTACT)


class ContactScoreRow(NamedTuple):
    """One row: the contact as a command line would name it, and what it sets, or why nothing."""

    contact: str
    wishes: tuple[tuple[ScoreTypeSettings, str, ScoreWish], ...]
    reason: str | None = None
    field: str = ""
    error: str = ""


class ContactScoreRows:
    """Reads the rows under one header; raises :class:`BadContactScoreFile` where it cannot serve.

    A wish comes with the name of its column.
    """

    def __init__(self, header: Sequence[str], settings: Settings) -> None:
        self._settings = settings
        self._header = list(header)
        self._contact: list[tuple[int, int, str]] = []
        self._types: dict[int, ScoreTypeSettings] = {}
        self._places: dict[str, int] = {}
        self.ignored: list[str] = []
        for position, name in enumerate(header):
            self._place(position, name)
        self._contact.sort()
        if not self._contact:
            raise BadContactScoreFile(
                "The file has no column `contact`, `external_id` or `email`, so nothing says which"
                " contacts to score."
            )
        if not self._types and not {"type", "value"} <= self._places.keys():
            known = ", ".join(settings.contact_scores)
            raise BadContactScoreFile(
                f"The file has no column of a score ({known}) and not the two columns type and"
                " value, so there is nothing to set."
            )

    @property
    def naming(self) -> str:
        """The name of the column that says which contact a row is about."""
        return self._header[self._contact[0][1]]

    def read(self, cells: Sequence[str]) -> ContactScoreRow:
        """Return what one row asks for."""
        contact = ""
        for _, position, prefix in self._contact:
            text = cells[position].strip()
            if text:
                contact = prefix + text
                break
        if not contact:
            return ContactScoreRow("", (), None, self.naming, "the row names no contact")
        reason = self._cell(cells, "reason")
        wishes = []
        for position, kind in self._asked(cells).items():
            if isinstance(kind, ScorecliError):
                return ContactScoreRow(contact, (), None, self._header[position], _told(kind))
            text = cells[position].strip()
            if not text:
                continue
            try:
                wishes.append((kind, self._header[position], parse_value(text)))
            except ScorecliError as error:
                return ContactScoreRow(contact, (), None, self._header[position], _told(error))
        return ContactScoreRow(contact, tuple(wishes), reason or None)

    def _asked(self, cells: Sequence[str]) -> Mapping[int, ScoreTypeSettings | ScorecliError]:
        found: dict[int, ScoreTypeSettings | ScorecliError] = dict(self._types)
        if {"type", "value"} <= self._places.keys():
            try:
                name = self._cell(cells, "type") or "score"
                found[self._places["value"]] = score_type(self._settings, name)
            except ScorecliError as error:
                found[self._places["type"]] = error
        return found

    def _cell(self, cells: Sequence[str], name: str) -> str:
        return cells[self._places[name]].strip() if name in self._places else ""

    def _place(self, position: int, name: str) -> None:
        plain = plain_name(name)
        kind = self._kind(plain)
        if kind is not None:
            if kind in self._types.values():
                first = next(at for at, known in self._types.items() if known is kind)
                raise BadContactScoreFile(
                    f"The columns `{self._header[first]}` and `{name}` are both the score"
                    f" {kind.name}; take one of them out."
                )
            self._types[position] = kind
        elif plain in ("type", "value", "reason"):
            self._places.setdefault(plain, position)
        elif plain in _CONTACT:
            self._contact.append((_RANK.index(plain), position, _CONTACT[plain]))
        else:
            self.ignored.append(name)

    def _kind(self, plain: str) -> ScoreTypeSettings | None:
        bare = plain.removeprefix("score ")  # `score.fit`, as an export calls it
        for kind in self._settings.contact_scores.values():
            if plain_name(kind.name) in (plain, bare) or plain_name(kind.label) == plain:
                return kind
        return None


def _told(error: ScorecliError) -> str:
    return f"{error.message} {error.hint}" if error.hint else error.message
