"""`scorecli campaigns`: defining outbound campaigns and looking at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli.complete import stored
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Output

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.services.campaigns import CampaignWish, SavedCampaign

OneCampaign = Annotated[
    str,
    typer.Argument(
        metavar="CAMPAIGN",
        help="A campaign's name.",
        show_default=False,
        autocompletion=stored("defined_campaign"),
    ),
]
Description = Annotated[
    str | None, typer.Option("--description", metavar="TEXT", help="What it is about.")
]
Hours = Annotated[
    str | None,
    typer.Option(
        "--hours",
        metavar="HOURS|none",
        help='When people may be called, such as "Mon-Fri 09:00-18:00, Sat 10:00-14:00".',
    ),
]
TimeZone = Annotated[
    str | None,
    typer.Option(
        "--timezone",
        metavar="ZONE|none",
        help="Zone of the hours where a record has none; by default that of the settings.",
    ),
]


Results = Annotated[
    list[str] | None,
    typer.Option(
        "--result",
        metavar="CODE",
        help="A call result that may be used in it; may be given several times.",
        show_default=False,
        autocompletion=stored("result"),
    ),
]


@examples(
    "scorecli campaigns add Spring",
    'scorecli campaigns add Spring --hours "Mon-Fri 09:00-18:00" --timezone Europe/London',
)
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name.", show_default=False)],
    description: Description = None,
    hours: Hours = None,
    time_zone: TimeZone = None,
    result: Results = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Add a campaign."""
    from scorecli.reports.campaigns import show_campaign
    from scorecli.services.campaigns import CampaignWish, add_campaign

    app: App = ctx.obj
    wish = CampaignWish(
        name, description, _cleared(hours), _cleared(time_zone), add_results=tuple(result or ())
    )
    with app.scratch_writer() if dry_run else app.writer() as db:
        saved = add_campaign(db, wish, author=app.author, dry_run=dry_run)
        if output_format is not None and not dry_run:
            app.show(show_campaign(db, saved.name), output_format)
    _tell(app, saved, "would be added" if dry_run else "was added")
    if not dry_run:
        from scorecli.errors import pasted

        app.notice(f"Next: scorecli campaigns load {pasted(saved.name)} FILE --list NAME")


@examples("scorecli campaigns list", "scorecli campaigns list --all --format json")
def list_(
    ctx: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help="Closed campaigns as well.")] = False,
    output_format: Format = None,
    output: Output = None,
) -> None:
    """List campaigns, with how many records of each are in which state."""
    from scorecli.reports.campaigns import list_campaigns

    app: App = ctx.obj
    with app.reader() as db:
        app.show(list_campaigns(db, closed=all_), output_format, output)


@examples("scorecli campaigns show Spring")
def show(
    ctx: typer.Context, campaign: OneCampaign, output_format: Format = None, output: Output = None
) -> None:
    """Show one campaign, with its contact lists."""
    from scorecli.reports.campaigns import campaign_lists, show_campaign

    app: App = ctx.obj
    with app.reader() as db:
        app.show(show_campaign(db, campaign), output_format, output)
        if output is None and output_format in (None, "table"):
            lists = campaign_lists(db, app.settings, campaign)
            if lists.rows:
                app.show(lists, output_format)


@examples(
    'scorecli campaigns edit Spring --hours "Mon-Sat 10:00-19:00"',
    "scorecli campaigns edit Spring --open",
)
def edit(
    ctx: typer.Context,
    campaign: OneCampaign,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Another name, while no call names it."),
    ] = None,
    description: Description = None,
    hours: Hours = None,
    time_zone: TimeZone = None,
    result: Results = None,
    remove_result: Annotated[
        list[str] | None,
        typer.Option(
            "--remove-result",
            metavar="CODE",
            help="A call result that may no longer be used in it.",
            show_default=False,
        ),
    ] = None,
    reopen: Annotated[
        bool, typer.Option("--open", help="Open it again after it was closed.")
    ] = False,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Change a campaign; only what is named changes."""
    from scorecli.errors.command_line import NothingToChange
    from scorecli.services.campaigns import CampaignWish

    wish = CampaignWish(
        name,
        description,
        _cleared(hours),
        _cleared(time_zone),
        False if reopen else None,
        tuple(result or ()),
        tuple(remove_result or ()),
    )
    if wish == CampaignWish():
        raise NothingToChange('scorecli campaigns edit Spring --hours "Mon-Fri 09:00-18:00"')
    _edit(ctx.obj, campaign, wish, "changed", output_format, dry_run=dry_run)


@examples("scorecli campaigns close Spring")
def close(ctx: typer.Context, campaign: OneCampaign, dry_run: DryRun = False) -> None:
    """Close a campaign: nobody is called for it any more."""
    from scorecli.services.campaigns import CampaignWish

    _edit(ctx.obj, campaign, CampaignWish(closed=True), "closed", None, dry_run=dry_run)


def _edit(
    app: App,
    campaign: str,
    wish: CampaignWish,
    what: str,
    output_format: str | None,
    *,
    dry_run: bool,
) -> None:
    from scorecli.reports.campaigns import show_campaign
    from scorecli.services.campaigns import edit_campaign

    with app.writer(create=False) as db:
        saved = edit_campaign(db, campaign, wish, author=app.author, dry_run=dry_run)
        if output_format is not None and not dry_run:
            app.show(show_campaign(db, saved.name), output_format)
    _tell(app, saved, f"{'would be' if dry_run else 'was'} {what}")


def _cleared(text: str | None) -> str | None:
    """Return what an option asks for; empty takes the value away."""
    return "" if text is not None and text.strip().casefold() in ("", "none") else text


def _tell(app: App, saved: SavedCampaign, what: str) -> None:
    if not saved.changed:
        app.notice("It is so already; nothing was changed.")
        return
    number = "" if saved.change is None else f" (change {saved.change})"
    app.notice(f'The campaign "{saved.name}" {what}{number}.')
    for codes, where in (
        (saved.limited, f'"{saved.name}" alone'),
        (saved.freed, "every campaign"),
    ):
        if codes:
            app.notice(f"{', '.join(codes)} may be used in {where} from now on.")


@examples("scorecli campaigns reload leads")
def reload(
    ctx: typer.Context,
    list_: Annotated[
        str,
        typer.Argument(
            metavar="LIST",
            help="A contact list's name.",
            show_default=False,
            autocompletion=stored("contact_list"),
        ),
    ],
    dry_run: DryRun = False,
) -> None:
    """Open the final records of a contact list again, but never those not to be called."""
    from scorecli.services.contact_lists import reload_list

    app: App = ctx.obj
    with app.writer(create=False) as db:
        done = reload_list(db, list_, now=app.now, author=app.author, dry_run=dry_run)
    if not done.opened:
        app.notice(f'No record of the list "{done.name}" is final; nothing was changed.')
        return
    records = "1 record" if done.opened == 1 else f"{done.opened:,} records"
    are = "would be" if dry_run else "is" if done.opened == 1 else "are"
    number = "" if done.change is None else f" (change {done.change})"
    app.notice(f'{records} of the list "{done.name}" {are} open again{number}.')
