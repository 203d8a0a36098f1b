"""Wrong commands and questions that nobody answered."""

from __future__ import annotations

from collections.abc import Sequence

from scorecli.errors import Refused, WrongUsage


class UnknownCommand(WrongUsage):
    """The command line names a command that does not exist."""

    def __init__(self, path: str, name: str, near: Sequence[str]) -> None:
        super().__init__(
            f"`{path}` has no command {name!r}.",
            f"Did you mean {' or '.join(f'`{path} {word}`' for word in near)}?"
            if near
            else f"`{path} --help` lists its commands.",
        )


class CannotAsk(Refused):
    """Something needs a yes, and there is nobody to ask."""

    def __init__(self, question: str) -> None:
        super().__init__(
            f"Not confirmed, so nothing was changed: {question}",
            "Nobody can be asked here; pass --yes to go ahead.",
        )


class NotConfirmed(Refused):
    """The person was asked and did not say yes."""

    def __init__(self) -> None:
        super().__init__("Not confirmed, so nothing was changed.")


class WhichCalls(WrongUsage):
    """A command does not say, or says twice, which calls it is about."""

    def __init__(self, message: str, example: str = "scorecli score 12 --stars 4") -> None:
        super().__init__(message, f"For example: {example}")


class OnlyWithFile(WrongUsage):
    """An option that says how a file is read, without a file."""

    def __init__(self, option: str) -> None:
        super().__init__(
            f"{option} means something only with --from FILE.", "Leave it out, or name the file."
        )


class StandardInputTwice(WrongUsage):
    """Two options both want to read standard input."""

    def __init__(self) -> None:
        super().__init__(
            "Both the calls and the note would be read from standard input.",
            "Name one of them on the command line.",
        )


class DemoNotKept(Refused):
    """The demo's database was to be kept where there is a file already."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} exists already.", "Name a new file: scorecli demo --keep demo.db")


class NothingToChange(WrongUsage):
    """An editing command that names nothing to change."""

    def __init__(self, example: str) -> None:
        super().__init__("Nothing to change was named.", f"For example: {example}")


class SetTwice(WrongUsage):
    """One fact is given two different values."""

    def __init__(self, field: str) -> None:
        super().__init__(f"--set gives {field} two values.", "Give one of them.")


class WhichContacts(WrongUsage):
    """A command does not say, or says twice, which contacts it is about."""

    def __init__(self, message: str, example: str) -> None:
        super().__init__(message, f"For example: {example}")


class NotNameAndValue(WrongUsage):
    """An option takes ``NAME=VALUE`` and was given something else."""

    def __init__(self, option: str, text: str) -> None:
        super().__init__(
            f"{option} {text!r} is not NAME=VALUE.",
            f"Write {option} NAME=VALUE; {option} NAME= takes the value away.",
        )


class NotOneOf(WrongUsage):
    """An option takes one of a few words and was given another one."""

    def __init__(self, option: str, text: str, words: Sequence[str]) -> None:
        super().__init__(f"{option} {text!r} is none of {', '.join(words)}.", "Name one of them.")
