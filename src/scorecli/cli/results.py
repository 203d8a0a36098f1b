"""`scorecli results`: the user's own list of call results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli.complete import stored
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Output

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.services.result_definitions import Defined

Code = Annotated[
    str,
    typer.Argument(
        metavar="CODE",
        help="Code of a call result.",
        show_default=False,
        autocompletion=stored("defined_result"),
    ),
]
_CODES = typer.Argument(
    metavar="CODE...",
    help="Codes of call results.",
    show_default=False,
    autocompletion=stored("result"),
)
_DISABLED_CODES = typer.Argument(
    metavar="CODE...",
    help="Codes of call results.",
    show_default=False,
    autocompletion=stored("disabled_result"),
)
Description = Annotated[
    str | None, typer.Option("--description", metavar="TEXT", help="What it means, in full.")
]
Status = Annotated[
    str | None,
    typer.Option(
        "--status",
        metavar="STATUS|none",
        help="Person, No Answer, Busy, Operator Intercept, Drop/Hang up, Answer Machine or"
        " Fax/Modem.",
    ),
]
Final = Annotated[
    bool | None,
    typer.Option(
        "--final/--no-final",
        help="The record is not called again until its list is reloaded.",
        show_default=False,
    ),
]
DoNotCall = Annotated[
    bool | None,
    typer.Option(
        "--do-not-call/--no-do-not-call",
        help="The number goes on the do-not-call list.",
        show_default=False,
    ),
]
Recall = Annotated[
    bool | None,
    typer.Option("--recall/--no-recall", help="Another attempt will be made.", show_default=False),
]
RecallAfter = Annotated[
    str | None,
    typer.Option(
        "--recall-after",
        metavar="DELAY|none",
        help="Usual delay of that attempt: 90m, 2h, 1d; means --recall.",
    ),
]
RollTo = Annotated[
    str | None,
    typer.Option(
        "--roll-to",
        metavar="CAMPAIGN|none",
        help="The record moves to this campaign.",
        autocompletion=stored("defined_campaign"),
    ),
]
Contact = Annotated[
    bool | None,
    typer.Option(
        "--contact/--no-contact", help="Somebody, or nobody, was reached.", show_default=False
    ),
]
ContactUnknown = Annotated[
    bool, typer.Option("--contact-unknown", help="It does not say whether anybody was reached.")
]
Presentation = Annotated[
    bool | None,
    typer.Option(
        "--presentation/--no-presentation",
        help="A presentation was given; that is a contact too.",
        show_default=False,
    ),
]
Success = Annotated[
    bool | None,
    typer.Option(
        "--success/--no-success", help="A success, which is a contact too.", show_default=False
    ),
]
RequireAmount = Annotated[
    bool | None,
    typer.Option(
        "--require-amount/--no-require-amount",
        help="With a success: an amount must be given.",
        show_default=False,
    ),
]
InCampaigns = Annotated[
    list[str] | None,
    typer.Option(
        "--campaign",
        metavar="CAMPAIGN|none",
        help="Campaign that it may be used in, and no other; may be given several times.",
        show_default=False,
        autocompletion=stored("defined_campaign"),
    ),
]


@examples(
    'scorecli results add SALE --description "Sold" --status Person --success --require-amount',
    'scorecli results add NA --status "No Answer" --no-contact --recall-after 2h',
)
def add(
    ctx: typer.Context,
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE", help="1 to 32 characters that agents know.", show_default=False
        ),
    ],
    description: Description = None,
    status: Status = None,
    final: Final = None,
    do_not_call: DoNotCall = None,
    recall: Recall = None,
    recall_after: RecallAfter = None,
    roll_to: RollTo = None,
    contact: Contact = None,
    contact_unknown: ContactUnknown = False,
    presentation: Presentation = None,
    success: Success = None,
    require_amount: RequireAmount = None,
    campaign: InCampaigns = None,
    disabled: Annotated[
        bool, typer.Option("--disabled", help="Define it, but do not let calls have it yet.")
    ] = False,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Define a call result."""
    from scorecli.reports.results import show_result
    from scorecli.services.result_definitions import ResultWish, add_result

    app: App = ctx.obj
    wish = ResultWish(
        code=code,
        description=description,
        status=_cleared(status),
        final=final,
        do_not_call=do_not_call,
        recall=recall,
        recall_after=_cleared(recall_after),
        roll_to=_cleared(roll_to),
        **_reached(contact, unknown=contact_unknown),
        presentation=presentation,
        success=success,
        require_amount=require_amount,
        campaigns=_campaigns(campaign),
        enabled=False if disabled else None,
    )
    opened = app.scratch_writer() if dry_run else app.writer()
    with opened as db:
        done = add_result(db, app.settings, wish, author=app.author, dry_run=dry_run)
        if output_format is not None and not dry_run:
            app.show(show_result(db, app.settings, done.codes[0]), output_format)
    _tell(app, done, "defined", dry_run=dry_run)


@examples("scorecli results list", "scorecli results list sale --format json")
def list_(
    ctx: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]", help="Only those with it in code or description.", show_default=False
        ),
    ] = None,
    output_format: Format = None,
    output: Output = None,
) -> None:
    """List call results, with the number of calls that have each."""
    from scorecli.cli.listing import is_for_people
    from scorecli.reports.results import list_results

    app: App = ctx.obj
    for_people = is_for_people(output_format, output)
    with app.reader() as db:
        found = list_results(db, app.settings, text, for_people=for_people)
        app.show(found, output_format, output)


@examples("scorecli results show SALE")
def show(
    ctx: typer.Context, code: Code, output_format: Format = None, output: Output = None
) -> None:
    """Show one call result."""
    from scorecli.reports.results import show_result

    app: App = ctx.obj
    with app.reader() as db:
        app.show(show_result(db, app.settings, code), output_format, output)


@examples(
    'scorecli results edit SALE --description "Sold on the phone"',
    "scorecli results edit CALLBK --recall-after 1d --campaign Spring --campaign Autumn",
)
def edit(
    ctx: typer.Context,
    code: Code,
    new_code: Annotated[
        str | None,
        typer.Option("--code", metavar="NEW", help="Another code, while no call ever had it."),
    ] = None,
    description: Description = None,
    status: Status = None,
    final: Final = None,
    do_not_call: DoNotCall = None,
    recall: Recall = None,
    recall_after: RecallAfter = None,
    roll_to: RollTo = None,
    contact: Contact = None,
    contact_unknown: ContactUnknown = False,
    presentation: Presentation = None,
    success: Success = None,
    require_amount: RequireAmount = None,
    campaign: InCampaigns = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Change a call result; only what is named changes."""
    from scorecli.errors.command_line import NothingToChange
    from scorecli.reports.results import show_result
    from scorecli.services.result_definitions import ResultWish, edit_result

    app: App = ctx.obj
    wish = ResultWish(
        code=new_code,
        description=description,
        status=_cleared(status),
        final=final,
        do_not_call=do_not_call,
        recall=recall,
        recall_after=_cleared(recall_after),
        roll_to=_cleared(roll_to),
        **_reached(contact, unknown=contact_unknown),
        presentation=presentation,
        success=success,
        require_amount=require_amount,
        campaigns=_campaigns(campaign),
    )
    if wish == ResultWish():
        raise NothingToChange("scorecli results edit SALE --description TEXT")
    with app.writer(create=False) as db:
        done = edit_result(db, app.settings, code, wish, author=app.author, dry_run=dry_run)
        if output_format is not None and not dry_run:
            app.show(show_result(db, app.settings, (done.codes or [code])[0]), output_format)
    _tell(app, done, "changed", dry_run=dry_run)


@examples("scorecli results enable SALE")
def enable(
    ctx: typer.Context, codes: Annotated[list[str], _DISABLED_CODES], dry_run: DryRun = False
) -> None:
    """Let calls be given these results again."""
    _switch(ctx.obj, codes, enabled=True, dry_run=dry_run)


@examples("scorecli results disable OLD OLDER")
def disable(
    ctx: typer.Context, codes: Annotated[list[str], _CODES], dry_run: DryRun = False
) -> None:
    """Keep calls from being given these results; what was given stays."""
    _switch(ctx.obj, codes, enabled=False, dry_run=dry_run)


def _switch(app: App, codes: list[str], *, enabled: bool, dry_run: bool) -> None:
    from scorecli.services.result_definitions import switch_results

    with app.writer(create=False) as db:
        done = switch_results(
            db,
            app.settings,
            codes,
            enabled=enabled,
            author=app.author,
            dry_run=dry_run,
        )
    _tell(app, done, "enabled" if enabled else "disabled", dry_run=dry_run)


def _cleared(text: str | None) -> str | None:
    """Return what an option asks for; empty takes the value away."""
    return "" if text is not None and text.strip().casefold() in ("", "none") else text


def _reached(contact: bool | None, *, unknown: bool) -> dict[str, bool]:
    """Return the two fields that say whether somebody was reached, where one is asked for."""
    if unknown:
        if contact is not None:
            from scorecli.errors.scoring import ContradictingOptions

            raise ContradictingOptions(
                "--contact" if contact else "--no-contact", "--contact-unknown"
            )
        return {"contact": False, "no_contact": False}
    return {} if contact is None else {"contact": contact, "no_contact": not contact}


def _campaigns(names: list[str] | None) -> tuple[str, ...] | None:
    """Return the campaigns that are asked for; ``none`` alone means all of them."""
    if names is None:
        return None
    return () if [name.strip().casefold() for name in names] == ["none"] else tuple(names)


def _tell(app: App, done: Defined, what: str, *, dry_run: bool) -> None:
    if not done.codes:
        app.notice("It is so already; nothing was changed.")
        return
    listed = ", ".join(done.codes)
    number = "" if done.change is None else f" (change {done.change})"
    app.notice(f"{listed} {'would be ' if dry_run else ''}{what}{number}.")
