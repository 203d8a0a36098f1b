"""Scores and points against a plain model, over random sequences of commands.

The model is a dict of records. A change keeps what it wrote, before and after; undoing it, where
that is possible, puts the former back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scorecli.domain.activity_points import PointsForm
from scorecli.domain.contact_scores import parse_wish
from scorecli.errors import Refused
from scorecli.errors.contacts import UnknownContact
from scorecli.reports.contact_score_history import score_history
from scorecli.services.activities import (
    ActivityEdit,
    NewActivity,
    add_by_hand,
    delete_activities,
    edit_activities,
)
from scorecli.services.contact_editing import ContactWish, add_contact, delete_contacts
from scorecli.services.contact_merging import convert_contacts, merge_contacts
from scorecli.services.contact_scoring import score_contacts
from scorecli.services.undoing import undo
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.contact_points import company_points, contact_points
from scorecli.storage.database import open_in_memory
from scorecli.storage.maintenance import find_problems

SETTINGS = parse(
    "[contact_scores.fit]\nmin = -5\nmax = 10\ndecimals = 2\n[activities.points]\nx = -3"
)
BY = {"author": Author("test", "tester")}
CONTACTS = (1, 2, 3)  # the first two belong to company 1, the third to none
LIMITS = {"score": (0, 100, 0), "fit": (-5, 10, 2)}
TYPES = st.sampled_from(["meeting", "call", "X", "new"])
DEFAULTS = {"meeting": 5, "call": 1, "x": -3, "new": 0}
Key = tuple[Any, ...]


class AnySequence(RuleBasedStateMachine):
    """Scoring, activities, conversions, merges of what contacts have, and undo of any change."""

    def __init__(self) -> None:
        super().__init__()
        self.db = open_in_memory()
        self.model: dict[Key, Any] = {}
        self.writes: dict[int, dict[Key, tuple[Any, Any]]] = {}
        self.activities = 0

    @initialize()
    def people(self) -> None:
        for number in CONTACTS:
            texts = {"first_name": f"P{number}", "kind": "lead"}
            if number < 3:
                texts["company"] = "ACME"
            self.model |= {
                (number, "there"): True,
                (number, "kind"): "lead",
                (number, "company"): texts.get("company"),
            }
            add_contact(self.db, SETTINGS, ContactWish(texts), now=1_790_000_000, **BY)

    def did(self, change: int | None, wanted: Mapping[Key, Any]) -> None:
        """Take over what a change should have written, None where it wrote nothing."""
        writes = {
            key: (self.model.get(key), value)
            for key, value in wanted.items()
            if self.model.get(key) != value
        }
        assert (change is None) == (not writes)
        self.model.update(wanted)
        if change is not None:
            self.writes[change] = writes

    def there(self, *contacts: int | None) -> bool:
        return all(self.model.get((each, "there"), True) for each in contacts if each)

    def live(self, number: int) -> bool:
        return bool(self.model.get((number, "live")))

    def activity(self, number: int, **fields: Any) -> dict[Key, Any]:
        return {(number, name): value for name, value in fields.items()}  # contacts: other names

    @rule(
        contacts=st.sets(st.sampled_from(CONTACTS), min_size=1).map(sorted),
        kind=st.sampled_from(["score", "fit"]),
        text=st.sampled_from(["0", "7", "9.25", "100", "+5", "-3.5", "-10", "=-2", "none"]),
    )
    def score(self, contacts: list[int], kind: str, text: str) -> None:
        low, high, decimals = LIMITS[kind]
        wanted: dict[Key, Any] = {}
        fits = self.there(*contacts)
        for contact in contacts:
            value: float | None = None
            if text != "none":
                number = float(text.lstrip("="))
                before = self.model.get((contact, kind)) or 0
                value = before + number if text[0] in "+-" else number
                whole = decimals or number == int(number)
                fits = fits and bool(whole) and low <= value <= high
            wanted[contact, kind] = value
        try:
            done = score_contacts(
                self.db, SETTINGS, contacts, kind, parse_wish(text), reason="why", **BY
            )
        except Refused:
            assert not fits
        else:
            assert fits
            self.did(done.change, wanted)

    @rule(
        kind=TYPES,
        contact=st.sampled_from([*CONTACTS, None]),
        points=st.none() | st.integers(-20, 20),
    )
    def add(self, kind: str, contact: int | None, points: int | None) -> None:
        new = NewActivity(kind, 1_790_000_000, contact, None if contact else 1, points)
        if not self.there(contact):
            with pytest.raises(UnknownContact):
                add_by_hand(self.db, SETTINGS, new, **BY)
            return
        number, change = add_by_hand(self.db, SETTINGS, new, **BY)
        self.activities = max(self.activities, number)
        given = DEFAULTS[kind.lower()] if points is None else points
        assert not self.live(number)
        self.did(change, self.activity(number, live=True, points=given, whose=contact or "ACME"))

    @precondition(lambda self: self.activities)
    @rule(data=st.data(), points=st.none() | st.integers(-9, 9), contact=st.sampled_from(CONTACTS))
    def edit(self, data: Any, points: int | None, contact: int) -> None:
        number = data.draw(st.integers(1, self.activities))
        edit = ActivityEdit(points=points, contact_id=contact)
        try:
            _, change = edit_activities(self.db, SETTINGS, [number], edit, **BY)
        except Refused:
            assert not (self.live(number) and self.there(contact))
        else:
            assert self.live(number)
            assert self.there(contact)
            self.did(
                change,
                self.activity(number, whose=contact)
                | ({} if points is None else self.activity(number, points=points)),
            )

    @precondition(lambda self: self.activities)
    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        number = data.draw(st.integers(1, self.activities))
        try:
            _, change = delete_activities(self.db, [number], **BY)
        except Refused:
            assert not self.live(number)
        else:
            assert self.live(number)
            self.did(change, self.activity(number, live=False))

    @rule(contact=st.sampled_from(CONTACTS))
    def convert(self, contact: int) -> None:
        try:
            done = convert_contacts(self.db, [contact], **BY)
        except Refused:
            assert not self.there(contact)
            return
        self.did(done.change, {(contact, "kind"): "contact"})

    @rule(contact=st.sampled_from(CONTACTS))
    def delete_contact(self, contact: int) -> None:
        if self.there(contact):
            done = delete_contacts(self.db, [contact], **BY)
            self.did(done.change, {(contact, "there"): False})

    @rule(kept=st.sampled_from(CONTACTS), gone=st.sampled_from(CONTACTS), takes=st.booleans())
    def unite(self, kept: int, gone: int, takes: bool) -> None:
        if kept == gone or not self.there(kept, gone):
            return
        wanted: dict[Key, Any] = {(gone, "there"): False}
        for kind in LIMITS:
            other, own = self.model.get((gone, kind)), self.model.get((kept, kind))
            wanted[kept, kind] = other if other is not None and (own is None or takes) else own
        own, other = self.model[kept, "company"], self.model[gone, "company"]
        wanted[kept, "company"] = other if own is None else own
        if "contact" in (self.model[kept, "kind"], self.model[gone, "kind"]):
            wanted[kept, "kind"] = "contact"
        for key, held in self.model.items():
            if key[1] == "whose" and held == gone:
                wanted[key] = kept
        scores: Any = "SECOND" if takes else "FIRST"
        done = merge_contacts(self.db, kept, [gone], scores=scores, **BY)
        self.did(done.change, wanted)

    @precondition(lambda self: self.writes)
    @rule(data=st.data())
    def undo(self, data: Any) -> None:
        number = data.draw(st.sampled_from(sorted(self.writes)))
        writes = self.writes[number]
        try:
            done = undo(self.db, number, **BY)
        except Refused:
            return
        assert done.change is not None
        for key, (before, after) in writes.items():
            assert self.model.get(key) == after, "undone although something stands on it"
            self.model[key] = before
        self.writes[done.change] = {key: (after, before) for key, (before, after) in writes.items()}

    @invariant()
    def every_score_is_the_last_of_its_history(self) -> None:
        held = {
            (contact, kind): value
            for contact, kind, value in self.db.rows("SELECT * FROM contact_score")
        }
        last: dict[Key, Any] = {}
        for contact, kind, after in self.db.rows(
            'SELECT entity_id, item, "after" FROM change_entry'
            " WHERE entity = 'contact' AND field = 'score' ORDER BY id"
        ):
            last[contact, kind] = None if after is None else json.loads(after)
        assert held == {key: value for key, value in last.items() if value is not None}
        scores = {key: value for key, value in self.model.items() if key[1] in LIMITS}
        assert held == {key: value for key, value in scores.items() if value is not None}

    @invariant()
    def the_history_of_a_contact_ends_with_the_values_that_hold(self) -> None:
        for contact in CONTACTS:
            if not self.there(contact):
                continue
            result = score_history(self.db, SETTINGS, contact)
            names = [column.name for column in result.columns]
            last = {}
            for row in result.rows:
                told = dict(zip(names, row, strict=True))
                last[told["type"]] = told["after"] and told["after"].number
            for kind in LIMITS:
                assert last.get(kind) == self.model.get((contact, kind))

    @invariant()
    def points_are_the_sum_of_the_live_activities(self) -> None:
        held = [
            (self.model[number, "whose"], self.model[number, "points"])
            for number in range(1, self.activities + 1)
            if self.live(number)
        ]
        for switched in (PointsForm(), PointsForm(leads=False), PointsForm(contacts=False)):
            sql = (
                f"SELECT c.id, {contact_points(switched)} FROM contact AS c WHERE c.removed IS NULL"
            )
            for contact, points in self.db.rows(sql):
                assert self.there(contact)
                kind = self.model[contact, "kind"]
                on = switched.leads if kind == "lead" else switched.contacts
                total = sum(given for whose, given in held if whose == contact)
                assert points == (total if on else None)
        sql = f"SELECT {company_points(PointsForm())} FROM company AS c"
        people = {n for n in CONTACTS if self.there(n) and self.model[n, "company"]}
        expected = sum(given for whose, given in held if whose in people | {"ACME"})
        assert self.db.rows(sql) == [(expected,)]

    def teardown(self) -> None:
        assert find_problems(self.db) == []
        self.db.close()


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = hypothesis_settings(max_examples=20, stateful_step_count=25)
