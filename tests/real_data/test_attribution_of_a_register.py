"""Persons of a real register with typing errors: as users, and misspelt as agents on calls."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FOLDER = os.environ.get("SCORECLI_REAL_DATA", "")
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not FOLDER, reason="SCORECLI_REAL_DATA names no folder of real files"),
]


def write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.mark.parametrize("first", ["users", "calls"])
def test_a_misspelt_name_is_the_right_persons_or_nobodys(
    run: Any, home: Path, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    users, calls = [], []
    with (Path(FOLDER) / "names/febrl_dataset1.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            number, kind = row["rec_id"].split("-")[1:3]
            name = f"{row['given_name'].strip()} {row['surname'].strip()}".strip()
            if kind == "org":
                users.append([name, f"person-{number}@example.com"])
            else:
                calls.append([number, name])
    team = write(home / "team.csv", ["name", "email"], users)
    log = write(home / "log.csv", ["Call ID", "Agent"], calls)
    steps = [("users", "import", team), ("calls", "import", log)]
    for step in steps if first == "users" else reversed(steps):
        done = run(*step)
        assert done.code == 0, done.stderr

    emails = {
        user["id"]: user["email"]
        for user in json.loads(run("users", "list", "--format", "json").stdout)
    }
    stored = json.loads(run("calls", "export", "--format", "json").stdout)
    assert (len(emails), len(stored)) == (500, 500)
    assigned = [call for call in stored if call["user_id"] is not None]
    wrong = [
        call
        for call in assigned
        if emails[call["user_id"]] != f"person-{call['external_id']}@example.com"
    ]
    report = json.loads(run("report", "unassigned", "--format", "json").stdout)
    reasons: Counter[str] = Counter()
    for each in report["rows"]:
        reasons[each["reason"]] += each["calls"]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{first} first: {len(assigned)} of {len(stored)} misspelt agents assigned,"
            f" {len(wrong)} wrong; {dict(reasons)}\n"
        )
    assert wrong == []
    assert len(assigned) == 243
    assert sum(reasons.values()) == 257
