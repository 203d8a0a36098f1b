"""`scorecli report NAME`: one function for each report; what they share stands at the top."""

# Annotations are real, not texts: Typer would evaluate each of them twice at every start.

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scorecli.cli import options
from scorecli.cli.lazy_group import examples

if TYPE_CHECKING:
    from scorecli.cli.context import App


def _grouping_names(incomplete: str) -> list[str]:
    """Return the fields that begin like what stands after the last comma of ``--by``."""
    from scorecli.reports.grouping import NAMES

    return _names_after_comma(incomplete, NAMES)


def _names_after_comma(incomplete: str, names: Iterable[str]) -> list[str]:
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in names if name.startswith(last)]


By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="FIELD[,FIELD]",
        help="Field to group by, such as source, user, tag or month; two are crossed.",
        autocompletion=_grouping_names,
    ),
]
Compare = Annotated[
    Literal["previous", "year"] | None,
    typer.Option(
        "--compare",
        metavar="previous|year",
        help="Show the period before, or the same days a year before, and the change.",
    ),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Say what each figure counts, and show no figures.")
]
Interval = Annotated[
    bool, typer.Option("--interval", help="Show between which values a rate lies with 95 %.")
]
DateBy = Annotated[
    Literal["started_at", "converted_on"],
    typer.Option(
        "--date-by",
        metavar="started_at|converted_on",
        help="Day that a conversion counts on: that of the call, or its own.",
    ),
]


@examples(
    "scorecli report conversions",
    "scorecli report conversions --by source,month --since 2026-01-01",
    "scorecli report conversions direction:inbound --by user --since 2026-10 --until 2026-10",
    "scorecli report conversions --since 30d --compare previous --format json",
)
def conversions(
    ctx: typer.Context,
    filters: options.Filters = None,
    by: By = "source",
    since: options.Since = None,
    until: options.Until = None,
    date_by: DateBy = "started_at",
    compare: Compare = None,
    interval: Interval = False,
    explain: Explain = False,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """Report calls, conversions and amounts by source or another field."""
    from scorecli.cli.listing import show_report
    from scorecli.cli.selecting import first_day, last_day, selected_calls
    from scorecli.reports.conversions import (
        ConversionsRequest,
        definitions,
    )
    from scorecli.reports.conversions import (
        conversions as report,
    )

    app: App = ctx.obj
    if explain:
        app.show(definitions(app.settings, date_by=date_by), output_format, output)
        return
    request = ConversionsRequest(
        selected_calls(app, filters),
        by,
        first_day(app, since),
        last_day(app, until),
        date_by,
        interval,
        compare,
        app.today if compare else None,
    )
    show_report(app, report, request, output_format, output, excel_safe=excel_safe)


@examples(
    "scorecli report agents --since 30d",
    "scorecli report agents direction:inbound --since 2026-10 --until 2026-10 --format json",
)
def agents(
    ctx: typer.Context,
    filters: options.Filters = None,
    since: options.Since = None,
    until: options.Until = None,
    explain: Explain = False,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """Report what each user's calls were worth, and how much time they took."""
    from scorecli.cli.listing import show_report
    from scorecli.cli.selecting import first_day, last_day, selected_calls
    from scorecli.reports.agents import AgentsRequest, definitions
    from scorecli.reports.agents import agents as report

    app: App = ctx.obj
    if explain:
        app.show(definitions(app.settings), output_format, output)
        return
    selected = selected_calls(app, filters)
    request = AgentsRequest(selected, first_day(app, since), last_day(app, until))
    show_report(app, report, request, output_format, output, excel_safe=excel_safe)


def _result_groupings(incomplete: str) -> list[str]:
    from scorecli.reports.call_results import GROUPINGS

    return _names_after_comma(incomplete, GROUPINGS)


@examples(
    "scorecli report results",
    "scorecli report results --by agent,result --since last-week",
    "scorecli report results campaign:spring status:answered --by result --format csv",
)
def results(
    ctx: typer.Context,
    filters: options.Filters = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="FIELD[,FIELD]",
            help="campaign, agent, list, result, status or another field; two are crossed.",
            autocompletion=_result_groupings,
        ),
    ] = "campaign",
    since: options.Since = None,
    until: options.Until = None,
    interval: Interval = False,
    explain: Explain = False,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """Report what calls reached: contacts, presentations, successes, and each result's calls."""
    from scorecli.cli.listing import show_report
    from scorecli.cli.selecting import first_day, last_day, selected_calls
    from scorecli.reports.call_results import ResultsRequest, definitions, results_report

    app: App = ctx.obj
    if explain:
        app.show(definitions(app.settings), output_format, output)
        return
    selected = selected_calls(app, filters)
    request = ResultsRequest(selected, by, first_day(app, since), last_day(app, until), interval)
    show_report(app, results_report, request, output_format, output, excel_safe=excel_safe)


def _minute_groupings(incomplete: str) -> list[str]:
    from scorecli.reports.minutes import GROUPINGS

    return _names_after_comma(incomplete, GROUPINGS)


@examples(
    "scorecli report minutes --since 2026-10 --until 2026-10",
    "scorecli report minutes direction:outbound --by account,campaign --format csv",
    "scorecli report minutes --detail --since yesterday",
)
def minutes(
    ctx: typer.Context,
    filters: options.Filters = None,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="FIELD[,FIELD]",
            help="day, account, caller, called or campaign; two are crossed.",
            autocompletion=_minute_groupings,
        ),
    ] = "day",
    detail: Annotated[bool, typer.Option("--detail", help="List each call.")] = False,
    since: options.Since = None,
    until: options.Until = None,
    explain: Explain = False,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """Report how long calls were, and the minutes they are billed as."""
    from scorecli.cli.listing import show_report
    from scorecli.cli.selecting import first_day, last_day, selected_calls
    from scorecli.reports.minutes import MinutesRequest, definitions, minutes_report

    app: App = ctx.obj
    if explain:
        app.show(definitions(app.settings), output_format, output)
        return
    selected = selected_calls(app, filters)
    request = MinutesRequest(selected, by, first_day(app, since), last_day(app, until), detail)
    show_report(app, minutes_report, request, output_format, output, excel_safe=excel_safe)


@examples("scorecli report unassigned", "scorecli report unassigned --since 30d --format json")
def unassigned(
    ctx: typer.Context,
    filters: options.Filters = None,
    since: options.Since = None,
    until: options.Until = None,
    explain: Explain = False,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """Report the calls that no user has, by agent, and why."""
    from scorecli.cli.selecting import first_day, last_day, selected_calls
    from scorecli.reports.unassigned import UnassignedRequest, definitions
    from scorecli.reports.unassigned import unassigned as report

    app: App = ctx.obj
    if explain:
        app.show(definitions(), output_format, output)
        return
    selected = selected_calls(app, filters)
    request = UnassignedRequest(selected, first_day(app, since), last_day(app, until))
    with app.reader() as db:
        result = report(db, app.settings, request, app.now)
        app.show(result, output_format, output, excel_safe=excel_safe)
