"""Which column becomes which field: what people say, then the profile, then the names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.errors.importing import MappingProblem
from scorecli.readers.call_columns import FIELDS, OWN_FIELDS, field_by_name, plain_name
from scorecli.readers.mapping import ColumnMap, Wishes, parse_wish, resolve
from scorecli.readers.profiles import Profile, load

GENERIC = Profile("generic")


def mapped(
    header: list[str],
    maps: dict[str, str] | None = None,
    sets: dict[str, str] | None = None,
    profile: Profile = GENERIC,
    off: frozenset[str] = frozenset(),
    key: tuple[str, ...] = (),
) -> ColumnMap:
    return resolve(header, profile, Wishes(maps or {}, sets or {}, key), off)


def by_name(mapping: ColumnMap) -> dict[str, list[str]]:
    return {f: [mapping.header[at] for at in used] for f, used in mapping.fields.items()}


@pytest.mark.parametrize("field", FIELDS)
def test_a_column_with_a_canonical_name_maps_by_itself(field: str) -> None:
    for name in (field, field.upper(), field.replace("_", " "), field.replace("_", "-").title()):
        assert by_name(mapped(["other", name])) == {field: [name]}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Call ID", "external_id"),
        ("uniqueid", "external_id"),
        ("Start Time", "started_at"),
        ("calldate", "started_at"),
        ("disposition", "status"),
        ("Phone Number", "contact_number"),
        ("Agent Name", "agent"),
        ("billsec", "talk_time"),
        ("Lead Source", "source"),
        ("utm_medium", "medium"),
        ("Rating", "stars"),
        ("Tags", "call_tags"),
        ("Notes", "note"),
        ("Revenue", "amount"),
    ],
)
def test_well_known_synonyms_map_by_themselves(name: str, field: str) -> None:
    assert by_name(mapped([name])) == {field: [name]}


@pytest.mark.parametrize("name", [*OWN_FIELDS, "ID", "Contact", "User", "User ID", "Name", "Type"])
def test_nothing_maps_by_itself_onto_what_scorecli_gives_or_derives(name: str) -> None:
    mapping = mapped([name, "agent"])
    assert by_name(mapping) == {"agent": ["agent"]}
    assert mapping.unmapped == (0,)


def test_the_own_name_wins_over_a_synonym_wherever_it_stands() -> None:
    mapping = mapped(["lead source", "source"])
    assert by_name(mapping) == {"source": ["source"]}
    assert mapping.unmapped == (0,)
    assert mapping.rivals == {}


def test_two_synonyms_of_one_field_are_told() -> None:
    mapping = mapped(["Call Date", "Call Time", "agent"])
    assert by_name(mapping)["started_at"] == ["Call Date"]
    assert mapping.rivals == {"started_at": ("Call Time",)}


def test_what_people_say_wins_over_the_profile_and_that_over_names(tmp_path: Path) -> None:
    header = ["source", "lead source", "channel", "agent"]
    own = tmp_path / "own.toml"
    own.write_text('[columns]\nsource = "Channel"\n')
    profile = load(str(own))
    assert by_name(mapped(header))["source"] == ["source"]
    assert by_name(mapped(header, profile=profile))["source"] == ["channel"]
    maps = {"source": "Lead Source"}
    assert by_name(mapped(header, maps, profile=profile))["source"] == ["lead source"]


def test_a_column_that_was_taken_is_not_taken_by_its_name() -> None:
    mapping = mapped(["source", "agent"], {"agent": "source"})
    assert by_name(mapping) == {"agent": ["source"]}
    assert mapping.unmapped == (1,)


def test_from_and_to_are_numbers_where_the_direction_says_whose() -> None:
    mapping = mapped(["From", "Direction", "To"])
    assert mapping.by_direction == {
        "contact_number": {"inbound": (0,), "outbound": (2,)},
        "tracking_number": {"inbound": (2,), "outbound": (0,)},
    }
    assert mapped(["From", "To"], sets={"direction": "outbound"}).by_direction
    # Nothing tells who called whom, so both stay as they are.
    assert mapped(["From", "To"]).unmapped == (0, 1)


def test_a_column_that_says_whose_number_it_is_wins_over_from_and_to() -> None:
    mapping = mapped(["Direction", "From", "To", "Phone Number"])
    assert mapping.fields["contact_number"] == (3,)
    assert "contact_number" not in mapping.by_direction
    assert mapped(["Direction", "From", "To"], {"contact_number": "From"}).fields[
        "contact_number"
    ] == (1,)


def test_a_field_can_be_unmapped() -> None:
    mapping = mapped(["source", "agent"], {"source": ""})
    assert by_name(mapping) == {"agent": ["agent"]}
    assert mapping.unmapped == (0,)


def test_a_constant_takes_the_place_of_a_column() -> None:
    mapping = mapped(["source", "agent"], sets={"source": "web"})
    assert by_name(mapping) == {"agent": ["agent"]}
    assert mapping.constants == {"source": "web"}
    assert mapping.unmapped == (0,)


def test_a_constant_of_the_profile_yields_to_a_column_and_to_people() -> None:
    assert mapped(["agent"], profile=load("generic")).constants == {"system": "generic"}
    assert mapped(["system"], profile=load("generic")).constants == {}
    sets = {"system": "mine"}
    assert mapped(["agent"], sets=sets, profile=load("generic")).constants == sets


def test_a_column_may_be_named_without_regard_to_case_and_punctuation() -> None:
    assert by_name(mapped(["Agent  Name (full)"], {"agent": "agent_name full"})) == {
        "agent": ["Agent  Name (full)"]
    }


@pytest.mark.parametrize("asked", ["Agnt Name", "\u540d\u524d", "?"])
def test_a_column_that_is_not_there_is_refused_with_those_that_are(asked: str) -> None:
    with pytest.raises(MappingProblem) as caught:
        mapped(["Agent Name", "\u756a\u53f7", "#"], {"agent": asked})
    assert f"no column {asked!r}" in caught.value.message
    assert "Agent Name" in str(caught.value.hint)


def test_names_in_any_script_are_told_apart() -> None:
    mapping = mapped(["\u756a\u53f7", "größe"], {"agent": "GRÖSSE"})
    assert by_name(mapping) == {"agent": ["größe"]}


def test_fields_that_are_switched_off_stay_unmapped() -> None:
    mapping = mapped(["stars", "note"], off=frozenset({"stars"}))
    assert by_name(mapping) == {"note": ["note"]}
    assert mapping.unmapped == (0,)


def test_scores_are_no_part_of_what_identifies_a_call() -> None:
    mapping = mapped(["stars", "zone", "agent", "amount", "note"])
    assert [mapping.header[at] for at in mapping.identity] == ["agent", "zone"]


def test_what_a_rejects_file_says_of_its_rows_is_no_part_of_them() -> None:
    mapping = mapped(["agent", "mood", "line", "field", "error"])
    assert [mapping.header[at] for at in mapping.identity] == ["agent", "mood"]
    assert mapping.unmapped == (1,)
    assert mapped(["line", "agent", "field"]).unmapped == (0, 2)


def test_the_key_keeps_the_order_in_which_it_was_given() -> None:
    assert mapped(["a", "b", "c"], key=("c", "A")).key == (2, 0)
    with pytest.raises(MappingProblem, match="--key"):
        mapped(["a"], key=("a", "z"))


@pytest.mark.parametrize(
    ("option", "text", "reason"),
    [
        ("--map", "agent", "lacks an equals sign"),
        ("--map", "agnt=A", "no field 'agnt'"),
        ("--map", "id=A", "given by scorecli"),
        ("--map", "contact=A", "given by scorecli"),
        ("--map", "user=A", "given by scorecli"),
        ("--map", "contact_number_e164=A", "given by scorecli"),
        ("--set", "extra=A", "given by scorecli"),
        ("--set", "external_id=A", "would make all rows one call"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(option: str, text: str, reason: str) -> None:
    with pytest.raises(MappingProblem, match=reason):
        parse_wish(option, text)


def test_a_wish_is_split_at_its_first_equals_sign() -> None:
    assert parse_wish("--map", "agent=A = B") == ("agent", "A = B")
    assert parse_wish("--map", "agent=") == ("agent", "")


@given(st.lists(st.sampled_from([*field_by_name(), "x", "y", "id", "user"]), unique=True))
def test_every_column_is_taken_once_or_kept(header: list[str]) -> None:
    mapping = mapped(header)
    taken = [at for used in mapping.fields.values() for at in used]
    assert sorted([*taken, *mapping.unmapped]) == list(range(len(header)))
    assert not set(mapping.fields) & set(OWN_FIELDS)


@given(st.text())
def test_plain_names_are_a_fixed_point(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)
