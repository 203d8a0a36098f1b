"""`scorecli report contacts` and `trend`: reports on contacts and their scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli import options
from scorecli.cli.contact_options import Filters, selected
from scorecli.cli.contact_score import ScoreType
from scorecli.cli.lazy_group import examples
from scorecli.cli.report import Explain

if TYPE_CHECKING:
    from scorecli.cli.context import App


def _periods(incomplete: str) -> list[str]:
    return [name for name in ("day", "week", "month", "quarter", "year") if
            name.startswith(incomplete)]  # fmt: skip


By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="day|week|month|quarter|year",
        help="Length of a period.",
        autocompletion=_periods,
    ),
]


@examples(
    "scorecli report contacts kind:lead --limit 20",
    "scorecli report contacts --since 30d --sort amount- --format json",
)
def contacts(
    ctx: typer.Context,
    filters: Filters = None,
    since: options.Since = None,
    until: options.Until = None,
    sort: options.Sort = None,
    currency: Annotated[
        str | None,
        typer.Option("--currency", metavar="CODE", help="Only amounts in this currency."),
    ] = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    explain: Explain = False,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """Report scores, points, calls and amounts of contacts, the best first."""
    from scorecli.cli.listing import row_limit
    from scorecli.cli.selecting import first_day, last_day
    from scorecli.reports.best_contacts import ContactsRequest, best_contacts, definitions

    app: App = ctx.obj
    if explain:
        app.show(definitions(app.settings), output_format, output)
        return
    request = ContactsRequest(
        selected(app, filters),
        first_day(app, since),
        last_day(app, until),
        sort,
        row_limit(limit, output_format, output),
        offset,
        currency,
        app.now,
    )
    with app.reader() as db:
        result = best_contacts(db, app.settings, request)
        app.show(result, output_format, output, excel_safe=excel_safe)


@examples(
    "scorecli report trend",
    "scorecli report trend source:fair --type fit --by week --since 90d --format csv",
)
def trend(
    ctx: typer.Context,
    filters: Filters = None,
    score_type: ScoreType = None,
    by: By = "month",
    since: options.Since = None,
    until: options.Until = None,
    explain: Explain = False,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """Report the average and the distribution of a score of contacts over time."""
    from scorecli.cli.listing import show_report
    from scorecli.cli.selecting import first_day, last_day
    from scorecli.reports.score_trend import TrendRequest, definitions, score_trend

    app: App = ctx.obj
    type_name = score_type or "score"
    if explain:
        app.show(definitions(app.settings, type_name), output_format, output)
        return
    request = TrendRequest(
        app.today,
        selected(app, filters),
        type_name,
        by.strip().lower(),
        first_day(app, since),
        last_day(app, until),
    )
    show_report(app, score_trend, request, output_format, output, excel_safe=excel_safe)
