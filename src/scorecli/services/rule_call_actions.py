"""Actions of rules on calls: tags, stars, conversion, result; as scoring by hand does them."""

from __future__ import annotations

from typing import Any

from scorecli.domain.days import local_day
from scorecli.domain.money import parse_typed_amount
from scorecli.domain.rules import Action, Rule
from scorecli.domain.scoring import KEEP, ScoreEdit, ScoreState
from scorecli.domain.zones import resolve_zone
from scorecli.services.scoring import ResolvedEdit, ScoreRun
from scorecli.settings import Settings
from scorecli.storage.changes import Change
from scorecli.storage.database import Database

_MOST_KEPT = 1000  # states of calls that are remembered
_LAST_WRITER = (
    'SELECT e.written_by, e."after" FROM change_entry AS e'
    " JOIN change AS ch ON ch.id = e.change_id"
    " WHERE e.entity = 'call' AND e.entity_id = :call AND e.field = :field AND e.item = :item"
    " AND ch.undoes IS NULL AND ch.undone_by IS NULL ORDER BY e.id DESC LIMIT 1"
)


class CallActions:
    """Scores calls on behalf of rules."""

    def __init__(self, db: Database, change: Change, settings: Settings, now: int) -> None:
        self._db = db
        self._change = change
        self._settings = settings
        self._zone = resolve_zone(settings.display.time_zone)
        self._today = local_day(now, self._zone).isoformat()
        self._begin()

    def _begin(self) -> None:
        self._run = ScoreRun(self._db, self._change, self._settings, self._today)
        self._resolved: dict[tuple[str, Any, Any], ResolvedEdit] = {}
        self._states: dict[int, ScoreState] = {}

    def act(self, rule: Rule, action: Action, call: int) -> str | None:
        """Do one action; return why it was refused, None where it was done or is so already.

        Raises what refuses a score.
        """
        resolved = self._resolve(action)
        before = self._state(call)
        if before is None:
            return "the call is gone"
        edit = resolved.edit
        if edit.converted and not before.converted and before.converted_on is None:
            day = self._day(rule, call)
            resolved = resolved._replace(edit=edit._replace(converted_on=day))
        after, by = self._run.planned(call, before, resolved)
        protected = self._protected(call, before, after)
        if protected is None:
            self._run.writer.write(call, before, after, by)
            self._states[call] = after
        return protected

    def flush(self) -> None:
        """Write what is still in memory."""
        self._run.writer.flush()

    def finish(self) -> None:
        """Write everything, and begin anew: between levels others may write to the calls."""
        self._run.finish()
        self._begin()

    def _state(self, call: int) -> ScoreState | None:
        if call not in self._states:
            if len(self._states) >= _MOST_KEPT:
                self.flush()
                self._states.clear()
            self._states.update(self._run.writer.states([call]))
        return self._states.get(call)

    def _resolve(self, action: Action) -> ResolvedEdit:
        key = (action.kind, action.value, action.options.get("amount"))
        if key not in self._resolved:
            self._resolved[key] = self._run.resolve(self._edit(action))
        return self._resolved[key]

    def _edit(self, action: Action) -> ScoreEdit:
        if action.kind == "tag":
            return ScoreEdit(tags=(action.value,))
        if action.kind == "call_tag":
            return ScoreEdit(call_tags=(action.value,))
        if action.kind == "stars":
            return ScoreEdit(stars=action.value)
        if action.kind == "result":
            return ScoreEdit(result=action.value)
        amount = action.options.get("amount")
        currency = self._settings.converted_amount.currency
        minor = KEEP if amount is None else parse_typed_amount(str(amount), currency)
        return ScoreEdit(converted=True, amount=minor)

    def _day(self, rule: Rule, call: int) -> str:
        """Return the day of a conversion: the call's, where an import sets the rule off."""
        if rule.event == "call.imported":
            start = self._db.one("SELECT started_at FROM call WHERE id = :call", {"call": call})
            if start is not None:
                return local_day(start, self._zone).isoformat()
        return self._today

    def _protected(self, call: int, before: ScoreState, after: ScoreState) -> str | None:
        """Return why a person's word stands against an edit, None where it does not."""
        for field in ("stars", "converted", "amount", "converted_on", "result"):
            if getattr(before, field) != getattr(after, field) and self._by_person(call, field):
                return f"a person set {field.replace('_', ' ')}"
        for field in ("reporting_tags", "call_tags"):
            for tag in getattr(after, field) - getattr(before, field):
                if self._by_person(call, field, str(tag)):
                    return "a person took the tag off"
        return None

    def _by_person(self, call: int, field: str, item: str = "") -> bool:
        params = {"call": call, "field": field, "item": item}
        rows = self._db.rows(_LAST_WRITER, params)
        return bool(rows) and rows[0][0] == "person"
