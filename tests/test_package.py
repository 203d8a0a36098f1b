"""What people install has everything: the command, its data, the man page and the completions."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from scorecli.cli.version import VERSION

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist, and the wheel that was made from it."""
    pytest.importorskip("build")
    folder = tmp_path_factory.mktemp("dist")
    words = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    (wheel,) = dist.glob("*.whl")
    pip = [str(folder / "bin/pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(wheel)], check=True)
    return folder


def _run(installed: Path, home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(installed / "bin/scorecli"), *arguments],
        cwd=home,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_installed_command_works_from_settings_and_profiles_of_its_own(
    installed: Path, tmp_path: Path
) -> None:
    assert _run(installed, tmp_path, "--version") == f"scorecli {VERSION}\n"
    assert "score.column_name\tScore\tdefault" in _run(installed, tmp_path, "config", "show")
    profiles = {path.stem for path in (ROOT / "src/scorecli/readers/profiles").glob("*.toml")}
    listed = _run(installed, tmp_path, "calls", "profiles", "--format", "csv").splitlines()[1:]
    assert {line.partition(",")[0] for line in listed} == profiles
    _run(installed, tmp_path, "config", "init")
    made = tmp_path / ".config/scorecli/scoring.toml"
    assert "[score]" in made.read_text(encoding="utf-8")
    assert "conversions" in _run(installed, tmp_path, "demo")


def test_the_man_page_and_the_completions_are_installed_where_they_are_looked_for(
    installed: Path,
) -> None:
    for source, place in (
        ("man/scorecli.1", "man/man1/scorecli.1"),
        ("completions/scorecli.bash", "bash-completion/completions/scorecli"),
        ("completions/_scorecli", "zsh/site-functions/_scorecli"),
        ("completions/scorecli.fish", "fish/vendor_completions.d/scorecli.fish"),
    ):
        assert (installed / "share" / place).read_bytes() == (ROOT / source).read_bytes()


def test_type_checkers_find_that_the_package_is_typed(installed: Path) -> None:
    assert list(installed.glob("lib/python*/site-packages/scorecli/py.typed"))


def test_the_sdist_has_every_file_of_the_project(dist: Path) -> None:
    try:
        words = ["git", "ls-files", "-z"]
        listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git repository")
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {name for name in listed.split("\0") if name and (ROOT / name).exists()}
    assert not wanted - held
