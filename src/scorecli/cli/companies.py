"""`scorecli companies`: the companies that contacts belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecli.cli import options
from scorecli.cli.complete import company_filter_terms, stored
from scorecli.cli.lazy_group import examples

if TYPE_CHECKING:
    from scorecli.cli.context import App

OneCompany = Annotated[
    str,
    typer.Argument(
        metavar="COMPANY",
        help="A company's name or number.",
        show_default=False,
        autocompletion=stored("company"),
    ),
]


def _text(name: str, says: str, metavar: str = "TEXT", field: str = "") -> Any:
    completion: dict[str, Any] = {"autocompletion": stored(field)} if field else {}
    return typer.Option(name, metavar=metavar, help=says, show_default=False, **completion)


@examples(
    "scorecli companies list points:15.. --sort points-",
    "scorecli companies list acme --format json",
)
def list_(
    ctx: typer.Context,
    filters: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILTER]...",
            help="Terms such as points:15.. city:hull, or words of the name or the city, all of"
            " which must hold.",
            show_default=False,
            autocompletion=company_filter_terms,
        ),
    ] = None,
    sort: options.Sort = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    output_format: options.Format = None,
    output: options.Output = None,
    excel_safe: options.ExcelSafe = False,
) -> None:
    """List companies by name, with how many contacts each has."""
    from scorecli.cli.listing import is_for_people, row_limit
    from scorecli.cli.selecting import selected
    from scorecli.reports.companies import list_companies

    app: App = ctx.obj
    for_people = is_for_people(output_format, output)
    most = row_limit(limit, output_format, output)
    what = selected(app, filters, "companies")
    with app.reader() as db:
        result = list_companies(db, app.settings, what, sort, most, offset, for_people=for_people)
        app.show(result, output_format, output, excel_safe=excel_safe)


@examples("scorecli companies show ACME")
def show(
    ctx: typer.Context,
    company: OneCompany,
    output_format: options.Format = None,
    output: options.Output = None,
) -> None:
    """Show one company, with its contacts."""
    from scorecli.cli.listing import is_for_people
    from scorecli.cli.selecting import filter_context
    from scorecli.domain.filters import parse_terms
    from scorecli.reports.companies import show_company
    from scorecli.reports.contacts import list_contacts
    from scorecli.storage.companies import find_company

    app: App = ctx.obj
    for_people = is_for_people(output_format, output) and output is None
    with app.reader() as db:
        number = find_company(db, company)
        app.show(show_company(db, app.settings, number), output_format, output)
        if for_people:
            typer.echo()
            theirs = parse_terms([f"company_id:{number}"], "contacts", filter_context(app))
            contacts = list_contacts(db, app.settings, theirs, sort="name", for_people=True)
            app.show(contacts, output_format)


@examples(
    "scorecli companies edit ACME --city Newcastle --website acme.example",
    "scorecli companies edit ACME --name 'ACME Ltd'",
)
def edit(
    ctx: typer.Context,
    company: OneCompany,
    name: Annotated[str | None, _text("--name", "Another name; contacts stay.", "NAME")] = None,
    website: Annotated[str | None, _text("--website", "Website.", "URL")] = None,
    phone: Annotated[str | None, _text("--phone", "Telephone number.", "NUMBER")] = None,
    street: Annotated[str | None, _text("--street", "Street and number.")] = None,
    city: Annotated[str | None, _text("--city", "City.", field="city")] = None,
    region: Annotated[str | None, _text("--region", "State, county or province.")] = None,
    postal_code: Annotated[str | None, _text("--postal-code", "Postal code.")] = None,
    country: Annotated[str | None, _text("--country", "Country.")] = None,
    owner: Annotated[
        str | None, _text("--owner", "The user who looks after it.", "USER", "user")
    ] = None,
    note: Annotated[str | None, _text("--note", "Note.")] = None,
    dry_run: options.DryRun = False,
    output_format: options.Format = None,
) -> None:
    """Change a company; only what is named changes, and `none` takes a value away."""
    from scorecli.errors.command_line import NothingToChange
    from scorecli.reports.companies import show_company
    from scorecli.services.companies import edit_company
    from scorecli.storage.companies import find_company

    app: App = ctx.obj
    given = {
        "name": name,
        "website": website,
        "phone": phone,
        "street": street,
        "city": city,
        "region": region,
        "postal_code": postal_code,
        "country": country,
        "owner": owner,
        "note": note,
    }
    texts = {
        field: None if text.strip().casefold() in ("", "none") else text
        for field, text in given.items()
        if text is not None
    }
    if not texts:
        raise NothingToChange("scorecli companies edit ACME --city Newcastle")
    with app.writer(create=False) as db:
        number = find_company(db, company)
        done = edit_company(db, number, texts, author=app.author, dry_run=dry_run)
        if output_format is not None and not dry_run:
            app.show(show_company(db, app.settings, number), output_format)
    if not done.changed:
        app.notice("It is so already; nothing was changed.")
    elif dry_run:
        app.notice(f"{done.changed} fields of company {number} would change.")
    else:
        app.notice(f"Changed company {number} (change {done.change}).")
