from __future__ import annotations

import random

import pytest

from scorecli.domain.record_state import Effects, MadeCall, Record, State, follow

SPRING, AUTUMN = 1, 2
FINAL = Effects(final=True)
AGAIN = Effects()
BACK = Effects(recall=True, recall_after=3600)
ROLL = Effects(roll_to=AUTUMN)


def one(*calls: MadeCall, opened_at: int = 0, barred: tuple[int | None, ...] = ()) -> State:
    return follow([Record(7, SPRING, opened_at)], calls, barred)[7]


def call(at: int, effects: Effects | None = None, **more: int) -> MadeCall:
    return MadeCall(at, at, **{"campaign": SPRING, **more}, effects=effects)


def test_a_record_without_calls_is_new() -> None:
    assert one() == State(SPRING, "new")


@pytest.mark.parametrize("seed", range(10))
def test_the_latest_call_decides_in_whatever_order_they_were_entered(seed: int) -> None:
    calls = [call(100, FINAL), call(200, AGAIN), call(300, BACK)]
    random.Random(seed).shuffle(calls)
    assert one(*calls) == State(SPRING, "callback", 3, 300, 3900, 300)


def test_a_call_without_a_result_is_an_attempt_and_says_nothing_else() -> None:
    assert one(call(100)) == State(SPRING, "open", 1, 100)
    assert one(call(100, FINAL), call(200)) == State(SPRING, "final", 2, 200)


def test_a_final_record_is_open_again_when_its_list_was_opened_later() -> None:
    assert one(call(100, FINAL), opened_at=100).state == "final"
    assert one(call(100, FINAL), opened_at=101).state == "open"


def test_a_time_given_with_the_call_comes_before_the_usual_delay() -> None:
    assert one(call(100, BACK, recall_at=5000)).next_at == 5000


def test_a_rolled_record_is_new_in_the_other_campaign_and_stays_there() -> None:
    assert one(call(100, ROLL)) == State(AUTUMN, "new", 1, 100)
    there = one(call(100, ROLL), call(200, AGAIN, campaign=AUTUMN))
    assert there == State(AUTUMN, "open", 2, 200)


def test_a_number_that_must_not_be_called_closes_whatever_the_calls_say() -> None:
    assert one(call(100, BACK), barred=(None,)) == State(SPRING, "do_not_call", 1, 100)
    assert one(call(100, BACK), barred=(SPRING,)).state == "do_not_call"
    assert one(call(100, BACK), barred=(AUTUMN,)).state == "callback"


def test_a_call_belongs_to_a_record_only_where_exactly_one_fits() -> None:
    records = [Record(1, SPRING, 0), Record(2, SPRING, 0), Record(3, AUTUMN, 0)]
    states = follow(records, [call(100, FINAL), call(200, FINAL, campaign=AUTUMN)])
    assert [states[number].state for number in (1, 2, 3)] == ["new", "new", "final"]
    logged = follow(records, [call(100, FINAL, record=2)])
    assert [logged[number].state for number in (1, 2, 3)] == ["new", "final", "new"]
