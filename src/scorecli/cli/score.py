"""`scorecli score`: rating, tagging and converting calls."""

# Annotations are real, not texts: Typer would evaluate each of them twice at every start.

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecli import errors
from scorecli.cli.complete import filter_terms, stored
from scorecli.cli.context import App
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import CallsOrWhere, CallTagOption, DryRun, Format, TagOption, Yes
from scorecli.cli.score_edit import only_one, read_edit, standard_input

if TYPE_CHECKING:
    from scorecli.domain.scoring import ScoreEdit
    from scorecli.result import Result
    from scorecli.services.scoring import ScoringOutcome
    from scorecli.storage.database import Database

Stars = Annotated[
    list[str] | None,
    typer.Option(
        "--stars", metavar="1..5|none", help="Set or remove the rating.", show_default=False
    ),
]
Untag = Annotated[
    list[str] | None,
    typer.Option("--untag", metavar="TEXT", help="Remove a reporting tag.", show_default=False),
]
UncallTag = Annotated[
    list[str] | None,
    typer.Option("--uncall-tag", metavar="TEXT", help="Remove a call tag.", show_default=False),
]
Amount = Annotated[
    list[str] | None,
    typer.Option(
        "--amount",
        metavar="AMOUNT|none",
        help="Amount, in the settings' currency.",
        show_default=False,
    ),
]
Converted = Annotated[
    bool, typer.Option("--converted", help="Mark as converted, today unless a day is given.")
]
ConvertedOn = Annotated[
    list[str] | None,
    typer.Option(
        "--converted-on", metavar="DAY|none", help="Day of the conversion.", show_default=False
    ),
]
Note = Annotated[
    list[str] | None,
    typer.Option(
        "--note",
        metavar="TEXT|none|-",
        help="Note; - reads it from standard input.",
        show_default=False,
    ),
]
ResultOption = Annotated[
    list[str] | None,
    typer.Option(
        "--result",
        metavar="CODE|none",
        help="Call result.",
        show_default=False,
        autocompletion=stored("result"),
    ),
]
RecallAt = Annotated[
    list[str] | None,
    typer.Option(
        "--recall-at",
        metavar="TIME|none",
        help="When to call again, with a result that recalls: 2026-11-03 14:30, +2h.",
        show_default=False,
    ),
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="FILTER",
        help="Score all calls that this filter selects.",
        show_default=False,
        autocompletion=filter_terms,
    ),
]


@examples(
    'scorecli score 12 --stars 4 --tag "wrong number"',
    "scorecli score 12 --converted --amount 250 --converted-on yesterday",
    "scorecli score --where 'source:google date:today' --tag checked --yes",
    "scorecli score --from scores.csv",
)
def score(
    ctx: typer.Context,
    calls: CallsOrWhere = None,
    stars: Stars = None,
    tag: TagOption = None,
    untag: Untag = None,
    call_tag: CallTagOption = None,
    uncall_tag: UncallTag = None,
    converted: Converted = False,
    not_converted: Annotated[
        bool,
        typer.Option("--not-converted", help="Mark as not converted; amount and day are kept."),
    ] = False,
    amount: Amount = None,
    converted_on: ConvertedOn = None,
    note: Note = None,
    result: ResultOption = None,
    recall_at: RecallAt = None,
    remove: Annotated[
        bool,
        typer.Option("--remove", help="Remove the score: stars, reporting tags, conversion."),
    ] = False,
    where: WhereOption = None,
    from_file: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Score in bulk from a CSV file; - is stdin."),
    ] = None,
    rejects: Annotated[
        str | None,
        typer.Option("--rejects", metavar="FILE", help="With --from: file for bad rows."),
    ] = None,
    decimal: Annotated[
        str | None,
        typer.Option("--decimal", metavar=".|,", help="With --from: decimal sign of amounts."),
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Leave out calls that cannot be scored.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> int:
    """Set the score of calls: stars, tags, conversion, amount, note, result.

    Only what is named changes. Several calls are scored together or not at all, and any change
    can be taken back with `scorecli undo`.
    """
    app: App = ctx.obj
    edit = read_edit(
        app,
        {
            "stars": stars,
            "tags": tag,
            "untags": untag,
            "call_tags": call_tag,
            "uncall_tags": uncall_tag,
            "converted": converted,
            "not_converted": not_converted,
            "amount": amount,
            "converted_on": converted_on,
            "note": note,
            "result": result,
            "recall_at": recall_at,
            "remove": remove,
        },
        reads_calls="-" in (calls or ()),
    )
    if from_file is not None:
        from scorecli.cli.score_file import score_from_file

        if calls or where or not edit.is_empty():
            raise errors.command_line.WhichCalls(
                "--from names the calls and what to set; give nothing else with it."
            )
        return score_from_file(
            app, from_file, output_format, rejects=rejects, decimal=decimal, dry_run=dry_run
        )
    for option, value in (("--rejects", rejects), ("--decimal", decimal)):
        if value is not None:
            raise errors.command_line.OnlyWithFile(option)
    if edit.is_empty():
        raise errors.scoring.NothingAsked
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


def score_as_asked(
    app: App,
    texts: list[str],
    where: str | None,
    edit: "ScoreEdit",
    output_format: str | None,
    *,
    keep_going: bool,
    dry_run: bool,
    yes: bool,
) -> int:
    """Apply an edit to the calls that were named or selected, show them, and return the exit code.

    Raises :class:`WhichCalls` where it is not one of the two, and what refuses the edit.
    """
    if (where is None) == (not texts):
        raise errors.command_line.WhichCalls(
            "Name the calls to score, or select them with --where FILTER."
        )
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.cli.selecting import where_filter
    from scorecli.services.scoring import score_calls
    from scorecli.storage.call_lookup import selected_calls

    chosen = None if where is None else where_filter(app, where, "calls")
    # One call that was named is shown by itself; what a script feeds in is always a list.
    single = where is None and len(texts) == 1 and texts != ["-"]
    with app.writer(create=False) as db:
        refused = 0
        if chosen is not None:
            numbers = selected_calls(db, chosen)
            if len(numbers) > 1 and not dry_run:
                app.confirm(f"Score {len(numbers):,} calls?", yes=yes)
        else:
            numbers, refused = named_calls(app, db, texts, keep_going=keep_going)
        shown: list[Result] = []

        def inspect(done: list[int]) -> None:
            if output_format not in (None, "table"):
                from scorecli.reports.calls import calls_by_number

                shown.append(calls_by_number(db, app.settings, done, single=single))

        outcome = score_calls(
            db,
            app.settings,
            numbers,
            edit,
            author=app.author,
            # Time zones take a while to load, and most scores need no day.
            today=app.today.isoformat() if edit.may_convert() else "",
            dry_run=dry_run,
            keep_going=keep_going,
            inspect=inspect,
        )
    if shown:
        app.show(shown[0], output_format)
    else:
        _show_cells(app, outcome, single=single, dry_run=dry_run)
    _say_outcome(app, outcome, dry_run=dry_run, count=not single or _is_beyond_the_cell(edit))
    refused += len(outcome.failures)
    return ROWS_REJECTED if refused else DONE


def named_calls(
    app: App, db: "Database", texts: list[str], *, keep_going: bool = False
) -> tuple[list[int], int]:
    """Return the numbers of named calls (``-`` reads more names) and how many were not found.

    Without ``keep_going`` the first that is not found is raised.
    """
    from scorecli.errors import Refused
    from scorecli.storage.call_lookup import find_calls

    wanted: list[str] = []
    for text in texts:
        wanted += _read_names() if text == "-" else [text]
    found = find_calls(db, wanted)
    numbers: dict[int, None] = {}
    refused = 0
    for text in wanted:
        call = found[text]
        if isinstance(call, Refused):
            if not keep_going:
                raise call
            refused += 1
            app.notice(f"Left out: {call.message}")
        else:
            numbers[call] = None
    return list(numbers), refused


def _read_names() -> list[str]:
    return [line.strip() for line in standard_input().split("\n") if line.strip()]


def _show_cells(app: App, outcome: "ScoringOutcome", *, single: bool, dry_run: bool) -> None:
    from scorecli.render.sanitise import encodable
    from scorecli.render.score_cell import score_text
    from scorecli.result import Column, Result

    label = app.settings.score.column_name
    if single and not dry_run:
        for call in outcome.calls:
            text = score_text(call.after, app.style())
            sys.stdout.write(encodable(text, sys.stdout.encoding) + "\n")
        return
    rows: list[tuple[Any, ...]]
    if dry_run:
        columns = [
            Column("call", "Call", "integer"),
            Column("before", f"{label} before", "score"),
            Column("after", f"{label} after", "score"),
        ]
        rows = list(outcome.calls)
    else:
        columns = [Column("call", "Call", "integer"), Column("score", label, "score")]
        rows = [(call.call, call.after) for call in outcome.calls]
    notices = []
    scored = outcome.changed + outcome.unchanged
    if len(rows) < scored:
        notices.append(
            f"The first {len(rows):,} of {scored:,} calls are shown; --format ndjson shows all."
        )
    app.show(Result(columns, rows, notices=notices))


def _is_beyond_the_cell(edit: "ScoreEdit") -> bool:
    """Tell whether an edit sets what the Score cell does not show, so that it must be said."""
    from scorecli.domain.scoring import KEEP

    hidden = edit.note is not KEEP or edit.result is not KEEP or edit.recall_at is not KEEP
    return hidden or bool(edit.call_tags or edit.uncall_tags)


def _say_outcome(app: App, outcome: "ScoringOutcome", *, dry_run: bool, count: bool) -> None:
    for call, error in outcome.failures:
        app.notice(f"Left out call {call}: {error.message}")
    say_orphans(app, outcome.orphans, dry_run=dry_run)
    if count or dry_run:
        calls = "1 call" if outcome.changed == 1 else f"{outcome.changed:,} calls"
        would = "would change" if dry_run else "changed"
        change = f" (change {outcome.change})" if outcome.change else ""
        app.notice(f"{calls} {would}, {outcome.unchanged:,} unchanged{change}.")


def say_orphans(app: App, orphans: list[tuple[int, int, str]], *, dry_run: bool) -> None:
    """Say of calls that stop being converted that their amounts are still there."""
    amount = app.settings.converted_amount
    if not orphans or not amount.enabled:
        return
    would = "would not be" if dry_run else "is not" if len(orphans) == 1 else "are not"
    if len(orphans) == 1:
        from scorecli.domain.money import format_shown

        call, minor, currency = orphans[0]
        shown = format_shown(minor, currency, ascii_only=app.style().ascii)
        app.notice(
            f"Call {call} {would} converted any more, but its {amount.field_name} of {shown} stays;"
            f" `scorecli score {call} --amount none` clears it."
        )
    else:
        app.notice(
            f"{len(orphans):,} calls {would} converted any more, but their {amount.field_name}"
            " stays; `scorecli score --where @orphan-amounts --amount none` clears it."
        )
