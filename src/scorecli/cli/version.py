"""``--version``."""

from __future__ import annotations

import sys

# The package's metadata come from here; asking them at run time takes longer than most commands do.
VERSION = "0.1.0"


def print_version() -> None:
    """Print the name of the program and its version."""
    sys.stdout.write(f"scorecli {VERSION}\n")
