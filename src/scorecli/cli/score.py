"""`scorecli score`: rating, tagging and converting calls."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecli.cli.context import App
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import (
    CallTagOption,
    DryRun,
    Format,
    ResultCode,
    TagOption,
    Where,
    Yes,
)
from scorecli.errors import NothingAsked, StandardInputTwice, WhichCalls

if TYPE_CHECKING:
    from scorecli.domain.scoring import ScoreEdit
    from scorecli.result import Result
    from scorecli.services.scoring import ScoringOutcome
    from scorecli.storage.database import Database

_NONE = "none"
Stars = Annotated[
    str | None, typer.Option("--stars", metavar="1..5|none", help="Set or remove the rating.")
]
Untag = Annotated[
    list[str] | None,
    typer.Option("--untag", metavar="TEXT", help="Remove a reporting tag.", show_default=False),
]
UncallTag = Annotated[
    list[str] | None,
    typer.Option("--uncall-tag", metavar="TEXT", help="Remove a call tag.", show_default=False),
]
Converted = Annotated[
    bool | None,
    typer.Option(
        "--converted/--not-converted",
        help="Mark as converted or not; turning it off keeps amount and date.",
        show_default=False,
    ),
]
Amount = Annotated[
    str | None,
    typer.Option("--amount", metavar="AMOUNT|none", help="Amount, in the settings' currency."),
]
ConvertedOn = Annotated[
    str | None,
    typer.Option("--converted-on", metavar="DAY|none", help="Day of the conversion."),
]
Note = Annotated[
    str | None,
    typer.Option("--note", metavar="TEXT|none|-", help="Note; - reads it from standard input."),
]


@examples(
    'scorecli score 12 --stars 4 --tag "wrong number"',
    "scorecli score 12 --converted --amount 250 --converted-on yesterday",
    "scorecli score --where 'source:google date:today' --tag checked --yes",
    "scorecli score --from scores.csv",
)
def score(  # noqa: PLR0913  # one parameter for each option
    ctx: typer.Context,
    calls: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CALL]...",
            help="Calls by id, external id or ext:ID; - reads them from standard input.",
            show_default=False,
        ),
    ] = None,
    stars: Stars = None,
    tag: TagOption = None,
    untag: Untag = None,
    call_tag: CallTagOption = None,
    uncall_tag: UncallTag = None,
    converted: Converted = None,
    amount: Amount = None,
    converted_on: ConvertedOn = None,
    note: Note = None,
    result: ResultCode = None,
    remove: Annotated[
        bool,
        typer.Option("--remove", help="Remove the score: stars, reporting tags, conversion."),
    ] = False,
    where: Where = None,
    from_file: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Score in bulk from a CSV file; - is stdin."),
    ] = None,
    rejects: Annotated[
        str | None,
        typer.Option("--rejects", metavar="FILE", help="With --from: file for bad rows."),
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
    edit = _edit(
        app,
        stars=stars,
        tags=tag,
        untags=untag,
        call_tags=call_tag,
        uncall_tags=uncall_tag,
        converted=converted,
        amount=amount,
        converted_on=converted_on,
        note=note,
        result=result,
        remove=remove,
    )
    if from_file is not None:
        from scorecli.cli.score_file import score_from_file

        if calls or where is not None or not edit.is_empty():
            raise WhichCalls("--from names the calls and what to set; give nothing else with it.")
        return score_from_file(app, from_file, rejects, output_format, dry_run=dry_run)
    if edit.is_empty():
        raise NothingAsked
    if (where is None) == (not calls):
        raise WhichCalls("Name the calls to score, or select them with --where FILTER.")
    if note == "-" and calls and "-" in calls:
        raise StandardInputTwice
    return _score(
        app,
        list(calls or ()),
        where,
        edit,
        output_format,
        keep_going=keep_going,
        dry_run=dry_run,
        yes=yes,
    )


def _score(
    app: App,
    texts: list[str],
    where: str | None,
    edit: ScoreEdit,
    output_format: str | None,
    *,
    keep_going: bool,
    dry_run: bool,
    yes: bool,
) -> int:
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.services.scoring import score_calls

    with app.writer(create=False) as db:
        refused = 0
        if where is not None:
            numbers = selected_calls(app, db, where)
            if len(numbers) > 1 and not dry_run:
                app.confirm(f"Score {len(numbers):,} calls?", yes=yes)
        else:
            numbers, refused = named_calls(app, db, texts, keep_going=keep_going)
        shown: list[Result] = []

        def inspect(done: list[int]) -> None:
            if output_format not in (None, "table"):
                from scorecli.reports.calls import calls_by_number

                single = where is None and len(texts) == 1 and texts != ["-"]
                shown.append(calls_by_number(db, app.settings, done, single=single))

        outcome = score_calls(
            db,
            app.settings,
            numbers,
            edit,
            command=app.command_line,
            who=app.who,
            today=app.today.isoformat(),
            dry_run=dry_run,
            keep_going=keep_going,
            inspect=inspect,
        )
    if shown:
        app.show(shown[0], output_format)
    else:
        _show_cells(app, outcome, dry_run=dry_run)
    _say_outcome(app, outcome, dry_run=dry_run, many=where is not None or len(numbers) > 1)
    refused += len(outcome.failures)
    return ROWS_REJECTED if refused else DONE


def named_calls(
    app: App, db: Database, texts: list[str], *, keep_going: bool = False
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


def selected_calls(app: App, db: Database, where: str) -> list[int]:
    """Return the numbers of all live calls that a filter's text selects."""
    from scorecli.cli.selecting import filter_context
    from scorecli.domain.filters import parse_text
    from scorecli.storage.filter_sql import to_sql

    condition = to_sql(parse_text(where, "calls", filter_context(app)))
    rows = db.rows(
        f"SELECT c.id FROM call AS c WHERE c.removed IS NULL AND {condition.sql} ORDER BY c.id",
        condition.params,
    )
    return [number for (number,) in rows]


def _read_names() -> list[str]:
    return [line.strip() for line in sys.stdin if line.strip()]


def _edit(app: App, **given: Any) -> ScoreEdit:
    from scorecli.domain.scoring import KEEP, ScoreEdit

    fields: dict[str, Any] = {
        "converted": given["converted"],
        "remove": given["remove"],
        **{
            name: tuple(given[name] or ())
            for name in ("tags", "untags", "call_tags", "uncall_tags")
        },
    }
    for name, read in (
        ("stars", _stars),
        ("amount", _amount),
        ("converted_on", _day),
        ("note", _note),
        ("result", lambda _, text: text),
    ):
        text = given[name]
        if text is None:
            fields[name] = KEEP
        elif text.strip().casefold() == _NONE:
            fields[name] = None
        else:
            fields[name] = read(app, text)
    return ScoreEdit(**fields)


def _stars(app: App, text: str) -> int:  # noqa: ARG001
    from scorecli.errors import StarsOutOfRange

    plain = text.strip()
    if plain not in ("1", "2", "3", "4", "5"):
        raise StarsOutOfRange(plain)
    return int(plain)


def _amount(app: App, text: str) -> int:
    from scorecli.domain.money import parse_typed_amount

    return parse_typed_amount(text, app.settings.converted_amount.currency)


def _day(app: App, text: str) -> str:
    from scorecli.domain.days import parse_day

    return parse_day(text, app.today).isoformat()


def _note(app: App, text: str) -> str | None:  # noqa: ARG001
    note = sys.stdin.read() if text == "-" else text
    return note.strip() or None


def _show_cells(app: App, outcome: ScoringOutcome, *, dry_run: bool) -> None:
    from scorecli.render.score_cell import score_text
    from scorecli.result import Column, Result

    style = app.style()
    label = app.settings.score.column_name
    if len(outcome.calls) == 1 and not dry_run:
        sys.stdout.write(score_text(outcome.calls[0].after, style) + "\n")
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
    app.show(Result(columns, rows))


def _say_outcome(app: App, outcome: ScoringOutcome, *, dry_run: bool, many: bool) -> None:
    for call, error in outcome.failures:
        app.notice(f"Left out call {call}: {error.message}")
    label = app.settings.converted_amount.field_name
    if outcome.orphans:
        from scorecli.domain.money import format_shown

        call, minor, currency = outcome.orphans[0]
        if len(outcome.orphans) == 1:
            amount = format_shown(minor, currency, ascii_only=app.style().ascii)
            app.notice(
                f"Call {call} is not converted any more, but its {label} of {amount} is still"
                f" there; `scorecli score {call} --amount none` clears it."
            )
        else:
            app.notice(
                f"{len(outcome.orphans):,} calls are not converted any more but keep their {label};"
                " `scorecli calls list @orphan-amounts` finds them, --amount none clears them."
            )
    if many or dry_run:
        would = "would change" if dry_run else "changed"
        change = f" (change {outcome.change})" if outcome.change else ""
        app.notice(f"{outcome.changed:,} {would}, {outcome.unchanged:,} unchanged{change}.")
