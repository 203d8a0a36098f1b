"""The rows about campaigns and the do-not-call list, measured on a million records and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from bench.comparisons import Comparison, Sizes
from bench.measure import Command, Side, output_of
from bench.peers import DURABLE
from bench.workshop import Say, Workshop, remove_database

_CAMPAIGN = "Spring"
_AREAS = (202, 206, 212, 305, 312, 415, 617, 713)
# Country code, start of a mobile or fixed line, and how many digits go on freely.
_ABROAD = (
    ("44", "7400", 6),
    ("44", "2079", 6),
    ("49", "1511", 7),
    ("49", "3012", 6),
    ("33", "612", 6),
    ("61", "412", 6),
    ("55", "1196", 7),
    ("91", "9876", 6),
    ("39", "06", 8),
)
_INDEX = "CREATE INDEX ix_do_not_call_number ON numbers (phone);\n"


class CampaignRows:
    """Makes the comparisons; ``scoring`` scores one call of the large call log."""

    def __init__(
        self, workshop: Workshop, sizes: Sizes, say: Say, scoring: Callable[[int], Command]
    ) -> None:
        self._shop = workshop
        self._tools = workshop.tools
        self._sizes = sizes
        self._say = say
        self._scoring = scoring

    def names(self) -> dict[str, Callable[[], Comparison]]:
        """Return every comparison by its name, to be made when it is its turn."""
        return {
            "next": self.next,
            "queue": self.queue,
            "dnc-import": self.dnc_import,
            "dnc-import-abroad": self.dnc_import_abroad,
        }

    def next(self) -> Comparison:
        """The next record to call against scoring one call."""
        return self._against_score("next", "campaigns", "next", _CAMPAIGN)

    def queue(self) -> Comparison:
        """The first fifty records of the queue against scoring one call."""
        return self._against_score("queue", "campaigns", "queue", _CAMPAIGN, "--limit", "50")

    def dnc_import(self) -> Comparison:
        """A list of North American numbers against the sqlite3 shell."""
        count = self._sizes.calls
        what = f"scorecli dnc import, {count:,} numbers, half of them national"
        return self._import("dnc-import", what, 2.5, self._numbers(count))

    def dnc_import_abroad(self) -> Comparison:
        """A list of numbers of other countries against the sqlite3 shell."""
        count = self._sizes.calls
        what = f"scorecli dnc import, {count:,} numbers of {len(_ABROAD)} other countries"
        return self._import("dnc-import-abroad", what, 2.5, self._numbers_abroad(count))

    def _import(self, name: str, what: str, at_most: float, file: Path) -> Comparison:
        new = self._shop.folder / "measured-dnc.db"
        peer = self._shop.folder / "measured-peer-dnc.db"
        script = f'{DURABLE}.mode csv\n.import "{file}" numbers\n{_INDEX}'
        ours = Command([*self._tools.scorecli, "--db", str(new), "dnc", "import", str(file)])
        theirs = Command([*self._tools.sqlite3, str(peer)], stdin=script)
        return Comparison(
            name,
            what,
            "sqlite3 .import of the same file, then the same index",
            at_most,
            Side(lambda _: [ours], lambda: remove_database(new)),
            Side(lambda _: [theirs], lambda: remove_database(peer)),
        )

    def _against_score(self, name: str, *words: str) -> Comparison:
        records = self._sizes.calls
        database = self._database(records)
        ours = Command([*self._tools.scorecli, "--db", str(database), *words])
        return Comparison(
            name,
            f"scorecli {' '.join(words)}, {records:,} records",
            f"scorecli score, one call of {records:,}",
            1.2,
            Side(lambda _: [ours]),
            Side(lambda number: [self._scoring(number)]),
        )

    def _database(self, records: int) -> Path:
        """Return a database with a campaign of so many records; it is made once."""
        path = self._shop.folder / f"campaign-{records}-{self._shop.version}.db"
        if not path.exists():
            self._say(f"Loading {records:,} records into a campaign ...")
            part = self._shop.folder / "part.db"
            remove_database(part)
            load = ["load", _CAMPAIGN, str(self._numbers(records)), "--list", "all"]
            for words in (["add", _CAMPAIGN], load):
                command = [*self._tools.scorecli, "--db", str(part), "campaigns", *words]
                output_of(Command(command), self._shop.folder)
            part.rename(path)
        return path

    def _numbers(self, count: int) -> Path:
        return self._file(f"numbers-{count}.csv", _lines(count))

    def _numbers_abroad(self, count: int) -> Path:
        return self._file(f"numbers-abroad-{count}.csv", _lines_abroad(count))

    def _file(self, name: str, lines: Iterator[str]) -> Path:
        path = self._shop.folder / name
        if not path.exists():
            with path.open("w", encoding="utf-8") as file:
                file.write("phone\n")
                file.writelines(lines)
        return path


def _lines(count: int) -> Iterator[str]:
    """Yield different numbers, by turns in E.164 and as people write them."""
    for number in range(count):
        area = _AREAS[number % len(_AREAS)]
        rest = number // len(_AREAS) * 7919 % 8_000_000 + 2_000_000
        if number % 2:
            yield f"+1{area}{rest}\n"
        else:
            yield f"({area}) {rest // 10_000}-{rest % 10_000:04}\n"


def _lines_abroad(count: int) -> Iterator[str]:
    """Yield different valid numbers of other countries, half of them with blanks."""
    for number in range(count):
        code, start, digits = _ABROAD[number % len(_ABROAD)]
        rest = f"{number // len(_ABROAD) * 7919 % 10**digits:0{digits}}"
        yield f"+{code}{start}{rest}\n" if number % 2 else f"+{code} {start} {rest}\n"
