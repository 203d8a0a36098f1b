"""`scorecli tags list`: every tag with its calls and its last use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scorecli.cli import options
from scorecli.cli.lazy_group import examples

if TYPE_CHECKING:
    from scorecli.cli.context import App

Kind = Annotated[
    Literal["reporting", "call"],
    typer.Option("--kind", metavar="reporting|call", help="Which tags to list."),
]


@examples("scorecli tags list", "scorecli tags list --kind call --format json")
def list_(
    ctx: typer.Context,
    kind: Kind = "reporting",
    output_format: options.Format = None,
    output: options.Output = None,
) -> None:
    """List tags with their calls, last use, and whether they are allowed."""
    from scorecli.reports.tags import list_tags

    app: App = ctx.obj
    with app.reader() as db:
        app.show(list_tags(db, app.settings, kind), output_format, output)
