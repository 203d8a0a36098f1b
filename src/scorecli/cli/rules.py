"""`scorecli rules`: what the rules of the settings say, would do, and did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli import options
from scorecli.cli.complete import is_offered
from scorecli.cli.lazy_group import examples

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.domain.rules import Rule
    from scorecli.storage.database import Database


def _rule_names(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    names = [rule.name for rule in ctx.obj.settings.rules]
    return [name for name in names if name.startswith(incomplete) and is_offered(name)]


Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="The name of a rule.", autocompletion=_rule_names),
]
SomeName = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME]",
        help="The name of a rule; all of them unless named.",
        show_default=False,
        autocompletion=_rule_names,
    ),
]


@examples("scorecli rules list")
def list_(
    ctx: typer.Context, output_format: options.Format = None, output: options.Output = None
) -> None:
    """List the rules in the order in which they run, and how often each fired."""
    from scorecli.reports.rules import list_rules

    app: App = ctx.obj
    with _reader(app) as db:
        app.show(list_rules(db, app.settings), output_format, output)
    if not app.settings.rules:
        app.notice("A rule is a table [[rules]] in the settings: scorecli config edit")


@examples('scorecli rules show "Long talks"')
def show(ctx: typer.Context, name: Name, output_format: options.Format = None) -> None:
    """Show one rule."""
    from scorecli.reports.rules import show_rule

    app: App = ctx.obj
    with _reader(app) as db:
        app.show(show_rule(db, app.settings, name), output_format)


@examples('scorecli rules test "Long talks" --call 12')
def try_(
    ctx: typer.Context,
    name: Name,
    call: Annotated[
        str | None, typer.Option("--call", metavar="CALL", help="A call's id or external id.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option("--contact", metavar="CONTACT", help="A contact.")
    ] = None,
    activity: Annotated[
        int | None, typer.Option("--activity", metavar="ID", help="An activity's number.")
    ] = None,
    output_format: options.Format = None,
) -> None:
    """Say of each condition of a rule whether a record meets it; nothing is changed."""
    from scorecli.cli.selecting import filter_context
    from scorecli.reports.rules import find_rule, tried_rule

    app: App = ctx.obj
    rule = find_rule(app.settings, name)
    with app.reader() as db:
        record = _record(db, rule, call, contact, activity, app.settings.phone.region)
        result = tried_rule(db, rule, record, filter_context(app))
        app.show(result, output_format)


@examples("scorecli rules run --dry-run", 'scorecli rules run "Long talks"')
def run(
    ctx: typer.Context,
    name: SomeName = None,
    dry_run: options.DryRun = False,
    output_format: options.Format = None,
) -> None:
    """Apply rules to what is already there; a second time changes nothing."""
    from scorecli.reports.rules import find_rule
    from scorecli.result import Column, Result
    from scorecli.services.rule_runs import run_rules

    app: App = ctx.obj
    rules = app.settings.rules if name is None else (find_rule(app.settings, name),)
    with app.writer(create=False) as db:
        done = run_rules(
            db,
            app.rule_engine,
            [rule.name for rule in rules],
            author=app.author,
            dry_run=dry_run,
        )
    columns = (
        Column("rule", "Rule"),
        Column("fired", "Would fire" if dry_run else "Fired", "integer"),
        Column("skipped", "Could do nothing", "integer"),
    )
    names = dict.fromkeys([*(rule.name for rule in rules), *done.fired, *done.skipped])
    rows = [(each, done.fired.get(each, 0), done.skipped.get(each, 0)) for each in names]
    app.show(Result(columns, rows), output_format)
    app.told_of_rules = True
    if done.change is not None:
        app.notice(f"This is change {done.change}; `scorecli undo` takes it back.")
    elif not dry_run:
        app.notice("Nothing was left to do.")


@examples("scorecli rules log", 'scorecli rules log "Long talks" --limit 20')
def log(
    ctx: typer.Context,
    name: SomeName = None,
    limit: options.Limit = None,
    offset: options.Offset = 0,
    output_format: options.Format = None,
    output: options.Output = None,
) -> None:
    """List what rules did and what was refused them, newest first."""
    from scorecli.cli.listing import row_limit
    from scorecli.reports.rules import rule_log

    app: App = ctx.obj
    with app.reader() as db:
        most = row_limit(limit, output_format, output)
        app.show(rule_log(db, app.settings, name, most, offset), output_format, output)


def _reader(app: App) -> Database:
    from pathlib import Path

    from scorecli.storage.database import open_in_memory

    # Rules stand in the settings, so that they can be listed before there is a database.
    return app.reader() if Path(app.database_path).exists() else open_in_memory()


def _record(
    db: Database,
    rule: Rule,
    call: str | None,
    contact: str | None,
    activity: int | None,
    region: str,
) -> int:
    """Return the number of the record that a rule is tried on.

    Raises :class:`OtherSubject` where another kind of record was named, and what refuses a name.
    """
    from scorecli.errors.rules import OtherSubject

    named = {"calls": call, "contacts": contact, "activities": activity}
    if [subject for subject, text in named.items() if text is not None] != [rule.subject]:
        options_of = {"calls": "--call", "contacts": "--contact", "activities": "--activity"}
        raise OtherSubject(rule.name, rule.event, options_of[rule.subject])
    if call is not None:
        from scorecli.storage.call_lookup import find_call

        return find_call(db, call)
    if contact is not None:
        from scorecli.storage.contact_lookup import find_contact

        return find_contact(db, contact, region)
    from scorecli.reports.activities import require_activity

    return require_activity(db, activity or 0)
