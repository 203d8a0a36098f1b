"""Importing activities: any number of files, one change, all of it or nothing.

An activity is known by its external id, else by type, whose it is, time and subject together; of
several that are the same in all that, the first in a file is the first in the database, and so on.
``--key`` says otherwise. A row that says something else of an activity than an earlier one of the
same import, with the same id or key, is rejected.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from scorecli.domain.text import fold
from scorecli.domain.zones import resolve_zone
from scorecli.errors import Refused, ScorecliError
from scorecli.errors.activities import BadActivityFile
from scorecli.errors.importing import StrictImportRefused
from scorecli.readers.activity_columns import ACTIVITIES
from scorecli.readers.activity_rows import ActivityReader, ActivityRow, time_reader
from scorecli.readers.mapping import key_fields, resolve
from scorecli.readers.profiles import Profile
from scorecli.readers.rejects import RejectsFile, numbered
from scorecli.readers.rows import Batch, RowProblem
from scorecli.readers.score_rows import reason_of
from scorecli.readers.table import Table, open_table
from scorecli.services.activities import (
    INSERT,
    NewActivity,
    activity_row,
    refuse_points,
    write_fields,
)
from scorecli.services.import_options import ImportOptions
from scorecli.settings import Settings
from scorecli.storage.batches import record_batch
from scorecli.storage.changes import Author, Change
from scorecli.storage.companies import find_company
from scorecli.storage.contact_lookup import find_contacts
from scorecli.storage.database import Database

_PROFILE = Profile("activities")
_COMPARED = ("activity_type", "contact_id", "company_id", "points", "at", "subject")
_STORED = (
    "SELECT id, external_id, removed, extra, activity_type, contact_id, company_id, points, at,"
    " subject FROM activity WHERE removed IS NOT 'undone' ORDER BY removed IS NOT NULL, id"
)


class ActivityImport(NamedTuple):
    """What became of the rows; ``read`` is the sum of the four that follow it."""

    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: str | None
    unmapped: tuple[str, ...]
    change: int | None


class _Stored(NamedTuple):
    id: int
    removed: str | None
    values: dict[str, Any]


def import_activities(
    open_database: Callable[[], Database],
    settings: Settings,
    paths: Sequence[str],
    options: ImportOptions,
    *,
    author: Author,
    notice: Callable[[str], None],
) -> ActivityImport:
    """Import activities as one change; contacts and companies must be there already.

    Raises :class:`StrictImportRefused`, :class:`PointsNotEditable` and whatever refuses a file;
    then nothing is written.
    """
    written: list[RejectsFile] = []
    try:
        with (
            open_database() as db,
            db.change(*author, origin="import", dry_run=options.dry_run) as change,
        ):
            run = _Run(db, change, settings, options, notice)
            files: list[str] = []
            for path in paths:
                with_rejects = sum(each.count > 0 for each in written)
                form = options.form
                table = open_table(
                    path,
                    delimiter=form.delimiter,
                    encoding=form.encoding,
                    header=form.header,
                    columns=form.columns,
                    sheet=form.sheet,
                )
                rejects = numbered(options.rejects, with_rejects)
                rejected = RejectsFile(table.name, given=rejects, dry=options.dry_run)
                written.append(rejected)
                try:
                    run.table(table, rejected)
                finally:
                    table.close()
                made = rejected.close()  # complete on disk before the change is committed
                files += [] if made is None else [str(made)]
            run.finish()
            bad = sum(each.count for each in written)
            _refuse_if_strict(options, bad, files)
            done = ActivityImport(
                run.read,
                run.inserted,
                run.updated,
                run.unchanged,
                bad,
                ", ".join(files) or None,
                tuple(run.unmapped),
                None,
            )
            if change.number is not None:
                change.summary = {"inserted": run.inserted, "updated": run.updated, "rejected": bad}
        return done._replace(change=None if options.dry_run else change.number)
    except StrictImportRefused:
        raise
    except BaseException:
        for each in written:
            each.discard()
        raise


def _refuse_if_strict(options: ImportOptions, bad: int, files: Sequence[str]) -> None:
    if options.strict and bad:
        raise StrictImportRefused(bad, ", ".join(files) or None)


class _Run:
    """Applies the rows of files inside a change."""

    def __init__(
        self,
        db: Database,
        change: Change,
        settings: Settings,
        options: ImportOptions,
        notice: Callable[[str], None],
    ) -> None:
        self._db = db
        self._change = change
        self._settings = settings
        self._options = options
        self._notice = notice
        self._key: tuple[str, ...] | None = None  # the fields of --key, once they are known
        self._by_id: dict[tuple[Any, ...], _Stored] = {}
        self._said: dict[int, tuple[int, dict[str, Any]]] = {}  # by activity: line and values
        self._alike: dict[tuple[Any, ...], list[_Stored]] = {}
        self._met: dict[tuple[Any, ...], int] = {}
        self._new: list[int] = []
        self._companies: dict[str, int | Refused] = {}
        self.unmapped: dict[str, None] = {}
        self.read = self.inserted = self.updated = self.unchanged = 0

    def table(self, table: Table, rejected: RejectsFile) -> None:
        """Import one file; its bad rows go to the rejects file."""
        for text in table.notices:
            self._notice(text)
        if table.kind == "empty":
            return
        form = self._options.form
        zone = resolve_zone(form.time_zone or self._settings.display.time_zone)
        mapping = resolve(table.header, _PROFILE, form.wishes, frozenset(), ACTIVITIES)
        _require(mapping.fields.keys() | mapping.constants.keys())
        if self._key is None:
            self._key = key_fields(mapping)
            self._read_stored()
        at = mapping.fields.get("at", ())
        column = mapping.header[at[0]] if at else ""
        times = time_reader(table, column, zone, form.date_format)
        readers: dict[tuple[str, ...], ActivityReader] = {}
        for batch in table.batches():
            key = tuple(batch.header)
            if key not in readers:
                mapping = resolve(batch.header, _PROFILE, form.wishes, frozenset(), ACTIVITIES)
                readers[key] = ActivityReader(mapping, times, form.missing)
                self.unmapped.update(
                    dict.fromkeys(mapping.header[place] for place in mapping.unmapped)
                )
            self._batch(batch, readers[key], rejected)

    def finish(self) -> None:
        """Record what came along."""
        if self._new:
            record_batch(self._db, self._change, "activity", min(self._new), max(self._new))

    def _batch(self, batch: Batch, reader: ActivityReader, rejected: RejectsFile) -> None:
        rows = [reader.read(cells) for cells in batch.rows]
        self.read += len(rows) + len(batch.problems)
        texts = [row.contact for row in rows if row.contact]
        contacts = find_contacts(self._db, texts, self._settings.phone.region)
        problems = list(batch.problems)
        for line, cells, row in zip(batch.lines, batch.rows, rows, strict=True):
            field, error = row.field, row.error
            if not error:
                refuse_points(self._settings, row.points)  # the file as a whole
                try:
                    field, error = self._put(self._wanted(row, contacts), line)
                except ScorecliError as refused:
                    field = getattr(refused, "field", "contact" if row.contact else "company")
                    error = reason_of(refused)
            if error:
                problems.append(RowProblem(line, reader.column(field), error, cells))
        for bad in sorted(problems, key=lambda each: each.line):
            rejected.write(bad, batch.header)

    def _wanted(self, row: ActivityRow, contacts: dict[str, int | Refused]) -> NewActivity:
        contact = contacts[row.contact] if row.contact else None
        company = self._company(row.company) if not row.contact else None
        for found in (contact, company):
            if isinstance(found, Refused):
                raise found
        return NewActivity(
            row.activity_type,
            row.at,
            contact if isinstance(contact, int) else None,
            company if isinstance(company, int) else None,
            row.points,
            row.subject or None,
            row.external_id or None,
            None,
            row.extra or None,
        )

    def _company(self, text: str) -> int | Refused:
        if text not in self._companies:
            try:
                self._companies[text] = find_company(self._db, text)
            except Refused as error:
                self._companies[text] = error
        return self._companies[text]

    def _put(self, new: NewActivity, line: int) -> tuple[str, str]:
        """Write what is new of a row; return the field at fault and why, both empty if none is."""
        row = activity_row(self._settings, new, 0)
        values = {name: row[name] for name in _COMPARED}
        known_by = self._known_by(values, new.external_id, new.extra or {})
        if known_by is not None and not _says_something(known_by):
            return (self._key or ("",))[0], "it is empty"
        stored = self._by_id.get(known_by) if known_by else self._alike_one(values)
        if stored is None:
            number = int(self._db.one(INSERT, {**row, "added_in": self._change.id}))
            self._new.append(number)
            stored = _Stored(number, None, values)
            if known_by:
                self._by_id[known_by] = stored
            self.inserted += 1
            self._contradicted(stored, values, new, line)
            return "", ""
        contradicted = self._contradicted(stored, values, new, line)
        if contradicted:
            return contradicted
        changes = {name: value for name, value in values.items() if stored.values[name] != value}
        if new.points is None:
            changes.pop("points", None)  # those of the type are only for new ones
        if changes and stored.removed is None:
            kept = set() if self._options.updating.overwrite_scores else self._by_hand(stored.id)
            changes = {name: value for name, value in changes.items() if name not in kept}
        if not changes or stored.removed is not None:
            self.unchanged += 1
            return "", ""
        write_fields(self._db, self._change, stored.id, changes)
        stored.values.update(changes)
        self.updated += 1
        return "", ""

    def _contradicted(
        self, stored: _Stored, values: dict[str, Any], new: NewActivity, line: int
    ) -> tuple[str, str] | None:
        """Return where a row says otherwise than an earlier one; keep what it says if nowhere."""
        said = {name: value for name, value in values.items() if name != "points"}
        said |= {} if new.points is None else {"points": new.points}
        first, before = self._said.setdefault(stored.id, (line, said))
        for name, value in said.items():
            if before.setdefault(name, value) != value:
                field = _OF_COLUMN.get(name, name)
                return field, f"line {first} says otherwise of the same activity"
        return None

    def _known_by(
        self, values: dict[str, Any], external_id: str | None, extra: Mapping[str, str]
    ) -> tuple[Any, ...] | None:
        """Return the id or key of an activity, None where it has neither."""
        if not self._key:
            return None if external_id is None else (external_id,)
        texts = {
            **{_OF_COLUMN.get(name, name): value for name, value in values.items()},
            **{f"extra.{name}": text for name, text in extra.items()},
            "external_id": external_id,
        }
        found = (texts.get(field) for field in self._key)
        return tuple(fold(value) if isinstance(value, str) else value for value in found)

    def _alike_one(self, values: dict[str, Any]) -> _Stored | None:
        key = _key(values)
        place = self._met.get(key, 0)
        self._met[key] = place + 1
        alike = self._alike.get(key, ())
        return alike[place] if place < len(alike) else None

    def _read_stored(self) -> None:
        for number, external_id, removed, extra, *values in self._db.execute(_STORED):
            stored = _Stored(number, removed, dict(zip(_COMPARED, values, strict=True)))
            more = json.loads(extra) if extra and self._key else {}
            known_by = self._known_by(stored.values, external_id, more)
            if known_by is None:
                self._alike.setdefault(_key(stored.values), []).append(stored)
            elif _says_something(known_by):
                self._by_id.setdefault(known_by, stored)

    def _by_hand(self, activity: int) -> set[str]:
        """Return the fields that a person wrote last; an import leaves them as they are."""
        last = dict(
            self._db.rows(
                "SELECT field, written_by FROM change_entry"
                " WHERE entity = 'activity' AND entity_id = :id ORDER BY id",
                {"id": activity},
            )
        )
        if last.get("row", "import") != "import":
            return set(_COMPARED)
        return {field for field, by in last.items() if by != "import"}


_OF_COLUMN = {"activity_type": "type", "contact_id": "contact", "company_id": "company"}


def _key(values: dict[str, Any]) -> tuple[Any, ...]:
    return (
        fold(values["activity_type"]),
        values["contact_id"],
        values["company_id"],
        values["at"],
        values["subject"],
    )


def _says_something(known_by: tuple[Any, ...]) -> bool:
    return any(part not in (None, "") for part in known_by)


def _require(fields: Any) -> None:
    for wanted in (("type",), ("at",), ("contact", "company")):
        if not fields & set(wanted):
            named = " or ".join(f"`{name}`" for name in wanted)
            raise BadActivityFile(f"The file has no column {named}, so its rows cannot be used.")
