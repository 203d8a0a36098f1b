"""What the options of `scorecli score` ask for, read into one edit."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scorecli import errors
from scorecli.domain.scoring import KEEP, ScoreEdit, check_edit

if TYPE_CHECKING:
    from scorecli.cli.context import App

_NONE = "none"


def read_edit(app: App, given: Mapping[str, Any], *, reads_calls: bool = False) -> ScoreEdit:
    """Return the edit that the options ask for; ``given`` has their values by the edit's names.

    Options with one value come as the list of all that were given. ``reads_calls`` says that
    standard input has the names of the calls, so that it cannot have the note. Raises what refuses
    a value, and what :func:`check_edit` raises for all of them together.
    """
    converted = True if given.get("converted") else None
    if given.get("not_converted"):
        if converted:
            raise errors.scoring.ContradictingOptions("--converted", "--not-converted")
        converted = False
    fields: dict[str, Any] = {"converted": converted, "remove": bool(given.get("remove"))}
    for name in ("tags", "untags", "call_tags", "uncall_tags"):
        fields[name] = tuple(given.get(name) or ())
    if reads_calls and "-" in (given.get("note") or ()):
        raise errors.command_line.StandardInputTwice
    readers: dict[str, Callable[[App, str], Any]] = {
        "stars": _stars,
        "amount": _amount,
        "converted_on": _day,
        "result": lambda _, text: text,
        "recall_at": _moment,
        "note": _note,
    }
    for name, read in readers.items():
        text = only_one(f"--{name.replace('_', '-')}", given.get(name))
        if text is None:
            fields[name] = KEEP
        elif text.strip().casefold() == _NONE:
            fields[name] = None
        else:
            fields[name] = read(app, text)
    edit = ScoreEdit(**fields)
    check_edit(edit, app.settings)
    return edit


def only_one(option: str, values: Sequence[str] | None) -> str | None:
    """Return the value of an option that can have one; raises :class:`ContradictingOptions`."""
    for other in (values or ())[1:]:
        if values and other != values[0]:
            raise errors.scoring.ContradictingOptions(f"{option} {values[0]}", f"{option} {other}")
    return values[0] if values else None


def standard_input() -> str:
    """Return all of standard input as text; raises :class:`StandardInputNotText`."""
    binary = getattr(sys.stdin, "buffer", None)
    if binary is None:  # a stand-in that holds text
        return sys.stdin.read()
    content: bytes = binary.read()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise errors.input.StandardInputNotText(error.start) from None


def _stars(app: App, text: str) -> int:  # noqa: ARG001
    plain = text.strip()
    if plain not in ("1", "2", "3", "4", "5"):
        raise errors.scoring.StarsOutOfRange(plain)
    return int(plain)


def _amount(app: App, text: str) -> int:
    from scorecli.domain.money import parse_typed_amount

    return parse_typed_amount(text, app.settings.converted_amount.currency)


def _day(app: App, text: str) -> str:
    from scorecli.domain.days import parse_day

    return parse_day(text, app.today).isoformat()


def _moment(app: App, text: str) -> int:
    from scorecli.domain.moments import read_moment

    return read_moment(text, app.zone, app.now)


def _note(app: App, text: str) -> str:  # noqa: ARG001
    from scorecli.domain.notes import check_note

    return check_note(standard_input() if text == "-" else text)
