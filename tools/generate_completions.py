"""Write ``completions/`` from ``scorecli completion SHELL``; ``--check`` only compares."""

from __future__ import annotations

import sys

from generated_file import ROOT, settle

from scorecli.cli.completion import script

TARGETS = {
    "bash": ROOT / "completions/scorecli.bash",
    "zsh": ROOT / "completions/_scorecli",
    "fish": ROOT / "completions/scorecli.fish",
}


if __name__ == "__main__":
    wanted = {path: script(shell) for shell, path in TARGETS.items()}
    sys.exit(settle("tools/generate_completions.py", wanted))
