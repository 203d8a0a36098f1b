"""`scorecli contacts score --from FILE`: scoring contacts in bulk."""

from __future__ import annotations

from typing import Any

from scorecli.cli.context import App
from scorecli.cli.diagnostics import DONE, ROWS_REJECTED


def score_from_file(
    app: App,
    path: str,
    output_format: str | None,
    *,
    rejects: str | None,
    reason: str | None,
    dry_run: bool,
) -> int:
    """Score the contacts that a file names and say what became of its rows."""
    from scorecli.services.contact_score_file import score_contacts_from_file

    summary = score_contacts_from_file(
        lambda: app.writer(create=False),
        app.settings,
        path,
        rejects=rejects,
        reason=reason,
        command=app.command_line,
        who=app.who,
        dry_run=dry_run,
        notice=app.notice,
    )
    show_summary(app, summary._asdict(), output_format, dry_run=dry_run)
    return ROWS_REJECTED if summary.rejected else DONE


def show_summary(
    app: App, figures: dict[str, Any], output_format: str | None, *, dry_run: bool
) -> None:
    """Say what became of the rows of a file: those figures between ``read`` and ``rejected``."""
    if output_format not in (None, "table"):
        from scorecli.result import Column, Result

        kinds: dict[str, Any] = {"rejects_file": "text", "unmapped": "list"}
        columns = [Column(name, name, kinds.get(name, "integer")) for name in figures]
        app.show(Result(columns, [list(figures.values())], single=True), output_format)
        return
    read = figures["read"]
    rows = "1 row" if read == 1 else f"{read:,} rows"
    parts = ", ".join(
        f"{figures[name]:,} {name}"
        for name in ("inserted", "updated", "unchanged", "rejected")
        if name in figures
    )
    app.notice(f"{'Would read' if dry_run else 'Read'} {rows}: {parts}.")
    if figures["rejects_file"]:
        app.notice(f"The bad rows are in {figures['rejects_file']}, each with its line and reason.")
    if figures["change"] is not None:
        app.notice(f"This is change {figures['change']}; `scorecli undo` takes it back.")
