"""Physical lines of a text, in blocks of bounded size, whatever ends them (LF, CRLF or CR)."""

from __future__ import annotations

import io
from typing import BinaryIO

from scorecli.readers.encoding import TextForm

RECORD_CHARACTERS = 16 << 20  # a record longer than this counts as never ending
RECORD_LINES = 100_000
_MARK = "\ufeff"
_MARK_IN_CP1252 = "\u00ef\u00bb\u00bf"


class Lines:
    """Reads whole lines, with their ends, from the start of ``stream``.

    ``guarded`` says that some line may be longer than any record may be; such a line is cut
    behind that limit, and its rest is skipped, so that memory stays bounded.
    """

    def __init__(self, stream: BinaryIO, form: TextForm) -> None:
        self._text = io.TextIOWrapper(stream, form.encoding, form.errors, newline="")
        self._first = True
        self.guarded = form.longest_line > RECORD_CHARACTERS // 2

    def read(self, characters: int) -> list[str]:
        """The next lines, about ``characters`` long together; empty at the end of the file."""
        lines = self._cut(characters) if self.guarded else self._text.readlines(characters)
        if self._first and lines:
            self._first = False
            lines[0] = lines[0].removeprefix(_MARK).removeprefix(_MARK_IN_CP1252)
            if not lines[0]:
                del lines[0]
                return self.read(characters)
        return lines

    def skip(self, count: int) -> None:
        """Pass over ``count`` lines."""
        for _ in range(count):
            self._first = False
            if self.guarded:
                self._one()
            else:
                self._text.readline()

    def _cut(self, characters: int) -> list[str]:
        lines, total = [], 0
        while total < characters:
            line = self._one()
            if not line:
                break
            lines.append(line)
            total += len(line)
        return lines

    def _one(self) -> str:
        line = self._text.readline(RECORD_CHARACTERS + 2)
        if len(line) > RECORD_CHARACTERS + 1 and line[-1] not in "\r\n":
            while True:
                rest = self._text.readline(1 << 20)
                if not rest or rest[-1] in "\r\n":
                    break
        return line

    def detach(self) -> None:
        """Leave the stream open for another reading."""
        self._text.detach()
