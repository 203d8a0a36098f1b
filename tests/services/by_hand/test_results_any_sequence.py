"""Results against a plain model of what people may rely on, over random sequences of commands.

The model keeps, for each call, its result, its conversion with amount and day, when to call again,
and what its result put there. Undo takes the latest change back, and doing it again brings it back.
"""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from scorecli.domain.scoring import KEEP, ScoreEdit
from scorecli.errors import Refused, WrongUsage
from scorecli.errors.history import NothingToUndo
from scorecli.services.result_definitions import (
    ResultWish,
    add_result,
    edit_result,
    switch_results,
)
from scorecli.services.scoring import score_calls
from scorecli.services.undoing import undo
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import open_in_memory
from scorecli.storage.maintenance import find_problems

TODAY = "2026-11-03"
CAMPAIGNS = {1: "Spring", 2: None, 3: "Winter"}  # of the calls; Winter is no defined one
WHO = {"author": Author("scorecli", "tester")}

# Defined from the start, so that there is always something to give; D is for people to define.
FIRST = {
    "A": {"success": True, "require_amount": False, "recall": False},
    "B": {"success": True, "require_amount": True, "recall": True},
    "C": {"success": False, "require_amount": False, "recall": True},
}

codes = st.sampled_from([*FIRST, "D"])
calls = st.sets(st.sampled_from(list(CAMPAIGNS)), min_size=1).map(sorted)
flags = st.sampled_from([None, True, False])
amounts = st.sampled_from([KEEP, KEEP, 0, 500, 700])
limits = st.sampled_from([None, (), ("Autumn",), ("Spring",)])


class Change(NamedTuple):
    """A change that stands, and the model before it."""

    number: int
    before: Model


class Model:
    """What the database should hold."""

    def __init__(self) -> None:
        self.results: dict[str, dict[str, Any]] = {}
        blank = {"result": None, "converted": 0, "amount": None, "day": None, "recall_at": None}
        # ``caused`` is what the result put there, with the values of before; None: nothing.
        self.calls: dict[int, dict[str, Any]] = {
            call: {**blank, "caused": None} for call in CAMPAIGNS
        }

    def may_have(self, call: int, code: str) -> bool:
        result = self.results.get(code)
        if result is None or not result["enabled"]:
            return False
        campaign = CAMPAIGNS[call]
        return not result["campaigns"] or campaign != "Spring" or "Spring" in result["campaigns"]

    def give(self, call: int, code: str | None, amount: Any, recall_at: Any) -> bool:
        """Give a call a result; return whether it can have it. The call is changed anyway."""
        if code is not None and not self.may_have(call, code):
            return False
        now = self.calls[call]
        result = {} if code is None else self.results[code]
        success = bool(result.get("success"))
        if now["result"] not in (None, code) and now["converted"] and not success and now["caused"]:
            now |= now["caused"]
            now["caused"] = None
        if now["result"] != code:
            now["recall_at"] = None
        now["result"] = code
        if success and not now["converted"]:
            now |= {"converted": 1, "caused": {"converted": 0}}
            if now["day"] is None:
                now["day"] = TODAY
                now["caused"]["day"] = None
        if amount is not KEEP:
            if not now["converted"]:
                return False
            if success and now["caused"] is not None and amount != now["amount"]:
                now["caused"].setdefault("amount", now["amount"])
            elif amount != now["amount"]:
                now["caused"] = None
            now["amount"] = amount
        if result.get("require_amount") and not now["amount"]:
            return False
        if recall_at is not KEEP:
            if not result.get("recall"):
                return False
            now["recall_at"] = recall_at
        return True

    def touch(self, call: int, converted: bool | None, amount: Any) -> bool:
        """Do what a person does to the conversion itself."""
        now = self.calls[call]
        before = {name: now[name] for name in ("converted", "amount", "day")}
        if converted is not None:
            now["converted"] = int(converted)
            if converted and now["day"] is None:
                now["day"] = TODAY
        if amount is not KEEP:
            if not now["converted"]:
                return False
            now["amount"] = amount
        if any(now[name] != value for name, value in before.items()):
            now["caused"] = None
        return True


class Sequences(RuleBasedStateMachine):
    """Commands of people, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = parse("")
        self.model = Model()
        self.done: list[Change] = []
        self.undone: list[tuple[int, Change, Model]] = []
        self.db = open_in_memory()
        for number, name in enumerate(("Spring", "Autumn"), start=1):
            self.db.execute(
                "INSERT INTO campaign (id, name, folded) VALUES (?, ?, ?)",
                (number, name, name.casefold()),
            )
        self.db.execute(
            "INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'A', 'a'),"
            " (2, 'campaign', 'SPRING', 'spring'), (3, 'campaign', 'Winter', 'winter')"
        )
        for call, campaign in ((1, 2), (2, None), (3, 3)):
            self.db.execute(
                "INSERT INTO call (id, system_id, identity, campaign_id) VALUES (?, 1, ?, ?)",
                (call, b"%d" % call, campaign),
            )

        for code, said in FIRST.items():
            self.db.execute(
                "INSERT INTO result (code, folded, success, contact, require_amount, recall)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (code, code.casefold(), said["success"], *said.values()),
            )
            self.model.results[code] = {**said, "campaigns": (), "enabled": True}

    def teardown(self) -> None:
        assert find_problems(self.db) == []
        self.db.close()

    def _made(self, number: int | None, before: Model) -> None:
        if number is None:
            return
        self.done.append(Change(number, before))
        self.undone.clear()

    @rule(code=codes, success=flags, require=flags, recall=flags, campaigns=limits)
    def define(self, code: str, success: Any, require: Any, recall: Any, campaigns: Any) -> None:
        before = copy.deepcopy(self.model)
        possible = code not in self.model.results and (success or not require)
        wish = ResultWish(
            code, success=success, require_amount=require, recall=recall, campaigns=campaigns
        )
        try:
            done = add_result(self.db, self.settings, wish, **WHO)
        except (Refused, WrongUsage):
            assert not possible
            return
        assert possible
        self.model.results[code] = {
            "success": bool(success),
            "require_amount": bool(require),
            "recall": bool(recall),
            "campaigns": campaigns or (),
            "enabled": True,
        }
        self._made(done.change, before)

    @rule(code=codes, success=flags, require=flags, recall=flags, campaigns=limits)
    def edit(self, code: str, success: Any, require: Any, recall: Any, campaigns: Any) -> None:
        before = copy.deepcopy(self.model)
        said = {"success": success, "require_amount": require, "recall": recall}
        after = {name: value for name, value in said.items() if value is not None}
        if campaigns is not None:
            after["campaigns"] = campaigns
        known = self.model.results.get(code)
        whole = {**(known or {}), **after}
        possible = known is not None and (whole["success"] or not whole["require_amount"])
        try:
            done = edit_result(
                self.db, self.settings, code, ResultWish(campaigns=campaigns, **said), **WHO
            )
        except (Refused, WrongUsage):
            assert not possible
            return
        assert possible
        self.model.results[code] = whole
        self._made(done.change, before)

    @rule(code=codes, enabled=st.booleans())
    def switch(self, code: str, enabled: bool) -> None:
        before = copy.deepcopy(self.model)
        try:
            done = switch_results(self.db, self.settings, [code], enabled=enabled, **WHO)
        except Refused:
            assert code not in self.model.results
            return
        self.model.results[code]["enabled"] = enabled
        self._made(done.change, before)

    def _score(self, wanted: list[int], edit: ScoreEdit, apply: Any) -> None:
        before = copy.deepcopy(self.model)
        possible = all(map(apply, wanted))
        try:
            done = score_calls(self.db, self.settings, wanted, edit, today=TODAY, **WHO)
        except (Refused, WrongUsage):
            assert not possible
            self.model = before
            return
        assert possible
        self._made(done.change, before)

    @rule(
        wanted=calls,
        code=st.sampled_from([None, *FIRST, *FIRST, "D"]),
        amount=amounts,
        recall_at=st.sampled_from([KEEP, KEEP, 1_800_000_000]),
    )
    def give(self, wanted: list[int], code: str | None, amount: Any, recall_at: Any) -> None:
        if code is not None or recall_at is KEEP:  # else refused for any call
            self.give_to(wanted, code, amount, recall_at)

    def give_to(self, wanted: list[int], code: str | None, amount: Any, recall_at: Any) -> None:
        self._score(
            wanted,
            ScoreEdit(result=code, amount=amount, recall_at=recall_at),
            lambda call: self.model.give(call, code, amount, recall_at),
        )

    @rule(call=st.sampled_from([2, 3]), code=st.sampled_from([None, *FIRST]))
    def give_to_one(self, call: int, code: str | None) -> None:
        amount = 900 if code and self.model.results[code]["require_amount"] else KEEP
        self.give_to([call], code, amount, KEEP)

    @rule(wanted=calls, converted=flags, amount=amounts)
    def touch(self, wanted: list[int], converted: bool | None, amount: Any) -> None:
        if converted is False and amount is not KEEP:
            return  # refused for any call, as contradicting options are
        self._score(
            wanted,
            ScoreEdit(converted=converted, amount=amount),
            lambda call: self.model.touch(call, converted, amount),
        )

    @rule()
    def take_back(self) -> None:
        try:
            number = undo(self.db, None, **WHO).change
        except NothingToUndo:
            assert not self.done
            return
        assert number is not None
        change = self.done.pop()
        self.undone.append((number, change, self.model))
        self.model = copy.deepcopy(change.before)

    @precondition(lambda self: self.undone)
    @rule()
    def do_again(self) -> None:
        number, change, self.model = self.undone.pop()
        undo(self.db, number, **WHO)
        self.done.append(change)

    @invariant()
    def the_database_holds_what_the_model_says(self) -> None:
        found = self.db.rows(
            "SELECT c.id, (SELECT code FROM result WHERE id = c.result_id), c.converted, c.amount,"
            " c.converted_on, c.recall_at, c.scored FROM call AS c"
        )
        expected = [
            (
                call,
                *(now[name] for name in ("result", "converted", "amount", "day", "recall_at")),
                now["converted"],
            )
            for call, now in self.model.calls.items()
        ]
        assert found == expected
        held = {
            code: (bool(success), bool(require), bool(recall), bool(enabled))
            for code, success, require, recall, enabled in self.db.execute(
                "SELECT code, success, require_amount, recall, enabled FROM result"
            )
        }
        names = ("success", "require_amount", "recall", "enabled")
        wanted = {
            code: tuple(result[name] for name in names)
            for code, result in self.model.results.items()
        }
        assert held == wanted


Sequences.TestCase.settings = hypothesis_settings(
    max_examples=40, stateful_step_count=40, deadline=None
)
test_any_sequence_of_results_is_what_the_model_says = Sequences.TestCase
