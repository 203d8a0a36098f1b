"""What people may rely on about settings: which file holds, what it may say, what errors tell."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli import settings as module
from scorecli.errors.settings import (
    BrokenSettings,
    SettingsMissing,
    SettingsUnreadable,
    UnknownSetting,
)
from scorecli.settings import Found, find_settings, load, parse, problems_of
from scorecli.settings.keys import BUILT_IN_FILTERS, KEYS, TABLES
from scorecli.settings.kinds import KINDS, has_controls
from scorecli.settings.packaged import plain_values

OWN = Found(Path("scoring.toml"), "user", True)
STRAY = Found(Path("config/scoring.toml"), "working directory", False)


def env_of(home: Path, **more: str) -> dict[str, str]:
    """Return an environment with nothing but a home and what is named."""
    return {"HOME": str(home), **more}


def write(path: Path, text: str = "") -> Path:
    """Write a settings file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# --- the packaged defaults


DEFAULTS: Mapping[str, object] = {
    "score.enabled": True,
    "score.column_name": "Score",
    "score.field_name": "Score Call",
    "conversion.enabled": True,
    "conversion.field_name": "Converted",
    "converted_amount.enabled": True,
    "converted_amount.field_name": "Converted Amount",
    "converted_amount.currency": "USD",
    "tags.enabled": True,
    "tags.field_name": "Tag Call",
    "reporting_tags.enabled": True,
    "reporting_tags.field_name": "Reporting Tag",
    "reporting_tags.limit": False,
    "reporting_tags.allowed": (),
    "notes.enabled": True,
    "notes.field_name": "Notes",
    "results.enabled": True,
    "results.field_name": "Call Result",
    "results.success_marks_converted": True,
    "contact_scores.score.label": "Score",
    "contact_scores.score.min": 0,
    "contact_scores.score.max": 100,
    "contact_scores.score.decimals": 0,
    "activities.scoring": True,
    "activities.editable_points": True,
    "activities.calls": False,
    "activities.aggregate_leads": True,
    "activities.aggregate_contacts": True,
    "activities.aggregate_companies": True,
    "activities.half_life": "none",
    "activities.points.meeting": 5,
    "activities.points.call": 1,
    "activities.points.email": 1,
    "display.time_zone": "local",
    "display.stars": "★☆",
    "display.ascii": False,
    "display.page": True,
    "phone.region": "US",
    "database.path": None,
}


@pytest.mark.parametrize(("key", "value"), DEFAULTS.items())
def test_without_a_file_every_setting_has_its_documented_default(key: str, value: object) -> None:
    assert module.defaults().value(key) == value
    assert module.defaults().origin(key) == "default"


def test_the_packaged_file_has_every_key_and_no_problem() -> None:
    text = module.packaged_file().read_text(encoding="utf-8")
    assert problems_of(text) == []
    document = tomllib.loads(text)
    assert list(document) == list(dict.fromkeys(table.partition(".")[0] for table in TABLES))
    known = {path for path, _ in leaves(document, ())}
    for key in KEYS:
        if key.name != "*" and key.dotted != "database.path":
            assert tuple(usual(key.dotted).split(".")) in known, key.dotted


def usual(dotted: str) -> str:
    return dotted.replace(".*.", f".{module.DEFAULT_SCORE_TYPE}.")


def leaves(
    document: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name), value


def test_the_packaged_file_explains_every_table() -> None:
    lines = module.packaged_file().read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        if line.startswith("["):
            assert lines[at - 1].startswith("#"), line


def test_every_key_is_an_attribute_of_the_settings() -> None:
    settings = module.defaults()
    for key in KEYS:
        section: Any = settings
        for name in usual(key.dotted).split(".")[:-1]:
            section = section[name] if isinstance(section, dict) else getattr(section, name)
        if key.name != "*":
            hints = {n for c in type(section).__mro__ for n in vars(c).get("__annotations__", ())}
            assert key.name in hints
            assert hasattr(section, key.name)


# --- which file


def test_the_option_comes_before_everything_else(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "config/scoring.toml")
    env = env_of(home, SCORECLI_CONFIG="other.toml", SCORECLI_DB="x.db")
    found = find_settings("mine.toml", "calls.db", env, tmp_path)
    assert found == (tmp_path / "mine.toml", "option", True)


def test_the_environment_variable_comes_after_the_option(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "shared/scoring.toml")
    env = env_of(home, SCORECLI_CONFIG="other.toml")
    found = find_settings(None, str(tmp_path / "shared/calls.db"), env, tmp_path)
    assert found == (tmp_path / "other.toml", "environment", True)


@pytest.mark.parametrize("by", ["option", "environment", "url"])
def test_everybody_who_shares_a_database_shares_the_settings_beside_it(
    tmp_path: Path, home: Path, by: str
) -> None:
    beside = write(tmp_path / "shared/scoring.toml")
    write(tmp_path / "config/scoring.toml")
    database = str(tmp_path / "shared/calls.db")
    env = env_of(home, SCORECLI_DB=database) if by == "environment" else env_of(home)
    option = {"option": database, "environment": None, "url": f"sqlite:///{database}"}[by]
    assert find_settings(None, option, env, tmp_path) == (beside, "database", True)


def test_the_database_option_hides_the_database_of_the_environment(
    tmp_path: Path, home: Path
) -> None:
    write(tmp_path / "a/scoring.toml")
    mine = write(tmp_path / "b/scoring.toml")
    env = env_of(home, SCORECLI_DB="a/calls.db")
    assert find_settings(None, "b/calls.db", env, tmp_path).path == mine


def test_a_database_on_a_server_has_no_file_beside_it(tmp_path: Path, home: Path) -> None:
    found = find_settings(None, "postgresql://host/db", env_of(home), tmp_path)
    assert found == module.DEFAULTS


def test_then_comes_the_working_directory_and_then_the_user(tmp_path: Path, home: Path) -> None:
    own = write(home / ".config/scorecli/scoring.toml")
    assert find_settings(None, None, env_of(home), tmp_path) == (own, "user", True)
    here = write(tmp_path / "config/scoring.toml")
    found = find_settings(None, None, env_of(home), tmp_path)
    assert found == (here, "working directory", False)
    here.unlink()
    own.unlink()
    assert find_settings(None, None, env_of(home), tmp_path) == module.DEFAULTS


@pytest.mark.parametrize(
    ("platform", "env", "folder"),
    [
        ("linux", {"HOME": "/h"}, "/h/.config/scorecli"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/scorecli"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "not/absolute"}, "/h/.config/scorecli"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/scorecli"),
        ("win32", {"APPDATA": "/roaming"}, "/roaming/scorecli"),
        ("win32", {"USERPROFILE": "/u"}, "/u/AppData/Roaming/scorecli"),
    ],
)
def test_the_users_folder_is_where_the_platform_keeps_configuration(
    platform: str, env: dict[str, str], folder: str
) -> None:
    assert module.user_file(env, platform) == Path(folder) / "scoring.toml"


def test_a_file_that_was_named_and_is_not_there_is_an_error(tmp_path: Path, home: Path) -> None:
    with pytest.raises(SettingsMissing, match="--config"):
        load(find_settings("nowhere.toml", None, env_of(home), tmp_path))
    env = env_of(home, SCORECLI_CONFIG="nowhere.toml")
    with pytest.raises(SettingsMissing, match="SCORECLI_CONFIG"):
        load(find_settings(None, None, env, tmp_path))


def test_a_folder_or_a_dangling_link_in_place_of_the_file_is_not_skipped(
    tmp_path: Path, home: Path
) -> None:
    (tmp_path / "config/scoring.toml").mkdir(parents=True)
    with pytest.raises(SettingsUnreadable, match="not a file"):
        load(find_settings(None, None, env_of(home), tmp_path))
    (tmp_path / "config/scoring.toml").rmdir()
    (tmp_path / "config/scoring.toml").symlink_to("nowhere")
    with pytest.raises(SettingsUnreadable, match="leads nowhere"):
        load(find_settings(None, None, env_of(home), tmp_path))


def test_reading_settings_creates_nothing(tmp_path: Path, home: Path) -> None:
    before = {*tmp_path.rglob("*"), *home.rglob("*")}
    settings = load(find_settings(None, None, env_of(home), tmp_path))
    module.database_path(settings, None, env_of(home))
    assert {*tmp_path.rglob("*"), *home.rglob("*")} == before


# --- the database


def test_the_database_is_named_by_option_then_environment_then_settings_then_the_data_folder() -> (
    None
):
    settings = parse('[database]\npath = "/s/calls.db"', OWN)
    env = {"HOME": "/h", "SCORECLI_DB": "/e/calls.db"}
    assert module.database_origin(settings, "/o.db", env, "linux") == ("/o.db", "option")
    assert module.database_origin(settings, None, env, "linux") == ("/e/calls.db", "environment")
    env = {"HOME": "/h"}
    assert module.database_origin(settings, None, env, "linux") == ("/s/calls.db", "file")
    assert module.database_origin(module.defaults(), None, env, "linux") == (
        "/h/.local/share/scorecli/scorecli.db",
        "default",
    )
    env["XDG_DATA_HOME"] = "/d"
    assert module.database_path(module.defaults(), None, env, "linux") == "/d/scorecli/scorecli.db"


def test_a_relative_database_path_starts_at_the_folder_of_the_settings_file(
    tmp_path: Path,
) -> None:
    file = write(tmp_path / "a/scoring.toml", '[database]\npath = "../calls.db"')
    settings = load(Found(file, "option", True))
    assert settings.database.path == str(tmp_path / "calls.db")


def test_a_database_url_in_the_settings_stays_as_it_is() -> None:
    settings = parse('[database]\npath = "postgresql://host/calls"', OWN)
    assert settings.database.path == "postgresql://host/calls"


def test_a_file_merely_found_in_the_working_directory_may_not_redirect_the_database(
    tmp_path: Path, home: Path
) -> None:
    file = write(tmp_path / "config/scoring.toml", '[database]\npath = "/evil.db"')
    with pytest.raises(BrokenSettings, match="name it with --config"):
        load(find_settings(None, None, env_of(home), tmp_path))
    assert load(find_settings(str(file), None, {}, tmp_path)).database.path == "/evil.db"


# --- what a file says


def test_a_file_needs_to_hold_only_what_differs() -> None:
    settings = parse('[score]\nfield_name = "Rating"\n', OWN)
    assert settings.score.field_name == "Rating"
    assert settings.score.column_name == "Score"
    assert settings.origin("score.field_name") == "file"
    assert settings.origin("score.column_name") == "default"


def test_an_empty_file_is_the_defaults() -> None:
    assert parse("", OWN).score == module.defaults().score


@pytest.mark.parametrize(
    "text", ["score.enabled = false", "score = { enabled = false }", '["score"]\n"enabled"=false']
)
def test_every_way_of_writing_a_key_in_toml_means_the_same(text: str) -> None:
    assert parse(text, OWN).score.enabled is False


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    file = tmp_path / "scoring.toml"
    file.write_bytes(b'\xef\xbb\xbf[phone]\r\nregion = "GB"\r\n')
    assert load(Found(file, "user", True)).phone.region == "GB"


def test_settings_cannot_be_changed() -> None:
    settings = module.defaults()
    with pytest.raises(AttributeError):
        settings.score.enabled = False
    with pytest.raises(AttributeError):
        settings.found = OWN


def test_saved_filters_are_settings_of_their_own() -> None:
    settings = parse("[filters]\nbig = 'amount:1000..'", OWN)
    assert settings.filters == {"big": "amount:1000.."}
    assert settings.value("filters.big") == "amount:1000.."
    assert "filters.big" in settings.keys()  # noqa: SIM118 - settings are no mapping
    with pytest.raises(UnknownSetting) as caught:
        settings.value("filters.bigg")
    assert caught.value.hint == "Did you mean filters.big?"


def test_asking_for_a_misspelt_setting_names_the_nearest() -> None:
    with pytest.raises(UnknownSetting) as caught:
        module.defaults().value("score.feild_name")
    assert "score.field_name" in str(caught.value.hint)


# --- what is wrong with a file


def test_all_problems_are_reported_at_once_each_with_file_line_key_found_and_allowed() -> None:
    text = (
        "# mine\n[score]\nenabled = 'maybe'\n\n[display]\nstars = \"*\"\n"
        "[converted_amount]\ncurrency = 'DOLLAR'\n"
    )
    with pytest.raises(BrokenSettings) as caught:
        parse(text, OWN)
    found = [(p.file, p.line, p.key, p.found) for p in caught.value.problems]
    assert found == [
        ("scoring.toml", 3, "score.enabled", '"maybe"'),
        ("scoring.toml", 6, "display.stars", '"*"'),
        ("scoring.toml", 8, "converted_amount.currency", '"DOLLAR"'),
    ]
    assert "true or false" in caught.value.problems[0].allowed
    assert "scoring.toml, line 3: score.enabled" in caught.value.message


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("[score]\ncolum_name = 'x'", "score.column_name"),
        ("[score]\ncurrency = 'EUR'", "converted_amount.currency"),
        ("currency = 'EUR'", "converted_amount.currency"),
        ("[repoting_tags]\nlimit = true", "[reporting_tags]"),
        ("[display]\ntimezone = 'local'", "display.time_zone"),
    ],
)
def test_a_misspelt_key_is_refused_with_the_nearest_known_one(text: str, nearest: str) -> None:
    (problem,) = problems_of(text, OWN)
    assert problem.unknown
    assert problem.nearest[0] == nearest
    assert nearest in problem.sentence()


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("score", "enabled", "1"),
        ("score", "enabled", '"true"'),
        ("score", "column_name", '""'),
        ("score", "column_name", '"   "'),
        ("score", "column_name", '"a\\u0007b"'),
        ("score", "column_name", '"a\\nb"'),
        ("score", "column_name", '"a\\u202eb"'),
        ("score", "column_name", f'"{"x" * 101}"'),
        ("score", "column_name", "5"),
        ("converted_amount", "currency", '"usd"'),
        ("converted_amount", "currency", '"XXZ"'),
        ("reporting_tags", "allowed", '"quote"'),
        ("reporting_tags", "allowed", '["a", "A "]'),
        ("reporting_tags", "allowed", '["a;b"]'),
        ("reporting_tags", "allowed", '["a|b"]'),
        ("reporting_tags", "allowed", '["none"]'),
        ("reporting_tags", "allowed", '[" Any"]'),
        ("reporting_tags", "allowed", '[""]'),
        ("reporting_tags", "allowed", "[1]"),
        ("reporting_tags", "allowed", f'["{"x" * 101}"]'),
        ("display", "time_zone", '"Europe/Pariss"'),
        ("display", "time_zone", '"../../etc/passwd"'),
        ("display", "time_zone", '""'),
        ("display", "time_zone", '"Europe"'),
        ("display", "stars", '"★"'),
        ("display", "stars", '"★☆☆"'),
        ("display", "ascii", "0"),
        ("phone", "region", '"USA"'),
        ("phone", "region", '"us"'),
        ("phone", "region", '"U1"'),
        ("filters", '"two words"', '"stars:5"'),
        ("filters", '"1st"', '"stars:5"'),
        ("filters", "unscored", '"stars:5"'),
        ("filters", "mine", '""'),
        ("filters", "mine", "5"),
        ("database", "path", '""'),
        ("database", "path", "true"),
        ("contact_scores.fit", "max", '"10"'),
        ("contact_scores.fit", "max", "true"),
        ("contact_scores.fit", "max", "inf"),
        ("contact_scores.fit", "max", "nan"),
        ("contact_scores.fit", "max", "1000000000"),
        ("contact_scores.fit", "max", "0"),
        ("contact_scores.fit", "max", "7.5"),
        ("contact_scores.fit", "min", "100"),
        ("contact_scores.fit", "decimals", "7"),
        ("contact_scores.fit", "decimals", "1.0"),
        ("contact_scores.Fit", "max", "10"),
        ("contact_scores.2fit", "max", "10"),
        ("contact_scores.reason", "max", "10"),
        ("contact_scores", "fit", "10"),
        ("activities", "half_life", '"90"'),
        ("activities", "half_life", '"0d"'),
        ("activities", "half_life", "90"),
        ("activities.points", "meeting", '"5"'),
        ("activities.points", "meeting", "1.5"),
        ("activities.points", "meeting", "1000001"),
        ("activities.points", '"demo 2.0"', "5"),
        ("activities.points", '" call"', "5"),
        ("activities", "points", "5"),
    ],
)
def test_a_value_outside_what_is_allowed_is_refused(table: str, key: str, value: str) -> None:
    problems = problems_of(f"[{table}]\n{key} = {value}\n", OWN)
    assert [problem.line for problem in problems] == [2]


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("score", "column_name", '"' + "x" * 100 + '"'),
        ("score", "column_name", '"Bewertung für 通話 👨‍👩‍👧"'),
        ("converted_amount", "currency", '"JPY"'),
        ("reporting_tags", "allowed", '["quote", "wrong number"]'),
        ("display", "time_zone", '"America/New_York"'),
        ("display", "stars", '"#."'),
        ("phone", "region", '"GB"'),
        ("contact_scores.fit", "max", "10"),
        ("contact_scores.fit", "min", "-1000"),
        ("contact_scores.likelihood_to-renew", "label", '"Likelihood to renew"'),
        ("activities", "half_life", '"90d"'),
        ("activities", "half_life", '"12w"'),
        ("activities.points", '"ideal audience"', "15"),
        ("activities.points", "unsubscribe", "-5"),
        ("filters", "big-ones_2", "'any:(source:google stars:5)'"),
        ("filters", "long", "'''\nsource:google\nstars:5\n'''"),
    ],
)
def test_a_value_within_what_is_allowed_is_taken(table: str, key: str, value: str) -> None:
    assert problems_of(f"[{table}]\n{key} = {value}\n", OWN) == []


def test_a_score_type_of_ones_own_has_the_usual_range_unless_it_says_another() -> None:
    settings = parse(
        "[contact_scores.fit]\nmax = 10\ndecimals = 1\n[contact_scores]\nrenewal_odds.min = -5\n",
        OWN,
    )
    assert list(settings.contact_scores) == ["score", "fit", "renewal_odds"]
    fit, odds = settings.contact_scores["fit"], settings.contact_scores["renewal_odds"]
    assert (fit.name, fit.label, fit.min, fit.max, fit.decimals) == ("fit", "Fit", 0, 10, 1)
    assert (odds.label, odds.min, odds.max) == ("Renewal odds", -5, 100)
    assert settings.value("contact_scores.fit.label") == "Fit"
    assert settings.value("contact_scores.fit.max") == 10
    with pytest.raises(UnknownSetting, match="fitt"):
        settings.value("contact_scores.fitt.max")


def test_a_range_that_holds_nothing_is_refused_on_the_line_that_makes_it_so() -> None:
    text = (
        "[contact_scores.fit]\nlabel = 'Fit'\nmin = 200\n"
        "[contact_scores.odds]\ndecimals = 0\nmax = 0.5\n"
    )
    problems = problems_of(text, OWN)
    assert [(p.line, p.key) for p in problems] == [
        (3, "contact_scores.fit.min"),
        (6, "contact_scores.odds.max"),
    ]
    assert "below 100, which is its max" in problems[0].sentence()


def test_activity_types_that_differ_in_case_alone_are_one() -> None:
    (problem,) = problems_of("[activities.points]\ndemo = 1\nDemo = 2\n", OWN)
    assert (problem.line, problem.key) == (3, "activities.points.Demo")


def test_each_bad_tag_of_a_list_is_named_with_its_own_line() -> None:
    text = '[reporting_tags]\nallowed = [\n  "quote",\n  "none",\n  # more\n  "Quote",\n]\n'
    found = [(problem.key, problem.line) for problem in problems_of(text, OWN)]
    assert found == [("reporting_tags.allowed[2]", 4), ("reporting_tags.allowed[3]", 6)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[score]\nenabled = maybe\n", 2),
        ("[score]\n\n[score]\n", 3),
        ("[score]\nenabled = true\nenabled = true\n", 3),
        ('[score]\nfield_name = "x', 2),
        ("[score\n", 1),
    ],
)
def test_what_is_not_toml_is_reported_with_its_line(text: str, line: int) -> None:
    (problem,) = problems_of(text, OWN)
    assert problem.line == line
    assert "not TOML" in problem.sentence()


def test_what_is_not_utf_8_is_reported_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "scoring.toml"
    file.write_bytes(b"[score]\nfield_name = '\xff'\n")
    with pytest.raises(BrokenSettings, match="line 2: the text is not UTF-8"):
        load(Found(file, "user", True))


def test_a_value_where_a_table_belongs_and_a_table_where_a_value_belongs_are_refused() -> None:
    problems = problems_of("score = 5\n[phone.region]\nx = 1\n", OWN)
    assert [(problem.line, problem.key) for problem in problems] == [
        (1, "score"),
        (2, "phone.region"),
    ]


def test_an_absurdly_nested_file_is_refused_like_any_other_broken_one() -> None:
    assert problems_of("a = " + "[" * 5000 + "]" * 5000, OWN)


@given(st.text(max_size=120))
def test_a_label_is_taken_exactly_when_it_is_visible_short_and_without_controls(text: str) -> None:
    import tomlkit

    fits = bool(text.strip()) and len(text) <= 100 and not has_controls(text)
    written = tomlkit.dumps({"score": {"column_name": text}})
    assert (problems_of(written, OWN) == []) is fits


@given(st.text(max_size=200))
def test_no_text_at_all_makes_the_reader_fail_in_another_way(text: str) -> None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        document = None
    problems = problems_of(text, OWN)
    assert all(problem.file and problem.sentence() for problem in problems)
    if document is None or set(document) - {key.path[0] for key in KEYS}:
        assert problems
    elif not document:
        assert problems == []


def test_every_kind_says_what_it_allows() -> None:
    assert {key.kind for key in KEYS} == set(KINDS)
    assert all(kind.allowed and kind.word for kind in KINDS.values())
    assert all(key.about.endswith(".") for key in KEYS)


def test_the_names_of_built_in_filters_cannot_be_taken() -> None:
    from scorecli.domain.filter_fields import CALLS

    assert set(BUILT_IN_FILTERS) == set(CALLS.saved)


def test_loading_settings_imports_no_library() -> None:
    code = (
        "import sys; from scorecli import settings; settings.parse('[score]\\nenabled=false');"
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in"
        " ('tomlkit','tomli_w','rich','typer','sqlmodel','json','zoneinfo','dataclasses')))"
    )
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    assert done.stdout.split() == []


def test_the_packaged_defaults_read_the_same_without_a_toml_parser() -> None:
    text = module.packaged_file().read_text(encoding="utf-8")
    document = tomllib.loads(text)
    values = plain_values(text)
    assert values == {".".join(path): value for path, value in leaves(document, ())}


@pytest.mark.parametrize(
    "text",
    ["a = 1", "[t]\na = 'x'", '[t]\na = "\\n"', "[t]\na = 1.5", '[t]\na = ["x"]', "[t]\na = {}"],
)
def test_what_is_not_plain_is_left_to_the_toml_parser(text: str) -> None:
    assert plain_values(text) is None


def test_a_score_type_that_says_nothing_is_as_the_usual_one() -> None:
    fit = parse("[contact_scores.good_fit]\n", OWN).contact_scores["good_fit"]
    assert (fit.label, fit.min, fit.max, fit.decimals) == ("Good fit", 0, 100, 0)
    (problem,) = problems_of("\n[contact_scores.Fit]\n", OWN)
    assert problem.line == 2
