"""`scorecli tags rename`, `delete`, `allow`, `disallow`, `limit`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scorecli.cli.complete import stored
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, TagName, Yes
from scorecli.errors import pasted

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.services.tagging import TagOutcome
    from scorecli.settings.file import Written

Kind = Annotated[
    Literal["reporting", "call"],
    typer.Option("--kind", metavar="reporting|call", help="Which kind of tag it is."),
]
Names = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...",
        help="Reporting tags.",
        show_default=False,
        autocompletion=stored("reporting_tags"),
    ),
]


@examples('scorecli tags rename "wrong nr" "wrong number"', "scorecli tags rename vip VIP")
def rename(
    ctx: typer.Context,
    old: TagName,
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.", show_default=False)],
    kind: Kind = "reporting",
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Rename a tag on all calls; onto another tag, the two are merged, after asking."""
    from scorecli.services.tagging import find_tag, other_tag, rename_tag

    app: App = ctx.obj
    with app.writer(create=False) as db:
        tag = find_tag(db, app.settings, kind, old)
        other = other_tag(db, kind, tag, new)
        if other is not None and not dry_run:
            question = (
                f'Merge "{tag.name}" ({_calls(tag.calls)}) into "{other.name}"'
                f" ({_calls(other.calls)})?"
            )
            app.confirm(question, yes=yes)
        done = rename_tag(
            db,
            app.settings,
            kind,
            old,
            new,
            author=app.author,
            merge=other is not None,
            dry_run=dry_run,
        )
    what = "merged into" if done.merged else "renamed to"
    _tell(app, done, f'{what} "{done.into}"', output_format, dry_run=dry_run)
    if kind == "reporting":
        _say_still_allowed(app, done)


@examples("scorecli tags delete test", "scorecli tags delete test --kind call --yes")
def delete(
    ctx: typer.Context,
    name: TagName,
    kind: Kind = "reporting",
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> None:
    """Delete a tag: take it off all calls, after asking."""
    from scorecli.services.tagging import delete_tag, find_tag

    app: App = ctx.obj
    with app.writer(create=False) as db:
        tag = find_tag(db, app.settings, kind, name)
        if not dry_run:
            app.confirm(f'Delete "{tag.name}" and take it off {_calls(tag.calls)}?', yes=yes)
        done = delete_tag(
            db,
            app.settings,
            kind,
            name,
            author=app.author,
            dry_run=dry_run,
        )
    _tell(app, done, "deleted", output_format, dry_run=dry_run)
    if kind == "reporting":
        _say_still_allowed(app, done)


@examples('scorecli tags allow quote "wrong number"')
def allow(ctx: typer.Context, names: Names) -> None:
    """Add reporting tags to the list of allowed ones in the settings file."""
    from scorecli.settings.file import allow_tags

    app: App = ctx.obj
    done = allow_tags(app.settings.found, names, os.environ)
    _tell_list(app, done)
    if not app.settings.reporting_tags.limit:
        app.notice("The list limits nothing yet; `scorecli tags limit on` makes it hold.")


@examples("scorecli tags disallow quote")
def disallow(ctx: typer.Context, names: Names) -> None:
    """Take reporting tags off the list of allowed ones; calls keep theirs."""
    from scorecli.domain.text import fold
    from scorecli.settings.file import disallow_tags

    app: App = ctx.obj
    allowed = {fold(tag) for tag in app.settings.reporting_tags.allowed}
    for name in names:
        if fold(name) not in allowed:
            app.notice(f'"{name}" is not on the list.')
    _tell_list(app, disallow_tags(app.settings.found, names, os.environ))


@examples("scorecli tags limit on", "scorecli tags limit off")
def limit(
    ctx: typer.Context,
    switch: Annotated[
        Literal["on", "off"],
        typer.Argument(metavar="on|off", help="Whether only allowed tags can be given."),
    ],
) -> None:
    """Limit reporting tags to the allowed ones, or stop doing so; the list stays."""
    from scorecli.settings.file import set_tag_limit

    app: App = ctx.obj
    done = set_tag_limit(app.settings.found, switch == "on", os.environ)
    if not done.changed:
        app.notice(f"The limit is {switch} already; nothing was changed.")
    else:
        app.notice(f"The limit is {switch} now, in {done.file}.")
    if switch == "on" and not app.settings.reporting_tags.allowed:
        app.notice("No tag is allowed yet: `scorecli tags allow NAME...`.")


def _tell(
    app: App, done: TagOutcome, what: str, output_format: str | None, *, dry_run: bool
) -> None:
    if output_format is not None:
        from scorecli.result import Column, Result

        columns = [
            Column("name", "Tag"),
            Column("into", "Now"),
            Column("merged", "Merged", "boolean"),
            Column("calls", "Calls", "integer"),
            Column("change", "Change", "integer"),
        ]
        app.show(Result(columns, [done], single=True), output_format)
    if dry_run:
        app.notice(f'"{done.name}" ({_calls(done.calls)}) would be {what}.')
    elif done.change is None:
        app.notice(f'"{done.name}" is called that already; nothing was changed.')
    else:
        app.notice(
            f'"{done.name}" ({_calls(done.calls)}) was {what} (change {done.change});'
            f" `scorecli undo {done.change}` takes that back."
        )


def _tell_list(app: App, done: Written) -> None:
    if not done.changed:
        app.notice("The list is so already; nothing was changed.")
        return
    listed = ", ".join(done.value) or "none"
    app.notice(f"Allowed now: {listed} (in {done.file}).")


def _say_still_allowed(app: App, done: TagOutcome) -> None:
    from scorecli.domain.text import fold

    allowed = {fold(tag) for tag in app.settings.reporting_tags.allowed}
    gone = done.into is None or fold(done.into) != fold(done.name)
    if gone and fold(done.name) in allowed:
        app.notice(
            f'"{done.name}" is still on the list of allowed tags;'
            f" `scorecli tags disallow {pasted(done.name)}` takes it off."
        )


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count:,} calls"
