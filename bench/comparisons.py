"""Every promise about speed as two sides to measure, and what their ratio may be at most."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.measure import Command, CommandFailed, Pair, Side, output_of, run
from bench.peers import DURABLE, attribution_script, import_script, report_queries, same_indexes
from bench.ten_rules import TEN_RULES
from bench.workshop import Say, Workshop, copy_database, remove_database

_LISTED = 50
_TAG = "x"  # in no generated log, so that scoring a call for the first time changes it


class Sizes(NamedTuple):
    """How many calls the large and the small database have, and how many scores a file."""

    calls: int = 1_000_000
    small: int = 100_000
    scores: int = 10_000


class Comparison(NamedTuple):
    """One row of the table of promises.

    ``at_most`` bounds the median ratio of ``of``: seconds on the clock or peak memory. ``notes``
    say what the peer does, where that is not plain from ``against``.
    """

    name: str
    what: str
    against: str
    at_most: float | None
    ours: Side
    theirs: Side
    of: str = "wall"
    notes: tuple[str, ...] = ()

    def ratio(self, pair: Pair) -> float:
        """Return how many times the peer's cost ours is."""
        return float(getattr(pair.ours, self.of) / getattr(pair.theirs, self.of))


class Builder:
    """Makes comparisons on the databases of a workshop."""

    def __init__(self, workshop: Workshop, sizes: Sizes, say: Say) -> None:
        self._shop = workshop
        self._tools = workshop.tools
        self._sizes = sizes
        self._say = say

    def names(self) -> dict[str, Callable[[], Comparison]]:
        """Return every comparison by its name, to be made when it is its turn."""
        from bench.campaigns import CampaignRows  # which makes comparisons too

        campaigns = CampaignRows(self._shop, self._sizes, self._say, self._scoring_any)
        return {
            "score": self.score,
            "list": self.list_on_terminal,
            "list-piped": self.list_piped,
            "completion": self.completion,
            "import": self.import_large,
            "import-small": self.import_small,
            "report": self.report,
            "report-started": self.report_after_full_start,
            "memory": self.memory,
            "score-from": self.score_from,
            "attribute": self.attribute,
            "rules": self.rules,
            **campaigns.names(),
        }

    def score(self) -> Comparison:
        """Scoring one call against one update."""
        database, peer = self._databases()
        first = self._fresh_call()

        def theirs(number: int) -> list[Command]:
            update = "UPDATE calls SET Rating = '4' WHERE rowid = :id"
            words = ["query", str(peer), update, "-p", "id", str(first + number)]
            return [Command([*self._tools.sqlite_utils, *words])]

        return Comparison(
            "score",
            f"scorecli score 123 --stars 4 --tag x ({self._sizes.calls:,} calls)",
            "sqlite-utils, one UPDATE by row number in a table of the same calls",
            0.6,
            Side(lambda number: [self._scoring(database, first + number)]),
            Side(theirs),
        )

    def list_on_terminal(self) -> Comparison:
        """Listing on a terminal, where both draw a table of fifty rows."""
        return self._list("list", terminal=True)

    def list_piped(self) -> Comparison:
        """Listing into a pipe, fifty rows."""
        return self._list("list-piped", terminal=False)

    def completion(self) -> Comparison:
        """Completing a tag."""
        database = self._shop.database(self._sizes.calls)
        line = "scorecli score 12 --tag q"
        ours = Command(
            self._tools.scorecli,
            env={
                "_SCORECLI_COMPLETE": "complete_bash",
                "_SCORECLI_LINE": line,
                "SCORECLI_DB": str(database),
            },
        )
        theirs = Command(
            [*self._tools.python, "-c", "from minimal_completion import main; main()"],
            env={
                "_MINIMAL_COMPLETE": "complete_bash",
                "COMP_WORDS": line.replace("scorecli", "minimal"),
                "COMP_CWORD": "4",
                "BENCH_DB": str(database),
            },
        )
        answers = [output_of(each, self._shop.folder).split() for each in (ours, theirs)]
        if answers[0] != answers[1] or not answers[0]:
            raise CommandFailed(f"Both sides must complete the same tags, not {answers}.")
        return Comparison(
            "completion",
            "completion of a tag",
            "a minimal Typer program that runs the same SELECT",
            1.5,
            Side(lambda _: [ours]),
            Side(lambda _: [theirs]),
        )

    def import_large(self) -> Comparison:
        """Importing the large log against the sqlite3 shell."""
        log = self._shop.log(self._sizes.calls)
        new, peer_new = self._new("import"), self._new("peer-import")
        shell = Command(
            [*self._tools.sqlite3, str(peer_new)], stdin=import_script(log, self._shop.schema)
        )
        return Comparison(
            "import",
            f"scorecli calls import, {self._sizes.calls:,} rows",
            "sqlite3 .import of the same file, then the same indexes",
            2.5,
            self._importing(self._sizes.calls, new),
            Side(lambda _: [shell], lambda: remove_database(peer_new)),
            notes=tuple(same_indexes(self._shop.schema)),
        )

    def import_small(self) -> Comparison:
        """Importing the small log against sqlite-utils."""
        log = self._shop.log(self._sizes.small)
        new, peer_new = self._new("import"), self._new("peer-import")
        shop = self._shop

        def prepare_peer() -> None:
            remove_database(peer_new)
            output_of(Command([*self._tools.sqlite3, str(peer_new)], stdin=DURABLE), shop.folder)

        words = ["insert", str(peer_new), "calls", str(log), "--csv", "--pk", "Call ID"]
        insert = Command([*self._tools.sqlite_utils, *words])
        return Comparison(
            "import-small",
            f"scorecli calls import, {self._sizes.small:,} rows",
            "sqlite-utils insert --csv --pk",
            0.1,
            self._importing(self._sizes.small, new),
            Side(lambda _: [insert], prepare_peer),
        )

    def report(self) -> Comparison:
        """The conversion report against start-up and the fastest statement known."""
        return self._report("report", 1.1, "--version")

    def report_after_full_start(self) -> Comparison:
        """The same against a start-up that loads what every command but --version does."""
        return self._report("report-started", None, "completion", "bash")

    def _report(self, name: str, at_most: float | None, *start: str) -> Comparison:
        database = self._shop.database(self._sizes.calls)
        words = ["--db", str(database), "report", "conversions", "--by", "source"]
        ours = Command([*self._tools.scorecli, *words])
        fastest, query = self._fastest(database)
        started = Command([*self._tools.scorecli, *start])
        shown = " ".join(start)
        return Comparison(
            name,
            f"scorecli report conversions --by source, {self._sizes.calls:,} calls",
            f"scorecli {shown}, then the fastest SQL known ({fastest}) in the sqlite3 shell",
            at_most,
            Side(lambda _: [ours]),
            Side(lambda _: [started, query]),
        )

    def memory(self) -> Comparison:
        """The memory of an import against that of a tenth of the rows."""
        return self.memory_of(self._sizes.calls, self._sizes.calls // 10)

    def memory_of(self, more: int, fewer: int) -> Comparison:
        """The memory of an import against that of a smaller one."""
        new = self._new("import")
        return Comparison(
            "memory" if more == self._sizes.calls else "memory-large",
            f"peak memory of scorecli calls import, {more:,} rows",
            f"the same, {fewer:,} rows",
            1.2,
            self._importing(more, new),
            self._importing(fewer, new),
            of="memory",
            notes=("It must stay below 200 MB as well.",),
        )

    def score_from(self) -> Comparison:
        """Scoring from a file against scoring one call."""
        database = self._shop.database(self._sizes.calls)
        scores = min(self._sizes.scores, self._sizes.calls // 2)
        # Alternating ratings, so that every repetition changes every call.
        files = [self._scores(scores, stars) for stars in (1, 2)]
        first = self._fresh_call()

        def ours(number: int) -> list[Command]:
            words = ["--db", str(database), "score", "--from", str(files[number % 2])]
            return [Command([*self._tools.scorecli, *words])]

        return Comparison(
            "score-from",
            f"scorecli score --from, {scores:,} rows",
            "scorecli score, one call",
            None,
            Side(ours),
            Side(lambda number: [self._scoring(database, first + number)]),
            notes=("It may take about a second more than one score.",),
        )

    def attribute(self) -> Comparison:
        """Attributing every call against one update in the sqlite3 shell."""
        calls = self._sizes.calls
        source = self._shop.database_with_users(calls)
        database, peer = self._new("attribute"), self._new("peer-attribute")
        ours = Command([*self._tools.scorecli, "--db", str(database), "calls", "attribute"])
        theirs = Command([*self._tools.sqlite3, str(peer)], stdin=attribution_script())
        return Comparison(
            "attribute",
            f"scorecli calls attribute, {calls:,} calls of 500 agents, in one undoable change",
            "sqlite3, UPDATE call SET user_id = (look-up), without any history",
            3.0,
            Side(lambda _: [ours], lambda: copy_database(source, database)),
            Side(lambda _: [theirs], lambda: copy_database(source, peer)),
        )

    def rules(self) -> Comparison:
        """An import that sets off ten rules against the same without rules."""
        calls = self._sizes.calls
        log, database, peer = self._shop.log(calls), self._new("import"), self._new("peer-import")
        settings = [self._settings(name, text) for name, text in (("ten", TEN_RULES), ("no", ""))]

        def importing(place: Path, file: Path) -> Side:
            words = ["--db", str(place), "--config", str(file), "-q", "calls", "import", str(log)]
            command = Command([*self._tools.scorecli, *words])
            return Side(lambda _: [command], lambda: remove_database(place))

        return Comparison(
            "rules",
            f"scorecli calls import, {calls:,} rows, with ten rules, one of which holds"
            " for one call in a hundred",
            "the same without rules",
            1.5,
            importing(database, settings[0]),
            importing(peer, settings[1]),
            of="cpu",
        )

    def _settings(self, name: str, text: str) -> Path:
        path = self._shop.folder / f"{name}-rules.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def _list(self, name: str, *, terminal: bool) -> Comparison:
        database, peer = self._databases()
        limit = [] if terminal else ["--limit", str(_LISTED)]
        ours = Command(
            [*self._tools.scorecli, "--db", str(database), "calls", "list", *limit],
            terminal=terminal,
        )
        words = ["rows", str(peer), "calls", "--limit", str(_LISTED), "-t"]
        theirs = Command([*self._tools.sqlite_utils, *words], terminal=terminal)
        where = "on a terminal" if terminal else "in a pipe"
        return Comparison(
            name,
            f"scorecli calls list, {_LISTED} of {self._sizes.calls:,} calls, {where}",
            f"sqlite-utils rows --limit {_LISTED} -t, {where}",
            0.8,
            Side(lambda _: [ours]),
            Side(lambda _: [theirs]),
        )

    def _databases(self) -> tuple[Path, Path]:
        calls = self._sizes.calls
        return self._shop.database(calls), self._shop.peer_database(calls)

    def _new(self, name: str) -> Path:
        return self._shop.folder / f"measured-{name}.db"

    def _importing(self, calls: int, database: Path) -> Side:
        log = self._shop.log(calls)
        return Side(lambda _: [self._import(log, database)], lambda: remove_database(database))

    def _import(self, log: Path, database: Path) -> Command:
        words = ["--db", str(database), "--quiet", "calls", "import", str(log)]
        return Command([*self._tools.scorecli, *words])

    def _scoring(self, database: Path, call: int) -> Command:
        number = str(call % self._sizes.calls + 1)
        words = ["--db", str(database), "score", number, "--stars", "4", "--tag", _TAG]
        return Command([*self._tools.scorecli, *words])

    def _scoring_any(self, number: int) -> Command:
        return self._scoring(self._shop.database(self._sizes.calls), self._fresh_call() + number)

    def _fresh_call(self) -> int:
        # Another start in every run, so that each scoring changes something.
        return int(time.time()) * 97 % max(1, self._sizes.calls - 100)

    def _scores(self, count: int, stars: int) -> Path:
        path = self._shop.folder / f"scores-{count}-{stars}.csv"
        lines = (f"{call},{stars}\n" for call in range(1, count + 1))
        path.write_text("call,stars\n" + "".join(lines), encoding="utf-8")
        return path

    def _fastest(self, database: Path) -> tuple[str, Command]:
        """Return the statement that takes the sqlite3 shell the least time, median of five."""
        timed: dict[str, tuple[float, Command]] = {}
        for name, sql in report_queries(probes(self._tools.python, self._shop.folder)).items():
            words = [*self._tools.sqlite3, "-readonly", str(database)]
            command = Command(words, stdin=sql)
            walls = [run(command, self._shop.folder).wall for _ in range(5)]
            timed[name] = (statistics.median(walls), command)
        for name, (seconds, _) in timed.items():
            self._say(f"  {name} SQL: {seconds:.3f} s")
        name = min(timed, key=lambda each: timed[each][0])
        return name, timed[name][1]


def probes(python: Sequence[str], folder: Path) -> str | None:
    """Return the statement of the installed scorecli; None where it has none of that kind."""
    code = "from scorecli.reports.tallies import by_source_sql; print(by_source_sql())"
    try:
        return output_of(Command([*python, "-c", code]), folder)
    except CommandFailed:
        return None


def difference(pairs: Sequence[Pair]) -> float:
    """Return how many seconds longer ours takes, in the middle of the pairs."""
    return statistics.median(pair.ours.wall - pair.theirs.wall for pair in pairs)


def sizes_on_disk(workshop: Workshop, calls: int) -> Mapping[str, float]:
    """Return how many bytes of each side's database one call takes."""
    return {
        "scorecli": workshop.database(calls).stat().st_size / calls,
        "sqlite3": workshop.peer_database(calls).stat().st_size / calls,
    }
