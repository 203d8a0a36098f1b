"""Contacts entered, corrected and deleted by hand, found again, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from scorecli.errors.contacts import (
    AmbiguousContact,
    BadContactValue,
    ExternalIdTaken,
    NoContact,
    UnknownContact,
)
from scorecli.errors.history import LinkedSince, TouchedLater
from scorecli.errors.users import UnknownUser
from scorecli.services.contact_editing import (
    ContactWish,
    add_contact,
    delete_contacts,
    edit_contacts,
)
from scorecli.storage.contact_lookup import find_contact
from scorecli.storage.contact_rows import contact_states


def add(desk: Any, name: str | None = None, **more: Any) -> int:
    lists = {key: more.pop(key) for key in ("numbers", "emails", "extra") if key in more}
    texts = {**({"name": name} if name else {}), **more}
    wish = ContactWish(texts, **lists)
    return add_contact(desk.db, desk.settings, wish, now=100, **desk.who)[0]


def edit(desk: Any, contact: int, **wish: Any) -> Any:
    return edit_contacts(desk.db, desk.settings, [contact], ContactWish(**wish), **desk.who)


def state(desk: Any, contact: int) -> dict[str, Any]:
    return contact_states(desk.db, [contact])[contact]


def test_a_contact_is_found_by_number_id_mail_telephone_and_name(desk: Any) -> None:
    ann = add(desk, "Ann Lee", numbers=["+44 191 498 0123"], emails=["Ann@Example.com"])
    other = add(desk, "Bob Roe", external_id="K-7")
    for text in (str(ann), "ann@example.com", "+441914980123", " ANN  lee", "Lee, Ann"):
        assert find_contact(desk.db, text) == ann
    assert find_contact(desk.db, "0191 498 0123", "GB") == ann
    assert find_contact(desk.db, "ext:K-7") == find_contact(desk.db, "K-7") == other
    with pytest.raises(UnknownContact):
        find_contact(desk.db, "Ann Le")


def test_digits_are_never_taken_for_an_external_id(desk: Any) -> None:
    ann = add(desk, "Ann Lee", external_id="7")
    with pytest.raises(UnknownContact, match="7"):
        find_contact(desk.db, "7")
    assert find_contact(desk.db, "ext:7") == ann


def test_an_external_id_belongs_to_one_contact(desk: Any) -> None:
    ann, bob = add(desk, "Ann Lee", external_id="K-7"), add(desk, "Bob Roe")
    with pytest.raises(ExternalIdTaken, match='Contact 1 has the external id "K-7" already'):
        add(desk, "Cy Park", external_id="K-7")
    with pytest.raises(ExternalIdTaken):
        edit(desk, bob, texts={"external_id": "K-7"})
    with pytest.raises(ExternalIdTaken):  # nor can two be given the same at once
        edit_contacts(
            desk.db, desk.settings, [ann, bob], ContactWish({"external_id": "N"}), **desk.who
        )
    assert state(desk, bob)["external_id"] is None
    edit(desk, ann, texts={"external_id": "K-7", "city": "Hull"})  # what it has already
    edit(desk, ann, texts={"external_id": None})
    edit(desk, bob, texts={"external_id": "K-7"})
    assert find_contact(desk.db, "ext:K-7") == bob


def test_namesakes_are_refused_with_the_candidates(desk: Any) -> None:
    add(desk, "Ann Lee", company="ACME")
    add(desk, "Ann Lee")
    with pytest.raises(AmbiguousContact, match=r"1 \(Ann Lee, ACME\), 2 \(Ann Lee\)"):
        find_contact(desk.db, "ann lee")


def test_an_edit_changes_only_what_is_named_and_is_taken_back_whole(desk: Any) -> None:
    ann = add(desk, "Ann Lee", city="Hull", company="ACME", numbers=["5551"], extra={"A": "1"})
    before = state(desk, ann)
    done = edit(
        desk,
        ann,
        texts={"city": None, "company": "Other", "note": "hello", "kind": "Lead"},
        add_numbers=["+44 191 498 0123", "+441914980123"],
        drop_numbers=["5551"],
        extra={"A": None, "B": "2"},
    )
    after = state(desk, ann)
    assert after["numbers"] == [["+44 191 498 0123", "+441914980123"]]
    assert (after["city"], after["note"], after["kind"]) == (None, "hello", "lead")
    assert after["extra"] == {"B": "2"}
    assert after["first_name"] == "Ann"
    desk.undo(done.change)
    assert state(desk, ann) == before


def test_an_edit_that_changes_nothing_is_no_change(desk: Any) -> None:
    ann = add(desk, "Ann Lee", city="Hull")
    assert edit(desk, ann, texts={"city": "Hull"}).change is None


def test_a_deleted_contact_is_gone_until_undo(desk: Any) -> None:
    ann = add(desk, "Ann Lee")
    done = delete_contacts(desk.db, [ann], **desk.who)
    with pytest.raises(UnknownContact) as refused:
        find_contact(desk.db, str(ann))
    assert f"scorecli undo {done.change}" in (refused.value.hint or "")
    desk.undo(done.change)
    assert find_contact(desk.db, "Ann Lee") == ann


def test_adding_is_undone_unless_something_was_written_since(desk: Any) -> None:
    ann = add(desk, "Ann Lee")
    edit(desk, ann, texts={"city": "Hull"})
    with pytest.raises(TouchedLater):
        desk.undo(1)
    desk.undo(2)
    undone = desk.undo(1)
    with pytest.raises(UnknownContact):
        find_contact(desk.db, "Ann Lee")
    desk.undo(undone)
    assert find_contact(desk.db, "Ann Lee") == ann


def test_a_user_who_owns_contacts_stays_and_an_undone_contact_lets_go(desk: Any) -> None:
    from scorecli.services.users import UserWish, add_user

    add_user(desk.db, desk.settings, UserWish(name="Dana Reyes"), now=100, **desk.who)
    ann = add(desk, "Ann Lee", owner="dana reyes")
    with pytest.raises(LinkedSince):
        desk.undo(1)
    desk.undo(2)
    gone = desk.undo(1)
    desk.undo(gone)
    desk.undo(2 + 1)
    assert state(desk, ann)["owner_id"] is not None


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ({}, NoContact),
        ({"city": "Hull"}, NoContact),
        ({"name": "Ann", "kind": "friend"}, BadContactValue),
        ({"name": "Ann", "owner": "nobody"}, UnknownUser),
        ({"name": "Ann\0", "city": "x"}, BadContactValue),
    ],
)
def test_what_cannot_be_a_contact_is_refused_and_nothing_written(
    desk: Any, texts: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        add(desk, **{"name": None, **texts})
    assert desk.db.one("SELECT count(*) FROM contact") == 0
    assert desk.db.one("SELECT count(*) FROM change") == 0


@pytest.mark.parametrize("wish", [{"emails": ["ann at home"]}, {"numbers": ["private"]}])
def test_what_is_no_number_or_address_is_refused(desk: Any, wish: dict[str, Any]) -> None:
    with pytest.raises(BadContactValue):
        add(desk, "Ann", **wish)
