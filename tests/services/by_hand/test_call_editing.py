from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.domain.scoring import ScoreEdit
from scorecli.domain.zones import resolve_zone
from scorecli.errors.calls import (
    BadFact,
    CallExists,
    NoFacts,
    NotAFact,
    NotAnAssignment,
    UnknownCall,
)
from scorecli.errors.history import CallsReplaced
from scorecli.errors.scoring import AmountWithoutConversion
from scorecli.readers.typed_call import read_assignment, read_facts
from scorecli.services.call_editing import EditOutcome, add_call, delete_calls, edit_calls
from scorecli.services.import_options import ImportOptions, Speaker
from scorecli.services.import_summary import ImportSummary
from scorecli.services.importing import import_files, known_results
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import open_to_write

NOW = 1_793_700_000  # 2026-11-03 10:40 in Berlin


def edit(desk: Any, calls: list[int], *assignments: str, **more: Any) -> EditOutcome:
    facts = dict(read_assignment(text) for text in assignments)
    return edit_calls(desk.db, desk.settings, calls, facts, now=NOW, **desk.who, **more)


def add(desk: Any, score: ScoreEdit | None = None, **facts: str) -> int:
    wanted = score or ScoreEdit()
    return add_call(desk.db, desk.settings, facts, wanted, now=NOW, **desk.who)[0]


def row(desk: Any, call: int) -> dict[str, Any]:
    cursor = desk.db.execute("SELECT * FROM call_log WHERE id = ?", (call,))
    values = cursor.fetchone()
    return {} if values is None else dict(zip([d[0] for d in cursor.description], values))  # noqa: B905


def bring(path: str, desk: Any, text: str) -> ImportSummary:
    file = Path(path).with_name("calls.csv")
    file.write_text(text)
    return import_files(
        lambda: open_to_write(path),
        desk.settings,
        [str(file)],
        ImportOptions(),
        author=Author("import", "tester"),
        results=known_results(path),
        speak=Speaker(notice=lambda _: None),
    )


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "calls.db")


def test_a_call_entered_by_hand_has_what_was_said_and_the_system_manual(desk: Any) -> None:
    call = add(
        desk,
        started_at="2026-11-03 10:00",
        contact_number="(212) 555-0123",
        contact_name=" Ann ",
        source="google",
        duration="1:30",
        direction="incoming",
        status="Answered",
    )
    found = row(desk, call)
    assert found["system"] == "manual"
    assert found["started_at"] == "2026-11-03T09:00:00Z"  # Berlin is an hour ahead
    assert (found["contact_number"], found["contact_number_e164"]) == (
        "(212) 555-0123", "+12125550123"
    )  # fmt: skip
    assert (found["contact_name"], found["source"]) == ("Ann", "google")
    assert (found["duration"], found["direction"], found["status"]) == (90, "inbound", "answered")


def test_entering_a_call_is_undone_and_done_again(desk: Any) -> None:
    call = add(
        desk,
        ScoreEdit(stars=4, tags=("demo",), converted=True, amount=25000),
        started_at="2026-10-31 23:30",
        source="google",
    )
    before = row(desk, call)
    assert (before["stars"], before["reporting_tags"]) == (4, "demo")
    assert (before["amount_minor"], before["converted_on"]) == (25000, "2026-10-31")
    desk.undo(1)
    assert row(desk, call) == {}
    desk.undo(2)
    assert row(desk, call) == before


def test_a_call_whose_score_is_refused_is_not_entered(desk: Any) -> None:
    with pytest.raises(AmountWithoutConversion):
        add(desk, ScoreEdit(amount=100), source="google")
    assert desk.db.one("SELECT count(*) FROM call") == 4
    assert desk.entries() == 0


def test_a_call_of_which_nothing_is_known_is_refused(desk: Any) -> None:
    for facts in ({}, {"system": "x"}, {"source": "  "}):
        with pytest.raises(NoFacts):
            add(desk, **facts)


def test_now_is_a_start(desk: Any) -> None:
    call = add(desk, started_at="now")
    assert desk.get(call, "started_at") == NOW


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"started_at": "yesteryear"}, "started_at"),
        ({"started_at": "03/04/2026"}, "two days"),
        ({"direction": "sideways"}, "inbound, outbound, internal"),
        ({"status": "asleep"}, "answered, no_answer"),
        ({"duration": "-5"}, "negative"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_the_reason(
    desk: Any, facts: dict[str, str], said: str
) -> None:
    with pytest.raises(BadFact, match=said):
        add(desk, **facts)
    with pytest.raises(BadFact, match=said):
        edit(desk, [1], *(f"{field}={value}" for field, value in facts.items()))


def test_the_same_external_id_or_start_and_number_is_the_same_call(desk: Any) -> None:
    first = add(desk, external_id="A1", system="callrail")
    with pytest.raises(CallExists, match=f"Call {first} has the same external id"):
        add(desk, external_id="A1", system="callrail", source="bing")
    add(desk, external_id="A1", system="other")
    facts = {"started_at": "2026-11-03 10:00", "contact_number": "5551234567"}
    second = add(desk, **facts)
    with pytest.raises(CallExists, match=f"Call {second} has the same start and number"):
        add(desk, **facts, source="bing")
    delete_calls(desk.db, [second], **desk.who)
    with pytest.raises(CallExists, match="was deleted by change 4"):
        add(desk, **facts)


def test_calls_of_which_little_is_known_may_be_alike(desk: Any) -> None:
    assert add(desk, contact_name="Ann") != add(desk, contact_name="Ann")


def test_a_call_that_was_undone_can_be_entered_again_but_not_brought_back_too(desk: Any) -> None:
    add(desk, external_id="A1")
    desk.undo(1)
    again = add(desk, external_id="A1")
    with pytest.raises(CallsReplaced):
        desk.undo(2)
    assert row(desk, again)["external_id"] == "A1"


def test_an_import_meets_a_call_entered_by_hand_and_leaves_what_was_said_of_it(
    path: str, desk: Any
) -> None:
    with desk.at(path):
        add(desk, external_id="A1", system="callrail", source="google", agent="Bob")
    done = bring(path, desk, "call id,system,source,agent name,medium\nA1,callrail,bing,Eve,cpc\n")
    assert (done.inserted, done.updated) == (0, 1)
    with desk.at(path):
        found = row(desk, 1)
        assert (found["source"], found["agent"], found["medium"]) == ("google", "Bob", "cpc")


def test_an_edit_sets_and_clears_facts_of_several_calls_in_one_change(desk: Any) -> None:
    done = edit(desk, [1, 2, 1], "source=google", "agent= Ann Lee ")
    assert (done.changed, done.unchanged, done.change) == (2, 0, 1)
    assert row(desk, 2)["agent"] == "Ann Lee"
    done = edit(desk, [1, 2, 3], "source=google", "agent=")
    assert (done.changed, done.unchanged) == (3, 0)
    assert (row(desk, 1)["agent"], row(desk, 3)["source"]) == (None, "google")
    assert edit(desk, [1, 2, 3], "source=google").change is None
    desk.undo(2)
    assert (row(desk, 1)["agent"], row(desk, 3)["source"]) == ("Ann Lee", None)


def test_the_normalised_number_follows_the_number(desk: Any) -> None:
    edit(desk, [1], "contact_number=212-555-0123")
    assert desk.get(1, "contact_number_e164") == "+12125550123"
    edit(desk, [1], "contact_number=extension 4")
    assert desk.get(1, "contact_number_e164") is None
    edit(desk, [1], "contact_number=212-555-0123")
    edit(desk, [1], "contact_number=")
    assert (desk.get(1, "contact_number"), desk.get(1, "contact_number_e164")) == (None, None)
    desk.undo()
    assert desk.get(1, "contact_number_e164") == "+12125550123"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("stars=4", "scorecli score"),
        ("note=x", "scorecli score"),
        ("id=7", "Facts:"),
        ("contact=7", "Facts:"),
        ("user=Ann", "Facts:"),
        ("contact_number_e164=+1", "Facts:"),
        ("sorce=x", "source"),
        ("removed=x", "Facts:"),
    ],
)
def test_scores_and_what_scorecli_gives_itself_are_no_facts(text: str, hint: str) -> None:
    with pytest.raises(NotAFact) as refused:
        read_assignment(text)
    assert hint in (refused.value.hint or "")


def test_an_assignment_needs_an_equals_sign(desk: Any) -> None:
    with pytest.raises(NotAnAssignment):
        read_assignment("source google")
    assert read_assignment(" Source =a=b") == ("source", "a=b")
    with pytest.raises(NotAFact, match="system cannot be empty"):
        edit(desk, [1], "system=")


def test_if_one_call_is_not_there_none_is_edited_or_deleted(desk: Any) -> None:
    with pytest.raises(UnknownCall):
        edit(desk, [1, 99], "source=google")
    with pytest.raises(UnknownCall):
        delete_calls(desk.db, [1, 99], **desk.who)
    assert desk.entries() == 0
    assert row(desk, 1)["source"] is None


def test_an_edited_fact_is_protected_from_imports_and_its_neighbours_are_not(
    path: str, desk: Any
) -> None:
    log = "call id,source,agent name,phone\nA1,google,Bob,2125550123\n"
    bring(path, desk, log)
    with desk.at(path):
        edit(desk, [1], "source=bing", "contact_number=212-555-0199")
    changed = log.replace("google", "yahoo").replace("Bob", "Eve")
    assert bring(path, desk, changed).updated == 1
    with desk.at(path):
        found = row(desk, 1)
        assert (found["source"], found["agent"]) == ("bing", "Eve")
        assert found["contact_number_e164"] == "+12125550199"


def test_a_deleted_call_stays_deleted_when_it_is_imported_again_until_it_is_undone(
    path: str, desk: Any
) -> None:
    log = "call id,source\nA1,google\nA2,google\n"
    bring(path, desk, log)
    with desk.at(path):
        done = delete_calls(desk.db, [1], **desk.who)
        assert done.deleted == 1
    again = bring(path, desk, log.replace("google", "bing"))
    assert (again.inserted, again.updated, again.unchanged) == (0, 1, 1)
    with desk.at(path):
        assert [row(desk, 1), row(desk, 2)["source"]] == [{}, "bing"]
        desk.undo(done.change)
        assert row(desk, 1)["source"] == "google"


def test_a_dry_run_of_an_edit_shows_before_and_after_and_changes_nothing(desk: Any) -> None:
    edit(desk, [1], "source=google")
    done = edit(desk, [1, 2], "source=bing", dry_run=True)
    shown = [(f.call, f.field, f.before, f.after) for f in done.fields]
    assert shown == [(1, "source", "google", "bing"), (2, "source", None, "bing")]
    assert (done.change, row(desk, 1)["source"]) == (None, "google")


SETTINGS = parse('[display]\ntime_zone = "Europe/Berlin"\n')
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


@given(
    st.dictionaries(
        st.sampled_from(["source", "agent", "contact_name", "started_at", "duration", "status"]),
        TEXTS | st.sampled_from(["12", "2026-11-03", "busy", "now"]),
        min_size=1,
    )
)
def test_any_text_is_read_or_refused_with_a_sentence(texts: dict[str, str]) -> None:
    try:
        parsed = read_facts(texts, SETTINGS, resolve_zone("Europe/Berlin"), NOW)
    except BadFact:
        return
    start = parsed["started_at"][0]
    assert start is None or datetime.fromtimestamp(start, UTC)
