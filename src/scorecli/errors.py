"""Every failure that scorecli reports, one class each.

A class builds its own sentence from the values at hand: ``message`` says what is wrong with which
value, ``hint`` what to do about it. What a failure means to a shell (its exit code) is decided in
the command line alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class ScorecliError(Exception):
    """The base of all failures that are shown to people as one or two lines."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Refused(ScorecliError):
    """What was asked for is not possible now, or does not exist; nothing was written."""


class WrongUsage(ScorecliError):
    """The command, an option or the settings are wrong; nothing was done."""


class DatabaseUnavailable(ScorecliError):
    """The database cannot be opened, is locked, corrupt or too new, or the disk is full."""


class NoDatabase(DatabaseUnavailable):
    """A command that only reads found no database to read."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is no database at {path} yet.",
            "`scorecli calls import FILE` creates it; --db PATH names another one.",
        )


class ForeignDatabase(DatabaseUnavailable):
    """The file is no SQLite database, or one of another program."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(
            f"{path} is {what}, so it was left alone.", "Name another file with --db PATH."
        )


class DatabaseTooNew(DatabaseUnavailable):
    """A later version of scorecli made this database."""

    def __init__(self, path: str, found: int, known: int) -> None:
        super().__init__(
            f"{path} has format {found}; this version of scorecli knows up to {known}.",
            "Upgrade scorecli: pip install --upgrade scorecli.",
        )


class DatabaseTooOld(DatabaseUnavailable):
    """An earlier version of scorecli made this database, and nobody has upgraded it yet."""

    def __init__(self, path: str, found: int, known: int) -> None:
        super().__init__(
            f"{path} has format {found}, from an earlier scorecli; this one needs format {known}.",
            "Run `scorecli db upgrade`; it makes a backup first.",
        )


class DatabaseLocked(DatabaseUnavailable):
    """Another process held the write lock for longer than we were told to wait."""

    def __init__(self, path: str, seconds: float, holder: str | None) -> None:
        by = f" by {holder}" if holder else ""
        super().__init__(
            f"{path} is locked{by}; gave up after {seconds:g} seconds.",
            "Try again when it is done, or wait longer with --wait SECONDS.",
        )


class DatabaseBroken(DatabaseUnavailable):
    """SQLite reported a failure of the file or of the disk under it."""


class DatabaseNotCreated(DatabaseUnavailable):
    """A new database cannot be made where it was asked for."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"The database {path} cannot be created: {reason}.",
            "Make the folder writable, or name another file with --db PATH.",
        )


class UnfinishedWriting(DatabaseUnavailable):
    """Committed changes are still in the -wal file, which cannot be read without its folder."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} has changes in {path}-wal that can only be read in a writable folder.",
            "Make the folder writable, or copy both files to one that is.",
        )


class BackupFailed(DatabaseUnavailable):
    """A backup could not be written; the database itself is as it was."""

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(
            f"The backup {target} cannot be written: {reason}.",
            "Free some space or name another file; the database was not touched.",
        )


class BackupOfDamage(DatabaseUnavailable):
    """The database is damaged, so a copy of it would be no backup; none was kept."""

    def __init__(self, target: str, found: str) -> None:
        super().__init__(
            f"The backup {target} was not made: the database is damaged ({found}).",
            "`scorecli db check` lists what is damaged; an earlier backup may be whole.",
        )


class BackupExists(Refused):
    """A backup was to be written over an existing file."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"{target} exists already.", "Name another file, or overwrite it with --force."
        )


class BackupOntoItself(Refused):
    """The file named for the backup is the database itself."""

    def __init__(self, target: str) -> None:
        super().__init__(f"{target} is the database itself.", "Name another file for the backup.")


class UpgradeFailed(DatabaseUnavailable):
    """An upgrade did not work out; the database is as it was."""

    def __init__(self, path: str, reason: str, backup: str) -> None:
        super().__init__(
            f"{path} could not be upgraded and is as it was: {reason}.",
            f"A backup is in {backup}; keep using the earlier scorecli, and report this.",
        )


class OutsideOfChange(Refused):
    """A script changed objects that it only read."""

    def __init__(self) -> None:
        super().__init__(
            "Objects were changed outside of a change, so nothing of that was kept.",
            'Load and change them inside `with db.change("why") as session:`.',
        )


class TransactionOfChange(Refused):
    """A script tried to end or split the transaction of a change by itself."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"session.{what} is not for use inside db.change(), which commits at its end.",
            "Leave the block to keep everything, or raise an exception to keep nothing.",
        )


class NotForScripts(Refused):
    """A script tried to write something that scorecli keeps by itself."""

    def __init__(self, what: str) -> None:
        super().__init__(f"A script cannot change {what}.", "scorecli keeps it in step by itself.")


class RecordRefused(Refused):
    """A record that a script wrote cannot be as it is; nothing of its change was kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"A record cannot be stored: {reason}.",
            "Nothing of this change was kept; correct the value.",
        )


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
            f"{key} is not a setting.",
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


class BadFilter(WrongUsage):
    """A filter cannot be understood; the message shows it with a caret under the place.

    ``text`` is the argument or the whole text of the filter, ``position`` the index in it.
    """

    def __init__(self, problem: str, text: str, position: int, hint: str | None = None) -> None:
        start = max(0, position - 48)
        cut = "".join(ch if ch.isprintable() else " " for ch in text[start : start + 72])
        lead, trail = "..." if start else "", "..." if start + 72 < len(text) else ""
        caret = " " * (len(lead) + position - start) + "^"
        super().__init__(f"{problem}\n  {lead}{cut}{trail}\n  {caret}", hint)

    def within(self, name: str) -> BadFilter:
        """Say that the fault lies in the saved filter ``name``; returns the error itself."""
        self.message = f"In the saved filter @{name}: {self.message}"
        self.args = (self.message,)
        return self


class UnknownFilterField(BadFilter):
    """A term names a field that the subject does not have."""

    def __init__(
        self, name: str, near: list[str], known: list[str], text: str, position: int
    ) -> None:
        hint = f"Did you mean {' or '.join(near)}?" if near else f"Fields: {', '.join(known)}."
        hint += f' To search for the text itself, quote it: "{name}:...".'
        super().__init__(f'Unknown field "{name}".', text, position, hint)


class BadFilterValue(BadFilter):
    """A term gives a field a value that it cannot have."""

    def __init__(self, field: str, value: str, expected: str, text: str, position: int) -> None:
        super().__init__(f'"{value}" is no value for {field}.', text, position, expected)


class StrayFilterQuote(BadFilter):
    """A quotation mark opens and never closes, or stands inside or after a value."""

    def __init__(self, text: str, position: int) -> None:
        hint = 'Put quotes around the whole value; write a quote inside it twice: "5"" pipe".'
        super().__init__("Stray quote.", text, position, hint)


class MissingFilterQuote(BadFilter):
    """An unquoted value goes on into what looks like the next term."""

    def __init__(self, other: str, text: str, position: int) -> None:
        hint = (
            f'Write "{other}" as a term of its own, or put the value in quotes '
            "if it belongs to the text."
        )
        super().__init__(f'Another term, "{other}", inside a value.', text, position, hint)


class BadFilterGroup(BadFilter):
    """Parentheses do not pair, are missing or empty, or nest too deep."""


class UnknownSavedFilter(BadFilter):
    """``@NAME`` names a filter that is neither built in nor in the settings."""

    def __init__(self, name: str, near: list[str], text: str, position: int) -> None:
        if near:
            hint = f"Did you mean {' or '.join('@' + word for word in near)}?"
        else:
            hint = f'Define it under [filters] in the settings; to search for it, write "@{name}".'
        super().__init__(f"There is no saved filter @{name}.", text, position, hint)


class FilterLoop(BadFilter):
    """Saved filters refer to each other in a circle."""

    def __init__(self, names: list[str], text: str, position: int) -> None:
        path = " > ".join("@" + name for name in names)
        super().__init__(
            f"Saved filters go in a circle: {path}.",
            text,
            position,
            "Change one of them under [filters] in the settings.",
        )


class BadValue(WrongUsage, ValueError):
    """A value that a person or a file gave cannot be understood.

    It is a ``ValueError`` as well, so that an import can turn it into a problem of one row.
    """


class BadAmount(BadValue):
    """A text is no amount of money in the currency at hand."""

    def __init__(self, text: str, reason: str, hint: str | None = None) -> None:
        super().__init__(f"'{text}' is not an amount: {reason}.", hint)
        self.text = text


class DoubtfulDecimal(BadAmount):
    """An amount such as ``1.250``, whose one separator may stand for decimals or for thousands."""

    def __init__(self, text: str, separator: str) -> None:
        super().__init__(
            text,
            f"the '{separator}' may separate decimals or thousands",
            "Say which: --decimal . or --decimal , for a file; or write it without grouping.",
        )
        self.separator = separator


class CurrencyMismatch(BadAmount):
    """An amount carries the sign or the code of another currency than the one it is to be in."""

    def __init__(self, text: str, found: str, currency: str) -> None:
        super().__init__(
            text,
            f"'{found}' is not {currency}",
            f"Amounts are in {currency}; the setting is converted_amount.currency.",
        )
        self.found = found
        self.currency = currency


class UnknownZone(WrongUsage):
    """A time zone is not known to this machine."""

    def __init__(self, name: str, near: list[str], origin: str | None = None) -> None:
        where = f" ({origin})" if origin else ""
        hint = f"Did you mean {' or '.join(near)}?" if near else "Name one such as Europe/Paris."
        super().__init__(f"'{name}'{where} is not a known time zone.", hint)
        self.name = name
        self.near = near


class BadDay(BadValue):
    """A text is no day or no period, or could mean more than one."""

    def __init__(self, text: str, reason: str, forms: str) -> None:
        super().__init__(f"'{text}' is not {reason}.", f"Write {forms}.")
        self.text = text


class BadTag(BadValue):
    """A text cannot be a tag."""

    def __init__(self, text: str, reason: str, hint: str | None = None) -> None:
        super().__init__(f"'{text}' cannot be a tag: {reason}.", hint)
        self.text = text


class BadNote(BadValue):
    """A text cannot be a note."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(f"The note cannot be kept: {reason}.", hint)


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


class ContradictingOptions(WrongUsage):
    """Two options of one command cannot both be meant."""

    def __init__(self, option: str, other: str) -> None:
        super().__init__(f"{option} and {other} contradict each other.", "Give one of them.")


class StarsOutOfRange(WrongUsage):
    """A rating that is not one of the five."""

    def __init__(self, stars: object) -> None:
        super().__init__(f"'{stars}' is no rating.", "Stars are 1, 2, 3, 4, 5, or none.")


class FieldSwitchedOff(Refused):
    """The settings switch this part of the score off."""

    def __init__(self, label: str, table: str) -> None:
        super().__init__(
            f'"{label}" is switched off: [{table}] enabled = false in the settings.',
            f"`scorecli config set {table}.enabled true` switches it on; its data is still there.",
        )


class TagNotAllowed(Refused):
    """The list of reporting tags is limited and this one is not on it."""

    def __init__(self, tag: str, label: str, near: list[str], allowed: int) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'"{tag}" is not one of the {allowed} allowed values of "{label}".{offer}',
            f'`scorecli tags allow "{tag}"` adds it; `scorecli tags list` shows them.',
        )


class AmountWithoutConversion(Refused):
    """An amount or a conversion day on a call that is not converted."""

    def __init__(
        self, field: str, call: str | None = None, *, switched_off: str | None = None
    ) -> None:
        which = f"Call {call}" if call else "The call"
        what = "an amount" if field == "amount" else "a conversion date"
        option = "--amount" if field == "amount" else "--converted-on"
        hint = f"Add --converted to mark it as converted, or use {option} none to clear it."
        if switched_off is not None:
            hint = f'"{switched_off}" is switched off: [conversion] enabled in the settings.'
        super().__init__(f"{which} is not converted, so it cannot take {what}.", hint)
        self.field = field


class UnknownResult(Refused):
    """Nobody defined a call result with this code."""

    def __init__(self, code: str, near: list[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'There is no call result "{code}".{offer}',
            f'`scorecli results add "{code}"` defines it.',
        )


class ResultDisabled(Refused):
    """The call result is defined but not enabled."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f'The call result "{code}" is disabled.', f'`scorecli results enable "{code}"`.'
        )


class ResultNeedsAmount(Refused):
    """The call result requires an amount above zero."""

    def __init__(self, code: str, call: str | None = None) -> None:
        lacking = f", which call {call} lacks" if call else ""
        super().__init__(
            f'The call result "{code}" requires an amount above 0{lacking}.',
            "Give it with --amount.",
        )


class NothingToUndo(Refused):
    """There is no change left that could be undone."""

    def __init__(self) -> None:
        super().__init__("There is nothing to undo.", "`scorecli history` lists all changes.")


class UnknownChange(Refused):
    """No change has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no change {number}.", "`scorecli history` lists all changes.")


class AlreadyUndone(Refused):
    """The change was undone before."""

    def __init__(self, number: int, undone_by: int) -> None:
        super().__init__(
            f"Change {number} was already undone, by change {undone_by}.",
            f"`scorecli undo {undone_by}` does it again.",
        )


class TouchedLater(Refused):
    """A later change wrote to the same fields, so the earlier one cannot be taken back alone."""

    def __init__(self, number: int, later: int, what: str) -> None:
        super().__init__(
            f"Change {number} cannot be undone: change {later} wrote to {what} after it.",
            f"Undo that one first: `scorecli undo {later}`.",
        )


class NotAsLeft(Refused):
    """The data is no longer as the change left it, without an entry in the history."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(
            f"Change {number} cannot be undone: {what} is no longer as that change left it.",
            "It was edited outside of scorecli; set the value you want by hand.",
        )


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


class DoubtfulDayOrder(BadValue):
    """A date such as 03/04/2026, whose day and month cannot be told apart."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text}' may mean two days: the order of day and month is in doubt.",
            "Say which comes first: --date-format DMY or --date-format MDY.",
        )
        self.text = text


class BadDateFormat(WrongUsage):
    """A date format that was asked for cannot be used."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text}' is not a date format that names a whole day.",
            "Use DMY, MDY, YMD, or a pattern such as '%d/%m/%Y %H:%M'.",
        )
        self.text = text


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
        where = f" They are in {rejects}." if rejects else ""
        rows = "1 row was" if rejected == 1 else f"{rejected} rows were"
        super().__init__(
            f"{rows} bad, so nothing was imported (--strict).{where}",
            "Mend the rows, or leave out --strict to import the good ones.",
        )


class UnknownCall(Refused):
    """No live call is what was named; ``hint`` says what there is instead, if anything."""

    def __init__(self, call: str, hint: str | None = None) -> None:
        plain = call.isprintable() and 0 < len(call) <= 100 and not call.isspace()
        super().__init__(
            f"There is no call {call if plain else repr(call[:100])}.",
            hint or "`scorecli calls list` shows the calls.",
        )
        self.call = call


class AmbiguousCall(Refused):
    """An external id belongs to several calls; each candidate is (id, system, start or None)."""

    def __init__(self, call: str, candidates: Sequence[tuple[int, str, str | None]]) -> None:
        shown = ", ".join(
            f"{number} ({system}{', ' + start if start else ''})"
            for number, system, start in candidates[:5]
        )
        more = f" and {len(candidates) - 5} more" if len(candidates) > 5 else ""
        super().__init__(
            f"{call} could be any of {len(candidates)} calls: {shown}{more}.",
            "Name one by its number, or the phone system with ext:SYSTEM:ID.",
        )
        self.candidates = tuple(candidates)


class UnknownColumn(WrongUsage):
    """A column that calls do not have, or that has no order to sort by."""

    def __init__(self, column: str, near: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(
            f'"{column}" is not a column here.',
            f"Did you mean {' or '.join(near)}?" if near else f"Columns: {', '.join(known)}.",
        )


class UnknownGrouping(WrongUsage):
    """A report cannot be grouped by this, or by that many fields."""

    def __init__(self, text: str, near: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(
            f'A report cannot be grouped by "{text}".',
            f"Did you mean {' or '.join(near)}?"
            if near
            else f"Give one or two different ones of {', '.join(known)}.",
        )


class SeveralCurrencies(Refused):
    """The amounts of a report are in several currencies, which are never added."""

    def __init__(self, currencies: Sequence[str]) -> None:
        super().__init__(
            f"These calls have amounts in {', '.join(currencies)}, which cannot be added.",
            f"Add --by currency, or take one of them with the filter currency:{currencies[0]}.",
        )


class NothingToCompare(WrongUsage):
    """A comparison needs a period with a beginning."""

    def __init__(self) -> None:
        super().__init__(
            "There is no former period to compare with, since the report has no beginning.",
            "Give --since DAY, and --until DAY if it does not end today.",
        )


class PeriodEndsEarly(WrongUsage):
    """``--until`` is before ``--since``."""

    def __init__(self, since: str, until: str) -> None:
        super().__init__(
            f"The report would begin on {since} and end before that, on {until}.",
            "Give --until a later day than --since; both days are included.",
        )


class NoHourOfConversion(WrongUsage):
    """Conversions have a day but no hour to group by."""

    def __init__(self) -> None:
        super().__init__(
            "A conversion has a day but no hour.",
            "Leave out --date-by converted_on, or use --by day.",
        )


class ProfileNotClear(WrongUsage):
    """The header of a file fits more than one profile."""

    def __init__(self, file: str, names: list[str]) -> None:
        super().__init__(
            f"The header of {file} fits more than one profile: {', '.join(names)}.",
            f"Say which: --profile {names[0]}, or --profile generic.",
        )


class NothingAsked(WrongUsage):
    """A scoring command that names nothing to set."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing to set was named.",
            "Give at least one of --stars, --tag, --converted, --amount, --note, --result,"
            " --remove; `scorecli score --help` lists them all.",
        )


class WhichCalls(WrongUsage):
    """A command does not say, or says twice, which calls it is about."""

    def __init__(self, message: str, example: str = "scorecli score 12 --stars 4") -> None:
        super().__init__(message, f"For example: {example}")


class EmptyCondition(WrongUsage):
    """An empty filter where many calls would be changed; a variable of a script may be unset."""

    def __init__(self) -> None:
        super().__init__(
            "--where is empty, which would take every call.",
            "If that is meant, select them all with --where id:1..",
        )


class BadDecimalSign(WrongUsage):
    """``--decimal`` is neither a point nor a comma."""

    def __init__(self, sign: str | None) -> None:
        super().__init__(f"'{sign}' is no decimal sign.", "Use --decimal . or --decimal ,")


class CallsDiffer(Refused):
    """A row names a call by number and by external id, and the two are not the same call."""

    def __init__(self, call: int, external_id: str | None, found: str) -> None:
        has = "no external id" if external_id is None else f"the external id {external_id}"
        super().__init__(
            f"Call {call} has {has}, not {found}.",
            "Take the column out that does not name calls of this database.",
        )
        self.field = "call"


class OnlyWithFile(WrongUsage):
    """An option that says how a file is read, without a file."""

    def __init__(self, option: str) -> None:
        super().__init__(
            f"{option} means something only with --from FILE.", "Leave it out, or name the file."
        )


class StandardInputNotText(Refused):
    """Standard input was to be text and is not UTF-8."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"Standard input is not UTF-8 text: byte {position} cannot be read.",
            "`iconv -f cp1252 -t utf-8` converts a text.",
        )


class StandardInputTwice(WrongUsage):
    """Two options both want to read standard input."""

    def __init__(self) -> None:
        super().__init__(
            "Both the calls and the note would be read from standard input.",
            "Name one of them on the command line.",
        )


class BadScoreFile(WrongUsage):
    """A file given to ``score --from`` lacks the columns it needs."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "A file of scores looks like: call,stars,reporting_tags")


class DemoNotKept(Refused):
    """The demo's database was to be kept where there is a file already."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} exists already.", "Name a new file: scorecli demo --keep demo.db")


class CallsReplaced(Refused):
    """Calls of an undone import are in the database again, under new numbers."""

    def __init__(self, number: int, gone: int) -> None:
        calls = "a call" if gone == 1 else f"{gone:,} calls"
        super().__init__(
            f"Change {number} cannot be undone: {calls} of it were imported again since.",
            "They are here under new numbers; import the file again to get the rest.",
        )


class StillUsed(Refused):
    """A definition cannot go while calls use it."""

    def __init__(self, number: int, entity: str, name: str, calls: int) -> None:
        use = "1 call has" if calls == 1 else f"{calls:,} calls have"
        super().__init__(
            f'Change {number} cannot be undone: it made the {entity} "{name}", which {use} now.',
            "Undo what gave it to them first; `scorecli history` lists all changes.",
        )


class NameTakenSince(Refused):
    """Undo would bring back a name that something else has by now."""

    def __init__(self, number: int, entity: str, name: str) -> None:
        super().__init__(
            f'Change {number} cannot be undone: there is another {entity} "{name}" by now.',
            f"Rename that {entity}, or undo what made it.",
        )


class ResultGone(Refused):
    """Undo would give a call a result that is no longer defined."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f'The call result "{code}" is no longer defined, so no call can have it again.',
            f'Define it first: `scorecli results add "{code}"`.',
        )


class UnknownTag(Refused):
    """No tag has this name."""

    def __init__(self, name: str, label: str, near: Sequence[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'There is no "{name}" among the tags of "{label}".{offer}',
            "`scorecli tags list` shows them; --kind call those of the other kind.",
        )


class TagExists(Refused):
    """A tag would get the name of another one, which merges the two."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f'There is a tag "{name}" already.', "Merge the two by agreeing to it, or with --yes."
        )


class NotAFact(WrongUsage):
    """A field of a call that cannot be written under its name."""

    def __init__(self, field: str, reason: str, hint: str) -> None:
        super().__init__(f"{field} {reason}.", hint)


class NotAnAssignment(WrongUsage):
    """``--set`` was given something else than ``FIELD=VALUE``."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--set {text!r} lacks an equals sign.",
            "Write --set FIELD=VALUE; --set FIELD= takes the value away.",
        )


class BadFact(WrongUsage):
    """A value that was typed for a call cannot be used."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class CallExists(Refused):
    """A call that was entered by hand is in the database already."""

    def __init__(self, call: int, by: str, deleted_by: int | None = None) -> None:
        if deleted_by is not None:
            super().__init__(
                f"Call {call} has the same {by}, and was deleted by change {deleted_by}.",
                f"`scorecli undo {deleted_by}` restores it.",
            )
            return
        super().__init__(
            f"Call {call} has the same {by} already.",
            f"`scorecli calls edit {call} --set FIELD=VALUE` changes it.",
        )


class NoFacts(WrongUsage):
    """A call was to be entered of which nothing is known."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing is known of this call.", "Say when it was, or who: --started-at, --number."
        )


class BadResult(WrongUsage):
    """A call result is defined in a way that cannot be; all that is wrong is named."""

    def __init__(self, code: str, problems: Sequence[str]) -> None:
        super().__init__(
            f'The call result "{code}" cannot be so: {"; ".join(problems)}.',
            "Nothing was changed; `scorecli results add --help` explains the options.",
        )
        self.problems = tuple(problems)


class ResultExists(Refused):
    """A call result with this code is defined already."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f'There is a call result "{code}" already.',
            f'`scorecli results edit "{code}"` changes it.',
        )


class ResultCodeFixed(Refused):
    """The code of a result that was given to a call is written in the history and stays."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f'The code "{code}" is fixed, since calls had this result.',
            "Define another one with `scorecli results add`, and disable this one.",
        )


class NothingToChange(WrongUsage):
    """An editing command that names nothing to change."""

    def __init__(self, example: str) -> None:
        super().__init__("Nothing to change was named.", f"For example: {example}")


class SetTwice(WrongUsage):
    """One fact is given two different values."""

    def __init__(self, field: str) -> None:
        super().__init__(f"--set gives {field} two values.", "Give one of them.")


class UnknownUser(Refused):
    """No user is called so."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        offer = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(
            f'There is no user "{name}".{offer}',
            "`scorecli users list` shows them; `scorecli users add NAME` adds one.",
        )


class AmbiguousUser(Refused):
    """Several users are called so."""

    def __init__(self, name: str, candidates: Sequence[tuple[int, str]]) -> None:
        found = ", ".join(f"{number} ({called})" for number, called in candidates)
        super().__init__(
            f'"{name}" may be any of the users {found}.', "Name one of them by its number."
        )


class UserExists(Refused):
    """A user is to be added whose name another one of the same time has."""

    def __init__(self, name: str, number: int, called: str) -> None:
        super().__init__(
            f'User {number} is called "{called}" already; calls of "{name}" would fit both,'
            " and so be assigned to nobody.",
            f"`scorecli users edit {number}` changes that user; --namesake adds another person.",
        )


class BadUser(WrongUsage):
    """A value that a user cannot have."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(f"{field} {value!r} {reason}.")
        self.field = field


class UserPeriodEndsEarly(Refused):
    """A user's period would end before it begins."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The period of {name} would end before it begins.",
            "Name a later end with --until, or an earlier beginning with --from.",
        )


class BadUserFile(WrongUsage):
    """A file of users cannot be read as such."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "A file of users looks like: name,email,extension,alias")
