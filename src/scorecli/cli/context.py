"""What every command has at hand: settings, database, person, day, and ways to speak and to ask."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from scorecli import errors

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from scorecli.cli.progress import Progress
    from scorecli.render.style import ColorChoice, Style
    from scorecli.result import Result
    from scorecli.services.rule_engine import RuleEngine
    from scorecli.settings import Found, Settings
    from scorecli.storage.changes import Author
    from scorecli.storage.database import Database

_PUNCTUATION = dict.fromkeys(map(ord, "-_./:,@=+"), "x")  # that no shell takes for anything


class App:
    """One run of scorecli: the options given anywhere on the command line, and what follows.

    ``clock`` returns Unix seconds; it is the only source of the current time for commands.
    """

    def __init__(
        self, arguments: Sequence[str] = (), clock: Callable[[], float] = time.time
    ) -> None:
        self.arguments = tuple(arguments)
        self.clock = clock
        self.config: str | None = None
        self.db: str | None = None
        self.as_name: str | None = None
        self.color: ColorChoice = "auto"
        self.ascii = False
        self.quiet = False
        self.no_input = False
        self.wait: float | None = None  # seconds; None leaves the default
        self.debug = False
        self.told_of_rules = False  # a command that shows what rules did says so
        self._engine: RuleEngine | None = None

    @cached_property
    def found_settings(self) -> Found:
        """Which settings file is in effect, and how it was found; it is not read yet."""
        from scorecli.settings.locations import find_settings

        return find_settings(self.config, self.db, os.environ, Path.cwd())

    @cached_property
    def settings(self) -> Settings:
        """The settings in effect; raises BrokenSettings, SettingsMissing, SettingsUnreadable."""
        from scorecli.settings import load

        return load(self.found_settings)

    @cached_property
    def database_path(self) -> str:
        """The path of the database in effect, whether it exists or not."""
        named = self.db or os.environ.get("SCORECLI_DB")
        if not named:
            from scorecli.settings import database_path

            named = database_path(self.settings, None, os.environ)
        return named.removeprefix("sqlite:///") if named != "sqlite:///" else named

    @cached_property
    def who(self) -> str:
        """Who does this: --as, else SCORECLI_USER, else the login name."""
        named = self.as_name or os.environ.get("SCORECLI_USER") or _login_name()
        return named.strip() or "unknown"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The settings' time zone."""
        from scorecli.domain.zones import resolve_zone

        return resolve_zone(self.settings.display.time_zone)

    @property
    def now(self) -> int:
        """The current time in Unix seconds."""
        return int(self.clock())

    @property
    def today(self) -> date:
        """The current day in the settings' time zone."""
        from scorecli.domain.days import local_day

        return local_day(self.now, self.zone)

    @cached_property
    def command_line(self) -> str:
        """What the person typed, as it could be typed again; the history keeps it."""
        words = ["scorecli", *self.arguments]
        if all(map(_is_plain_word, words)):
            return " ".join(words)
        import shlex  # most commands have nothing to quote, and its pattern takes time at start

        from scorecli.render.sanitise import encodable

        return encodable(shlex.join(words))

    @property
    def author(self) -> Author:
        """Who does this and by which command, as the history keeps it."""
        from scorecli.storage.changes import Author

        return Author(self.command_line, self.who)

    def reader(self) -> Database:
        """Open the database to read; it must exist. Use as a context manager."""
        from scorecli.storage.database import open_to_read

        return open_to_read(self.database_path)

    def writer(self, *, create: bool = True) -> Database:
        """Open the database to write, as a context manager; make it where there is none.

        Without ``create`` a missing one raises NoDatabase, as for reading.
        """
        from scorecli.storage.database import open_to_write

        self._warn_of_network_drive()
        return self._with_rules(
            open_to_write(
                self.database_path,
                wait=self.patience,
                on_wait=self.say_who_holds_the_lock,
                create=create,
            )
        )

    @contextmanager
    def new_writer(self) -> Iterator[Database]:
        """Build a new database where there is none; it appears when the context manager ends."""
        from scorecli.storage.built_aside import built_aside

        self._warn_of_network_drive()
        with built_aside(self.database_path) as db:
            yield self._with_rules(db)

    def _warn_of_network_drive(self) -> None:
        from scorecli.storage.network_drive import network_file_system

        kind = network_file_system(self.database_path)
        if kind is not None:
            self.notice(
                f"{self.database_path} is on a network drive ({kind}), where two writers at once"
                " can damage it. Keep it on a local disk."
            )

    def scratch_writer(self) -> Database:
        """Open the database for a dry run: where there is none, one that leaves no trace."""
        if Path(self.database_path).exists():
            return self.writer(create=False)
        from scorecli.storage.database import open_in_memory

        return self._with_rules(open_in_memory())

    @property
    def rule_engine(self) -> RuleEngine:
        """The rules of the settings, ready to fire."""
        if self._engine is None:
            from scorecli.cli.selecting import filter_context
            from scorecli.services.rule_engine import RuleEngine

            self._engine = RuleEngine(self.settings, filter_context(self), self.now)
        return self._engine

    def _with_rules(self, db: Database) -> Database:
        if self.settings.rules:
            db.on_written = self.rule_engine
        return db

    def tell_of_rules(self) -> None:
        """Say which rules fired in this run, if any did."""
        if self._engine is not None and not self.told_of_rules:
            for line in self._engine.lines():
                self.notice(line)

    @property
    def patience(self) -> float:
        """How many seconds to wait for another writer."""
        from scorecli.storage.database import DEFAULT_WAIT

        return DEFAULT_WAIT if self.wait is None else self.wait

    def notice(self, text: str) -> None:
        """Say something on stderr that is not data; --quiet silences it."""
        if not self.quiet:
            from scorecli.cli.diagnostics import say

            say(text)

    def progress(self, label: str, unit: str = "rows") -> Progress:
        """Return a progress line for a long command. Use as a context manager."""
        from scorecli.cli.progress import Progress

        return Progress(label, quiet=self.quiet, unit=unit)

    def show(
        self,
        result: Result,
        output_format: str | None = None,
        output: Path | None = None,
        *,
        excel_safe: bool = False,
    ) -> None:
        """Write ``result`` to stdout, or to the file ``output``; then its notices to stderr.

        Without a format a terminal gets a table, a pipe plain text, and a file what its ending
        says. A table that is longer than the terminal goes through the pager.
        """
        from scorecli.render.output import write, write_file

        style = self.style(excel_safe=excel_safe)
        if output is not None and str(output) != "-":
            rows = write_file(result, output_format, output, style=style)
        elif self._may_page(output_format, style):
            from scorecli.cli.pager import write_paged

            rows = write_paged(result, output_format, style)
        else:
            rows = write(result, output_format, sys.stdout, style=style)
        if not rows and style.is_terminal and output_format in (None, "table"):
            self.notice("Nothing found.")  # an empty table is not drawn
        if result.notices:
            sys.stdout.flush()  # or they come first where both streams end in one file
        for text in result.notices:
            self.notice(text)

    def style(self, *, excel_safe: bool = False) -> Style:
        """Return how output on stdout should look."""
        from scorecli.render.style import style_of

        display = self.settings.display
        return style_of(
            sys.stdout,
            color=self.color,
            ascii_only=self.ascii or display.ascii,
            stars=display.stars,
            excel_safe=excel_safe,
        )

    @property
    def can_ask(self) -> bool:
        """Whether a question would reach a person."""
        return not self.no_input and sys.stdin.isatty()

    def confirm(self, question: str, *, yes: bool = False) -> None:
        """Return when the person agrees or ``yes`` was passed.

        Raises CannotAsk where nobody can be asked, NotConfirmed where the answer is anything but
        yes.
        """
        if yes:
            return
        if not self.can_ask:
            raise errors.command_line.CannotAsk(question)
        from scorecli.cli.diagnostics import say

        say(f"{question} [y/N] ", end="")
        answer = sys.stdin.readline()
        if not answer.endswith("\n"):
            say("")  # the end of input leaves the cursor behind the question
        if answer.strip().casefold() not in ("y", "yes"):
            raise errors.command_line.NotConfirmed

    def _may_page(self, output_format: str | None, style: Style) -> bool:
        return style.is_terminal and output_format in (None, "table") and self.settings.display.page

    def say_who_holds_the_lock(self, holder: str | None) -> None:
        """Tell the person that another process writes, and which, where that is known."""
        held = f"held by {holder}" if holder else "locked"
        self.notice(f"Waiting: {self.database_path} is {held}.")


def _is_plain_word(word: str) -> bool:
    """Tell whether a word needs no quotes in any shell."""
    plain = word.translate(_PUNCTUATION)
    return plain.isascii() and plain.isalnum()


def _login_name() -> str:
    for name in ("LOGNAME", "USER", "USERNAME"):
        if os.environ.get(name):
            return os.environ[name]
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, AttributeError):
        return "unknown"
