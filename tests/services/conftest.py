"""What the tests of the services share: a database of its own that logs are imported into."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from scorecli.domain.scoring import ScoreEdit
from scorecli.readers.mapping import Wishes
from scorecli.services.import_options import ImportOptions, Speaker, Updating
from scorecli.services.import_reading import FileForm
from scorecli.services.import_summary import ImportSummary
from scorecli.services.importing import import_files, known_results
from scorecli.services.scoring import score_calls
from scorecli.services.undoing import undo
from scorecli.settings import Settings, parse
from scorecli.storage.call_fields_write import CallFields
from scorecli.storage.changes import Author
from scorecli.storage.database import Database, open_to_write


class Log:
    """A database, the files imported into it, and what people do to its calls."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        self.folder = folder
        self.settings: Settings = parse('[display]\ntime_zone = "UTC"\n' + settings)
        self.path = str(folder / "calls.db")
        self.notices: list[str] = []
        self._names = itertools.count(1)

    def file(self, content: str | bytes, name: str | None = None) -> str:
        """Write a file and return its path."""
        path = self.folder / (name or f"log{next(self._names)}.csv")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def imports(
        self,
        *contents: str | bytes,
        maps: dict[str, str] | None = None,
        sets: dict[str, str] | None = None,
        key: tuple[str, ...] = (),
        name: str | None = None,
        rejects: str | None = None,
        strict: bool = False,
        overwrite_scores: bool = False,
        clear_empty: bool = False,
        dry_run: bool = False,
        paths: Sequence[str] = (),
        **form: Any,
    ) -> ImportSummary:
        """Import the contents, each as a file, in one change."""
        options = ImportOptions(
            FileForm(wishes=Wishes(maps or {}, sets or {}, key), **form),
            rejects,
            strict,
            Updating(overwrite_scores, clear_empty),
            dry_run,
        )
        return import_files(
            lambda: open_to_write(self.path),
            self.settings,
            [*paths, *(self.file(content, name) for content in contents)],
            options,
            author=Author("scorecli calls import", "importer"),
            results=known_results(self.path),
            speak=Speaker(self.notices.append),
        )

    def calls(self, *columns: str) -> list[Any]:
        """Return the live calls in the order of their numbers, as rows or single values."""
        names = ", ".join(columns) if columns else "*"
        rows = self.rows(f"SELECT {names} FROM call_log ORDER BY id")
        return [row[0] for row in rows] if len(columns) == 1 else rows

    def content(self) -> list[tuple[Any, ...]]:
        """Return what the live calls say, without their numbers, in an order of its own."""
        rows = self.rows("SELECT * FROM call_log")
        return sorted((row[1:] for row in rows), key=repr)

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with sqlite3.connect(self.path) as connection:
            return connection.execute(sql, params).fetchall()

    def extra(self, call: int = 1) -> dict[str, str]:
        """Return the columns that no field took."""
        [(text,)] = self.rows("SELECT extra FROM call WHERE id = ?", call)
        return {} if text is None else json.loads(text)

    def score(self, *calls: int, **edit: Any) -> None:
        """Score calls as a person does."""
        with self.open() as db:
            score_calls(
                db,
                self.settings,
                calls,
                ScoreEdit(**edit),
                author=Author("scorecli score", "tester"),
                today="2026-11-20",
            )

    def write(self, field: str, call: int, before: Any, after: Any) -> None:
        """Set one field of a call as a person who edits, deletes or removes does."""
        with self.open() as db, db.change("scorecli calls edit", "tester") as change:
            assert CallFields(db).write(field, [(call, before, after)]) == 1
            change.record("call", call, field, before, after)

    def delete(self, call: int) -> None:
        """Delete a call as a person does."""
        self.write("removed", call, None, "deleted")

    def undo(self, change: int | None = None) -> None:
        """Undo a change, the latest unless named."""
        with self.open() as db:
            undo(db, change, author=Author("scorecli undo", "tester"))

    def define(self, code: str, **flags: int) -> None:
        """Define a call result."""
        columns = {"code": code, "folded": code.casefold(), **flags}
        if flags.get("success"):
            columns["contact"] = 1
        with sqlite3.connect(self.path if Path(self.path).exists() else self._made()) as connection:
            connection.execute(
                f"INSERT INTO result ({', '.join(columns)})"
                f" VALUES ({', '.join('?' * len(columns))})",
                list(columns.values()),
            )

    def open(self) -> Database:
        """Open the database as commands do."""
        return open_to_write(self.path)

    def _made(self) -> str:
        open_to_write(self.path).close()
        return self.path


def figures(summary: ImportSummary) -> tuple[int, int, int]:
    """Return what an import inserted, updated and left alone; the sum must hold."""
    for each in (summary, *summary.files):
        assert each.read == each.inserted + each.updated + each.unchanged + each.rejected
    return summary.inserted, summary.updated, summary.unchanged


@pytest.fixture(name="figures")
def figures_fixture() -> Callable[[ImportSummary], tuple[int, int, int]]:
    """How an import is looked at: (inserted, updated, unchanged)."""
    return figures


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """An empty database."""
    return Log(tmp_path)


@pytest.fixture
def new_log(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Log]:
    """Make as many empty databases as a test needs."""

    def make(settings: str = "") -> Log:
        return Log(tmp_path_factory.mktemp("log"), settings)

    return make
