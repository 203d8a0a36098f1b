"""Every table, column, constraint and index of the database, as SQLModel classes.

This is the one description of the data. ``schema.sql`` is generated from it, migrations aim at it,
and people's own scripts read with it (``select(Call)``). Times are integers, seconds since 1970 in
UTC; days are ISO text (``2026-11-03``); money is in whole minor units (cents).

The numbers of whatever the history names are never given again (AUTOINCREMENT), or undoing the
deletion of a tag would meet another tag under its number.

What can be derived is not kept: the points of a contact, which contact a call belongs to, who is
on the do-not-call list because of a result. A row that a change brought along counts only while
that change stands (``undone_by`` is empty), where the class says so.

Importing this package loads SQLModel, which takes half a second: the commands people run all day
never do, they speak SQL to the same connection.
"""

from scorecli.storage.models.calls import Call, CallTag, Lookup, Tag
from scorecli.storage.models.campaigns import (
    Campaign,
    ContactList,
    DoNotCall,
    ListRecord,
    ResultCampaign,
)
from scorecli.storage.models.contacts import (
    Activity,
    Company,
    Contact,
    ContactEmail,
    ContactNumber,
    ContactScore,
)
from scorecli.storage.models.history import CallAssignment, Change, ChangeBatch, ChangeEntry
from scorecli.storage.models.results import CallResult
from scorecli.storage.models.rules import RuleFiring
from scorecli.storage.models.users import User, UserAlias

__all__ = [
    "Activity",
    "Call",
    "CallAssignment",
    "CallResult",
    "CallTag",
    "Campaign",
    "Change",
    "ChangeBatch",
    "ChangeEntry",
    "Company",
    "Contact",
    "ContactEmail",
    "ContactList",
    "ContactNumber",
    "ContactScore",
    "DoNotCall",
    "ListRecord",
    "Lookup",
    "ResultCampaign",
    "RuleFiring",
    "Tag",
    "User",
    "UserAlias",
]
