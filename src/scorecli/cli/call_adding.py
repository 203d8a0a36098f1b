"""`scorecli calls add`: entering one call by hand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecli.cli.complete import stored
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import CallTagOption, DryRun, Format, TagOption

if TYPE_CHECKING:
    from scorecli.cli.context import App


def _text(*names: str, metavar: str = "TEXT", says: str, field: str = "") -> Any:
    completion: dict[str, Any] = {"autocompletion": stored(field)} if field else {}
    return typer.Option(*names, metavar=metavar, help=says, show_default=False, **completion)


@examples(
    "scorecli calls add --started-at now --number 212-555-0123 --source google",
    "scorecli calls add --started-at '2026-11-03 14:05' --name 'Ann Lee' --duration 3:20"
    " --stars 4 --converted --amount 250",
)
def add(
    ctx: typer.Context,
    started_at: Annotated[
        str | None,
        _text("--started-at", metavar="TIME", says="Start: now, 2026-11-03 14:05, ..."),
    ] = None,
    contact_number: Annotated[
        str | None,
        _text("--number", "--contact-number", metavar="NUMBER", says="The other party's number."),
    ] = None,
    contact_name: Annotated[
        str | None, _text("--name", "--contact-name", says="The other party's name.")
    ] = None,
    direction: Annotated[
        str | None,
        _text("--direction", metavar="DIRECTION", says="inbound, outbound or internal."),
    ] = None,
    status: Annotated[
        str | None, _text("--status", metavar="STATUS", says="What the line did: answered, ...")
    ] = None,
    duration: Annotated[
        str | None,
        _text("--duration", metavar="TIME", says="How long it was: seconds, 3:20 or 3m 20s."),
    ] = None,
    talk_time: Annotated[
        str | None, _text("--talk-time", metavar="TIME", says="Of that, how long they talked.")
    ] = None,
    wait_time: Annotated[
        str | None, _text("--wait-time", metavar="TIME", says="How long the caller waited.")
    ] = None,
    tracking_number: Annotated[
        str | None,
        _text("--tracking-number", metavar="NUMBER", says="Own number that was called or shown."),
    ] = None,
    source: Annotated[
        str | None, _text("--source", says="Marketing source.", field="source")
    ] = None,
    medium: Annotated[
        str | None, _text("--medium", says="Marketing medium.", field="medium")
    ] = None,
    campaign: Annotated[str | None, _text("--campaign", says="Campaign.", field="campaign")] = None,
    contact_list: Annotated[str | None, _text("--list", says="Contact list.", field="list")] = None,
    agent: Annotated[str | None, _text("--agent", says="Who handled it.", field="agent")] = None,
    account: Annotated[
        str | None, _text("--account", says="Account or company.", field="account")
    ] = None,
    termination: Annotated[
        str | None, _text("--termination", says="How it ended.", field="termination")
    ] = None,
    recording_url: Annotated[
        str | None, _text("--recording-url", metavar="URL", says="Where a recording is.")
    ] = None,
    external_id: Annotated[
        str | None, _text("--external-id", metavar="ID", says="The phone system's own id.")
    ] = None,
    system: Annotated[
        str | None, _text("--system", says="Phone system; manual unless named.", field="system")
    ] = None,
    stars: Annotated[list[str] | None, _text("--stars", metavar="1..5", says="Rating.")] = None,
    tag: TagOption = None,
    call_tag: CallTagOption = None,
    converted: Annotated[
        bool,
        typer.Option("--converted", help="Mark as converted, on the call's day unless named."),
    ] = False,
    amount: Annotated[
        list[str] | None,
        _text("--amount", metavar="AMOUNT", says="Amount, in the settings' currency."),
    ] = None,
    converted_on: Annotated[
        list[str] | None, _text("--converted-on", metavar="DAY", says="Day of the conversion.")
    ] = None,
    note: Annotated[
        list[str] | None,
        _text("--note", metavar="TEXT|-", says="Note; - reads it from standard input."),
    ] = None,
    result: Annotated[
        list[str] | None, _text("--result", metavar="CODE", says="Call result.", field="result")
    ] = None,
    recall_at: Annotated[
        list[str] | None, _text("--recall-at", metavar="TIME", says="When to call again.")
    ] = None,
    dry_run: DryRun = False,
    output_format: Format = None,
) -> None:
    """Enter one call by hand, and print its number.

    Every value is read as an import reads it, and an import that brings this call too meets it.
    """
    from scorecli.cli.score_edit import read_edit
    from scorecli.services.call_editing import add_call

    app: App = ctx.obj
    facts = {
        "started_at": started_at,
        "contact_number": contact_number,
        "contact_name": contact_name,
        "direction": direction,
        "status": status,
        "duration": duration,
        "talk_time": talk_time,
        "wait_time": wait_time,
        "tracking_number": tracking_number,
        "source": source,
        "medium": medium,
        "campaign": campaign,
        "list": contact_list,
        "agent": agent,
        "account": account,
        "termination": termination,
        "recording_url": recording_url,
        "external_id": external_id,
        "system": system,
    }
    edit = read_edit(
        app,
        {
            "stars": stars,
            "tags": tag,
            "call_tags": call_tag,
            "converted": converted,
            "amount": amount,
            "converted_on": converted_on,
            "note": note,
            "result": result,
            "recall_at": recall_at,
        },
    )
    shown: list[Any] = []
    with app.scratch_writer() if dry_run else app.writer() as db:

        def inspect(call: int, _: int) -> None:
            if output_format is not None or dry_run:
                from scorecli.reports.calls import calls_by_number

                shown.append(calls_by_number(db, app.settings, [call], single=True))

        call, change = add_call(
            db,
            app.settings,
            {field: text for field, text in facts.items() if text is not None},
            edit,
            now=app.now,
            author=app.author,
            dry_run=dry_run,
            inspect=inspect,
        )
    if shown:
        app.show(shown[0], output_format)
    else:
        sys.stdout.write(f"{call}\n")
    if dry_run:
        app.notice("This call would be entered.")
    else:
        app.notice(f"Entered call {call} (change {change}).")
