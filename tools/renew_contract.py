"""Write what scripts may rely on into ``docs/contract.json`` and into the page on scripting.

The contract is what the program does now: option names, exit codes, environment variables, JSON
keys and CSV headers. A name that was promised and is gone stops this tool, since that needs a
major version; ``--major`` writes it all the same. ``--check`` only compares.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from command_walk import described, shared_option_names
from generated_file import ROOT, settle

from scorecli.cli import diagnostics
from scorecli.cli.main import run

CONTRACT = ROOT / "docs/contract.json"
PAGE = ROOT / "docs/scripting.md"

_MARKS = ("<!-- contract: written by tools/renew_contract.py -->\n", "<!-- end of contract -->\n")
_IN_ARRAY = "[]."  # stands before the keys of the objects of an array
_SAMPLE = ROOT / "examples/calls.csv"
_FILES = {
    "scores.csv": "call,stars\n3,5\n",
    "people.csv": "name,city\nAnn Lee,Hull\n",
    "leads.csv": "name,phone\nBo Ray,2125550129\n",
    "contact-scores.csv": "contact,score\n1,5\n",
    "activities.csv": "contact,type,at\n1,meeting,2026-11-04\n",
    "results.toml": '[[results]]\ncode = "CB"\n',
    "rules.toml": '[[rules]]\nname = "Praise"\non = "call.scored"\nwhen = "stars:5"\n'
    'do = [{ tag = "praise" }]\n',
}
# Each is run on a small database, one after the other.
_SHAPES = (
    "calls list",
    "calls show 3",
    "score 3 --stars 4",
    "score --from scores.csv",
    "calls import calls.csv --dry-run",
    "calls profiles",
    "tags list",
    "history",
    "history --change 2",
    "undo --dry-run",
    "results list",
    "report conversions --by source",
    "report conversions --by source --interval --compare previous --since 2026-10 --until 2026-10",
    "config show",
    "db info",
    "users add David",
    "users list",
    "contacts add Ann Lee --phone +12125550123 --format json",
    "contacts list",
    "contacts import people.csv --dry-run",
    "contacts show 1",
    "contacts erase 1 --dry-run",
    "contacts edit 1 --company ACME --format json",
    "companies list",
    "campaigns list",
    "campaigns show Spring",
    "campaigns load Spring leads.csv --list more --dry-run",
    "campaigns queue Spring",
    "campaigns next Spring",
    "dnc list",
    "dnc check 2125550125",
    "dnc import leads.csv --dry-run",
    "dnc history 2125550124",
    "contacts score 1 80",
    "contacts score --from contact-scores.csv --dry-run",
    "contacts history 1",
    "companies show ACME",
    "activities add meeting --contact 1 --at 2026-11-03",
    "activities list",
    "activities show 1",
    "activities import activities.csv --dry-run",
    "campaigns log 1 --result SALE --dry-run",
    "dnc add 2125550123",
    "results show SALE",
    "results import results.toml --dry-run",
    "rules list",
    "rules show Praise",
    "rules test Praise --call 1",
    "rules run --dry-run",
    "rules log",
    "users suggest",
    "calls attribute",
    "calls attribute --explain --dry-run",
    "calls assign 3 David",
    "report agents",
    "report unassigned",
    "report results",
    "report minutes",
    "report minutes --detail",
    "report contacts",
    "report trend",
)
_CSV_SHAPES = (
    "calls export",
    "contacts export",
    "calls list",
    "report conversions --by source",
    "tags list",
    "history",
)

_EXIT_CODES = ("DONE", "REFUSED", "WRONG_USAGE", "ROWS_REJECTED", "UNAVAILABLE", "INTERRUPTED")

Contract = dict[str, Any]


def current() -> Contract:
    """Return the contract that the program keeps now."""
    codes = {
        name.lower(): getattr(diagnostics, name)
        for name in (
            "DONE",
            "REFUSED",
            "WRONG_USAGE",
            "ROWS_REJECTED",
            "UNAVAILABLE",
            "INTERRUPTED",
        )
    }
    shapes, headers = _shapes()
    return {
        "exit_codes": codes,
        "environment": _environment_names(),
        "shared_options": shared_option_names(),
        "options": {each.path: each.option_names() for each in described() if not each.is_group},
        "json": shapes,
        "csv": headers,
    }


def committed() -> Contract:
    """Return the contract as it was promised last."""
    contract: Contract = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return contract


def differences(promised: Any, now: Any, path: str = "") -> Iterator[tuple[str, bool]]:
    """Yield each name that differs, and whether it was promised (and not merely added).

    A list is a set of names, but those of CSV headers also keep their order.
    """
    if isinstance(promised, dict):
        for key in [*promised, *(key for key in now if key not in promised)]:
            here = f"{path} {key}".strip()
            if key not in now:
                yield here, True
            elif key not in promised:
                yield here, False
            else:
                yield from differences(promised[key], now[key], here)
    elif isinstance(promised, list):
        yield from ((f"{path}: {name}", True) for name in promised if name not in now)
        yield from ((f"{path}: {name}", False) for name in now if name not in promised)
        if path.startswith("csv") and [name for name in now if name in promised] != promised:
            yield f"{path}: the order of columns", True
    elif promised != now:
        yield f"{path}: {promised}", True


def section(contract: Contract) -> str:
    """Return the part of the page on scripting that lists the contract."""
    lines = ["### JSON keys\n\n"]
    known: dict[tuple[str, ...], str] = {}
    for command, keys in contract["json"].items():
        lines.append(_item(f"`{command}`", _shape(keys, known)))
        known.setdefault(tuple(key.removeprefix(_IN_ARRAY) for key in keys), command)
    lines.append("\n### CSV headers, in this order\n\n")
    for command, names in contract["csv"].items():
        same = known.get(tuple(names))
        lines.append(_item(f"`{command}`", f"the keys of `{same}`" if same else _names(names)))
    lines.append("\n### Option names\n\n")
    lines.append(_item("every command", _names(contract["shared_options"])))
    for path, names in contract["options"].items():
        if names:
            lines.append(_item(f"`{path.removeprefix('scorecli ')}`", _names(names)))
    return "".join(lines)


def _shape(keys: list[str], known: dict[tuple[str, ...], str]) -> str:
    """Say what a command writes as JSON; keys listed before are not repeated."""
    kind = "an array of objects" if keys[0].startswith(_IN_ARRAY) else "an object"
    names = [key.removeprefix(_IN_ARRAY) for key in keys]
    for before, command in known.items():
        if tuple(names[: len(before)]) == before:
            more = names[len(before) :]
            also = f", and {_names(_without_inner(more))}" if more else ""
            return f"{kind} with the keys of `{command}`{also}"
    return f"{kind}: {_names(_without_inner(names))}" + "".join(
        f"; each of `{outer}` has {_names(inner)}" for outer, inner in _inner(names)
    )


def _without_inner(names: list[str]) -> list[str]:
    return [name for name in names if _IN_ARRAY not in name]


def _inner(names: list[str]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for name in names:
        outer, inside, key = name.partition(_IN_ARRAY)
        if inside:
            found.setdefault(outer, []).append(key)
    return list(found.items())


def _item(name: str, text: str) -> str:
    wrapped = textwrap.fill(
        f"- {name}: {text}",
        100,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped + "\n"


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _environment_names() -> list[str]:
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        found |= set(re.findall(r'"(SCORECLI_[A-Z]+)"', path.read_text(encoding="utf-8")))
    return sorted(found)


def _shapes() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        lines = _SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
        (home / "calls.csv").write_text("".join(lines[:40]), encoding="utf-8")
        for name, text in _FILES.items():
            (home / name).write_text(text, encoding="utf-8")
        _run("calls import calls.csv", home)
        _run("results add SALE --success", home)
        _run("score 1 --stars 4", home)
        _run("score 2 --stars 5", home)
        _run("campaigns add Spring", home)
        _run("campaigns load Spring leads.csv --list leads", home)
        _run("dnc add 2125550124", home)
        shapes = {name: _keys(json.loads(_run(f"{name} --format json", home))) for name in _SHAPES}
        tables = {name: _header(_run(f"{name} --format csv", home)) for name in _CSV_SHAPES}
    return shapes, tables


def _keys(value: Any) -> list[str]:
    if isinstance(value, list):
        return [_IN_ARRAY + key for key in value[0]]
    names = []
    for key, part in value.items():
        names.append(key)
        if isinstance(part, list) and part and isinstance(part[0], dict):
            names += [f"{key}{_IN_ARRAY}{name}" for name in part[0]]
    return names


def _header(text: str) -> list[str]:
    return next(csv.reader(io.StringIO(text)))


def _run(line: str, home: Path) -> str:
    """Run a command in this process, which saves many starts, and return what it prints."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    told = io.StringIO()
    kept = dict(os.environ)
    wanted = {
        "HOME": str(home),
        "PATH": kept.get("PATH", ""),
        "TZ": "UTC",
        "SCORECLI_DB": str(home / "calls.db"),
        "SCORECLI_CONFIG": str(home / "rules.toml"),
    }
    try:
        os.environ.clear()
        os.environ.update(wanted)
        with (
            contextlib.chdir(home),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(told),
        ):
            code = run(line.split())
    finally:
        os.environ.clear()
        os.environ.update(kept)
    if code:
        raise RuntimeError(f"scorecli {line}: {told.getvalue()}")
    printed.seek(0)
    return printed.read()


def main() -> int:
    """Write or compare the contract; return the exit code."""
    now = current()
    with contextlib.suppress(FileNotFoundError):
        gone = [name for name, promised in differences(committed(), now) if promised]
        if gone and "--major" not in sys.argv[1:]:
            for name in gone:
                sys.stderr.write(f"promised, and gone: {name}\n")
            sys.stderr.write("That needs a new major version; --major renews the contract then.\n")
            return 1
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(_MARKS[0])
    _, end, after = rest.partition(_MARKS[1])
    renewed = f"{before}{begin}\n{section(now)}\n{end}{after}"
    text = json.dumps(now, indent=1) + "\n"
    return settle("tools/renew_contract.py", {CONTRACT: text, PAGE: renewed})


if __name__ == "__main__":
    sys.exit(main())
