"""What a start may load: each command pays for itself alone."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scorecli.cli.app import root_command
from scorecli.cli.command_table import COMMANDS
from scorecli.cli.lazy_group import Command, Entry, LazyGroup, resolve
from scorecli.cli.shared_options import shared_options
from scorecli.cli.version import VERSION

HEAVY = {"sqlmodel", "sqlalchemy", "pydantic", "rich", "tomlkit", "phonenumbers", "openpyxl"}
LIST_MODULES = """
import sys
import tomllib
from scorecli.cli.main import run
code = run(sys.argv[1:])
sys.stderr.write("LOADED " + " ".join(sys.modules) + "\\n")
sys.exit(code)
"""


def _loaded(*arguments: str, **environment: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=True,
    )
    return set(done.stderr.rpartition("LOADED ")[2].split())


def _commands_loaded(modules: set[str]) -> set[str]:
    targets = {entry.target.partition(":")[0] for _, entry in _leaves(COMMANDS, "")}
    return modules & targets


def _leaves(entries: tuple[Entry, ...], path: str) -> Iterator[tuple[str, Entry]]:
    for entry in entries:
        here = f"{path} {entry.name}".strip()
        if entry.entries:
            yield from _leaves(entry.entries, here)
        else:
            yield here, entry


@pytest.mark.parametrize("option", ["--help", "-h", "--version"])
def test_help_and_version_load_no_command_and_nothing_heavy(option: str) -> None:
    modules = _loaded(option)
    assert not modules & HEAVY
    assert not _commands_loaded(modules)
    assert "sqlite3" not in modules


@pytest.mark.parametrize("line", ["scorecli ", "scorecli --", "scorecli completion "])
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_loads_nothing_heavy(line: str, shell: str) -> None:
    modules = _loaded(_SCORECLI_COMPLETE=f"complete_{shell}", _SCORECLI_LINE=line)
    assert not modules & HEAVY


def test_completion_of_commands_loads_no_command() -> None:
    modules = _loaded(_SCORECLI_COMPLETE="complete_bash", _SCORECLI_LINE="scorecli ")
    assert not _commands_loaded(modules)


def test_asking_whether_a_number_may_be_called_loads_nothing_heavy(call_log: Any) -> None:
    modules = _loaded("dnc", "check", "+12125550123")
    assert not modules & HEAVY


def test_working_through_a_campaign_loads_nothing_heavy(call_log: Any) -> None:
    with call_log.db.change("a campaign", "test") as change:
        for sql in (
            "INSERT INTO campaign (id, name, folded) VALUES (1, 'Spring', 'spring')",
            "INSERT INTO contact_list (campaign_id, name, folded, opened_at, added_in)"
            " VALUES (1, 'leads', 'leads', 0, :change)",
            "INSERT INTO contact (kind, folded, created_at, added_in)"
            " VALUES ('lead', '', 0, :change)",
            "INSERT INTO list_record (list_id, campaign_id, contact_id, number, state, added_in)"
            " VALUES (1, 1, 1, '+12125550123', 'new', :change)",
            "INSERT INTO result (code, folded) VALUES ('NA', 'na')",
        ):
            call_log.db.execute(sql, {"change": change.id} if ":change" in sql else {})
    for words in (
        ("campaigns", "queue", "Spring"),
        ("campaigns", "next", "Spring"),
        ("campaigns", "log", "1", "--result", "NA"),
    ):
        assert not _loaded(*words) & HEAVY, words


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("calls")
    log = folder / "calls.csv"
    log.write_text("Call ID,Start Time,Source,Rating\nA1,2026-11-03 14:05,Google,4\nA2,,,\n")
    _loaded("--db", str(folder / "calls.db"), "calls", "import", str(log))
    return str(folder / "calls.db")


def _drawn(*arguments: str) -> tuple[str, set[str]]:
    """Run a command on a terminal; return what it drew and the modules that it loaded."""
    reader, writer = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LINES": "100"},  # or a pager shows it
        check=True,
    )
    os.close(writer)
    with os.fdopen(reader, "rb") as terminal:
        text = terminal.read1().decode()
    return text, set(done.stderr.rpartition("LOADED ")[2].split())


SHORT = [
    ("score", "A1", "--stars", "5", "--tag", "demo"),
    ("calls", "list"),
    ("report", "conversions", "--by", "source"),
]
# Each costs a hundredth of a short command or more.
_ONLY_WHERE_NEEDED = {"json", "tomlkit", "dataclasses", "asyncio", "logging", "csv"}


@pytest.mark.parametrize("arguments", SHORT)
def test_a_short_command_loads_no_failure_that_does_not_happen(
    database: str, arguments: tuple[str, ...]
) -> None:
    modules = _loaded("--db", database, *arguments)
    assert not modules & (HEAVY | _ONLY_WHERE_NEEDED)
    assert {name for name in modules if name.startswith("scorecli.errors.")} == set()


@pytest.mark.parametrize("arguments", SHORT)
def test_without_a_settings_file_its_keys_are_not_loaded(
    database: str, arguments: tuple[str, ...]
) -> None:
    modules = _loaded("--db", database, *arguments)
    assert not modules & {"scorecli.settings.keys", "scorecli.settings.reading"}


# Reading the data of time zones costs more than all the rest of a small report.
@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "A2", "--stars", "3"),
        ("report", "conversions"),
        ("report", "conversions", "--by", "user,tag", "--interval", "--format", "csv"),
        ("report", "agents"),
        ("report", "results"),
    ],
)
def test_what_shows_and_asks_for_no_time_loads_no_time_zones(
    database: str, arguments: tuple[str, ...]
) -> None:
    modules = _loaded("--db", database, *arguments)
    assert not modules & {"zoneinfo", "scorecli.domain.zones", "scorecli.domain.days"}


@pytest.mark.parametrize("arguments", [("calls", "list"), ("report", "conversions")])
def test_a_list_without_a_filter_loads_nothing_of_filters(
    database: str, arguments: tuple[str, ...]
) -> None:
    modules = _loaded("--db", database, *arguments)
    assert {name for name in modules if "filter" in name} == {"scorecli.domain.whole_filter"}


def test_a_report_loads_nothing_that_only_writers_and_lists_of_calls_need(database: str) -> None:
    modules = _loaded("--db", database, "report", "conversions")
    assert not modules & {
        "scorecli.domain.durations",
        "scorecli.render.score_cell",
        "scorecli.storage.changes",
        "scorecli.storage.failures",
    }


def test_the_history_of_a_plain_command_needs_no_quoting_library(database: str) -> None:
    assert "shlex" not in _loaded("--db", database, "score", "A2", "--stars", "2", "--tag", "x")


@pytest.mark.parametrize(
    "arguments", [("calls", "list"), ("report", "conversions"), ("calls", "show", "A1")]
)
@pytest.mark.parametrize("color", ["always", "never"])
def test_a_table_on_a_terminal_loads_of_rich_what_measures_and_styles(
    database: str, arguments: tuple[str, ...], color: str
) -> None:
    text, modules = _drawn("--db", database, "--color", color, *arguments)
    assert "Google" in text
    assert ("\x1b[" in text) == (color == "always")
    loaded = {name for name in modules if name.startswith("rich")}
    assert not loaded & {"rich.console", "rich.table", "rich.text", "rich.segment"}
    assert "rich.cells" in loaded
    assert ("rich.style" in loaded) == (color == "always")


@pytest.mark.parametrize(("path", "entry"), list(_leaves(COMMANDS, "")))
def test_every_command_of_the_table_exists_and_begins_with_its_summary(
    path: str, entry: Entry
) -> None:
    command = resolve(entry)
    if isinstance(command, Command):
        assert command.help is not None, path
        first = " ".join(command.help.split("\n\n")[0].split())
        assert first.startswith(entry.summary.rstrip(".")), path


def _all_commands(group: LazyGroup, path: str) -> Iterator[tuple[str, Command]]:
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if isinstance(command, LazyGroup):
            yield from _all_commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_no_command_takes_the_name_of_a_shared_option() -> None:
    shared = {name for option in shared_options(hidden=False) for name in option.opts} | {"-h"}
    for path, command in _all_commands(root_command(), "scorecli"):
        own = [
            name
            for param in command.params
            if not (param.name or "").startswith("shared_")
            for name in (*param.opts, *param.secondary_opts)
        ]
        assert not shared.intersection(own), path
        assert len(own) == len(set(own)), path


def test_every_option_and_argument_is_explained() -> None:
    for path, command in _all_commands(root_command(), "scorecli"):
        for param in command.params:
            assert getattr(param, "help", None), f"{path}: {param.name}"


def test_every_help_page_fits_eighty_columns_and_shows_examples() -> None:
    import typer

    for path, command in _all_commands(root_command(), "scorecli"):
        context = typer.Context(command, info_name=path)
        page = command.get_help(context)
        text, _, shown = page.partition("\nExamples:\n")
        assert all(len(line) <= 80 for line in text.splitlines()), path
        assert shown.strip(), path
        assert all("scorecli " in line for line in shown.splitlines() if line), path


def test_the_package_takes_its_version_from_the_command() -> None:
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"]
    source = root / project["tool"]["hatch"]["version"]["path"]
    assert f'VERSION = "{VERSION}"' in source.read_text()
