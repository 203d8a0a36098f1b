"""Sets of call results as TOML: read with all that is wrong at once, and written back the same."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scorecli.domain.text import fold, nearest
from scorecli.errors.input import InputIsFolder, InputNotFound, InputUnreadable
from scorecli.errors.results import BadResultSet, UnknownResultSet

FOLDER = Path(__file__).parent / "result_sets"
STARTER = "statuses"
"""The set with a result for each status."""
TEXTS = ("code", "description", "status", "recall_after", "roll_to")
FLAGS = (
    "enabled",
    "final",
    "do_not_call",
    "recall",
    "no_contact",
    "contact",
    "presentation",
    "success",
    "require_amount",
)
# In the order in which they are written.
_KEYS = (
    "code",
    "description",
    "enabled",
    "status",
    "final",
    "do_not_call",
    "recall",
    "recall_after",
    "roll_to",
    "no_contact",
    "contact",
    "presentation",
    "success",
    "require_amount",
    "campaigns",
)


class SetEntry(NamedTuple):
    """One result of a set: where it stands (``results[2] "SALE"``) and its values by key."""

    place: str
    values: Mapping[str, Any]


def set_names() -> list[str]:
    """Return the names of the sets that come with scorecli."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def packaged_set(name: str) -> tuple[str, list[SetEntry]]:
    """Return a set that comes along, with the name of its file.

    Raises :class:`UnknownResultSet`.
    """
    wanted = fold(name)
    if wanted not in set_names():
        raise UnknownResultSet(name, set_names())
    file = f"{wanted}.toml"
    return file, read_set((FOLDER / file).read_text(encoding="utf-8"), file)


def read_file(path: str) -> tuple[str, list[SetEntry]]:
    """Return the set in a file, ``-`` for standard input, with the name to call it by.

    Raises :class:`BadResultSet`, and what refuses a file.
    """
    name = "standard input" if path == "-" else Path(path).name
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except FileNotFoundError:
        raise InputNotFound(path) from None
    except IsADirectoryError:
        raise InputIsFolder(path) from None
    except OSError as error:
        raise InputUnreadable(path, error.strerror or str(error)) from error
    try:
        return name, read_set(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise BadResultSet(name, ["the text is not UTF-8"]) from None


def read_set(text: str, name: str) -> list[SetEntry]:
    """Return the results of a TOML text; raises :class:`BadResultSet` with all its problems."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadResultSet(name, [f"this is not TOML: {error}"]) from None
    problems = [f"{key}: unknown; a set has [[results]]" for key in document if key != "results"]
    found = document.get("results", [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadResultSet(name, [*problems, "results: it is a list of tables, [[results]]"])
    entries = []
    seen: dict[str, str] = {}
    for number, values in enumerate(found, start=1):
        code = values.get("code")
        named = isinstance(code, str) and code.strip()
        place = f'results[{number}] "{code}"' if named else f"results[{number}]"
        problems += _faults(place, values)
        if named:
            first = seen.setdefault(fold(str(code)), place)
            if first != place:
                problems.append(f"{place}.code: it is the code of {first} too")
        entries.append(SetEntry(place, values))
    if problems:
        raise BadResultSet(name, problems)
    return entries


def write_set(results: Iterable[Mapping[str, Any]]) -> str:
    """Return a set as TOML; what a result leaves at its default is left out."""
    import tomli_w

    document = [
        {key: result[key] for key in _KEYS if _is_said(key, result.get(key))} for result in results
    ]
    return tomli_w.dumps({"results": document}) if document else "results = []\n"


def _is_said(key: str, value: Any) -> bool:
    return value is False if key == "enabled" else bool(value)


def _faults(place: str, values: Mapping[str, Any]) -> Sequence[str]:
    faults = []
    if "code" not in values:
        faults.append(f"{place}.code: it is missing")
    for key, value in values.items():
        if key in TEXTS:
            fits, wanted = isinstance(value, str), "a text in quotes"
        elif key in FLAGS:
            fits, wanted = isinstance(value, bool), "true or false"
        elif key == "campaigns":
            fits = isinstance(value, list) and all(isinstance(name, str) for name in value)
            wanted = "a list of names"
        else:
            near = nearest(key, _KEYS, 1)
            offer = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(_KEYS)}"
            faults.append(f"{place}.{key}: unknown{offer}")
            continue
        if not fits:
            faults.append(f"{place}.{key}: {value!r} is not {wanted}")
    return faults
