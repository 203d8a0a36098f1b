from __future__ import annotations

import json
from typing import Any

import pytest

Run = Any
CallLog = Any


@pytest.fixture(autouse=True)
def _database(call_log: CallLog) -> None:
    """Every test has a call log of its own."""


def found(invoke: Run, *words: str) -> Any:
    return json.loads(invoke(*words, "--format", "json").stdout)


def test_a_campaign_has_a_name_a_description_and_calling_hours(invoke: Run) -> None:
    done = invoke(
        "campaigns", "add", "Spring  2026", "--description", "New prices", "--hours",
        "mon-fri 9-18, sat 10-14", "--timezone", "Europe/London",
    )  # fmt: skip
    assert done.code == 0
    assert 'The campaign "Spring 2026" was added (change 1).' in done.stderr
    shown = found(invoke, "campaigns", "show", "SPRING 2026")
    assert shown["description"] == "New prices"
    assert shown["hours"] == "Mon-Fri 09:00-18:00, Sat 10:00-14:00"
    assert shown["time_zone"] == "Europe/London"
    assert (shown["records"], shown["closed"]) == (0, False)


def test_a_campaign_is_changed_closed_and_opened_and_each_can_be_undone(invoke: Run) -> None:
    invoke("campaigns", "add", "Spring", "--hours", "9-18")
    assert invoke("campaigns", "edit", "spring", "--hours", "none").code == 0
    assert found(invoke, "campaigns", "show", "Spring")["hours"] is None
    invoke("campaigns", "close", "Spring")
    assert found(invoke, "campaigns", "list") == []
    assert [each["closed"] for each in found(invoke, "campaigns", "list", "--all")] == [True]
    invoke("campaigns", "edit", "Spring", "--open")
    assert len(found(invoke, "campaigns", "list")) == 1
    for _ in range(4):
        assert invoke("undo").code == 0
    assert found(invoke, "campaigns", "list", "--all") == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "SPRING"), 'There is a campaign "Spring" already.'),
        (("add", " "), "is empty"),
        (("add", "None"), "has a meaning of its own"),
        (("add", "x", "--hours", "never"), "names no calling hours"),
        (("add", "x", "--timezone", "Europe/Pari"), "did you mean Europe/Paris"),
        (("show", "Sprung"), 'There is no campaign "Sprung". Nearest: Spring.'),
        (("edit", "Spring"), "Nothing to change"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    invoke: Run, words: tuple[str, ...], says: str
) -> None:
    invoke("campaigns", "add", "Spring")
    done = invoke("campaigns", *words)
    assert done.code in (1, 2)
    assert says.casefold() in done.stderr.casefold()


def test_a_campaign_keeps_its_name_while_calls_name_it(invoke: Run) -> None:
    invoke("campaigns", "add", "Sprng")
    assert invoke("campaigns", "edit", "Sprng", "--name", "Spring").code == 0
    invoke("calls", "add", "--campaign", "spring", "--number", "+12125550123")
    done = invoke("campaigns", "edit", "Spring", "--name", "Summer")
    assert done.code == 1
    assert "keeps its name" in done.stderr


def test_a_campaign_says_which_results_may_be_used_in_it(invoke: Run) -> None:
    invoke("results", "add", "SALE")
    invoke("results", "add", "NA")
    done = invoke("campaigns", "add", "Spring", "--result", "sale", "--result", "NA")
    assert 'SALE, NA may be used in "Spring" alone from now on.' in done.stderr
    assert found(invoke, "campaigns", "show", "Spring")["results"] == ["NA", "SALE"]
    assert "alone" not in invoke("campaigns", "add", "Autumn", "--result", "SALE").stderr
    done = invoke("campaigns", "edit", "Spring", "--remove-result", "NA")
    assert "NA may be used in every campaign from now on." in done.stderr
    assert found(invoke, "results", "show", "SALE")["campaigns"] == ["Autumn", "Spring"]
    for _ in range(3):
        assert invoke("undo").code == 0
    assert found(invoke, "results", "show", "SALE")["campaigns"] == []
    assert invoke("campaigns", "add", "x", "--result", "NOPE").code == 1


def test_a_dry_run_changes_nothing(invoke: Run, call_log: CallLog) -> None:
    assert invoke("campaigns", "add", "Spring", "--dry-run").code == 0
    assert call_log.changes() == 0
