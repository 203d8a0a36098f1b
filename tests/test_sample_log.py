"""Generated call logs: the same every time, and in the proportions that they promise."""

from __future__ import annotations

import csv
import hashlib
import io
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

import pytest

from scorecli.domain.phones import Phones
from scorecli.readers import profiles
from scorecli.readers.mapping import Wishes, resolve
from scorecli.sample_log import HEADER, LogShape, demo_shape, large_shape, rows, write_log

LARGE = 20_000
DAY = date(2026, 11, 22)
Record = dict[str, str]


def _records(shape: LogShape) -> list[Record]:
    return [dict(zip(HEADER, row, strict=True)) for row in rows(shape)]


@pytest.fixture(scope="module")
def large() -> list[Record]:
    return _records(large_shape(LARGE))


@pytest.fixture(scope="module")
def demo() -> list[Record]:
    return _records(demo_shape(DAY))


def test_the_same_shape_gives_the_same_log_on_every_machine() -> None:
    text = io.StringIO()
    write_log(text, large_shape(1000))
    digest = hashlib.sha256(text.getvalue().encode()).hexdigest()
    assert digest == "1429bc5e79f089cc8e48c9a449ecf5e0518d053a208e84f9659b8b588b71fec9"


def test_another_seed_gives_another_log() -> None:
    shape = demo_shape(DAY)
    assert list(rows(shape)) == list(rows(shape))
    assert list(rows(shape)) != list(rows(shape._replace(seed=2)))


def test_the_first_rows_come_without_the_others_being_made() -> None:
    tracemalloc.start()
    for _ in islice(rows(large_shape(10_000_000)), 1000):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_written_log_is_csv_under_its_header() -> None:
    text = io.StringIO()
    write_log(text, demo_shape(DAY))
    read = list(csv.reader(io.StringIO(text.getvalue())))
    assert tuple(read[0]) == HEADER
    assert [tuple(row) for row in read[1:]] == list(rows(demo_shape(DAY)))


def test_every_column_maps_by_its_name() -> None:
    mapping = resolve(HEADER, profiles.load("generic"), Wishes({}, {}), frozenset())
    assert mapping.unmapped == ()


def test_a_large_log_has_exactly_the_promised_proportions(large: list[Record]) -> None:
    scored = [r for r in large if r["Rating"] or r["Reporting Tags"] or r["Converted"]]
    assert len(large) == LARGE
    assert len(scored) == LARGE * 35 // 100
    assert sum(r["Converted"] == "yes" for r in large) == LARGE * 8 // 100
    assert len({r["Customer Number"] for r in large}) == LARGE * 7 // 10
    assert len({r["Source"] for r in large}) == 10
    assert len({r["Campaign"] for r in large} - {""}) == 12
    assert len({r["Agent"] for r in large} - {""}) == 500


def test_half_the_numbers_are_international_and_half_national(large: list[Record]) -> None:
    numbers = {r["Customer Number"] for r in large}
    international = {number for number in numbers if number.startswith("+1")}
    assert len(international) == len(numbers) // 2
    assert all(set(number) & set("-()") for number in numbers - international)


def test_every_number_is_a_different_valid_one_for_the_phone_library(large: list[Record]) -> None:
    import phonenumbers

    phones = Phones("US")
    numbers = {r["Customer Number"] for r in large}
    normal = {phones.e164(number) or number for number in numbers}
    assert len(normal) == len(numbers)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(n)) for n in list(normal)[:2000])


def test_call_ids_are_unique(large: list[Record]) -> None:
    assert len({r["Call ID"] for r in large}) == LARGE


def test_calls_are_in_order_within_their_days_and_never_on_sundays(large: list[Record]) -> None:
    starts = [datetime.fromisoformat(r["Start Time"]) for r in large]
    assert starts == sorted(starts)
    assert {start.weekday() for start in starts} == set(range(6))
    assert all(8 <= start.hour < 19 for start in starts)


def test_amounts_are_those_of_conversions_and_only_answered_calls_are_scored(
    large: list[Record],
) -> None:
    for record in large:
        assert bool(record["Amount"]) == (record["Converted"] == "yes")
        if record["Rating"]:
            assert record["Status"] == "Answered"
            assert record["Rating"] in "12345"


def test_durations_add_up(large: list[Record]) -> None:
    for record in large:
        seconds = [int(record[name]) for name in ("Duration", "Talk Time", "Wait Time")]
        assert seconds[0] == seconds[1] + seconds[2]


def test_the_demo_is_a_small_log_of_the_weeks_before_its_day(demo: list[Record]) -> None:
    days = {datetime.fromisoformat(r["Start Time"]).date() for r in demo}
    assert len(demo) == 200
    assert max(days) < DAY
    assert (DAY - min(days)).days <= 42
    assert len({r["Source"] for r in demo}) == 5
    assert len({r["Campaign"] for r in demo} - {""}) == 3
    assert len({r["Agent"] for r in demo} - {""}) == 4


def test_the_demo_uses_only_numbers_that_are_kept_free_for_fiction(demo: list[Record]) -> None:
    phones = Phones("US")
    for number in _every_number(demo):
        found = phones.e164(number)
        assert found is not None
        assert found[5:10] == "55501"


def test_nobody_calls_themselves_in_the_demo(demo: list[Record]) -> None:
    agents = {r["Agent"] for r in demo}
    customers = Counter(r["Customer Name"] for r in demo)
    assert not agents & set(customers)
    assert customers.most_common(1)[0][1] > 1  # some call more than once


def _every_number(records: list[Record]) -> Iterator[str]:
    for record in records:
        yield record["Customer Number"]
        yield record["Tracking Number"]
