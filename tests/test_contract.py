"""What scripts rely on stays: option names, exit codes, JSON keys and CSV headers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def contract(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tool that knows the contract."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import renew_contract

    return renew_contract


def test_no_promised_name_is_gone_and_every_new_one_is_promised(contract: Any) -> None:
    found = list(contract.differences(contract.committed(), contract.current()))
    gone = [name for name, promised in found if promised]
    assert not gone, (
        f"Scripts rely on these: {gone}. Removing or renaming one needs a new major version, and"
        " `python tools/renew_contract.py --major`."
    )
    new = [name for name, promised in found if not promised]
    assert not new, f"New names: {new}. Run `python tools/renew_contract.py` to promise them."


def test_the_page_on_scripting_lists_the_contract(contract: Any) -> None:
    section = contract.section(contract.committed())
    assert section in (ROOT / "docs/scripting.md").read_text(encoding="utf-8"), (
        "Run `python tools/renew_contract.py`."
    )


@pytest.mark.parametrize(
    ("promised", "now", "expected"),
    [
        ({"a": ["--x", "--y"]}, {"a": ["--y", "--x"]}, []),
        ({"a": ["--x"]}, {"a": ["--x", "--y"]}, [("a: --y", False)]),
        ({"a": ["--x", "--y"]}, {"a": ["--x"]}, [("a: --y", True)]),
        ({"a": {"b": []}}, {"a": {}}, [("a b", True)]),
        ({"a": {}}, {"a": {"b": []}}, [("a b", False)]),
        ({"done": 0}, {"done": 1}, [("done: 0", True)]),
        ({"csv": ["a", "b"]}, {"csv": ["a", "new", "b"]}, [("csv: new", False)]),
        ({"csv": ["a", "b"]}, {"csv": ["b", "a"]}, [("csv: the order of columns", True)]),
    ],
)
def test_a_difference_is_told_from_an_addition(
    contract: Any, promised: Any, now: Any, expected: list[tuple[str, bool]]
) -> None:
    assert list(contract.differences(promised, now)) == expected


def test_exit_codes_are_those_of_the_documentation() -> None:
    promised = json.loads((ROOT / "docs/contract.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs/scripting.md").read_text(encoding="utf-8")
    for code in promised["exit_codes"].values():
        assert f"| {code} |" in page


def test_the_tool_refuses_to_forget_a_promise(contract: Any, monkeypatch: Any) -> None:
    now = contract.committed()
    lost = json.loads(json.dumps(now))
    lost["options"]["scorecli calls list"].remove("--sort")
    monkeypatch.setattr(contract, "current", lambda: lost)
    monkeypatch.setattr(sys, "argv", ["renew_contract.py", "--check"])
    assert contract.main() == 1


@pytest.mark.parametrize(
    "tool", ["generate_command_reference", "generate_man_page", "generate_completions"]
)
def test_what_is_generated_from_the_commands_is_current(tool: str) -> None:
    script = ROOT / "tools" / f"{tool}.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
