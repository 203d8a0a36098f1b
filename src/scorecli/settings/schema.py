"""Checking a parsed settings file against the declaration of its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from scorecli.settings.keys import (
    KEYS,
    TABLES,
    Key,
    key_at,
    leads_to_table,
    name_fault,
    nearest_keys,
    table_at,
)
from scorecli.settings.kinds import KINDS, nearest_words
from scorecli.settings.sections import DEFAULT_SCORE_TYPE, label_of_score_type


class Fault(NamedTuple):
    """One value that cannot be used; ``path`` leads to it, list positions counted from 0."""

    path: tuple[str | int, ...]
    found: str
    allowed: str
    nearest: tuple[str, ...] = ()
    unknown: bool = False


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
        key = key_at(path) if len(path) > 1 else None
        if key is None:
            faults.append(_unknown(path, value))
            continue
        found = faults_of(key, path, value, trusted=trusted)
        faults.extend(found)
        if not found:
            values[".".join(path)] = value
    return values, faults + _same_names(values)


def faults_of(key: Key, path: tuple[str, ...], value: object, *, trusted: bool) -> list[Fault]:
    """Return what is wrong with one value of a known key."""
    kind = KINDS[key.kind]
    faults: list[Fault] = []
    named = name_fault(key, path)
    if named is not None:
        faults.append(Fault(path, shown(value), named))
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


def _same_names(values: Mapping[str, Any]) -> list[Fault]:
    """Return the names of activity types that differ from an earlier one in case alone."""
    names = [key for key in values if key.startswith("activities.points.")]
    if len(names) < 2:
        return []
    from scorecli.domain.text import fold  # only files that name several types need it

    first: dict[str, str] = {}
    faults = []
    for dotted in names:
        name = dotted.rpartition(".")[2]
        other = first.setdefault(fold(name), name)
        if other != name:
            allowed = f"given once: {other!r} is the same type"
            faults.append(Fault(tuple(dotted.split(".")), shown(values[dotted]), allowed))
    return faults


def score_type_faults(
    values: Mapping[str, Any], defaults: Callable[[], Mapping[str, Any]]
) -> list[Fault]:
    """Return what is wrong between the keys of a score type; ``defaults`` are for those left out.

    The packaged type says what another one does not say.
    """
    own: dict[str, dict[str, Any]] = {}
    for dotted, value in values.items():
        table, _, name = dotted.rpartition(".")
        if table.startswith("contact_scores."):
            own.setdefault(table.partition(".")[2], {})[name] = value
    if not own:
        return []
    usual = {name: defaults()[f"contact_scores.score.{name}"] for name in _RANGE}
    faults: list[Fault] = []
    for kind, said in own.items():
        low, high, decimals = ({**usual, **said}[name] for name in _RANGE)
        for name, limit in (("min", low), ("max", high)):
            if len(repr(float(limit)).partition(".")[2].rstrip("0")) > decimals:
                allowed = f"a number with at most {decimals} decimals, as `decimals` says"
                faults.append(_range_fault(kind, name, said, limit, allowed))
        if low >= high:
            name = "max" if "max" in said else "min"
            other, side = (low, "above") if name == "max" else (high, "below")
            allowed = f"{side} {shown(other)}, which is its {'min' if name == 'max' else 'max'}"
            faults.append(_range_fault(kind, name, said, high if name == "max" else low, allowed))
    return faults


_RANGE = ("min", "max", "decimals")


def _range_fault(
    kind: str, name: str, said: Mapping[str, Any], limit: object, allowed: str
) -> Fault:
    # A limit that the file leaves out is at odds with what it does say.
    at = name if name in said else next(key for key in ("decimals", "min", "max") if key in said)
    if at != name:
        allowed = f"such that {name}, which is {shown(limit)}, is {allowed}"
        return Fault(("contact_scores", kind, at), shown(said[at]), allowed)
    return Fault(("contact_scores", kind, name), shown(limit), allowed)


def _leaves(
    table: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value with its path; a table that is not known is one value."""
    for name, value in table.items():
        here = (*path, name)
        if isinstance(value, dict) and leads_to_table(here):
            yield from _leaves(value, here)
            if not value and table_at(here) == "contact_scores.*" and name != DEFAULT_SCORE_TYPE:
                yield (*here, "label"), label_of_score_type(name)  # all else is as usual
        else:
            yield here, value


def _unknown(path: tuple[str, ...], value: object) -> Fault:
    dotted = ".".join(path)
    declared = table_at(path)
    if declared is None and leads_to_table(path):  # a value in place of tables that people name
        declared = f"{dotted}.*"
    if declared is not None:  # `score = 5` where a table belongs
        names = ", ".join(key.name for key in KEYS if key.table == declared)
        table = dotted if declared.count(".") == dotted.count(".") else f"{dotted}.NAME"
        return Fault(path, shown(value), f"a table [{table}] with {names}")
    parent = table_at(path[:-1])
    if parent is not None:
        allowed = ", ".join(key.name for key in KEYS if key.table == parent)
        return Fault(path, shown(value), allowed, nearest_keys(dotted), unknown=True)
    tables = ", ".join(f"[{table.replace('*', 'NAME')}]" for table in TABLES)
    if isinstance(value, dict):
        near = tuple(f"[{table}]" for table in nearest_words(dotted, TABLES))
        return Fault(path, shown(value), tables, near, unknown=True)
    return Fault(path, shown(value), tables, nearest_keys(dotted), unknown=True)
