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

_DAILY = "Every day"
_SETUP = "Set up"

_CALLS = (
    Entry(
        "import",
        "Import call logs; the same file twice changes nothing",
        "scorecli.cli.call_import:import_",
    ),
    Entry("list", "List calls, newest first", "scorecli.cli.call_log:list_"),
    Entry(
        "show",
        "Show everything known about one call, with its history",
        "scorecli.cli.call_log:show",
    ),
    Entry(
        "export",
        "Write calls with every field, as CSV unless told otherwise",
        "scorecli.cli.call_log:export",
    ),
    Entry(
        "profiles",
        "List the profiles that say how an export is read",
        "scorecli.cli.call_import:profiles",
    ),
)
_TAGS = (
    Entry(
        "list",
        "List tags with their calls, last use, and whether they are allowed",
        "scorecli.cli.tag_list:list_",
    ),
)
_REPORTS = (
    Entry(
        "conversions",
        "Report calls, conversions and amounts by source or another field",
        "scorecli.cli.report:conversions",
    ),
)

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
        "calls",
        "Import, list, show and export calls",
        entries=_CALLS,
        panel=_DAILY,
        examples=("scorecli calls list date:today", "scorecli calls show 12"),
    ),
    Entry(
        "score",
        "Set the score of calls: stars, tags, conversion, amount, note, result",
        "scorecli.cli.score:score",
        panel=_DAILY,
    ),
    Entry(
        "tags",
        "See and tidy up the tags",
        entries=_TAGS,
        panel=_DAILY,
        examples=("scorecli tags list",),
    ),
    Entry(
        "history",
        "List changes: when, who, which command, and each field before and after",
        "scorecli.cli.history:history",
        panel=_DAILY,
    ),
    Entry(
        "report",
        "Report what calls were worth",
        entries=_REPORTS,
        panel=_DAILY,
        examples=("scorecli report conversions --by source --since 30d",),
    ),
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
        "demo",
        "Show it all in ten seconds, on generated calls",
        "scorecli.cli.demo:demo",
        panel=_SETUP,
    ),
    Entry(
        "completion",
        "Print the completion script of a shell",
        "scorecli.cli.completion_script:print_script",
        panel=_SETUP,
    ),
)
