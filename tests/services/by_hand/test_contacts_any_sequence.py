"""Any sequence of adding, editing, deleting, merging, converting and undoing contacts."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from scorecli.services.contact_editing import (
    ContactWish,
    add_contact,
    delete_contacts,
    edit_contacts,
)
from scorecli.services.contact_merging import convert_contacts, merge_contacts
from scorecli.services.undoing import undo
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.contact_rows import contact_states
from scorecli.storage.database import open_in_memory

WHO = {"author": Author("scorecli test", "tester")}
NAMES = st.sampled_from(["Ann Lee", "Bob Roe", "Cy"])
CITIES = st.sampled_from([None, "Hull", "Bath"])
NUMBERS = st.lists(st.sampled_from(["5551", "5552", "5553"]), max_size=2, unique=True)

Model = dict[int, dict[str, Any]]


class Contacts(RuleBasedStateMachine):
    """Compares the live contacts with a plain dict, whose earlier states undo goes back to."""

    def __init__(self) -> None:
        super().__init__()
        self.db = open_in_memory()
        self.settings = parse("")
        self.model: Model = {}
        self.before: list[Model] = []

    def change(self) -> None:
        self.before.append(copy.deepcopy(self.model))

    def pick(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.model)))

    @rule(name=NAMES, kind=st.sampled_from(["lead", "contact"]), city=CITIES, numbers=NUMBERS)
    def add(self, name: str, kind: str, city: str | None, numbers: list[str]) -> None:
        self.change()
        wish = ContactWish({"name": name, "kind": kind, "city": city}, numbers)
        number, _ = add_contact(self.db, self.settings, wish, now=0, **WHO)
        assert number not in self.model
        self.model[number] = {"name": name, "kind": kind, "city": city, "numbers": numbers}

    @precondition(lambda self: self.model)
    @rule(data=st.data(), city=CITIES, numbers=NUMBERS)
    def edit(self, data: st.DataObject, city: str | None, numbers: list[str]) -> None:
        contact = self.pick(data)
        earlier = copy.deepcopy(self.model)
        wish = ContactWish({"city": city}, numbers)
        done = edit_contacts(self.db, self.settings, [contact], wish, **WHO)
        self.model[contact].update(city=city, numbers=numbers)
        if done.change is not None:
            self.before.append(earlier)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        contact = self.pick(data)
        self.change()
        delete_contacts(self.db, [contact], **WHO)
        del self.model[contact]

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def convert(self, data: st.DataObject) -> None:
        contact = self.pick(data)
        if self.model[contact]["kind"] == "lead":
            self.change()
        convert_contacts(self.db, [contact], **WHO)
        self.model[contact]["kind"] = "contact"

    @precondition(lambda self: len(self.model) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        keep = self.pick(data)
        other = data.draw(st.sampled_from(sorted(self.model.keys() - {keep})))
        self.change()
        merge_contacts(self.db, keep, [other], scores=None, **WHO)
        gone, kept = self.model.pop(other), self.model[keep]
        kept["city"] = kept["city"] or gone["city"]
        kept["numbers"] = list(dict.fromkeys([*kept["numbers"], *gone["numbers"]]))
        if gone["kind"] == "contact":
            kept["kind"] = "contact"
        if gone["name"].startswith(kept["name"] + " "):  # the last name that it lacks
            kept["name"] = gone["name"]

    @precondition(lambda self: self.before)
    @rule(again=st.booleans())
    def undo(self, again: bool) -> None:
        done = undo(self.db, None, **WHO)
        if again:
            undo(self.db, done.change, **WHO)
        else:
            self.model = self.before.pop()

    @invariant()
    def the_live_contacts_are_those_of_the_model(self) -> None:
        numbers = [n for (n,) in self.db.rows("SELECT id FROM contact WHERE removed IS NULL")]
        found = {
            number: {
                "name": " ".join(filter(None, (state["first_name"], state["last_name"]))),
                "kind": state["kind"],
                "city": state["city"],
                "numbers": [written for written, _ in state["numbers"]],
            }
            for number, state in contact_states(self.db, numbers).items()
        }
        assert found == self.model

    def teardown(self) -> None:
        self.db.close()


TestContacts = Contacts.TestCase
TestContacts.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
