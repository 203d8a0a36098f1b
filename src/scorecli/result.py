"""What every report returns and every renderer takes: typed columns, rows of values, a total.

Cells are plain Python values: ``str``, ``int``, ``float``, ``bool``, ``None``, ``list`` of ``str``,
``dict``, :class:`Money`, :class:`Fixed` and :class:`Score`. A missing value is ``None``, never 0 or
an empty text.
"""

# Annotations are real, not texts: a NamedTuple would compile each text anew at every start.

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "text",  # str
    "integer",  # int
    "decimal",  # float, shown with two decimals, or Fixed
    "rate",  # float, a fraction from 0 to 1; a percentage for people
    "money",  # Money
    "day",  # 'YYYY-MM-DD', or a longer period such as 'YYYY-MM'
    "time",  # ISO 8601 with offset, in the settings' zone
    "seconds",  # int seconds; H:MM:SS for people
    "boolean",  # bool
    "list",  # list of str
    "object",  # dict of str
    "score",  # Score: the one cell that shows a call's whole score
]


class Money(NamedTuple):
    """An amount in whole minor units (cents) of an ISO 4217 currency."""

    minor: int
    currency: str


class Fixed(NamedTuple):
    """An exact number that people see with at least so many decimals; data has it plainly."""

    number: int | float
    decimals: int


class Score(NamedTuple):
    """A call's score as the Score column shows it; parts that are switched off are empty."""

    reporting_tags: tuple[str, ...] = ()
    stars: int | None = None
    converted: bool = False
    amount: Money | None = None
    converted_on: str | None = None


class Column(NamedTuple):
    """One column: its stable ``name`` (JSON key, CSV header) and the ``label`` people see.

    A table on a terminal leaves out an ``optional`` one that is empty in every row.
    """

    name: str
    label: str
    kind: Kind = "text"
    optional: bool = False


class Result:
    """A table of values with what is needed to show it in any format.

    ``rows`` may be any iterable and is read once. ``total`` is a row under the same columns, or
    None. ``head`` holds what a report says about itself (report, since, until, time_zone, filter),
    or is what finds it out, which is called when a format shows it; with a head, JSON is one object
    with ``rows`` and ``total``, without one an array. ``notices`` are lines for stderr. ``single``
    marks one record rather than a list.
    """

    __slots__ = ("_head", "columns", "notices", "rows", "single", "total")

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        *,
        total: Sequence[Any] | None = None,
        head: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = None,
        notices: Sequence[str] = (),
        single: bool = False,
    ) -> None:
        self.columns = tuple(columns)
        self.rows = rows
        self.total = total
        self._head = head
        self.notices = tuple(notices)
        self.single = single

    @property
    def head(self) -> Mapping[str, Any] | None:
        """What a report says about itself, or None."""
        if callable(self._head):
            self._head = self._head()
        return self._head

    def with_rows(self, rows: Iterable[Sequence[Any]]) -> "Result":
        """Return the same table with other rows."""
        return Result(
            self.columns,
            rows,
            total=self.total,
            head=self._head,
            notices=self.notices,
            single=self.single,
        )
