"""The dictionary of texts that many calls share, and the tags: text to number, made when new."""

from __future__ import annotations

from scorecli.domain.text import fold
from scorecli.storage.database import Database


class Lookups:
    """Numbers of shared texts, remembered for as long as one command runs."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, dict[str, int]] = {}

    def of(self, field: str) -> dict[str, int]:
        """Return the texts of ``field`` that were met so far, with their numbers."""
        return self._known.setdefault(field, {})

    def number(self, field: str, value: str) -> int:
        """Return the number of ``value``, adding it where it is new."""
        known = self.of(field)
        number = known.get(value)
        if number is None:
            number = self._find_or_add(field, value)
            known[value] = number
        return number

    def _find_or_add(self, field: str, value: str) -> int:
        found = self._db.one(
            "SELECT id FROM lookup WHERE field = :field AND value = :value",
            {"field": field, "value": value},
        )
        if found is None:
            found = self._db.one(
                "INSERT INTO lookup (field, value, folded) VALUES (:field, :value, :folded)"
                " RETURNING id",
                {"field": field, "value": value, "folded": fold(value)},
            )
        return int(found)


class Tags:
    """Numbers of tags, remembered for as long as one command runs."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[tuple[str, str], int | None] = {}
        self.created: set[int] = set()

    def find(self, kind: str, name: str) -> int | None:
        """Return the number of a tag that exists, ignoring case and stray blanks."""
        key = (kind, fold(name))
        if key not in self._known:
            self._known[key] = self._db.one(
                "SELECT id FROM tag WHERE kind = :kind AND folded = :folded",
                {"kind": kind, "folded": key[1]},
            )
        return self._known[key]

    def number(self, kind: str, name: str) -> int:
        """Return the number of a tag, adding it where it is new; the first spelling is kept."""
        found = self.find(kind, name)
        if found is None:
            found = self._db.one(
                "INSERT INTO tag (kind, name, folded) VALUES (:kind, :name, :folded) RETURNING id",
                {"kind": kind, "name": " ".join(name.split()), "folded": fold(name)},
            )
            self._known[kind, fold(name)] = found
            assert found is not None  # noqa: S101  # RETURNING always gives the new number
            self.created.add(found)
        return found
