"""Which row is which call: identity, repeated rows, and what an import changes on stored calls."""

from __future__ import annotations

from typing import Any

import pytest

from scorecli.errors.importing import MappingProblem

HEADER = "start,number,direction,agent,stars,tags,reporting tags,note\n"
NAMES = "start time,phone number,direction,agent,stars,tags,reporting tags,note\n"
ONE = "2026-11-03 10:00:00,+12125550143,inbound,Dana,4,vip,demo,hello\n"
TWO = "2026-11-03 11:00:00,+12125550144,inbound,Sam,,,,\n"


def test_the_same_file_again_changes_nothing(log: Any, figures: Any) -> None:
    assert figures(log.imports(NAMES + ONE + TWO)) == (2, 0, 0)
    before = log.rows("SELECT * FROM call")
    again = log.imports(NAMES + ONE + TWO)
    assert figures(again) == (0, 0, 2)
    assert again.change is None
    assert log.rows("SELECT * FROM call") == before
    assert log.rows("SELECT count(*) FROM change") == [(1,)]


def test_a_longer_export_adds_only_what_is_new(log: Any, figures: Any) -> None:
    log.imports(NAMES + ONE)
    assert figures(log.imports(NAMES + ONE + TWO)) == (1, 0, 1)
    assert len(log.calls()) == 2


def test_the_same_file_twice_in_one_command_is_imported_once(log: Any, figures: Any) -> None:
    both = log.imports(NAMES + ONE + TWO, NAMES + ONE + TWO)
    assert figures(both) == (2, 0, 2)
    assert [(file.inserted, file.unchanged) for file in both.files] == [(2, 0), (0, 2)]


def test_overlapping_files_in_one_command_are_one_log(log: Any, figures: Any) -> None:
    changed = ONE.replace("Dana", "Kim")
    assert figures(log.imports(NAMES + ONE, NAMES + changed + TWO)) == (2, 1, 0)
    assert log.calls("agent") == ["Kim", "Sam"]
    assert figures(log.imports(NAMES + changed + TWO)) == (0, 0, 2)


def test_a_row_that_repeats_within_a_file_is_kept(log: Any, figures: Any) -> None:
    assert figures(log.imports(NAMES + ONE + ONE + TWO + ONE)) == (4, 0, 0)
    assert figures(log.imports(NAMES + ONE + ONE + TWO + ONE)) == (0, 0, 4)
    assert figures(log.imports(NAMES + ONE * 5)) == (2, 0, 3)
    assert figures(log.imports(NAMES + ONE)) == (0, 0, 1)


def test_many_equal_rows_are_as_many_calls_and_take_no_time(log: Any, figures: Any) -> None:
    content = "agent,duration\n" + "Dana,30\n" * 6000
    assert figures(log.imports(content)) == (6000, 0, 0)
    assert figures(log.imports(content)) == (0, 0, 6000)
    assert figures(log.imports(content + "Dana,30\n" * 100)) == (100, 0, 6000)
    assert log.rows("SELECT count(DISTINCT occurrence) FROM call") == [(6100,)]


def test_many_equal_rows_with_scores_of_their_own_pair_with_their_likes(
    log: Any, figures: Any
) -> None:
    rows = [f"Dana,{stars}\n" for stars in (1, 2, 3, 4, 5, "") * 20]
    assert figures(log.imports("agent,stars\n" + "".join(rows))) == (120, 0, 0)
    assert figures(log.imports("agent,stars\n" + "".join(reversed(rows)))) == (0, 0, 120)
    rows[0] = "Dana,5\n"
    assert figures(log.imports("agent,stars\n" + "".join(rows))) == (0, 1, 119)


def test_rows_identical_to_a_stored_one_are_paired_first(log: Any, figures: Any) -> None:
    kim = ONE.replace("Dana", "Kim")
    log.imports(NAMES + ONE + kim)
    assert figures(log.imports(NAMES + kim + ONE)) == (0, 0, 2)
    ann = ONE.replace("Dana", "Ann")
    assert figures(log.imports(NAMES + ann + kim)) == (0, 1, 1)
    assert log.calls("id", "agent") == [(1, "Ann"), (2, "Kim")]


def test_a_changed_tag_is_an_update_and_no_second_call(log: Any, figures: Any) -> None:
    log.imports(NAMES + ONE)
    assert figures(log.imports(NAMES + ONE.replace("demo", "quote"))) == (0, 1, 0)
    assert log.calls("reporting_tags", "call_tags") == [("quote", "vip")]


@pytest.mark.parametrize(
    ("before", "after"),
    [("Dana", "Kim"), (",4,", ",5,"), ("hello", "goodbye"), ("vip", "vip;late")],
)
def test_facts_and_scores_are_updated_where_they_changed(
    log: Any, figures: Any, before: str, after: str
) -> None:
    log.imports(NAMES + ONE + TWO)
    assert figures(log.imports(NAMES + ONE.replace(before, after) + TWO)) == (0, 1, 1)
    assert len(log.rows("SELECT * FROM change_entry")) == 1


def test_the_history_tells_what_an_update_changed(log: Any) -> None:
    log.imports("call id,agent,amount,converted\nA1,Dana,10,yes\n")
    log.imports("call id,agent,amount,converted\nA1,Kim,20,yes\n")
    entries = log.rows('SELECT field, "before", "after", written_by FROM change_entry')
    assert entries == [
        ("agent", '"Dana"', '"Kim"', "import"),
        ("amount", '[1000, "USD"]', '[2000, "USD"]', "import"),
    ]


def test_a_row_with_an_external_id_is_one_call_however_it_changes(log: Any, figures: Any) -> None:
    header = "call id,start time,phone number,agent\n"
    log.imports(header + "A1,2026-11-03 10:00,+12125550143,Dana\n")
    changed = "A1,2026-11-03 10:05,+12125550199,Kim\n"
    assert figures(log.imports(header + changed)) == (0, 1, 0)
    assert log.calls("started_at", "contact_number", "contact_number_e164", "agent") == [
        ("2026-11-03T10:05:00Z", "+12125550199", "+12125550199", "Kim")
    ]


def test_the_same_external_id_of_another_system_is_another_call(log: Any, figures: Any) -> None:
    log.imports("call id,agent\nA1,Dana\n", sets={"system": "one"})
    assert figures(log.imports("call id,agent\nA1,Dana\n", sets={"system": "two"})) == (1, 0, 0)
    assert log.calls("system") == ["one", "two"]


def test_an_external_id_that_repeats_within_a_file_is_one_call(log: Any, figures: Any) -> None:
    content = "call id,agent,note\nA1,Dana,\nA1,,hello\nA1,Kim,\n"
    assert figures(log.imports(content)) == (1, 2, 0)
    assert log.calls("agent", "note") == [("Kim", "hello")]
    assert figures(log.imports(content)) == (0, 0, 3)


def test_files_that_bring_different_columns_of_a_call_both_count(log: Any, figures: Any) -> None:
    log.imports("call id,source\nA1,web\n")
    both = log.imports("call id,agent\nA1,Dana\n", "call id,source\nA1,radio\n")
    assert figures(both) == (0, 2, 0)
    assert log.calls("agent", "source") == [("Dana", "radio")]


def test_without_id_start_or_number_all_columns_that_are_no_score_identify(
    log: Any, figures: Any
) -> None:
    log.imports("agent,duration,topic,stars\nDana,30,price,4\n")
    assert figures(log.imports("agent,duration,topic,stars\nDana,30,price,5\n")) == (0, 1, 0)
    assert figures(log.imports("agent,duration,topic,stars\nDana,30,hours,5\n")) == (1, 0, 0)
    assert figures(log.imports("stars,topic,duration,agent\n5,price,30,Dana\n")) == (0, 0, 1)


def test_a_start_without_a_number_is_not_enough_to_know_a_call(log: Any, figures: Any) -> None:
    log.imports("start time,agent\n2026-11-03 10:00,Dana\n")
    assert figures(log.imports("start time,agent\n2026-11-03 10:00,Kim\n")) == (1, 0, 0)


def test_direction_and_tracking_number_are_part_of_who_called_when(log: Any, figures: Any) -> None:
    header = "start time,phone number,direction,tracking number\n"
    row = "2026-11-03 10:00,+12125550143,inbound,100\n"
    log.imports(header + row)
    assert figures(log.imports(header + row.replace("inbound", "outbound"))) == (1, 0, 0)
    assert figures(log.imports(header + row.replace("100", "101"))) == (1, 0, 0)
    assert figures(log.imports(header + row)) == (0, 0, 1)


def test_key_says_by_which_columns_a_call_is_known(log: Any, figures: Any) -> None:
    log.imports("ref,part,agent\n7,1,Dana\n7,2,Kim\n", key=("ref", "part"))
    again = log.imports("part,agent,ref\n2,Ann,7\n1,Dana,7\n", key=("ref", "part"))
    assert figures(again) == (0, 1, 1)
    assert log.calls("id", "agent") == [(1, "Dana"), (2, "Ann")]


def test_a_key_that_the_file_does_not_have_is_refused(log: Any) -> None:
    with pytest.raises(MappingProblem, match=r"--key: the file has no column 'reff'"):
        log.imports("ref,agent\n7,Dana\n", key=("reff",))


def test_rows_whose_key_is_empty_are_known_by_the_rest(log: Any, figures: Any) -> None:
    content = "ref,agent,duration\n,Dana,1\n,Kim,2\n9,Ann,3\n"
    log.imports(content, key=("ref",))
    assert figures(log.imports(content + ",Lee,4\n", key=("ref",))) == (1, 0, 3)


def test_a_system_stored_before_makes_no_difference_to_what_an_import_stores(
    new_log: Any,
) -> None:
    content = NAMES + ONE + TWO + ONE + TWO.replace("Sam", "Kim")
    fresh, careful = new_log(), new_log()
    fresh.imports(content)
    careful.imports("call id,system\nunrelated,other\n")
    careful.imports(content)
    assert fresh.content() == [row for row in careful.content() if row[1] != "other"]


def test_empty_cells_clear_nothing(log: Any, figures: Any) -> None:
    header = "call id,agent,stars,tags,note,topic\n"
    log.imports(header + "A1,Dana,4,vip,hello,price\n")
    before = log.content()
    assert figures(log.imports(header + "A1,,,,,\n")) == (0, 0, 1)
    assert log.content() == before


def test_clear_empty_clears_what_the_file_has_a_column_for(log: Any, figures: Any) -> None:
    header = "call id,agent,stars,tags,reporting tags,converted,amount,note,topic,phone number\n"
    log.imports(
        header + "A1,Dana,4,vip,demo,yes,250,hello,price,+12125550143\n",
        "call id,source\nA1,web\n",
    )
    assert figures(log.imports(header + "A1,,,,,,,,,\n", clear_empty=True)) == (0, 1, 0)
    assert log.calls(
        "external_id",
        "agent",
        "stars",
        "call_tags",
        "reporting_tags",
        "converted",
        "amount_minor",
        "currency",
        "note",
        "contact_number",
        "contact_number_e164",
        "source",
    ) == [("A1", None, None, None, None, 0, None, None, None, None, None, "web")]
    assert log.extra() == {}
    assert log.rows("SELECT scored FROM call") == [(0,)]
    assert figures(log.imports(header + "A1,,,,,,,,,\n", clear_empty=True)) == (0, 0, 1)


def test_clear_empty_leaves_an_amount_whose_file_has_only_its_currency(log: Any) -> None:
    log.imports("call id,amount,converted\nA1,250,yes\n")
    log.imports("call id,currency\nA1,\n", clear_empty=True)
    assert log.calls("amount_minor", "currency") == [(25000, "USD")]


def test_a_number_that_cannot_be_read_takes_the_former_one_away(log: Any) -> None:
    log.imports("call id,phone number\nA1,+12125550143\n")
    log.imports("call id,phone number\nA1,anonymous\n")
    assert log.calls("contact_number", "contact_number_e164") == [("anonymous", None)]


def test_columns_under_extra_are_united(log: Any, figures: Any) -> None:
    log.imports("call id,topic,mood\nA1,price,good\n")
    assert figures(log.imports("call id,mood,weather\nA1,bad,rain\n")) == (0, 1, 0)
    assert log.extra() == {"topic": "price", "mood": "bad", "weather": "rain"}
    assert figures(log.imports("call id,mood,weather\nA1,bad,rain\n")) == (0, 0, 1)


def test_a_conversion_day_from_a_file_stays_when_a_later_file_names_none(
    log: Any, figures: Any
) -> None:
    log.imports("call id,start time,converted,converted on\nA1,2026-11-03 10:00,yes,2026-11-09\n")
    later = "call id,start time,converted\nA1,2026-11-03 10:00,yes\n"
    assert figures(log.imports(later)) == (0, 0, 1)
    assert log.calls("converted_on") == ["2026-11-09"]


def test_a_call_that_is_converted_later_gets_its_own_day(log: Any) -> None:
    header = "call id,start time,converted\n"
    log.imports(header + "A1,2026-11-03 10:00,no\n")
    log.imports(header + "A1,2026-11-03 10:00,yes\n")
    assert log.calls("converted", "converted_on") == [(1, "2026-11-03")]


def test_a_row_that_says_less_takes_no_call_from_the_row_that_says_all(
    log: Any, figures: Any
) -> None:
    log.imports("agent,stars,note\nDana,4,hello\n")
    assert figures(log.imports("agent,stars,note\nDana,,\nDana,4,hello\n")) == (1, 0, 1)
    assert log.calls("stars", "note") == [(4, "hello"), (None, None)]


def test_a_conversion_day_is_found_when_the_start_comes_later(log: Any, figures: Any) -> None:
    content = "call id,start time,converted\nA1,,yes\nA1,2026-11-03 10:00,\n"
    log.imports(content)
    assert log.calls("converted_on") == ["2026-11-03"]
    assert figures(log.imports(content)) == (0, 0, 2)


def test_rows_that_contradict_each_other_settle_in_one_import(log: Any, figures: Any) -> None:
    content = "call id,start time,converted\nA1,,yes\nA1,2026-11-03 10:00,no\n"
    log.imports(content)
    assert figures(log.imports(content)) == (0, 0, 2)
