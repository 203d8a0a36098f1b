"""What a call result may be: its code, its status, and which flags go together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scorecli.domain.text import RESERVED_WORDS, fold, nearest

STATUSES: Final = (
    "Person",
    "No Answer",
    "Busy",
    "Operator Intercept",
    "Drop/Hang up",
    "Answer Machine",
    "Fax/Modem",
)
LONGEST: Final = 32
"""The most characters that a code may have."""
FLAGS: Final = (
    "final",
    "do_not_call",
    "recall",
    "no_contact",
    "contact",
    "presentation",
    "success",
    "require_amount",
)


def code_problems(code: str) -> list[str]:
    """Return what keeps a text, its blanks stripped and collapsed, from being a code."""
    if not code:
        return ["a code needs at least one character"]
    problems = []
    if len(code) > LONGEST:
        problems.append(f"a code has at most {LONGEST} characters, this one {len(code)}")
    if not code.isprintable():
        problems.append("a code holds no control characters")
    if fold(code) in RESERVED_WORDS:
        problems.append(f"the word {fold(code)} has a meaning of its own in filters and files")
    return problems


def find_status(text: str) -> str | None:
    """Return the status that a text names, ignoring case, or None."""
    return next((status for status in STATUSES if fold(status) == fold(text)), None)


def status_problem(text: str) -> str:
    """Say that a text is no status, and what is."""
    near = nearest(text, STATUSES)
    offer = f"did you mean {' or '.join(near)}?" if near else f"it is one of {', '.join(STATUSES)}"
    return f'"{text}" is no status; {offer}'


def completed_flags(
    flags: Mapping[str, bool], given: Mapping[str, bool | None]
) -> tuple[dict[str, bool], list[str]]:
    """Return the flags after what was ``given``, and every contradiction among them.

    A success and a presentation are a contact, so ``contact`` follows them unless it was given
    itself.
    """
    said = {name: value for name, value in given.items() if value is not None}
    found = {**dict.fromkeys(FLAGS, False), **flags, **said}
    problems = [
        f"a {name} is a contact, so it cannot be without one"
        for name in ("success", "presentation")
        if found[name] and said.get("contact") is False and not found["no_contact"]
    ]
    reached = [name for name in ("contact", "presentation", "success") if found[name]]
    if found["no_contact"] and reached:
        problems.append(f"where nobody was reached there is no {' and no '.join(reached)}")
    if found["success"] or found["presentation"]:
        found["contact"] = True
    if found["require_amount"] and not found["success"]:
        problems.append("only a success can require an amount")
    if found["recall"]:
        problems += [
            f"what {stops} is not called again, so it cannot recall"
            for flag, stops in (("final", "is final"), ("do_not_call", "must not be called"))
            if found[flag]
        ]
    return found, problems
