"""`scorecli score --from FILE`: scoring in bulk."""

from __future__ import annotations

from typing import Any

from scorecli.cli.context import App
from scorecli.cli.diagnostics import DONE, ROWS_REJECTED


def score_from_file(
    app: App, path: str, rejects: str | None, output_format: str | None, *, dry_run: bool
) -> int:
    """Score the calls that a file names and say what became of its rows."""
    from scorecli.services.score_file import score_file

    summary = score_file(
        lambda: app.writer(create=False),
        app.settings,
        path,
        rejects=rejects,
        command=app.command_line,
        who=app.who,
        today=app.today,
        dry_run=dry_run,
        notice=app.notice,
    )
    if output_format not in (None, "table"):
        from scorecli.result import Column, Result

        figures: dict[str, Any] = summary._asdict()
        columns = [
            Column(name, name, "integer" if isinstance(value, int) else "text")
            for name, value in figures.items()
        ]
        app.show(Result(columns, [list(figures.values())], single=True), output_format)
    else:
        would = "Would read" if dry_run else "Read"
        app.notice(
            f"{would} {summary.read:,} rows: {summary.updated:,} calls updated,"
            f" {summary.unchanged:,} unchanged, {summary.rejected:,} rejected."
        )
        if summary.rejects_file:
            app.notice(
                f"The bad rows are in {summary.rejects_file}, each with its line and reason."
            )
        if summary.change is not None:
            app.notice(f"This is change {summary.change}; `scorecli undo` takes it back.")
    return ROWS_REJECTED if summary.rejected else DONE
