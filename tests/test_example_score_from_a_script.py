from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scorecli.storage.database import open_to_read, open_to_write
from scorecli.storage.maintenance import find_problems

EXAMPLE = Path(__file__).parent.parent / "examples/score_from_a_script.py"


def test_the_example_scores_long_calls_once_and_leaves_a_history(tmp_path: Path) -> None:
    path = str(tmp_path / "calls.db")
    with open_to_write(path) as db, db.change("fill", "test"):
        db.execute("INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'a', 'a')")
        db.executemany(
            "INSERT INTO call (id, system_id, identity, duration) VALUES (?, 1, ?, ?)",
            [(number, b"%d" % number, number * 100) for number in range(1, 7)],
        )
    command = [sys.executable, str(EXAMPLE), path]
    first = subprocess.run(command, capture_output=True, text=True, check=True)
    assert first.stdout == "4 long calls have no stars yet.\n4 calls are scored now.\n"
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert again.stdout == "0 long calls have no stars yet.\n4 calls are scored now.\n"
    with open_to_read(path) as db:
        assert db.rows("SELECT id FROM call WHERE scored = 1") == [(3,), (4,), (5,), (6,)]
        assert db.rows("SELECT command FROM change") == [("stars for long talks",)]
        assert find_problems(db) == []
