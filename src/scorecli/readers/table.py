"""The one front of all readers: any file becomes a header and batches of rows and problems."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Literal

from scorecli.errors.input import BrokenHeader, ColumnsDoNotFit, DuplicateColumn, InputDamaged
from scorecli.readers.delimited import NEVER_CLOSED, DelimitedReader, Dialect, read_record
from scorecli.readers.dialect import (
    SAMPLE_CHARACTERS,
    detect,
    given_delimiter,
    looks_like_data,
)
from scorecli.readers.encoding import TextForm, examine
from scorecli.readers.guarded_cells import bare_rows, is_guarded
from scorecli.readers.header import Shape, named, numbered
from scorecli.readers.json_rows import JsonReader, looks_like_json
from scorecli.readers.lines import RECORD_CHARACTERS, RECORD_LINES, Lines
from scorecli.readers.rows import Batch, RowProblem
from scorecli.readers.signatures import is_spreadsheet
from scorecli.readers.source import Source
from scorecli.readers.title import lines_above_header, rows_above_header

__all__ = ["Batch", "RowProblem", "Table", "open_table"]

Kind = Literal["delimited", "json", "spreadsheet", "empty"]
BATCH_ROWS = 500  # more rows at a time do not stay in the processor's cache, which costs a third
_SEPARATOR_LINE = "sep="  # how Excel states a delimiter, as a first line of its own


def open_table(
    path: str,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    header: bool | None = None,
    columns: Sequence[str] | None = None,
    sheet: str | None = None,
) -> Table:
    """Open ``path`` (``-`` is standard input) and find out what it is.

    ``header`` True says that the first row holds names, False that it is data, None that this is
    to be found out. ``columns`` are names for all columns; they imply that there is no header,
    or take its place where ``header`` is True. ``sheet`` is a sheet of a workbook.
    The whole file is read once for its encoding. Raises Refused and WrongUsage with the cause.
    """
    separator = None if delimiter is None else given_delimiter(delimiter)
    if columns is not None:
        _check_columns(columns)
        header = bool(header)
    source = Source(path)
    try:
        return Table(source, separator, encoding, header, columns, sheet)
    except (EOFError, zlib.error, OSError) as error:
        source.close()
        raise _damaged(source, error) from error
    except BaseException:
        source.close()
        raise


class Table:
    """A file as a table; made by :func:`open_table`, which says what the options mean.

    ``header`` are unique column names (JSON: those of the first rows, it may grow with the
    batches). ``notices`` are sentences for people. ``encoding`` and ``delimiter`` are None where
    they have no meaning. One reading at a time; a new one starts anew.
    """

    def __init__(
        self,
        source: Source,
        delimiter: str | None,
        encoding: str | None,
        header: bool | None,
        columns: Sequence[str] | None,
        sheet: str | None,
    ) -> None:
        self._source = source
        self.name = source.name
        self.kind: Kind = "delimited"
        self.header: list[str] = []
        self.encoding: str | None = None
        self.delimiter: str | None = None
        self.sheet: str | None = None
        self.notices: list[str] = []
        self.first: list[str] = []
        """The cells of the first row as they stand, whether names or data; none of JSON."""
        self._told = 0  # the notices that say nothing about the header
        self._before = 0  # the lines before the first row
        self._wanted = (header, list(columns) if columns is not None else None)
        self._skipped = 0  # physical lines (or rows of a sheet) before the data
        self._least = 0
        self._reading: Iterator[Batch] | None = None
        self._form: TextForm | None = None
        self._dialect = Dialect()
        self._guarded_cells = False
        head = source.head()
        if encoding is None and is_spreadsheet(self.name, head, source.stream()):
            self.kind = "spreadsheet"
            self._open_sheet(sheet)
            return
        form = self._form = examine(source.stream(), self.name, encoding)
        self.encoding = form.encoding
        self.notices.extend(form.notices)
        lines = self._sample(form)
        if not any(line.strip() for line in lines):
            self.kind = "empty"
            self.header = self._wanted[1] or []
            self.notices.append(f"{self.name} is empty.")
        elif delimiter is None and looks_like_json("".join(lines[:50])[:4000]):
            self.kind = "json"
            self._open_json()
        else:
            self._open_delimited(lines, delimiter, form)

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """All rows from the first, in batches of about ``size``; memory stays bounded.

        Starting a reading ends the one before. Raises InputDamaged where the file breaks off.
        """
        if self._reading is not None and hasattr(self._reading, "close"):
            self._reading.close()
        self._reading = self._guarded(size)
        return self._reading

    def progress(self) -> tuple[int, int | None]:
        """Bytes of the file on disk that were read, and how many there are (None: unknown)."""
        return self._source.progress()

    def without_header(self, names: Sequence[str]) -> None:
        """Take the first row for data after all, whose columns have these names.

        There may be more names than columns; the last ones are left out then.
        Raises ColumnsDoNotFit where they are too few.
        """
        width = len(self.first)
        if len(names) < width:
            raise ColumnsDoNotFit(self.name, len(names), width)
        self.header = list(names[:width])
        self._least = width
        self._skipped = self._before
        del self.notices[self._told :]

    def close(self) -> None:
        """Give the file back."""
        if self._reading is not None and hasattr(self._reading, "close"):
            self._reading.close()
        self._source.close()

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _guarded(self, size: int) -> Iterator[Batch]:
        readings = {
            "delimited": self._delimited_batches,
            "json": self._json_batches,
            "spreadsheet": self._sheet_batches,
        }
        try:
            if self.kind in readings:
                yield from readings[self.kind](size)
        except (EOFError, zlib.error, OSError) as error:
            raise _damaged(self._source, error) from error

    def _sample(self, form: TextForm) -> list[str]:
        lines = Lines(self._source.stream(), form)
        try:
            found = lines.read(SAMPLE_CHARACTERS)
            # A header or first record may be longer than a usual sample.
            while found and not any(line.strip() for line in found):
                more = lines.read(SAMPLE_CHARACTERS)
                if not more or len(found) > RECORD_LINES:
                    break
                found.extend(more)
            self._complete = not lines.read(1)
            return found
        finally:
            lines.detach()

    def _open_delimited(self, lines: list[str], delimiter: str | None, form: TextForm) -> None:
        first = lines[0].rstrip("\r\n")
        if first.lower().startswith(_SEPARATOR_LINE) and len(first) == len(_SEPARATOR_LINE) + 1:
            delimiter = delimiter or given_delimiter(first[-1])
            self._skipped, lines = 1, lines[1:]
        header, columns = self._wanted
        if header is None:
            above = lines_above_header(lines, delimiter)
            self._say_what_is_above([line.strip() for line in lines[:above]], self._skipped)
            self._skipped += above
            lines = lines[above:]
        found = detect(
            lines, complete=self._complete, delimiter=delimiter, header=header is not False
        )
        self._dialect = found.dialect
        self.delimiter = found.dialect.delimiter
        sample = [row for row in found.sample if row is not None]
        self._guarded_cells = form.may_guard or is_guarded(sample)
        if self._guarded_cells:
            sample = bare_rows(sample)
        self.first = sample[0] if sample else []
        self._told, self._before = len(self.notices), self._skipped
        if header is None:
            record = sample[0] if found.sample and found.sample[0] else None
            header = not (record and len(sample) > 1 and looks_like_data(record))
            if not header:
                self.notices.append(
                    f"The first line of {self.name} looks like data, so its columns are called "
                    "column_1 and so on (--columns names them)."
                )
        if header:
            self._read_header(form, sample, columns)
        else:
            self._take(numbered(sample, columns), columns, sample)

    def _say_what_is_above(self, texts: list[str], skipped: int) -> None:
        plain = (text.strip(" ,;\t|") for text in texts)
        shown = " / ".join(text[:60] for text in plain if text)
        if not shown:
            return
        self.notices.append(
            f"{self.name}: the header is line {skipped + len(texts) + 1}; what stands above it is"
            f" left out: {shown}"
        )

    def _read_header(
        self, form: TextForm, sample: list[list[str]], columns: list[str] | None
    ) -> None:
        lines = Lines(self._source.stream(), form)
        try:
            lines.skip(self._skipped)
            taken: list[str] = []
            while True:
                more = lines.read(max(SAMPLE_CHARACTERS, sum(map(len, taken))))
                taken.extend(more)
                used, record, reason = read_record(taken, self._dialect)
                if record is not None or reason != NEVER_CLOSED or not more:
                    break
                if len(taken) > RECORD_LINES or sum(map(len, taken)) > RECORD_CHARACTERS:
                    break
        finally:
            lines.detach()
        if record is None:
            raise BrokenHeader(self.name, self._skipped + used + 1, reason)
        if any("\0" in cell for cell in record):
            raise BrokenHeader(self.name, self._skipped + used, "it has a NUL byte")
        if self._guarded_cells:
            record = bare_rows([record])[0]
        self._skipped += used
        self._take(named(record, sample[1:]), columns, sample[1:])

    def _take(self, shape: Shape, columns: list[str] | None, sample: list[list[str]]) -> None:
        self.header, self._least = shape.names, shape.least
        self.notices.extend(shape.notices)
        if columns is None:
            return
        if sample and len(columns) != len(shape.names):
            raise ColumnsDoNotFit(self.name, len(columns), len(shape.names))
        self.header, self._least = columns, len(columns)

    def _delimited_batches(self, size: int) -> Iterator[Batch]:
        form = self._form
        if form is None:
            return
        lines = Lines(self._source.stream(), form)
        try:
            lines.skip(self._skipped)
            reader = DelimitedReader(self._dialect, self.header, self._least, has_nul=form.has_nul)
            batches = reader.batches(lines, self._skipped + 1, size)
            if self._guarded_cells:
                batches = (_bare(batch) for batch in batches)
            yield from batches
        finally:
            lines.detach()

    def _open_json(self) -> None:
        for batch in self._json_batches(BATCH_ROWS):
            self.header = batch.header
            break
        else:
            self.notices.append(f"{self.name} has no rows.")

    def _json_batches(self, size: int) -> Iterator[Batch]:
        form = self._form
        if form is None:
            return
        reader = JsonReader(self._source.stream(), form, self.name)
        try:
            yield from reader.batches(size)
        finally:
            reader.detach()

    def _open_sheet(self, sheet: str | None) -> None:
        from scorecli.readers.spreadsheet import Workbook  # rare, and brings an optional library

        book = Workbook(self._source.stream(), self.name, sheet)
        self.sheet = book.sheet
        if sheet is None and book.others:
            self.notices.append(
                f"{self.name} has {len(book.others) + 1} sheets; {book.sheet!r} was read."
            )
        sample: list[list[str]] = []
        numbers: list[int] = []
        for number, row in book.rows():
            numbers.append(number)
            sample.append(row)
            if len(sample) >= BATCH_ROWS:
                break
        header, columns = self._wanted
        above = rows_above_header(sample) if header is None else 0
        if above:
            texts = [" ".join(filter(None, row)) for row in sample[:above]]
            self._say_what_is_above(texts, numbers[above] - above - 1)
            sample, numbers = sample[above:], numbers[above:]
        self._before = numbers[0] - 1 if numbers else 0
        self.first = sample[0] if sample else []
        self._told = len(self.notices)
        if not sample:
            self.kind = "empty"
            self.header = columns or []
            self.notices.append(f"{self.name} is empty.")
        elif header is False or (header is None and len(sample) > 1 and looks_like_data(sample[0])):
            self._take(numbered(sample, columns), columns, sample)
        else:
            self._skipped = numbers[0]
            self._take(named(sample[0], sample[1:]), columns, sample[1:])

    def _sheet_batches(self, size: int) -> Iterator[Batch]:
        from scorecli.readers.spreadsheet import Workbook  # see above

        book = Workbook(self._source.stream(), self.name, self.sheet)
        width = len(self.header)
        batch = Batch([], [], [], self.header)
        for number, row in book.rows():
            if number <= self._skipped:
                continue
            if len(row) > width:
                error = f"{len(row)} cells where {width} are expected"
                batch.problems.append(RowProblem(number, "", error, row))
            else:
                batch.rows.append(row + [""] * (width - len(row)))
                batch.lines.append(number)
            if len(batch.rows) + len(batch.problems) >= size:
                yield batch
                batch = Batch([], [], [], self.header)
        if batch.rows or batch.problems:
            yield batch


def _bare(batch: Batch) -> Batch:
    return Batch(batch.lines, bare_rows(batch.rows), batch.problems, batch.header)


def _check_columns(columns: Sequence[str]) -> None:
    seen: set[str] = set()
    for column in columns:
        if column in seen or not column.strip():
            raise DuplicateColumn(column.strip())
        seen.add(column)


def _damaged(source: Source, error: Exception) -> InputDamaged:
    if source.compressed:
        return InputDamaged(source.name, "its compressed data breaks off or is altered")
    return InputDamaged(source.name, getattr(error, "strerror", None) or str(error))
