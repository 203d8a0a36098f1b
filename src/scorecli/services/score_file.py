"""Scoring in bulk from a file: one change, bad rows in a rejects file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from scorecli.domain.days import local_day
from scorecli.domain.scoring import KEEP, ScoreEdit, ScoreState
from scorecli.domain.zones import resolve_zone
from scorecli.errors import Refused, ScorecliError
from scorecli.errors.calls import AmbiguousCall, UnknownCall
from scorecli.errors.results import (
    RecallNotMeant,
    ResultDisabled,
    ResultNeedsAmount,
    ResultNotOfCampaign,
    UnknownResult,
)
from scorecli.errors.scoring import CallsDiffer, TagNotAllowed
from scorecli.readers.rejects import RejectsFile
from scorecli.readers.rows import Batch, RowProblem
from scorecli.readers.score_rows import ScoreRows, reason_of, refused_by_settings
from scorecli.readers.table import Table, open_table
from scorecli.services.record_states import keep_records
from scorecli.services.score_writer import external_ids
from scorecli.services.scoring import ResolvedEdit, ScoreRun
from scorecli.settings import Settings
from scorecli.storage.call_lookup import find_calls
from scorecli.storage.changes import Author
from scorecli.storage.database import Database
from scorecli.storage.many_rows import chunks


class ScoreFileSummary(NamedTuple):
    """What became of the rows; ``read`` is the sum of the three that follow it.

    ``orphan_amounts`` counts the calls that stopped being converted and keep an amount.
    """

    read: int
    updated: int
    unchanged: int
    rejected: int
    orphan_amounts: int
    rejects_file: str | None
    change: int | None


# What refuses a row after its cells were read, and the field that it is about.
_FIELD_OF: dict[type[ScorecliError], str] = {
    UnknownCall: "call",
    AmbiguousCall: "call",
    TagNotAllowed: "reporting_tags",
    UnknownResult: "result",
    ResultDisabled: "result",
    ResultNotOfCampaign: "result",
    ResultNeedsAmount: "amount",
    RecallNotMeant: "recall_at",
}
_MOST_EDITS = 20_000  # resolved edits that are remembered


class _FileRun:
    """Applies the rows of one table inside a change."""

    def __init__(self, db: Database, run: ScoreRun, rejects: RejectsFile, currency: str) -> None:
        self._currency = currency
        self._db = db
        self._run = run
        self._rejects = rejects
        self._resolved: dict[ScoreEdit, ResolvedEdit] = {}
        self._orphans: set[int] = set()
        self.updated = 0
        self.unchanged = 0
        self.read = 0

    @property
    def orphan_amounts(self) -> int:
        """How many calls were converted before and keep an amount without being so now."""
        return len(self._orphans)

    def add(self, batch: Batch, reader: ScoreRows) -> None:
        """Score the calls of a batch; its problems go to the rejects file."""
        rows = [reader.read(cells) for cells in batch.rows]
        self.read += len(rows) + len(batch.problems)
        calls = find_calls(self._db, [row.call for row in rows if row.edit is not None])
        numbers = dict.fromkeys(call for call in calls.values() if isinstance(call, int))
        states: dict[int, ScoreState] = {}
        names: dict[int, str | None] = {}
        for part in chunks(numbers):
            states.update(self._run.writer.states(part))
            if any(row.external_id for row in rows):
                names.update(external_ids(self._db, part))
        problems = list(batch.problems)
        for line, cells, row in zip(batch.lines, batch.rows, rows, strict=True):
            if row.edit is None:
                problems.append(RowProblem(line, row.field, row.error, cells))
                continue
            call = calls[row.call]
            try:
                if isinstance(call, Refused):
                    raise call
                if row.external_id and row.external_id != names[call]:
                    raise CallsDiffer(call, names[call], row.external_id)
                self._score(call, row.edit, states)
            except ScorecliError as error:
                if refused_by_settings(error):
                    raise
                field = getattr(error, "field", _FIELD_OF.get(type(error), ""))
                problems.append(RowProblem(line, reader.column(field), reason_of(error), cells))
        for bad in sorted(problems, key=lambda each: each.line):
            self._rejects.write(bad, batch.header)
        self._run.writer.flush()

    def _without_kept(self, edit: ScoreEdit, state: ScoreState) -> ScoreEdit:
        # An export has the orphan amounts too; reading it again must leave them as they are.
        if not state.converted and not edit.converted:
            if _same_amount(edit, state, self._currency):
                edit = edit._replace(amount=KEEP)
            if edit.converted_on is not None and edit.converted_on == state.converted_on:
                edit = edit._replace(converted_on=KEEP)
        return edit

    def _score(self, call: int, edit: ScoreEdit, states: dict[int, ScoreState]) -> None:
        before = states[call]
        edit = self._without_kept(edit, before)
        resolved = self._resolved.get(edit)
        if resolved is None:
            resolved = self._run.resolve(edit)
            if len(self._resolved) < _MOST_EDITS and edit.note in (KEEP, None):
                self._resolved[edit] = resolved
        after = states[call] = self._run.apply(call, before, resolved)
        if before == after:
            self.unchanged += 1
        else:
            self.updated += 1
        if before.converted and not after.converted and after.amount:
            self._orphans.add(call)
        elif after.converted or not after.amount:
            self._orphans.discard(call)


def score_file(
    open_database: Callable[[], Database],
    settings: Settings,
    path: str,
    *,
    rejects: str | None,
    decimal: str | None = None,
    author: Author,
    now: int,
    dry_run: bool,
    notice: Callable[[str], None],
) -> ScoreFileSummary:
    """Score the calls that a file names, all good rows as one change.

    ``now`` is UTC seconds; ``decimal`` the sign before the decimals of amounts where that is in
    doubt. Raises what
    refuses the file as a whole; then nothing is written.
    """
    table = open_table(path)
    rejected = RejectsFile(table.name, given=rejects, dry=dry_run)
    try:
        for text in table.notices:
            notice(text)
        with (
            open_database() as db,
            db.change(*author, dry_run=dry_run) as change,
        ):
            today = local_day(now, resolve_zone(settings.display.time_zone)).isoformat()
            scoring = ScoreRun(db, change, settings, today)
            run = _FileRun(db, scoring, rejected, settings.converted_amount.currency)
            readers = _Readers(table, settings, now, decimal, notice)
            for batch in table.batches() if table.kind != "empty" else ():
                run.add(batch, readers.of(batch.header))
            scoring.finish()
            keep_records(db, change)
            written = rejected.close()  # complete on disk before the change is committed
        return ScoreFileSummary(
            read=run.read,
            updated=run.updated,
            unchanged=run.unchanged,
            rejected=rejected.count,
            orphan_amounts=run.orphan_amounts,
            rejects_file=None if written is None else str(written),
            change=None if dry_run else change.number,
        )
    except BaseException:
        rejected.discard()
        raise
    finally:
        table.close()


def _same_amount(edit: ScoreEdit, state: ScoreState, currency: str) -> bool:
    return isinstance(edit.amount, int) and state.amount == (edit.amount, currency)


class _Readers:
    """The reader of each header that a file has; only JSON has more than one."""

    def __init__(
        self,
        table: Table,
        settings: Settings,
        now: int,
        decimal: str | None,
        notice: Callable[[str], None],
    ) -> None:
        self._make = partial(
            ScoreRows, settings=settings, now=now, decimal=decimal, file=table.name
        )
        self._made: dict[tuple[str, ...], ScoreRows] = {}
        if table.kind != "empty":
            ignored = self.of(table.header).ignored
            if ignored:
                notice(f"Ignored columns: {', '.join(ignored)}.")

    def of(self, header: list[str]) -> ScoreRows:
        """Return the reader of the rows under a header."""
        key = tuple(header)
        if key not in self._made:
            self._made[key] = self._make(header)
        return self._made[key]
