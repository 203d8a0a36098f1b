"""Every key of a settings file: its type, what it means and what it may hold, declared once.

The loader, ``config set``, the texts of errors and the reference page all read this declaration.
Defaults are not here: the packaged ``scoring.toml`` is their only copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

LONGEST_LABEL = 100  # characters
LONGEST_FILTER = 4000  # characters

# Characters that reorder or hide the text around them on a screen.
_REORDERING = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


class Fault(NamedTuple):
    """One value that cannot be used; ``path`` leads to it, list positions counted from 0."""

    path: tuple[str | int, ...]
    found: str
    allowed: str
    nearest: tuple[str, ...] = ()
    unknown: bool = False


class Kind(NamedTuple):
    """What a key may hold: the Python ``type``, its ``allowed`` values in words, further checks.

    ``faults`` returns, for a value of the right type, what is wrong with it: pairs of a list
    position (None for the whole value) and what would be allowed.
    """

    type: type
    word: str
    allowed: str
    faults: Callable[[Any], list[tuple[int | None, str]]]


class Key(NamedTuple):
    """One key of a table; ``name`` is ``*`` where people choose the names themselves.

    ``trusted`` keys are refused in a file that was merely found in the working directory.
    """

    table: str
    name: str
    kind: str
    about: str
    trusted: bool = False

    @property
    def dotted(self) -> str:
        """The key as people write it: ``score.enabled``."""
        return f"{self.table}.{self.name}"


def has_controls(text: str, *, lines: bool = False) -> bool:
    """Tell whether control or reordering characters occur; ``lines`` allows tabs and line ends."""
    return any(
        (c < " " and not (lines and c in "\t\n"))
        or "\x7f" <= c <= "\x9f"
        or "\ud800" <= c <= "\udfff"  # bytes of a command line that are no text
        or c in _REORDERING
        for c in text
    )


def is_plain_word(text: str) -> bool:
    """Tell whether a text is letters, digits, ``_`` and ``-``, beginning with a letter."""
    return text[:1].isalpha() and all(c.isalnum() or c in "_-" for c in text)


def _anything(_value: object) -> list[tuple[int | None, str]]:
    return []


def _unless(fits: bool, allowed: str) -> list[tuple[int | None, str]]:
    return [] if fits else [(None, allowed)]


def _label_faults(value: str) -> list[tuple[int | None, str]]:
    fits = bool(value.strip()) and len(value) <= LONGEST_LABEL and not has_controls(value)
    return _unless(fits, KINDS["label"].allowed)


def _currency_faults(value: str) -> list[tuple[int | None, str]]:
    from scorecli.domain.money import is_currency  # only files that choose a currency need it

    return _unless(is_currency(value), KINDS["currency"].allowed)


def _zone_faults(value: str) -> list[tuple[int | None, str]]:
    if value == "local":
        return []
    from zoneinfo import ZoneInfo  # only files that choose a zone need it

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown; an unsafe path; a folder of zones
        from zoneinfo import available_timezones

        near = nearest_words(value, available_timezones())
        meant = f" (did you mean {' or '.join(near)}?)" if near else ""
        return [(None, KINDS["zone"].allowed + meant)]
    return []


def _region_faults(value: str) -> list[tuple[int | None, str]]:
    fits = len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()
    return _unless(fits, KINDS["region"].allowed)


def _stars_faults(value: str) -> list[tuple[int | None, str]]:
    fits = len(value) == 2 and not has_controls(value) and not value[0].isspace()
    return _unless(fits, KINDS["stars"].allowed)


def _tags_faults(value: list[object]) -> list[tuple[int | None, str]]:
    from scorecli.domain.text import fold  # only files that list tags need it

    faults: list[tuple[int | None, str]] = []
    seen: dict[str, str] = {}
    for at, tag in enumerate(value):
        wrong = tag_fault(tag)
        if wrong is not None or not isinstance(tag, str):
            faults.append((at, wrong or KINDS["tags"].allowed))
            continue
        if fold(tag) in seen:
            faults.append((at, f"given once: {seen[fold(tag)]!r} is the same tag"))
        seen.setdefault(fold(tag), tag)
    return faults


def tag_fault(tag: object) -> str | None:
    """Return what a reporting tag must be where ``tag`` cannot be one, else None."""
    if not isinstance(tag, str):
        return "a text in quotes"
    from scorecli.domain.tags import LONGEST, check_tag
    from scorecli.errors.values import BadTag

    try:
        check_tag(tag)
    except BadTag:
        return (
            f"1 to {LONGEST} characters without ; | and control characters, and not the words "
            "none and any"
        )
    return None


def _path_faults(value: str) -> list[tuple[int | None, str]]:
    return _unless(bool(value.strip()) and not has_controls(value), KINDS["path"].allowed)


def _filter_faults(value: str) -> list[tuple[int | None, str]]:
    fits = bool(value.strip()) and len(value) <= LONGEST_FILTER
    return _unless(fits and not has_controls(value, lines=True), KINDS["filter"].allowed)


KINDS: Mapping[str, Kind] = {
    "boolean": Kind(bool, "boolean", "true or false", _anything),
    "label": Kind(
        str,
        "text",
        f"a text in quotes of 1 to {LONGEST_LABEL} characters, without control characters",
        _label_faults,
    ),
    "currency": Kind(
        str, "text", 'an ISO 4217 currency code in capital letters, such as "EUR"', _currency_faults
    ),
    "zone": Kind(
        str, "text", '"local" or the name of a time zone, such as "Europe/Paris"', _zone_faults
    ),
    "region": Kind(str, "text", 'a country as two capital letters, such as "GB"', _region_faults),
    "stars": Kind(
        str, "text", "exactly two characters in quotes: a full star and an empty one", _stars_faults
    ),
    "tags": Kind(list, "list", 'a list of tags, such as ["quote", "wrong number"]', _tags_faults),
    "path": Kind(str, "text", "the path of a database file, in quotes", _path_faults),
    "filter": Kind(
        str,
        "text",
        f"the text of a filter in quotes, of 1 to {LONGEST_FILTER} characters",
        _filter_faults,
    ),
}

_SWITCH = "Whether the field is there. Off, its options are refused and its data stays stored."
_LABEL = "What people see in tables, prompts, errors and report headers. JSON keys stay."

KEYS: tuple[Key, ...] = (
    Key("score", "enabled", "boolean", _SWITCH),
    Key("score", "column_name", "label", "Heading of the column that shows the whole score."),
    Key("score", "field_name", "label", _LABEL),
    Key("conversion", "enabled", "boolean", _SWITCH),
    Key("conversion", "field_name", "label", _LABEL),
    Key("converted_amount", "enabled", "boolean", _SWITCH),
    Key("converted_amount", "field_name", "label", _LABEL),
    Key("converted_amount", "currency", "currency", "Currency of the amounts that are entered."),
    Key("tags", "enabled", "boolean", _SWITCH),
    Key("tags", "field_name", "label", _LABEL),
    Key("reporting_tags", "enabled", "boolean", _SWITCH),
    Key("reporting_tags", "field_name", "label", _LABEL),
    Key("reporting_tags", "limit", "boolean", "Whether only the tags in `allowed` can be given."),
    Key("reporting_tags", "allowed", "tags", "The tags that can be given while `limit` is on."),
    Key("notes", "enabled", "boolean", _SWITCH),
    Key("notes", "field_name", "label", _LABEL),
    Key("results", "enabled", "boolean", _SWITCH),
    Key("results", "field_name", "label", _LABEL),
    Key(
        "results",
        "success_marks_converted",
        "boolean",
        "Whether a result that means success also marks the call as converted.",
    ),
    Key(
        "attribution",
        "backfill",
        "boolean",
        "Whether adding or changing a user also assigns the older calls that match by then.",
    ),
    Key("display", "time_zone", "zone", "Zone of the days and times that are shown and typed."),
    Key(
        "display", "stars", "stars", "The characters of a star that was given and one that was not."
    ),
    Key("display", "ascii", "boolean", "Whether tables use plain characters only."),
    Key("display", "page", "boolean", "Whether long tables on a terminal are shown in a pager."),
    Key("phone", "region", "region", "Country of numbers that are written without a country code."),
    Key(
        "filters",
        "*",
        "filter",
        "A saved filter, used as @NAME; a name is letters, digits, _ and -.",
    ),
    Key(
        "database",
        "path",
        "path",
        "The database; a relative path starts at the folder of the settings file.",
        trusted=True,
    ),
)

_BY_DOTTED: Mapping[str, Key] = {key.dotted: key for key in KEYS}
TABLES: tuple[str, ...] = tuple(dict.fromkeys(key.table for key in KEYS))

# A saved filter by one of these names could never be reached.
BUILT_IN_FILTERS = ("orphan-amounts", "unscored", "unassigned")


def key_for(dotted: str) -> Key | None:
    """Return the key that ``score.enabled`` or ``filters.mine`` names, else None."""
    table = dotted.rpartition(".")[0]
    return _BY_DOTTED.get(dotted) or _BY_DOTTED.get(f"{table}.*")


def nearest_words(word: str, known: Iterable[str]) -> list[str]:
    """Return up to two known words that a misspelt one could mean, the closest first."""
    from scorecli.domain.text import nearest  # only error messages need it

    return nearest(word, known, 2)


def nearest_keys(dotted: str) -> tuple[str, ...]:
    """Return the known keys that a misspelt one could mean, the closest first."""
    known = [key for key in _BY_DOTTED if not key.endswith("*")]
    table, _, name = dotted.rpartition(".")
    if table in TABLES:
        own = {key.name: key.dotted for key in KEYS if key.table == table and key.name != "*"}
        near = [own[word] for word in nearest_words(name, own)]
        if near:
            return tuple(near)
    elsewhere = [key for key in known if key.rpartition(".")[2] == name]
    if 0 < len(elsewhere) <= 2:
        return tuple(elsewhere)
    return tuple(nearest_words(dotted, known))


def shown(value: object) -> str:
    """Return a value as TOML would write it, on one line, cut where it is very long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, str):
        import json  # its quoting is that of TOML; only errors and listings need it

        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, (list, tuple)):
        text = "[" + ", ".join(shown(part) for part in value) + "]"
    else:
        text = str(value)
    return text if len(text) <= 200 else text[:199] + "…"


def check(
    document: Mapping[str, Any], *, trusted: bool = True
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values of a parsed settings file by dotted key, and everything wrong with it."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for path, value in _leaves(document, ()):
        dotted = ".".join(path)
        key = key_for(dotted) if len(path) > 1 else None
        if key is None:
            faults.append(_unknown(path, value))
            continue
        found = faults_of(key, path, value, trusted=trusted)
        faults.extend(found)
        if not found:
            values[dotted] = value
    return values, faults


def faults_of(key: Key, path: tuple[str, ...], value: object, *, trusted: bool) -> list[Fault]:
    """Return what is wrong with one value of a known key."""
    kind = KINDS[key.kind]
    faults: list[Fault] = []
    if key.name == "*" and (not is_plain_word(path[-1]) or path[-1] in BUILT_IN_FILTERS):
        allowed = "named with letters, digits, _ and -, beginning with a letter"
        if path[-1] in BUILT_IN_FILTERS:
            allowed = f"named otherwise: @{path[-1]} is built in"
        faults.append(Fault(path, shown(value), allowed))
    # bool is a kind of int to Python, and never one to people.
    if not isinstance(value, kind.type) or (isinstance(value, bool) and kind.type is not bool):
        return [*faults, Fault(path, shown(value), kind.allowed)]
    for at, allowed in kind.faults(value):
        if at is None:
            faults.append(Fault(path, shown(value), allowed))
        elif isinstance(value, list):
            faults.append(Fault((*path, at), shown(value[at]), allowed))
    if key.trusted and not trusted:
        allowed = (
            "left out: a file that was only found in the working directory may not decide this. "
            "If you trust the file, name it with --config"
        )
        faults.append(Fault(path, shown(value), allowed))
    return faults


def _leaves(
    table: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value with its path; a table that is not known is one value."""
    for name, value in table.items():
        here = (*path, name)
        dotted = ".".join(here)
        known = dotted in TABLES or any(known.startswith(dotted + ".") for known in TABLES)
        if known and isinstance(value, dict):
            yield from _leaves(value, here)
        else:
            yield here, value


def _unknown(path: tuple[str, ...], value: object) -> Fault:
    dotted = ".".join(path)
    parent = ".".join(path[:-1])
    if dotted in TABLES:  # `score = 5` where a table belongs
        names = ", ".join(key.name for key in KEYS if key.table == dotted)
        return Fault(path, shown(value), f"a table [{dotted}] with {names}")
    if parent in TABLES:
        allowed = ", ".join(key.name for key in KEYS if key.table == parent)
        return Fault(path, shown(value), allowed, nearest_keys(dotted), unknown=True)
    tables = ", ".join(f"[{table}]" for table in TABLES)
    if isinstance(value, dict):
        near = tuple(f"[{table}]" for table in nearest_words(dotted, TABLES))
        return Fault(path, shown(value), tables, near, unknown=True)
    return Fault(path, shown(value), tables, nearest_keys(dotted), unknown=True)
