"""`scorecli undo`: taking back a change as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format
from scorecli.cli.words import plural

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.result import Result
    from scorecli.services.undoing import Undoable, UndoOutcome


@examples("scorecli undo", "scorecli undo 12", "scorecli undo --dry-run")
def undo(
    ctx: typer.Context,
    change: Annotated[
        int | None,
        typer.Argument(
            metavar="[CHANGE]",
            help="Number of a change, as history shows it; the latest one unless named.",
            show_default=False,
        ),
    ] = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Take back the latest change, or the one named, as a whole.

    Where something later touched the same fields, nothing is changed and that change is named.
    Undoing an undo does the change again.
    """
    from scorecli.services.undoing import undo as take_back

    app: App = ctx.obj
    with app.writer(create=False) as db:
        done = take_back(
            db,
            change,
            author=app.author,
            dry_run=dry_run,
            announce=lambda target: app.notice(_announcement(app, target, dry_run=dry_run)),
        )
    if output_format is not None:
        app.show(_result(app, done), output_format)
    if done.change is not None:
        app.notice(f"Done (change {done.change}); `scorecli undo {done.change}` reverses it.")


def _announcement(app: App, target: Undoable, *, dry_run: bool) -> str:
    from scorecli.domain.timestamps import show
    from scorecli.render.cells import shown_time

    verb = "Would" if dry_run else "Will"
    what = f"do change {target.root} again" if target.does_again else f"undo change {target.root}"
    when = shown_time(show(target.made_at, app.zone))
    much = [plural(target.entries, "field")] if target.entries else []
    if target.touched:
        much[0] += f" of {plural(target.touched, 'call')}"
    if target.calls:
        much.insert(0, f"{plural(target.calls, 'call')} it brought in")
    for entity, count in target.brought:
        much.insert(0, f"{plural(count, _WORDS.get(entity, entity))} it brought in")
    if target.assigned:
        much.append(f"the user of {plural(target.assigned, 'call')}")
    return f"{verb} {what}, by {target.who}, {when}: {target.command} ({', '.join(much)})"


_WORDS = {  # what people call them
    "contact_list": "contact list",
    "list_record": "record",
    "do_not_call": "do-not-call entry",
}


def _result(app: App, done: UndoOutcome) -> Result:
    from scorecli.domain.timestamps import show
    from scorecli.result import Column, Result

    target = done.target
    columns = [
        Column("change", "Change", "integer"),
        Column("undoes", "Undoes", "integer"),
        Column("original", "Original", "integer"),
        Column("does_again", "Does again", "boolean"),
        Column("who", "By"),
        Column("made_at", "When", "time"),
        Column("command", "Command"),
        Column("fields", "Fields", "integer"),
        Column("calls", "Calls", "integer"),
        Column("imported_calls", "Imported calls", "integer"),
        Column("assigned_calls", "Assigned calls", "integer"),
    ]
    row = [
        done.change,
        target.number,
        target.root,
        target.does_again,
        target.who,
        show(target.made_at, app.zone),
        target.command,
        target.entries,
        target.touched,
        target.calls,
        target.assigned,
    ]
    return Result(columns, [row], single=True)
