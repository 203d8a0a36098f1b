"""What is wrong with a filter."""

from __future__ import annotations

from scorecli.errors import WrongUsage


class BadFilter(WrongUsage):
    """A filter cannot be understood; the message shows it with a caret under the place.

    ``text`` is the argument or the whole text of the filter, ``position`` the index in it.
    """

    def __init__(self, problem: str, text: str, position: int, hint: str | None = None) -> None:
        start = max(0, position - 48)
        cut = "".join(ch if ch.isprintable() else " " for ch in text[start : start + 72])
        lead, trail = "..." if start else "", "..." if start + 72 < len(text) else ""
        caret = " " * (len(lead) + position - start) + "^"
        super().__init__(f"{problem}\n  {lead}{cut}{trail}\n  {caret}", hint)

    def within(self, name: str) -> BadFilter:
        """Say that the fault lies in the saved filter ``name``; returns the error itself."""
        self.message = f"In the saved filter @{name}: {self.message}"
        self.args = (self.message,)
        return self


class UnknownFilterField(BadFilter):
    """A term names a field that the subject does not have."""

    def __init__(
        self, name: str, near: list[str], known: list[str], text: str, position: int
    ) -> None:
        hint = f"Did you mean {' or '.join(near)}?" if near else f"Fields: {', '.join(known)}."
        hint += f' To search for the text itself, quote it: "{name}:...".'
        super().__init__(f'Unknown field "{name}".', text, position, hint)


class BadFilterValue(BadFilter):
    """A term gives a field a value that it cannot have."""

    def __init__(self, field: str, value: str, expected: str, text: str, position: int) -> None:
        super().__init__(f'"{value}" is no value for {field}.', text, position, expected)


class StrayFilterQuote(BadFilter):
    """A quotation mark opens and never closes, or stands inside or after a value."""

    def __init__(self, text: str, position: int) -> None:
        hint = 'Put quotes around the whole value; write a quote inside it twice: "5"" pipe".'
        super().__init__("Stray quote.", text, position, hint)


class MissingFilterQuote(BadFilter):
    """An unquoted value goes on into what looks like the next term."""

    def __init__(self, other: str, text: str, position: int) -> None:
        hint = (
            f'Write "{other}" as a term of its own, or put the value in quotes '
            "if it belongs to the text."
        )
        super().__init__(f'Another term, "{other}", inside a value.', text, position, hint)


class BadFilterGroup(BadFilter):
    """Parentheses do not pair, are missing or empty, or nest too deep."""


class UnknownSavedFilter(BadFilter):
    """``@NAME`` names a filter that is neither built in nor in the settings."""

    def __init__(self, name: str, near: list[str], text: str, position: int) -> None:
        if near:
            hint = f"Did you mean {' or '.join('@' + word for word in near)}?"
        else:
            hint = f'Define it under [filters] in the settings; to search for it, write "@{name}".'
        super().__init__(f"There is no saved filter @{name}.", text, position, hint)


class FilterLoop(BadFilter):
    """Saved filters refer to each other in a circle."""

    def __init__(self, names: list[str], text: str, position: int) -> None:
        path = " > ".join("@" + name for name in names)
        super().__init__(
            f"Saved filters go in a circle: {path}.",
            text,
            position,
            "Change one of them under [filters] in the settings.",
        )


class EmptyCondition(WrongUsage):
    """An empty filter where many calls would be changed; a variable of a script may be unset."""

    def __init__(self) -> None:
        super().__init__(
            "--where is empty, which would take every call.",
            "If that is meant, select them all with --where id:1..",
        )
