"""Failures about campaigns, their lists and records."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import BadValue, Refused, WrongUsage, pasted


class UnknownCampaign(Refused):
    """No campaign is called so."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'There is no campaign "{name}".{offer}',
            "`scorecli campaigns list` shows them; `scorecli campaigns add NAME` adds one.",
        )


class CampaignExists(Refused):
    """A campaign of this name is defined already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f'There is a campaign "{name}" already.',
            f"`scorecli campaigns edit {pasted(name)}` changes it.",
        )


class CampaignNameFixed(Refused):
    """Calls name the campaign, and would not belong to it under another name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f'The campaign "{name}" keeps its name: there are calls that name it.',
            "Add another campaign, and close this one.",
        )


class CampaignClosed(Refused):
    """The campaign is closed, so nobody is called for it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f'The campaign "{name}" is closed.',
            f"`scorecli campaigns edit {pasted(name)} --open` opens it again.",
        )


class BadCampaign(WrongUsage):
    """A value that a campaign cannot have."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        end = "" if reason.endswith("?") else "."
        super().__init__(f"{field} {value!r} {reason}{end}")
        self.field = field


class BadHours(BadValue):
    """A text that names no calling hours."""

    def __init__(self, text: str, part: str) -> None:
        super().__init__(
            f"{text!r} names no calling hours: {part!r} is not understood.",
            "Write them as: Mon-Fri 09:00-18:00, Sat 10:00-14:00",
        )


class UnknownList(Refused):
    """No contact list is called so."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'There is no contact list "{name}".{offer}',
            "`scorecli campaigns show CAMPAIGN` shows the lists of a campaign.",
        )


class ListElsewhere(Refused):
    """A contact list of this name belongs to another campaign."""

    def __init__(self, name: str, campaign: str) -> None:
        super().__init__(
            f'The contact list "{name}" belongs to the campaign "{campaign}".',
            "Name another list with --list.",
        )


class UnknownRecord(Refused):
    """No list has a record of this number."""

    def __init__(self, record: str) -> None:
        super().__init__(
            f"There is no record {record}.",
            "`scorecli campaigns queue CAMPAIGN` shows records with their numbers.",
        )


class NotCalledYet(WrongUsage):
    """A call was to be logged that begins in the future."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--at {text!r} is still to come, so no call was made then.",
            "--at says when the call began, --recall-at when to call again.",
        )


class QueueEmpty(Refused):
    """Nobody is to be called in a campaign now."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f'Nobody is to be called in the campaign "{name}" now: {why}.')


class BadReserve(WrongUsage):
    """A time for which no record can be reserved."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--reserve {text!r} is no length of time up to a day.", "Write it as 10m or 1h."
        )
