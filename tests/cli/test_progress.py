"""The progress line."""

from __future__ import annotations

import io

from scorecli.cli.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that goes only when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_shows_rows_rate_and_time_left_and_disappears() -> None:
    stream, clock = Terminal(), Clock()
    with Progress("Importing", stream=stream, clock=clock) as bar:
        clock.now = 10.0
        bar.update(5_000, 0.25)
        line = stream.getvalue()
        assert "5,000 rows" in line
        assert "500/s" in line
        assert "25%" in line
        assert "0:30 left" in line
    shown = stream.getvalue().split("\r")
    assert shown[-1] == ""
    assert shown[-2].strip() == ""


def test_it_draws_at_most_ten_times_a_second() -> None:
    stream, clock = Terminal(), Clock()
    bar = Progress("Importing", stream=stream, clock=clock)
    for step in range(10_000):
        clock.now = 1 + step / 10_000
        bar.update(step)
    assert stream.getvalue().count("\r") <= 11


def test_a_short_command_shows_none() -> None:
    stream, clock = Terminal(), Clock()
    with Progress("Importing", stream=stream, clock=clock) as bar:
        clock.now = 0.3
        bar.update(100)
    assert stream.getvalue() == ""


def test_nothing_is_drawn_off_a_terminal_or_when_quiet() -> None:
    for stream, quiet in ((io.StringIO(), False), (Terminal(), True)):
        clock = Clock()
        with Progress("Importing", stream=stream, clock=clock, quiet=quiet) as bar:
            clock.now = 10.0
            bar.update(5)
        assert stream.getvalue() == ""
