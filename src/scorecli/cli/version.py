"""``--version``."""

from __future__ import annotations

import sys

# Asking the installed package for it takes longer than most commands do; a test holds them equal.
VERSION = "0.1.0"


def print_version() -> None:
    """Print the name of the program and its version."""
    sys.stdout.write(f"scorecli {VERSION}\n")
