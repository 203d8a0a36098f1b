"""Finds out how a file's bytes are written as characters, by reading all of them once.

Whether a file is UTF-8 is known only at its last byte. Looking at the bytes beforehand costs a
fraction of a second for hundreds of megabytes, and spares every later step a second start.
"""

from __future__ import annotations

import codecs
from typing import BinaryIO, NamedTuple

from scorecli.errors.input import NotInEncoding, UnknownEncoding

_CHUNK = 1 << 20
_AFTER_APOSTROPHE = "=+-@"
_KEEP_C1 = "scorecli.c1"  # cp1252 leaves five bytes undefined: they become control characters


class TextForm(NamedTuple):
    """How to decode a file, and what a reader need not look for any more."""

    encoding: str
    errors: str
    has_nul: bool  # some character is U+0000
    longest_line: int  # an upper bound, in bytes or characters, exact enough for a limit
    size: int  # bytes, decompressed
    may_guard: bool = False  # some cell may be written so that a spreadsheet leaves it alone
    notices: tuple[str, ...] = ()


class _LineLengths:
    """Follows the length of lines over chunks without splitting them."""

    def __init__(self) -> None:
        self.longest = 0
        self._open = 0

    def see(self, first: int, last: int, length: int) -> None:
        if first < 0:
            self._open += length
        else:
            self.longest = max(self.longest, self._open + first, min(length, _CHUNK))
            self._open = length - last - 1
        self.longest = max(self.longest, self._open)


def examine(stream: BinaryIO, name: str, forced: str | None = None) -> TextForm:
    """Read the whole ``stream`` from its current position and tell its encoding.

    A byte-order mark decides, else UTF-8 where all bytes are, else cp1252 with a notice.
    Raises UnknownEncoding for a forced name that does not exist, NotInEncoding where the bytes
    contradict it.
    """
    if forced is not None:
        return _as_said(stream, name, _known(forced))
    start = stream.read(_CHUNK)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _as_marked(stream, start)
    return _as_found(stream, start, name)


def _known(encoding: str) -> str:
    try:
        found = codecs.lookup(encoding.strip())
        b"ab".decode(
            found.name, "ignore"
        )  # refuses codecs that are no text encodings, such as base64
    except (LookupError, ValueError) as error:
        raise UnknownEncoding(encoding) from error
    return found.name


def _as_said(stream: BinaryIO, name: str, encoding: str) -> TextForm:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lengths, has_nul, guards, done = _LineLengths(), False, False, 0
    while True:
        chunk = stream.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeError as error:
            raise NotInEncoding(name, encoding, done + getattr(error, "start", 0)) from error
        done += len(chunk)
        has_nul = has_nul or "\0" in text
        guards = guards or _may_guard(text)
        _see_text(lengths, text)
        if not chunk:
            return TextForm(encoding, "strict", has_nul, lengths.longest, done, guards)


def _as_marked(stream: BinaryIO, start: bytes) -> TextForm:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    lengths, has_nul, guards, done, broken = _LineLengths(), False, False, 0, False
    chunk = start
    while True:
        text = decoder.decode(chunk, final=not chunk)
        done += len(chunk)
        has_nul = has_nul or "\0" in text
        guards = guards or _may_guard(text)
        broken = broken or "\ufffd" in text
        _see_text(lengths, text)
        if not chunk:
            break
        chunk = stream.read(_CHUNK)
    notices = ("Some bytes are no UTF-16; they were read as \ufffd.",) if broken else ()
    return TextForm("utf-16", "replace", has_nul, lengths.longest, done, guards, notices)


def _as_found(stream: BinaryIO, chunk: bytes, name: str) -> TextForm:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    lengths, has_nul, guards, done = _LineLengths(), False, False, 0
    is_utf8, pending, proven = True, False, False
    while chunk:
        has_nul = has_nul or b"\0" in chunk
        guards = guards or _may_guard(chunk)
        mark = b"\n" if b"\n" in chunk else b"\r"
        lengths.see(chunk.find(mark), chunk.rfind(mark), len(chunk))
        if is_utf8 and (pending or not chunk.isascii()):
            try:
                proven = not decoder.decode(chunk).isascii() or proven
                pending = bool(decoder.getstate()[0])
            except UnicodeDecodeError:
                is_utf8 = False
        done += len(chunk)
        chunk = stream.read(_CHUNK)
    if is_utf8 and not pending:
        return TextForm("utf-8", "strict", has_nul, lengths.longest, done, guards)
    if is_utf8 and proven:
        cut = f"{name} ends in the middle of a character; it may be incomplete."
        return TextForm("utf-8", "replace", has_nul, lengths.longest, done, guards, (cut,))
    codecs.register_error(_KEEP_C1, _as_control)
    notice = f"{name} is not UTF-8; it was read as cp1252 (--encoding says otherwise)."
    return TextForm("cp1252", _KEEP_C1, has_nul, lengths.longest, done, guards, (notice,))


def _may_guard(chunk: str | bytes) -> bool:
    """Tell whether some cell may be written so that a spreadsheet leaves it alone."""
    # Looking for one sign takes a twentieth of looking for two, and most files have neither.
    if isinstance(chunk, bytes):
        return (b"=" in chunk and b'="' in chunk) or (
            b"'" in chunk and any(b"'" + sign.encode() in chunk for sign in _AFTER_APOSTROPHE)
        )
    return ("=" in chunk and '="' in chunk) or (
        "'" in chunk and any("'" + sign in chunk for sign in _AFTER_APOSTROPHE)
    )


def _see_text(lengths: _LineLengths, text: str) -> None:
    mark = "\n" if "\n" in text else "\r"
    lengths.see(text.find(mark), text.rfind(mark), len(text))


def _as_control(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end
