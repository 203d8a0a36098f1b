"""Whether a record, held as a dict of canonical fields, passes a filter: what rules ask.

The record of a call has ``started_at`` in UTC seconds, ``amount`` in minor units of its
``currency``, tags as lists of texts, ``extra`` as a dict of texts; a missing key is a missing
value. That of a contact has ``scores`` as a dict by score type. The SQL of ``storage.filter_sql``
selects exactly the records that pass here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scorecli.domain.filter_fields import SUBJECTS, Subject
from scorecli.domain.filter_tree import AmountRange, Check, Group, Node, Not, term_text
from scorecli.domain.text import fold
from scorecli.domain.whole_filter import Filter

Record = Mapping[str, Any]


def matches(what: Filter, record: Record) -> bool:
    """Say whether the record passes the filter."""
    subject = SUBJECTS[what.subject]
    return all(_holds(term, record, subject) for term in what.terms)


def explain(what: Filter, record: Record) -> list[tuple[str, bool]]:
    """Return each term as text with whether it holds for the record."""
    subject = SUBJECTS[what.subject]
    return [(term_text(term), _holds(term, record, subject)) for term in what.terms]


def _holds(node: Node, record: Record, subject: Subject) -> bool:
    if isinstance(node, Not):
        return not _holds(node.part, record, subject)
    if isinstance(node, Group):
        one = any if node.kind == "any" else all
        return one(_holds(part, record, subject) for part in node.parts)
    if node.field.kind == "words":
        texts = [text for name in subject.words for text in _texts(record, name)]
    elif node.field.kind in ("text", "tags"):
        texts = _texts(record, node.field.record_key)
    elif node.field.kind == "columns":
        texts = _column(record, node)
    else:
        return _value_holds(node, record)
    return _texts_hold(node, texts)


def _texts(record: Record, key: str) -> list[str]:
    """Return the field's texts: none, one, or as many as there are tags."""
    value = record.get(key)
    if not value:
        return []
    return [value] if isinstance(value, str) else [str(text) for text in value]


def _column(record: Record, node: Check) -> list[str]:
    # Names of columns compare without case as SQLite's NOCASE does: the letters A to Z only.
    wanted = node.column.encode().lower()
    extra = record.get(node.field.record_key) or {}
    return [
        str(value)
        for name, value in extra.items()
        if name.encode().lower() == wanted and value not in (None, "")
    ]


def _texts_hold(node: Check, texts: list[str]) -> bool:
    if node.op == "empty":
        return not texts
    if node.op == "filled":
        return bool(texts)
    folded = [fold(text) for text in texts]
    if node.op == "is":
        return any(text in node.values for text in folded)
    return any(part in text for text in folded for part in node.values)


def _value_holds(node: Check, record: Record) -> bool:
    value = record.get(node.field.record_key)
    if node.field.kind == "scores":
        value = (value or {}).get(node.column)
    if node.field.kind == "boolean":
        value = int(bool(_scored(record) if node.field.name == "scored" else value))
    if node.op == "empty":
        return value is None
    if value is None:
        return False
    if node.op == "filled":
        return True
    if node.op == "is":
        return value in node.values
    if node.op == "money":
        return _amount_holds(node.values[0], value, record.get("currency"))
    low, high = node.values
    return (low is None or value >= low) and (high is None or value <= high)


def _scored(record: Record) -> bool:
    return bool(record.get("stars") or record.get("reporting_tags") or record.get("converted"))


def _amount_holds(bounds: AmountRange, value: int, currency: str | None) -> bool:
    from scorecli.domain.money import exponent

    low, high = bounds.bounds(exponent(currency or ""))
    return (low is None or value >= low) and (high is None or value <= high)
