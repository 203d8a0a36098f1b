from __future__ import annotations

from typing import Any

import pytest

from scorecli.errors.scoring import FieldSwitchedOff
from scorecli.reports import tags
from scorecli.reports.tags import list_tags


def test_each_tag_has_its_calls_and_its_last_use_removed_calls_left_out(
    log: Any, settings_of: Any, as_objects: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.add(started_at=1_781_445_600, tags=["quote"], source="a")
    log.add(started_at=1_781_445_500, tags=["quote", "spam"])
    log.add(started_at=1_781_449_999, tags=["quote"], source="a", removed="deleted")
    log.add(started_at=1_781_449_999, tags=["quote", "spam"], removed="undone")
    log.add(tags=["undated"])
    log.add(call_tags=["vip"])
    for many in (0, 2000):  # both ways of finding the last use
        monkeypatch.setattr(tags, "_MANY", many)
        rows = as_objects(list_tags(log.db, settings_of()))
        assert [(row["name"], row["calls"], row["last_used"]) for row in rows] == [
            ("quote", 2, "2026-06-14T16:00:00+02:00"),
            ("spam", 1, "2026-06-14T15:58:20+02:00"),
            ("undated", 1, None),
        ]
        assert {row["allowed"] for row in rows} == {None}
    (vip,) = as_objects(list_tags(log.db, settings_of(), "call"))
    assert (vip["name"], vip["calls"], vip["kind"]) == ("vip", 1, "call")


def test_allowed_tags_without_a_call_are_listed_and_others_marked(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    log.add(tags=["Quote", "old"])
    text = '[reporting_tags]\nlimit = true\nallowed = ["quote", "new"]'
    rows = as_objects(list_tags(log.db, settings_of(text)))
    assert [(row["name"], row["calls"], row["allowed"]) for row in rows] == [
        ("new", 0, True),
        ("old", 1, False),
        ("Quote", 1, True),
    ]


def test_a_tag_that_no_call_has_any_more_is_not_listed(
    log: Any, settings_of: Any, as_objects: Any
) -> None:
    log.add(tags=["typo", "kept"])
    log.db.execute("DELETE FROM call_tag WHERE tag_id = (SELECT id FROM tag WHERE name = 'typo')")
    assert [row["name"] for row in as_objects(list_tags(log.db, settings_of()))] == ["kept"]


def test_a_switched_off_kind_of_tag_names_its_setting(log: Any, settings_of: Any) -> None:
    with pytest.raises(FieldSwitchedOff, match=r"\[tags\]"):
        list_tags(log.db, settings_of("[tags]\nenabled = false"), "call")
