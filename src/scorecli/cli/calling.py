"""`scorecli campaigns queue`, `next` and `log`: working through a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli.campaigns import OneCampaign
from scorecli.cli.complete import record_filter_terms, stored
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Limit, Output

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.domain.scoring import ScoreEdit
    from scorecli.storage.filter_sql import Condition

RecordFilters = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILTER]...",
        help="Terms such as list:leads city:Leeds attempts:..3, all of which must hold.",
        show_default=False,
        autocompletion=record_filter_terms,
    ),
]


@examples(
    "scorecli campaigns queue Spring",
    "scorecli campaigns queue Spring list:leads attempts:..3 --limit 20",
)
def queue(
    ctx: typer.Context,
    campaign: OneCampaign,
    filters: RecordFilters = None,
    limit: Limit = None,
    output_format: Format = None,
    output: Output = None,
) -> None:
    """List who will be called next, in order.

    Callbacks that are due come first, then those who were never called, then those who are to be
    called again. Who is reserved, final or not to be called is left out, and so is everybody for
    whom it is outside the calling hours.
    """
    from itertools import islice

    from scorecli.cli.listing import row_limit
    from scorecli.reports.records import queue_rows
    from scorecli.services.calling import moment, open_campaign, why_nobody
    from scorecli.storage.queue import waiting

    app: App = ctx.obj
    also = _condition(app, filters)
    most = row_limit(limit, output_format, output)
    with app.reader() as db:
        known = open_campaign(db, campaign)
        at = moment(app.settings, app.now)
        found = waiting(db, known, at, also)
        first = list(islice(found, 1))
        rest = islice(found, None if most is None else max(most - 1, 0))
        listed = first[:most] if most is not None else first
        app.show(
            queue_rows(db, app.settings, (each for part in (listed, rest) for each in part)),
            output_format,
            output,
        )
        if not first:
            why = why_nobody(db, known, at, also)
            app.notice(f'Nobody is to be called in "{known.name}" now: {why}.')


@examples(
    "scorecli campaigns next Spring",
    "scorecli campaigns next Spring list:leads --reserve 30m --format json",
)
def next_(
    ctx: typer.Context,
    campaign: OneCampaign,
    filters: RecordFilters = None,
    reserve: Annotated[
        str,
        typer.Option("--reserve", metavar="TIME", help="For how long nobody else is given it."),
    ] = "10m",
    output_format: Format = None,
) -> None:
    """Show whom to call next, and reserve the record for a while.

    Two people who ask at once are never given the same record. It is free again when the time has
    passed, or when its call is logged.
    """
    from scorecli.reports.records import last_calls, show_record
    from scorecli.services.calling import present_next

    app: App = ctx.obj
    seconds = _reserve(reserve)
    also = _condition(app, filters)
    for_people = output_format in (None, "table", "markdown")
    with app.writer(create=False) as db:
        found = present_next(
            db, app.settings, campaign, who=app.who, now=app.now, reserve=seconds, also=also
        )
        shown = show_record(db, app.settings, found.record, now=app.now, for_people=for_people)
        app.show(shown, output_format)
        if for_people:
            calls = last_calls(db, app.settings, found.record)
            if calls.rows:
                app.show(calls, output_format)
    app.notice(f"Then: scorecli campaigns log {found.record} --result CODE")


@examples(
    "scorecli campaigns log 12 --result SALE --amount 250 --duration 4:10",
    'scorecli campaigns log 12 --result BACK --recall-at "tomorrow 10:00"',
)
def log(
    ctx: typer.Context,
    record: Annotated[
        int,
        typer.Argument(
            metavar="RECORD", help="Number of the record that was called.", show_default=False
        ),
    ],
    result: Annotated[
        list[str],
        typer.Option(
            "--result",
            metavar="CODE",
            help="Call result.",
            show_default=False,
            autocompletion=stored("result"),
        ),
    ],
    amount: Annotated[
        list[str] | None,
        typer.Option(
            "--amount",
            metavar="AMOUNT",
            help="Amount, in the settings' currency.",
            show_default=False,
        ),
    ] = None,
    converted: Annotated[
        bool,
        typer.Option(
            "--converted", help="Mark as converted, where a success does not do that by itself."
        ),
    ] = False,
    recall_at: Annotated[
        list[str] | None,
        typer.Option(
            "--recall-at",
            metavar="TIME",
            help="When to call again: 2026-11-03 14:30, tomorrow 9:00, +2h.",
            show_default=False,
        ),
    ] = None,
    note: Annotated[
        list[str] | None,
        typer.Option(
            "--note",
            metavar="TEXT|-",
            help="Note; - reads it from standard input.",
            show_default=False,
        ),
    ] = None,
    duration: Annotated[
        str | None,
        typer.Option("--duration", metavar="TIME", help="How long it took: 250, 4:10 or 4m 10s."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="When it began; by default it has just ended."),
    ] = None,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="STATUS", help="What the line did: answered, busy, ..."),
    ] = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Enter the call that was made to a record, with its result, and print the call's number."""
    from scorecli.cli.score_edit import read_edit
    from scorecli.services.call_logging import CallMade, log_call

    app: App = ctx.obj
    score: ScoreEdit = read_edit(
        app,
        {
            "result": result,
            "amount": amount,
            "converted": converted,
            "recall_at": recall_at,
            "note": note,
        },
    )
    given = {"duration": duration, "started_at": at, "status": status}
    facts = {name: text for name, text in given.items() if text is not None}
    shown = []

    with app.writer(create=False) as db:

        def inspect(call: int, _: int) -> None:
            if output_format is not None:
                from scorecli.reports.calls import calls_by_number

                shown.append(calls_by_number(db, app.settings, [call], single=True))

        call, change = log_call(
            db,
            app.settings,
            record,
            CallMade(facts, score),
            now=app.now,
            author=app.author,
            dry_run=dry_run,
            inspect=inspect,
        )
    if shown:
        app.show(shown[0], output_format)
    elif not dry_run:
        typer.echo(call)
    said = "would be entered" if dry_run else f"was entered as call {call} (change {change})"
    app.notice(f"The call to record {record} {said}.")


def _condition(app: App, filters: list[str] | None) -> Condition | None:
    if not filters:
        return None
    from scorecli.cli.selecting import filter_context
    from scorecli.domain.filters import parse_terms
    from scorecli.storage.filter_sql import to_sql

    return to_sql(parse_terms(filters, "records", filter_context(app)))


def _reserve(text: str) -> int:
    from scorecli.domain.delays import read_delay
    from scorecli.errors.campaigns import BadReserve

    try:
        seconds = read_delay(text)
    except ValueError:
        raise BadReserve(text) from None
    if seconds > 86_400:
        raise BadReserve(text)
    return seconds
