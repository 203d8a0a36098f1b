"""Failures as people and shells see them: a line or two on stderr, and an exit code.

0 done; 1 refused or not found; 2 wrong usage or broken settings; 3 done, but some rows were
rejected; 4 the database cannot be used or a disk is full; 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

from scorecli.errors import DatabaseUnavailable, ScorecliError, WrongUsage
from scorecli.render.sanitise import lines

if TYPE_CHECKING:
    from scorecli.cli.context import App

DONE: Final = 0
REFUSED: Final = 1
WRONG_USAGE: Final = 2
ROWS_REJECTED: Final = 3
UNAVAILABLE: Final = 4
INTERRUPTED: Final = 130

_NO_SPACE: Final = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def report(error: BaseException, arguments: Sequence[str], app: App | None) -> int:
    """Say on stderr what ``error`` means and return the exit code for it.

    ``app`` is None where the command line was not even read. With ``--debug`` the traceback comes
    first.
    """
    code, message, hint = _meaning(error, app)
    if message and (app.debug if app is not None else "--debug" in arguments):
        import traceback

        say("".join(traceback.format_exception(error)).rstrip("\n"))
    if message:
        say(f"Error: {message}" if code != INTERRUPTED else message)
    if hint:
        say(hint)
    if isinstance(error, OSError):
        _give_up_on_broken(sys.stdout)
    return code


def say(text: str, end: str = "\n") -> None:
    """Write ``text`` to stderr, with nothing in it that a terminal would obey."""
    try:
        sys.stderr.write(lines(text) + end)
        sys.stderr.flush()
    except (OSError, ValueError):
        # Nobody can be told that nobody can be told.
        _give_up_on(sys.stderr)


def output_failed(error: OSError | ValueError, stream: TextIO, code: int) -> int:
    """Return the exit code after the last of the output could not be written."""
    _give_up_on(stream)
    if not isinstance(error, OSError) or isinstance(error, BrokenPipeError) or code:
        return code
    if stream is sys.stderr:
        return code
    code, message, hint = _of_system(error)
    say(f"Error: {message}")
    if hint:
        say(hint)
    return code


def _meaning(error: BaseException, app: App | None) -> tuple[int, str, str | None]:
    if isinstance(error, ScorecliError):
        return _code_of(error), error.message, error.hint
    if isinstance(error, BrokenPipeError):
        return DONE, "", None  # the reader has seen enough
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "Interrupted.", None
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else REFUSED, "", None
    if isinstance(error, OSError):
        return _of_system(error)
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        # The system's arguments may be any bytes; what is stored and looked for is text.
        shown = error.object[:100]
        return WRONG_USAGE, f"'{shown}' is not UTF-8 text.", "Check the terminal's encoding."
    return _of_database(error, app) or _of_typer(error) or _unexpected(error)


def _code_of(error: ScorecliError) -> int:
    if isinstance(error, DatabaseUnavailable):
        return UNAVAILABLE
    if isinstance(error, WrongUsage):
        return WRONG_USAGE
    return REFUSED


def _of_system(error: OSError) -> tuple[int, str, str | None]:
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename is None:
        what = "The output cannot be written"
    else:
        what = f"{os.fsdecode(error.filename)!s} cannot be used"
    if error.errno in _NO_SPACE:
        return UNAVAILABLE, f"{what}: {reason}.", "Free some space and run the command again."
    if isinstance(error, PermissionError):
        return REFUSED, f"{what}: {reason}.", "Check its permissions, or name another file."
    if isinstance(error, FileNotFoundError):
        return REFUSED, f"{what}: {reason}.", "Check the path."
    return REFUSED, f"{what}: {reason}.", None


def _of_database(error: BaseException, app: App | None) -> tuple[int, str, str | None] | None:
    # Only where the command got as far as opening one is sqlite3 loaded.
    sqlite3: Any = sys.modules.get("sqlite3")
    if sqlite3 is None or app is None or not isinstance(error, sqlite3.Error):
        return None
    from scorecli.storage.failures import explain

    failure = explain(error, app.database_path)
    return None if failure is None else (_code_of(failure), failure.message, failure.hint)


def _of_typer(error: BaseException) -> tuple[int, str, str | None] | None:
    typer: Any = sys.modules.get("typer")
    if typer is None:
        return None
    if isinstance(error, typer.Exit):
        return error.exit_code, "", None
    if isinstance(error, typer.Abort):
        return INTERRUPTED, "Interrupted.", None
    if not isinstance(error, typer.TyperException):
        return None
    context = getattr(error, "ctx", None)
    path = "scorecli" if context is None else context.command_path
    return WRONG_USAGE, _sentence(error.format_message()), f"`{path} --help` shows how it is used."


_WORDS_OF_TYPER: Final = (
    ("is not a valid int.", "is not a whole number."),
    ("is not a valid int range.", "is not a whole number."),
    ("is not a valid float.", "is not a number."),
)


def _sentence(message: str) -> str:
    message = message.replace(":\n\t", ": ").replace(",\n\t", ", ")  # Typer lists choices in lines
    for its_word, word in _WORDS_OF_TYPER:
        message = message.replace(its_word, word)
    return message if message.endswith((".", "?", "!", ")")) else message + "."


def _unexpected(error: BaseException) -> tuple[int, str, str | None]:
    detail = str(error).partition("\n")[0]
    what = f"{type(error).__name__}: {detail}" if detail else type(error).__name__
    return (
        REFUSED,
        f"unexpected error, {what}",
        "This is a fault of scorecli; run the command again with --debug to see where.",
    )


def _give_up_on_broken(stream: TextIO) -> None:
    try:
        stream.flush()
    except (OSError, ValueError):
        _give_up_on(stream)


def _give_up_on(stream: TextIO) -> None:
    """Point a stream that cannot be written at nothing, so that the interpreter ends quietly."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
    except (OSError, ValueError):
        return
