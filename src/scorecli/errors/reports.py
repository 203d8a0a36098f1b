"""What a report cannot do."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import Refused, WrongUsage

_MOST_COLUMNS = 6  # named in a hint


class UnknownColumn(WrongUsage):
    """A column that there is not, or that has no order to sort by.

    ``near`` are names that it may be misspelt from, ``known`` all names, the most alike first.
    ``listing`` is the command that prints more names than fit here; without one all are named.
    ``exists`` says that there is such a column, but not to sort by.
    """

    def __init__(
        self,
        column: str,
        near: Sequence[str],
        known: Sequence[str],
        *,
        listing: str | None = None,
        exists: bool = False,
    ) -> None:
        hint = f"Did you mean {' or '.join(near)}?"
        if not near:
            shown = known if listing is None else known[:_MOST_COLUMNS]
            more = len(known) - len(shown)
            hint = f"Columns{' to sort by' if exists else ''}: {', '.join(shown)}"
            hint += f" and {more} more; `{listing}` prints all." if more > 0 else "."
        super().__init__(
            f'"{column}" cannot be sorted by.' if exists else f'"{column}" is not a column here.',
            hint,
        )


class UnknownGrouping(WrongUsage):
    """A report cannot be grouped by this, or by more than ``most`` fields."""

    def __init__(
        self, text: str, near: Sequence[str], known: Sequence[str], *, most: int = 2
    ) -> None:
        few = "one" if most == 1 else "one or two different ones"
        super().__init__(
            f'A report cannot be grouped by "{text}".',
            f"Did you mean {' or '.join(near)}?" if near else f"Give {few} of {', '.join(known)}.",
        )


class SeveralCurrencies(Refused):
    """The amounts of a report are in several currencies, which are never added."""

    def __init__(self, currencies: Sequence[str], hint: str | None = None) -> None:
        usual = f"Add --by currency, or take one of them with the filter currency:{currencies[0]}."
        super().__init__(
            f"These calls have amounts in {', '.join(currencies)}, which cannot be added.",
            hint or usual,
        )


class SumTooLarge(Refused):
    """Amounts add up to more than a whole number in the database can be."""

    def __init__(self) -> None:
        super().__init__(
            "The amounts of these calls add up to more than can be counted; some must be wrong.",
            "`scorecli calls list --sort amount-` shows the largest.",
        )


class NothingToCompare(WrongUsage):
    """A comparison needs a period with a beginning."""

    def __init__(self) -> None:
        super().__init__(
            "There is no former period to compare with, since the report has no beginning.",
            "Give --since DAY, and --until DAY if it does not end today.",
        )


class PeriodEndsEarly(WrongUsage):
    """``--until`` is before ``--since``."""

    def __init__(self, since: str, until: str) -> None:
        super().__init__(
            f"The report would begin on {since} and end before that, on {until}.",
            "Give --until a later day than --since; both days are included.",
        )


class NoHourOfConversion(WrongUsage):
    """Conversions have a day but no hour to group by."""

    def __init__(self) -> None:
        super().__init__(
            "A conversion has a day but no hour.",
            "Leave out --date-by converted_on, or use --by day.",
        )
