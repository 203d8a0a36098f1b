"""`scorecli calls edit` and `delete`: correcting the call log by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecli.cli.lazy_group import examples
from scorecli.cli.options import CallsOrWhere, DryRun, Format, Where, Yes

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.result import Result
    from scorecli.services.call_editing import EditOutcome
    from scorecli.storage.database import Database


@examples(
    'scorecli calls edit 12 --set source=google --set "agent=Ann Lee"',
    "scorecli calls edit 12 --set agent=",
    "scorecli calls edit --where source:gogle --set source=google",
)
def edit(
    ctx: typer.Context,
    calls: CallsOrWhere = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="Fact to set; FIELD= takes its value away. May be given several times.",
            show_default=False,
        ),
    ] = None,
    where: Where = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Correct facts of calls: start, numbers, source, agent and the like.

    What was set is protected from later imports. The score is set by `scorecli score`.
    """
    from scorecli.services.call_editing import edit_calls

    app: App = ctx.obj
    facts = _facts(assignments)
    with app.writer(create=False) as db:
        numbers = chosen_calls(app, db, calls, where, "scorecli calls edit 12 --set source=google")
        if where is not None and len(numbers) > 1 and not dry_run:
            app.confirm(f"Edit {_calls(len(numbers))}?", yes=yes)
        shown: list[Result] = []

        def inspect(done: list[int]) -> None:
            if output_format is not None:
                from scorecli.reports.calls import calls_by_number

                single = where is None and len(done) == 1
                shown.append(calls_by_number(db, app.settings, done, single=single))

        outcome = edit_calls(
            db,
            app.settings,
            numbers,
            facts,
            now=app.now,
            author=app.author,
            dry_run=dry_run,
            inspect=inspect,
        )
    if shown:
        app.show(shown[0], output_format)
    elif dry_run:
        app.show(_before_and_after(app, outcome))
    would = "would change" if dry_run else "changed"
    number = "" if outcome.change is None else f" (change {outcome.change})"
    app.notice(f"{outcome.changed:,} {would}, {outcome.unchanged:,} unchanged{number}.")


@examples("scorecli calls delete 12", "scorecli calls delete --where 'source:test' --dry-run")
def delete(
    ctx: typer.Context,
    calls: CallsOrWhere = None,
    where: Where = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Delete calls, after asking; undo brings them back, an import does not."""
    from scorecli.services.call_editing import delete_calls

    app: App = ctx.obj
    with app.writer(create=False) as db:
        numbers = chosen_calls(app, db, calls, where, "scorecli calls delete 12")
        if numbers and not dry_run:
            app.confirm(f"Delete {_named(numbers)}?", yes=yes)
        shown: list[Result] = []

        def inspect(going: list[int]) -> None:
            if output_format is not None or dry_run:
                from scorecli.reports.calls import calls_by_number

                single = where is None and len(going) == 1
                shown.append(calls_by_number(db, app.settings, going, single=single))

        done = delete_calls(
            db,
            numbers,
            author=app.author,
            dry_run=dry_run,
            inspect=inspect,
        )
    if shown:
        app.show(shown[0], output_format)
    if dry_run or done.change is None:
        app.notice(f"{_calls(done.deleted)} would be deleted." if dry_run else "No call to delete.")
    else:
        app.notice(
            f"Deleted {_named(numbers)} (change {done.change});"
            f" `scorecli undo {done.change}` restores {'it' if done.deleted == 1 else 'them'}."
        )


def _facts(assignments: list[str] | None) -> dict[str, str | None]:
    from scorecli.errors.command_line import NothingToChange, SetTwice
    from scorecli.readers.typed_call import read_assignment

    facts: dict[str, str | None] = {}
    for text in assignments or ():
        field, value = read_assignment(text)
        if facts.setdefault(field, value) != value:
            raise SetTwice(field)
    if not facts:
        raise NothingToChange("scorecli calls edit 12 --set source=google")
    return facts


def chosen_calls(
    app: App, db: Database, calls: list[str] | None, where: str | None, example: str
) -> list[int]:
    """Return the numbers of the calls that were named, or that ``--where`` selects."""
    from scorecli.cli.score import named_calls
    from scorecli.cli.selecting import where_filter
    from scorecli.errors.command_line import WhichCalls
    from scorecli.storage.call_lookup import selected_calls

    if (where is None) == (not calls):
        raise WhichCalls("Name the calls, or select them with --where FILTER.", example)
    if where is None:
        return named_calls(app, db, list(calls or ()))[0]
    return selected_calls(db, where_filter(app, where, "calls"))


def _before_and_after(app: App, outcome: EditOutcome) -> Result:
    from scorecli.domain.timestamps import show
    from scorecli.result import Column, Result

    def shown(field: str, value: Any) -> Any:
        return show(value, app.zone) if field == "started_at" and value is not None else value

    columns = [
        Column("call", "Call", "integer"),
        Column("field", "Field"),
        Column("before", "Before"),
        Column("after", "After"),
    ]
    rows = [
        (edited.call, edited.field, shown(edited.field, edited.before),
         shown(edited.field, edited.after))
        for edited in outcome.fields
    ]  # fmt: skip
    return Result(columns, rows)


def _named(numbers: list[int]) -> str:
    return f"call {numbers[0]}" if len(numbers) == 1 else _calls(len(numbers))


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count:,} calls"
