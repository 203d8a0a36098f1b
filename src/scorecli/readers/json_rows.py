"""Reads JSON, an array of objects or one object a line, as rows of text.

Nested objects become dotted names, lists of plain values are joined with ``;``, numbers stay as
they are written, true and false are words, null is empty. New names may appear at any row: the
header grows, and each batch carries the header of its time.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from scorecli.errors.input import NotRowsOfJson
from scorecli.readers.encoding import TextForm
from scorecli.readers.rows import Batch, RowProblem

JOIN = ";"
_BLOCK = 1 << 18
_LONGEST = 16 << 20  # characters of one object; a longer one counts as broken
_SHOWN = 1000  # characters that are kept of the rest of a broken array
_ARRAY = re.compile(r"\s*\[\s*(?:[\[{\]\"]|-?[0-9]|null\b|true\b|false\b|$)")
_OBJECT = re.compile(r"\s*\{\s*(?:[\"}]|$)")
_BLANKS = re.compile(r"[ \t\r\n]*")
# Under these names the answers of web services have their rows.
_ENVELOPES = ("calls", "call_logs", "contacts", "content", "data", "items", "records", "results")


class _Number(str):
    """A number as it was written; within a list of objects it is written so again."""

    __slots__ = ()


_DECODER = json.JSONDecoder(parse_float=_Number, parse_int=_Number, parse_constant=_Number)


def looks_like_json(start: str) -> bool:
    """True if ``start``, the first characters of a text, begin an array or an object."""
    start = start.removeprefix("\ufeff")
    return bool(_ARRAY.match(start) or _OBJECT.match(start))


class JsonReader:
    """Reads the objects of one stream as batches of rows; see the module for the rules."""

    def __init__(self, stream: BinaryIO, form: TextForm, name: str) -> None:
        # Line ends within strings are always escaped, so translating the others loses nothing.
        self._text = io.TextIOWrapper(stream, form.encoding, form.errors, newline=None)
        self._name = name
        self._header: list[str] = []
        self._places: dict[str, int] = {}
        self._keys: tuple[str, ...] = ()
        self._more = False  # whether text follows the line at hand
        self._batch = Batch([], [], [], self._header)

    def batches(self, size: int) -> Iterator[Batch]:
        """Read to the end in batches of ``size`` rows. Raises NotRowsOfJson."""
        start = self._text.read(_BLOCK).removeprefix("\ufeff")
        array = start.lstrip().startswith("[")
        values = self._array(start) if array else self._lines(start)
        for line, value, raw in values:
            self._add(line, value, raw)
            if len(self._batch.rows) + len(self._batch.problems) >= size:
                yield self._taken()
        if self._batch.rows or self._batch.problems:
            yield self._taken()

    def detach(self) -> None:
        """Leave the stream open for another reading."""
        self._text.detach()

    def _taken(self) -> Batch:
        batch = self._batch
        header = list(self._header)
        width = len(header)
        for row in batch.rows:
            if len(row) < width:
                row.extend([""] * (width - len(row)))
        self._batch = Batch([], [], [], self._header)
        batch.header = header
        return batch

    def _add(self, line: int, value: Any, raw: str) -> None:
        if isinstance(value, RowProblem):
            self._batch.problems.append(value)
            return
        if not isinstance(value, dict):
            self._problem(line, "not an object with named values", [raw])
            return
        if "\\u" in raw and (error := _bad_name(value)):
            self._problem(line, error, [raw])
            return
        try:
            row = self._row(value)
        except RecursionError:
            self._problem(line, "nested too deeply", [raw])
            return
        if "\\u" in raw:
            field, error = self._bad_character(row)
            if error:
                self._problem(line, error, row, field)
                return
        self._batch.rows.append(row)
        self._batch.lines.append(line)

    def _row(self, value: dict[str, Any]) -> list[str]:
        if tuple(value) != self._keys:
            return self._placed(value)
        cells = list(value.values())
        kinds = set(map(type, cells))
        if kinds == _ONLY_TEXT:
            return cells
        return self._placed(value) if dict in kinds else [_text(cell) for cell in cells]

    def _placed(self, value: dict[str, Any]) -> list[str]:
        """The cells of an object under the header, which grows by the names it lacks."""
        flat: dict[str, str] = {}
        _flatten("", value, flat)
        for name in flat:
            if name not in self._places:
                self._places[name] = len(self._header)
                self._header.append(name)
        row = [""] * len(self._header)
        for name, text in flat.items():
            row[self._places[name]] = text
        # The short way holds while objects have exactly the header's names in its order.
        self._keys = tuple(self._header)
        return row

    def _bad_character(self, row: list[str]) -> tuple[str, str]:
        for name, cell in zip(self._header, row, strict=False):
            if error := _bad_text(cell):
                return name, f"{error} in the value"
        return "", ""

    def _problem(self, line: int, error: str, cells: list[str], field: str = "") -> None:
        self._batch.problems.append(RowProblem(line, field, error, cells))

    def _lines(self, start: str) -> Iterator[tuple[int, Any, str]]:
        number, rest, first = 0, start, True
        for text in self._physical(rest):
            number += 1
            if text.isspace() or not text:
                continue
            try:
                value = _DECODER.decode(text)
                if first and _is_envelope(value):
                    raise NotRowsOfJson(self._name, number)
                yield number, value, text
            except (ValueError, RecursionError) as error:
                if first and text.rstrip().endswith(("{", "[")):
                    self._refuse_spread(number)
                yield number, _broken(number, error, text), text
            first = False

    def _refuse_spread(self, number: int) -> None:
        """A first object over several lines is a document, not rows; a lone cut line is damage."""
        if self._more or self._text.read(1):
            raise NotRowsOfJson(self._name, number)

    def _physical(self, start: str) -> Iterator[str]:
        pending = start
        while pending:
            lines = pending.split("\n")
            last = lines.pop()
            for place, line in enumerate(lines):
                self._more = place + 1 < len(lines) or bool(last.strip())
                yield line
            fresh = self._text.read(max(_BLOCK, len(last)))
            if not fresh:
                self._more = False
                if last:
                    yield last
                return
            if len(last) > _LONGEST:
                last = last[:_LONGEST]  # broken already; only the end of the line is awaited
            pending = last + fresh

    def _array(self, buffer: str) -> Iterator[tuple[int, Any, str]]:
        at = _blank(buffer, 0) + 1
        line = 1 + buffer.count("\n", 0, at)
        ended = False
        while True:
            begin = _blank(buffer, at)
            value, end, problem = self._element(buffer, begin)
            if problem is not None and not ended and len(buffer) - at < _LONGEST:
                # What is missing may follow; reading as much again keeps the sum linear.
                fresh = self._text.read(max(_BLOCK, len(buffer) - at))
                ended = not fresh
                buffer, at = buffer[at:] + fresh, 0
                continue
            line += buffer.count("\n", at, begin)
            if problem is not None:
                yield line, _broken(line, problem, buffer[begin : begin + _SHOWN]), ""
                return
            if end < 0:  # the closing bracket of an array without elements
                yield from self._behind(buffer[begin + 1 :], line)
                return
            raw = buffer[begin:end]
            yield line, value, raw
            at = _blank(buffer, end) + 1
            line += buffer.count("\n", begin, at)
            if buffer[at - 1] == "]":
                yield from self._behind(buffer[at:], line)
                return

    def _element(self, buffer: str, at: int) -> tuple[Any, int, Exception | None]:
        """The value at ``at``, its end, and what is wrong or still missing."""
        if buffer[at : at + 1] == "]":
            return None, -1, None
        try:
            value, end = _DECODER.raw_decode(buffer, at)
        except (ValueError, RecursionError) as error:
            return None, 0, error
        follow = _blank(buffer, end)
        if buffer[follow : follow + 1] not in (",", "]") or follow >= len(buffer):
            return None, 0, ValueError("a comma or a closing bracket is missing")
        return value, end, None

    def _behind(self, rest: str, line: int) -> Iterator[tuple[int, Any, str]]:
        """What follows the closing bracket of the array: nothing, or one problem."""
        while True:
            at = _blank(rest, 0)
            if at < len(rest):
                line += rest.count("\n", 0, at)
                error = ValueError("text after the end of the array")
                yield line, _broken(line, error, rest[at : at + _SHOWN]), ""
                return
            line += rest.count("\n")
            rest = self._text.read(_BLOCK)
            if not rest:
                return


_ONLY_TEXT = {str}


def _is_envelope(value: Any) -> bool:
    """Tell whether an object is the answer of a web service, with a list of rows in it."""
    lists = [value.get(name) for name in _ENVELOPES] if isinstance(value, dict) else []
    return any(isinstance(rows, list) and rows and isinstance(rows[0], dict) for rows in lists)


def _blank(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def _broken(line: int, error: Exception, text: str) -> RowProblem:
    if isinstance(error, RecursionError):
        said = "nested too deeply"
    elif not text.strip():
        said = "broken JSON: the file ends before the array does"
    elif isinstance(error, json.JSONDecodeError):
        said = f"broken JSON: {error.msg} at character {error.colno}"
    else:
        said = f"broken JSON: {error}"
    return RowProblem(line, "", said, [text.rstrip("\n")])


def _bad_text(text: str) -> str:
    if "\0" in text:
        return "a NUL character"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "half of a character pair (a lone surrogate)"
    return ""


def _bad_name(value: dict[str, Any]) -> str:
    """What is wrong with a name in an object, before the name becomes a column's; else empty."""
    objects = [value]
    while objects:
        for name, item in objects.pop().items():
            if error := _bad_text(name):
                return f"{error} in a name"
            if isinstance(item, dict):
                objects.append(item)
    return ""


def _flatten(prefix: str, value: dict[str, Any], into: dict[str, str]) -> None:
    for key, item in value.items():
        name = prefix + key
        if isinstance(item, dict) and item:
            _flatten(name + ".", item, into)
        elif name not in into or not into[name]:
            into[name] = _text(item)


def _text(item: Any) -> str:
    if isinstance(item, str):
        return str(item)
    if item is None or item == {}:
        return ""
    if item is True or item is False:
        return "true" if item else "false"
    if all(not isinstance(part, (dict, list)) for part in item):
        return JOIN.join(_text(part) for part in item)
    return _written(item)


def _written(item: Any) -> str:
    """``item`` as JSON again, with numbers as they were."""
    if isinstance(item, dict):
        pairs = (f"{_written(key)}: {_written(part)}" for key, part in item.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(item, list):
        return "[" + ", ".join(map(_written, item)) + "]"
    return str(item) if isinstance(item, _Number) else json.dumps(item, ensure_ascii=False)
