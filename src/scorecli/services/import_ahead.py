"""Reading files in a process of its own, while the calls read so far are written.

A large first import is then as quick as the slower of its two halves. The reading process never
touches the database. It puts the calls into an unnamed file that both processes share and says
over a pipe where they are; the writing process holds the write lock no longer than it would alone,
since writing is the longer half.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from scorecli.services.import_spool import Spool

if TYPE_CHECKING:
    from scorecli.readers.calls import Columns
    from scorecli.services.import_reading import FileRead, ReadingProgress

_WORTH_IT = 8 * 1024 * 1024  # bytes of input; starting a process gains nothing below
Reads = Callable[[Spool, Callable[[str], None], "ReadingProgress"], "list[FileRead]"]


class Rewound(Exception):  # a turn in the road, not a failure
    """The reading began a file anew, so what was handed over of it does not count."""


class ReadingFailed(Exception):  # the reason is found by reading again in this process
    """The reading process ended without having read everything."""


def is_worth_it(paths: Sequence[str]) -> bool:
    """Tell whether reading ahead would make an import of these files quicker."""
    if not hasattr(os, "fork") or (os.cpu_count() or 1) < 2:
        return False
    files = [Path(path) for path in paths]
    return all(file.is_file() for file in files) and (
        sum(file.stat().st_size for file in files) >= _WORTH_IT
    )


class ReadAhead:
    """The reading of some files, under way in another process. Use as a context manager.

    ``read`` gets the spool, and where to tell notices and progress; it runs over there.
    """

    def __init__(
        self, read: Reads, notice: Callable[[str], None], progress: ReadingProgress | None
    ) -> None:
        self._notice = notice
        self._progress = progress
        file: Any = TemporaryFile()  # noqa: SIM115  # closed with the spool
        incoming, outgoing = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(incoming)
            _read_over_there(read, file, outgoing)
        os.close(outgoing)
        self._messages: IO[bytes] = os.fdopen(incoming, "rb")
        self._first: tuple[Any, ...] | None = None
        self.spool = SharedSpool(file)
        self.reads: list[FileRead] = []

    def begin(self) -> None:
        """Wait until something was read; raises :class:`ReadingFailed`."""
        self._first = self._receive()

    def batches(self) -> Iterator[tuple[int, Columns, int]]:
        """Yield what is read as (file, calls, how many), until all files are read.

        Raises :class:`Rewound` and :class:`ReadingFailed`.
        """
        while True:
            message = self._first or self._receive()
            self._first = None
            if message[0] == "batch":
                _, file, offset, size, count = message
                self.spool.note(offset, size, count)
                yield file, self.spool.at(offset, size), count
            elif message[0] == "rewind":
                self.spool.forget(message[1])
                raise Rewound
            elif message[0] == "done":
                self.reads = message[1]
                return

    def finish(self) -> None:
        """Wait until all is read, without writing any of it."""
        while not self.reads:
            try:
                for _ in self.batches():
                    pass
            except Rewound:
                continue

    def close(self) -> None:
        """End the reading, whether it is done or not, and drop the spool."""
        self._messages.close()  # a reading process that is not done finds the pipe closed
        os.waitpid(self._process, 0)
        self.spool.close()

    def __enter__(self) -> ReadAhead:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _receive(self) -> tuple[Any, ...]:
        while True:
            try:
                message: tuple[Any, ...] = pickle.load(self._messages)  # noqa: S301  # our own pipe
            except EOFError:
                raise ReadingFailed from None
            if message[0] == "notice":
                self._notice(message[1])
            elif message[0] == "progress":
                if self._progress is not None:
                    self._progress(*message[1:])
            elif message[0] == "failed":
                raise ReadingFailed
            else:
                return message


class SharedSpool(Spool):
    """A spool in a file of two processes: one adds and tells where, the other looks there."""

    def __init__(self, file: Any, tell: Callable[[tuple[Any, ...]], None] | None = None) -> None:
        super().__init__(file)
        self._tell = tell
        self._end = 0

    def add(self, columns: Columns, count: int) -> None:
        if count and self._tell is not None:
            data = self.packed(columns)
            os.pwrite(self._file.fileno(), data, self._end)
            self.note(self._end, len(data), count)
            self._tell(("batch", self.file, self._end, len(data), count))
            self._end += len(data)

    def rewind(self, mark: int) -> None:
        if mark < self.mark() and self._tell is not None:
            self._end = self.forget(mark)
            self._tell(("rewind", mark))

    def data(self, offset: int, size: int) -> bytes:
        # Not by seeking: both processes would move the one position that they share.
        return os.pread(self._file.fileno(), size, offset)


def _read_over_there(read: Reads, file: Any, outgoing: int) -> None:
    """Read all files and tell the other process; this process ends here."""
    code = 1
    try:
        with os.fdopen(outgoing, "wb") as pipe:

            def tell(message: tuple[Any, ...]) -> None:
                pickle.dump(message, pipe)
                pipe.flush()

            try:
                reads = read(
                    SharedSpool(file, tell),
                    lambda text: tell(("notice", text)),
                    lambda *figures: tell(("progress", *figures)),
                )
                tell(("done", reads))
                code = 0
            except Exception:  # whatever it is, the other process meets it again and reports it
                tell(("failed",))
    except BaseException:  # noqa: S110  # nobody is left to be told
        pass
    finally:
        os._exit(code)
