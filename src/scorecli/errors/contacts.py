"""Failures about contacts and companies."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import BadValue, Refused, WrongUsage


class BadContactValue(BadValue):
    """A value that a contact cannot have."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(f"{field} {value[:100]!r} {reason}.")
        self.field = field


class UnknownContact(Refused):
    """No live contact is what was named; ``hint`` says what there is instead, if anything."""

    def __init__(self, contact: str, hint: str | None = None) -> None:
        plain = contact.isprintable() and 0 < len(contact) <= 100 and not contact.isspace()
        super().__init__(
            f"There is no contact {contact if plain else repr(contact[:100])}.",
            hint or "`scorecli contacts list` shows the contacts.",
        )


class AmbiguousContact(Refused):
    """Several contacts are what was named; each candidate is (id, name, company or None)."""

    def __init__(self, contact: str, candidates: Sequence[tuple[int, str, str | None]]) -> None:
        shown = ", ".join(
            f"{number} ({name or 'no name'}{', ' + company if company else ''})"
            for number, name, company in candidates[:5]
        )
        more = f" and {len(candidates) - 5} more" if len(candidates) > 5 else ""
        super().__init__(
            f"{contact} could be any of {len(candidates)} contacts: {shown}{more}.",
            "Name one of them by its number.",
        )
        self.candidates = tuple(candidates)


class UnknownCompany(Refused):
    """No company is called so."""

    def __init__(self, company: str, near: Sequence[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'There is no company "{company}".{offer}',
            "`scorecli companies list` shows them; a company comes with its first contact.",
        )


class CompanyNameTaken(Refused):
    """A company is to be renamed to what another one is called."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(
            f'Company {number} is called "{name}" already.',
            "`scorecli contacts edit --where 'company:OLD' --company NEW` moves its contacts.",
        )


class ExternalIdTaken(Refused):
    """A contact is to have the external id that another one has."""

    def __init__(self, external_id: str, holder: int) -> None:
        super().__init__(
            f'Contact {holder} has the external id "{external_id}" already.',
            "An import finds a contact by it, so only one may have it;"
            f" `scorecli contacts show {holder}` shows which that is.",
        )


class NoContact(WrongUsage):
    """A contact was to be added of whom nothing is known."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing says who this contact is.", "Give a name, --phone, --email or --external-id."
        )


class MergedWithItself(WrongUsage):
    """A contact is to go into itself."""

    def __init__(self, contact: int) -> None:
        super().__init__(
            f"Contact {contact} cannot go into itself.",
            "Name the one that stays first, then others.",
        )


class ScoresDiffer(Refused):
    """Two contacts that are to be merged have different scores of one type."""

    def __init__(
        self, score_type: str, first: tuple[int, float], second: tuple[int, float]
    ) -> None:
        self.question = (
            f"{score_type} is {first[1]:g} on contact {first[0]}"
            f" and {second[1]:g} on contact {second[0]}"
        )
        super().__init__(
            f"{self.question}, and nothing says which counts.",
            "Pass --keep FIRST, --keep SECOND or --keep max.",
        )


class Erased(Refused):
    """An undo would bring back a contact that was erased for good."""

    def __init__(self, change: int, contact: int) -> None:
        super().__init__(
            f"Change {change} erased contact {contact} for good, which cannot be undone.",
            "`scorecli undo CHANGE` undoes another one; `scorecli history` lists them.",
        )
