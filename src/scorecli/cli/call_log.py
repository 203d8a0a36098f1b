"""`scorecli calls list`, `show` and `export`: reading the call log."""

# Annotations are real, not texts: Typer would evaluate each of them twice at every start.

from typing import TYPE_CHECKING

import typer

from scorecli.cli import options
from scorecli.cli.lazy_group import examples

if TYPE_CHECKING:
    from scorecli.cli.context import App


@examples(
    "scorecli calls list date:today",
    "scorecli calls list source:google 'stars:4..' --sort amount-",
    "scorecli calls list @unscored --columns id,started_at,contact_name",
)
def list_(
    ctx: typer.Context,
    filters: options.Filters = None,
    columns: options.Columns = None,
    sort: options.Sort = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """List calls, newest first."""
    from scorecli.cli.listing import is_for_people, names_in, row_limit
    from scorecli.cli.selecting import selected_calls
    from scorecli.reports.calls import list_calls

    app: App = ctx.obj
    selected = selected_calls(app, filters)
    for_people = is_for_people(output_format, output)
    most = row_limit(limit, output_format, output)
    with app.reader() as db:
        result = list_calls(
            db,
            app.settings,
            selected,
            names_in(columns),
            sort,
            most,
            offset,
            for_people=for_people,
        )
        app.show(result, output_format, output, excel_safe=excel_safe)


@examples("scorecli calls show 12", "scorecli calls show ext:CAL-8841 --format json")
def show(
    ctx: typer.Context,
    call: options.OneCall,
    output_format: options.Format = None,
    output: options.Output = None,
) -> None:
    """Show everything known about one call, with its history."""
    from scorecli.cli.listing import is_for_people
    from scorecli.reports.calls import show_call
    from scorecli.storage.call_lookup import find_call

    app: App = ctx.obj
    for_people = is_for_people(output_format, output) and output is None
    with app.reader() as db:
        number = find_call(db, call)
        shown = show_call(db, app.settings, number, app.now, for_people=for_people)
        app.show(shown, output_format, output)
        if for_people:
            from scorecli.reports.history import list_changes

            typer.echo()
            app.show(list_changes(db, app.settings, number, for_people=True), output_format)


@examples(
    "scorecli calls export --output calls.csv",
    "scorecli calls export date:2026-10 --format json",
    "scorecli calls export converted:yes --columns id,amount,currency --output sales.tsv",
)
def export(
    ctx: typer.Context,
    filters: options.Filters = None,
    columns: options.Columns = None,
    sort: options.Sort = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """Write calls with every field, as CSV unless told otherwise."""
    from scorecli.cli.listing import format_without_ending, names_in
    from scorecli.cli.selecting import selected_calls
    from scorecli.reports.calls import list_calls

    app: App = ctx.obj
    selected = selected_calls(app, filters)
    chosen = output_format or format_without_ending(output)
    with app.reader() as db:
        result = list_calls(db, app.settings, selected, names_in(columns), sort, limit, offset)
        app.show(result, chosen, output, excel_safe=excel_safe)
