"""Where each key of a TOML text stands: for the line numbers of problems, and to edit in place.

The text must be valid TOML. Reading it again takes longer than ``tomllib`` does, so only broken
files and edits come here.
"""

from __future__ import annotations

from typing import NamedTuple

Path = tuple[str | int, ...]


class Entry(NamedTuple):
    """A key with its value. ``header`` is the path of the table header it stands under.

    Positions count characters: ``start`` is where the key begins, ``value`` where its value
    begins, ``end`` just after the value. ``inline`` entries stand within a value.
    """

    path: Path
    header: Path
    start: int
    value: int
    end: int
    inline: bool


class Positions(NamedTuple):
    """All entries in the order of the text, and where the line of each table header ends."""

    entries: list[Entry]
    headers: dict[Path, int]


def positions(text: str) -> Positions:
    """Return where the keys and table headers of a valid TOML text stand."""
    return _Scan(text).run()


def line_of(text: str, path: Path) -> int | None:
    """Return the line, counted from 1, of a key, of a list's part, or else of its table."""
    found = positions(text)
    places = dict(reversed(found.headers.items()))
    for entry in reversed(found.entries):
        # A dotted key stands for the tables that it names, too.
        for length in range(len(entry.header) + 1, len(entry.path)):
            places[entry.path[:length]] = entry.start
        places[entry.path] = entry.start
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return text.count("\n", 0, places[path[:length]]) + 1
    # A table that is known only by those below it: `[rules.first]` for `rules`.
    below = [at for key, at in places.items() if key[: len(path)] == path]
    return text.count("\n", 0, min(below)) + 1 if below else None


class _Scan:
    """One reading of a text, from the first character to the last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.entries: list[Entry] = []
        self.headers: dict[Path, int] = {}
        self.header: Path = ()
        self.lists: dict[Path, int] = {}

    def run(self) -> Positions:
        while True:
            self.skip(" \t\r\n", comments=True)
            if self.at >= len(self.text):
                return Positions(self.entries, self.headers)
            if self.text[self.at] == "[":
                self.table_header()
            else:
                self.entry(self.header, self.header, inline=False)

    def skip(self, characters: str, *, comments: bool = False) -> None:
        text = self.text
        while self.at < len(text):
            if text[self.at] in characters:
                self.at += 1
            elif comments and text[self.at] == "#":
                self.at = self.line_end()
            else:
                return

    def line_end(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def table_header(self) -> None:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        path = self.key()
        where: Path = ()
        for part in path[:-1]:
            where = (*where, part)
            if where in self.lists:  # below the latest table of a list of tables
                where = (*where, self.lists[where])
        where = (*where, path[-1])
        if many:
            self.lists[where] = self.lists.get(where, -1) + 1
            where = (*where, self.lists[where])
        self.header = where
        self.headers.setdefault(where, self.at)
        self.at = self.line_end()

    def key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self.skip(" \t")
            start = self.at
            if self.text[self.at] in "\"'":
                self.string()
                parts.append(_unquoted(self.text[start : self.at]))
            else:
                while self.at < len(self.text) and self.text[self.at] not in " \t.=]":
                    self.at += 1
                parts.append(self.text[start : self.at])
            self.skip(" \t")
            if self.at >= len(self.text) or self.text[self.at] != ".":
                return tuple(parts)
            self.at += 1

    def entry(self, base: Path, header: Path, *, inline: bool) -> None:
        start = self.at
        path = (*base, *self.key())
        self.skip(" \t=")
        value = self.at
        place = len(self.entries)
        self.value(path, header)
        entry = Entry(path, header, start, value, self.at, inline)
        self.entries.insert(place, entry)

    def value(self, path: Path, header: Path) -> None:
        opening = self.text[self.at]
        if opening in "\"'":
            self.string()
        elif opening == "[":
            self.many("]", path, header)
        elif opening == "{":
            self.many("}", path, header)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\r\n":
                self.at += 1
            while self.text[self.at - 1] in " \t":
                self.at -= 1

    def many(self, closing: str, path: Path, header: Path) -> None:
        self.at += 1
        count = 0
        while True:
            self.skip(" \t\r\n,", comments=True)
            if self.text[self.at] == closing:
                self.at += 1
                return
            if closing == "}":
                self.entry(path, header, inline=True)
                continue
            start, place = self.at, len(self.entries)
            self.value((*path, count), header)
            part = Entry((*path, count), header, start, start, self.at, True)
            self.entries.insert(place, part)
            count += 1

    def string(self) -> None:
        text, quote = self.text, self.text[self.at]
        fence = quote * 3 if text.startswith(quote * 3, self.at) else quote
        self.at += len(fence)
        while not text.startswith(fence, self.at):
            self.at += 2 if text[self.at] == "\\" and quote == '"' else 1
        self.at += len(fence)
        if len(fence) == 3:  # up to two quotes may stand right before the closing fence
            while text.startswith(quote, self.at):
                self.at += 1


def _unquoted(key: str) -> str:
    if key.startswith("'") or "\\" not in key:
        return key[1:-1]
    import tomllib

    return str(tomllib.loads(f"key = {key}")["key"])
