"""Opens what is to be read: a path or standard input, compressed or not, as a seekable stream."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO, cast

from scorecli.errors.input import InputIsFolder, InputNotFound, InputUnreadable, SpoolFailed
from scorecli.readers.signatures import GZIP, HEAD_BYTES

STDIN = "-"
_BUFFER = 1 << 18


class Source:
    """One input as bytes that can be read from the start as often as needed, one reading at a time.

    What cannot be rewound (standard input, a pipe) is copied first to a temporary file that has no
    name, so that only this process can read it and nothing of it is left behind.
    Raises InputNotFound, InputIsFolder, InputUnreadable and SpoolFailed.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = "stdin" if path == STDIN else Path(path).name
        self._raw = _open(path)
        try:
            self.total: int | None = os.fstat(self._raw.fileno()).st_size
            magic = self._raw.read(2)
            self._raw.seek(0)
            self.compressed = magic == GZIP
            self._stream = self._decompressed() if self.compressed else self._buffered()
        except OSError as error:
            self._raw.close()
            raise InputUnreadable(path, error.strerror or str(error)) from error

    def _buffered(self) -> BinaryIO:
        return io.BufferedReader(self._raw, _BUFFER)

    def _decompressed(self) -> BinaryIO:
        import gzip  # only a compressed file pays for it

        packed = gzip.GzipFile(fileobj=self._buffered(), mode="rb")
        return io.BufferedReader(cast(io.RawIOBase, packed), _BUFFER)

    def stream(self) -> BinaryIO:
        """The content, decompressed, from its first byte; an earlier reading ends with this."""
        self._stream.seek(0)
        return self._stream

    def head(self) -> bytes:
        """The first bytes of the content, decompressed."""
        return self.stream().read(HEAD_BYTES)

    def progress(self) -> tuple[int, int | None]:
        """Bytes read so far of the file as it lies on disk, and its size where known."""
        try:
            return self._raw.tell(), self.total
        except (ValueError, OSError):
            return self.total or 0, self.total

    def close(self) -> None:
        """Give the file back; a spooled copy is gone with this."""
        self._stream.close()
        self._raw.close()


def _open(path: str) -> io.FileIO:
    if path == STDIN:
        return _spooled(sys.stdin.buffer, path)
    try:
        raw = io.FileIO(path, "r")
    except FileNotFoundError as error:
        raise InputNotFound(path) from error
    except IsADirectoryError as error:
        raise InputIsFolder(path) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputUnreadable(path, reason) from error
    if stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
        return raw
    with raw:
        return _spooled(cast(BinaryIO, raw), path)


def _spooled(stream: BinaryIO, path: str) -> io.FileIO:
    import tempfile  # only what cannot be rewound pays for it

    try:
        with tempfile.TemporaryFile("w+b", buffering=0) as spool:
            # What TemporaryFile returns differs between systems; the descriptor does not.
            raw = io.FileIO(os.dup(spool.fileno()), "r+")
    except OSError as error:
        raise SpoolFailed(error.strerror or str(error)) from error
    try:
        while True:
            chunk = _read(stream, path)
            if not chunk:
                break
            _write_all(raw, chunk)
        raw.seek(0)
    except BaseException:
        raw.close()
        raise
    return raw


def _read(stream: BinaryIO, path: str) -> bytes:
    try:
        return stream.read(_BUFFER)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputUnreadable(path, reason) from error


def _write_all(raw: io.FileIO, chunk: bytes) -> None:
    rest = memoryview(chunk)
    try:
        while rest:
            rest = rest[raw.write(rest) :]
    except OSError as error:
        raise SpoolFailed(error.strerror or str(error)) from error
