"""Failures of the settings file: reading, checking, changing and editing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scorecli.errors import Refused, WrongUsage


class SettingsProblem(NamedTuple):
    """One thing wrong in a settings file; ``line`` counts from 1, None where it is not known.

    ``found`` is what stands there as TOML, ``allowed`` says what may. ``nearest`` holds the known
    keys that a misspelt one (``unknown``) could mean, the closest first.
    """

    file: str
    line: int | None
    key: str
    found: str
    allowed: str
    nearest: tuple[str, ...] = ()
    unknown: bool = False

    def sentence(self) -> str:
        """Return the problem as one line for people."""
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        if not self.key:
            return f"{place}: {self.found}"
        if not self.unknown:
            return f"{place}: {self.key} is {self.found}, but must be {self.allowed}"
        meant = f"did you mean {' or '.join(self.nearest)}? " if self.nearest else ""
        return f"{place}: {self.key} is not a setting; {meant}Known here: {self.allowed}"


class BrokenSettings(WrongUsage):
    """A settings file holds something that cannot be used; all its ``problems`` are listed."""

    def __init__(self, problems: Sequence[SettingsProblem]) -> None:
        super().__init__(
            "\n".join(problem.sentence() for problem in problems),
            "Correct the file, for example with `scorecli config edit`; `config check` checks it.",
        )
        self.problems = tuple(problems)


class BrokenDraft(BrokenSettings):
    """What was typed into the editor cannot be used; the draft is kept, the settings stay."""

    def __init__(self, draft: str, problems: Sequence[SettingsProblem]) -> None:
        super().__init__(problems)
        self.hint = (
            f"The settings are as they were. The draft is kept in {draft}; "
            f"check it with `scorecli config check` and that path."
        )


class SettingsMissing(WrongUsage):
    """The settings file that was named does not exist."""

    def __init__(self, file: str, named_by: str) -> None:
        super().__init__(
            f"The settings file {file} does not exist (named by {named_by}).",
            "Correct the path, or make the file with `scorecli config init`.",
        )


class SettingsUnreadable(WrongUsage):
    """The settings file exists and cannot be read."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(
            f"The settings file {file} cannot be read: {reason}.",
            "Correct its permissions, or name another one with --config.",
        )


class UnknownSetting(WrongUsage):
    """A key that no settings file knows."""

    def __init__(self, key: str, nearest: Sequence[str]) -> None:
        super().__init__(
            f'"{key}" is not a setting.',
            f"Did you mean {' or '.join(nearest)}?"
            if nearest
            else "`scorecli config show` lists all settings.",
        )


class UnfitSetting(WrongUsage):
    """A value that its setting cannot take."""

    def __init__(self, key: str, found: str, allowed: str) -> None:
        super().__init__(f"{key} cannot be {found}.", f"It must be {allowed}.")


class SettingsNotWritten(Refused):
    """The settings file could not be written; the one that was there is as it was."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(
            f"The settings file {file} cannot be written: {reason}.",
            "Make it and its folder writable, or name another file with --config.",
        )


class SettingsExist(Refused):
    """A settings file was to be made where there is one already."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"The settings file {file} exists already.", "Open it with `scorecli config edit`."
        )


class SettingsBusy(Refused):
    """Another process is changing the same settings file, and did not finish in time."""

    def __init__(self, file: str, seconds: float) -> None:
        super().__init__(
            f"Another process has been changing {file} for {seconds:.0f} seconds.",
            "Try again when it has finished.",
        )


class SettingsChangedMeanwhile(Refused):
    """The settings file was changed by somebody else while its draft was open in an editor."""

    def __init__(self, file: str, draft: str) -> None:
        super().__init__(
            f"{file} was changed by somebody else while you edited it; it is left as it is now.",
            f"Your draft is kept in {draft}.",
        )


class EditorFailed(Refused):
    """No editor could be started, or it ended with an error; the settings are as they were."""

    def __init__(self, editor: str, reason: str) -> None:
        super().__init__(
            f"The editor {editor!r} {reason}; the settings are as they were.",
            "Name an editor in the environment variable VISUAL or EDITOR.",
        )
