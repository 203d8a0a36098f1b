"""`scorecli results apply`: giving a result to calls, which `scorecli score --result` does too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli.complete import stored
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Yes
from scorecli.cli.score import Amount, Note, RecallAt, WhereOption

if TYPE_CHECKING:
    from scorecli.cli.context import App


@examples(
    "scorecli results apply SALE 12 --amount 250",
    "scorecli results apply CALLBK 12 13 --recall-at 'tomorrow 9:30'",
    "scorecli results apply NA --where 'status:no_answer result:none' --yes",
)
def apply(
    ctx: typer.Context,
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            help="Code of the result; none takes it away.",
            show_default=False,
            autocompletion=stored("result"),
        ),
    ],
    calls: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CALL]...",
            help="Calls by id, external id or ext:ID; - reads them from standard input.",
            show_default=False,
        ),
    ] = None,
    amount: Amount = None,
    converted: Annotated[
        bool,
        typer.Option(
            "--converted", help="Mark as converted, where a success does not do that by itself."
        ),
    ] = False,
    recall_at: RecallAt = None,
    note: Note = None,
    where: WhereOption = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Leave out calls that cannot be given it.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> int:
    """Give a result to calls; a success marks them converted.

    What another result brought about is taken back. Several calls are given it together or not at
    all.
    """
    from scorecli.cli.score import score_as_asked
    from scorecli.cli.score_edit import only_one, read_edit

    app: App = ctx.obj
    given = {
        "result": [code],
        "amount": amount,
        "converted": converted,
        "recall_at": recall_at,
        "note": note,
    }
    edit = read_edit(app, given, reads_calls="-" in (calls or ()))
    return score_as_asked(
        app,
        list(calls or ()),
        only_one("--where", where),
        edit,
        output_format,
        keep_going=keep_going,
        dry_run=dry_run,
        yes=yes,
    )
