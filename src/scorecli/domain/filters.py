"""The filter language: from arguments or one text to a ``Filter`` over calls (or another subject).

    from scorecli.domain.filters import FilterContext, parse_terms, parse_text

An argument of the command line is one term and runs to its end, blanks included, since the shell
has taken the quotes away; a text (``--where``, the settings) is cut at blanks outside quotes and
parentheses. Whatever cannot be understood raises a ``BadFilter`` that points at the place.
"""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.domain.filter_fields import (
    ANYWHERE,
    RESERVED,
    SUBJECTS,
    Field,
    Subject,
    field_names,
    find_field,
)
from scorecli.domain.filter_tokens import (
    QUOTE_HINT,
    check_characters,
    find_colon,
    mask_quotes,
    read_quoted,
    split_items,
    split_terms,
    trim,
)
from scorecli.domain.filter_tree import Check, Group, Node, Not, gather, quoted, term_text, to_text
from scorecli.domain.filter_values import FilterContext, Place, read_values
from scorecli.domain.text import fold, nearest
from scorecli.domain.whole_filter import Filter
from scorecli.errors.filters import (
    BadFilter,
    BadFilterGroup,
    BadFilterValue,
    FilterLoop,
    MissingFilterQuote,
    StrayFilterQuote,
    UnknownFilterField,
    UnknownSavedFilter,
)

__all__ = [
    "Filter",
    "FilterContext",
    "combine",
    "field_names",
    "parse_terms",
    "parse_text",
    "term_text",
    "to_text",
]

_DEEPEST = 40  # parentheses, not: and saved filters inside each other


def parse_terms(args: Sequence[str], subject: str, context: FilterContext) -> Filter:
    """Return the filter of command line arguments, each of which is one term.

    Raises ``BadFilter`` (wrong usage) for whatever cannot be understood.
    """
    reader = _Reader(SUBJECTS[subject], context)
    nodes: list[Node] = []
    for arg in args:
        check_characters(arg)
        start, end = trim(arg, 0, len(arg))
        if start < end:
            nodes.append(reader.term(arg, start, end, 0))
    return _filter(subject, nodes)


def parse_text(text: str, subject: str, context: FilterContext) -> Filter:
    """Return the filter of one text with terms between blanks.

    Raises ``BadFilter`` (wrong usage) for whatever cannot be understood.
    """
    check_characters(text)
    return _filter(subject, _Reader(SUBJECTS[subject], context).terms(text, 0, len(text), 0))


def combine(*filters: Filter) -> Filter:
    """Return the filter that holds where all of the given ones hold; they share a subject."""
    return Filter(filters[0].subject, tuple(term for one in filters for term in one.terms))


def _filter(subject: str, nodes: Sequence[Node]) -> Filter:
    if not nodes:
        return Filter(subject, ())
    whole = gather("all", nodes)
    if isinstance(whole, Group) and whole.kind == "all":
        return Filter(subject, whole.parts)
    return Filter(subject, (whole,))


class _Reader:
    """Reads terms of one subject; remembers which saved filters it is inside."""

    def __init__(self, subject: Subject, context: FilterContext) -> None:
        self.subject = subject
        self.context = context
        self.inside: list[str] = []

    def terms(self, source: str, start: int, end: int, depth: int) -> list[Node]:
        """Read terms between blanks."""
        return [self.term(source, *at, depth) for at in split_terms(source, start, end)]

    def term(self, source: str, start: int, end: int, depth: int) -> Node:
        """Read the one term that fills the bounds."""
        if depth > _DEEPEST:
            raise BadFilterGroup("This filter nests too deep.", source, start)
        if source[start] == "@":
            return self._saved(source, start, end, depth)
        colon = find_colon(source, start, end)
        if colon < 0:
            return self._word(source, start, end)
        name = source[start:colon].strip().lower()
        first, _ = trim(source, colon + 1, end)
        if name == "not":
            if first >= end:
                raise BadFilterGroup("After not: comes a term.", source, first)
            return Not(self.term(source, first, end, depth + 1))
        if name in RESERVED:
            return self._group(name, source, first, end, depth)
        field, column = self._field(source, start, colon)
        self._refuse_second_term(source, first, end)
        items = split_items(self._shown(field, column), source, first, end)
        return read_values(field, items, Place(source, column, self.context))

    def _word(self, source: str, start: int, end: int) -> Node:
        literal = source[start] == '"'
        text = read_quoted(source, start, end) if literal else source[start:end]
        if not text.strip():
            raise BadFilterValue("a search", text, "Give some text to find.", source, start)
        if not literal and '"' in text:
            raise StrayFilterQuote(source, source.index('"', start))
        shown = quoted(text.strip())
        return Check(ANYWHERE, "contains", (fold(text),), shown)

    def _group(self, kind: str, source: str, start: int, end: int, depth: int) -> Node:
        if start >= end or source[start] != "(":
            hint = f"Write {kind}:(TERM TERM ...)."
            raise BadFilterGroup(f"After {kind}: comes a parenthesis.", source, start, hint)
        # The parenthesis is one term for the splitter, unless something follows it.
        pieces = split_terms(source, start, end)
        if len(pieces) > 1:
            hint = "Make it an argument of its own."
            raise BadFilterGroup("This stands after the group.", source, pieces[1][0], hint)
        if source[end - 1] != ")":
            close = source.rindex(")", start, end)
            raise BadFilterGroup("This stands after the group.", source, close + 1, QUOTE_HINT)
        nodes = self.terms(source, start + 1, end - 1, depth + 1)
        if not nodes:
            raise BadFilterGroup(f"{kind}:() is empty.", source, start, "Put terms inside.")
        return gather(kind, nodes)

    def _saved(self, source: str, start: int, end: int, depth: int) -> Node:
        self._refuse_second_term(source, start, end)
        name = source[start + 1 : end].strip()
        known = {fold(key): text for key, text in self.subject.saved.items()}
        known.update((fold(key), text) for key, text in self.context.saved.items())
        key = fold(name)
        if key not in known:
            raise UnknownSavedFilter(name, nearest(name, known), source, start)
        if key in self.inside:
            loop = [*self.inside[self.inside.index(key) :], key]
            raise FilterLoop(loop, source, start)
        self.inside.append(key)
        try:
            check_characters(known[key])
            nodes = self.terms(known[key], 0, len(known[key]), depth + 1)
        except FilterLoop:
            raise  # its message has the whole path already
        except BadFilter as error:
            raise error.within(name) from None
        self.inside.pop()
        return gather("all", nodes)

    def _field(self, source: str, start: int, colon: int) -> tuple[Field, str]:
        """Return the field, and the column where it has columns."""
        name = source[start:colon].strip()
        head, dot, _ = name.partition(".")
        free = self.subject.columns
        if dot and free is not None and head.strip().lower() == free:
            at = source.index(".", start) + 1
            return self.subject.fields[free], self._column(source, at, colon)
        field = find_field(self.subject, name)
        if field is not None and field.kind not in ("columns", "scores"):
            return field, ""
        scores = find_field(self.subject, head)
        if scores is not None and scores.kind == "scores":
            return scores, self._score_type(scores, source, start, colon)
        self._refuse_second_term(source, start, colon + 1)
        known = field_names(self.subject.name)
        near = [known[-1]] if field is not None else nearest(name, [*known, *RESERVED])
        raise UnknownFilterField(name, near, known, source, start)

    def _score_type(self, field: Field, source: str, start: int, colon: int) -> str:
        """Return the score type of ``score.TYPE``; the usual one has the field's own name."""
        written = source[start:colon].strip()
        score_type = written.partition(".")[2].strip().lower() or field.name
        types = self.context.score_types
        if types and score_type not in types:
            known = [field.name if each == field.name else f"{field.name}.{each}" for each in types]
            near = nearest(written, known, 2)
            raise UnknownFilterField(written, near, known, source, start)
        return score_type

    def _column(self, source: str, start: int, end: int) -> str:
        start, end = trim(source, start, end)
        if start < end and source[start] == '"':
            column = read_quoted(source, start, end)
        else:
            self._refuse_second_term(source, start, end + 1)
            column = source[start:end]
        if not column.strip():
            hint = f"Write {self.subject.columns}.COLUMN:VALUE."
            raise BadFilterValue("a column's name", column, hint, source, start)
        return column.strip()

    def _shown(self, field: Field, column: str) -> str:
        if field.kind == "scores":
            return field.name if column == field.name else f"{field.name}.{column}"
        return f"{field.name}.{quoted(column)}" if column else field.name

    def _refuse_second_term(self, source: str, start: int, end: int) -> None:
        """Refuse an unquoted value that holds what looks like the next term."""
        text = mask_quotes(source, start, end)
        if ":" not in text or not any(ch.isspace() for ch in text):
            return
        at = 0
        for word in text.split():
            at = text.index(word, at)
            name, colon, _ = word.partition(":")
            head = name.partition(".")[0].lower()
            if at and colon and self._names_term(name.lower(), head):
                raise MissingFilterQuote(f"{name}:", source, start + at)
            at += len(word)

    def _names_term(self, name: str, head: str) -> bool:
        if head == self.subject.columns:
            return True
        whole = find_field(self.subject, head)
        if whole is not None and whole.kind == "scores":
            return True
        return name in RESERVED or find_field(self.subject, name) is not None
