"""The bench runs, on two thousand calls and without installing anything; its figures add up."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module ``bench.run``."""
    monkeypatch.syspath_prepend(str(CHECKOUT))
    import bench.run

    return bench.run


def _small_run(
    bench: ModuleType, tmp_path: Path, scorecli: list[str], *more: str
) -> tuple[int, Path]:
    from bench.workshop import Tools

    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("the sqlite3 shell is not installed")
    work = tmp_path / "work"
    work.mkdir()
    shutil.copy(CHECKOUT / "bench" / "minimal_completion.py", work)
    tools = Tools([sys.executable], scorecli, [sys.executable, "-c", "pass"], [shell])
    arguments = ["--calls", "2000", "--small", "500", "--scores", "200", "--pairs", "1"]
    code = bench.main(
        [*arguments, "--work", str(work), "--results", str(tmp_path), *more], tools=tools
    )
    return code, work


@pytest.mark.slow
def test_every_row_is_measured_and_written_down(
    bench: ModuleType, tmp_path: Path, scorecli: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    _small_run(bench, tmp_path, scorecli)
    said = capsys.readouterr()
    assert "cannot be measured" not in said.err
    data = json.loads((tmp_path / "results.json").read_text())
    names = [row["name"] for row in data["rows"]]
    assert names == [
        "score",
        "list",
        "list-piped",
        "completion",
        "import",
        "import-small",
        "report",
        "report-started",
        "memory",
        "score-from",
        "attribute",
        "rules",
        "next",
        "queue",
        "dnc-import",
        "dnc-import-abroad",
    ]
    for row in data["rows"]:
        for pair in row["pairs"]:
            assert pair["ours"]["wall"] > 0
            assert pair["ours"]["user"] > 0
            assert pair["ours"]["memory"] > 5_000_000
    assert all(100 < size < 2000 for size in data["bytes_per_call"].values())
    page = (tmp_path / "results.md").read_text()
    assert all(f"| {name} |" in page for name in names)
    assert "| import |" in said.out


@pytest.mark.slow
def test_both_sides_of_an_import_hold_every_call_in_the_same_mode(
    bench: ModuleType, tmp_path: Path, scorecli: list[str]
) -> None:
    import sqlite3

    _, work = _small_run(bench, tmp_path, scorecli, "--rows", "import")
    for name, table in (("import", "call"), ("peer-import", "calls")):
        db = sqlite3.connect(work / f"measured-{name}.db")
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (2000,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        db.close()


@pytest.mark.slow
def test_every_statement_that_may_be_the_peer_gives_the_figures_of_the_report(
    bench: ModuleType, tmp_path: Path, scorecli: list[str]
) -> None:
    from bench.comparisons import probes
    from bench.measure import Command, output_of
    from bench.peers import report_queries

    _, work = _small_run(bench, tmp_path, scorecli, "--rows", "list")
    database = str(next(work.glob("scorecli-log-2000-*.db")))
    words = [*scorecli, "--db", database, "report", "conversions", "--format", "json"]
    report = json.loads(output_of(Command(words), work))["rows"]
    expected = {
        (row["source"], row["calls"], row["scored"], row["conversions"], row["amount"])
        for row in report
    }
    queries = report_queries(probes([sys.executable], work))
    assert len(queries) == 2
    for query in queries.values():
        command = Command(["sqlite3", "-json", "-readonly", database], stdin=query)
        rows = json.loads(output_of(command, work))
        assert expected == {
            (
                row["source"],
                row["calls"],
                row["scored"],
                row["conversions"],
                f"{row['amount'] / 100:.2f}",
            )
            for row in rows
        }


def test_the_peer_of_an_import_builds_every_index_that_scorecli_has_on_calls(
    bench: ModuleType,
) -> None:
    from bench.peers import same_indexes

    from scorecli.storage.schema_script import schema_statements

    schema = schema_statements()
    built = same_indexes(schema)
    assert len(built) == schema.count(" ON call (") - schema.count(" ON call (record_id)")
    assert 'CREATE UNIQUE INDEX ux_call_identity ON calls ("Call ID")' in built
    assert not any("()" in statement for statement in built)


def test_a_row_that_does_not_exist_is_refused_with_those_that_do(
    bench: ModuleType, tmp_path: Path, scorecli: list[str]
) -> None:
    with pytest.raises(SystemExit, match=r"No row speed; there are score, list"):
        _small_run(bench, tmp_path, scorecli, "--rows", "speed")


def test_a_command_that_fails_is_never_taken_for_a_fast_one(
    bench: ModuleType, tmp_path: Path
) -> None:
    from bench.measure import Command, CommandFailed, run

    with pytest.raises(CommandFailed, match="no such thing"):
        run(Command([sys.executable, "-c", "raise SystemExit('no such thing')"]), tmp_path)


def test_the_cost_of_a_process_is_its_own(bench: ModuleType, tmp_path: Path) -> None:
    from bench.measure import Command, run

    busy = "import time; x = bytearray(90_000_000); t = time.process_time()\n"
    busy += "while time.process_time() - t < 0.3: pass"
    cost = run(Command([sys.executable, "-c", busy]), tmp_path)
    idle = run(Command([sys.executable, "-c", "import time; time.sleep(0.2)"]), tmp_path)
    assert cost.cpu > 0.25
    assert cost.memory > 90_000_000
    assert idle.wall > 0.2
    assert idle.cpu < cost.cpu


def test_sides_take_turns_and_a_warm_up_does_not_count(bench: ModuleType, tmp_path: Path) -> None:
    from bench.measure import Command, Side, pairs_of

    order: list[str] = []

    def side(name: str) -> Side:
        return Side(lambda _: [Command([sys.executable, "-c", ""])], lambda: order.append(name))

    measured = pairs_of(side("a"), side("b"), tmp_path, 3)
    assert len(measured) == 3
    assert order == ["a", "b", "b", "a", "a", "b", "b", "a"]


def test_a_terminal_is_one_for_the_measured_command(bench: ModuleType, tmp_path: Path) -> None:
    from bench.measure import Command, CommandFailed, run

    code = "import os, sys; sys.exit(0 if sys.stdout.isatty() else 1)"
    assert run(Command([sys.executable, "-c", code], terminal=True), tmp_path).wall > 0
    with pytest.raises(CommandFailed):
        run(Command([sys.executable, "-c", code]), tmp_path)
