"""The Tab key, as shells ask for it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.cli.complete import MOST, is_offered
from scorecli.cli.completion import read_line, script
from scorecli.storage.database import open_to_write

Probe = Callable[..., subprocess.CompletedProcess[str]]
Ask = Callable[..., list[str]]

SAFE = ["demo", "Düsseldorf", "a_b.c@d+e-f", "42"]
BLANK = "wrong number"
HOSTILE = [
    "$(touch pwned)", "`touch pwned`", "a;touch pwned", "a'b", 'a"b', "a\\b", "a&b", "a>b", "a*",
    "~root", "!x", "a#b", "a{b,c}", "(x)", "a\tb", "a\nb", "a\x1b[31mb", "a\u202eb", "a\u00a0b",
    "a:b", "a=b", "a,b", "%x", "^x", "[x]", "a/b", "a|b", "a?b",
]  # fmt: skip


@pytest.fixture
def filled(db: Path) -> Path:
    """A database with tags, results, users and sources, some of them hostile."""
    with open_to_write(str(db)) as database:
        names = [*SAFE, BLANK, *HOSTILE]
        for number, name in enumerate(names):
            for kind in ("reporting", "call"):
                database.execute(
                    "INSERT INTO tag (kind, name, folded) VALUES (?, ?, ?)",
                    (kind, name if kind == "reporting" else f"c{name}", f"{number:04}"),
                )
            database.execute(
                "INSERT INTO lookup (field, value, folded) VALUES ('source', ?, ?)",
                (name, f"{number:04}"),
            )
        database.execute("INSERT INTO result (code, folded) VALUES ('SALE', 'sale')")
        database.execute("INSERT INTO result (code, folded, enabled) VALUES ('OLD', 'old', 0)")
    return db


@pytest.fixture
def ask(probe: Probe) -> Ask:
    """Ask as a shell does: ``ask("bash", "scorecli score --tag ")``."""

    def ask(shell: str, line: str, **environment: str) -> list[str]:
        done = probe(
            env={
                "_SCORECLI_COMPLETE": f"complete_{shell}",
                "_SCORECLI_LINE": line,
                **environment,
            }
        )
        assert done.returncode == 0
        assert done.stderr == ""
        return done.stdout.splitlines()

    return ask


def _plain(answers: list[str]) -> list[str]:
    return [answer.partition("\t")[0] for answer in answers]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_and_options_are_offered(ask: Ask, shell: str) -> None:
    assert {"score", "deep"} <= set(_plain(ask(shell, "scorecli ")))
    assert _plain(ask(shell, "scorecli sco")) == ["score"]
    assert _plain(ask(shell, "scorecli deep sco")) == ["score"]
    assert _plain(ask(shell, "scorecli --quiet deep sco")) == ["score"]
    assert _plain(ask(shell, "scorecli --db x.db deep sco")) == ["score"]
    assert {"--tag", "--result"} <= set(_plain(ask(shell, "scorecli score --")))
    assert _plain(ask(shell, "scorecli score --ta")) == ["--tag"]
    assert "--no-input" in _plain(ask(shell, "scorecli score --n"))


def test_the_values_of_a_choice_are_offered(ask: Ask) -> None:
    offered = ["table", "json", "ndjson", "csv", "tsv", "markdown"]
    assert ask("bash", "scorecli show --format ") == offered
    assert ask("bash", "scorecli show --format j") == ["json"]
    assert ask("bash", "scorecli show --format=j") == ["--format=json"]


@pytest.mark.parametrize("where", ["option", "later option", "environment"])
def test_tags_come_from_the_database_that_the_line_names(
    ask: Ask, filled: Path, where: str
) -> None:
    line = {
        "option": f"scorecli --db {filled} score --tag ",
        "later option": f"scorecli score --db={filled} --tag ",
        "environment": "scorecli score --tag ",
    }[where]
    told = {"SCORECLI_DB": str(filled)} if where == "environment" else {}
    assert ask("zsh", line, **told) == [*SAFE, BLANK]


def test_only_values_that_no_shell_interprets_are_offered(ask: Ask, filled: Path) -> None:
    line = f"scorecli score --db {filled} --tag "
    assert ask("bash", line) == [*SAFE, "wrong\\ number"]
    assert ask("zsh", line) == [*SAFE, BLANK]
    assert ask("fish", line) == [*SAFE, BLANK]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("wr", "wrong\\ number"),
        ("wrong\\ nu", "wrong\\ number"),
        ('"wrong nu', "wrong number"),
        ("'wrong nu", "wrong number"),
        ("a_b.c@", "a_b.c@d+e-f"),
    ],
)
def test_what_is_typed_so_far_may_be_quoted(
    ask: Ask, filled: Path, typed: str, answer: str
) -> None:
    assert ask("bash", f"scorecli score --db {filled} --tag {typed}") == [answer]


def test_only_enabled_results_are_offered(ask: Ask, filled: Path) -> None:
    assert ask("bash", f"scorecli score --db {filled} --result ") == ["SALE"]


@pytest.mark.parametrize(
    ("command", "answers"),
    [("show", ["OLD", "SALE"]), ("enable", ["OLD"]), ("disable", ["SALE"])],
)
def test_results_are_offered_where_the_command_can_do_something(
    scorecli: list[str], filled: Path, command: str, answers: list[str]
) -> None:
    line = f"scorecli results {command} --db {filled} "
    asked = {**os.environ, "_SCORECLI_COMPLETE": "complete_bash", "_SCORECLI_LINE": line}
    done = subprocess.run(scorecli, capture_output=True, text=True, env=asked, check=True)
    assert done.stdout.splitlines() == answers


def test_call_tags_are_another_kind(ask: Ask, filled: Path) -> None:
    assert ask("bash", f"scorecli listing --db {filled} calltag:cde") == ["calltag:cdemo"]


def test_filters_complete_fields_values_and_saved_ones(ask: Ask, filled: Path) -> None:
    start = f"scorecli listing --db {filled} "
    assert ask("bash", start + "sou") == ["source:"]
    assert ask("bash", start + "source:de") == ["source:demo"]
    assert ask("bash", start + "source:wrong") == ["source:wrong\\ number"]
    assert ask("bash", start + "source:demo,4") == ["source:demo,42"]
    assert ask("bash", start + "not:source:de") == ["not:source:demo"]
    assert ask("bash", start + "direction:in") == ["direction:inbound", "direction:internal"]
    assert ask("bash", start + "@uns") == ["@unscored"]
    assert ask("bash", start + "stars:5 sou") == ["source:"]


def test_bash_gets_only_what_follows_its_own_word_break(ask: Ask, filled: Path) -> None:
    line = f"scorecli listing --db {filled} source:"
    assert "demo" in ask("bash", line, _SCORECLI_WORD=":")
    assert ask("bash", line + "de", _SCORECLI_WORD="de") == ["demo"]
    assert ask("bash", line + "wrong", _SCORECLI_WORD="wrong") == ["wrong\\ number"]


def test_at_most_two_hundred_values_are_offered(ask: Ask, db: Path) -> None:
    with open_to_write(str(db)) as database:
        database.executemany(
            "INSERT INTO tag (kind, name, folded) VALUES ('reporting', ?, ?)",
            [(f"t{number:04}", f"t{number:04}") for number in range(500)],
        )
    assert len(ask("bash", f"scorecli score --db {db} --tag ")) == MOST
    assert ask("bash", f"scorecli score --db {db} --tag t049") == [
        f"t049{digit}" for digit in range(10)
    ]


@pytest.mark.parametrize("content", [None, b"", b"not a database " * 50])
def test_a_missing_or_broken_database_is_silent_and_left_alone(
    ask: Ask, db: Path, content: bytes | None
) -> None:
    if content is not None:
        db.write_bytes(content)
    assert ask("bash", f"scorecli score --db {db} --tag ") == []
    assert (db.read_bytes() if db.exists() else None) == content
    assert [path for path in db.parent.iterdir() if path != db] == []


def test_a_database_that_is_being_written_still_completes(ask: Ask, filled: Path) -> None:
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "demo" in ask("bash", f"scorecli score --db {filled} --tag d")
    other.close()


def test_broken_settings_are_silent(ask: Ask, home: Path) -> None:
    (home / "bad.toml").write_text("[[[")
    assert ask("bash", "scorecli listing --config bad.toml @") == []
    assert ask("bash", "scorecli score --config bad.toml --tag ") == []


@pytest.mark.parametrize(
    "line", ["", "scorecli", "scorecli nothing ", "scorecli score --tag 'x", "scorecli \\"]
)
def test_odd_lines_are_silent(ask: Ask, line: str) -> None:
    # The helper itself refuses an error; what is offered must be words that a shell takes as text.
    assert all(re.fullmatch(r"[\w.@+-]+", word) for word in ask("bash", line))


def test_an_unknown_instruction_is_silent(probe: Probe) -> None:
    for instruction in ("complete_tcsh", "source_bash", "x"):
        done = probe(env={"_SCORECLI_COMPLETE": instruction, "_SCORECLI_LINE": "scorecli "})
        assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_the_words_of_other_completion_scripts_are_understood(probe: Probe) -> None:
    done = probe(
        env={
            "_SCORECLI_COMPLETE": "complete_bash",
            "COMP_WORDS": "scorecli show --format j",
            "COMP_CWORD": "3",
        }
    )
    assert done.stdout == "json\n"


@given(st.text(max_size=12))
def test_what_is_offered_needs_no_quotes_but_for_its_blanks(value: str) -> None:
    if is_offered(value):
        assert shlex.split(value.replace(" ", "\\ ")) == [value]
        assert value.isprintable()


@given(st.lists(st.text(alphabet="ab '\"\\$", min_size=1), min_size=1))
def test_a_quoted_line_is_read_back_as_its_words(words: list[str]) -> None:
    line = read_line(shlex.join(words) + " ")
    assert line.words == words
    assert line.incomplete == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed_and_sound(
    shell: str, run: Callable[..., tuple[str, str, int]]
) -> None:
    stdout, stderr, code = run("completion", shell)
    assert (stdout, stderr, code) == (script(shell), "", 0)
    interpreter = shutil.which(shell)
    if interpreter:
        subprocess.run([interpreter, "-n"], input=stdout, text=True, check=True)


@pytest.fixture
def bash(scorecli: list[str], tmp_path: Path) -> Callable[[str], list[str]]:
    """Complete a line in a real bash, by its own completion function."""
    bash = shutil.which("bash")
    if bash is None or len(scorecli) != 1:
        pytest.skip("needs bash and the installed command")

    def complete(line: str) -> list[str]:
        source = f"""
            {script("bash")}
            COMP_LINE={shlex.quote(line)}; COMP_POINT=${{#COMP_LINE}}
            COMP_WORDS=({" ".join(shlex.quote(word) for word in line.split(" "))})
            COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
            _scorecli_completion scorecli "${{COMP_WORDS[COMP_CWORD]}}"
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        path = f"{Path(scorecli[0]).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [bash, "--norc", "-c", source],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PATH": path},
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    return complete


def test_bash_itself_completes_with_the_installed_command(
    bash: Callable[[str], list[str]],
) -> None:
    assert bash("scorecli comple") == ["completion"]
    assert bash("scorecli completion ") == ["bash", "zsh", "fish"]
    assert bash("scorecli completion z") == ["zsh"]


@pytest.fixture
def shell_with_tags(
    scorecli: list[str], home: Path, run: Callable[..., tuple[str, str, int]]
) -> Callable[[list[str]], str]:
    """Run a shell that finds the installed command, beside calls that have tags."""
    if len(scorecli) != 1:
        pytest.skip("needs the installed command")
    run("calls", "add", "--started-at", "2026-11-02 09:12")
    _, stderr, code = run(
        "score", "1", "--tag", "wrong number", "--tag", "a$(touch bad)", "--tag", "ready"
    )
    assert code == 0, stderr
    path = f"{Path(scorecli[0]).parent}{os.pathsep}{os.environ['PATH']}"

    def start(command: list[str]) -> str:
        shell = shutil.which(command[0])
        if shell is None:
            pytest.skip(f"needs {command[0]}")
        env = {**os.environ, "PATH": path, "TERM": "dumb"}
        done = subprocess.run(
            [shell, *command[1:]], capture_output=True, text=True, timeout=30, env=env, check=True
        )
        return done.stdout

    return start


def test_fish_itself_completes_with_the_installed_command(
    shell_with_tags: Callable[[list[str]], str],
) -> None:
    source = script("fish") + "\ncomplete -C 'scorecli score 1 --tag '; complete -C 'scorecli repo'"
    said = shell_with_tags(["fish", "--no-config", "-c", source])
    assert [line.partition("\t")[0] for line in said.splitlines()] == [
        "ready",
        "wrong number",
        "report",
    ]


# Keys reach zsh only through a terminal of its own; each wait ends with what is waited for.
_ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= RPS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D"
zpty -w shell 'eval "$(scorecli completion zsh)"; print rea""dy'
zpty -r shell text '*ready*'
zpty -w -n shell $'\x15scorecli score 1 --tag wr\t'
zpty -r shell text '*wrong\\ number*' && print -r -- completed
zpty -d shell
"""


def test_zsh_itself_completes_with_the_installed_command(
    shell_with_tags: Callable[[list[str]], str],
) -> None:
    assert shell_with_tags(["zsh", "-f", "-c", _ZSH]) == "completed\n"
