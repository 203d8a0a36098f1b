"""Scoring contacts in bulk from a file: one change, bad rows in a rejects file."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from scorecli.domain.contact_scores import ScoreWish, apply_wish, stored
from scorecli.errors import Refused, ScorecliError
from scorecli.readers.contact_score_rows import ContactScoreRow, ContactScoreRows
from scorecli.readers.rejects import RejectsFile
from scorecli.readers.rows import Batch, RowProblem
from scorecli.readers.score_rows import reason_of
from scorecli.readers.table import open_table
from scorecli.services.contact_scoring import set_contact_score
from scorecli.settings import ScoreTypeSettings, Settings
from scorecli.storage.changes import Author, Change
from scorecli.storage.contact_lookup import find_contacts
from scorecli.storage.contact_scores import given_score, read_score
from scorecli.storage.database import Database


class ContactScoreFileSummary(NamedTuple):
    """What became of the rows; ``read`` is the sum of the three that follow it."""

    read: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: str | None
    change: int | None


def score_contacts_from_file(
    open_database: Callable[[], Database],
    settings: Settings,
    path: str,
    *,
    rejects: str | None,
    reason: str | None,
    author: Author,
    dry_run: bool,
    notice: Callable[[str], None],
) -> ContactScoreFileSummary:
    """Score the contacts that a file names, all good rows as one change.

    ``reason`` is why, where a row does not say it. Raises what refuses the file as a whole.
    """
    table = open_table(path)
    rejected = RejectsFile(table.name, given=rejects, dry=dry_run)
    try:
        for text in table.notices:
            notice(text)
        with open_database() as db, db.change(*author, dry_run=dry_run) as change:
            run = _FileRun(db, change, settings, rejected, reason)
            reader: ContactScoreRows | None = None
            header: list[str] = []
            for batch in table.batches() if table.kind != "empty" else ():
                if reader is None or header != batch.header:  # JSON may grow its header
                    reader, header = ContactScoreRows(batch.header, settings), batch.header
                    if reader.ignored:
                        notice(f"Ignored columns: {', '.join(reader.ignored)}.")
                run.add(batch, reader)
            written = rejected.close()  # complete on disk before the change is committed
        return ContactScoreFileSummary(
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


class _FileRun:
    """Applies the rows of one table inside a change."""

    def __init__(
        self,
        db: Database,
        change: Change,
        settings: Settings,
        rejects: RejectsFile,
        reason: str | None,
    ) -> None:
        self._db = db
        self._change = change
        self._region = settings.phone.region
        self._rejects = rejects
        self._reason = reason
        # What the file set so far, with the line: by contact and score type.
        self._said: dict[tuple[int, str], tuple[ScoreWish, int]] = {}
        self.read = self.updated = self.unchanged = 0

    def add(self, batch: Batch, reader: ContactScoreRows) -> None:
        """Score the contacts of a batch; its problems go to the rejects file."""
        rows = [reader.read(cells) for cells in batch.rows]
        self.read += len(rows) + len(batch.problems)
        found = find_contacts(
            self._db, [row.contact for row in rows if not row.error], self._region
        )
        problems = list(batch.problems)
        for line, cells, row in zip(batch.lines, batch.rows, rows, strict=True):
            if row.error:
                problems.append(RowProblem(line, row.field, row.error, cells))
                continue
            contact = found[row.contact]
            if isinstance(contact, Refused):
                problems.append(RowProblem(line, reader.naming, reason_of(contact), cells))
                continue
            problem = self._score(contact, row, line)
            if problem is not None:
                problems.append(RowProblem(line, *problem, cells))
        for bad in sorted(problems, key=lambda each: each.line):
            self._rejects.write(bad, batch.header)

    def _score(self, contact: int, row: ContactScoreRow, line: int) -> tuple[str, str] | None:
        """Set what a row says, all of it or nothing; return the column at fault, and why.

        Where two rows give one contact different values, the first counts: with both, the same
        file once more would change the score to the one and back.
        """
        for kind, column, wish in row.wishes:
            try:
                apply_wish(wish, None, kind)  # values of a file do not depend on what is there
            except ScorecliError as error:
                return column, reason_of(error)
            said, where = self._said.get((contact, kind.name), (wish, line))
            if said != wish:
                return column, f"line {where} gives contact {contact} another value"
        for kind, _, wish in row.wishes:
            self._said.setdefault((contact, kind.name), (wish, line))
        changed = False
        reason = row.reason or self._reason
        for kind, _, wish in row.wishes:
            if self._left_to_rules(contact, kind, wish):
                continue
            done = set_contact_score(self._db, self._change, kind, contact, wish, reason=reason)
            changed |= done.before != done.after
        if changed:
            self.updated += 1
        else:
            self.unchanged += 1
        return None

    def _left_to_rules(self, contact: int, kind: ScoreTypeSettings, wish: ScoreWish) -> bool:
        """Tell whether a value was given before and rules made another one of it since.

        It stays theirs until the file says something new.
        """
        value = apply_wish(wish, None, kind)
        given = None if value is None else stored(value)
        held = read_score(self._db, contact, kind.name)
        return held not in (None, given) and given_score(self._db, contact, kind.name) == given
