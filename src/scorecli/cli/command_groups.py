"""The commands on contacts and companies, the reports, and those on the database file.

They stand apart from the table of all commands to keep both readable.
"""

from __future__ import annotations

from scorecli.cli.lazy_group import Entry

REPORTS = (
    Entry(
        "conversions",
        "Report calls, conversions and amounts by source or another field",
        "scorecli.cli.report:conversions",
    ),
    Entry(
        "agents",
        "Report what each user's calls were worth, and how much time they took",
        "scorecli.cli.report:agents",
    ),
    Entry(
        "results",
        "Report what calls reached: contacts, presentations, successes, and each result's calls",
        "scorecli.cli.report:results",
    ),
    Entry(
        "minutes",
        "Report how long calls were, and the minutes they are billed as",
        "scorecli.cli.report:minutes",
    ),
    Entry(
        "contacts",
        "Report scores, points, calls and amounts of contacts, the best first",
        "scorecli.cli.report_contacts:contacts",
    ),
    Entry(
        "trend",
        "Report the average and the distribution of a score of contacts over time",
        "scorecli.cli.report_contacts:trend",
    ),
    Entry(
        "unassigned",
        "Report the calls that no user has, by agent, and why",
        "scorecli.cli.report:unassigned",
    ),
)

ACTIVITIES = (
    Entry(
        "add",
        "Add an activity to a contact or a company, and print its number",
        "scorecli.cli.activities:add",
    ),
    Entry("list", "List activities, the latest first", "scorecli.cli.activities:list_"),
    Entry("show", "Show one activity", "scorecli.cli.activities:show"),
    Entry(
        "edit",
        "Change activities; only what is named changes",
        "scorecli.cli.activities:edit",
    ),
    Entry(
        "delete",
        "Delete activities, after asking; their points go with them",
        "scorecli.cli.activities:delete",
    ),
    Entry(
        "import",
        "Import activities; the same file twice changes nothing",
        "scorecli.cli.activity_import:import_",
    ),
)

DB = (
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
    Entry(
        "renormalise",
        "Normalise all stored numbers anew, after [phone] region changed",
        "scorecli.cli.db:renormalise",
    ),
)

CONTACTS = (
    Entry(
        "import",
        "Import contacts; the same file twice changes nothing",
        "scorecli.cli.contact_import:import_",
    ),
    Entry(
        "add",
        "Enter one contact or lead by hand, and print its number",
        "scorecli.cli.contacts:add",
    ),
    Entry("list", "List contacts, newest first", "scorecli.cli.contact_book:list_"),
    Entry(
        "show",
        "Show everything known about one contact, with its history",
        "scorecli.cli.contact_book:show",
    ),
    Entry(
        "edit",
        "Change contacts; only what is named changes",
        "scorecli.cli.contacts:edit",
    ),
    Entry(
        "score",
        "Set, raise or lower a score of contacts, or take it away",
        "scorecli.cli.contact_score:score",
    ),
    Entry(
        "history",
        "Show how the scores of one contact went, with who and why",
        "scorecli.cli.contact_score:history",
    ),
    Entry(
        "export",
        "Write contacts with every field, as CSV unless told otherwise",
        "scorecli.cli.contact_book:export",
    ),
    Entry(
        "merge",
        "Merge contacts that are one person; undo parts them again",
        "scorecli.cli.contact_changes:merge",
    ),
    Entry(
        "convert",
        "Turn leads into contacts; all else about them stays",
        "scorecli.cli.contact_changes:convert",
    ),
    Entry(
        "delete",
        "Delete contacts, after asking; undo brings them back, an import does not",
        "scorecli.cli.contact_changes:delete",
    ),
    Entry(
        "erase",
        "Erase a person and every trace of them for good, after asking",
        "scorecli.cli.contact_changes:erase",
    ),
)

COMPANIES = (
    Entry(
        "list",
        "List companies by name, with how many contacts each has",
        "scorecli.cli.companies:list_",
    ),
    Entry("show", "Show one company, with its contacts", "scorecli.cli.companies:show"),
    Entry("edit", "Change a company; only what is named changes", "scorecli.cli.companies:edit"),
)
