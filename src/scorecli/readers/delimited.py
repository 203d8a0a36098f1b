"""Reads delimited text at the speed of the csv module, with exact rules for damaged rows.

A record is read by the csv module in its strict mode. A record that never ends, is quoted wrongly
or has a wrong number of fields is rejected as its first physical line alone, and reading resumes
on the next line; so damage neither shifts nor swallows what follows. Whole blocks of well-formed
one-line records, nearly everything, take a short way without a look at single rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from scorecli.readers.lines import RECORD_CHARACTERS, RECORD_LINES, Lines
from scorecli.readers.rows import Batch, RowProblem

NEVER_CLOSED = "a quoted field is never closed"
_BLOCK_CHARACTERS = 1 << 20
_SMALL_WINDOW = 16
_CALLER_ID_SIGN = '" <'
_END_OF_FILE = "\x1a"  # how old programs for DOS and Windows end a text
_UNTIL_END = "unexpected end of data"  # how the csv module says that quotes were still open


class Dialect(NamedTuple):
    """How values are separated; ``blank_before_quote`` is the style ``a, "b, c"``.

    ``caller_ids`` says that fields like ``"User 5" <109>`` occur, which phone systems write
    without the quotes around the whole that CSV asks for; they are read as they stand.
    """

    delimiter: str = ","
    blank_before_quote: bool = False
    caller_ids: bool = False

    def reader(self, lines: list[str], *, strict: bool = True) -> Any:
        """A reader of the csv module over ``lines``, which may hold fields of any length."""
        if csv.field_size_limit() < 2 * RECORD_CHARACTERS:
            csv.field_size_limit(2 * RECORD_CHARACTERS)
        return csv.reader(
            self._all_requoted(lines) if self.caller_ids else lines,
            delimiter=self.delimiter,
            skipinitialspace=self.blank_before_quote,
            strict=strict,
        )

    def has_caller_id(self, line: str) -> bool:
        """True if ``line`` holds a field like ``"User 5" <109>``."""
        return _CALLER_ID_SIGN in line and self._requoted(line) != line

    def _requoted(self, line: str) -> str:
        """``line`` with such fields quoted as CSV asks for.

        By hand, since a regular expression takes five times as long, and every line has one.
        """
        before, *others = line.split(_CALLER_ID_SIGN)
        done = ""
        for following in others:
            start = before.rfind('"')
            number, closed, rest = following.partition(">")
            if (
                start >= 0
                and ((start == 0 and not done) or before[start - 1 : start] == self.delimiter)
                and closed
                and (not rest or rest[0] in ("\r", "\n", self.delimiter))
                and not any(mark in number for mark in ("<", '"', "\r", "\n", self.delimiter))
            ):
                done += f'{before[:start]}"""{before[start + 1 :]}"" <{number}>"'
                before = rest
            else:
                done += before + _CALLER_ID_SIGN
                before = following
        return done + before

    def _all_requoted(self, lines: list[str]) -> list[str]:
        quoted = self._requoted
        return [quoted(line) if _CALLER_ID_SIGN in line else line for line in lines]

    def split(self, line: str) -> list[str]:
        """The cells of one line as they are written, quotes included."""
        text = line.rstrip("\r\n")
        return text.split(self.delimiter)


class _State(NamedTuple):
    """How far a window of lines was used, and why reading stopped there."""

    used: int
    open: bool = False  # the record that starts there was not finished within the window
    restart: bool = False  # a line was rejected; what follows must be read anew


class DelimitedReader:
    """Turns lines into batches of rows of ``header``'s width.

    Rows may lack cells down to ``least``; empty cells beyond the width are dropped.
    A row of nothing but empty cells, as spreadsheets write below their tables, is a blank line.
    ``has_nul`` says that NUL characters occur somewhere, so that every row is searched for them.
    """

    def __init__(
        self, dialect: Dialect, header: list[str], least: int, *, has_nul: bool = False
    ) -> None:
        self._dialect = dialect
        self._header = header
        self._width = len(header)
        self._least = least
        self._has_nul = has_nul
        self._blank = [""] * self._width
        self._guarded = False
        self._plain = True

    def batches(self, source: Lines, first: int, size: int) -> Iterator[Batch]:
        """Read to the end, in batches of about ``size`` rows; ``first`` is the next line's number.

        Memory is bounded by a batch and the longest record that is allowed.
        """
        self._guarded = source.guarded
        hint = max(4096, min(size * 64, _BLOCK_CHARACTERS))
        carry: list[str] = []
        while True:
            # An unfinished record is read again with twice its length, which keeps the sum linear.
            fresh = source.read(max(hint, _characters(carry)))
            lines = carry + fresh if carry else fresh
            if not lines:
                return
            batch, used = self._parse(lines, first, at_end=not fresh)
            if batch.lines or batch.problems:
                yield batch
            first += used
            carry = lines[used:]
            if fresh:
                average = max(1, _characters(fresh) // len(fresh))
                hint = max(4096, min(size * average, _BLOCK_CHARACTERS))

    def _parse(self, lines: list[str], first: int, *, at_end: bool) -> tuple[Batch, int]:
        """Return the rows of ``lines``, and how many of these are settled."""
        if self._plain and not self._guarded and not self._has_nul:
            numbers = list(range(first, first + len(lines)))
            columns = self._split(lines)
            if columns is not None:
                return Batch.of_columns(numbers, columns, self._header), len(lines)
            try:
                rows = list(self._dialect.reader(lines))
            except csv.Error:
                pass  # found again below, with its place
            else:
                whole = len(rows) == len(lines) and set(map(len, rows)) == {self._width}
                if whole and self._blank not in rows:
                    return Batch(numbers, rows, [], self._header), len(lines)
        batch = Batch([], [], [], self._header)
        used = self._with_care(lines, first, at_end, batch)
        self._plain = len(batch.rows) == len(lines)
        return batch, used

    def _split(self, lines: list[str]) -> list[Sequence[str]] | None:
        """Return the columns of lines without a quote, or None where that is not so easily done.

        Such lines mean what they say, and cutting all of them at once takes half the time.
        """
        text = "".join(lines)
        delimiter, width, end = self._dialect.delimiter, self._width, "\n"
        if '"' in text or self._dialect.blank_before_quote:
            return None
        if "\r" in text:
            text = text.replace("\r\n", "\n")
            if "\r" in text:
                return None
        text = text.removesuffix(end) + end
        if width == 1:  # a bare list, of numbers for example
            column = text.split(end)[:-1]
            plain = delimiter not in text and "" not in column and len(column) == len(lines)
            return [column] if plain else None
        blank = delimiter * (width - 1) + end
        if text.startswith(blank) or end + blank in text:
            return None  # a blank row
        # The end of each line becomes a cell of its own, so that it shows where rows end.
        cells = text.replace(end, f"{delimiter}{end}{delimiter}").split(delimiter)
        if len(cells) != len(lines) * (width + 1) + 1 or set(cells[width :: width + 1]) != {end}:
            return None
        return [cells[at : -1 : width + 1] for at in range(width)]

    def _with_care(self, lines: list[str], first: int, at_end: bool, batch: Batch) -> int:
        """Read record by record, in windows that are small after damage and grow again.

        Small windows keep the cost of each stray quote small, however many there are.
        """
        start, total, window = 0, len(lines), len(lines)
        while start < total:
            part = lines[start : start + window] if start or window < total else lines
            state = self._read_window(part, first + start, batch)
            start += state.used
            if state.restart:
                window = _SMALL_WINDOW
            elif state.open:
                tried = len(part) - state.used
                if self._hopeless(lines, start, tried, at_end):
                    self._reject(batch, first + start, NEVER_CLOSED, lines[start])
                    start += 1
                    window = _SMALL_WINDOW
                elif start + tried >= total:
                    return start
                else:
                    window = max(_SMALL_WINDOW, tried * 4)
            else:
                window *= 2
        return total

    def _hopeless(self, lines: list[str], start: int, tried: int, at_end: bool) -> bool:
        """True if the record at ``start``, open after ``tried`` lines, can only be rejected."""
        if start + tried >= len(lines) and (at_end or _too_long(lines[start:])):
            return True
        partial = next(self._dialect.reader(lines[start : start + tried], strict=False))
        return any(partial[self._width :])

    def _read_window(self, lines: list[str], first: int, batch: Batch) -> _State:
        reader = self._dialect.reader(lines)
        done = 0
        try:
            for row in reader:
                end = reader.line_num
                plain = len(row) == self._width and end - done == 1 and not self._searched
                if plain and any(row):
                    batch.rows.append(row)
                    batch.lines.append(first + done)
                elif not self._settle(row, lines[done:end], first + done, batch):
                    return _State(done + 1, restart=True)
                done = end
        except csv.Error as error:
            if str(error) == _UNTIL_END:
                return _State(done, open=True)
            if not self._dialect.caller_ids and self._dialect.has_caller_id(lines[done]):
                self._dialect = self._dialect._replace(caller_ids=True)
                return _State(done, restart=True)
            self._reject(batch, first + done, _quoting_error(str(error)), lines[done])
            return _State(done + 1, restart=True)
        return _State(done)

    @property
    def _searched(self) -> bool:
        return self._has_nul or self._guarded

    def _settle(self, row: list[str], lines: list[str], line: int, batch: Batch) -> bool:
        """Take ``row`` or reject it; False if only its first of several lines was rejected."""
        if not any(row) or (len(row) < self._least and len(lines) == 1 and _is_blank(lines[0])):
            return True
        if _too_long(lines):
            self._reject(batch, line, NEVER_CLOSED if len(lines) > 1 else _LINE_TOO_LONG, lines[0])
            return len(lines) == 1
        if len(row) > self._width and not any(row[self._width :]):
            del row[self._width :]
        if not self._least <= len(row) <= self._width:
            error = f"{_fields(len(row))} where {self._width} are expected"
            if len(lines) == 1:
                batch.problems.append(RowProblem(line, "", error, row))
                return True
            self._reject(batch, line, error, lines[0])
            return False
        row.extend([""] * (self._width - len(row)))
        if self._has_nul and any("\0" in text for text in lines):
            field = next((n for n, c in zip(self._header, row, strict=True) if "\0" in c), "")
            batch.problems.append(RowProblem(line, field, "a NUL byte in the row", row))
            return True
        batch.rows.append(row)
        batch.lines.append(line)
        return True

    def _reject(self, batch: Batch, line: int, error: str, text: str) -> None:
        batch.problems.append(RowProblem(line, "", error, self._dialect.split(text)))


_LINE_TOO_LONG = f"the line is longer than {RECORD_CHARACTERS:,} characters"


def _is_blank(line: str) -> bool:
    return line.replace(_END_OF_FILE, "").strip() == ""


def _quoting_error(said: str) -> str:
    if "expected after" in said:
        return "text after a closing quote; quotes inside a quoted field must be doubled"
    return said


def _fields(count: int) -> str:
    return f"{count} field" if count == 1 else f"{count} fields"


def _characters(lines: list[str]) -> int:
    return sum(map(len, lines))


def _too_long(lines: list[str]) -> bool:
    return len(lines) > RECORD_LINES or _characters(lines) > RECORD_CHARACTERS + 1


def records(lines: list[str], dialect: Dialect, *, complete: bool) -> list[list[str] | None]:
    """The records of a sample by the same rules; None for a line that starts no whole record.

    A record that the end of an incomplete sample cuts is left out.
    """
    found: list[list[str] | None] = []
    start = 0
    while start < len(lines):
        reader = dialect.reader(lines[start:])
        done = 0
        try:
            for row in reader:
                if row:
                    found.append(row)
                done = reader.line_num
        except csv.Error as error:
            if str(error) == _UNTIL_END and not complete and start + done + 1 >= len(lines):
                return found
            found.append(None)
            start += done + 1
        else:
            break
    return found


def read_record(lines: list[str], dialect: Dialect) -> tuple[int, list[str] | None, str]:
    """The first record of ``lines``: how many lines it took, its cells, or what is wrong.

    Blank lines before it are passed over and counted.
    """
    reader = dialect.reader(lines)
    done = 0
    try:
        for row in reader:
            if row and not (len(row) == 1 and not row[0].strip()):
                return reader.line_num, row, ""
            done = reader.line_num
    except csv.Error as error:
        said = str(error)
        return done, None, NEVER_CLOSED if said == _UNTIL_END else _quoting_error(said)
    return done, None, "there is none"
