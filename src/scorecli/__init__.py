"""Score calls and contacts from a phone system's call log, in the terminal.

For scripts: ``scorecli.open("calls.db")`` and the tables in ``scorecli.models``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scorecli import models
    from scorecli.api import open_database as open  # noqa: A004

__all__ = ["models", "open"]


def __getattr__(name: str) -> object:
    # Every command imports this package first; the interface for scripts must cost it nothing.
    if name == "open":
        from scorecli.api import open_database

        return open_database
    if name == "models":
        import importlib

        return importlib.import_module("scorecli.models")
    raise AttributeError(f"module 'scorecli' has no attribute {name!r}")
