"""Results that the tests of all formats share."""

from __future__ import annotations

import pytest

from scorecli.result import Column, Money, Result, Score

HOSTILE = (
    "[/b] [red]x :smile: \x1b]52;c;aGk=\x07\x1b[2J \x9b31m "
    "\u202eevil\u2066 \u200b\u2028 a\tb\nc | =1+1 `*_<b>&amp; \\ \x00\udc80"
)

CALL_COLUMNS = (
    Column("id", "Id", "integer"),
    Column("started_at", "Start", "time"),
    Column("direction", "Direction"),
    Column("contact", "Contact"),
    Column("source", "Source"),
    Column("user", "User"),
    Column("duration", "Duration", "seconds"),
    Column("result", "Result"),
    Column("score", "Lead Score", "score"),
)


@pytest.fixture
def calls() -> Result:
    rows = [
        (
            1048576,
            "2026-11-03T14:05:09+01:00",
            "inbound",
            "Zoë Example",
            "Google Ads",
            "Kim Miller",
            3725,
            "SALE",
            Score(("wrong number", "price"), 4, True, Money(25000, "USD"), "2026-11-03"),
        ),
        (7, None, "outbound", "(202) 555-0143", None, None, None, None, Score()),
        (
            6,
            "2026-11-02T09:00:00+01:00",
            "inbound",
            "東京 office",
            "Bing",
            "Kim Miller",
            0,
            "NI",
            Score((), 1),
        ),
    ]
    return Result(CALL_COLUMNS, iter(rows))


def dollars(*amounts: int | None) -> list[Money | None]:
    return [None if minor is None else Money(minor, "USD") for minor in amounts]


@pytest.fixture
def report() -> Result:
    columns = (
        Column("source", "Source"),
        Column("calls", "Calls", "integer"),
        Column("scored", "Scored", "integer"),
        Column("avg_stars", "Avg stars", "decimal"),
        Column("conversions", "Conversions", "integer"),
        Column("conversion_rate", "Conversion rate", "rate"),
        Column("amount", "Amount", "money"),
        Column("amount_per_conversion", "Amount per conversion", "money"),
        Column("amount_per_call", "Amount per call", "money"),
    )
    rows = [
        ("Google Ads", 1200, 400, 3.5, 300, 0.25, *dollars(123456789, 411523, 102881)),
        ("Bing", 3, 0, None, 0, 0.0, *dollars(0, None, 0)),
    ]
    total = (None, 1203, 400, 3.5, 300, 300 / 1203, *dollars(123456789, 411523, 102624))
    head = {
        "report": "conversions",
        "since": "2026-11-01",
        "until": None,
        "time_zone": "Europe/Berlin",
        "filter": "source:any",
    }
    return Result(columns, iter(rows), total=total, head=head)


@pytest.fixture
def record() -> Result:
    columns = (
        Column("id", "Id", "integer"),
        Column("started_at", "Start", "time"),
        Column("converted", "Converted", "boolean"),
        Column("amount", "Amount", "money"),
        Column("reporting_tags", "Reporting tags", "list"),
        Column("note", "Note"),
        Column("extra", "Extra", "object"),
    )
    row = (
        5,
        "2026-11-03T14:05:09+01:00",
        True,
        Money(99950, "EUR"),
        ["price", "wrong number"],
        "Asked twice.\nCall back | soon, " + "really " * 12,
        {"Landing Page": "/offer?x=1"},
    )
    return Result(columns, iter([row]), single=True)


@pytest.fixture
def hostile() -> Result:
    """Every kind of text that a terminal, Rich, Markdown or a spreadsheet would interpret."""
    columns = (
        Column("plain", HOSTILE),
        Column(HOSTILE, "Label"),
        Column("tags", "Tags", "list"),
        Column("extra", "Extra", "object"),
        Column("score", "Score", "score"),
        Column("day", "Day", "day"),
    )
    score = Score((HOSTILE,), 3, True, Money(100, HOSTILE), HOSTILE)
    row = (HOSTILE, HOSTILE, [HOSTILE, "=1+1"], {HOSTILE: HOSTILE}, score, HOSTILE)
    return Result(columns, iter([row]), total=row)


@pytest.fixture
def hostile_record(hostile: Result) -> Result:
    return Result(hostile.columns, hostile.rows, single=True)
