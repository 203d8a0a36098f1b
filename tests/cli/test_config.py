"""What people and scripts may rely on when they use `scorecli config`."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

USERS = ".config/scorecli/scoring.toml"


@pytest.fixture
def users(home: Path) -> Path:
    """The user's settings file; it is not there yet."""
    return home / USERS


@pytest.fixture
def broken(users: Path) -> Path:
    """The user's settings file, with two problems."""
    users.parent.mkdir(parents=True)
    users.write_text("[score]\ncolum_name = 'x'\nenabled = 1\n")
    return users


def rows_of(text: str) -> dict[str, dict[str, Any]]:
    """Return the rows of `config show --format json` by key."""
    return {row["key"]: row for row in json.loads(text)}


def test_show_lists_every_value_and_where_it_comes_from(
    invoke: Run, users: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoke("config", "set", "phone.region", "GB")
    monkeypatch.setenv("SCORECLI_DB", "/data/calls.db")
    rows = rows_of(invoke("config", "show", "--format", "json").stdout)
    assert rows["phone.region"] == {
        "key": "phone.region",
        "value": "GB",
        "origin": "file",
        "file": str(users),
    }
    assert rows["database.path"]["origin"] == "environment"
    assert rows["database.path"]["value"] == "/data/calls.db"
    assert rows["score.enabled"] == {
        "key": "score.enabled",
        "value": True,
        "origin": "default",
        "file": None,
    }
    shown = invoke("--db", "/o.db", "config", "show", "--format", "json").stdout
    assert rows_of(shown)["database.path"]["origin"] == "option"


def test_show_as_toml_is_a_whole_settings_file_that_says_the_same(
    invoke: Run, tmp_path: Path
) -> None:
    invoke("config", "set", "filters.big", "amount:1000..")
    shown = invoke("config", "show", "--format", "toml").stdout
    assert tomllib.loads(shown)["filters"] == {"big": "amount:1000.."}
    copy = tmp_path / "copy.toml"
    assert invoke("config", "show", "--output", copy).code == 0
    assert copy.read_text() == shown
    assert invoke("--config", copy, "config", "show", "--format", "toml").stdout == shown


def test_get_prints_nothing_but_the_value(invoke: Run) -> None:
    assert invoke("config", "get", "converted_amount.currency").stdout == "USD\n"
    assert invoke("config", "get", "score.enabled").stdout == "true\n"
    invoke("config", "set", "reporting_tags.allowed", "quote", "wrong number")
    assert invoke("config", "get", "reporting_tags.allowed").stdout == "quote\nwrong number\n"
    shown = invoke("config", "get", "score.enabled", "--format", "json").stdout
    assert json.loads(shown)["value"] is True


def test_a_misspelt_key_is_refused_with_the_nearest_one(invoke: Run) -> None:
    for words in (["get"], ["set"], ["unset"]):
        value = ["on"] if words == ["set"] else []
        done = invoke("config", *words, "score.enabeld", *value)
        assert done.code == 2
        assert "score.enabled" in done.stderr
        assert done.stdout == ""


def test_set_over_the_packaged_defaults_makes_the_users_file(invoke: Run, users: Path) -> None:
    done = invoke("config", "set", "score.enabled", "off")
    assert done.code == 0
    assert done.stdout == ""
    assert str(users) in done.stderr
    assert tomllib.loads(users.read_text()) == {"score": {"enabled": False}}
    assert invoke("config", "get", "score.enabled").stdout == "false\n"


def test_unset_brings_the_default_back(invoke: Run) -> None:
    invoke("config", "set", "phone.region", "GB")
    assert invoke("config", "unset", "phone.region").code == 0
    assert invoke("config", "get", "phone.region").stdout == "US\n"
    done = invoke("config", "unset", "phone.region")
    assert done.code == 0
    assert "nothing was changed" in done.stderr


def test_a_value_that_is_not_allowed_is_refused_and_makes_no_file(invoke: Run, users: Path) -> None:
    done = invoke("config", "set", "display.stars", "***")
    assert done.code == 2
    assert "exactly two characters" in done.stderr
    assert not users.parent.exists()


@pytest.mark.parametrize("words", [["show"], ["get", "score.enabled"], ["unset", "phone.region"]])
def test_with_broken_settings_no_command_guesses(
    invoke: Run, broken: Path, words: list[str]
) -> None:
    done = invoke("config", *words)
    assert done.code == 2
    assert done.stdout == ""
    assert f"{broken}, line 2: score.colum_name" in done.stderr
    assert f"{broken}, line 3: score.enabled" in done.stderr


def test_set_does_not_touch_broken_settings(invoke: Run, broken: Path) -> None:
    before = broken.read_text()
    assert invoke("config", "set", "phone.region", "GB").code == 2
    assert broken.read_text() == before


def test_check_lists_all_problems_of_the_file_in_effect(invoke: Run, broken: Path) -> None:
    done = invoke("config", "check")
    assert done.code == 2
    assert "line 2" in done.stderr
    assert "line 3" in done.stderr


def test_check_of_a_named_file_looks_at_that_one_alone(
    invoke: Run, broken: Path, tmp_path: Path
) -> None:
    good = tmp_path / "good.toml"
    good.write_text("[database]\npath = 'calls.db'\n")
    assert invoke("config", "check", good).code == 0
    assert invoke("config", "check", tmp_path / "none.toml").code == 2


def test_check_reads_every_saved_filter(invoke: Run, tmp_path: Path) -> None:
    file = tmp_path / "filters.toml"
    file.write_text(
        "[filters]\n"
        'good = "stars:>=4 source:Google"\n'
        'leads = "email:*@example.com"\n'
        'misspelt = "starz:4"\n'
        "open = 'source:\"Google'\n"
        'circle = "@circle"\n'
    )
    done = invoke("config", "check", file)
    assert done.code == 2
    lines = [line for line in done.stderr.splitlines() if str(file) in line]
    assert ["line 4" in lines[0], "line 5" in lines[1], "line 6" in lines[2]] == [True] * 3
    assert len(lines) == 3
    assert 'Unknown field "starz"' in lines[0]


def test_set_refuses_a_filter_that_cannot_be_read(invoke: Run, tmp_path: Path) -> None:
    file = tmp_path / "filters.toml"
    file.write_text("[filters]\nold = 'starz:4'\n")
    before = file.read_text()
    done = invoke("--config", file, "config", "set", "filters.new", "starz:5")
    assert (done.code, file.read_text()) == (2, before)
    assert 'Unknown field "starz"' in done.stderr
    # One that is broken already is no reason to refuse a good one, nor to stop another command.
    assert invoke("--config", file, "config", "set", "filters.new", "stars:5").code == 0
    assert invoke("--config", file, "calls", "list", "@new").code == 4


def test_path_prints_the_file_in_effect_broken_or_not(
    invoke: Run, broken: Path, home: Path
) -> None:
    assert invoke("config", "path").stdout == f"{broken}\n"
    stray = home / "config/scoring.toml"
    stray.parent.mkdir()
    stray.write_text("[database]\npath = '/evil.db'\n")
    done = invoke("config", "path")
    assert done.stdout == f"{stray}\n"
    assert done.code == 0
    assert "--config" in done.stderr


def test_path_names_the_file_that_set_would_make(invoke: Run, users: Path) -> None:
    done = invoke("config", "path")
    assert done.stdout == f"{users}\n"
    assert "does not exist yet" in done.stderr
    assert not users.parent.exists()


def test_a_file_merely_found_in_the_working_directory_may_not_redirect_the_database(
    invoke: Run, home: Path
) -> None:
    stray = home / "config/scoring.toml"
    stray.parent.mkdir()
    stray.write_text("[database]\npath = '/evil.db'\n")
    done = invoke("config", "get", "database.path")
    assert done.code == 2
    assert done.stdout == ""
    assert "name it with --config" in done.stderr
    done = invoke("--config", stray, "config", "get", "database.path")
    assert done.stdout == "/evil.db\n"


def test_init_makes_an_explained_file_once(invoke: Run, users: Path) -> None:
    assert invoke("config", "init").code == 0
    assert "[reporting_tags]" in users.read_text()
    assert invoke("config", "check").code == 0
    done = invoke("config", "init")
    assert done.code == 1
    assert "exists already" in done.stderr


def test_init_makes_the_file_that_was_named(invoke: Run, tmp_path: Path) -> None:
    named = tmp_path / "team/scoring.toml"
    assert invoke("--config", named, "config", "show").code == 2
    assert invoke("--config", named, "config", "init").code == 0
    assert invoke("--config", named, "config", "show").code == 0


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: int = 0) -> None:
    """Make VISUAL an editor, with a blank in its path, that writes ``text`` into the draft."""
    script = tmp_path / "my editor.py"
    script.write_text(
        f"import sys, pathlib\npathlib.Path(sys.argv[1]).write_text({text!r})\nsys.exit({code})\n"
    )
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.setenv("VISUAL", f"'{sys.executable}' '{script}'")


def test_edit_replaces_the_file_with_what_the_editor_left(
    invoke: Run, broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "[phone]\nregion = 'GB'\n")
    assert invoke("config", "edit").code == 0
    assert broken.read_text() == "[phone]\nregion = 'GB'\n"


def test_edit_keeps_a_broken_draft_says_where_and_leaves_the_settings(
    invoke: Run, users: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoke("config", "set", "phone.region", "GB")
    before = users.read_text()
    editor(tmp_path, monkeypatch, "[phone]\nregion = 7\n")
    done = invoke("config", "edit")
    draft = users.with_name("scoring.draft.toml")
    assert done.code == 2
    assert "phone.region is 7" in done.stderr
    assert str(draft) in done.stderr
    assert draft.read_text() == "[phone]\nregion = 7\n"
    assert users.read_text() == before


def test_edit_with_an_editor_that_fails_changes_nothing(
    invoke: Run, users: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "[phone]\n", code=3)
    done = invoke("config", "edit")
    assert done.code == 1
    assert "code 3" in done.stderr
    assert "scoring.draft.toml" in done.stderr
    assert not users.exists()
    monkeypatch.setenv("VISUAL", "/no/such/editor; touch /tmp/x")
    assert invoke("config", "edit").code == 1


def test_edit_never_runs_a_shell(invoke: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "true; touch pwned")
    invoke("config", "edit")
    assert not (home / "pwned").exists()


def test_edit_offers_to_edit_again_on_a_terminal_only(
    scorecli: list[str], users: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, "[phone]\nregion = 7\n")
    words = [*scorecli, "config", "edit"]
    piped = subprocess.run(
        words, stdin=subprocess.PIPE, capture_output=True, text=True, check=False
    )
    assert "Edit the draft again?" not in piped.stderr
    master, slave = pty.openpty()
    try:
        os.write(master, b"n\n")
        asked = subprocess.run(
            words, stdin=slave, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        os.close(master)
        os.close(slave)
    assert "Edit the draft again?" in asked.stderr
    assert asked.returncode == 2
    assert not users.exists()


def test_quiet_silences_what_set_says(invoke: Run) -> None:
    assert invoke("--quiet", "config", "set", "phone.region", "GB").stderr == ""


def test_a_score_type_and_the_points_of_an_activity_type_are_made_by_setting_them(
    invoke: Run,
) -> None:
    assert invoke("config", "set", "contact_scores.fit.max", 10).code == 0
    assert invoke("config", "set", "contact_scores.fit.min", -10).code == 0
    assert invoke("config", "set", "activities.points.site visit", -2).code == 0
    assert invoke("config", "get", "contact_scores.fit.label").stdout == "Fit\n"
    assert invoke("config", "get", "contact_scores.fit.min").stdout == "-10\n"
    assert invoke("config", "get", "activities.points.site visit").stdout == "-2\n"
    refused = invoke("config", "set", "contact_scores.fit.max", -10)
    assert refused.code == 2
    assert "above -10, which is its min" in refused.stderr
