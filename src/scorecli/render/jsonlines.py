"""JSON and NDJSON: stable names, money as decimal text, rates as fractions, missing as null.

A list is an array with one row a line, ``[]`` when it is empty; a single record is one object; a
report with a head is one object with ``rows`` and ``total``. NDJSON is one object a line: the rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from scorecli.render.cells import machine
from scorecli.render.sanitise import encodable, inside_json
from scorecli.render.style import Style
from scorecli.result import Result


def write_json(result: Result, stream: TextIO, style: Style) -> None:
    """Write ``result`` as one JSON document, its rows as they arrive."""
    head = result.head
    if head is not None:
        _write_report(result, head, stream, style)
    elif result.single:
        row = next(iter(result.rows), None)
        record = {} if row is None else _object(_names(result), row)
        stream.write(_safe(json.dumps(record, ensure_ascii=False, indent=2), style) + "\n")
    else:
        _write_array(result, stream, style, "")
        stream.write("\n")


def write_ndjson(result: Result, stream: TextIO, style: Style) -> None:
    """Write each row of ``result`` as one JSON object on a line of its own."""
    names = _names(result)
    for row in result.rows:
        stream.write(_safe(json_text(_object(names, row)), style) + "\n")


def json_text(value: Any) -> str:
    """Return a value of :func:`~scorecli.render.cells.machine` as JSON on one line."""
    return _ENCODER.encode(value)


# Made once: json.dumps with these options would make one for every row.
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False)


def _write_report(result: Result, head: Mapping[str, Any], stream: TextIO, style: Style) -> None:
    stream.write("{\n")
    for key, value in head.items():
        stream.write(_safe(f"  {json_text(str(key))}: {json_text(machine(value))},\n", style))
    stream.write('  "rows": ')
    _write_array(result, stream, style, "  ")
    total = None if result.total is None else _object(_names(result), result.total)
    stream.write(_safe(f',\n  "total": {json_text(total)}\n}}\n', style))


def _write_array(result: Result, stream: TextIO, style: Style, indent: str) -> None:
    names = _names(result)
    before = f"[\n{indent}  "
    for row in result.rows:
        stream.write(before + _safe(json_text(_object(names, row)), style))
        before = f",\n{indent}  "
    stream.write("[]" if before.startswith("[") else f"\n{indent}]")


def _names(result: Result) -> Sequence[str]:
    return [column.name for column in result.columns]


def _object(names: Iterable[str], row: Sequence[Any]) -> dict[str, Any]:
    return {name: machine(value) for name, value in zip(names, row, strict=True)}


def _safe(text: str, style: Style) -> str:
    """Return JSON that any stream can take; a lone surrogate becomes the JSON escape of itself."""
    if style.is_terminal:
        return inside_json(text, ascii_only=style.ascii)
    return encodable(text)
