"""`scorecli score --from FILE`: scoring in bulk."""

from __future__ import annotations

from typing import Any

from scorecli.cli.context import App
from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
from scorecli.errors.values import BadDecimalSign


def score_from_file(
    app: App,
    path: str,
    output_format: str | None,
    *,
    rejects: str | None,
    decimal: str | None,
    dry_run: bool,
) -> int:
    """Score the calls that a file names and say what became of its rows."""
    if decimal not in (None, ".", ","):
        raise BadDecimalSign(decimal)
    from scorecli.services.score_file import score_file

    summary = score_file(
        lambda: app.writer(create=False),
        app.settings,
        path,
        rejects=rejects,
        decimal=decimal,
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
        rows = "1 row" if summary.read == 1 else f"{summary.read:,} rows"
        app.notice(
            f"{'Would read' if dry_run else 'Read'} {rows}: {summary.updated:,} updated,"
            f" {summary.unchanged:,} unchanged, {summary.rejected:,} rejected."
        )
        if summary.orphan_amounts and app.settings.converted_amount.enabled:
            one = summary.orphan_amounts == 1
            calls = "1 call" if one else f"{summary.orphan_amounts:,} calls"
            keeps = "keeps its" if one else "keep their"
            app.notice(
                f"{calls} {'would stop' if dry_run else 'stopped'} being converted but {keeps}"
                f" {app.settings.converted_amount.field_name};"
                " `scorecli score --where @orphan-amounts --amount none` clears it."
            )
        if summary.rejects_file:
            app.notice(
                f"The bad rows are in {summary.rejects_file}, each with its line and reason."
            )
        if summary.change is not None:
            app.notice(f"This is change {summary.change}; `scorecli undo` takes it back.")
    return ROWS_REJECTED if summary.rejected else DONE
