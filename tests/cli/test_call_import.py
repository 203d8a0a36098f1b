"""`scorecli calls import` as people and scripts use it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LOG = (
    "Call ID,Start Time,Agent Name,Rating,Mood\n"
    "A1,2026-11-03 10:00,Dana Reyes,4,good\n"
    "A2,2026-11-03 11:00,Sam,,\n"
)
BAD = LOG + "A3,yesterday-ish,Kim,9,\n"
KEYS = (
    "read",
    "inserted",
    "updated",
    "unchanged",
    "rejected",
    "rejects_file",
    "attributed",
    "unattributed",
    "scored",
    "orphan_amounts",
    "unmapped",
    "change",
)


@pytest.fixture
def log(home: Path) -> Callable[..., str]:
    """Write a file into the working directory and return its name."""

    def write(content: str | bytes = LOG, name: str = "calls.csv") -> str:
        (home / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return write


@pytest.fixture
def imports(db: Path, invoke: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `calls import` on the test's database."""
    monkeypatch.setenv("SCORECLI_DB", str(db))
    return lambda *words: invoke("calls", "import", *words)


@pytest.fixture
def figures(imports: Any) -> Callable[..., dict[str, Any]]:
    """Run it and return the object that scripts get."""

    def run(*words: str) -> dict[str, Any]:
        return json.loads(imports(*words, "--format", "json").stdout)  # type: ignore[no-any-return]

    return run


@pytest.fixture
def listed(invoke: Any) -> Callable[..., Any]:
    """Return fields of all calls in the order of their numbers."""

    def run(*names: str) -> Any:
        done = invoke(
            "calls", "list", "--sort", "id", "--columns", ",".join(names), "--format", "json"
        )
        return [tuple(call[name] for name in names) for call in json.loads(done.stdout)]

    return run


def test_the_summary_goes_to_stderr_and_names_what_to_do_next(log: Any, imports: Any) -> None:
    done = imports(log())
    assert (done.code, done.stdout) == (0, "")
    assert "2 rows of calls.csv: 2 inserted, 0 updated, 0 unchanged, 0 rejected" in done.stderr
    assert "scorecli undo" in done.stderr
    assert "Mood. To use one, import again with --map FIELD=Mood" in done.stderr
    assert imports("calls.csv").stderr.startswith("Read 2 rows of calls.csv: 0 inserted")


def test_quiet_says_nothing(log: Any, imports: Any) -> None:
    assert imports(log(), "-q") == ("", "", 0)


def test_json_has_the_promised_keys_and_only_it_is_on_stdout(log: Any, imports: Any) -> None:
    done = imports(log(), "--format", "json")
    summary = json.loads(done.stdout)
    assert set(KEYS) <= set(summary)
    assert {key: summary[key] for key in KEYS[:6]} == {
        "read": 2,
        "inserted": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "rejects_file": None,
    }
    assert summary["unmapped"] == ["Mood"]
    assert summary["change"] == 1
    assert summary["unattributed"] + summary["attributed"] == 2
    assert done.stderr == ""


def test_rejected_rows_end_with_code_3_and_a_file(log: Any, imports: Any, home: Path) -> None:
    done = imports(log(BAD))
    assert done.code == 3
    assert "calls.rejects.csv" in done.stderr
    header, row = (home / "calls.rejects.csv").read_text().splitlines()
    assert header == "Call ID,Start Time,Agent Name,Rating,Mood,line,field,error"
    assert row.startswith("A3,yesterday-ish,Kim,9,,4,Start Time; Rating,")
    assert (home / "calls.rejects.csv").stat().st_mode & 0o077 == 0


def test_a_dry_run_shows_the_mapping_and_the_same_figures_and_writes_nothing(
    log: Any, imports: Any, figures: Any, db: Path, home: Path
) -> None:
    log(BAD)
    done = imports("calls.csv", "--dry-run")
    assert done.code == 3
    assert done.stdout.startswith("calls.csv, profile ")
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [line[:2] for line in lines[2:]] == [
        ["Call ID", "external_id"],
        ["Start Time", "started_at"],
        ["Agent Name", "agent"],
        ["Rating", "stars"],
        ["Mood", "extra"],
    ]
    assert lines[2][2] == "A1 | A2 | A3"
    assert not db.exists()
    assert [path.name for path in home.iterdir()] == ["calls.csv"]
    dry = figures("calls.csv", "--dry-run")
    real = figures("calls.csv")
    for key in ("rejects_file", "change", "files"):
        dry.pop(key), real.pop(key)
    assert dry == real
    assert figures("calls.csv", "--dry-run")["unchanged"] == 2


def test_strict_refuses_with_code_1_in_a_dry_run_too(log: Any, imports: Any, db: Path) -> None:
    for words in (["--strict"], ["--strict", "--dry-run"]):
        done = imports(log(BAD), *words)
        assert done.code == 1
        assert "1 row was bad, so nothing was imported" in done.stderr
        assert not db.exists()


def test_map_set_and_unmap(log: Any, imports: Any, listed: Any) -> None:
    imports(log(), "--map", "agent=", "--map", "contact_name=Agent Name", "--set", "system=pbx")
    assert listed("agent", "contact_name", "system") == [
        (None, "Dana Reyes", "pbx"),
        (None, "Sam", "pbx"),
    ]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--map", "agent"], "lacks an equals sign"),
        (["--map", "agnt=Mood"], "no field 'agnt'"),
        (["--map", "agent=Moood"], "no column 'Moood'"),
        (["--map", "id=Mood"], "cannot be imported"),
        (["--map", "agent=Mood", "--map", "agent=Rating"], "given twice"),
        (["--map", "agent=Mood", "--set", "agent=x"], "both a --map and a --set"),
        (["--key", "Moood"], "no column 'Moood'"),
        (["--decimal", ";"], "no decimal sign"),
        (["--date-format", "XYZ"], "XYZ"),
        (["--timezone", "Mars/Base"], "Mars/Base"),
        (["--profile", "nosuch"], "no profile 'nosuch'"),
        (["--delimiter", "ab"], "cannot separate values"),
        (["--encoding", "klingon"], "klingon"),
        (["--no-header", "--columns", "a,b"], "2"),
        (["--set", "stars=9"], "stars are 1 to 5"),
    ],
)
def test_wrong_usage_ends_with_code_2_and_one_or_two_lines(
    log: Any, imports: Any, db: Path, words: list[str], reason: str
) -> None:
    done = imports(log(), *words)
    assert done.code == 2
    assert reason in done.stderr
    assert done.stderr.count("\n") <= 2
    assert not db.exists()


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_what_is_no_file_is_refused_with_code_1(imports: Any, name: str) -> None:
    done = imports(name)
    assert done.code == 1
    assert name in done.stderr


def test_doubtful_days_and_amounts_are_asked_for(log: Any, imports: Any, listed: Any) -> None:
    log("call id,start time,amount,converted\nA1,03/04/2026 10:00,1.250,yes\n")
    done = imports("calls.csv", "--decimal", ",")
    assert (done.code, "--date-format DMY" in done.stderr) == (2, True)
    done = imports("calls.csv", "--date-format", "DMY")
    assert (done.code, "--decimal ." in done.stderr) == (2, True)
    done = imports(
        "calls.csv",
        "--date-format",
        "dmy",
        "--decimal",
        ".",
        "--timezone",
        "Europe/Berlin",
        "--set",
        "currency=KWD",
    )
    assert done.code == 0
    assert listed("started_at", "amount", "currency") == [
        ("2026-04-03T08:00:00+00:00", "1.250", "KWD")
    ]


def test_standard_input_and_compressed_files(
    log: Any, imports: Any, run: Any, db: Path, listed: Any
) -> None:
    done = run("calls", "import", "-", "--db", db, stdin=LOG)
    assert done.code == 0, done.stderr
    assert (
        "0 inserted, 0 updated, 2 unchanged"
        in imports(log(gzip.compress(LOG.encode()), "c.gz")).stderr
    )
    assert listed("external_id") == [("A1",), ("A2",)]


def test_bad_rows_of_standard_input_have_a_file_too(run: Any, db: Path, home: Path) -> None:
    done = run("calls", "import", "-", "--db", db, stdin=BAD)
    assert done.code == 3
    [rejects] = home.glob("*.rejects.csv")
    assert "A3" in rejects.read_text()


def test_several_files_are_one_change_and_each_has_its_figures(
    log: Any, figures: Any, invoke: Any, listed: Any
) -> None:
    summary = figures(log(), log(BAD.replace("A1", "B1"), "more.csv"))
    assert [file["read"] for file in summary["files"]] == [2, 3]
    assert (summary["read"], summary["inserted"], summary["unchanged"]) == (5, 3, 1)
    assert summary["change"] == 1
    assert len(listed("id")) == 3


def test_a_file_without_header_gets_its_names(log: Any, imports: Any, listed: Any) -> None:
    log("A1;Dana;4\nA2;Kim;\n")
    done = imports(
        "calls.csv", "--no-header", "--columns", "call id,agent,stars", "--delimiter", ";"
    )
    assert done.code == 0, done.stderr
    assert listed("external_id", "agent", "stars") == [("A1", "Dana", 4), ("A2", "Kim", None)]


def test_missing_words_mean_nothing_is_known(log: Any, imports: Any, listed: Any) -> None:
    imports(log("call id,agent,source\nA1,Select,NA\n"), "--missing", "na", "--missing", "select")
    assert listed("agent", "source") == [(None, None)]


def test_unknown_results_are_named_with_the_commands(log: Any, imports: Any, listed: Any) -> None:
    log("call id,result\nA1,SALE NOW\nA2,sale now\n")
    done = imports("calls.csv")
    assert done.code == 3
    assert "scorecli results add 'SALE NOW'" in done.stderr
    assert "--define-results" in done.stderr
    done = imports("calls.csv", "--define-results")
    assert (done.code, "Defined call results: SALE NOW" in done.stderr) == (0, True)
    assert listed("result") == [("SALE NOW",), ("SALE NOW",)]


def test_a_file_whose_header_says_nothing_is_told(log: Any, imports: Any) -> None:
    done = imports(log("Report of November\nsome,line\n"))
    assert "No column of calls.csv is known as a field" in done.stderr


def test_two_columns_that_could_be_one_field_are_told(log: Any, imports: Any) -> None:
    done = imports(log("Call Date,Call Time\n2026-11-03,10:00\n"))
    assert '"Call Date" was taken for started_at, though "Call Time" could be it' in done.stderr


def test_what_stands_in_a_file_never_reaches_the_terminal_raw(log: Any, imports: Any) -> None:
    evil = "\x1b[31m\u202e[bold]x[/bold]"
    done = imports(log(f"call id,{evil}\nA1,{evil}\n"), "--dry-run", "--delimiter", ",")
    done_again = imports("calls.csv", "--delimiter", ",")
    for text in (done.stdout, done.stderr, done_again.stderr):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[bold]" in text


def test_overwrite_scores_and_clear_empty(log: Any, imports: Any, invoke: Any, listed: Any) -> None:
    imports(log())
    invoke("score", "1", "--stars", "1", "--as", "ann")
    imports("calls.csv")
    assert listed("stars") == [(1,), (None,)]
    imports("calls.csv", "--overwrite-scores")
    assert listed("stars") == [(4,), (None,)]
    imports(log(LOG.replace(",4,good", ",,")), "--clear-empty")
    assert listed("stars", "agent") == [(None, "Dana Reyes"), (None, "Sam")]


def test_an_import_into_a_settings_zone_uses_its_days(
    log: Any, imports: Any, invoke: Any, home: Path, listed: Any
) -> None:
    (home / "scoring.toml").write_text('[display]\ntime_zone = "America/New_York"\n')
    imports(log("call id,start time,converted\nA1,2026-11-04T03:00:00Z,yes\n"))
    assert listed("started_at", "converted_on") == [("2026-11-03T22:00:00-05:00", "2026-11-03")]
