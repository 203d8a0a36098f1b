"""Whatever is done in whatever order, rules fire once per record and go with what caused them."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from scorecli.domain.contact_scores import parse_wish
from scorecli.domain.filter_values import FilterContext
from scorecli.domain.scoring import ScoreEdit
from scorecli.errors import Refused
from scorecli.services.activities import NewActivity, add_by_hand
from scorecli.services.contact_editing import ContactWish, add_contact, edit_contacts
from scorecli.services.contact_scoring import score_contacts
from scorecli.services.import_options import ImportOptions, Speaker
from scorecli.services.import_reading import FileForm
from scorecli.services.importing import import_files, known_results
from scorecli.services.rule_engine import RuleEngine
from scorecli.services.rule_runs import RuleRun, run_rules
from scorecli.services.scoring import score_calls
from scorecli.services.undoing import undo
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import Database, open_to_write
from scorecli.storage.maintenance import find_problems

NOW = 1_790_000_000  # 2026-09-21
WHO = {"author": Author("test", "tester")}
RULES = """
[[rules]]
name = "follow up"
on = "call.imported"
when = "tag:quote"
do = [{ call_tag = "follow up" }]
[[rules]]
name = "quote"
on = "call.imported"
when = "talk_time:300.."
do = [{ tag = "quote" }, { contact_score = "+5" }]
[[rules]]
name = "sale"
on = "call.converted"
do = [{ stars = 5 }, { activity = "sale", points = 20 }]
[[rules]]
name = "result"
on = "call.result"
do = [{ converted = true, amount = 10 }]
[[rules]]
name = "good"
on = "call.scored"
when = "stars:4.."
do = [{ result = "SALE" }]
[[rules]]
name = "again"
on = "call.scored"
when = "stars:1..2"
do = [{ tag = "unhappy" }]
repeat = true
[[rules]]
name = "lead"
on = "contact.saved"
when = "city:Newcastle"
do = [{ activity = "ideal audience", points = 15 }, { owner = "Dana" }]
[[rules]]
name = "warm"
on = "contact.scored"
when = "score:50.."
do = [{ activity = "warm" }, { contact_score = "+30" }]
[[rules]]
name = "visit"
on = "activity.added"
when = "type:visit"
do = [{ contact_score = "+10" }]
"""
SETTINGS = parse('[display]\ntime_zone = "UTC"\n[activities.points]\nvisit = 5\n' + RULES)
WITHOUT = parse('[display]\ntime_zone = "UTC"\n[activities.points]\nvisit = 5\n')
CONTEXT = FilterContext(date(2026, 9, 21), ZoneInfo("UTC"), "USD")
ONCE = tuple(each.name for each in SETTINGS.rules if not each.repeat)
# All that can be seen of calls, contacts and what belongs to them; what is hidden is not there.
_STATE = (
    "SELECT * FROM call_log ORDER BY id",
    "SELECT id, scored, result_id FROM call WHERE removed IS NULL ORDER BY id",
    "SELECT id, city, owner_id, first_name, kind FROM contact WHERE removed IS NULL ORDER BY id",
    "SELECT contact_id, score_type, value FROM contact_score ORDER BY 1, 2",
    "SELECT id, activity_type, contact_id, points, rule FROM activity WHERE removed IS NULL"
    " ORDER BY id",
    "SELECT f.rule, f.entity, f.entity_id, f.fired FROM rule_firing AS f"
    " JOIN change AS ch ON ch.id = f.change_id WHERE ch.undone_by IS NULL ORDER BY f.id",
)


class Done(NamedTuple):
    """A change that stands at the top, its undo if it is undone, and the states around it."""

    change: int
    before: list[Any]
    after: list[Any]


class AnySequence(RuleBasedStateMachine):
    """Imports, scores, contacts and activities under a few rules, undone and done again."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = str(self.folder / "calls.db")
        self.db = self.open(rules=False)
        self.db.execute("INSERT INTO user (id, name, folded) VALUES (1, 'Dana', 'dana')")
        self.db.execute(
            "INSERT INTO result (code, folded, enabled, success, contact)"
            " VALUES ('SALE', 'sale', 1, 1, 1)"
        )
        for place, city in enumerate(["Leeds", "Newcastle", "York"]):
            wish = ContactWish({"first_name": f"P{place}", "city": city}, [f"+1212555010{place}"])
            add_contact(self.db, WITHOUT, wish, now=NOW, **WHO)
        self.db.on_written = RuleEngine(SETTINGS, CONTEXT, NOW)
        self.done: list[Done] = []
        self.undone: list[Done] = []

    def teardown(self) -> None:
        if hasattr(self, "db"):
            assert find_problems(self.db) == []
            self.db.close()
            shutil.rmtree(self.folder)

    def open(self, *, rules: bool = True) -> Database:
        db = open_to_write(self.path)
        db.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here
        db.on_written = RuleEngine(SETTINGS, CONTEXT, NOW) if rules else None
        return db

    def state(self) -> list[Any]:
        return [self.db.rows(sql) for sql in _STATE]

    @contextlib.contextmanager
    def step(self) -> Any:
        """Keep what one command wrote; a refused one must write nothing."""
        before, last = self.state(), self.last()
        try:
            yield
        except Refused:
            assert self.state() == before
        if self.last() != last:
            self.done.append(Done(self.last(), before, self.state()))
            self.undone.clear()

    def last(self) -> int:
        return int(self.db.one("SELECT COALESCE(max(id), 0) FROM change"))

    @rule(
        rows=st.lists(
            st.tuples(
                st.integers(1, 4),
                st.sampled_from(["10", "300", "900"]),
                st.sampled_from(["0", "1", "2", "9"]),
                st.sampled_from(["", "yes"]),
                st.sampled_from(["", "SALE"]),
                st.sampled_from(["", "1", "5"]),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def imports(self, rows: list[tuple[Any, ...]]) -> None:
        text = "Call ID,Talk Time,Customer Number,Converted,Result,Rating\n"
        text += "".join(f"{c},{t},+1212555010{n},{v},{r},{s}\n" for c, t, n, v, r, s in rows)
        path = self.folder / "log.csv"
        path.write_text(text)
        with self.step():
            import_files(
                self.open,
                SETTINGS,
                [str(path)],
                ImportOptions(FileForm()),
                results=known_results(self.path),
                speak=Speaker(lambda text: None),
                **WHO,
            )

    @rule(
        call=st.integers(1, 4),
        edit=st.sampled_from(
            [
                {"stars": 5},
                {"stars": 1},
                {"stars": None},
                {"tags": ("quote",)},
                {"untags": ("quote",)},
                {"converted": True},
                {"converted": False},
                {"result": "SALE"},
                {"result": None},
            ]
        ),
    )
    def score(self, call: int, edit: dict[str, Any]) -> None:
        with self.step():
            score_calls(self.db, SETTINGS, [call], ScoreEdit(**edit), today="2026-09-21", **WHO)

    @rule(contact=st.integers(1, 3), city=st.sampled_from(["Newcastle", "Leeds", None]))
    def edit(self, contact: int, city: str | None) -> None:
        with self.step():
            edit_contacts(self.db, SETTINGS, [contact], ContactWish({"city": city}), **WHO)

    @rule(contact=st.integers(1, 3), text=st.sampled_from(["60", "+20", "-10", "none"]))
    def score_contact(self, contact: int, text: str) -> None:
        with self.step():
            score_contacts(self.db, SETTINGS, [contact], "score", parse_wish(text), **WHO)

    @rule(contact=st.integers(1, 3), kind=st.sampled_from(["visit", "call"]))
    def add_activity(self, contact: int, kind: str) -> None:
        with self.step():
            add_by_hand(self.db, SETTINGS, NewActivity(kind, NOW, contact), **WHO)

    @precondition(lambda self: self.done)
    @rule()
    def take_back(self) -> None:
        latest = self.done.pop()
        number = undo(self.db, latest.change, **WHO).change
        assert number is not None
        assert self.state() == latest.before
        self.undone.append(latest._replace(change=number))

    @precondition(lambda self: self.undone)
    @rule()
    def do_again(self) -> None:
        latest = self.undone.pop()
        number = undo(self.db, latest.change, **WHO).change
        assert number is not None
        assert self.state() == latest.after
        self.done.append(latest._replace(change=number))

    @precondition(lambda self: len(self.done) > 1)
    @rule(at=st.integers(0, 20))
    def take_back_an_earlier_one(self, at: int) -> None:
        place = at % (len(self.done) - 1)
        with self.step():
            undo(self.db, self.done[place].change, **WHO)
            self.done.clear()  # what stands since may have written what those before it did

    @rule()
    def run_over_the_past(self) -> None:
        before = self.state()
        tried = self.run(dry_run=True)
        assert self.state() == before
        with self.step():
            done = self.run()
            assert (done.fired, done.skipped) == (tried.fired, tried.skipped)
        again = self.run()
        assert (again.fired, again.change) == ({}, None)

    def run(self, *, dry_run: bool = False) -> RuleRun:
        engine = RuleEngine(SETTINGS, CONTEXT, NOW)
        names = [each.name for each in SETTINGS.rules]
        return run_rules(self.db, engine, names, **WHO, dry_run=dry_run)

    @invariant()
    def rules_fire_once_per_record(self) -> None:
        if not hasattr(self, "db"):
            return
        marks = ", ".join("?" * len(ONCE))
        assert not self.db.rows(
            "SELECT f.rule, f.entity_id FROM rule_firing AS f"
            " JOIN change AS ch ON ch.id = f.change_id"
            f" WHERE f.fired = 1 AND ch.undone_by IS NULL AND f.rule IN ({marks})"
            " GROUP BY f.rule, f.entity, f.entity_id HAVING count(*) > 1",
            ONCE,
        )
        # Each firing added its activity, and nothing else did.
        for name, kind in (("lead", "ideal audience"), ("warm", "warm")):
            fired = self.db.one(
                "SELECT count(*) FROM rule_firing AS f JOIN change AS ch ON ch.id = f.change_id"
                " WHERE f.fired = 1 AND ch.undone_by IS NULL AND f.rule = ?",
                (name,),
            )
            live = self.db.one(
                "SELECT count(*) FROM activity WHERE removed IS NULL AND activity_type = ?",
                (kind,),
            )
            assert fired == live


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = hypothesis_settings(max_examples=15, stateful_step_count=25)
