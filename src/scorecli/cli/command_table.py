"""Every command by name, in the order of a working day; help and completion read this alone.

A new command is a function in a file of this folder and one line here or in ``command_groups``.
Its docstring begins with the same sentence as its summary.
"""

from __future__ import annotations

from scorecli.cli.command_groups import ACTIVITIES, COMPANIES, CONTACTS, DB, REPORTS
from scorecli.cli.lazy_group import Entry

HELP = "Import a phone system's call log, score calls and contacts, and read reports."

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
    Entry(
        "add",
        "Enter one call by hand, and print its number",
        "scorecli.cli.call_adding:add",
    ),
    Entry("list", "List calls, newest first", "scorecli.cli.call_log:list_"),
    Entry(
        "show",
        "Show everything known about one call, with its history",
        "scorecli.cli.call_log:show",
    ),
    Entry(
        "edit",
        "Correct facts of calls: start, numbers, source, agent and the like",
        "scorecli.cli.call_editing:edit",
    ),
    Entry(
        "delete",
        "Delete calls, after asking; undo brings them back, an import does not",
        "scorecli.cli.call_editing:delete",
    ),
    Entry(
        "export",
        "Write calls with every field, as CSV unless told otherwise",
        "scorecli.cli.call_log:export",
    ),
    Entry(
        "attribute",
        "Assign calls to the users who handled them, only where exactly one user fits",
        "scorecli.cli.call_assigning:attribute",
    ),
    Entry(
        "assign",
        "Give calls to a user, by your own decision",
        "scorecli.cli.call_assigning:assign",
    ),
    Entry(
        "unassign",
        "Take calls from their users",
        "scorecli.cli.call_assigning:unassign",
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
    Entry(
        "rename",
        "Rename a tag on all calls; onto another tag, the two are merged",
        "scorecli.cli.tag_editing:rename",
    ),
    Entry(
        "delete",
        "Delete a tag: take it off all calls, after asking",
        "scorecli.cli.tag_editing:delete",
    ),
    Entry(
        "allow",
        "Add reporting tags to the list of allowed ones in the settings file",
        "scorecli.cli.tag_editing:allow",
    ),
    Entry(
        "disallow",
        "Take reporting tags off the list of allowed ones; calls keep theirs",
        "scorecli.cli.tag_editing:disallow",
    ),
    Entry(
        "limit",
        "Limit reporting tags to the allowed ones, or stop doing so",
        "scorecli.cli.tag_editing:limit",
    ),
)
_RESULTS = (
    Entry("add", "Define a call result", "scorecli.cli.results:add"),
    Entry(
        "list",
        "List call results, with the number of calls that have each",
        "scorecli.cli.results:list_",
    ),
    Entry("show", "Show one call result", "scorecli.cli.results:show"),
    Entry("edit", "Change a call result; only what is named changes", "scorecli.cli.results:edit"),
    Entry(
        "apply",
        "Give a result to calls; a success marks them converted",
        "scorecli.cli.result_apply:apply",
    ),
    Entry("enable", "Let calls be given these results again", "scorecli.cli.results:enable"),
    Entry(
        "disable",
        "Keep calls from being given these results; what was given stays",
        "scorecli.cli.results:disable",
    ),
    Entry(
        "import",
        "Define the results of a TOML file, and bring those that exist up to it",
        "scorecli.cli.result_sets:import_",
    ),
    Entry(
        "export",
        "Write all results as TOML, for `scorecli results import` on another machine",
        "scorecli.cli.result_sets:export",
    ),
    Entry(
        "init",
        "Define the results of a ready-made set; what is defined already stays as it is",
        "scorecli.cli.result_sets:init",
    ),
)
_CAMPAIGNS = (
    Entry("add", "Add a campaign", "scorecli.cli.campaigns:add"),
    Entry(
        "list",
        "List campaigns, with how many records of each are in which state",
        "scorecli.cli.campaigns:list_",
    ),
    Entry(
        "load",
        "Load a contact list; the same file twice changes nothing",
        "scorecli.cli.list_loading:load",
    ),
    Entry(
        "reload",
        "Open the final records of a contact list again, but never those not to be called",
        "scorecli.cli.campaigns:reload",
    ),
    Entry("queue", "List who will be called next, in order", "scorecli.cli.calling:queue"),
    Entry(
        "next",
        "Show whom to call next, and reserve the record for a while",
        "scorecli.cli.calling:next_",
    ),
    Entry(
        "log",
        "Enter the call that was made to a record, with its result, and print the call's number",
        "scorecli.cli.calling:log",
    ),
    Entry("show", "Show one campaign, with its contact lists", "scorecli.cli.campaigns:show"),
    Entry("edit", "Change a campaign; only what is named changes", "scorecli.cli.campaigns:edit"),
    Entry(
        "close",
        "Close a campaign: nobody is called for it any more",
        "scorecli.cli.campaigns:close",
    ),
)
_DNC = (
    Entry("add", "Put numbers on the do-not-call list", "scorecli.cli.dnc:add"),
    Entry(
        "remove", "Take numbers off the do-not-call list, after asking", "scorecli.cli.dnc:remove"
    ),
    Entry(
        "list",
        "List the numbers that must not be called, since when, by whom and why",
        "scorecli.cli.dnc:list_",
    ),
    Entry(
        "check",
        "Say which numbers must not be called; the exit code is 1 if any must not",
        "scorecli.cli.dnc:check",
    ),
    Entry(
        "import",
        "Put the numbers of a file on the do-not-call list; the same file twice changes nothing",
        "scorecli.cli.dnc:import_",
    ),
    Entry(
        "history",
        "Show who put a number on the do-not-call list or took it off, when and why",
        "scorecli.cli.dnc:history",
    ),
)
_USERS = (
    Entry("add", "Add a user; older calls that are theirs come along", "scorecli.cli.users:add"),
    Entry("list", "List users, with the number of calls that each has", "scorecli.cli.users:list_"),
    Entry("show", "Show one user", "scorecli.cli.users:show"),
    Entry("edit", "Change a user; only what is named changes", "scorecli.cli.users:edit"),
    Entry(
        "disable",
        "End the periods of users, now unless a day is named",
        "scorecli.cli.users:disable",
    ),
    Entry("enable", "Let calls be users' again", "scorecli.cli.users:enable"),
    Entry("import", "Add and change users from a file", "scorecli.cli.users:import_"),
    Entry(
        "suggest",
        "List the agents on calls who are no user",
        "scorecli.cli.users:suggest",
    ),
)

_RULES = (
    Entry(
        "list",
        "List the rules in the order in which they run, and how often each fired",
        "scorecli.cli.rules:list_",
    ),
    Entry("show", "Show one rule", "scorecli.cli.rules:show"),
    Entry(
        "test",
        "Say of each condition of a rule whether a record meets it; nothing is changed",
        "scorecli.cli.rules:try_",
    ),
    Entry(
        "run",
        "Apply rules to what is already there; a second time changes nothing",
        "scorecli.cli.rules:run",
    ),
    Entry(
        "log",
        "List what rules did and what was refused them, newest first",
        "scorecli.cli.rules:log",
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
        "contacts",
        "Keep contacts and leads, and list them by any filter",
        entries=CONTACTS,
        panel=_DAILY,
        examples=("scorecli contacts add Ann Lee --company ACME", "scorecli contacts list"),
    ),
    Entry(
        "activities",
        "Keep what happens with leads, contacts and companies, and its points",
        entries=ACTIVITIES,
        panel=_DAILY,
        examples=(
            "scorecli activities add meeting --contact 'Ann Lee'",
            "scorecli activities list type:meeting",
        ),
    ),
    Entry(
        "companies",
        "See and correct the companies that contacts belong to",
        entries=COMPANIES,
        panel=_DAILY,
        examples=("scorecli companies list", "scorecli companies show ACME"),
    ),
    Entry(
        "tags",
        "See and tidy up the tags",
        entries=_TAGS,
        panel=_DAILY,
        examples=("scorecli tags list", 'scorecli tags rename "wrong nr" "wrong number"'),
    ),
    Entry(
        "results",
        "Define the results that calls can have",
        entries=_RESULTS,
        panel=_DAILY,
        examples=("scorecli results list", "scorecli results add SALE --success"),
    ),
    Entry(
        "campaigns",
        "Work through lists of contacts to call",
        entries=_CAMPAIGNS,
        panel=_DAILY,
        examples=("scorecli campaigns list", "scorecli campaigns add Spring"),
    ),
    Entry(
        "dnc",
        "Keep the do-not-call list",
        entries=_DNC,
        panel=_DAILY,
        examples=("scorecli dnc add 2125550123", "scorecli dnc check 2125550123"),
    ),
    Entry(
        "history",
        "List changes: when, who, which command, and each field before and after",
        "scorecli.cli.history:history",
        panel=_DAILY,
    ),
    Entry(
        "undo",
        "Take back the latest change, or the one named, as a whole",
        "scorecli.cli.undo:undo",
        panel=_DAILY,
    ),
    Entry(
        "report",
        "Report what calls were worth",
        entries=REPORTS,
        panel=_DAILY,
        examples=("scorecli report conversions --by source --since 30d",),
    ),
    Entry(
        "users",
        "Say who handles calls",
        entries=_USERS,
        panel=_SETUP,
        examples=('scorecli users add "Dana Reyes"', "scorecli users suggest"),
    ),
    Entry(
        "rules",
        "See, try and apply the rules of the settings",
        entries=_RULES,
        panel=_SETUP,
        examples=("scorecli rules list", "scorecli rules run --dry-run"),
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
        entries=DB,
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
