"""`scorecli contacts add` and `edit`: entering and correcting contacts by hand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecli.cli.complete import stored
from scorecli.cli.contact_options import Contacts, Where, chosen_contacts
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Yes
from scorecli.cli.words import plural

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.result import Result
    from scorecli.services.contact_editing import ContactWish, EditOutcome
    from scorecli.storage.database import Database


def _text(name: str, says: str, metavar: str = "TEXT", field: str = "") -> Any:
    completion: dict[str, Any] = {"autocompletion": stored(field)} if field else {}
    return typer.Option(name, metavar=metavar, help=says, show_default=False, **completion)


def _kinds(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    return ["lead", "contact"]


Kind = Annotated[
    str | None,
    typer.Option("--kind", metavar="lead|contact", help="What it is.", autocompletion=_kinds),
]
First = Annotated[str | None, _text("--first-name", "First name.")]
Last = Annotated[str | None, _text("--last-name", "Last name.")]
Company = Annotated[
    str | None, _text("--company", "Company; a new one comes to be.", "NAME", "company")
]
JobTitle = Annotated[str | None, _text("--job-title", "Job title.")]
Phones = Annotated[
    list[str] | None, _text("--phone", "Telephone number; may be given several times.", "NUMBER")
]
Emails = Annotated[
    list[str] | None, _text("--email", "E-mail address; may be given several times.", "ADDRESS")
]
Street = Annotated[str | None, _text("--street", "Street and number.")]
City = Annotated[str | None, _text("--city", "City.", field="city")]
Region = Annotated[str | None, _text("--region", "State, county or province.")]
PostalCode = Annotated[str | None, _text("--postal-code", "Postal code.")]
Country = Annotated[str | None, _text("--country", "Country.")]
Source = Annotated[
    str | None, _text("--source", "Where the contact came from.", field="contact_source")
]
Owner = Annotated[str | None, _text("--owner", "The user who looks after it.", "USER", "user")]
Note = Annotated[str | None, _text("--note", "Note; - reads it from standard input.", "TEXT|-")]
ExternalId = Annotated[str | None, _text("--external-id", "Id in another system.", "ID")]
Extra = Annotated[
    list[str] | None,
    _text("--extra", "Any further column; may be given several times.", "NAME=VALUE"),
]


@examples(
    "scorecli contacts add Ann Lee --kind lead --job-title Director --city Newcastle",
    "scorecli contacts add 'Lee, Ann' --company ACME --phone '+44 191 498 0123'"
    " --email ann@example.com",
)
def add(
    ctx: typer.Context,
    name: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="First and last name.", show_default=False),
    ] = None,
    kind: Kind = None,
    first_name: First = None,
    last_name: Last = None,
    company: Company = None,
    job_title: JobTitle = None,
    phone: Phones = None,
    email: Emails = None,
    street: Street = None,
    city: City = None,
    region: Region = None,
    postal_code: PostalCode = None,
    country: Country = None,
    source: Source = None,
    owner: Owner = None,
    note: Note = None,
    external_id: ExternalId = None,
    extra: Extra = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Enter one contact or lead by hand, and print its number.

    It is a contact unless --kind says lead. Calls with its numbers link to it by themselves.
    """
    from scorecli.services.contact_editing import ContactWish, add_contact

    app: App = ctx.obj
    texts = _texts(
        {
            "name": " ".join(name) if name else None,
            "kind": kind,
            "first_name": first_name,
            "last_name": last_name,
            "company": company,
            "job_title": job_title,
            "street": street,
            "city": city,
            "region": region,
            "postal_code": postal_code,
            "country": country,
            "source": source,
            "owner": owner,
            "note": note,
            "external_id": external_id,
        }
    )
    wish = ContactWish(texts, phone, email, extra=_extra(extra))
    shown: list[Result] = []
    notices: list[str] = []
    with app.scratch_writer() if dry_run else app.writer() as db:

        def inspect(contact: int) -> None:
            from scorecli.reports.contact_links import duplicate_notices

            if output_format is not None or dry_run:
                from scorecli.reports.contacts import contacts_by_number

                shown.append(contacts_by_number(db, app.settings, [contact], single=True))
            notices.extend(duplicate_notices(db, [contact]))

        contact, change = add_contact(
            db,
            app.settings,
            wish,
            now=app.now,
            author=app.author,
            dry_run=dry_run,
            inspect=inspect,
        )
    if shown:
        app.show(shown[0], output_format)
    else:
        sys.stdout.write(f"{contact}\n")
    what = texts.get("kind") or "contact"
    if dry_run:
        app.notice(f"This {what.strip().lower()} would be entered.")
    else:
        app.notice(f"Entered {what.strip().lower()} {contact} (change {change}).")
    for text in notices:
        app.notice(text)


@examples(
    "scorecli contacts edit 12 --city Newcastle --add-phone '+44 191 498 0123'",
    "scorecli contacts edit 'Ann Lee' --job-title none",
    "scorecli contacts edit --where 'city:Newcastel' --city Newcastle",
)
def edit(
    ctx: typer.Context,
    contacts: Contacts = None,
    where: Where = None,
    name: Annotated[str | None, _text("--name", "First and last name.", "NAME")] = None,
    kind: Kind = None,
    first_name: First = None,
    last_name: Last = None,
    company: Company = None,
    job_title: JobTitle = None,
    phone: Annotated[
        list[str] | None, _text("--phone", "Its numbers from now on; none: none.", "NUMBER")
    ] = None,
    add_phone: Annotated[list[str] | None, _text("--add-phone", "A further one.", "NUMBER")] = None,
    remove_phone: Annotated[
        list[str] | None, _text("--remove-phone", "One to take away.", "NUMBER")
    ] = None,
    email: Annotated[
        list[str] | None, _text("--email", "Its addresses from now on; none: none.", "ADDRESS")
    ] = None,
    add_email: Annotated[
        list[str] | None, _text("--add-email", "A further one.", "ADDRESS")
    ] = None,
    remove_email: Annotated[
        list[str] | None, _text("--remove-email", "One to take away.", "ADDRESS")
    ] = None,
    street: Street = None,
    city: City = None,
    region: Region = None,
    postal_code: PostalCode = None,
    country: Country = None,
    source: Source = None,
    owner: Owner = None,
    note: Note = None,
    external_id: ExternalId = None,
    extra: Extra = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Change contacts; only what is named changes, and `none` takes a value away.

    What was set is protected from later imports.
    """
    from scorecli.errors.command_line import NothingToChange
    from scorecli.services.contact_editing import ContactWish

    app: App = ctx.obj
    texts = _texts(
        {
            "name": name,
            "kind": kind,
            "first_name": first_name,
            "last_name": last_name,
            "company": company,
            "job_title": job_title,
            "street": street,
            "city": city,
            "region": region,
            "postal_code": postal_code,
            "country": country,
            "source": source,
            "owner": owner,
            "note": note,
            "external_id": external_id,
        }
    )
    wish = ContactWish(
        texts,
        _list(phone),
        _list(email),
        tuple(add_phone or ()),
        tuple(add_email or ()),
        tuple(remove_phone or ()),
        tuple(remove_email or ()),
        _extra(extra),
    )
    if wish.is_empty():
        raise NothingToChange("scorecli contacts edit 12 --city Newcastle")
    with app.writer(create=False) as db:
        numbers = chosen_contacts(app, db, contacts, where, "scorecli contacts edit 12 --city Bath")
        if where is not None and len(numbers) > 1 and not dry_run:
            app.confirm(f"Edit {plural(len(numbers), 'contact')}?", yes=yes)
        _edit(app, db, numbers, wish, (dry_run, where is None, output_format))


def _edit(
    app: App,
    db: Database,
    numbers: list[int],
    wish: ContactWish,
    how: tuple[bool, bool, str | None],
) -> None:
    from scorecli.services.contact_editing import edit_contacts

    dry_run, named, output_format = how
    shown: list[Result] = []
    notices: list[str] = []

    def inspect(done: list[int]) -> None:
        from scorecli.reports.contact_links import duplicate_notices

        if output_format is not None:
            from scorecli.reports.contacts import contacts_by_number

            single = named and len(done) == 1
            shown.append(contacts_by_number(db, app.settings, done, single=single))
        if wish.numbers or wish.emails or wish.add_numbers or wish.add_emails:
            notices.extend(duplicate_notices(db, done[:500]))

    outcome = edit_contacts(
        db,
        app.settings,
        numbers,
        wish,
        author=app.author,
        dry_run=dry_run,
        inspect=inspect,
    )
    if shown:
        app.show(shown[0], output_format)
    elif dry_run:
        app.show(before_and_after(db, outcome))
    would = "would change" if dry_run else "changed"
    change = "" if outcome.change is None else f" (change {outcome.change})"
    app.notice(f"{outcome.changed:,} {would}, {outcome.unchanged:,} unchanged{change}.")
    for text in notices:
        app.notice(text)


def before_and_after(db: Database, outcome: EditOutcome) -> Result:
    """Return the fields that an edit changed, each before and after."""
    from scorecli.reports.history import shown_fields
    from scorecli.result import Column, Result

    columns = [
        Column("contact", "Contact", "integer"),
        Column("field", "Field"),
        Column("before", "Before"),
        Column("after", "After"),
    ]
    return Result(columns, shown_fields(db, "contact", outcome.fields))


def _texts(given: dict[str, str | None]) -> dict[str, str | None]:
    """Return what was given; ``none`` takes a value away."""
    texts: dict[str, str | None] = {}
    for field, text in given.items():
        if text is None:
            continue
        if field == "note" and text == "-":
            from scorecli.cli.score_edit import standard_input

            text = standard_input()
        texts[field] = None if text.strip().casefold() in ("", "none") else text
    return texts


def _list(texts: list[str] | None) -> list[str] | None:
    if texts is None:
        return None
    return [text for text in texts if text.strip().casefold() not in ("", "none")]


def _extra(texts: list[str] | None) -> dict[str, str | None]:
    from scorecli.errors.command_line import NotNameAndValue

    found: dict[str, str | None] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise NotNameAndValue("--extra", text)
        found[name.strip()] = value.strip() or None
    return found
