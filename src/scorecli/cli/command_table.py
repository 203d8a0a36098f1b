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

_DB = (
    Entry("info", "Show the database's size, format and how much it holds", "scorecli.cli.db:info"),
    Entry(
        "check",
        "Look for damage, and for anything that does not add up",
        "scorecli.cli.db:check",
    ),
    Entry("backup", "Copy the database to FILE, also while others write", "scorecli.cli.db:backup"),
    Entry(
        "upgrade",
        "Bring the database of an earlier scorecli up to date",
        "scorecli.cli.db:upgrade",
    ),
)

COMMANDS: tuple[Entry, ...] = (
    Entry(
        "config",
        "See, check and change the settings",
        "scorecli.cli.config:app",
        panel=_SETUP,
        examples=("scorecli config show", "scorecli config set score.field_name Rating"),
    ),
    Entry(
        "db",
        "Check, back up and upgrade the database",
        entries=_DB,
        panel=_SETUP,
        examples=("scorecli db check", "scorecli db backup calls-backup.db"),
    ),
    Entry(
        "completion",
        "Print the completion script of a shell",
        "scorecli.cli.completion_script:print_script",
        panel=_SETUP,
    ),
)
