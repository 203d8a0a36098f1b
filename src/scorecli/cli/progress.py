"""A line on stderr that says how far a long command is; on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TextIO

_PERIOD: Final = 0.1  # seconds between two drawings
_PATIENCE: Final = 0.5  # seconds without a bar, since most commands are done by then
_WIDTH: Final = 20


class Progress:
    """Rows so far, rows a second and the time left, on one line that disappears at the end.

    Use as a context manager and call :meth:`update` as often as you like: it draws at most ten
    times a second, and not at all where ``stream`` is no terminal or ``quiet`` is set.
    """

    def __init__(
        self,
        label: str,
        *,
        quiet: bool = False,
        unit: str = "rows",
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._label = label
        self._unit = unit
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._shown = not quiet and _is_terminal(self._stream)
        self._started = clock()
        self._next = self._started + _PATIENCE
        self._drawn = 0  # characters on the line

    def update(self, done: int, fraction: float | None = None) -> None:
        """Say that ``done`` rows are done, which is ``fraction`` (0 to 1) of all where known."""
        if not self._shown:
            return
        now = self._clock()
        if now < self._next:
            return
        self._next = now + _PERIOD
        self._draw(self._line(done, fraction, now - self._started))

    def at(self, rows: int, done: int, total: int | None) -> None:
        """Say that ``rows`` rows are done, at ``done`` of the ``total`` bytes of a file."""
        self.update(rows, done / total if total else None)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._drawn:
            self._draw("")
            self._drawn = 0

    def _line(self, done: int, fraction: float | None, seconds: float) -> str:
        rate = done / seconds if seconds > 0 else 0.0
        parts = [self._label]
        if fraction is not None:
            fraction = min(1.0, max(0.0, fraction))
            full = round(fraction * _WIDTH)
            parts.append(f"[{'#' * full}{'.' * (_WIDTH - full)}] {fraction:4.0%}")
        parts.append(f"{done:,} {self._unit}")
        parts.append(f"{rate:,.0f}/s")
        if fraction:
            parts.append(f"{_clock_text(seconds / fraction - seconds)} left")
        return "  ".join(parts)

    def _draw(self, line: str) -> None:
        # Blanks rather than an escape sequence clear the rest: they work on every terminal.
        blank = " " * (self._drawn - len(line))
        back = "\r" if not line else ""
        with suppress(OSError, ValueError):  # the bar is no reason to fail
            self._stream.write(f"\r{line}{blank}{back}")
            self._stream.flush()
        self._drawn = len(line)


def _clock_text(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False
