"""Refusals to score calls."""

from __future__ import annotations

from scorecli.errors import Refused, WrongUsage, pasted


class ContradictingOptions(WrongUsage):
    """Two options of one command cannot both be meant."""

    def __init__(self, option: str, other: str) -> None:
        super().__init__(f"{option} and {other} contradict each other.", "Give one of them.")


class StarsOutOfRange(WrongUsage):
    """A rating that is not one of the five."""

    def __init__(self, stars: object) -> None:
        super().__init__(f"'{stars}' is no rating.", "Stars are 1, 2, 3, 4, 5, or none.")


class FieldSwitchedOff(Refused):
    """The settings switch this part of the score off."""

    def __init__(self, label: str, table: str) -> None:
        super().__init__(
            f'"{label}" is switched off: [{table}] enabled = false in the settings.',
            f"`scorecli config set {table}.enabled true` switches it on; its data is still there.",
        )


class TagNotAllowed(Refused):
    """The list of reporting tags is limited and this one is not on it."""

    def __init__(self, tag: str, label: str, near: list[str], allowed: int) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'"{tag}" is not one of the {allowed} allowed values of "{label}".{offer}',
            f"`scorecli tags allow {pasted(tag)}` adds it; `scorecli tags list` shows them.",
        )


class AmountWithoutConversion(Refused):
    """An amount or a conversion day on a call that is not converted."""

    def __init__(
        self, field: str, call: str | None = None, *, switched_off: str | None = None
    ) -> None:
        which = f"Call {call}" if call else "The call"
        what = "an amount" if field == "amount" else "a conversion date"
        option = "--amount" if field == "amount" else "--converted-on"
        hint = f"Add --converted to mark it as converted, or use {option} none to clear it."
        if switched_off is not None:
            hint = f'"{switched_off}" is switched off: [conversion] enabled in the settings.'
        super().__init__(f"{which} is not converted, so it cannot take {what}.", hint)
        self.field = field


class NothingAsked(WrongUsage):
    """A scoring command that names nothing to set."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing to set was named.",
            "Give at least one of --stars, --tag, --converted, --amount, --note, --result,"
            " --remove; `scorecli score --help` lists them all.",
        )


class CallsDiffer(Refused):
    """A row names a call by number and by external id, and the two are not the same call."""

    def __init__(self, call: int, external_id: str | None, found: str) -> None:
        has = "no external id" if external_id is None else f"the external id {external_id}"
        super().__init__(
            f"Call {call} has {has}, not {found}.",
            "Take the column out that does not name calls of this database.",
        )
        self.field = "call"


class BadScoreFile(WrongUsage):
    """A file given to ``score --from`` lacks the columns it needs."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "A file of scores looks like: call,stars,reporting_tags")
