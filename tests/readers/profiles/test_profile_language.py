"""What a profile of one's own can say, key by key."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scorecli.readers import profiles

Read = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def read(import_text: Any, stored_calls: Any, home: Path) -> Read:
    """Import a text with a profile and return the calls."""

    def start(profile: str, text: str, *options: str) -> list[dict[str, Any]]:
        (home / "own.toml").write_text(profile, encoding="utf-8")
        import_text(text, "--profile", str(home / "own.toml"), *options)
        calls: list[dict[str, Any]] = stored_calls()
        return calls

    return start


def problems_of(run: Any, home: Path, profile: str) -> str:
    (home / "own.toml").write_text(profile, encoding="utf-8")
    (home / "calls.csv").write_text("A,B\n1,2\n")
    done = run("calls", "import", "calls.csv", "--profile", "own.toml")
    assert done.code == 2
    assert not (home / ".local").exists()
    return " ".join(done.stderr.split())


SIDES = """
[columns]
direction = "Way"
[by_direction.inbound]
contact_number = "From"
tracking_number = "To"
[by_direction.outbound]
contact_number = ["Prefix", "To"]
tracking_number = "From"
"""


def test_the_other_party_may_depend_on_the_direction(read: Read) -> None:
    text = "Way,Prefix,From,To\nin,,111,222\nout,+1,333,444\ninternal,,555,666\n,,777,888\n"
    calls = read(SIDES, text)
    assert [call.get("contact_number") for call in calls] == ["111", "+1 444", None, None]
    assert [call.get("tracking_number") for call in calls] == ["222", "333", None, None]


def test_calls_without_a_direction_have_a_side_of_their_own(read: Read) -> None:
    calls = read(SIDES + '[by_direction.unknown]\ncontact_number = "From"\n', "From,To\n777,888\n")
    assert calls[0]["contact_number"] == "777"
    assert calls[0]["extra"] == {"To": "888"}


def test_the_direction_of_all_calls_can_be_set_for_the_sides(read: Read) -> None:
    calls = read(SIDES, "Prefix,From,To\n,111,222\n", "--set", "direction=outbound")
    assert calls[0]["contact_number"] == "222"


def test_a_column_for_every_direction_goes_before_the_sides(read: Read) -> None:
    profile = SIDES.replace(
        "[by_direction.inbound]", 'contact_number = "Caller"\n\n[by_direction.inbound]'
    )
    text = "Way,Prefix,From,To,Caller\nin,,111,222,999\n"
    assert read(profile, text)[0]["contact_number"] == "999"


def test_a_mapping_on_the_command_line_goes_before_the_sides(read: Read) -> None:
    text = "Way,Prefix,From,To\nout,,111,222\n"
    calls = read(SIDES, text, "--map", "contact_number=From", "--map", "tracking_number=")
    assert calls[0]["contact_number"] == "111"
    assert "tracking_number" not in calls[0]


def test_sides_take_extraction_and_missing_words_too(read: Read) -> None:
    profile = (
        SIDES
        + """
[extract]
contact_number = '<(.*)>'
[missing]
tracking_number = ["s"]
"""
    )
    calls = read(profile, "Way,Prefix,From,To\nin,,Ann <111>,s\nin,,Bo,222\n")
    assert calls[0]["contact_number"] == "111"
    assert "tracking_number" not in calls[0]
    assert "contact_number" not in calls[1]
    assert calls[1]["tracking_number"] == "222"


def test_dry_run_names_every_field_that_a_column_makes(run: Any, home: Path) -> None:
    (home / "own.toml").write_text(SIDES)
    (home / "calls.csv").write_text("Way,Prefix,From,To\nin,,111,222\n")
    done = run("calls", "import", "calls.csv", "--profile", "own.toml", "--dry-run")
    assert "contact_number, tracking_number" in done.stdout


def test_the_first_choice_that_the_file_has_is_taken(read: Read) -> None:
    profile = '[columns]\nagent = {first_of = ["Name", ["First", "Last"], "First"]}\n'
    assert read(profile, "First,Last\nDana,Reyes\n")[0]["agent"] == "Dana Reyes"
    assert read(profile, "First,Phone\nSam,1\n")[1]["agent"] == "Sam"
    third = read(profile, "First,Name\nSam,Bo Chen\n")[2]
    assert (third["agent"], third["extra"]) == ("Bo Chen", {"First": "Sam"})


def test_an_empty_list_leaves_a_field_out_whatever_its_columns_are_called(read: Read) -> None:
    (call,) = read("[columns]\nagent = []\n", "Agent,Rep,Phone\nDana,Sam,1\n")
    assert "agent" not in call
    assert call["extra"] == {"Agent": "Dana", "Rep": "Sam"}


def test_several_columns_of_a_time_span_are_added(read: Read) -> None:
    profile = '[columns]\nduration = ["Ring", "Talk"]\n[units]\nduration = "clock"\n'
    text = "Call ID,Ring,Talk\n1,0:07,1:00:00\n2,5,\n3,,\n"
    assert [call.get("duration") for call in read(profile, text)] == [3607, 5, None]


def test_a_span_that_cannot_be_read_rejects_its_row_and_names_the_columns(
    run: Any, home: Path
) -> None:
    (home / "own.toml").write_text('[columns]\nduration = ["Ring", "Talk"]\n')
    (home / "calls.csv").write_text("Call ID,Ring,Talk\n1,7,soon\n2,7,8\n")
    done = run("calls", "import", "calls.csv", "--profile", "own.toml")
    assert done.code == 3
    rejected = (home / "calls.rejects.csv").read_text()
    assert "Ring + Talk" in rejected
    assert "soon" in rejected


def test_a_kept_column_stays_in_extra_although_a_field_takes_it(read: Read) -> None:
    profile = """
keep = ["Lead", "Disposition", "Nothing"]
[columns]
converted = "Lead"
[values.converted]
"hot" = "yes"
"*" = "no"
[values.status]
"PICKED UP" = "answered"
"""
    text = "Call ID,Lead,Disposition\n1,Hot,Picked up\n2,lukewarm,odd\n3,,\n"
    first, second, third = read(profile, text)
    assert (first["converted"], first["status"]) == (True, "answered")
    assert first["extra"] == {"Lead": "Hot", "Disposition": "Picked up"}
    assert "converted" not in second
    assert second["extra"] == {"Lead": "lukewarm", "Disposition": "odd"}
    assert "extra" not in third


def test_kept_columns_are_not_reported_as_unmapped(import_text: Any, home: Path) -> None:
    (home / "own.toml").write_text('keep = ["Agent"]\n')
    summary, _ = import_text("Agent,Mood\nDana,5\n", "--profile", str(home / "own.toml"))
    assert summary["unmapped"] == ["Mood"]


def test_a_star_stands_for_every_word_that_is_not_listed(read: Read) -> None:
    profile = '[values.status]\nok = "answered"\n"*" = "no_answer"\n'
    calls = read(profile, "Call ID,Status\n1,OK\n2,whatever\n3,\n")
    assert [call.get("status") for call in calls] == ["answered", "no_answer", None]


def test_a_pattern_says_what_the_words_mean_that_are_not_listed(read: Read) -> None:
    profile = """
        [values.status]
        "line 5" = "busy"
        "*" = "other"
        [patterns.status]
        '^line [0-9]+$' = "answered"
        '^LINE' = "failed"
        'nobody' = ""
    """
    words = ("Line 5", "line 7", "LINE x", "line x", "nobody there")
    lines = "".join(f"{number},{word}\n" for number, word in enumerate(words))
    calls = read(profile, f"Call ID,Status\n{lines}")
    statuses = ["busy", "answered", "failed", "other", None]
    assert [call.get("status") for call in calls] == statuses


def test_columns_that_only_together_say_the_direction_are_all_kept(read: Read) -> None:
    profile = """
        [columns]
        direction = ["Leg", "Line"]
        [by_direction.inbound]
        contact_number = "Line"
        [patterns.direction]
        '^a [0-9]+$' = "inbound"
    """
    calls = read(profile, "Call ID,Leg,Line\n1,a,2125550148\n2,b,2125550149\n")
    assert [call.get("direction") for call in calls] == ["inbound", None]
    assert [call["extra"] for call in calls] == [
        {"Leg": "a"},
        {"Leg": "b", "Line": "2125550149"},
    ]


def test_results_that_nobody_defined_are_left_out_where_the_profile_says_so(
    read: Read, invoke: Any, home: Path
) -> None:
    invoke("--db", home / "calls.db", "results", "add", "SALE")
    profile = 'defined_results_only = true\n[columns]\nresult = "Wrap-up"\n'
    calls = read(profile, "Call ID,Wrap-up\n1,sale\n2,lost\n")
    assert [call.get("result") for call in calls] == ["SALE", None]


def test_tags_may_be_separated_by_a_sign_of_the_file(read: Read) -> None:
    profile = '[split]\ncall_tags = ","\nreporting_tags = "/"\n'
    (call,) = read(profile, 'Tags,Reporting tags\n"vip, new;old","a/b|c"\n')
    assert call["call_tags"] == ["new", "old", "vip"]
    assert call["reporting_tags"] == ["a", "b", "c"]


def test_a_file_without_a_header_gets_the_names_of_the_profile(read: Read) -> None:
    profile = 'header = ["Call ID", "Agent", "Mood"]\n'
    (call,) = read(profile, "1,Dana,fine\n", "--no-header")
    assert (call["external_id"], call["agent"], call["extra"]) == ("1", "Dana", {"Mood": "fine"})


def test_a_header_in_the_file_is_told_from_a_row_of_data(read: Read) -> None:
    profile = 'header = ["Call ID", "Agent", "Mood"]\n'
    calls = read(profile, "Agent,Call ID,Mood\nDana,1,fine\n")
    assert [call["agent"] for call in calls] == ["Dana"]


def test_more_columns_than_the_profile_has_names_are_refused(run: Any, home: Path) -> None:
    (home / "own.toml").write_text('header = ["Call ID", "Agent"]\n')
    (home / "calls.csv").write_text("1,Dana,fine\n2,Sam,fine\n")
    done = run("calls", "import", "calls.csv", "--profile", "own.toml")
    assert done.code == 2
    assert "3 columns" in done.stderr


def test_ones_own_profile_says_which_column_the_file_lacks(run: Any, home: Path) -> None:
    (home / "own.toml").write_text('[columns]\nagent = {first_of = ["Rep", ["First", "Last"]]}\n')
    (home / "calls.csv").write_text("First,Phone\nDana,1\n")
    done = run("calls", "import", "calls.csv", "--profile", "own.toml")
    assert '"Rep" or "First" and "Last"' in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("profile", "problem"),
    [
        ('[columns]\nagent = {first = ["A"]}\n', "columns.agent.first"),
        ('[columns]\nagent = {first_of = "A"}\n', "columns.agent must be"),
        ('[by_direction.sideways]\nagent = "A"\n', "by_direction.sideways"),
        ('[by_direction.inbound]\nduration = "A"\n', "by_direction.inbound.duration"),
        ('[split]\nnote = ","\n', "split.note"),
        ('header = ["A"]\n[shape]\nB = "x"\n', "shape.B"),
        ('header = ["A"]\n[shape]\nA = "("\n', "shape.A"),
        ("keep = 5\n", "keep must be"),
        ("[patterns.direction]\n'^x' = \"sideways\"\n", "is no direction: sideways"),
        ("[patterns.status]\n'(' = \"busy\"\n", "is no regular expression"),
        ("[patterns.status]\n'x' = 5\n", "must be a text"),
        ('defined_results_only = "yes"\n', "must be true or false"),
        ("match = [[1]]\n", "match must be"),
    ],
)
def test_what_a_profile_cannot_say_is_named(
    run: Any, home: Path, profile: str, problem: str
) -> None:
    assert problem in problems_of(run, home, profile)


def test_every_example_that_the_general_profile_gives_is_valid(home: Path) -> None:
    lines = profiles.source_text("generic").splitlines()
    examples = [re.sub(r"^# (?=\[\w|[\w\"*]+( \w+\")? = )", "", line) for line in lines]
    path = home / "all.toml"
    path.write_text("\n".join(examples), encoding="utf-8")
    profile = profiles.load(str(path))
    assert profile.by_direction["inbound"]["contact_number"] == (("From",),)
    assert profile.columns["agent"] == (("Handled By",), ("First Name", "Last Name"))
    assert profile.columns["termination"] == ()
    for name, value in profile._asdict().items():
        # What a file is known by has no place in a profile for any file.
        assert value or name in ("match", "shape", "time_unit"), name
