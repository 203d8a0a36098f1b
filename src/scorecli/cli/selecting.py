"""Filters and days on a command line: in the zone, currency and saved filters of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scorecli.domain.whole_filter import Filter

if TYPE_CHECKING:
    from datetime import date

    from scorecli.cli.context import App
    from scorecli.domain.filters import FilterContext


def filter_context(app: App) -> FilterContext:
    """Return what the text of a filter depends on."""
    from scorecli.domain.activity_points import points_form
    from scorecli.domain.filters import FilterContext

    settings = app.settings
    currency = settings.converted_amount.currency
    types = tuple(settings.contact_scores)
    points = points_form(settings).code
    return FilterContext(app.today, app.zone, currency, settings.filters, types, points)


def selected_calls(app: App, terms: Sequence[str] | None) -> Filter:
    """Return the filter over calls of arguments; see :func:`selected`."""
    return selected(app, terms, "calls")


def selected(app: App, terms: Sequence[str] | None, subject: str) -> Filter:
    """Return the filter of arguments, each of which is one term; raises BadFilter."""
    if not terms:
        return Filter(subject, ())
    from scorecli.domain.filters import parse_terms  # the grammar costs time at start

    return parse_terms(terms, subject, filter_context(app))


def where_filter(app: App, where: str, subject: str) -> Filter:
    """Return the filter of ``--where``; raises EmptyCondition, BadFilter."""
    from scorecli.domain.filters import parse_text
    from scorecli.errors.filters import EmptyCondition

    if not where.strip():
        raise EmptyCondition
    return parse_text(where, subject, filter_context(app))


def first_day(app: App, text: str | None) -> date | None:
    """Return the day that ``--since`` means, the first of a period; raises BadDay."""
    return None if text is None else _period(app, text)[0]


def last_day(app: App, text: str | None) -> date | None:
    """Return the day that ``--until`` means, the last of a period; raises BadDay."""
    return None if text is None else _period(app, text)[1]


def _period(app: App, text: str) -> tuple[date | None, date | None]:
    from datetime import timedelta

    from scorecli.domain.days import parse_day, parse_period

    if ".." in text:  # a range is no day; this refuses it and says what is one
        day = parse_day(text, app.today)
        return day, day
    start, end = parse_period(text, app.today)
    return start, None if end is None else end - timedelta(days=1)
