"""Companies by name: made with their first contact, and never taken away.

Like the dictionary of texts that calls share, a company is not part of a change: one that nobody
belongs to is out of sight until somebody does.
"""

from __future__ import annotations

from scorecli.domain.text import fold, nearest
from scorecli.errors.contacts import UnknownCompany
from scorecli.storage.database import Database

_MOST_KEPT = 100_000  # names that are remembered


class Companies:
    """Numbers of companies, remembered for as long as one command runs."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, int] = {}

    def number(self, name: str) -> int:
        """Return the number of a company, adding it where it is new; its first spelling stays."""
        folded = fold(name)
        found = self._known.get(folded)
        if found is None:
            found = self._db.one(
                "SELECT id FROM company WHERE folded = :folded", {"folded": folded}
            )
            if found is None:
                found = self._db.one(
                    "INSERT INTO company (name, folded) VALUES (:name, :folded) RETURNING id",
                    {"name": " ".join(name.split()), "folded": folded},
                )
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[folded] = int(found)
        return self._known[folded]


def find_company(db: Database, text: str) -> int:
    """Return the number of the company that a person names, by number or by name.

    Raises :class:`UnknownCompany`.
    """
    wanted = text.strip()
    by_name = db.one("SELECT id FROM company WHERE folded = :folded", {"folded": fold(wanted)})
    if by_name is not None:
        return int(by_name)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        by_number = db.one("SELECT id FROM company WHERE id = :id", {"id": int(wanted)})
        if by_number is not None:
            return int(by_number)
    names = [name for (name,) in db.execute("SELECT name FROM company LIMIT 20000")]
    raise UnknownCompany(text, nearest(wanted, names))
