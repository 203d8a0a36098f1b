"""Output files: complete or not there at all, and readable by their owner only."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TextIO

from scorecli.errors.output import OutputDiskFull, OutputNotWritable

_OWNER_ONLY: Final = 0o600
_DISK_FULL: Final = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


@contextmanager
def output_file(path: Path) -> Iterator[TextIO]:
    """Open ``path`` for UTF-8 text that takes its place only when all of it is on disk.

    Until then a file that was there stays as it is, and after an error it still does. What is not
    a regular file, such as a pipe or ``/dev/null``, is written to directly. Raises
    ``OutputNotWritable`` or ``OutputDiskFull``.
    """
    try:
        # A link keeps pointing where it did; the file behind it is what is replaced.
        path = path.resolve()
        if _is_special(path):
            with _opened(os.open(path, os.O_WRONLY)) as stream:
                yield stream
        else:
            with _replacing(path) as stream:
                yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise OutputDiskFull(str(path)) from error
        raise OutputNotWritable(str(path), error.strerror or str(error)) from error


@contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    draft = path.with_name(f".{path.name[:100]}.{os.urandom(6).hex()}.part")
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with _opened(number) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:  # an interrupt must not leave the draft behind either
        with suppress(OSError):
            draft.unlink()
        raise


def _opened(number: int) -> TextIO:
    # Line ends as written, on every system; what UTF-8 cannot hold is escaped, never an error.
    return os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace", newline="")


def _is_special(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
