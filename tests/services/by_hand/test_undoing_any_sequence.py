"""Undo against a plain model of what people may rely on, over random sequences of commands.

The model keeps one value for each field and, for each field, which changes stand on it. An undo is
possible exactly where every field of the change is as that change left it, and the tags it needs
are there; it then brings back the values of before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from scorecli.domain.scoring import KEEP, ScoreEdit
from scorecli.domain.text import fold
from scorecli.errors import Refused
from scorecli.errors.history import AlreadyUndone, NotAsLeft, NothingToUndo, UnknownChange
from scorecli.services.call_editing import delete_calls, edit_calls
from scorecli.services.scoring import score_calls
from scorecli.services.tagging import delete_tag, rename_tag
from scorecli.services.undoing import undo
from scorecli.settings import parse
from scorecli.storage.changes import Author
from scorecli.storage.database import open_in_memory
from scorecli.storage.maintenance import find_problems

CALLS = (1, 2)
NAMES = ("red", "Red", "blue")
Key = tuple[Any, ...]
Stacks = dict[Key, tuple[int, ...]]

calls = st.sets(st.sampled_from(CALLS), min_size=1).map(sorted)
names = st.sampled_from(NAMES)
kinds = st.sampled_from(["reporting", "call"])


class Link(NamedTuple):
    """A change: the values before and after, and which changes stood on the fields."""

    root: int
    writes: dict[Key, tuple[Any, Any]]
    before: Stacks
    left: Stacks


class Model:
    """What the database should hold."""

    def __init__(self) -> None:
        self.values: dict[Key, Any] = {}
        self.stacks: Stacks = {}
        self.links: list[Link] = []
        self.chains: dict[int, list[int]] = {}

    def get(self, *key: Any) -> Any:
        return self.values.get(key)

    def live(self, wanted: list[int]) -> bool:
        return all(self.get("call", call, "removed") is None for call in wanted)

    def tag(self, kind: str, name: str) -> int | None:
        for key, value in self.values.items():
            if key[0] == "tag" and key[2] == kind and value and fold(value) == fold(name):
                return int(key[1])
        return None

    def write(self, wanted: dict[Key, Any]) -> int | None:
        """Make a change; return its number, None where nothing changes."""
        writes = {
            key: (self.values.get(key), after)
            for key, after in wanted.items()
            if self.values.get(key) != after
        }
        if not writes:
            return None
        number = len(self.links) + 1
        before = {key: self.stacks.get(key, ()) for key in writes}
        left = {key: (*stack, number) for key, stack in before.items()}
        self._enter(Link(number, writes, before, left), [number])
        return number

    def undo(self, number: int | None) -> type[Exception] | None:
        """Undo a change; return what refuses it."""
        if number is None:
            done = [root for root, chain in self.chains.items() if len(chain) % 2]
            if not done:
                return NothingToUndo
            number = max(done)
        if not 1 <= number <= len(self.links):
            return UnknownChange
        chain = self.chains[self.links[number - 1].root]
        if (len(chain) - chain.index(number)) % 2 == 0:
            return AlreadyUndone
        latest = self.links[chain[-1] - 1]
        if any(self.stacks[key] != left for key, left in latest.left.items()):
            return Refused
        after = {**self.values, **{key: before for key, (before, _) in latest.writes.items()}}
        if not _is_possible(after):
            return Refused
        writes = {key: (new, old) for key, (old, new) in latest.writes.items()}
        left, before = latest.before, latest.left
        self._enter(Link(latest.root, writes, before, left), [*chain, len(self.links) + 1])
        return None

    def _enter(self, link: Link, chain: list[int]) -> None:
        self.links.append(link)
        self.chains[link.root] = chain
        self.stacks |= link.left
        self.values |= {key: after for key, (_, after) in link.writes.items()}


def _is_possible(values: dict[Key, Any]) -> bool:
    tags = {
        key[1]: (key[2], fold(name)) for key, name in values.items() if key[0] == "tag" and name
    }
    if len(set(tags.values())) < len(tags):
        return False
    return all(key[3] in tags for key, has in values.items() if key[0] == "on" and has)


class Sequences(RuleBasedStateMachine):
    """Commands of people, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = parse("")
        self.model = Model()
        self.db = open_in_memory()
        self.db.execute(
            "INSERT INTO lookup (id, field, value, folded) VALUES (1, 'system', 'A', 'a')"
        )
        for call in CALLS:
            self.db.execute(
                "INSERT INTO call (id, system_id, identity) VALUES (?, 1, ?)", (call, b"%d" % call)
            )
            self.model.values["call", call, "converted"] = 0
        self.who = {"author": Author("scorecli", "tester")}

    def teardown(self) -> None:
        assert find_problems(self.db) == []
        self.db.close()

    def _score(self, wanted: list[int], writes: dict[Key, Any], edit: ScoreEdit) -> None:
        expected = self.model.write(writes) if self.model.live(wanted) else None
        try:
            found = score_calls(
                self.db, self.settings, wanted, edit, today="2026-11-03", **self.who
            ).change
        except Refused:
            assert not self.model.live(wanted)
        else:
            assert found == expected

    @rule(wanted=calls, stars=st.sampled_from([None, 1, 2]), note=st.sampled_from(["a", "b", KEEP]))
    def rate(self, wanted: list[int], stars: int | None, note: Any) -> None:
        writes: dict[Key, Any] = {("call", call, "stars"): stars for call in wanted}
        if note is not KEEP:
            writes |= {("call", call, "note"): note for call in wanted}
        self._score(wanted, writes, ScoreEdit(stars=stars, note=note))

    @rule(wanted=calls, kind=kinds, name=names)
    def tag(self, wanted: list[int], kind: str, name: str) -> None:
        field = "tags" if kind == "reporting" else "call_tags"
        number = self.model.tag(kind, name)
        if number is None and self.model.live(wanted):
            last = self.db.one("SELECT seq FROM sqlite_sequence WHERE name = 'tag'") or 0
            number = last + 1
            self.model.values["tag", number, kind] = name  # making a tag is no change
            self.model.stacks["tag", number, kind] = ()
        writes = {("on", call, kind, number): True for call in wanted}
        self._score(wanted, writes, ScoreEdit(**{field: (name,)}))

    @rule(wanted=calls, kind=kinds, name=names)
    def untag(self, wanted: list[int], kind: str, name: str) -> None:
        field = "untags" if kind == "reporting" else "uncall_tags"
        number = self.model.tag(kind, name)
        writes = {}
        if number is not None:
            keys = [("on", call, kind, number) for call in wanted]
            writes = {key: False for key in keys if self.model.values.get(key)}
        self._score(wanted, writes, ScoreEdit(**{field: (name,)}))

    @rule(wanted=calls, convert=st.booleans())
    def convert(self, wanted: list[int], convert: bool) -> None:
        writes: dict[Key, Any] = {("call", call, "converted"): int(convert) for call in wanted}
        for call in wanted:
            if convert and self.model.get("call", call, "converted_on") is None:
                writes["call", call, "converted_on"] = "2026-11-03"
        self._score(wanted, writes, ScoreEdit(converted=convert))

    @rule(wanted=calls, source=st.sampled_from(["google", "bing", None]))
    def edit(self, wanted: list[int], source: str | None) -> None:
        expected = None
        if self.model.live(wanted):
            expected = self.model.write({("call", call, "source"): source for call in wanted})
        try:
            found = edit_calls(
                self.db, self.settings, wanted, {"source": source}, now=0, **self.who
            ).change
        except Refused:
            assert not self.model.live(wanted)
        else:
            assert found == expected

    @rule(wanted=calls)
    def delete(self, wanted: list[int]) -> None:
        expected = None
        if self.model.live(wanted):
            expected = self.model.write({("call", call, "removed"): "deleted" for call in wanted})
        try:
            found = delete_calls(self.db, wanted, **self.who).change
        except Refused:
            assert not self.model.live(wanted)
        else:
            assert found == expected

    @rule(kind=kinds, old=names, new=names)
    def rename_or_merge_tags(self, kind: Any, old: str, new: str) -> None:
        tag, other = self.model.tag(kind, old), self.model.tag(kind, new)
        if tag is None:
            expected = None
        elif other is None or other == tag:
            expected = self.model.write({("tag", tag, kind): new})
        else:
            writes = self._without(tag, kind)
            for _, call, _, _ in [key for key in writes if key[0] == "on"]:
                writes["on", call, kind, other] = True
            expected = self.model.write(writes)
        try:
            found = rename_tag(
                self.db, self.settings, kind, old, new, merge=True, **self.who
            ).change
        except Refused:
            assert tag is None
        else:
            assert found == expected

    @rule(kind=kinds, name=names)
    def delete_a_tag(self, kind: Any, name: str) -> None:
        tag = self.model.tag(kind, name)
        expected = None if tag is None else self.model.write(self._without(tag, kind))
        try:
            found = delete_tag(self.db, self.settings, kind, name, **self.who).change
        except Refused:
            assert tag is None
        else:
            assert found == expected

    def _without(self, tag: int, kind: str) -> dict[Key, Any]:
        on = [key for key, has in self.model.values.items() if key[0] == "on" and has]
        writes: dict[Key, Any] = {key: False for key in on if key[2:] == (kind, tag)}
        writes["tag", tag, kind] = None
        return writes

    @rule()
    def undo_the_latest(self) -> None:
        self.undo(None, False)

    # Several rules of one kind, or undoing would be rare among so many commands.
    @rule(back=st.integers(-1, 3))
    def undo_a_recent_one(self, back: int) -> None:
        self.undo(len(self.model.links) - back, False)

    @rule(back=st.integers(0, 9), dry_run=st.booleans())
    def undo_any(self, back: int, dry_run: bool) -> None:
        self.undo(len(self.model.links) - back, dry_run)

    def undo(self, number: int | None, dry_run: bool) -> None:
        if dry_run:
            self._try(number, dry_run=True)
        found = self._try(number)
        expected = self.model.undo(number)
        if expected is None:
            assert found == len(self.model.links), (number, found)
        else:
            assert isinstance(found, expected), (number, found)

    def _try(self, number: int | None, dry_run: bool = False) -> Any:
        try:
            return undo(self.db, number, dry_run=dry_run, **self.who).change
        except NotAsLeft:
            raise AssertionError("nobody wrote past the history") from None
        except Refused as refused:
            return refused

    @invariant()
    def the_database_holds_what_the_model_says(self) -> None:
        for call, stars, note, converted, day, source, removed in self.db.execute(
            "SELECT id, stars, note, converted, converted_on, (SELECT value FROM lookup"
            " WHERE lookup.id = call.source_id), removed FROM call"
        ):
            get = self.model.get
            fields = ("stars", "note", "converted", "converted_on", "source", "removed")
            values = [get("call", call, field) for field in fields]
            assert [stars, note, converted, day, source, removed] == values
        tags = self.db.rows("SELECT 'tag', id, kind, name FROM tag")
        known = {key: name for key, name in self.model.values.items() if key[0] == "tag" and name}
        assert {row[:3]: row[3] for row in tags} == known
        on = self.db.rows("SELECT 'on', call_id, kind, id FROM call_tag JOIN tag ON id = tag_id")
        held = {key for key, has in self.model.values.items() if key[0] == "on" and has}
        assert set(on) == held

    @invariant()
    def the_kept_marks_are_right(self) -> None:
        wrong = self.db.rows(
            "SELECT id FROM call WHERE scored <> (stars IS NOT NULL OR converted = 1 OR EXISTS ("
            "SELECT 1 FROM call_tag JOIN tag ON tag.id = tag_id"
            " WHERE call_id = call.id AND kind = 'reporting'))"
        )
        assert wrong == []
        assert self.db.rows("SELECT name FROM tag WHERE folded <> fold(name)") == []
        undone = {number for chain in self.model.chains.values() for number in chain[-2::-2]}
        marked = self.db.rows("SELECT id FROM change WHERE undone_by IS NOT NULL")
        assert {number for (number,) in marked} == undone


Sequences.TestCase.settings = hypothesis_settings(
    max_examples=100, stateful_step_count=40, deadline=None
)
test_any_sequence_of_commands_and_undos_is_what_the_model_says = Sequences.TestCase
