"""What stops an import: its profile, its mapping, its doubts."""

from __future__ import annotations

from scorecli.errors import Refused, WrongUsage


class UnknownProfile(WrongUsage):
    """No packaged profile has this name, and there is no file of this name either."""

    def __init__(self, name: str, near: list[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f"There is no profile {name!r}, nor a file of that name.{offer}",
            "`scorecli calls profiles` lists the profiles that come with scorecli.",
        )


class BrokenProfile(WrongUsage):
    """A profile has problems; all of them are named."""

    def __init__(self, path: str, problems: list[str]) -> None:
        super().__init__(
            f"The profile {path} cannot be used: {'; '.join(problems)}.",
            "`scorecli calls profiles show generic` prints one with every key explained.",
        )
        self.problems = problems


class MappingProblem(WrongUsage):
    """``--map``, ``--set`` or ``--key`` names something that does not exist."""


class NeedsDateFormat(WrongUsage):
    """The order of day and month cannot be told from the file."""

    def __init__(self, column: str, sample: str, file: str, *, contradictory: bool = False) -> None:
        why = (
            "and other dates of that column have the day first here, the month there."
            if contradictory
            else "and no date of the file has a day above 12."
        )
        super().__init__(
            f'{file}: "{sample}" in column "{column}" could be two days, {why}',
            "Say which comes first: --date-format DMY or --date-format MDY.",
        )


class NeedsDecimal(WrongUsage):
    """An amount could be read in two ways."""

    def __init__(self, column: str, sample: str, file: str) -> None:
        super().__init__(
            f'{file}: "{sample}" in column "{column}" could mean two amounts.',
            "Say what the decimal sign is: --decimal . or --decimal ,",
        )


class StrictImportRefused(Refused):
    """``--strict`` and at least one row was bad."""

    def __init__(self, rejected: int, rejects: str | None) -> None:
        one = rejected == 1
        where = f" {'It is' if one else 'They are'} in {rejects}." if rejects else ""
        rows = "1 row was" if one else f"{rejected:,} rows were"
        super().__init__(
            f"{rows} bad, so nothing was imported (--strict).{where}",
            "Mend the rows, or leave out --strict to import the good ones.",
        )


class ProfileNotClear(WrongUsage):
    """The header of a file fits more than one profile."""

    def __init__(self, file: str, names: list[str]) -> None:
        super().__init__(
            f"The header of {file} fits more than one profile: {', '.join(names)}.",
            f"Say which: {' or '.join(f'--profile {name}' for name in names)}; --profile generic"
            " reads it by its column names alone.",
        )
