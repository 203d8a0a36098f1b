"""Attribution and undo over random sequences of commands.

After every command, nobody has a call whom it does not fit or to whom no person gave it. A recheck
leaves exactly what users and calls alone say, and undoing everything brings the beginning back.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scorecli.domain.attribution import Agent, Directory, Person
from scorecli.domain.whole_filter import Filter
from scorecli.errors import Refused
from scorecli.services.assigning import assign_calls, unassign_calls
from scorecli.services.attribution import attribute_calls
from scorecli.services.call_editing import delete_calls
from scorecli.services.undoing import undo
from scorecli.services.users import UserWish, add_user, edit_user, switch_users
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import open_in_memory
from scorecli.storage.lookups import Lookups
from scorecli.storage.maintenance import find_problems

NOW = 100
NAMES = ("Dana Reyes", "Reyes, Dana", "Lee Wong", "Dee")
AGENTS = (*NAMES, "Nobody", None)
EXTENSIONS = ("1", "2", None)
HOW: dict[str, Any] = {"author": Author("test", "tester")}

numbers = st.integers(1, 4)
moments = st.one_of(st.none(), st.just("none"), st.integers(0, NOW))
calls = st.sets(st.integers(1, 6), min_size=1, max_size=3).map(sorted)


class Attribution(RuleBasedStateMachine):
    """Users come, change and go; calls are attributed, assigned and taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.db = open_in_memory()
        self.settings = parse("")

    @initialize(
        agents=st.lists(
            st.tuples(
                st.sampled_from(AGENTS),
                st.sampled_from(EXTENSIONS),
                st.one_of(st.none(), st.integers(0, NOW)),
            ),
            min_size=6,
            max_size=6,
        ),
        backfill=st.booleans(),
    )
    def begin(
        self, agents: list[tuple[str | None, str | None, int | None]], backfill: bool
    ) -> None:
        self.settings = parse(f"[attribution]\nbackfill = {str(backfill).lower()}\n")
        lookups = Lookups(self.db)
        system = lookups.number("system", "test")
        for number, (name, extension, start) in enumerate(agents, 1):
            self.db.execute(
                "INSERT INTO call (id, system_id, identity, started_at, agent_id,"
                " agent_extension_id) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    number,
                    system,
                    b"%d" % number,
                    start,
                    name and lookups.number("agent", name),
                    extension and lookups.number("agent_extension", extension),
                ),
            )
        self.states = {0: self.state()}  # after each change

    @rule(
        name=st.sampled_from(NAMES),
        alias=st.lists(st.sampled_from(NAMES), max_size=1),
        extension=st.sampled_from(("1", "2", None)),
        start=st.one_of(st.none(), st.integers(0, NOW)),
    )
    def add(self, name: str, alias: list[str], extension: str | None, start: int | None) -> None:
        wish = UserWish(
            name, extension=extension, active_from=start, add_aliases=tuple(alias), namesake=True
        )
        self.run(lambda: add_user(self.db, self.settings, wish, now=NOW, **HOW))

    @rule(
        user=numbers,
        name=st.one_of(st.none(), st.sampled_from(NAMES)),
        extension=st.sampled_from(("1", "2", "", None)),
        add=st.lists(st.sampled_from(NAMES), max_size=1),
        drop=st.lists(st.sampled_from(NAMES), max_size=1),
        start=moments,
    )
    def edit(
        self,
        user: int,
        name: str | None,
        extension: str | None,
        add: list[str],
        drop: list[str],
        start: Any,
    ) -> None:
        wish = UserWish(
            name,
            extension=extension,
            active_from=start,
            add_aliases=tuple(add),
            drop_aliases=tuple(drop),
        )
        self.run(lambda: edit_user(self.db, self.settings, str(user), wish, now=NOW, **HOW))

    @rule(user=numbers, until=moments)
    def switch(self, user: int, until: Any) -> None:
        self.run(
            lambda: switch_users(self.db, self.settings, [str(user)], until=until, now=NOW, **HOW)
        )

    @rule(recheck=st.booleans())
    def attribute(self, recheck: bool) -> None:
        self.run(
            lambda: attribute_calls(self.db, Filter("calls", ()), now=NOW, recheck=recheck, **HOW)
        )
        before = self.history()
        again = attribute_calls(self.db, Filter("calls", ()), now=NOW, recheck=recheck, **HOW)
        assert again.change is None
        assert self.history() == before
        if recheck:
            for call, outcome in self.wanted().items():
                assert self.who(call) == (outcome.user, outcome.by)

    @rule(which=calls, user=numbers)
    def assign(self, which: list[int], user: int) -> None:
        self.run(lambda: assign_calls(self.db, which, str(user), **HOW))

    @rule(which=calls, for_good=st.booleans())
    def unassign(self, which: list[int], for_good: bool) -> None:
        self.run(lambda: unassign_calls(self.db, which, for_good=for_good, **HOW))

    @rule(which=calls)
    def delete(self, which: list[int]) -> None:
        self.run(lambda: delete_calls(self.db, which, **HOW))

    @rule(number=st.one_of(st.none(), st.integers(1, 20)))
    def undo(self, number: int | None) -> None:
        self.run(lambda: undo(self.db, number, **HOW))

    @rule()
    def undo_and_do_again(self) -> None:
        before = self.state()
        latest = self.history()
        if not latest:
            return
        undo(self.db, latest, **HOW)
        self.keep()
        undo(self.db, latest + 1, **HOW)
        assert self.state() == before
        self.keep()

    @invariant()
    def nobody_has_a_call_without_a_reason(self) -> None:
        if not hasattr(self, "states"):
            return
        assert find_problems(self.db) == []
        for user, by in self.db.rows("SELECT user_id, assigned_by FROM call"):
            assert user is None or by is not None
            assert user is not None or by in (None, "person")

    def teardown(self) -> None:
        """Undo every change, undos included, last one first: each brings back what was before."""
        if hasattr(self, "states"):
            for number in range(self.history(), 0, -1):
                undo(self.db, number, **HOW)
                assert self.state() == self.states[number - 1]
        self.db.close()

    def run(self, command: Any) -> None:
        before, changes = self.state(), self.history()
        try:
            command()
        except Refused:
            assert (self.state(), self.history()) == (before, changes)
        else:
            assert (self.history() == changes) == (self.state() == before)
        self.keep()

    def keep(self) -> None:
        self.states[self.history()] = self.state()

    def history(self) -> int:
        return self.db.one("SELECT max(id) FROM change") or 0

    def state(self) -> list[Any]:
        return [
            self.db.rows("SELECT id, user_id, assigned_by, removed FROM call ORDER BY id"),
            self.db.rows('SELECT * FROM "user" ORDER BY id'),
            self.db.rows("SELECT * FROM user_alias ORDER BY id"),
        ]

    def who(self, call: int) -> tuple[int | None, str | None]:
        (row,) = self.db.rows("SELECT user_id, assigned_by FROM call WHERE id = ?", (call,))
        return row[0], row[1]

    def wanted(self) -> dict[int, Any]:
        """Return what users and calls alone say of each live call that no person decided on."""
        aliases: dict[int, list[str]] = {}
        for user, alias in self.db.rows("SELECT user_id, name FROM user_alias"):
            aliases.setdefault(user, []).append(alias)
        people = [
            Person(number, name, tuple(aliases.get(number, ())), *rest)
            for number, name, *rest in self.db.rows(
                'SELECT id, name, email, extension, active_from, active_until FROM "user"'
            )
        ]
        found = {}
        for call, name, extension, start in self.db.rows(
            "SELECT c.id, n.value, e.value, c.started_at FROM call AS c"
            " LEFT JOIN lookup AS n ON n.id = c.agent_id"
            " LEFT JOIN lookup AS e ON e.id = c.agent_extension_id"
            " WHERE c.removed IS NULL AND c.assigned_by IS NOT 'person'"
        ):
            agent = Agent(name, extension)
            found[call] = Directory(people, NOW).resolve(agent).at(start)
        return found


TestAttribution = Attribution.TestCase
TestAttribution.settings = hypothesis_settings(
    max_examples=25, stateful_step_count=20, deadline=None
)
