"""Chooses the format and writes a Result in it, to a stream or to a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

from scorecli import errors
from scorecli.render.style import Style
from scorecli.result import Result

if TYPE_CHECKING:
    from pathlib import Path  # costs more than a whole renderer, and only files need it

Renderer = Callable[[Result, TextIO, Style], None]

_ENDINGS: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".md": "markdown",
    ".txt": "table",
}
_ALWAYS_UTF_8: Final = ("json", "ndjson", "csv", "tsv", "markdown")


def format_of(name: str | None, path: Path | None = None) -> str:
    """Return the format to use: the one named, else by the file's ending, else ``table``.

    Raises ``UnknownFormat`` or ``UnknownOutputEnding``, which name the choices.
    """
    if name is not None:
        if name.lower() not in FORMATS:
            raise errors.output.UnknownFormat(name, FORMATS)
        return name.lower()
    if path is None or str(path) == "-":
        return "table"
    found = _ENDINGS.get(path.suffix.lower())
    if found is None:
        raise errors.output.UnknownOutputEnding(str(path), tuple(_ENDINGS))
    return found


def write(result: Result, output_format: str | None, stream: TextIO, *, style: Style) -> int:
    """Write ``result`` to ``stream`` and return how many rows it had.

    ``table`` becomes plain text where no terminal shows it. An empty table is not drawn on a
    terminal: the caller says on stderr what there is none of. No text can make this fail: what
    the stream's encoding lacks is escaped. Programs get UTF-8 whatever the locale is. Raises
    ``UnknownFormat``.
    """
    chosen = format_of(output_format)
    style = _prepared(stream, style, utf_8=chosen in _ALWAYS_UTF_8 and not style.is_terminal)
    return _render(result, chosen, stream, style)


def write_file(result: Result, output_format: str | None, path: Path, *, style: Style) -> int:
    """Write ``result`` to the file ``path`` and return how many rows it had.

    The file appears whole or not at all and is readable by its owner only. Without a format its
    ending decides. Raises ``UnknownFormat``, ``UnknownOutputEnding``, ``OutputNotWritable`` or
    ``OutputDiskFull``.
    """
    from scorecli.render.files import output_file  # a terminal or a pipe needs none of it

    chosen = format_of(output_format, path)
    style = style._replace(is_terminal=False, color=False, encoding="utf-8")
    with output_file(path) as stream:
        return _render(result, chosen, stream, style)


def _render(result: Result, chosen: str, stream: TextIO, style: Style) -> int:
    count = 0

    def counted() -> Iterator[Sequence[Any]]:
        nonlocal count
        for row in result.rows:
            count += 1
            yield row

    _RENDERERS[chosen](result.with_rows(counted()), stream, style)
    return count


def _prepared(stream: TextIO, style: Style, *, utf_8: bool) -> Style:
    """Make ``stream`` take any text; a stand-in that cannot be told, takes it already."""
    reconfigure = getattr(stream, "reconfigure", None)
    if utf_8:
        style = style._replace(encoding="utf-8")
    if reconfigure is not None:
        if utf_8:
            reconfigure(encoding="utf-8", errors="backslashreplace")
        else:
            reconfigure(errors="backslashreplace")
    return style


# Each renderer is imported when its format is asked for: Rich alone takes longer than a command.


def _table(result: Result, stream: TextIO, style: Style) -> None:
    if style.is_terminal:
        from scorecli.render.table import write_table

        write_table(result, stream, style)
    else:
        from scorecli.render.plain import write_plain

        write_plain(result, stream, style)


def _json(result: Result, stream: TextIO, style: Style) -> None:
    from scorecli.render.jsonlines import write_json

    write_json(result, stream, style)


def _ndjson(result: Result, stream: TextIO, style: Style) -> None:
    from scorecli.render.jsonlines import write_ndjson

    write_ndjson(result, stream, style)


def _csv(result: Result, stream: TextIO, style: Style) -> None:
    from scorecli.render.delimited import write_csv

    write_csv(result, stream, style)


def _tsv(result: Result, stream: TextIO, style: Style) -> None:
    from scorecli.render.delimited import write_tsv

    write_tsv(result, stream, style)


def _markdown(result: Result, stream: TextIO, style: Style) -> None:
    from scorecli.render.markdown import write_markdown

    write_markdown(result, stream, style)


_RENDERERS: Final[dict[str, Renderer]] = {
    "table": _table,
    "json": _json,
    "ndjson": _ndjson,
    "csv": _csv,
    "tsv": _tsv,
    "markdown": _markdown,
}
FORMATS: Final = tuple(_RENDERERS)
