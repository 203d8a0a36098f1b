"""`scorecli history`: what was changed, when, by whom and with which command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli import options
from scorecli.cli.lazy_group import examples

if TYPE_CHECKING:
    from scorecli.cli.context import App


@examples("scorecli history", "scorecli history 12", "scorecli history --change 7 --format json")
def history(
    ctx: typer.Context,
    call: Annotated[
        str | None,
        typer.Argument(metavar="[CALL]", help="Only the changes of this call.", show_default=False),
    ] = None,
    change: Annotated[
        int | None,
        typer.Option("--change", metavar="N", help="Every field that this change wrote."),
    ] = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    output_format: options.Format = None,
    output: options.Output = None,
) -> None:
    """List changes: when, who, which command, and each field before and after."""
    from scorecli.cli.listing import is_for_people, row_limit
    from scorecli.errors.scoring import ContradictingOptions
    from scorecli.reports.history import list_changes, list_entries
    from scorecli.storage.call_lookup import find_call

    app: App = ctx.obj
    if change is not None and call is not None:
        raise ContradictingOptions("CALL", "--change")
    for_people = is_for_people(output_format, output)
    with app.reader() as db:
        if change is not None:
            result = list_entries(db, app.settings, change, for_people=for_people)
        else:
            number = None if call is None else find_call(db, call)
            most = row_limit(limit, output_format, output)
            result = list_changes(db, app.settings, number, most, offset, for_people=for_people)
        app.show(result, output_format, output)
