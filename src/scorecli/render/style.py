"""How output should look: whether a person or a program reads it, colour, glyphs and width."""

# Annotations are real, not texts: a NamedTuple would compile each text anew at every start.

import os
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TextIO

ColorChoice = Literal["auto", "always", "never"]

_DEFAULT_WIDTH: Final = 80
_UNICODE_ENCODINGS: Final = ("utf", "u8", "cp65001", "gb18030")


class Style(NamedTuple):
    """Everything a renderer may ask about the place it writes to.

    ``width`` counts terminal cells; ``stars`` holds the glyphs of a given and of a missing star;
    ``ascii`` allows only ASCII for what scorecli itself draws; ``encoding`` is the stream's.
    """

    is_terminal: bool = False
    width: int = _DEFAULT_WIDTH
    color: bool = False
    ascii: bool = False
    stars: str = "★☆"
    excel_safe: bool = False
    encoding: str = "utf-8"


def style_of(
    stream: TextIO,
    *,
    color: ColorChoice = "auto",
    ascii_only: bool = False,
    stars: str = "★☆",
    excel_safe: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Style:
    """Return the style that suits ``stream``, from its nature, the options and the environment."""
    environ = os.environ if environ is None else environ
    is_terminal = _is_terminal(stream)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return Style(
        is_terminal=is_terminal,
        width=terminal_width(stream, environ),
        color=wants_color(color, is_terminal=is_terminal, environ=environ),
        ascii=wants_ascii(encoding, ascii_only=ascii_only, environ=environ),
        stars=stars,
        excel_safe=excel_safe,
        encoding=encoding,
    )


def wants_color(choice: ColorChoice, *, is_terminal: bool, environ: Mapping[str, str]) -> bool:
    """Decide on colour: the option, then NO_COLOR, then FORCE_COLOR, then what is written to."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR")
    if forced:
        return forced.lower() not in ("0", "false")
    return is_terminal and environ.get("TERM") != "dumb"


def wants_ascii(encoding: str, *, ascii_only: bool, environ: Mapping[str, str]) -> bool:
    """Decide whether stars and lines must be drawn without Unicode."""
    if ascii_only or environ.get("LC_ALL") in ("C", "POSIX"):
        return True
    return not encoding.lower().startswith(_UNICODE_ENCODINGS)


def terminal_width(stream: TextIO, environ: Mapping[str, str]) -> int:
    """Return the width to draw in: COLUMNS, else the terminal's own, else 80."""
    columns = environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _DEFAULT_WIDTH
    except (AttributeError, OSError, ValueError):  # no file behind it, or no terminal
        return _DEFAULT_WIDTH


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # a stand-in without it, or a closed stream
        return False
