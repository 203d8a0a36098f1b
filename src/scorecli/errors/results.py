"""Failures about call results."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import Refused, WrongUsage, pasted


class UnknownResult(Refused):
    """Nobody defined a call result with this code."""

    def __init__(self, code: str, near: list[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'There is no call result "{code}".{offer}',
            f"`scorecli results add {pasted(code)}` defines it.",
        )


class ResultDisabled(Refused):
    """The call result is defined but not enabled."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f'The call result "{code}" is disabled.', f"`scorecli results enable {pasted(code)}`."
        )


class ResultNeedsAmount(Refused):
    """The call result requires an amount above zero."""

    def __init__(self, code: str, call: str | None = None) -> None:
        lacking = f", which call {call} lacks" if call else ""
        super().__init__(
            f'The call result "{code}" requires an amount above 0{lacking}.',
            "Give it with --amount.",
        )


class ResultNotOfCampaign(Refused):
    """The call belongs to a defined campaign that the call result may not be used in."""

    def __init__(
        self, code: str, campaign: str, allowed: Sequence[str], call: str | None = None
    ) -> None:
        of_call = f" of call {call}" if call else ""
        super().__init__(
            f'The call result "{code}" is not for the campaign "{campaign}"{of_call},'
            f" but for {', '.join(allowed)}.",
            "`scorecli results edit CODE --campaign NAME` says which campaigns it is for.",
        )


class RecallNotMeant(Refused):
    """A time to call again was given with a call result that does not say so."""

    def __init__(self, code: str | None, call: str | None = None) -> None:
        who = f"Call {call}" if call else "The call"
        result = f'the result "{code}", which does not call again' if code else "no result"
        super().__init__(
            f"{who} has {result}, so it takes no time to call again.",
            "Give it a result that recalls: `scorecli results list` shows which do.",
        )


class ResultGone(Refused):
    """Undo would give a call a result that is no longer defined."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f'The call result "{code}" is no longer defined, so no call can have it again.',
            f"Define it first: `scorecli results add {pasted(code)}`.",
        )


class BadResult(WrongUsage):
    """A call result is defined in a way that cannot be; all that is wrong is named."""

    def __init__(self, code: str, problems: Sequence[str]) -> None:
        super().__init__(
            f'The call result "{code}" cannot be so: {"; ".join(problems)}.',
            "Nothing was changed; `scorecli results add --help` explains the options.",
        )
        self.problems = tuple(problems)


class ResultExists(Refused):
    """A call result with this code is defined already."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f'There is a call result "{code}" already.',
            f"`scorecli results edit {pasted(code)}` changes it.",
        )


class ResultCodeFixed(Refused):
    """The code of a result that was given to a call is written in the history and stays."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f'The code "{code}" is fixed, since calls had this result.',
            "Define another one with `scorecli results add`, and disable this one.",
        )


class BadResultSet(WrongUsage):
    """A file with a set of results cannot be used; all its ``problems`` are listed."""

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        super().__init__(
            "\n".join(f"{file}: {problem}" for problem in problems),
            "Nothing was changed; `scorecli results export` shows what a set looks like.",
        )
        self.problems = tuple(problems)


class UnknownResultSet(Refused):
    """No set of results of this name comes with scorecli."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f'There is no set of results "{name}".', f"Sets: {', '.join(known)}.")
