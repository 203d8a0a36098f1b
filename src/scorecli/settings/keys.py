"""Every key of a settings file: its kind and what it is for, declared once.

The loader, ``config set``, the texts of errors and the reference page all read this declaration.
Defaults are not here: the packaged ``scoring.toml`` is their only copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from scorecli.settings.kinds import LONGEST_LABEL, has_controls, is_plain_word, nearest_words


class Key(NamedTuple):
    """One key of a table; ``*`` stands where people choose the names themselves.

    ``names`` says how such a name must be made (``name_fault``). ``trusted`` keys are refused in a
    file that was merely found in the working directory.
    """

    table: str
    name: str
    kind: str
    about: str
    trusted: bool = False
    names: str = ""

    @property
    def dotted(self) -> str:
        """The key as people write it: ``score.enabled``."""
        return f"{self.table}.{self.name}"

    @property
    def path(self) -> tuple[str, ...]:
        """The names that lead to it."""
        return (*self.table.split("."), self.name)


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
        "results",
        "recall_within",
        "delay",
        "How old a call may be to make a callback; after that its record is called like others.",
    ),
    Key(
        "attribution",
        "backfill",
        "boolean",
        "Whether adding or changing a user also assigns the older calls that match by then.",
    ),
    Key(
        "contact_scores.*",
        "label",
        "label",
        "What people see of the score; by default its name.",
        names="score_type",
    ),
    Key("contact_scores.*", "min", "number", "The lowest value.", names="score_type"),
    Key("contact_scores.*", "max", "number", "The highest value.", names="score_type"),
    Key(
        "contact_scores.*",
        "decimals",
        "decimals",
        "How many decimals a value may have; 0 for whole numbers.",
        names="score_type",
    ),
    Key("activities", "scoring", "boolean", "Whether activities have points that are shown."),
    Key("activities", "editable_points", "boolean", "Whether --points may say the points."),
    Key(
        "activities",
        "calls",
        "boolean",
        "Whether linked calls count as activities of the type `call`.",
    ),
    Key("activities", "aggregate_leads", "boolean", "Whether points add up on leads."),
    Key("activities", "aggregate_contacts", "boolean", "Whether points add up on contacts."),
    Key(
        "activities",
        "aggregate_companies",
        "boolean",
        "Whether points add up on companies: their own and those of their people.",
    ),
    Key(
        "activities",
        "half_life",
        "half_life",
        "The age at which an activity counts half in `points_now`; none leaves that figure out.",
    ),
    Key(
        "activities.points",
        "*",
        "points",
        "The points of an activity of that type, unless something else says them.",
        names="activity",
    ),
    Key("minutes", "increment", "increment", "Seconds to whose next multiple a call is billed."),
    Key("minutes", "minimum", "minimum", "The fewest seconds that a call is billed for."),
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
        names="filter",
    ),
    Key(
        "database",
        "path",
        "path",
        "The database; a relative path starts at the folder of the settings file.",
        trusted=True,
    ),
)

_BY_PATH: Mapping[tuple[str, ...], Key] = {key.path: key for key in KEYS}
TABLES: tuple[str, ...] = tuple(dict.fromkeys(key.table for key in KEYS))
_TABLE_PATHS = tuple(tuple(table.split(".")) for table in TABLES)

# A saved filter by one of these names could never be reached.
BUILT_IN_FILTERS = ("orphan-amounts", "unscored", "unassigned")
# Words of the command line, which a score type by that name would hide.
_TAKEN_SCORE_TYPES = ("type", "value", "reason", "contact", "points", "points_now")


def key_at(path: tuple[str, ...]) -> Key | None:
    """Return the key at the end of a path of names, else None."""
    return (
        _BY_PATH.get(path)
        or _BY_PATH.get((*path[:-1], "*"))
        or _BY_PATH.get((path[0], "*", *path[2:]))
    )


def key_for(dotted: str) -> Key | None:
    """Return the key that ``score.enabled`` or ``filters.mine`` names, else None."""
    return key_at(tuple(dotted.split(".")))


def table_at(path: tuple[str, ...]) -> str | None:
    """Return the table at a path as it is declared (``contact_scores.*``), else None."""
    for table in _TABLE_PATHS:
        if len(table) == len(path) and _fits(table, path):
            return ".".join(table)
    return None


def leads_to_table(path: tuple[str, ...]) -> bool:
    """Tell whether a table stands at a path or below it."""
    return any(_fits(table, path) for table in _TABLE_PATHS)


def _fits(table: tuple[str, ...], path: tuple[str, ...]) -> bool:
    return len(table) >= len(path) and all(
        own in ("*", name) for own, name in zip(table, path, strict=False)
    )


def name_fault(key: Key, path: tuple[str, ...]) -> str | None:
    """Return how the name that people chose must be made, where this one cannot be used."""
    if not key.names:
        return None
    name = path[key.path.index("*")]
    if key.names == "activity":
        fits = name == name.strip() and 0 < len(name) <= LONGEST_LABEL and "." not in name
        if fits and not has_controls(name):
            return None
        return f"named with 1 to {LONGEST_LABEL} characters, without full stops"
    taken = BUILT_IN_FILTERS if key.names == "filter" else _TAKEN_SCORE_TYPES
    if name in taken:
        shown = f"@{name} is built in" if key.names == "filter" else f"{name} is a word of its own"
        return f"named otherwise: {shown}"
    if key.names == "score_type":
        if is_plain_word(name) and name.isascii() and name == name.lower():
            return None
        return "named with small letters a to z, digits, _ and -, beginning with a letter"
    if is_plain_word(name):
        return None
    return "named with letters, digits, _ and -, beginning with a letter"


def nearest_keys(dotted: str) -> tuple[str, ...]:
    """Return the known keys that a misspelt one could mean, the closest first."""
    known = [key.dotted for key in KEYS if "*" not in key.path]
    table, _, name = dotted.rpartition(".")
    declared = table_at(tuple(table.split(".")))
    if declared is not None:
        names = [key.name for key in KEYS if key.table == declared and key.name != "*"]
        own = {word: f"{table}.{word}" for word in names}
        near = [own[word] for word in nearest_words(name, own)]
        if near:
            return tuple(near)
    elsewhere = [key for key in known if key.rpartition(".")[2] == name]
    if 0 < len(elsewhere) <= 2:
        return tuple(elsewhere)
    return tuple(nearest_words(dotted, known))
