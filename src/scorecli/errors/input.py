"""Files that cannot be read, and rejects files that cannot be written."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import Refused, WrongUsage


class InputNotFound(Refused):
    """A file to be read does not exist."""

    def __init__(self, path: str) -> None:
        super().__init__(f"There is no file {path!r}.", "Check the name and the folder.")


class InputIsFolder(Refused):
    """A folder was given where a file is read."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path!r} is a folder.", "Name the files in it one by one.")


class InputUnreadable(Refused):
    """A file exists but the system does not let it be read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path!r} cannot be read: {reason}.", "Check its permissions.")


class InputDamaged(Refused):
    """A compressed file or a spreadsheet is broken, so that its rows cannot be told."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} is damaged: {reason}.", "Get the file again, complete.")


class SpoolFailed(Refused):
    """Standard input could not be kept in a temporary file."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Standard input cannot be kept in a temporary file: {reason}.",
            "Make room or set TMPDIR to a folder that has some; or name a file instead.",
        )


class NotATable(Refused):
    """A file is of a kind that holds no rows that can be read."""

    def __init__(self, name: str, what: str, hint: str) -> None:
        super().__init__(f"{name} is {what}.", f"{hint[0].upper()}{hint[1:]}.")


class NotInEncoding(Refused):
    """The bytes of a file contradict the encoding that was asked for."""

    def __init__(self, name: str, encoding: str, position: int) -> None:
        super().__init__(
            f"{name} is not {encoding}: byte {position} cannot be read.",
            "Leave out --encoding to have it detected.",
        )


class UnknownEncoding(WrongUsage):
    """No encoding has this name."""

    def __init__(self, encoding: str) -> None:
        super().__init__(
            f"Unknown encoding {encoding!r}.",
            "Known are utf-8, utf-16, cp1252, latin-1 and others.",
        )


class BadDelimiter(WrongUsage):
    """A delimiter must be one character that can stand between values."""

    def __init__(self, delimiter: str) -> None:
        super().__init__(
            f"{delimiter!r} cannot separate values.",
            "Give one character, or tab, comma, semicolon, pipe, space.",
        )


class BrokenHeader(Refused):
    """The line with the column names cannot be read."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(
            f"The column names of {name} (line {line}) cannot be read: {reason}.",
            "Correct that line, or use --no-header --columns.",
        )


class ColumnsDoNotFit(WrongUsage):
    """The names given for the columns are not as many as the columns."""

    def __init__(self, name: str, given: int, found: int) -> None:
        super().__init__(
            f"--columns gives {given} names, but {name} has {found} columns.",
            "Name every column, in their order.",
        )


class DuplicateColumn(WrongUsage):
    """The names given for the columns hold one twice or an empty one."""

    def __init__(self, column: str) -> None:
        super().__init__(
            f"--columns names {column!r} twice." if column else "--columns holds an empty name.",
            "Give every column a name of its own.",
        )


class NotRowsOfJson(Refused):
    """A JSON file is neither an array of objects nor one object a line."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(
            f"{name} is JSON, but neither an array nor one object a line (line {line}).",
            "With jq: `jq -c '.[]'` or `jq -c '.calls[]'` writes one object a line.",
        )


class SpreadsheetsNotInstalled(Refused):
    """Reading spreadsheets is an optional part that is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is a spreadsheet, and reading those is not installed.",
            'Run pip install "scorecli[xlsx]", or save it as CSV.',
        )


class UnknownSheet(Refused):
    """A workbook has no sheet of this name."""

    def __init__(self, name: str, sheet: str, sheets: Sequence[str]) -> None:
        super().__init__(f"{name} has no sheet {sheet!r}.", f"It has {', '.join(sheets)}.")


class RejectsFileExists(Refused):
    """The file for rejected rows exists already and is never overwritten."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path!r} exists already.", "Choose another name for --rejects.")


class RejectsFileFailed(Refused):
    """The file for rejected rows cannot be written, so nothing was imported."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"Rejected rows cannot be written to {path!r}: {reason}.",
            "Name another place with --rejects.",
        )


class StandardInputNotText(Refused):
    """Standard input was to be text and is not UTF-8."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"Standard input is not UTF-8 text: byte {position} cannot be read.",
            "`iconv -f cp1252 -t utf-8` converts a text.",
        )
