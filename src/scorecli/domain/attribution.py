"""Which user an agent on a call is: exactly one, or nobody and why.

What the phone system says of an agent (a name, an extension, an e-mail address) meets the users who
were active at the time of the call. Nothing here depends on the order of users or of calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scorecli.domain.agent_names import email_key, extension_key, name_keys

NO_AGENT = "no agent on the call"
NO_USER = "no user of that name"
DISAGREE = "name and extension disagree"
AMBIGUOUS = "ambiguous: "
DECIDED = "unassigned by a person"
BY_PERSON = "person"


class Person(NamedTuple):
    """A user as attribution sees it; the period is UTC seconds, its end not included."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    email: str | None = None
    extension: str | None = None
    active_from: int | None = None
    active_until: int | None = None

    def is_active(self, when: int) -> bool:
        """Tell whether a moment lies in the user's period."""
        return (self.active_from is None or self.active_from <= when) and (
            self.active_until is None or when < self.active_until
        )


class Agent(NamedTuple):
    """What the phone system wrote on a call about who handled it."""

    name: str | None = None
    extension: str | None = None
    email: str | None = None


class Outcome(NamedTuple):
    """The user and what it was found by (``name``, ``alias``, ``extension``, ``email``).

    Without a user ``reason`` says why.
    """

    user: int | None = None
    by: str | None = None
    reason: str | None = None


class Span(NamedTuple):
    """The outcome for calls from ``start`` to before ``end``; None leaves a side open."""

    start: int | None
    end: int | None
    outcome: Outcome


class Resolution(NamedTuple):
    """The outcomes for one agent: by the time of the call, and for calls without a time."""

    spans: tuple[Span, ...]
    timeless: Outcome

    def at(self, when: int | None) -> Outcome:
        """Return the outcome for a call that started at ``when`` (UTC seconds)."""
        if when is None:
            return self.timeless
        for span in self.spans[:-1]:
            if span.end is not None and when < span.end:
                return span.outcome
        return self.spans[-1].outcome

    @property
    def always(self) -> Outcome | None:
        """The outcome where it is the same for every call, else None."""
        one = self.timeless
        return one if len(self.spans) == 1 and self.spans[0].outcome == one else None


class _Evidence(NamedTuple):
    """The users that each fact of an agent fits; a name with what made it fit."""

    names: Mapping[Person, str]
    extension: frozenset[Person]
    email: frozenset[Person]

    def active(self, when: int) -> _Evidence:
        return _Evidence(
            {person: by for person, by in self.names.items() if person.is_active(when)},
            frozenset(person for person in self.extension if person.is_active(when)),
            frozenset(person for person in self.email if person.is_active(when)),
        )


class Directory:
    """All users, found by what agents are known by. ``now`` decides for calls without a time."""

    def __init__(self, people: Iterable[Person], now: int) -> None:
        self._now = now
        self._names: dict[str, dict[Person, str]] = {}
        self._extensions: dict[str, set[Person]] = {}
        self._emails: dict[str, set[Person]] = {}
        self._people = tuple(people)
        for person in self._people:
            for alias in person.aliases:
                for key in name_keys(alias):
                    self._names.setdefault(key, {})[person] = "alias"
            for key in name_keys(person.name):
                self._names.setdefault(key, {})[person] = "name"
            if person.extension and (key := extension_key(person.extension)):
                self._extensions.setdefault(key, set()).add(person)
            if person.email and (key := email_key(person.email)):
                self._emails.setdefault(key, set()).add(person)

    def __len__(self) -> int:
        return len(self._people)

    def resolve(self, agent: Agent) -> Resolution:
        """Return what becomes of the calls of an agent."""
        if not any(text and text.strip() for text in agent):
            nobody = Outcome(reason=NO_AGENT)
            return Resolution((Span(None, None, nobody),), nobody)
        evidence = self._evidence(agent)
        cuts = sorted(
            {
                moment
                for person in (*evidence.names, *evidence.extension, *evidence.email)
                for moment in (person.active_from, person.active_until)
                if moment is not None
            }
        )
        spans: list[Span] = []
        for start, end in zip([None, *cuts], [*cuts, None], strict=True):
            # Between two cuts nobody comes or goes, so any moment speaks for all of them.
            moment = start if start is not None else (0 if end is None else end - 1)
            outcome = _decide(evidence.active(moment))
            if spans and spans[-1].outcome == outcome:
                spans[-1] = spans[-1]._replace(end=end)
            else:
                spans.append(Span(start, end, outcome))
        return Resolution(tuple(spans), _decide(evidence.active(self._now)))

    def _evidence(self, agent: Agent) -> _Evidence:
        names: dict[Person, str] = {}
        for key in name_keys(agent.name or ""):
            for person, by in self._names.get(key, {}).items():
                if names.get(person) != "name":
                    names[person] = by
        return _Evidence(
            names,
            frozenset(self._extensions.get(extension_key(agent.extension or ""), ())),
            frozenset(self._emails.get(email_key(agent.email or ""), ())),
        )


def _decide(found: _Evidence) -> Outcome:
    """Return the one user that fits, or why there is none."""
    certain = {
        person for people in (found.email, found.extension) if len(people) == 1 for person in people
    }
    if certain:
        return _by_certain(certain, found)
    if len(found.names) > 1:
        return _ambiguous(found.names)
    for person, by in found.names.items():
        if any(people and person not in people for people in (found.email, found.extension)):
            return Outcome(reason=DISAGREE)
        return Outcome(person.id, by)
    shared = found.email | found.extension
    return _ambiguous(shared) if shared else Outcome(reason=NO_USER)


def _by_certain(certain: set[Person], found: _Evidence) -> Outcome:
    person = min(certain)
    others = (found.email, found.extension, found.names)
    if any(people and person not in people for people in others):
        return Outcome(reason=DISAGREE)
    return Outcome(person.id, "email" if len(found.email) == 1 else "extension")


def _ambiguous(people: Iterable[Person]) -> Outcome:
    found = sorted(people, key=lambda person: (person.name.casefold(), person.id))
    times: dict[str, int] = {}
    for person in found:
        times[person.name] = times.get(person.name, 0) + 1
    names = [p.name if times[p.name] == 1 else f"{p.name} ({p.id})" for p in found]
    return Outcome(reason=AMBIGUOUS + ", ".join(names))
