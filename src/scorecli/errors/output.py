"""Failures of writing results."""

from __future__ import annotations

from scorecli.errors import DatabaseUnavailable, Refused, WrongUsage


class UnknownFormat(WrongUsage):
    """``--format`` names no output format."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f'Unknown output format "{name}".', f"Choose one of {', '.join(known)}.")


class UnknownOutputEnding(WrongUsage):
    """The ending of an output file tells no format, and none was named."""

    def __init__(self, path: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f'The ending of "{path}" does not say which format to write.',
            f"End it in one of {', '.join(known)}, or name the format with --format.",
        )


class OutputNotWritable(Refused):
    """An output file cannot be made or written to."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f'Cannot write "{path}": {reason}.', "Name another file, or check the folder's rights."
        )


class OutputDiskFull(DatabaseUnavailable):
    """The disk that an output file goes to is full; the file was not made."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f'No room on the disk for "{path}".',
            "Free some space or name a file on another disk; an earlier file is unchanged.",
        )
