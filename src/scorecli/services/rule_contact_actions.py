"""Actions of rules on leads, contacts and companies: activities, scores, owners."""

from __future__ import annotations

from typing import NamedTuple

from scorecli.domain.contact_scores import parse_wish, score_type
from scorecli.domain.rules import Action, Rule
from scorecli.errors.activities import ActivitiesWithoutPoints
from scorecli.services.activities import NewActivity, add_activity
from scorecli.services.contact_scoring import set_contact_score
from scorecli.services.contact_writer import ContactWriter
from scorecli.settings import Settings
from scorecli.storage.changes import Change
from scorecli.storage.contact_links import LINKED
from scorecli.storage.contact_rows import State, contact_states
from scorecli.storage.database import Database
from scorecli.storage.users import find_user

_OF_CALL = f"SELECT {LINKED}, NULL, c.started_at FROM call AS c WHERE c.id = :record"
_OF_ACTIVITY = "SELECT contact_id, company_id, at FROM activity WHERE id = :record"
_LAST_OWNER = (
    "SELECT e.written_by FROM change_entry AS e JOIN change AS ch ON ch.id = e.change_id"
    " WHERE e.entity = 'contact' AND e.entity_id = :contact AND e.field = 'owner_id'"
    " AND ch.undoes IS NULL AND ch.undone_by IS NULL ORDER BY e.id DESC LIMIT 1"
)
_ORIGIN = "SELECT origin FROM change WHERE id = :change"


class Whom(NamedTuple):
    """Whom an action is about, a contact or a company, and when it happened (UTC seconds)."""

    contact: int | None
    company: int | None
    at: int | None


class ContactActions:
    """Scores contacts, adds activities and sets owners on behalf of rules."""

    def __init__(self, db: Database, change: Change, settings: Settings, now: int) -> None:
        self._db = db
        self._change = change
        self._settings = settings
        self._now = now
        self.contact: int | None = None  # the one that the latest action was about

    def act(self, rule: Rule, action: Action, record: int) -> str | None:
        """Do one action; return why it was refused, None where it was done or is so already.

        Raises what refuses a score, an activity or a user.
        """
        whom = self._whom(rule.subject, record)
        self.contact = whom.contact
        if action.kind == "activity" and (whom.contact or whom.company):
            self._add_activity(rule, action, whom)
            return None
        if whom.contact is None:
            return "no contact" if whom.company is None else "a company has none"
        if action.kind == "contact_score":
            kind = score_type(self._settings, action.options.get("type", "score"))
            wish = parse_wish(str(action.value))
            reason = f"rule {rule.name}"
            set_contact_score(self._db, self._change, kind, whom.contact, wish, reason=reason)
            return None
        return self._set_owner(action, whom.contact)

    def _whom(self, subject: str, record: int) -> Whom:
        if subject == "contacts":
            return Whom(record, None, None)
        sql = _OF_CALL if subject == "calls" else _OF_ACTIVITY
        rows = self._db.rows(sql, {"record": record})
        return Whom(*rows[0]) if rows else Whom(None, None, None)

    def _add_activity(self, rule: Rule, action: Action, whom: Whom) -> None:
        points = action.options.get("points")
        if points is not None and not self._settings.activities.scoring:
            raise ActivitiesWithoutPoints
        new = NewActivity(
            action.value,
            self._now if whom.at is None else whom.at,
            whom.contact,
            whom.company,
            points,
            action.options.get("subject"),
            rule=rule.name,
        )
        add_activity(self._db, self._change, self._settings, new)

    def _set_owner(self, action: Action, contact: int) -> str | None:
        user = find_user(self._db, action.value)
        before = contact_states(self._db, [contact])[contact]
        if before["owner_id"] == user.id:
            return None
        if self._owner_given_by(contact, before) == "person":
            return "a person set the owner"
        ContactWriter(self._db, self._change).edit(contact, before, {"owner_id": user.id})
        return None

    def _owner_given_by(self, contact: int, state: State) -> str | None:
        last: str | None = self._db.one(_LAST_OWNER, {"contact": contact})
        if last is None and state["owner_id"] is not None:  # the contact came with its owner
            return str(self._db.one(_ORIGIN, {"change": state["added_in"]}))
        return last
