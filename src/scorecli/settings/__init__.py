"""The settings in effect: which file holds them, what it says, and where each value came from.

Every start of the tool reads settings, so this file loads little: ``reading``, with TOML and the
declaration of the keys, only where there is a file of one's own, and what errors need only when
there is one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from scorecli.settings.locations import (
    DEFAULTS,
    Found,
    How,
    data_folder,
    find_settings,
    packaged_file,
    resolved,
    user_file,
)
from scorecli.settings.packaged import plain_values
from scorecli.settings.sections import (
    DEFAULT_SCORE_TYPE,
    ActivitySettings,
    AmountSettings,
    AttributionSettings,
    DatabaseSettings,
    DisplaySettings,
    FieldSettings,
    MinutesSettings,
    PhoneSettings,
    ReportingTagSettings,
    ResultSettings,
    ScoreSettings,
    ScoreTypeSettings,
    Section,
    label_of_score_type,
)

if TYPE_CHECKING:
    from scorecli.domain.rules import Rule
    from scorecli.errors.settings import SettingsProblem

__all__ = [
    "DEFAULTS",
    "DEFAULT_SCORE_TYPE",
    "Found",
    "How",
    "ScoreTypeSettings",
    "Settings",
    "data_folder",
    "find_settings",
    "packaged_file",
    "user_file",
]


"""The score type that is always there, and whose range others have that say none."""


class Settings(Section):
    """All settings in effect, frozen.

    ``filters`` maps the names of saved filters to their text, ``contact_scores`` those of score
    types to what they are; ``rules`` stand in their order.
    """

    score: ScoreSettings
    conversion: FieldSettings
    converted_amount: AmountSettings
    tags: FieldSettings
    reporting_tags: ReportingTagSettings
    notes: FieldSettings
    results: ResultSettings
    attribution: AttributionSettings
    contact_scores: dict[str, ScoreTypeSettings]
    activities: ActivitySettings
    minutes: MinutesSettings
    display: DisplaySettings
    phone: PhoneSettings
    filters: dict[str, str]
    rules: tuple[Rule, ...]
    database: DatabaseSettings
    found: Found
    in_file: frozenset[str]

    @property
    def trusted(self) -> bool:
        """Whether the file may redirect the database and allow network or commands."""
        return self.found.trusted

    def value(self, dotted: str) -> Any:
        """Return the value of a key such as ``score.enabled``; None for a key without one.

        Raises UnknownSetting for a key that does not exist and for a name that nobody chose.
        """
        from scorecli.settings.keys import key_for

        found: Any = self if key_for(dotted) is not None else _ABSENT
        for name in dotted.split("."):
            if isinstance(found, dict):
                found = found.get(name, _ABSENT)
            else:
                found = getattr(found, name, _ABSENT)
        if found is _ABSENT:
            from scorecli.errors.settings import UnknownSetting

            raise UnknownSetting(dotted, self._near(dotted))
        return found

    def origin(self, dotted: str) -> Literal["file", "default"]:
        """Tell whether a key's value stands in the settings file or is the default."""
        return "file" if dotted in self.in_file else "default"

    def keys(self) -> list[str]:
        """Return all dotted keys in the order of the packaged file, chosen names included."""
        from scorecli.settings.keys import KEYS, TABLES

        found: list[str] = []
        for table in TABLES:
            names = [key.name for key in KEYS if key.table == table]
            if names == ["*"]:
                names = list(self._chosen(table))
            for real in self._tables(table):
                found.extend(f"{real}.{name}" for name in names)
        return found

    def _tables(self, table: str) -> list[str]:
        before, star, _ = table.partition(".*")
        return [f"{before}.{name}" for name in self._chosen(before)] if star else [table]

    def _chosen(self, table: str) -> Mapping[str, Any]:
        found: Any = self
        for name in table.split("."):
            found = getattr(found, name)
        return dict(found)

    def _near(self, dotted: str) -> tuple[str, ...]:
        from scorecli.settings.keys import key_for, nearest_keys

        table, _, name = dotted.rpartition(".")
        key = key_for(dotted)
        if key is None or key.name != "*":
            return nearest_keys(dotted)
        from scorecli.settings.kinds import nearest_words

        return tuple(f"{table}.{word}" for word in nearest_words(name, self._chosen(table)))


_ABSENT = object()

_SECTIONS: Mapping[str, type[Section]] = {
    "score": ScoreSettings,
    "conversion": FieldSettings,
    "converted_amount": AmountSettings,
    "tags": FieldSettings,
    "reporting_tags": ReportingTagSettings,
    "notes": FieldSettings,
    "results": ResultSettings,
    "attribution": AttributionSettings,
    "activities": ActivitySettings,
    "minutes": MinutesSettings,
    "display": DisplaySettings,
    "phone": PhoneSettings,
    "database": DatabaseSettings,
}


_NAMED_BY: Mapping[How, str] = {
    "option": "--config",
    "environment": "SCORECLI_CONFIG",
    "argument": "the command line",
}


def load(found: Found) -> Settings:
    """Return the settings of a file over the packaged defaults.

    Raises BrokenSettings with every problem of the file, SettingsMissing and SettingsUnreadable.
    """
    if found.path is None:
        return defaults()
    return parse(read(found), found)


def read(found: Found) -> str:
    """Return the text of a settings file; BrokenSettings where it is not UTF-8."""
    from scorecli.errors.settings import SettingsMissing, SettingsUnreadable

    assert found.path is not None  # noqa: S101 - the callers ask first
    try:
        if found.path.exists() and not found.path.is_file():
            raise SettingsUnreadable(str(found.path), "it is not a file")
        data = found.path.read_bytes()
    except FileNotFoundError:
        named_by = _NAMED_BY.get(found.how)
        if named_by is None:  # it was there a moment ago, as a link to nothing
            raise SettingsUnreadable(str(found.path), "the link leads nowhere") from None
        raise SettingsMissing(str(found.path), named_by) from None
    except OSError as error:
        raise SettingsUnreadable(str(found.path), error.strerror or str(error)) from error
    return decode(data, str(found.path))


def decode(data: bytes, file: str) -> str:
    """Return the text of a file's bytes, a byte order mark left out."""
    from scorecli.errors.settings import BrokenSettings, SettingsProblem

    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = SettingsProblem(file, line, "", "the text is not UTF-8", "UTF-8")
        raise BrokenSettings([problem]) from None


def parse(text: str, found: Found = DEFAULTS) -> Settings:
    """Return the settings of a TOML text over the packaged defaults; raises BrokenSettings."""
    from scorecli.errors.settings import BrokenSettings
    from scorecli.settings.reading import checked

    values, problems = checked(text, found, _default_values)
    if problems:
        raise BrokenSettings(problems)
    return _settings({**_default_values(), **values}, found, frozenset(values))


def problems_of(text: str, found: Found = DEFAULTS) -> list[SettingsProblem]:
    """Return everything that is wrong with a TOML text, in the order of its lines.

    Saved filters too are read here, and not only where a command uses one.
    """
    from scorecli.settings.reading import checked

    return checked(text, found, _default_values, filters=True)[1]


def defaults() -> Settings:
    """Return the packaged defaults."""
    return _settings(_default_values(), DEFAULTS, frozenset())


def database_path(
    settings: Settings,
    db: str | None,
    env: Mapping[str, str],
    platform: str = sys.platform,
) -> str:
    """Return the path or URL of the database in effect."""
    return database_origin(settings, db, env, platform)[0]


def database_origin(
    settings: Settings,
    db: str | None,
    env: Mapping[str, str],
    platform: str = sys.platform,
) -> tuple[str, Literal["option", "environment", "file", "default"]]:
    """Return the database in effect and what named it."""
    if db:
        return db, "option"
    if env.get("SCORECLI_DB"):
        return env["SCORECLI_DB"], "environment"
    if settings.database.path is not None:
        return settings.database.path, "file"
    return str(data_folder(env, platform) / "scorecli.db"), "default"


def _default_values() -> dict[str, Any]:
    # Not checked here: a test holds that the packaged file has every key and no problem.
    text = packaged_file().read_text(encoding="utf-8")
    values = plain_values(text)
    if values is not None:
        return values
    import tomllib

    return dict(_flat(tomllib.loads(text), ""))


def _flat(document: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _settings(values: Mapping[str, Any], found: Found, in_file: frozenset[str]) -> Settings:
    tables: dict[str, dict[str, Any]] = {name: {} for name in (*_SECTIONS, "filters")}
    points: dict[str, int] = {}
    scores: dict[str, dict[str, Any]] = {}
    for dotted, value in values.items():
        table, _, name = dotted.rpartition(".")
        if table == "activities.points":
            points[name] = value
        elif table.startswith("contact_scores."):
            scores.setdefault(table.partition(".")[2], {})[name] = value
        elif table:
            tables[table][name] = tuple(value) if isinstance(value, list) else value
    path = tables["database"].get("path")
    tables["database"]["path"] = None if path is None else _from_folder_of(found, path)
    tables["activities"]["points"] = points
    sections: dict[str, Any] = {name: make(tables[name]) for name, make in _SECTIONS.items()}
    sections |= {"filters": tables["filters"], "contact_scores": _score_types(scores)}
    sections["rules"] = values.get("rules", ())
    return Settings({**sections, "found": found, "in_file": in_file})


def _score_types(scores: Mapping[str, Mapping[str, Any]]) -> dict[str, ScoreTypeSettings]:
    """Return the score types; what one does not say is as that of the packaged one."""
    usual = scores[DEFAULT_SCORE_TYPE]
    return {
        name: ScoreTypeSettings(
            {**usual, "label": label_of_score_type(name), **values, "name": name}
        )
        for name, values in scores.items()
    }


def _from_folder_of(found: Found, path: str) -> str:
    """Return a path of the settings, ``~`` filled in, relative to the settings file's folder."""
    if "://" in path:
        return path
    path = os.path.expanduser(path)  # noqa: PTH111 - Path.expanduser raises where this does not
    return str(resolved(found.path.parent, path)) if found.path is not None else path
