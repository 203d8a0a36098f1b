"""A filter as a condition of SQL, with every value as a parameter.

The rows of every subject have the alias ``c``. What each field of a subject is in the database
stands in a file of its own (``filter_calls``, ...); here is how the fields of one kind compare.

Every test is two-valued, never NULL, so that ``NOT`` is the exact opposite. The SQL selects the
same records as ``domain.filter_match`` lets pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from scorecli.domain.filter_tree import AmountRange, Check, Node, Not
from scorecli.domain.whole_filter import Filter

# Who writes the condition of a field, and what that needs to know.
Written = tuple["Callable[..., str]", *tuple[str, ...]]
_BACKSLASH = "\\"
_LARGEST = 2**63 - 1  # what SQLite holds; beyond it no amount can be


class Condition(NamedTuple):
    """A condition for WHERE, always in parentheses or atomic, and its named parameters."""

    sql: str
    params: dict[str, Any]


def to_sql(what: Filter, prefix: str = "f") -> Condition:
    """Return the condition under which a record (alias ``c``) passes the filter.

    ``prefix`` begins the names of the parameters; two filters in one statement need two. Removed
    records are not left out here. An empty filter gives ``1 = 1``.
    """
    if what.is_empty:
        return Condition("1 = 1", {})
    subject = import_module(f"scorecli.storage.filter_{what.subject}")
    writer = Writer(prefix, subject.FIELDS, subject.words)
    # The terms of the whole filter are joined flat, which is how the planner finds its indexes.
    return Condition(join(" AND ", [writer.node(term) for term in what.terms]), writer.params)


def join(word: str, parts: Sequence[str]) -> str:
    """Join conditions as a balanced tree: SQLite refuses expressions deeper than 1000."""
    if len(parts) <= 200:
        return parts[0] if len(parts) == 1 else f"({word.join(parts)})"
    middle = len(parts) // 2
    return f"({join(word, parts[:middle])}{word}{join(word, parts[middle:])})"


class Writer:
    """Writes conditions and collects their parameters."""

    def __init__(
        self,
        prefix: str,
        fields: Mapping[str, Written],
        words: Callable[[Writer, Check], str],
    ) -> None:
        self.prefix = prefix
        self._fields = fields
        self._words = words
        self.params: dict[str, Any] = {}

    def param(self, value: Any) -> str:
        """Add a parameter and return its name with the colon."""
        name = f"{self.prefix}{len(self.params) + 1}"
        self.params[name] = value
        return ":" + name

    def node(self, node: Node) -> str:
        """Return the condition of a part of the filter."""
        if isinstance(node, Not):
            return f"(NOT {self.node(node.part)})"
        if not isinstance(node, Check):
            word = " OR " if node.kind == "any" else " AND "
            return join(word, [self.node(part) for part in node.parts])
        if node.field.kind == "words":
            return self._words(self, node)
        write, *where = self._fields[node.field.name]
        return write(self, node, *where)

    def one_of(self, column: str, values: Sequence[Any]) -> str:
        """Return ``column = value`` or ``column IN (values)``."""
        if len(values) == 1:
            return f"{column} = {self.param(values[0])}"
        return f"{column} IN ({', '.join(self.param(value) for value in values)})"

    def holding(self, text: str, values: Sequence[str]) -> str:
        """Return the condition that the folded ``text`` holds any of the values."""
        return join(" OR ", [f"instr({text}, {self.param(value)}) > 0" for value in values])

    def folded(self, node: Check, column: str) -> str:
        """Return the condition of ``is`` or ``contains`` on a column of folded text."""
        if node.op == "is":
            return self.one_of(column, node.values)
        return self.holding(column, node.values)

    def searched(self, node: Check, *texts: str) -> str:
        """Return the condition of ``is`` or ``contains`` on any of the texts as they were written.

        ``fold`` is a function of Python and costs a microsecond or two a call, so that it only
        looks at texts that may pass: those that hold the longest word of the value, or letters
        beyond ASCII, whose case SQLite's LIKE does not know.
        """
        parts: list[str] = []
        for value in node.values:
            sought = self.param(value)
            word = self.param(_pattern(value))
            for text in texts:
                folded = f"fold({text})"
                test = (
                    f"{folded} = {sought}" if node.op == "is" else f"instr({folded}, {sought}) > 0"
                )
                parts.append(f"({_likely(text, word)} AND {test})")
        return f"({join(' OR ', parts)} IS TRUE)"  # a missing text made it NULL


def _pattern(value: str) -> str:
    """Return the pattern of LIKE for texts that hold the longest word of a folded value."""
    word = max(value.split(), key=len)[:100]  # SQLite refuses patterns of 50,000 bytes
    for special in "\\%_":
        word = word.replace(special, "\\" + special)
    return f"%{word}%"


def _likely(text: str, word: str) -> str:
    """Return a cheap condition that every text meets which is, or holds, the value."""
    beyond_ascii = f"length({text}) <> length(CAST({text} AS BLOB))"
    return f"({text} LIKE {word} ESCAPE '\\' OR {beyond_ascii})"


def number(writer: Writer, node: Check, column: str) -> str:
    """Numbers, and what else compares as it is stored: days, choices, codes, booleans."""
    if node.op == "empty":
        return f"{column} IS NULL"
    if node.op == "filled":
        return f"{column} IS NOT NULL"
    if node.op == "is":
        return f"({column} IS NOT NULL AND {writer.one_of(column, node.values)})"
    low, high = node.values
    if low is not None and low == high:
        return f"({column} IS NOT NULL AND {column} = {writer.param(low)})"
    parts = [f"{column} IS NOT NULL"]
    if low is not None:
        parts.append(f"{column} >= {writer.param(low)}")
    if high is not None:
        parts.append(f"{column} <= {writer.param(high)}")
    return f"({' AND '.join(parts)})"


def amount(writer: Writer, node: Check, column: str) -> str:
    """Amounts in minor units, the size of which depends on the currency of the row."""
    if node.op != "money":
        return number(writer, node, column)
    from scorecli.domain.money import odd_exponents

    bounds: AmountRange = node.values[0]
    odd = odd_exponents()
    limits = {exponent: bounds.bounds(exponent) for exponent in (2, *odd)}
    parts = [f"{column} IS NOT NULL"]
    for end, sign in ((0, ">="), (1, "<=")):
        if limits[2][end] is None:
            continue
        cases = [
            f"WHEN c.currency IN ({', '.join(writer.param(code) for code in codes)}) "
            f"THEN {writer.param(_held(limits[exponent][end]))}"
            for exponent, codes in odd.items()
        ]
        usual = writer.param(_held(limits[2][end]))
        parts.append(f"{column} {sign} CASE {' '.join(cases)} ELSE {usual} END")
    return f"({' AND '.join(parts)})"


def _held(bound: int | None) -> int:
    return min(bound or 0, _LARGEST)


def text(writer: Writer, node: Check, column: str) -> str:
    if node.op == "empty":
        return f"({column} IS NULL OR {column} = '')"
    if node.op == "filled":
        return f"({column} IS NOT NULL AND {column} <> '')"
    return writer.searched(node, column)


def digits(writer: Writer, node: Check, column: str) -> str:
    """Text that is its own folded form, so that an index on the column serves."""
    if node.op == "is":
        return f"({column} IS NOT NULL AND {writer.one_of(column, node.values)})"
    return text(writer, node, column)


def lookup(writer: Writer, node: Check, column: str, field: str) -> str:
    """A text of the dictionary: one search in it, whatever the number of calls."""
    return reference(
        writer, node, column, f"SELECT id FROM lookup WHERE field = '{field}' AND", "folded"
    )


def reference(writer: Writer, node: Check, column: str, select: str, folded: str) -> str:
    if node.op == "empty":
        return f"{column} IS NULL"
    if node.op == "filled":
        return f"{column} IS NOT NULL"
    return f"({column} IS NOT NULL AND {column} IN ({select} {writer.folded(node, folded)}))"


def tags(writer: Writer, node: Check, kind: str) -> str:
    if node.op in ("empty", "filled"):
        exists = "NOT EXISTS" if node.op == "empty" else "EXISTS"
        return (
            f"{exists} (SELECT 1 FROM call_tag AS ct JOIN tag AS t ON t.id = ct.tag_id"
            f" WHERE ct.call_id = c.id AND t.kind = '{kind}')"
        )
    return (
        "c.id IN (SELECT ct.call_id FROM tag AS t JOIN call_tag AS ct ON ct.tag_id = t.id"
        f" WHERE t.kind = '{kind}' AND {writer.folded(node, 't.folded')})"
    )


def columns(writer: Writer, node: Check, column: str) -> str:
    name = writer.param(node.column)
    value = "CAST(COALESCE(e.value, '') AS TEXT)"
    exists = "NOT EXISTS" if node.op == "empty" else "EXISTS"
    searched = node.op in ("is", "contains")
    holds = writer.searched(node, value) if searched else f"{value} <> ''"
    found = (
        f"{exists} (SELECT 1 FROM json_each({column}) AS e"
        f" WHERE e.key = {name} COLLATE NOCASE AND {holds})"
    )
    if not searched:
        return found
    # Reading JSON costs more than looking whether the value stands in its text at all; a
    # backslash there may hide it.
    hidden = f"instr({column}, {writer.param(_BACKSLASH)}) > 0"
    likely = [_likely(column, writer.param(_pattern(sought))) for sought in node.values]
    return f"({join(' OR ', [hidden, *likely])} IS TRUE AND {found})"
