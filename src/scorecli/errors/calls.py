"""Failures about single calls: finding, adding and correcting them."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import Refused, WrongUsage


class UnknownCall(Refused):
    """No live call is what was named; ``hint`` says what there is instead, if anything."""

    def __init__(self, call: str, hint: str | None = None) -> None:
        plain = call.isprintable() and 0 < len(call) <= 100 and not call.isspace()
        super().__init__(
            f"There is no call {call if plain else repr(call[:100])}.",
            hint or "`scorecli calls list` shows the calls.",
        )
        self.call = call


class AmbiguousCall(Refused):
    """An external id belongs to several calls; each candidate is (id, system, start or None)."""

    def __init__(self, call: str, candidates: Sequence[tuple[int, str, str | None]]) -> None:
        shown = ", ".join(
            f"{number} ({system}{', ' + start if start else ''})"
            for number, system, start in candidates[:5]
        )
        more = f" and {len(candidates) - 5} more" if len(candidates) > 5 else ""
        super().__init__(
            f"{call} could be any of {len(candidates)} calls: {shown}{more}.",
            "Name one by its number, or the phone system with ext:SYSTEM:ID.",
        )
        self.candidates = tuple(candidates)


class NotAFact(WrongUsage):
    """A field of a call that cannot be written under its name."""

    def __init__(self, field: str, reason: str, hint: str) -> None:
        super().__init__(f"{field} {reason}.", hint)


class NotAnAssignment(WrongUsage):
    """``--set`` was given something else than ``FIELD=VALUE``."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--set {text!r} lacks an equals sign.",
            "Write --set FIELD=VALUE; --set FIELD= takes the value away.",
        )


class BadFact(WrongUsage):
    """A value that was typed for a call cannot be used."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class CallExists(Refused):
    """A call that was entered by hand is in the database already."""

    def __init__(self, call: int, by: str, deleted_by: int | None = None) -> None:
        if deleted_by is not None:
            super().__init__(
                f"Call {call} has the same {by}, and was deleted by change {deleted_by}.",
                f"`scorecli undo {deleted_by}` restores it.",
            )
            return
        super().__init__(
            f"Call {call} has the same {by} already.",
            f"`scorecli calls edit {call} --set FIELD=VALUE` changes it.",
        )


class NoFacts(WrongUsage):
    """A call was to be entered of which nothing is known."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing is known of this call.", "Say when it was, or who: --started-at, --number."
        )
