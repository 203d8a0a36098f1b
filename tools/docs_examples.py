"""Run the examples of the README and of docs/, and hold what they show to what the tool prints.

A page is run from top to bottom on a terminal of its own, 100 columns wide, in a folder that holds
nothing but the project's examples/:

- a block that starts with ```` ```csv NAME ```` (or toml, json, python) writes the file NAME;
- in a block ```` ```console ```` each line that starts with ``$`` is run, and the lines below it
  are what the terminal shows; a line ``...`` stands for any lines, but never for an error.

``python tools/docs_examples.py --update`` writes the real output into the pages;
without it the differences are listed and the exit code is 1.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
_COLUMNS = 100
_BLOCK = re.compile(r"^```(\w+)(?: +(\S+))?[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANY = "..."
_FAILURE = re.compile(r"(Error: |Traceback )")


class Difference(NamedTuple):
    """A command of a page whose output is not what the page shows."""

    page: str
    command: str
    shown: list[str]
    real: list[str]


def pages() -> list[Path]:
    """Return the README and every page of docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def check_page(page: Path, *, update: bool = False) -> list[Difference]:
    """Run the examples of a page; return what differs, or write it into the page."""
    text = page.read_text(encoding="utf-8")
    differences: list[Difference] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(ROOT / "examples", home / "examples")

        def run_block(found: re.Match[str]) -> str:
            language, name, body = found.groups()
            if language != "console":
                if name:
                    (home / name).parent.mkdir(parents=True, exist_ok=True)
                    (home / name).write_text(body, encoding="utf-8")
                return found[0]
            shown = [
                _ran(page, command, lines, home, differences) for command, lines in _commands(body)
            ]
            return "```console\n" + "".join(shown) + "```"

        renewed = _BLOCK.sub(run_block, text)
    if update and renewed != text:
        page.write_text(renewed, encoding="utf-8")
    return differences


def _commands(body: str) -> Iterator[tuple[str, list[str]]]:
    command: str | None = None
    lines: list[str] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, lines
            command, lines = line[2:], []
        elif command is not None and command.endswith("\\"):
            command += "\n" + line
        else:
            lines.append(line)
    if command is not None:
        yield command, lines


def _ran(
    page: Path, command: str, shown: list[str], home: Path, differences: list[Difference]
) -> str:
    if not _is_ours(command):
        return "".join(f"{line}\n" for line in [f"$ {command}", *shown])
    real = run_on_a_terminal(command, home)
    if _fits(shown, real):
        real = shown
    else:
        differences.append(Difference(page.name, command, shown, real))
    return "".join(f"{line}\n" for line in [f"$ {command}", *real])


def _is_ours(command: str) -> bool:
    # Installing is what the environment of these examples has done already.
    return not re.match(r"(pip|pipx|uv|git|cd|sudo|man|python3? -m venv|brew)\b", command)


def _fits(shown: list[str], real: list[str]) -> bool:
    if _ANY not in shown:
        return shown == real
    if any(_FAILURE.match(line) for line in real) > any(_FAILURE.match(line) for line in shown):
        return False
    cut = shown.index(_ANY)
    head, rest = shown[:cut], shown[cut + 1 :]
    if real[:cut] != head:
        return False
    return any(_fits(rest, real[start:]) for start in range(cut, len(real) + 1))


def run_on_a_terminal(command: str, home: Path) -> list[str]:
    """Run one shell line in ``home`` and return the lines that a terminal would show."""
    environment = {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "xterm",
        "NO_COLOR": "1",
        "COLUMNS": str(_COLUMNS),
        "LINES": "60",
        "LOGNAME": "dana",
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")]),
        "SCORECLI_DB": str(home / "calls.db"),
    }
    ours, theirs = pty.openpty()
    subprocess.run(
        ["stty", "cols", str(_COLUMNS), "rows", "60", "-echo"], stdin=theirs, check=False
    )
    process = subprocess.Popen(
        ["sh", "-c", command],
        cwd=home,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    output = _read_all(ours, process)
    shown = output.decode("utf-8", "replace").replace(str(home), "/home/dana")
    return _as_seen(shown)


def _read_all(terminal: int, process: subprocess.Popen[bytes]) -> bytes:
    output = b""
    while True:
        ready, _, _ = select.select([terminal], [], [], 60)
        if not ready:
            process.kill()
            raise TimeoutError(output.decode("utf-8", "replace"))
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        output += part
    process.wait()
    os.close(terminal)
    return output


def _as_seen(output: str) -> list[str]:
    lines = []
    for line in output.replace("\r\n", "\n").split("\n"):
        # A file may end its lines with \r as well; elsewhere it begins what overwrites progress.
        seen = line.rstrip("\r").rsplit("\r", 1)[-1]
        lines.append(seen.rstrip())
    while lines and not lines[-1]:
        lines.pop()
    return lines


def main() -> int:
    """Check or update every page, or those that are named."""
    named = [Path(word) for word in sys.argv[1:] if not word.startswith("-")]
    update = "--update" in sys.argv[1:]
    differing = 0
    for page in named or pages():
        for difference in check_page(page, update=update):
            differing += 1
            if not update:
                sys.stdout.write(f"{difference.page}: $ {difference.command}\n")
                sys.stdout.write("  shown: " + "\n         ".join(difference.shown) + "\n")
                sys.stdout.write("  real:  " + "\n         ".join(difference.real) + "\n")
    return 1 if differing and not update else 0


if __name__ == "__main__":
    sys.exit(main())
