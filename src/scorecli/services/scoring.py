"""Scoring calls: one or many, all in one change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scorecli import errors
from scorecli.domain.scoring import (
    KEEP,
    NOTHING_CAUSED,
    ResultEdit,
    ScoreEdit,
    ScoreState,
    TagEdit,
    apply_edit,
    check_edit,
    takes_back,
)
from scorecli.domain.tags import check_tag
from scorecli.domain.text import fold, nearest
from scorecli.errors import Refused
from scorecli.result import Score
from scorecli.services.record_states import keep_records
from scorecli.services.score_writer import ScoreWriter, score_cell, tag_names
from scorecli.settings import Settings
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.lookups import Tags
from scorecli.storage.many_rows import chunks
from scorecli.storage.results import KnownResult, Results

if TYPE_CHECKING:
    from scorecli.services.result_campaigns import DefinedCampaigns

SHOWN = 1000
"""The most calls whose cells are kept for showing."""


class ScoredCall(NamedTuple):
    """One call's Score cell before and after."""

    call: int
    before: Score
    after: Score


class ScoringOutcome(NamedTuple):
    """What a scoring command did.

    ``calls`` holds the first ``SHOWN`` calls, changed or not; ``failures`` those that could not be
    scored, with the reason (only with ``keep_going``); ``orphans`` calls that are no longer
    converted but keep an amount, as ``(call, minor units, currency)``; ``change`` the number in
    the history.
    """

    changed: int
    unchanged: int
    calls: list[ScoredCall]
    failures: list[tuple[int, Refused]]
    orphans: list[tuple[int, int, str]]
    change: int | None


class ScoreRun:
    """One scoring run inside a change: resolves edits once and applies them to many calls."""

    def __init__(self, db: Database, change: Change, settings: Settings, today: str) -> None:
        self._db = db
        self._settings = settings
        self._today = today
        self._success_converts = (
            settings.results.success_marks_converted and settings.conversion.enabled
        )
        # Where no call can be given an amount, none is required.
        self._has_amounts = settings.conversion.enabled and settings.converted_amount.enabled
        self._tags = Tags(db)
        self._results = Results(db)
        self._campaigns: DefinedCampaigns | None = None
        self._allowed = {fold(tag) for tag in settings.reporting_tags.allowed}
        self.writer = ScoreWriter(db, change, self._results)

    def resolve(self, edit: ScoreEdit) -> ResolvedEdit:
        """Check an edit and turn its tags and its result into numbers.

        Raises what :func:`check_edit` raises, :class:`TagNotAllowed`, an invalid tag's error,
        :class:`UnknownResult` and :class:`ResultDisabled`.
        """
        check_edit(edit, self._settings)
        result = known = None
        if edit.result is None:
            result = ResultEdit(None)
        elif edit.result is not KEEP:
            known = self._results.usable(str(edit.result))
            marks = known.success and self._success_converts
            if marks and edit.remove:
                raise errors.scoring.ContradictingOptions(f"--result {known.code}", "--remove")
            result = ResultEdit(known.id, converts=marks)
        self._refuse_not_allowed(edit.tags)
        return ResolvedEdit(
            edit,
            self._tag_edit("reporting", edit.tags, edit.untags, edit.set_tags),
            self._tag_edit("call", edit.call_tags, edit.uncall_tags, edit.set_call_tags),
            result,
            known,
        )

    def apply(self, call: int, state: ScoreState, resolved: ResolvedEdit) -> ScoreState:
        """Return a call's score after the edit and write it; raises what refuses the edit."""
        after, by = self.planned(call, state, resolved)
        self.writer.write(call, state, after, by)
        return after

    def planned(
        self, call: int, state: ScoreState, resolved: ResolvedEdit
    ) -> tuple[ScoreState, dict[str, str]]:
        """Return a call's score after the edit, and which fields something else writes.

        Nothing is written. Raises what refuses the edit.
        """
        edit, tags, call_tags, result, given = resolved
        if given is not None and given.campaigns:
            self._refuse_elsewhere(given, call)
        caused = NOTHING_CAUSED
        if takes_back(state, edit, result):
            caused = self.writer.caused_by_result(call)
        try:
            after = apply_edit(
                state,
                edit,
                today=self._today,
                currency=self._settings.converted_amount.currency,
                tags=tags,
                call_tags=call_tags,
                result=result,
                caused=caused,
            )
        except errors.scoring.AmountWithoutConversion as error:
            conversion = self._settings.conversion
            off = None if conversion.enabled else conversion.field_name
            raise errors.scoring.AmountWithoutConversion(
                error.field, str(call), switched_off=off
            ) from None
        enough = after.amount is not None and after.amount[0] > 0
        if given is not None and given.require_amount and self._has_amounts and not enough:
            raise errors.results.ResultNeedsAmount(given.code, str(call))
        if isinstance(edit.recall_at, int):
            self._refuse_recall(after.result, call)
        if edit.set_tags is not KEEP:
            self._refuse_added(after.reporting_tags - state.reporting_tags)
        by = {}
        if (result is not None and result.converts and edit.converted is None) or caused:
            by = dict.fromkeys(("converted", "converted_on", "amount"), "result")
        return after, by

    def finish(self) -> None:
        """Write what is still in memory, and drop new tags that no call got in the end."""
        self.writer.flush()
        unused = self._tags.created - self.writer.written_tags
        self._db.executemany("DELETE FROM tag WHERE id = ?", [(number,) for number in unused])

    def _refuse_elsewhere(self, result: KnownResult, call: int) -> None:
        from scorecli.services.result_campaigns import DefinedCampaigns

        if self._campaigns is None:
            self._campaigns = DefinedCampaigns(self._db)
        name = self._db.one("SELECT campaign_id FROM call WHERE id = :call", {"call": call})
        refused = self._campaigns.refusal(result, name, str(call))
        if refused is not None:
            raise refused

    def _refuse_recall(self, result: int | None, call: int) -> None:
        known = self._results.get(result)
        if known is None or not known.recall:
            raise errors.results.RecallNotMeant(None if known is None else known.code, str(call))

    def _refuse_not_allowed(self, tags: Iterable[str]) -> None:
        limit = self._settings.reporting_tags
        for tag in map(check_tag, tags) if limit.limit else ():
            if fold(tag) not in self._allowed:
                near = nearest(tag, limit.allowed)
                raise errors.scoring.TagNotAllowed(tag, limit.field_name, near, len(limit.allowed))

    def _refuse_added(self, tags: frozenset[int]) -> None:
        # Replacing all tags of a call may keep what it has, also where the list lacks it by now.
        if tags and self._settings.reporting_tags.limit:
            self._refuse_not_allowed(tag_names(self._db, sorted(tags)).values())

    def _tag_edit(
        self, kind: str, add: Sequence[str], drop: Sequence[str], replace: Any
    ) -> TagEdit:
        replaces = replace is not KEEP
        wanted = [check_tag(tag) for tag in (*add, *(replace if replaces else ()))]
        dropped = {self._tags.find(kind, tag) for tag in drop} - {None}
        numbers = frozenset(self._tags.number(kind, self._spelling(kind, tag)) for tag in wanted)
        return TagEdit(numbers, frozenset(n for n in dropped if n is not None), replaces)

    def _spelling(self, kind: str, tag: str) -> str:
        # A new tag from the limited list is spelt as the list spells it.
        if kind == "reporting" and self._settings.reporting_tags.limit:
            for allowed in self._settings.reporting_tags.allowed:
                if fold(allowed) == fold(tag):
                    return allowed
        return tag


class ResolvedEdit(NamedTuple):
    """An edit that was checked against the settings and the database; ``given`` is its result."""

    edit: ScoreEdit
    tags: TagEdit
    call_tags: TagEdit
    result: ResultEdit | None
    given: KnownResult | None


def score_calls(
    db: Database,
    settings: Settings,
    calls: Sequence[int],
    edit: ScoreEdit,
    *,
    author: Author,
    today: str,
    dry_run: bool = False,
    keep_going: bool = False,
    inspect: Callable[[list[int]], None] | None = None,
) -> ScoringOutcome:
    """Apply one edit to the calls with these numbers, all of them or none, as one change.

    ``today`` is the ISO day in the settings' zone. With ``keep_going`` the calls that cannot be
    scored are left out and listed. ``inspect`` is called with the numbers of the calls inside the
    transaction, when all is written, so that a dry run can show what the real one would.
    """
    outcome = ScoringOutcome(0, 0, [], [], [], None)
    changed = unchanged = 0
    with db.change(*author, dry_run=dry_run) as change:
        run = ScoreRun(db, change, settings, today)
        resolved = run.resolve(edit)
        shown: list[tuple[int, ScoreState, ScoreState]] = []
        for part in chunks(dict.fromkeys(calls)):
            states = run.writer.states(part)
            for call in part:
                before = states.get(call)
                try:
                    if before is None:
                        raise errors.calls.UnknownCall(str(call))
                    after = run.apply(call, before, resolved)
                except Refused as error:
                    if not keep_going:
                        raise
                    outcome.failures.append((call, error))
                    continue
                if before == after:
                    unchanged += 1
                else:
                    changed += 1
                if len(shown) < SHOWN:
                    shown.append((call, before, after))
                if before.converted and not after.converted and after.amount:
                    outcome.orphans.append((call, *after.amount))
        run.finish()
        keep_records(db, change)
        db.settle(change)
        if db.on_written is not None:  # rules may have gone on scoring
            shown = _as_they_are(run, shown)
        outcome.calls.extend(_cells(db, shown, settings))
        if inspect is not None:
            failed = {call for call, _ in outcome.failures}
            inspect([call for call in dict.fromkeys(calls) if call not in failed])
    number = None if dry_run else change.number
    return outcome._replace(changed=changed, unchanged=unchanged, change=number)


def _as_they_are(
    run: ScoreRun, shown: Sequence[tuple[int, ScoreState, ScoreState]]
) -> list[tuple[int, ScoreState, ScoreState]]:
    now: dict[int, ScoreState] = {}
    for part in chunks([call for call, *_ in shown]):
        now.update(run.writer.states(part))
    return [(call, before, now[call]) for call, before, _ in shown]


def _cells(
    db: Database, shown: list[tuple[int, ScoreState, ScoreState]], settings: Settings
) -> list[ScoredCall]:
    tags = {tag for _, *states in shown for state in states for tag in state.reporting_tags}
    names = tag_names(db, sorted(tags))
    return [
        ScoredCall(call, score_cell(before, names, settings), score_cell(after, names, settings))
        for call, before, after in shown
    ]
