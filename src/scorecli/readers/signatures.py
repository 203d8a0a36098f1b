"""Recognises by their first bytes the files that are no text, and says what they are."""

from __future__ import annotations

from typing import BinaryIO

from scorecli.errors.input import NotATable

HEAD_BYTES = 8192
GZIP = b"\x1f\x8b"

_SAVE_AS = "save it as .xlsx or .csv first"
_UNPACK = "unpack it first"
_EXPORT = "export the calls as CSV or JSON instead"

_KNOWN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file (.xls)", _SAVE_AS),
    (b"%PDF", "a PDF document", _EXPORT),
    (b"\x89PNG\r\n", "a PNG picture", _EXPORT),
    (b"\xff\xd8\xff", "a JPEG picture", _EXPORT),
    (b"GIF8", "a GIF picture", _EXPORT),
    (b"SQLite format 3\x00", "an SQLite database", _EXPORT),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz-compressed file", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard-compressed file", _UNPACK),
    (b"PAR1", "a Parquet file", _EXPORT),
    (b"\x7fELF", "a program", _EXPORT),
    (b"RIFF", "a sound or video file", _EXPORT),
    (b"OggS", "a sound file", _EXPORT),
    (b"ID3", "a sound file", _EXPORT),
    (b"{\\rtf", "a rich-text document", _EXPORT),
)
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<?xml")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Control characters that no text export holds; the separators 0x1C to 0x1F may be delimiters.
_UNTEXTUAL = bytes([*range(0x09), *range(0x0E, 0x1B), 0x7F])


def is_spreadsheet(name: str, head: bytes, stream: BinaryIO) -> bool:
    """True for an .xlsx workbook, False for text; anything else is refused by its kind.

    ``head`` are the first bytes of ``stream``, which must be seekable; its position may change.
    Raises NotATable.
    """
    if head.startswith(b"PK\x03\x04"):
        return _is_workbook(name, stream)
    if head.startswith(b"PK\x05\x06"):
        raise NotATable(name, "an empty zip archive", _UNPACK)
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        raise NotATable(name, "a bzip2-compressed file", _UNPACK)
    for magic, what, hint in _KNOWN:
        if head.startswith(magic):
            raise NotATable(name, what, hint)
    start = head.removeprefix(_BOMS[0]).lstrip()[:20].lower()
    if start.startswith(_MARKUP):
        raise NotATable(name, "an HTML or XML document", _SAVE_AS)
    if not head.startswith(_BOMS):
        _refuse_binary(name, head)
    return False


def _is_workbook(name: str, stream: BinaryIO) -> bool:
    import zipfile  # only a file that claims to be a zip pays for it

    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise NotATable(
            name, "a damaged spreadsheet or zip archive", "get the file again, complete"
        ) from error
    if any(member.startswith("xl/") for member in members):
        return True
    if "content.xml" in members:
        raise NotATable(name, "an OpenDocument file", _SAVE_AS)
    raise NotATable(name, "a zip archive", _UNPACK)


def _refuse_binary(name: str, head: bytes) -> None:
    """A few stray control characters are damage in rows; a file full of them is no text at all."""
    head = head.rstrip(b"\0")  # what a lost connection or power leaves at the end of a file
    if len(head) < 512:
        return
    odd = len(head) - len(head.translate(None, _UNTEXTUAL))
    if odd * 20 < len(head):
        return
    nul_odd, nul_even = head[1::2].count(0), head[0::2].count(0)
    if max(nul_odd, nul_even) * 3 > len(head):
        form = "utf-16-le" if nul_odd > nul_even else "utf-16-be"
        raise NotATable(name, "UTF-16 text without its mark", f"pass --encoding {form}")
    raise NotATable(name, "a binary file", _EXPORT)
