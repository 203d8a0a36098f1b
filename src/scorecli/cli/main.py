"""The entry of the command line: runs one command and returns what the shell is told.

Nothing is imported here before it is needed: every keystroke of completion starts this file.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

TYPE_CHECKING = False  # the real one costs the import of typing
if TYPE_CHECKING:
    from scorecli.cli.context import App

PROGRAM = "scorecli"
COMPLETION_VARIABLE = "_SCORECLI_COMPLETE"


def main() -> int:
    """Run the command of ``sys.argv`` and end the process with its exit code.

    Returns only while a debugger or a coverage tool watches, which have their say at the end.
    """
    # A start makes few cycles and many objects; the usual threshold of 700 looks for them often.
    gc.set_threshold(50_000, 20, 20)
    code = run(sys.argv[1:])
    if sys.gettrace() is None and sys.getprofile() is None:
        # All is written and closed by now. Taking every module apart again would cost a short
        # command a sixth of its time.
        os._exit(code)
    return code


def run(arguments: Sequence[str]) -> int:
    """Run one command; every failure ends as a line on stderr and an exit code."""
    app: App | None = None
    try:
        _open_missing_streams()
        instruction = os.environ.get(COMPLETION_VARIABLE)
        if instruction:
            from scorecli.cli.completion import answer

            code = answer(instruction)
        else:
            from scorecli.cli.context import App

            app = App(arguments)
            code = _run_command(app)
    except BaseException as error:
        from scorecli.cli.diagnostics import report

        code = report(error, arguments, app)
    return _flushed(code)


def _run_command(app: App) -> int:
    from scorecli.cli.app import root_command

    command = root_command()
    # Not command.main(): it decides on exit codes and on what a closed pipe means by itself.
    with command.make_context(PROGRAM, list(app.arguments), obj=app) as context:
        outcome = command.invoke(context)
        app.tell_of_rules()
    return outcome if isinstance(outcome, int) else 0


def _open_missing_streams() -> None:
    # Started with `>&-` or by some schedulers; a database must never become descriptor 1.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123


def _flushed(code: int) -> int:
    """Write out what is buffered; the interpreter would complain of a closed pipe at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError) as error:
            from scorecli.cli.diagnostics import output_failed

            code = output_failed(error, stream, code)
    return code
