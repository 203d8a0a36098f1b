"""Turning the cells of one column into values, each distinct text once.

Logs repeat themselves: a source, an agent, a duration comes thousands of times. A column is
therefore read through a dictionary that converts a text when it first meets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from json.encoder import encode_basestring  # json.dumps() makes an encoder for every text
from typing import Any

_MOST_KEPT = 50_000  # texts remembered for one column
_LONGEST_KEPT = 200  # characters; longer texts hardly repeat and would fill the memory


class Bad:
    """A cell that cannot be used, with the reason."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


class CellReader(dict[str, Any]):
    """Reads the cells of one column: blank or missing is None, a refused one is :class:`Bad`.

    ``convert`` gets a text without blanks at its ends and raises ``ValueError`` with the reason.
    """

    def __init__(
        self,
        convert: Callable[[str], Any],
        missing: Iterable[str] = (),
        extract: str | None = None,
    ) -> None:
        super().__init__()
        self._convert = convert
        self._missing = frozenset(word.strip().casefold() for word in missing)
        self._pattern = None
        if extract:
            import re

            self._pattern = re.compile(extract)
        self.met_bad = False

    def __missing__(self, text: str) -> Any:
        value = self._read(text)
        if len(text) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[text] = value
        return value

    def column(self, texts: Iterable[str]) -> list[Any]:
        """Return the values of many cells."""
        return list(map(self.__getitem__, texts))

    def plain(self, text: str) -> str | None:
        """Return what a cell says before it is converted, None where it says nothing."""
        plain = text.strip()
        if not plain or plain.casefold() in self._missing:
            return None
        if self._pattern is not None:
            found = self._pattern.search(plain)
            plain = (found.group(1) or "").strip() if found else ""
        return plain or None

    def constant(self, text: str) -> Any:
        """Return the value of a text that no missing word and no pattern applies to.

        Raises ``ValueError`` with the reason where it is refused.
        """
        return self._convert(text.strip()) if text.strip() else None

    def _read(self, text: str) -> Any:
        plain = self.plain(text)
        if plain is None:
            return None
        try:
            return self._convert(plain)
        except ValueError as error:
            self.met_bad = True
            return Bad(str(error))


class DistinctCellReader(CellReader):
    """The same for columns whose cells hardly repeat, where remembering would only cost memory.

    ``together`` converts many cells at once; it raises ``ValueError`` where one of them is blank,
    bad or doubtful.
    """

    def __init__(
        self,
        convert: Callable[[str], Any],
        missing: Iterable[str] = (),
        extract: str | None = None,
        *,
        together: Callable[[Iterable[str]], list[Any]] | None = None,
    ) -> None:
        super().__init__(convert, missing, extract)
        self._together = together or (lambda texts: list(map(convert, texts)))

    def __missing__(self, text: str) -> Any:
        return self._read(text)

    def column(self, texts: Iterable[str]) -> list[Any]:
        """Return the values of many cells; where all are good, at the converter's own speed."""
        if self._pattern is None and not self._missing:
            try:
                return self._together(texts)
            except ValueError:
                pass  # some cell is blank or bad; which one it is takes a closer look
        return super().column(texts)


class PlainTextReader(DistinctCellReader):
    """Texts that hardly repeat and need nothing but their blanks stripped."""

    def __init__(self, missing: Iterable[str] = (), extract: str | None = None) -> None:
        super().__init__(str, missing, extract)
        self._simple = not self._missing and self._pattern is None

    def column(self, texts: Iterable[str]) -> list[Any]:
        """Return the stripped texts, None where blank."""
        if self._simple:
            return [text.strip() or None for text in texts]
        return super().column(texts)


class ExtraReader(dict[str, str]):
    """The part of ``extra`` that one column makes: ``"name": "text"`` in JSON, or nothing."""

    def __init__(
        self, name: str, keep: Callable[[str], bool] | None = None, *, most: int = _MOST_KEPT
    ) -> None:
        super().__init__()
        self._start = encode_basestring(name) + ": "
        self._keep = keep
        self._most = most

    def __missing__(self, text: str) -> str:
        plain = text.strip()
        kept = plain and (self._keep is None or self._keep(plain))
        part = self._start + encode_basestring(plain) if kept else ""
        if len(text) <= _LONGEST_KEPT:
            if len(self) >= self._most:
                self.clear()
            self[text] = part
        return part


def join_extra(parts: Iterable[str]) -> str | None:
    """Return the JSON object of one row, None where no column has a value."""
    text = ", ".join(filter(None, parts))
    return "{" + text + "}" if text else None
