"""The fields of a contact that a file may bring, and the column names they are known by.

The synonyms are the words of CRM systems, address books and spreadsheets. Telephone numbers and
e-mail addresses may stand in any number of columns (``Mobile``, ``Phone 2``, ``E-mail 2 - Value``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from scorecli.domain.contact_scores import field_name
from scorecli.readers.vocabulary import Vocabulary, plain_name

if TYPE_CHECKING:
    from scorecli.settings import ScoreTypeSettings

FIELDS = (
    "external_id",
    "kind",
    "name",
    "first_name",
    "last_name",
    "company",
    "job_title",
    "number",
    "email",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
    "source",
    "owner",
    "note",
)
SEVERAL = frozenset({"number", "email"})
# Given or derived by scorecli itself; a file can never set them.
OWN_FIELDS = ("id", "company_id", "owner_id", "created_at", "points", "extra")

_SYNONYMS = {
    "external_id": (
        "record id|contact id|lead id|person id|customer id|client id|crm id|object id|uuid|"
        "person internal id|record id contact|id person|contact record id"
    ),
    "kind": "contact type|record type|person type",
    "name": (
        "full name|contact name|lead name|person|person name|display name|customer name|"
        "client name|contact|customer|file as"
    ),
    "first_name": "firstname|given name|forename|vorname|person first name|fname|prenom",
    "last_name": (
        "lastname|surname|family name|nachname|person last name|lname|second name|nom de famille"
    ),
    "company": (
        "company name|organization|organisation|organization name|organisation name|account name|"
        "account|employer|business|business name|firm|associated company|primary company|"
        "person organization|person organisation|firma|account company name"
    ),
    "job_title": (
        "title|position|role|job|occupation|organization title|organisation title|"
        "person job title|jobtitle|function"
    ),
    "number": (
        "numbers|phone|phone number|phone numbers|telephone|telephone number|tel|mobile|"
        "mobile phone|mobile number|mobile phone number|cell|cell phone|cellphone|"
        "cell phone number|work phone|work phone number|business phone|business phone number|"
        "business mobile|home phone|home phone number|primary phone|other phone|company phone|"
        "direct phone|direct line|main phone|office phone|contact number|contact phone|"
        "customer phone|customer number|phone value|phone work|phone home|phone mobile|phone other|"
        "phone main|"
        "telefon|handy|mobil|assistants phone|car phone|whatsapp|whatsapp phone number|"
        "person phone|person phone work|person phone home|person phone mobile|person phone other"
    ),
    "email": (
        "emails|e mail|e mails|mail|email address|e mail address|email addresses|mail address|"
        "primary email|work email|business email|home email|personal email|other email|"
        "secondary email|additional email|additional email addresses|contact email|email value|"
        "e mail value|email work|email home|email other|person email|person email work|"
        "person email home|person email other|customer email"
    ),
    "street": (
        "street address|address|address street|street name|mailing street|business street|"
        "work street|home street|address line|postal address|address line one|primary street|"
        "person postal address|strasse"
    ),
    "city": (
        "town|address city|mailing city|business city|work city|home city|primary city|locality|"
        "person city|ort|stadt"
    ),
    "region": (
        "state|province|county|state region|state province|address region|mailing state|"
        "mailing state province|business state|home state|primary state|region state|"
        "address state|state code"
    ),
    "postal_code": (
        "zip|zip code|zipcode|postcode|post code|postal|zip postal code|postal zip code|"
        "address postal code|mailing zip|mailing zip postal code|business postal code|"
        "home postal code|mailing postal code|primary postal code|address zip|plz|zip postcode"
    ),
    "country": (
        "country region|address country|mailing country|business country|business country region|"
        "home country|home country region|primary country|country name|country code|land"
    ),
    "source": "lead source|original source|contact source|origin|traffic source|source of lead",
    "owner": (
        "contact owner|lead owner|account manager|sales rep|sales representative|assigned to|"
        "assigned user|record owner|person owner|owner name|responsible"
    ),
    "note": "notes|comment|comments|description|remarks|remark|bemerkung|contact notes",
}


@cache
def _known() -> dict[str, str]:
    known = {plain_name(field): field for field in FIELDS}
    for field, names in _SYNONYMS.items():
        for name in names.split("|"):
            known.setdefault(plain_name(name), field)
    return known


def field_of(plain: str) -> str | None:
    """Return the field that a plain column name stands for, with or without a number in it.

    Only fields that may stand in several columns have a second one: ``Street 2`` is none.
    """
    known = _known()
    if plain in known:
        return known[plain]
    words = plain.split()
    counts = [word for word in words if word.isdigit()]
    field = known.get(" ".join(word for word in words if not word.isdigit()))
    if field is None or len(counts) != 1 or (field not in SEVERAL and counts != ["1"]):
        return None
    return field


def with_scores(types: Mapping[str, ScoreTypeSettings]) -> Vocabulary:
    """Return the vocabulary of contacts with their scores, by the name or label of each type."""
    scores = {field_name(name): kind for name, kind in types.items()}
    known = {plain_name(kind.label): field for field, kind in scores.items()}
    known |= {plain_name(f"score.{kind.name}"): field for field, kind in scores.items()}
    known |= {plain_name(kind.name): field for field, kind in scores.items()}

    def score_of(plain: str) -> str | None:
        return field_of(plain) or known.get(plain)

    return CONTACTS._replace(fields=(*FIELDS, *scores), scores=tuple(scores), field_of=score_of)


CONTACTS = Vocabulary(
    noun="contact",
    fields=FIELDS,
    own_fields=OWN_FIELDS,
    own_hint="To keep another system's number of the contact, map it to external_id.",
    scores=(),
    field_of=field_of,
    several=SEVERAL,
)
