"""The facts of one call as a person types them, read by the same code as the rows of a file."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from scorecli.domain.call_words import DIRECTIONS, STATUSES
from scorecli.domain.text import nearest
from scorecli.errors.calls import BadFact, NotAFact, NotAnAssignment
from scorecli.readers.call_columns import FACTS, OWN_FIELDS, SCORES
from scorecli.readers.calls import CallReader, Columns
from scorecli.readers.cell_values import Doubt, ImportContext
from scorecli.readers.mapping import ColumnMap
from scorecli.readers.profiles import Profile
from scorecli.readers.rows import Batch
from scorecli.settings import Settings

_WORDS = {"direction": DIRECTIONS, "status": STATUSES}
_FOLLOWS = {
    "contact_number_e164": "it follows contact_number",
    "contact": "it follows from the contact's numbers",
    "user": "it follows from the agent",
    "user_id": "it follows from the agent",
}


def read_assignment(text: str) -> tuple[str, str | None]:
    """Split ``FIELD=VALUE``; ``FIELD=`` gives None, which clears the field.

    Raises :class:`NotAnAssignment`, and :class:`NotAFact` as :func:`require_fact` does.
    """
    field, equals, value = text.partition("=")
    if not equals:
        raise NotAnAssignment(text)
    field = field.strip().lower()
    require_fact(field)
    return field, value.strip() or None


def require_fact(field: str) -> None:
    """Raise :class:`NotAFact` for a field that no person writes by its name."""
    if field in FACTS:
        return
    if field in SCORES:
        raise NotAFact(field, "is part of the score", "`scorecli score CALL` sets it.")
    if field in OWN_FIELDS:
        reason = _FOLLOWS.get(field, "scorecli gives it")
        raise NotAFact(field, f"cannot be written: {reason}", f"Facts: {', '.join(FACTS)}.")
    near = " or ".join(nearest(field, FACTS))
    offer = f"Did you mean {near}?" if near else f"Facts: {', '.join(FACTS)}."
    raise NotAFact(field, "is no field of a call", offer)


def read_facts(texts: Mapping[str, str], settings: Settings, zone: ZoneInfo, now: int) -> Columns:
    """Return the columns of the one call that ``texts`` describe, identity included.

    ``zone`` is that of times without an offset, ``now`` (UTC seconds) what the word now means.
    Raises :class:`BadFact`.
    """
    fields = tuple(texts)
    _refuse_unknown_words(texts)
    given = dict(texts)
    if given.get("started_at", "").strip().casefold() == "now":
        given["started_at"] = str(now)
    # A file seldom has its system in a column, so that is no part of what makes two rows the same.
    compared = sorted(field for field in fields if field != "system")
    mapping = ColumnMap(
        header=fields,
        fields={field: (position,) for position, field in enumerate(fields)},
        constants={},
        unmapped=(),
        key=(),
        identity=tuple(fields.index(field) for field in compared),
    )
    context = ImportContext(settings=settings, profile=Profile("typed"), file_zone=zone)
    row = [given[field].strip() for field in fields]
    try:
        parsed = CallReader(mapping, context).read(Batch([1], [row], [], list(fields)))
    except Doubt as doubt:
        raise BadFact(f"{doubt.text!r} may mean two days; write it as 2026-11-03 14:30.") from None
    if parsed.problems:
        problem = parsed.problems[0]
        raise BadFact(f"{problem.field}: {problem.error}.")
    return parsed.columns


def _refuse_unknown_words(texts: Mapping[str, str]) -> None:
    # A file may bring words of its own, which stay in ``extra``; a person is asked again.
    for field, known in _WORDS.items():
        word = texts.get(field, "").strip().casefold()
        if word and word not in known:
            choices = ", ".join(dict.fromkeys(known.values()))
            raise BadFact(f"{field}: {texts[field]!r} is none of {choices}.")
