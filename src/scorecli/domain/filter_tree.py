"""What a filter's terms are once understood: tests on fields, put together with all, any, not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from scorecli.domain.filter_fields import Field
from scorecli.domain.whole_filter import Filter


class Check(NamedTuple):
    """One question to one field.

    ``op`` and ``values``:

    - ``empty``, ``filled``: nothing
    - ``is``: any of the values (folded texts, choices, integers, booleans)
    - ``contains``: any of the values (folded texts) is a part
    - ``within``: lowest and highest, both included, either None when open
    - ``money``: an ``AmountRange``

    ``column`` names the column of an ``extra`` field and the type of a score, and says of points
    what adds up to them (the ``code`` of a ``PointsForm``). ``text`` is the value as a person would
    write it in a filter.
    """

    field: Field
    op: str
    values: tuple[Any, ...]
    text: str
    column: str = ""


class AmountRange(NamedTuple):
    """Bounds in minor units of a currency with ``exponent`` decimals.

    ``over`` and ``under`` say that the bound itself is left out.
    """

    low: int | None
    high: int | None
    over: bool
    under: bool
    exponent: int

    def bounds(self, exponent: int) -> tuple[int | None, int | None]:
        """Return the lowest and highest amount, both included, in minor units of ``exponent``."""
        low, high = self.low, self.high
        if low is not None:
            low = _scale(low, self.exponent, exponent, up=not self.over) + self.over
        if high is not None:
            high = _scale(high, self.exponent, exponent, up=self.under) - self.under
        return low, high


class Group(NamedTuple):
    """``all`` or ``any`` of the parts."""

    kind: str
    parts: tuple[Node, ...]


class Not(NamedTuple):
    """The exact opposite of the part."""

    part: Node


Node = Check | Group | Not


def gather(kind: str, parts: Iterable[Node]) -> Node:
    """Put parts together, without a group of one and without a group inside its own kind."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, Group) and part.kind == kind:
            flat.extend(part.parts)
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else Group(kind, tuple(flat))


def to_text(what: Filter) -> str:
    """Return the filter as canonical text, which ``parse_text`` reads as the same filter.

    Saved filters are written out and relative days are the days they meant.
    """
    return " ".join(term_text(term) for term in what.terms)


def term_text(node: Node) -> str:
    """Return one term as canonical text."""
    if isinstance(node, Check):
        if node.field.kind == "words":
            return node.text
        if node.field.kind == "columns":
            return f"{node.field.name}.{quoted(node.column)}:{node.text}"
        if node.field.kind == "scores" and node.column != node.field.name:
            return f"{node.field.name}.{node.column}:{node.text}"
        return f"{node.field.name}:{node.text}"
    if isinstance(node, Not):
        return "not:" + term_text(node.part)
    return f"{node.kind}:({' '.join(term_text(part) for part in node.parts)})"


def quoted(value: str) -> str:
    """Return a value in quotes where the grammar would read it as anything but itself."""
    plain = all(ch.isalnum() or ch in "_-./+&#" for ch in value)
    if plain and value and ".." not in value and value.casefold() not in ("none", "any"):
        return value
    return '"' + value.replace('"', '""') + '"'


def _scale(minor: int, have: int, want: int, *, up: bool) -> int:
    if want >= have:
        return int(minor * 10 ** (want - have))
    step = int(10 ** (have - want))
    return -(-minor // step) if up else minor // step
