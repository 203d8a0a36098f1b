"""`scorecli score` as a person and as a script meet it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

Run = Callable[..., Any]
HEAVY = {"sqlmodel", "sqlalchemy", "pydantic", "rich", "tomlkit", "phonenumbers", "openpyxl"}


@pytest.fixture
def log(call_log: Any) -> Any:
    call_log.add(system="alpha", external_id="A1", source="google", started_at=1_793_526_900)
    call_log.add(system="alpha", external_id="A-2", source="google")
    call_log.add(system="beta", external_id="A1", source="bing")
    call_log.add(external_id="gone", removed="deleted")
    call_log.result("SALE", success=1)
    call_log.result("NO")
    return call_log


def configure(text: str) -> None:
    Path("scoring.toml").write_text(text, encoding="utf-8")


def test_the_command_of_the_page_works_as_it_stands(log: Any, run: Run) -> None:
    for _ in range(120):
        log.add()
    done = run("score", "123", "--stars", "4", "--tag", "wrong number")
    assert done == ("wrong number  ★★★★☆\n", "", 0)
    assert (log.call(123)["stars"], log.call(123)["tags"]) == (4, ["wrong number"])


def test_the_cell_reads_well_without_unicode(log: Any, invoke: Run) -> None:
    done = invoke(
        *("--ascii", "score", "1", "--stars", "4", "--tag", "wrong number"),
        *("--converted", "--amount", "250", "--converted-on", "2026-11-03"),
    )
    assert done.stdout == "wrong number  4/5  [x] $250.00 2026-11-03\n"
    assert invoke("score", "1", "--note", "x").stdout == (
        "wrong number  ★★★★☆  ✔ $250.00 2026-11-03\n"
    )
    assert invoke("score", "1", "--remove").stdout == "·\n"


def test_one_call_is_an_object_and_several_are_an_array(log: Any, invoke: Run) -> None:
    one = json.loads(invoke("score", "1", "--stars", "4", "--format", "json").stdout)
    assert (one["id"], one["stars"], one["reporting_tags"]) == (1, 4, [])
    two = json.loads(invoke("score", "1", "2", "--tag", "a", "-f", "json").stdout)
    assert [(call["id"], call["reporting_tags"]) for call in two] == [(1, ["a"]), (2, ["a"])]


def test_several_calls_are_shown_under_the_name_of_the_column(log: Any, invoke: Run) -> None:
    configure('[score]\ncolumn_name = "Worth"\n')
    done = invoke("score", "1", "2", "--stars", "4")
    assert done.stdout == "Call\tWorth\n1\t★★★★☆\n2\t★★★★☆\n"
    assert "2 calls changed" in done.stderr


def test_calls_come_from_standard_input(log: Any, run: Run) -> None:
    done = run("score", "-", "--stars", "4", "-f", "json", stdin="1\r\n\n ext:beta:A1\n1\n")
    assert [call["id"] for call in json.loads(done.stdout)] == [1, 3]
    one = run("score", "-", "--stars", "2", "-f", "json", stdin="\ufeffA-2\n")
    assert [call["id"] for call in json.loads(one.stdout)] == [2]
    assert run("score", "-", "--stars", "2").code == 0


@pytest.mark.parametrize(
    ("name", "call"),
    [("2", 2), ("A-2", 2), ("ext:A-2", 2), ("ext:alpha:A1", 1), ("ext:BETA:A1", 3)],
)
def test_a_call_is_named_by_number_or_external_id(
    log: Any, invoke: Run, name: str, call: int
) -> None:
    assert invoke("score", name, "--stars", "5").code == 0
    assert log.call(call)["stars"] == 5


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("A1", "any of 2 calls: 1 (alpha"),
        ("ext:A1", "any of 2"),
        ("77", "There is no call 77"),
        ("9" * 30, "There is no call 999"),
        ("gone", "was deleted"),
        ("4", "was deleted"),
        ("", "There is no call ''"),
        ("a\nb", r"There is no call 'a\nb'"),
        ("x" * 5000, "There is no call 'xxx"),
    ],
)
def test_a_call_that_is_not_there_once_is_refused_in_two_lines(
    log: Any, invoke: Run, name: str, words: str
) -> None:
    done = invoke("score", "2", name, "--stars", "5")
    assert (done.code, done.stdout, log.call(2)["stars"]) == (1, "", None)
    assert words in done.stderr
    assert done.stderr.count("\n") == 2
    assert len(done.stderr) < 400


def test_keep_going_leaves_out_calls_and_says_so(log: Any, invoke: Run) -> None:
    done = invoke("score", "1", "77", "2", "--stars", "5", "--keep-going", "-f", "ndjson")
    assert done.code == 3
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    assert "Left out: There is no call 77." in done.stderr


def test_where_asks_before_it_changes_more_than_one_call(log: Any, run: Run) -> None:
    where = ("score", "--where", "source:google", "--stars", "4")
    for refused in (run(*where), run(*where, "--no-input")):
        assert (refused.code, log.call(1)["stars"]) == (1, None)
        assert "Score 2 calls?" in refused.stderr
        assert "--yes" in refused.stderr
    done = run(*where, "--yes")
    assert (done.code, log.call(1)["stars"], log.call(2)["stars"]) == (0, 4, 4)
    assert run("score", "--where", "source:bing", "--stars", "1").code == 0


@pytest.mark.parametrize(("answer", "code", "stars"), [("y", 0, 4), ("n", 1, None), ("", 1, None)])
def test_where_does_what_the_person_answers(
    log: Any, scorecli: list[str], answer: str, code: int, stars: int | None
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*scorecli, "score", "--where", "source:google", "--stars", "4"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        _, stderr = process.communicate(timeout=60)
    os.close(ours)
    assert b"Score 2 calls? [y/N]" in stderr
    assert (process.returncode, log.call(1)["stars"]) == (code, stars)


def test_a_dry_run_shows_before_and_after_and_asks_nothing(log: Any, invoke: Run) -> None:
    invoke("score", "1", "--stars", "2")
    done = invoke("score", "--where", "source:google", "--stars", "4", "--tag", "a", "--dry-run")
    assert done.code == 0
    assert done.stdout == ("Call\tScore before\tScore after\n1\t★★☆☆☆\ta  ★★★★☆\n2\t·\ta  ★★★★☆\n")
    assert "2 calls would change" in done.stderr
    assert (log.call(1)["stars"], log.call(1)["tags"], log.changes()) == (2, [], 1)
    assert invoke("score", "77", "--stars", "4", "--dry-run").code == 1


def test_an_empty_filter_does_not_mean_every_call(log: Any, invoke: Run) -> None:
    assert invoke("score", "--where", " ", "--stars", "4", "--yes").code == 2
    assert log.call(1)["stars"] is None
    assert invoke("score", "--where", "id:1..", "--stars", "4", "--yes").code == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--stars", "4", "--remove"),
        ("--tag", "x", "--untag", " X "),
        ("--call-tag", "x", "--uncall-tag", "x"),
        ("--converted", "--not-converted"),
        ("--not-converted", "--converted", "--stars", "3"),
        ("--converted", "--remove"),
        ("--amount", "5", "--not-converted"),
        ("--converted-on", "today", "--remove"),
        ("--stars", "4", "--stars", "5"),
        ("--note", "a", "--note", "b"),
        ("--amount", "none", "--amount", "5", "--converted"),
        ("--result", "SALE", "--remove"),
    ],
)
def test_options_that_contradict_each_other_are_wrong_usage(
    log: Any, invoke: Run, options: tuple[str, ...]
) -> None:
    done = invoke("score", "1", *options)
    assert (done.code, done.stdout, log.changes()) == (2, "", 0)
    assert "contradict each other" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("1",),
        ("--stars", "4"),
        ("1", "--where", "x", "--stars", "4"),
        ("1", "--from", "x.csv"),
        ("--from", "x.csv", "--stars", "4"),
        ("1", "--stars", "4", "--rejects", "x.csv"),
        ("-", "--note", "-"),
    ],
)
def test_what_says_too_little_or_too_much_is_wrong_usage(
    log: Any, run: Run, words: tuple[str, ...]
) -> None:
    done = run("score", *words)
    assert (done.code, log.changes()) == (2, 0)
    assert done.stderr.count("\n") == 2


@pytest.mark.parametrize(
    "options",
    [
        ("--stars", "0"),
        ("--stars=04",),
        ("--stars", "4.5"),
        ("--stars", ""),
        ("--amount", "-5"),
        ("--amount", "1e3"),
        ("--amount", "5.1255"),
        ("--amount", "1.250"),
        ("--amount", "9" * 30),
        ("--amount", "€5"),
        ("--amount", ""),
        ("--converted-on", "3/4/2026"),
        ("--converted-on", "2026-10"),
        ("--converted-on", "2026-02-30"),
        ("--tag", ""),
        ("--tag", "a;b"),
        ("--tag", "a|b"),
        ("--tag", "None"),
        ("--call-tag", " any "),
        ("--tag", "a\nb"),
        ("--tag", "a\x1b[31mb"),
        ("--tag", "x" * 101),
        ("--note", " "),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_named(
    log: Any, invoke: Run, options: tuple[str, ...]
) -> None:
    done = invoke("score", "1", "--converted", *options)
    assert (done.code, log.changes()) == (2, 0)
    assert done.stderr.startswith("Error: ")
    assert 1 <= done.stderr.count("\n") <= 2
    assert "\x1b" not in done.stderr
    assert "unexpected" not in done.stderr


@pytest.mark.parametrize(
    ("currency", "text", "shown"),
    [
        ("USD", " 250 $", "$250.00"),
        ("USD", "1,250.5", "$1,250.50"),
        ("JPY", "1250", "¥1,250"),
        ("KWD", "1.5", "1.500 KWD"),
        ("EUR", "0", "€0.00"),
        ("USD", "90000000000000", "$90,000,000,000,000.00"),
    ],
)
def test_amounts_are_in_the_settings_currency_with_its_decimals(
    log: Any, invoke: Run, currency: str, text: str, shown: str
) -> None:
    configure(f'[converted_amount]\ncurrency = "{currency}"\n')
    done = invoke("score", "1", "--converted", "--converted-on", "2026-01-02", "--amount", text)
    assert done.stdout == f"✔ {shown} 2026-01-02\n"


def test_a_currency_without_decimals_takes_none(log: Any, invoke: Run) -> None:
    configure('[converted_amount]\ncurrency = "JPY"\n')
    done = invoke("score", "1", "--converted", "--amount", "5.5")
    assert done.code == 2
    assert "no decimals" in done.stderr


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_a_conversion_is_of_the_day_that_it_is_in_the_settings_zone(
    log: Any, invoke: Run, zone: str
) -> None:
    # These two never have the same day.
    configure(f'[display]\ntime_zone = "{zone}"\n')
    before = datetime.now(ZoneInfo(zone)).date().isoformat()
    invoke("score", "1", "--converted")
    invoke("score", "2", "--converted", "--converted-on", "yesterday")
    after = datetime.now(ZoneInfo(zone)).date().isoformat()
    assert before <= log.call(1)["converted_on"] <= after
    assert log.call(2)["converted_on"] < after


def test_an_orphan_amount_is_told_found_and_cleared(log: Any, invoke: Run) -> None:
    invoke("score", "1", "--converted", "--amount", "250", "--converted-on", "2026-11-03")
    off = invoke("score", "1", "--not-converted")
    assert off.stdout == "$250.00 2026-11-03\n"
    assert "$250.00" in off.stderr
    assert "`scorecli score 1 --amount none`" in off.stderr
    found = invoke("calls", "list", "@orphan-amounts", "--columns", "id").stdout
    assert found.split() == ["ID", "1"]
    report = ("report", "conversions", "--format", "json")
    assert json.loads(invoke(*report).stdout)["total"]["amount"] in ("0.00", None)
    on = invoke("score", "1", "--converted")
    assert on.stdout == "✔ $250.00 2026-11-03\n"
    assert json.loads(invoke(*report).stdout)["total"]["amount"] == "250.00"
    invoke("score", "1", "--not-converted")
    cleared = invoke("score", "1", "--amount", "none", "--converted-on", "none")
    assert (cleared.stdout, cleared.stderr) == ("·\n", "")


@pytest.mark.parametrize("options", [("--amount", "5"), ("--converted-on", "today")])
def test_what_needs_a_conversion_is_refused_with_that_hint(
    log: Any, invoke: Run, options: tuple[str, ...]
) -> None:
    refused = invoke("score", "1", *options)
    assert (refused.code, log.changes()) == (1, 0)
    assert "--converted" in refused.stderr
    assert invoke("score", "1", *options, "--result", "sale").code == 0
    assert log.call(1)["converted"] == 1


@pytest.mark.parametrize(
    ("table", "options"),
    [
        ("score", ("--stars", "4")),
        ("reporting_tags", ("--untag", "x")),
        ("tags", ("--call-tag", "x")),
        ("conversion", ("--converted",)),
        ("converted_amount", ("--amount", "none")),
        ("notes", ("--note", "x")),
        ("results", ("--result", "NO")),
    ],
)
def test_a_switched_off_field_names_its_setting_under_its_own_label(
    log: Any, invoke: Run, table: str, options: tuple[str, ...]
) -> None:
    configure(f'[{table}]\nenabled = false\nfield_name = "My Label"\n')
    done = invoke("score", "1", *options)
    assert (done.code, log.changes()) == (1, 0)
    assert '"My Label" is switched off' in done.stderr
    assert f"[{table}] enabled" in done.stderr


def test_data_of_a_switched_off_field_comes_back_with_it(log: Any, invoke: Run) -> None:
    invoke("score", "1", "--stars", "4", "--tag", "a")
    configure("[score]\nenabled = false\n")
    assert invoke("score", "1", "--tag", "b").stdout == "a, b\n"
    configure("")
    assert invoke("score", "1", "--tag", "b").stdout == "a, b  ★★★★☆\n"


def test_a_tag_outside_the_list_is_refused_with_the_nearest(log: Any, invoke: Run) -> None:
    configure('[reporting_tags]\nlimit = true\nallowed = ["quote", "wrong number"]\n')
    done = invoke("score", "1", "--tag", "qoute")
    assert (done.code, log.changes()) == (1, 0)
    assert "Nearest: quote." in done.stderr


def test_a_note_may_be_anything_that_is_text(log: Any, run: Run) -> None:
    run("score", "1", "--note", "-", stdin="none\n")
    assert log.call(1)["note"] == "none"
    hostile = "[red]x[/b] :smile: \x1b]52;c;aGk=\x07\u202e"
    shown = run("score", "1", "--note", hostile, "-f", "json")
    assert json.loads(shown.stdout)["note"] == log.call(1)["note"] == hostile
    run("score", "1", "--note", "-", stdin="long " * 400_000)
    assert len(log.call(1)["note"]) == 1_999_999
    assert run("score", "1", "--note", "None").code == 0
    assert log.call(1)["note"] is None


@pytest.mark.parametrize("stdin", [b"", b"a\0b", b"\xff\xfe\xff"])
def test_a_note_that_is_no_text_or_empty_leaves_the_note_there_was(
    log: Any, invoke: Run, scorecli: list[str], stdin: bytes
) -> None:
    invoke("score", "1", "--note", "kept")
    done = subprocess.run(
        [*scorecli, "score", "1", "--note", "-"], input=stdin, capture_output=True, check=False
    )
    assert done.returncode in (1, 2)
    assert log.call(1)["note"] == "kept"
    assert b"unexpected" not in done.stderr


@pytest.mark.parametrize(
    "words", [(b"\xff", b"--stars", b"4"), (b"1", b"--note", b"\xff"), (b"1", b"--tag", b"\xff")]
)
def test_bytes_that_are_no_text_are_wrong_usage(
    log: Any, scorecli: list[str], words: tuple[bytes, ...]
) -> None:
    done = subprocess.run([*scorecli, "score", *words], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"unexpected" not in done.stderr
    assert log.changes() == 0


def test_hostile_tags_reach_no_terminal_raw(log: Any, invoke: Run) -> None:
    done = invoke("score", "1", "--tag", "[red]a[/b]", "--tag", "b\u202ec", "--tag", ":smile:")
    assert done.stdout == ":smile:, [red]a[/b], b\\u202ec\n"


def test_scoring_the_same_again_writes_no_history(log: Any, invoke: Run) -> None:
    words = ("score", "1", "2", "--stars", "4", "--tag", "a", "--converted", "--note", "x")
    invoke(*words)
    again = invoke(*words)
    assert (again.code, log.changes()) == (0, 1)
    assert "0 calls changed, 2 unchanged." in again.stderr


def test_a_missing_database_is_not_made(invoke: Run, db: Path) -> None:
    for words in (("1", "--stars", "4"), ("--where", "id:1..", "--stars", "4", "--dry-run")):
        done = invoke("--db", db, "score", *words)
        assert (done.code, db.exists()) == (4, False)
        assert "There is no database" in done.stderr


def test_more_calls_than_are_shown_are_told(log: Any, invoke: Run) -> None:
    log.db.execute("BEGIN")
    for _ in range(1100):
        log.add()
    log.db.execute("COMMIT")
    done = invoke("score", "--where", "id:5..", "--stars", "4", "--yes")
    assert len(done.stdout.splitlines()) == 1001
    assert "The first 1,000 of 1,100 calls are shown" in done.stderr
    all_ = invoke("score", "--where", "id:5..", "--stars", "4", "--yes", "-f", "ndjson")
    assert len(all_.stdout.splitlines()) == 1100


def test_a_file_is_scored_with_a_summary_for_people_and_for_scripts(log: Any, run: Run) -> None:
    Path("s.csv").write_text("call,stars,more\n1,4,x\n2,9,x\n3,,x\n", encoding="utf-8")
    dry = run("score", "--from", "s.csv", "--dry-run", "--format", "json")
    figures = {"read": 3, "updated": 1, "unchanged": 1, "rejected": 1, "orphan_amounts": 0}
    assert dry.code == 3
    assert json.loads(dry.stdout) == {**figures, "rejects_file": None, "change": None}
    assert log.changes() == 0
    real = run("score", "--from", "s.csv", "--format", "json")
    assert json.loads(real.stdout) == {**figures, "rejects_file": "s.rejects.csv", "change": 1}
    assert (real.code, "Ignored columns: more." in real.stderr) == (3, True)
    piped = run("score", "--from", "-", stdin="call,stars\n1,5\n")
    assert (piped.code, piped.stdout) == (0, "")
    assert "Read 1 row: 1 updated, 0 unchanged, 0 rejected." in piped.stderr
    assert run("score", "--from", "nowhere.csv").code == 1
    assert run("score", "--from", "s.csv", "--decimal", "x").code == 2


def test_scoring_loads_nothing_heavy(log: Any) -> None:
    script = (
        "import sys; from scorecli.cli.main import run; run(sys.argv[1:]);"
        "print('LOADED', *sys.modules)"
    )
    Path("s.csv").write_text("call,stars\n1,4\n", encoding="utf-8")
    for words in (("1", "2", "--stars", "4", "--tag", "a", "--converted"), ("--from", "s.csv")):
        done = subprocess.run(
            [sys.executable, "-c", script, "score", *words],
            capture_output=True,
            text=True,
            check=True,
        )
        assert not HEAVY & set(done.stdout.rpartition("LOADED")[2].split())
