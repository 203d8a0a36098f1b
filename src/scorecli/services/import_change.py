"""The second half of an import: what was read, or is being read, is written as one change."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable

from scorecli.domain.text import fold
from scorecli.domain.zones import resolve_zone
from scorecli.services.import_ahead import ReadAhead, Rewound
from scorecli.services.import_options import ImportOptions, WritingProgress
from scorecli.services.import_reading import FileForm
from scorecli.services.import_refusals import Refusals
from scorecli.services.import_rows import ConversionDays, RowStorer
from scorecli.services.import_spool import ReadFiles, Spool
from scorecli.services.import_summary import ImportSummary, summarised
from scorecli.services.import_writing import (
    CallLoad,
    Counts,
    FreshLoad,
    Inserter,
    NeedsPairing,
)
from scorecli.services.record_states import keep_records
from scorecli.settings import Settings
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.results import Results


def write_calls(
    db: Database,
    settings: Settings,
    source: ReadFiles | ReadAhead,
    options: ImportOptions,
    author: Author,
    refusals: Refusals,
    progress: WritingProgress | None,
) -> ImportSummary:
    """Write the calls of all files as one change, and return what became of them.

    ``refusals`` hold the rows that the calls they are about refuse. Raises
    :class:`StrictImportRefused`.
    """
    with db.change(*author, origin="import", dry_run=options.dry_run) as change:
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
            # What a first import does without stays unloaded.
            from scorecli.services.import_pairing import PairingLoad

            pairing = PairingLoad(db, change, storer(), results, options.updating, refusals)
            refusals.open(db, results, source.reads)
            loaded = _load(pairing, source, progress, refusals), pairing.inserter
        counts, inserter = loaded
        reads = refusals.end() if refusals.count else source.reads
        summary = summarised(reads, counts, defined)
        updated = 0
        if summary.updated:
            from scorecli.services.attribution import attribute_updated

            updated = attribute_updated(db, change, now=int(time.time())).assigned
        summary = summary._replace(
            attributed=inserter.assigned + updated,
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
        keep_records(db, change)
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
        except NeedsPairing:
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
    load: CallLoad,
    source: ReadFiles | ReadAhead,
    progress: WritingProgress | None,
    refusals: Refusals | None = None,
) -> list[Counts]:
    counts = []
    done, total = 0, len(source.spool)
    for file in source.reads:
        of_file = Counts()
        counts.append(of_file)
        load.begin(file.fields, file.extra)
        if refusals is not None:
            refusals.begin(file)
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
