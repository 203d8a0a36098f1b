"""Adding and changing users from a file: one change, bad rows in a rejects file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scorecli.domain.days import day_start, local_day, parse_day
from scorecli.domain.text import fold
from scorecli.domain.timestamps import TimeReader
from scorecli.domain.zones import resolve_zone
from scorecli.errors import ScorecliError
from scorecli.errors.users import AmbiguousUser, BadUser, BadUserFile
from scorecli.readers.call_columns import plain_name
from scorecli.readers.rejects import RejectsFile
from scorecli.readers.rows import Batch, RowProblem
from scorecli.readers.table import open_table
from scorecli.services.users import Backfill, UserWish, UserWriter, backfill
from scorecli.settings import Settings
from scorecli.storage.changes import Author
from scorecli.storage.database import Database

_COLUMNS = {
    "name": "name",
    "user": "name",
    "full name": "name",
    "user name": "name",
    "agent": "name",
    "agent name": "name",
    "email": "email",
    "e mail": "email",
    "email address": "email",
    "extension": "extension",
    "ext": "extension",
    "role": "role",
    "alias": "alias",
    "aliases": "alias",
    "from": "from",
    "active from": "from",
    "until": "until",
    "active until": "until",
}
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:")
_SEPARATORS = re.compile(r"[;|]")


class UserFileSummary(NamedTuple):
    """What became of the rows; ``read`` is the sum of the four that follow it.

    ``calls`` is how many calls that nobody had match now, ``assigned`` how many were assigned.
    """

    read: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: str | None
    calls: int
    assigned: int
    change: int | None


def import_users(
    open_database: Callable[[], Database],
    settings: Settings,
    path: str,
    *,
    rejects: str | None,
    author: Author,
    now: int,
    dry_run: bool,
    notice: Callable[[str], None],
) -> UserFileSummary:
    """Add and change the users that a file names, all good rows as one change.

    A row is the user with its e-mail address, else the one with its name; empty cells leave what
    is there, the word ``none`` removes it. ``now`` is UTC seconds. Raises :class:`BadUserFile` and
    what refuses a file as a whole.
    """
    table = open_table(path)
    rejected = RejectsFile(table.name, given=rejects, dry=dry_run)
    try:
        for text in table.notices:
            notice(text)
        zone = resolve_zone(settings.display.time_zone)
        with open_database() as db, db.change(*author, dry_run=dry_run) as change:
            run = _FileRun(UserWriter(db, change), rejected, zone, local_day(now, zone))
            for batch in table.batches() if table.kind != "empty" else ():
                run.add(batch)
            done = backfill(db, change, settings, now) if run.changed else Backfill()
            written = rejected.close()  # complete on disk before the change is committed
        return UserFileSummary(
            read=run.read,
            added=run.added,
            updated=run.updated,
            unchanged=run.unchanged,
            rejected=rejected.count,
            rejects_file=None if written is None else str(written),
            calls=done.calls,
            assigned=done.assigned,
            change=None if dry_run else change.number,
        )
    except BaseException:
        rejected.discard()
        raise
    finally:
        table.close()


class _FileRun:
    """Applies the rows of one table inside a change."""

    def __init__(
        self,
        writer: UserWriter,
        rejects: RejectsFile,
        zone: ZoneInfo,
        today: date,
    ) -> None:
        self._writer = writer
        self._rejects = rejects
        self._zone = zone
        self._today = today
        self.read = self.added = self.updated = self.unchanged = 0

    @property
    def changed(self) -> bool:
        """Whether any user was added or changed."""
        return bool(self.added or self.updated)

    def add(self, batch: Batch) -> None:
        """Add or change the users of a batch; its problems go to the rejects file."""
        places = _places(batch.header)
        self.read += len(batch.rows) + len(batch.problems)
        problems = list(batch.problems)
        for line, cells in zip(batch.lines, batch.rows, strict=True):
            try:
                self._write({field: cells[place].strip() for field, place in places.items()})
            except ScorecliError as error:
                field = getattr(error, "field", "name")
                column = batch.header[places[field]] if field in places else ""
                problems.append(RowProblem(line, column, str(error), cells))
        for bad in sorted(problems, key=lambda each: each.line):
            self._rejects.write(bad, batch.header)

    def _write(self, row: dict[str, str]) -> None:
        wish = self._wish(row)
        known = self._find(row.get("name", ""), row.get("email", ""))
        if known is None:
            self._writer.add(wish)
            self.added += 1
        elif self._writer.edit(known, wish).changed:
            self.updated += 1
        else:
            self.unchanged += 1

    def _wish(self, row: dict[str, str]) -> UserWish:
        def text(field: str) -> str | None:
            cell = row.get(field, "")
            return None if not cell else "" if fold(cell) == "none" else cell

        aliases = [part.strip() for part in _SEPARATORS.split(row.get("alias", "")) if part.strip()]
        return UserWish(
            name=row.get("name") or None,
            email=text("email"),
            extension=text("extension"),
            role=text("role"),
            active_from=self._moment(row.get("from", ""), "from", 0),
            active_until=self._moment(row.get("until", ""), "until", 1),
            add_aliases=tuple(aliases),
        )

    def _moment(self, cell: str, field: str, days: int) -> Any:
        if not cell:
            return None
        if fold(cell) == "none":
            return "none"
        try:
            if _MOMENT.match(cell):  # as `users list` writes them
                return TimeReader(self._zone).read(cell)
            day = parse_day(cell, self._today)
        except (ScorecliError, ValueError) as error:
            reason = str(error).rstrip(".")
            raise BadUser(field, cell, f"is no day: {reason}") from error
        return day_start(day + timedelta(days=days), self._zone)

    def _find(self, name: str, email: str) -> int | None:
        users = list(self._writer.people())
        if email:
            same = [user.id for user in users if user.email and fold(user.email) == fold(email)]
            if len(same) == 1:
                return same[0]
        named = [user for user in users if fold(user.name) == fold(name)]
        if len(named) > 1:
            raise AmbiguousUser(name, [(user.id, user.name) for user in named])
        for user in named:
            if not (email and user.email and fold(email) != "none"):
                return user.id
        return None


def _places(header: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        field = _COLUMNS.get(plain_name(name))
        if field is None:
            continue
        if field in places:
            raise BadUserFile(
                f"The columns `{header[places[field]]}` and `{name}` both mean {field};"
                " take one of them out."
            )
        places[field] = place
    if "name" not in places:
        raise BadUserFile("The file has no column `name`.")
    return places
