"""What became of the rows of a file: figures for programs, sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scorecli.cli.words import plural

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.result import Result

_KINDS: dict[type, Any] = {int: "integer", list: "list", dict: "object"}


def figures_result(figures: Mapping[str, Any]) -> Result:
    """Return figures as one record, under the names that scripts rely on."""
    from scorecli.result import Column, Result

    columns = [Column(k, k, _KINDS.get(type(v), "text")) for k, v in figures.items()]
    return Result(columns, [list(figures.values())], single=True)


def say_rows(app: App, read: int, parts: str, *, dry_run: bool) -> None:
    """Say how many rows of a file were read and what became of them: ``5 added, 2 rejected``."""
    app.notice(f"{'Would read' if dry_run else 'Read'} {plural(read, 'row')}: {parts}.")


def say_rejects(app: App, rejects_file: str | None) -> None:
    """Say where the bad rows are, if there are any."""
    if rejects_file:
        app.notice(f"The bad rows are in {rejects_file}, each with its line and reason.")


def say_change(app: App, change: int | None) -> None:
    """Say how the change that was made is taken back, if one was."""
    if change is not None:
        app.notice(f"This is change {change}; `scorecli undo` takes it back.")
