"""The fields of an activity that a file may bring, and the column names they are known by."""

from __future__ import annotations

from functools import cache

from scorecli.readers.vocabulary import Vocabulary, plain_name

FIELDS = ("external_id", "type", "contact", "company", "points", "at", "subject")
OWN_FIELDS = ("id", "contact_id", "company_id", "rule", "change", "extra")

_SYNONYMS = {
    "external_id": "activity id|record id|event id|task id|engagement id|uuid",
    "type": "activity type|activity|event type|event|task type|engagement type|kind|category",
    "contact": (
        "contact name|contact id|person|person name|lead|lead name|customer|client|attendee|"
        "email|e mail|email address|contact email|contact e mail|phone|phone number|"
        "contact phone|contact external id|full name|name|related to|who"
    ),
    "company": (
        "company name|account|account name|organization|organisation|organization name|"
        "organisation name"
    ),
    "points": "score|activity points|value",
    "at": (
        "date|time|when|activity date|event date|date time|datetime|timestamp|start|start time|"
        "started at|due date|occurred at|created at|create date|activity time"
    ),
    "subject": "title|summary|description|note|notes|details|activity subject",
}


@cache
def _known() -> dict[str, str]:
    known = {plain_name(field): field for field in FIELDS}
    for field, names in _SYNONYMS.items():
        for name in names.split("|"):
            known.setdefault(plain_name(name), field)
    return known


ACTIVITIES = Vocabulary(
    noun="activity",
    fields=FIELDS,
    own_fields=OWN_FIELDS,
    own_hint="To keep another system's number of the activity, map it to external_id.",
    scores=(),
    field_of=lambda plain: _known().get(plain),
)
