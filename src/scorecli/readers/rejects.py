"""Writes rows that could not be used to a file of their own, for people to mend and import."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from scorecli.errors.input import RejectsFileExists, RejectsFileFailed
from scorecli.readers.rows import RowProblem

ADDED = ("line", "field", "error")
_SUFFIX = ".rejects"
_MOST_REASONS = 1000  # different ones that are counted; a flood of others is not worth the memory


class Commonest(NamedTuple):
    """The most frequent reason for rejecting a row, in which column, and how many rows have it."""

    field: str
    error: str
    rows: int


class RejectsFile:
    """A CSV file (UTF-8, readable by its owner only) that comes to be with its first problem.

    ``given`` is the path to write, refused where it exists; without it, ``FOLDER/NAME.rejects.csv``
    or the first of ``NAME.rejects-2.csv``, ... that is free. An existing file is never written to.
    With ``dry`` nothing is written and only ``count`` is kept; what would be refused still is.
    Raises RejectsFileExists and RejectsFileFailed.
    """

    def __init__(
        self,
        name: str,
        *,
        given: str | None = None,
        folder: str | os.PathLike[str] = ".",
        dry: bool = False,
    ) -> None:
        self._name = Path(name).name
        self._given = given
        self._folder = Path(folder)
        self._dry = dry
        self._file: TextIO | None = None
        self._shapes: list[tuple[int, list[str]]] = []  # (rows written before, header from there)
        self.path: Path | None = None
        self.count = 0
        self._reasons: dict[tuple[str, str], int] = {}
        if given is not None and os.path.lexists(given):
            raise RejectsFileExists(given)

    @classmethod
    def again(cls, path: Path, written: int, commonest: Commonest | None) -> RejectsFile:
        """Go on with a file that was closed, which holds as many rows, most of them for a reason.

        Raises RejectsFileFailed.
        """
        rejects = cls(path.name)
        rejects.path = path
        rejects.count_on(written, commonest)
        try:
            handle = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            file = os.fdopen(handle, "r+", encoding="utf-8", errors="backslashreplace", newline="")
            rejects._file = file
            csv.field_size_limit(max(csv.field_size_limit(), 1 << 30))
            header = next(csv.reader(iter(file.readline, "")))
            rejects._shapes.append((0, header[: -len(ADDED)]))
            file.seek(0, os.SEEK_END)
        except (OSError, csv.Error, StopIteration) as error:
            raise rejects._failure(error) from error
        return rejects

    def write(self, problem: RowProblem, header: Sequence[str]) -> None:
        """Add a row; ``header`` names its cells and may change from row to row (as in JSON).

        Cells beyond the header stand, as CSV, behind the last column's own.
        """
        if not self._dry:
            try:
                file = self._file or self._create()
                if not self._shapes:
                    csv.writer(file).writerow([*header, *added_names(header)])
                if not self._shapes or self._shapes[-1][1] != list(header):
                    self._shapes.append((self.count, list(header)))
                cells = _fitted(problem.cells, len(header))
                csv.writer(file).writerow([*cells, problem.line, problem.field, problem.error])
            except (OSError, UnicodeError) as error:
                raise self._failure(error) from error
        self.count += 1
        reason = (problem.field, problem.error)
        if reason in self._reasons or len(self._reasons) < _MOST_REASONS:
            self._reasons[reason] = self._reasons.get(reason, 0) + 1

    def count_on(self, written: int, commonest: Commonest | None) -> None:
        """Count on from rows that were rejected before, most of them for a reason."""
        self.count += written
        if commonest is not None:
            self._reasons[commonest.field, commonest.error] = commonest.rows

    def commonest(self) -> Commonest | None:
        """Return the reason that most of the problems have; of several, the first met."""
        if not self._reasons:
            return None
        field, error = max(self._reasons, key=self._reasons.__getitem__)
        return Commonest(field, error, self._reasons[field, error])

    def close(self) -> Path | None:
        """Complete the file on disk, so that it survives a power loss; its path, or None."""
        if self._file is None or self.path is None:
            return None
        try:
            if len(self._shapes) > 1:
                self._unite(self._file, self.path)
            else:
                self._file.flush()
                os.fsync(self._file.fileno())
            _sync_folder(self.path.parent)
        except (OSError, csv.Error) as error:
            raise self._failure(error) from error
        finally:
            self._file.close()
            self._file = None
        return self.path

    def discard(self) -> None:
        """Remove what was written, because nothing was imported; a closed file goes too."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            self.path = None

    def cut(self, size: int) -> None:
        """Take back what was written since the file had ``size`` bytes, where that can be done."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self.path is not None and len(self._shapes) == 1:  # else it was written anew
            os.truncate(self.path, size)

    def _failure(self, error: Exception) -> RejectsFileFailed:
        path = self._given or self.path or self._folder / f"{self._name}{_SUFFIX}.csv"
        return RejectsFileFailed(str(path), getattr(error, "strerror", None) or str(error))

    def _create(self) -> TextIO:
        number = 1
        while True:
            path = Path(self._given) if self._given is not None else self._choice(number)
            try:
                self._file = _new_file(path)
            except FileExistsError as error:
                if self._given is not None:
                    raise RejectsFileExists(self._given) from error
                number += 1
            else:
                self.path = path
                return self._file

    def _choice(self, number: int) -> Path:
        stem = self._name.removesuffix(".gz")
        stem = stem.rpartition(".")[0] or stem
        return self._folder / f"{stem}{_SUFFIX}{'' if number == 1 else f'-{number}'}.csv"

    def _unite(self, written: TextIO, path: Path) -> None:
        """Write the file anew under one header that has the columns of all its rows."""
        written.flush()
        written.seek(0)
        csv.field_size_limit(max(csv.field_size_limit(), 1 << 30))
        union = list(dict.fromkeys(name for _, header in self._shapes for name in header))
        places = {name: place for place, name in enumerate(union)}
        beside = path.with_name(f".{path.name}.{os.getpid()}.part")
        file = _new_file(beside)
        try:
            with file:
                writer = csv.writer(file)
                writer.writerow([*union, *added_names(union)])
                rows = csv.reader(written)
                next(rows)
                shapes = iter([*self._shapes, (-1, [])])
                header = next(shapes)[1]
                upcoming = next(shapes)
                for number, row in enumerate(rows):
                    if number == upcoming[0]:
                        header, upcoming = upcoming[1], next(shapes)
                    cells = [""] * len(union)
                    for name, cell in zip(header, row, strict=False):
                        cells[places[name]] = cell
                    writer.writerow([*cells, *row[len(header) :]])
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def numbered(rejects: str | None, files_before: int) -> str | None:
    """Return the rejects file of a further file with bad rows: ``bad.csv``, ``bad-2.csv``."""
    if rejects is None or not files_before:
        return rejects
    path = Path(rejects)
    return str(path.with_name(f"{path.stem}-{files_before + 1}{path.suffix}"))


def added_names(header: Sequence[str]) -> list[str]:
    """``line``, ``field``, ``error``, each with a number where the header has that name itself."""
    taken, names = set(header), []
    for base in ADDED:
        name, number = base, 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        names.append(name)
    return names


def _new_file(path: Path) -> TextIO:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(
        os.open(path, flags, 0o600), "w+", encoding="utf-8", errors="backslashreplace", newline=""
    )


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    if len(cells) <= width:
        return [*cells, *[""] * (width - len(cells))]
    if width == 0:
        return []
    rest = io.StringIO()
    csv.writer(rest, lineterminator="").writerow(cells[width - 1 :])
    return [*cells[: width - 1], rest.getvalue()]


def _sync_folder(folder: Path) -> None:
    """Make the file's name as durable as its content, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return  # some file systems refuse this for folders
    finally:
        os.close(handle)
