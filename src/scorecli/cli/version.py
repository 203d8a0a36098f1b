"""``--version``."""

from __future__ import annotations

import sys


def print_version() -> None:
    """Print the version, from the installed package where there is one."""
    sys.stdout.write(f"scorecli {version()}\n")


def version() -> str:
    """Return the version of the installed package."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("scorecli")
    except PackageNotFoundError:
        return "(not installed)"
