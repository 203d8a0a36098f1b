"""Failures of rules."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import Refused


class UnknownRule(Refused):
    """No rule of the settings has this name."""

    def __init__(self, name: str, nearest: Sequence[str]) -> None:
        super().__init__(
            f'There is no rule "{name}" in the settings.',
            f"Did you mean {' or '.join(nearest)}?"
            if nearest
            else "`scorecli rules list` lists them.",
        )


class RuleLoop(Refused):
    """Rules set each other off deeper than they may; the change was rolled back as a whole."""

    def __init__(self, names: Sequence[str], deepest: int) -> None:
        super().__init__(
            f"Rules set each other off more than {deepest} levels deep:"
            f" {', '.join(names)}. Nothing was changed.",
            "Let one of them hold for fewer records; `scorecli rules show NAME` prints a rule.",
        )


class OtherSubject(Refused):
    """A rule was tried on a record of another kind than its event has."""

    def __init__(self, name: str, event: str, option: str) -> None:
        super().__init__(
            f'The rule "{name}" is about the event {event}.', f"Name a record with {option}."
        )
