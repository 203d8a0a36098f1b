"""Reading commands as a script sees them: stdout, stderr and exit codes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scorecli.storage.database import open_to_write

START = "import sys; from scorecli.cli.main import main; sys.exit(main())"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run scorecli on a database with three calls, one of them without a start."""
    path = tmp_path / "calls.db"
    config = tmp_path / "scoring.toml"
    config.write_text('[display]\ntime_zone = "Europe/Berlin"\n', encoding="utf-8")
    with open_to_write(str(path)) as db, db.change("scorecli calls import a.csv", "ann") as change:
        for number, field, value in ((1, "system", "generic"), (2, "source", "Google Ads")):
            db.execute(
                "INSERT INTO lookup (id, field, value, folded) VALUES (?, ?, ?, ?)",
                (number, field, value, value.casefold()),
            )
        for start, source, converted, amount in (
            (1_793_526_900, 2, 1, 25000),  # 2026-11-01 10:55 in Berlin
            (1_793_613_300, None, 0, None),
            (None, 2, 0, None),
        ):
            db.execute(
                "INSERT INTO call (started_at, source_id, converted, scored, amount, currency,"
                " system_id, identity, external_id) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)",
                (
                    start,
                    source,
                    converted,
                    converted,
                    amount,
                    None if amount is None else "USD",
                    str(start).encode(),
                    f"CAL-{start}",
                ),
            )
        change.record("call", 1, "converted", False, True)

    def start_one(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", START, *arguments]
        command += ["--db", str(path), "--config", str(config)]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )

    return start_one


def test_calls_are_listed_as_plain_text_in_a_pipe_and_all_of_them(run: Run) -> None:
    done = run("calls", "list")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].split("\t")[:3] == ["ID", "Start", "Direction"]
    assert [line.split("\t")[0] for line in lines[1:]] == ["2", "1", "3"]


def test_each_argument_is_one_term_of_the_filter(run: Run) -> None:
    done = run("calls", "list", "source:Google Ads", "converted:yes", "--format", "json")
    (call,) = json.loads(done.stdout)
    assert call["started_at"] == "2026-11-01T10:55:00+01:00"
    assert (call["amount"], call["converted"], call["reporting_tags"]) == ("250.00", True, [])
    assert (
        json.loads(run("calls", "list", "source:none", "stars:5", "--format", "json").stdout) == []
    )


def test_an_export_is_csv_with_canonical_headers(run: Run) -> None:
    done = run("calls", "export", "--columns", "id,amount", "--sort", "id")
    assert list(csv.reader(io.StringIO(done.stdout))) == [
        ["id", "amount"],
        ["1", "250.00"],
        ["2", ""],
        ["3", ""],
    ]


def test_the_ending_of_the_output_file_decides_its_format(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "calls.json"
    assert run("calls", "export", "--output", str(target)).returncode == 0
    assert len(json.loads(target.read_text(encoding="utf-8"))) == 3


def test_a_call_is_shown_with_its_history(run: Run) -> None:
    shown = json.loads(run("calls", "show", "1", "--format", "json").stdout)
    assert shown["external_id"] == "CAL-1793526900"
    assert shown["history"][0]["fields"][0]["field"] == "converted"
    assert "Converted: no -> yes" in run("calls", "show", "ext:CAL-1793526900").stdout


def test_an_unknown_call_is_refused_with_exit_code_1(run: Run) -> None:
    done = run("calls", "show", "99")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no call 99." in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("calls", "list", "sorce:google"),
        ("calls", "list", "--columns", "sorce"),
        ("calls", "list", "--sort", "extra"),
        ("report", "conversions", "--by", "sorce"),
        ("report", "conversions", "--since", "03/04/2026"),
        ("report", "conversions", "--since", "2026-02", "--until", "2026-01"),
        ("history", "1", "--change", "1"),
    ],
)
def test_wrong_usage_ends_with_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_report_is_one_json_object_with_its_rows_and_total(run: Run) -> None:
    done = run(
        "report", "conversions", "--since", "2026-11", "--until", "2026-11", "--format", "json"
    )
    report = json.loads(done.stdout)
    assert list(report) == [
        "report",
        "since",
        "until",
        "time_zone",
        "filter",
        "rows",
        "total",
    ]
    assert (report["since"], report["until"]) == ("2026-11-01", "2026-11-30")
    assert [row["source"] for row in report["rows"]] == ["Google Ads", None]
    assert report["rows"][0]["amount"] == "250.00"
    assert report["rows"][1]["amount_per_conversion"] is None
    assert report["total"]["conversion_rate"] == 0.5
    assert "1 call without a start left out" in done.stderr


def test_a_report_for_people_names_the_empty_group_and_ends_with_a_total(run: Run) -> None:
    lines = run("report", "conversions").stdout.splitlines()
    assert lines[2].startswith("(none)\t")
    assert lines[-1].startswith("Total\t3\t")


def test_a_report_explains_its_figures(run: Run) -> None:
    text = run("report", "conversions", "--explain").stdout
    assert "conversions / calls" in text
    assert "without a conversion is left out" in text


def test_tags_and_history_are_lists_even_when_they_are_empty_or_short(run: Run) -> None:
    assert json.loads(run("tags", "list", "--format", "json").stdout) == []
    (change,) = json.loads(run("history", "--format", "json").stdout)
    assert (change["who"], change["entries"]) == ("ann", 1)
    (entry,) = json.loads(run("history", "--change", "1", "--format", "json").stdout)
    assert (entry["field"], entry["before"], entry["after"]) == ("converted", False, True)


@pytest.mark.parametrize("report", [("conversions",), ("agents",)])
def test_amounts_that_add_up_to_no_number_are_said_to_be_wrong(
    run: Run, tmp_path: Path, report: tuple[str, ...]
) -> None:
    with open_to_write(str(tmp_path / "calls.db")) as db, db.change("test", "ann"):
        db.execute(
            "UPDATE call SET converted = 1, currency = 'USD', amount = 9000000000000000000,"
            " source_id = 2, scored = 1, started_at = 1793526900, converted_on = NULL"
            " WHERE id < 3"
        )
    done = run("report", *report)
    assert (done.returncode, done.stdout) == (1, "")
    assert "add up to more" in done.stderr
    assert "calls list --sort amount-" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("calls", "list", "source:google"),
        ("calls", "show", "1"),
        ("tags", "list"),
        ("history",),
        ("report", "conversions", "--by", "month"),
    ],
)
def test_reading_loads_neither_an_orm_nor_rich_in_a_pipe(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    watch = "import sys; from scorecli.cli.main import run; run(sys.argv[1:]);"
    watch += "sys.stderr.write('LOADED ' + ' '.join(sys.modules))"
    monkeypatch.setattr(sys.modules[__name__], "START", watch)
    loaded = set(run(*arguments).stderr.rpartition("LOADED ")[2].split())
    assert "sqlite3" in loaded
    assert not loaded & {"sqlmodel", "sqlalchemy", "pydantic", "rich", "phonenumbers", "tomlkit"}
