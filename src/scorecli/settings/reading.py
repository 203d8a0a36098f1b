"""Reading a settings file of one's own: its values, and everything that is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from scorecli.errors.settings import SettingsProblem
from scorecli.settings.locations import FILE_NAME, Found
from scorecli.settings.schema import check, score_type_faults
from scorecli.settings.sections import DEFAULT_SCORE_TYPE


def checked(
    text: str,
    found: Found,
    defaults: Callable[[], Mapping[str, Any]],
    *,
    filters: bool = False,
) -> tuple[dict[str, Any], list[SettingsProblem]]:
    """Return the values of a TOML text by dotted key, and everything wrong with it, by line.

    ``defaults`` returns the packaged values. With ``filters`` saved filters are read too: a broken
    one is to fail no command but the one that uses it.
    """
    file = str(found.path) if found.path is not None else FILE_NAME
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [_syntax_problem(file, text, str(error))]
    except RecursionError:
        return {}, [
            SettingsProblem(file, None, "", "the lists in it are nested too deeply", "TOML")
        ]
    rules = document.pop("rules", None)
    values, faults = check(document, trusted=found.trusted)
    faults += score_type_faults(values, defaults)
    saved = {key.partition(".")[2]: text for key, text in values.items() if key[:8] == "filters."}
    currency = values.get("converted_amount.currency", "USD")
    score_types = _score_type_labels(values)
    # The grammar of filters costs time at start.
    if filters and saved:
        from scorecli.settings.saved_filters import context_to_check, saved_filter_faults

        faults += saved_filter_faults(saved, context_to_check(saved, currency, score_types))
    if rules is not None:
        from scorecli.settings.rules import read_rules

        values["rules"], wrong = read_rules(rules, saved, currency, score_types)
        faults += wrong
    if not faults:
        return values, []
    from scorecli.settings.positions import line_of  # only broken files need lines

    problems = [
        SettingsProblem(
            file,
            line_of(text, fault.path),
            _key_text(fault.path),
            fault.found,
            fault.allowed,
            fault.nearest,
            fault.unknown,
        )
        for fault in faults
    ]
    return values, sorted(problems, key=lambda problem: problem.line or 0)


def _score_type_labels(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the labels of the score types, by name; those that have none are called by name."""
    labels = {DEFAULT_SCORE_TYPE: DEFAULT_SCORE_TYPE}
    for key, value in values.items():
        table, _, last = key.rpartition(".")
        if table.startswith("contact_scores."):
            name = table.partition(".")[2]
            labels[name] = (
                str(value) if last == "label" else labels.get(name, name.replace("_", " "))
            )
    return labels


def _key_text(path: tuple[str | int, ...]) -> str:
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"  # people count from 1
        else:
            text += f".{part}" if text else part
    return text


def _syntax_problem(file: str, text: str, message: str) -> SettingsProblem:
    """Return a problem for what tomllib says: ``Invalid value (at line 3, column 5)``."""
    what, _, place = message.rpartition(" (at ")
    if place.startswith("line "):
        line = int(place.removeprefix("line ").partition(",")[0])
    else:  # at end of document
        line = len(text.splitlines()) or 1
    return SettingsProblem(file, line, "", f"this is not TOML: {what or message}", "TOML")
