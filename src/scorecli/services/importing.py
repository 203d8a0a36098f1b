"""Importing call logs: any number of files, one change, all of it or nothing."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorecli.errors.database import NoDatabase
from scorecli.errors.importing import StrictImportRefused
from scorecli.readers.cell_values import ResultCodes
from scorecli.readers.rejects import numbered
from scorecli.services.import_ahead import ReadAhead, ReadingFailed, is_worth_it
from scorecli.services.import_options import ImportOptions, Speaker
from scorecli.services.import_reading import FileRead, FileReader
from scorecli.services.import_spool import ReadFiles, Spool
from scorecli.settings import Settings
from scorecli.storage.built_aside import PlaceTaken
from scorecli.storage.changes import Author
from scorecli.storage.database import Database, open_to_read

if TYPE_CHECKING:
    from scorecli.services.import_summary import ImportSummary


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Leave out the search for objects that point at each other in circles.

    Rows never do, but there are so many that looking takes a thirtieth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@without_collecting()
def import_files(
    open_database: Callable[[], Database],
    settings: Settings,
    paths: Sequence[str],
    options: ImportOptions,
    *,
    author: Author,
    results: ResultCodes,
    speak: Speaker,
    fresh: bool = False,
    build_database: Callable[[], AbstractContextManager[Database]] | None = None,
) -> ImportSummary:
    """Import call logs as one change.

    All files are read before the database is opened for writing, so the write lock is held only
    while rows are written; large ones going into a database that is ``fresh`` (has no calls yet)
    are read while they are written. Where there is no database yet, ``build_database`` then makes
    one that takes its place when all is done. ``results`` are the codes that may be given (see
    :func:`known_results`). Raises :class:`StrictImportRefused` and whatever refuses a file.
    """

    def read(spool: Spool, notice: Callable[[str], None], progress: Any) -> list[FileRead]:
        reader = FileReader(
            settings, options.form, results, spool, notice=notice, progress=progress
        )
        return _read(reader, spool, paths, options)

    def write(
        source: ReadFiles | ReadAhead,
        database: Callable[[], AbstractContextManager[Database]] = open_database,
    ) -> ImportSummary:
        from scorecli.services.import_change import write_calls
        from scorecli.services.import_refusals import Refusals

        refusals = Refusals(options)
        try:
            with database() as db:
                # Every number that an import writes was looked up or added in the same transaction.
                db.execute("PRAGMA foreign_keys = OFF")
                db.execute("PRAGMA cache_size = -16384")  # KiB; building indexes sorts in memory
                return write_calls(db, settings, source, options, author, refusals, speak.writing)
        except StrictImportRefused:
            raise  # the rejects files say why
        except Exception:
            refusals.discard()  # as for those of reading, not on an interrupt
            raise

    # Strictness and new results are known only when all is read.
    if fresh and not (options.strict or options.form.define_results) and is_worth_it(paths):
        try:
            with ReadAhead(read, speak.notice, speak.reading) as ahead:
                # What writing needs loads while the reading begins.
                import scorecli.services.import_change  # noqa: F401

                ahead.begin()
                if build_database is not None:
                    with contextlib.suppress(PlaceTaken):
                        return _or_discard(write, ahead, build_database)
                return _or_discard(write, ahead)
        except ReadingFailed:
            pass  # reading again here finds the reason, or does without the other process
    with ReadFiles() as files:
        files.reads = read(files.spool, speak.notice, speak.reading)
        return _or_discard(write, files)


def _or_discard(
    write: Callable[..., ImportSummary], source: ReadFiles | ReadAhead, *database: Any
) -> ImportSummary:
    """Write, or remove the rejects files where nothing is imported."""
    try:
        return write(source, *database)
    except (PlaceTaken, StrictImportRefused):
        raise  # it will be written into the database that is there now; the files say why
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
            rejects = numbered(options.rejects, with_rejects)
            reads.append(reader.read(path, rejects, dry=options.dry_run))
    except BaseException:
        reader.discard_rejects()
        raise
    rejected = sum(read.rejected for read in reads)
    if options.strict and rejected:
        written = ", ".join(read.rejects_file for read in reads if read.rejects_file)
        raise StrictImportRefused(rejected, written or None)
    return reads


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
            rows = db.rows("SELECT folded, code, enabled, require_amount, recall FROM result")
            campaigns = dict(db.rows("SELECT folded, name FROM campaign"))
            limits = db.rows(
                "SELECT r.code, c.folded FROM result_campaign AS rc"
                " JOIN result AS r ON r.id = rc.result_id"
                " JOIN campaign AS c ON c.id = rc.campaign_id"
            )
    except NoDatabase:
        return ResultCodes()
    used_in: dict[str, set[str]] = {}
    for code, campaign in limits:
        used_in.setdefault(code, set()).add(campaign)
    return ResultCodes(
        {folded: code for folded, code, enabled, *_ in rows if enabled},
        frozenset(code for _, code, _, needs_amount, _ in rows if needs_amount),
        {folded: code for folded, code, enabled, *_ in rows if not enabled},
        {code: frozenset(names) for code, names in used_in.items()},
        campaigns,
        frozenset(code for _, code, _, _, recalls in rows if recalls),
    )
