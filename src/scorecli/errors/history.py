"""Refusals to undo."""

from __future__ import annotations

from scorecli.errors import Refused


class NothingToUndo(Refused):
    """There is no change left that could be undone."""

    def __init__(self) -> None:
        super().__init__("There is nothing to undo.", "`scorecli history` lists all changes.")


class UnknownChange(Refused):
    """No change has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no change {number}.", "`scorecli history` lists all changes.")


class AlreadyUndone(Refused):
    """The change was undone before."""

    def __init__(self, number: int, undone_by: int) -> None:
        super().__init__(
            f"Change {number} was already undone, by change {undone_by}.",
            f"`scorecli undo {undone_by}` does it again.",
        )


class TouchedLater(Refused):
    """A later change wrote to the same fields, so the earlier one cannot be taken back alone."""

    def __init__(self, number: int, later: int, what: str) -> None:
        super().__init__(
            f"Change {number} cannot be undone: change {later} wrote to {what} after it.",
            f"Undo that one first: `scorecli undo {later}`.",
        )


class NotAsLeft(Refused):
    """The data is no longer as the change left it, without an entry in the history."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(
            f"Change {number} cannot be undone: {what} is no longer as that change left it.",
            "It was edited outside of scorecli; set the value you want by hand.",
        )


class LinkedSince(Refused):
    """A record cannot go, or come back, while others name it, or what it names is gone."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(
            f"Change {number} cannot be undone: {what} is named by another record now,"
            " or would name one that is gone.",
            "Undo the later change first; `scorecli history` lists them all.",
        )


class CallsReplaced(Refused):
    """Calls of an undone import are in the database again, under new numbers."""

    def __init__(self, number: int, gone: int) -> None:
        calls = "a call" if gone == 1 else f"{gone:,} calls"
        super().__init__(
            f"Change {number} cannot be undone: {calls} of it were imported again since.",
            "Import the file again: what is here by then stays, and the rest comes.",
        )


class RecordsReplaced(Refused):
    """Rows of an undone import are in the database again, with another import."""

    def __init__(self, number: int, entity: str, gone: int) -> None:
        one, several = _NOUNS[entity]
        rows = one if gone == 1 else f"{gone:,} {several}"
        super().__init__(
            f"Change {number} cannot be undone: {rows} of it came again with a later import.",
            "Undo that import first; `scorecli history` lists it. Or import the file again, which"
            " brings only what is missing.",
        )


_NOUNS = {
    "contact": ("a contact", "contacts"),
    "activity": ("an activity", "activities"),
    "contact_list": ("a contact list", "contact lists"),
    "list_record": ("a record", "records"),
}


class StillUsed(Refused):
    """A definition cannot go while calls, or ``users`` of another kind, use it.

    ``hidden`` says that what brought these is undone, and would need the definition to be done
    again.
    """

    def __init__(
        self,
        number: int,
        entity: str,
        name: str,
        count: int,
        users: str = "call",
        *,
        hidden: bool = False,
    ) -> None:
        use = f"1 {users} has" if count == 1 else f"{count:,} {users}s have"
        hint = "Undo what gave it to them first; `scorecli history` lists all changes."
        if hidden:
            use = f"1 {users} that was undone needs"
            if count > 1:
                use = f"{count:,} {users}s that were undone need"
            hint = f"They can be brought back while it stays; `scorecli {entity}s close` closes it."
        now = "" if hidden else " now"
        super().__init__(
            f'Change {number} cannot be undone: it made the {entity} "{name}", which {use}{now}.',
            hint,
        )


class NameTakenSince(Refused):
    """Undo would bring back a name that something else has by now."""

    def __init__(self, number: int, entity: str, name: str) -> None:
        super().__init__(
            f'Change {number} cannot be undone: there is another {entity} "{name}" by now.',
            f"Rename that {entity}, or undo what made it.",
        )
