"""Any file of contacts again changes nothing, whatever is stored and whatever the file holds."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scorecli.domain.contact_scores import parse_wish
from scorecli.errors import Refused
from scorecli.readers.mapping import Wishes
from scorecli.services.contact_editing import ContactWish, delete_contacts, edit_contacts
from scorecli.services.contact_erasing import erase_contact
from scorecli.services.contact_import import ContactImport, import_contacts
from scorecli.services.contact_merging import merge_contacts
from scorecli.services.contact_scoring import score_contacts
from scorecli.services.import_options import ImportOptions, Speaker, Updating
from scorecli.services.import_reading import FileForm
from scorecli.services.undoing import undo
from scorecli.services.users import UserWish, add_user
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import Database, open_in_memory

WHO = {"author": Author("test", "tester")}
SETTINGS = parse('[phone]\nregion = "GB"\n')
COLUMNS = ("external_id", "First Name", "Last Name", "E-mail", "E-mail 2", "Phone", "Company")
COLUMNS += ("city", "Owner", "Code", "Score")
NUMBERS = ("0191 498 0123", "+44 191 498 0124", "5551")
# Few values, so that rows and contacts meet in every way that they can.
CELLS = (
    st.sampled_from(["", "", "1", "2", "3"]),
    st.sampled_from(["", "Ann", "ANN", "Bob"]),
    st.sampled_from(["", "", "Lee"]),
    st.sampled_from(["", "", "a@x.test", "b@x.test", "B@x.test", "c@x.test", "no mail"]),
    st.sampled_from(["", "", "", "a@x.test", "c@x.test"]),
    st.sampled_from(["", "", *NUMBERS, f"{NUMBERS[0]}; {NUMBERS[1]}", "private"]),
    st.sampled_from(["", "", "ACME", "acme", "Bolt"]),
    st.sampled_from(["", "", "", "Hull", "Bath"]),
    st.sampled_from(["", "", "", "Dana Reyes", "dana", "Nobody"]),
    st.sampled_from(["", "", "x", "y"]),
    st.sampled_from(["", "", "", "0", "80", "101"]),
)
ROWS = st.lists(st.tuples(*CELLS), max_size=8)
KEYS = [(), (), ("E-mail",), ("First Name", "Phone"), ("Phone", "E-mail"), ("Owner",), ("Company",)]
PERSON = st.integers(1, 6)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("name"), PERSON, st.sampled_from(["Ann", "Bob Lee", "Cy"])),
        st.tuples(st.just("city"), PERSON, st.sampled_from(["York", None])),
        st.tuples(st.just("email"), PERSON, st.sampled_from(["a@x.test", "c@x.test"])),
        st.tuples(st.just("no email"), PERSON, st.sampled_from(["a@x.test", "b@x.test"])),
        st.tuples(st.just("phone"), PERSON, st.sampled_from(NUMBERS)),
        st.tuples(st.just("score"), PERSON, st.sampled_from(["7", "none"])),
        st.tuples(st.just("merge"), PERSON, PERSON),
        st.tuples(st.just("delete"), PERSON, st.none()),
        st.tuples(st.just("erase"), PERSON, st.none()),
        st.tuples(st.just("undo"), PERSON, st.none()),
    ),
    max_size=4,
)


class Contacts:
    """A database of contacts in memory."""

    def __init__(self, folder: Path) -> None:
        self.db: Database = open_in_memory()
        self.file = folder / "contacts.csv"
        self.rejects = folder / "rejects.csv"
        wish = UserWish(name="Dana Reyes", add_aliases=("dana",))
        add_user(self.db, SETTINGS, wish, now=1, **WHO)

    def load(
        self, rows: list[Any], key: tuple[str, ...], updating: Updating
    ) -> tuple[ContactImport, str]:
        """Import rows; return the figures and the rows that were rejected, with their reasons."""
        with self.file.open("w", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *rows])
        self.rejects.unlink(missing_ok=True)
        options = ImportOptions(FileForm(wishes=Wishes({}, {}, key)), str(self.rejects))
        done = import_contacts(
            lambda: contextlib.nullcontext(self.db),  # type: ignore[arg-type,return-value]
            SETTINGS,
            [str(self.file)],
            options._replace(updating=updating),
            now=100,
            speak=Speaker(lambda text: None),
            **WHO,
        )
        sums = [done.total(name) for name in ("inserted", "updated", "unchanged", "rejected")]
        assert done.total("read") == sum(sums)  # blank rows are none
        return done, self.rejects.read_text() if self.rejects.exists() else ""

    def do(self, what: str, contact: int, value: Any) -> None:
        """Do what a person may do to a contact, as far as it is possible."""
        wishes = {
            "name": ContactWish({"name": value}),
            "city": ContactWish({"city": value}),
            "email": ContactWish(add_emails=(value,)),
            "no email": ContactWish(drop_emails=(value,)),
            "phone": ContactWish(add_numbers=(value,)),
        }
        with contextlib.suppress(Refused):
            if what in wishes:
                edit_contacts(self.db, SETTINGS, [contact], wishes[what], **WHO)
            elif what == "score":
                score_contacts(self.db, SETTINGS, [contact], "score", parse_wish(value), **WHO)
            elif what == "merge" and contact != value:
                merge_contacts(self.db, contact, [value], scores="max", **WHO)
            elif what == "delete":
                delete_contacts(self.db, [contact], **WHO)
            elif what == "undo":
                undo(self.db, None, **WHO)
            elif what == "erase" and contact in self.numbers():
                erase_contact(self.db, SETTINGS, contact, who="tester")

    def numbers(self) -> set[int]:
        return {number for (number,) in self.db.rows("SELECT id FROM contact")}

    def everything(self) -> list[Any]:
        """Return all that is stored of contacts, and how far the history has come."""
        tables = ("contact", "contact_number", "contact_email", "contact_score", "change_entry")
        stored = [self.db.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
        return [*stored, self.db.one("SELECT max(id) FROM change")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("contacts")


def row(**cells: str) -> tuple[str, ...]:
    names = [name.replace(" ", "_").replace("-", "").lower() for name in COLUMNS]
    return tuple(cells.get(name, "") for name in names)


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    ROWS,
    DEEDS,
    ROWS,
    st.sampled_from(KEYS),
    st.sampled_from([Updating(), Updating(), Updating(True), Updating(False, True)]),
)
@example(
    [],
    [],
    [
        row(external_id="1", first_name="Ann", email="a@x.test"),
        row(external_id="1", first_name="Bob", phone="0191 498 0123"),
        row(first_name="Bob", phone="0191 498 0123", email="b@x.test"),
        row(email="a@x.test", city="Hull"),
        row(email="b@x.test", city="Bath"),
    ],
    (),
    Updating(),
)
def test_any_file_again_changes_nothing(
    folder: Path,
    before: list[Any],
    deeds: list[Any],
    rows: list[Any],
    key: tuple[str, ...],
    updating: Updating,
) -> None:
    contacts = Contacts(folder)
    contacts.load(before, (), Updating())
    for deed in deeds:
        contacts.do(*deed)
    _, rejected = contacts.load(rows, key, updating)
    stored = contacts.everything()
    again, rejected_again = contacts.load(rows, key, updating)
    assert (again.total("inserted"), again.total("updated"), again.change) == (0, 0, None)
    assert contacts.everything() == stored
    assert rejected_again == rejected
