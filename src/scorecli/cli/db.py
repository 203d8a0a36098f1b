"""`scorecli db`: looking after the database file."""

from __future__ import annotations

from typing import Annotated

import typer

from scorecli.cli.context import App
from scorecli.cli.diagnostics import REFUSED
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format
from scorecli.cli.words import plural


@examples("scorecli db info", "scorecli db info --format json")
def info(ctx: typer.Context, output_format: Format = None) -> None:
    """Show the database's size, format and how much it holds."""
    from scorecli.storage.maintenance import info as describe

    app: App = ctx.obj
    with app.reader() as db:
        app.show(describe(db, app.zone), output_format)


@examples("scorecli db check", "scorecli db check --format json")
def check(ctx: typer.Context, output_format: Format = None) -> None:
    """Look for damage, and for anything that does not add up.

    Nothing is changed. The exit code is 1 where something is wrong; every problem is listed.
    """
    from scorecli.storage.maintenance import find_problems, problems_result

    app: App = ctx.obj
    with app.reader() as db:
        problems = find_problems(db)
    if problems or output_format is not None:
        app.show(problems_result(problems), output_format)
    if problems:
        app.notice("Restore a backup, or save what is left with `scorecli calls export`.")
        raise typer.Exit(REFUSED)
    app.notice(f"{app.database_path} is in order.")


@examples("scorecli db backup calls-backup.db", "scorecli db backup calls-backup.db --force")
def backup(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite FILE.")] = False,
) -> None:
    """Copy the database to FILE, also while others write.

    The copy holds one moment of the database, is checked, and is readable by its owner only. FILE
    appears whole or not at all.
    """
    from scorecli.storage.backup import copy_database

    app: App = ctx.obj
    with app.reader() as db:
        size = copy_database(db.connection, db.path, file, force=force)
    app.notice(f"Backed up {app.database_path} to {file} ({size:,} bytes).")


@examples("scorecli db upgrade")
def upgrade(ctx: typer.Context) -> None:
    """Bring the database of an earlier scorecli up to date.

    A backup is made beside it first. Everything is kept; at any moment the file is the old one or
    the new one, whole.
    """
    from scorecli.storage.migrations import upgrade as bring_up_to_date

    app: App = ctx.obj
    done = bring_up_to_date(
        app.database_path, wait=app.patience, on_wait=app.say_who_holds_the_lock
    )
    if done.backup is None:
        app.notice(f"{app.database_path} is up to date (format {done.after}).")
    else:
        app.notice(
            f"Upgraded {app.database_path} from format {done.before} to {done.after}."
            f" The backup is {done.backup}."
        )


@examples("scorecli db renormalise --dry-run", "scorecli db renormalise")
def renormalise(ctx: typer.Context, dry_run: DryRun = False) -> None:
    """Normalise all stored numbers anew, after [phone] region changed.

    Numbers are normalised when they come in. What was written stays; the international form, by
    which calls link to contacts, records of lists are known and the do-not-call list compares,
    follows from the region that the settings have now. Nothing leaves the do-not-call list by it.
    """
    from scorecli.services.renormalising import renormalise as normalise_anew

    app: App = ctx.obj
    with app.writer(create=False) as db, app.progress("Normalising", "calls") as progress:
        done = normalise_anew(
            db,
            app.settings,
            author=app.author,
            dry_run=dry_run,
            progress=lambda rows, total: progress.update(rows, rows / total if total else None),
        )
    counted = [plural(done.calls, "call"), plural(done.contacts, "contact")]
    if done.records:
        counted.append(plural(done.records, "record"))
    if done.do_not_call:
        counted.append(plural(done.do_not_call, "do-not-call number"))
    would = "would have" if dry_run else "have"
    change = "" if done.change is None else f" (change {done.change}; `scorecli undo` reverts it)"
    app.notice(
        f"{', '.join(counted[:-1])} and {counted[-1]} {would} another normalised number{change}."
    )
