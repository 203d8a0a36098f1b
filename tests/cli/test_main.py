"""Exit codes, errors, the shared options, closed pipes and full disks."""

from __future__ import annotations

import os
import pty
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.cli.context import App

Probe = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("done", 0),
        ("refused", 1),
        ("wrong", 2),
        ("rejected", 3),
        ("unavailable", 4),
        ("full", 4),
        ("missing", 1),
        ("broken", 1),
        ("interrupted", 130),
        ("nothing-of-the-kind", 2),
    ],
)
def test_each_kind_of_ending_has_its_exit_code(probe: Probe, command: str, code: int) -> None:
    done = probe(command)
    assert done.returncode == code
    if code not in (0, 3):
        assert done.stdout == ""
        assert 1 <= len(done.stderr.splitlines()) <= 2
        assert "Traceback" not in done.stderr


def test_an_error_says_what_is_wrong_and_then_what_to_do(probe: Probe) -> None:
    assert probe("refused").stderr == "Error: no such thing\nlook elsewhere\n"


@pytest.mark.parametrize("place", [["--debug", "broken"], ["broken", "--debug"]])
def test_debug_shows_the_traceback(probe: Probe, place: list[str]) -> None:
    done = probe(*place)
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert "\x1b" not in done.stderr


def test_what_comes_from_data_is_not_obeyed_in_an_error(probe: Probe) -> None:
    done = probe("hostile")
    assert "\x1b" not in done.stderr
    assert "\u202e" not in done.stderr
    assert "\\x1b]52;c;aGk=\\x07 \\u202e [red]x[/red] :smile:" in done.stderr


def test_a_hostile_argument_is_not_obeyed_in_a_usage_error(probe: Probe) -> None:
    for arguments in (["\x1b[31m\u202e"], ["--\x1b[31m"], ["done", "--wait", "\x1b[31m\u202e"]):
        done = probe(*arguments)
        assert done.returncode == 2
        assert "\x1b" not in done.stderr
        assert "\u202e" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["done", "--no-such-option"],
        ["done", "unexpected"],
        ["--db"],
        ["done", "--wait", "soon"],
        ["done", "--wait", "nan"],
        ["done", "--color", "blue"],
        ["done", "--as", " "],
        ["show", "--format", "yaml"],
        ["show", "--rows", "many"],
        ["deep", "nothing"],
    ],
)
def test_wrong_usage_is_two_plain_lines_and_names_the_help(
    probe: Probe, arguments: list[str]
) -> None:
    done = probe(*arguments)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Error: ")
    assert "--help" in lines[1]
    assert done.stderr.isascii()


def test_a_misspelt_command_is_answered_with_the_nearest(probe: Probe) -> None:
    assert "`scorecli refused`" in probe("refusd").stderr
    assert "`scorecli deep refused`" in probe("deep", "refusd").stderr


def test_no_command_at_all_shows_the_help_on_stderr(probe: Probe) -> None:
    for arguments in ([], ["deep"]):
        done = probe(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith("Usage: scorecli")


SHARED = [
    "--db", "x.db", "--config", "c.toml", "--as", "ann", "--color", "never", "--ascii", "-q",
    "--no-input", "--wait", "1.5",
]  # fmt: skip
SEEN = "x.db c.toml ann never True True True 1.5 False\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [*SHARED, "done"],
        ["done", *SHARED],
        [*SHARED, "deep", "done"],
        ["deep", *SHARED, "done"],
        ["deep", "done", *SHARED],
        [*SHARED[:6], "deep", *SHARED[6:9], "done", *SHARED[9:]],
    ],
)
def test_shared_options_stand_before_or_after_the_command(
    probe: Probe, arguments: list[str]
) -> None:
    assert probe(*arguments).stdout == SEEN


def test_the_later_of_two_shared_options_holds(probe: Probe) -> None:
    assert probe("--db", "a", "done", "--db", "b").stdout.startswith("b ")


def test_who_is_the_option_then_the_environment_then_the_login(probe: Probe) -> None:
    told = {"SCORECLI_USER": "Eve"}
    assert " Ann " in probe("done", "--as", "Ann", env=told).stdout
    assert " Eve " in probe("done", env=told).stdout
    assert " tester " in probe("done").stdout


def test_a_confirmation_that_cannot_be_asked_for_is_refused(probe: Probe) -> None:
    done = probe("ask")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--yes" in done.stderr
    assert probe("ask", "--yes").stdout == "removed\n"


@pytest.mark.parametrize(
    ("typed", "code", "options"),
    [("y\n", 0, []), ("yes\n", 0, []), ("n\n", 1, []), ("\n", 1, []), ("y\n", 1, ["--no-input"])],
)
def test_a_person_on_a_terminal_is_asked(
    probe: Probe, typed: str, code: int, options: list[str]
) -> None:
    master, slave = pty.openpty()
    os.write(master, typed.encode())
    done = probe("ask", *options, stdin=slave)
    os.close(slave)
    os.close(master)
    assert done.returncode == code
    assert ("Remove 2 calls? [y/N]" in done.stderr) == (not options)
    assert done.stdout == ("removed\n" if code == 0 else "")


@pytest.mark.parametrize("shell", ["{} many | head -1", "{} many | true", "{} --help | true"])
def test_a_closed_pipe_ends_quietly(probe_words: list[str], shell: str) -> None:
    line = "set -o pipefail; " + shell.format(" ".join(probe_words))
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["many", "done", "--version", "--help"])
def test_output_to_a_full_disk_is_an_error(probe: Probe, command: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = probe(command, stdout=full)
    assert done.returncode == 4
    assert "No space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_closed_streams_do_no_harm(probe_words: list[str]) -> None:
    for closed in (">&-", "2>&-", "<&-", ">&- 2>&- <&-"):
        line = f"{' '.join(probe_words)} refused {closed}"
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
        assert done.returncode == 1, closed


def test_control_c_ends_with_130(probe_words: list[str]) -> None:
    process = subprocess.Popen(
        [*probe_words, "many"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == 130
    assert complaint == "Interrupted.\n"


def test_a_file_that_is_no_database_is_named(probe: Probe, home: Path) -> None:
    (home / "note.db").write_text("dear diary, " * 100)
    for command in ("read", "write"):
        done = probe(command, "--db", "note.db")
        assert done.returncode == 4
        assert "note.db" in done.stderr
        assert len(done.stderr.splitlines()) == 2
    assert (home / "note.db").read_text() == "dear diary, " * 100


def test_reading_creates_nothing(probe: Probe, home: Path) -> None:
    done = probe("read", "--db", "calls.db")
    assert done.returncode == 4
    assert "calls.db" in done.stderr
    assert list(home.iterdir()) == []


def test_a_waiting_writer_says_so_and_then_gives_up(probe: Probe, home: Path) -> None:
    assert probe("write", "--db", "calls.db").returncode == 0
    other = sqlite3.connect(home / "calls.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    done = probe("write", "--db", "calls.db", "--wait", "1.5")
    waited = time.monotonic() - started
    other.close()
    assert done.returncode == 4
    assert waited >= 1.5
    assert done.stderr.startswith("Waiting: ")
    assert "gave up after 1.5 seconds" in done.stderr


def test_a_table_on_a_pipe_is_plain_and_notices_go_to_stderr(probe: Probe) -> None:
    done = probe("show")
    assert (done.stdout, done.stderr) == ("N\n0\n1\n2\n", "a note\n")
    assert probe("show", "-q").stderr == ""


def test_every_format_is_written(probe: Probe, home: Path) -> None:
    for name in ("table", "json", "ndjson", "csv", "tsv", "markdown"):
        assert probe("show", "--format", name).returncode == 0
    assert probe("show", "--output", "out.csv").stdout == ""
    assert (home / "out.csv").read_text() == "n\n0\n1\n2\n"


def _on_terminal(words: list[str], **environment: str) -> str:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        words,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "LINES": "10", **environment},
    )
    os.close(slave)
    text = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    process.wait(timeout=30)
    os.close(master)
    return text.decode()


def test_a_long_table_on_a_terminal_goes_through_the_pager(
    probe_words: list[str], home: Path
) -> None:
    pager = home / "my pager"
    pager.write_text(
        f"#!{sys.executable}\nimport sys\nsys.stdin.read()\nprint('PAGED', sys.argv[1])\n"
    )
    pager.chmod(0o700)
    named = f"'{pager}' '$(id);'"
    shown = _on_terminal([*probe_words, "show", "--rows", "50"], PAGER=named)
    assert "PAGED $(id);" in shown
    assert "PAGED" not in _on_terminal([*probe_words, "show", "--rows", "2"], PAGER=named)
    assert "PAGED" not in _on_terminal(
        [*probe_words, "show", "--rows", "50", "--format", "csv"], PAGER=named
    )


def test_without_a_pager_a_long_table_is_simply_written(probe_words: list[str]) -> None:
    for pager in ("", "cat", "no-such-pager", "'"):
        assert "49" in _on_terminal([*probe_words, "show", "--rows", "50"], PAGER=pager)


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]))))
def test_the_history_keeps_a_command_line_that_can_be_typed_again(words: list[str]) -> None:
    assert shlex.split(App(words).command_line) == ["scorecli", *words]
