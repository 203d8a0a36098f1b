"""Saved filters of a settings file, read as the commands would read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scorecli.domain.filter_fields import SUBJECTS
from scorecli.domain.filter_values import FilterContext
from scorecli.domain.filters import parse_text
from scorecli.errors.filters import BadFilter
from scorecli.settings.schema import Fault, shown


def context_to_check(
    saved: Mapping[str, str], currency: str, score_types: Iterable[str]
) -> FilterContext:
    """Return what filters are read with where only their form matters.

    Whatever the day is, a text that can be read can be read on every other day.
    """
    return FilterContext(
        datetime.now(UTC).date(), ZoneInfo("UTC"), currency, saved, tuple(score_types)
    )


def saved_filter_faults(saved: Mapping[str, str], context: FilterContext) -> list[Fault]:
    """Return what is wrong with the saved filters that fit nothing that can be filtered."""
    faults = []
    for name, text in saved.items():
        errors = [
            error for subject in SUBJECTS if (error := _error(text, subject, context)) is not None
        ]
        if len(errors) == len(SUBJECTS):
            said, *_ = str(errors[0]).splitlines()  # not the sign at its place
            *others, last = SUBJECTS
            allowed = f"a filter over {', '.join(others)} or {last}: {said.removesuffix('.')}"
            faults.append(Fault(("filters", name), shown(text), allowed))
    return faults


def _error(text: str, subject: str, context: FilterContext) -> BadFilter | None:
    try:
        parse_text(text, subject, context)
    except BadFilter as error:
        return error
    return None
