"""Rules at work: what a change wrote sets them off, what they write sets off others.

The engine is called with every change before it is committed. It goes level by level: the rules
that the command's own entries set off, then those that the entries of these set off, and so on.
Within a level records come by number, and the rules of one record in the order of the settings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scorecli.domain.filter_tree import Check, Node, Not
from scorecli.domain.filter_values import FilterContext
from scorecli.domain.filters import parse_text
from scorecli.domain.rules import DEEPEST
from scorecli.domain.whole_filter import Filter
from scorecli.errors.rules import RuleLoop
from scorecli.services.rule_actions import CHANGES, ActionWriter
from scorecli.settings import Settings
from scorecli.storage.batches import batches_of
from scorecli.storage.changes import Change
from scorecli.storage.database import Database
from scorecli.storage.rule_matches import (
    ENTITIES,
    Match,
    Waiting,
    Written,
    holds,
    matches_anywhere,
    matches_in_entries,
    matches_in_range,
)

_SEVERAL = -1
WrittenTo = tuple[str, int]  # the entity and the number of a record
_SUBJECTS = {entity: subject for subject, entity in ENTITIES.items()}


class RuleTally(NamedTuple):
    """How often each rule fired, and how often all of its actions were refused.

    ``tried`` says that it was a dry run, of which nothing is kept.
    """

    fired: Counter[str]
    skipped: Counter[str]
    tried: bool = False


class RuleEngine:
    """Fires the rules of the settings; one engine serves one command.

    ``context`` is what the text of conditions depends on, ``now`` UTC seconds. ``tally`` counts
    what came of the latest change.
    """

    def __init__(self, settings: Settings, context: FilterContext, now: int) -> None:
        self._settings = settings
        self._now = now
        self._waiting = [
            Waiting(rule, parse_text(rule.when, rule.subject, context)) for rule in settings.rules
        ]
        self._fields = [_fields_of(waiting.when) for waiting in self._waiting]
        self._change: int | None = None
        self._done = 0  # the last entry that rules have seen
        self._brought = False  # whether they have seen what the change brought along
        self._deeper: set[str] = set()  # what fired below the first level
        # Which rule, by its place, wrote to a record at the level before; _SEVERAL for several.
        self._wrote: dict[WrittenTo, int] = {}
        self.tally = RuleTally(Counter(), Counter())

    def __call__(self, db: Database, change: Change) -> None:
        """Fire what the change set off; raises :class:`RuleLoop`."""
        number = change.id
        if number != self._change:
            self._begin(change)
            self._change, self._done, self._brought = number, 0, False
        if db.one("SELECT undoes FROM change WHERE id = :number", {"number": number}) is not None:
            return  # an undo fires nothing
        actions = ActionWriter(db, change, self._settings, self._now)
        self._cascade(db, change, actions, self._first_level(db, number), 1)

    def run_over(self, db: Database, change: Change, names: Sequence[str]) -> None:
        """Apply some rules to what is already there, and then whatever that sets off.

        What they do may let others of them hold, so this goes on until none of them does.
        """
        self._begin(change)
        self._brought = True
        self._done = db.one("SELECT COALESCE(max(id), 0) FROM change_entry")
        places = [at for at, waiting in enumerate(self._waiting) if waiting.rule.name in names]
        actions = ActionWriter(db, change, self._settings, self._now)
        # Each round a further rule holds for a record, so that there are no more of them.
        for _ in range(len(places) + 1):
            for at in places:  # what could do nothing is met again in each round
                self.tally.skipped.pop(self._waiting[at].rule.name, None)
            matches = (
                (of_subject, match)
                for subject in ENTITIES
                if (of_subject := self._places(subject, places))
                for match in matches_anywhere(db, subject, self._rules(of_subject))
            )
            fired = self._level(db, change, actions, matches, 1, once=True)
            if change.number is not None:
                self._change = change.number
                self._cascade(db, change, actions, self._entries(db, change.number), 2)
            if not fired:
                break

    def lines(self) -> list[str]:
        """Return what to tell people of the latest change: nothing where no rule held."""
        found = []
        if self.tally.fired:
            what = "Rules that would fire" if self.tally.tried else "Rules fired"
            found.append(f"{what}: {self._listed(self.tally.fired)}.")
        if self.tally.skipped:
            where = "" if self.tally.tried else "; `scorecli rules log` says why"
            found.append(f"Rules that could do nothing: {self._listed(self.tally.skipped)}{where}.")
        return found

    def _begin(self, change: Change) -> None:
        self.tally = RuleTally(Counter(), Counter(), change.dry_run)
        self._deeper = set()
        self._wrote = {}

    def _cascade(
        self,
        db: Database,
        change: Change,
        actions: ActionWriter,
        matches: Iterator[tuple[list[int], Match]],
        level: int,
    ) -> None:
        while self._level(db, change, actions, matches, level):
            level += 1
            matches = self._entries(db, change.id)

    def _level(
        self,
        db: Database,
        change: Change,
        actions: ActionWriter,
        matches: Iterator[tuple[list[int], Match]],
        level: int,
        *,
        once: bool = False,
    ) -> bool:
        """Act on the matches of one level; return whether anything may follow from it.

        With ``once`` also rules that repeat hold only where they never fired.
        """
        fired: set[str] = set()
        before, self._wrote = self._wrote if level > 1 else {}, {}
        for places, match in matches:
            if before:
                # What a rule did itself to a record does not set it off once more.
                entity = ENTITIES[self._waiting[places[0]].rule.subject]
                wrote = before.get((entity, match.record), _SEVERAL)
                match = match.without(places.index(wrote) if wrote in places else _SEVERAL)
            if not match.held:
                continue
            if level > DEEPEST:
                names = [self._waiting[places[at]].rule.name for at in match.held]
                raise RuleLoop(sorted({*self._deeper, *names}), DEEPEST)
            fired |= self._act(db, actions, places, match, once)
        actions.finish()
        change.flush()
        if level > 1:
            self._deeper |= fired
        return bool(fired)

    def _act(
        self, db: Database, actions: ActionWriter, places: list[int], match: Match, once: bool
    ) -> set[str]:
        """Do what the rules say that hold for one record, in their order."""
        fired: set[str] = set()
        touched: set[str] = set()
        for at, place in enumerate(places):
            waiting = self._waiting[place]
            held = at in match.held
            if at in match.happened and touched & self._fields[place]:
                actions.flush()  # an earlier rule changed what this one asks for
                held = holds(db, waiting, match.record, once=once)
            if not held:
                continue
            if actions.fire(waiting.rule, match.record):
                self.tally.fired[waiting.rule.name] += 1
                fired.add(waiting.rule.name)
                for action in waiting.rule.actions:
                    touched |= CHANGES[action.kind]
                for written_to in actions.written_to:
                    earlier = self._wrote.setdefault(written_to, place)
                    if earlier != place:
                        self._wrote[written_to] = _SEVERAL
            else:
                self.tally.skipped[waiting.rule.name] += 1
        return fired

    def _first_level(self, db: Database, number: int) -> Iterator[tuple[list[int], Match]]:
        if not self._brought:
            self._brought = True
            yield from self._brought_along(db, number)
        yield from self._entries(db, number)

    def _brought_along(self, db: Database, number: int) -> Iterator[tuple[list[int], Match]]:
        spans = db.rows(
            "SELECT 'call', first_call, last_call FROM change"
            " WHERE id = :number AND first_call IS NOT NULL",
            {"number": number},
        )
        for entity, first, last in [*spans, *batches_of(db, number)]:
            subject = _SUBJECTS.get(entity)
            places = self._places(subject, range(len(self._waiting))) if subject else []
            if subject and places:
                rules = self._rules(places)
                for match in matches_in_range(db, subject, rules, number, (first, last)):
                    yield places, match

    def _entries(self, db: Database, number: int) -> Iterator[tuple[list[int], Match]]:
        upto = db.one("SELECT COALESCE(max(id), 0) FROM change_entry")
        part = Written(number, self._done, upto)
        self._done = upto
        if part.after == upto:
            return
        for subject in ENTITIES:
            places = self._places(subject, range(len(self._waiting)))
            if places:
                rules = self._rules(places)
                for match in matches_in_entries(db, subject, rules, part):
                    yield places, match

    def _places(self, subject: str, places: Sequence[int]) -> list[int]:
        return [at for at in places if self._waiting[at].rule.subject == subject]

    def _rules(self, places: Sequence[int]) -> list[Waiting]:
        return [self._waiting[at] for at in places]

    def _listed(self, counts: Counter[str]) -> str:
        names = [waiting.rule.name for waiting in self._waiting]
        return ", ".join(
            name if counts[name] == 1 else f"{name} ({counts[name]:,} times)"
            for name in names
            if counts[name]
        )


def _fields_of(when: Filter) -> frozenset[str]:
    found: set[str] = set()

    def walk(node: Node) -> None:
        if isinstance(node, Check):
            found.add(node.field.name or "*")
        elif isinstance(node, Not):
            walk(node.part)
        else:
            for part in node.parts:
                walk(part)

    for term in when.terms:
        walk(term)
    return frozenset(found)
