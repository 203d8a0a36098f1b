"""`scorecli contacts score` and `history`: scores of contacts, by hand and in bulk."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from scorecli.cli import options
from scorecli.cli.contact_options import OneContact, Where, chosen_contacts
from scorecli.cli.lazy_group import examples
from scorecli.cli.options import DryRun, Format, Yes
from scorecli.cli.words import plural

if TYPE_CHECKING:
    from scorecli.cli.context import App
    from scorecli.domain.contact_scores import ScoreWish
    from scorecli.result import Result
    from scorecli.services.contact_scoring import ContactScoring

_EXAMPLE = "scorecli contacts score 12 80"


def score_types(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    """Complete the names of score types."""
    return [name for name in ctx.obj.settings.contact_scores if name.startswith(incomplete)]


ScoreType = Annotated[
    str | None,
    typer.Option(
        "--type",
        metavar="TYPE",
        help="Which score; by default the one called score.",
        autocompletion=score_types,
    ),
]


@examples(
    "scorecli contacts score 12 80",
    "scorecli contacts score 'Ann Lee' +5 --reason 'asked for a quote'",
    "scorecli contacts score --where 'source:fair' --type fit 7.5 --yes",
    "scorecli contacts score --from scores.csv",
)
def score(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CONTACT]... VALUE",
            help="Contacts by id, ext:ID, e-mail, number or name (- reads them from stdin), then"
            " the value: 80 sets it, +5 and -10 change it, =-10 sets one below 0, none takes it"
            " away.",
            show_default=False,
        ),
    ] = None,
    score_type: ScoreType = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why, for the history.")
    ] = None,
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
        bool, typer.Option("--keep-going", help="Leave out contacts that cannot take it.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    output_format: Format = None,
) -> int:
    """Set, raise or lower a score of contacts, or take it away.

    A value outside the range of its score is refused, and then nothing is written.
    """
    from scorecli.domain.contact_scores import parse_wish
    from scorecli.errors.command_line import OnlyWithFile, WhichContacts

    app: App = ctx.obj
    if from_file is not None:
        if words or where is not None or score_type is not None:
            raise WhichContacts(
                "--from names the contacts and their scores; give nothing else with it.",
                "scorecli contacts score --from scores.csv",
            )
        from scorecli.cli.contact_score_file import score_from_file

        return score_from_file(
            app, from_file, output_format, rejects=rejects, reason=reason, dry_run=dry_run
        )
    if rejects is not None:
        raise OnlyWithFile("--rejects")
    if not words or (len(words) == 1) == (where is None):
        raise WhichContacts(
            "Name the contacts, or select them with --where FILTER, and then the value.", _EXAMPLE
        )
    wish = parse_wish(words[-1])
    return _score(
        app,
        words[:-1],
        where,
        (score_type or "score", wish, reason),
        output_format,
        keep_going=keep_going,
        dry_run=dry_run,
        yes=yes,
    )


def _score(
    app: App,
    texts: list[str],
    where: str | None,
    what: tuple[str, ScoreWish, str | None],
    output_format: str | None,
    *,
    keep_going: bool,
    dry_run: bool,
    yes: bool,
) -> int:
    from scorecli.cli.diagnostics import DONE, ROWS_REJECTED
    from scorecli.domain.contact_scores import score_type
    from scorecli.services.contact_scoring import score_contacts

    type_name, wish, reason = what
    kind = score_type(app.settings, type_name)
    shown: list[Result] = []
    with app.writer(create=False) as db:
        numbers = chosen_contacts(app, db, texts or None, where, _EXAMPLE)
        if where is not None and len(numbers) > 1 and not dry_run:
            app.confirm(f"Score {plural(len(numbers), 'contact')}?", yes=yes)

        def inspect() -> None:
            if output_format not in (None, "table"):
                from scorecli.reports.contacts import contacts_by_number

                single = where is None and len(numbers) == 1
                shown.append(contacts_by_number(db, app.settings, numbers, single=single))

        done = score_contacts(
            db,
            app.settings,
            numbers,
            kind.name,
            wish,
            author=app.author,
            reason=reason,
            dry_run=dry_run,
            keep_going=keep_going,
            inspect=inspect,
        )
    if shown:
        app.show(shown[0], output_format)
    else:
        app.show(_before_and_after(app, kind.name, done))
    for _, error in done.failures:
        app.notice(f"Left out: {error.message}")
    would = "would change" if dry_run else "changed"
    change = "" if done.change is None else f" (change {done.change})"
    app.notice(f"{plural(done.changed, 'contact')} {would}, {done.unchanged:,} unchanged{change}.")
    return ROWS_REJECTED if done.failures else DONE


def _before_and_after(app: App, type_name: str, done: ContactScoring) -> Result:
    from scorecli.reports.contact_values import score_cell
    from scorecli.result import Column, Result

    kind = app.settings.contact_scores[type_name]
    columns = [
        Column("contact", "Contact", "integer"),
        Column("before", f"{kind.label} before", "decimal"),
        Column("after", f"{kind.label} after", "decimal"),
    ]
    rows = [
        [
            each.contact,
            *(
                None if value is None else score_cell(float(value), kind)
                for value in (each.before, each.after)
            ),
        ]
        for each in done.scores
    ]
    scored = done.changed + done.unchanged
    notices = []
    if len(rows) < scored:
        notices.append(f"The first {len(rows):,} of {plural(scored, 'contact')} are shown.")
    return Result(columns, rows, notices=notices)


@examples("scorecli contacts history 12", "scorecli contacts history 'Ann Lee' --type fit")
def history(
    ctx: typer.Context,
    contact: OneContact,
    score_type: ScoreType = None,
    output_format: Format = None,
    output: options.Output = None,
) -> None:
    """Show how the scores of one contact went, with who and why.

    The oldest comes first; the last value of each score is the one that holds now.
    """
    from scorecli.cli.listing import is_for_people
    from scorecli.domain.contact_scores import score_type as known_type
    from scorecli.render.sanitise import encodable, one_line
    from scorecli.reports.contact_score_history import score_history, trends
    from scorecli.storage.contact_lookup import find_contact

    app: App = ctx.obj
    wanted = None if score_type is None else known_type(app.settings, score_type).name
    for_people = is_for_people(output_format, output) and output is None
    with app.reader() as db:
        number = find_contact(db, contact, app.settings.phone.region)
        if for_people:
            style = app.style()
            for trend in trends(db, app.settings, number):
                if wanted in (None, trend.score_type):
                    line = trend.line(ascii_only=style.ascii)
                    text = one_line(f"{trend.label}: {line}")
                    sys.stdout.write(encodable(text, sys.stdout.encoding) + "\n")
        result = score_history(db, app.settings, number, wanted, for_people=for_people)
        app.show(result, output_format, output)
