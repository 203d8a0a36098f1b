"""`scorecli calls attribute`, `assign` and `unassign`: whose calls they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecli.cli.lazy_group import examples
from scorecli.cli.options import CallsOrWhere, DryRun, Filters, Format, OneUser, Where, Yes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorecli.cli.context import App
    from scorecli.result import Result
    from scorecli.services.assigning import AssignOutcome
    from scorecli.services.attribution import AgentLine, Attributed
    from scorecli.storage.database import Database


@examples(
    "scorecli calls attribute --dry-run --explain",
    "scorecli calls attribute date:2026-10",
    "scorecli calls attribute --recheck --dry-run",
)
def attribute(
    ctx: typer.Context,
    filters: Filters = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="List each agent: who has or gets the calls and why, or why nobody."
        ),
    ] = False,
    recheck: Annotated[
        bool,
        typer.Option(
            "--recheck",
            help="Look anew at what was assigned automatically; withdraw what no longer fits.",
        ),
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Assign calls to the users who handled them, only where exactly one user fits.

    What a person assigned is never touched, and a second run changes nothing.
    """
    from scorecli.cli.selecting import selected_calls
    from scorecli.services.attribution import attribute_calls, in_order

    app: App = ctx.obj
    selected = selected_calls(app, filters)

    def run(db: Database, *, dry: bool) -> Attributed:
        return attribute_calls(
            db,
            selected,
            now=app.now,
            author=app.author,
            recheck=recheck,
            explain=explain,
            dry_run=dry,
        )

    with app.writer(create=False) as db:
        if recheck and not dry_run and not yes:
            losing = run(db, dry=True)
            if losing.moved or losing.withdrawn:
                _show_lines(app, db, _losing(losing.lines), None)
                taken = losing.moved + losing.withdrawn
                app.confirm(f"Take {_calls(taken)} from the users who have them?")
        done = run(db, dry=dry_run)
        if explain:
            _show_lines(app, db, in_order([*done.lines, *done.kept]), output_format)
        elif output_format is not None:
            app.show(_figures(done), output_format)
        elif recheck and (dry_run or yes) and _losing(done.lines):
            _show_lines(app, db, _losing(done.lines), None)
    _tell(app, done, dry_run=dry_run)


@examples(
    'scorecli calls assign 12 13 "Dana Reyes"',
    'scorecli calls assign --where "agent:front desk" "Dana Reyes"',
)
def assign(
    ctx: typer.Context,
    calls: CallsOrWhere = None,
    user: OneUser = "",
    where: Where = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Give calls to a user, by your own decision; attribution never touches them."""
    from scorecli.errors.command_line import WhichCalls
    from scorecli.services.assigning import assign_calls

    app: App = ctx.obj
    named = list(calls or ())
    if not user and len(named) > (where is None):
        user = named.pop()  # the last word is the user
    if not user:
        raise WhichCalls(
            "Name the calls and then the user.", 'scorecli calls assign 12 "Dana Reyes"'
        )
    with app.writer(create=False) as db:
        numbers = _chosen(
            app, db, named, where, f"Assign {{}} to {user}?", dry_run=dry_run, yes=yes
        )
        done = assign_calls(db, numbers, user, author=app.author, dry_run=dry_run)
    _tell_assigned(app, done, output_format, dry_run=dry_run)


@examples("scorecli calls unassign 12", "scorecli calls unassign 12 13 --for-good")
def unassign(
    ctx: typer.Context,
    calls: CallsOrWhere = None,
    for_good: Annotated[
        bool,
        typer.Option("--for-good", help="Keep attribution from assigning them again."),
    ] = False,
    where: Where = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Take calls from their users; attribution may find them again."""
    from scorecli.services.assigning import unassign_calls

    app: App = ctx.obj
    with app.writer(create=False) as db:
        numbers = _chosen(
            app, db, list(calls or ()), where, "Take {} from their users?", dry_run=dry_run, yes=yes
        )
        done = unassign_calls(
            db,
            numbers,
            for_good=for_good,
            author=app.author,
            dry_run=dry_run,
        )
    _tell_assigned(app, done, output_format, dry_run=dry_run)
    if done.changed and not for_good and not dry_run:
        app.notice(
            "`scorecli calls attribute` assigns them again where one user fits; --for-good keeps"
            " it from doing so."
        )


def _chosen(
    app: App,
    db: Database,
    calls: list[str],
    where: str | None,
    question: str,
    *,
    dry_run: bool,
    yes: bool,
) -> list[int]:
    from scorecli.cli.call_editing import chosen_calls

    numbers = chosen_calls(app, db, calls, where, 'scorecli calls assign 12 "Dana Reyes"')
    if where is not None and len(numbers) > 1 and not dry_run:
        app.confirm(question.format(_calls(len(numbers))), yes=yes)
    return numbers


def _losing(lines: Sequence[AgentLine]) -> list[AgentLine]:
    return [
        line
        for line in lines
        if line.before.user is not None and line.before.user != line.after.user
    ]


def _show_lines(
    app: App, db: Database, lines: Sequence[AgentLine], output_format: str | None
) -> None:
    from scorecli.reports.grouping import Grouping, namer
    from scorecli.result import Column, Result

    zone_name = app.settings.display.time_zone
    name = namer(db, Grouping("user", "User", "c.user_id"), zone_name)  # namesakes with a number
    columns = [
        Column("agent", "Agent"),
        Column("extension", "Extension", optional=True),
        Column("email", "E-mail", optional=True),
        Column("calls", "Calls", "integer"),
        Column("had_user", "Had user", optional=True),
        Column("user", "User"),
        Column("assigned_by", "Found by"),
        Column("reason", "Reason"),
    ]
    rows = []
    for line in lines:
        had, gets = line.before.user, line.after.user
        rows.append(
            [
                *line.agent,
                line.calls,
                None if had is None else name(had),
                None if gets is None else name(gets),
                line.after.by,
                line.after.reason,
            ]
        )
    app.show(Result(columns, rows), output_format)


def _figures(done: Attributed) -> Result:
    from scorecli.result import Column, Result

    names = ("assigned", "moved", "withdrawn", "unassigned", "change")
    columns = [Column(name, name.capitalize(), "integer") for name in names]
    return Result(columns, [[getattr(done, name) for name in names]], single=True)


def _tell(app: App, done: Attributed, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    parts = [f"{_calls(done.assigned)} {would}assigned"]
    if done.moved:
        parts.append(f"{done.moved:,} {would}moved to another user")
    if done.withdrawn:
        parts.append(f"{done.withdrawn:,} {would}withdrawn")
    parts.append(f"{done.unassigned:,} {'would have' if dry_run else 'have'} no user")
    number = "" if done.change is None else f" (change {done.change})"
    app.notice(f"{', '.join(parts)}{number}.")
    if done.unassigned:
        app.notice("`scorecli report unassigned` says why; `scorecli users suggest` who it may be.")


def _tell_assigned(
    app: App, done: AssignOutcome, output_format: str | None, *, dry_run: bool
) -> None:
    if output_format is not None:
        from scorecli.result import Column, Result

        columns = [
            Column("user_id", "User ID", "integer"),
            Column("user", "User"),
            Column("changed", "Changed", "integer"),
            Column("unchanged", "Unchanged", "integer"),
            Column("change", "Change", "integer"),
        ]
        user: tuple[Any, Any] = (None, None) if done.user is None else done.user
        row = [*user, done.changed, done.unchanged, done.change]
        app.show(Result(columns, [row], single=True), output_format)
    would = "would be " if dry_run else ""
    what = f"{would}unassigned" if done.user is None else f"{would}assigned to {done.user.name}"
    number = "" if done.change is None else f" (change {done.change})"
    app.notice(f"{_calls(done.changed)} {what}, {done.unchanged:,} so already{number}.")


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count:,} calls"
