"""Every failure that scorecli reports, one class each; here the families, by subject the rest.

A class builds its own sentence from the values at hand: ``message`` says what is wrong with which
value, ``hint`` what to do about it. What a failure means to a shell (its exit code) is decided in
the command line alone.

The classes stand in modules by subject. What most commands load names them as
``errors.calls.UnknownCall``, so that a subject is imported when one of its failures happens: a
command that succeeds needs none of them.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the real one costs the import of typing
if TYPE_CHECKING:
    from types import ModuleType

    from scorecli.errors import (  # noqa: F401
        calls,
        campaigns,
        command_line,
        contacts,
        database,
        do_not_call,
        filters,
        history,
        importing,
        input,  # noqa: A004
        output,
        reports,
        results,
        scoring,
        scripts,
        settings,
        tags,
        users,
        values,
    )


def __getattr__(subject: str) -> ModuleType:
    import importlib

    try:
        return importlib.import_module(f"{__name__}.{subject}")
    except ModuleNotFoundError:
        raise AttributeError(f"module {__name__!r} has no attribute {subject!r}") from None


def pasted(word: str) -> str:
    """Return a word from the data, quoted so that a hint's command can be pasted into a shell."""
    if not any(character in word for character in '"$`\\!'):
        return f'"{word}"'
    import shlex

    return shlex.quote(word)


class ScorecliError(Exception):
    """The base of all failures that are shown to people as one or two lines."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Refused(ScorecliError):
    """What was asked for is not possible now, or does not exist; nothing was written."""


class WrongUsage(ScorecliError):
    """The command, an option or the settings are wrong; nothing was done."""


class DatabaseUnavailable(ScorecliError):
    """The database cannot be opened, is locked, corrupt or too new, or the disk is full."""


class BadValue(WrongUsage, ValueError):
    """A value that a person or a file gave cannot be understood.

    It is a ``ValueError`` as well, so that an import can turn it into a problem of one row.
    """
