"""The arguments and options that commands about contacts share, and choosing contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli.complete import contact_filter_terms, stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorecli.cli.context import App
    from scorecli.domain.whole_filter import Filter
    from scorecli.storage.database import Database

_WHICH = "Contacts by id, ext:ID, e-mail, telephone number or name; - reads them from stdin."
OneContact = Annotated[
    str,
    typer.Argument(
        metavar="CONTACT",
        help="A contact's id, ext:ID, e-mail, telephone number or name.",
        show_default=False,
        autocompletion=stored("contact"),
    ),
]
Contacts = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[CONTACT]...",
        help=_WHICH,
        show_default=False,
        autocompletion=stored("contact"),
    ),
]
Where = Annotated[
    str | None,
    typer.Option(
        "--where",
        metavar="FILTER",
        help="Take all contacts that this filter selects.",
        autocompletion=contact_filter_terms,
    ),
]
Filters = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILTER]...",
        help="Terms such as kind:lead city:Newcastle created:30d.., all of which must hold.",
        show_default=False,
        autocompletion=contact_filter_terms,
    ),
]


def selected(app: App, terms: Sequence[str] | None) -> Filter:
    """Return the filter of arguments, each of which is one term; raises BadFilter."""
    from scorecli.cli.selecting import selected as of_subject

    return of_subject(app, terms, "contacts")


def chosen_contacts(
    app: App, db: Database, contacts: list[str] | None, where: str | None, example: str
) -> list[int]:
    """Return the numbers of the contacts that were named, or that ``--where`` selects."""
    from scorecli.errors.command_line import WhichContacts

    if (where is None) == (not contacts):
        raise WhichContacts("Name the contacts, or select them with --where FILTER.", example)
    if where is None:
        return named_contacts(app, db, list(contacts or ()))
    from scorecli.cli.selecting import where_filter
    from scorecli.reports.contacts import selected_contacts

    return selected_contacts(db, where_filter(app, where, "contacts"))


def named_contacts(app: App, db: Database, texts: list[str]) -> list[int]:
    """Return the numbers of named contacts; ``-`` reads more names from standard input."""
    from scorecli.storage.contact_lookup import find_contact

    wanted: list[str] = []
    for text in texts:
        if text == "-":
            from scorecli.cli.score_edit import standard_input

            wanted += [line.strip() for line in standard_input().split("\n") if line.strip()]
        else:
            wanted.append(text)
    region = app.settings.phone.region
    return list(dict.fromkeys(find_contact(db, text, region) for text in wanted))
