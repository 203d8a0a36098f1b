"""Profiles: what is to be known about a phone system's export, as a TOML file.

A profile says which columns make which fields, how times, numbers and words are written, and by
which columns such a file is recognised. The keys are described in :class:`Profile`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scorecli.domain import call_words
from scorecli.domain.day_texts import split_format
from scorecli.domain.text import nearest
from scorecli.domain.zones import resolve_zone
from scorecli.errors.importing import BrokenProfile, UnknownProfile
from scorecli.errors.values import BadDateFormat, UnknownZone
from scorecli.readers.call_columns import FIELDS

FOLDER = Path(__file__).parent / "profiles"
_UNITS = ("seconds", "minutes", "hours", "milliseconds", "clock", "day_fraction")
_TIMED = ("duration", "talk_time", "wait_time")
_TIMES = ("started_at", "converted_on")
_NOTHING: Mapping[str, Any] = {}
# The fields that may depend on who called whom.
_SIDED = (
    "account",
    "agent",
    "agent_email",
    "agent_extension",
    "contact_name",
    "contact_number",
    "termination",
    "tracking_number",
)
_DIRECTIONS = ("inbound", "outbound", "internal", "unknown")
_SPLIT = ("call_tags", "reporting_tags")
OTHERWISE = "*"
"""The word in ``values`` that stands for all words that are not listed."""

Choices = tuple[tuple[str, ...], ...]
"""The columns of a field: several ways to get it, each one column or several to be joined."""


class Profile(NamedTuple):
    """How one kind of file is read.

    ``columns``: field -> its columns, the first choice that the file has; several that are joined
    are joined with ``join`` (a blank), those of a time span are added; no choice leaves the field
    out. ``by_direction``: direction or ``unknown`` -> the same for calls of that direction, where
    ``columns`` gives a field nothing. ``constants``: field -> value for every call. ``keep``:
    columns that stay in ``extra`` although a field takes them. ``match``: sets of columns; one set
    must be there for the file to be recognised. ``header``: the column names of files that come
    without one, and ``shape``: column -> pattern of its cells by which such a file is recognised.
    ``date_format``: ``DMY``, ``MDY``, ``YMD`` or a strptime format; ``time_zone``: that of the
    file; ``time_unit``: ``day_fraction`` where the second of two joined columns is a part of a day.
    ``units``: field -> unit of a time span. ``decimal``: ``.`` or ``,``.
    ``true``, ``false``: words for yes and no; ``missing``: words that mean nothing is known, for
    every field under ``all`` or for one. ``values``: field -> translations; ``patterns``: field ->
    regular expressions with what the words mean in which they are found, where no translation is.
    ``extract``: field -> a regular expression whose first group is the value.
    ``split``: field of tags -> what separates them besides ``;`` and ``|``.
    ``key``: columns that identify a call. ``defined_results_only``: result codes that nobody
    defined are left out instead of rejecting their rows.
    """

    name: str
    description: str = ""
    provenance: str = ""
    match: Choices = ()
    header: tuple[str, ...] = ()
    shape: Mapping[str, str] = _NOTHING
    columns: Mapping[str, Choices] = _NOTHING
    by_direction: Mapping[str, Mapping[str, Choices]] = _NOTHING
    keep: tuple[str, ...] = ()
    constants: Mapping[str, str] = _NOTHING
    join: str = " "
    date_format: str | None = None
    time_zone: str | None = None
    time_unit: str | None = None
    units: Mapping[str, str] = _NOTHING
    decimal: str | None = None
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    missing: Mapping[str, tuple[str, ...]] = _NOTHING
    values: Mapping[str, Mapping[str, str]] = _NOTHING
    patterns: Mapping[str, Mapping[str, str]] = _NOTHING
    extract: Mapping[str, str] = _NOTHING
    split: Mapping[str, str] = _NOTHING
    key: tuple[str, ...] = ()
    defined_results_only: bool = False

    def with_missing(self, words: Mapping[str, tuple[str, ...]]) -> Profile:
        """Return this profile with more words that mean nothing, by field or under ``all``."""
        both = {
            field: (*self.missing.get(field, ()), *words.get(field, ()))
            for field in (*self.missing, *words)
        }
        return self._replace(missing=both)


def names() -> list[str]:
    """Return the names of the profiles that come with scorecli."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name_or_path: str) -> Profile:
    """Return a packaged profile by name, or one's own by the path of its file.

    Raises :class:`UnknownProfile` or :class:`BrokenProfile`, which lists every problem.
    """
    packaged = FOLDER / f"{name_or_path}.toml"
    if "/" not in name_or_path and "\\" not in name_or_path and packaged.is_file():
        return _packaged(name_or_path)
    path = Path(name_or_path)
    if path.is_file():
        return _read(path, path.stem)
    raise UnknownProfile(name_or_path, nearest(name_or_path, names()))


def source_text(name: str) -> str:
    """Return the text of a packaged profile, as a starting point for one's own."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        raise UnknownProfile(name, nearest(name, names()))
    return path.read_text(encoding="utf-8")


class Sign(NamedTuple):
    """What a file is recognised by: sets of column names, or the shape of its first row."""

    match: tuple[tuple[str, ...], ...]
    has_shape: bool


@cache
def sign_of(name: str) -> Sign:
    """Return what the files of a packaged profile are recognised by.

    Every file is held against all of them, so only the keys before the first table are read.
    """
    text = source_text(name)
    keys = tomllib.loads(text.partition("\n[")[0])
    return Sign(tuple(map(tuple, keys.get("match", ()))), "\n[shape]" in text)


@cache
def _packaged(name: str) -> Profile:
    return _read(FOLDER / f"{name}.toml", name)


def _read(path: Path, name: str) -> Profile:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BrokenProfile(str(path), [str(error)]) from None
    checker = _Checker()
    profile = checker.profile(document, name)
    if checker.problems:
        raise BrokenProfile(str(path), checker.problems)
    return profile


class _Checker:
    """Turns a TOML document into a profile, collecting every problem on the way."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def profile(self, document: dict[str, Any], name: str) -> Profile:
        rest = dict(document)
        time = self._table(rest.pop("time", {}), "time", ("format", "zone", "join", "unit"))
        words = self._table(rest.pop("words", {}), "words", ("true", "false", "decimal"))
        profile = Profile(
            name=self._text(rest.pop("name", name), "name") or name,
            description=self._text(rest.pop("description", ""), "description") or "",
            provenance=self._text(rest.pop("provenance", ""), "provenance") or "",
            match=self._match(rest.pop("match", ())),
            header=self._texts(rest.pop("header", ()), "header"),
            shape={
                column: self._pattern(pattern, f"shape.{column}", groups=0)
                for column, pattern in self._any_table(rest.pop("shape", {}), "shape").items()
            },
            keep=self._texts(rest.pop("keep", ()), "keep"),
            key=self._texts(rest.pop("key", ()), "key"),
            columns={
                field: self._choices(value, f"columns.{field}")
                for field, value in self._by_field(rest.pop("columns", {}), "columns")
            },
            by_direction=self._by_direction(rest.pop("by_direction", {})),
            split={
                field: self._text(value, f"split.{field}") or ""
                for field, value in self._table(rest.pop("split", {}), "split", _SPLIT).items()
            },
            constants={
                field: self._text(value, f"set.{field}") or ""
                for field, value in self._by_field(rest.pop("set", {}), "set")
            },
            join=self._text(time.get("join", " "), "time.join") or "",
            date_format=self._text(time.get("format"), "time.format"),
            time_zone=self._text(time.get("zone"), "time.zone"),
            time_unit=self._choice(time.get("unit"), "time.unit", ("day_fraction",)),
            units=self._units(rest.pop("units", {})),
            decimal=self._choice(words.get("decimal"), "words.decimal", (".", ",")),
            true=self._texts(words.get("true", ()), "words.true"),
            false=self._texts(words.get("false", ()), "words.false"),
            missing=self._missing(rest.pop("missing", {})),
            values={
                field: self._translations(value, f"values.{field}")
                for field, value in self._by_field(rest.pop("values", {}), "values")
            },
            patterns={
                field: self._patterns(value, f"patterns.{field}")
                for field, value in self._by_field(rest.pop("patterns", {}), "patterns")
            },
            defined_results_only=self._flag(
                rest.pop("defined_results_only", False), "defined_results_only"
            ),
            extract={
                field: self._pattern(value, f"extract.{field}")
                for field, value in self._by_field(rest.pop("extract", {}), "extract")
            },
        )
        self._check_meaning(profile)
        for key in rest:
            known = [*Profile._fields, "set", "time", "words"]
            self._complain(key, "is no key of a profile", nearest(key, known))
        return profile

    def _check_meaning(self, profile: Profile) -> None:
        if profile.time_unit == "day_fraction":
            joined = {len(names) for field in _TIMES for names in profile.columns.get(field, ())}
            if 2 not in joined or max(joined) > 2:
                self._complain(
                    "time.unit", "needs two columns of a time: a day and a part of a day"
                )
        if "external_id" in profile.constants:
            self._complain("set.external_id", "would make all rows one call")
        for column in profile.shape:
            if column not in profile.header:
                self._complain(f"shape.{column}", "is no column of `header`")
        try:
            if profile.date_format is not None:
                split_format(profile.date_format)
        except BadDateFormat as error:
            self._complain("time.format", f"cannot be used: {error.message}")
        try:
            if profile.time_zone is not None:
                resolve_zone(profile.time_zone)
        except UnknownZone as error:
            self._complain("time.zone", f"cannot be used: {error.message}")
        for field, known in (("direction", call_words.direction), ("status", call_words.status)):
            for table in ("values", "patterns"):
                for word, meaning in getattr(profile, table).get(field, {}).items():
                    if not meaning.strip() or known(meaning) is not None:
                        continue
                    words = call_words.DIRECTIONS if field == "direction" else call_words.STATUSES
                    near = nearest(meaning, dict.fromkeys(words.values()))
                    self._complain(f"{table}.{field}.{word}", f"is no {field}: {meaning}", near)

    def _complain(self, key: str, problem: str, near: Sequence[str] = ()) -> None:
        offer = f" (nearest: {', '.join(near)})" if near else ""
        self.problems.append(f"{key} {problem}{offer}")

    def _table(self, value: Any, key: str, known: Sequence[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._complain(key, "must be a table")
            return {}
        for name in value:
            if name not in known:
                self._complain(f"{key}.{name}", "is no key of a profile", nearest(name, known))
        return value

    def _by_field(self, value: Any, key: str) -> list[tuple[str, Any]]:
        return list(self._table(value, key, FIELDS).items())

    def _text(self, value: Any, key: str) -> str | None:
        if value is not None and not isinstance(value, str):
            self._complain(key, "must be a text")
            return None
        return None if value is None else str(value)

    def _texts(self, value: Any, key: str) -> tuple[str, ...]:
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, (list, tuple)) or not all(isinstance(v, str) for v in listed):
            self._complain(key, "must be a text or a list of texts")
            return ()
        return tuple(listed)

    def _choices(self, value: Any, key: str) -> Choices:
        if not isinstance(value, dict):
            names = self._texts(value, key)
            return (names,) if names else ()
        listed = self._table(value, key, ("first_of",)).get("first_of")
        if not isinstance(listed, list):
            self._complain(key, "must be a column, a list of columns or {first_of = [...]}")
            return ()
        return tuple(names for each in listed if (names := self._texts(each, f"{key}.first_of")))

    def _match(self, value: Any) -> Choices:
        if isinstance(value, list) and value and all(isinstance(each, list) for each in value):
            return tuple(names for each in value if (names := self._texts(each, "match")))
        names = self._texts(value, "match")
        return (names,) if names else ()

    def _by_direction(self, value: Any) -> dict[str, dict[str, Choices]]:
        sides = {}
        for direction, fields in self._table(value, "by_direction", _DIRECTIONS).items():
            key = f"by_direction.{direction}"
            sides[direction] = {
                field: self._choices(columns, f"{key}.{field}")
                for field, columns in self._table(fields, key, _SIDED).items()
            }
        return sides

    def _any_table(self, value: Any, key: str) -> dict[str, Any]:
        return self._table(value, key, tuple(value) if isinstance(value, dict) else ())

    def _choice(self, value: Any, key: str, choices: Sequence[str]) -> str | None:
        if value is not None and value not in choices:
            self._complain(key, f"must be one of {', '.join(choices)}, not {value!r}")
            return None
        return None if value is None else str(value)

    def _units(self, value: Any) -> dict[str, str]:
        units = {}
        for field, unit in self._table(value, "units", _TIMED).items():
            chosen = self._choice(unit, f"units.{field}", _UNITS)
            if chosen:
                units[field] = chosen
        return units

    def _missing(self, value: Any) -> dict[str, tuple[str, ...]]:
        if isinstance(value, (list, str)):
            return {"all": self._texts(value, "missing")}
        table = self._table(value, "missing", ("all", *FIELDS))
        return {field: self._texts(words, f"missing.{field}") for field, words in table.items()}

    def _translations(self, value: Any, key: str) -> dict[str, str]:
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            self._complain(key, "must be a table of texts")
            return {}
        return {word.strip().casefold(): meaning for word, meaning in value.items()}

    def _flag(self, value: Any, key: str) -> bool:
        if not isinstance(value, bool):
            self._complain(key, "must be true or false")
        return value is True

    def _patterns(self, value: Any, key: str) -> dict[str, str]:
        meanings = self._any_table(value, key)
        return {
            self._pattern(pattern, f"{key}.{pattern}", groups=0): self._text(meaning, key) or ""
            for pattern, meaning in meanings.items()
        }

    def _pattern(self, value: Any, key: str, groups: int = 1) -> str:
        import re

        text = self._text(value, key) or ""
        try:
            found = re.compile(text).groups
        except re.error as error:
            self._complain(key, f"is no regular expression: {error}")
            return ""
        if found < groups:
            self._complain(key, "needs a group in parentheses that holds the value")
        return text
