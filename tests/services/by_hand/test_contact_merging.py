"""Contacts merged, converted and erased, and the calls that link to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scorecli.domain.whole_filter import Filter
from scorecli.errors.contacts import Erased, MergedWithItself, ScoresDiffer, UnknownContact
from scorecli.reports.calls import list_calls
from scorecli.services.contact_editing import (
    ContactWish,
    add_contact,
    delete_contacts,
    edit_contacts,
)
from scorecli.services.contact_erasing import erase_contact
from scorecli.services.contact_merging import convert_contacts, merge_contacts
from scorecli.storage.changes import Author
from scorecli.storage.contact_lookup import find_contact
from scorecli.storage.contact_rows import contact_states
from scorecli.storage.filter_sql import to_sql

NUMBER = "+441914980123"


def add(desk: Any, name: str, **more: Any) -> int:
    lists = {key: more.pop(key) for key in ("numbers", "emails", "extra") if key in more}
    wish = ContactWish({"name": name, **more}, **lists)
    return add_contact(desk.db, desk.settings, wish, now=100, **desk.who)[0]


def state(desk: Any, contact: int) -> dict[str, Any]:
    return contact_states(desk.db, [contact])[contact]


def merge(desk: Any, keep: int, *others: int, scores: Any = None) -> Any:
    return merge_contacts(desk.db, keep, others, scores=scores, **desk.who)


def score(desk: Any, contact: int, value: float, score_type: str = "score") -> None:
    with desk.db.change(*desk.who["author"]) as change:
        desk.db.execute("INSERT INTO contact_score VALUES (?, ?, ?)", (contact, score_type, value))
        change.record("contact", contact, "score", None, value, item=score_type)


def scores(desk: Any, contact: int) -> dict[str, float]:
    return dict(
        desk.db.rows("SELECT score_type, value FROM contact_score WHERE contact_id = ?", (contact,))
    )


def activity(desk: Any, contact: int, points: int) -> None:
    with desk.db.change(*desk.who["author"]) as change:
        desk.db.execute(
            "INSERT INTO activity (activity_type, folded, contact_id, points, at, added_in)"
            " VALUES ('call', 'call', ?, ?, 0, ?)",
            (contact, points, change.id),
        )


def points(desk: Any, contact: int) -> int:
    found = desk.db.one(
        "SELECT sum(points) FROM activity WHERE contact_id = ? AND removed IS NULL", (contact,)
    )
    return found or 0


def everything(desk: Any) -> list[Any]:
    return [
        desk.db.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("contact", "contact_number", "contact_email", "contact_score", "activity")
    ]


def links(desk: Any) -> list[int | None]:
    result = list_calls(desk.db, desk.settings, Filter("calls", ()), ["id", "contact"])
    return [contact for _, contact in sorted(result.rows)]


def number_call(desk: Any, call: int, number: str | None = NUMBER) -> None:
    desk.db.execute(
        "UPDATE call SET contact_number = ?, contact_number_e164 = ? WHERE id = ?",
        (number, number, call),
    )


def test_a_merge_unites_two_people_and_undo_parts_them_exactly(desk: Any) -> None:
    ann = add(desk, "Ann Lee", numbers=["5551"], extra={"A": "1", "B": "x"}, note="one")
    lead = add(
        desk, "Ann Leigh", kind="lead", city="Hull", numbers=["5551", NUMBER], note="two",
        emails=["ann@example.com"], extra={"B": "y", "C": "3"}, external_id="K7",
    )  # fmt: skip
    activity(desk, ann, 5)
    activity(desk, lead, 10)
    score(desk, lead, 40)
    before = everything(desk)
    done = merge(desk, ann, lead)
    kept = state(desk, ann)
    assert [written for written, _ in kept["numbers"]] == ["5551", NUMBER]
    assert kept["emails"] == ["ann@example.com"]
    assert kept["extra"] == {"A": "1", "B": "x", "C": "3"}
    assert (kept["kind"], kept["city"], kept["external_id"]) == ("contact", "Hull", "K7")
    assert kept["note"] == "one\n\ntwo"
    assert points(desk, ann) == 15
    assert scores(desk, ann) == {"score": 40}
    with pytest.raises(UnknownContact) as refused:
        find_contact(desk.db, str(lead))
    assert f"went into contact {ann}" in (refused.value.hint or "")
    undone = desk.undo(done.change)
    assert everything(desk) == before
    desk.undo(undone)
    assert points(desk, ann) == 15
    assert state(desk, ann) == kept


@pytest.mark.parametrize(("wish", "left"), [("FIRST", 80), ("SECOND", 60), ("max", 80)])
def test_scores_that_differ_ask_which_counts(desk: Any, wish: str, left: float) -> None:
    one, other = add(desk, "Ann Lee"), add(desk, "Ann Leigh")
    score(desk, one, 80)
    score(desk, other, 60)
    before = everything(desk)
    with pytest.raises(ScoresDiffer, match="80 on contact 1 and 60 on contact 2"):
        merge(desk, one, other)
    assert everything(desk) == before
    merge(desk, one, other, scores=wish)
    assert scores(desk, one) == {"score": left}


def test_nobody_goes_into_themselves_and_what_was_merged_can_merge_on(desk: Any) -> None:
    one, two, three = (add(desk, name) for name in ("Ann", "Bob", "Cy"))
    with pytest.raises(MergedWithItself):
        merge(desk, one, two, one)
    activity(desk, one, 3)
    merge(desk, two, one)
    merge(desk, three, two)
    assert points(desk, three) == 3
    desk.undo()
    assert points(desk, two) == 3


def test_converting_a_lead_keeps_everything(desk: Any) -> None:
    lead = add(desk, "Ann Lee", kind="lead", numbers=[NUMBER], extra={"A": "1"})
    before = state(desk, lead)
    done = convert_contacts(desk.db, [lead], **desk.who)
    assert state(desk, lead) == {**before, "kind": "contact"}
    assert (done.converted, convert_contacts(desk.db, [lead], **desk.who).change) == (1, None)
    desk.undo(done.change)
    assert state(desk, lead) == before


def test_calls_link_by_number_only_where_exactly_one_live_contact_has_it(desk: Any) -> None:
    number_call(desk, 1)
    number_call(desk, 2, None)
    assert links(desk) == [None] * 4
    ann = add(desk, "Ann Lee", numbers=["+44 191 498 0123"])
    assert links(desk) == [ann, None, None, None]
    bob = add(desk, "Bob Roe", numbers=[NUMBER])
    assert links(desk) == [None] * 4
    delete_contacts(desk.db, [bob], **desk.who)
    assert links(desk)[0] == ann
    desk.undo()
    merge(desk, bob, ann)
    assert links(desk)[0] == bob


def test_calls_are_filtered_by_the_contact_they_link_to(desk: Any, filter_calls: Any) -> None:
    number_call(desk, 1)
    number_call(desk, 3, "+12125550123")
    ann = add(desk, "Ann Lee", numbers=[NUMBER])
    assert filter_calls(f"contact:{ann}") == [1]
    assert filter_calls("contact:any") == [1]
    assert filter_calls("contact:none") == [2, 3, 4]
    assert filter_calls(f"not:contact:{ann}") == [2, 3, 4]
    assert filter_calls(f"contact:{ann}..") == [1]


@pytest.fixture
def filter_calls(desk: Any) -> Any:
    from datetime import date
    from zoneinfo import ZoneInfo

    from scorecli.domain.filters import FilterContext, parse_terms

    context = FilterContext(date(2026, 11, 3), ZoneInfo("UTC"), "USD")

    def found(term: str) -> list[int]:
        condition = to_sql(parse_terms([term], "calls", context))
        rows = desk.db.rows(
            f"SELECT c.id FROM call AS c WHERE {condition.sql} ORDER BY c.id", condition.params
        )
        return [number for (number,) in rows]

    return found


def test_erasing_leaves_no_trace_in_any_table_or_in_the_file(desk: Any, tmp_path: Path) -> None:
    path = tmp_path / "erased.db"
    with desk.at(str(path)):
        db = desk.db
        db.execute("INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'A', 'a')")
        db.execute(
            "INSERT INTO call (id, system_id, identity, contact_name, contact_number,"
            " contact_number_e164, note, extra) VALUES (1, 1, x'00', 'Xaviera Quill',"
            f" '{NUMBER}', '{NUMBER}', 'asked for Xaviera', '{{\"Caller\": \"Quill\"}}')"
        )
        desk.who = {"author": Author(f"scorecli contacts add Xaviera Quill --phone {NUMBER}", "t")}
        gone = add(desk, "Xaviera Quill", numbers=[NUMBER], emails=["xaviera@quill.test"])
        other = add(desk, "X. Quill", note="Quill again")
        edit_contacts(db, desk.settings, [gone], ContactWish({"city": "Quillville"}), **desk.who)
        merge(desk, gone, other)
        activity(desk, gone, 5)
        stays = add(desk, "Bob Roe")
        done = erase_contact(db, desk.settings, gone, who="t")
        assert (done.contacts, done.calls, done.activities) == (2, 1, 1)
        assert db.one("SELECT note FROM call") is None
        with pytest.raises(Erased):
            desk.undo(done.change)
        with pytest.raises(Erased):
            desk.undo()
        assert db.one("SELECT id FROM contact") == stays
        desk.who = {"author": Author("scorecli test", "t")}
        for table in ("change", "change_entry", "call", "contact", "contact_number"):
            assert "quill" not in str(db.rows(f"SELECT * FROM {table}")).lower()
    content = path.read_bytes().lower()
    for trace in (b"quill", b"xaviera", b"4980123"):
        assert trace not in content


def test_two_names_that_differ_do_not_become_a_third(desk: Any) -> None:
    kept = add(desk, "Ann")
    merge(desk, kept, add(desk, "Bob Roe"))
    assert (state(desk, kept)["first_name"], state(desk, kept)["last_name"]) == ("Ann", None)
    merge(desk, kept, add(desk, "ANN Lee"))
    assert (state(desk, kept)["first_name"], state(desk, kept)["last_name"]) == ("Ann", "Lee")


def test_a_deleted_person_is_erased_too_with_their_calls_but_not_those_of_others(
    desk: Any,
) -> None:
    other = "+441914980999"
    gone = add(desk, "Ann Lee", numbers=[NUMBER, other])
    add(desk, "Bob Roe", numbers=[other])
    desk.db.execute("INSERT INTO lookup (id, field, value, folded) VALUES (9, 'system', 'Z', 'z')")
    mine, shared = 101, 102
    for number, text in ((mine, NUMBER), (shared, other)):
        desk.db.execute(
            "INSERT INTO call (id, system_id, identity, contact_number, contact_number_e164)"
            " VALUES (?, 9, ?, ?, ?)",
            (number, bytes([number]), text, text),
        )
    delete_contacts(desk.db, [gone], **desk.who)
    with pytest.raises(UnknownContact):
        find_contact(desk.db, "Ann Lee")
    assert find_contact(desk.db, "Ann Lee", deleted=True) == gone
    done = erase_contact(desk.db, desk.settings, gone, who="t")
    assert (done.contacts, done.calls) == (1, 1)
    found = dict(desk.db.rows("SELECT id, contact_number FROM call WHERE id > 100"))
    assert found == {mine: None, shared: other}
    assert desk.db.one("SELECT count(*) FROM contact WHERE folded LIKE '%ann%'") == 0
