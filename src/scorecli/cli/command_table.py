"""Every command by name, in the order of a working day; help and completion read this alone.

A new command is a function in a file of this folder and one line here. Its docstring begins with
the same sentence as its summary.
"""

from __future__ import annotations

from scorecli.cli.lazy_group import Entry

HELP = "Import a phone system's call log, score the calls, and read conversion reports."

EXAMPLES = (
    "scorecli calls import calls.csv",
    "scorecli calls list date:today",
    "scorecli score 12 --stars 4 --tag demo --converted --amount 250",
    "scorecli report conversions --by source --since 30d",
)

_SETUP = "Set up"

COMMANDS: tuple[Entry, ...] = (
    Entry(
        "completion",
        "Print the completion script of a shell",
        "scorecli.cli.completion_script:print_script",
        panel=_SETUP,
    ),
)
