"""The SQL of a filter over contacts selects exactly the contacts that the filter lets pass."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecli.domain.contact_values import full_name
from scorecli.domain.filter_match import matches
from scorecli.domain.filters import FilterContext, parse_terms, parse_text, to_text
from scorecli.domain.text import fold
from scorecli.errors.filters import UnknownFilterField
from scorecli.storage.companies import Companies
from scorecli.storage.contact_rows import insert_contacts
from scorecli.storage.database import Database, open_in_memory
from scorecli.storage.filter_sql import to_sql

CONTEXT = FilterContext(date(2026, 11, 3), ZoneInfo("Europe/Berlin"), "USD")
TEXTS = st.sampled_from(
    [
        "Newcastle",
        "newcastle upon Tyne",
        "Straße",
        "STRASSE",
        "Ann  Lee",
        "none",
        "a,b",
        'x"y',
        "100%",
    ]
)
NUMBERS = st.sampled_from(["+441914980123", "0191 498 0123", "+14155550123", "5551"])
E164 = {"0191 498 0123": "+441914980123", "+441914980123": "+441914980123"}
E164["+14155550123"] = "+14155550123"
EMAILS = st.sampled_from(["ann@example.com", "ANN@example.com", "bob@acme.test"])
TEXT_FIELDS = ("external_id", "first_name", "last_name", "job_title", "street", "city", "region")
TEXT_FIELDS += ("postal_code", "country", "source", "note", "company", "owner")
SECONDS = st.sampled_from([1793660400, 1793746799, 1793746800, 1761951600, 0])

CONTACTS = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["lead", "contact"]), "created_at": SECONDS},
        optional={
            **dict.fromkeys(TEXT_FIELDS, TEXTS),
            "numbers": st.lists(NUMBERS, max_size=2, unique=True),
            "emails": st.lists(EMAILS, max_size=2, unique_by=fold),
            "extra": st.dictionaries(st.sampled_from(["Page", "x y"]), TEXTS, max_size=2),
        },
    ),
    min_size=1,
    max_size=5,
)


def store(db: Database, contacts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Store contacts; return them as records, with what follows from the others."""
    db.execute(
        "INSERT INTO change (id, made_at, who, command, origin) VALUES (1, 0, 't', 't', 'person')"
    )
    records = []
    for number, contact in enumerate(contacts, 1):
        row = dict(contact)
        if company := row.pop("company", None):
            row["company_id"] = Companies(db).number(company)
        if owner := row.pop("owner", None):
            found = db.one('SELECT id FROM "user" WHERE name = :name', {"name": owner})
            row["owner_id"] = found or db.one(
                'INSERT INTO "user" (name, folded) VALUES (:n, :f) RETURNING id',
                {"n": owner, "f": fold(owner)},
            )
        row["numbers"] = [[text, E164.get(text)] for text in row.get("numbers", [])]
        insert_contacts(db, [(number, row)], now=row["created_at"], change=1)
        numbers = [text for pair in row["numbers"] for text in pair if text]
        name = full_name(row.get("first_name"), row.get("last_name"))
        records.append({**contact, **row, "id": number, "name": name, "numbers": numbers})
        records[-1]["added_in"] = 1
        if row.get("company_id"):
            (records[-1]["company"],) = db.rows(
                "SELECT name FROM company WHERE id = :id", {"id": row["company_id"]}
            )[0]
    for record in records:
        theirs = {e for other in records if other is not record for e in other["numbers"]}
        record["shared_number"] = any(
            text in theirs for text in record["numbers"] if text in E164.values()
        )
    return records


def quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


WORDS = TEXTS.map(quote)
TEXT_VALUES = st.one_of(
    st.sampled_from(["none", "any", "~new", "~ss", "~%", "~ann"]),
    WORDS,
    WORDS.map("{},none".format),
)
SIMPLE = st.one_of(
    *(TEXT_VALUES.map(f"{field}:".__add__) for field in (*TEXT_FIELDS, "name")),
    st.one_of(NUMBERS.map(quote), st.sampled_from(["none", "any", "~498", "~0123"])).map(
        "number:".__add__
    ),
    st.one_of(EMAILS, st.sampled_from(["none", "any", "~acme"])).map("email:".__add__),
    st.sampled_from(["kind:lead", "kind:lead,contact", "kind:any", "id:2..", "id:1", "change:1"]),
    st.sampled_from(["shared_number:yes", "shared_number:no", "created:2026-11-02"]),
    st.sampled_from(["company_id:1", "owner_id:none", "extra.page:any", "extra.Page:none"]),
    TEXT_VALUES.map('extra."x y":'.__add__),
    WORDS,
    st.sampled_from(["498", "acme", "lee"]),
)
TERMS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        inner.map("not:".__add__),
        st.lists(inner, min_size=1, max_size=3).map(lambda terms: f"any:({' '.join(terms)})"),
    ),
    max_leaves=4,
)


@settings(max_examples=200)
@given(CONTACTS, st.lists(TERMS, min_size=5, max_size=12))
def test_sql_selects_the_contacts_that_a_filter_lets_pass(
    contacts: list[dict[str, Any]], terms: list[str]
) -> None:
    with open_in_memory() as db:
        records = store(db, contacts)
        everything = [record["id"] for record in records]
        for term in terms:
            what = parse_text(term, "contacts", CONTEXT)
            expected = [record["id"] for record in records if matches(what, record)]
            condition = to_sql(what)
            for sql, wanted in (
                (condition.sql, expected),
                (f"NOT ({condition.sql})", [n for n in everything if n not in expected]),
            ):
                rows = db.rows(f"SELECT c.id FROM contact AS c WHERE {sql}", condition.params)
                assert sorted(number for (number,) in rows) == wanted, term
            assert parse_text(to_text(what), "contacts", CONTEXT) == what


@pytest.mark.parametrize(
    ("term", "index"),
    [
        ("number:+441914980123", "ix_contact_number_e164"),
        ("email:ann@example.com", "ix_contact_email_folded"),
        ("name:ann", "ix_contact_folded"),
        ("company:acme", "ix_contact_company"),
        ("id:7", "INTEGER PRIMARY KEY"),
    ],
)
def test_an_ordinary_filter_searches_an_index(term: str, index: str) -> None:
    with open_in_memory() as db:
        condition = to_sql(parse_terms([term], "contacts", CONTEXT))
        sql = f"SELECT c.note FROM contact AS c WHERE c.removed IS NULL AND {condition.sql}"
        plan = [row[3] for row in db.rows(f"EXPLAIN QUERY PLAN {sql}", condition.params)]
        assert any("SEARCH" in line and index in line for line in plan), plan


def test_a_saved_filter_over_calls_is_refused_only_when_contacts_are_asked() -> None:
    saved = CONTEXT._replace(saved={"good": "stars:4.."})
    assert parse_terms(["@good"], "calls", saved).terms
    assert parse_terms(["kind:lead"], "contacts", saved).terms
    with pytest.raises(UnknownFilterField, match="stars"):
        parse_terms(["@good"], "contacts", saved)
