"""Importing call logs: any number of files, one change, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scorecli.domain.text import fold
from scorecli.domain.zones import resolve_zone
from scorecli.errors import NoDatabase, StrictImportRefused
from scorecli.readers.cell_values import ResultCodes
from scorecli.services.import_pairing import PairingLoad
from scorecli.services.import_reading import FileForm, FileRead, FileReader, ReadingProgress
from scorecli.services.import_rows import ConversionDays, RowStorer
from scorecli.services.import_spool import Spool
from scorecli.services.import_updates import Rules
from scorecli.services.import_writing import CallLoad, Counts, FreshLoad, RepeatedCalls
from scorecli.settings import Settings
from scorecli.storage.changes import Change
from scorecli.storage.database import Database, open_to_read
from scorecli.storage.results import Results

WritingProgress = Callable[[int, int], None]


class ImportOptions(NamedTuple):
    """What an import should do. ``rejects`` names the file for bad rows; None chooses one."""

    form: FileForm = FileForm()
    rejects: str | None = None
    strict: bool = False
    rules: Rules = Rules()
    dry_run: bool = False


class Speaker(NamedTuple):
    """Where an import says what it finds and how far it is."""

    notice: Callable[[str], None]
    reading: ReadingProgress | None = None
    writing: WritingProgress | None = None


class FileSummary(NamedTuple):
    """The figures of one file; ``read`` is the sum of the four that follow it."""

    file: str
    profile: str
    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: str | None
    unmapped: tuple[str, ...]


class ImportSummary(NamedTuple):
    """The figures of an import; ``change`` is None where nothing was written."""

    files: tuple[FileSummary, ...]
    reads: tuple[FileRead, ...]
    read: int
    inserted: int
    updated: int
    unchanged: int
    rejected: int
    attributed: int
    unattributed: int
    scored: int
    orphan_amounts: int
    defined_results: tuple[str, ...]
    change: int | None

    def as_dict(self) -> dict[str, Any]:
        """Return the summary under the names that scripts rely on."""
        rejects = [file.rejects_file for file in self.files if file.rejects_file]
        unmapped = dict.fromkeys(name for file in self.files for name in file.unmapped)
        return {
            "read": self.read,
            "inserted": self.inserted,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "rejects_file": rejects[0] if len(rejects) == 1 else (rejects or None),
            "attributed": self.attributed,
            "unattributed": self.unattributed,
            "scored": self.scored,
            "orphan_amounts": self.orphan_amounts,
            "unmapped": list(unmapped),
            "defined_results": list(self.defined_results),
            "change": self.change,
            "files": [{**file._asdict(), "unmapped": list(file.unmapped)} for file in self.files],
        }


def import_files(
    open_database: Callable[[], Database],
    settings: Settings,
    paths: Sequence[str],
    options: ImportOptions,
    *,
    command: str,
    who: str,
    results: ResultCodes,
    speak: Speaker,
) -> ImportSummary:
    """Import call logs as one change.

    All files are read before the database is opened for writing, so the write lock is held only
    while rows are written. ``results`` are the codes that may be given (see :func:`known_results`).
    Raises :class:`StrictImportRefused` and whatever refuses a file as a whole.
    """
    spool = Spool()
    reader = FileReader(
        settings, options.form, results, spool, notice=speak.notice, progress=speak.reading
    )
    try:
        reads = _read(reader, paths, options)
        with open_database() as db:
            # A bigger cache than usual: pairing looks all over the indexes. In KiB.
            db.execute("PRAGMA cache_size = -65536")
            # Every number that an import writes was looked up or added in the same transaction.
            db.execute("PRAGMA foreign_keys = OFF")
            return _write(db, settings, spool, reads, options, command, who, speak.writing)
    except Exception as error:
        # An interrupt may come when all is committed, and then the files must stay.
        if not isinstance(error, StrictImportRefused):
            reader.discard_rejects()
        raise
    finally:
        spool.close()


def _read(reader: FileReader, paths: Sequence[str], options: ImportOptions) -> list[FileRead]:
    reads: list[FileRead] = []
    try:
        for path in paths:
            with_rejects = sum(read.rejected > 0 for read in reads)
            rejects = _numbered(options.rejects, with_rejects)
            reads.append(reader.read(path, rejects, dry=options.dry_run))
    except KeyboardInterrupt:
        reader.discard_rejects()
        raise
    rejected = sum(read.rejected for read in reads)
    if options.strict and rejected:
        written = ", ".join(read.rejects_file for read in reads if read.rejects_file)
        raise StrictImportRefused(rejected, written or None)
    return reads


def _numbered(rejects: str | None, files_before: int) -> str | None:
    """Return the rejects file of a further file with bad rows: ``bad.csv``, ``bad-2.csv``."""
    if rejects is None or not files_before:
        return rejects
    path = Path(rejects)
    return str(path.with_name(f"{path.stem}-{files_before + 1}{path.suffix}"))


def known_results(path: str) -> ResultCodes:
    """Return the result codes of a database that may be given; none where there is no database."""
    try:
        with open_to_read(path) as db:
            rows = db.rows("SELECT folded, code, require_amount FROM result WHERE enabled = 1")
    except NoDatabase:
        return ResultCodes()
    return ResultCodes(
        {folded: code for folded, code, _ in rows},
        frozenset(code for _, code, needs_amount in rows if needs_amount),
    )


def _write(
    db: Database,
    settings: Settings,
    spool: Spool,
    reads: Sequence[FileRead],
    options: ImportOptions,
    command: str,
    who: str,
    progress: WritingProgress | None,
) -> ImportSummary:
    with db.change(command, who, origin="import", dry_run=options.dry_run) as change:
        defined = _define_results(db, change, spool, options.form)
        results = Results(db)
        days = ConversionDays(resolve_zone(settings.display.time_zone))
        converts = settings.results.success_marks_converted and settings.conversion.enabled
        empty = db.one("SELECT EXISTS (SELECT 1 FROM call)") == 0
        counts: list[Counts] = []
        if empty and len(spool):
            _ = change.id  # enter the history before the savepoint, or rolling back would lose it
            db.execute("SAVEPOINT fresh")
            try:
                storer = RowStorer(db, results, days, success_converts=converts)
                fresh = FreshLoad(db, change, storer)
                counts = _load(fresh, spool, reads, progress)
                inserter = fresh.inserter
            except RepeatedCalls:
                db.execute("ROLLBACK TO fresh")
                counts = []
            db.execute("RELEASE fresh")
        if not counts:
            storer = RowStorer(db, results, days, success_converts=converts)
            pairing = PairingLoad(db, change, storer, results, options.rules)
            counts = _load(pairing, spool, reads, progress)
            inserter = pairing.inserter
        summary = _summary(reads, counts, defined)
        if inserter.next > inserter.first:
            db.execute(
                "UPDATE change SET first_call = :first, last_call = :last WHERE id = :id",
                {"first": inserter.first, "last": inserter.next - 1, "id": change.id},
            )
        if change.number is not None:
            figures = summary.as_dict()
            change.summary = {name: figures[name] for name in ("inserted", "updated", "rejected")}
            change.summary["files"] = [file.file for file in summary.files]
    number = None if options.dry_run else change.number
    return summary._replace(change=number)


def _load(
    load: CallLoad, spool: Spool, reads: Sequence[FileRead], progress: WritingProgress | None
) -> list[Counts]:
    counts = []
    done, total = 0, len(spool)
    for file in reads:
        of_file = Counts()
        counts.append(of_file)
        load.begin(file.fields, file.extra)
        for columns, count in spool.batches(file.start, file.stop):
            load.add(columns, count, of_file)
            done += count
            if progress is not None:
                progress(done, total)
        load.end(of_file)
    load.finish()
    return counts


def _define_results(db: Database, change: Change, spool: Spool, form: FileForm) -> tuple[str, ...]:
    if not form.define_results:
        return ()
    known = {folded for (folded,) in db.rows("SELECT folded FROM result")}
    new: dict[str, str] = {}
    for columns, _ in spool.batches():
        for code in dict.fromkeys(columns["result"]):  # in the order of the file
            if code is not None and fold(code) not in known:
                new.setdefault(fold(code), code)
    for folded, code in new.items():
        number = db.one(
            "INSERT INTO result (code, folded) VALUES (:code, :folded) RETURNING id",
            {"code": code, "folded": folded},
        )
        change.record("result", number, "row", None, {"code": code, "folded": folded})
    return tuple(new.values())


def _summary(
    reads: Sequence[FileRead], counts: Sequence[Counts], defined: tuple[str, ...]
) -> ImportSummary:
    files = tuple(
        FileSummary(
            file=read.name,
            profile=read.profile,
            read=read.read,
            inserted=count.inserted,
            updated=count.updated,
            unchanged=count.unchanged,
            rejected=read.rejected,
            rejects_file=read.rejects_file,
            unmapped=read.unmapped,
        )
        for read, count in zip(reads, counts, strict=True)
    )
    inserted = sum(file.inserted for file in files)
    return ImportSummary(
        files=files,
        reads=tuple(reads),
        read=sum(file.read for file in files),
        inserted=inserted,
        updated=sum(file.updated for file in files),
        unchanged=sum(file.unchanged for file in files),
        rejected=sum(file.rejected for file in files),
        attributed=0,
        unattributed=inserted,
        scored=sum(count.scored for count in counts),
        orphan_amounts=sum(count.orphan_amounts for count in counts),
        defined_results=defined,
        change=None,
    )
