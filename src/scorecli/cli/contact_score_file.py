"""`scorecli contacts score --from FILE`: scoring contacts in bulk."""

from __future__ import annotations

from scorecli.cli.context import App
from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
from scorecli.cli.figures import figures_result, say_change, say_rejects, say_rows


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
        author=app.author,
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
        say_rejects(app, summary.rejects_file)
        say_change(app, summary.change)
    return ROWS_REJECTED if summary.rejected else DONE
