"""Changing one key of a TOML text, with everything else left as it was written.

Only the characters of the value change. A TOML library writes the values, and lists and inline
tables that people laid out by hand; the rest of the text is never written anew, because every
library moves some comment or blank line when it adds a key.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable, Sequence
from typing import Any

from scorecli.settings.positions import Entry, Positions, positions

Path = tuple[str, ...]
Plain = bool | str | int | float


class EditImpossibleError(ValueError):
    """The text is laid out in a way that cannot be changed here without touching the rest."""


def set_key(text: str, path: Path, value: Plain | Sequence[str]) -> str:
    """Return ``text`` with ``value`` at ``path``, added to its table where it was not there.

    Raises EditImpossibleError where the result would not say exactly that.
    """
    new = value if isinstance(value, (bool, str, int, float)) else list(value)
    found = positions(text)
    entry = _entry(found, path)
    if entry is not None and entry.inline:
        changed = _inside(text, found, path, lambda table: table.__setitem__(path[-1], new))
    elif entry is not None:
        changed = text[: entry.value] + _replacing(text, entry, new) + text[entry.end :]
    else:
        changed = _added(text, found, path, new)
    wanted = copy.deepcopy(tomllib.loads(text))
    table = wanted
    for name in path[:-1]:
        table = table.setdefault(name, {})
    table[path[-1]] = new
    return _proven(changed, wanted)


def unset_key(text: str, path: Path) -> str:
    """Return ``text`` without the key at ``path``; the same text where it has none.

    A comment behind the value stays as a line of its own. Raises EditImpossibleError where the
    result would not say exactly that.
    """
    found = positions(text)
    entry = _entry(found, path)
    if entry is None:
        return text
    if entry.inline:
        changed = _inside(text, found, path, lambda table: table.pop(path[-1]))
    else:
        line_end = _line_end(text, entry.end)
        rest = text[entry.end : line_end].strip(" \t\r\n")
        line_start = text.rfind("\n", 0, entry.start) + 1
        changed = text[:line_start] + (rest + _newline(text) if rest else "") + text[line_end:]
    wanted = tomllib.loads(text)
    table = wanted
    for name in path[:-1]:
        table = table[name]
    del table[path[-1]]
    return _proven(changed, wanted)


def _proven(text: str, wanted: dict[str, Any]) -> str:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EditImpossibleError from error
    if _without_empty_tables(found) != _without_empty_tables(wanted):
        raise EditImpossibleError
    return text


def _without_empty_tables(document: dict[str, Any]) -> dict[str, Any]:
    # Taking `score.enabled` away takes the table with it; taking it from `[score]` does not.
    kept: dict[str, Any] = {}
    for name, value in document.items():
        inner = _without_empty_tables(value) if isinstance(value, dict) else value
        if inner != {}:
            kept[name] = inner
    return kept


def _entry(found: Positions, path: tuple[str | int, ...]) -> Entry | None:
    return next((entry for entry in found.entries if entry.path == path), None)


def _line_end(text: str, at: int) -> int:
    """Return where the next line begins, the end of the text where there is none."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _written(value: Plain | list[str]) -> str:
    import tomlkit  # only edits write TOML

    return tomlkit.item(value).as_string()


def _written_key(path: tuple[str | int, ...]) -> str:
    import tomlkit

    parts = []
    for part in path:
        bare = str(part).replace("-", "").replace("_", "")
        plain = bare.isascii() and (bare.isalnum() or (not bare and part != ""))
        parts.append(str(part) if plain else tomlkit.item(str(part)).as_string())
    return ".".join(parts)


def _replacing(text: str, entry: Entry, value: Plain | list[str]) -> str:
    """Return how ``value`` is written in place of an entry's; a list keeps its layout."""
    old = text[entry.value : entry.end]
    if not isinstance(value, list) or "\n" not in old:
        return _written(value)
    import tomlkit

    document = tomlkit.parse(f"x = {old}\n")
    array: Any = document["x"]
    for part in [part for part in array if part not in value]:
        array.remove(part)
    for part in value:
        if part not in array:
            array.append(part)
    kept = tomlkit.dumps(document).removeprefix("x = ").rstrip("\r\n")
    try:
        same = tomllib.loads(f"x = {kept}")["x"] == value
    except tomllib.TOMLDecodeError:
        same = False
    return kept if same else _written(value)


def _inside(text: str, found: Positions, path: Path, change: Callable[[Any], object]) -> str:
    """Return the text with the inline table that holds ``path`` changed."""
    import tomlkit

    for length in range(len(path) - 1, 0, -1):
        entry = _entry(found, path[:length])
        if entry is not None and not entry.inline:
            document = tomlkit.parse(f"x = {text[entry.value : entry.end]}\n")
            table: Any = document["x"]
            for name in path[length:-1]:
                table = table[name]
            change(table)
            new = tomlkit.dumps(document).removeprefix("x = ").rstrip("\r\n")
            return text[: entry.value] + new + text[entry.end :]
    raise EditImpossibleError


def _added(text: str, found: Positions, path: Path, value: Plain | list[str]) -> str:
    """Return the text with a new key behind the last one of its table, or in a new table."""
    table = path[:-1]
    inline = _entry(found, table)
    if inline is not None:
        return _inside(text, found, path, lambda inner: inner.__setitem__(path[-1], value))
    last = _last_of(found, table)
    newline = _newline(text)
    if last is not None:
        at, header, start = _line_end(text, last.end), last.header, last.start
        indent = text[text.rfind("\n", 0, start) + 1 : start]
    elif table in found.headers:
        at, header, indent = _line_end(text, found.headers[table]), table, ""
    else:
        gap = newline if text.strip() else ""
        before = text if not text or text.endswith("\n") else text + newline
        key = _written_key(path[-1:])
        lines = f"{gap}[{_written_key(table)}]{newline}{key} = {_written(value)}{newline}"
        return before + lines
    key = _written_key(path[len(header) :])
    before = text[:at] if text[:at].endswith("\n") else text[:at] + newline
    return f"{before}{indent}{key} = {_written(value)}{newline}{text[at:]}"


def _last_of(found: Positions, table: Path) -> Entry | None:
    """Return the last entry below the table's own header, else the last dotted key of it."""
    own = [e for e in found.entries if not e.inline and e.header == table]
    if own or table in found.headers:
        return own[-1] if own else None
    dotted = [e for e in found.entries if not e.inline and e.path[: len(table)] == table]
    dotted = [e for e in dotted if len(e.header) < len(table)]
    return dotted[-1] if dotted else None
