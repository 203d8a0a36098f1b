"""Values that people or files gave and that cannot be understood."""

from __future__ import annotations

from scorecli.errors import BadValue, WrongUsage


class BadAmount(BadValue):
    """A text is no amount of money in the currency at hand."""

    def __init__(self, text: str, reason: str, hint: str | None = None) -> None:
        super().__init__(f"'{text}' is not an amount: {reason}.", hint)
        self.text = text


class DoubtfulDecimal(BadAmount):
    """An amount such as ``1.250``, whose one separator may stand for decimals or for thousands."""

    def __init__(self, text: str, separator: str) -> None:
        super().__init__(
            text,
            f"the '{separator}' may separate decimals or thousands",
            "Say which: --decimal . or --decimal , for a file; or write it without grouping.",
        )
        self.separator = separator


class CurrencyMismatch(BadAmount):
    """An amount carries the sign or the code of another currency than the one it is to be in."""

    def __init__(self, text: str, found: str, currency: str, meant: str | None = None) -> None:
        """Make it; ``meant`` is the code of the other currency, where it can only be one."""
        change = f"`scorecli config set converted_amount.currency {meant or 'CODE'}`"
        super().__init__(
            text,
            f"'{found}' is not {currency}",
            f"Amounts are in {currency}; {change} changes that.",
        )
        self.found = found
        self.meant = meant
        self.currency = currency


class UnknownZone(WrongUsage):
    """A time zone is not known to this machine."""

    def __init__(self, name: str, near: list[str], origin: str | None = None) -> None:
        where = f" ({origin})" if origin else ""
        hint = f"Did you mean {' or '.join(near)}?" if near else "Name one such as Europe/Paris."
        super().__init__(f"'{name}'{where} is not a known time zone.", hint)
        self.name = name
        self.near = near


class BadDay(BadValue):
    """A text is no day or no period, or could mean more than one."""

    def __init__(self, text: str, reason: str, forms: str) -> None:
        super().__init__(f"'{text}' is not {reason}.", f"Write {forms}.")
        self.text = text


class BadTag(BadValue):
    """A text cannot be a tag."""

    def __init__(self, text: str, reason: str, hint: str | None = None) -> None:
        super().__init__(f"'{text}' cannot be a tag: {reason}.", hint)
        self.text = text


class BadNote(BadValue):
    """A text cannot be a note."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(f"The note cannot be kept: {reason}.", hint)


class DoubtfulDayOrder(BadValue):
    """A date such as 03/04/2026, whose day and month cannot be told apart."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text}' may mean two days: the order of day and month is in doubt.",
            "Say which comes first: --date-format DMY or --date-format MDY.",
        )
        self.text = text


class BadDateFormat(WrongUsage):
    """A date format that was asked for cannot be used."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text}' is not a date format that names a whole day.",
            "Use DMY, MDY, YMD, EXCEL, or a pattern such as '%d/%m/%Y %H:%M'.",
        )
        self.text = text


class BadDecimalSign(WrongUsage):
    """``--decimal`` is neither a point nor a comma."""

    def __init__(self, sign: str | None) -> None:
        super().__init__(f"'{sign}' is no decimal sign.", "Use --decimal . or --decimal ,")


class BadMoment(WrongUsage):
    """A text is no time, or could mean two."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text}' is no time to call again.",
            "Write it as 2026-11-03 14:30, tomorrow 9:00, or +2h from now.",
        )
