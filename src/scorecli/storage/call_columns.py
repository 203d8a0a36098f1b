"""Which column of ``call`` holds which canonical field, and how its value is stored there."""

from __future__ import annotations

# Texts that many calls share; the call holds the number of a row of ``lookup``.
LOOKUP_FIELDS = (
    "system",
    "account",
    "tracking_number",
    "termination",
    "source",
    "medium",
    "campaign",
    "list",
    "agent",
    "agent_extension",
    "agent_email",
)
# Facts that the call holds itself, under the same name.
PLAIN_FACTS = (
    "started_at",
    "direction",
    "status",
    "duration",
    "talk_time",
    "wait_time",
    "external_id",
    "contact_name",
    "contact_number",
    "contact_number_e164",
    "recording_url",
)
# Parts of the score that the call holds itself; ``amount`` is two columns, ``result`` a number.
PLAIN_SCORE = ("stars", "converted", "converted_on", "note", "recall_at")
TAG_FIELDS = {"reporting_tags": "reporting", "call_tags": "call"}
