"""Commands of single groups, listed apart from the table of all to keep that readable."""

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
)
