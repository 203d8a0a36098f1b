"""The numbers of records and of the do-not-call list, after the settings have another region.

A record is known by a number of its contact, so what the contact's number was written as says what
it is now. Of the do-not-call list only the normalised number is kept: digits that no region was
known for are normalised by the new one, and a number that calls, contacts or records have in
another form now is listed in that form too, so that nobody is called for a change of settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scorecli.domain.phones import Phones
from scorecli.storage.batches import record_batch
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.do_not_call import ADDED
from scorecli.storage.many_rows import placeholders
from scorecli.storage.record_fields import RecordFields

_BATCH = 5000
_RECORDS = (
    "SELECT id, list_id, contact_id, number FROM list_record"
    " WHERE removed IS NULL AND id > :last ORDER BY id LIMIT :most"
)
_TABLES = (
    "CREATE TEMP TABLE IF NOT EXISTS renumbered"
    " (id INTEGER PRIMARY KEY, list_id INTEGER, was TEXT, number TEXT)",
    "CREATE TEMP TABLE IF NOT EXISTS moved_number"
    " (was TEXT, number TEXT, PRIMARY KEY (was, number)) WITHOUT ROWID",
    "DELETE FROM renumbered",
    "DELETE FROM moved_number",
)
# Records of a list that are one number now, but for the first of them.
_REPEATED = (
    "WITH same AS (SELECT id, list_id, number FROM renumbered UNION"
    # CROSS JOIN, so that what changed leads to the records and never the other way round.
    " SELECT r.id, r.list_id, r.number FROM renumbered AS n CROSS JOIN list_record AS r"
    " ON r.list_id = n.list_id AND r.number = n.number AND r.removed IS NULL"
    " WHERE r.id NOT IN (SELECT id FROM renumbered)),"
    " ranked AS (SELECT id, row_number() OVER (PARTITION BY list_id, number ORDER BY id) AS place"
    " FROM same) SELECT id FROM ranked WHERE place > 1 ORDER BY id"
)
# Those whose number no other record of the list still has.
_FREE = (
    "SELECT n.id, n.was, n.number FROM renumbered AS n WHERE NOT EXISTS (SELECT 1 FROM"
    " list_record AS r WHERE r.list_id = n.list_id AND r.number = n.number AND r.removed IS NULL)"
    " ORDER BY n.id LIMIT :most"
)
_LISTED_AS = (
    "SELECT DISTINCT d.campaign_id, m.was, m.number FROM moved_number AS m"
    " JOIN do_not_call AS d ON d.number = m.was"
)
_DIGITS = (
    "SELECT id, campaign_id, number FROM do_not_call WHERE id > :last AND number NOT LIKE '+%'"
    " ORDER BY id LIMIT :most"
)
_REASON = "another form of a number on the list"


class Renumbering:
    """Gathers what numbers are now, while those of calls and contacts are normalised anew."""

    def __init__(self, db: Database, change: Change, phones: Phones) -> None:
        self._db = db
        self._change = change
        self._phones = phones
        self._fields = RecordFields(db)
        for sql in _TABLES:
            db.execute(sql)

    def moved(self, pairs: Iterable[tuple[str | None, str | None]]) -> None:
        """Note numbers that were normalised to the first and are to the second now."""
        self._db.executemany(
            "INSERT INTO moved_number VALUES (?, ?) ON CONFLICT DO NOTHING",
            [pair for pair in pairs if pair[0] and pair[1] and pair[0] != pair[1]],
        )

    def records(self) -> int:
        """Write the numbers of records; return how many are another one, or one too many.

        Call it while contacts still have the numbers that they had.
        """
        last = 0
        while rows := self._db.rows(_RECORDS, {"last": last, "most": _BATCH}):
            written = self._written({contact for _, _, contact, _ in rows})
            found = [
                (id_, list_, number, new)
                for id_, list_, contact, number in rows
                if (new := self._now(number, written.get(contact, ()))) != number
            ]
            self._db.executemany("INSERT INTO renumbered VALUES (?, ?, ?, ?)", found)
            self.moved((number, new) for _, _, number, new in found)
            last = rows[-1][0]
        repeated = [id_ for (id_,) in self._db.rows(_REPEATED)]
        for id_ in repeated:
            self._write("list_record", id_, "removed", None, "undone")
        self._db.executemany("DELETE FROM renumbered WHERE id = ?", [(id_,) for id_ in repeated])
        done = len(repeated)
        while free := self._db.rows(_FREE, {"most": _BATCH}):
            for id_, was, number in free:
                self._write("list_record", id_, "number", was, number)
            self._db.executemany("DELETE FROM renumbered WHERE id = ?", [(row[0],) for row in free])
            done += len(free)
        return done

    def do_not_call(self) -> int:
        """Write the numbers of the do-not-call list; return how many it has in another form now."""
        # Of several forms of a number the last word on each counted, and any of them may bar it.
        barred = {
            (campaign, number)
            for campaign, was, number in self._db.rows(_LISTED_AS)
            if self._is_listed(campaign, was)
        }
        for _, campaign, number, new in self._from_digits():
            if self._is_listed(campaign, number) or self._is_listed(campaign, new):
                barred.add((campaign, new))
        forms: set[str] = set()
        for id_, _, number, new in self._from_digits():
            self._write("do_not_call", id_, "number", number, new)
            forms.add(new)
        return len(forms | self._bar(barred))

    def _from_digits(self) -> Iterator[tuple[int, int | None, str, str]]:
        """Yield the rows whose digits are normalised now: id, campaign, number, new number."""
        last = 0
        while rows := self._db.rows(_DIGITS, {"last": last, "most": _BATCH}):
            for id_, campaign, number in rows:
                new = self._phones.comparable(number) or number
                if new != number:
                    yield id_, campaign, number, new
            last = rows[-1][0]

    def _bar(self, barred: set[tuple[int | None, str]]) -> set[str]:
        """List numbers that are not listed, and return them."""
        missing = [each for each in sorted(barred, key=repr) if not self._is_listed(*each)]
        if missing:
            first = 1 + int(self._db.one("SELECT max(id) FROM do_not_call") or 0)
            self._db.executemany(
                "INSERT INTO do_not_call (id, number, campaign_id, action, reason, added_in)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (first + place, number, campaign, ADDED, _REASON, self._change.id)
                    for place, (campaign, number) in enumerate(missing)
                ],
            )
            last = first + len(missing) - 1
            record_batch(self._db, self._change, "do_not_call", first, last)
        return {number for _, number in missing}

    def _is_listed(self, campaign: int | None, number: str) -> bool:
        action = self._db.one(
            "SELECT d.action FROM do_not_call AS d JOIN change AS ch ON ch.id = d.added_in"
            " WHERE ch.undone_by IS NULL AND d.number = :number AND d.campaign_id IS :campaign"
            " ORDER BY d.id DESC LIMIT 1",
            {"number": number, "campaign": campaign},
        )
        return bool(action == ADDED)

    def _written(self, contacts: set[int]) -> dict[int, list[tuple[str, str | None]]]:
        """Return the numbers of contacts as they were written, and what that was normalised to."""
        found: dict[int, list[tuple[str, str | None]]] = {}
        wanted = sorted(contacts)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            for contact, written, e164 in self._db.execute(
                "SELECT contact_id, number, e164 FROM contact_number"
                f" WHERE contact_id IN ({placeholders(part)}) ORDER BY contact_id, position",
                part,
            ):
                found.setdefault(contact, []).append((written, e164))
        return found

    def _now(self, number: str, written: Sequence[tuple[str, str | None]]) -> str:
        """Return what a record is known by now, whose contact has these numbers."""
        for text, e164 in written:
            if e164 == number or (e164 is None and _digits(text) == _digits(number)):
                return self._phones.comparable(text) or number
        return number if number[:1] == "+" else self._phones.comparable(number) or number

    def _write(self, entity: str, id_: int, field: str, old: str | None, new: str | None) -> None:
        self._fields.write(entity, id_, {field: (old, new)})
        # No person wrote it, as for the calls and contacts that this goes with.
        self._change.record(entity, id_, field, old, new, written_by="import")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
