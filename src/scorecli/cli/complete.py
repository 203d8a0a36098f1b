"""Values that the Tab key offers, from the database and the settings.

Only what no shell could take for anything but text is offered: letters, digits, ``_ . @ + -``
and single blanks. A database that is missing, locked or broken offers nothing and is not touched.
"""

# Annotations are real, not texts: Typer would evaluate each of them twice at every start.

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import typer

Completer = Callable[[typer.Context, list[str], str], list[str]]

MOST: Final = 200

# Only values that begin with :start; substr() because LIKE ignores case and has wildcards.
_TAGS = """
    SELECT name FROM tag
    WHERE kind = :kind AND substr(name, 1, length(:start)) = :start ORDER BY folded
"""
_RESULTS = """
    SELECT code FROM result
    WHERE enabled = 1 AND substr(code, 1, length(:start)) = :start ORDER BY folded
"""
_ALL_RESULTS = """
    SELECT code FROM result WHERE substr(code, 1, length(:start)) = :start ORDER BY folded
"""
_DISABLED_RESULTS = """
    SELECT code FROM result
    WHERE enabled = 0 AND substr(code, 1, length(:start)) = :start ORDER BY folded
"""
_USERS = """
    SELECT name FROM "user" WHERE substr(name, 1, length(:start)) = :start ORDER BY folded
"""
_CAMPAIGNS = """
    SELECT name FROM campaign WHERE substr(name, 1, length(:start)) = :start ORDER BY folded
"""
_LISTS = """
    SELECT name FROM contact_list
    WHERE removed IS NULL AND substr(name, 1, length(:start)) = :start ORDER BY folded
"""
_TEXTS = """
    SELECT value FROM lookup
    WHERE field = :field AND substr(value, 1, length(:start)) = :start ORDER BY folded
"""

_CONTACT_TEXTS = """
    SELECT {field} FROM contact
    WHERE removed IS NULL AND substr({field}, 1, length(:start)) = :start
    GROUP BY {field} ORDER BY count(*) DESC, {field}
"""
_CONTACT_NAMES = """
    SELECT TRIM(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')) AS name FROM contact
    WHERE removed IS NULL AND substr(name, 1, length(:start)) = :start
    GROUP BY folded ORDER BY folded
"""
_COMPANIES = """
    SELECT name FROM company WHERE substr(name, 1, length(:start)) = :start ORDER BY folded
"""
# What a field of a contact's filter is called among the queries.
_CONTACT_FIELDS = {
    "name": "contact",
    "company": "company",
    "owner": "user",
    "source": "contact_source",
    **{field: field for field in ("city", "country", "job_title", "region")},
}

_QUERIES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "reporting_tags": (_TAGS, {"kind": "reporting"}),
    "call_tags": (_TAGS, {"kind": "call"}),
    "result": (_RESULTS, {}),
    "defined_result": (_ALL_RESULTS, {}),
    "disabled_result": (_DISABLED_RESULTS, {}),
    "user": (_USERS, {}),
    "contact": (_CONTACT_NAMES, {}),
    "company": (_COMPANIES, {}),
    "contact_source": (_CONTACT_TEXTS.format(field="source"), {}),
    **{
        field: (_CONTACT_TEXTS.format(field=field), {})
        for field in ("city", "country", "job_title", "region")
    },
    "defined_campaign": (_CAMPAIGNS, {}),
    "contact_list": (_LISTS, {}),
    **{
        field: (_TEXTS, {"field": field})
        for field in (
            "system",
            "account",
            "termination",
            "tracking_number",
            "source",
            "medium",
            "campaign",
            "list",
            "agent",
            "agent_extension",
            "agent_email",
        )
    },
}


def is_offered(value: str) -> bool:
    """Tell whether a value from the data may be offered to a shell."""
    return (
        value != ""
        and value == " ".join(value.split(" ")).strip()
        and all(character.isalnum() or character in "_.@+- " for character in value)
    )


def stored(field: str) -> Completer:
    """Return the completion of a field's values: ``reporting_tags``, ``result``, ``source``, ..."""

    def complete(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
        return _stored(ctx.obj, field, incomplete)

    return complete


def filter_terms(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    """Complete one term of a filter: field names, then values; after ``@`` the saved filters."""
    return _terms(ctx, "calls", incomplete)


def contact_filter_terms(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    """Complete one term of a filter over contacts."""
    return _terms(ctx, "contacts", incomplete)


def record_filter_terms(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    """Complete one term of a filter over records of contact lists."""
    return _terms(ctx, "records", incomplete)


def activity_filter_terms(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    """Complete one term of a filter over activities."""
    return _terms(ctx, "activities", incomplete)


def company_filter_terms(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    """Complete one term of a filter over companies."""
    return _terms(ctx, "companies", incomplete)


def _terms(ctx: typer.Context, subject: str, incomplete: str) -> list[str]:
    from scorecli.domain.filter_fields import SUBJECTS, field_names, find_field

    before = ""
    term = incomplete
    while term.startswith("not:"):
        before += "not:"
        term = term[4:]
    if term.startswith("@"):
        saved = (*SUBJECTS[subject].saved, *ctx.obj.settings.filters)
        return [f"{before}@{name}" for name in saved if is_offered(name)]
    name, colon, value = term.partition(":")
    if not colon:
        names = [name for name in field_names(subject) if not name.endswith(".COLUMN")]
        return [f"{before}{name}:" for name in (*names, "not")]
    field = find_field(SUBJECTS[subject], name)
    if field is None:
        return []
    items, comma, last = value.rpartition(",")
    lead = f"{before}{name}:{items}{comma}"
    return [lead + item for item in _values_of(ctx.obj, subject, field, last) if _is_literal(item)]


def setting_keys(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:  # noqa: ARG001
    """Complete the keys of the settings file."""
    from scorecli.settings.keys import KEYS

    return [key.dotted for key in KEYS if "*" not in key.path]


def _values_of(app: Any, subject: str, field: Any, start: str) -> list[str]:
    if field.choices:
        return list(field.choices)
    if field.kind == "boolean":
        return ["yes", "no"]
    if field.kind == "stars":
        return ["1", "2", "3", "4", "5"]
    if field.kind in ("time", "day"):
        return ["today", "yesterday", "this-week", "last-week", "this-month", "last-month"]
    name = _CONTACT_FIELDS.get(field.name, "") if subject == "contacts" else field.name
    return _stored(app, name, start)


def _is_literal(item: str) -> bool:
    """Tell whether the filter language takes ``item`` as it is, without quotes."""
    return ".." not in item and item not in ("none", "any")


def _stored(app: Any, field: str, start: str) -> list[str]:
    if field not in _QUERIES:
        return []
    sql, params = _QUERIES[field]
    try:
        with app.reader() as database:
            found = database.execute(sql, {**params, "start": start})
            return list(_first_offered(found))
    except Exception:
        return []


def _first_offered(rows: Iterator[tuple[str]]) -> Iterator[str]:
    count = 0
    for (value,) in rows:
        if is_offered(value):
            yield value
            count += 1
            if count == MOST:
                return
