"""Scoring in bulk from a file: one change, bad rows in a rejects file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from scorecli.domain.scoring import ScoreEdit, ScoreState
from scorecli.errors import Refused, ScorecliError
from scorecli.readers.rejects import RejectsFile
from scorecli.readers.rows import Batch, RowProblem
from scorecli.readers.score_rows import ScoreRow, ScoreRows, refused_by_settings
from scorecli.readers.table import Table, open_table
from scorecli.services.score_writer import chunks
from scorecli.services.scoring import ResolvedEdit, ScoreRun
from scorecli.settings import Settings
from scorecli.storage.call_lookup import find_calls
from scorecli.storage.database import Database


class ScoreFileSummary(NamedTuple):
    """What became of the rows; ``read`` is the sum of the three that follow it."""

    read: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: str | None
    change: int | None


class _FileRun:
    """Applies the rows of one table inside a change."""

    def __init__(self, db: Database, run: ScoreRun, rejects: RejectsFile) -> None:
        self._db = db
        self._run = run
        self._rejects = rejects
        self._resolved: dict[ScoreEdit, ResolvedEdit] = {}
        self.updated = 0
        self.unchanged = 0
        self.read = 0

    def add(self, batch: Batch, rows: list[ScoreRow]) -> None:
        """Score the calls of a batch; its problems go to the rejects file."""
        self.read += len(rows) + len(batch.problems)
        calls = find_calls(self._db, [row.call for row in rows if row.edit is not None])
        numbers = dict.fromkeys(call for call in calls.values() if isinstance(call, int))
        states: dict[int, ScoreState] = {}
        for part in chunks(numbers):
            states.update(self._run.writer.states(part))
        problems = list(batch.problems)
        for line, cells, row in zip(batch.lines, batch.rows, rows, strict=True):
            problem = self._apply(row, calls, states)
            if problem is not None:
                problems.append(RowProblem(line, problem[0], problem[1], cells))
        for bad in sorted(problems, key=lambda each: each.line):
            self._rejects.write(bad, batch.header)
        self._run.writer.flush()

    def _apply(
        self, row: ScoreRow, calls: dict[str, int | Refused], states: dict[int, ScoreState]
    ) -> tuple[str, str] | None:
        """Score one call; return the field and the reason where it cannot be."""
        if row.edit is None:
            return row.field, row.error
        call = calls[row.call]
        if isinstance(call, Refused):
            return "call", call.message
        try:
            resolved = self._resolved.get(row.edit)
            if resolved is None:
                resolved = self._resolved[row.edit] = self._run.resolve(row.edit)
            before = states[call]
            after = self._run.apply(call, before, resolved)
        except ScorecliError as error:
            if refused_by_settings(error):
                raise
            return "", f"{error.message} {error.hint}" if error.hint else error.message
        states[call] = after
        if before == after:
            self.unchanged += 1
        else:
            self.updated += 1
        return None


def score_file(
    open_database: Callable[[], Database],
    settings: Settings,
    path: str,
    *,
    rejects: str | None,
    command: str,
    who: str,
    today: date,
    dry_run: bool,
    notice: Callable[[str], None],
) -> ScoreFileSummary:
    """Score the calls that a file names, all good rows as one change.

    Raises what refuses the file as a whole; then nothing is written.
    """
    table = open_table(path)
    rejected = RejectsFile(table.name, given=rejects, dry=dry_run)
    try:
        for text in table.notices:
            notice(text)
        with (
            open_database() as db,
            db.change(command, who, dry_run=dry_run) as change,
        ):
            run = _FileRun(db, ScoreRun(db, change, settings, today.isoformat()), rejected)
            _read_rows(table, run, settings, today, notice)
            written = rejected.close()  # complete on disk before the change is committed
        return ScoreFileSummary(
            read=run.read,
            updated=run.updated,
            unchanged=run.unchanged,
            rejected=rejected.count,
            rejects_file=None if written is None else str(written),
            change=None if dry_run else change.number,
        )
    except BaseException:
        rejected.discard()
        raise
    finally:
        table.close()


def _read_rows(
    table: Table,
    run: _FileRun,
    settings: Settings,
    today: date,
    notice: Callable[[str], None],
) -> None:
    if table.kind == "empty":
        return
    readers: dict[tuple[str, ...], ScoreRows] = {}
    readers[tuple(table.header)] = first = ScoreRows(table.header, settings, today)
    if first.ignored:
        notice(f"Ignored columns: {', '.join(first.ignored)}.")
    for batch in table.batches():
        header = tuple(batch.header)
        if header not in readers:
            readers[header] = ScoreRows(batch.header, settings, today)
        reader = readers[header]
        run.add(batch, [reader.read(cells) for cells in batch.rows])
