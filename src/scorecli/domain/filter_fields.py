"""Which fields a filter may name, for each subject (calls, ...), and what values each one takes.

A further subject is one more entry in ``SUBJECTS``; the grammar and the evaluation in Python read
nothing else about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Field(NamedTuple):
    """One filterable field.

    ``kind`` decides which values are understood and how they compare:

    - ``text``: ignoring case; ``~`` finds a part
    - ``choice``: one of ``choices``
    - ``currency``: a code of three letters, upper case
    - ``tags``: a list of texts, any of which may match
    - ``columns``: texts by name, addressed as ``name.COLUMN``
    - ``integer``, ``stars``, ``seconds``: whole numbers
    - ``number``: any numbers, also below 0; ``points`` are such, as the settings add them up
    - ``scores``: numbers by score type, addressed as ``name.TYPE`` or, the usual type, ``name``
    - ``money``: minor units, whose size depends on the record's own ``currency``
    - ``boolean``: never empty
    - ``day``: an ISO day; ``time``: UTC seconds, asked for by local day
    """

    name: str
    kind: str
    key: str = ""  # the record's key, where it is not the name
    choices: tuple[str, ...] = ()

    @property
    def record_key(self) -> str:
        """The key under which a record (a dict) holds the field."""
        return self.key or self.name


class Subject(NamedTuple):
    """What one kind of record can be filtered by.

    ``words`` are the fields that a bare word searches, ``saved`` the built-in ``@`` filters,
    ``columns`` the name of the field with free columns, if it has any.
    """

    name: str
    fields: Mapping[str, Field]
    aliases: Mapping[str, str]
    words: tuple[str, ...]
    saved: Mapping[str, str]
    columns: str | None = "extra"


DIRECTIONS = ("inbound", "outbound", "internal")
STATUSES = (
    "answered",
    "no_answer",
    "busy",
    "operator_intercept",
    "dropped",
    "answering_machine",
    "fax",
    "failed",
    "other",
)
ASSIGNED_BY = ("name", "email", "extension", "alias", "person")


def _table(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


CALLS = Subject(
    name="calls",
    fields=_table(
        Field("id", "integer"),
        Field("external_id", "text"),
        Field("system", "text"),
        Field("date", "time", "started_at"),
        Field("account", "text"),
        Field("direction", "choice", choices=DIRECTIONS),
        Field("status", "choice", choices=STATUSES),
        Field("termination", "text"),
        Field("recording_url", "text"),
        Field("contact_name", "text"),
        Field("contact_number", "text"),
        Field("contact_number_e164", "text"),
        Field("contact", "integer"),
        Field("tracking_number", "text"),
        Field("source", "text"),
        Field("medium", "text"),
        Field("campaign", "text"),
        Field("list", "text"),
        Field("agent", "text"),
        Field("agent_extension", "text"),
        Field("agent_email", "text"),
        Field("user", "text"),
        Field("user_id", "integer"),
        Field("assigned_by", "choice", choices=ASSIGNED_BY),
        Field("duration", "seconds"),
        Field("talk_time", "seconds"),
        Field("wait_time", "seconds"),
        Field("result", "text"),
        Field("recall_at", "time"),
        Field("scored", "boolean"),
        Field("stars", "stars"),
        Field("reporting_tags", "tags"),
        Field("converted", "boolean"),
        Field("amount", "money"),
        Field("currency", "currency"),
        Field("converted_on", "day"),
        Field("note", "text"),
        Field("call_tags", "tags"),
        Field("change", "integer", "imported_in"),
        Field("extra", "columns"),
    ),
    aliases={
        "tag": "reporting_tags",
        "calltag": "call_tags",
        "started_at": "date",
        "imported_in": "change",
    },
    words=(
        "contact_name",
        "contact_number",
        "note",
        "external_id",
        "reporting_tags",
        "call_tags",
    ),
    saved={
        "orphan-amounts": "converted:no amount:any",
        # 'scored' means: stars, a reporting tag or a conversion. Asking for it rather than for the
        # three reads one kept column of a large log instead of the tags of every call.
        "unscored": "scored:no",
        "unassigned": "user:none",
    },
)

CONTACTS = Subject(
    name="contacts",
    fields=_table(
        Field("id", "integer"),
        Field("external_id", "text"),
        Field("kind", "choice", choices=("lead", "contact")),
        Field("name", "text"),
        Field("first_name", "text"),
        Field("last_name", "text"),
        Field("company", "text"),
        Field("company_id", "integer"),
        Field("job_title", "text"),
        Field("number", "tags", "numbers"),
        Field("email", "tags", "emails"),
        Field("street", "text"),
        Field("city", "text"),
        Field("region", "text"),
        Field("postal_code", "text"),
        Field("country", "text"),
        Field("source", "text"),
        Field("owner", "text"),
        Field("owner_id", "integer"),
        Field("score", "scores", "scores"),
        Field("points", "points"),
        Field("note", "text"),
        Field("shared_number", "boolean"),
        Field("created", "time", "created_at"),
        Field("change", "integer", "added_in"),
        Field("extra", "columns"),
    ),
    aliases={
        "phone": "number",
        "numbers": "number",
        "emails": "email",
        "created_at": "created",
        "added_in": "change",
    },
    words=("name", "company", "job_title", "numbers", "emails", "note", "external_id"),
    saved={},
)

RECORD_STATES = ("new", "callback", "open", "final", "do_not_call")
# A record's own fields, and those of its contact that it has none of itself.
_OF_RECORDS = _table(
    Field("id", "integer"),
    Field("campaign", "text"),
    Field("list", "text"),
    Field("state", "choice", choices=RECORD_STATES),
    Field("attempts", "integer"),
    Field("last_call_at", "time"),
    Field("next_at", "time"),
    Field("number", "text"),
    Field("time_zone", "text"),
    Field("reserved_by", "text"),
    Field("contact", "integer"),
    Field("change", "integer", "added_in"),
)
RECORDS = Subject(
    name="records",
    fields={
        **_OF_RECORDS,
        **{name: field for name, field in CONTACTS.fields.items() if name not in _OF_RECORDS},
    },
    aliases={"record": "id", "phone": "number", "added_in": "change"},
    words=("name", "company", "job_title", "emails", "note", "external_id", "number"),
    saved={},
)

ACTIVITIES = Subject(
    name="activities",
    fields=_table(
        Field("id", "integer"),
        Field("external_id", "text"),
        Field("type", "text", "activity_type"),
        Field("contact", "text"),
        Field("contact_id", "integer"),
        Field("company", "text"),
        Field("company_id", "integer"),
        Field("points", "number"),
        Field("date", "time", "at"),
        Field("subject", "text"),
        Field("rule", "text"),
        Field("change", "integer", "added_in"),
        Field("extra", "columns"),
    ),
    aliases={"activity_type": "type", "at": "date", "added_in": "change"},
    words=("activity_type", "subject", "contact", "company", "external_id"),
    saved={},
)

COMPANIES = Subject(
    name="companies",
    fields=_table(
        Field("id", "integer"),
        Field("name", "text"),
        Field("contacts", "integer"),
        Field("points", "points"),
        Field("website", "text"),
        Field("phone", "text"),
        Field("street", "text"),
        Field("city", "text"),
        Field("region", "text"),
        Field("postal_code", "text"),
        Field("country", "text"),
        Field("owner", "text"),
        Field("note", "text"),
    ),
    aliases={},
    words=("name", "city"),
    saved={},
    columns=None,
)

SUBJECTS: dict[str, Subject] = {
    "calls": CALLS,
    "contacts": CONTACTS,
    "records": RECORDS,
    "activities": ACTIVITIES,
    "companies": COMPANIES,
}

ANYWHERE = Field("", "words")  # the field of a bare word: all the free texts of the subject
RESERVED = ("not", "any", "all")


def find_field(subject: Subject, name: str) -> Field | None:
    """Return the field of that name or alias, ignoring case, or None."""
    name = name.strip().lower()
    return subject.fields.get(subject.aliases.get(name, name))


def field_names(subject: str) -> list[str]:
    """Return every field name and alias of a subject, for completion and hints."""
    table = SUBJECTS[subject]
    names = [name for name in table.fields if name != table.columns]
    names += [f"{name}.TYPE" for name, field in table.fields.items() if field.kind == "scores"]
    free = [] if table.columns is None else [f"{table.columns}.COLUMN"]
    return [*names, *table.aliases, *free]
