"""Failures about activities."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import BadValue, Refused, WrongUsage


class BadActivity(BadValue):
    """A value that an activity cannot have."""

    def __init__(self, field: str, value: str, reason: str, hint: str | None = None) -> None:
        super().__init__(f"{field} {value[:100]!r} {reason}.", hint)
        self.field = field


class UnknownActivity(Refused):
    """No live activity has that number."""

    def __init__(self, number: str, hint: str | None = None) -> None:
        super().__init__(
            f"There is no activity {number[:40]}.",
            hint or "`scorecli activities list` shows them with their numbers.",
        )


class PointsNotEditable(Refused):
    """The settings leave points to the type and to rules."""

    def __init__(self) -> None:
        super().__init__(
            "Points cannot be given by hand: [activities] editable_points = false in the settings.",
            "`scorecli config set activities.editable_points true` allows it.",
        )


class ActivitiesWithoutPoints(Refused):
    """The settings switch points off."""

    def __init__(self) -> None:
        super().__init__(
            "Points are switched off: [activities] scoring = false in the settings.",
            "`scorecli config set activities.scoring true` brings them back.",
        )


class WhoseActivity(WrongUsage):
    """An activity does not say, or says twice, whose it is."""

    def __init__(self) -> None:
        super().__init__(
            "An activity belongs to one contact or to one company.",
            "For example: scorecli activities add meeting --contact 12",
        )


class WhichActivities(WrongUsage):
    """A command does not say, or says twice, which activities it is about."""

    def __init__(self, example: str) -> None:
        super().__init__(
            "Name the activities by number, or select them with --where FILTER.",
            f"For example: {example}",
        )


class BadActivityFile(WrongUsage):
    """A file of activities lacks the columns it needs."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            "A file of activities looks like: type,contact,points,at,subject. --map FIELD=COLUMN"
            " takes a column of another name.",
        )


class UnknownActivityColumn(WrongUsage):
    """A column that activities do not have."""

    def __init__(self, name: str, near: Sequence[str], known: Sequence[str]) -> None:
        hint = f"Did you mean {' or '.join(near)}?" if near else f"Columns: {', '.join(known)}."
        super().__init__(f'"{name}" is not a column of activities.', hint)
