"""Whatever is done in whatever order, records are what their calls and the lists say."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.campaigns.conftest import NOW, Desk

from scorecli.domain.filter_values import FilterContext
from scorecli.domain.scoring import ScoreEdit
from scorecli.errors import Refused
from scorecli.services.call_editing import add_call, delete_calls, edit_calls
from scorecli.services.call_logging import CallMade, log_call
from scorecli.services.calling import present_next
from scorecli.services.contact_erasing import erase_contact
from scorecli.services.contact_lists import reload_list
from scorecli.services.do_not_call import Wish, add_numbers, remove_numbers
from scorecli.services.import_options import ImportOptions, Speaker, Updating
from scorecli.services.importing import import_files, known_results
from scorecli.services.list_loading import load_list
from scorecli.services.result_definitions import ResultWish, edit_result
from scorecli.services.rule_engine import RuleEngine
from scorecli.services.scoring import score_calls
from scorecli.services.undoing import undo
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import Database, open_to_write
from scorecli.storage.do_not_call import listings

SETTINGS = parse(
    '[display]\ntime_zone = "UTC"\n[[rules]]\nname = "auto"\non = "call.imported"\n'
    'when = "source:auto"\ndo = [{ result = "ROLL" }]\n'
)
CONTEXT = FilterContext(date(2026, 11, 18), ZoneInfo("UTC"), "USD")
NUMBERS = ("+12125550100", "+12125550101", "+12125550102")
LISTS = ("first", "second", "third")
CAMPAIGNS = {1: "spring", 2: "autumn"}
CODES = ("FINAL", "NA", "BACK", "DNC", "ROLL", "FINALROLL")
WHO = {"author": Author("test", "tester")}

numbers = st.sampled_from(NUMBERS)
codes = st.sampled_from(CODES)
choice = st.integers(0, 50)
campaigns = st.sampled_from(["Spring", "AUTUMN", "Winter"])
times = st.integers(NOW - 50, NOW + 50)


class Sequence(RuleBasedStateMachine):
    """Three short lists of two campaigns, worked through at random."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.now = NOW
        path = self.folder / "calls.db"
        path.write_bytes(beginning())
        self.db = self._open()
        self.db.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here

    def teardown(self) -> None:
        if hasattr(self, "db"):
            self.db.close()
            shutil.rmtree(self.folder)

    @rule(number=numbers, campaign=campaigns, at=times, code=st.none() | codes)
    def a_call_is_added(self, number: str, campaign: str, at: int, code: str | None) -> None:
        facts = {"contact_number": number, "campaign": campaign, "started_at": str(at)}
        score = ScoreEdit() if code is None else ScoreEdit(result=code)
        self._try(lambda: add_call(self.db, SETTINGS, facts, score, now=self.now, **WHO))

    @rule(record=choice, code=codes, at=st.none() | times, again=st.none() | times)
    def a_call_is_logged(self, record: int, code: str, at: int | None, again: int | None) -> None:
        facts = {} if at is None else {"started_at": str(at)}
        score = ScoreEdit(result=code)
        if code == "BACK" and again is not None:
            score = score._replace(recall_at=again)
        made = CallMade(facts, score)
        record = record % 9 + 1
        self._try(lambda: log_call(self.db, SETTINGS, record, made, now=self.now, **WHO))

    @rule(call=choice, code=st.none() | codes)
    def a_result_is_given(self, call: int, code: str | None) -> None:
        edit = ScoreEdit(result=code)
        number = self._call(call)
        if number:
            self._try(
                lambda: score_calls(self.db, SETTINGS, [number], edit, today="2026-11-18", **WHO)
            )

    @rule(
        rows=st.lists(
            st.tuples(
                st.integers(1, 4),
                numbers,
                st.just("") | campaigns,
                times,
                st.just("") | codes,
                st.just("") | times,
                st.sampled_from(["", "auto"]),
            ),
            min_size=1,
            max_size=4,
        ),
        overwrite=st.booleans(),
    )
    def calls_are_imported(self, rows: list[tuple[Any, ...]], overwrite: bool) -> None:
        file = self.folder / "calls.csv"
        head = "call id,phone,campaign,start,result,callback time,source\n"
        file.write_text(head + "".join(",".join(map(str, row)) + "\n" for row in rows))
        path = str(self.folder / "calls.db")
        options = ImportOptions(updating=Updating(overwrite_scores=overwrite))
        with contextlib.chdir(self.folder):  # for its rejects files
            self._try(
                lambda: import_files(
                    self._open,
                    SETTINGS,
                    [str(file)],
                    options,
                    results=known_results(path),
                    speak=Speaker(lambda _: None),
                    **WHO,
                )
            )

    @rule(code=st.sampled_from(["NA", "BACK"]), flag=st.sampled_from(["final", "recall", "dnc"]))
    def a_result_comes_to_mean_something_else(self, code: str, flag: str) -> None:
        wish = ResultWish(
            final=flag == "final",
            recall=flag == "recall",
            recall_after="1m" if flag == "recall" else None,
            do_not_call=flag == "dnc",
        )
        self._try(lambda: edit_result(self.db, SETTINGS, code, wish, **WHO))

    @rule(contact=st.integers(1, 4), forget=st.booleans())
    def a_person_is_erased(self, contact: int, forget: bool) -> None:
        if self.db.one("SELECT 1 FROM contact WHERE id = :id AND removed IS NULL", {"id": contact}):
            barred = self._barred_for(contact)
            erase_contact(self.db, SETTINGS, contact, who="tester", with_do_not_call=forget)
            if not forget:
                assert barred <= set(listings(self.db, NUMBERS))

    def _barred_for(self, contact: int) -> set[str]:
        rows = self.db.rows(
            "SELECT e164 FROM contact_number WHERE contact_id = :id", {"id": contact}
        )
        return set(listings(self.db, [number for (number,) in rows if number]))

    @rule(call=choice, campaign=campaigns)
    def a_call_is_of_another_campaign(self, call: int, campaign: str) -> None:
        known = self._call(call)
        facts: dict[str, str | None] = {"campaign": campaign}
        if known:
            self._try(lambda: edit_calls(self.db, SETTINGS, [known], facts, now=self.now, **WHO))

    @rule(call=choice, number=numbers, at=times)
    def a_call_is_edited(self, call: int, number: str, at: int) -> None:
        known = self._call(call)
        facts: dict[str, str | None] = {"contact_number": number, "started_at": str(at)}
        if known:
            self._try(lambda: edit_calls(self.db, SETTINGS, [known], facts, now=self.now, **WHO))

    @rule(call=choice)
    def a_call_is_deleted(self, call: int) -> None:
        known = self._call(call)
        if known:
            self._try(lambda: delete_calls(self.db, [known], **WHO))

    @rule(number=numbers, campaign=st.sampled_from([None, "Spring", "Autumn"]))
    def a_number_is_barred(self, number: str, campaign: str | None) -> None:
        add_numbers(self.db, SETTINGS, [number], Wish(campaign), **WHO)

    @rule(number=numbers, campaign=st.sampled_from([None, "Spring", "Autumn"]))
    def a_number_is_taken_off(self, number: str, campaign: str | None) -> None:
        remove_numbers(self.db, SETTINGS, [number], Wish(campaign), **WHO)

    @rule(name=st.sampled_from(LISTS))
    def a_list_is_opened_again(self, name: str) -> None:
        self._try(lambda: reload_list(self.db, name, now=self.now, **WHO))

    @rule(name=st.sampled_from([*LISTS, "fourth"]), some=st.lists(numbers, min_size=1))
    def a_list_is_loaded(self, name: str, some: list[str]) -> None:
        file = self.folder / "list.csv"
        file.write_text("phone\n" + "".join(f"{number}\n" for number in some))
        target = ("Autumn" if name == "third" else "Spring", name)
        self._try(
            lambda: load_list(
                lambda: open_to_write(str(self.folder / "calls.db")),
                SETTINGS,
                target,
                str(file),
                ImportOptions(),
                now=self.now,
                speak=Speaker(lambda _: None),
                **WHO,
            )
        )

    @rule(seconds=st.integers(0, 20))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(back=st.integers(0, 6))
    def something_is_undone(self, back: int) -> None:
        last = self.db.one("SELECT max(id) FROM change")
        if last - back > 8:  # what the beginning made stays, but for the lists
            self._try(lambda: undo(self.db, last - back, **WHO))

    @precondition(lambda self: self.db.one("SELECT 1 FROM list_record WHERE removed IS NULL"))
    @rule(campaign=st.sampled_from(["Spring", "Autumn"]))
    def the_next_one_is_the_first_of_the_order(self, campaign: str) -> None:
        number = {name.capitalize(): id_ for id_, name in CAMPAIGNS.items()}[campaign]
        wanted = self._order(number)
        try:
            found = present_next(
                self.db, SETTINGS, campaign, who="tester", now=self.now, reserve=15
            )
        except Refused:
            assert wanted == []
        else:
            assert found.record == wanted[0]

    @invariant()
    def records_are_what_their_calls_say(self) -> None:
        if not hasattr(self, "db"):
            return
        kept = self.db.rows(
            "SELECT id, campaign_id, state, attempts, last_call_at, next_at FROM list_record"
            " WHERE removed IS NULL ORDER BY id"
        )
        assert kept == derived(self.db)

    def _order(self, campaign: int) -> list[int]:
        """Return the records to be called, sorted the plain way."""
        reserved = dict(self.db.rows("SELECT id, COALESCE(reserved_until, 0) FROM list_record"))
        found = []
        for record, where, state, _, last, due in derived(self.db):
            if where != campaign or reserved[record] > self.now:
                continue
            if state == "callback" and due <= self.now:
                found.append((0, due, record))
            elif state == "new":
                found.append((1, 0, record))
            elif state == "open":
                found.append((2, last, record))
        return [record for *_, record in sorted(found)]

    def _call(self, choice: int) -> int | None:
        calls = self.db.rows("SELECT id FROM call WHERE removed IS NULL ORDER BY id")
        return calls[choice % len(calls)][0] if calls else None

    def _open(self) -> Database:
        db = open_to_write(str(self.folder / "calls.db"))
        db.on_written = RuleEngine(SETTINGS, CONTEXT, self.now)
        return db

    def _try(self, do: Any) -> None:
        with contextlib.suppress(Refused):  # it changes nothing then, which the invariant sees
            do()


@cache
def beginning() -> bytes:
    """Return a database with two campaigns, their lists, and results of every effect."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "calls.db", lambda *_: None)
        for name in CAMPAIGNS.values():
            desk.campaign(name.capitalize())
        desk.result("FINAL", final=1)
        desk.result("NA")
        desk.result("BACK", recall=1, recall_after=30)
        desk.result("DNC", do_not_call=1)
        desk.result("ROLL", roll_to=2)
        desk.result("FINALROLL", final=1, roll_to=1)
        desk.load(1, "first", *NUMBERS[:2], opened_at=NOW - 20)
        desk.load(1, "second", *NUMBERS[1:], opened_at=NOW - 20)
        desk.load(2, "third", *NUMBERS[:1], opened_at=NOW - 20)
        with desk.open() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return desk.path.read_bytes()


def derived(db: Any) -> list[tuple[Any, ...]]:
    """Work out every record from the calls, the results and the lists, without any shortcut."""
    records = {
        id_: {"number": number, "home": home, "opened": opened, "now": home, "calls": []}
        for id_, number, home, opened in db.rows(
            "SELECT r.id, r.number, l.campaign_id, l.opened_at FROM list_record AS r"
            " JOIN contact_list AS l ON l.id = r.list_id WHERE r.removed IS NULL"
        )
    }
    flags = {
        row[0]: row
        for row in db.rows("SELECT id, final, recall, recall_after, roll_to FROM result")
    }
    by_name = {name: id_ for id_, name in CAMPAIGNS.items()}
    for call, number, at, named, result, own, recall_at in db.rows(
        "SELECT c.id, c.contact_number_e164, c.started_at, l.folded, c.result_id, c.record_id,"
        " c.recall_at FROM call AS c LEFT JOIN lookup AS l ON l.id = c.campaign_id"
        " WHERE c.removed IS NULL AND c.started_at IS NOT NULL ORDER BY c.started_at, c.id"
    ):
        campaign = by_name.get(named)
        if own in records:
            fits = [records[own]]
        else:
            fits = [
                each
                for each in records.values()
                if each["number"] == number and campaign in (each["home"], each["now"])
            ]
        if len(fits) != 1:
            continue
        [record] = fits
        record["calls"].append((call, at, result, recall_at))
        if result is not None:
            called_in = campaign or record["now"]
            record["now"] = flags[result][4] or called_in
            record["rolled"] = record["now"] != called_in
    return [
        (id_, record["now"], *_state(db, record, flags)) for id_, record in sorted(records.items())
    ]


def _state(db: Any, record: dict[str, Any], flags: dict[int, Any]) -> tuple[Any, ...]:
    calls = record["calls"]
    last = calls[-1][1] if calls else None
    if is_barred(db, record["number"], record["now"]):
        return "do_not_call", len(calls), last, None
    said = [call for call in calls if call[2] is not None]
    if not calls:
        return "new", 0, None, None
    if not said:
        return "open", len(calls), last, None
    call, at, result, recall_at = said[-1]
    _, final, recall, after, _ = flags[result]
    if final and at >= record["opened"]:
        return "final", len(calls), last, None
    if recall:
        return "callback", len(calls), last, recall_at or at + after
    rolled = record["rolled"] and call == calls[-1][0]
    return "new" if rolled else "open", len(calls), last, None


def is_barred(db: Any, number: str, campaign: int) -> bool:
    """Tell whether a number is on a do-not-call list: by the last word of people, or by a call."""
    words = db.rows(
        "SELECT d.campaign_id, d.action, d.added_in FROM do_not_call AS d"
        " JOIN change AS ch ON ch.id = d.added_in"
        " WHERE d.number = ? AND ch.undone_by IS NULL ORDER BY d.id",
        (number,),
    )
    for scope in (None, campaign):
        said = [action for of, action, _ in words if of == scope]
        if said and said[-1] == "added":
            return True
    off = max((made for of, action, made in words if of is None and action == "removed"), default=0)
    for (call,) in db.rows(
        "SELECT c.id FROM call AS c JOIN result AS r ON r.id = c.result_id WHERE r.do_not_call = 1"
        " AND c.removed IS NULL AND c.contact_number_e164 = ?",
        (number,),
    ):
        given = db.rows(
            "SELECT max(e.change_id) FROM change_entry AS e JOIN change AS ch"
            " ON ch.id = e.change_id WHERE e.entity = 'call' AND e.field = 'result'"
            " AND e.entity_id = ? AND ch.undoes IS NULL AND ch.undone_by IS NULL",
            (call,),
        )
        imported = db.one("SELECT imported_in FROM call WHERE id = ?", (call,))
        if (given[0][0] or imported) > off:
            return True
    return False


@pytest.mark.parametrize("_", [0])
def test_records_follow_from_calls_lists_and_the_do_not_call_list(_: int, home: Path) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Sequence,
        settings=settings(
            max_examples=100,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
