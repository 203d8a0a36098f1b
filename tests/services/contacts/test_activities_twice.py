"""Any file of activities again changes nothing."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecli.readers.mapping import Wishes
from scorecli.services.activity_import import import_activities
from scorecli.services.contact_editing import ContactWish, add_contact
from scorecli.services.import_options import ImportOptions, Updating
from scorecli.services.import_reading import FileForm
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import open_in_memory

WHO = {"author": Author("test", "tester")}
SETTINGS = parse("")
COLUMNS = ("external_id", "type", "contact", "company", "points", "at", "subject", "Code")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "", "1", "2"]),
        st.sampled_from(["call", "CALL", "meeting"]),
        st.sampled_from(["", "Ann", "1", "Nobody"]),
        st.sampled_from(["", "ACME", "Bolt"]),
        st.sampled_from(["", "3", "4", "x"]),
        st.sampled_from(["2026-11-03", "2026-11-04 10:00", ""]),
        st.sampled_from(["", "Visit"]),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=7,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("activities")


@settings(max_examples=80)
@given(ROWS, ROWS, st.sampled_from([(), (), ("Code",), ("type", "at"), ("contact", "points")]))
def test_any_file_of_activities_again_changes_nothing(
    folder: Path, before: list[Any], rows: list[Any], key: tuple[str, ...]
) -> None:
    db = open_in_memory()
    for name in ("Ann", "Bob"):
        wish = ContactWish({"name": name, "company": "ACME"})
        add_contact(db, SETTINGS, wish, now=1, **WHO)
    file, rejects = folder / "log.csv", folder / "rejects.csv"

    def load(rows: list[Any], key: tuple[str, ...], overwrite: bool) -> tuple[Any, str]:
        with file.open("w", newline="") as stream:
            csv.writer(stream).writerows([COLUMNS, *rows])
        rejects.unlink(missing_ok=True)
        done = import_activities(
            lambda: contextlib.nullcontext(db),  # type: ignore[arg-type,return-value]
            SETTINGS,
            [str(file)],
            ImportOptions(
                FileForm(wishes=Wishes({}, {}, key)), str(rejects), updating=Updating(overwrite)
            ),
            notice=lambda text: None,
            **WHO,
        )
        assert done.read == done.inserted + done.updated + done.unchanged + done.rejected
        return done, rejects.read_text() if rejects.exists() else ""

    load(before, (), False)
    _, rejected = load(rows, key, True)
    stored = db.rows("SELECT * FROM activity ORDER BY id")
    again, rejected_again = load(rows, key, True)
    assert (again.inserted, again.updated, again.change) == (0, 0, None)
    assert db.rows("SELECT * FROM activity ORDER BY id") == stored
    assert rejected_again == rejected
