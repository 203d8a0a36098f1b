"""Reading the packaged defaults, which every start does, without loading a TOML parser.

The packaged file is our own and plain: tables, and keys with a text, yes or no, a number or an
empty list. Anything else in it makes :func:`plain_values` give up, and the real parser reads it.
"""

from __future__ import annotations

from typing import Any

_WORDS: dict[str, Any] = {"true": True, "false": False}


def plain_values(text: str) -> dict[str, Any] | None:
    """Return the values of a plain TOML text by dotted key, or None where it is not plain."""
    values: dict[str, Any] = {}
    table = ""
    for line in text.splitlines():
        line = line.strip()
        if not line or line[0] == "#":
            continue
        if line[0] == "[" and line[-1] == "]" and line[1:-1].replace(".", "_").isidentifier():
            table = line[1:-1]
            continue
        name, equals, rest = line.partition(" = ")
        if not (equals and table and name.isidentifier()):
            return None
        value: Any
        if rest[:1] == '"':
            value, quote, comment = rest[1:].partition('"')
            if not quote or "\\" in value:
                return None
        else:
            word, mark, comment = rest.partition("#")
            word, comment = word.strip(), mark + comment
            if word == "[]":
                value = []
            elif word in _WORDS:
                value = _WORDS[word]
            elif word.isascii() and word.isdigit():
                value = int(word)
            else:
                return None
        if comment.strip() and comment.strip()[0] != "#":
            return None
        values[f"{table}.{name}"] = value
    return values
