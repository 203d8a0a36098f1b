"""The reports `contacts` and `trend`: figures against plain Python, periods, filters, zones."""

from __future__ import annotations

import io
import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scorecli.domain.contact_scores import parse_wish
from scorecli.domain.filters import FilterContext, parse_text
from scorecli.errors.contact_scores import UnknownScoreType
from scorecli.errors.reports import (
    PeriodEndsEarly,
    SeveralCurrencies,
    UnknownColumn,
    UnknownGrouping,
)
from scorecli.render.style import Style
from scorecli.render.table import write_table
from scorecli.reports.best_contacts import ContactsRequest, best_contacts
from scorecli.reports.best_contacts import definitions as contact_definitions
from scorecli.reports.score_trend import TrendRequest, definitions, score_trend
from scorecli.result import Fixed, Money, Result
from scorecli.services.activities import NewActivity, add_by_hand
from scorecli.services.contact_editing import ContactWish, add_contact
from scorecli.services.contact_merging import merge_contacts
from scorecli.services.contact_scoring import score_contacts
from scorecli.services.undoing import undo
from scorecli.settings import Settings, parse
from scorecli.storage.changes import Author
from scorecli.storage.database import Database, open_in_memory

NEW_YORK = '[display]\ntime_zone = "America/New_York"\n'
SETTINGS = parse(f"{NEW_YORK}[contact_scores.fit]\nmax = 10\ndecimals = 2\n")
BY = {"author": Author("test", "tester")}
TODAY = date(2026, 11, 29)
CONTEXT = FilterContext(TODAY, ZoneInfo("America/New_York"), "USD")


class House:
    """A database of contacts, their scores at given moments, activities and calls."""

    def __init__(self) -> None:
        self.db: Database = open_in_memory()

    def person(self, name: str, number: str | None = None, kind: str = "lead") -> int:
        wish = ContactWish({"name": name, "kind": kind}, [number] if number else None)
        return add_contact(self.db, SETTINGS, wish, now=1_790_000_000, **BY)[0]

    def score(self, contact: int, text: str, when: str, kind: str = "score") -> int:
        done = score_contacts(self.db, SETTINGS, [contact], kind, parse_wish(text), **BY)
        assert done.change is not None
        moment = int(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp())
        self.db.execute(
            "UPDATE change SET made_at = :moment WHERE id = :id",
            {"moment": moment, "id": done.change},
        )
        return done.change

    def activity(self, contact: int, points: int, when: str) -> None:
        at = int(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp())
        add_by_hand(self.db, SETTINGS, NewActivity("meeting", at, contact, None, points), **BY)

    def call(self, number: str, when: str, amount: int | None = None, code: str = "USD") -> None:
        at = int(datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp())
        count = int(self.db.one("SELECT count(*) FROM call"))
        self.db.execute(
            "INSERT OR IGNORE INTO lookup (id, field, value, folded) VALUES (1, 'system', 'x', 'x')"
        )
        self.db.execute(
            "INSERT INTO call (system_id, identity, started_at, contact_number,"
            " contact_number_e164, converted, amount, currency, scored)"
            " VALUES (1, :identity, :at, :number, :number, :converted, :amount, :code, 0)",
            {
                "identity": str(count).encode(),
                "at": at,
                "number": number,
                "converted": int(amount is not None),
                "amount": amount,
                "code": None if amount is None else code,
            },
        )


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.db.close()


def rows(result: Result) -> list[dict[str, Any]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def total(result: Result) -> dict[str, Any]:
    assert result.total is not None
    return dict(zip([column.name for column in result.columns], result.total, strict=True))


def ask(text: str) -> Any:
    return parse_text(text, "contacts", CONTEXT)


# --- contacts


def test_the_best_contacts_come_first_with_what_their_calls_were_worth(house: House) -> None:
    ann = house.person("Ann Lee", "+12125550101")
    bob = house.person("Bob Ray", "+12125550102")
    cleo = house.person("Cleo Fox")
    house.score(bob, "80", "2026-11-01T12:00")
    house.activity(ann, 5, "2026-11-02T12:00")
    house.activity(ann, 4, "2026-11-03T12:00")
    house.call("+12125550101", "2026-11-02T12:00", 25000)
    house.call("+12125550101", "2026-11-03T12:00")
    house.call("+12125550102", "2026-11-03T12:00", 9999)
    house.call("+12125559999", "2026-11-03T12:00", 7777)
    result = best_contacts(house.db, SETTINGS, ContactsRequest())
    found = rows(result)
    assert [row["id"] for row in found] == [bob, ann, cleo]
    assert found[0]["score"] == Fixed(80, 0)
    assert (found[1]["points"], found[1]["calls"], found[1]["conversions"]) == (9, 2, 1)
    assert found[1]["amount"] == Money(25000, "USD")
    assert (found[2]["score"], found[2]["points"], found[2]["calls"]) == (None, 0, 0)
    summed = total(result)
    assert (summed["points"], summed["calls"], summed["conversions"]) == (9, 3, 2)
    assert summed["amount"] == Money(34999, "USD")
    assert summed["score"] is None
    assert result.head is not None
    assert result.head["report"] == "contacts"


def test_days_limit_points_and_calls_in_the_settings_zone(house: House) -> None:
    ann = house.person("Ann Lee", "+12125550101")
    house.activity(ann, 5, "2026-11-02T04:59")  # still the 1st in New York
    house.activity(ann, 7, "2026-11-02T05:00")
    house.call("+12125550101", "2026-11-02T04:59", 100)
    house.call("+12125550101", "2026-11-02T05:00", 200)
    request = ContactsRequest(since=date(2026, 11, 2), until=date(2026, 11, 2))
    (row,) = rows(best_contacts(house.db, SETTINGS, request))
    assert (row["points"], row["calls"], row["amount"]) == (7, 1, Money(200, "USD"))
    with pytest.raises(PeriodEndsEarly):
        best_contacts(house.db, SETTINGS, request._replace(until=date(2026, 11, 1)))


def test_a_number_of_two_contacts_counts_for_neither(house: House) -> None:
    house.person("Ann Lee", "+12125550101")
    house.person("Ann Lee again", "+12125550101")
    house.call("+12125550101", "2026-11-02T05:00", 200)
    assert [row["calls"] for row in rows(best_contacts(house.db, SETTINGS, ContactsRequest()))] == [
        0,
        0,
    ]


def test_amounts_of_several_currencies_are_not_added(house: House) -> None:
    house.person("Ann Lee", "+12125550101")
    house.call("+12125550101", "2026-11-02T05:00", 200)
    house.call("+12125550101", "2026-11-02T05:00", 300, "EUR")
    with pytest.raises(SeveralCurrencies) as caught:
        best_contacts(house.db, SETTINGS, ContactsRequest())
    assert "--currency EUR" in str(caught.value.hint)
    (row,) = rows(best_contacts(house.db, SETTINGS, ContactsRequest(currency="eur")))
    assert (row["conversions"], row["amount"]) == (2, Money(300, "EUR"))


def test_contacts_are_filtered_sorted_and_cut_while_the_total_stays_that_of_all(
    house: House,
) -> None:
    numbers = [house.person(f"P {letter}") for letter in "abc"]
    for place, number in enumerate(numbers):
        house.activity(number, place + 1, "2026-11-02T12:00")
    request = ContactsRequest(ask("points:2.."), sort="points", limit=1)
    result = best_contacts(house.db, SETTINGS, request)
    assert [row["points"] for row in rows(result)] == [2]
    assert total(result)["points"] == 5
    assert "1 of 2 contacts" in result.notices[0]
    with pytest.raises(UnknownColumn):
        best_contacts(house.db, SETTINGS, request._replace(sort="point"))


def test_every_figure_of_the_contacts_report_is_explained(house: House) -> None:
    shown = {column.name for column in best_contacts(house.db, SETTINGS, ContactsRequest()).columns}
    explained = {row[0] for row in contact_definitions(SETTINGS).rows}
    assert shown <= explained


# --- trend


def trend(house: House, settings: Settings = SETTINGS, **wish: Any) -> Result:
    return score_trend(house.db, settings, TrendRequest(TODAY, **wish))


def test_the_trend_has_the_average_and_the_spread_at_the_end_of_each_month(house: House) -> None:
    people = [house.person(f"P {n}") for n in range(5)]
    for number, value in zip(people, (10, 35, 35, 80, 100), strict=True):
        house.score(number, str(value), "2026-08-10T12:00")
    house.score(people[0], "+45", "2026-10-01T12:00")
    house.score(people[4], "none", "2026-10-02T12:00")
    found = rows(trend(house))
    assert [row["month"] for row in found] == ["2026-08", "2026-09", "2026-10", "2026-11"]
    assert [row["changes"] for row in found] == [5, 0, 2, 0]
    august, october = [10, 35, 35, 80, 100], [55, 35, 35, 80]
    for row, values in ((found[0], august), (found[1], august), (found[2], october)):
        assert row["contacts"] == len(values)
        assert row["average"] == pytest.approx(statistics.mean(values))
        assert row["lowest"] == Fixed(min(values), 0)
        assert row["median"].number == statistics.median(values)
        assert row["highest"] == Fixed(max(values), 0)
        bands = [sum(low <= value < low + 20 for value in values) for low in (0, 20, 40, 60, 80)]
        bands[4] += values.count(100)
        assert [row[f"band_{n}"] for n in range(1, 6)] == bands
    assert total(trend(house))["changes"] == 7
    assert total(trend(house))["contacts"] == 4


def test_the_trend_belongs_to_days_of_the_settings_zone(house: House) -> None:
    ann = house.person("Ann Lee")
    house.score(ann, "10", "2026-11-01T03:59")  # the last of October in New York
    house.score(ann, "20", "2026-11-01T04:00")
    found = rows(trend(house, by="day", until=date(2026, 11, 2)))
    assert [(row["day"], row["average"]) for row in found] == [
        ("2026-10-31", 10.0),
        ("2026-11-01", 20.0),
        ("2026-11-02", 20.0),
    ]


def test_the_trend_begins_with_what_was_there_before_the_first_day(house: House) -> None:
    ann = house.person("Ann Lee")
    house.score(ann, "10", "2026-05-01T12:00")
    house.score(ann, "20", "2026-11-10T12:00")
    found = rows(trend(house, since=date(2026, 10, 15), until=date(2026, 11, 9)))
    assert [(row["month"], row["changes"], row["average"]) for row in found] == [
        ("2026-10", 0, 10.0),
        ("2026-11", 0, 10.0),
    ]


def test_what_was_undone_is_not_in_the_trend(house: House) -> None:
    ann = house.person("Ann Lee")
    house.score(ann, "10", "2026-10-01T12:00")
    slip = house.score(ann, "90", "2026-10-20T12:00")
    undo(house.db, slip, **BY)
    found = rows(trend(house, until=date(2026, 10, 31)))
    assert [(row["changes"], row["average"]) for row in found] == [(1, 10.0)]


def test_the_trend_of_another_type_and_of_some_contacts(house: House) -> None:
    ann, bob = house.person("Ann Lee"), house.person("Bob Ray", kind="contact")
    house.score(ann, "7.25", "2026-11-01T12:00", "fit")
    house.score(bob, "2.5", "2026-11-01T12:00", "fit")
    (row,) = rows(trend(house, type_name="fit", selected=ask("kind:lead")))
    assert (row["contacts"], row["average"], row["median"]) == (1, 7.25, Fixed(7.25, 2))
    (row,) = rows(trend(house, type_name="Fit"))
    assert row["average"] == pytest.approx(4.875)


def test_a_score_that_nobody_has_has_no_average(house: House) -> None:
    house.person("Ann Lee")
    (row,) = rows(trend(house))
    assert (row["contacts"], row["average"], row["median"], row["band_1"]) == (0, None, None, 0)


def test_a_trend_that_cannot_be_is_refused(house: House) -> None:
    with pytest.raises(UnknownGrouping, match="hour"):
        trend(house, by="hour")
    with pytest.raises(UnknownScoreType, match="fat"):
        trend(house, type_name="fat")
    with pytest.raises(PeriodEndsEarly):
        trend(house, since=date(2026, 11, 2), until=date(2026, 11, 1))


def test_every_figure_of_the_trend_is_explained(house: House) -> None:
    shown = {column.name for column in trend(house).columns} - {"month"}
    explained = {row[0] for row in definitions(SETTINGS, "score").rows}
    assert shown <= explained


def test_a_narrow_terminal_shows_the_trend_without_breaking_a_word(house: House) -> None:
    for number in range(3):
        house.score(house.person(f"P{number}"), str(number * 50), "2026-08-10T12:00")
    stream = io.StringIO()
    request = TrendRequest(TODAY, until=date(2026, 8, 31))
    shown = score_trend(house.db, SETTINGS, request, for_people=True)
    write_table(shown, stream, Style(is_terminal=True, width=80))
    text = stream.getvalue()
    for word in ("2026-08", "Changes", "Contacts", "Average", "Lowest", "Median", "Highest"):
        assert word in text
    assert max(map(len, text.splitlines())) <= 80


def test_bands_of_a_range_below_zero_are_labelled_clearly(house: House) -> None:
    settings = parse("[contact_scores.fit]\nmin = -10\nmax = 10\n")
    labels = [column.label for column in trend(house, settings, type_name="fit").columns]
    assert labels[-5:] == ["-10 to -6", "-6 to -2", "-2 to 2", "2 to 6", "6 to 10"]


def test_a_period_without_values_has_no_shape(house: House) -> None:
    house.person("Ann Lee")
    (row,) = rows(score_trend(house.db, SETTINGS, TrendRequest(TODAY), for_people=True))
    assert row["shape"] is None


def test_people_see_an_average_as_fine_as_its_values(house: House) -> None:
    settings = parse("[contact_scores.risk]\nmax = 0.01\ndecimals = 4\n")
    for value in ("0.0092", "0.0093", "0.0093"):
        contact = house.person(value)
        score_contacts(house.db, settings, [contact], "risk", parse_wish(value), **BY)
    request = TrendRequest(date(2100, 1, 1), since=date(2100, 1, 1), type_name="risk")
    (row,) = rows(score_trend(house.db, settings, request, for_people=True))
    assert row["average"] == Fixed(0.0093, 4)


def test_a_merge_that_leaves_the_score_as_it_was_is_no_change_in_the_trend(house: House) -> None:
    ann, twin = house.person("Ann Lee"), house.person("Ann Lee")
    house.score(ann, "30", "2026-11-01T12:00")
    house.score(twin, "10", "2026-11-01T12:00")
    merge_contacts(house.db, ann, [twin], scores="max", **BY)
    report = trend(house, since=date(2026, 1, 1), until=date(2100, 1, 1), by="year")
    assert (total(report)["changes"], total(report)["average"]) == (1, 30)
