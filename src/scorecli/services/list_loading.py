"""Loading a contact list into a campaign: every row with a number becomes a record."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from scorecli.domain.phones import Phones
from scorecli.domain.text import RESERVED_WORDS, fold
from scorecli.domain.zones import resolve_zone
from scorecli.errors.campaigns import BadCampaign, ListElsewhere, UnknownList
from scorecli.errors.values import UnknownZone
from scorecli.readers.contact_columns import CONTACTS
from scorecli.readers.contact_rows import ContactReader, ContactRow
from scorecli.readers.rejects import RejectsFile
from scorecli.readers.rows import RowProblem
from scorecli.services.calling import open_campaign
from scorecli.services.contact_import import (
    ContactFile,
    ContactFiles,
    discarded_on_failure,
    refuse_if_strict,
)
from scorecli.services.import_options import ImportOptions, Speaker
from scorecli.services.list_contacts import ListContacts, first_with_number
from scorecli.services.record_states import keep_records
from scorecli.settings import Settings
from scorecli.storage.batches import record_batch
from scorecli.storage.campaigns import KnownCampaign, campaign_names, find_list
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.many_rows import placeholders

_ZONE_NAMES = frozenset(("time zone", "timezone", "tz", "zone", "time zone name"))
_LONGEST_NAME = 100  # characters


def _field_of(plain: str) -> str | None:
    return "time_zone" if plain in _ZONE_NAMES else CONTACTS.field_of(plain)


RECORDS = CONTACTS._replace(
    noun="record", fields=(*CONTACTS.fields, "time_zone"), field_of=_field_of
)
"""What a contact list may bring: the fields of contacts, and the time zone of a record."""


class ListLoaded(NamedTuple):
    """The figures of a load; ``read`` is the sum of the four that follow it.

    ``unchanged`` rows were on the list already, ``repeated`` ones have a number of an earlier row.
    ``do_not_call`` counts the loaded records that are closed, ``contacts`` the new contacts;
    ``change`` is None where nothing was written.
    """

    list: str
    read: int
    loaded: int
    unchanged: int
    repeated: int
    rejected: int
    do_not_call: int
    contacts: int
    change: int | None
    file: ContactFile
    unknown_owners: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the figures under the names that scripts rely on."""
        figures = self._asdict()
        del figures["file"]
        return {
            **figures,
            "unknown_owners": list(self.unknown_owners),
            "rejects_file": self.file.rejects_file,
            "unmapped": list(self.file.unmapped),
        }


def load_list(
    open_database: Callable[[], Database],
    settings: Settings,
    target: tuple[str, str],
    path: str,
    options: ImportOptions,
    *,
    now: int,
    author: Author,
    speak: Speaker,
) -> ListLoaded:
    """Load a file into a list of a campaign (``target`` names both) as one change.

    The same file again changes nothing. ``now`` is UTC seconds. Raises :class:`UnknownCampaign`,
    :class:`CampaignClosed`, :class:`ListElsewhere`, :class:`StrictImportRefused`, and whatever
    refuses a file; then nothing is written.
    """
    written: list[RejectsFile] = []
    with discarded_on_failure(written):
        with open_database() as db, _change(db, author, dry_run=options.dry_run) as change:
            campaign = open_campaign(db, target[0])
            load = RecordLoad(db, change, settings, campaign, _name(target[1]), now)
            files = ContactFiles(settings, options, speak, vocabulary=RECORDS, loading=lambda: load)
            file = files.complete(files.read(path), load, written)
            load.finish()
            refuse_if_strict([file], options)
            keep_records(db, change)
            if change.number is not None:
                change.summary = {"inserted": load.inserted, "rejected": file.rejected}
                change.summary["files"] = [file.file]
            done = ListLoaded(
                load.list_name,
                file.read,
                load.inserted,
                load.unchanged,
                load.repeated,
                file.rejected,
                load.closed(),
                load.contacts.inserted,
                None,
                file,
                tuple(load.unknown_owners),
            )
        return done._replace(change=None if options.dry_run else change.number)


@contextlib.contextmanager
def _change(db: Database, author: Author, *, dry_run: bool) -> Iterator[Change]:
    # Every number that a load writes was looked up or added in the same transaction.
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA cache_size = -65536")  # KiB; the indexes are written to all over
    with db.change(*author, origin="import", dry_run=dry_run) as change:
        yield change


class RecordLoad:
    """Writes the records of a list, with their contacts, a batch at a time."""

    def __init__(
        self,
        db: Database,
        change: Change,
        settings: Settings,
        campaign: KnownCampaign,
        list_name: str,
        now: int,
    ) -> None:
        self._db = db
        self._change = change
        self._campaign = campaign
        self._now = now
        self._phones = Phones(settings.phone.region)
        self._zones: dict[str, str | None] = {}
        self.list_name = list_name
        self._list = self._find_list()
        self.contacts = ListContacts(db, change, now)
        self._first = 1 + int(db.one("SELECT max(id) FROM list_record") or 0)
        self.inserted = self.updated = self.unchanged = self.repeated = 0

    @property
    def unknown_owners(self) -> dict[str, int]:
        """The owners that are no user, with how many rows name them."""
        return self.contacts.unknown_owners

    @property
    def problems(self) -> Sequence[tuple[RowProblem, list[str]]]:
        """None: what cannot be used is known at once."""
        return ()

    def add(self, rows: Sequence[ContactRow], reader: ContactReader) -> list[RowProblem]:
        """Write the records of a batch; return the rows that cannot be used."""
        problems: list[RowProblem] = []
        new: dict[str, tuple[ContactRow, str | None]] = {}
        numbered: list[tuple[str, ContactRow]] = []
        for row in rows:
            number = self._number(row)
            if number is None:
                column = reader.column("number")
                problems.append(RowProblem(row.line, column, "it has no number", row.cells))
            else:
                numbered.append((number, row))
        known = self._known([number for number, _ in numbered])
        for number, row in numbered:
            zone = row.values.pop("time_zone", None)
            if number in known:
                # Rows of this load have higher numbers than all that were there before.
                if known[number] < self._first:
                    self.unchanged += 1
                else:
                    self.repeated += 1
            elif number in new:
                self.repeated += 1
            else:
                try:
                    new[number] = (row, self._zone(zone))
                except UnknownZone as error:
                    column = reader.column("time_zone")
                    problems.append(RowProblem(row.line, column, error.message, row.cells))
        if new:
            self.contacts.add([row for row, _ in new.values()], reader)
            self._insert(new)
        return problems

    def finish(self) -> None:
        """Record which contacts and records came with the change."""
        self.contacts.finish()
        if self.inserted:
            last = self._db.one("SELECT max(id) FROM list_record")
            record_batch(self._db, self._change, "list_record", self._first, last)

    def closed(self) -> int:
        """Return how many of the loaded records must not be called."""
        return int(
            self._db.one(
                "SELECT count(*) FROM list_record WHERE id >= :first AND state = 'do_not_call'",
                {"first": self._first},
            )
        )

    def _find_list(self) -> int | None:
        try:
            known = find_list(self._db, self.list_name)
        except UnknownList:
            return None
        if known.campaign != self._campaign.id:
            raise ListElsewhere(known.name, campaign_names(self._db)[known.campaign])
        self.list_name = known.name
        return known.id

    def _make_list(self) -> int:
        """Make the list, once it has a record."""
        params = {
            "campaign": self._campaign.id,
            "name": self.list_name,
            "folded": fold(self.list_name),
            "now": self._now,
            "change": self._change.id,
        }
        number = int(
            self._db.one(
                "INSERT INTO contact_list (campaign_id, name, folded, opened_at, added_in)"
                " VALUES (:campaign, :name, :folded, :now, :change) RETURNING id",
                params,
            )
        )
        record_batch(self._db, self._change, "contact_list", number, number)
        return number

    def _number(self, row: ContactRow) -> str | None:
        """Return what the record is known by, and put that number of the row first."""
        pairs = first_with_number(row.values.get("numbers") or ())
        if not pairs:
            return None
        row.values["numbers"] = pairs
        written, e164 = pairs[0]
        return e164 or self._phones.comparable(written)

    def _zone(self, name: str | None) -> str | None:
        """Return the zone of a record as it is stored; raises :class:`UnknownZone`."""
        if name is None:
            return None
        if name not in self._zones:
            self._zones[name] = resolve_zone(name).key
        return self._zones[name]

    def _known(self, numbers: Sequence[str]) -> dict[str, int]:
        """Return which of the numbers the list has, with their records."""
        known: dict[str, int] = {}
        if self._list is not None:
            for start in range(0, len(numbers), 500):
                part = numbers[start : start + 500]
                known.update(
                    self._db.execute(
                        "SELECT number, id FROM list_record WHERE list_id = ? AND removed IS NULL"
                        f" AND number IN ({placeholders(part)})",
                        [self._list, *part],
                    )
                )
        return known

    def _insert(self, new: dict[str, tuple[ContactRow, str | None]]) -> None:
        if self._list is None:
            self._list = self._make_list()
        same = (self._list, self._campaign.id)
        self._db.executemany(
            "INSERT INTO list_record (list_id, campaign_id, contact_id, number, time_zone, state,"
            " added_in) VALUES (?, ?, ?, ?, ?, 'new', ?)",
            [
                (*same, self.contacts.contact_of(row), number, zone, self._change.id)
                for number, (row, zone) in new.items()
            ],
        )
        self.inserted += len(new)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadCampaign("list", text, f"is no name of at most {_LONGEST_NAME} characters")
    if fold(name) in RESERVED_WORDS:
        raise BadCampaign("list", text, "has a meaning of its own in filters")
    return name
