"""The man page is valid and tells everything."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "man/scorecli.1"


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Every command and group."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import command_walk

    return command_walk.described()


def _shown() -> str:
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    words = ["groff", "-man", "-Tascii", "-P-cbou", "-rLL=200n", "-ww", str(PAGE)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return " ".join(done.stdout.split())


def test_roff_takes_the_page_without_a_warning_and_shows_what_can_be_copied() -> None:
    shown = _shown()
    assert "scorecli calls import [OPTIONS]" in shown
    assert "scorecli score --where 'source:google date:today' --tag checked --yes" in shown
    assert "~/.local/share/scorecli/scorecli.db" in shown


def test_the_page_has_every_command_with_all_its_options(described: Any) -> None:
    text = PAGE.read_text(encoding="utf-8").replace("\\-", "-")
    for each in described:
        if each.is_group:
            continue
        _, _, part = text.partition(f".SS {each.path}\n")
        part = part.partition("\n.SS ")[0]
        assert part, each.path
        for name in each.option_names():
            assert name in part, f"{each.path} {name}"


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 130])
def test_the_page_explains_every_exit_code(code: int) -> None:
    part = PAGE.read_text(encoding="utf-8").partition(".SH EXIT STATUS")[2]
    assert f"\\fB{code}\\fR\n" in part


@pytest.mark.parametrize("name", ["SCORECLI_DB", "SCORECLI_CONFIG", "SCORECLI_USER", "NO_COLOR"])
def test_the_page_explains_what_the_environment_does(name: str) -> None:
    part = PAGE.read_text(encoding="utf-8").partition(".SH ENVIRONMENT")[2]
    assert name in part
