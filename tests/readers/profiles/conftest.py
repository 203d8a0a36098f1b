"""What the tests of the profiles share: an export as its system writes it, read by the command."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

Calls = list[dict[str, Any]]
# What a call has whatever the profile: its number here, and what follows from other fields.
_OWN = ("id", "contact", "user", "user_id", "assigned_by", "contact_number_e164", "currency")


def written(header: Sequence[str], rows: Sequence[Sequence[str]], **form: Any) -> str:
    """The text of a delimited file."""
    text = io.StringIO()
    form.setdefault("lineterminator", "\n")
    writer = csv.writer(text, **form)
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def import_text(run: Any, invoke: Any, home: Path) -> Callable[..., tuple[dict[str, Any], str]]:
    """Import a text as a file; returns the summary and what was said to people.

    ``installed``: by the installed command, which takes longer than within the test's process.
    """

    def start(
        text: str,
        *options: str,
        name: str = "export.csv",
        db: str = "calls.db",
        installed: bool = False,
    ) -> tuple[dict[str, Any], str]:
        path = home / name
        path.write_bytes(text.encode())
        command = run if installed else invoke
        done = command("--db", home / db, "calls", "import", path, "--format", "json", *options)
        assert done.code == 0, done.stderr + done.stdout
        return json.loads(done.stdout), done.stderr

    return start


@pytest.fixture
def stored_calls(invoke: Any, home: Path) -> Callable[..., Calls]:
    """The calls of a database in the order of import, each with the fields that say something."""

    def read(db: str = "calls.db", *, own: bool = False) -> Calls:
        done = invoke("--db", home / db, "calls", "export", "--format", "json")
        assert done.code == 0, done.stderr
        calls = sorted(json.loads(done.stdout), key=lambda call: call["id"])
        return [
            {
                name: value
                for name, value in call.items()
                if value is not False and value not in (None, [], {}) and (own or name not in _OWN)
            }
            for call in calls
        ]

    return read


@pytest.fixture
def read_as(
    import_text: Callable[..., tuple[dict[str, Any], str]], stored_calls: Callable[..., Calls]
) -> Callable[..., Calls]:
    """Import an export and return its calls, having held what every profile promises.

    The profile is chosen from the header and named; the same file again changes nothing; a byte
    order mark, another order of the columns and a column that nobody knows change no field.
    """

    def read(
        profile: str,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        *options: str,
        own: bool = False,
        **form: Any,
    ) -> Calls:
        assert all(len(row) == len(header) for row in rows)
        text = written(header, rows, **form)
        summary, said = import_text(text, *options, installed=True)
        assert f"read with the profile {profile}." in said
        assert [file["profile"] for file in summary["files"]] == [profile]
        assert (summary["inserted"], summary["rejected"]) == (len(rows), 0)

        again, _ = import_text(text, *options)
        assert again["unchanged"] == len(rows)
        assert again["change"] is None

        turned = written(
            ["Weather", *reversed(header)], [["rain", *reversed(row)] for row in rows], **form
        )
        other, said = import_text("\ufeff" + turned, *options, db="other.db")
        assert f"read with the profile {profile}." in said
        assert "Weather" in other["unmapped"]
        calls = stored_calls(own=own)
        for call, same in zip(calls, stored_calls("other.db", own=own), strict=True):
            assert same["extra"].pop("Weather") == "rain"
            assert {"extra": {}, **call} == same
        return calls

    return read
