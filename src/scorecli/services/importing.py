"""Importing call logs: any number of files, one change, all of it or nothing."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scorecli.domain.text import fold
from scorecli.domain.zones import resolve_zone
from scorecli.errors.database import NoDatabase
from scorecli.errors.importing import StrictImportRefused
from scorecli.readers.cell_values import ResultCodes
from scorecli.services.import_ahead import ReadAhead, ReadingFailed, Rewound, is_worth_it
from scorecli.services.import_pairing import PairingLoad
from scorecli.services.import_reading import FileForm, FileRead, FileReader, ReadingProgress
from scorecli.services.import_rows import ConversionDays, RowStorer
from scorecli.services.import_spool import Spool
from scorecli.services.import_summary import ImportSummary, summarised
from scorecli.services.import_updates import Rules
from scorecli.services.import_writing import (
    CallLoad,
    Counts,
    FreshLoad,
    Inserter,
    RepeatedCalls,
)
from scorecli.services.new_call_users import attribute_nothing, attribute_updated
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
    fresh: bool = False,
) -> ImportSummary:
    """Import call logs as one change.

    All files are read before the database is opened for writing, so the write lock is held only
    while rows are written; large ones going into a database that is ``fresh`` (has no calls yet)
    are read while they are written. ``results`` are the codes that may be given (see
    :func:`known_results`). Raises :class:`StrictImportRefused` and whatever refuses a file.
    """

    def read(spool: Spool, notice: Callable[[str], None], progress: Any) -> list[FileRead]:
        reader = FileReader(
            settings, options.form, results, spool, notice=notice, progress=progress
        )
        return _read(reader, spool, paths, options)

    def write(source: ReadFiles | ReadAhead) -> ImportSummary:
        with open_database() as db:
            # Every number that an import writes was looked up or added in the same transaction.
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute("PRAGMA cache_size = -16384")  # KiB; building indexes sorts in memory
            return _write(db, settings, source, options, command, who, speak.writing)

    # Strictness and new results are known only when all is read.
    if fresh and not (options.strict or options.form.define_results) and is_worth_it(paths):
        try:
            with ReadAhead(read, speak.notice, speak.reading) as ahead:
                ahead.begin()
                return _or_discard(write, ahead)
        except ReadingFailed:
            pass  # reading again here finds the reason, or does without the other process
    with ReadFiles() as files:
        files.reads = read(files.spool, speak.notice, speak.reading)
        return _or_discard(write, files)


class ReadFiles:
    """Files that were read, and the calls in them."""

    def __init__(self) -> None:
        self.spool = Spool()
        self.reads: list[FileRead] = []

    def __enter__(self) -> ReadFiles:
        return self

    def __exit__(self, *exception: object) -> None:
        self.spool.close()


def _or_discard(
    write: Callable[[ReadFiles | ReadAhead], ImportSummary], source: ReadFiles | ReadAhead
) -> ImportSummary:
    """Write, or remove the rejects files where nothing is imported."""
    try:
        return write(source)
    except Exception:
        # Not on an interrupt: it may come when all is committed, and then the files must stay.
        for read in source.reads:
            if read.rejects_file is not None:
                Path(read.rejects_file).unlink(missing_ok=True)
        raise


def _read(
    reader: FileReader, spool: Spool, paths: Sequence[str], options: ImportOptions
) -> list[FileRead]:
    reads: list[FileRead] = []
    try:
        for number, path in enumerate(paths):
            spool.file = number
            with_rejects = sum(read.rejected > 0 for read in reads)
            rejects = _numbered(options.rejects, with_rejects)
            reads.append(reader.read(path, rejects, dry=options.dry_run))
    except BaseException:
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


def is_fresh(path: str) -> bool:
    """Tell whether a database has no calls yet, or is not there yet."""
    try:
        with open_to_read(path) as db:
            return bool(db.one("SELECT NOT EXISTS (SELECT 1 FROM call)"))
    except NoDatabase:
        return True


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
    source: ReadFiles | ReadAhead,
    options: ImportOptions,
    command: str,
    who: str,
    progress: WritingProgress | None,
) -> ImportSummary:
    with db.change(command, who, origin="import", dry_run=options.dry_run) as change:
        empty = db.one("SELECT EXISTS (SELECT 1 FROM call)") == 0
        if isinstance(source, ReadAhead) and not empty:
            source.finish()  # somebody else imported in the meantime
        defined = _define_results(db, change, source.spool, options.form)
        results = Results(db)
        days = ConversionDays(resolve_zone(settings.display.time_zone))
        converts = settings.results.success_marks_converted and settings.conversion.enabled

        def storer() -> RowStorer:
            return RowStorer(db, results, days, success_converts=converts)

        loaded = _load_fresh(db, change, storer, source, progress) if empty else None
        if loaded is None:
            # A bigger cache than usual: pairing looks all over the indexes. In KiB.
            db.execute("PRAGMA cache_size = -65536")
            pairing = PairingLoad(db, change, storer(), results, options.rules)
            loaded = _load(pairing, source, progress), pairing.inserter
        counts, inserter = loaded
        reads = source.reads
        summary = summarised(reads, counts, defined)
        updated = attribute_nothing()
        if summary.updated:
            updated = attribute_updated(db, change, now=int(time.time()))
        summary = summary._replace(
            attributed=inserter.assigned + updated.assigned,
            unattributed=summary.inserted - inserter.assigned,
            without_user=inserter.with_agent - inserter.assigned,
        )
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


def _load_fresh(
    db: Database,
    change: Change,
    storer: Callable[[], RowStorer],
    source: ReadFiles | ReadAhead,
    progress: WritingProgress | None,
) -> tuple[list[Counts], Inserter] | None:
    """Load into a database without calls; None where the careful way must be taken."""
    if isinstance(source, ReadFiles) and not len(source.spool):
        return None
    _ = change.id  # enter the history before the savepoint, or rolling back would lose it
    while True:
        db.execute("SAVEPOINT fresh")
        fresh = FreshLoad(db, change, storer())
        try:
            if isinstance(source, ReadAhead) and not source.reads:
                counts = _load_ahead(fresh, source)
            else:
                counts = _load(fresh, source, progress)
        except Rewound:
            db.execute("ROLLBACK TO fresh")
            assert isinstance(source, ReadAhead)  # noqa: S101  # nothing else reads while we write
            source.finish()
        except RepeatedCalls:
            db.execute("ROLLBACK TO fresh")
            return None
        else:
            return counts, fresh.inserter
        finally:
            with contextlib.suppress(sqlite3.OperationalError):  # all was rolled back: a full disk
                db.execute("RELEASE fresh")


def _load_ahead(load: FreshLoad, source: ReadAhead) -> list[Counts]:
    counts: list[Counts] = []
    for number, columns, count in source.batches():
        while len(counts) <= number:
            load.begin(frozenset(), frozenset())
            counts.append(Counts())
        load.add(columns, count, counts[number])
    counts += [Counts() for _ in source.reads[len(counts) :]]
    load.finish()
    return counts


def _load(
    load: CallLoad, source: ReadFiles | ReadAhead, progress: WritingProgress | None
) -> list[Counts]:
    counts = []
    done, total = 0, len(source.spool)
    for file in source.reads:
        of_file = Counts()
        counts.append(of_file)
        load.begin(file.fields, file.extra)
        for columns, count in source.spool.batches(file.start, file.stop):
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
