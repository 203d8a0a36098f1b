"""Hold CHANGELOG.md to its form: a heading per version, newest first, the current one present."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from scorecli.cli.version import VERSION

ROOT = Path(__file__).parent.parent
_HEADING = re.compile(r"^## (?:(\d+)\.(\d+)\.(\d+) \((\d{4}-\d{2}-\d{2})\)|Unreleased)$")
_SECTIONS = ("Added", "Changed", "Fixed", "Removed", "Security")


def problems() -> list[str]:
    """Return what is wrong with the change log."""
    found = []
    versions = []
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if line.startswith("## "):
            heading = _HEADING.match(line)
            if heading is None:
                found.append(f"line {number}: not `## X.Y.Z (YYYY-MM-DD)` nor `## Unreleased`")
            elif heading[1]:
                versions.append(tuple(int(part) for part in heading.groups()[:3]))
        elif line.startswith("### ") and line[4:] not in _SECTIONS:
            found.append(f"line {number}: sections are {', '.join(_SECTIONS)}")
    if versions != sorted(versions, reverse=True):
        found.append("the versions are not in order, newest first")
    current = tuple(int(part) for part in VERSION.split("."))
    if current not in versions and not any(line == "## Unreleased" for line in lines):
        found.append(f"there is no entry for version {VERSION}")
    return found


if __name__ == "__main__":
    for problem in problems():
        sys.stdout.write(f"CHANGELOG.md: {problem}\n")
    sys.exit(1 if problems() else 0)
