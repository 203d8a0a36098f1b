"""What people may rely on when the tool changes a settings file that they wrote by hand."""

from __future__ import annotations

import os
import stat
import sys
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecli.errors.settings import (
    BrokenDraft,
    BrokenSettings,
    SettingsBusy,
    SettingsChangedMeanwhile,
    SettingsExist,
    SettingsMissing,
    SettingsNotWritten,
    UnfitSetting,
    UnknownSetting,
)
from scorecli.settings import DEFAULTS, Found, defaults, load, packaged_file, parse
from scorecli.settings import file as files
from scorecli.settings.edit import set_key, unset_key
from scorecli.settings.positions import line_of, positions
from scorecli.settings.replace import locked
from scorecli.settings.schema import shown

MINE = """\
# My settings

[score]   # the stars
enabled = true   # of course
# one word
column_name = "Stars"


[reporting_tags]
allowed = [
  "quote",   # the usual one
  "wrong number",
]

# the end
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose home is a folder of the test."""
    return {"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "xdg")}


@pytest.fixture
def mine(tmp_path: Path) -> Found:
    """Return a settings file with comments, as somebody wrote it."""
    file = tmp_path / "mine/scoring.toml"
    file.parent.mkdir()
    file.write_text(MINE, encoding="utf-8")
    return Found(file, "option", True)


def text_of(found: Found) -> str:
    """Return what a settings file holds."""
    assert found.path is not None
    return found.path.read_text(encoding="utf-8")


# --- one key in a text


def test_setting_a_value_changes_nothing_but_that_value(mine: Found, env: dict[str, str]) -> None:
    files.set_value(mine, "score.enabled", False, env)
    assert text_of(mine) == MINE.replace("enabled = true ", "enabled = false ")


def test_a_new_key_goes_behind_the_last_one_of_its_table(mine: Found, env: dict[str, str]) -> None:
    files.set_value(mine, "score.field_name", "Rating", env)
    expected = MINE.replace('"Stars"\n', '"Stars"\nfield_name = "Rating"\n')
    assert text_of(mine) == expected


def test_a_new_table_goes_to_the_end(mine: Found, env: dict[str, str]) -> None:
    files.set_value(mine, "filters.big", "amount:1000..", env)
    assert text_of(mine) == MINE + '\n[filters]\nbig = "amount:1000.."\n'


def test_unsetting_removes_the_line_and_keeps_the_comment_behind_it(
    mine: Found, env: dict[str, str]
) -> None:
    assert files.unset_value(mine, "score.enabled", env).changed
    assert text_of(mine) == MINE.replace("enabled = true   #", "#")
    assert load(mine).origin("score.enabled") == "default"


def test_unsetting_what_is_not_there_changes_nothing(mine: Found, env: dict[str, str]) -> None:
    assert not files.unset_value(mine, "phone.region", env).changed
    assert text_of(mine) == MINE


def test_unsetting_over_the_defaults_makes_no_file(env: dict[str, str], tmp_path: Path) -> None:
    assert not files.unset_value(DEFAULTS, "phone.region", env).changed
    assert not (tmp_path / "xdg/scorecli/scoring.toml").exists()


def test_setting_the_value_that_holds_already_does_not_touch_the_file(
    mine: Found, env: dict[str, str]
) -> None:
    assert mine.path is not None
    before = mine.path.stat().st_mtime_ns
    assert not files.set_value(mine, "score.column_name", "Stars", env).changed
    assert mine.path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("score.enabled = true # x\n", 'score.enabled = true # x\nscore.column_name = "A"\n'),
        ("score = {enabled = true} # x\n", 'score = {enabled = true,column_name = "A"} # x\n'),
        ("[score]\n  enabled = true\n", '[score]\n  enabled = true\n  column_name = "A"\n'),
        ("[score]", '[score]\ncolumn_name = "A"\n'),
        ("[score] # x\n\n[tags]\n", '[score] # x\ncolumn_name = "A"\n\n[tags]\n'),
        ("", '[score]\ncolumn_name = "A"\n'),
        ("['score']\n'column_name' = 'B'", "['score']\n'column_name' = \"A\""),
        ("[score]\r\nenabled = true\r\n", '[score]\r\nenabled = true\r\ncolumn_name = "A"\r\n'),
    ],
)
def test_a_key_is_set_in_whatever_way_its_table_is_written(before: str, after: str) -> None:
    assert set_key(before, ("score", "column_name"), "A") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("score.enabled = true # x\n", "# x\n"),
        ("score = { enabled = true }\n", "score = {}\n"),
        ("[score]\nenabled = true", "[score]\n"),
        ("[score]\ncolumn_name = '''\na\n'''\nenabled = true\n# x\n", None),
    ],
)
def test_a_key_is_unset_in_whatever_way_its_table_is_written(
    before: str, after: str | None
) -> None:
    changed = unset_key(before, ("score", "enabled"))
    assert "enabled" not in changed
    if after is not None:
        assert "".join(changed.split()) == "".join(after.split())


def test_a_byte_order_mark_and_windows_line_ends_stay(tmp_path: Path, env: dict[str, str]) -> None:
    file = tmp_path / "scoring.toml"
    file.write_bytes(b'\xef\xbb\xbf[phone]\r\nregion = "US"\r\n')
    files.set_value(Found(file, "user", True), "phone.region", "GB", env)
    assert file.read_bytes() == b'\xef\xbb\xbf[phone]\r\nregion = "GB"\r\n'


# --- any document: other values and every comment stay


WORDS = st.text("abcXYZ019 #'\"\\[]{}=,.äß★\t", max_size=12)
VALUES = st.one_of(st.booleans(), WORDS, st.lists(WORDS, max_size=3))
KEYS = st.sampled_from(["enabled", "field_name", "column_name", "odd key", "x.y", "7"])
TABLES = ["score", "tags", "filters"]
COMMENTS = st.text("ab #\"'[]=", max_size=10).map(lambda text: "#" + text)


def written(value: object, *, many_lines: bool) -> str:
    """Return a value as TOML, a list over several lines where that is asked for."""
    if many_lines and isinstance(value, list):
        return "[\n" + "".join(f"    {shown(part)}, # part\n" for part in value) + "]"
    return shown(value).replace("\\u007f", "\x7f")


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Return a settings file as people write them: tables, comments, blank lines, odd layouts."""
    lines: list[str] = []
    for table in draw(st.permutations(TABLES)):
        style = draw(st.sampled_from(["absent", "dotted", "inline", "table", "table", "table"]))
        keys = draw(st.dictionaries(KEYS, VALUES, max_size=4))
        pairs = [
            (shown(key), written(value, many_lines=style == "table" and draw(st.booleans())))
            for key, value in keys.items()
        ]
        block: list[str] = []
        if style == "inline":
            inner = ", ".join(f"{key} = {value}" for key, value in pairs)
            lines.insert(0, f"{table} = {{ {inner} }} # inline")
        elif style == "dotted":
            lines[:0] = [f"{table}.{key} = {value}" for key, value in pairs]
        elif style == "table":
            block.append(f"[{table}]")
            block.extend(f"{key} = {value}" for key, value in pairs)
        for line in block:
            tail = "  " + draw(COMMENTS) if draw(st.booleans()) else ""
            lines.append(line + tail)
            lines.extend(draw(st.lists(st.one_of(st.just(""), COMMENTS), max_size=2)))
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n# end\n"]))
    return draw(st.sampled_from([text, text.replace("\n", "\r\n")]))


def leaves(text: str) -> dict[tuple[str, str], object]:
    """Return the values of a document by table and key."""
    document = tomllib.loads(text)
    return {(table, key): value for table in document for key, value in document[table].items()}


def comments(text: str) -> list[str]:
    """Return the comments of a document, read by another library than the one under test."""
    import tomlkit

    tomlkit.parse(text)  # the document is TOML to it as well
    values = [(e.value, e.end) for e in positions(text).entries if not e.inline]
    outside = list(text)
    for start, end in values:
        outside[start:end] = [" "] * (end - start)
    for entry in positions(text).entries:
        if not entry.inline:
            outside[entry.start : entry.value] = [" "] * (entry.value - entry.start)
    lines = "".join(outside).splitlines()
    return [line[line.index("#") :].strip() for line in lines if "#" in line]


@given(documents(), st.sampled_from(TABLES), KEYS, VALUES)
def test_setting_any_key_of_any_document_keeps_every_other_value_and_comment(
    text: str, table: str, key: str, value: bool | str | list[str]
) -> None:
    changed = set_key(text, (table, key), value)
    assert leaves(changed) == {**leaves(text), (table, key): value}
    assert comments(changed) == comments(text)


@given(documents(), st.sampled_from(TABLES), KEYS)
def test_unsetting_any_key_of_any_document_keeps_every_other_value_and_comment(
    text: str, table: str, key: str
) -> None:
    changed = unset_key(text, (table, key))
    expected = {where: value for where, value in leaves(text).items() if where != (table, key)}
    assert leaves(changed) == expected
    assert comments(changed) == comments(text)


@given(documents(), st.sampled_from(TABLES), VALUES)
def test_a_key_that_is_set_and_unset_again_leaves_the_lines_that_were_there(
    text: str, table: str, value: bool | str | list[str]
) -> None:
    changed = unset_key(set_key(text, (table, "fresh"), value), (table, "fresh"))
    before = [line for line in text.splitlines() if not line.startswith(f"{table} = {{")]
    after = [line for line in changed.splitlines() if not line.startswith(f"{table} = {{")]
    assert after[: len(before)] == before


@given(documents())
def test_every_value_of_any_document_is_found_on_its_line(text: str) -> None:
    for entry in positions(text).entries:
        if not entry.inline:
            value = tomllib.loads("x = " + text[entry.value : entry.end])["x"]
            assert value == leaves(text).get((str(entry.path[0]), str(entry.path[-1])), value)
            assert line_of(text, entry.path) == text.count("\n", 0, entry.start) + 1


def test_lines_are_found_below_lists_of_tables_and_in_lists() -> None:
    text = "[[rules]]\nname = 'a'\n[[rules]]\nname = 'b'\ndo = [\n  { tag = 'x' },\n]\n"
    assert line_of(text, ("rules", 1, "name")) == 4
    assert line_of(text, ("rules", 1, "do", 0, "tag")) == 6
    assert line_of(text, ("rules", 1)) == 3
    assert line_of("[a.b]\nc = 1\n", ("a",)) == 1


# --- the file


def test_setting_over_the_packaged_defaults_makes_the_users_file_with_only_what_differs(
    env: dict[str, str], tmp_path: Path
) -> None:
    before = packaged_file().read_bytes()
    done = files.set_value(DEFAULTS, "phone.region", "GB", env)
    assert done.file == tmp_path / "xdg/scorecli/scoring.toml"
    assert done.created
    text = done.file.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"phone": {"region": "GB"}}
    assert text.startswith("#")
    assert packaged_file().read_bytes() == before


def test_mode_and_link_of_the_file_stay(tmp_path: Path, env: dict[str, str]) -> None:
    real = tmp_path / "real/settings.toml"
    real.parent.mkdir()
    real.write_text("[phone]\n")
    real.chmod(0o640)
    link = tmp_path / "scoring.toml"
    link.symlink_to("real/settings.toml")
    files.set_value(Found(link, "user", True), "phone.region", "GB", env)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert real.read_text() == '[phone]\nregion = "GB"\n'
    assert [path.name for path in real.parent.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    mine: Found, env: dict[str, str], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fail)
    with pytest.raises(SettingsNotWritten, match="No space left"):
        files.set_value(mine, "score.enabled", False, env)
    assert text_of(mine) == MINE
    assert mine.path is not None
    assert [path.name for path in mine.path.parent.iterdir()] == ["scoring.toml"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anything")
def test_a_write_protected_file_is_not_replaced(mine: Found, env: dict[str, str]) -> None:
    assert mine.path is not None
    mine.path.chmod(0o444)
    with pytest.raises(SettingsNotWritten, match="write-protected"):
        files.set_value(mine, "score.enabled", False, env)
    assert text_of(mine) == MINE


def test_many_changes_at_once_lose_none(mine: Found, env: dict[str, str]) -> None:
    names = [f"filter{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: files.set_value(mine, f"filters.{name}", "stars:5", env), names))
    assert sorted(load(mine).filters) == sorted(names)


def test_a_change_that_waits_too_long_for_another_says_so(mine: Found) -> None:
    pytest.importorskip("fcntl")
    assert mine.path is not None
    with locked(mine.path), pytest.raises(SettingsBusy), locked(mine.path, patience=0.05):
        pass


def test_a_file_with_problems_is_not_changed(mine: Found, env: dict[str, str]) -> None:
    assert mine.path is not None
    mine.path.write_text("[score]\ncolum_name = 1\n")
    with pytest.raises(BrokenSettings):
        files.set_value(mine, "score.enabled", False, env)
    assert text_of(mine) == "[score]\ncolum_name = 1\n"


def test_a_named_file_that_is_missing_is_not_made_by_setting_a_value(
    tmp_path: Path, env: dict[str, str]
) -> None:
    with pytest.raises(SettingsMissing):
        files.set_value(Found(tmp_path / "no.toml", "option", True), "phone.region", "GB", env)
    assert not (tmp_path / "no.toml").exists()


def test_a_value_or_key_that_is_not_allowed_leaves_the_file(
    mine: Found, env: dict[str, str]
) -> None:
    with pytest.raises(UnfitSetting, match=r"display\.stars"):
        files.set_value(mine, "display.stars", "*", env)
    with pytest.raises(UnknownSetting):
        files.set_value(mine, "score.nothing", "*", env)
    stray = mine._replace(how="working directory", trusted=False)
    with pytest.raises(UnfitSetting) as caught:
        files.set_value(stray, "database.path", "/x.db", env)
    assert "--config" in str(caught.value.hint)
    assert text_of(mine) == MINE


# --- values from a command line


@pytest.mark.parametrize(
    ("key", "words", "value"),
    [
        ("score.enabled", ["off"], False),
        ("score.enabled", ["No"], False),
        ("score.enabled", ["true"], True),
        ("score.enabled", ["YES"], True),
        ("score.field_name", ["true"], "true"),
        ("score.field_name", ["My stars"], "My stars"),
        ("reporting_tags.allowed", ["quote", "wrong number"], ["quote", "wrong number"]),
        ("reporting_tags.allowed", ["quote"], ["quote"]),
        ("reporting_tags.allowed", ['["a", "b"]'], ["a", "b"]),
        ("reporting_tags.allowed", ["[]"], []),
        ("filters.mine", ["stars:5 tag:x"], "stars:5 tag:x"),
        ("contact_scores.fit.max", ["10"], 10),
        ("contact_scores.fit.max", ["7.25"], 7.25),
        ("contact_scores.fit.min", ["-5"], -5),
        ("activities.points.ideal audience", ["15"], 15),
        ("database.path", ["calls.db"], "/work-folder/calls.db"),
        ("database.path", ["/data/calls.db"], "/data/calls.db"),
        ("database.path", ["postgresql://host/db"], "postgresql://host/db"),
    ],
)
def test_a_value_is_read_by_the_type_of_its_key(key: str, words: list[str], value: object) -> None:
    assert files.parse_value(key, words, Path("/work-folder")) == value


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("score.enabled", ["maybe"]),
        ("score.enabled", ["1"]),
        ("score.field_name", ["two", "words"]),
        ("score.field_name", []),
        ("score.field_name", ["\udc80"]),
        ("reporting_tags.allowed", ["[broken"]),
        ("reporting_tags.allowed", ["a", "A"]),
        ("filters.unscored", ["stars:5"]),
    ],
)
def test_a_value_that_its_key_cannot_take_is_refused(key: str, words: list[str]) -> None:
    with pytest.raises(UnfitSetting):
        files.parse_value(key, words, Path("/"))


@pytest.mark.parametrize("key", ["score", "nothing.here", "filters.*", "", "score.enabled.x"])
def test_a_key_that_does_not_exist_is_refused(key: str) -> None:
    with pytest.raises(UnknownSetting):
        files.parse_value(key, ["x"], Path("/"))


# --- allowed tags


def test_allowed_tags_are_added_once_whatever_their_spelling(
    mine: Found, env: dict[str, str]
) -> None:
    done = files.allow_tags(mine, ["QUOTE", "new  lead", "New Lead"], env)
    assert done.value == ["quote", "wrong number", "new lead"]
    expected = MINE.replace('number",\n', 'number",\n  "new lead",\n')
    assert text_of(mine) == expected


def test_disallowed_tags_leave_the_list_whatever_their_spelling(
    mine: Found, env: dict[str, str]
) -> None:
    done = files.disallow_tags(mine, ["Wrong   Number", "never there"], env)
    assert done.value == ["quote"]
    assert text_of(mine) == MINE.replace('  "wrong number",\n', "")


def test_a_text_that_cannot_be_a_tag_is_not_allowed(mine: Found, env: dict[str, str]) -> None:
    with pytest.raises(UnfitSetting):
        files.allow_tags(mine, ["fine", "a;b"], env)
    assert text_of(mine) == MINE


def test_switching_the_limit_off_keeps_the_list(mine: Found, env: dict[str, str]) -> None:
    files.set_tag_limit(mine, True, env)
    files.set_tag_limit(mine, False, env)
    assert load(mine).reporting_tags.allowed == ("quote", "wrong number")
    assert load(mine).reporting_tags.limit is False


# --- a new file, and one in an editor


def test_a_new_file_explains_every_key_and_changes_nothing(
    env: dict[str, str], tmp_path: Path
) -> None:
    file = files.make_file(DEFAULTS, env)
    assert file == tmp_path / "xdg/scorecli/scoring.toml"
    made = load(Found(file, "user", True))
    assert not made.in_file
    assert made.score == defaults().score
    uncommented = [line.removeprefix("# ") for line in file.read_text().splitlines()]
    assert all(key.split(".")[1] in "\n".join(uncommented) for key in defaults().keys())  # noqa: SIM118
    with pytest.raises(SettingsExist):
        files.make_file(DEFAULTS, env)


def test_a_new_file_is_made_where_it_was_named(env: dict[str, str], tmp_path: Path) -> None:
    named = Found(tmp_path / "team/scoring.toml", "option", True)
    assert files.make_file(named, env) == tmp_path / "team/scoring.toml"


def never(_problems: Sequence[object]) -> bool:
    """Answer no to the question whether to edit again."""
    return False


def test_an_edited_draft_replaces_the_file_and_goes_away(mine: Found, env: dict[str, str]) -> None:
    done = files.edit_file(mine, env, lambda draft: draft.write_text("[tags]\n") and None, never)
    assert done.changed
    assert text_of(mine) == "[tags]\n"
    assert mine.path is not None
    assert [path.name for path in mine.path.parent.iterdir()] == ["scoring.toml"]


def test_a_broken_draft_is_kept_and_the_file_stays(mine: Found, env: dict[str, str]) -> None:
    with pytest.raises(BrokenDraft) as caught:
        files.edit_file(mine, env, lambda draft: draft.write_text("[tags\n") and None, never)
    assert text_of(mine) == MINE
    assert mine.path is not None
    draft = mine.path.with_name("scoring.draft.toml")
    assert draft.read_text() == "[tags\n"
    assert str(draft) in str(caught.value.hint)
    with pytest.raises(BrokenDraft) as caught:  # and a second one does not take its place
        files.edit_file(mine, env, lambda draft: draft.write_text("[notes\n") and None, never)
    assert "draft-2" in str(caught.value.hint)
    assert draft.read_text() == "[tags\n"


def test_a_broken_draft_can_be_edited_again(mine: Found, env: dict[str, str]) -> None:
    texts = iter(["[tags\n", "[tags]\nenabled = 1\n", "[tags]\n"])
    asked: list[int] = []

    def again(problems: Sequence[object]) -> bool:
        asked.append(len(problems))
        return True

    files.edit_file(mine, env, lambda draft: draft.write_text(next(texts)) and None, again)
    assert asked == [1, 1]
    assert text_of(mine) == "[tags]\n"


def test_broken_settings_can_be_edited(mine: Found, env: dict[str, str]) -> None:
    assert mine.path is not None
    mine.path.write_bytes(b"[score\n\xff")
    files.edit_file(mine, env, lambda draft: draft.write_text("[tags]\n") and None, never)
    assert text_of(mine) == "[tags]\n"


def test_an_unchanged_draft_makes_and_changes_nothing(env: dict[str, str], tmp_path: Path) -> None:
    seen: list[str] = []
    done = files.edit_file(DEFAULTS, env, lambda draft: seen.append(draft.read_text()), never)
    assert not done.changed
    assert "[score]" in seen[0]
    assert not (tmp_path / "xdg/scorecli").exists()


def test_a_change_by_somebody_else_while_editing_is_not_overwritten(
    mine: Found, env: dict[str, str]
) -> None:
    assert mine.path is not None

    def meanwhile(draft: Path) -> None:
        draft.write_text("[tags]\n")
        files.set_value(mine, "phone.region", "GB", env)

    with pytest.raises(SettingsChangedMeanwhile, match="somebody else"):
        files.edit_file(mine, env, meanwhile, never)
    assert parse(text_of(mine)).phone.region == "GB"
    assert mine.path.with_name("scoring.draft.toml").read_text() == "[tags]\n"
