"""The SQL of a filter selects exactly the calls that the filter lets pass."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import scorecli.storage
from scorecli.domain.filter_fields import ASSIGNED_BY, DIRECTIONS, STATUSES
from scorecli.domain.filter_match import matches
from scorecli.domain.filters import Filter, FilterContext, parse_terms, parse_text, to_text
from scorecli.domain.text import fold
from scorecli.storage.filter_sql import to_sql

CONTEXT = FilterContext(date(2026, 11, 3), ZoneInfo("Europe/Berlin"), "USD")
LOOKUPS = ("system", "account", "termination", "tracking_number", "source", "medium", "campaign")
LOOKUPS += ("list", "agent")
PLAIN = ("started_at", "direction", "status", "duration", "talk_time", "wait_time", "stars")
PLAIN += ("amount", "currency", "converted_on", "assigned_by", "external_id", "contact_name")
PLAIN += ("contact_number", "contact_number_e164", "note", "recording_url")

Call = dict[str, Any]


def new_database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.create_function("fold", 1, lambda text: text and fold(text), deterministic=True)
    schema = Path(scorecli.storage.__file__).with_name("schema.sql")
    connection.executescript(schema.read_text(encoding="utf-8"))
    return connection


def known(connection: sqlite3.Connection, table: str, **values: Any) -> int:
    """Return the id of the row with these values, adding it where it is missing."""
    names = ", ".join(values)
    found = " AND ".join(f"{name} = :{name}" for name in values)
    row = connection.execute(f'SELECT id FROM "{table}" WHERE {found}', values).fetchone()
    if row is None:
        marks = ", ".join(":" + name for name in values)
        sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks}) RETURNING id'
        row = connection.execute(sql, values).fetchone()
    return int(row[0])


def store(connection: sqlite3.Connection, call: Call) -> None:
    row = {name: call.get(name) for name in PLAIN}
    row["id"] = call["id"]
    row["identity"] = str(call["id"]).encode()
    row["converted"] = int(call.get("converted", False))
    tags = call.get("reporting_tags", [])
    row["scored"] = int(bool(tags or call.get("stars") or call.get("converted")))
    row["extra"] = json.dumps(call["extra"]) if call.get("extra") else None
    for field in LOOKUPS:
        value = call.get(field, "generic" if field == "system" else None)
        if value is not None:
            row[field + "_id"] = known(
                connection, "lookup", field=field, value=value, folded=fold(value)
            )
    if call.get("user"):
        name = call["user"]
        row["user_id"] = known(connection, "user", name=name, folded=fold(name))
    if call.get("result"):
        folded = fold(call["result"])
        row["result_id"] = known(connection, "result", code=folded, folded=folded)
    columns = ", ".join(row)
    marks = ", ".join(":" + name for name in row)
    connection.execute(f"INSERT INTO call ({columns}) VALUES ({marks})", row)
    for kind in ("reporting", "call"):
        for folded in {fold(tag) for tag in call.get(f"{kind}_tags", [])}:
            tag = connection.execute(
                "INSERT INTO tag (kind, name, folded) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET name = name RETURNING id",
                (kind, folded, folded),
            ).fetchone()[0]
            connection.execute("INSERT INTO call_tag VALUES (?, ?)", (call["id"], tag))


def select(connection: sqlite3.Connection, what: Filter, negate: bool = False) -> list[int]:
    condition = to_sql(what)
    sql = f"NOT ({condition.sql})" if negate else condition.sql
    rows = connection.execute(f"SELECT c.id FROM call AS c WHERE {sql}", condition.params)
    return sorted(row[0] for row in rows)


# Small pools of values, so that filters find something and near misses are frequent.
SPELLINGS = ["Google", "google ads", "GOOGLE", "bing", "Straße", "STRASSE", "Ann  Lee"]
SPELLINGS += ["none", "any", "~ads", "a,b", 'x"y', "100%", "a_b", "5", "it's", "x:y", "(b)", "[/b]"]
SPELLINGS += ["king size", "\u212aing  size", "back\\slash"]  # the Kelvin sign folds to a k
TEXTS = st.sampled_from(SPELLINGS)
NUMBERS = st.sampled_from([0, 1, 29, 30, 31, 60, 3600])
AMOUNTS = st.sampled_from([0, 1, 99, 100, 101, 9999, 10000, 10001, 99999, 100000, 100001])
SECONDS = st.sampled_from([1793660400, 1793746799, 1793746800, 1792965600, 1761951600, 0])
DAYS = st.sampled_from(["2026-10-01", "2026-10-31", "2026-11-01", "2026-11-03", "2025-12-31"])
COLUMNS = st.sampled_from(["Landing Page", "landing page", "x", "É", 'a"b', "a.b"])
MONEY = st.tuples(AMOUNTS, st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF"]))


OPTIONAL: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys((*LOOKUPS[1:], "user", "result", "external_id", "contact_name"), TEXTS),
    **dict.fromkeys(("contact_number", "note", "recording_url"), TEXTS),
    **dict.fromkeys(("duration", "talk_time", "wait_time"), NUMBERS),
    "started_at": SECONDS,
    "converted_on": DAYS,
    "stars": st.integers(1, 5),
    "contact_number_e164": st.sampled_from(["+15551234567", "+4930123"]),
    "direction": st.sampled_from(DIRECTIONS),
    "status": st.sampled_from(STATUSES),
    "assigned_by": st.sampled_from(ASSIGNED_BY),
    "reporting_tags": st.lists(TEXTS, max_size=3),
    "call_tags": st.lists(TEXTS, max_size=3),
    "extra": st.dictionaries(COLUMNS, TEXTS | st.just(""), max_size=3),
    "money": MONEY,
}


def call_with(names: list[str]) -> st.SearchStrategy[Call]:
    """Calls that have some of the named fields."""
    some = st.fixed_dictionaries(
        {"system": TEXTS, "converted": st.booleans()},
        optional={name: OPTIONAL[name] for name in names if name in OPTIONAL},
    )
    return some.map(with_money)


def with_money(call: Call) -> Call:
    amount, currency = call.get("money", (None, None))
    rest = {name: value for name, value in call.items() if name != "money"}
    return {**rest, "amount": amount, "currency": currency}


def numbered(log: list[Call]) -> list[Call]:
    return [{**call, "id": number} for number, call in enumerate(log, 1)]


def calls(names: list[str]) -> st.SearchStrategy[list[Call]]:
    return st.lists(call_with(names), min_size=1, max_size=6).map(numbered)


def quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


WORDS = TEXTS.map(quote)
TEXT_VALUES = st.one_of(
    st.sampled_from(["none", "any"]),
    WORDS,
    st.lists(WORDS, min_size=2, max_size=3).map(",".join),
    st.sampled_from(["o", "ss", "%", "_", "b", "ads"]).map(lambda part: "~" + part),
    WORDS.map(lambda word: word + ",none"),
)


def ordered(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(["none", "any"]),
        values,
        values.map(lambda low: low + ".."),
        values.map(lambda high: ".." + high),
        st.tuples(st.sampled_from([">=", ">", "<", "<=", "="]), values).map("".join),
        st.tuples(values, st.just("none")).map(",".join),
    )


def choice(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(["none", "any", *values]) | st.just(",".join(values[:2]))


VALUES: dict[str, st.SearchStrategy[str]] = {
    **dict.fromkeys((*LOOKUPS, "user", "result", "external_id", "contact_name"), TEXT_VALUES),
    **dict.fromkeys(("contact_number", "note", "recording_url", "tag", "calltag"), TEXT_VALUES),
    **dict.fromkeys(("duration", "talk_time", "wait_time"), ordered(NUMBERS.map(str))),
    "id": ordered(st.integers(1, 6).map(str)) | st.just("2..4"),
    "stars": ordered(st.integers(1, 5).map(str)) | st.just("2..4"),
    "amount": ordered(st.sampled_from(["0", "1", "99.99", "100", "100.01", "1000"])),
    "currency": st.sampled_from(["USD", "jpy", "none", "EUR,KWD"]),
    "contact_number_e164": st.sampled_from(["+4930123", "none", "~555", "+1,+4930123"]),
    "date": ordered(DAYS) | st.sampled_from(["2026-Q4", "today", "2026-10", "3d.."]),
    "converted_on": ordered(DAYS) | st.sampled_from(["2026-Q4", "2026-10"]),
    "direction": choice(DIRECTIONS),
    "status": choice(STATUSES),
    "assigned_by": choice(ASSIGNED_BY),
    "converted": st.sampled_from(["yes", "no"]),
    "scored": st.sampled_from(["yes", "no"]),
    "change": st.sampled_from(["none", "1"]),
}
EXTRA = st.tuples(COLUMNS.map(quote), TEXT_VALUES).map(lambda pair: f"extra.{pair[0]}:{pair[1]}")
SIMPLE = st.one_of(
    st.sampled_from(sorted(VALUES)).flatmap(lambda name: VALUES[name].map(f"{name}:".__add__)),
    EXTRA,
    WORDS,
    st.sampled_from(["@unscored", "@unassigned", "@orphan-amounts"]),
)
TERMS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        inner.map("not:".__add__),
        st.lists(inner, min_size=1, max_size=3).map(lambda terms: f"any:({' '.join(terms)})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda terms: f"all:({' '.join(terms)})"),
    ),
    max_leaves=5,
)


def check(log: list[Call], terms: list[str]) -> None:
    connection = new_database()
    for call in log:
        store(connection, call)
    everything = {call["id"] for call in log}
    for term in terms:
        what = parse_text(term, "calls", CONTEXT)
        expected = [call["id"] for call in log if matches(what, call)]
        assert select(connection, what) == expected, term
        assert select(connection, what, negate=True) == sorted(everything - set(expected)), term
        assert parse_text(to_text(what), "calls", CONTEXT) == what
    connection.close()


STEADY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEYS = {
    "tag": ["reporting_tags", "call_tags"],
    "calltag": ["reporting_tags", "call_tags"],
    "date": ["started_at"],
    "scored": ["stars", "reporting_tags"],
    "amount": ["money"],
    "currency": ["money"],
}


@pytest.mark.parametrize("field", [*sorted(VALUES), "extra"])
@settings(STEADY, max_examples=40)
@given(st.data())
def test_sql_selects_what_a_term_lets_pass(field: str, data: st.DataObject) -> None:
    log = data.draw(calls(KEYS.get(field, [field])))
    terms = EXTRA if field == "extra" else VALUES[field].map(f"{field}:".__add__)
    check(log, data.draw(st.lists(terms, min_size=4, max_size=10)))


@settings(STEADY, max_examples=150)
@given(calls(sorted(OPTIONAL)), st.lists(TERMS, min_size=3, max_size=8))
def test_sql_selects_what_a_filter_lets_pass(log: list[Call], terms: list[str]) -> None:
    check(log, terms)


@pytest.fixture(name="connection")
def fixture_connection() -> Iterator[sqlite3.Connection]:
    connection = new_database()
    store(connection, {"id": 1, "source": "Google", "note": "100% sure", "contact_name": "Ann"})
    store(
        connection, {"id": 2, "note": "100 sure", "extra": {"Page": "/x"}, "started_at": 1793660400}
    )
    yield connection
    connection.close()


def found(connection: sqlite3.Connection, *terms: str) -> list[int]:
    return select(connection, parse_terms(terms, "calls", CONTEXT))


def test_wildcards_of_sql_are_ordinary_characters(connection: sqlite3.Connection) -> None:
    assert found(connection, "note:~100%") == [1]
    assert found(connection, "note:~1_0") == []


def test_a_word_is_not_found_across_two_fields(connection: sqlite3.Connection) -> None:
    assert found(connection, "ann") == [1]
    assert found(connection, "ann 100") == []


def test_a_very_long_value_is_searched_like_any_other(connection: sqlite3.Connection) -> None:
    assert found(connection, "note:~" + "x%" * 50_000) == []
    assert found(connection, "not:" + "x%" * 50_000) == [1, 2]


def test_no_filter_selects_every_call(connection: sqlite3.Connection) -> None:
    assert found(connection) == [1, 2]


def test_two_filters_fit_into_one_statement(connection: sqlite3.Connection) -> None:
    first = to_sql(parse_terms(["source:google"], "calls", CONTEXT), "a")
    second = to_sql(parse_terms(["note:~sure"], "calls", CONTEXT), "b")
    sql = f"SELECT id FROM call AS c WHERE {first.sql} AND {second.sql}"
    assert connection.execute(sql, first.params | second.params).fetchall() == [(1,)]


def test_thousands_of_terms_are_not_too_deep_for_sqlite(connection: sqlite3.Connection) -> None:
    terms = " ".join(f"not:note:~n{number}" for number in range(3000))
    assert found(connection, *terms.split(" ")) == [1, 2]
    assert found(connection, f"any:({terms})") == [1, 2]


@pytest.mark.parametrize("text", ["'; DROP TABLE call; --", "x' OR '1'='1", ":f1", "?"])
@pytest.mark.parametrize("field", ["source", "note", "tag", "extra.a'b", "user", ""])
def test_values_are_parameters_and_never_sql(
    connection: sqlite3.Connection, field: str, text: str
) -> None:
    what = parse_terms([f'{field}:"{text}"' if field else f'"{text}"'], "calls", CONTEXT)
    condition = to_sql(what)
    assert text not in condition.sql.replace(":f1", "") or text in ("?", ":f1")
    assert "?" not in condition.sql
    assert found(connection, f'{field}:"{text}"' if field else f'"{text}"') == []


@pytest.mark.parametrize(
    ("term", "index"),
    [
        ("date:2026-10", "ix_call_figures (started_at>? AND started_at<?)"),
        ("source:google", "ix_call_conversions_by_source (source_id=?"),
        ("contact_number_e164:+15551234567", "ix_call_number"),
        ("id:7", "INTEGER PRIMARY KEY"),
        ("tag:quote", "INTEGER PRIMARY KEY"),
    ],
)
def test_an_ordinary_filter_searches_an_index(
    connection: sqlite3.Connection, term: str, index: str
) -> None:
    condition = to_sql(parse_terms([term], "calls", CONTEXT))
    sql = f"SELECT c.note FROM call AS c WHERE c.removed IS NULL AND {condition.sql}"
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", condition.params)
    plan = [row[3] for row in rows]
    assert any("SEARCH c " in line and index in line for line in plan), plan
