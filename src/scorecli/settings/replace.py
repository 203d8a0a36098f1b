"""Replacing a file in one step, and keeping two processes from changing it at once."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from scorecli.errors.settings import SettingsBusy, SettingsNotWritten

PATIENCE = 10.0
"""How many seconds a change waits for another one of the same file."""


@contextlib.contextmanager
def locked(file: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold off other changes of the files in one folder, which is made where it is missing.

    The folder itself is locked, so that no lock file stays behind; where a system cannot lock
    folders, the step that replaces the file is still a single one. Raises SettingsBusy after
    ``patience`` seconds, and SettingsNotWritten where the folder cannot be made.
    """
    folder = _real(file).parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsNotWritten(str(file), error.strerror or str(error)) from error
    try:
        import fcntl  # not on Windows

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise SettingsBusy(str(file), patience) from None
                time.sleep(0.02)
            except OSError:  # a file system without locks
                break
        yield
    finally:
        os.close(handle)


def new_file(file: Path, data: bytes, mode: int = 0o666) -> Path:
    """Make a file that must not exist yet, with ``mode`` less the umask, and return it."""
    try:
        _write(file, data, mode)
    except OSError as error:
        raise SettingsNotWritten(str(file), error.strerror or str(error)) from error
    return file


def replace(file: Path, data: bytes) -> None:
    """Replace what a file holds in one step; links are followed, mode and owner are kept.

    Raises SettingsNotWritten, and the file is then as it was.
    """
    real = _real(file)
    temporary = real.with_name(f".{real.name}.{os.getpid()}.{time.monotonic_ns()}.tmp")
    try:
        old = real.stat() if real.exists() else None
        if old is not None and not os.access(real, os.W_OK):
            # A folder that can be written would allow it all the same.
            raise SettingsNotWritten(str(file), "it is write-protected")
        try:
            _write(temporary, data, 0o600 if old else 0o666)
            if old is not None:
                _take_over(temporary, old)
            temporary.replace(real)
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
        _sync_folder(real.parent)
    except OSError as error:
        raise SettingsNotWritten(str(file), error.strerror or str(error)) from error


def _real(file: Path) -> Path:
    return Path(os.path.realpath(file))


def _write(file: Path, data: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file, flags, mode), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _take_over(file: Path, old: os.stat_result) -> None:
    if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        with contextlib.suppress(PermissionError):  # only root may give a file away
            os.chown(file, old.st_uid, old.st_gid)
    file.chmod(stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every system can
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
