"""The second half of an import of contacts: rows are matched, and what is new is written."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from scorecli.domain.contact_groups import cleared
from scorecli.domain.contact_scores import is_score
from scorecli.readers.contact_rows import ContactReader, ContactRow
from scorecli.readers.rows import RowProblem
from scorecli.services.contact_candidates import Candidates
from scorecli.services.contact_import_reading import ContactRowsRead, RowBatch
from scorecli.services.contact_keys import KeyMatcher, group_by_keys, with_owners
from scorecli.services.contact_matching import ContactMatcher, Match
from scorecli.services.contact_protection import Protection
from scorecli.services.contact_told import ContactTold, Contradiction, is_told
from scorecli.services.contact_writer import ContactWriter
from scorecli.services.import_options import Updating, WritingProgress
from scorecli.services.imported_scores import ImportedScores
from scorecli.services.new_contacts import NewContacts
from scorecli.storage.changes import Change
from scorecli.storage.contact_rows import State, contact_states
from scorecli.storage.database import Database

_NO_NAME = "and no name or id of its own tells which one it is"
_MOST_NAMED = 5  # contacts or lines that a reason names
_OF_COLUMN = {"company_id": "company", "owner_id": "owner"}


class FileWritten:
    """What became of the rows of one file; problems with the header they stand under."""

    def __init__(self) -> None:
        self.inserted = self.updated = self.unchanged = 0
        self.problems: list[tuple[RowProblem, list[str]]] = []


class _Placed(NamedTuple):
    """A row, its place among all, and where it comes from."""

    rank: int
    place: int
    row: ContactRow
    batch: RowBatch


class ContactLoad:
    """Writes the contacts of an import inside its change; ``now`` is UTC seconds.

    ``key`` are the fields of ``--key``.
    """

    def __init__(
        self,
        db: Database,
        change: Change,
        read: ContactRowsRead,
        scores: ImportedScores,
        updating: Updating,
        *,
        now: int,
        key: tuple[str, ...] = (),
    ) -> None:
        self._db = db
        self._read = read
        self._scores = scores
        self._updating = updating
        self._key = key
        self._new = NewContacts(db, change, now)
        self._writer = ContactWriter(db, change)
        self._protection = Protection(db, off=updating.overwrite_scores)
        self._contact_of: list[int | None] = [None] * len(read.known)
        self._reasons: dict[int, tuple[str, str]] = {}
        self._fixed_ids: set[int] = set()
        self._numbers: dict[int, int] = {}  # those of new contacts, by the number they had so far
        self.files: list[FileWritten] = [FileWritten() for _ in range(read.file + 1)]

    @property
    def unknown_owners(self) -> dict[str, int]:
        """The owners that are no user, with how many rows name them."""
        return self._new.unknown_owners

    def run(self, progress: WritingProgress | None = None) -> None:
        """Match all rows, and write what they change."""
        if self._key:
            self._match_by_keys()
        else:
            self._match()
        left: dict[int, int] = {}
        for contact in self._contact_of:
            if contact is not None:
                left[contact] = left.get(contact, 0) + 1
        waiting: dict[int, list[_Placed]] = {}
        for batch in self._read.batches():
            ready: dict[int, list[_Placed]] = {}
            for place, row in enumerate(batch.rows, batch.first):
                contact = self._contact_of[place]
                if contact is None:
                    self._reject(batch, row, *self._reasons[place])
                    continue
                rank = 0 if self._key else self._read.known[place].rank
                waiting.setdefault(contact, []).append(_Placed(rank, place, row, batch))
                left[contact] -= 1
                if not left[contact]:
                    ready[contact] = waiting.pop(contact)
            self._write(ready)
            if progress is not None:
                progress(batch.first + len(batch.rows), len(self._contact_of))
        self._new.finish()

    def _match(self) -> None:
        known = self._read.known
        groups = self._read.groups
        people = Candidates(self._db, known)
        matcher = ContactMatcher(
            known,
            groups.people,
            people,
            self._protection,
            clear_empty=self._updating.clear_empty,
        )
        for place, others in groups.nobody.items():
            near = (other for other in others if other != place)
            lines = _listed([self._read.lines[at] for at in islice(near, _MOST_NAMED + 1)])
            self._reasons[place] = (
                self._known_by(place),
                f"several people of the file have it (lines {lines}), {_NO_NAME}",
            )
        self._take(matcher.run(), [group.places for group in groups.people])

    def _match_by_keys(self) -> None:
        keys: list[tuple[tuple[str, ...], ...]] = self._read.keys
        places = list(range(len(keys)))
        if "owner" in self._key:
            at = self._key.index("owner")
            names = {key[at]: self._new.user(key[at]) for each in keys for key in each}
            called = {text: user and user.name for text, user in names.items()}
            keys = [with_owners(each, self._key, called) for each in keys]
            places = [place for place in places if keys[place]]
            for place in set(range(len(keys))).difference(places):
                self._reasons[place] = ("owner", "it is no user, and the key asks for one")
        groups, every = group_by_keys([keys[place] for place in places])
        groups = [[places[at] for at in group] for group in groups]
        self._take(KeyMatcher(self._db, self._key, every).run(), groups)

    def _take(self, match: Match, groups: list[list[int]]) -> None:
        """Keep what was found for each row, and why nothing was."""
        for at, places in enumerate(groups):
            contact = match.contact_of[at]
            for place in places:
                self._contact_of[place] = contact
            if contact is not None and at in match.by_stored_id:
                self._fixed_ids.add(contact)
        for place in match.others:
            self._contact_of[place] = None
        for contact in self._contact_of:
            if contact is not None and contact < 0 and contact not in self._numbers:
                self._numbers[contact] = self._new.number()
        for at, rivals in match.rivals.items():
            for place in groups[at]:
                self._reasons[place] = self._unclear(place, rivals)
        for place, others in match.others.items():
            self._reasons[place] = (
                self._known_by(place),
                f"another contact has it too ({self._named(others)}), {_NO_NAME}",
            )

    def _unclear(self, place: int, contacts: list[int]) -> tuple[str, str]:
        named = self._named(contacts)
        if self._key:
            return "", f"several contacts have this key ({named})"
        if self._read.known[place].name:
            return (
                self._known_by(place),
                f"several contacts of this name have it ({named}); merge them first",
            )
        return self._known_by(place), f"several contacts have it ({named}), {_NO_NAME}"

    def _known_by(self, place: int) -> str:
        row = self._read.known[place]
        return "email" if row.emails else "number" if row.numbers else "name"

    def _named(self, contacts: list[int]) -> str:
        return _listed(sorted(self._numbers.get(contact, contact) for contact in contacts))

    def _reject(self, batch: RowBatch, row: ContactRow, field: str, error: str) -> None:
        column = _column(batch.reader, field)
        problem = RowProblem(row.line, column, error, row.cells)
        self.files[batch.file].problems.append((problem, list(batch.reader.mapping.header)))

    def _write(self, ready: dict[int, list[_Placed]]) -> None:
        """Write contacts all of whose rows are there."""
        stored = [contact for contact in ready if contact > 0]
        states = contact_states(self._db, stored)
        self._scores.read(states)
        self._protection.prepare(stored)
        for contact, rows in ready.items():
            rows.sort(key=lambda placed: placed[:2])
            if contact > 0:
                self._update(contact, states[contact], rows)
            else:
                self._insert(self._numbers[contact], rows)
        self._new.flush()
        self._scores.flush()

    def _insert(self, contact: int, rows: list[_Placed]) -> None:
        first = rows[0]
        self._new.resolve(first.row, first.batch.reader)
        self.files[first.batch.file].inserted += 1
        state = self._new.state(first.row.values)
        if len(rows) > 1:
            empty = self._new.state(self._scores.none())
            told = ContactTold(empty, self._protection.of(contact))
            told.take(first.row)
            self._take_rows(told, rows[1:])
            state = told.state
        self._new.pending[contact] = state
        self._scores.put(contact, {}, state, first.batch.file)

    def _update(self, contact: int, state: State, rows: list[_Placed]) -> None:
        if state["removed"] is not None:
            for placed in rows:
                self.files[placed.batch.file].unchanged += 1
            return
        if len(rows) == 1 and not self._updating.clear_empty:
            self._new.resolve(rows[0].row, rows[0].batch.reader)
            if is_told(state, rows[0].row.values):
                self.files[rows[0].batch.file].unchanged += 1
                return
        gone = frozenset[str]()
        if self._updating.clear_empty:
            gone = cleared(
                (
                    bool(self._key) or bool(placed.row.values.get("external_id")),
                    self._read.known[placed.place].empty,
                    {_STORED.get(field, field) for field in placed.row.values},
                )
                for placed in rows
            )
        told = ContactTold(
            state,
            self._protection.of(contact),
            fixed=frozenset(("external_id",)) if contact in self._fixed_ids else frozenset(),
            gone=gone,
        )
        changing = self._take_rows(told, rows)
        if told.changes:
            fields = {name: value for name, value in told.changes.items() if not is_score(name)}
            self._writer.edit(contact, told.before, fields)
            self._scores.put(contact, told.before, told.changes, rows[0].batch.file)
            return
        for file in changing:  # what one row cleared, another gave back
            file.updated -= 1
            file.unchanged += 1

    def _take_rows(self, told: ContactTold, rows: list[_Placed]) -> list[FileWritten]:
        changing: list[FileWritten] = []
        for placed in rows:
            self._new.resolve(placed.row, placed.batch.reader)
            file = self.files[placed.batch.file]
            try:
                if told.take(placed.row):
                    file.updated += 1
                    changing.append(file)
                else:
                    file.unchanged += 1
            except Contradiction as error:
                field = _OF_COLUMN.get(error.field, error.field)
                reason = f"line {error.line} says otherwise of the same contact"
                self._reject(placed.batch, placed.row, field, reason)
        return changing


_STORED = {"company": "company_id", "owner": "owner_id"}


def _column(reader: ContactReader, field: str) -> str:
    if field.startswith("extra."):
        return field.removeprefix("extra.")
    return reader.column(field) or (
        reader.column("name") if field in ("first_name", "last_name") else ""
    )


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:_MOST_NAMED])) + (", ..." * (len(numbers) > _MOST_NAMED))
