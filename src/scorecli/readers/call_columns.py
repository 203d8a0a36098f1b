"""The fields of a call that a file may bring, and the column names they are known by.

The synonyms are the words that phone systems, call tracking services and spreadsheets use for
these fields in their exports and documentation. A column maps by itself only where its name says
the same as a field; what a name leaves open (``Name``, ``Number``, ``Type``) is left to people.
"""

from __future__ import annotations

from functools import cache

from scorecli.readers.vocabulary import Vocabulary, plain_name

__all__ = ["CALLS", "FACTS", "FIELDS", "OWN_FIELDS", "SCORES", "field_by_name", "plain_name"]

FACTS = (
    "external_id",
    "system",
    "started_at",
    "account",
    "direction",
    "status",
    "termination",
    "recording_url",
    "contact_name",
    "contact_number",
    "tracking_number",
    "source",
    "medium",
    "campaign",
    "list",
    "agent",
    "agent_extension",
    "agent_email",
    "duration",
    "talk_time",
    "wait_time",
)
SCORES = (
    "result",
    "recall_at",
    "stars",
    "reporting_tags",
    "converted",
    "amount",
    "currency",
    "converted_on",
    "note",
    "call_tags",
)
FIELDS = FACTS + SCORES
# Given or derived by scorecli itself; a file can never set them.
OWN_FIELDS = ("id", "contact_number_e164", "contact", "user", "user_id", "extra")

_SYNONYMS = {
    "external_id": "call id|callid|call sid|sid|uniqueid|unique id|call uuid|uuid|external call id",
    "system": "phone system|platform",
    "started_at": (
        "start|start time|started|call start|call start time|start date|calldate|call date|"
        "call time|called at|date time|datetime|date/time|call timestamp|timestamp"
    ),
    "account": "accountcode|account code|account name|company name|account id",
    "direction": "call direction",
    "status": "call status|disposition|dial status|call outcome|line status",
    "termination": "hangup cause|hang up cause|termination reason|ended by|hung up by|end reason",
    "recording_url": "recording|recording link|recording file|call recording",
    "contact_name": (
        "customer name|caller name|contact|callers name|client name|lead name|caller id name"
    ),
    "contact_number": (
        "phone number|phone|customer number|caller number|caller id|customer phone number|"
        "callers number|contact phone|from number|phone number dialed|customer phone|src"
    ),
    "tracking_number": "tracking phone number|tracking line|dialed number|called number|did",
    "source": "source name|lead source|traffic source|marketing source|utm source",
    "medium": "marketing medium|utm medium",
    "campaign": "campaign name|campaign id|marketing campaign|utm campaign",
    "list": "list name|list id|contact list",
    "agent": "agent name|handled by|answered by|representative|rep|service rep name",
    "agent_extension": "agent ext|extension|user extension|rep extension",
    "agent_email": "agent e-mail|agent email address|user email|user e-mail|rep email",
    "duration": (
        "duration seconds|call duration|call length|duration in seconds|length in sec|"
        "total duration|call duration seconds|duration s|duration sec"
    ),
    "talk_time": "talk time seconds|talktime|talking|billsec|bill sec|duration in call|talk time s",
    "wait_time": (
        "ring time|ringing|queue time|waiting time|hold time|speed of answer in seconds|"
        "wait time seconds"
    ),
    "result": "call result|result code|call result code",
    "recall_at": (
        "callback at|call back at|callback time|call back time|callback date|call back date|"
        "callback datetime|callback date time|callback on|call back on|scheduled callback|"
        "callback scheduled|recall time|recall date|recall on|call again|call again at"
    ),
    "stars": "star rating|rating|call score|score call|satisfaction rating",
    "reporting_tags": "reporting tag",
    "converted": "conversion|is converted|is conversion",
    "amount": "converted amount|conversion amount|conversion value|revenue|sale amount|deal value",
    "currency": "currency code",
    "converted_on": "conversion date|sale date|date of conversion|converted date|converted at",
    "note": "notes|call notes|comments",
    "call_tags": "call tag|tags|tag call|tag list",
}
# Names that say a field to a machine but not to people, or that would be wrong in most files.
_NEVER_ALONE = frozenset({"contact"})


@cache
def _build() -> dict[str, str]:
    known = {plain_name(field): field for field in FIELDS}
    for field, names in _SYNONYMS.items():
        for name in names.split("|"):
            known.setdefault(plain_name(name), field)
    for name in (*_NEVER_ALONE, *map(plain_name, OWN_FIELDS)):
        known.pop(name, None)
    return known


def field_by_name() -> dict[str, str]:
    """Return every known column name, in plain form, with the field it stands for."""
    return _build()


def _field_of(plain: str) -> str | None:
    return _build().get(plain)


CALLS = Vocabulary(
    noun="call",
    fields=FIELDS,
    own_fields=OWN_FIELDS,
    own_hint="To keep a phone system's own number of the call, map it to external_id.",
    scores=SCORES,
    field_of=_field_of,
    sides={
        "inbound": {"contact_number": "from", "tracking_number": "to"},
        "outbound": {"contact_number": "to", "tracking_number": "from"},
    },
)
