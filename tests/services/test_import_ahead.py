"""Reading a large import in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scorecli.errors import ScorecliError
from scorecli.errors.importing import NeedsDateFormat
from scorecli.readers.mapping import Wishes
from scorecli.services import import_ahead
from scorecli.services.import_options import ImportOptions, Speaker
from scorecli.services.import_reading import FileForm
from scorecli.services.import_summary import ImportSummary
from scorecli.services.importing import import_files, is_fresh, known_results
from scorecli.settings import defaults
from scorecli.storage.built_aside import built_aside, is_free
from scorecli.storage.changes import Author
from scorecli.storage.database import open_to_read, open_to_write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
HEADER = "Call ID,Start Time,Customer Number,Source,Duration,Rating,Reporting Tags\n"
Import = Callable[..., ImportSummary]


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files of any size in a process of its own."""
    monkeypatch.setattr(import_ahead, "_WORTH_IT", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def importing(database: Path, *files: Path, **form: Any) -> ImportSummary:
    path = str(database)
    return import_files(
        lambda: open_to_write(path),
        defaults(),
        [str(file) for file in files],
        ImportOptions(FileForm(**form)),
        author=Author("scorecli calls import", "dana"),
        results=known_results(path),
        speak=Speaker(lambda text: None),
        fresh=is_fresh(path),
        build_database=(lambda: built_aside(path)) if is_free(path) else None,
    )


def rows_of(database: Path) -> list[tuple[Any, ...]]:
    with open_to_read(str(database)) as db:
        return db.rows("SELECT * FROM call_log ORDER BY id")


def log(folder: Path, name: str, first: int, count: int, *, extra: str = "") -> Path:
    file = folder / name
    lines = [
        f"C{n},2026-10-{1 + n % 28:02} 10:{n % 60:02}:00,+1212555{n % 10000:04},"
        f"s{n % 7},{n % 300},{n % 5 + 1},t{n % 3}\n"
        for n in range(first, first + count)
    ]
    file.write_text(HEADER + "".join(lines) + extra, encoding="utf-8")
    return file


def test_reading_ahead_gives_the_same_calls_and_figures(
    ahead: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = log(home, "a.csv", 0, 3000, extra="bad row\n"), log(home, "b.csv", 3000, 50)
    both = importing(home / "ahead.db", *files)
    monkeypatch.setattr(import_ahead, "_WORTH_IT", 10**12)
    alone = importing(home / "alone.db", *files)
    assert rows_of(home / "ahead.db") == rows_of(home / "alone.db")
    assert both.inserted == alone.inserted == 3050
    assert [file[2:7] for file in both.files] == [file[2:7] for file in alone.files]
    assert Path(both.files[0].rejects_file or "").read_text().count("\n") == 2


def test_a_doubt_that_turns_up_late_is_settled_for_the_whole_file(ahead: None, home: Path) -> None:
    file = home / "doubt.csv"
    lines = [f"C{n},20/03/2026 10:00,5\n" for n in range(3000)]
    file.write_text("Call ID,Start Time,Duration\n" + "".join(lines) + "D,03/04/2026 10:00,5\n")
    assert importing(home / "d.db", file).inserted == 3001
    assert rows_of(home / "d.db")[-1][3] == "2026-04-03T10:00:00Z"


def test_what_refuses_a_file_is_told_as_ever_and_leaves_nothing(ahead: None, home: Path) -> None:
    file = home / "doubt.csv"
    lines = [f"C{n},2026-03-20 10:00,5\n" for n in range(3000)]
    file.write_text("Call ID,Start Time,Duration\nX\n" + "".join(lines) + "D,03/04/2026 10:00,5\n")
    with pytest.raises(NeedsDateFormat):
        importing(home / "d.db", file)
    assert not (home / "d.db").exists() or rows_of(home / "d.db") == []
    assert list(home.glob("*.rejects.csv")) == []
    with pytest.raises(ScorecliError):
        importing(home / "d.db", file, wishes=Wishes({"agent": "nowhere"}, {}))


def test_rows_of_one_call_in_two_files_are_one_call(ahead: None, home: Path) -> None:
    first, second = log(home, "a.csv", 0, 2000), log(home, "b.csv", 1500, 1000)
    summary = importing(home / "c.db", first, second)
    assert (summary.inserted, summary.unchanged) == (2500, 500)
    assert importing(home / "c.db", first, second).unchanged == 3000


def test_rows_that_a_stored_call_refuses_are_rejected_in_a_first_import_too(
    ahead: None, home: Path
) -> None:
    with open_to_write(str(home / "r.db")) as db, db.change("results", "ann"):
        db.execute("INSERT INTO campaign (name, folded) VALUES ('Spring', 'spring'), ('A', 'a')")
        db.execute(
            "INSERT INTO result (code, folded, recall) VALUES ('NO', 'no', 0), ('B', 'b', 1)"
        )
        db.execute("INSERT INTO result_campaign VALUES (1, 1)")
    file = home / "first.csv"
    rows = [f"C{n},2026-03-20 10:00,Spring,no,\n" for n in range(3000)]
    rows += ["R,2026-03-20 10:00,,b,2026-04-20 9:00\n", "N,2026-03-20 10:00,,,2026-04-20 9:00\n"]
    rows += ["E,2026-03-20 10:00,A,,\n", "E,2026-03-20 10:00,,no,\n"]
    file.write_text("Call ID,Start Time,Campaign,Result,Callback Time\n" + "".join(rows))
    summary = importing(home / "r.db", file)
    assert (summary.inserted, summary.rejected) == (3002, 2)
    bad = Path(summary.files[0].rejects_file or "").read_text()
    assert [line.partition(",")[0] for line in bad.splitlines()] == ["Call ID", "N", "E"]
    assert importing(home / "r.db", file).unchanged == 3002


def test_a_failure_while_writing_ends_the_reading_and_keeps_nothing(
    ahead: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scorecli.services import import_writing

    file = log(home, "a.csv", 0, 3000, extra="bad row\n")

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(import_writing.FreshLoad, "finish", fail)
    with pytest.raises(OSError, match="No space"):
        importing(home / "f.db", file)
    assert not (home / "f.db").exists()
    assert list(home.glob("*.rejects.csv")) == []
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("same", [True, False])
def test_a_database_that_another_process_makes_in_the_meantime_gets_the_calls(
    ahead: None, home: Path, monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    from scorecli.services import import_writing

    path = home / "g.db"
    file = log(home, "a.csv", 0, 3000, extra="bad row\n")
    finish = import_writing.FreshLoad.finish

    def appear(load: import_writing.FreshLoad) -> None:
        finish(load)
        if not path.exists():
            monkeypatch.setattr(import_ahead, "_WORTH_IT", 10**12)
            with open_to_write(str(path)):
                pass
            if same:
                importing(path, file)

    monkeypatch.setattr(import_writing.FreshLoad, "finish", appear)
    summary = importing(path, file)
    expected = (0, 3000) if same else (3000, 0)
    assert (summary.inserted, summary.unchanged) == expected
    assert len(rows_of(path)) == 3000
    assert Path(summary.files[0].rejects_file or "").read_text().count("\n") == 2
    assert [each.name for each in home.glob("g.db*") if "-" not in each.name] == ["g.db"]
