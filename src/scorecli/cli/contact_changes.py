"""`scorecli contacts delete`, `merge`, `convert` and `erase`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from scorecli.cli.complete import stored
from scorecli.cli.contact_options import (
    Contacts,
    OneContact,
    Where,
    chosen_contacts,
    named_contacts,
)
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Yes
from scorecli.cli.words import plural

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.result import Result
    from scorecli.services.contact_merging import Keep, Merged
    from scorecli.storage.database import Database

_KEEP = ("FIRST", "SECOND", "max")


@examples("scorecli contacts delete 12", "scorecli contacts delete --where 'source:test' --dry-run")
def delete(
    ctx: typer.Context,
    contacts: Contacts = None,
    where: Where = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Delete contacts, after asking; undo brings them back, an import does not."""
    from scorecli.services.contact_editing import delete_contacts

    app: App = ctx.obj
    with app.writer(create=False) as db:
        numbers = chosen_contacts(app, db, contacts, where, "scorecli contacts delete 12")
        if numbers and not dry_run:
            app.confirm(f"Delete {_named(numbers)}?", yes=yes)
        shown: list[Result] = []

        def inspect(going: list[int]) -> None:
            if output_format is not None or dry_run:
                from scorecli.reports.contacts import contacts_by_number

                single = where is None and len(going) == 1
                shown.append(contacts_by_number(db, app.settings, going, single=single))

        done = delete_contacts(db, numbers, author=app.author, dry_run=dry_run, inspect=inspect)
    if shown:
        app.show(shown[0], output_format)
    if dry_run or done.change is None:
        would = f"{plural(done.deleted, 'contact')} would be deleted."
        app.notice(would if dry_run else "No contact to delete.")
    else:
        app.notice(
            f"Deleted {_named(numbers)} (change {done.change});"
            f" `scorecli undo {done.change}` restores {'it' if done.deleted == 1 else 'them'}."
        )


@examples("scorecli contacts convert 12", "scorecli contacts convert --where 'kind:lead city:Hull'")
def convert(
    ctx: typer.Context,
    contacts: Contacts = None,
    where: Where = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Turn leads into contacts; all else about them stays."""
    from scorecli.services.contact_merging import convert_contacts

    app: App = ctx.obj
    with app.writer(create=False) as db:
        numbers = chosen_contacts(app, db, contacts, where, "scorecli contacts convert 12")
        if where is not None and len(numbers) > 1 and not dry_run:
            app.confirm(f"Convert {plural(len(numbers), 'contact')}?", yes=yes)
        shown: list[Result] = []

        def inspect(done: list[int]) -> None:
            if output_format is not None:
                from scorecli.reports.contacts import contacts_by_number

                single = where is None and len(done) == 1
                shown.append(contacts_by_number(db, app.settings, done, single=single))

        outcome = convert_contacts(db, numbers, author=app.author, dry_run=dry_run, inspect=inspect)
    if shown:
        app.show(shown[0], output_format)
    would = "would be" if dry_run else "is" if outcome.converted == 1 else "are"
    change = "" if outcome.change is None else f" (change {outcome.change})"
    became = "a contact" if outcome.converted == 1 else "contacts"
    leads = "1 lead" if outcome.converted == 1 else f"{outcome.converted:,} leads"
    app.notice(f"{leads} {would} {became} now, {outcome.unchanged:,} unchanged{change}.")


@examples(
    "scorecli contacts merge 12 15",
    "scorecli contacts merge ann@example.com 15 16 --keep max --dry-run",
)
def merge(
    ctx: typer.Context,
    keep_contact: Annotated[
        str,
        typer.Argument(
            metavar="KEEP",
            help="The contact that stays.",
            show_default=False,
            autocompletion=stored("contact"),
        ),
    ],
    others: Annotated[
        list[str],
        typer.Argument(
            metavar="OTHER...",
            help="Contacts that go into it.",
            show_default=False,
            autocompletion=stored("contact"),
        ),
    ],
    keep: Annotated[
        str | None,
        typer.Option(
            "--keep",
            metavar="FIRST|SECOND|max",
            help="Which score counts where two of one type differ.",
        ),
    ] = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Merge contacts that are one person; undo parts them again.

    Numbers, e-mail addresses and extra columns are united, empty fields filled, and activities add
    up. What the history says of each of them stays.
    """
    app: App = ctx.obj
    scores = _keep(keep)
    with app.writer(create=False) as db:
        (kept,) = named_contacts(app, db, [keep_contact])
        going = named_contacts(app, db, others)
        shown: list[Result] = []

        def inspect(contact: int) -> None:
            if output_format is not None or dry_run:
                from scorecli.reports.contacts import contacts_by_number

                shown.append(contacts_by_number(db, app.settings, [contact], single=True))

        done = _merge_or_ask(app, db, (kept, going), (scores, dry_run, inspect))
    if shown:
        app.show(shown[0], output_format)
    named = ", ".join(map(str, done.others))
    moved = (
        f", with {done.activities:,} activities" if done.activities != 1 else ", with 1 activity"
    )
    would = "would go" if dry_run else "went"
    change = "" if done.change is None else f" (change {done.change}; `scorecli undo` parts them)"
    noun = "Contact" if len(done.others) == 1 else "Contacts"
    tail = moved if done.activities else ""
    app.notice(f"{noun} {named} {would} into contact {kept}{tail}{change}.")


def _merge_or_ask(
    app: App, db: Database, who: tuple[int, list[int]], how: tuple[Keep | None, bool, Any]
) -> Merged:
    """Merge; where two scores differ and nothing was said, ask a person who can be asked."""
    import sys

    from scorecli.errors.command_line import NotConfirmed
    from scorecli.errors.contacts import ScoresDiffer
    from scorecli.services.contact_merging import merge_contacts

    kept, going = who
    scores, dry_run, inspect = how

    def attempt(wish: Keep | None) -> Merged:
        return merge_contacts(
            db,
            kept,
            going,
            scores=wish,
            author=app.author,
            dry_run=dry_run,
            inspect=inspect,
        )

    try:
        return attempt(scores)
    except ScoresDiffer as differ:
        if not app.can_ask:
            raise
        from scorecli.cli.diagnostics import say

        say(f"{differ.question}. Which counts: first, second or max? ", end="")
        answer = sys.stdin.readline().strip().casefold()
        by_word = {word.casefold(): word for word in _KEEP}
        if answer not in by_word:
            raise NotConfirmed from None
        return attempt(cast("Keep", by_word[answer]))


@examples("scorecli contacts erase 12", "scorecli contacts erase ann@example.com --dry-run")
def erase(
    ctx: typer.Context,
    contact: OneContact,
    with_do_not_call: Annotated[
        bool,
        typer.Option(
            "--with-do-not-call", help="Take their numbers off the do-not-call list as well."
        ),
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Erase a person and every trace of them for good, after asking; undo cannot bring it back.

    Name, numbers, addresses, scores and activities go, also out of the history, and so do name,
    number, note and extra columns of the calls that link to the contact. Only that it was done is
    kept, and each number that must not be called, without a name or a reason. Backups and files
    that were exported are not touched. A contact that was deleted can be erased as well.
    """
    from scorecli.result import Column, Result
    from scorecli.services.contact_erasing import erase_contact
    from scorecli.storage.contact_lookup import find_contact

    app: App = ctx.obj
    with app.writer(create=False) as db:
        number = find_contact(db, contact, app.settings.phone.region, deleted=True)
        if not dry_run:
            app.confirm(f"Erase contact {number} for good, history included?", yes=yes)
        done = erase_contact(
            db,
            app.settings,
            number,
            who=app.who,
            with_do_not_call=with_do_not_call,
            dry_run=dry_run,
        )
    if output_format is not None:
        figures = done._asdict()
        columns = [Column(name, name, "integer") for name in figures]
        app.show(Result(columns, [list(figures.values())], single=True), output_format)
    would = "Would erase" if dry_run else "Erased"
    app.notice(
        f"{would} contact {number}: {done.calls:,} {'call' if done.calls == 1 else 'calls'} without"
        f" name and number, {done.entries:,} entries of the history gone."
    )
    if done.do_not_call:
        stay = "stays" if done.do_not_call == 1 else "stay"
        other = (
            "--with-do-not-call would take them off as well."
            if dry_run
            else "`scorecli dnc remove` takes one off."
        )
        app.notice(
            f"{plural(done.do_not_call, 'number')} {stay} on the do-not-call list, without a name"
            f" or a reason, so that nobody calls again; {other}"
        )
    if not dry_run:
        app.notice(
            "Backups made before and files exported still have this person; delete or erase there"
            " as well. A later import of a file with them brings them back."
        )


def _keep(text: str | None) -> Keep | None:
    from scorecli.errors.command_line import NotOneOf

    if text is None:
        return None
    for word in _KEEP:
        if word.casefold() == text.strip().casefold():
            return cast("Keep", word)
    raise NotOneOf("--keep", text, _KEEP)


def _named(numbers: list[int]) -> str:
    return f"contact {numbers[0]}" if len(numbers) == 1 else plural(len(numbers), "contact")
