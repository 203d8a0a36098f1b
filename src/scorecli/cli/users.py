"""`scorecli users`: the people who handle calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli import import_options as given
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, OneUser, Output, Users

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.result import Result
    from scorecli.services.users import Moment, SavedUser, UserWish
    from scorecli.storage.database import Database

Email = Annotated[
    str | None,
    typer.Option("--email", metavar="ADDRESS", help="E-mail address; none takes it away."),
]
Extension = Annotated[
    str | None,
    typer.Option("--extension", metavar="NUMBER", help="Extension; none takes it away."),
]
Alias = Annotated[
    list[str] | None,
    typer.Option(
        "--alias",
        metavar="NAME",
        help="Another whole name that phone systems use; may be given several times.",
        show_default=False,
    ),
]
Role = Annotated[
    str | None,
    typer.Option("--role", metavar="ROLE", help="Such as admin, manager, agent or viewer."),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="DAY", help="First day on which calls can be this user's."),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="Last day, itself included.")
]
Namesake = Annotated[
    bool,
    typer.Option("--namesake", help="Another person has the same name; add this one as well."),
]


@examples(
    'scorecli users add "Dana Reyes" --email dana@example.com --extension 109',
    'scorecli users add "Lee Wong" --alias "Front desk" --from 2026-03-01',
)
def add(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="First and last name.", show_default=False),
    ],
    email: Email = None,
    extension: Extension = None,
    alias: Alias = None,
    role: Role = None,
    start: From = None,
    until: Until = None,
    namesake: Namesake = False,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Add a user; older calls that are theirs come along."""
    from scorecli.services.users import add_user

    app: App = ctx.obj
    wish = _wish(app, name, email, extension, role, (start, until))
    wish = wish._replace(add_aliases=tuple(alias or ()), namesake=namesake)
    with app.scratch_writer() if dry_run else app.writer() as db:
        saved = add_user(
            db,
            app.settings,
            wish,
            now=app.now,
            author=app.author,
            dry_run=dry_run,
        )
        if output_format is not None and not dry_run:
            app.show(_shown(app, db, saved.user.id, output_format), output_format)
    what = "would be added" if dry_run else f"is user {saved.user.id}"
    _tell(app, saved, f"{saved.user.name} {what}", dry_run=dry_run)


@examples("scorecli users list", "scorecli users list --active --format json")
def list_(
    ctx: typer.Context,
    active: Annotated[
        bool, typer.Option("--active", help="Only users whose period holds today.")
    ] = False,
    output_format: Format = None,
    output: Output = None,
) -> None:
    """List users, with the number of calls that each has."""
    from scorecli.cli.listing import is_for_people
    from scorecli.reports.users import list_users

    app: App = ctx.obj
    for_people = is_for_people(output_format, output)
    with app.reader() as db:
        listed = list_users(db, app.settings, app.now, active=active, for_people=for_people)
        app.show(listed, output_format, output)


@examples('scorecli users show "Dana Reyes"')
def show(
    ctx: typer.Context, user: OneUser, output_format: Format = None, output: Output = None
) -> None:
    """Show one user."""
    from scorecli.cli.listing import is_for_people
    from scorecli.reports.users import show_user

    app: App = ctx.obj
    for_people = is_for_people(output_format, output)
    with app.reader() as db:
        shown = show_user(db, app.settings, user, app.now, for_people=for_people)
        app.show(shown, output_format, output)


@examples(
    'scorecli users edit "Dana Reyes" --alias "D. Reyes"',
    "scorecli users edit 3 --extension none --until 2026-06-30",
)
def edit(
    ctx: typer.Context,
    user: OneUser,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Another name; calls stay.")
    ] = None,
    email: Email = None,
    extension: Extension = None,
    alias: Alias = None,
    remove_alias: Annotated[
        list[str] | None,
        typer.Option("--remove-alias", metavar="NAME", help="An alias to take away."),
    ] = None,
    role: Role = None,
    start: From = None,
    until: Until = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Change a user; only what is named changes, and calls stay with them."""
    from scorecli.errors.command_line import NothingToChange
    from scorecli.services.users import UserWish, edit_user

    app: App = ctx.obj
    wish = _wish(app, name, email, extension, role, (start, until))
    wish = wish._replace(add_aliases=tuple(alias or ()), drop_aliases=tuple(remove_alias or ()))
    if wish == UserWish():
        raise NothingToChange("scorecli users edit 3 --extension 109")
    with app.writer(create=False) as db:
        saved = edit_user(
            db,
            app.settings,
            user,
            wish,
            now=app.now,
            author=app.author,
            dry_run=dry_run,
        )
        if output_format is not None and not dry_run:
            app.show(_shown(app, db, saved.user.id, output_format), output_format)
    would = "would be changed" if dry_run else "changed"
    _tell(app, saved, f"{saved.user.name} {would}", dry_run=dry_run)


@examples('scorecli users disable "Dana Reyes"', "scorecli users disable 3 --until 2026-06-30")
def disable(
    ctx: typer.Context,
    users: Users,
    until: Until = None,
    dry_run: DryRun = False,
) -> None:
    """End the periods of users, now unless a day is named; their own calls stay with them."""
    app: App = ctx.obj
    end = _end(app, until)
    _switch(app, users, app.now if end is None else end, "disabled", dry_run=dry_run)


@examples('scorecli users enable "Dana Reyes"')
def enable(ctx: typer.Context, users: Users, dry_run: DryRun = False) -> None:
    """Let calls be users' again from now on, without an end."""
    _switch(ctx.obj, users, "none", "enabled", dry_run=dry_run)


@examples("scorecli users suggest", "scorecli users suggest --format json")
def suggest(ctx: typer.Context, output_format: Format = None, output: Output = None) -> None:
    """List the agents on calls who are no user, with their calls and the nearest users."""
    from scorecli.reports.users import suggest_users

    app: App = ctx.obj
    with app.reader() as db:
        app.show(suggest_users(db, app.now), output_format, output)


@examples("scorecli users import team.csv", "scorecli users import team.csv --dry-run")
def import_(
    ctx: typer.Context,
    path: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="CSV with name, email, extension, role, alias, from, until; - is stdin.",
            show_default=False,
        ),
    ],
    rejects: given.Rejects = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> int:
    """Add and change users from a file; the same file twice changes nothing."""
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.cli.figures import figures_result, say_change, say_rejects, say_rows
    from scorecli.services.user_file import import_users

    app: App = ctx.obj
    done = import_users(
        lambda: app.scratch_writer() if dry_run else app.writer(),
        app.settings,
        path,
        rejects=rejects,
        author=app.author,
        now=app.now,
        dry_run=dry_run,
        notice=app.notice,
    )
    if output_format not in (None, "table"):
        app.show(figures_result(done._asdict()), output_format)
    else:
        say_rows(
            app,
            done.read,
            f"{done.added:,} added, {done.updated:,} updated, {done.unchanged:,} unchanged,"
            f" {done.rejected:,} rejected",
            dry_run=dry_run,
        )
        _tell_calls(app, done.calls, done.assigned, dry_run=dry_run)
        say_rejects(app, done.rejects_file)
        say_change(app, done.change)
    return ROWS_REJECTED if done.rejected else DONE


def _shown(app: App, db: Database, number: int, output_format: str | None) -> Result:
    from scorecli.cli.listing import is_for_people
    from scorecli.reports.users import show_user

    for_people = is_for_people(output_format, None)
    return show_user(db, app.settings, str(number), app.now, for_people=for_people)


def _switch(app: App, users: list[str], until: Moment, what: str, *, dry_run: bool) -> None:
    from scorecli.services.users import switch_users

    with app.writer(create=False) as db:
        found = switch_users(
            db,
            app.settings,
            users,
            until=until,
            now=app.now,
            author=app.author,
            dry_run=dry_run,
        )
    changed = [saved for saved in found if saved.changed]
    if not changed:
        app.notice("It is so already; nothing was changed.")
        return
    names = ", ".join(saved.user.name for saved in changed)
    told = changed[0] if until == "none" else changed[0]._replace(clashes=(), sharing=())
    _tell(app, told, f"{names} {'would be ' if dry_run else ''}{what}", dry_run=dry_run)


def _wish(
    app: App,
    name: str | None,
    email: str | None,
    extension: str | None,
    role: str | None,
    period: tuple[str | None, str | None],
) -> UserWish:
    from scorecli.services.users import UserWish

    start, until = period
    return UserWish(
        name,
        _cleared(email),
        _cleared(extension),
        _cleared(role),
        _start(app, start),
        _end(app, until),
    )


def _cleared(text: str | None) -> str | None:
    """Return what an option asks for; empty takes the value away."""
    return "" if text is not None and text.strip().casefold() in ("", "none") else text


def _start(app: App, text: str | None) -> Moment:
    if text is None:
        return None
    if not _cleared(text):
        return "none"
    from scorecli.cli.selecting import first_day
    from scorecli.domain.days import day_start

    day = first_day(app, text)
    return None if day is None else day_start(day, app.zone)


def _end(app: App, text: str | None) -> Moment:
    if text is None:
        return None
    if not _cleared(text):
        return "none"
    from datetime import timedelta

    from scorecli.cli.selecting import last_day
    from scorecli.domain.days import day_start

    day = last_day(app, text)
    return None if day is None else day_start(day + timedelta(days=1), app.zone)


def _tell(app: App, saved: SavedUser, what: str, *, dry_run: bool) -> None:
    if not saved.changed:
        app.notice("It is so already; nothing was changed.")
        return
    number = "" if saved.change is None else f" (change {saved.change})"
    app.notice(f"{what}{number}.")
    _tell_calls(app, saved.calls, saved.assigned, dry_run=dry_run)
    if saved.clashes:
        others = ", ".join(f"{user.name} (user {user.id})" for user in saved.clashes)
        app.notice(
            f"The names also fit {others}: calls that fit both go to nobody, unless an extension"
            " or an e-mail address tells them apart."
        )
    if saved.sharing:
        others = ", ".join(f"{user.name} (user {user.id})" for user in saved.sharing)
        app.notice(
            f"The extension or e-mail address is also that of {others}, so that it alone assigns"
            " no call."
        )


def _tell_calls(app: App, calls: int, assigned: int, *, dry_run: bool) -> None:
    if not calls:
        return
    older = "1 older call matches" if calls == 1 else f"{calls:,} older calls match"
    if assigned:
        were = "would be" if dry_run else "was" if calls == 1 else "were"
        app.notice(f"{older} now, and {were} assigned.")
    else:
        app.notice(f"{older} now; `scorecli calls attribute` assigns what matches.")
