"""What rules do: each action through the same function as by hand, refused for the same reasons.

An action that is refused is skipped and its reason kept; it never stops the command that set the
rule off. What a person wrote last is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scorecli.domain.rules import Action, Rule, action_text
from scorecli.errors import ScorecliError
from scorecli.services.record_states import keep_records
from scorecli.services.rule_call_actions import CallActions
from scorecli.services.rule_contact_actions import ContactActions
from scorecli.settings import Settings
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.rule_matches import ENTITIES

# What an action may change that the conditions of a later rule can ask for; * is a bare word.
CHANGES: Final[Mapping[str, frozenset[str]]] = {
    "tag": frozenset(("reporting_tags", "scored", "*")),
    "call_tag": frozenset(("call_tags", "*")),
    "stars": frozenset(("stars", "scored")),
    "converted": frozenset(("converted", "amount", "currency", "converted_on", "scored")),
    "result": frozenset(("result", "converted", "converted_on", "scored")),
    "activity": frozenset(("points",)),
    "contact_score": frozenset(("score",)),
    "owner": frozenset(("owner",)),
}


_ON_CONTACTS = frozenset(("activity", "contact_score", "owner"))


class ActionWriter:
    """Does the actions of rules inside a change, and keeps what fired."""

    def __init__(self, db: Database, change: Change, settings: Settings, now: int) -> None:
        self._db = db
        self._change = change
        self._calls = CallActions(db, change, settings, now)
        self._contacts = ContactActions(db, change, settings, now)
        self.written_to: set[tuple[str, int]] = set()  # by the latest rule: entities and numbers

    def fire(self, rule: Rule, record: int) -> bool:
        """Do the actions of a rule for a record; False where every one of them was refused."""
        done, parts = False, []
        self.written_to = {(ENTITIES[rule.subject], record)}
        writer, self._change.writer = self._change.writer, "rule"
        try:
            for action in rule.actions:
                refused = self._act(rule, action, record)
                done = done or refused is None
                text = action_text(action)
                parts.append(text if refused is None else f"{text}: skipped, {refused}")
        finally:
            self._change.writer = writer
        self._keep(rule, record, done, "; ".join(parts))
        return done

    def flush(self) -> None:
        """Write what is still in memory, so that conditions see it."""
        self._calls.flush()

    def finish(self) -> None:
        """End a level: write everything, and what follows from it."""
        self._calls.finish()
        self._change.flush()
        keep_records(self._db, self._change)

    def _act(self, rule: Rule, action: Action, record: int) -> str | None:
        """Do one action; return why it was refused, None where it was done or is so already."""
        writer = self._contacts if action.kind in _ON_CONTACTS else self._calls
        try:
            refused = writer.act(rule, action, record)
        except ScorecliError as error:
            return error.message
        if refused is None and writer is self._contacts and self._contacts.contact is not None:
            self.written_to.add(("contact", self._contacts.contact))
        return refused

    def _keep(self, rule: Rule, record: int, fired: bool, detail: str) -> None:
        params = {
            "rule": rule.name,
            "event": rule.event,
            "entity": ENTITIES[rule.subject],
            "record": record,
            "detail": detail,
        }
        if not fired and self._db.one(
            "SELECT 1 FROM rule_firing AS f JOIN change AS ch ON ch.id = f.change_id"
            " WHERE f.entity = :entity AND f.entity_id = :record AND fold(f.rule) = fold(:rule)"
            " AND f.event = :event AND f.fired = 0 AND f.detail = :detail"
            " AND ch.undone_by IS NULL",
            params,
        ):
            return  # refused before, for the same reason
        self._db.execute(
            "INSERT INTO rule_firing (rule, event, entity, entity_id, change_id, fired, detail)"
            " VALUES (:rule, :event, :entity, :record, :change, :fired, :detail)",
            {**params, "change": self._change.id, "fired": int(fired)},
        )
