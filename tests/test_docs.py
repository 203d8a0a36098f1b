"""The pages are true: their examples run, their links lead somewhere, and nothing is left out."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the project's tools importable."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))


@pytest.mark.skipif(sys.platform == "win32", reason="the examples run on a Unix terminal")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_every_example_shows_what_the_command_really_prints(tools: None, page: Path) -> None:
    import docs_examples

    differences = docs_examples.check_page(page)
    assert not differences, "Run `python tools/docs_examples.py --update` and read what changed."


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_every_link_leads_to_a_file_and_heading_that_exist(page: Path) -> None:
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    for target in _LINK.findall(text):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        linked = (page.parent / file).resolve() if file else page
        assert linked.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in _anchors(linked), f"{page.name}: {target}"


def test_every_page_of_docs_is_linked_from_the_readme() -> None:
    linked = set(_LINK.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    for page in (ROOT / "docs").glob("*.md"):
        assert f"docs/{page.name}" in linked


def test_the_reference_has_every_command_and_option(tools: None) -> None:
    import command_walk

    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^## (scorecli[^\n]*)\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    for each in command_walk.described():
        assert each.path in parts, each.path
        for name in each.option_names():
            assert name in parts[each.path], f"{each.path} {name}"
        for entry in each.entries:
            assert f"  {entry.name} " in parts[each.path], f"{each.path} {entry.name}"


@pytest.mark.parametrize("mark", ["demo", "tests"])
def test_the_readme_has_one_command_under_each_mark(mark: str) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"^<!-- {mark} -->\n```sh\n(.*?)^```$", text, re.M | re.S)
    (line,) = block.splitlines()
    assert line.startswith("python3 -m venv ")


def _anchors(page: Path) -> set[str]:
    headings: list[Any] = _HEADING.findall(_CODE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
