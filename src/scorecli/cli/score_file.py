"""`scorecli score --from FILE`: scoring in bulk."""

from __future__ import annotations

from scorecli.cli.context import App
from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
from scorecli.cli.figures import figures_result, say_change, say_rejects, say_rows
from scorecli.cli.words import plural
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
        author=app.author,
        now=app.now,
        dry_run=dry_run,
        notice=app.notice,
    )
    if output_format not in (None, "table"):
        app.show(figures_result(summary._asdict()), output_format)
    else:
        say_rows(
            app,
            summary.read,
            f"{summary.updated:,} updated, {summary.unchanged:,} unchanged,"
            f" {summary.rejected:,} rejected",
            dry_run=dry_run,
        )
        if summary.orphan_amounts and app.settings.converted_amount.enabled:
            keeps = "keeps its" if summary.orphan_amounts == 1 else "keep their"
            app.notice(
                f"{plural(summary.orphan_amounts, 'call')}"
                f" {'would stop' if dry_run else 'stopped'} being converted but {keeps}"
                f" {app.settings.converted_amount.field_name};"
                " `scorecli score --where @orphan-amounts --amount none` clears it."
            )
        say_rejects(app, summary.rejects_file)
        say_change(app, summary.change)
    return ROWS_REJECTED if summary.rejected else DONE
