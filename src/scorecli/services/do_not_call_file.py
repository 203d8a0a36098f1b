"""Putting the numbers of a file on the do-not-call list: all that can be read, as one change."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO, NamedTuple, cast

from scorecli.domain.phones import Phones
from scorecli.errors.do_not_call import NoNumberColumn, NoPhoneNumber
from scorecli.readers.call_columns import field_by_name, plain_name
from scorecli.readers.rejects import RejectsFile
from scorecli.readers.rows import Batch, RowProblem
from scorecli.readers.table import Table, open_table
from scorecli.services.do_not_call import Wish
from scorecli.services.record_states import keep_records
from scorecli.settings import Settings
from scorecli.storage.batches import record_batch
from scorecli.storage.campaigns import find_campaign
from scorecli.storage.changes import Author, Change
from scorecli.storage.database import Database
from scorecli.storage.do_not_call import ADDED

_NUMBERS = ("number", "phone", "telephone", "telephone number", "mobile", "mobile number", "msisdn")
_INDEX = "ix_do_not_call_number"
# Of the rows of one number from :first on, all but the first one. The index alone finds them.
_DROP_REPEATED = (
    "DELETE FROM do_not_call WHERE id >= :first AND number IN ("
    "SELECT number FROM do_not_call WHERE id >= :first GROUP BY number HAVING count(*) > 1)"
    " AND id > (SELECT min(d.id) FROM do_not_call AS d"
    " WHERE d.number = do_not_call.number AND d.id >= :first)"
)
_TOGETHER = 50  # rows inserted by one statement; more of them gain nothing
_BYTES_A_ROW = 14  # of a file of numbers
_READ = 1 << 20
_ROWS = 5_000  # of the file in one go; they are short


class ImportedNumbers(NamedTuple):
    """What became of the rows; ``read`` is the sum of the four that follow it.

    ``unchanged`` were on the list already, ``repeated`` stand earlier in the file. ``closed``
    counts records that are not called any more.
    """

    read: int
    added: int
    unchanged: int
    repeated: int
    rejected: int
    rejects_file: str | None
    closed: int
    change: int | None


class FileOfNumbers(NamedTuple):
    """What is to be read: ``column`` names that of the numbers where names alone do not."""

    path: str
    column: str | None = None
    rejects: str | None = None


def import_numbers(
    open_database: Callable[[], Database],
    settings: Settings,
    file: FileOfNumbers,
    wish: Wish,
    *,
    author: Author,
    dry_run: bool,
    notice: Callable[[str], None],
    progress: Callable[[int, float | None], None],
) -> ImportedNumbers:
    """Put the numbers of a file on the do-not-call list; the same file twice changes nothing.

    A column ``reason`` says why, else ``wish.reason`` does. Raises :class:`NoNumberColumn`,
    :class:`UnknownCampaign` and what refuses a file as a whole.
    """
    table = open_table(file.path)
    rejected = RejectsFile(table.name, given=file.rejects, dry=dry_run)
    try:
        for text in table.notices:
            if table.header != ["column_1"]:  # a bare list of numbers needs no names
                notice(text)
        with tempfile.TemporaryFile() as spool:
            numbers = _Numbers(spool)
            read = 0
            phones = Phones(settings.phone.region)
            for batch in table.batches(_ROWS) if table.kind != "empty" else ():
                read += len(batch.lines) + len(batch.problems)
                _spool(table, batch, file.column, phones, numbers, rejected)
                done, total = table.progress()
                progress(read, done / total if total else None)
            written = rejected.close()  # complete on disk before the change is committed
            with open_database() as db:
                db.execute("PRAGMA foreign_keys = OFF")  # all that is pointed at was looked up
                db.execute("PRAGMA cache_size = -65536")  # KiB; building the index sorts in memory
                with db.change(*author, origin="import", dry_run=dry_run) as change:
                    campaign = None if wish.campaign is None else find_campaign(db, wish.campaign)
                    scope = None if campaign is None else campaign.id
                    counts = _write(db, change, scope, wish.reason, numbers)
                    closed = keep_records(db, change)
        return ImportedNumbers(
            read,
            *counts,
            rejected.count,
            None if written is None else str(written),
            closed,
            None if dry_run else change.number,
        )
    except BaseException:
        rejected.discard()
        raise
    finally:
        table.close()


class _Numbers:
    """Numbers with their reasons, kept in a file without a name until they are written."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self.count = 0

    def add(self, lines: Sequence[str]) -> None:
        """Keep lines of a number, or of a number, a tab and a reason."""
        if lines:
            self._spool.write(("\n".join(lines) + "\n").encode())
            self.count += len(lines)

    def read(self) -> Iterator[list[str]]:
        """Yield what was kept, many lines at a time."""
        self._spool.seek(0)
        while part := self._spool.read(_READ) + self._spool.readline():
            yield part.decode().split("\n")[:-1]


def _spool(
    table: Table,
    batch: Batch,
    column: str | None,
    phones: Phones,
    numbers: _Numbers,
    rejects: RejectsFile,
) -> None:
    place, reason = _places(table, batch.header, column)
    if not batch.lines:
        for bad in batch.problems:
            rejects.write(bad, batch.header)
        return
    texts = batch.columns[place]
    found = phones.column(texts)
    problems = list(batch.problems)
    if None not in found and reason is None and not problems:  # nearly always
        numbers.add(cast(list[str], found))
        return
    if None in found:
        found = [
            number or phones.comparable(text) for number, text in zip(found, texts, strict=True)
        ]
        problems += [
            RowProblem(line, batch.header[place], NoPhoneNumber(cells[place]).message, cells)
            for line, cells, number in zip(batch.lines, batch.rows, found, strict=True)
            if number is None
        ]
    for bad in sorted(problems, key=lambda each: each.line):
        rejects.write(bad, batch.header)
    if reason is None:
        numbers.add([number for number in found if number is not None])
        return
    numbers.add(
        [
            f"{number}\t{' '.join(cells[reason].split())}" if cells[reason].strip() else number
            for number, cells in zip(found, batch.rows, strict=True)
            if number is not None
        ]
    )


def _places(table: Table, header: Sequence[str], column: str | None) -> tuple[int, int | None]:
    """Return where the numbers and the reasons stand; raises :class:`NoNumberColumn`."""
    plain = [plain_name(name) for name in header]
    reason = plain.index("reason") if "reason" in plain else None
    if column is not None:
        for wanted, names in ((column, list(header)), (plain_name(column), plain)):
            if wanted in names:
                return names.index(wanted), reason
        raise NoNumberColumn(table.name, ", ".join(header[:20]))
    for name in _NUMBERS:
        if name in plain:
            return plain.index(name), reason
    known = field_by_name()
    for place, name in enumerate(plain):
        if known.get(name) == "contact_number":
            return place, reason
    if len(header) == 1:
        return 0, None
    raise NoNumberColumn(table.name, ", ".join(header[:20]))


def _write(
    db: Database, change: Change, campaign: int | None, reason: str | None, numbers: _Numbers
) -> tuple[int, int, int]:
    """Write the rows; return how many are new, on the list already, and repeated in the file."""
    if not numbers.count:
        return 0, 0, 0
    first = 1 + int(db.one("SELECT max(id) FROM do_not_call") or 0)
    last = first + numbers.count - 1
    # The change enters the history only where a row of it remains, and has the next number then.
    number = 1 + int(db.one("SELECT max(id) FROM change") or 0)
    _insert(db, (campaign, ADDED, reason and (reason.strip() or None)), number, numbers, first)
    params = {"first": first, "campaign": campaign}
    repeated = db.execute(_DROP_REPEATED, {"first": first}).rowcount
    unchanged = 0
    if first > 1:
        unchanged = db.execute(
            "DELETE FROM do_not_call WHERE id >= :first AND 'added' = ("
            "SELECT d.action FROM do_not_call AS d JOIN change AS ch ON ch.id = d.added_in"
            " WHERE d.number = do_not_call.number AND d.id < :first AND ch.undone_by IS NULL"
            " AND COALESCE(d.campaign_id, 0) = COALESCE(:campaign, 0)"
            " ORDER BY d.id DESC LIMIT 1)",
            params,
        ).rowcount
    added = numbers.count - repeated - unchanged
    if added:
        assert change.id == number  # noqa: S101  # nobody else writes meanwhile
        record_batch(db, change, "do_not_call", first, last)
        change.summary["inserted"] = added
    return added, unchanged, repeated


def _insert(
    db: Database,
    row: tuple[int | None, str, str | None],
    change: int,
    numbers: _Numbers,
    first: int,
) -> None:
    campaign, action, reason = row
    # Where most of the rows are new, building the index once costs less than growing it.
    sql = db.one("SELECT sql FROM sqlite_master WHERE name = :name", {"name": _INDEX})
    anew = numbers.count > first
    if anew:
        db.execute(f"DROP INDEX {_INDEX}")
    into = "INSERT INTO do_not_call (number, campaign_id, action, reason, added_in) VALUES "
    scope = "NULL" if campaign is None else f"{campaign:d}"
    # What is the same in all rows is no parameter of each: binding is what costs time.
    same = ", ".join([f"(?, {scope}, '{action}', NULL, {change:d})"] * _TOGETHER)
    one = into + f"(?, {scope}, '{action}', ?, {change:d})"
    for lines in numbers.read():
        plain = [] if reason else [line for line in lines if "\t" not in line]
        whole = len(plain) // _TOGETHER * _TOGETHER
        db.executemany(into + same, zip(*[iter(plain[:whole])] * _TOGETHER, strict=True))
        rest = plain[whole:] + (lines if reason else [line for line in lines if "\t" in line])
        split = (line.partition("\t") for line in rest)
        db.executemany(one, [(number, said or reason) for number, _, said in split])
    if anew:
        db.execute(str(sql))
