"""Writing settings files: one key, the list of allowed tags, a new file, a draft in an editor.

Each change reads the file again under a lock, is checked as a whole, and replaces the file in one
step, so that a broken or half-written file never takes the place of a good one.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scorecli.errors.settings import (
    BrokenDraft,
    BrokenSettings,
    EditorFailed,
    SettingsChangedMeanwhile,
    SettingsExist,
    SettingsNotWritten,
    SettingsProblem,
    UnfitSetting,
    UnknownSetting,
)
from scorecli.settings import Found, Settings, decode, load, parse, problems_of, read
from scorecli.settings.edit import EditImpossibleError, set_key, unset_key
from scorecli.settings.keys import Key, key_for, nearest_keys
from scorecli.settings.kinds import KINDS
from scorecli.settings.locations import packaged_file, resolved, user_file
from scorecli.settings.replace import locked, new_file, replace
from scorecli.settings.schema import faults_of, shown

_BOOLEANS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}

_HEADING = (
    "# Settings of scorecli that differ from its defaults.\n"
    "# `scorecli config show` lists all of them.\n"
)


class Written(NamedTuple):
    """What a change did: to which file, whether it made the file, and whether anything changed."""

    file: Path
    created: bool
    changed: bool
    value: Any = None


def target_of(found: Found, env: Mapping[str, str]) -> Path:
    """Return the file that a change goes to: the one in effect, else the user's own."""
    return found.path if found.path is not None else user_file(env)


def parse_value(dotted: str, words: Sequence[str], cwd: Path) -> Any:
    """Return the value that the words of a command line mean for a key.

    A relative database path is taken from ``cwd``, where the person typed it. Raises
    UnknownSetting, and UnfitSetting for what the key cannot take.
    """
    key = _known(dotted)
    kind = KINDS[key.kind]
    value: Any
    if kind.type is list:
        value = _listed(dotted, words)
    elif len(words) != 1:
        raise UnfitSetting(dotted, f"{len(words)} values", f"{kind.allowed}, in one word or quotes")
    elif kind.type is bool:
        value = _BOOLEANS.get(words[0].strip().casefold(), words[0])
    elif kind.word == "number":
        value = _numbered(words[0])
    else:
        value = words[0]
    _refuse_unfit(key, dotted, value, trusted=True)
    if key.kind == "path" and "://" not in value:
        value = str(resolved(cwd, os.path.expanduser(value)))  # noqa: PTH111 - never raises
    return value


def set_value(found: Found, dotted: str, value: Any, env: Mapping[str, str]) -> Written:
    """Set a key in the settings file in effect; over the defaults, in a new file of the user.

    Raises UnknownSetting, UnfitSetting, SettingsNotWritten, and BrokenSettings where the file has
    problems already.
    """
    _refuse_unfit(_known(dotted), dotted, value, trusted=found.trusted)
    return _change(found, env, dotted, lambda _settings: value)


def unset_value(found: Found, dotted: str, env: Mapping[str, str]) -> Written:
    """Take a key out of the settings file in effect, so that its default holds again."""
    _known(dotted)
    return _change(found, env, dotted, lambda _settings: None)


def allow_tags(found: Found, tags: Iterable[str], env: Mapping[str, str]) -> Written:
    """Add reporting tags to the list of allowed ones; those on it in any spelling stay as they are.

    Raises UnfitSetting for a text that cannot be a tag.
    """
    from scorecli.domain.tags import check_tag
    from scorecli.domain.text import fold

    wanted = list(tags)

    def longer(settings: Settings) -> list[str]:
        allowed = list(settings.reporting_tags.allowed)
        seen = {fold(tag) for tag in allowed}
        for tag in wanted:
            if fold(tag) not in seen:
                allowed.append(check_tag(tag))
                seen.add(fold(tag))
        return allowed

    key = _known("reporting_tags.allowed")
    for tag in wanted:
        _refuse_unfit(key, key.dotted, [tag], trusted=True)
    return _change(found, env, "reporting_tags.allowed", longer)


def disallow_tags(found: Found, tags: Iterable[str], env: Mapping[str, str]) -> Written:
    """Take reporting tags off the list of allowed ones, in any spelling; others are no error."""
    from scorecli.domain.text import fold

    unwanted = {fold(tag) for tag in tags}

    def shorter(settings: Settings) -> list[str]:
        return [tag for tag in settings.reporting_tags.allowed if fold(tag) not in unwanted]

    return _change(found, env, "reporting_tags.allowed", shorter)


def set_tag_limit(found: Found, limit: bool, env: Mapping[str, str]) -> Written:
    """Switch the limit to the allowed tags on or off; the list stays."""
    return set_value(found, "reporting_tags.limit", limit, env)


def template() -> str:
    """Return a settings file that changes nothing: every key explained, every value a comment."""
    lines = packaged_file().read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line if line[:1] in "#[\r\n" else "# " + line for line in lines)


def make_file(found: Found, env: Mapping[str, str]) -> Path:
    """Make a settings file that changes nothing yet: the one that was named, else the user's own.

    Raises SettingsExist and SettingsNotWritten.
    """
    named = found.path if found.how in ("option", "environment") else None
    file = named or user_file(env)
    if os.path.lexists(file):
        raise SettingsExist(str(file))
    with locked(file):
        new_file(file, template().encode())
    return file


def check_file(found: Found) -> list[SettingsProblem]:
    """Return every problem of a settings file; raises SettingsMissing, SettingsUnreadable."""
    if found.path is None:
        return []
    try:
        return problems_of(read(found), found)
    except BrokenSettings as broken:  # not UTF-8
        return list(broken.problems)


def edit_file(
    found: Found,
    env: Mapping[str, str],
    open_editor: Callable[[Path], None],
    again: Callable[[Sequence[SettingsProblem]], bool],
) -> Written:
    """Let a person edit a draft, which replaces the settings file once it has no problem.

    ``open_editor`` returns when the person is done. ``again`` says whether a draft with problems
    is to be opened once more; BrokenDraft is raised where it is not, and the draft is kept.
    Raises SettingsChangedMeanwhile where the file changed under the draft.
    """
    file = target_of(found, env)
    before = _bytes_of(file)
    start = template().encode() if before is None else before
    made_folder = not file.parent.exists()
    with locked(file):
        draft = new_file(_draft_path(file), start, mode=0o600)
    try:
        while True:
            open_editor(draft)
            after = _bytes_of(draft)
            if after is None or after == start:  # deleting the draft says that nothing is wanted
                return Written(file, created=False, changed=False)
            problems = _draft_problems(draft, after, found)
            if not problems:
                break
            if not again(problems):
                raise BrokenDraft(str(draft), problems)
        with locked(file):
            if _bytes_of(file) != before:
                raise SettingsChangedMeanwhile(str(file), str(draft))
            replace(file, after)
        draft.unlink()
        return Written(file, created=before is None, changed=True)
    except EditorFailed as failed:
        if _bytes_of(draft) not in (start, None):
            failed.hint = f"Your draft is kept in {draft}."
        raise
    finally:
        # A draft that says nothing new is no work to be kept, however the editor ended.
        if _bytes_of(draft) in (start, None):
            draft.unlink(missing_ok=True)
            if made_folder and file.parent.exists() and not any(file.parent.iterdir()):
                file.parent.rmdir()


def _draft_problems(draft: Path, data: bytes, found: Found) -> list[SettingsProblem]:
    try:
        text = decode(data, str(draft))
    except BrokenSettings as broken:
        return list(broken.problems)
    return problems_of(text, found._replace(path=draft))


def _draft_path(file: Path) -> Path:
    number = 1
    while True:
        mark = "" if number == 1 else f"-{number}"
        draft = file.with_name(f"{file.stem}.draft{mark}.toml")
        if not os.path.lexists(draft):
            return draft
        number += 1


def _bytes_of(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsNotWritten(str(file), error.strerror or str(error)) from error


def _known(dotted: str) -> Key:
    key = key_for(dotted)
    if key is None or "*" in dotted:
        raise UnknownSetting(dotted, nearest_keys(dotted))
    return key


def _refuse_unfit(key: Key, dotted: str, value: object, *, trusted: bool) -> None:
    faults = faults_of(key, tuple(dotted.split(".")), value, trusted=trusted)
    if faults:
        raise UnfitSetting(dotted, faults[0].found, faults[0].allowed)


def _numbered(word: str) -> int | float | str:
    """Return the number that a word is, or the word where it is none."""
    sign, digits = (word[0], word[1:]) if word[:1] in ("+", "-") else ("", word)
    whole, point, rest = digits.partition(".")
    if not all(part.isascii() and part.isdigit() for part in (whole, rest or "0")):
        return word
    return float(word) if point else int(sign + digits)


def _listed(dotted: str, words: Sequence[str]) -> list[str]:
    if len(words) == 1 and words[0].lstrip().startswith("["):
        try:
            value = tomllib.loads(f"x = {words[0]}")["x"]
        except tomllib.TOMLDecodeError:
            raise UnfitSetting(dotted, words[0], KINDS["tags"].allowed) from None
        if isinstance(value, list):
            return value
    return list(words)


def _change(
    found: Found,
    env: Mapping[str, str],
    dotted: str,
    new_value: Callable[[Settings], Any],
) -> Written:
    """Set a key to what ``new_value`` makes of the settings as they are now; None unsets it."""
    file = target_of(found, env)
    with locked(file):
        at = found._replace(path=file)
        before = _bytes_of(file)
        if before is None and found.path is not None:
            load(at)  # says that the file is missing, and who named it
        # A byte order mark is no part of the text, and is kept.
        mark = b"\xef\xbb\xbf" if (before or b"").startswith(b"\xef\xbb\xbf") else b""
        text = _HEADING if before is None else decode(before, str(file))
        settings = parse(text, at)
        value = new_value(settings)
        if value is None and dotted not in settings.in_file:
            return Written(file, created=False, changed=False)
        if value is not None and _same(settings, dotted, value):
            return Written(file, created=False, changed=False, value=value)
        path = tuple(dotted.split("."))
        try:
            text = unset_key(text, path) if value is None else set_key(text, path, value)
        except EditImpossibleError:
            reason = f"{dotted} stands in it in a way that only an editor can change"
            raise SettingsNotWritten(str(file), reason) from None
        parse(text, at)
        if dotted.startswith("filters."):
            _refuse_unreadable_filter(text, at, dotted)
        replace(file, mark + text.encode())
    return Written(file, created=before is None, changed=True, value=value)


def _refuse_unreadable_filter(text: str, found: Found, dotted: str) -> None:
    for problem in problems_of(text, found):
        if problem.key == dotted:  # others may be broken already, which is no reason to stop here
            raise UnfitSetting(dotted, problem.found, problem.allowed)


def _same(settings: Settings, dotted: str, value: object) -> bool:
    try:
        current = settings.value(dotted)
    except UnknownSetting:  # a filter that is not saved yet
        return False
    return bool((list(current) if isinstance(current, tuple) else current) == value)


def shown_value(value: object) -> str:
    """Return a value as people read it: texts without quotes, everything else as TOML."""
    return "" if value is None else value if isinstance(value, str) else shown(value)
