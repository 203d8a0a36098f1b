"""Long tables on a terminal go through the person's own pager."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import suppress

from scorecli.render.output import write
from scorecli.render.style import Style
from scorecli.result import Result

_DEFAULT_PAGER = ("less", "-FRX")


def write_paged(result: Result, output_format: str | None, style: Style) -> int:
    """Write ``result`` to stdout, through the pager where it is longer than the terminal.

    Returns how many rows it had.
    """
    drawn = io.StringIO()
    rows = write(result, output_format, drawn, style=style)
    text = drawn.getvalue()
    if text.count("\n") < _terminal_lines() or not _paged(text, style.encoding):
        # Drawn apart from the terminal, the text may hold what the terminal cannot encode.
        sys.stdout.write(text.encode(style.encoding, "backslashreplace").decode(style.encoding))
    return rows


def _terminal_lines() -> int:
    given = os.environ.get("LINES", "")
    if given.isascii() and given.isdigit() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines or 24
    except (OSError, ValueError):
        return 24


def _paged(text: str, encoding: str) -> bool:
    command = pager_command(os.environ.get("PAGER"))
    if not command:
        return False
    sys.stdout.flush()
    try:
        # Never through a shell: the words of $PAGER are a program and its arguments.
        pager = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603
    except OSError:
        return False
    with suppress(BrokenPipeError, KeyboardInterrupt):
        pager.communicate(text.encode(encoding, "backslashreplace"))
    while True:
        try:
            pager.wait()
        except KeyboardInterrupt:
            continue  # the pager handles it; leaving now would spoil the terminal under it
        return True


def pager_command(named: str | None) -> tuple[str, ...]:
    """Return the words of the pager; none where the person wants no pager."""
    if named is None:
        return _DEFAULT_PAGER
    import shlex

    try:
        words = tuple(shlex.split(named))
    except ValueError:
        return ()
    return () if words == ("cat",) else words
