"""Contacts from files: mapped, matched, protected, rejected with a reason, and never twice."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors.importing import MappingProblem, StrictImportRefused
from scorecli.readers.contact_columns import CONTACTS
from scorecli.readers.mapping import Wishes, parse_wish
from scorecli.services.contact_editing import ContactWish, delete_contacts, edit_contacts
from scorecli.services.contact_import import ContactImport, import_contacts
from scorecli.services.import_options import ImportOptions, Speaker, Updating
from scorecli.services.import_reading import FileForm
from scorecli.services.undoing import undo
from scorecli.services.users import UserWish, add_user
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.contact_rows import contact_states
from scorecli.storage.database import Database, open_to_write

WHO = {"author": Author("scorecli test", "tester")}


class Book:
    """A database of contacts in a file, and short ways to import into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = str(folder / "contacts.db")
        self.settings = parse('[phone]\nregion = "GB"\n')
        self.count = 0

    def open(self) -> Database:
        return open_to_write(self.path)

    def file(self, text: str, name: str | None = None) -> Path:
        self.count += 1
        path = self.folder / (name or f"{self.count}.csv")
        path.write_text(text, encoding="utf-8")
        return path

    def load(
        self,
        *texts: str,
        map_: dict[str, str] | None = None,
        set_: dict[str, str] | None = None,
        key: tuple[str, ...] = (),
        updating: Updating | None = None,
        **options: Any,
    ) -> ContactImport:
        form = FileForm(wishes=Wishes(map_ or {}, set_ or {}, key))
        return import_contacts(
            self.open,
            self.settings,
            [str(self.file(text)) for text in texts],
            ImportOptions(form, updating=updating or Updating(), **options),
            now=100,
            speak=Speaker(lambda text: None),
            **WHO,
        )

    def figures(self, *texts: str, **more: Any) -> tuple[int, int, int, int]:
        done = self.load(*texts, **more)
        inserted, updated, unchanged, rejected = (
            done.total(name) for name in ("inserted", "updated", "unchanged", "rejected")
        )
        assert done.total("read") == inserted + updated + unchanged + rejected
        return inserted, updated, unchanged, rejected

    def all(self) -> list[dict[str, Any]]:
        with self.open() as db:
            numbers = [n for (n,) in db.rows("SELECT id FROM contact WHERE removed IS NULL")]
            return list(contact_states(db, numbers).values())

    def one(self) -> dict[str, Any]:
        (only,) = self.all()
        return only


@pytest.fixture
def book(home: Path) -> Book:
    return Book(home)


@pytest.fixture
def new_book(tmp_path: Path) -> Iterator[Callable[[], Book]]:
    made = []

    def make() -> Book:
        folder = tmp_path / f"book-{len(made)}"
        folder.mkdir()
        made.append(folder)
        return Book(folder)

    return make


def test_the_columns_of_an_address_book_map_by_themselves(book: Book) -> None:
    book.load(
        "First Name,Middle Name,Last Name,Organization Name,Organization Title,Notes,"
        "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
        "Phone 2 - Value,Address 1 - Street,Address 1 - City,Address 1 - Postal Code\n"
        "Ann,M,Lee,ACME,Director,hi,Work,ann@example.com,ann@home.test,Mobile,0191 498 0123 ::: "
        "0191 498 0124,+1 212 555 0123,1 High St,Newcastle,NE1\n"
    )
    ann = book.one()
    assert (ann["first_name"], ann["last_name"], ann["job_title"]) == ("Ann", "Lee", "Director")
    assert (ann["street"], ann["city"], ann["postal_code"]) == ("1 High St", "Newcastle", "NE1")
    assert ann["emails"] == ["ann@example.com", "ann@home.test"]
    assert ann["numbers"] == [
        ["0191 498 0123", "+441914980123"],
        ["0191 498 0124", "+441914980124"],
        ["+1 212 555 0123", "+12125550123"],
    ]
    assert ann["note"] == "hi"
    labels = {"E-mail 1 - Label": "Work", "Phone 1 - Label": "Mobile", "Middle Name": "M"}
    assert ann["extra"] == labels


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Record ID", "external_id"),
        ("Job Title", "job_title"),
        ("Title", "job_title"),
        ("Account Name", "company"),
        ("Mobile", "number"),
        ("Business Phone 2", "number"),
        ("Person - Phone - Work", "number"),
        ("E-mail Address", "email"),
        ("E-mail 3 Address", "email"),
        ("Mailing State/Province", "region"),
        ("ZIP", "postal_code"),
        ("Mailing Zip/Postal Code", "postal_code"),
        ("Country/Region", "country"),
        ("Lead Source", "source"),
        ("Contact owner", "owner"),
        ("Person - Name", "name"),
        ("Address 2 - City", None),
        ("Lifecycle Stage", None),
        ("Score", None),
    ],
)
def test_what_other_systems_call_a_field_is_known(column: str, field: str | None) -> None:
    from scorecli.readers.vocabulary import plain_name

    assert CONTACTS.field_of(plain_name(column)) == field


def test_a_contact_is_known_by_its_id_then_its_mail_then_number_and_name(book: Book) -> None:
    book.load("id no,name,email,phone\n,Ann Lee,ann@example.com,0191 498 0123\n")
    assert book.figures("external_id,email,city\nK1,ANN@example.com,Hull\n") == (0, 1, 0, 0)
    assert book.figures("external_id,email\nK1,ann@new.test\n") == (0, 1, 0, 0)
    assert book.figures("name,phone\nAnn Lee,+44 191 498 0123\n") == (0, 0, 1, 0)
    assert book.figures("name,phone\nBob Lee,+44 191 498 0123\n") == (1, 0, 0, 0)
    assert book.figures("external_id,email\nK2,ann@example.com\n") == (1, 0, 0, 0)
    assert book.all()[0]["emails"] == ["ann@example.com", "ann@new.test"]


def test_an_address_that_several_people_share_is_nobodys_identity(book: Book) -> None:
    text = "name,email,city\nAnn Lee,info@acme.test,Hull\nBob Roe,info@acme.test,Bath\n"
    assert book.figures(text) == (2, 0, 0, 0)
    assert book.figures(text) == (0, 0, 2, 0)


def test_a_row_that_contradicts_an_earlier_one_is_rejected_and_not_lost(book: Book) -> None:
    text = "external_id,name,city\n1,Ann Lee,Hull\n1,Ann Lee,Bath\n1,Ann Lee,\n"
    assert book.figures(text) == (1, 0, 1, 1)
    assert book.figures(text) == (0, 0, 2, 1)
    assert book.one()["city"] == "Hull"
    rejected = (book.folder / "1.rejects.csv").read_text()
    assert "3,city,line 2 says otherwise of the same contact" in rejected


def test_bad_rows_go_to_the_rejects_file_with_line_field_and_reason(book: Book) -> None:
    text = (
        "name,email,kind,phone\nAnn,ann at home,,\n,,lead,\nBob,,friend,\nCy,,,4.41915E+11\n"
        "Eve,n/a,lead,anonymous\n"
    )
    assert book.figures(text) == (1, 0, 0, 4)
    rows = list(csv.DictReader((book.folder / "1.rejects.csv").open()))
    assert [(row["line"], row["field"]) for row in rows] == [
        ("2", "email"), ("3", ""), ("4", "kind"), ("5", "phone"),
    ]  # fmt: skip
    assert book.one()["numbers"] == []


def test_a_row_without_a_name_is_nobody_where_several_share_its_address(book: Book) -> None:
    book.load("name,email\nAnn,team@example.com\nBob,team@example.com\n")
    text = "name,email,city\n,team@example.com,Hull\nAnn,team@example.com,Bath\n"
    assert book.figures(text) == (0, 1, 0, 1)
    assert book.figures(text) == (0, 0, 1, 1)
    assert sorted((each["first_name"], each["city"]) for each in book.all()) == [
        ("Ann", "Bath"),
        ("Bob", None),
    ]


def test_a_mended_rejects_file_brings_the_rest(book: Book) -> None:
    book.load("name,email\nAnn,ann@example.com\nBob,bob\n")
    mended = (book.folder / "1.rejects.csv").read_text().replace("bob,", "bob@example.com,", 1)
    mended = mended.replace("Bob,bob@example.com,", "Bob,bob@example.com,")
    assert book.figures(mended)[0] == 1
    assert all(not contact["extra"] for contact in book.all())


def test_strict_imports_nothing_and_a_dry_run_shows_the_same_figures(book: Book) -> None:
    text = "name,email\nAnn,ann@example.com\nBob,bob\n"
    dry = book.load(text, dry_run=True)
    assert (dry.total("inserted"), dry.total("rejected"), dry.change) == (1, 1, None)
    with pytest.raises(StrictImportRefused):
        book.load(text, strict=True)
    assert book.all() == []


def test_what_a_person_wrote_is_protected_unless_told_otherwise(book: Book) -> None:
    book.load("external_id,name,city,job_title\n1,Ann Lee,Hull,Buyer\n")
    with book.open() as db:
        wish = ContactWish({"city": "Bath"})
        edit_contacts(db, book.settings, [1], wish, **WHO)
    again = "external_id,name,city,job_title\n1,Ann Lee,York,Director\n"
    assert book.figures(again) == (0, 1, 0, 0)
    assert (book.one()["city"], book.one()["job_title"]) == ("Bath", "Director")
    assert book.figures(again) == (0, 0, 1, 0)
    assert book.figures(again, updating=Updating(overwrite_scores=True)) == (0, 1, 0, 0)
    assert book.one()["city"] == "York"


def test_empty_cells_clear_nothing_unless_told_to(book: Book) -> None:
    book.load("external_id,name,city,phone\n1,Ann Lee,Hull,0191 498 0123\n")
    text = "external_id,name,city,phone\n1,Ann Lee,,\n"
    assert book.figures(text) == (0, 0, 1, 0)
    assert book.figures(text, updating=Updating(clear_empty=True)) == (0, 1, 0, 0)
    assert (book.one()["city"], book.one()["numbers"]) == (None, [])


def test_a_contact_that_a_person_deleted_stays_deleted(book: Book) -> None:
    text = "external_id,name\n1,Ann Lee\n"
    book.load(text)
    with book.open() as db:
        delete_contacts(db, [1], **WHO)
    assert book.figures(text) == (0, 0, 1, 0)
    assert book.all() == []


def test_an_import_is_one_change_that_undo_takes_back_and_brings_again(book: Book) -> None:
    book.load("external_id,name,city\n1,Ann Lee,Hull\n")
    done = book.load("external_id,name,city\n1,Ann Lee,Bath\n2,Bob Roe,York\n")
    with book.open() as db:
        gone = undo(db, done.change, **WHO).change
    assert [contact["city"] for contact in book.all()] == ["Hull"]
    with book.open() as db:
        undo(db, gone, **WHO)
    assert [contact["city"] for contact in book.all()] == ["Bath", "York"]


def test_owners_are_users_and_unknown_ones_are_kept(book: Book) -> None:
    text = "name,email,Owner\nAnn,ann@example.com,Dana Reyes\n"
    assert book.load(text).unknown_owners == ("Dana Reyes",)
    assert book.one()["extra"] == {"Owner": "Dana Reyes"}
    with book.open() as db:
        add_user(db, book.settings, UserWish(name="Dana Reyes"), now=100, **WHO)
    assert book.figures(text) == (0, 1, 0, 0)
    assert book.one()["owner_id"] == 1


def test_map_set_and_key_say_otherwise(book: Book) -> None:
    text = "Who,Ref,Town\nAnn Lee,7,Hull\nBob Roe,8,Hull\n"
    more = {"map_": {"name": "Who", "city": ""}, "set_": {"kind": "lead"}, "key": ("Ref",)}
    assert book.figures(text, **more) == (2, 0, 0, 0)
    assert {contact["kind"] for contact in book.all()} == {"lead"}
    assert book.all()[0]["extra"] == {"Ref": "7", "Town": "Hull"}
    changed = text.replace("Ann Lee", "Ann Smith")
    assert book.figures(changed, **more) == (0, 1, 1, 0)
    with pytest.raises(MappingProblem, match="a contact has no field"):
        parse_wish("--map", "agent=X", CONTACTS)


def test_a_workbook_json_and_tab_separated_values_are_read_alike(book: Book, home: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    workbook = openpyxl.Workbook()
    workbook.active.append(["Full Name", "Mobile"])
    workbook.active.append(["Ann Lee", 441914980123])
    workbook.save(home / "book.xlsx")
    people = [{"name": "Ann Lee", "numbers": ["+441914980123"], "extra": {"a": "1"}}]
    (home / "book.json").write_text(json.dumps(people))
    (home / "book.tsv").write_text("name\tphone\nAnn Lee\t+44 191 498 0123\n")
    for name in ("book.json", "book.tsv", "book.xlsx"):
        import_contacts(
            book.open, book.settings, [str(home / name)], ImportOptions(), now=100,
            speak=Speaker(lambda text: None), **WHO,
        )  # fmt: skip
    assert book.one()["numbers"][0][1] == "+441914980123"


def test_who_a_row_is_does_not_depend_on_the_order_of_rows(new_book: Callable[[], Book]) -> None:
    lines = [
        "1,Ann Lee,ann@example.com,,",
        "1,,,0191 498 0123,",
        ",Ann Lee,home@example.com,0191 498 0123,",
        ",,home@example.com,,Hull",
        ",Bob Roe,info@example.com,,",
        ",Cy Park,info@example.com,,",
        ",,info@example.com,,Bath",
    ]
    for order in (range(7), range(6, -1, -1)):
        book = new_book()
        text = "\n".join(["id no,name,email,phone,city", *(lines[at] for at in order)])
        done = book.load(text, map_={"external_id": "id no"})
        assert (done.total("inserted"), done.total("rejected")) == (3, 1)
        again = book.load(text, map_={"external_id": "id no"})
        assert (again.total("rejected"), again.change) == (1, None)
        assert {each["first_name"]: each["city"] for each in book.all()} == {
            "Ann": "Hull",
            "Bob": None,
            "Cy": None,
        }


def test_an_import_that_was_undone_can_be_made_again(book: Book) -> None:
    text = "name,email,city\nAnn,ann@example.com,{}\n"
    book.load(text.format("Leeds"))
    moved = book.load(text.format("Newcastle"))
    with book.open() as db:
        undo(db, moved.change, **WHO)
    assert book.figures(text.format("Newcastle")) == (0, 1, 0, 0)


def test_nobody_waits_for_the_database_while_files_are_read(book: Book, home: Path) -> None:
    reading: list[int] = []
    path = book.file("name\n" + "".join(f"Name {at}\n" for at in range(2500)))

    def open_database() -> Database:
        assert reading[-1] == 2500
        return book.open()

    done = import_contacts(
        open_database, book.settings, [str(path)], ImportOptions(), now=100,
        speak=Speaker(lambda text: None, lambda rows, *_: reading.append(rows)), **WHO,
    )  # fmt: skip
    assert done.total("inserted") == 2500


def test_an_address_of_thousands_costs_no_more_than_other_addresses(book: Book) -> None:
    rows = "".join(f"Name{at} Lee,info@example.com\n" for at in range(3000))
    assert book.figures(f"name,email\n{rows}") == (3000, 0, 0, 0)
    assert book.figures(f"name,email\n{rows},info@example.com\n") == (0, 0, 3000, 1)
