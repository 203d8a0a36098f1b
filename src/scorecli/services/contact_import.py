"""Importing contacts: any number of files, one change, all of it or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from scorecli.domain.contact_scores import field_name, is_score
from scorecli.domain.phones import Phones
from scorecli.errors.importing import MappingProblem, StrictImportRefused
from scorecli.readers.contact_columns import CONTACTS, with_scores
from scorecli.readers.contact_rows import ContactReader, ContactRow
from scorecli.readers.mapping import ColumnMap, key_fields, resolve
from scorecli.readers.profiles import Profile
from scorecli.readers.rejects import Commonest, RejectsFile, numbered
from scorecli.readers.rows import RowProblem
from scorecli.readers.table import Table, open_table
from scorecli.readers.vocabulary import Vocabulary
from scorecli.services.contact_import_reading import ContactRowsRead
from scorecli.services.contact_import_rows import ContactLoad
from scorecli.services.import_options import ImportOptions, Speaker
from scorecli.services.import_samples import MappedColumn, collect_samples, described
from scorecli.services.imported_scores import ImportedScores
from scorecli.services.importing import without_collecting
from scorecli.settings import Settings
from scorecli.storage.changes import Author
from scorecli.storage.database import Database

_PROFILE = Profile("contacts")
_ROWS = 1000  # rows matched at once
_SHARED = (
    "SELECT count(*) FROM (SELECT n.e164 FROM contact_number AS n"
    " JOIN contact AS c ON c.id = n.contact_id AND c.removed IS NULL"
    " WHERE n.e164 IS NOT NULL GROUP BY n.e164 HAVING count(DISTINCT n.contact_id) > 1)"
)


class ContactFile(NamedTuple):
    """The figures of one file; ``read`` is the sum of the four that follow it."""

    file: str
    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: str | None
    unmapped: tuple[str, ...]
    columns: tuple[MappedColumn, ...]
    commonest: Commonest | None
    fields: frozenset[str]


class ContactImport(NamedTuple):
    """The figures of an import; ``change`` is None where nothing was written.

    ``unknown_owners`` are names of owners who are no user, kept in ``extra``; ``shared_numbers``
    counts the numbers that several contacts have now, so that calls with them link to none.
    """

    files: tuple[ContactFile, ...]
    unknown_owners: tuple[str, ...]
    shared_numbers: int
    change: int | None

    def total(self, figure: str) -> int:
        """Return the sum of a figure over all files."""
        return sum(getattr(file, figure) for file in self.files)

    def as_dict(self) -> dict[str, Any]:
        """Return the summary under the names that scripts rely on."""
        rejects = [file.rejects_file for file in self.files if file.rejects_file]
        figures = ("read", "inserted", "updated", "unchanged", "rejected")
        return {
            **{name: self.total(name) for name in figures},
            "rejects_file": rejects[0] if len(rejects) == 1 else (rejects or None),
            "unmapped": list(dict.fromkeys(name for file in self.files for name in file.unmapped)),
            "unknown_owners": list(self.unknown_owners),
            "shared_numbers": self.shared_numbers,
            "change": self.change,
            "files": [
                {
                    "file": file.file,
                    **{name: getattr(file, name) for name in figures},
                    "rejects_file": file.rejects_file,
                    "unmapped": list(file.unmapped),
                }
                for file in self.files
            ],
        }


@without_collecting()
def import_contacts(
    open_database: Callable[[], Database],
    settings: Settings,
    paths: Sequence[str],
    options: ImportOptions,
    *,
    now: int,
    author: Author,
    speak: Speaker,
) -> ContactImport:
    """Import contacts as one change; ``now`` is UTC seconds.

    ``options.updating`` says whether what people wrote is overwritten and whether empty cells
    clear. Raises :class:`StrictImportRefused` and whatever refuses a file; then nothing is written.
    """
    written: list[RejectsFile] = []
    read = ContactRowsRead()
    files = ContactFiles(
        settings,
        options,
        speak,
        loading=lambda: read,
        vocabulary=with_scores(settings.contact_scores),
    )
    with contextlib.closing(read), discarded_on_failure(written):
        readings = []
        for number, path in enumerate(paths):
            read.file = number
            readings.append(files.read(path))
        key = key_fields(readings[0].mapping) if readings else ()
        _refuse_scores(key)
        if not key:
            read.join()
        # All of it is read by now, so that the write lock is held only while rows are written.
        with (
            open_database() as db,
            db.change(*author, origin="import", dry_run=options.dry_run) as change,
        ):
            scores = ImportedScores(db, change, settings.contact_scores, readings)
            load = ContactLoad(db, change, read, scores, options.updating, now=now, key=key)
            load.run(speak.writing)
            figures = [
                files.complete(reading, part, written)
                for reading, part in zip(readings, load.files, strict=True)
            ]
            refuse_if_strict(figures, options)
            shared = db.one(_SHARED)
            done = ContactImport(tuple(figures), tuple(load.unknown_owners), shared, None)
            if change.number is not None:
                summary = done.as_dict()
                change.summary = {
                    name: summary[name] for name in ("inserted", "updated", "rejected")
                }
                change.summary["files"] = [file.file for file in figures]
    return done._replace(change=None if options.dry_run else change.number)


def _refuse_scores(key: Sequence[str]) -> None:
    for field in key:
        if is_score(field):
            raise MappingProblem(
                f"--key: {field} is a score, which does not say who a contact is.",
                "Name columns that do, such as an id or an e-mail address.",
            )


@contextlib.contextmanager
def discarded_on_failure(written: Sequence[RejectsFile]) -> Iterator[None]:
    """Remove the rejects files where nothing is imported; strictness leaves them."""
    try:
        yield
    except StrictImportRefused:
        raise
    except BaseException:
        for each in written:
            each.discard()
        raise


def refuse_if_strict(files: Sequence[ContactFile], options: ImportOptions) -> None:
    """Raise :class:`StrictImportRefused` where that was asked for and rows are bad."""
    rejected = sum(file.rejected for file in files)
    if options.strict and rejected:
        named = ", ".join(file.rejects_file for file in files if file.rejects_file)
        raise StrictImportRefused(rejected, named or None)


class RowLoad(Protocol):
    """Takes the rows of files, to write them at once or later."""

    def add(self, rows: Sequence[ContactRow], reader: ContactReader) -> list[RowProblem]:
        """Take the rows of a batch; return those that cannot be used."""


class Written(Protocol):
    """What became of the rows of one file, with problems that came up when they were written."""

    inserted: int
    updated: int
    unchanged: int

    @property
    def problems(self) -> Sequence[tuple[RowProblem, list[str]]]:
        """The rows that could not be used after all, each with the header it stands under."""


class FileReading(NamedTuple):
    """What was read of one file, apart from the rows that went on."""

    file: str
    read: int
    mapping: ColumnMap
    samples: dict[str, dict[str, None]]
    unmapped: tuple[str, ...]
    fields: frozenset[str]
    problems: list[tuple[RowProblem, list[str]]]


class ContactFiles:
    """Reads files of contacts one after the other and hands their rows on.

    ``loading`` returns what takes them; ``vocabulary`` is what columns may be.
    """

    def __init__(
        self,
        settings: Settings,
        options: ImportOptions,
        speak: Speaker,
        *,
        loading: Callable[[], RowLoad],
        vocabulary: Vocabulary = CONTACTS,
    ) -> None:
        self._options = options
        self._speak = speak
        self._phones = Phones(settings.phone.region)
        self._loading = loading
        self._vocabulary = vocabulary
        self._scores = {
            field_name(name): kind
            for name, kind in settings.contact_scores.items()
            if field_name(name) in vocabulary.scores
        }

    def read(self, path: str) -> FileReading:
        """Read one file and hand its rows on."""
        form = self._options.form
        table = open_table(
            path,
            delimiter=form.delimiter,
            encoding=form.encoding,
            header=form.header,
            columns=form.columns,
            sheet=form.sheet,
        )
        try:
            for notice in table.notices:
                self._speak.notice(notice)
            return self._table(table)
        finally:
            table.close()

    def complete(
        self, reading: FileReading, done: Written, written: list[RejectsFile]
    ) -> ContactFile:
        """Return the figures of a file; its bad rows are complete on disk when this returns."""
        with_rejects = sum(each.count > 0 for each in written)
        given = numbered(self._options.rejects, with_rejects)
        rejected = RejectsFile(reading.file, given=given, dry=self._options.dry_run)
        written.append(rejected)
        problems = [*reading.problems, *done.problems]
        for bad, header in sorted(problems, key=lambda each: each[0].line):
            rejected.write(bad, header)
        path = rejected.close()
        return ContactFile(
            reading.file,
            reading.read,
            done.inserted,
            done.updated,
            done.unchanged,
            rejected.count,
            None if path is None else str(path),
            reading.unmapped,
            described(reading.mapping, reading.samples),
            rejected.commonest(),
            reading.fields,
        )

    def _table(self, table: Table) -> FileReading:
        readers: dict[tuple[str, ...], ContactReader] = {}
        reader = self._reader(table.header, readers)
        load = self._loading()
        samples: dict[str, dict[str, None]] = {name: {} for name in table.header}
        bad: list[tuple[RowProblem, list[str]]] = []
        read = 0
        for batch in table.batches(_ROWS) if table.kind != "empty" else ():
            reader = self._reader(batch.header, readers)
            rows, problems = reader.read(batch)
            problems += load.add(rows, reader)
            bad += [(problem, batch.header) for problem in problems]
            read += len(batch.lines) + len(batch.problems)
            collect_samples(samples, batch.header, batch.columns)
            if self._speak.reading is not None:
                self._speak.reading(read, *table.progress())
        self._say_rivals(table.name, reader.mapping)
        return FileReading(
            table.name,
            read,
            reader.mapping,
            samples,
            tuple(dict.fromkeys(name for each in readers.values() for name in each.kept)),
            frozenset(field for each in readers.values() for field in each.mapping.fields),
            bad,
        )

    def _reader(
        self, header: Sequence[str], readers: dict[tuple[str, ...], ContactReader]
    ) -> ContactReader:
        key = tuple(header)
        if key not in readers:  # the header of JSON grows as new keys turn up
            form = self._options.form
            mapping = resolve(header, _PROFILE, form.wishes, frozenset(), self._vocabulary)
            readers[key] = ContactReader(mapping, self._phones, form.missing, self._scores)
        return readers[key]

    def _say_rivals(self, file: str, mapping: ColumnMap) -> None:
        for field, names in mapping.rivals.items():
            taken = mapping.header[mapping.fields[field][0]]
            shown = ", ".join(f'"{name}"' for name in names)
            self._speak.notice(
                f'{file}: "{taken}" was taken for {field}, though {shown} could be it as well;'
                f" --map {field}=COLUMN says which."
            )
