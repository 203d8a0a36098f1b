"""What every generator does at its end: write its file, or with ``--check`` only compare."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def settle(tool: str, files: dict[Path, str]) -> int:
    """Write files that differ from what they should hold; return the exit code of the tool.

    With ``--check`` on the command line nothing is written, and each such file is named.
    """
    stale = [path for path, wanted in files.items() if _text(path) != wanted]
    if "--check" in sys.argv[1:]:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not current: run {tool}\n")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
    return 0


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
