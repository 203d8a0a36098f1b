"""`scorecli activities`: what happens with leads, contacts and companies, and its points."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecli.cli import options
from scorecli.cli.complete import activity_filter_terms, stored
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Yes
from scorecli.cli.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorecli.cli.context import App
    from scorecli.result import Result
    from scorecli.storage.database import Database


def _types(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    known = ctx.obj.settings.activities.points
    return [name for name in known if name.startswith(incomplete)]


Contact = Annotated[
    str | None,
    typer.Option(
        "--contact",
        metavar="CONTACT",
        help="Whose it is: id, ext:ID, e-mail, telephone number or name.",
        autocompletion=stored("contact"),
    ),
]
Company = Annotated[
    str | None,
    typer.Option(
        "--company",
        metavar="COMPANY",
        help="Whose it is: the name or number of a company.",
        autocompletion=stored("company"),
    ),
]
Points = Annotated[
    int | None,
    typer.Option("--points", metavar="N", help="Points; by default those of the type."),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="When: 2026-11-03 14:30, yesterday; now by default."),
]
Subject = Annotated[str | None, typer.Option("--subject", metavar="TEXT", help="What it was.")]
Filters = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILTER]...",
        help="Terms such as type:meeting contact_id:12 points:5.. date:30d.., all of which must"
        " hold.",
        show_default=False,
        autocompletion=activity_filter_terms,
    ),
]
Where = Annotated[
    str | None,
    typer.Option(
        "--where",
        metavar="FILTER",
        help="Take all activities that this filter selects.",
        autocompletion=activity_filter_terms,
    ),
]
Activities = Annotated[
    list[int] | None,
    typer.Argument(metavar="[ACTIVITY]...", help="Activities by number.", show_default=False),
]


@examples(
    "scorecli activities add meeting --contact 'Ann Lee' --subject 'Site visit'",
    "scorecli activities add webinar --company ACME --points 3 --at yesterday",
)
def add(
    ctx: typer.Context,
    activity_type: Annotated[
        str,
        typer.Argument(
            metavar="TYPE",
            help="What kind: meeting, call, email or any other.",
            show_default=False,
            autocompletion=_types,
        ),
    ],
    contact: Contact = None,
    company: Company = None,
    points: Points = None,
    at: At = None,
    subject: Subject = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Add an activity to a contact or a company, and print its number.

    Its points are those of --points, else those of its type in the settings, else none.
    """
    from scorecli.services.activities import NewActivity, add_by_hand, nearest_type

    app: App = ctx.obj
    moment = app.now if at is None else _moment(app, at)
    shown: list[Result] = []
    with app.writer(create=False) as db:
        whose = _whose(app, db, contact, company)
        near = nearest_type(db, app.settings, activity_type)
        new = NewActivity(activity_type, moment, *whose, points, subject)

        def inspect(activity: int) -> None:
            from scorecli.reports.activities import activities_by_number

            if output_format is not None or dry_run:
                shown.append(activities_by_number(db, app.settings, [activity], single=True))

        number, change = add_by_hand(
            db,
            app.settings,
            new,
            author=app.author,
            dry_run=dry_run,
            inspect=inspect,
        )
    if shown:
        app.show(shown[0], output_format)
    else:
        sys.stdout.write(f"{number}\n")
    if dry_run:
        app.notice("This activity would be added.")
    else:
        app.notice(f"Added activity {number} (change {change}).")
    if near is not None and points is None:
        meant = f" (did you mean {' or '.join(near)}?)" if near else ""
        app.notice(
            f'The type "{activity_type}" is new{meant}, and has no points in the settings;'
            f' `scorecli config set "activities.points.{activity_type}" 5` gives it some.'
        )


@examples(
    "scorecli activities list type:meeting date:30d..",
    "scorecli activities list contact_id:12 --sort points-",
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
    """List activities, the latest first."""
    from scorecli.cli.listing import is_for_people, names_in, row_limit
    from scorecli.cli.selecting import selected
    from scorecli.reports.activities import list_activities

    app: App = ctx.obj
    what = selected(app, filters, "activities")
    for_people = is_for_people(output_format, output)
    most = row_limit(limit, output_format, output)
    with app.reader() as db:
        result = list_activities(
            db, app.settings, what, names_in(columns), sort, most, offset, for_people=for_people
        )
        app.show(result, output_format, output, excel_safe=excel_safe)


@examples("scorecli activities show 3")
def show(
    ctx: typer.Context,
    activity: Annotated[
        int, typer.Argument(metavar="ACTIVITY", help="Its number.", show_default=False)
    ],
    output_format: options.Format = None,
    output: options.Output = None,
) -> None:
    """Show one activity."""
    from scorecli.reports.activities import show_activity

    app: App = ctx.obj
    with app.reader() as db:
        app.show(show_activity(db, app.settings, activity), output_format, output)


@examples(
    "scorecli activities edit 3 --points 8",
    "scorecli activities edit --where 'type:meting' --type meeting",
)
def edit(
    ctx: typer.Context,
    activities: Activities = None,
    where: Where = None,
    activity_type: Annotated[
        str | None,
        typer.Option(
            "--type", metavar="TYPE", help="Another type; points stay.", autocompletion=_types
        ),
    ] = None,
    points: Points = None,
    at: At = None,
    subject: Subject = None,
    contact: Contact = None,
    company: Company = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Change activities; only what is named changes."""
    from scorecli.errors.command_line import NothingToChange
    from scorecli.services.activities import ActivityEdit, edit_activities

    app: App = ctx.obj
    moment = None if at is None else _moment(app, at)
    cleared = "" if subject is not None and subject.strip().casefold() == "none" else subject
    wish = ActivityEdit(activity_type, points, moment, cleared)
    with app.writer(create=False) as db:
        if contact is not None or company is not None:
            contact_id, company_id = _whose(app, db, contact, company)
            wish = wish._replace(contact_id=contact_id, company_id=company_id)
        if wish == ActivityEdit():
            raise NothingToChange("scorecli activities edit 3 --points 8")
        numbers = _chosen(app, db, activities, where, "scorecli activities edit 3 --points 8")
        if where is not None and len(numbers) > 1 and not dry_run:
            app.confirm(f"Edit {plural(len(numbers), 'activity')}?", yes=yes)
        shown: list[Result] = []
        wanted = dry_run or output_format is not None
        changed, change = edit_activities(
            db,
            app.settings,
            numbers,
            wish,
            author=app.author,
            dry_run=dry_run,
            inspect=_inspector(app, db, numbers, shown, wanted=wanted),
        )
    if shown:
        app.show(shown[0], output_format)
    would = "would change" if dry_run else "changed"
    number = "" if change is None else f" (change {change})"
    app.notice(
        f"{plural(changed, 'activity')} {would}, {len(numbers) - changed:,} unchanged{number}."
    )


@examples(
    "scorecli activities delete 3",
    "scorecli activities delete --where 'type:test' --dry-run",
)
def delete(
    ctx: typer.Context,
    activities: Activities = None,
    where: Where = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Delete activities, after asking; their points go with them, and undo brings both back."""
    from scorecli.services.activities import delete_activities

    app: App = ctx.obj
    with app.writer(create=False) as db:
        numbers = _chosen(app, db, activities, where, "scorecli activities delete 3")
        if numbers and not dry_run:
            app.confirm(f"Delete {plural(len(numbers), 'activity')}?", yes=yes)
        shown: list[Result] = []
        _inspector(app, db, numbers, shown, wanted=dry_run or output_format is not None)()
        deleted, change = delete_activities(db, numbers, author=app.author, dry_run=dry_run)
    if shown:
        app.show(shown[0], output_format)
    if change is None:
        would = "would be deleted" if dry_run else "to delete"
        app.notice(f"{plural(deleted, 'activity')} {would}.")
    else:
        app.notice(
            f"Deleted {plural(deleted, 'activity')} (change {change});"
            f" `scorecli undo {change}` brings back what was deleted."
        )


def _inspector(
    app: App, db: Database, numbers: Sequence[int], shown: list[Result], *, wanted: bool
) -> Any:
    def inspect() -> None:
        if wanted:
            from scorecli.reports.activities import activities_by_number

            single = len(numbers) == 1
            shown.append(activities_by_number(db, app.settings, numbers, single=single))

    return inspect


def _whose(
    app: App, db: Database, contact: str | None, company: str | None
) -> tuple[int | None, int | None]:
    """Return the numbers of the contact or the company that were named, one of them None."""
    from scorecli.errors.activities import WhoseActivity
    from scorecli.storage.companies import find_company
    from scorecli.storage.contact_lookup import find_contact

    if (contact is None) == (company is None):
        raise WhoseActivity
    if contact is not None:
        return find_contact(db, contact, app.settings.phone.region), None
    return None, find_company(db, company or "")


def _moment(app: App, text: str) -> int:
    """Return the UTC second that ``--at`` means; a day alone is its beginning."""
    from scorecli.domain.days import day_start, parse_day
    from scorecli.domain.timestamps import TimeReader
    from scorecli.errors.activities import BadActivity
    from scorecli.errors.values import BadDay

    if text.strip().casefold() == "now":
        return app.now
    try:
        return day_start(parse_day(text, app.today), app.zone)
    except BadDay:
        pass
    try:
        return TimeReader(app.zone).read(text)
    except ValueError as error:
        hint = "Write a time such as 2026-11-03 14:30, or a day such as yesterday."
        raise BadActivity("--at", text, "is no time", hint) from error


def _chosen(
    app: App, db: Database, activities: list[int] | None, where: str | None, example: str
) -> list[int]:
    """Return the numbers of the activities that were named, or that ``--where`` selects."""
    from scorecli.errors.activities import WhichActivities

    if (where is None) == (not activities):
        raise WhichActivities(example)
    if where is None:
        return list(dict.fromkeys(activities or ()))
    from scorecli.cli.selecting import where_filter
    from scorecli.reports.activities import selected_activities

    return selected_activities(db, where_filter(app, where, "activities"))
