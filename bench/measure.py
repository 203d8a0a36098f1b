"""Whole processes side by side: wall and CPU seconds and memory of each, in interleaved pairs."""

from __future__ import annotations

import fcntl
import os
import pty
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

FEWEST_PAIRS = 9
FEWEST_LONG_PAIRS = 3
LONG = 10.0  # seconds from which three pairs are enough
_TERMINAL_ROWS, _TERMINAL_COLUMNS = 400, 200  # tall enough that nothing is paged


class CommandFailed(Exception):
    """A measured command did not do what it should, so its time means nothing."""


class Command(NamedTuple):
    """One process. With ``terminal`` its output goes to a terminal, else to nowhere."""

    words: Sequence[str]
    stdin: str = ""
    env: Mapping[str, str] = {}
    terminal: bool = False


class Cost(NamedTuple):
    """Seconds on the clock, seconds of processors (user and system), and peak memory in bytes."""

    wall: float
    user: float
    system: float
    memory: int

    @property
    def cpu(self) -> float:
        """User and system seconds together."""
        return self.user + self.system

    def plus(self, other: Cost) -> Cost:
        """Return the cost of doing one after the other."""
        return Cost(
            self.wall + other.wall,
            self.user + other.user,
            self.system + other.system,
            max(self.memory, other.memory),
        )


class Pair(NamedTuple):
    """One measurement of both sides, one right after the other."""

    ours: Cost
    theirs: Cost


class Side(NamedTuple):
    """What one side does in repetition number n; ``prepare`` is not measured."""

    commands: Callable[[int], Sequence[Command]]
    prepare: Callable[[], None] | None = None


class Spread(NamedTuple):
    """The middle and the ends of some figures."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        """Return the spread of at least one figure."""
        return cls(statistics.median(figures), min(figures), max(figures))


def run(command: Command, folder: Path) -> Cost:
    """Run one process to its end and return its cost; raises :class:`CommandFailed`."""
    env = {**_plain_environment(folder), **command.env}
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as given:
        given.write(command.stdin.encode())
        given.seek(0)
        output, drain = _output(command.terminal)
        started = time.perf_counter()
        process = subprocess.Popen(  # the bench's own commands
            list(command.words), stdin=given, stdout=output, stderr=errors, env=env, cwd=folder
        )
        # wait4 gives the figures of this one child; Popen must not wait for it a second time.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        os.close(output)
        drain()
        if process.returncode != 0:
            errors.seek(0)
            said = errors.read()[-2000:].decode(errors="replace")
            raise CommandFailed(f"{' '.join(command.words)}: {process.returncode}\n{said}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * unit)


def output_of(command: Command, folder: Path) -> str:
    """Run one process and return what it printed; raises :class:`CommandFailed`."""
    done = subprocess.run(  # the bench's own commands
        list(command.words),
        input=command.stdin,
        capture_output=True,
        text=True,
        env={**_plain_environment(folder), **command.env},
        cwd=folder,
        check=False,
    )
    if done.returncode != 0:
        raise CommandFailed(f"{' '.join(command.words)}: {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def pairs_of(ours: Side, theirs: Side, folder: Path, pairs: int | None = None) -> list[Pair]:
    """Measure both sides in turns, each going first in every other pair.

    Without ``pairs`` there are nine, or three where one takes over ten seconds. A first pair warms
    caches up and counts only where it took that long.
    """
    first = _one_pair(ours, theirs, folder, 0)
    is_long = max(first.ours.wall, first.theirs.wall) > LONG
    wanted = pairs or (FEWEST_LONG_PAIRS if is_long else FEWEST_PAIRS)
    measured = [first] if is_long else []
    more = range(1, wanted + 1 - len(measured))
    return [*measured, *(_one_pair(ours, theirs, folder, number) for number in more)]


def _one_pair(ours: Side, theirs: Side, folder: Path, number: int) -> Pair:
    if number % 2:
        second = _cost(theirs, folder, number)
        return Pair(_cost(ours, folder, number), second)
    return Pair(_cost(ours, folder, number), _cost(theirs, folder, number))


def _cost(side: Side, folder: Path, number: int) -> Cost:
    if side.prepare is not None:
        side.prepare()
    os.sync()  # what others wrote must not be flushed on this one's time
    total = Cost(0.0, 0.0, 0.0, 0)
    for command in side.commands(number):
        total = total.plus(run(command, folder))
    return total


def _plain_environment(folder: Path) -> dict[str, str]:
    """Return an environment without wishes of this machine; byte-code is read as installed."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "TZ": "UTC",
    }


def _output(terminal: bool) -> tuple[int, Callable[[], None]]:
    """Return a descriptor to write to and what to call when nothing more will be written."""
    if not terminal:
        return os.open(os.devnull, os.O_WRONLY), lambda: None
    reader, writer = pty.openpty()
    size = struct.pack("HHHH", _TERMINAL_ROWS, _TERMINAL_COLUMNS, 0, 0)
    fcntl.ioctl(writer, termios.TIOCSWINSZ, size)
    thread = threading.Thread(target=_read_all, args=(reader,))
    thread.start()
    return writer, thread.join


def _read_all(reader: int) -> None:
    try:
        while os.read(reader, 1 << 16):
            pass
    except OSError:  # how Linux says that the other end is closed
        pass
    finally:
        os.close(reader)
