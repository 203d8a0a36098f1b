"""`scorecli contacts list`, `show` and `export`: reading contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli import options
from scorecli.cli.contact_options import Filters, OneContact, selected
from scorecli.cli.lazy_group import examples

if TYPE_CHECKING:
    from scorecli.cli.context import App

Public = Annotated[
    bool,
    typer.Option(
        "--public",
        help="Leave out scores, notes, owners and extra: for lists that leave the house.",
    ),
]


@examples(
    "scorecli contacts list kind:lead city:Newcastle",
    "scorecli contacts list company:acme --sort name",
    "scorecli contacts list shared_number:yes --columns id,name,numbers",
)
def list_(
    ctx: typer.Context,
    filters: Filters = None,
    columns: options.Columns = None,
    sort: options.Sort = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """List contacts, newest first."""
    from scorecli.cli.listing import is_for_people, names_in, row_limit
    from scorecli.reports.contacts import list_contacts

    app: App = ctx.obj
    what = selected(app, filters)
    for_people = is_for_people(output_format, output)
    most = row_limit(limit, output_format, output)
    with app.reader() as db:
        result = list_contacts(
            db,
            app.settings,
            what,
            names_in(columns),
            sort,
            most,
            offset,
            for_people=for_people,
        )
        app.show(result, output_format, output, excel_safe=excel_safe)


@examples("scorecli contacts show 12", "scorecli contacts show ann@example.com --format json")
def show(
    ctx: typer.Context,
    contact: OneContact,
    output_format: options.Format = None,
    output: options.Output = None,
) -> None:
    """Show everything known about one contact, with its history."""
    from scorecli.cli.listing import is_for_people
    from scorecli.reports.contacts import show_contact
    from scorecli.storage.contact_lookup import find_contact

    app: App = ctx.obj
    for_people = is_for_people(output_format, output) and output is None
    with app.reader() as db:
        number = find_contact(db, contact, app.settings.phone.region)
        shown = show_contact(db, app.settings, number, for_people=for_people)
        app.show(shown, output_format, output)
        if for_people:
            from scorecli.reports.history import list_changes

            typer.echo()
            changes = list_changes(db, app.settings, contact=number, for_people=True)
            app.show(changes, output_format)


@examples(
    "scorecli contacts export --output contacts.csv",
    "scorecli contacts export @newcastle --sort name --public --output mailing.csv",
)
def export(
    ctx: typer.Context,
    filters: Filters = None,
    public: Public = False,
    columns: options.Columns = None,
    sort: options.Sort = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """Write contacts with every field, as CSV unless told otherwise."""
    from scorecli.cli.listing import format_without_ending, names_in
    from scorecli.reports.contacts import list_contacts

    app: App = ctx.obj
    what = selected(app, filters)
    chosen = output_format or format_without_ending(output)
    with app.reader() as db:
        result = list_contacts(
            db, app.settings, what, names_in(columns), sort, limit, offset, public=public
        )
        app.show(result, chosen, output, excel_safe=excel_safe)
