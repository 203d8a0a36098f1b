"""Every canonical field of a call: its order, its kind, its label, and how it is selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scorecli import errors
from scorecli.domain.text import by_likeness, nearest
from scorecli.result import Column, Kind
from scorecli.settings import Settings
from scorecli.storage.contact_links import LINKED, LINKED_NAME


class CallField(NamedTuple):
    """One field of a call.

    ``sql`` selects its stored value for the call ``c``; where that is a number, ``named`` returns
    the text behind it, so that a list of any length looks each text up once. ``order`` is what it
    sorts by, empty where it has no order. ``section`` names the table of the settings that
    switches it off and, with ``labelled``, holds its label.
    """

    name: str
    label: str
    kind: Kind
    sql: str
    order: str = ""
    section: str = ""
    labelled: bool = False
    named: str = ""

    def is_on(self, settings: Settings) -> bool:
        """Tell whether the settings have this field."""
        return not self.section or bool(getattr(settings, self.section).enabled)

    def column(self, settings: Settings) -> Column:
        """Return the field as a column, under the label of the settings."""
        label = getattr(settings, self.section).field_name if self.labelled else self.label
        return Column(self.name, label, self.kind)


def _plain(name: str, label: str, kind: Kind = "text", section: str = "") -> CallField:
    return CallField(name, label, kind, f"c.{name}", f"c.{name}", section)


def _text(name: str, label: str) -> CallField:
    return CallField(name, label, "text", f"c.{name}", f"fold(c.{name})")


def _shared(name: str, label: str) -> CallField:
    order = f"(SELECT l.folded FROM lookup AS l WHERE l.id = c.{name}_id)"
    return CallField(name, label, "text", f"c.{name}_id", order, named=_TEXT)


def _score(name: str, kind: Kind, section: str) -> CallField:
    return CallField(name, name, kind, f"c.{name}", f"c.{name}", section, labelled=True)


_TEXT = "SELECT value FROM lookup WHERE id = :id"
_USER_NAME = 'SELECT name FROM "user" WHERE id = :id'
_CODE = "SELECT code FROM result WHERE id = :id"
_USER = 'FROM "user" AS u WHERE u.id = c.user_id)'
_RESULT = "FROM result AS r WHERE r.id = c.result_id)"

# In the order in which data shows them.
FIELDS: dict[str, CallField] = {
    field.name: field
    for field in (
        _plain("id", "ID", "integer"),
        _text("external_id", "External ID"),
        _shared("system", "System"),
        _plain("started_at", "Start", "time"),
        _shared("account", "Account"),
        _plain("direction", "Direction"),
        _plain("status", "Status"),
        _shared("termination", "Termination"),
        _text("recording_url", "Recording"),
        _text("contact_name", "Contact name"),
        _text("contact_number", "Contact number"),
        _plain("contact_number_e164", "Contact number (E.164)"),
        CallField("contact", "Contact", "integer", LINKED),
        _shared("tracking_number", "Tracking number"),
        _shared("source", "Source"),
        _shared("medium", "Medium"),
        _shared("campaign", "Campaign"),
        _shared("list", "List"),
        _shared("agent", "Agent"),
        _shared("agent_extension", "Agent extension"),
        _shared("agent_email", "Agent e-mail"),
        CallField(
            "user", "User", "text", "c.user_id", f"(SELECT u.folded {_USER}", named=_USER_NAME
        ),
        _plain("user_id", "User ID", "integer"),
        _plain("duration", "Duration", "seconds"),
        _plain("talk_time", "Talk time", "seconds"),
        _plain("wait_time", "Wait time", "seconds"),
        CallField(
            "result",
            "Result",
            "text",
            "c.result_id",
            f"(SELECT r.folded {_RESULT}",
            "results",
            labelled=True,
            named=_CODE,
        ),
        _score("stars", "integer", "score"),
        CallField("reporting_tags", "", "list", "NULL", "", "reporting_tags", labelled=True),
        _score("converted", "boolean", "conversion"),
        _score("amount", "money", "converted_amount"),
        _plain("currency", "Currency", "text", "converted_amount"),
        _plain("converted_on", "Converted on", "day", "conversion"),
        CallField("note", "", "text", "c.note", "fold(c.note)", "notes", labelled=True),
        CallField("call_tags", "", "list", "NULL", "", "tags", labelled=True),
        CallField("extra", "Extra", "object", "c.extra"),
        _plain("recall_at", "Call again", "time", "results"),
    )
}

# Columns of the call log for people that are put together from several fields.
CONTACT_SHOWN = CallField(
    "contact",
    "Contact",
    "text",
    f"COALESCE(NULLIF(c.contact_name, ''), {LINKED_NAME}, c.contact_number)",
)
HANDLER_SHOWN = CallField(
    "user",
    "User or agent",
    "text",
    f"COALESCE((SELECT u.name {_USER}, (SELECT l.value FROM lookup AS l WHERE l.id = c.agent_id))",
)
SCORE_SHOWN = CallField("score", "Score", "score", "NULL")
SCORE_SECTIONS = ("score", "reporting_tags", "conversion", "converted_amount")


def known_fields(settings: Settings) -> list[CallField]:
    """Return every field that the settings have, in canonical order."""
    return [field for field in FIELDS.values() if field.is_on(settings)]


def score_is_on(settings: Settings) -> bool:
    """Tell whether any part of the Score column is left."""
    return any(getattr(settings, section).enabled for section in SCORE_SECTIONS)


def score_column(settings: Settings) -> Column:
    """Return the Score column under its configured name."""
    return Column("score", settings.score.column_name, "score")


def log_fields(settings: Settings) -> list[CallField]:
    """Return the columns of the call log for people."""
    fields = [FIELDS["id"], FIELDS["started_at"], FIELDS["direction"], CONTACT_SHOWN]
    fields += [FIELDS["source"], HANDLER_SHOWN, FIELDS["duration"], FIELDS["result"]]
    if score_is_on(settings):
        fields.append(SCORE_SHOWN)
    return [field for field in fields if field.is_on(settings)]


def named_fields(names: Sequence[str], settings: Settings) -> list[CallField]:
    """Return the fields of ``--columns``; ``score`` is the whole Score column.

    Raises :class:`UnknownColumn`, and :class:`FieldSwitchedOff` for one that the settings lack.
    """
    return [_named(name, settings) for name in dict.fromkeys(names)]


def sort_order(sort: str, settings: Settings) -> str:
    """Return the ORDER BY of ``FIELD`` or ``FIELD-``; empty values come last, ties newest first.

    Raises as :func:`named_fields` does, also for a field that has no order.
    """
    name = sort.removesuffix("-")
    field = _named(name, settings)
    if not field.order:
        sortable = [one.name for one in known_fields(settings) if one.order]
        raise errors.reports.UnknownColumn(name, (), by_likeness(name, sortable), exists=True)
    way = "DESC" if sort.endswith("-") else "ASC"
    return f"{field.order} {way} NULLS LAST, c.started_at DESC NULLS LAST, c.id DESC"


def _named(name: str, settings: Settings) -> CallField:
    if name == "score" and score_is_on(settings):
        return SCORE_SHOWN
    field = FIELDS.get(name)
    if field is None:
        known = [one.name for one in known_fields(settings)]
        raise errors.reports.UnknownColumn(
            name,
            nearest(name, known),
            by_likeness(name, known),
            listing="scorecli calls export --limit 0",
        )
    if not field.is_on(settings):
        raise errors.scoring.FieldSwitchedOff(
            getattr(settings, field.section).field_name, field.section
        )
    return field
